//! The stored comparison keys of phones, emails and variable values: equal keys are what "the same" means.
//! Made in Rust because the engines fold letters differently. Knows no table.

use crate::value::{Value, number};

/// The longest key of a variable value, in bytes; longer values are compared in full after the index has been asked.
pub const LONGEST_VALUE_KEY: usize = 200;

/// The digits of a phone, a leading 8 of 11 digits being 7; `None` for text without digits.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let mut digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return None;
    }
    if digits.len() == 11 && digits.starts_with('8') {
        digits.replace_range(0..1, "7");
    }
    Some(digits)
}

/// An email trimmed and in lower case.
#[must_use]
pub fn email(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The name of a list or a label, trimmed.
#[must_use]
pub fn name(text: &str) -> &str {
    text.trim()
}

/// The text by which variable values compare: number-like text as the number it is, all else as it is.
#[must_use]
pub fn value(value: &Value) -> String {
    let text = value.interpolated();
    match value {
        Value::Float(_) | Value::Text(_) => match number::parse(&text) {
            Some(number) => number.to_text(),
            None => text.into_owned(),
        },
        _ => text.into_owned(),
    }
}

/// The part of a value's comparison text that is indexed.
#[must_use]
pub fn index_part(comparison_text: &str) -> &str {
    &comparison_text[..comparison_text.floor_char_boundary(LONGEST_VALUE_KEY)]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{email, index_part, phone};

    fn value(json: &Json) -> String {
        super::value(&json.into())
    }

    #[test]
    fn phones_compare_by_digits() {
        assert_eq!(phone("+7 (916) 123-45-67").as_deref(), Some("79161234567"));
        assert_eq!(phone("8 916 1234567").as_deref(), Some("79161234567"));
        assert_eq!(phone("8800").as_deref(), Some("8800"));
        assert_eq!(phone("none at all"), None);
    }

    #[test]
    fn emails_compare_trimmed_in_any_case() {
        assert_eq!(email(" Ольга@Example.COM "), "ольга@example.com");
    }

    #[test]
    fn values_compare_after_number_normalisation() {
        for same in [json!("5"), json!(5), json!(5.0), json!(" 5.0 "), json!("+5")] {
            assert_eq!(value(&same), "5");
        }
        assert_eq!(value(&json!("five")), "five");
        assert_eq!(value(&json!(true)), "True");
        assert_eq!(value(&json!([1, "a"])), "[1, \"a\"]");
    }

    #[test]
    fn the_indexed_part_ends_at_a_character() {
        let text = "я".repeat(150);
        assert_eq!(index_part(&text).chars().count(), 100);
        assert_eq!(index_part("short"), "short");
    }
}
