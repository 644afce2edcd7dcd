//! What tests begin with that do not say it themselves: the options of the command.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::SystemTime;

use calc::crm::{self, BlockId, ClientId, ProjectFile};
use calc::wording::message;
use chrono::{DateTime, NaiveDateTime, Utc};

use super::TestDefaults;
use crate::clock;
use crate::database::{self, OpenMode};
use crate::failure::Failure;
use crate::{source, target};

/// What tests begin with.
#[derive(Default)]
pub struct Start {
    project: OnceLock<ProjectFile>,
    pub client: Option<ClientId>,
    pub block: Option<BlockId>,
    pub now: DateTime<Utc>,
    /// The time that was given, which is in the time zone of the project of each test.
    pub local_now: Option<NaiveDateTime>,
    pub seed: u64,
    /// The files that tests have read.
    pub read: Mutex<BTreeSet<PathBuf>>,
}

impl Start {
    pub fn new(options: &TestDefaults) -> Result<Self, Failure> {
        let project = match (&options.fixture, &options.db) {
            (Some(_), Some(_)) => return Err(Failure::usage(message!("fixture-or-database"))),
            (Some(path), None) => {
                let source = source::read(path)?;
                let mut project = target::read_project_file(&source.name, &source.text, options.now.as_deref())?;
                project.project.id = options.project.unwrap_or(project.project.id);
                Some(project)
            }
            (None, Some(url)) => {
                let store = database::open(url, OpenMode::Read)?;
                let id = target::project_of(&*store, options.project)?;
                Some(
                    crm::dump(&*store, id)?
                        .ok_or_else(|| Failure::usage(message!("no-such-project-in", project = id.to_string(), name = url)))?,
                )
            }
            (None, None) => None,
        };
        let mut start = Self { client: options.client, block: options.block, seed: options.seed, ..Self::default() };
        start.local_now = options.now.as_deref().map(clock::local_time).transpose()?;
        match project {
            Some(project) => drop(start.project.set(project)),
            None if options.project.is_some() => {
                let mut demo = demo()?;
                demo.project.id = options.project.unwrap_or(demo.project.id);
                let _ = start.project.set(demo);
            }
            None => {}
        }
        start.now = match start.local_now {
            Some(local) => clock::in_zone(local, start.project()?.project.time_zone)?,
            None => SystemTime::now().into(),
        };
        Ok(start)
    }

    /// The project that tests begin with; read once for all of them.
    pub fn project(&self) -> Result<&ProjectFile, Failure> {
        if self.project.get().is_none() {
            let _ = self.project.set(demo()?);
        }
        self.project.get().ok_or_else(|| Failure::usage(message!("database-without-projects")))
    }
}

fn demo() -> Result<ProjectFile, Failure> {
    crm::demo().map_err(|error| Failure::usage(error.message()))
}
