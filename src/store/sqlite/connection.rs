//! What is done with one connection: its settings, the statements of a batch, waiting while another process has the file.
//! Knows no queue and no table.

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::super::{Batch, Cell, Rows, SqlValue, StoreError, StoreErrorKind, schema, statements};
use super::queue::{Patience, UnitResult};
use super::{log, log_file};
use crate::wording::{Argument, message};

/// How long to wait before another look at a file that another process has locked: a random time up to this, so that
/// those who wait do not look all at once.
const LOOK: Duration = Duration::from_millis(2);

/// Opens a file.
pub(super) fn open(path: &Path, flags: OpenFlags, patience: Patience) -> Result<Connection, StoreError> {
    let failed = |error: &rusqlite::Error| opening(path, error);
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = if log_file::register() {
        Connection::open_with_flags_and_vfs(path, flags, log_file::NAME)
    } else {
        Connection::open_with_flags(path, flags)
    };
    let mut connection = opened.map_err(|error| failed(&error))?;
    // Waiting is done here, where it knows its end; the library's own way of waiting gets slower and slower.
    connection.busy_timeout(Duration::ZERO).map_err(|error| failed(&error))?;
    refuse_foreign(&connection, path, patience)?;
    // The answer of `journal_mode` is a row, so it is asked for instead of set.
    patiently(patience, || connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))).map_err(|error| failed(&error))?;
    // On macOS the disk itself has to be told; elsewhere that changes nothing.
    let settings = "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA temp_store = MEMORY";
    patiently(patience, || connection.execute_batch(settings)).map_err(|error| failed(&error))?;
    log::look_after(&mut connection).map_err(|error| failed(&error))?;
    set_up(connection)
}

/// Opens a file only to read it, also one in a folder where nothing may be written.
pub(super) fn open_read_only(path: &Path, patience: Patience) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let usual = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(Duration::ZERO)?;
        patiently(patience, || connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(())))?;
        Ok(connection)
    });
    let connection = match usual {
        Ok(connection) => connection,
        // A file that may be read has a log whose index cannot be made: without a log the file is all there is.
        Err(error) if matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)) && path.is_file() => {
            let mut log = path.as_os_str().to_owned();
            log.push("-wal");
            if Path::new(&log).metadata().is_ok_and(|log| log.len() > 0) {
                let message = message!("database-log-unreadable", name = path.display().to_string());
                return Err(StoreError::new(StoreErrorKind::Unavailable, message));
            }
            Connection::open_with_flags(immutable(path), flags | OpenFlags::SQLITE_OPEN_URI).map_err(|error| opening(path, &error))?
        }
        Err(error) => return Err(opening(path, &error)),
    };
    refuse_foreign(&connection, path, patience)?;
    set_up(connection)
}

/// The address of a file that nobody writes to.
fn immutable(path: &Path) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?immutable=1")
}

/// Refuses a database of another program: one with tables, none of which is ours.
fn refuse_foreign(connection: &Connection, path: &Path, patience: Patience) -> Result<(), StoreError> {
    let tables =
        "SELECT COUNT(*), COUNT(CASE WHEN name = 'calc_schema' THEN 1 END) FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'";
    let (all, ours): (i64, i64) = patiently(patience, || connection.query_row(tables, [], |row| Ok((row.get(0)?, row.get(1)?))))
        .map_err(|error| opening(path, &error))?;
    if all > 0 && ours == 0 {
        let message = message!("database-of-another-program", name = path.display().to_string());
        return Err(StoreError::new(StoreErrorKind::Missing, message));
    }
    Ok(())
}

/// The settings of every connection.
pub(super) fn set_up(connection: Connection) -> Result<Connection, StoreError> {
    // A plan must not depend on the values bound: else statements are prepared again whenever one is, at ten times the cost.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .and_then(|_| connection.execute_batch("PRAGMA foreign_keys = ON"))
        .map_err(|error| failure(message!("opening-database"), &error))?;
    // Room for every statement and for those of units of work: none is ever prepared twice.
    connection.set_prepared_statement_cache_capacity(statements::ALL.len() + 16);
    Ok(connection)
}

/// Tries until it is no longer another process that is in the way, or patience is over.
pub(super) fn patiently<T>(patience: Patience, mut attempt: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    loop {
        match attempt() {
            Err(error) if is_busy(&error) && !patience.is_over() => wait_a_little(),
            result => return result,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Runs the statements of a batch.
pub(super) fn run(connection: &Connection, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
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
                SqlValue::Null => prepared.raw_bind_parameter(index + 1, rusqlite::types::Null),
                SqlValue::Int(value) => prepared.raw_bind_parameter(index + 1, value),
                SqlValue::Text(value) => prepared.raw_bind_parameter(index + 1, value.as_ref()),
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
        if statement.guard && cells.is_empty() {
            return Err(StoreError::conflict(message!("read-has-changed", statement = statement.name)));
        }
        results.push(Rows { cells });
    }
    Ok(results)
}

/// Begins a unit of work that may write, as soon as no other process does.
pub(super) fn begin(connection: &Connection, patience: Patience) -> Result<(), StoreError> {
    let sql = "BEGIN IMMEDIATE";
    match patiently(patience, || raw_execute(connection, sql)) {
        Err(error) if is_busy(&error) => Err(patience.over(|time| message!("another-process-holds", time = time))),
        result => result.map_err(|error| failure(sql, &error)),
    }
}

/// Runs the statements of a batch that only reads, all on one state of the database.
pub(super) fn read(connection: &Connection, batch: &Batch<'_>, patience: Patience) -> Result<Vec<Rows>, StoreError> {
    if batch.len() == 1 {
        return read_patiently(connection, batch, patience);
    }
    execute(connection, "BEGIN")?;
    let result = read_patiently(connection, batch, patience);
    let ended = execute(connection, if result.is_ok() { "COMMIT" } else { "ROLLBACK" });
    result.and_then(|rows| ended.map(|()| rows))
}

fn read_patiently(connection: &Connection, batch: &Batch<'_>, patience: Patience) -> Result<Vec<Rows>, StoreError> {
    loop {
        match run(connection, batch) {
            // Another process repairs the file after a crash, or closes it. Nothing was read yet.
            Err(error) if error.kind() == StoreErrorKind::Busy && !patience.is_over() => wait_a_little(),
            result => return result,
        }
    }
}

fn wait_a_little() {
    thread::sleep(LOOK.mul_f64(fastrand::f64().max(0.1)));
}

/// Runs a statement of the engine itself.
pub(super) fn execute(connection: &Connection, sql: &'static str) -> Result<(), StoreError> {
    raw_execute(connection, sql).map_err(|error| failure(sql, &error))
}

fn raw_execute(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute()).map(|_| ())
}

/// Runs the statements of a unit of work that shares its transaction with others. The outer error is that of one that has
/// left something behind, or ended the transaction.
pub(super) fn attempt(connection: &Connection, batch: &Batch<'_>) -> Result<UnitResult, StoreError> {
    let before = connection.total_changes();
    match run(connection, batch) {
        Err(error) if connection.is_autocommit() || connection.total_changes() != before => Err(error),
        done => Ok(done),
    }
}

/// Does the same between a savepoint and its end: all of it stays, or nothing does. The outer error is that of the
/// savepoint: a full disk or a failed write, which may have ended the whole transaction with what was done before.
pub(super) fn within_savepoint(connection: &Connection, batch: &Batch<'_>) -> Result<UnitResult, StoreError> {
    execute(connection, "SAVEPOINT calc_unit")?;
    let result = run(connection, batch);
    if result.is_err() {
        execute(connection, "ROLLBACK TO calc_unit")?;
    }
    execute(connection, "RELEASE calc_unit")?;
    Ok(result)
}

/// Takes back what was not committed, unless an error has done so.
pub(super) fn roll_back(connection: &Connection) -> Result<(), StoreError> {
    if connection.is_autocommit() { Ok(()) } else { execute(connection, "ROLLBACK") }
}

fn cell(value: ValueRef<'_>, statement: &str) -> Result<Cell, StoreError> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(value) => Ok(Cell::Int(value)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cell::Text(text.to_owned())),
            Err(_) => Err(StoreError::corrupt(message!("stored-text-not-utf8", statement = statement))),
        },
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(StoreError::corrupt(message!("stored-neither-text-nor-number", statement = statement)))
        }
    }
}

#[cold]
pub(super) fn opening(path: &Path, error: &rusqlite::Error) -> StoreError {
    failure(message!("database-of-name", name = path.display().to_string()), error)
}

#[cold]
pub(super) fn failure(what: impl Into<Argument>, error: &rusqlite::Error) -> StoreError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Busy,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreErrorKind::Corrupt,
        Some(
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure | ErrorCode::DiskFull,
        ) => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Other,
    };
    let problem = match kind {
        StoreErrorKind::Busy => message!("database-busy"),
        StoreErrorKind::Corrupt => message!("database-damaged"),
        StoreErrorKind::Unavailable => message!("database-inaccessible"),
        _ => message!("database-refused"),
    };
    // The engine's own words may quote a whole statement; its name is enough.
    let detail = match error {
        rusqlite::Error::SqlInputError { error, msg, .. } => format!("{error}: {msg}"),
        other => other.to_string(),
    };
    StoreError::new(kind, message!("database-failed", what = what, problem = problem, detail = detail))
}
