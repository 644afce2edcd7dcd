//! What the CRM asks of a database: transactions that run batches of named statements, one round trip each.
//! Knows no table and no engine; each driver lives in a folder of its own.

mod ids;
#[cfg(feature = "postgres")]
mod postgres;
pub mod schema;
#[cfg(feature = "sqlite")]
mod sqlite;
pub(crate) mod statements;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::wording::{Message, message};

pub use ids::{IdCounter, IdPool, Taken};
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use schema::VERSION as SCHEMA_VERSION;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

/// A database that holds projects. Shared by all threads of a host.
///
/// A block reads with `read`, keeps what it changes to itself and hands it over with one `write`, whose guards (see
/// [`Statement::guard`]) refuse it when what the block has read is no longer so. Nothing is locked while a script runs.
pub trait Store: Send + Sync {
    /// Answers all statements of the batch from one state of the database, in one round trip where the engine has such.
    /// Takes no lock that a writer would wait for, and waits for no writer.
    ///
    /// # Errors
    /// When the database cannot be reached, or a statement fails.
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError>;

    /// Runs the statements in order as a unit of work of its own, in one round trip where the engine can: all of them or
    /// none. Those who wait for each other are served in the order in which they came.
    ///
    /// What was written may be read by others a moment before it is on the disk, and be lost again with the machine. Whoever
    /// acknowledges something because of what was read asks first with an empty batch and [`Durability::OnDisk`]: it returns
    /// when all that was written so, or by [`SharedCommits`], and can be read by now is there, asks the database nothing and
    /// takes no lock.
    ///
    /// # Errors
    /// When a guard finds no row (`Conflict`), the database stays busy, or a statement fails; nothing is kept then.
    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError>;

    /// Starts a unit of work of several batches. Whoever holds it may write, and others may have to wait for its end.
    ///
    /// # Errors
    /// When the database cannot be reached or stays busy.
    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError>;

    /// Where units of work are written one at a time: how to write several at once.
    fn shared_commits(&self) -> Option<&dyn SharedCommits> {
        None
    }

    /// The same database, for those who keep it longer than they have this reference.
    fn handle(&self) -> Arc<dyn Store>;

    /// Ids that this process has taken from the counters of projects and not used yet.
    fn ids(&self) -> &IdPool;
}

/// A store in which units of work are written one at a time, and several can share a commit.
pub trait SharedCommits {
    /// Writes units of work, each all or nothing, and says how each went. Nobody may be told of them before they are on the
    /// disk: before an empty [`Store::write`] that asks for [`Durability::OnDisk`] has returned.
    fn write_together(&self, units: &[Batch<'_>]) -> Vec<Result<Vec<Rows>, StoreError>>;
}

/// Returns when what can be read is on the disk, for those who let something out because of it.
///
/// # Errors
/// When the store cannot bring it there.
pub(crate) fn on_disk(store: &dyn Store) -> Result<(), StoreError> {
    store.write(&Batch::new(), Durability::OnDisk).map(drop)
}

/// When what was written is safe from a crash of the machine. Of two writes the later one is never safe without the
/// earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// When `write` returns without an error.
    OnDisk,
    /// With the next write that asks for `OnDisk`.
    Soon,
}

/// A unit of work of several batches; dropped without `commit` it is rolled back. Owns what it needs of its store, so that
/// whoever holds it may keep it as long as they like and take it to another thread.
pub trait Transaction: Send {
    /// Runs the statements in order, in one round trip where the engine can, and returns the rows of each.
    ///
    /// # Errors
    /// When a statement fails; the transaction can then only be dropped.
    fn run(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError>;

    /// Runs a last batch and makes everything permanent, in one round trip where the engine can.
    ///
    /// # Errors
    /// When a statement or the commit fails; nothing is kept then.
    fn commit(self: Box<Self>, last: &Batch<'_>) -> Result<(), StoreError>;

    /// Takes everything back.
    ///
    /// # Errors
    /// When the database cannot be reached; it takes everything back by itself then.
    fn rollback(self: Box<Self>) -> Result<(), StoreError>;
}

/// What a driver may replace to lock the rows of a question and to pass over those that others have locked.
pub const SKIP_LOCKED: &str = "/* skip locked */";

/// What a driver may replace to lock the rows of a question so that nobody deletes them, while others may do the same.
pub const KEY_SHARE: &str = "/* key share */";

/// What a driver may replace to lock the rows of a question so that nobody locks them in any other way.
pub const FOR_UPDATE: &str = "/* for update */";

/// One SQL text, written once and portable between engines: `$n` placeholders, numbered by first appearance.
#[derive(Debug)]
pub struct Statement {
    /// The name, for error messages and plans.
    pub name: &'static str,
    /// The text. [`SKIP_LOCKED`] in it is where an engine with overlapping transactions passes over rows that others have locked,
    /// [`KEY_SHARE`] and [`FOR_UPDATE`] where it locks in other ways than `lock` says.
    pub sql: &'static str,
    /// The table alias whose rows an engine with overlapping transactions locks until the end of a unit of work
    /// (`FOR NO KEY UPDATE OF …`); without meaning in a `read`.
    pub lock: Option<&'static str>,
    /// Whether it must return a row: one that returns none ends the unit of work with a `Conflict`. (An engine that is to
    /// do so without another round trip can wrap it: `WITH guard AS (…) SELECT CAST(1 / COUNT(*) AS BIGINT) FROM guard`.)
    pub guard: bool,
}

/// A text as a parameter. Not every engine takes the character 0: what is to be kept with it is refused before it comes
/// here, and nothing can be found by it.
fn storable(text: Cow<'_, str>) -> SqlValue<'_> {
    SqlValue::Text(if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text })
}

/// Statements with their parameters, gathered to be sent together.
#[derive(Debug, Default)]
pub struct Batch<'a> {
    calls: Vec<StatementCall>,
    parameters: Vec<SqlValue<'a>>,
}

#[derive(Debug, Clone)]
struct StatementCall {
    statement: &'static Statement,
    start: usize,
    end: usize,
}

/// A parameter of a statement.
#[derive(Debug, Clone)]
pub enum SqlValue<'a> {
    /// SQL `NULL`.
    Null,
    /// A whole number, a flag (0 or 1) or a time (microseconds).
    Int(i64),
    /// A text.
    Text(Cow<'a, str>),
}

impl SqlValue<'_> {
    /// A copy that borrows nothing.
    #[must_use]
    pub fn owned(&self) -> SqlValue<'static> {
        match self {
            Self::Null => SqlValue::Null,
            Self::Int(value) => SqlValue::Int(*value),
            Self::Text(text) => SqlValue::Text(Cow::Owned(text.as_ref().to_owned())),
        }
    }
}

impl<'a> Batch<'a> {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty batch with room for some statements, so that gathering them allocates once.
    #[must_use]
    pub fn with_room(statements: usize, parameters: usize) -> Self {
        Self { calls: Vec::with_capacity(statements), parameters: Vec::with_capacity(parameters) }
    }

    /// Adds a statement; the calls that follow add its parameters in order.
    pub fn add(&mut self, statement: &'static Statement) -> &mut Self {
        let start = self.parameters.len();
        self.calls.push(StatementCall { statement, start, end: start });
        self
    }

    /// Puts a statement without parameters before all others.
    pub fn add_first(&mut self, statement: &'static Statement) {
        self.calls.insert(0, StatementCall { statement, start: 0, end: 0 });
    }

    /// Adds the statements of another batch.
    pub fn append(&mut self, other: Batch<'a>) {
        let shift = self.parameters.len();
        self.parameters.extend(other.parameters);
        self.calls.extend(other.calls.into_iter().map(|call| StatementCall {
            statement: call.statement,
            start: call.start + shift,
            end: call.end + shift,
        }));
    }

    /// A copy that borrows nothing.
    #[must_use]
    pub fn owned(&self) -> Batch<'static> {
        Batch { calls: self.calls.clone(), parameters: self.parameters.iter().map(SqlValue::owned).collect() }
    }

    /// How many statements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether there is no statement.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// The statements with their parameters, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Statement, &[SqlValue<'a>])> {
        self.calls.iter().map(|call| (call.statement, &self.parameters[call.start..call.end]))
    }

    fn push(&mut self, parameter: SqlValue<'a>) -> &mut Self {
        if let Some(call) = self.calls.last_mut() {
            self.parameters.push(parameter);
            call.end = self.parameters.len();
        }
        self
    }

    /// A whole number, or an id.
    pub fn int(&mut self, value: impl Into<i64>) -> &mut Self {
        self.push(SqlValue::Int(value.into()))
    }

    /// A whole number, an id or `NULL`.
    pub fn optional_int(&mut self, value: Option<impl Into<i64>>) -> &mut Self {
        self.push(value.map_or(SqlValue::Null, |value| SqlValue::Int(value.into())))
    }

    /// A flag, as 1 or 0.
    pub fn flag(&mut self, value: bool) -> &mut Self {
        self.push(SqlValue::Int(i64::from(value)))
    }

    /// A text, borrowed or owned.
    pub fn text(&mut self, value: impl Into<Cow<'a, str>>) -> &mut Self {
        self.push(storable(value.into()))
    }

    /// A text or `NULL`.
    pub fn optional_text(&mut self, value: Option<&'a str>) -> &mut Self {
        self.push(value.map_or(SqlValue::Null, |text| storable(Cow::Borrowed(text))))
    }

    /// A text made for the occasion, or `NULL`.
    pub fn optional_owned(&mut self, value: Option<String>) -> &mut Self {
        self.push(value.map_or(SqlValue::Null, |text| storable(Cow::Owned(text))))
    }

    /// A time, as microseconds since 1970.
    pub fn time(&mut self, value: DateTime<Utc>) -> &mut Self {
        self.push(SqlValue::Int(value.timestamp_micros()))
    }

    /// A time or `NULL`.
    pub fn optional_time(&mut self, value: Option<DateTime<Utc>>) -> &mut Self {
        self.optional_int(value.map(|time| time.timestamp_micros()))
    }
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// SQL `NULL`.
    Null,
    /// A whole number, a flag or a time.
    Int(i64),
    /// A text.
    Text(String),
}

/// What one statement returned: the cells of all rows, one row after another.
#[derive(Debug, Default)]
pub struct Rows {
    /// The cells.
    pub cells: Vec<Cell>,
}

impl Rows {
    /// Whether there was no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Reads the cells in order.
    #[must_use]
    pub fn reader(self) -> RowReader {
        RowReader { cells: self.cells.into_iter() }
    }
}

/// Reads cells in the order of the statement's columns.
#[derive(Debug)]
pub struct RowReader {
    cells: std::vec::IntoIter<Cell>,
}

impl RowReader {
    /// Whether another row follows; asked between rows.
    #[must_use]
    pub fn more(&self) -> bool {
        self.cells.len() > 0
    }

    fn cell(&mut self) -> Result<Cell, StoreError> {
        self.cells.next().ok_or_else(|| StoreError::corrupt(message!("row-too-short")))
    }

    /// Passes over some columns.
    pub fn skip(&mut self, columns: usize) {
        for _ in 0..columns {
            self.cells.next();
        }
    }

    /// A whole number, or an id.
    ///
    /// # Errors
    /// When the column holds anything else.
    pub fn int<T: From<i64>>(&mut self) -> Result<T, StoreError> {
        match self.cell()? {
            Cell::Int(value) => Ok(value.into()),
            other => Err(unexpected(message!("kind-whole"), &other)),
        }
    }

    /// A whole number, an id or nothing.
    ///
    /// # Errors
    /// When the column holds anything else.
    pub fn optional_int<T: From<i64>>(&mut self) -> Result<Option<T>, StoreError> {
        match self.cell()? {
            Cell::Null => Ok(None),
            Cell::Int(value) => Ok(Some(value.into())),
            other @ Cell::Text(_) => Err(unexpected(message!("kind-whole"), &other)),
        }
    }

    /// A flag.
    ///
    /// # Errors
    /// When the column holds no whole number.
    pub fn flag(&mut self) -> Result<bool, StoreError> {
        Ok(self.int::<i64>()? != 0)
    }

    /// A text.
    ///
    /// # Errors
    /// When the column holds anything else.
    pub fn text(&mut self) -> Result<String, StoreError> {
        match self.cell()? {
            Cell::Text(value) => Ok(value),
            other => Err(unexpected(message!("kind-text"), &other)),
        }
    }

    /// A text or nothing.
    ///
    /// # Errors
    /// When the column holds anything else.
    pub fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.cell()? {
            Cell::Null => Ok(None),
            Cell::Text(value) => Ok(Some(value)),
            other @ Cell::Int(_) => Err(unexpected(message!("kind-text"), &other)),
        }
    }

    /// A time.
    ///
    /// # Errors
    /// When the column holds anything else.
    pub fn time(&mut self) -> Result<DateTime<Utc>, StoreError> {
        time_of(self.int()?)
    }

    /// A time or nothing.
    ///
    /// # Errors
    /// When the column holds anything else.
    pub fn optional_time(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.optional_int()?.map(time_of).transpose()
    }
}

fn time_of(microseconds: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(microseconds)
        .ok_or_else(|| StoreError::corrupt(message!("stored-not-a-time", number = microseconds.to_string())))
}

fn unexpected(expected: Message, found: &Cell) -> StoreError {
    let found = match found {
        Cell::Null => message!("value-none"),
        Cell::Int(value) => message!("value-number", value = value.to_string()),
        Cell::Text(value) => message!("value-text", value = value.chars().take(40).collect::<String>()),
    };
    StoreError::corrupt(message!("column-unexpected", found = found, expected = expected))
}

/// What kind of failure of the store it is; hosts decide by it whether to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Somebody else holds the database, or won a race too often: trying again helps.
    Busy,
    /// What was read is no longer so: the unit of work has to be done again from its beginning.
    Conflict,
    /// The database cannot be reached, opened or written.
    Unavailable,
    /// There is no database, or none of the calculator's tables in it.
    Missing,
    /// What is stored makes no sense, or the file is not a database.
    Corrupt,
    /// The database was made by a newer version of this program.
    NewerSchema,
    /// The database was made by an older version of this program and has to be brought up to date.
    OlderSchema,
    /// The address of the database is written wrong.
    Address,
    /// Anything else.
    Other,
}

/// A failure of the store: for the host and its operators, never for a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: Message,
}

impl StoreError {
    /// An error in words of the catalogue; those of a database are arguments.
    #[must_use]
    pub fn new(kind: StoreErrorKind, message: Message) -> Self {
        Self { kind, message }
    }

    /// What was read is no longer so.
    #[cold]
    #[must_use]
    pub fn conflict(message: Message) -> Self {
        Self::new(StoreErrorKind::Conflict, message)
    }

    /// What is stored makes no sense.
    #[cold]
    #[must_use]
    pub fn corrupt(message: Message) -> Self {
        Self::new(StoreErrorKind::Corrupt, message)
    }

    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// The failure in words.
    #[must_use]
    pub fn message(&self) -> &Message {
        &self.message
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(formatter)
    }
}

impl std::error::Error for StoreError {}
