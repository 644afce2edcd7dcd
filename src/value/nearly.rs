//! Texts that are nearly a number or nearly a date (language.md L4.3): they stay text, and who is about to calculate with
//! one says so.

use chrono::NaiveDate;

use super::calendar;

/// The number that a text nearly is, as it has to be written: `5,7`, `1 500`, `1 500,50`, `500 руб`, `٥`.
#[must_use]
pub fn number(text: &str) -> Option<String> {
    let text = text.trim();
    // `1,` is a list under way: `list + item + ','`.
    if text.is_empty() || text.len() > 40 || text.ends_with(',') || super::number::parse(text).is_some() {
        return None;
    }
    let mut plain = String::new();
    let mut rest = text;
    // A sign or a currency may stand before the digits.
    for sign in ["+", "-", "−", "$", "€", "₽"] {
        if let Some(after) = rest.strip_prefix(sign) {
            if matches!(sign, "-" | "−") {
                plain.push('-');
            }
            rest = after.trim_start();
            break;
        }
    }
    let end = rest
        .find(|character: char| !(is_digit(character) || matches!(character, ' ' | '\u{a0}' | '\u{202f}' | ',' | '.' | '\'')))
        .unwrap_or(rest.len());
    let (digits, unit) = rest.split_at(end);
    let digits = digits.trim_end_matches([' ', '\u{a0}', '\u{202f}', '.', ',']);
    if !digits.starts_with(is_digit) || !is_unit(unit.trim()) || !has_regular_groups(digits) {
        return None;
    }
    let last = digits.rfind([',', '.']);
    for (at, character) in digits.char_indices() {
        match character {
            ',' | '.' if Some(at) == last => plain.push('.'),
            character if is_digit(character) => plain.push(char::from_digit(digit_value(character)?, 10)?),
            _ => {}
        }
    }
    super::number::parse(&plain).map(|_| plain)
}

/// A digit of any script.
fn is_digit(character: char) -> bool {
    digit_value(character).is_some()
}

fn digit_value(character: char) -> Option<u32> {
    // The first digit of each script that a keyboard of our authors may have.
    const ZEROS: [u32; 5] = [0x30, 0x660, 0x6f0, 0x966, 0xff10];
    let code = u32::from(character);
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| code - zero)
}

/// What may stand behind a number: a currency or a short word.
fn is_unit(unit: &str) -> bool {
    let letters = unit.trim_end_matches('.');
    letters.chars().count() <= 6 && letters.chars().all(|character| character.is_alphabetic() || "$€₽£₸₴%".contains(character))
}

/// Whether spaces and all separators but the last stand between groups of three digits, so that it is one number.
fn has_regular_groups(digits: &str) -> bool {
    let separators = digits.matches([',', '.']).count();
    let mut groups = digits.split(|character: char| !is_digit(character));
    let first = groups.next().unwrap_or_default().chars().count();
    let mut lengths: Vec<usize> = groups.map(|group| group.chars().count()).collect();
    if lengths.contains(&0) {
        return false;
    }
    // The last group is a fraction when a comma or a point stands before it.
    let has_fraction = digits.rfind([',', '.']).is_some_and(|at| !digits[at + 1..].contains([' ', '\u{a0}', '\u{202f}']));
    if separators == 1 && has_fraction {
        lengths.pop();
    } else if separators > 1 {
        let last = lengths.pop();
        return lengths.iter().all(|length| *length == 3) && first <= 3 && last.is_some() && digits.matches(',').count() == 1;
    }
    lengths.is_empty() || (first <= 3 && lengths.iter().all(|length| *length == 3))
}

/// The date that a text nearly is, as it has to be written: `20.11.26`, `20/11/2026`, `2026-11-20`; the text itself for
/// a day that is in no calendar, `31.02.2026`, `11.25.2026`.
#[must_use]
pub fn date(text: &str) -> Option<String> {
    let text = text.trim();
    if calendar::parse_date(text).is_some() || text.len() > 10 {
        return None;
    }
    let separator = ['.', '/', '-'].into_iter().find(|separator| text.matches(*separator).count() == 2)?;
    let parts: Vec<&str> = text.split(separator).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    if !parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let (day, month, year) = match (first.len(), second.len(), third.len()) {
        (1..=2, 1..=2, 4) => (*first, *second, (*third).to_owned()),
        (1..=2, 1..=2, 2) => (*first, *second, format!("20{third}")),
        (4, 1..=2, 1..=2) => (*third, *second, (*first).to_owned()),
        _ => return None,
    };
    let number = |part: &str| part.parse::<u32>().ok();
    let (day, month) = (number(day)?, number(month)?);
    // Three short numbers may be anything; with a year of four digits they are meant as a date.
    let is_meant_as_date = first.len() == 4 || third.len() == 4 || ((1..=31).contains(&day) && (1..=12).contains(&month));
    match NaiveDate::from_ymd_opt(year.parse().ok()?, month, day) {
        Some(date) => Some(calendar::format_date(date)),
        None => is_meant_as_date.then(|| text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{date, number};

    #[test]
    fn nearly_numbers() {
        let cases = [
            ("5,7", Some("5.7")),
            ("1 500", Some("1500")),
            ("1 500,50", Some("1500.50")),
            ("1.500,00", Some("1500.00")),
            ("500 руб", Some("500")),
            ("500 руб.", Some("500")),
            ("500₽", Some("500")),
            ("$5", Some("5")),
            ("-5,7", Some("-5.7")),
            ("٥", Some("5")),
            ("5", None),
            ("1.5", None),
            ("", None),
            ("Ленина, 5", None),
            ("10-15", None),
            ("3:1", None),
            ("1/2", None),
            ("12 34 56", None),
            ("20.11.26", None),
            ("5 комнатная квартира", None),
            ("1,", None),
            ("1,2,", None),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn nearly_dates() {
        let cases = [
            ("20.11.26", Some("20.11.2026")),
            ("20/11/2026", Some("20.11.2026")),
            ("2026-11-20", Some("20.11.2026")),
            ("31.02.2026", Some("31.02.2026")),
            ("20.11.2026", None),
            ("1.10", None),
            ("10-15", None),
            ("45.13.2026", Some("45.13.2026")),
            ("11/25/2026", Some("11/25/2026")),
            ("45.13.26", None),
        ];
        for (text, expected) in cases {
            assert_eq!(date(text).as_deref(), expected, "{text}");
        }
    }
}
