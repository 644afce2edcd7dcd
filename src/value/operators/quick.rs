//! The operators once more, for operands that are frequent and where nothing can go wrong. Each gives what
//! [`Operator::apply`] gives, or nothing: then the general rule decides. `tests/properties.rs` compares the two.

use super::super::{Text, Value};
use super::Operator;

/// A value of this size or less is compared at once; what is larger is accounted for first.
const SMALL: u64 = 1024;

/// An operator on two integers, where the result is an integer.
#[must_use]
#[inline]
pub fn calculate_integers(op: Operator, left: i64, right: i64) -> Option<i64> {
    match op {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Remainder if right > 0 => Some(left.rem_euclid(right)),
        _ => None,
    }
}

/// A comparison of two integers.
#[must_use]
#[inline]
pub fn compare_integers(op: Operator, left: i64, right: i64) -> Option<bool> {
    Some(match op {
        Operator::Less => left < right,
        Operator::LessEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterEqual => left >= right,
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        _ => return None,
    })
}

/// An operator on two integers.
#[must_use]
#[inline]
pub fn of_integers(op: Operator, left: i64, right: i64) -> Option<Value> {
    match op {
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Remainder => {
            calculate_integers(op, left, right).map(Value::Int)
        }
        op => compare_integers(op, left, right).map(Value::from),
    }
}

/// An operator on two floats, or a float and an integer, where the result is finite.
#[must_use]
#[inline]
#[allow(clippy::cast_precision_loss, reason = "the general rule rounds in the same way")]
pub fn of_floats(op: Operator, left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => calculate_floats(op, left.get(), right.get()),
        (Value::Float(left), Value::Int(right)) => calculate_floats(op, left.get(), *right as f64),
        (Value::Int(left), Value::Float(right)) => calculate_floats(op, *left as f64, right.get()),
        _ => None,
    }
}

#[inline]
fn calculate_floats(op: Operator, left: f64, right: f64) -> Option<Value> {
    let result = match op {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        _ => return None,
    };
    result.is_finite().then(|| Value::from(result))
}

/// A comparison that is quickly done, whatever is compared.
#[must_use]
#[inline]
pub fn compare(op: Operator, left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => compare_integers(op, *left, *right),
        // What may be nearly a number is looked at more closely before it is ordered.
        (left, right) if op.is_ordering() && (may_be_nearly(left) || may_be_nearly(right)) => None,
        // The text of a list has items in one dialect and characters in the other.
        (_, Value::Text(text)) if matches!(op, Operator::In | Operator::NotIn) && text.may_be_json() => None,
        (left, right) => (op.is_comparison() && (left.size() | right.size()) <= SMALL).then(|| op.holds(left, right)),
    }
}

/// Whether the sum of two texts is the one after the other: neither numbers nor dates and times.
#[must_use]
#[inline]
pub fn joins(left: &Text, right: &Text) -> bool {
    !(left.may_be_special() && right.may_be_special())
}

#[inline]
fn may_be_nearly(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.may_be_nearly())
}
