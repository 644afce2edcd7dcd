//! The functions of the language, each declared once; one file a group, one table a file.

mod math;

use crate::builtin::{Builtin, Registry};

/// Every table of functions, in the order of the reference.
pub static GROUPS: &[&[Builtin]] = &[math::MATH];

/// The registry of all functions of the language.
#[must_use]
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    for group in GROUPS {
        registry.add(group);
    }
    registry
}
