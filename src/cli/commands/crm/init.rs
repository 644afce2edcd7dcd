//! `calc crm init`: a database and its tables.

use crate::database::OpenMode;
use crate::failure::Failure;
use crate::options::TargetOptions;
use crate::target;

/// Make a database and its tables
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    target: TargetOptions,
}

pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    target::name_of_database(&arguments.target)?;
    target::open_named(&arguments.target, OpenMode::Create)?;
    Ok(0)
}
