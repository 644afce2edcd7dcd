//! `calc crm load`: projects from JSON files.

use std::path::PathBuf;

use calc::crm::{self, ProjectFile};

use crate::failure::Failure;
use crate::options::PlaceOptions;
use crate::terminal::Terminal;
use crate::{place, source};

/// Load projects from JSON files, one each; a project of the same id is replaced
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The files; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    place: PlaceOptions,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    place::name_of_database(&arguments.place)?;
    let mut projects = Vec::new();
    // All files are read before the first is loaded: a mistake in the last one changes nothing.
    for path in &arguments.files {
        let source = source::read(path)?;
        if let Some(problem) = source.problem {
            return Err(Failure::usage(format!("{}: {}", source.name, problem.message)));
        }
        let now = std::time::SystemTime::now().into();
        let project = ProjectFile::parse(&source.text, now).map_err(|error| Failure::usage(format!("{}: {error}", source.name)))?;
        projects.push((source.name, project));
    }
    let place = place::open_named(&arguments.place, true)?;
    for (name, project) in &projects {
        crm::load(&*place.store, project)?;
        terminal.remark(&format!("{name} loaded"))?;
    }
    Ok(0)
}
