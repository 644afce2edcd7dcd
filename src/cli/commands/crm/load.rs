//! `calc crm load`: projects from JSON files.

use std::path::PathBuf;

use calc::crm::{self, ProjectFile, ProjectSize, Store};
use calc::diagnostic::visible::visible;
use calc::wording::{Message, message};
use indicatif::{ProgressBar, ProgressStyle};

use crate::database::OpenMode;
use crate::failure::Failure;
use crate::language::say;
use crate::options::TargetOptions;
use crate::terminal::Terminal;
use crate::{source, target};

/// Load projects from JSON files, one each
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The files; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    target: TargetOptions,
    #[arg(long, help = "Replace a project of the same id, with everything in it")]
    replace: bool,
    #[arg(long, value_name = "TIME", help = "The time that counts where a file gives none, in its time zone (default: now)")]
    now: Option<String>,
}

/// From so many clients, deals and tasks on there is a bar.
const LONG: u64 = 5_000;

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    target::name_of_database(&arguments.target)?;
    if arguments.target.project.is_some() && arguments.files.len() > 1 {
        return Err(Failure::usage(message!("load-one-after-another")));
    }
    let mut projects = Vec::new();
    // All files are read before the first is loaded: a mistake in the last one changes nothing.
    for path in &arguments.files {
        let source = source::read(path)?;
        if let Some(problem) = source.problem {
            return Err(Failure::usage(message!("file-problem", name = source.name, problem = problem.message)));
        }
        let mut project = target::read_project_file(&source.name, &source.text, arguments.now.as_deref())?;
        if let Some(id) = arguments.target.project {
            project.project.id = id;
        }
        projects.push((source.name, project));
    }
    let target = target::open_named(&arguments.target, OpenMode::Create)?;
    let mut sizes = Vec::new();
    for (name, project) in &projects {
        let there = crm::size(&*target.store, project.project.id)?;
        if let Some(there) = there.as_ref().filter(|_| !arguments.replace) {
            let id = project.project.id.to_string();
            return Err(Failure::usage(message!("project-is-there", name = name, id = id, size = in_words(there))));
        }
        sizes.push(there);
    }
    for ((name, project), there) in projects.iter().zip(sizes) {
        load(&*target.store, project, terminal)?;
        if terminal.is_quiet() {
            continue;
        }
        let (id, came) = (project.project.id.to_string(), in_words(&project.size()));
        terminal.line(&say(&match there {
            None => message!("project-loaded", name = name, id = id, size = came),
            Some(there) => message!("project-replaced", name = name, id = id, went = in_words(&there), came = came),
        }))?;
    }
    Ok(0)
}

fn load(store: &dyn Store, project: &ProjectFile, terminal: &Terminal) -> Result<(), Failure> {
    let size = project.size();
    let count = u64::try_from(size.clients + size.deals + size.tasks).unwrap_or_default();
    if count < LONG || terminal.is_quiet() {
        return Ok(crm::load(store, project)?);
    }
    // Draws on standard error, and nothing where that is not a terminal.
    let bar = ProgressBar::new(count);
    if let Ok(style) = ProgressStyle::with_template(&say(&message!("loading-bar"))) {
        bar.set_style(style);
    }
    crm::load_watched(store, project, &mut |written| bar.set_position(u64::try_from(written).unwrap_or(count)))?;
    bar.finish_and_clear();
    Ok(())
}

/// `"Shop" with 2 clients, 1 deal, 0 tasks`
fn in_words(size: &ProjectSize) -> Message {
    let clients = message!("count-clients", count = size.clients);
    let deals = message!("count-deals", count = size.deals);
    let tasks = message!("count-tasks", count = size.tasks);
    message!("project-size", name = visible(&size.name).into_owned(), clients = clients, deals = deals, tasks = tasks)
}
