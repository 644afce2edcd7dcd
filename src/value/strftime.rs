//! Dates and times written and read by a format of `%` directives, as Python's `strftime` and `strptime` do, with the names
//! of months and weekdays in the project's language. Knows no script value.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _, Timelike as _, Weekday};
use chrono_tz::{OffsetName as _, Tz};

use crate::value::calendar::{YEARS, instant, offset};
use crate::value::locale::{CalendarNames, Locale};

/// A directive of a format that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDirective {
    /// The directive as it was written: `%Q`.
    pub directive: String,
}

impl std::fmt::Display for BadDirective {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}` means nothing in a format of dates and times", self.directive)
    }
}

impl std::error::Error for BadDirective {}

/// One piece of a format.
#[derive(Clone, Copy)]
enum FormatPiece {
    Literal(char),
    /// The letter of a directive, and whether its number goes without padding (`%-d`).
    Directive(char, bool),
}

/// The pieces of a format; those that stand for others are replaced by them.
fn pieces(format: &str, names: &'static CalendarNames) -> Result<Vec<FormatPiece>, BadDirective> {
    let mut pieces = Vec::new();
    let mut rest = format.char_indices();
    while let Some((start, character)) = rest.next() {
        if character != '%' {
            pieces.push(FormatPiece::Literal(character));
            continue;
        }
        let mut letter = rest.next();
        let unpadded = matches!(letter, Some((_, '-')));
        if unpadded {
            letter = rest.next();
        }
        let end = letter.map_or(format.len(), |(offset, letter)| offset + letter.len_utf8());
        let written = format.get(start..end).unwrap_or_default();
        let bad = || BadDirective { directive: written.to_owned() };
        let (_, letter) = letter.ok_or_else(bad)?;
        let composed = match letter {
            'c' => names.date_time,
            'x' => names.date,
            'X' | 'T' => "%H:%M:%S",
            'D' => "%m/%d/%y",
            'F' => "%Y-%m-%d",
            'R' => "%H:%M",
            'r' => "%I:%M:%S %p",
            'v' => "%e-%b-%Y",
            '%' if !unpadded => {
                pieces.push(FormatPiece::Literal('%'));
                continue;
            }
            'n' | 't' if !unpadded => {
                pieces.push(FormatPiece::Literal(if letter == 'n' { '\n' } else { '\t' }));
                continue;
            }
            _ if "aAbBhCdefgGHIjklmMpPsSuUVwWyYzZ".contains(letter) => {
                pieces.push(FormatPiece::Directive(letter, unpadded));
                continue;
            }
            _ => return Err(bad()),
        };
        pieces.extend(self::pieces(composed, names)?);
    }
    Ok(pieces)
}

/// The text of a local date and time in a format.
///
/// # Errors
/// When the format has a directive that means nothing.
pub fn format(format: &str, local: NaiveDateTime, time_zone: Tz, locale: Locale) -> Result<String, BadDirective> {
    let names = locale.names();
    let mut out = String::new();
    for piece in pieces(format, names)? {
        match piece {
            FormatPiece::Literal(character) => out.push(character),
            FormatPiece::Directive(letter, unpadded) => write_field(&mut out, letter, unpadded, local, time_zone, names),
        }
    }
    Ok(out)
}

fn write_field(out: &mut String, letter: char, unpadded: bool, local: NaiveDateTime, time_zone: Tz, names: &CalendarNames) {
    let month0 = usize::try_from(local.month0()).unwrap_or_default();
    let weekday = local.weekday();
    let weekday0 = usize::try_from(weekday.num_days_from_monday()).unwrap_or_default();
    let twelve = i64::from(local.hour12().1);
    let iso = local.iso_week();
    let hour = i64::from(local.hour());
    let year = i64::from(local.year());
    let (number, width, pad) = match letter {
        'a' => return out.push_str(names.short_weekdays[weekday0]),
        'A' => return out.push_str(names.weekdays[weekday0]),
        'b' | 'h' => return out.push_str(names.short_months[month0]),
        'B' => return out.push_str(names.months[month0]),
        'p' => return out.push_str(if local.hour() < 12 { "AM" } else { "PM" }),
        'P' => return out.push_str(if local.hour() < 12 { "am" } else { "pm" }),
        'z' => {
            let seconds = i64::from(offset(local, time_zone).fix().local_minus_utc());
            let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
            let _ = write!(out, "{sign}{:02}{:02}", minutes / 60, minutes % 60);
            return;
        }
        'Z' => return out.push_str(&zone_name(local, time_zone)),
        's' => {
            let _ = write!(out, "{}", instant(local, time_zone).timestamp());
            return;
        }
        'C' => (year.div_euclid(100), 2, '0'),
        'd' => (i64::from(local.day()), 2, '0'),
        'e' => (i64::from(local.day()), 2, ' '),
        'f' => (i64::from(local.nanosecond() / 1000 % 1_000_000), 6, '0'),
        'g' => (i64::from(iso.year()).rem_euclid(100), 2, '0'),
        'G' => (i64::from(iso.year()), 4, '0'),
        'H' => (hour, 2, '0'),
        'I' => (twelve, 2, '0'),
        'j' => (i64::from(local.ordinal()), 3, '0'),
        'k' => (hour, 2, ' '),
        'l' => (twelve, 2, ' '),
        'm' => (i64::from(local.month()), 2, '0'),
        'M' => (i64::from(local.minute()), 2, '0'),
        'S' => (i64::from(local.second()), 2, '0'),
        'u' => (i64::from(weekday.number_from_monday()), 1, '0'),
        'U' => (week(local, Weekday::Sun), 2, '0'),
        'V' => (i64::from(iso.week()), 2, '0'),
        'w' => (i64::from(weekday.num_days_from_sunday()), 1, '0'),
        'W' => (week(local, Weekday::Mon), 2, '0'),
        'y' => (year.rem_euclid(100), 2, '0'),
        _ => (year, 4, '0'),
    };
    let width = if unpadded { 0 } else { width };
    let _ = if pad == ' ' { write!(out, "{number:width$}") } else { write!(out, "{number:0width$}") };
}

/// The number of the week in its year, whose first one begins with the first such weekday.
fn week(local: NaiveDateTime, first: Weekday) -> i64 {
    (i64::from(local.ordinal0()) + 7 - i64::from(local.weekday().days_since(first))) / 7
}

fn zone_name(local: NaiveDateTime, time_zone: Tz) -> String {
    offset(local, time_zone).abbreviation().unwrap_or_default().to_owned()
}

/// The local date and time that a text means in a format; `None` when it does not fit the format or there is no such
/// time. What the format leaves out is that of 1 January 1900, 0:00.
///
/// # Errors
/// When the format has a directive that means nothing.
pub fn parse(text: &str, format: &str, time_zone: Tz, locale: Locale) -> Result<Option<NaiveDateTime>, BadDirective> {
    let names = locale.names();
    let pieces = pieces(format, names)?;
    let mut at = Reading { piece: 0, rest: text, after_blank: false, fields: DateFields::default() };
    let mut shorter: Vec<(Reading<'_>, usize)> = Vec::new();
    let mut most = usize::MAX;
    for _ in 0..pieces.len().saturating_add(MOST_RETRIES) {
        let Some(piece) = pieces.get(at.piece) else {
            if at.rest.is_empty() {
                return Ok(at.fields.moment(time_zone));
            }
            let Some(retry) = shorter.pop() else { return Ok(None) };
            (at, most) = retry;
            continue;
        };
        let mut next = at;
        if next.read(*piece, most, names).is_some() {
            let digits = at.rest.len() - next.rest.len();
            if digits > 1 && matches!(piece, FormatPiece::Directive(letter, _) if is_number(*letter)) {
                shorter.push((at, digits - 1));
            }
            (at, most) = (next, usize::MAX);
        } else if let Some(retry) = shorter.pop() {
            (at, most) = retry;
        } else {
            return Ok(None);
        }
    }
    Ok(None)
}

/// How many pieces may be read again with fewer digits before a text counts as one that does not fit.
const MOST_RETRIES: usize = 10_000;

/// How far a text was read.
#[derive(Clone, Copy)]
struct Reading<'t> {
    piece: usize,
    rest: &'t str,
    after_blank: bool,
    fields: DateFields,
}

impl Reading<'_> {
    /// Reads what a piece of the format stands for; a number has `most` digits.
    fn read(&mut self, piece: FormatPiece, most: usize, names: &CalendarNames) -> Option<()> {
        self.piece += 1;
        let after_blank = std::mem::take(&mut self.after_blank);
        self.rest = match piece {
            FormatPiece::Literal(space) if space.is_whitespace() => {
                let trimmed = self.rest.trim_start();
                if trimmed.len() == self.rest.len() && !after_blank {
                    return None;
                }
                self.after_blank = true;
                trimmed
            }
            FormatPiece::Literal(character) => strip_character(self.rest, character)?,
            FormatPiece::Directive(letter, _) => self.fields.read(letter, self.rest, most, names)?,
        };
        Some(())
    }
}

fn strip_character(text: &str, character: char) -> Option<&str> {
    let first = text.chars().next()?;
    let is_equal = first == character || first.to_lowercase().eq(character.to_lowercase());
    if is_equal { text.get(first.len_utf8()..) } else { None }
}

fn is_number(letter: char) -> bool {
    "CdefgGHIjklmMsSuUVwWyY".contains(letter)
}

/// What the directives of a format have read.
#[derive(Clone, Copy, Default)]
struct DateFields {
    year: Option<i64>,
    year_in_century: Option<i64>,
    century: Option<i64>,
    iso_year: Option<i64>,
    month: Option<u32>,
    day: Option<u32>,
    ordinal: Option<u32>,
    weekday: Option<u32>,
    week_from_sunday: Option<i64>,
    week_from_monday: Option<i64>,
    iso_week: Option<u32>,
    hour: Option<u32>,
    hour12: Option<u32>,
    afternoon: Option<bool>,
    minute: Option<u32>,
    second: Option<u32>,
    microsecond: Option<u32>,
    offset: Option<i64>,
    timestamp: Option<i64>,
}

impl DateFields {
    /// Reads what one directive stands for from the beginning of a text and returns the rest.
    fn read<'t>(&mut self, letter: char, text: &'t str, most: usize, names: &CalendarNames) -> Option<&'t str> {
        match letter {
            'a' | 'A' => {
                let (index, rest) = name(text, &[&names.weekdays, &names.short_weekdays])?;
                self.weekday = u32::try_from(index).ok();
                return Some(rest);
            }
            'b' | 'B' | 'h' => {
                let (index, rest) = name(text, &[&names.months, &names.months_alone, &names.short_months])?;
                self.month = u32::try_from(index).ok().map(|index| index + 1);
                return Some(rest);
            }
            'p' | 'P' => {
                let (index, rest) = name(text, &[&["AM", "PM"]])?;
                self.afternoon = Some(index == 1);
                return Some(rest);
            }
            'z' => {
                let (offset, rest) = zone_offset(text)?;
                self.offset = Some(offset);
                return Some(rest);
            }
            'Z' => {
                let rest = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '/'));
                return (rest.len() < text.len()).then_some(rest);
            }
            's' => {
                let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
                let (seconds, rest) = digits_of(digits, 1, most.min(12), 0, 999_999_999_999)?;
                self.timestamp = Some(sign * seconds);
                return Some(rest);
            }
            'f' => {
                let (_, rest) = digits_of(text, 1, most.min(6), 0, 999_999)?;
                let written = text.get(..text.len() - rest.len())?;
                self.microsecond = format!("{written:0<6}").parse().ok();
                return Some(rest);
            }
            _ => {}
        }
        let blank_first = text.strip_prefix(' ').filter(|_| "dekl".contains(letter)).unwrap_or(text);
        let small = |to: i64, from: i64| digits_of(blank_first, 1, most.min(2), from, to);
        let (number, rest) = match letter {
            'Y' | 'G' => digits_of(text, 4, most.min(4), 0, 9999)?,
            'y' | 'g' | 'C' => digits_of(text, 2, most.min(2), 0, 99)?,
            'm' | 'I' | 'l' => small(12, 1)?,
            'd' | 'e' => small(31, 1)?,
            'j' => digits_of(text, 1, most.min(3), 1, 366)?,
            'H' | 'k' => small(23, 0)?,
            'M' | 'S' => small(59, 0)?,
            'u' => digits_of(text, 1, 1, 1, 7)?,
            'w' => digits_of(text, 1, 1, 0, 6)?,
            _ => small(53, i64::from(letter == 'V'))?,
        };
        let small = u32::try_from(number).ok();
        match letter {
            'Y' => self.year = Some(number),
            'G' => self.iso_year = Some(number),
            'y' => self.year_in_century = Some(number),
            'g' => self.iso_year = Some(full_year(number)),
            'C' => self.century = Some(number),
            'm' => self.month = small,
            'd' | 'e' => self.day = small,
            'j' => self.ordinal = small,
            'H' | 'k' => self.hour = small,
            'I' | 'l' => self.hour12 = small,
            'M' => self.minute = small,
            'S' => self.second = small,
            'u' => self.weekday = small.map(|day| day - 1),
            'w' => self.weekday = small.map(|day| (day + 6) % 7),
            'U' => self.week_from_sunday = Some(number),
            'W' => self.week_from_monday = Some(number),
            _ => self.iso_week = small,
        }
        Some(rest)
    }

    /// The moment that all fields together mean.
    fn moment(&self, time_zone: Tz) -> Option<NaiveDateTime> {
        let microsecond = self.microsecond.unwrap_or(0);
        let local = if let Some(seconds) = self.timestamp {
            let instant = DateTime::from_timestamp(seconds, microsecond * 1000)?;
            instant.with_timezone(&time_zone).naive_local()
        } else {
            let hour = match (self.hour, self.hour12) {
                (Some(hour), _) => hour,
                (None, Some(hour)) => hour % 12 + if self.afternoon == Some(true) { 12 } else { 0 },
                (None, None) => 0,
            };
            let time = NaiveTime::from_hms_micro_opt(hour, self.minute.unwrap_or(0), self.second.unwrap_or(0), microsecond)?;
            let local = self.date()?.and_time(time);
            match self.offset {
                None => local,
                Some(offset) => {
                    let instant = local.checked_sub_signed(TimeDelta::try_seconds(offset)?)?;
                    time_zone.from_utc_datetime(&instant).naive_local()
                }
            }
        };
        YEARS.contains(&local.year()).then_some(local)
    }

    fn date(&self) -> Option<NaiveDate> {
        let year = match (self.year, self.century, self.year_in_century) {
            (Some(year), _, _) => Some(year),
            (None, Some(century), year) => Some(century * 100 + year.unwrap_or(0)),
            (None, None, year) => year.map(full_year),
        };
        let weekday = self.weekday.and_then(|weekday| Weekday::try_from(u8::try_from(weekday).ok()?).ok());
        if let (Some(year), Some(week), Some(weekday)) = (self.iso_year, self.iso_week, weekday) {
            return NaiveDate::from_isoywd_opt(i32::try_from(year).ok()?, week, weekday);
        }
        let is_given = year.is_some();
        let year = i32::try_from(year.unwrap_or(1900)).ok()?;
        if let Some(ordinal) = self.ordinal {
            return NaiveDate::from_yo_opt(year, ordinal);
        }
        if self.month.is_none()
            && self.day.is_none()
            && is_given
            && let Some(weekday) = weekday
        {
            for (week, first) in [(self.week_from_sunday, Weekday::Sun), (self.week_from_monday, Weekday::Mon)] {
                if let Some(week) = week {
                    let new_year = NaiveDate::from_ymd_opt(year, 1, 1)?;
                    let first_week = (7 - i64::from(new_year.weekday().days_since(first))) % 7;
                    let before = if week == 0 { -i64::from(new_year.weekday().days_since(first)) } else { first_week + (week - 1) * 7 };
                    return new_year.checked_add_signed(TimeDelta::try_days(before + i64::from(weekday.days_since(first)))?);
                }
            }
        }
        NaiveDate::from_ymd_opt(year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }
}

/// The year that two digits mean: 1969 to 2068.
fn full_year(year: i64) -> i64 {
    if year < 69 { 2000 + year } else { 1900 + year }
}

/// The number at the beginning of a text that has so many digits and lies within these bounds; as many digits as fit.
fn digits_of(text: &str, least: usize, most: usize, from: i64, to: i64) -> Option<(i64, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    (least..=digits).rev().find_map(|count| {
        let (digits, rest) = text.split_at_checked(count)?;
        let number: i64 = digits.parse().ok()?;
        (from..=to).contains(&number).then_some((number, rest))
    })
}

/// The longest of these names that a text begins with, in any case: its number and the rest of the text.
fn name<'t>(text: &'t str, lists: &[&[&str]]) -> Option<(usize, &'t str)> {
    let names = lists.iter().flat_map(|list| list.iter().enumerate());
    let fitting = names.filter_map(|(index, name)| Some((index, strip_name(text, name)?)));
    fitting.min_by_key(|(_, rest)| rest.len())
}

fn strip_name<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    name.chars().try_fold(text, strip_character)
}

/// `+0300`, `+03:00`, `+03:00:15` or `Z`, in seconds.
fn zone_offset(text: &str) -> Option<(i64, &str)> {
    if let Some(rest) = text.strip_prefix(['Z', 'z']) {
        return Some((0, rest));
    }
    let (sign, rest) = text.strip_prefix('-').map_or_else(|| Some((1, text.strip_prefix('+')?)), |rest| Some((-1, rest)))?;
    let (hours, rest) = digits_of(rest, 2, 2, 0, 23)?;
    let (minutes, rest) = digits_of(rest.strip_prefix(':').unwrap_or(rest), 2, 2, 0, 59)?;
    let (seconds, rest) = match rest.strip_prefix(':').and_then(|rest| digits_of(rest, 2, 2, 0, 59)) {
        Some((seconds, rest)) => (seconds, rest),
        None => (0, rest),
    };
    Some((sign * (hours * 3600 + minutes * 60 + seconds), rest))
}
