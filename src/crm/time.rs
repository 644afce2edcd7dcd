//! Times as project files write them (UTC, `2026-11-20 09:00:00`). Knows no clock.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Timelike as _, Utc};

use crate::value::calendar::YEARS;

/// A date-time as written in a file: `T` and fractions are fine, seconds may be missing, a date alone is midnight.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let text = text.strip_suffix('Z').unwrap_or(text);
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let naive = formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))?;
    // Outside these years microseconds or the text form would not fit.
    YEARS.contains(&naive.year()).then(|| whole_microseconds(naive.and_utc()))
}

/// A date-time as files write it; fractions only when there are some.
pub(crate) fn format(time: DateTime<Utc>) -> String {
    let fraction = if time.nanosecond() == 0 { "" } else { "%.6f" };
    time.format(&format!("%Y-%m-%d %H:%M:%S{fraction}")).to_string()
}

/// The time as it will read back from the store.
pub(crate) fn whole_microseconds(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn times_read_back() {
        for text in ["2026-11-20 09:00:00", "2026-11-20 09:00:00.000001"] {
            assert_eq!(parse(text).map(format).as_deref(), Some(text));
        }
        assert_eq!(parse("2026-11-20T09:00").map(format).as_deref(), Some("2026-11-20 09:00:00"));
        assert_eq!(parse("20.11.2026"), None);
        assert_eq!(parse("2026-02-30 10:00:00"), None);
    }
}
