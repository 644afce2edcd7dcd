//! The order in which `sort`, `max` and `min` see values: all dates, all times or all date-times by value; otherwise numbers
//! and number-likes by value, then texts by code point, then lists item by item, then the rest as they stood.

use std::cmp::Ordering;

use crate::value::calendar::{Moment, parse_moment};
use crate::value::{Text, Value};

/// What a value is sorted by.
enum SortKey {
    Moment(i64),
    Number(Value),
    Text(Text),
    List(Vec<SortKey>),
    Rest,
}

impl SortKey {
    /// By the rules above; anything that has no order is equal to its like and last either way.
    fn order(&self, other: &Self, descending: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Rest, Self::Rest) => return Ordering::Equal,
            (Self::Rest, _) => return Ordering::Greater,
            (_, Self::Rest) => return Ordering::Less,
            (Self::Moment(left), Self::Moment(right)) => left.cmp(right),
            (Self::Number(left), Self::Number(right)) => left.order(right).unwrap_or(Ordering::Equal),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::List(left), Self::List(right)) => {
                let items = left.iter().zip(right).map(|(left, right)| left.order(right, false));
                items.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| left.len().cmp(&right.len()))
            }
            _ => self.kind().cmp(&other.kind()),
        };
        if descending { order.reverse() } else { order }
    }

    /// Where values of this kind stand among the others.
    fn kind(&self) -> u8 {
        match self {
            Self::Moment(_) | Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::List(_) => 2,
            Self::Rest => 3,
        }
    }
}

/// The ranks of values that are compared with each other.
fn ranks<'v>(values: impl Iterator<Item = &'v Value> + Clone) -> Vec<SortKey> {
    moments(values.clone()).unwrap_or_else(|| values.map(rank).collect())
}

fn rank(value: &Value) -> SortKey {
    match (value.as_number(), value) {
        (Some(number), _) => SortKey::Number(number.into()),
        (None, Value::Text(text)) => SortKey::Text(text.clone()),
        (None, Value::List(items)) => SortKey::List(items.iter().map(rank).collect()),
        _ => SortKey::Rest,
    }
}

/// The values as moments when all are of one kind.
fn moments<'v>(values: impl Iterator<Item = &'v Value>) -> Option<Vec<SortKey>> {
    let mut kind = None;
    values
        .map(|value| {
            let Value::Text(text) = value else { return None };
            let moment = parse_moment(text)?;
            let rank = match moment {
                Moment::Date(date) => date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp(),
                Moment::Time(minutes) => minutes,
                Moment::DateTime(moment) => moment.and_utc().timestamp(),
            };
            let this_kind = std::mem::discriminant(&moment);
            (*kind.get_or_insert(this_kind) == this_kind).then_some(SortKey::Moment(rank))
        })
        .collect()
}

/// Sorts things by the values they stand for; equal ones stay as they stood.
pub(super) fn sort_by_value<T>(things: Vec<T>, value_of: impl Fn(&T) -> &Value + Copy, descending: bool) -> Vec<T> {
    let ranks = ranks(things.iter().map(value_of));
    let mut ranked: Vec<(SortKey, T)> = ranks.into_iter().zip(things).collect();
    ranked.sort_by(|(left, _), (right, _)| left.order(right, descending));
    ranked.into_iter().map(|(_, thing)| thing).collect()
}

/// The first of the largest values; `None` when there is no value.
pub(super) fn greatest(values: Vec<Value>) -> Option<Value> {
    first(values, true)
}

/// The first of the smallest values; `None` when there is no value.
pub(super) fn least(values: Vec<Value>) -> Option<Value> {
    first(values, false)
}

fn first(values: Vec<Value>, descending: bool) -> Option<Value> {
    let ranks = ranks(values.iter());
    let ranked = ranks.into_iter().zip(values);
    ranked.reduce(|best, next| if next.0.order(&best.0, descending) == Ordering::Less { next } else { best }).map(|(_, value)| value)
}
