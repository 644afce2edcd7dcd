//! What the functions of the language return, a table for each group: `name arguments => text form of the result`.
#![allow(clippy::too_many_lines, reason = "tables are long")]

use crate::support::{THURSDAY, check, check_one};

#[test]
fn math() {
    check(
        THURSDAY,
        r#"
        abs -2.352 => 2.352
        abs "-5" => 5
        abs -9223372036854775808 => 9.223372036854776e+18
        abs null => !n: expected a number, but there is no value here
        abs "five" => !n: expected a number, found the text `'five'`
        ceil 1.2 => 2
        ceil "-1.2" => -1
        floor 1.275 => 1
        floor -1.2 => -2
        floor 1e300 => 1e+300
        int 1.8 => 1
        int "-1.8" => -1
        int "1.8 руб" => !n: expected a number, found the text `'1.8 руб'`
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
        round 1.7e308, -308 => !n: the result is too large
        round 9223372036854775807, -1 => 9.223372036854776e+18
        round 1.5, 0.5 => !digits: expected a whole number, found the number `0.5`
        exp 0 => 1
        exp 1000 => !n: `1000` is too large
        fac 5 => 120
        fac 0 => 1
        fac 20 => 2432902008176640000
        fac 21 => 5.109094217170944e+19
        fac "5" => 120
        fac -1 => !n: only whole numbers from 0 have a factorial, found `-1`
        fac 1.5 => !n: expected a whole number, found the number `1.5`
        fac 1000000000 => !n: the factorial of `1000000000` is too large: the largest is `fac(170)`
        log 1 => 0
        log 8, 2 => 3
        log 1000, 10 => 3
        log 0 => !n: expected a number above 0, found the number `0`
        log -1 => !n: expected a number above 0, found the number `-1`
        log 5, 1 => !base: there is no logarithm to the base 1
        log 5, -2 => !base: expected a number above 0, found the number `-2`
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
        pow -8, 0.5 => !a: `-8` to the power of `0.5` is not a number, or too large for one
        pow 10, 1000000 => !a:
        pyt 3, 4 => 5
        sqrt 5 => 2.23606797749979
        sqrt "9" => 3
        sqrt -1 => !n: expected a number from 0, found the number `-1`
        sin 1.275 => 0.9565703150409859
        cos 0 => 1
        acos 1 => 0
        acos 1.1 => !n: expected a number from -1 to 1, found the number `1.1`
        random 3, 3 => 3
        random 5, 1 => !high: `1` is below the smallest number `5`
        customizable_round_multiply 1.275, 5.822, 2 => 7.42
        customizable_round_multiply 1.275, 100, 0 => 128
        customizable_round_multiply "1.005", 1, 2 => 1.01
        customizable_round_multiply 1e300, 1e300, 2 => !a: the result is too large
        customizable_round_multiply "123456789012345.6789", "987654321.123456789", 2 => 1.219326311400701e+23
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
        contains "abc", null => !part: expected text, but there is no value here
        concat "5", 3, null, [1, "a"] => 53[1, "a"]
        concat =>
        splitter "s, W, q", "," => ["s", " W", " q"]
        splitter "a,b,c", ",", 2 => ["a", "b,c"]
        splitter "a,b,c", ",", 1 => ["a,b,c"]
        splitter "a,b,c", ",", 99 => ["a", "b", "c"]
        splitter "", "," => [""]
        splitter "a", "" => !sep: the separator is an empty text
        splitter "a,b", ",", 0 => !n: expected at least 1 part, found `0`
        lower "ПРИВЕТ Ё" => привет ё
        upper "привет" => ПРИВЕТ
        upper 5 => 5
        strip "  да \n" => да
        strip "" =>
        capitalize "аННА мария" => АННА мария
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
        in_array "вася", 2 => !list: expected a list, found the text `'вася'`
        in_array null, 2 => !list: expected a list, but there is no value here
        append [1], 2 => [1, 2]
        append "[1]", [2] => [1, [2]]
        append [], null => [null]
        append [1], "{\"a\": 2}" => [1, "{\"a\": 2}"]
        append [1], "{\"a\": 2}", true => [1, {"a": 2}]
        append [1], "{oops", true => !v: expected JSON text, found the text `'{oops'`, with an error at character 2
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
        sort [[2], [1]] => [[1], [2]]
        sort {"b": 1, "10": 2, "9": 3} => {"9": 3, "10": 2, "b": 1}
        sort {"b": 1, "a": 2}, "True" => {"b": 1, "a": 2}
        sort "[2, 1]" => [1, 2]
        sort "text" => !x: expected a list or a dict, found the text `'text'`
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
        unpack_list ["one"], "1x" => !name: expected the beginning of a variable's name, found the text `'1x'`
        unpack_list ["one"], "a b" => !name:
        massive_to_text ["Футболка", "Шорты"], "Заказ:", 1 => Заказ:\n1) Футболка;\n2) Шорты;
        massive_to_text ["a", 5], "" => a;\n5;
        massive_to_text ["a", 5], "", false => 1) a;\n2) 5;
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
        range 1, 5, 0 => !step: the step of a range cannot be 0
        range 1000000000000 => !E0503
        range -9223372036854775808, 9223372036854775807, 9223372036854775807 => [-9223372036854775808, -1, 9223372036854775806]
        enumerate ["a", "b"] => [[0, "a"], [1, "b"]]
        enumerate ["a"], 5 => [[5, "a"]]
        enumerate {"k": 1} => [[0, "k"]]
        enumerate ["a", "b"], 9223372036854775807 => !start: the numbers from
        zip ["a", "b"], [1, 2, 3] => [["a", 1], ["b", 2]]
        zip => []
        zip [1], "[2]" => [[1, 2]]
        zip [1], 2 => !1: expected a list, found the number `2`
        reversed null => !x: expected a list, a dict or text, but there is no value here
        reversed 5 => !x: expected a list, a dict or text, found the number `5`
        dict [["a", 1], [2]] => !pairs: expected a pair of a key and a value, found the list `[2]`
        dict 5 => !pairs: expected pairs of a key and a value, found the number `5`
        items {"a": 1, "b": [2]} => [["a", 1], ["b", [2]]]
        keys {"a": 1, "b": 2} => ["a", "b"]
        keys "{\"a\": 1}" => ["a"]
        keys [1] => !dict: expected a dict, found the list `[1]`
        values {"a": 1, "b": 2} => [1, 2]
        any [0, "", "x"] => True
        any [] => False
        all [] => True
        all [1, 0] => False
        sum [1, "2", 0.5] => 3.5
        sum [1, "x"] => !list: item 1 is not a number, but the text `'x'`
        sum [9223372036854775807, 1] => 9.223372036854776e+18
        join ["Шорты", 5, null, true], ", " => Шорты, 5, , True
        join ["a", "b"], "" => ab
        join [], "," =>
        json "{\"a\": [1, 2.5, null, true, \"x\"]}" => {"a": [1, 2.5, null, true, "x"]}
        json "5" => 5
        json [1] => [1]
        json "{" => !text: expected JSON text, found the text `'{'`, with an error at character 1

        to_json {"a": null, "b": 1.0} => {"a": null, "b": 1}
        print 1, null, [2] => None
        "#,
    );
}

#[test]
fn numbers() {
    check(
        THURSDAY,
        r#"
        is_int "5" => True
        is_int " -5 " => True
        is_int "5.0" => False
        is_int "1.275" => False
        is_int "Hello, World!" => False
        is_int "123456789012345678901234567890" => True
        is_int "1e3" => False
        is_int "" => False
        is_int null => False
        is_int 5 => True
        is_int 5.0 => True
        is_int 5.5 => False
        is_int 1e300 => False
        is_int true => False
        is_int [1] => False
        is_float "1.275" => True
        is_float "5" => True
        is_float "nan" => False
        is_float "1,5" => False
        is_float null => False
        is_float 1e300 => True
        int_to_string 1234567, " " => 1 234 567
        int_to_string "-1234567", "," => -1,234,567
        int_to_string 123, " " => 123
        int_to_string 1234567.25, " " => 1 234 567.25
        int_to_string 1e21, "'" => 1'000'000'000'000'000'000'000
        int_to_string 1234, "" => 1234
        int_to_string "x", " " => !n: expected a number, found the text `'x'`
        distance 0, 0, 0, 180 => 20021.397627343104
        distance 5, 5, 5, 5 => 0
        distance 91, 0, 0, 0 => !lat1: expected degrees from -90 to 90, found `91`
        distance 0, 0, 0, -200 => !lon2: expected degrees from -180 to 180, found `-200`
        c2n "AAB" => 704
        c2n "a" => 1
        c2n "Б" => !column: expected the Latin letters of a spreadsheet column, found the text `'Б'`
        c2n "" => !column:
        c2n "ZZZZZZZZZZZZZZZZZZZZZZ" => !column:
        n2c 54 => BB
        n2c 26 => Z
        n2c 27 => AA
        n2c 0 => !n: columns count from 1, found `0`
        addCols "AA", -1 => Z
        add_cols "Z", "1" => AA
        addCols "A", -1 => !n: there is no column `-1` columns from `A`
        addCols "A", 9223372036854775807 => !n:
        "#,
    );
}

#[test]
fn patterns() {
    check(
        THURSDAY,
        r#"
        findall "\\d+", "а1 б22 в333" => ["1", "22", "333"]
        findall "(\\w)(\\d)", "а1 б2" => [["а", "1"], ["б", "2"]]
        findall ".ru\\/(.+)\\/", "https://site.ru/anna/" => ["anna"]
        findall "(?<=@)\\w+", "пиши @anna и @олег" => ["anna", "олег"]
        findall "\\d+(?! руб)", "5 руб 7 шт" => ["7"]
        findall "(a)|b", "ab" => ["a", ""]
        findall "\\d*", "12a" => ["12", "", ""]
        findall "(\\w)\\1", "aabbc" => ["a", "b"]
        findall "x", "abc" => []
        findall "\\d", "a1b2", 0 => 1
        findall "\\d", "a1b2", 1 => 2
        findall "\\d", "a1b2", 2 => None
        findall "\\d", "a1b2", -1 => 2
        findall "\\d", "a1b2", "" => ["1", "2"]
        findall "[[]x", "[x" => ["[x"]
        findall "{\\w+}", "{name} {x" => ["{name}"]
        findall "a{,2}b", "aab" => ["aab"]
        findall "(", "abc" => !pattern: `(` is not a valid pattern: a `(` is not closed
        findall "*", "abc" => !pattern: `*` is not a valid pattern: `*`, `+`, `?` or `{…}` has nothing before it that can be repeated
        findall "(\\w{100}){100}", "abc" => !pattern: `(\w{100}){100}` is not a valid pattern: it takes too much memory
        findall "(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" => []
        findall "(?=(a+)+$)x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" => []
        findall "^(([a-z])+.)+[A-Z]([a-z])+$(?!x)", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" => !E0507: the pattern took longer
        findall "(?:(a|aa)(?!x))+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" => !E0507: the pattern took longer
        findall 1, 121 => ["1", "1"]
        similar "привет", "привед" => True
        similar "привет", "првед" => True
        similar "привет", "ПРЕВЕТ" => True
        similar "привет", "пока" => False
        similar "", "" => True
        similar "а", "" => False
        similar "abcdefg", "abcdefg1234567" => False
        "#,
    );
}

#[test]
fn encodings() {
    check(
        THURSDAY,
        r#"
        urlencode "Anna&Maria" => Anna%26Maria
        urlencode "да нет/~-_." => %D0%B4%D0%B0%20%D0%BD%D0%B5%D1%82%2F~-_.
        urldecode "%D0%B4%D0%B0%20+" => да +
        urldecode "100% %zz" => 100% %zz
        urldecode "%ff" => !s: expected encoded text, but the text `'%ff'` encodes something else
        base64 "Привет" => 0J/RgNC40LLQtdGC
        base64decode "0J/RgNC40LLQtdGC" => Привет
        base64decode "0J_RgNC40LLQtdGC" => Привет
        base64decode "SGVsbG8" => Hello
        base64decode "SGVsbG8=\n" => Hello
        base64decode "не то" => !s: expected text in base64, found the text `'не то'`
        base64decode "/w==" => !s: expected encoded text, but the text `'/w=='` encodes something else
        md5 "Hello world" => 3e25960a79dbc69b674cd4ec67a72c62
        md5 "" => d41d8cd98f00b204e9800998ecf8427e
        md5 12 => c20ad4d76fe97759aa27a0c99bff6710
        sha1 "Hello world" => 7b502c3a1f48c8609ae212cdfb639dee39673f5e
        sha256 "Hello world" => 64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c
        hmac_hexdigest "ключ", "текст", "sha256" => e96e059349d63a4e8cd8924ab8585af7a53355ed678441f6f1ce3092a97f8e4c
        hmac_hexdigest "ключ", "текст" => e96e059349d63a4e8cd8924ab8585af7a53355ed678441f6f1ce3092a97f8e4c
        hmac_hexdigest "ключ", "текст", "sha512" => 104be7c30d84828ebdaff5fe6a7576861616607927c0af57d21fbac1a7aaabc9d826bdc49b6b1b4f856546f951f8f74ce8f70a1a10144c9609f8e45ba5727469
        hmac_hexdigest "ключ", "текст", "sha1" => 4942e4731fd9e5312a34486655449f09268d9774
        hmac_hexdigest "key", "text", "md5" => d0ca6177c61c975fd2f8c07d8c6528c6
        hmac_hexdigest "key", "text", "sha3" => !algorithm: expected `sha256`, `sha512`, `sha1` or `md5`, found the text `'sha3'`
        "#,
    );
}

#[test]
fn dicts() {
    check(
        THURSDAY,
        r#"
        dict_keys_to_array {"A1": "апельсин", "A2": "абрикос"} => ["A1", "A2"]
        dict_values_to_array {"A1": "апельсин", "A2": "абрикос"} => ["апельсин", "абрикос"]
        dict_keys_to_array [1] => !dict: expected a dict, found the list `[1]`
        get_values_by_key [{"Товар": "Товар№1", "Цена": 1500}, {"Товар": "Товар№2"}], "Товар" => ["Товар№1", "Товар№2"]
        get_values_by_key [{"a": 1}, 5, "{\"a\": 2}", {"b": 1}], "a" => [1, 2]
        get_values_by_key [{"1": 5}], 1 => [5]
        exist_key {"1": 2}, 1 => True
        exist_key {"a": null}, "a" => True
        exist_key {"a": 1}, "b" => False
        exist_key {"a": 1}, null => False
        key_index {"1": 123, "2": 234, "q": {"w": "e"}}, "q" => 2
        key_index {"1": 123}, 1 => 0
        key_index {"1": 123}, "x" => -1
        humanize {"a": 1, "b": "x", "c": null}, " = " => a = 1\nb = x\nc = 
        humanize {"a": 1, "b": 2, "c": 3}, "-", 1, 2 => b-2
        humanize {"a": 1, "b": 2, "c": 3}, "-", -1 => c-3
        humanize {"a": 1, "b": 2}, "" => a1\nb2
        humanize {"a": 1}, null => a: 1
        humanize {} =>
        get {"a": 1}, "a" => 1
        get {"a": 1}, "b" => None
        get {"a": 1}, "b", "" =>
        get {"1": 1}, 1 => 1
        get [1, 2], -1 => 2
        get [1, 2], "1" => 2
        get [1, 2], 5, "нет" => нет
        get [1, 2], "x", 0 => 0
        get "привет", 1 => р
        get "привет", -1 => т
        get "привет", -7, "x" => x
        get "привет", -9223372036854775808 => None
        get null, 1, 7 => 7
        get 5, 0 => None
        get {"a": 1}, [1], 7 => 7
        set {"a": 1}, "b", 2 => {"a": 1, "b": 2}
        set {"a": 1}, 1, 2 => {"a": 1, "1": 2}
        set [1, 2], 0, "x" => ["x", 2]
        set [1, 2], -1, "x" => [1, "x"]
        set [1, 2], 2, "x" => [1, 2, "x"]
        set [1, 2], 3, "x" => !key: position 3 is past the end of the list, which has 2 items
        set [1, 2], -3, "x" => !key: position -3 is past the end of the list, which has 2 items
        set [1, 2], "a", "x" => !key: a position in a list must be a whole number, found the text `'a'`
        set "[1]", 0, null => [null]
        set "text", 0, 1 => !x: expected a list or a dict, found the text `'text'`
        set {"a": 1}, null, 1 => !key: the key of a dict must be text or a number, found no value
        "#,
    );
}

#[test]
fn tools() {
    const GOODS: &str = r#"[{"text": "Футболки", "price": 100}, {"text": "Шорты", "price": 150}, {"text": "Носки", "price": 20}]"#;
    let rows = [
        (
            "tools_make_button_str_checker",
            r#""text", "2", "1""#,
            r#"{"numbered_list": "1. Футболки\n2. Шорты\n3. Носки\n", "buttons": [{"type": "inline", "text": "Футболки", "line": 0, "index_in_line": 0}, {"type": "inline", "text": "Шорты", "line": 0, "index_in_line": 1}, {"type": "inline", "text": "Носки", "line": 1, "index_in_line": 0}], "checker": "Футболки;1;Шорты;2;Носки;3;"}"#,
        ),
        (
            "tools_make_button_str_checker",
            r#""price", null, null, 0"#,
            r#"{"numbered_list": "1. 100\n2. 150\n3. 20\n", "buttons": [{"type": "reply", "text": "100", "line": 0, "index_in_line": 0}, {"type": "reply", "text": "150", "line": 1, "index_in_line": 0}, {"type": "reply", "text": "20", "line": 2, "index_in_line": 0}], "checker": "100;150;20;"}"#,
        ),
        ("tools_make_button_str_checker", r#""text", 0"#, "!in_line: a line needs at least 1 button, found `0`"),
        ("tools_make_button_str_checker", r#""text", 1, 2"#, "!button_type: expected 0 or 1, found `2`"),
        ("tools_make_button_str_checker", "null", "!key: for a list of dicts, name the key whose value is shown"),
        ("tools_make_button_str_checker", r#""name""#, "!key: item 0 of the list has no key `name`"),
        ("tools_check_user_input", r#""Носки", "text", "price""#, "20"),
        ("tools_check_user_input", r#"" носки ", "text", "price""#, "20"),
        ("tools_check_user_input", r#""2", "text", "price""#, "150"),
        ("tools_check_user_input", r#"2, "text", "price""#, "150"),
        ("tools_check_user_input", r#"150, "price", "text""#, "Шорты"),
        ("tools_check_user_input", r#""4", "text", "price""#, "None"),
        ("tools_check_user_input", r#""0", "text", "price""#, "None"),
        ("tools_check_user_input", r#""Кепки", "text", "price""#, "None"),
        ("tools_check_user_input", r#""", "text", "price""#, "None"),
        ("tools_check_user_input", r#"null, "text", "price""#, "None"),
        ("tools_check_user_input", r#""1", "text", "colour""#, "None"),
    ];
    for (name, rest, expected) in rows {
        check_one(THURSDAY, name, &format!("{GOODS}, {rest}"), expected);
    }
}

#[test]
fn patterns_are_weighed() {
    for (pattern, parts, classes) in [
        ("abc", 3, 0),
        (r"(ab){3}\d+", 7, 1),
        (r"((a{20}){20}){20}", 8000, 0),
        (r"[^\]x]{1,5}[[\w]", 6, 6),
        (r"a{,4}b{2,}{x}", 9, 0),
        ("(((", 0, 0),
        (")]}{", 4, 0),
        (r"\", 1, 0),
    ] {
        let weight = calc::internals::stdlib::pattern::weight(pattern);
        assert_eq!((weight.parts, weight.classes), (parts, classes), "{pattern}");
    }
}
