//! Blocks per second on a SQLite file with durable commits, beside the same SQL sent by hand through the same driver:
//! `cargo bench --bench blocks -- [BLOCKS]`. What the engine sends is recorded once and then replayed on a fresh copy.

#[path = "kernels.rs"]
#[allow(dead_code)]
mod kernels;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use calc::crm::{self, ProjectFile, SqliteStore, Store, StoreError};
use calc::engine::{Engine, Event};
use calc::store::{Batch, Durability, IdPool, Parameter, Rows, Transaction};
use chrono::DateTime;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

type Recorded = Vec<(&'static str, Vec<Parameter<'static>>)>;

/// A store that keeps what is sent to it, one list for each unit of work.
#[derive(Clone)]
struct Recorder {
    store: SqliteStore,
    lists: Arc<Mutex<Vec<Recorded>>>,
}

struct Recording {
    transaction: Box<dyn Transaction>,
    list: Recorded,
    lists: Arc<Mutex<Vec<Recorded>>>,
}

impl Recorder {
    fn keep(&self, list: Recorded) {
        self.lists.lock().expect("no panic").push(list);
    }
}

impl Store for Recorder {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.keep(recorded(batch));
        self.store.read(batch)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        self.keep(recorded(batch));
        self.store.write(batch, durability)
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn ids(&self) -> &IdPool {
        self.store.ids()
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(Box::new(Recording { transaction: self.store.begin()?, list: Vec::new(), lists: Arc::clone(&self.lists) }))
    }
}

fn recorded(batch: &Batch<'_>) -> Recorded {
    let mut list = Vec::new();
    for (statement, parameters) in batch.iter() {
        let owned = parameters.iter().map(|parameter| match parameter {
            Parameter::Null => Parameter::Null,
            Parameter::Int(int) => Parameter::Int(*int),
            Parameter::Text(text) => Parameter::Text(text.to_string().into()),
        });
        list.push((statement.sql, owned.collect()));
    }
    list
}

impl Transaction for Recording {
    fn run(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.list.extend(recorded(batch));
        self.transaction.run(batch)
    }

    fn commit(mut self: Box<Self>, last: &Batch<'_>) -> Result<(), StoreError> {
        self.list.extend(recorded(last));
        let Self { transaction, list, lists } = *self;
        lists.lock().expect("no panic").push(list);
        transaction.commit(last)
    }

    fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.transaction.rollback()
    }
}

/// A small shop with a client for each thread.
const PROJECT: &str = r#"{
  "project": {"id": 1, "name": "Shop", "time_zone": "Europe/Moscow", "locale": "en"},
  "operators": [{"email": "olga@example.com", "name": "Olga", "status": "on_shift"}],
  "pipelines": [{"id": 1, "name": "Sales", "stages": [{"id": 2, "name": "New"}, {"id": 3, "name": "Paid"}, {"id": 4, "name": "Done"}]}],
  "clients": [{"id": 101, "name": "Ann"}, {"id": 102, "name": "Boris"}, {"id": 103, "name": "Chiara"}, {"id": 104, "name": "Dan"},
    {"id": 105, "name": "Eve"}, {"id": 106, "name": "Farid"}, {"id": 107, "name": "Greta"}, {"id": 108, "name": "Hugo"}]
}"#;

fn fresh(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path, true).expect("a store");
    let project = ProjectFile::parse(PROJECT, DateTime::UNIX_EPOCH).expect("a project");
    crm::load(&store, &project).expect("the project loads");
    store
}

const CLIENTS: [i64; 8] = [101, 102, 103, 104, 105, 106, 107, 108];

/// Runs blocks from some threads; gives the time of all.
fn engine_time(store: &dyn Store, threads: usize, blocks: usize) -> Duration {
    let engine = Engine::new();
    let block = engine.block_file(Some(7), kernels::BLOCK).expect("the block compiles");
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (engine, block) = (&engine, &block);
            scope.spawn(move || {
                for turn in 0..blocks / threads {
                    let at = DateTime::from_timestamp(1_795_341_600, 0).expect("a time");
                    let event = Event::at(at).with_id(format!("{thread}-{turn}")).with_text("hello").with_seed(1);
                    engine.run(store, 1, CLIENTS[thread % CLIENTS.len()], block, &event).expect("the block runs");
                }
            });
        }
    });
    begun.elapsed()
}

/// Sends recorded statements through the driver, with nothing around them.
fn replay_time(path: &Path, threads: usize, lists: &[Recorded]) -> Duration {
    // Every setting of the store's own connection, so that the two differ in nothing but what is above the driver.
    let connection = Connection::open(path).expect("a connection");
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).expect("a setting");
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON").expect("settings");
    connection.set_prepared_statement_cache_capacity(256);
    let connection = Mutex::new(connection);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for part in lists.chunks(lists.len().div_ceil(threads)) {
            let connection = &connection;
            scope.spawn(move || {
                for list in part {
                    let connection = connection.lock().expect("no panic");
                    connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.raw_execute()).expect("begins");
                    for (sql, parameters) in list {
                        send(&connection, sql, parameters);
                    }
                    connection.prepare_cached("COMMIT").and_then(|mut commit| commit.raw_execute()).expect("commits");
                }
            });
        }
    });
    begun.elapsed()
}

fn send(connection: &Connection, sql: &str, parameters: &[Parameter<'static>]) {
    let mut statement = connection.prepare_cached(sql).expect("prepares");
    for (index, parameter) in parameters.iter().enumerate() {
        match parameter {
            Parameter::Null => statement.raw_bind_parameter(index + 1, rusqlite::types::Null),
            Parameter::Int(int) => statement.raw_bind_parameter(index + 1, int),
            Parameter::Text(text) => statement.raw_bind_parameter(index + 1, text.as_ref()),
        }
        .expect("binds");
    }
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().expect("runs") {
        for column in 0..columns {
            std::hint::black_box(row.get::<_, rusqlite::types::Value>(column).expect("a value"));
        }
    }
}

fn main() {
    let blocks = std::env::args().skip(1).find_map(|argument| argument.parse::<usize>().ok()).unwrap_or(1200);
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    for threads in [1, 2, 3, 4, 8] {
        let mut ratios = Vec::new();
        let mut rates = Vec::new();
        for _ in 0..5 {
            let folder = tempfile::tempdir().expect("a folder");
            let path = |name: &str| folder.path().join(name);
            let recorder = Recorder { store: fresh(&path("recorded.db")), lists: Arc::default() };
            engine_time(&recorder, threads, blocks);
            let lists = std::mem::take(&mut *recorder.lists.lock().expect("no panic"));
            drop(fresh(&path("hand.db")));
            let by_hand = replay_time(&path("hand.db"), threads, &lists);
            let ours = engine_time(&fresh(&path("engine.db")), threads, blocks);
            ratios.push(by_hand.as_secs_f64() / ours.as_secs_f64());
            rates.push(blocks as f64 / ours.as_secs_f64());
        }
        ratios.sort_by(f64::total_cmp);
        rates.sort_by(f64::total_cmp);
        println!(
            "{threads} threads: {:.0} blocks/s, {:.2} of the same SQL by hand (median of 5, {:.2} to {:.2})",
            rates[2], ratios[2], ratios[0], ratios[4]
        );
    }
}
