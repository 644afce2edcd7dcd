//! Whether a block, and what people ask about one client, take longer among many clients than among few:
//! `cargo bench --bench scale -- [CLIENTS] [BLOCKS]`. Small and large databases take turns, so that a busy machine slows
//! down both. A SQLite file, and a PostgreSQL server where the tests find one.

#[path = "fill.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod fill;
#[path = "kernels.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod kernels;
#[path = "../tests/postgres/mod.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod postgres;

use calc::crm::{BlockId, ClientId, ProjectId};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use calc::engine::{Engine, Event};
use calc::store::Store;
use chrono::DateTime;

const SMALL: i64 = 1_000;

struct Database {
    url: String,
    store: Box<dyn Store>,
    clients: i64,
}

/// What was measured on one database.
#[derive(Default)]
struct Measured {
    block: Vec<Duration>,
    round_trips: u64,
    show: Vec<Duration>,
    list: Vec<Duration>,
    dump: Vec<Duration>,
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<i64>().ok());
    let clients = numbers.next().unwrap_or(1_000_000);
    let blocks = numbers.next().unwrap_or(2_000);
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| Some(format!("sqlite://{}", folder.path().join(name).display()));
    compare("SQLite file", [file("small.db"), file("large.db")], clients, blocks);
    compare("PostgreSQL", [postgres::empty_url(), postgres::empty_url()], clients, blocks);
}

fn compare(name: &str, urls: [Option<String>; 2], clients: i64, blocks: i64) {
    let [Some(small), Some(large)] = urls else { return };
    let databases = [filled(name, small, SMALL), filled(name, large, clients)];
    let mut measured = [Measured::default(), Measured::default()];
    let engine = Engine::new();
    let block = engine.block_file(Some(BlockId(7)), kernels::BLOCK).expect("the block compiles");
    let mut random = fastrand::Rng::with_seed(1);
    for turn in 0..blocks {
        for (database, measured) in databases.iter().zip(&mut measured) {
            let client = fill::FIRST + 4 * random.i64(0..database.clients);
            let at = DateTime::from_timestamp(1_795_341_600 + turn, 0).expect("a time");
            let event = Event::at(at).with_id(format!("{turn}")).with_text("hello").with_seed(1);
            let begun = Instant::now();
            let outcome = engine.run(&*database.store, ProjectId(1), ClientId(client), &block, &event).expect("the block runs");
            measured.block.push(begun.elapsed());
            measured.round_trips += outcome.usage.round_trips;
        }
    }
    for _ in 0..30 {
        for (database, measured) in databases.iter().zip(&mut measured) {
            let client = (fill::FIRST + 4 * random.i64(0..database.clients)).to_string();
            measured.show.push(command(&["crm", "show", "--db", &database.url, "--client", &client]));
            measured.list.push(command(&["crm", "list", "deals", "--db", &database.url, "--client", &client]));
            measured.dump.push(command(&["crm", "dump", "--db", &database.url, "--client", &client]));
        }
    }
    let [small, large] = &mut measured;
    println!("{name}, {SMALL} and {clients} clients with 3 deals each, {blocks} blocks on each:");
    row("a block of ten calls", &mut small.block, &mut large.block);
    let average = |round_trips: u64| round_trips as f64 / blocks as f64;
    println!("  round trips of a block: {:.2} and {:.2}", average(small.round_trips), average(large.round_trips));
    row("calc crm show", &mut small.show, &mut large.show);
    row("calc crm list deals", &mut small.list, &mut large.list);
    row("calc crm dump --client", &mut small.dump, &mut large.dump);
}

fn filled(name: &str, url: String, clients: i64) -> Database {
    let begun = Instant::now();
    let store = fill::open(&url).expect("a database");
    fill::fill(&*store, clients, &mut |_| ()).expect("clients");
    settle(&url);
    println!("{name}: {clients} clients made in {:.1} s", begun.elapsed().as_secs_f64());
    Database { url, store, clients }
}

/// Does at once what a server does by itself after so many new rows, while it would be measured.
fn settle(url: &str) {
    if url.starts_with("postgres") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("connects");
            tokio::spawn(connection);
            client.batch_execute("VACUUM ANALYZE").await.expect("tidies up");
            client.batch_execute("CHECKPOINT").await.expect("writes");
        });
    }
}

/// How long the command takes as a whole process.
fn command(arguments: &[&str]) -> Duration {
    let begun = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_calc")).args(arguments).stdout(Stdio::null()).status().expect("the command starts");
    assert!(status.success(), "calc {arguments:?}: {status}");
    begun.elapsed()
}

fn row(what: &str, small: &mut [Duration], large: &mut [Duration]) {
    let mut part = |percent: usize| {
        [&mut *small, &mut *large].map(|times| {
            times.sort();
            times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0
        })
    };
    let [small_median, large_median] = part(50);
    let [small_late, large_late] = part(99);
    println!(
        "  {what}: medians {small_median:.2} and {large_median:.2} ms, ratio {:.2}; 99th percentiles {small_late:.2} and {large_late:.2} ms",
        large_median / small_median
    );
}
