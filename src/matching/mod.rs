//! Which texts fit: patterns, and texts that are nearly the same. General functions and those of the CRM search alike.

mod likeness;
pub mod pattern;
mod search;
mod timed_search;

pub use likeness::are_alike;
pub use search::Pattern;
