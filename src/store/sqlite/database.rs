//! One database, shared by all stores of the process that are open on its file: the queue before the connection that
//! writes, connections that only read, and whether the file is still the one that was opened. Knows no statement.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::super::{IdPool, StoreError, StoreErrorKind};
use super::connection;
use super::disk::{Commit, Disk, FLUSHES};
use super::log_file;
use super::queue::{Patience, Queue, lock};
use crate::wording::{Argument, message};

/// Connections that read and are kept for the next who does.
const IDLE_READERS: usize = 16;

/// After so long without a pause while other processes write too …
const STINT: Duration = Duration::from_millis(10);
/// … a process leaves the file to them for so long: more than the time between two looks of one that waits.
const PAUSE: Duration = Duration::from_millis(4);
/// How long it is remembered that another process has written.
const COMPANY: Duration = Duration::from_secs(1);
/// A gap in which anybody who waited could begin.
const GAP: Duration = Duration::from_millis(2);

/// For so long a file that was in its place is taken to be there still by those who acknowledge nothing.
const TRUST: Duration = Duration::from_millis(1);

/// The databases that are open in this process.
static OPEN: Mutex<Vec<(Identity, Weak<Database>)>> = Mutex::new(Vec::new());

/// One database.
pub(super) struct Database {
    /// Absent for a database in memory. Before the connections, so that none of its files is open here when the last of them
    /// deletes the log.
    file: Option<DatabaseFile>,
    pub(super) queue: Arc<Queue>,
    readers: Mutex<Vec<Connection>>,
    pace: Mutex<Pace>,
    /// When the file was last seen in its place.
    seen: Mutex<Option<Instant>>,
    disk: Disk,
    pub(super) ids: IdPool,
}

struct DatabaseFile {
    path: PathBuf,
    identity: Identity,
    log: PathBuf,
    /// There since the first unit of work; it stays the same as long as any connection is open.
    open_log: OnceLock<OpenLog>,
}

/// The log, opened anew for each flush that may be under way: a failed write is told once to each who has it open. That does no harm: `SQLite` has no lock on the log, which closing it would end.
struct OpenLog {
    identity: Identity,
    files: [File; FLUSHES],
}

/// Which file it is, whatever its name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Identity {
    #[cfg(unix)]
    Node(u64, u64),
    /// Where the system tells no files apart, the name has to do.
    #[cfg(not(unix))]
    Name(PathBuf),
}

/// Asks for no times: a system that was asked for those of the log writes the next ones to the disk with the next flush, which
/// then takes a third longer.
#[cfg(target_os = "linux")]
fn identity(path: &Path) -> Option<Identity> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
    let found = statx(CWD, path, AtFlags::empty(), StatxFlags::INO).ok()?;
    Some(Identity::Node(makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino))
}

#[cfg(not(target_os = "linux"))]
fn identity(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let metadata = path.metadata().ok()?;
        Some(Identity::Node(metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    path.canonicalize().ok().map(Identity::Name)
}

impl DatabaseFile {
    /// The log, which is there while a connection is open that has used the file.
    fn log(&self) -> Result<&OpenLog, StoreError> {
        if let Some(log) = self.open_log.get() {
            return Ok(log);
        }
        let failed = |error: io::Error| unavailable(&self.log, error.to_string());
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let files = [options.open(&self.log).map_err(failed)?, options.open(&self.log).map_err(failed)?];
        let identity = identity(&self.log).ok_or_else(|| unavailable(&self.log, message!("database-log-replaced")))?;
        // Two may come at once; either has the same file.
        Ok(self.open_log.get_or_init(|| OpenLog { identity, files }))
    }
}

/// When the process wrote last, and whether it is alone.
struct Pace {
    version: i64,
    company: Option<Instant>,
    paused: Instant,
    wrote: Instant,
}

impl Database {
    /// A database in memory, which one connection holds.
    pub(super) fn in_memory(connection: Connection) -> Arc<Self> {
        Arc::new(Self::with(connection, None))
    }

    /// The database of an open connection to a file: the one that the process has open already, if it does.
    pub(super) fn of_file(connection: Connection, path: &Path) -> Result<Arc<Self>, StoreError> {
        let path = path.canonicalize().map_err(|error| unavailable(path, error.to_string()))?;
        let identity = identity(&path).ok_or_else(|| unavailable(&path, message!("database-file-gone")))?;
        let mut open = lock(&OPEN);
        open.retain(|(_, database)| database.strong_count() > 0);
        let known = open.iter().filter(|(other, _)| *other == identity).find_map(|(_, database)| database.upgrade());
        if let Some(database) = known {
            return Ok(database);
        }
        let mut log = OsString::from(path.as_os_str());
        log.push("-wal");
        let file = DatabaseFile { path, identity: identity.clone(), log: log.into(), open_log: OnceLock::new() };
        let database = Arc::new(Self::with(connection, Some(file)));
        open.push((identity, Arc::downgrade(&database)));
        Ok(database)
    }

    fn with(connection: Connection, file: Option<DatabaseFile>) -> Self {
        let now = Instant::now();
        Self {
            file,
            queue: Queue::new(connection),
            readers: Mutex::default(),
            pace: Mutex::new(Pace { version: 0, company: None, paused: now, wrote: now }),
            seen: Mutex::default(),
            disk: Disk::default(),
            ids: IdPool::default(),
        }
    }

    /// Lends a connection that reads; `None` for a database in memory, which has only the one.
    pub(super) fn reader(&self, patience: Patience) -> Result<Option<Connection>, StoreError> {
        let Some(file) = &self.file else { return Ok(None) };
        if let Some(connection) = lock(&self.readers).pop() {
            return Ok(Some(connection));
        }
        let connection = connection::open(&file.path, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)?;
        // The file may have been replaced since its name was known.
        self.check()?;
        connection.execute_batch("PRAGMA query_only = ON").map_err(|error| connection::opening(&file.path, &error))?;
        Ok(Some(connection))
    }

    /// Takes it back.
    pub(super) fn return_reader(&self, connection: Connection) {
        let mut readers = lock(&self.readers);
        if readers.len() < IDLE_READERS {
            readers.push(connection);
        }
    }

    /// Refuses to go on with a file that was deleted or replaced: what is written to it goes nowhere.
    fn check(&self) -> Result<(), StoreError> {
        let result = self.look();
        *lock(&self.seen) = result.is_ok().then(Instant::now);
        result
    }

    /// The same for those who acknowledge nothing: a look of a moment ago will do.
    pub(super) fn check_lately(&self) -> Result<(), StoreError> {
        if lock(&self.seen).is_some_and(|seen| seen.elapsed() < TRUST) {
            return Ok(());
        }
        self.check()
    }

    fn look(&self) -> Result<(), StoreError> {
        let Some(file) = &self.file else { return Ok(()) };
        if identity(&file.path).as_ref() != Some(&file.identity) {
            return Err(unavailable(&file.path, message!("database-file-replaced")));
        }
        match file.open_log.get() {
            Some(known) if identity(&file.log).as_ref() != Some(&known.identity) => {
                Err(unavailable(&file.log, message!("database-log-replaced")))
            }
            _ => Ok(()),
        }
    }

    /// Begins a unit of work that may write.
    pub(super) fn begin(&self, connection: &Connection, patience: Patience) -> Result<(), StoreError> {
        self.disk.check()?;
        self.check_lately()?;
        if self.file.is_some() {
            self.leave_room(connection);
        }
        connection::begin(connection, patience)?;
        // Now the log is there. What is written to it must be flushed, so this comes before.
        self.file.as_ref().map_or(Ok(()), |file| file.log().map(drop))
    }

    /// Commits. Others see it from now on, but nobody may be told of it before it is [on the disk](Self::wait_for_disk).
    pub(super) fn commit(&self, connection: &Connection) -> Result<Commit, StoreError> {
        log_file::leaving_the_flush(|| connection::execute(connection, "COMMIT"))?;
        let commit = self.disk.committed();
        lock(&self.pace).wrote = Instant::now();
        // The file may have gone since the beginning.
        self.check()?;
        Ok(commit)
    }

    /// Returns when a commit is on the disk.
    pub(super) fn wait_for_disk(&self, commit: Commit) -> Result<(), StoreError> {
        let Some(file) = &self.file else { return Ok(()) };
        self.disk.wait(commit, |number| {
            let failed = |error: io::Error| {
                let message = message!("database-flush-failed", name = file.path.display().to_string(), problem = error.to_string());
                StoreError::new(StoreErrorKind::Unavailable, message)
            };
            file.log()?.files[number].sync_data().map_err(failed)
        })
    }

    /// Returns when all that can be read now is on the disk, whichever process has written it.
    pub(super) fn flush(&self) -> Result<(), StoreError> {
        let Some(file) = &self.file else { return Ok(()) };
        self.disk.check()?;
        file.log()?;
        self.check()?;
        self.wait_for_disk(self.disk.committed())
    }

    /// Pauses now and then while other processes write: one that is never seen to pause would keep them out, because
    /// they can only look whether the file is free.
    fn leave_room(&self, connection: &Connection) {
        let mut pace = lock(&self.pace);
        let now = Instant::now();
        if let Ok(version) = connection.prepare_cached("PRAGMA data_version").and_then(|mut ask| ask.query_row([], |row| row.get(0)))
            && version != pace.version
        {
            // The first answer is not a change.
            pace.company = (pace.version != 0).then_some(now);
            pace.version = version;
        }
        if now.duration_since(pace.wrote) > GAP {
            pace.paused = now;
        }
        let has_company = pace.company.is_some_and(|seen| now.duration_since(seen) < COMPANY);
        if has_company && now.duration_since(pace.paused) > STINT {
            thread::sleep(PAUSE);
            pace.paused = Instant::now();
        }
    }
}

#[cold]
fn unavailable(path: &Path, why: impl Into<Argument>) -> StoreError {
    let message = message!("database-file-unusable", name = path.display().to_string(), problem = why);
    StoreError::new(StoreErrorKind::Unavailable, message)
}
