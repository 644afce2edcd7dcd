//! The calculator.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod check;
pub mod compile;
pub mod crm;
pub mod diagnostic;
pub mod engine;
mod eval;
mod format;
pub mod function;
pub mod pipeline;
mod program;
pub mod reference;
pub mod stdlib;
pub mod store;
pub mod syntax;
pub mod value;
pub mod wording;
