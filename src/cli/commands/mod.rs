//! The commands, one file each: its arguments, from which its help comes, and what it does.

mod check;
mod completions;
mod crm;
mod doc;
mod eval;
mod explain;
mod fix;
mod fmt;
mod lsp;
mod repl;
mod run;
pub mod test;
mod trace;
mod worker;

use std::sync::LazyLock;

use calc::wording::Language;
use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::terminal::{ColorChoice, Terminal};

/// Runs and checks calculator scripts of sales chatbots.
///
/// Exit codes: 0 fine, 1 the script ended in an error or its message was refused, 2 wrong usage, 3 the store failed or
/// the output could not be written.
#[derive(Debug, Parser)]
#[command(name = "calc", version = VERSION.as_str(), max_term_width = 100)]
pub struct Arguments {
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", help = "When to use colors")]
    pub color: ColorChoice,
    #[arg(long, short, global = true, help = "Print errors, values and messages only")]
    pub quiet: bool,
    #[arg(long, global = true, help = "The language of messages: en or ru (default: CALC_LANG, else the system's)")]
    pub lang: Option<Language>,
    #[command(subcommand)]
    pub command: Command,
}

/// Time zones and the database engine are compiled in, so the version names them.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{} (time zones IANA {}, SQLite {}, database schema {})",
        env!("CARGO_PKG_VERSION"),
        chrono_tz::IANA_TZDB_VERSION,
        calc::crm::SqliteStore::engine_version(),
        calc::store::SCHEMA_VERSION,
    )
});

#[derive(Debug, Subcommand)]
pub enum Command {
    Run(run::Arguments),
    Eval(eval::Arguments),
    Check(check::Arguments),
    Fix(fix::Arguments),
    Fmt(fmt::Arguments),
    Lsp(lsp::Arguments),
    Repl(repl::Arguments),
    Test(test::Arguments),
    Crm(crm::Arguments),
    Doc(doc::Arguments),
    Explain(explain::Arguments),
    Worker(worker::Arguments),
    Completions(completions::Arguments),
    Man(completions::ManArguments),
}

impl Command {
    /// Does what the command is for; returns the exit code.
    pub fn run(&self, terminal: &Terminal) -> Result<u8, Failure> {
        match self {
            Self::Run(arguments) => run::run(arguments, terminal),
            Self::Eval(arguments) => eval::run(arguments, terminal),
            Self::Check(arguments) => check::run(arguments, terminal),
            Self::Fix(arguments) => fix::run(arguments, terminal),
            Self::Fmt(arguments) => fmt::run(arguments, terminal),
            Self::Lsp(arguments) => lsp::run(arguments),
            Self::Repl(arguments) => repl::run(arguments, terminal),
            Self::Test(arguments) => test::run(arguments, terminal),
            Self::Crm(arguments) => crm::run(arguments, terminal),
            Self::Doc(arguments) => doc::run(arguments, terminal),
            Self::Explain(arguments) => explain::run(arguments, terminal),
            Self::Worker(arguments) => worker::run(arguments, terminal),
            Self::Completions(arguments) => completions::run(arguments, terminal),
            Self::Man(arguments) => completions::man(arguments, terminal),
        }
    }
}
