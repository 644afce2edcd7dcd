//! The command line: what can be typed, declared once; help comes from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs and checks calculator scripts of sales chatbots.
///
/// Exit codes: 0 fine, 1 the script ended in an error or its message was refused, 2 wrong usage, 3 the store failed.
#[derive(Debug, Parser)]
#[command(name = "calc", version = VERSION, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// The time zone tables are compiled in, so the version names them.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (time zones ", "IANA ", "2025b", ")");

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run calculators (.calc) or blocks (.block: calculator, a line `---`, message) one after another for one client
    Run {
        /// The files; `-` is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        run: RunOptions,
    },
    /// Run a script given here, and print its value
    Eval {
        /// The script
        #[arg(allow_hyphen_values = true)]
        script: String,
        #[command(flatten)]
        run: RunOptions,
    },
    /// Report every error and warning of scripts; nothing is run
    Check {
        /// The files; `-` is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
        dialect: DialectName,
        #[arg(long, value_enum, default_value_t = Format::Text, help = "For people or for programs")]
        format: Format,
        #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. nesting=100; may be repeated")]
        limits: Vec<String>,
    },
    /// Make, load, dump or show a CRM database
    Crm {
        #[command(subcommand)]
        command: CrmCommand,
    },
    /// Show the documentation of functions
    Doc {
        /// A function or built-in variable; without it all are listed
        name: Option<String>,
        /// Show the functions whose name or documentation has this word
        #[arg(long, conflicts_with = "name", value_name = "WORD")]
        search: Option<String>,
    },
    /// Explain a diagnostic, such as E0403
    Explain {
        /// The code; without it all are listed
        code: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum CrmCommand {
    /// Make a database and its tables
    Init {
        #[command(flatten)]
        place: PlaceOptions,
    },
    /// Load projects from JSON files, one each; a project of the same id is replaced
    Load {
        /// The files; `-` is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        place: PlaceOptions,
    },
    /// Write a project as JSON to standard output
    Dump {
        #[command(flatten)]
        place: PlaceOptions,
    },
    /// Show a client with its deals and tasks
    Show {
        #[command(flatten)]
        place: PlaceOptions,
        #[arg(long, value_name = "ID", help = "The client (default with the demo project: its first)")]
        client: Option<i64>,
    },
}

/// Which database and project.
#[derive(Debug, Args)]
pub struct PlaceOptions {
    #[arg(long, env = "CALC_DB", value_name = "URL", help = "The database, such as sqlite://bot.db (default: a throw-away demo project)")]
    pub db: Option<String>,
    #[arg(long, value_name = "ID", help = "The project (default: the only one there is)")]
    pub project: Option<i64>,
}

/// How a script is run.
#[derive(Debug, Args)]
pub struct RunOptions {
    #[command(flatten)]
    pub place: PlaceOptions,
    #[arg(long, value_name = "ID", help = "The client (default with the demo project: its first)")]
    pub client: Option<i64>,
    #[arg(long, value_name = "ID", help = "The block the visit is recorded for")]
    pub block: Option<i64>,
    #[arg(long, value_name = "ID", help = "The id of the event: the same one twice runs once")]
    pub event: Option<String>,
    #[arg(long, value_name = "TEXT", help = "What the client wrote")]
    pub text: Option<String>,
    #[arg(long, value_name = "TIME", help = "The time of the run in the project's time zone, such as '2026-11-22 10:00'")]
    pub now: Option<String>,
    #[arg(long, value_name = "N", help = "The seed of chance, for runs that can be repeated")]
    pub seed: Option<u64>,
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
    pub dialect: DialectName,
    #[arg(long, help = "Show all effects and keep none")]
    pub dry_run: bool,
    #[arg(long, value_enum, default_value_t = Format::Text, help = "For people or for programs")]
    pub format: Format,
    #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. steps=1000; may be repeated; times in milliseconds")]
    pub limits: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DialectName {
    /// A line that does not parse is an error
    Strict,
    /// What the vendor keeps as text is kept as text
    Mavibot,
}

impl From<DialectName> for calc::engine::Dialect {
    fn from(name: DialectName) -> Self {
        match name {
            DialectName::Strict => Self::Strict,
            DialectName::Mavibot => Self::Mavibot,
        }
    }
}
