//! The CRM functions and built-in variables as a script calls them, on the demo project: what they take, what they return,
//! what they return when they refuse. What they do is tested in `crm_contract`.
#![cfg(feature = "sqlite")]
#![allow(clippy::needless_pass_by_value, reason = "rows of a table are read best as values")]

mod clients;
mod deals;
mod declarations;
mod lists;
mod refusals;
mod support;
mod tables;
mod tasks;
mod variables;
