//! Equality, order and containment (language.md L4.6). None of them ever fails.

use std::cmp::Ordering;

use super::{Text, Value};
use crate::value::calendar::{Moment, parse_moment};
use crate::value::number::{self, Number};

impl Value {
    /// `==`: numbers and number-like texts by value, dates and times by value, `None == ""`, containers deeply.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => texts_equal(left, right),
            (Self::None, Self::None) => true,
            (Self::None, Self::Text(text)) | (Self::Text(text), Self::None) => text.is_empty(),
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| left.equals(right))
            }
            (Self::Dict(left), Self::Dict(right)) => {
                left.len() == right.len() && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| value.equals(other)))
            }
            (Self::None | Self::List(_) | Self::Dict(_), _) | (_, Self::None | Self::List(_) | Self::Dict(_)) => false,
            _ => match (self.as_number(), other.as_number()) {
                (Some(left), Some(right)) => numbers(left, right) == Some(Ordering::Equal),
                _ => false,
            },
        }
    }

    /// The order of two values; `None` when they have none, and then every comparison is false.
    #[must_use]
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            (Self::Float(left), Self::Float(right)) => left.get().partial_cmp(&right.get()),
            (Self::Text(left), Self::Text(right)) => Some(order_texts(left, right)),
            // As in Python: the first two items that differ decide, else the longer list is the larger.
            (Self::List(left), Self::List(right)) => match left.iter().zip(right.iter()).find(|(left, right)| !left.equals(right)) {
                Some((left, right)) => left.order(right),
                None => Some(left.len().cmp(&right.len())),
            },
            _ => numbers(self.as_number()?, other.as_number()?),
        }
    }

    /// `in`: an item of a list, a key of a dict, a part of a text; false on anything else.
    #[must_use]
    pub fn contains(&self, value: &Self) -> bool {
        match self {
            Self::List(items) => items.iter().any(|item| item.equals(value)),
            Self::Dict(entries) => key_text(value).is_some_and(|key| entries.get(&key).is_some()),
            Self::Text(text) => !matches!(value, Self::None) && text.contains(&*value.interpolated()),
            _ => false,
        }
    }
}

/// L4.2: the key that a text or a number is; `None` for anything else.
#[must_use]
pub(crate) fn key_text(key: &Value) -> Option<Text> {
    match key {
        Value::Text(text) => Some(text.clone()),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) => Some(key.to_interpolated()),
        _ => None,
    }
}

fn texts_equal(left: &Text, right: &Text) -> bool {
    if left == right {
        return true;
    }
    if !left.may_be_special() || !right.may_be_special() {
        return false;
    }
    match (number::parse(left), number::parse(right)) {
        (Some(left), Some(right)) => return numbers(left, right) == Some(Ordering::Equal),
        (None, None) => {}
        _ => return false,
    }
    matches!((parse_moment(left), parse_moment(right)), (Some(left), Some(right)) if left == right)
}

fn order_texts(left: &Text, right: &Text) -> Ordering {
    if left.may_be_special()
        && right.may_be_special()
        && let Some(order) = order_special(left, right)
    {
        return order;
    }
    left.cmp(right)
}

/// The order of two number-likes, dates, times or date-times by value.
fn order_special(left: &str, right: &str) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (number::parse(left), number::parse(right)) {
        return numbers(left, right);
    }
    order_moments(parse_moment(left)?, parse_moment(right)?)
}

/// The order of two moments of one kind.
pub(crate) fn order_moments(left: Moment, right: Moment) -> Option<Ordering> {
    match (left, right) {
        (Moment::Date(left), Moment::Date(right)) => Some(left.cmp(&right)),
        (Moment::Time(left), Moment::Time(right)) => Some(left.cmp(&right)),
        (Moment::DateTime(left), Moment::DateTime(right)) => Some(left.cmp(&right)),
        _ => None,
    }
}

/// The order of two numbers by value, exact also where an integer does not fit a float.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the range is checked first")]
pub(crate) fn numbers(left: Number, right: Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
        (Number::Float(left), Number::Float(right)) => left.partial_cmp(&right),
        (Number::Int(int), Number::Float(float)) => Some(int_float(int, float)),
        (Number::Float(float), Number::Int(int)) => Some(int_float(int, float).reverse()),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the range is checked first")]
fn int_float(int: i64, float: f64) -> Ordering {
    if float >= 9_223_372_036_854_775_808.0 {
        return Ordering::Less;
    }
    if float < -9_223_372_036_854_775_808.0 {
        return Ordering::Greater;
    }
    let whole = float.floor();
    match int.cmp(&(whole as i64)) {
        Ordering::Equal if float > whole => Ordering::Less,
        order => order,
    }
}
