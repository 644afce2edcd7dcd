//! `calc crm init`: a database and its tables.

use crate::database::Access;
use crate::failure::Failure;
use crate::options::PlaceOptions;
use crate::place;

/// Make a database and its tables
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    place: PlaceOptions,
}

pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    place::name_of_database(&arguments.place)?;
    place::open_named(&arguments.place, Access::Create)?;
    Ok(0)
}
