//! Tasks of operators.

mod functions;

pub use functions::FUNCTIONS;
