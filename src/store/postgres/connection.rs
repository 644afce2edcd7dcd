//! One connection to a `PostgreSQL` server: a batch goes out as one message stream and comes back in one round trip.
//! Knows no table and no pool. The thread that waits for an answer drives the connection, so no answer changes threads.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};

use super::failure::{self, DriverError};
use super::options::ConnectionOptions;
use crate::store::{Batch, FOR_UPDATE, KEY_SHARE, Rows, SKIP_LOCKED, SqlValue, Statement, StoreError};

/// Statements sent before their answers are read. A larger batch goes in several parts, so that neither side has to
/// keep all of it in memory.
const AT_ONCE: usize = 256;
/// How long taking a transaction back may last; the server does it by itself once the connection is gone.
const ROLLBACK_TIME: Duration = Duration::from_secs(5);

/// A connection with the statements it has prepared.
pub(super) struct Connection {
    /// `None` only while the connection is dropped.
    runtime: Option<Runtime>,
    client: Client,
    prepared: HashMap<StatementKey, tokio_postgres::Statement, foldhash::fast::RandomState>,
    options: Arc<ConnectionOptions>,
    is_broken: bool,
}

/// What goes around the statements of a batch.
#[derive(Clone, Copy, Default)]
pub(super) struct Envelope {
    /// The transaction that begins before the first statement.
    pub begins: Option<Begin>,
    /// Whether it is committed after the last one.
    pub commits: bool,
}

/// How a transaction begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// To read everything from one state of the database.
    Read,
    /// To write, safe from a crash once it is committed.
    Write,
    /// To write, safe from a crash with the next transaction that is.
    WriteSoon,
}

/// A statement as this connection sends it: its address, which is static, and whether it may lock rows.
type StatementKey = (usize, bool);

impl Envelope {
    /// Whether statements lock the rows they name.
    fn locks(self) -> bool {
        self.begins != Some(Begin::Read)
    }
}

type BoundStatement<'a> = (&'static Statement, &'a [SqlValue<'a>]);
/// What is sent and its answer.
type Request<'a, T = Rows> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;
/// A failure with the name of its statement.
type Lost = (&'static str, DriverError);

impl Connection {
    /// Connects and signs in.
    pub(super) fn open(options: &Arc<ConnectionOptions>) -> Result<Self, StoreError> {
        let built = Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = built.map_err(|error| failure::connecting(&options.server, &DriverError::Io(error)))?;
        let connected = wait(&runtime, options.connect_timeout, options.connect());
        let client = connected.and_then(|result| result).map_err(|failed| failure::connecting(&options.server, &failed))?;
        Ok(Self { runtime: Some(runtime), client, prepared: HashMap::default(), options: Arc::clone(options), is_broken: false })
    }

    /// Whether the connection can no longer be used.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken || self.client.is_closed()
    }

    /// Takes note of a connection that the server has closed meanwhile, without asking the server anything.
    pub(super) fn notice_closing(&mut self) -> bool {
        if let Some(runtime) = &self.runtime {
            // The first turn asks the system what has arrived, the second lets the connection read it.
            let turns = async {
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
            };
            let _ = wait(runtime, ROLLBACK_TIME, turns);
        }
        self.is_broken()
    }

    /// Runs a batch in one round trip; statements that are new to this connection cost another one.
    pub(super) fn send(&mut self, batch: &Batch<'_>, frame: Envelope) -> Result<Vec<Rows>, StoreError> {
        let calls: Vec<BoundStatement<'_>> = batch.iter().collect();
        let result = if calls.iter().any(|(statement, _)| defines(statement.sql)) {
            self.define(&calls, frame)
        } else {
            self.prepare(&calls, frame.locks()).and_then(|()| self.pipeline(&calls, frame))
        };
        result.map_err(|(name, failed)| {
            self.is_broken |= failed.breaks_connection();
            failure::of_statement(name, &failed, frame.commits && frame.locks())
        })
    }

    /// Takes the open transaction back.
    pub(super) fn rollback(&mut self) -> Result<(), StoreError> {
        let result = self.wait(ROLLBACK_TIME, self.client.batch_execute("ROLLBACK"));
        result.map_err(|failed| {
            self.is_broken = true;
            failure::of_statement("rollback", &failed, false)
        })
    }

    /// Prepares what this connection has not seen yet, all in one round trip.
    fn prepare(&mut self, calls: &[BoundStatement<'_>], locks: bool) -> Result<(), Lost> {
        if self.options.behind_pgbouncer {
            return Ok(());
        }
        let mut missing: Vec<&'static Statement> = Vec::new();
        for (statement, _) in calls {
            let is_known = is_plain(statement.sql) || self.prepared.contains_key(&key(statement, locks));
            if !is_known && !missing.iter().any(|other| key(other, locks) == key(statement, locks)) {
                missing.push(statement);
            }
        }
        for part in missing.chunks(AT_ONCE) {
            let texts: Vec<String> = part.iter().map(|statement| text(statement, locks)).collect();
            let client = &self.client;
            let requests: Vec<Request<'_, tokio_postgres::Statement>> =
                texts.iter().map(|text| Box::pin(client.prepare(text)) as _).collect();
            let answers = self.wait(self.options.answer_timeout, async { Ok::<_, Error>(in_order(requests).await) });
            let answers = answers.map_err(|failed| ("prepare", failed))?;
            for (statement, answer) in part.iter().zip(answers) {
                let prepared = answer.map_err(|error| (statement.name, DriverError::from(error)))?;
                self.prepared.insert(key(statement, locks), prepared);
            }
        }
        Ok(())
    }

    /// Sends all statements, then reads all answers.
    fn pipeline(&self, calls: &[BoundStatement<'_>], frame: Envelope) -> Result<Vec<Rows>, Lost> {
        let mut results = Vec::with_capacity(calls.len());
        let parts = calls.len().div_ceil(AT_ONCE).max(1);
        for part in 0..parts {
            let calls = &calls[part * AT_ONCE..calls.len().min((part + 1) * AT_ONCE)];
            let begins = frame.begins.filter(|_| part == 0);
            let commits = frame.commits && part + 1 == parts;
            let mut names = Vec::with_capacity(calls.len() + 2);
            let mut requests: Vec<Request<'_>> = Vec::with_capacity(calls.len() + 2);
            if let Some(begin) = begins {
                names.push("begin");
                requests.push(self.plain(self.options.begin(begin)));
            }
            for (statement, parameters) in calls {
                names.push(statement.name);
                requests.push(self.request(statement, parameters, frame.locks()));
            }
            if commits {
                names.push("commit");
                requests.push(self.plain("COMMIT"));
            }
            let answers = self.wait(self.options.answer_timeout, async { Ok::<_, Error>(in_order(requests).await) });
            let answers = answers.map_err(|failed| (names.last().copied().unwrap_or_default(), failed))?;
            for (index, (name, answer)) in names.into_iter().zip(answers).enumerate() {
                // The first failure is the cause; the others say that the transaction has failed.
                let rows = answer.map_err(|error| (name, DriverError::from(error)))?;
                if begins.is_none() || index > 0 {
                    results.push(rows);
                }
            }
            if commits {
                results.pop();
            }
        }
        Ok(results)
    }

    /// Definitions of tables and what comes with them go one after the other: what follows may need what they made.
    fn define(&self, calls: &[BoundStatement<'_>], frame: Envelope) -> Result<Vec<Rows>, Lost> {
        let run =
            |name: &'static str, request: Request<'_>| self.wait(self.options.answer_timeout, request).map_err(|failed| (name, failed));
        if let Some(begin) = frame.begins {
            run("begin", self.plain(self.options.begin(begin)))?;
        }
        // Texts are ordered by their bytes, as on every other store. CockroachDB always does that, and takes no such word.
        let version = self.wait(self.options.answer_timeout, self.client.query_one("SELECT version()", &[]));
        let version: String = version.and_then(|row| Ok(row.try_get(0)?)).map_err(|failed| ("version", failed))?;
        let text = if version.contains("CockroachDB") { " TEXT" } else { " TEXT COLLATE \"C\"" };
        let mut results = Vec::with_capacity(calls.len());
        for (statement, parameters) in calls {
            let request = if defines(statement.sql) {
                let sql = statement.sql.replace(" TEXT", text);
                run(statement.name, Box::pin(async move { self.client.batch_execute(&sql).await.map(|()| Rows::default()) }))
            } else {
                run(statement.name, self.unprepared(statement, parameters, frame.locks()))
            };
            results.push(request?);
        }
        if frame.commits {
            run("commit", self.plain("COMMIT"))?;
        }
        Ok(results)
    }

    fn request<'a>(&'a self, statement: &'static Statement, parameters: &'a [SqlValue<'a>], locks: bool) -> Request<'a> {
        if is_plain(statement.sql) {
            return self.plain(statement.sql);
        }
        match self.prepared.get(&key(statement, locks)) {
            Some(prepared) => Box::pin(async move {
                let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|value| value as _).collect();
                self.client.query(prepared, &parameters).await.and_then(|found| rows(&found))
            }),
            None => self.unprepared(statement, parameters, locks),
        }
    }

    /// One round trip without a statement that outlives it, which another connection behind `PgBouncer` would not have.
    fn unprepared<'a>(&'a self, statement: &'static Statement, parameters: &'a [SqlValue<'a>], locks: bool) -> Request<'a> {
        Box::pin(async move {
            let typed = |value: &'a SqlValue<'a>| {
                let kind = match value {
                    SqlValue::Null => Type::UNKNOWN,
                    SqlValue::Int(_) => Type::INT8,
                    SqlValue::Text(_) => Type::TEXT,
                };
                (value as &(dyn ToSql + Sync), kind)
            };
            let parameters: Vec<_> = parameters.iter().map(typed).collect();
            self.client.query_typed(&text(statement, locks), &parameters).await.and_then(|found| rows(&found))
        })
    }

    fn plain<'a>(&'a self, sql: &'a str) -> Request<'a> {
        Box::pin(async move { self.client.batch_execute(sql).await.map(|()| Rows::default()) })
    }

    fn wait<T: Send, E: Send>(&self, limit: Duration, future: impl Future<Output = Result<T, E>> + Send) -> Result<T, DriverError>
    where
        DriverError: From<E>,
    {
        let runtime = self.runtime.as_ref().ok_or(DriverError::Closed)?;
        wait(runtime, limit, future)?.map_err(DriverError::from)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A runtime that is simply dropped waits, which a thread of an asynchronous host must not.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Drives a future on this thread. A thread of an asynchronous host must not wait inside its own runtime; another thread
/// does it then.
fn wait<T: Send>(runtime: &Runtime, limit: Duration, future: impl Future<Output = T> + Send) -> Result<T, DriverError> {
    let drive = || runtime.block_on(async { tokio::time::timeout(limit, future).await.map_err(|_| DriverError::NoAnswer(limit)) });
    if Handle::try_current().is_err() {
        return drive();
    }
    std::thread::scope(|scope| scope.spawn(drive).join()).unwrap_or(Err(DriverError::Closed))
}

/// Starts the requests in their order, so that they are sent in it, and waits for all answers.
async fn in_order<T>(mut requests: Vec<Request<'_, T>>) -> Vec<Result<T, Error>> {
    let count = requests.len();
    let mut answers: Vec<Option<Result<T, Error>>> = requests.iter().map(|_| None).collect();
    let mut started = 0;
    let mut done = 0;
    poll_fn(|context| {
        let mut poll = |index: usize| -> Poll<()> {
            if answers[index].is_none()
                && let Poll::Ready(answer) = requests[index].as_mut().poll(context)
            {
                answers[index] = Some(answer);
            }
            if answers[index].is_some() { Poll::Ready(()) } else { Poll::Pending }
        };
        while started < count {
            let _ = poll(started);
            started += 1;
        }
        // Answers come in the order of the requests: none behind an open one can be there.
        while done < count {
            ready!(poll(done));
            done += 1;
        }
        Poll::Ready(())
    })
    .await;
    answers.into_iter().flatten().collect()
}

fn rows(rows: &[Row]) -> Result<Rows, Error> {
    let mut cells = Vec::with_capacity(rows.len() * rows.first().map_or(0, Row::len));
    for row in rows {
        for column in 0..row.len() {
            cells.push(row.try_get(column)?);
        }
    }
    Ok(Rows { cells })
}

fn key(statement: &'static Statement, locks: bool) -> StatementKey {
    (std::ptr::from_ref(statement).addr(), locks && statement.lock.is_some())
}

/// The text of a statement, with the lock that it takes. A guard that finds no row divides by zero, which ends the
/// transaction without another round trip.
fn text(statement: &'static Statement, locks: bool) -> String {
    let sql = statement.sql.replace(SKIP_LOCKED, "FOR NO KEY UPDATE SKIP LOCKED");
    let sql = sql.replace(KEY_SHARE, "FOR KEY SHARE").replace(FOR_UPDATE, "FOR UPDATE");
    let sql = match statement.lock.filter(|_| locks) {
        Some(table) => format!("{sql} FOR NO KEY UPDATE OF {table}"),
        None => sql,
    };
    if statement.guard { format!("WITH guard AS ({sql}) SELECT CAST(1 / COUNT(*) AS BIGINT) FROM guard") } else { sql }
}

/// Whether a statement makes or changes tables.
fn defines(sql: &str) -> bool {
    ["CREATE ", "ALTER ", "DROP "].iter().any(|word| sql.starts_with(word))
}

/// Whether a statement has neither parameters nor rows.
fn is_plain(sql: &str) -> bool {
    ["SAVEPOINT ", "ROLLBACK ", "RELEASE "].iter().any(|word| sql.starts_with(word))
}
