//! Blocks per second with durable commits, beside the same SQL sent by hand, on a `SQLite` file and on a `PostgreSQL`
//! server where the tests find one: `cargo bench --bench blocks -- [BLOCKS] [WORD ...]`. What is compared takes turns, five
//! times; of the parts, those are measured whose names have all of the words.

#[path = "../kernels.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod kernels;
mod postgres;
mod recorder;
#[path = "../../tests/postgres/mod.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod server;
mod service_times;
mod sqlite;

use std::any::Any;
use std::ops::RangeInclusive;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use calc::crm::{self, BlockId, ClientId, NewOrder, Opening, ProjectFile, ProjectId, Session, SqliteStore, Store};
use calc::engine::{Engine, Event};
use calc::pipeline::{Job, Settings, Workers};
use calc::store::PostgresStore;
use chrono::DateTime;
use recorder::{Recorder, Unit};
use tempfile::TempDir;

/// As many threads as there are at most.
const THREADS: usize = 16;
/// The clients of a thread, whose blocks take turns: nobody has hundreds of deals.
const CLIENTS: usize = 25;
/// How often what is compared takes turns.
const ROUNDS: usize = 5;

/// The same kind of work without anything that needs an id of the project.
const WITHOUT_IDS: &str = "times = client.times + 1 if client.times else 1
client.times = times
set_note('back again')
add_unread()
count = len(get_active_orders_ids())
client.city = 'Berlin'
client.source = 'site'
---
Your visit number #{times}
";

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let blocks = arguments.first().and_then(|number| number.parse().ok());
    let words = &arguments[usize::from(blocks.is_some())..];
    let blocks = blocks.unwrap_or(1200);
    let is_chosen = |part: &str| words.iter().all(|word| part.split(' ').any(|other| other == word));
    server::IS_DURABLE.store(true, Ordering::Relaxed);
    for (engine, threads) in [(Kind::Sqlite, &[1, 2, 4, 8][..]), (Kind::Postgres, &[1, 4, 16])] {
        for &threads in threads.iter().filter(|threads| is_chosen(&format!("{engine:?} by hand {threads} threads"))) {
            beside_sql_by_hand(engine, threads, blocks, Ours::Calls);
        }
    }
    for threads in [4, 8] {
        if is_chosen(&format!("Sqlite by hand {threads} threads workers")) {
            beside_sql_by_hand(Kind::Sqlite, threads, blocks, Ours::Workers);
        }
    }
    if is_chosen("Postgres deals") {
        deals_beside_none(blocks);
    }
    if is_chosen("Postgres service times") {
        service_times(blocks);
    }
    for (engine, threads, who) in [(Kind::Sqlite, 4, Ours::Calls), (Kind::Sqlite, 8, Ours::Workers), (Kind::Postgres, 16, Ours::Calls)] {
        if is_chosen(&format!("{engine:?} snapshot{}", who.words())) {
            under_a_held_snapshot(engine, threads, blocks, who);
        }
    }
}

/// Who runs blocks of ours.
#[derive(Clone, Copy)]
enum Ours {
    /// Threads that call the engine, each waiting for its commit.
    Calls,
    /// [`Workers`] with as many threads in all.
    Workers,
}

impl Ours {
    fn words(self) -> &'static str {
        match self {
            Self::Calls => "",
            Self::Workers => " of workers",
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Sqlite,
    Postgres,
}

/// A fresh database with the project.
struct Database {
    store: Box<dyn Store>,
    address: Address,
}

enum Address {
    File(TempDir),
    Server(String),
}

impl Database {
    /// `None` where there is no server.
    fn new(kind: Kind) -> Option<Self> {
        let (store, address): (Box<dyn Store>, _) = match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder");
                (Box::new(SqliteStore::open(&folder.path().join("bot.db"), true).expect("a store")), Address::File(folder))
            }
            Kind::Postgres => {
                let url = server::fresh_url()?;
                (Box::new(PostgresStore::open(&url, false).expect("a store")), Address::Server(url))
            }
        };
        let clients: Vec<String> = (0..THREADS * CLIENTS).map(|index| format!(r#"{{"id": {}, "name": "Ann"}}"#, client(index))).collect();
        let shop = format!(
            r#"{{"project": {{"id": 1, "name": "Shop", "time_zone": "Europe/Moscow", "locale": "en"}},
              "operators": [{{"email": "olga@example.com", "name": "Olga", "status": "on_shift"}}],
              "pipelines": [{{"id": 1, "name": "Sales", "stages": [{{"id": 2, "name": "New"}}, {{"id": 3, "name": "Paid"}}]}}],
              "clients": [{}]}}"#,
            clients.join(", ")
        );
        let project = ProjectFile::parse(&shop, DateTime::UNIX_EPOCH).expect("a project");
        crm::load(&*store, &project).expect("the project loads");
        Some(Self { store, address })
    }

    /// How long the recorded units take by hand, each list in a thread of its own.
    fn replay(&self, lists: &[Vec<Unit>]) -> Duration {
        match &self.address {
            Address::File(folder) => sqlite::replay(&folder.path().join("bot.db"), lists),
            Address::Server(url) => postgres::replay(url, lists),
        }
    }

    /// How long the block takes, for clients that each thread has of its own.
    fn blocks_of(&self, who: Ours, source: &str, threads: usize, blocks: usize) -> Duration {
        match who {
            Ours::Calls => self.blocks(source, threads, blocks),
            Ours::Workers => self.blocks_of_workers(source, threads, blocks),
        }
    }

    /// The same in threads that call the engine.
    fn blocks(&self, source: &str, threads: usize, blocks: usize) -> Duration {
        let store = &*self.store;
        let connects = matches!(self.address, Address::Server(_));
        let ready = Barrier::new(threads + 1);
        let begun = std::thread::scope(|scope| {
            for thread in 0..threads {
                let ready = &ready;
                scope.spawn(move || {
                    if connects {
                        // By hand, connecting and preparing is not timed either.
                        run(store, source, thread, 0..=0);
                    }
                    ready.wait();
                    run(store, source, thread, 1..=blocks / threads);
                });
            }
            ready.wait();
            Instant::now()
        });
        begun.elapsed()
    }

    /// The same given to workers.
    fn blocks_of_workers(&self, source: &str, threads: usize, blocks: usize) -> Duration {
        let engine = Engine::new();
        let block = Arc::new(engine.block_file(Some(BlockId(7)), source).expect("the block compiles"));
        // One thread writes and one waits for the disk.
        let settings = Settings { threads: threads - 2, ..Settings::default() };
        let workers = Workers::start(engine, self.store.handle(), Arc::new(()), settings).expect("threads");
        let begun = Instant::now();
        for turn in 1..=blocks / threads {
            for thread in 0..threads {
                let (client, event) = (ClientId(client(thread * CLIENTS + turn % CLIENTS)), event(turn));
                let job = Job { project: ProjectId(1), client, block: Arc::clone(&block), event };
                workers.submit(job, |_, result| drop(result.expect("the block runs")));
            }
        }
        workers.finish();
        begun.elapsed()
    }

    /// Somebody who needs ids until it is dropped.
    fn needs_ids(&self) -> Session {
        let opening = Opening::new(ProjectId(1), ClientId(client(0)), DateTime::UNIX_EPOCH, fastrand::Rng::with_seed(1));
        let mut session = Session::open(&*self.store, opening).expect("a session");
        session.create_order(&NewOrder::default()).expect("a deal");
        session
    }

    /// Keeps the state of this moment in sight until the result is dropped.
    fn hold(&self) -> Box<dyn Any> {
        match &self.address {
            Address::File(folder) => Box::new(sqlite::hold(&folder.path().join("bot.db"))),
            Address::Server(url) => Box::new(postgres::hold(url)),
        }
    }
}

fn client(index: usize) -> i64 {
    101 + i64::try_from(index).expect("a few")
}

/// Runs the block for the clients of a thread, again and again.
fn run(store: &dyn Store, source: &str, thread: usize, turns: RangeInclusive<usize>) {
    let engine = Engine::new();
    let block = engine.block_file(Some(BlockId(7)), source).expect("the block compiles");
    for turn in turns {
        let client = ClientId(client(thread * CLIENTS + turn % CLIENTS));
        engine.run(store, ProjectId(1), client, &block, &event(turn)).expect("the block runs");
    }
}

fn event(turn: usize) -> Event {
    let at = DateTime::from_timestamp(1_795_341_600, 0).expect("a time");
    Event::at(at).with_id(turn.to_string()).with_text("hello").with_seed(1)
}

/// The engine beside the SQL that it sends, sent by hand.
fn beside_sql_by_hand(kind: Kind, threads: usize, blocks: usize, who: Ours) {
    let mut turns = Turns::default();
    for _ in 0..ROUNDS {
        let (Some(source), Some(by_hand), Some(ours)) = (Database::new(kind), Database::new(kind), Database::new(kind)) else {
            return;
        };
        let recorder = Recorder::new(&*source.store);
        // Several threads take ids in stretches; whoever is alone does without.
        let _company = (threads > 1).then(|| source.needs_ids());
        let mut lists = Vec::new();
        for thread in 0..threads {
            run(&recorder, kernels::BLOCK, thread, 1..=blocks / threads);
            lists.push(recorder.take());
        }
        turns.add(blocks, || by_hand.replay(&lists), || ours.blocks_of(who, kernels::BLOCK, threads, blocks));
    }
    turns.print(&format!("{kind:?}, {threads} threads{}, of the same SQL by hand", who.words()));
}

/// How much more sixteen threads do than one when every block makes a deal, beside blocks that make none.
fn deals_beside_none(blocks: usize) {
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let mut gains = Vec::new();
        for source in [kernels::BLOCK, WITHOUT_IDS] {
            let (Some(one), Some(many)) = (Database::new(Kind::Postgres), Database::new(Kind::Postgres)) else { return };
            let alone = one.blocks(source, 1, blocks / 4) * 4;
            gains.push(alone.as_secs_f64() / many.blocks(source, THREADS, blocks).as_secs_f64());
        }
        ratios.push(gains[0] / gains[1]);
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "Postgres, 16 threads, gain with deals of that without: {:.2} (median of {}, {:.2} to {:.2})",
        ratios[ratios.len() / 2],
        ratios.len(),
        ratios[0],
        ratios[ratios.len() - 1],
    );
}

/// What a block takes of this process, of the server and of the disk; of use only while no other server runs.
fn service_times(blocks: usize) {
    let Some(database) = Database::new(Kind::Postgres) else { return };
    // Connects and prepares.
    run(&*database.store, kernels::BLOCK, 1, 1..=10);
    let used = || Some((service_times::of_this_process()?, service_times::of_servers()?));
    let before = used();
    run(&*database.store, kernels::BLOCK, 0, 1..=blocks);
    if let (Some(before), Some(after)) = (before, used()) {
        let of_a_block = |time: Duration| time.as_secs_f64() * 1_000.0 / blocks as f64;
        println!(
            "Postgres, processor time of a block: {:.2} ms here, {:.2} ms on the server; a flush of the disk {:.2} ms",
            of_a_block(after.0.saturating_sub(before.0)),
            of_a_block(after.1.saturating_sub(before.1)),
            service_times::of_a_flush().as_secs_f64() * 1_000.0,
        );
    }
}

/// Blocks while a reader keeps an old state in sight, beside blocks without one.
fn under_a_held_snapshot(kind: Kind, threads: usize, blocks: usize, who: Ours) {
    let mut turns = Turns::default();
    for _ in 0..ROUNDS {
        let (Some(free), Some(held)) = (Database::new(kind), Database::new(kind)) else { return };
        let reader = held.hold();
        let blocks_of = |database: &Database| database.blocks_of(who, kernels::BLOCK, threads, blocks);
        turns.add(blocks, || blocks_of(&free), || blocks_of(&held));
        drop(reader);
    }
    turns.print(&format!("{kind:?}, {threads} threads{}, under a held snapshot of without", who.words()));
}

/// What was measured of two that took turns.
#[derive(Default)]
struct Turns {
    /// Blocks per second of the second one.
    rates: Vec<f64>,
    /// The same over those of the first.
    ratios: Vec<f64>,
    /// Processor time of this process.
    used: [Duration; 2],
    blocks: u32,
}

impl Turns {
    fn add(&mut self, blocks: usize, first: impl FnOnce() -> Duration, second: impl FnOnce() -> Duration) {
        let now = || service_times::of_this_process().unwrap_or_default();
        let begun = now();
        let first = first();
        let between = now();
        let second = second();
        self.used[0] += between.saturating_sub(begun);
        self.used[1] += now().saturating_sub(between);
        self.blocks += u32::try_from(blocks).expect("fewer blocks");
        self.rates.push(blocks as f64 / second.as_secs_f64());
        self.ratios.push(first.as_secs_f64() / second.as_secs_f64());
    }

    fn print(mut self, what: &str) {
        if self.rates.is_empty() {
            return;
        }
        self.rates.sort_by(f64::total_cmp);
        self.ratios.sort_by(f64::total_cmp);
        let [first, second] = self.used.map(|used| (used / self.blocks).as_secs_f64() * 1_000.0);
        println!(
            "{what}: {:.2} (median of {}, {:.2} to {:.2}), {:.0} blocks/s; processor time of a block {second:.3} to {first:.3} ms",
            self.ratios[self.ratios.len() / 2],
            self.ratios.len(),
            self.ratios[0],
            self.ratios[self.ratios.len() - 1],
            self.rates[self.rates.len() / 2],
        );
    }
}
