//! The calculator.

pub mod crm;
pub mod text;
