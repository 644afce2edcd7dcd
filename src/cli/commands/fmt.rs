//! `calc fmt`: lays scripts out in the one standard way.

use std::path::PathBuf;

use calc::engine::{Engine, Unformatted};
use calc::wording::message;

use crate::failure::Failure;
use crate::files::{self, Rewrite};
use crate::language::say;
use crate::options::DialectName;
use crate::report;
use crate::setup;
use crate::source::{self, Source};
use crate::terminal::Terminal;

/// Lay scripts out in the one standard way; prints the names of the files it changes
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The files or folders; `-` reads standard input and writes standard output
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long, help = "Change nothing, name the files that would change, and exit with 1 if there are any")]
    check: bool,
    #[arg(long, conflicts_with = "check", help = "Change nothing and show what would change; exit with 1 if anything would")]
    diff: bool,
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
    dialect: DialectName,
    #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. nesting=100; may be repeated")]
    limits: Vec<String>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let engine = setup::engine(arguments.dialect.into(), &arguments.limits)?;
    let mut exit = 0;
    for path in files::expand(&arguments.files)? {
        let source = match source::read(&path) {
            Ok(source) => source,
            Err(failure) => {
                exit = 1;
                failure.report(terminal)?;
                continue;
            }
        };
        let Some(text) = formatted(&engine, &source, terminal)? else {
            exit = 1;
            continue;
        };
        let is_stdin = path.as_os_str() == "-";
        let is_changed = text != source.text;
        if arguments.diff {
            let diff = Rewrite { name: &source.name, before: &source.text, after: &text }.diff();
            terminal.print(&diff)?;
        } else if is_changed && (arguments.check || !is_stdin) {
            if !arguments.check {
                files::write(&path, &text)?;
            }
            terminal.line(&source.name)?;
        } else if is_stdin && !arguments.check {
            terminal.print_raw(&text)?;
        }
        if is_changed && (arguments.check || arguments.diff) {
            exit = 1;
        }
    }
    Ok(exit)
}

/// The text laid out; `None` when it was reported why it cannot be.
fn formatted(engine: &Engine, source: &Source, terminal: &Terminal) -> Result<Option<String>, Failure> {
    let result = match &source.problem {
        Some(problem) => Err(Unformatted::Broken(vec![problem.clone()])),
        None if source.may_be_block => engine.format_block_file(&source.text),
        None => engine.format(&source.text),
    };
    let reason = match result {
        Ok(text) => return Ok(Some(text)),
        Err(Unformatted::Broken(diagnostics)) => {
            terminal.error_raw(&report::drawn(&source.name, &source.text, &diagnostics, terminal.error_colors()))?;
            report::count(&diagnostics)
        }
        Err(Unformatted::Changed) => say(&message!("formatted-means-something-else")),
    };
    terminal.error_line(&say(&message!("left-as-it-is", name = &source.name, reason = reason)))?;
    Ok(None)
}
