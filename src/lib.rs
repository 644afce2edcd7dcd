//! The calculator.

pub mod builtin;
pub mod check;
pub mod crm;
pub mod diagnostic;
mod eval;
pub mod stdlib;
pub mod syntax;
pub mod text;
pub mod value;
