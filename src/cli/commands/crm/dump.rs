//! `calc crm dump`: a whole project as JSON.

use calc::crm;
use calc::wording::message;

use crate::database::Access;
use crate::failure::Failure;
use crate::options::PlaceOptions;
use crate::place;
use crate::terminal::Terminal;

/// Write a project as JSON to standard output
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    place: PlaceOptions,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let place = place::open(&arguments.place, Access::Read)?;
    let project = place.project()?;
    place.announce_demo(terminal)?;
    let file =
        crm::dump(&*place.store, project)?.ok_or_else(|| Failure::usage(message!("no-such-project", project = project.to_string())))?;
    terminal.print_raw(&format!("{}\n", file.to_text().trim_end()))?;
    Ok(0)
}
