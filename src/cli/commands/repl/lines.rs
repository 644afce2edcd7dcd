//! Inputs from a pipe or a file: no prompt, one input after another.

use std::io::BufRead as _;

use calc::surface::{Completeness, completeness, starts_statement};
use calc::wording::message;

use super::answer::{AfterInput, Repl};
use crate::failure::{Failure, of_system};
use crate::source;

/// Answers every input of standard input, up to its end or `:quit`.
pub fn run(repl: &mut Repl<'_>) -> Result<(), Failure> {
    let mut gathered = Gathered::default();
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock();
    loop {
        bytes.clear();
        match input.read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                return Err(Failure::usage(message!("file-problem", name = message!("standard-input"), problem = of_system(&error))));
            }
        }
        let Ok(line) = std::str::from_utf8(&bytes) else {
            let opened = gathered.rest().map(|text| format!("{text}\n")).unwrap_or_default();
            repl.answer_source(&source::decoded("input".to_owned(), [opened.as_bytes(), &bytes].concat(), false))?;
            continue;
        };
        for input in gathered.add(line.trim_end_matches(['\n', '\r'])) {
            if repl.answer(&input)? == AfterInput::Quit {
                return Ok(());
            }
        }
    }
    match gathered.rest() {
        Some(input) => repl.answer(&input).map(|_| ()),
        None => Ok(()),
    }
}

/// Lines that wait for the rest of their input.
#[derive(Default)]
struct Gathered {
    text: String,
    state: Option<Completeness>,
}

impl Gathered {
    /// Adds a line; returns the inputs that it completes.
    fn add(&mut self, line: &str) -> Vec<String> {
        let mut complete = Vec::new();
        // Nobody leaves an empty line between a block and what comes after it in a file.
        if self.state == Some(Completeness::OpenBlock) && starts_statement(line) {
            complete.extend(self.rest());
        }
        if self.state.is_some() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        let is_command = self.state.is_none() && line.trim_start().starts_with(':');
        match completeness(&self.text) {
            open if open != Completeness::Complete && !is_command => self.state = Some(open),
            // An `else` or a comment at the margin may go on with the block, so only an empty line surely ends it.
            _ if self.state == Some(Completeness::OpenBlock) && !line.trim().is_empty() => {}
            _ => complete.extend(self.rest()),
        }
        complete
    }

    /// What there is, complete or not.
    fn rest(&mut self) -> Option<String> {
        self.state = None;
        let text = std::mem::take(&mut self.text);
        (!text.trim().is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Gathered;

    fn inputs(text: &str) -> Vec<String> {
        let mut gathered = Gathered::default();
        let mut all: Vec<String> = text.lines().flat_map(|line| gathered.add(line)).collect();
        all.extend(gathered.rest());
        all
    }

    #[test]
    fn inputs_end_where_nothing_is_open() {
        assert_eq!(inputs("x = 1\n\ny = (1,\n2)\n:vars"), ["x = 1", "y = (1,\n2)", ":vars"]);
        assert_eq!(inputs("if x:\n    y = 1\n\nz = 1"), ["if x:\n    y = 1\n", "z = 1"]);
        assert_eq!(inputs("def f():\n    return 1\nf()"), ["def f():\n    return 1", "f()"]);
        assert_eq!(inputs("if x:\n    y = 1\nelse: y = 2\nz = 1"), ["if x:\n    y = 1\nelse: y = 2", "z = 1"]);
        assert_eq!(inputs("if x:\n    y = 1\n# why\n    y = 2\nz = 1"), ["if x:\n    y = 1\n# why\n    y = 2", "z = 1"]);
        assert_eq!(inputs("if x:\n    y = 1\n:vars"), ["if x:\n    y = 1", ":vars"]);
        assert_eq!(inputs(":message Is it open:"), [":message Is it open:"]);
        assert_eq!(inputs("x = (1"), ["x = (1"]);
    }
}
