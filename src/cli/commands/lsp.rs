//! `calc lsp`: the editor server.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::options::DialectName;
use crate::{lsp, setup};

/// Serve an editor: the Language Server Protocol over standard input and output
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
    dialect: DialectName,
    #[arg(long, value_name = "FILE", help = "A project whose variables count as set and whose ids are known")]
    fixture: Option<PathBuf>,
    #[arg(long, help = "Accepted because editors pass it; there is no other way to talk")]
    stdio: bool,
}

pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let engine = setup::engine(arguments.dialect.into(), &[])?;
    lsp::serve(engine, arguments.fixture.as_ref())
}
