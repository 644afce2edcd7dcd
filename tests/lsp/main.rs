//! The editor server as an editor talks to it: the real binary, over its pipes.

#![cfg(feature = "cli")]

mod editor;
mod features;
mod odd;
mod pages;
mod settings;
mod test_runs;
