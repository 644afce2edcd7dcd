//! What a command works on: the database, the project, the client, the time.

use std::path::Path;
use std::time::SystemTime;

use calc::crm::{self, ClientId, ProjectFile, ProjectId, SqliteStore, Store};
use calc::wording::message;
use chrono::{DateTime, Utc};

use crate::clock;
use crate::database::{self, DemoStore, OpenMode};
use crate::failure::Failure;
use crate::language::say;
use crate::options::TargetOptions;
use crate::source;
use crate::terminal::Terminal;

/// Project and first client of the demo project, so that a script that needs no CRM need not make it.
pub const DEMO_PROJECT: ProjectId = ProjectId(1);
pub const DEMO_CLIENT: ClientId = ClientId(101);

/// The database of a command.
pub struct Target {
    pub store: Box<dyn Store>,
    pub is_demo: bool,
    project: Option<ProjectId>,
    /// The client to work for when none is named.
    client: Option<ClientId>,
}

/// Opens the database, or the demo project when none is named.
pub fn open(options: &TargetOptions, access: OpenMode) -> Result<Target, Failure> {
    if let Some(path) = &options.fixture {
        return open_fixture(path, options.project);
    }
    Ok(match options.db.as_deref().filter(|url| !url.is_empty()) {
        None => Target { store: Box::<DemoStore>::default(), is_demo: true, project: options.project, client: Some(DEMO_CLIENT) },
        Some(url) => Target { store: database::open(url, access)?, is_demo: false, project: options.project, client: None },
    })
}

/// A database in memory that holds the project of a file.
fn open_fixture(path: &Path, project: Option<ProjectId>) -> Result<Target, Failure> {
    let source = source::read(path)?;
    let mut file = read_project_file(&source.name, &source.text, None)?;
    file.project.id = project.unwrap_or(file.project.id);
    let store = SqliteStore::in_memory()?;
    crm::load(&store, &file)?;
    let client = file.clients.iter().map(|entry| entry.client.id).min();
    Ok(Target { store: Box::new(store), is_demo: false, project: Some(file.project.id), client })
}

/// Opens the database that the options must name, or the throw-away copy of a fixture.
pub fn open_named(options: &TargetOptions, access: OpenMode) -> Result<Target, Failure> {
    if options.fixture.is_none() {
        name_of_database(options)?;
    }
    open(options, access)
}

/// The database of the options, which must name one to leave something in it.
pub fn name_of_database(options: &TargetOptions) -> Result<&str, Failure> {
    if options.fixture.is_some() {
        return Err(Failure::usage(message!("fixture-keeps-nothing")));
    }
    let named = options.db.as_deref().filter(|url| !url.is_empty());
    named.ok_or_else(|| Failure::usage(message!("name-the-database")))
}

impl Target {
    /// The project to work in: the one named, else the only one there is.
    pub fn project(&self) -> Result<ProjectId, Failure> {
        if self.is_demo && self.project.is_none() { Ok(DEMO_PROJECT) } else { project_of(&*self.store, self.project) }
    }

    /// The client to work for.
    pub fn client(&self, named: Option<ClientId>) -> Result<ClientId, Failure> {
        named.or(self.client).ok_or_else(|| Failure::usage(message!("name-the-client")))
    }

    /// The time of a run: the one given, in the project's time zone, else now.
    pub fn now(&self, given: Option<&str>) -> Result<DateTime<Utc>, Failure> {
        let Some(text) = given else { return Ok(SystemTime::now().into()) };
        let local = clock::local_time(text)?;
        let id = self.project()?;
        let Some(project) = crm::project(&*self.store, id)? else {
            return Err(Failure::usage(message!("no-such-project", project = id.to_string())));
        };
        clock::in_zone(local, project.time_zone)
    }

    /// Says on standard error that nothing will last.
    pub fn announce_demo(&self, terminal: &Terminal) -> Result<(), Failure> {
        if self.is_demo { terminal.remark(&say(&message!("runs-on-demo"))) } else { Ok(()) }
    }
}

/// Reads a project from the text of a file; times that it leaves out are `now`, else the time of day.
pub fn read_project_file(name: &str, text: &str, now: Option<&str>) -> Result<ProjectFile, Failure> {
    let parse = |now| {
        ProjectFile::parse(text, now).map_err(|error| Failure {
            lines: std::iter::once(&error)
                .chain(&error.more)
                .map(|error| message!("file-problem", name = name, problem = error.message()))
                .collect(),
            code: 2,
        })
    };
    let project = parse(SystemTime::now().into())?;
    match now {
        None => Ok(project),
        // The file says in which time zone the time is.
        Some(now) => parse(clock::in_zone(clock::local_time(now)?, project.project.time_zone)?),
    }
}

/// The project to work in: the one named, else the only one there is.
pub fn project_of(store: &dyn Store, named: Option<ProjectId>) -> Result<ProjectId, Failure> {
    if let Some(project) = named {
        return Ok(project);
    }
    match crm::project_ids(store)?.as_slice() {
        [only] => Ok(*only),
        [] => Err(Failure::usage(message!("database-without-projects"))),
        several => {
            let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
            Err(Failure::usage(message!("name-the-project", ids = ids.join(", "))))
        }
    }
}
