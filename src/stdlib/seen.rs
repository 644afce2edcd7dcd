//! Sets of values under the equality of the language, so that lists are compared without looking at every pair.

use std::collections::HashSet;

use crate::function::{CallResult, Context};
use crate::value::calendar::{Moment, parse_moment};
use crate::value::number::Number;
use crate::value::{Text, Value};

/// What equal values have in common; lists and dicts have none and are compared one by one.
#[derive(PartialEq, Eq, Hash)]
enum EqualityKey {
    Int(i64),
    Float(u64),
    Date(i64),
    Time(i64),
    DateTime(i64),
    Text(Text),
}

/// Values seen so far.
#[derive(Default)]
pub(super) struct Seen<'v> {
    keys: HashSet<EqualityKey, foldhash::fast::RandomState>,
    containers: Vec<&'v Value>,
}

/// What one key costs.
const PER_KEY: usize = 48;
/// What a comparison costs besides the values that are compared.
const COMPARED: u64 = 16;

impl<'v> Seen<'v> {
    /// All values of a list.
    pub(super) fn all(context: &Context<'_>, values: &'v [Value]) -> CallResult<Self> {
        let mut seen = Self::default();
        context.check_memory(values.len() * PER_KEY)?;
        for value in values {
            context.work(PER_KEY as u64 + value.size())?;
            match key(value) {
                Some(key) => _ = seen.keys.insert(key),
                None => seen.containers.push(value),
            }
        }
        Ok(seen)
    }

    /// Whether a value equal to this one is there.
    pub(super) fn has(&self, context: &Context<'_>, value: &Value) -> CallResult<bool> {
        context.work(PER_KEY as u64 + value.size())?;
        if let Some(key) = key(value) {
            return Ok(self.keys.contains(&key));
        }
        for seen in &self.containers {
            context.work(COMPARED + seen.size().min(value.size()))?;
            if seen.equals(value) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Adds a value; whether no equal one was there.
    pub(super) fn add(&mut self, context: &Context<'_>, value: &'v Value) -> CallResult<bool> {
        if let Some(key) = key(value) {
            context.work(PER_KEY as u64 + value.size())?;
            return Ok(self.keys.insert(key));
        }
        let is_new = !self.has(context, value)?;
        if is_new {
            self.containers.push(value);
        }
        Ok(is_new)
    }
}

fn key(value: &Value) -> Option<EqualityKey> {
    if let Some(number) = value.as_number() {
        return Some(number_key(number));
    }
    match value {
        Value::None => Some(EqualityKey::Text(Text::EMPTY)),
        Value::Text(text) => Some(match parse_moment(text) {
            None => EqualityKey::Text(text.clone()),
            Some(Moment::Time(minutes)) => EqualityKey::Time(minutes),
            Some(Moment::Date(date)) => EqualityKey::Date(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()),
            Some(Moment::DateTime(moment)) => EqualityKey::DateTime(moment.and_utc().timestamp()),
        }),
        _ => None,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the range is checked first")]
fn number_key(number: Number) -> EqualityKey {
    match number {
        Number::Int(int) => EqualityKey::Int(int),
        // Integers and floats are equal by value, up to the largest integer.
        Number::Float(float) if float.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float) => {
            EqualityKey::Int(float as i64)
        }
        Number::Float(float) => EqualityKey::Float(float.to_bits()),
    }
}
