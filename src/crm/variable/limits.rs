//! The limits on stored variables (language.md L6.6), for sessions and files alike.
//! Knows no owner: who asks says whose variables they are.

use crate::crm::error::{LimitError, LimitKind};
use crate::value::{MAX_DEPTH, Value};
use crate::wording::{Message, message};

/// The most characters of a name.
const LONGEST_NAME: usize = 500;
/// The most characters of a value's text form.
const LONGEST_VALUE: usize = 100_000;
/// The most variables of a client or a deal.
const MOST_VARIABLES: usize = 1_000;
/// A value whose parts take no more bytes than this is never too long: each of them takes six characters at the most, if it
/// is one that must be escaped.
const SHORT_VALUE: u64 = LONGEST_VALUE as u64 / 6;

/// Refuses a name or value that is too long or too deep to be stored.
pub(in crate::crm) fn check_variable(name: &str, value: &Value) -> Result<(), LimitError> {
    if name.contains('\0') {
        let reason = message!("variable-name-unstorable", name = short(name));
        return Err(LimitError { kind: LimitKind::Size, variable: name.to_owned(), reason });
    }
    if name.len() > LONGEST_NAME {
        let length = name.chars().count();
        if length > LONGEST_NAME {
            let reason = message!("variable-name-too-long", name = short(name), length = length, limit = LONGEST_NAME);
            return Err(LimitError { kind: LimitKind::Size, variable: name.to_owned(), reason });
        }
    }
    if value.is_too_deep() {
        let reason = message!("variable-too-deep", name = short(name), limit = MAX_DEPTH);
        return Err(LimitError { kind: LimitKind::Size, variable: name.to_owned(), reason });
    }
    let length = match value {
        // Characters are counted only where bytes do not settle it.
        Value::Text(text) if text.len() > LONGEST_VALUE => text.chars().count(),
        Value::List(_) | Value::Dict(_) if value.extent().size > SHORT_VALUE => value.json_form().chars().count(),
        _ => 0,
    };
    if length > LONGEST_VALUE {
        let reason = message!("variable-too-long", name = short(name), length = length, limit = LONGEST_VALUE);
        return Err(LimitError { kind: LimitKind::Size, variable: name.to_owned(), reason });
    }
    Ok(())
}

/// Refuses more variables than a client or a deal may have; `newest` is the one to name.
pub(in crate::crm) fn check_count(owner: impl FnOnce() -> Message, count: usize, newest: &str) -> Result<(), LimitError> {
    if count <= MOST_VARIABLES {
        return Ok(());
    }
    let owner = owner();
    let reason = message!("too-many-variables", owner = owner, count = count, name = short(newest), limit = MOST_VARIABLES);
    Err(LimitError { kind: LimitKind::Count, variable: newest.to_owned(), reason })
}

fn short(name: &str) -> String {
    if name.chars().count() <= 60 {
        return name.to_owned();
    }
    name.chars().take(60).chain(std::iter::once('…')).collect()
}
