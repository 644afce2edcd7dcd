//! The operators once more, for operands that are frequent and where nothing can go wrong. Each returns what
//! [`BinaryOperator::apply`] returns, or nothing: then the general rule decides. `tests/properties.rs` compares the two.

use super::super::arithmetic::CheckMemory;
use super::super::calendar::parse_moment;
use super::super::{Text, Value, number};
use super::{BinaryOperator, noted};
use crate::diagnostic::Fault;

/// A value of this size or less is compared at once; what is larger is accounted for first.
const SMALL: u64 = 1024;

/// An operator on two integers, where the result is an integer that fits: the one place that decides it.
#[must_use]
#[inline]
pub fn calculate_integers(op: BinaryOperator, left: i64, right: i64) -> Option<i64> {
    match op {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        BinaryOperator::Remainder if right > 0 => Some(left.rem_euclid(right)),
        _ => None,
    }
}

/// A comparison of two integers.
#[must_use]
#[inline]
pub fn compare_integers(op: BinaryOperator, left: i64, right: i64) -> Option<bool> {
    Some(match op {
        BinaryOperator::Less => left < right,
        BinaryOperator::LessEqual => left <= right,
        BinaryOperator::Greater => left > right,
        BinaryOperator::GreaterEqual => left >= right,
        BinaryOperator::Equal => left == right,
        BinaryOperator::NotEqual => left != right,
        _ => return None,
    })
}

/// An operator on two integers.
#[must_use]
#[inline]
pub fn of_integers(op: BinaryOperator, left: i64, right: i64) -> Option<Value> {
    match op {
        BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply | BinaryOperator::Remainder => {
            calculate_integers(op, left, right).map(Value::Int)
        }
        op => compare_integers(op, left, right).map(Value::from),
    }
}

/// An operator on two floats, or a float and an integer, where the result is finite.
#[must_use]
#[inline]
#[allow(clippy::cast_precision_loss, reason = "the general rule rounds in the same way")]
pub fn of_floats(op: BinaryOperator, left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => calculate_floats(op, left.get(), right.get()),
        (Value::Float(left), Value::Int(right)) => calculate_floats(op, left.get(), *right as f64),
        (Value::Int(left), Value::Float(right)) => calculate_floats(op, *left as f64, right.get()),
        _ => None,
    }
}

#[inline]
fn calculate_floats(op: BinaryOperator, left: f64, right: f64) -> Option<Value> {
    let result = match op {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        _ => return None,
    };
    result.is_finite().then(|| Value::from(result))
}

/// A comparison that is quickly done, whatever is compared.
#[must_use]
#[inline]
pub fn compare(op: BinaryOperator, left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => compare_integers(op, *left, *right),
        // What may be nearly a number is looked at more closely before it is ordered.
        (left, right) if op.is_ordering() && (may_be_nearly(left) || may_be_nearly(right)) => None,
        // The text of a list has items in one dialect and characters in the other.
        (_, Value::Text(text)) if matches!(op, BinaryOperator::In | BinaryOperator::NotIn) && text.may_be_json() => None,
        (left, right) => (op.is_comparison() && (left.size() | right.size()) <= SMALL).then(|| op.holds(left, right)),
    }
}

/// Whether the sum of two texts is the one after the other: neither numbers nor dates and times.
#[must_use]
#[inline]
pub fn joins(left: &Text, right: &Text) -> bool {
    !(left.may_be_special() && right.may_be_special())
}

/// Whether a text means itself, whatever it is added to: it is not a number, a date or a time, nor nearly one.
#[must_use]
pub fn is_plain(text: &Text) -> bool {
    !(text.may_be_special() && (number::parse(text).is_some() || parse_moment(text).is_some() || noted::is_nearly(text)))
}

/// Whether something added to a text is joined to it.
#[must_use]
pub fn joins_any(left: &Text, right: &Value) -> bool {
    match right {
        Value::Text(right) => joins(left, right) || is_plain(left),
        Value::List(_) | Value::Dict(_) => true,
        _ => is_plain(left),
    }
}

/// Adds to a value in the place where it stands, which costs what is added and not what there was; `false`: nothing was
/// done, and the general rule decides. `room` is asked before a list grows.
///
/// # Errors
/// When there is no room.
pub fn add_in_place(left: &mut Value, right: &Value, check_memory: CheckMemory<'_>) -> Result<bool, Box<Fault>> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => match calculate_integers(BinaryOperator::Add, *left, *right) {
            Some(sum) => *left = sum,
            None => return Ok(false),
        },
        (Value::Text(left), right) if joins_any(left, right) => match right {
            Value::Text(right) => left.push(right),
            right => left.push_str(&right.interpolated()),
        },
        (Value::List(left), Value::List(right)) if left.is_empty() => *left = right.clone(),
        (Value::List(left), Value::List(right)) => {
            check_memory(right.len().saturating_mul(size_of::<Value>()))?;
            for item in right.iter() {
                left.push(item.clone());
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

#[inline]
fn may_be_nearly(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.may_be_nearly())
}
