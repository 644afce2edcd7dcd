//! Blocks through the face of the library: the order of events, messages that are refused, units of work, variables and
//! their limits, notices, conversations, and many threads on one database.

#![cfg(feature = "sqlite")]

#[path = "../harness/mod.rs"]
mod harness;

mod conversation;
mod limits;
mod message;
mod notices;
mod threads;
mod unit_of_work;
mod variables;
