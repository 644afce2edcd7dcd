//! Dates and times as text (language.md L4.5): `d.m.yyyy`, `H:MM`, `date HH:MM[:SS]`.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::{GapInfo, Tz};

/// The years there are: dates are written with four digits, and the rest of the program calculates within them.
pub const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

/// Whether a time is in the calendar, in UTC and as the zone's local time.
#[must_use]
pub fn has(time: DateTime<Utc>, zone: Tz) -> bool {
    YEARS.contains(&time.year())
        && time
            .naive_utc()
            .checked_add_offset(zone.offset_from_utc_datetime(&time.naive_utc()).fix())
            .is_some_and(|local| YEARS.contains(&local.year()))
}

/// The offset of a local time: the earlier one when the clock is turned back over it, and the one before when it is
/// turned forward over it, be it by an hour or by a whole day.
#[must_use]
pub fn offset(local: NaiveDateTime, zone: Tz) -> <Tz as chrono::TimeZone>::Offset {
    zone.offset_from_local_datetime(&local)
        .earliest()
        .or_else(|| GapInfo::new(&local, &zone)?.begin.map(|(_, before)| before))
        .unwrap_or_else(|| zone.offset_from_utc_datetime(&local))
}

/// The instant of a local time, by the offset of [`offset`].
#[must_use]
pub fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let seconds = i64::from(offset(local, zone).fix().local_minus_utc());
    local.checked_sub_signed(TimeDelta::seconds(seconds)).unwrap_or(local).and_utc()
}

/// What a text that is a date, a time or both stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `d.m.yyyy` or `dd.mm.yyyy`.
    Date(NaiveDate),
    /// `H:MM` or `HH:MM`, in minutes since midnight.
    Time(i64),
    /// A date, a space, and a time with optional seconds.
    DateTime(NaiveDateTime),
}

/// The moment a text stands for; `None` for any other text. Costs little for text that is not one.
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
    let year = i32::try_from(digits(year, 4, 4)?).ok().filter(|year| YEARS.contains(year))?;
    NaiveDate::from_ymd_opt(year, digits(month, 1, 2)?, digits(day, 1, 2)?)
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

/// `HH:MM` of a moment.
#[must_use]
pub fn format_clock(moment: NaiveDateTime) -> String {
    format_time(i64::from(moment.hour() * 60 + moment.minute()))
}

/// `HH:MM` of minutes since midnight; wraps around at midnight.
#[must_use]
pub fn format_time(minutes: i64) -> String {
    let minutes = minutes.rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
