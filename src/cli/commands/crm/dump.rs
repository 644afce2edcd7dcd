//! `calc crm dump`: a whole project as JSON, or one client of it.

use calc::crm::{self, ClientId, ProjectFile, ProjectId, Store};
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
    #[arg(long, value_name = "ID", help = "Only this client with its deals and tasks, and the main client it is linked to")]
    client: Option<ClientId>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let target = target::open(&arguments.target, OpenMode::Read)?;
    let project = target.project()?;
    target.announce_demo(terminal)?;
    let file = match arguments.client {
        Some(client) => one_client(&*target.store, project, client)?,
        None => crm::dump(&*target.store, project)?.ok_or_else(|| no_such_project(project))?,
    };
    terminal.print_raw(&format!("{}\n", file.to_text().trim_end()))?;
    Ok(0)
}

/// A project with one client, which can be loaded: a link to a main client that is not there could not.
fn one_client(store: &dyn Store, project: ProjectId, client: ClientId) -> Result<ProjectFile, Failure> {
    let mut file = crm::dump_client(store, project, client)?.ok_or_else(|| no_such_project(project))?;
    let Some(entry) = file.clients.first() else {
        return Err(Failure::usage(message!("no-such-client", client = client.to_string())));
    };
    if let Some(main) = entry.client.main_client
        && let Some(linked) = crm::dump_client(store, project, main)?
    {
        file.clients.extend(linked.clients);
        file.clients.sort_by_key(|entry| entry.client.id);
        file.deals.extend(linked.deals);
        file.deals.sort_by_key(|entry| entry.deal.id);
        file.tasks.extend(linked.tasks);
        file.tasks.sort_by_key(|task| task.id);
        // Each has all lists and labels, with its own client.
        for entry in &mut file.lists {
            let same = linked.lists.iter().find(|other| other.list.id == entry.list.id);
            entry.clients.extend(same.iter().flat_map(|other| &other.clients));
            entry.clients.sort_unstable();
        }
        for entry in &mut file.labels {
            let same = linked.labels.iter().find(|other| other.label.id == entry.label.id);
            entry.clients.extend(same.iter().flat_map(|other| &other.clients));
            entry.clients.sort_unstable();
        }
    }
    Ok(file)
}

fn no_such_project(project: ProjectId) -> Failure {
    Failure::usage(message!("no-such-project", project = project.to_string()))
}
