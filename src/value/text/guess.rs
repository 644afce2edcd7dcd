//! What a text may be, told by its first byte and its length, so that most text is not looked at any further.

use super::Text;
use crate::value::operators::noted;

impl Text {
    /// Whether it may be a number, a date or a time: those begin with a space, a sign, a point or a digit, so that most
    /// text is told apart by one byte.
    #[must_use]
    #[inline]
    pub(crate) fn may_be_special(&self) -> bool {
        match self.as_bytes().first() {
            // Unicode spaces begin with one of the last four.
            Some(first) => matches!(first, 0..=b' ' | b'+' | b'-' | b'.' | b'0'..=b'9' | 0xc2 | 0xe1..=0xe3),
            None => false,
        }
    }

    /// Whether it may be nearly a number or a date: told apart by its first byte and its length.
    #[must_use]
    #[inline]
    pub(crate) fn may_be_nearly(&self) -> bool {
        // Digits of other scripts begin with bytes of their own.
        let is_digit = |first: u8| matches!(first, 0xd9 | 0xdb | 0xe0..=0xe3 | 0xef);
        self.len() <= noted::LONGEST && (self.may_be_special() || self.as_bytes().first().is_some_and(|first| is_digit(*first)))
    }

    /// Whether it may be the JSON text of a list or a dict.
    #[must_use]
    #[inline]
    pub(crate) fn may_be_json(&self) -> bool {
        self.trim_start().starts_with(['[', '{'])
    }
}
