//! Databases by their address, and the one in memory that holds the demo project.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use calc::crm::{self, SqliteStore, Store, StoreError, StoreErrorKind};
use calc::store::{Batch, Durability, IdPool, Rows, Transaction};
use calc::wording::message;

use crate::failure::Failure;

/// What a command does with a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Makes it and its tables when they are missing.
    Create,
    /// Only reads one that is there, be it in a folder where nothing may be written.
    Read,
}

/// Opens a database by its address.
pub fn open(url: &str, access: OpenMode) -> Result<Box<dyn Store>, Failure> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return open_postgres(url, access);
    }
    let address = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    let (path, parameters) = match address {
        Some(address) => address.split_once('?').unwrap_or((address, "")),
        None if url.contains("://") => {
            return Err(Failure::usage(message!("not-a-database-address", url = url)));
        }
        None => (url, ""),
    };
    if path.is_empty() {
        return Err(Failure::usage(message!("database-file-missing")));
    }
    if path == ":memory:" {
        return Err(Failure::usage(message!("database-in-memory")));
    }
    open_sqlite(Path::new(path), SqliteMode::of(parameters, access)?)
}

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SqliteMode {
    Create,
    Existing,
    /// For writing if that is possible: it is kinder to a database in use.
    Readable,
    ReadOnly,
}

impl SqliteMode {
    /// The mode that the part of an address after `?` asks for.
    fn of(parameters: &str, access: OpenMode) -> Result<Self, Failure> {
        let mut mode = match access {
            OpenMode::Create => Self::Create,
            OpenMode::Read => Self::Readable,
        };
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            mode = match (parameter, access) {
                ("mode=rwc", _) => mode,
                ("mode=rw", OpenMode::Create) => Self::Existing,
                ("mode=rw", OpenMode::Read) => Self::Readable,
                ("mode=ro", _) => Self::ReadOnly,
                _ => {
                    return Err(Failure::usage(message!("unknown-database-parameter", parameter = parameter)));
                }
            };
        }
        Ok(mode)
    }
}

fn open_sqlite(path: &Path, mode: SqliteMode) -> Result<Box<dyn Store>, Failure> {
    let store = match mode {
        SqliteMode::Create => SqliteStore::open(path, true),
        SqliteMode::Existing => SqliteStore::open(path, false),
        SqliteMode::ReadOnly => SqliteStore::open_read_only(path),
        SqliteMode::Readable => match SqliteStore::open(path, false) {
            Err(error) if error.kind() == StoreErrorKind::Unavailable => SqliteStore::open_read_only(path),
            result => result,
        },
    };
    Ok(Box::new(store?))
}

#[cfg(feature = "postgres")]
fn open_postgres(url: &str, access: OpenMode) -> Result<Box<dyn Store>, Failure> {
    match calc::store::PostgresStore::open(url, access == OpenMode::Create) {
        Ok(store) => Ok(Box::new(store)),
        Err(error) if error.kind() == StoreErrorKind::Address => Err(Failure::usage(error.message().clone())),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(feature = "postgres"))]
fn open_postgres(_: &str, _: OpenMode) -> Result<Box<dyn Store>, Failure> {
    Err(Failure::usage(message!("without-postgres")))
}

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
        let demo = crm::demo().map_err(|error| StoreError::new(StoreErrorKind::Corrupt, error.message()))?;
        crm::load(&store, &demo)?;
        Ok(store)
    }
}
