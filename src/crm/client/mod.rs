//! Clients.

mod functions;

pub use functions::FUNCTIONS;
