//! Deals, which the functions call orders.

mod functions;
mod question_functions;

pub use functions::FUNCTIONS;
pub use question_functions::QUESTIONS;
