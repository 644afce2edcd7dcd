//! What tests of the library face share: a store with the demo project, a clock, and runs of short scripts.
#![allow(dead_code, reason = "each test file uses a part of it")]

use calc::crm::{self, BlockId, ClientId, Json, ProjectId, SqliteStore};
use calc::engine::{Block, Dialect, Engine, Event, Outcome};
use chrono::{DateTime, Utc};

/// The project, its first client and its current deal, and the client without any deal.
pub const PROJECT: ProjectId = ProjectId(1);
pub const CLIENT: ClientId = ClientId(101);
pub const DEAL: i64 = 501;
pub const BARE_CLIENT: ClientId = ClientId(103);

/// Sunday 22.11.2026 10:00 in Moscow.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_330_800, 0).expect("a time")
}

/// A database in memory that holds the demo project.
pub fn demo_store() -> SqliteStore {
    let store = SqliteStore::in_memory().expect("a database in memory");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    store
}

pub fn engine(dialect: Dialect) -> Engine {
    Engine::builder().dialect(dialect).build()
}

/// A block that compiles.
pub fn block(engine: &Engine, id: Option<BlockId>, calculator: &str, message: &str) -> Block {
    engine.block(id, calculator, message).unwrap_or_else(|diagnostics| panic!("{calculator}\n{message}\n{diagnostics:?}"))
}

/// Runs a calculator for the first client.
pub fn run(store: &SqliteStore, calculator: &str) -> Outcome {
    run_block(store, CLIENT, None, calculator, "", &event())
}

/// Runs a calculator that ends well and returns its value.
pub fn value(store: &SqliteStore, calculator: &str) -> Json {
    let outcome = run(store, calculator);
    assert!(outcome.is_fine(), "{calculator}\n{:?}", outcome.diagnostics);
    outcome.value
}

pub fn run_block(store: &SqliteStore, client: ClientId, id: Option<BlockId>, calculator: &str, message: &str, event: &Event) -> Outcome {
    let engine = engine(Dialect::Strict);
    let block = block(&engine, id, calculator, message);
    engine.run(store, PROJECT, client, &block, event).expect("the store does not fail")
}

pub fn event() -> Event {
    Event::at(now()).with_seed(1)
}

/// The project as it is now.
pub fn dump(store: &SqliteStore) -> Json {
    crm::dump(store, PROJECT).expect("the store does not fail").expect("the project").to_json()
}

/// A row of a list of the project, by its id.
pub fn row(dump: &Json, list: &str, id: impl Into<i64>) -> Json {
    let id = id.into();
    let rows = dump[list].as_array().expect("a list");
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no {id} in {list}")).clone()
}

/// The codes of the diagnostics of an outcome.
pub fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.diagnostics.iter().map(|report| report.code.as_str()).collect()
}
