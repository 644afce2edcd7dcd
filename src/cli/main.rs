//! The `calc` command. Everything that prints, reads files, the environment or the clock is in this folder.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod arguments;
mod crm;
mod doc;
mod failure;
mod people;
mod place;
mod run;
mod source;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Command::Run { files, run } => run::files(files, run),
        Command::Eval { script, run } => run::eval(script, run),
        Command::Check { files, dialect, format, limits } => run::check(files, (*dialect).into(), *format, limits),
        Command::Crm { command } => crm::run(command),
        Command::Doc { name, search } => doc::doc(name.as_deref(), search.as_deref()),
        Command::Explain { code } => doc::explain(code.as_deref()),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("calc: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}
