//! Blocks of many threads on one database.

use std::sync::Arc;
use std::time::Duration;

use calc::crm::{self, BlockId, ClientId, Json, ProjectFile, ProjectId, SqliteStore, Store, StoreError, StoreErrorKind};
use calc::engine::{Engine, Event, HostError, Limits, MessageStatus};
use calc::store::{Batch, Durability, IdPool, Rows, Transaction};
use serde_json::json;

use crate::harness::{self, BARE_CLIENT, CLIENT, PROJECT, dump, event, now, row};

/// L8.4: a block is compiled once and run by many threads at once.
#[test]
fn one_block_from_many_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join("bot.db"), true).expect("a database");
    let clients: Vec<Json> = (0..55).map(|i| json!({"id": 1_000 + i, "name": format!("client {i}")})).collect();
    let operators: Vec<Json> =
        (0..5).map(|i| json!({"email": format!("o{i}@example.com"), "name": format!("O{i}"), "status": "on_shift"})).collect();
    let project = json!({"project": {"id": 1, "name": "Shop"}, "operators": operators, "clients": clients});
    let file = ProjectFile::parse(&project.to_string(), now()).expect("a project");
    crm::load(&store, &file).expect("loads");
    let engine = Engine::new();
    let block = harness::block(
        &engine,
        Some(BlockId(7)),
        "given = distribute_client()\nproject.last = client_id\nn = create_order('Order of #{name}')",
        "You are served by #{get_operator_name()}",
    );
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (engine, block, store) = (&engine, &block, &store);
            scope.spawn(move || {
                for client in (1_000..1_055).filter(|client| client % 4 == thread) {
                    let event = Event::at(now()).with_id(format!("e{client}"));
                    let outcome = engine.run(store, ProjectId(1), ClientId(client), block, &event).expect("the store does not fail");
                    assert_eq!(outcome.variables["given"], json!(true));
                    assert_eq!(outcome.message.status, MessageStatus::Queued);
                }
            });
        }
    });
    let dump = dump(&store);
    for i in 0..5 {
        let email = format!("o{i}@example.com");
        let count = dump["clients"].as_array().expect("clients").iter().filter(|client| client["operator"] == email.as_str()).count();
        assert_eq!(count, 11, "{email}");
    }
    let mut ids: Vec<i64> = dump["deals"].as_array().expect("deals").iter().filter_map(|deal| deal["id"].as_i64()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 55, "every deal has an id of its own");
}

/// Whoever meets a change of another runs again, until what it read still holds when it is committed.
#[test]
fn no_change_is_lost_between_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join("bot.db"), true).expect("a database");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    let engine = Engine::new();
    let start = harness::block(&engine, None, "client.mine = 0\nproject.all = 0", "");
    for client in [CLIENT, BARE_CLIENT] {
        engine.run(&store, PROJECT, client, &start, &event()).expect("the store does not fail");
    }
    let count = harness::block(&engine, None, "client.mine = client.mine + 1\nproject.all = project.all + 1", "");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (engine, count, store) = (&engine, &count, &store);
            scope.spawn(move || {
                for turn in 0..10 {
                    let client = if turn % 2 == 0 { CLIENT } else { BARE_CLIENT };
                    // A store that is too busy says so, and nothing was changed.
                    let event = event().with_id(format!("{thread} {turn}"));
                    while let Err(error) = engine.run(store, PROJECT, client, count, &event) {
                        assert!(matches!(&error, HostError::Store(error) if error.kind() == StoreErrorKind::Busy), "{error}");
                    }
                }
            });
        }
    });
    let dump = dump(&store);
    assert_eq!(dump["project"]["variables"]["all"], json!(40));
    for client in [CLIENT, BARE_CLIENT] {
        assert_eq!(row(&dump, "clients", client)["variables"]["mine"], json!(20));
    }
}

/// While a script runs nobody waits for it, and what it waited for is not its time.
#[test]
fn a_long_script_holds_up_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    // Whoever waited for the script itself would wait in vain; the short moment of a commit is another matter.
    let patience = Duration::from_secs(2);
    let store = SqliteStore::open(&folder.path().join("bot.db"), true).expect("a database").with_patience(patience).expect("patience");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    let engine = Engine::new();
    let running = std::sync::Barrier::new(2);
    RUNNING.set(store.clone()).unwrap_or_else(|_| panic!("set once"));
    let long = Engine::builder().functions(INTERRUPTED).build();
    let block = harness::block(&long, None, "set_note('before')\nget_active_orders_ids()\nothers_work()\nset_note('after')", "");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            running.wait();
            let short = harness::block(&engine, None, "set_note('meanwhile')", "");
            engine.run(&store, PROJECT, BARE_CLIENT, &short, &event()).expect("nobody is in the way");
        });
        running.wait();
        let outcome = long.run(&store, PROJECT, CLIENT, &block, &event()).expect("the store does not fail");
        assert!(outcome.is_fine());
    });
    let notes = |client| row(&dump(&store), "clients", client)["notes"].as_array().map(Vec::len);
    assert_eq!((notes(CLIENT), notes(BARE_CLIENT)), (Some(3), Some(2)));
}

static RUNNING: std::sync::OnceLock<SqliteStore> = std::sync::OnceLock::new();

calc::builtins! {
    /// What happens while a script runs.
    static INTERRUPTED: General "test" = {
        /// Another block writes to the same file.
        ///
        /// ```calc
        /// _x = 1
        /// ```
        ours fn others_work(context) -> bool {
            let store = RUNNING.get().expect("a store");
            let engine = Engine::new();
            let block = harness::block(&engine, None, "set_note('between')", "");
            Ok(engine.run(store, PROJECT, BARE_CLIENT, &block, &event()).is_ok_and(|outcome| outcome.is_fine()))
        }
    }
}

#[test]
fn the_same_event_from_many_threads_runs_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join("bot.db"), true).expect("a database");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    let engine = Engine::new();
    let block = harness::block(&engine, None, "create_order('Once')", "");
    let before = dump(&store)["deals"].as_array().expect("deals").len();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| engine.run(&store, PROJECT, CLIENT, &block, &event().with_id("once")).expect("the store does not fail"));
        }
    });
    assert_eq!(dump(&store)["deals"].as_array().expect("deals").len(), before + 1);
}

/// A store that keeps everybody waiting.
struct Slow(SqliteStore);

const WAIT: Duration = Duration::from_millis(1_500);

impl Store for Slow {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        std::thread::sleep(WAIT);
        self.0.read(batch)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        std::thread::sleep(WAIT);
        self.0.write(batch, durability)
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        std::thread::sleep(WAIT);
        self.0.begin()
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(Self(self.0.clone()))
    }

    fn ids(&self) -> &IdPool {
        self.0.ids()
    }
}

/// Waiting for the database is the host's: it is neither the script's time nor the outcome of an event.
#[test]
fn waiting_is_not_the_time_of_a_script() {
    let store = Slow(SqliteStore::in_memory().expect("a database"));
    crm::load(&store.0, &crm::demo().expect("the demo project")).expect("loads");
    let engine = Engine::builder().limits(Limits { time: Duration::from_secs(1), ..Limits::default() }).build();
    // Opens the session, asks while it runs, makes a deal and commits: each of them waits longer than the script may run.
    let block = harness::block(&engine, None, "_n = len(get_active_orders_ids())\ndeal = create_order('Mugs', 450)", "");
    let outcome = engine.run(&store, PROJECT, CLIENT, &block, &event().with_id("e1")).expect("the store does not fail");
    assert!(outcome.is_fine(), "{:?}", outcome.diagnostics);
    let again = engine.run(&store, PROJECT, CLIENT, &block, &event().with_id("e1")).expect("the store does not fail");
    assert!(again.repeated && again.is_fine());
}
