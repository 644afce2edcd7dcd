//! What the documentation shows is true: scripts in pages and in examples/ run and return what they say, commands print
//! what the README shows, every documented example of the vendor has the documented result.

#[cfg(all(unix, feature = "cli"))]
mod console;
#[cfg(feature = "sqlite")]
mod error_pages;
#[cfg(feature = "sqlite")]
mod examples;
#[cfg(feature = "sqlite")]
#[path = "../harness/mod.rs"]
mod harness;
#[cfg(feature = "sqlite")]
mod language;
#[cfg(feature = "sqlite")]
mod pages;
#[cfg(all(unix, feature = "cli"))]
mod readme;
// They use `sed`, `/dev/full` and the like.
#[cfg(all(target_os = "linux", feature = "cli"))]
mod transcripts;
#[cfg(feature = "sqlite")]
mod vendor_examples;
