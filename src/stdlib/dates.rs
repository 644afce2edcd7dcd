//! Dates and times (builtins.md, "Dates and times"); the clock is the host's, in the project's time zone.

use std::cmp::Ordering;

use chrono::{Datelike as _, Months, NaiveDate, Timelike as _};

use super::lists::is_set;
use crate::builtins;
use crate::function::{CallError, CallResult, Date, Flag, Time, Whole};
use crate::value::Text;
use crate::value::arithmetic::{add_days, shown};
use crate::value::calendar::{Moment, YEARS, format_date, format_time, parse_moment};
use crate::value::locale::Locale;
use crate::wording::message;

builtins! {
    /// Dates and times: calculating, asking the clock, other ways to write them.
    pub static DATES: General "dates" = {
        /// A date so many years later, or earlier when negative.
        ///
        /// 29 February becomes the 28th in a common year.
        ///
        /// ```calc
        /// addYear("29.02.2020", 2) # => 28.02.2022
        /// ```
        vendor fn addYear | add_year(context, date: Date => "the date", n: Whole => "how many years") -> String {
            later(date, n, n.0.checked_mul(12).and_then(|months| add_months(date.0, months)), "years")
        }

        /// A date so many months later, or earlier when negative.
        ///
        /// A day that the month does not have becomes its last one.
        ///
        /// ```calc
        /// addMonth("31.01.2024", 1) # => 29.02.2024
        /// ```
        vendor fn addMonth | add_month(context, date: Date => "the date", n: Whole => "how many months") -> String {
            later(date, n, add_months(date.0, n.0), "months")
        }

        /// A date so many days later, or earlier when negative.
        ///
        /// ```calc
        /// addDays("28.02.2024", 2) # => 01.03.2024
        /// ```
        vendor fn addDays | add_days(context, date: Date => "the date", n: Whole => "how many days") -> String {
            later(date, n, add_days(date.0, n.0), "days")
        }

        /// A time so many minutes later, or earlier when negative; after 23:59 comes 00:00.
        ///
        /// ```calc
        /// addMinutes("23:50", 20) # => 00:10
        /// ```
        vendor fn addMinutes | add_minutes(context, time: Time => "the time", n: Whole => "how many minutes") -> String {
            Ok(format_time(time.0 + n.0 % (24 * 60)))
        }

        /// Which of two dates is earlier: -1 the first, 1 the second, 0 neither.
        ///
        /// `<` and `==` compare dates as well.
        ///
        /// ```calc
        /// compareDate("01.09.2020", "11.10.2020") # => -1
        /// ```
        vendor fn compareDate | compare_date(context, date1: Date => "the first date", date2: Date => "the second date") -> i64 {
            Ok(order_number(date1.0.cmp(&date2.0)))
        }

        /// Which of two times of the day is earlier: -1 the first, 1 the second, 0 neither.
        ///
        /// ```calc
        /// compareTime("18:30", "9:00") # => 1
        /// ```
        vendor fn compareTime | compare_time(context, time1: Time => "the first time", time2: Time => "the second time") -> i64 {
            Ok(order_number(time1.0.cmp(&time2.0)))
        }

        /// Whether it is now between two times of the day, or between two dates with times; both count as inside.
        ///
        /// Times may go past midnight: from 22:00 to 06:00 is the night.
        ///
        /// ```calc
        /// time_interval("09:00", "18:00")
        /// ```
        vendor fn time_interval(
            context, from: Text => "a time, or a date and a time", to: Text => "the same, at the end",
        ) -> bool {
            let now = context.local_now()?;
            match (interval_end("from", &from)?, interval_end("to", &to)?) {
                (Moment::Time(from), Moment::Time(to)) => {
                    let now = i64::from(now.hour() * 60 + now.minute());
                    Ok(if from <= to { (from..=to).contains(&now) } else { now >= from || now <= to })
                }
                (Moment::DateTime(from), Moment::DateTime(to)) => Ok(from <= now && now <= to),
                _ => Err(CallError::argument(
                    "to",
                    message!("interval-mixed", from = from.as_str(), to = to.as_str()),
                )),
            }
        }

        /// The next day on which somebody born on some date has their birthday; today counts.
        ///
        /// Born on 29 February, it is the 28th in a common year.
        ///
        /// ```calc
        /// birthdate("14.07.1990")
        /// ```
        vendor fn birthdate(context, date: Date => "the date of birth") -> String {
            let today = context.local_now()?.date();
            let day = [0, 1].into_iter().filter_map(|years| in_year(date.0, today.year() + years)).find(|day| *day >= today);
            day.map(format_date).ok_or_else(|| CallError::argument("date", message!("calendar-ends")))
        }

        /// The date of the next such day of the week; Monday is 1.
        ///
        /// ```calc
        /// weekday_date(5)
        /// ```
        vendor fn weekday_date(
            context, weekday: Whole => "1 for Monday to 7 for Sunday", today: Option<Flag> = "False" => "whether today counts",
        ) -> String {
            let now = context.local_now()?.date();
            let weekday = bounded("weekday", weekday, 7)?;
            let days = (weekday + 7 - i64::from(now.weekday().number_from_monday())) % 7;
            let days = if days == 0 && !is_set(today) { 7 } else { days };
            add_days(now, days).map(format_date).ok_or_else(|| CallError::argument("weekday", message!("calendar-ends")))
        }

        /// The date of the next such day of a month; in a month that is too short it is the last one.
        ///
        /// ```calc
        /// month_date(31)
        /// ```
        vendor fn month_date(context, day: Whole => "the day, 1 to 31", today: Option<Flag> = "False" => "whether today counts") -> String {
            let now = context.local_now()?.date();
            let day = u32::try_from(bounded("day", day, 31)?).unwrap_or(31);
            let first = if is_set(today) { Some(now) } else { now.succ_opt() };
            let days = [0, 1, 2].into_iter().filter_map(|months| in_month(now, months, day));
            let date = days.into_iter().find(|date| first.is_some_and(|first| *date >= first));
            date.map(format_date).ok_or_else(|| CallError::argument("day", message!("calendar-ends")))
        }

        /// A date or a time written in another way.
        ///
        /// Formats have the `%` directives of Python; `%s` is Unix time, `%f` are microseconds. When the text does not fit
        /// its format the result is `None`.
        ///
        /// ```calc
        /// convert_datetime("2011-11-03", "%Y-%m-%d", "%d.%m.%Y") # => 03.11.2011
        /// ```
        vendor fn convert_datetime(
            context, text: Text => "the date or time", in_format: Text => "how it is written", out_format: Text => "how it shall be written",
        ) -> Option<String> {
            let moment = context.parse_time(&text, &in_format, "in_format")?;
            // A bad format is an error even when there is nothing to write.
            let written = context.format_time(moment.unwrap_or_default(), &out_format, "out_format")?;
            Ok(moment.map(|_| written))
        }

        /// The date and time of now in some format.
        ///
        /// The format has the `%` directives of Python.
        ///
        /// ```calc
        /// get_datetime("%d.%m.%Y %H:%M:%S")
        /// ```
        vendor fn get_datetime(context, format: Option<Text> = "'%d.%m.%Y %H:%M'" => "how it is written") -> String {
            let now = context.local_now()?;
            context.format_time(now, format.as_deref().unwrap_or("%d.%m.%Y %H:%M"), "format")
        }

        /// The date of today, or so many days later, as `3 апреля`.
        ///
        /// ```calc
        /// current_date_rus(1)
        /// ```
        vendor fn current_date_rus(context, n: Option<Whole> = "0" => "how many days later") -> String {
            let today = context.local_now()?.date();
            in_russian(Date(today), n)
        }

        /// A date, or so many days later, as `3 апреля`.
        ///
        /// ```calc
        /// date_rus("19.07.2022", -2) # => 17 июля
        /// ```
        vendor fn date_rus(context, date: Date => "the date", n: Option<Whole> = "0" => "how many days later") -> String {
            in_russian(date, n)
        }
    }
}

fn order_number(order: Ordering) -> i64 {
    match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}

fn later(date: Date, n: Whole, result: Option<NaiveDate>, unit: &str) -> CallResult<String> {
    result
        .map(format_date)
        .ok_or_else(|| CallError::argument("n", message!("date-out-of-range-by", date = format_date(date.0), count = n.0, unit = unit)))
}

/// The same day so many months later, or the last of that month.
fn add_months(date: NaiveDate, months: i64) -> Option<NaiveDate> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let date = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) };
    date.filter(|date| YEARS.contains(&date.year()))
}

/// The same day in another year, 28.02 for 29.02.
fn in_year(date: NaiveDate, year: i32) -> Option<NaiveDate> {
    date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, date.month(), 28)).filter(|_| year <= 9999)
}

/// A day of a month so many months after that of a date, or the last of that month.
fn in_month(date: NaiveDate, months: i64, day: u32) -> Option<NaiveDate> {
    let first = add_months(date.with_day(1)?, months)?;
    (28..=day).rev().chain([day]).find_map(|day| first.with_day(day))
}

fn bounded(parameter: &'static str, found: Whole, most: i64) -> CallResult<i64> {
    if (1..=most).contains(&found.0) {
        return Ok(found.0);
    }
    Err(CallError::argument(parameter, message!("number-from-one-expected", most = most, found = found.0)))
}

fn interval_end(parameter: &'static str, text: &Text) -> CallResult<Moment> {
    if let Some(moment @ (Moment::Time(_) | Moment::DateTime(_))) = parse_moment(text.trim()) {
        return Ok(moment);
    }
    let found = shown(&text.clone().into());
    Err(CallError::argument(parameter, message!("interval-end-expected", found = found)))
}

fn in_russian(date: Date, n: Option<Whole>) -> CallResult<String> {
    let n = n.unwrap_or(Whole(0));
    let Some(date) = add_days(date.0, n.0) else { return later(date, n, None, "days") };
    let month = usize::try_from(date.month0()).unwrap_or_default();
    Ok(format!("{} {}", date.day(), Locale::Ru.names().months[month]))
}
