//! How long texts may be that the CRM keeps (docs/language.md, "Limits"), and which characters no store can keep.
//! Variables have limits of their own.

use std::fmt;

use super::error::{CrmResult, Refusal};
use crate::function::Role;
use crate::wording::{Message, message};

/// The most characters of a name, a phone or an email.
pub const LONGEST_NAME: usize = 500;
/// The most characters of a description, a comment or a message.
pub const LONGEST_TEXT: usize = 100_000;

/// Why a text cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextProblem {
    /// It contains the character 0.
    CharacterZero,
    /// It is too long.
    TooLong {
        /// How many characters it has.
        length: usize,
        /// How many are kept at most.
        most: usize,
    },
}

impl TextProblem {
    /// For the author of the script.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::CharacterZero => message!("text-has-character-zero"),
            Self::TooLong { length, most } => message!("text-too-long", length = length, most = most),
        }
    }
}

/// In words that follow what the text is: data that programs read, in English.
impl fmt::Display for TextProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CharacterZero => formatter.write_str("contains the character 0, which cannot be stored"),
            Self::TooLong { length, most } => write!(formatter, "has {length} characters, at most {most} are stored"),
        }
    }
}

/// Refuses a text that cannot be kept.
pub(super) fn check(roles: &'static [Role], text: &str, most: usize) -> CrmResult<()> {
    problem(text, most).map_or(Ok(()), |problem| Err(Refusal::Text { roles, problem }.into()))
}

/// The same for one that may be missing.
pub(super) fn check_optional(roles: &'static [Role], text: Option<&str>, most: usize) -> CrmResult<()> {
    text.map_or(Ok(()), |text| check(roles, text, most))
}

/// Why a text cannot be kept, if it cannot.
pub(crate) fn problem(text: &str, most: usize) -> Option<TextProblem> {
    if text.contains('\0') {
        return Some(TextProblem::CharacterZero);
    }
    too_long(text, most).map(|length| TextProblem::TooLong { length, most })
}

/// How many characters a text has that has too many.
pub(crate) fn too_long(text: &str, most: usize) -> Option<usize> {
    // Characters are counted only where bytes do not settle it.
    let length = if text.len() > most { text.chars().count() } else { 0 };
    (length > most).then_some(length)
}

/// What is kept of a text that cannot be refused, such as the reason why a message did not arrive.
pub(super) fn storable(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).map(|character| if character == '\0' { '\u{fffd}' } else { character }).collect()
}
