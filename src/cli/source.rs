//! Reads scripts from files or standard input.

use std::io::Read as _;
use std::path::Path;

use calc::diagnostic::{Code, Diagnostic, Span};
use calc::wording::message;

use crate::failure::{Failure, of_system};
use crate::language::say;

/// A text with the name it is shown under.
pub struct Source {
    pub name: String,
    pub text: String,
    /// What is wrong with its bytes.
    pub problem: Option<Diagnostic>,
    /// Whether a line `---` ends the calculator and begins a message.
    pub may_be_block: bool,
}

/// Reads a file, or standard input for `-`.
pub fn read(path: &Path) -> Result<Source, Failure> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { say(&message!("standard-input")) } else { path.display().to_string() };
    let mut bytes = Vec::new();
    let result = if is_stdin { std::io::stdin().read_to_end(&mut bytes).map(|_| ()) } else { std::fs::read(path).map(|read| bytes = read) };
    if let Err(error) = result {
        return Err(Failure::usage(message!("file-problem", name = name, problem = of_system(&error))));
    }
    let may_be_block = is_stdin || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("block"));
    Ok(decoded(name, bytes, may_be_block))
}

/// A script from its bytes.
pub fn decoded(name: String, bytes: Vec<u8>, may_be_block: bool) -> Source {
    match String::from_utf8(bytes) {
        Ok(text) => Source { name, text, problem: None, may_be_block },
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let at = u32::try_from(valid).unwrap_or(u32::MAX);
            let problem = Diagnostic::new(Code::InvalidUtf8, Span::new(at, at.saturating_add(1)), message!("byte-is-not-text"))
                .help(message!("byte-is-not-text-help"));
            Source { name, text, problem: Some(problem), may_be_block }
        }
    }
}
