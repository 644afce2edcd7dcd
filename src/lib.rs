//! The calculator.

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
