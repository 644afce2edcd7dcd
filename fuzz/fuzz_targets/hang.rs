//! Programs without time end at their first look at the clock, which comes before they have done much: run it with
//! `-timeout=2`. The bytes are the choices of the generator that the tests use.
#![no_main]

#[path = "../../tests/scripts/mod.rs"]
mod scripts;

use std::sync::LazyLock;
use std::time::Duration;

use calc::crm::{self, SqliteStore};
use calc::engine::{Block, Engine, Event, Limits};
use calc::{ClientId, ProjectId};
use libfuzzer_sys::fuzz_target;

const COSTLY: &[scripts::Known<'_>] = &[(
    "",
    &[
        "'a' * 100000",
        "10 ** 18",
        "[] * 10 ** 18",
        "range(10 ** 9)",
        "'(a|aa)+$'",
        "('a' * 5000)",
        "{'a' * 30000: 1}",
        "[x] * 1000",
        "9223372036854775807",
        "json('[' * 1000)",
        "('я' * 30000)[5]",
    ],
)];

static STORE: LazyLock<SqliteStore> = LazyLock::new(|| {
    let store = SqliteStore::in_memory().expect("a database in memory");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    store
});
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let limits = Limits { time: Duration::ZERO, pattern: Duration::from_millis(50), memory: 1 << 20, ..Limits::default() };
    Engine::builder().limits(limits).build()
});

fuzz_target!(|bytes: &[u8]| {
    let mut choose = scripts::of_bytes(bytes);
    let source = scripts::Writer::new(ENGINE.registry(), COSTLY, &mut choose).lines();
    let Ok(script) = ENGINE.compile_uncached(&source) else { return };
    let event = Event::at(chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a time")).with_seed(1);
    let outcome = ENGINE.dry_run(&*STORE, ProjectId(1), ClientId(101), &Block::of_script(None, script), &event);
    let steps = outcome.expect("the store does not fail").usage.steps;
    assert!(steps <= 1024, "{steps} steps\n{source}");
});
