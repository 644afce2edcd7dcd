//! Scripts of one project with another one beside it: the other one stays what it was, and no script learns anything of it.
//! The bytes are the choices of the generator that the tests use.
#![no_main]

#[path = "../../tests/scripts/mod.rs"]
mod scripts;

use std::sync::LazyLock;
use std::time::Duration;

use calc::crm::{self, ProjectFile, SqliteStore};
use calc::engine::{Block, Engine, Event, Limits};
use calc::{BlockId, ClientId, ProjectId};
use libfuzzer_sys::fuzz_target;

const OTHER: &str = r#"{
 "project": {"id": 2, "name": "SECRET", "variables": {"rate": "SECRET", "x": "SECRET"}},
 "operators": [{"email": "stranger@example.com", "name": "SECRET"}],
 "pipelines": [{"id": 1003, "name": "SECRET", "stages": [{"id": 1011, "name": "SECRET"}]}],
 "clients": [{"id": 1101, "name": "SECRET", "phone": "+7 999 888 77 66", "email": "zoe@example.com", "variables": {"x": "SECRET"}}],
 "deals": [{"id": 1501, "client": 1101, "name": "SECRET", "stage": 1011, "variables": {"x": "SECRET"}}],
 "tasks": [{"id": 1901, "client": 1101, "name": "SECRET"}]
}"#;

const KNOWN: &[scripts::Known<'_>] = &[
    ("kind-client-id", &["101", "102", "1101"]),
    ("kind-deal-id", &["501", "502", "get_order_id()", "1501"]),
    ("task_id", &["901", "x0", "1901"]),
    ("state_id", &["11", "12", "13", "1011"]),
    ("email", &["'stranger@example.com'", "'zoe@example.com'"]),
    ("phone", &["'+7 999 888 77 66'"]),
    ("", &["1101", "1501", "1901", "1003", "1011", "2", "'x'"]),
];

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let limits = Limits { steps: 1_000, time: Duration::from_millis(200), memory: 1 << 20, crm_calls: 50, ..Limits::default() };
    Engine::builder().limits(limits).build()
});

fn store() -> SqliteStore {
    let store = SqliteStore::in_memory().expect("a database in memory");
    let now = chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a time");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    crm::load(&store, &ProjectFile::parse(OTHER, now).expect("a project")).expect("loads");
    store
}

fn other(store: &SqliteStore) -> String {
    crm::dump(store, ProjectId(2)).expect("dumps").expect("the project").to_text()
}

fuzz_target!(|bytes: &[u8]| {
    let mut choose = scripts::of_bytes(bytes);
    let function = bytes.len();
    let source = scripts::Writer::new(ENGINE.registry(), KNOWN, &mut choose).calls(function);
    let Ok(script) = ENGINE.compile_uncached(&source) else { return };
    let store = store();
    let before = other(&store);
    let event = Event::at(chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a time")).with_seed(1);
    let block = Block::of_script(Some(BlockId(7)), script);
    let outcome = ENGINE.run(&store, ProjectId(1), ClientId(101), &block, &event).expect("the store does not fail");
    assert!(!format!("{outcome:?}").contains("SECRET"), "{source}\n{outcome:?}");
    assert_eq!(other(&store), before, "{source}");
});
