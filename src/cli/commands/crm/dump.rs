//! `calc crm dump`: a whole project as JSON.

use calc::crm;
use calc::wording::message;

use crate::database::OpenMode;
use crate::failure::Failure;
use crate::options::TargetOptions;
use crate::target;
use crate::terminal::Terminal;

/// Write a project as JSON to standard output
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    target: TargetOptions,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let target = target::open(&arguments.target, OpenMode::Read)?;
    let project = target.project()?;
    target.announce_demo(terminal)?;
    let file =
        crm::dump(&*target.store, project)?.ok_or_else(|| Failure::usage(message!("no-such-project", project = project.to_string())))?;
    terminal.print_raw(&format!("{}\n", file.to_text().trim_end()))?;
    Ok(0)
}
