//! How long units of work wait for others on one SQLite file: those of eight threads of one process, those of several
//! processes, and those of processes beside one that has much to do. Prints figures and judges nothing; docs/reliability.md has some.
//!
//! ```console
//! $ cargo run --example fairness            # 4 processes, 8 threads, 10 seconds each
//! $ cargo run --example fairness -- 6 60    # 6 processes, 60 seconds
//! ```

use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use calc::crm::{self, ProjectFile, SqliteStore};
use calc::engine::{Engine, Event};
use calc::{BlockId, ClientId, ProjectId};
use chrono::DateTime;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const THREADS: i64 = 8;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, default: i64| arguments.get(index).map_or(Ok(default), |text| text.parse());
    if arguments.first().is_some_and(|first| first == "child") {
        return work(Path::new(&arguments[1]), number(2, 1)?..number(3, 2)?, number(4, 1)?);
    }
    let (processes, seconds) = (number(0, 4)?, number(1, 10)?);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("fairness.db");
    let clients: Vec<String> = (1..=THREADS + processes).map(|id| format!(r#"{{"id": {id}, "name": "client {id}"}}"#)).collect();
    let project = format!(r#"{{"project": {{"id": 900, "name": "Fairness"}}, "clients": [{}]}}"#, clients.join(", "));
    crm::load(&SqliteStore::open(&path, true)?, &ProjectFile::parse(&project, DateTime::UNIX_EPOCH)?)?;

    println!("{THREADS} threads of one process");
    work(&path, 1..THREADS + 1, seconds)?;
    println!("{processes} processes with a thread each");
    in_processes(&path, (1..=processes).map(|client| client..client + 1), seconds)?;
    println!("one process with {THREADS} threads, {processes} with one");
    let others = (THREADS + 1..=THREADS + processes).map(|client| client..client + 1);
    in_processes(&path, std::iter::once(1..THREADS + 1).chain(others), seconds)
}

/// Runs a process for each of these ranges of clients.
fn in_processes(path: &Path, clients: impl Iterator<Item = Range<i64>>, seconds: i64) -> Result<(), Failure> {
    let this = std::env::current_exe()?;
    let start = |clients: Range<i64>| {
        let numbers = [clients.start, clients.end, seconds].map(|number| number.to_string());
        Command::new(&this).arg("child").arg(path).args(numbers).stdout(Stdio::piped()).spawn()
    };
    let children = clients.map(start).collect::<Result<Vec<_>, _>>()?;
    for child in children {
        print!("{}", String::from_utf8_lossy(&child.wait_with_output()?.stdout));
    }
    Ok(())
}

/// Works for some clients, each in a thread of its own.
fn work(path: &Path, clients: Range<i64>, seconds: i64) -> Result<(), Failure> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = clients.map(|client| scope.spawn(move || work_for(path, client, seconds))).collect();
        for thread in threads {
            println!("  {}", thread.join().map_err(|_| "a thread panicked")??);
        }
        Ok(())
    })
}

/// Runs blocks for one client as fast as they go, and says how long they took.
fn work_for(path: &Path, client: i64, seconds: i64) -> Result<String, Failure> {
    let store = SqliteStore::open(path, false)?;
    let engine = Engine::new();
    let block = engine.block(Some(BlockId(7)), "client.count += 1", "hello").map_err(|found| format!("{found:?}"))?;
    let event = Event::at(DateTime::from_timestamp(1_795_341_600, 0).unwrap_or_default());
    let begun = Instant::now();
    let mut took = Vec::new();
    while begun.elapsed() < Duration::from_secs(u64::try_from(seconds)?) {
        let start = Instant::now();
        engine.run(&store, ProjectId(900), ClientId(client), &block, &event)?;
        took.push(start.elapsed());
    }
    took.sort_unstable();
    let at = |percent: usize| took.get((took.len() * percent / 100).min(took.len().saturating_sub(1))).copied().unwrap_or_default();
    Ok(format!(
        "client {client}: {} blocks, half within {:.1?}, 99 of 100 within {:.1?}, longest {:.1?}",
        took.len(),
        at(50),
        at(99),
        at(100)
    ))
}
