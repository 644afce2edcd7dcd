//! The functions of the language, each declared once, one table a file; and the variables that are always there.

mod crm_arguments;
mod crm_clients;
mod crm_deal_questions;
mod crm_deals;
mod crm_more;
mod crm_tasks;
mod dates;
mod dicts;
mod encodings;
mod haystack;
mod lists;
mod math;
mod numbers;
mod ordering;
pub mod pattern;
mod patterns;
mod python;
mod same;
pub mod strftime;
mod text;
mod tools;
mod variables;

use std::borrow::Cow;

use crate::diagnostic::{Code, Fault};
use crate::function::{Builtin, CallResult, Context, Registry, Whole};
use crate::value::{MAX_DEPTH, Value};

/// Every table of functions, in the order of the reference.
pub static GROUPS: &[&[Builtin]] = &[
    math::MATH,
    numbers::NUMBERS,
    text::TEXT,
    patterns::PATTERNS,
    encodings::ENCODINGS,
    dates::DATES,
    lists::LISTS,
    dicts::DICTS,
    tools::TOOLS,
    python::PYTHON,
    crm_clients::CLIENTS,
    crm_tasks::TASKS,
    crm_deals::DEALS,
    crm_deal_questions::DEAL_QUESTIONS,
    crm_more::MORE,
];

/// The registry of all functions and variables of the language.
#[must_use]
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    for group in GROUPS {
        registry.add(group);
    }
    registry.add_variables(variables::VARIABLES);
    registry
}

/// Where the slice `[a:b]` of so many things begins and ends: clamped, negative positions from the end.
fn positions(length: usize, a: Option<Whole>, b: Option<Whole>) -> (usize, usize) {
    let clamp = |Whole(position): Whole| match usize::try_from(position) {
        Ok(position) => position.min(length),
        Err(_) => length.saturating_sub(usize::try_from(position.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let start = a.map_or(0, clamp);
    (start, b.map_or(length, clamp).max(start))
}

/// The position that an index means, negative ones from the end; `None` outside.
fn position(length: usize, index: i64) -> Option<usize> {
    let position = match usize::try_from(index) {
        Ok(position) => position,
        Err(_) => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    (position < length).then_some(position)
}

/// The text form of a value, `None` as empty text, when there is room for it.
fn text_of<'v>(context: &Context<'_>, value: &'v Value) -> CallResult<Cow<'v, str>> {
    room_for_text(context, value)?;
    Ok(value.filling())
}

/// Asks for room for the text form of a value; only that of a list or a dict can be much larger than the value.
#[inline]
fn room_for_text(context: &Context<'_>, value: &Value) -> CallResult<()> {
    if !matches!(value, Value::List(_) | Value::Dict(_)) {
        return Ok(());
    }
    let size = value.text_size(context.limits().memory).unwrap_or(usize::MAX);
    Ok(context.room(size)?)
}

/// A value that was put together here, unless it has more levels than a value may have.
fn not_too_deep<T: Into<Value>>(value: T) -> CallResult<Value> {
    let value = value.into();
    if value.is_too_deep() {
        let fault = Fault::new(Code::ValueTooDeep, format!("lists and dicts inside each other have more than {MAX_DEPTH} levels"));
        return Err(Box::new(fault.help("keep values in one list instead of lists inside lists")).into());
    }
    Ok(value)
}
