//! Times and durations as people write them.

use calc::internals::value::calendar;
use calc::wording::message;
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::failure::Failure;

/// A local time such as `2026-11-22 10:00`; a date alone is its midnight.
pub fn local_time(text: &str) -> Result<NaiveDateTime, Failure> {
    let text = text.trim();
    let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"];
    let dates = ["%Y-%m-%d", "%d.%m.%Y"];
    let date = || dates.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok()).map(|date| date.and_time(NaiveTime::MIN));
    let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()).or_else(date);
    local.ok_or_else(|| Failure::usage(message!("not-a-time-of-the-command", text = text)))
}

/// The moment of a local time.
pub fn in_zone(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, Failure> {
    let time = calendar::instant(local, zone);
    if calendar::has(time, zone) { Ok(time) } else { Err(Failure::usage(message!("time-out-of-range", time = local.to_string()))) }
}

/// A duration such as `3 days` or `2 часа`: a number and a unit, several of them one after another.
pub fn duration(text: &str) -> Result<Duration, Failure> {
    let wrong = || Failure::usage(message!("not-a-duration", text = text));
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || !words.len().is_multiple_of(2) {
        return Err(wrong());
    }
    let mut total = Duration::zero();
    for pair in words.chunks(2) {
        let count: i64 = pair[0].parse().map_err(|_| wrong())?;
        let seconds = unit(&pair[1].to_lowercase()).ok_or_else(wrong)?;
        let part = count.checked_mul(seconds).and_then(Duration::try_seconds).ok_or_else(wrong)?;
        total = total.checked_add(&part).ok_or_else(wrong)?;
    }
    if total < Duration::zero() { Err(wrong()) } else { Ok(total) }
}

fn unit(word: &str) -> Option<i64> {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    Some(match word {
        "second" | "seconds" | "секунда" | "секунду" | "секунды" | "секунд" => 1,
        "minute" | "minutes" | "минута" | "минуту" | "минуты" | "минут" => MINUTE,
        "hour" | "hours" | "час" | "часа" | "часов" => HOUR,
        "day" | "days" | "день" | "дня" | "дней" => DAY,
        "week" | "weeks" | "неделя" | "неделю" | "недели" | "недель" => 7 * DAY,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{duration, local_time};

    #[test]
    fn durations_in_words() {
        assert_eq!(duration("3 days").ok().map(|duration| duration.num_days()), Some(3));
        assert_eq!(duration("2 часа").ok().map(|duration| duration.num_minutes()), Some(120));
        assert_eq!(duration("1 day 30 minutes").ok().map(|duration| duration.num_minutes()), Some(24 * 60 + 30));
        for wrong in ["", "3", "days", "3 moons", "3 days 2", "-1 day", "9223372036854775807 weeks"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_in_several_forms() {
        let expected = local_time("2026-11-22 10:00").ok();
        assert!(expected.is_some());
        for text in ["2026-11-22T10:00:00", "22.11.2026 10:00", " 2026-11-22 10:00:00 "] {
            assert_eq!(local_time(text).ok(), expected, "{text}");
        }
        let midnight = local_time("22.11.2026").ok();
        assert!(midnight.is_some());
        assert_eq!(midnight, local_time("2026-11-22 00:00").ok());
        assert!(local_time("soon").is_err());
    }
}
