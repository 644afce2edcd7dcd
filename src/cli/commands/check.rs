//! `calc check`: every error and warning of files; nothing is run.

use std::path::PathBuf;

use calc::engine::{Report, Status};

use crate::failure::Failure;
use crate::options::{DialectName, Format};
use crate::report;
use crate::terminal::Terminal;
use crate::{setup, source};

/// Report every error and warning of scripts; nothing is run
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The files; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
    dialect: DialectName,
    #[arg(long, value_enum, default_value_t = Format::Text, help = "For people or for programs")]
    format: Format,
    #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. nesting=100; may be repeated")]
    limits: Vec<String>,
}

/// Checks every file; one that cannot be read is an error of its own, and the others are checked all the same.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let engine = setup::engine(arguments.dialect.into(), &arguments.limits)?;
    let mut exit = 0;
    for path in &arguments.files {
        let source = match source::read(path) {
            Ok(source) => source,
            Err(failure) => {
                exit = 1;
                failure.report(terminal)?;
                continue;
            }
        };
        let (mut diagnostics, status) = match setup::compile(&engine, &source, None) {
            Ok(block) => {
                let mut diagnostics = block.warnings().to_vec();
                diagnostics.extend_from_slice(block.unset_words());
                (diagnostics, Status::Ok)
            }
            Err(diagnostics) => {
                exit = 1;
                (diagnostics, Status::Error)
            }
        };
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        if arguments.format == Format::Json {
            let reports: Vec<Report> = Report::all(&diagnostics, &source.text, engine.language());
            let line = serde_json::json!({ "file": source.name, "status": status, "diagnostics": reports });
            terminal.print_raw(&format!("{line}\n"))?;
        } else if !diagnostics.is_empty() {
            terminal.print_raw(&report::drawn(&source.name, &source.text, &diagnostics, terminal.out_colors()))?;
            terminal.line(&format!("{}: {}", source.name, report::count(&diagnostics)))?;
        }
    }
    Ok(exit)
}
