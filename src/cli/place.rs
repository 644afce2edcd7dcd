//! Where a command works: the database, the project, the client, the time.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use calc::crm::{self, SqliteStore, Store, StoreError, StoreErrorKind};
use calc::store::{Batch, Durability, IdPool, Rows, Transaction};
use chrono::{DateTime, Utc};

use crate::clock;
use crate::failure::Failure;
use crate::options::PlaceOptions;
use crate::terminal::Terminal;

/// Project and first client of the demo project, so that a script that needs no CRM need not make it.
pub const DEMO_PROJECT: i64 = 1;
pub const DEMO_CLIENT: i64 = 101;

/// A database in memory with the demo project, made when it is first needed.
#[derive(Clone, Default)]
pub struct DemoStore(Arc<Demo>);

#[derive(Default)]
struct Demo {
    made: OnceLock<Result<SqliteStore, StoreError>>,
    ids: IdPool,
}

impl Store for DemoStore {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.made()?.read(batch)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        self.made()?.write(batch, durability)
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.made()?.begin()
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn ids(&self) -> &IdPool {
        &self.0.ids
    }
}

impl DemoStore {
    fn made(&self) -> Result<&SqliteStore, StoreError> {
        self.0.made.get_or_init(Self::make).as_ref().map_err(Clone::clone)
    }

    fn make() -> Result<SqliteStore, StoreError> {
        let store = SqliteStore::in_memory()?;
        let demo = crm::demo().map_err(|error| StoreError::new(StoreErrorKind::Corrupt, error.to_string()))?;
        crm::load(&store, &demo)?;
        Ok(store)
    }
}

/// The database of a command.
pub struct Place {
    pub store: Box<dyn Store>,
    pub is_demo: bool,
    project: Option<i64>,
}

/// Opens the database, making it and its tables when `create`.
pub fn open(options: &PlaceOptions, create: bool) -> Result<Place, Failure> {
    let Some(url) = options.db.as_deref().filter(|url| !url.is_empty()) else {
        return Ok(Place { store: Box::<DemoStore>::default(), is_demo: true, project: options.project });
    };
    let store = open_url(url, create)?;
    Ok(Place { store, is_demo: false, project: options.project })
}

/// Opens the database that the options must name.
pub fn open_named(options: &PlaceOptions, create: bool) -> Result<Place, Failure> {
    name_of_database(options)?;
    open(options, create)
}

/// The database of the options, which must name one.
pub fn name_of_database(options: &PlaceOptions) -> Result<&str, Failure> {
    let named = options.db.as_deref().filter(|url| !url.is_empty());
    named.ok_or_else(|| Failure::usage("name the database with --db, such as --db sqlite://bot.db"))
}

fn open_url(url: &str, create: bool) -> Result<Box<dyn Store>, Failure> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        #[cfg(feature = "postgres")]
        return match calc::store::PostgresStore::open(url, create) {
            Ok(store) => Ok(Box::new(store)),
            Err(error) if error.kind() == StoreErrorKind::Address => Err(Failure::usage(error.message().to_owned())),
            Err(error) => Err(error.into()),
        };
        #[cfg(not(feature = "postgres"))]
        return Err(Failure::usage("this `calc` was built without PostgreSQL (the feature `postgres`): use sqlite://FILE"));
    }
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    let path = match path {
        Some(path) => path,
        None if url.contains("://") => {
            return Err(Failure::usage(format!(
                "`{url}` is no database this program knows: write sqlite://FILE or postgres://USER@HOST/DATABASE"
            )));
        }
        None => url,
    };
    if path.is_empty() {
        return Err(Failure::usage("the name of the database file is missing: write sqlite://FILE or postgres://USER@HOST/DATABASE"));
    }
    Ok(Box::new(SqliteStore::open(Path::new(path), create)?))
}

impl Place {
    /// The project to work in: the one named, else the only one there is.
    pub fn project(&self) -> Result<i64, Failure> {
        if let Some(project) = self.project {
            return Ok(project);
        }
        if self.is_demo {
            return Ok(DEMO_PROJECT);
        }
        match crm::project_ids(&*self.store)?.as_slice() {
            [only] => Ok(*only),
            [] => Err(Failure::usage("the database holds no project: load one with `calc crm load FILE --db URL`")),
            several => {
                let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
                Err(Failure::usage(format!("the database holds several projects: name one with --project ({})", ids.join(", "))))
            }
        }
    }

    /// The client to work for.
    pub fn client(&self, named: Option<i64>) -> Result<i64, Failure> {
        match named {
            Some(client) => Ok(client),
            None if self.is_demo => Ok(DEMO_CLIENT),
            None => Err(Failure::usage("name the client with --client ID")),
        }
    }

    /// The time of a run: the one given, in the project's time zone, else now.
    pub fn now(&self, given: Option<&str>) -> Result<DateTime<Utc>, Failure> {
        let Some(text) = given else { return Ok(SystemTime::now().into()) };
        let local = clock::local_time(text)?;
        let id = self.project()?;
        let Some(project) = crm::project(&*self.store, id)? else {
            return Err(Failure::usage(format!("there is no project `{id}`")));
        };
        clock::in_zone(local, project.time_zone)
    }

    /// Says on standard error that nothing will last.
    pub fn announce_demo(&self, terminal: &Terminal) -> Result<(), Failure> {
        if self.is_demo { terminal.remark("no --db given: this runs on a throw-away copy of the demo project") } else { Ok(()) }
    }
}
