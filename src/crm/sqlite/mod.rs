//! The SQLite driver: one writer connection behind a mutex, every statement prepared once.
//! The only folder that knows `rusqlite`; knows no table.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema;
use super::statements;
use super::store::{Batch, Cell, Parameter, Rows, Store, StoreError, StoreErrorKind, Transaction};

/// A SQLite database, in a file or in memory.
pub struct SqliteStore {
    connection: Mutex<Connection>,
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
        connection.busy_timeout(Duration::from_secs(5)).map_err(|error| opening(path, &error))?;
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
        schema::upgrade(&store)?;
        Ok(store)
    }

    /// Makes an empty database in memory; it goes when the store is dropped.
    ///
    /// # Errors
    /// When SQLite cannot make it.
    pub fn in_memory() -> Result<Self, StoreError> {
        let store = Self::with(Connection::open_in_memory().map_err(|error| failure("opening", &error))?)?;
        schema::upgrade(&store)?;
        Ok(store)
    }

    fn with(connection: Connection) -> Result<Self, StoreError> {
        connection.execute_batch("PRAGMA foreign_keys = ON").map_err(|error| failure("opening", &error))?;
        // Room for every statement and for BEGIN, COMMIT and ROLLBACK: none is ever prepared twice.
        connection.set_prepared_statement_cache_capacity(statements::ALL.len() + 8);
        Ok(Self { connection: Mutex::new(connection) })
    }

    fn has_tables(&self) -> Result<bool, StoreError> {
        let connection = self.connection();
        let count: i64 = connection
            .query_row("SELECT COUNT(*) FROM sqlite_master WHERE name = 'calc_schema'", [], |row| row.get(0))
            .map_err(|error| failure("looking for tables", &error))?;
        Ok(count > 0)
    }

    /// The connection; a thread that panicked with it left at most an open transaction, which is taken back.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The steps by which SQLite would run a statement, one line each, for tests of the indexes.
    ///
    /// # Errors
    /// When the statement cannot be prepared.
    pub fn plan(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let connection = self.connection();
        let explain = |error: rusqlite::Error| failure("explaining", &error);
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).map_err(explain)?;
        let mut rows = statement.raw_query();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().map_err(explain)? {
            lines.push(row.get::<_, String>(3).map_err(explain)?);
        }
        Ok(lines)
    }
}

impl Store for SqliteStore {
    fn begin(&self) -> Result<Box<dyn Transaction + '_>, StoreError> {
        let connection = self.connection();
        if !connection.is_autocommit() {
            execute(&connection, "ROLLBACK")?;
        }
        execute(&connection, "BEGIN IMMEDIATE")?;
        Ok(Box::new(SqliteTransaction { connection, open: true }))
    }
}

struct SqliteTransaction<'a> {
    connection: MutexGuard<'a, Connection>,
    open: bool,
}

impl Transaction for SqliteTransaction<'_> {
    fn run(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
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
            let mut prepared = self.connection.prepare_cached(sql).map_err(failed)?;
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
                cells.reserve(columns);
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
        execute(&self.connection, "COMMIT")?;
        self.open = false;
        Ok(())
    }

    fn rollback(mut self: Box<Self>) -> Result<(), StoreError> {
        self.open = false;
        execute(&self.connection, "ROLLBACK")
    }
}

impl Drop for SqliteTransaction<'_> {
    fn drop(&mut self) {
        // A failure here is met again, and reported, by the next `begin`.
        if self.open && !self.connection.is_autocommit() {
            let _ = execute(&self.connection, "ROLLBACK");
        }
    }
}

fn execute(connection: &Connection, sql: &'static str) -> Result<(), StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.raw_execute())
        .map(|_| ())
        .map_err(|error| failure(sql, &error))
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
            ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull,
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
