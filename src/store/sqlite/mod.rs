//! The `SQLite` driver: one connection that transactions take in turn, every statement prepared once.
//! The only folder that knows `rusqlite`; knows no table.

mod statistics;

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema;
use super::statements;
use super::{Batch, Cell, Parameter, Rows, Store, StoreError, StoreErrorKind, Transaction};

/// How long a transaction waits for the one before it, in this process or another, unless the host says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// A `SQLite` database, in a file or in memory.
pub struct SqliteStore {
    shared: Arc<Shared>,
    patience: Duration,
}

/// What a store shares with its open transactions.
struct Shared {
    /// The connection, while no transaction has it.
    idle: Mutex<Option<Connection>>,
    returned: Condvar,
}

impl SqliteStore {
    /// Opens a database file. With `create` file and tables are made when missing and tables brought up to date;
    /// without it both must be there.
    ///
    /// # Errors
    /// When there is none, it is none, it cannot be opened, or a newer version of this program made it.
    pub fn open(path: &Path, create: bool) -> Result<Self, StoreError> {
        if !create && !path.exists() {
            let message = format!("there is no database `{}`", path.display());
            return Err(StoreError::new(StoreErrorKind::Missing, message));
        }
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if create {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let connection = Connection::open_with_flags(path, flags).map_err(|error| opening(path, &error))?;
        connection.busy_timeout(PATIENCE).map_err(|error| opening(path, &error))?;
        // The answer of `journal_mode` is a row, so it is asked for instead of set.
        connection
            .query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
            .and_then(|()| connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY"))
            .map_err(|error| opening(path, &error))?;
        let store = Self::with(connection)?;
        if !create && !store.has_tables()? {
            let message = format!("the database `{}` holds no project: `calc crm init` makes its tables", path.display());
            return Err(StoreError::new(StoreErrorKind::Missing, message));
        }
        store.prepare()
    }

    /// Makes an empty database in memory; it goes when the store is dropped.
    ///
    /// # Errors
    /// When `SQLite` cannot make it.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::with(Connection::open_in_memory().map_err(|error| failure("opening", &error))?)?.prepare()
    }

    /// Makes the tables or brings them up to date.
    fn prepare(self) -> Result<Self, StoreError> {
        schema::upgrade(&self)?;
        statistics::provide(self.connection()?.get_mut()?).map_err(|error| failure("preparing the tables", &error))?;
        Ok(self)
    }

    fn with(connection: Connection) -> Result<Self, StoreError> {
        // A plan must not depend on the values bound: else statements are prepared anew whenever one is, at ten times the cost.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .and_then(|_| connection.execute_batch("PRAGMA foreign_keys = ON"))
            .map_err(|error| failure("opening", &error))?;
        // Room for every statement and for BEGIN, COMMIT and ROLLBACK: none is ever prepared twice.
        connection.set_prepared_statement_cache_capacity(statements::ALL.len() + 8);
        let shared = Shared { idle: Mutex::new(Some(connection)), returned: Condvar::new() };
        Ok(Self { shared: Arc::new(shared), patience: PATIENCE })
    }

    /// The same store with another patience: how long a transaction waits for the one before it.
    ///
    /// # Errors
    /// When `SQLite` refuses the time.
    pub fn with_patience(mut self, patience: Duration) -> Result<Self, StoreError> {
        self.connection()?.get()?.busy_timeout(patience).map_err(|error| failure("setting the patience", &error))?;
        self.patience = patience;
        Ok(self)
    }

    fn has_tables(&self) -> Result<bool, StoreError> {
        let connection = self.connection()?;
        let count: i64 = connection
            .get()?
            .query_row("SELECT COUNT(*) FROM sqlite_master WHERE name = 'calc_schema'", [], |row| row.get(0))
            .map_err(|error| failure("looking for tables", &error))?;
        Ok(count > 0)
    }

    /// Takes the connection. Waiting ends with an error, so that a second transaction of one thread is no deadlock.
    fn connection(&self) -> Result<Borrowed, StoreError> {
        let Shared { idle, returned } = &*self.shared;
        let (mut idle, _) =
            returned.wait_timeout_while(lock(idle), self.patience, |idle| idle.is_none()).unwrap_or_else(PoisonError::into_inner);
        match idle.take() {
            Some(connection) => Ok(Borrowed { connection: Some(connection), store: Arc::clone(&self.shared) }),
            None => {
                let message = format!("another transaction has held the database for {:?}", self.patience);
                Err(StoreError::new(StoreErrorKind::Busy, message))
            }
        }
    }

    /// The steps by which `SQLite` would run a statement, one line each, for tests of the indexes.
    ///
    /// # Errors
    /// When the statement cannot be prepared.
    pub fn plan(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let connection = self.connection()?;
        let explain = |error: rusqlite::Error| failure("explaining", &error);
        let mut statement = connection.get()?.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).map_err(explain)?;
        let mut rows = statement.raw_query();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().map_err(explain)? {
            lines.push(row.get::<_, String>(3).map_err(explain)?);
        }
        Ok(lines)
    }
}

impl Store for SqliteStore {
    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let connection = self.connection()?;
        if !connection.get()?.is_autocommit() {
            execute(connection.get()?, "ROLLBACK")?;
        }
        execute(connection.get()?, "BEGIN IMMEDIATE")?;
        Ok(Box::new(SqliteTransaction { connection, open: true }))
    }
}

/// The connection on loan: it comes back when this is dropped.
struct Borrowed {
    connection: Option<Connection>,
    store: Arc<Shared>,
}

impl Borrowed {
    fn get(&self) -> Result<&Connection, StoreError> {
        self.connection.as_ref().ok_or_else(returned)
    }

    fn get_mut(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or_else(returned)
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        *lock(&self.store.idle) = self.connection.take();
        self.store.returned.notify_one();
    }
}

#[cold]
fn returned() -> StoreError {
    StoreError::new(StoreErrorKind::Other, "the connection was returned already")
}

/// Locks. A thread that panicked left nothing half done: an open transaction was taken back when it was dropped.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct SqliteTransaction {
    connection: Borrowed,
    open: bool,
}

impl Transaction for SqliteTransaction {
    fn run(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        let connection = self.connection.get()?;
        let mut results = Vec::with_capacity(batch.len());
        for (statement, parameters) in batch.iter() {
            let failed = |error: rusqlite::Error| failure(statement.name, &error);
            let clustered;
            let sql = if statement.sql.ends_with(schema::CLUSTERED) {
                clustered = statement.sql.replace(schema::CLUSTERED, "WITHOUT ROWID");
                &clustered
            } else {
                statement.sql
            };
            let mut prepared = connection.prepare_cached(sql).map_err(failed)?;
            for (index, parameter) in parameters.iter().enumerate() {
                match parameter {
                    Parameter::Null => prepared.raw_bind_parameter(index + 1, rusqlite::types::Null),
                    Parameter::Int(value) => prepared.raw_bind_parameter(index + 1, value),
                    Parameter::Text(value) => prepared.raw_bind_parameter(index + 1, value.as_ref()),
                }
                .map_err(failed)?;
            }
            let columns = prepared.column_count();
            let mut cells = Vec::new();
            let mut rows = prepared.raw_query();
            while let Some(row) = rows.next().map_err(failed)? {
                if cells.len() + columns > cells.capacity() {
                    cells.reserve(columns.max(16));
                }
                for column in 0..columns {
                    cells.push(cell(row.get_ref(column).map_err(failed)?, statement.name)?);
                }
            }
            results.push(Rows { cells });
        }
        Ok(results)
    }

    fn commit(mut self: Box<Self>, last: &Batch<'_>) -> Result<(), StoreError> {
        self.run(last)?;
        execute(self.connection.get()?, "COMMIT")?;
        self.open = false;
        Ok(())
    }

    fn rollback(mut self: Box<Self>) -> Result<(), StoreError> {
        self.open = false;
        execute(self.connection.get()?, "ROLLBACK")
    }
}

impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        // A failure here is met again, and reported, by the next `begin`.
        if self.open
            && let Ok(connection) = self.connection.get()
            && !connection.is_autocommit()
        {
            let _ = execute(connection, "ROLLBACK");
        }
    }
}

fn execute(connection: &Connection, sql: &'static str) -> Result<(), StoreError> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute()).map(|_| ()).map_err(|error| failure(sql, &error))
}

fn cell(value: ValueRef<'_>, statement: &str) -> Result<Cell, StoreError> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(value) => Ok(Cell::Int(value)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cell::Text(text.to_owned())),
            Err(_) => Err(StoreError::corrupt(format!("{statement}: a text is not UTF-8"))),
        },
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(StoreError::corrupt(format!("{statement}: a column holds neither text nor whole number")))
        }
    }
}

#[cold]
fn opening(path: &Path, error: &rusqlite::Error) -> StoreError {
    failure(&format!("the database `{}`", path.display()), error)
}

#[cold]
fn failure(what: &str, error: &rusqlite::Error) -> StoreError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Busy,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreErrorKind::Corrupt,
        Some(
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure | ErrorCode::DiskFull,
        ) => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Other,
    };
    let plain = match kind {
        StoreErrorKind::Busy => "somebody else is writing to the database",
        StoreErrorKind::Corrupt => "the file is no database, or a damaged one",
        StoreErrorKind::Unavailable => "the file cannot be opened, read or written",
        _ => "the database refused a statement",
    };
    StoreError::new(kind, format!("{what}: {plain} ({error})"))
}
