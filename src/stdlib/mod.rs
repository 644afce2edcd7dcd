//! The general functions, each declared once, one table a file, and the variables that need no CRM.

mod dates;
mod dicts;
mod encodings;
mod lists;
mod math;
mod numbers;
mod ordering;
mod patterns;
mod python;
mod seen;
mod text;
mod tools;
mod variables;

use std::borrow::Cow;

use crate::diagnostic::{Code, Fault};
use crate::function::{Builtin, CallResult, Context, Registry, Whole};
use crate::value::operators::range::Range;
use crate::value::{MAX_DEPTH, Value};
use crate::wording::message;

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
];

/// A registry of the general functions and variables.
#[must_use]
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    for group in GROUPS {
        registry.add(group.iter().cloned());
    }
    registry.add_variables(variables::VARIABLES.iter().cloned());
    registry
}

/// The positions of the slice `[a:b]` of so many things.
fn slice_range(length: usize, a: Option<Whole>, b: Option<Whole>) -> Range {
    Range::of(length, a.map(|a| a.0), b.map(|b| b.0))
}

/// The text form of a value, `None` as empty text, when there is room for it.
fn text_of<'v>(context: &Context<'_>, value: &'v Value) -> CallResult<Cow<'v, str>> {
    context.check_memory_for_text(value)?;
    Ok(value.interpolated())
}

/// A value that was put together here, unless it has more levels than a value may have.
fn not_too_deep<T: Into<Value>>(value: T) -> CallResult<Value> {
    let value = value.into();
    if value.is_too_deep() {
        let fault = Fault::new(Code::ValueTooDeep, message!("value-too-deep", limit = MAX_DEPTH));
        return Err(Box::new(fault.help(message!("flat-list-help"))).into());
    }
    Ok(value)
}
