//! How long texts may be that the CRM keeps (docs/language.md, "Limits"), and which characters no store can keep.
//! Variables have limits of their own.

use super::error::{CrmError, CrmResult};

/// The most characters of a name, a phone or an email.
pub const LONGEST_NAME: usize = 500;
/// The most characters of a description, a comment or a message.
pub const LONGEST_TEXT: usize = 100_000;

/// Refuses a text that cannot be kept.
pub(super) fn check(parameter: &'static str, text: &str, most: usize) -> CrmResult<()> {
    match problem(text, most) {
        Some(problem) => Err(CrmError::refused(parameter, format!("the text {problem}"))),
        None => Ok(()),
    }
}

/// The same for one that may be missing.
pub(super) fn check_optional(parameter: &'static str, text: Option<&str>, most: usize) -> CrmResult<()> {
    text.map_or(Ok(()), |text| check(parameter, text, most))
}

/// Why a text cannot be kept, in words that follow what it is.
pub(crate) fn problem(text: &str, most: usize) -> Option<String> {
    if text.contains('\0') {
        return Some("contains the character 0, which cannot be stored".to_owned());
    }
    too_long(text, most).map(|length| format!("has {length} characters, at most {most} are stored"))
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
