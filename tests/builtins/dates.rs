//! What the functions for dates and times return, the names of months and the turning of clocks included.

use calc::internals::value::strftime;
use calc::value::Locale;
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use crate::support::{Clock, THURSDAY, check};

#[test]
fn names_in_russian() {
    let thursday = NaiveDate::from_ymd_opt(2020, 5, 14).and_then(|date| date.and_hms_opt(9, 5, 0)).expect("a time");
    let written = |format: &str| strftime::format(format, thursday, Tz::Europe__Moscow, Locale::Ru).expect("a format");
    assert_eq!(written("%A, %d %B %Y"), "Четверг, 14 мая 2020");
    assert_eq!(written("%a %b %x"), "Чт мая 14.05.2020");
    for (text, format) in [
        ("14 мая 2020 9:05", "%d %B %Y %H:%M"),
        ("14 МАЙ 2020 9:05", "%d %b %Y %H:%M"),
        ("четверг 14 мая 2020 9:05", "%A %d %B %Y %H:%M"),
        ("Чт 14 мая 2020 09:05:00", "%c"),
    ] {
        assert_eq!(strftime::parse(text, format, Tz::Europe__Moscow, Locale::Ru), Ok(Some(thursday)), "{text}");
    }
    assert_eq!(strftime::parse("14 may 2020", "%d %b %Y", Tz::Europe__Moscow, Locale::Ru), Ok(None));
}

#[test]
fn clocks_that_are_turned() {
    let local = |text: &str| NaiveDateTime::parse_from_str(text, "%d.%m.%Y %H:%M").expect("a time");
    let written = |text: &str| strftime::format("%s %z %Z", local(text), Tz::Europe__Berlin, Locale::En).expect("a format");
    assert_eq!(written("29.03.2020 01:59"), "1585443540 +0100 CET");
    // From 2:00 to 3:00 there is no time on that day.
    assert_eq!(written("29.03.2020 02:30"), "1585445400 +0100 CET");
    assert_eq!(written("29.03.2020 03:00"), "1585443600 +0200 CEST");
    // And this one comes twice: the first is meant.
    assert_eq!(written("25.10.2020 02:30"), "1603585800 +0200 CEST");
    assert_eq!(strftime::parse("1603589400", "%s", Tz::Europe__Berlin, Locale::En), Ok(Some(local("25.10.2020 02:30"))));
}

#[test]
fn which_is_earlier() {
    check(
        THURSDAY,
        r#"
        compareDate "01.09.2020", "11.10.2020" => -1
        compare_date "11.10.2020", "1.9.2020" => 1
        compareDate "1.9.2020", "01.09.2020" => 0
        compareTime "9:00", "18:30" => -1
        compare_time "18:30", "9:00" => 1
        compareTime "9:00", "09:00" => 0
        compareDate "31.02.2020", "01.09.2020" => !date1: expected a date dd.mm.yyyy, found the text `'31.02.2020'`
        compareDate "01.09.2020", "" => !date2:
        compareTime "9:00", "24:00" => !time2:
    "#,
    );
}

#[test]
fn dates() {
    check(
        THURSDAY,
        r#"
        addYear "29.02.2020", 2 => 28.02.2022
        add_year "29.02.2020", "4" => 29.02.2024
        addYear "1.2.2020", -1 => 01.02.2019
        addDays "01.01.0001", -1 => !n: `01.01.0001` and -1 days lead outside the years 1 to 9999
        addMonth "31.01.0001", -1 => !n:
        addYear "01.01.2020", -2020 => !n:
        addDays "31.12.0000", 1 => !date:
        addYear "01.01.2020", 1000000000 => !n: `01.01.2020` and 1000000000 years lead outside the years 1 to 9999
        addYear "01.01.2020", 9223372036854775807 => !n:
        addYear "31.02.2021", 1 => !date: expected a date dd.mm.yyyy, found the text `'31.02.2021'`
        addMonth "30.04.2019", 10 => 29.02.2020
        addMonth "31.1.2024", 1 => 29.02.2024
        add_month "31.03.2024", -1 => 29.02.2024
        addMonth "01.01.2020", -9223372036854775808 => !n:
        addDays "28.02.2024", 2 => 01.03.2024
        add_days "1.1.2024", -1 => 31.12.2023
        addDays "01.01.2020", 9223372036854775807 => !n:
        addDays "01.01.2020", 1.5 => !n: expected a whole number, found the number `1.5`
        addMinutes "20:08", -30 => 19:38
        add_minutes "23:50", 20 => 00:10
        addMinutes "0:05", -10 => 23:55
        addMinutes "9:00", 9223372036854775807 => 03:07
        addMinutes "24:00", 1 => !time: expected a time HH:MM, found the text `'24:00'`
        time_interval "09:00", "18:00" => True
        time_interval "12:30", "12:30" => True
        time_interval "9:00", "12:29" => False
        time_interval "22:00", "6:00" => False
        time_interval "12:00", "6:00" => True
        time_interval "13.02.2020 12:30", "13.02.2020 12:31" => True
        time_interval "13.02.2020 12:30:45", "13.02.2020 12:30:45" => True
        time_interval "13.02.2020 12:30:46", "14.02.2020 00:00" => False
        time_interval "9:00", "14.02.2020 00:00" => !to: `9:00` and `14.02.2020 00:00` do not go together: expected two times, or two dates with times
        time_interval "x", "9:00" => !from: expected a time `HH:MM`, or a date and a time `dd.mm.yyyy HH:MM`, found the text `'x'`
        time_interval "9:00", "" => !to: expected a time `HH:MM`, or a date and a time `dd.mm.yyyy HH:MM`, found the text `''`
        birthdate "13.2.1990" => 13.02.2020
        birthdate "12.02.1990" => 12.02.2021
        birthdate "14.02.2019" => 14.02.2020
        birthdate "29.02.2000" => 29.02.2020
        weekday_date 4 => 20.02.2020
        weekday_date 4, true => 13.02.2020
        weekday_date "5" => 14.02.2020
        weekday_date 1 => 17.02.2020
        weekday_date 0 => !weekday: expected a number from 1 to 7, found `0`
        month_date 31 => 29.02.2020
        month_date 13 => 13.03.2020
        month_date 13, "True" => 13.02.2020
        month_date 12 => 12.03.2020
        month_date 32 => !day: expected a number from 1 to 31, found `32`
        convert_datetime "2011-11-03", "%Y-%m-%d", "%Y/%m/%d" => 2011/11/03
        convert_datetime "3.4.2020 5:06", "%d.%m.%Y %H:%M", "%y%m%d-%I%M%p" => 200403-0506AM
        convert_datetime "31.02.2020", "%d.%m.%Y", "%d" => None
        convert_datetime "3 April 2020", "%d %B %Y", "%A %a %b %j" => Friday Fri Apr 094
        convert_datetime "1581586245", "%s", "%d.%m.%Y %H:%M:%S" => 13.02.2020 12:30:45
        convert_datetime "13.02.2020 12:30:45", "%d.%m.%Y %H:%M:%S", "%s" => 1581586245
        convert_datetime "12:30:45.25", "%H:%M:%S.%f", "%f" => 250000
        convert_datetime "10:00+0000", "%H:%M%z", "%H:%M" => 12:30
        convert_datetime "2020-02-13 10:00Z", "%Y-%m-%d %H:%M%z", "%H:%M %z %Z" => 13:00 +0300 MSK
        convert_datetime "11:20 pm", "%I:%M %p", "%H:%M" => 23:20
        convert_datetime "2020", "%Y", "%Q" => !out_format: `%Q` has no meaning in a format of dates and times
        convert_datetime "x", "%Q", "%Y" => !in_format: `%Q` has no meaning in a format of dates and times
        convert_datetime "x", "%Y", "%" => !out_format: `%` has no meaning in a format of dates and times
        convert_datetime "2020", "%Y", "100%%" => 100%
        convert_datetime "3.4.2020", "%d.%m.%Y", "%-d.%-m.%Y" => 3.4.2020
        convert_datetime "1112021", "%d%m%Y", "%F" => 2021-01-11
        convert_datetime "2020 07 1", "%Y %W %w", "%d.%m.%Y" => 17.02.2020
        convert_datetime "2020 7 4", "%G %V %u", "%d.%m.%Y" => 13.02.2020
        convert_datetime "99999999999", "%s", "%Y" => 5138
        convert_datetime "999999999999", "%s", "%Y" => None
        get_datetime => 13.02.2020 12:30
        get_datetime "%H:%M:%S" => 12:30:45
        get_datetime "%!" => !format: `%!` has no meaning in a format of dates and times
        current_date_rus => 13 февраля
        current_date_rus 20 => 4 марта
        date_rus "19.07.2022", -2 => 17 июля
        date_rus "3.4.2022" => 3 апреля
        date_rus "3.4.2022", 9223372036854775807 => !n:
        "#,
    );
    check(
        Clock("2022-04-05T23:59:59+03:00"),
        r#"
        month_date 1 => 01.05.2022
        month_date 31 => 30.04.2022
        birthdate "29.02.2000" => 28.02.2023
        time_interval "22:00", "6:00" => True
        weekday_date 2 => 12.04.2022
        "#,
    );
    check(Clock("2022-04-30T00:00:00+03:00"), "month_date 31 => 31.05.2022\nmonth_date 31, true => 30.04.2022");
    check(Clock("2023-02-28T12:00:00+03:00"), "birthdate \"29.02.2000\" => 28.02.2023");
}
