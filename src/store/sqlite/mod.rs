//! The `SQLite` driver: one connection that writes, taken in turn, and others that read meanwhile.
//! The only folder that knows `rusqlite`; knows no table.

mod connection;
mod database;
mod disk;
mod log;
mod log_file;
mod queue;
mod statistics;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use self::connection::failure;
use self::database::Database;
use self::queue::{Admitted, Lent, Patience, UnitResult};
use super::schema;
use super::{Batch, Durability, IdPool, Rows, SharedCommits, Store, StoreError, StoreErrorKind, Transaction};
use crate::wording::message;

/// How long to wait for those who came before, in this process or another, unless the host says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// A `SQLite` database, in a file or in memory.
///
/// Stores of one process that are open on the same file share its connections and one queue before the one that writes.
#[derive(Clone)]
pub struct SqliteStore {
    database: Arc<Database>,
    patience: Duration,
}

impl SqliteStore {
    /// Opens a database file. With `create` file and tables are made when missing and tables brought up to date;
    /// without it both must be there.
    ///
    /// # Errors
    /// When there is no file, it is not a database, it cannot be opened, or a newer version of this program made it.
    pub fn open(path: &Path, create: bool) -> Result<Self, StoreError> {
        if !create && !path.exists() {
            return Err(missing(path));
        }
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        if create {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let connection = connection::open(path, flags, Patience::begin(PATIENCE))?;
        let store = Self { database: Database::of_file(connection, path)?, patience: PATIENCE };
        if !create && !store.has_tables()? {
            return Err(without_tables(path));
        }
        store.prepare()
    }

    /// Opens a database file only to read it, without any lock or file beside it where that is possible. The tables must be
    /// there and of this version.
    ///
    /// # Errors
    /// When there is no file, it is not a database, it cannot be read, or another version of this program made it.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(missing(path));
        }
        let connection = connection::open_read_only(path, Patience::begin(PATIENCE))?;
        let store = Self { database: Database::in_memory(connection), patience: PATIENCE };
        if !store.has_tables()? {
            return Err(without_tables(path));
        }
        schema::check(&store)?;
        Ok(store)
    }

    /// The version of `SQLite` that is built in.
    #[must_use]
    pub fn engine_version() -> &'static str {
        rusqlite::version()
    }

    /// Makes an empty database in memory; it goes when the store is dropped.
    ///
    /// # Errors
    /// When `SQLite` cannot make it.
    pub fn in_memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory().map_err(|error| failure(message!("opening-database"), &error))?;
        let database = Database::in_memory(connection::set_up(connection)?);
        Self { database, patience: PATIENCE }.prepare()
    }

    /// Makes the tables or brings them up to date; takes no lock when they are.
    fn prepare(self) -> Result<Self, StoreError> {
        schema::upgrade(&self)?;
        if !self.with_reader(statistics::are_there)? {
            let patience = self.patience();
            let lent = self.database.queue.take(patience)?;
            statistics::provide(lent.connection()?, patience)?;
        }
        Ok(self)
    }

    /// The same store with another patience: how long a unit of work waits for those before it.
    ///
    /// # Errors
    /// Never; any time is one that can be waited.
    pub fn with_patience(mut self, patience: Duration) -> Result<Self, StoreError> {
        self.patience = patience;
        Ok(self)
    }

    fn patience(&self) -> Patience {
        Patience::begin(self.patience)
    }

    fn has_tables(&self) -> Result<bool, StoreError> {
        self.with_reader(|connection, patience| {
            let count = || connection.query_row("SELECT COUNT(*) FROM sqlite_master WHERE name = 'calc_schema'", [], |row| row.get(0));
            let count: i64 = connection::patiently(patience, count).map_err(|error| failure(message!("looking-for-tables"), &error))?;
            Ok(count > 0)
        })
    }

    /// Reads with the connection that writes while nobody needs it, because it knows best what is in the file; else with
    /// one of the others.
    fn with_reader<T>(&self, work: impl FnOnce(&Connection, Patience) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let patience = self.patience();
        let lent = match self.database.queue.take_if_free() {
            Some(lent) => lent,
            None => match self.database.reader(patience)? {
                Some(connection) => {
                    let result = work(&connection, patience);
                    self.database.return_reader(connection);
                    return result;
                }
                None => self.database.queue.take(patience)?,
            },
        };
        work(lent.connection()?, patience)
    }

    /// How many units of work wait for their turn to write, in all stores of the process that are open on the file.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.database.queue.waiting()
    }

    /// The steps by which `SQLite` would run a statement, one line each, for tests of the indexes.
    ///
    /// # Errors
    /// When the statement cannot be prepared.
    pub fn plan(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        self.with_reader(|connection, _| {
            let explain = |error: rusqlite::Error| failure("explaining", &error);
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).map_err(explain)?;
            let mut rows = statement.raw_query();
            let mut lines = Vec::new();
            while let Some(row) = rows.next().map_err(explain)? {
                lines.push(row.get::<_, String>(3).map_err(explain)?);
            }
            Ok(lines)
        })
    }
}

#[cold]
fn missing(path: &Path) -> StoreError {
    StoreError::new(StoreErrorKind::Missing, message!("database-missing", name = path.display().to_string()))
}

#[cold]
fn without_tables(path: &Path) -> StoreError {
    let message = message!("database-without-tables", name = path.display().to_string());
    StoreError::new(StoreErrorKind::Missing, message)
}

impl Store for SqliteStore {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.database.check_lately()?;
        self.with_reader(|connection, patience| connection::read(connection, batch, patience))
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        let (database, patience) = (&self.database, self.patience());
        if batch.is_empty() {
            // Waits for no turn: whoever asks may have the connection.
            return if durability == Durability::OnDisk { database.flush().map(|()| Vec::new()) } else { Ok(Vec::new()) };
        }
        let mut lent = match database.queue.take_or_join(batch, patience)? {
            Admitted::Done(done) => return done,
            Admitted::Leads(lent) => lent,
        };
        database.begin(lent.connection()?, patience)?;
        let done = match together(&mut lent, batch, connection::attempt) {
            Ok(done) => done,
            // Dropping the connection rolls everything back.
            Err(error) if lent.is_alone() => return Err(error),
            // One that fails takes no other with it: all of them again, each so that it can be taken back alone.
            Err(_) => {
                connection::roll_back(lent.connection()?)?;
                database.begin(lent.connection()?, patience)?;
                together(&mut lent, batch, connection::within_savepoint)?
            }
        };
        let commit = lent.connection().and_then(|connection| database.commit(connection));
        // The next one can begin while the disk is waited for.
        let group = lent.leave();
        let outcome = match commit {
            Ok(_) if durability == Durability::Soon && group.is_empty() => Ok(()),
            commit => commit.and_then(|commit| database.wait_for_disk(commit)),
        };
        group.tell(&outcome);
        let rows = done?;
        outcome.map(|()| rows)
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let patience = self.patience();
        let lent = self.database.queue.take(patience)?;
        self.database.begin(lent.connection()?, patience)?;
        Ok(Box::new(SqliteTransaction { lent, database: Arc::clone(&self.database) }))
    }

    fn shared_commits(&self) -> Option<&dyn SharedCommits> {
        Some(self)
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn ids(&self) -> &IdPool {
        &self.database.ids
    }
}

impl SharedCommits for SqliteStore {
    fn write_together(&self, units: &[Batch<'_>]) -> Vec<UnitResult> {
        self.try_together(units).unwrap_or_else(|error| units.iter().map(|_| Err(error.clone())).collect())
    }
}

impl SqliteStore {
    fn try_together(&self, units: &[Batch<'_>]) -> Result<Vec<UnitResult>, StoreError> {
        let (database, patience) = (&self.database, self.patience());
        let lent = database.queue.take(patience)?;
        let connection = lent.connection()?;
        let all = |work: fn(&Connection, &Batch<'_>) -> Result<UnitResult, StoreError>| -> Result<Vec<_>, StoreError> {
            database.begin(connection, patience)?;
            units.iter().map(|unit| work(connection, unit)).collect()
        };
        let done = match all(connection::attempt) {
            // One that fails takes no other with it: all of them again, each so that it can be taken back alone.
            Err(_) if units.len() > 1 && !connection.is_autocommit() => {
                connection::roll_back(connection)?;
                all(connection::within_savepoint)?
            }
            done => done?,
        };
        database.commit(connection)?;
        Ok(done)
    }
}

/// Does a unit of work and those of all who wait, in their order; returns what the first came to.
fn together(
    lent: &mut Lent,
    batch: &Batch<'_>,
    work: fn(&Connection, &Batch<'_>) -> Result<UnitResult, StoreError>,
) -> Result<UnitResult, StoreError> {
    let done = work(lent.connection()?, batch)?;
    lent.for_each_member(work)?;
    Ok(done)
}

/// Dropped, it gives the connection back, which rolls back what was not committed.
struct SqliteTransaction {
    lent: Lent,
    database: Arc<Database>,
}

impl Transaction for SqliteTransaction {
    fn run(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        connection::run(self.lent.connection()?, batch)
    }

    fn commit(mut self: Box<Self>, last: &Batch<'_>) -> Result<(), StoreError> {
        self.run(last)?;
        let Self { lent, database } = *self;
        let commit = database.commit(lent.connection()?)?;
        drop(lent);
        database.wait_for_disk(commit)
    }

    fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        connection::execute(self.lent.connection()?, "ROLLBACK")
    }
}
