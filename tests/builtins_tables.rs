//! What the functions of the language give, a table for each group: `name arguments => text form of the result`.

mod builtins_support;

use builtins_support::{THURSDAY, check};

#[test]
fn math() {
    check(
        THURSDAY,
        r#"
        abs -2.352 => 2.352
        abs "-5" => 5
        abs -9223372036854775808 => 9.223372036854776e+18
        abs null => !n: a number is needed, and here is no value
        abs "five" => !n: a number is needed, found text `'five'`
        ceil 1.2 => 2
        ceil "-1.2" => -1
        floor 1.275 => 1
        floor -1.2 => -2
        floor 1e300 => 1e+300
        int 1.8 => 1
        int "-1.8" => -1
        int "1.8 руб" => !n: a number is needed
        int 5 => 5
        int true => 1
        float "1.50" => 1.5
        float 5 => 5
        round 2.675, 2 => 2.68
        round 5.822 => 6
        round 0.5 => 1
        round -0.5 => -1
        round 1.5 => 2
        round 2.5 => 3
        round "2.675", "2" => 2.68
        round 1.005, 2 => 1.01
        round 1234.5, -2 => 1200
        round 15, -1 => 20
        round -15, -1 => -20
        round 15, 2 => 15
        round 49, -2 => 0
        round 50, -2 => 100
        round 1e300, 2 => 1e+300
        round 1e-300, 2 => 0
        round 1.5, 1000000000000 => 1.5
        round 1.5, -1000000000000 => 0
        round 1.7e308, -308 => !n: the rounded number is too large
        round 9223372036854775807, -1 => 9.223372036854776e+18
        round 1.5, 0.5 => !digits: a whole number is needed
        exp 0 => 1
        exp 1000 => !n: `1000` is too large
        fac 5 => 120
        fac 0 => 1
        fac 20 => 2432902008176640000
        fac 21 => 5.109094217170944e+19
        fac "5" => 120
        fac -1 => !n: only whole numbers from 0 on have a factorial, found `-1`
        fac 1.5 => !n: a whole number is needed
        fac 1000000000 => !n: the factorial is too large
        log 1 => 0
        log 8, 2 => 3
        log 1000, 10 => 3
        log 0 => !n: a number above 0 is needed, found `0`
        log -1 => !n: a number above 0 is needed
        log 5, 1 => !base: there is no logarithm to the base 1
        log 5, -2 => !base: a number above 0 is needed
        max 4, 2, 9, 6 => 9
        max [4, "10", 9] => 10
        max "[1, 5, 3]" => 5
        max 5 => 5
        max "9:00", "10:00" => 10:00
        max "01.09.2020", "11.10.2019" => 01.09.2020
        max 5, "яблоко", 10 => яблоко
        max null, 5 => 5
        max => !values: there is no value
        max [] => !values: there is no value
        min 4, 2, 9, 6 => 2
        min "2", 10 => 2
        min [1, null, "a"] => 1
        min "05.02.2020 10:00", "5.02.2020 09:59:59" => 5.02.2020 09:59:59
        pow 2, 10 => 1024
        pow 2, -1 => 0.5
        pow 2, 0.5 => 1.4142135623730951
        pow 10, 30 => 1e+30
        pow 0, -1 => !b: 0 has no negative powers
        pow -8, 0.5 => !a: `-8` to the power of `0.5` is no number
        pow 10, 1000000 => !a:
        pyt 3, 4 => 5
        sqrt 5 => 2.23606797749979
        sqrt "9" => 3
        sqrt -1 => !n: only numbers from 0 on
        sin 1.275 => 0.9565703150409859
        cos 0 => 1
        acos 1 => 0
        acos 1.1 => !n: a number from -1 to 1 is needed, found `1.1`
        random 3, 3 => 3
        random 5, 1 => !high: `1` is below the smallest number `5`
        customizable_round_multiply 1.275, 5.822, 2 => 7.42
        customizable_round_multiply 1.275, 100, 0 => 128
        customizable_round_multiply "1.005", 1, 2 => 1.01
        customizable_round_multiply 1e300, 1e300, 2 => !a: the rounded number is too large
        customizable_round_multiply 123456789012345.6789, 987654321.123456789, 2 => 1.2193263114007009e+23
        customizable_round_multiply -2.5, 1, 0 => -3
        customizable_round_multiply 2, 3, 2 => 6
        customizable_round_division 1.275, 5.822, 3 => 0.219
        customizable_round_division 10, 3, 2 => 3.33
        customizable_round_division 10, -3, 2 => -3.33
        customizable_round_division 5, 2, 0 => 3
        customizable_round_division 2, 3, 100 => 0.6666666666666666
        customizable_round_division 1250, 100, -1 => 10
        customizable_round_division 1, 0, 2 => !b: division by zero
        "#,
    );
}

#[test]
fn text() {
    check(
        THURSDAY,
        r#"
        len "как прекрасен этот мир!" => 23
        len "" => 0
        len [1, 2] => 2
        len {"a": 1} => 1
        len 12345 => 5
        len "[1, 2]" => 6
        len null => !x:
        substring "тескт для обрезки", 4 => т для обрезки
        substring "тескт для обрезки", -4 => езки
        substring "тескт для обрезки", 0, 6 => тескт 
        substring "тескт для обрезки", 0, -4 => тескт для обр
        substring "тескт для обрезки", 4, -4 => т для обр
        substring "abc", -100, 100 => abc
        substring "abc", 2, 1 =>
        substring "abc", -9223372036854775808, 9223372036854775807 => abc
        substring 12345, "1", "3" => 23
        startswith "Привет", "При" => True
        startswith "Привет", "при" => False
        startswith "Привет", "" => True
        endswith "Привет", "вет" => True
        contains "Хочу Скидку", "скидку" => False
        contains "Хочу Скидку", "скидку", false => True
        contains "Хочу Скидку", "скидку", "False" => True
        contains "Хочу Скидку", "Скидку", "" => True
        contains 12345, 34 => True
        contains "abc", null => !part: text is needed, and here is no value
        concat "5", 3, null, [1, "a"] => 53[1, "a"]
        concat =>
        splitter "s, W, q", "," => ["s", " W", " q"]
        splitter "a,b,c", ",", 2 => ["a", "b,c"]
        splitter "a,b,c", ",", 1 => ["a,b,c"]
        splitter "a,b,c", ",", 99 => ["a", "b", "c"]
        splitter "", "," => [""]
        splitter "a", "" => !sep: a separator is needed
        splitter "a,b", ",", 0 => !n: at least 1 part is needed
        lower "ПРИВЕТ Ё" => привет ё
        upper "привет" => ПРИВЕТ
        upper 5 => 5
        strip "  да \n" => да
        strip "" =>
        capitalize "АННА мария" => Анна мария
        capitalize "" =>
        title "анна-мария ИВАНОВА it's" => Анна-Мария Иванова It'S
        normalizePhone "+7978-999-99-99" => 79789999999
        normalizePhone "8 (978) 999-99-99" => 79789999999
        normalizePhone 89789999999 => 79789999999
        normalizePhone "8 800" => 8800
        normalizePhone "нет" =>
        replace "a-b-c", "-", "+" => a+b+c
        replace "a-b-c", "-", "+", 1 => a+b-c
        replace "a-b-c", "-", "", 0 => a-b-c
        replace "abc", "", "-" => -a-b-c-
        replace "abc", "", "-", 2 => -a-bc
        replace "[1, 2][3]", "][", ", " => [1, 2, 3]
        replace [1, 2], ", ", ";" => [1;2]
        replace "Привет", "вет", "вет!" => Привет!
        tg_escape "a_b*c[d](e)~`>#+-=|{}.!" => a\_b\*c\[d\]\(e\)\~\`\>\#\+\-\=\|\{\}\.\!
        select_random "да" => да
        select_random "" =>
        "#,
    );
}

#[test]
fn lists() {
    check(
        THURSDAY,
        r#"
        arr_len => 0
        arr_len null => 0
        arr_len "" => -1
        arr_len "текст" => -1
        arr_len 5 => -1
        arr_len "[1, 2]" => 2
        arr_len "{\"a\": 1}" => 1
        arr_len [] => 0
        arr_len {"a": 1, "b": 2} => 2
        in_array ["Вася", "Петя"], "Аня" => False
        in_array [1, 2], "2" => True
        in_array ["9:00"], "09:00" => True
        in_array [[1, "2"]], ["1", 2] => True
        in_array [""], null => True
        in_array "[1, 2]", 2 => True
        in_array "вася", 2 => !list: a list is needed, found text `'вася'`
        in_array null, 2 => !list: a list is needed, and here is no value
        append [1], 2 => [1, 2]
        append "[1]", [2] => [1, [2]]
        append [], null => [null]
        append [1], "{\"a\": 2}" => [1, "{\"a\": 2}"]
        append [1], "{\"a\": 2}", true => [1, {"a": 2}]
        append [1], "{oops", true => !v: JSON text is needed, found text `'{oops'`, which goes wrong at character 2
        append [1], 5, 1 => [1, 5]
        insert [1, 3], 1, 2 => [1, 2, 3]
        insert [1, 3], -1, 2 => [1, 2, 3]
        insert [1, 3], 99, 2 => [1, 3, 2]
        insert [1, 3], -99, 2 => [2, 1, 3]
        insert [1], 0, "[2]", "True" => [[2], 1]
        del ["1", 2, 3, "4"], 0 => [2, 3, "4"]
        del ["1", 2, 3, "4"], "-1" => ["1", 2, 3]
        del [1], 5 => [1]
        del [1], "x" => [1]
        del [1], null => [1]
        del {"1": 2, "b": 3}, 1 => {"b": 3}
        del {"b": 3}, "x" => {"b": 3}
        del "[1, 2]", 0 => [2]
        remove [1, 2, 1], "1" => [2, 1]
        remove [1], 7 => [1]
        index ["1", 2, 3, "4"], 1 => 0
        index [1], "x" => -1
        count_occurrences [1, "1", 1.0, "01", true, "x"], 1 => 5
        count_occurrences [], 1 => 0
        except_arr [1, 2, 3], [2, 3] => [1]
        except_arr [3, 1, "2", 1], [2] => [3, 1, 1]
        except_arr [{"a": 1}, {"b": 2}], [{"a": "1"}] => [{"b": 2}]
        except_arr ["9:00", null, "1.1.2020"], ["09:00", "", "01.01.2020"] => []
        cross_arr [1, 2, 3], [3, 2] => [2, 3]
        cross_arr ["2.50", 9223372036854775807], [2.5, 9.3e18] => ["2.50"]
        sum_array [1, 2, 3, "a"] => array has unsupported elements
        sum_array [1, "2", 3.5] => 6.5
        sum_array "[1,2,3]" => 6
        sum_array [] => 0
        sort [3, "10", 2] => [2, 3, "10"]
        sort ["б", "а", 5, "10", null] => [5, "10", "а", "б", null]
        sort ["б", "а", 5, "10", null], true => ["б", "а", "10", 5, null]
        sort ["12.01.2024", "3.02.2024"] => ["12.01.2024", "3.02.2024"]
        sort ["10:00", "9:30"] => ["9:30", "10:00"]
        sort ["10:00", "9:30", "x"] => ["10:00", "9:30", "x"]
        sort [[2], [1]] => [[2], [1]]
        sort {"b": 1, "10": 2, "9": 3} => {"9": 3, "10": 2, "b": 1}
        sort {"b": 1, "a": 2}, "True" => {"b": 1, "a": 2}
        sort "[2, 1]" => [1, 2]
        sort "text" => !x: a list or a dict is needed
        sort_by_value {"a": 3, "b": 1} => {"b": 1, "a": 3}
        sort_by_value {"a": 3, "b": 10}, true => {"b": 10, "a": 3}
        select_random_from_list [7] => 7
        select_random_from_list [] => !list: there is nothing to choose from
        array_slice [1, 2, 3, 4], 1, -1 => [2, 3]
        array_slice [1, 2, 3, 4], -2 => [3, 4]
        array_slice [1, 2], 5, 9 => []
        remove_duplicates [1, 2, 5, 1, 5, 3] => [1, 2, 5, 3]
        remove_duplicates [1, "1", [1], ["1"], null, "", {"a": 1}, {"a": 1}] => [1, [1], null, {"a": 1}]
        unpack_list ["one", "two"] => 2
        unpack_list ["one"], "1x" => !name: the beginning of a variable's name is needed
        unpack_list ["one"], "a b" => !name:
        massive_to_text ["Футболка", "Шорты"], "Заказ:" => Заказ:\n1) Футболка;\n2) Шорты;
        massive_to_text ["a", 5], "", false => a;\n5;
        massive_to_text ["a"], "", true, ",", "." => 1. a,
        massive_to_text [] =>
        "#,
    );
}

#[test]
fn python() {
    check(
        THURSDAY,
        r#"
        str null => None
        str true => True
        str [1, null, true, "a"] => [1, null, true, "a"]
        str 5.0 => 5
        bool "False" => True
        bool "" => False
        bool 0.0 => False
        bool [0] => True
        type null => None
        type true => bool
        type 1 => int
        type 1.5 => float
        type "1" => str
        type [] => list
        type {} => dict
        range 3 => [0, 1, 2]
        range 1, 4 => [1, 2, 3]
        range 5, 0, -2 => [5, 3, 1]
        range 2, 11, 3 => [2, 5, 8]
        range 0 => []
        range -5 => []
        range 1, 5, 0 => !step: the step is 0
        range 1000000000000 => !E0503
        range -9223372036854775808, 9223372036854775807, 9223372036854775807 => [-9223372036854775808, -1, 9223372036854775806]
        enumerate ["a", "b"] => [[0, "a"], [1, "b"]]
        enumerate ["a"], 5 => [[5, "a"]]
        enumerate {"k": 1} => [[0, "k"]]
        enumerate ["a", "b"], 9223372036854775807 => !start: the numbers from
        zip ["a", "b"], [1, 2, 3] => [["a", 1], ["b", 2]]
        zip => []
        zip [1], "[2]" => [[1, 2]]
        zip [1], 2 => !lists: lists are needed, found a number `2`
        items {"a": 1, "b": [2]} => [["a", 1], ["b", [2]]]
        keys {"a": 1, "b": 2} => ["a", "b"]
        keys "{\"a\": 1}" => ["a"]
        keys [1] => !dict: a dict is needed
        values {"a": 1, "b": 2} => [1, 2]
        any [0, "", "x"] => True
        any [] => False
        all [] => True
        all [1, 0] => False
        sum [1, "2", 0.5] => 3.5
        sum [1, "x"] => !list: item 1 is no number: text `'x'`
        sum [9223372036854775807, 1] => 9.223372036854776e+18
        join ["Шорты", 5, null, true], ", " => Шорты, 5, , True
        join ["a", "b"], "" => ab
        join [], "," =>
        json "{\"a\": [1, 2.5, null, true, \"x\"]}" => {"a": [1, 2.5, null, true, "x"]}
        json "5" => 5
        json [1] => [1]
        json "{" => !text: JSON text is needed

        to_json {"a": null, "b": 1.0} => {"a": null, "b": 1}
        print 1, null, [2] => None
        "#,
    );
}
