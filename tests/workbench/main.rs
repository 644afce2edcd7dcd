//! The commands that people work with while they write a bot: the REPL and the tests of scripts.

#![cfg(all(feature = "cli", unix))]

mod repl;
mod script_tests;
mod trace;
