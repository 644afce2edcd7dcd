//! `calc lsp`: the editor server.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::lsp::{self, EditorOptions};
use crate::options::DialectName;

/// Serve an editor: the Language Server Protocol over standard input and output
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(long, value_enum, help = "How lines that do not parse are taken (default: that of calc.toml, else strict)")]
    dialect: Option<DialectName>,
    #[arg(long, value_name = "FILE", help = "A project whose variables count as set and whose ids are known")]
    fixture: Option<PathBuf>,
    #[arg(long, help = "Accepted because editors pass it; there is no other way to talk")]
    stdio: bool,
}

pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    // What the command line names has to be there; what settings name may come later.
    arguments.fixture.as_deref().map(crate::bot::project).transpose()?;
    lsp::serve(EditorOptions { dialect: arguments.dialect.map(Into::into), fixture: arguments.fixture.clone() })
}
