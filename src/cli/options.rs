//! Options that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use calc::crm::{BlockId, ClientId, ProjectId};

/// Which database and project.
#[derive(Debug, Args)]
pub struct TargetOptions {
    #[arg(long, env = "CALC_DB", value_name = "URL", help = "The database, such as sqlite://bot.db (default: a throw-away demo project)")]
    pub db: Option<String>,
    #[arg(long, value_name = "FILE", help = "A project file to work on a throw-away copy of, in place of a database")]
    pub fixture: Option<PathBuf>,
    #[arg(long, value_name = "ID", help = "The project (default: the only one there is)")]
    pub project: Option<ProjectId>,
}

/// How a script is run.
#[derive(Debug, Args)]
pub struct RunOptions {
    #[command(flatten)]
    pub target: TargetOptions,
    #[arg(long, value_name = "ID", help = "The client (default with the demo project: its first)")]
    pub client: Option<ClientId>,
    #[arg(long, value_name = "ID", help = "The block the visit is recorded for")]
    pub block: Option<BlockId>,
    #[arg(long, value_name = "ID", allow_hyphen_values = true, help = "The id of the event: the same one twice runs once")]
    pub event: Option<String>,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help = "What the client wrote")]
    pub text: Option<String>,
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        conflicts_with = "text",
        help = "A hidden text that the bot takes for a command"
    )]
    pub callback: Option<String>,
    #[arg(long, value_name = "TIME", help = "The time of the run in the project's time zone, such as '2026-11-22 10:00'")]
    pub now: Option<String>,
    #[arg(long, value_name = "N", help = "The seed of random functions, for runs that can be repeated")]
    pub seed: Option<u64>,
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
    pub dialect: DialectName,
    #[arg(long, value_enum, default_value_t = AbsentName::Error, help = "What calls of platform functions that are not here do")]
    pub absent: AbsentName,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AbsentName {
    /// They are errors
    Error,
    /// They do nothing and return None
    None,
}

impl From<AbsentName> for calc::Absent {
    fn from(name: AbsentName) -> Self {
        match name {
            AbsentName::Error => Self::Error,
            AbsentName::None => Self::None,
        }
    }
}
