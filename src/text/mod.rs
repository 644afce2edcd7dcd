//! Plain text knowledge that every layer above shares: numbers, dates, times and JSON as people write them.
//! Knows no script value, no syntax and no CRM.

pub mod calendar;
pub mod decimal;
pub mod json;
pub mod locale;
pub mod number;
pub mod pattern;
pub mod strftime;
