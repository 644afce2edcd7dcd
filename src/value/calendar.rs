//! Dates and times as text (language.md L4.5): `d.m.yyyy`, `H:MM`, `date HH:MM[:SS]`.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// What a text that is a date, a time or both stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `d.m.yyyy` or `dd.mm.yyyy`.
    Date(NaiveDate),
    /// `H:MM` or `HH:MM`, in minutes since midnight.
    Time(i64),
    /// A date, a blank, and a time with optional seconds.
    DateTime(NaiveDateTime),
}

/// The moment a text stands for; `None` for any other text. Costs little for text that is none.
#[must_use]
pub fn parse_moment(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    if !(4..=19).contains(&bytes.len()) || !bytes[0].is_ascii_digit() {
        return None;
    }
    if bytes[1] == b':' || bytes[2] == b':' {
        return parse_time(text).map(Moment::Time);
    }
    if let Some((date, time)) = text.split_once(' ') {
        let date = parse_date(date)?;
        let (clock, seconds) = match time.rsplit_once(':') {
            Some((clock, seconds)) if clock.contains(':') => (clock, digits(seconds, 2, 2)?),
            _ => (time, 0),
        };
        if clock.len() != 5 {
            return None;
        }
        let minutes = u32::try_from(parse_time(clock)?).ok()?;
        let time = NaiveTime::from_hms_opt(minutes / 60, minutes % 60, seconds)?;
        return Some(Moment::DateTime(date.and_time(time)));
    }
    parse_date(text).map(Moment::Date)
}

/// A real calendar date written `d.m.yyyy` or `dd.mm.yyyy`.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let (day, rest) = text.split_once('.')?;
    let (month, year) = rest.split_once('.')?;
    NaiveDate::from_ymd_opt(i32::try_from(digits(year, 4, 4)?).ok()?, digits(month, 1, 2)?, digits(day, 1, 2)?)
}

/// Minutes since midnight of a time written `H:MM` or `HH:MM`, 0:00 to 23:59.
#[must_use]
pub fn parse_time(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (digits(hours, 1, 2)?, digits(minutes, 2, 2)?);
    (hours < 24 && minutes < 60).then_some(i64::from(hours * 60 + minutes))
}

fn digits(text: &str, least: usize, most: usize) -> Option<u32> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// `dd.mm.yyyy`.
#[must_use]
pub fn format_date(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

/// `HH:MM` of minutes since midnight; wraps at midnight.
#[must_use]
pub fn format_time(minutes: i64) -> String {
    let minutes = minutes.rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
