//! Operators on texts that are nearly a number or a date (language.md L4.3): they mean text, and hardly what their author
//! means by them.

use super::BinaryOperator;
use crate::diagnostic::{Code, Fault};
use crate::value::{Text, Value, nearly};
use crate::wording::message;

/// Longer text is neither.
pub(crate) const LONGEST: usize = 40;

/// What is to be said of an operator one of whose operands is nearly a number or a date, with the way out.
#[must_use]
pub fn warning(op: BinaryOperator, left: &Value, right: &Value) -> Option<Fault> {
    let is_number = |value: &Value| !matches!(value, Value::Bool(_)) && value.as_number().is_some();
    match (nearly_special(left), nearly_special(right)) {
        (Some(text), _) if op != BinaryOperator::Add || is_number(right) => Some(fault(text)),
        (_, Some(text)) if op != BinaryOperator::Add || is_number(left) => Some(fault(text)),
        _ => None,
    }
}

fn nearly_special(value: &Value) -> Option<&Text> {
    match value {
        Value::Text(text) if text.may_be_nearly() && is_nearly(text) => Some(text),
        _ => None,
    }
}

/// Whether a text is nearly a number or a date.
#[must_use]
pub fn is_nearly(text: &str) -> bool {
    crate::value::calendar::parse_moment(text).is_none() && (nearly::date(text).is_some() || nearly::number(text).is_some())
}

#[cold]
fn fault(text: &Text) -> Fault {
    let shown = text.as_str();
    let (message, help) = match (nearly::date(text), nearly::number(text)) {
        (Some(date), _) if date == text.trim() => (message!("no-such-day", text = shown), message!("no-such-day-help")),
        (Some(date), _) => (message!("nearly-a-date", text = shown), message!("nearly-date-help", date = date)),
        (None, number) => {
            let help = if text.contains(',') {
                message!("nearly-comma")
            } else if text.chars().any(char::is_alphabetic) {
                message!("nearly-unit")
            } else if text.trim().contains([' ', '\u{a0}', '\u{202f}']) {
                message!("nearly-groups")
            } else {
                message!("nearly-other-digits", number = number.unwrap_or_default())
            };
            (message!("nearly-a-number", text = shown), help)
        }
    };
    Fault::new(Code::NearlyNumber, message).help(help)
}
