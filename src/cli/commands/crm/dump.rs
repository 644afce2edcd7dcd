//! `calc crm dump`: a whole project as JSON.

use calc::crm::{self, ProjectFile};

use crate::database::Access;
use crate::failure::Failure;
use crate::options::PlaceOptions;
use crate::place::{self, Place};
use crate::terminal::Terminal;

/// Write a project as JSON to standard output
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    place: PlaceOptions,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let (file, place) = read_project(&arguments.place)?;
    place.announce_demo(terminal)?;
    terminal.print_raw(&format!("{}\n", file.to_text().trim_end()))?;
    Ok(0)
}

pub(super) fn read_project(options: &PlaceOptions) -> Result<(ProjectFile, Place), Failure> {
    let place = place::open(options, Access::Read)?;
    let project = place.project()?;
    match crm::dump(&*place.store, project)? {
        Some(file) => Ok((file, place)),
        None => Err(Failure::usage(format!("there is no project `{project}`"))),
    }
}
