//! The calculator.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod builtin;
pub mod check;
pub mod crm;
pub mod diagnostic;
pub mod engine;
mod eval;
pub mod reference;
pub mod stdlib;
pub mod syntax;
pub mod text;
pub mod value;
