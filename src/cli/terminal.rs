//! The two output streams: who may colour them, and the one way text reaches them.
//! A write that fails is a failure of the command; a reader that closed its end has what it came for.

use std::cell::Cell;
use std::io::{ErrorKind, IsTerminal, Stderr, Stdout, Write, stderr, stdout};

use calc::diagnostic::visible::{visible, visible_lines};
use calc::wording::message;
use clap::ValueEnum;

use crate::failure::Failure;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`
    #[default]
    Auto,
    Always,
    Never,
}

/// Standard output and standard error.
pub struct Terminal {
    out: Stdout,
    error: Stderr,
    out_colors: bool,
    error_colors: bool,
    is_quiet: bool,
    is_reader_gone: Cell<bool>,
}

impl Terminal {
    pub fn new(choice: ColorChoice, is_quiet: bool) -> Self {
        let (out_colors, error_colors) = (colors(choice, &stdout()), colors(choice, &stderr()));
        Self { out: stdout(), error: stderr(), out_colors, error_colors, is_quiet, is_reader_gone: Cell::new(false) }
    }

    /// Whether drawings on standard output may have colours.
    pub fn out_colors(&self) -> bool {
        self.out_colors
    }

    /// Whether drawings on standard error may have colours.
    pub fn error_colors(&self) -> bool {
        self.error_colors
    }

    /// Writes text for people to standard output. Line ends and tabs are kept, other control characters are made
    /// visible: the text may come from anyone.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        self.print_raw(&visible_lines(text))
    }

    /// Writes a line for people to standard output.
    pub fn line(&self, text: &str) -> Result<(), Failure> {
        self.print(&format!("{text}\n"))
    }

    /// Writes to standard output what is for programs, or has colours of our own and was made visible before.
    pub fn print_raw(&self, text: &str) -> Result<(), Failure> {
        match write(&mut self.out.lock(), text) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_reader_gone.set(true);
                Ok(())
            }
            result => result.map_err(|error| Failure::output(message!("standard-output"), &error)),
        }
    }

    /// Whether whoever read standard output has closed it: nobody will see what is written there.
    pub fn is_reader_gone(&self) -> bool {
        self.is_reader_gone.get()
    }

    /// Writes a line for people to standard error; a line end in it is foreign and is made visible too.
    pub fn error_line(&self, text: &str) -> Result<(), Failure> {
        self.error_raw(&format!("{}\n", visible(text)))
    }

    /// Writes to standard error what has colours of our own and was made visible before.
    pub fn error_raw(&self, text: &str) -> Result<(), Failure> {
        match write(&mut self.error.lock(), text) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(|error| Failure::output(message!("standard-error"), &error)),
        }
    }

    /// Writes a line to standard error that `-q` leaves out.
    pub fn remark(&self, text: &str) -> Result<(), Failure> {
        if self.is_quiet { Ok(()) } else { self.error_line(text) }
    }

    /// Whether only errors, values and messages are asked for.
    pub fn is_quiet(&self) -> bool {
        self.is_quiet
    }
}

fn write(stream: &mut impl Write, text: &str) -> Result<(), std::io::Error> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

fn colors(choice: ColorChoice, stream: &impl IsTerminal) -> bool {
    let is_unset = |name: &str| std::env::var_os(name).is_none_or(|value| value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            stream.is_terminal() && is_unset("NO_COLOR") && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
        }
    }
}
