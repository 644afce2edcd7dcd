//! What every store promises, and what a `SQLite` file does when several have it open.

use std::sync::Barrier;
use std::time::Duration;

use calc::crm::{ClientId, ProjectId, SqliteStore, Store, StoreError, StoreErrorKind};
use calc::engine::{Engine, Event};
use calc::internals::statements;
use calc::store::{Batch, Durability, Rows, Statement};

use crate::{ann, dumped, now, on_every_store, parse, shop};

on_every_store! { a_guard_takes_everything_back what_soon_promises a_transaction_is_whole_or_nothing }

static PUT: Statement = Statement {
    name: "PUT",
    sql: "INSERT INTO calc_project_variable (project_id, name, value) VALUES (1, $1, '1')",
    lock: None,
    guard: false,
};
static THERE: Statement = Statement {
    name: "THERE",
    sql: "SELECT name FROM calc_project_variable p WHERE p.project_id = 1 AND p.name = $1",
    lock: Some("p"),
    guard: true,
};

pub(crate) fn put(name: &str) -> Batch<'_> {
    let mut batch = Batch::new();
    batch.add(&PUT).text(name);
    batch
}

fn put_if(name: &'static str, other: &'static str) -> Batch<'static> {
    let mut batch = put(name);
    batch.add(&THERE).text(other);
    batch
}

pub(crate) fn names(store: &dyn Store) -> Vec<String> {
    dumped(store).variables.keys().cloned().collect()
}

#[track_caller]
pub(crate) fn kind(result: Result<Vec<Rows>, StoreError>) -> StoreErrorKind {
    result.err().map(|error| error.kind()).expect("an error")
}

fn a_guard_takes_everything_back(store: &dyn Store) {
    shop(store);
    for durability in [Durability::OnDisk, Durability::Soon] {
        assert_eq!(kind(store.write(&put_if("new", "absent"), durability)), StoreErrorKind::Conflict);
        assert_eq!(names(store), ["rate", "shared"]);
    }
    store.write(&put_if("new", "rate"), Durability::OnDisk).unwrap();
    assert_eq!(names(store), ["new", "rate", "shared"]);
    assert!(store.write(&put("new"), Durability::OnDisk).is_err(), "a row that is there");
    let mut transaction = store.begin().unwrap();
    assert_eq!(kind(transaction.run(&put_if("more", "absent"))), StoreErrorKind::Conflict);
    drop(transaction);
    assert_eq!(names(store), ["new", "rate", "shared"], "the store goes on");
}

fn what_soon_promises(store: &dyn Store) {
    shop(store);
    store.write(&put("a"), Durability::Soon).unwrap();
    store.write(&put("b"), Durability::OnDisk).unwrap();
    store.write(&put("c"), Durability::Soon).unwrap();
    assert_eq!(names(store), ["a", "b", "c", "rate", "shared"], "whoever asks sees it at once");
}

fn a_transaction_is_whole_or_nothing(store: &dyn Store) {
    shop(store);
    let mut transaction = store.begin().unwrap();
    transaction.run(&put("a")).unwrap();
    transaction.rollback().unwrap();
    let mut transaction = store.begin().unwrap();
    transaction.run(&put("b")).unwrap();
    drop(transaction);
    let mut transaction = store.begin().unwrap();
    transaction.run(&put("c")).unwrap();
    transaction.commit(&put("d")).unwrap();
    assert_eq!(names(store), ["c", "d", "rate", "shared"]);
}

/// A folder with a file that holds the shop.
pub(crate) fn file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    shop(&SqliteStore::open(&path, true).unwrap());
    (folder, path)
}

#[test]
fn readers_wait_for_nobody() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, true).unwrap().with_patience(Duration::ZERO).unwrap();
    let mut transaction = store.begin().unwrap();
    transaction.run(&put("a")).unwrap();
    assert_eq!(names(&store), ["rate", "shared"], "and see nothing unfinished");
    let other = SqliteStore::open(&path, true).unwrap().with_patience(Duration::ZERO).unwrap();
    assert_eq!(names(&other), ["rate", "shared"], "opening waits for nobody either");
    assert_eq!(kind(other.write(&put("b"), Durability::OnDisk)), StoreErrorKind::Busy, "writers wait in turn");
    transaction.commit(&Batch::new()).unwrap();
    other.write(&put("b"), Durability::OnDisk).unwrap();
    assert_eq!(names(&store), ["a", "b", "rate", "shared"]);
}

/// Units of work that queue up share a commit, and each is still whole or nothing on its own: whether those that fail have
/// changed something by then or not.
#[test]
fn one_that_fails_takes_no_other_with_it() {
    for guard_comes_first in [false, true] {
        let (_folder, path) = file();
        let store = SqliteStore::open(&path, false).unwrap().with_patience(Duration::MAX).unwrap();
        let before = commits(&path);
        // Whoever comes while this is open queues up.
        let transaction = store.begin().unwrap();
        let fails = |number: usize| number.is_multiple_of(3);
        let results: Vec<Option<StoreErrorKind>> = std::thread::scope(|scope| {
            let write = |number: usize| {
                let store = &store;
                scope.spawn(move || {
                    let name = format!("n{number:02}");
                    let mut batch = Batch::new();
                    if fails(number) && guard_comes_first {
                        batch.add(&THERE).text("absent");
                    }
                    batch.append(put(&name));
                    if fails(number) && !guard_comes_first {
                        batch.add(&THERE).text("absent");
                    }
                    store.write(&batch, Durability::OnDisk).err().map(|error| error.kind())
                })
            };
            let threads: Vec<_> = (0..20).map(write).collect();
            queued(&store, 20);
            transaction.rollback().unwrap();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let expected: Vec<_> = (0..20).map(|number| fails(number).then_some(StoreErrorKind::Conflict)).collect();
        assert_eq!(results, expected);
        let kept: Vec<String> = (0..20).filter(|number| !fails(*number)).map(|number| format!("n{number:02}")).collect();
        assert_eq!(names(&store)[..kept.len()], kept);
        assert_eq!(names(&store).len(), kept.len() + 2);
        assert_eq!(commits(&path), before + 1, "and they share a commit");
    }
}

/// How often the log of a file has begun anew: it counts that itself.
fn beginnings(path: &std::path::Path) -> u32 {
    let log = std::fs::read(path.with_extension("db-wal")).unwrap();
    u32::from_be_bytes(log[12..16].try_into().unwrap())
}

/// What is in the log goes into the file when there is much of it and no reader needs the file as it was.
#[test]
fn the_log_does_not_grow_for_ever() {
    static LARGE: Statement = Statement {
        name: "LARGE",
        sql: "INSERT INTO calc_project_variable (project_id, name, value) VALUES (1, $1, $2)",
        lock: None,
        guard: false,
    };
    // Four hundred pages each, and four thousand are many.
    let value = "x".repeat(400 * 4_096);
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap();
    let write = |numbers: std::ops::Range<usize>| {
        for number in numbers {
            let mut batch = Batch::new();
            batch.add(&LARGE).text(number.to_string()).text(value.as_str());
            store.write(&batch, Durability::OnDisk).unwrap();
        }
    };
    write(0..1);
    let begun = beginnings(&path);
    write(1..8);
    assert_eq!(beginnings(&path), begun, "a short log stays");
    write(8..14);
    assert_eq!(beginnings(&path), begun + 1);
    let reader = rusqlite::Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT COUNT(*) FROM calc_client").unwrap();
    write(14..24);
    assert_eq!(beginnings(&path), begun + 1, "a reader needs the file as it was");
    drop(reader);
    write(24..36);
    assert_eq!(beginnings(&path), begun + 2, "the log was twice as long at most before that was tried again");
}

/// The commits in the log of a file: its frames that say how large the database is after them (the format is part of the
/// documentation of `SQLite`).
fn commits(path: &std::path::Path) -> usize {
    let log = std::fs::read(path.with_extension("db-wal")).unwrap();
    if log.len() < 32 {
        return 0;
    }
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let frame = 24 + number(8) as usize;
    let salt = number(16);
    (32..log.len())
        .step_by(frame)
        .take_while(|at| at + frame <= log.len() && number(at + 8) == salt)
        .filter(|at| number(at + 4) > 0)
        .count()
}

/// Waits until so many units of work have queued up.
fn queued(store: &SqliteStore, count: usize) {
    while store.waiting() < count {
        std::thread::yield_now();
    }
}

#[test]
fn those_who_queue_up_share_a_commit() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap().with_patience(Duration::MAX).unwrap();
    let before = commits(&path);
    let transaction = store.begin().unwrap();
    let (store, path) = (&store, &path);
    std::thread::scope(|scope| {
        let put_and_look = |number: usize| {
            scope.spawn(move || {
                let name = format!("n{number:02}");
                let mut batch = put(&name);
                if number == 7 {
                    batch.add(&THERE).text("absent");
                }
                let is_kept = store.write(&batch, Durability::OnDisk).is_ok();
                assert_eq!(is_kept, number != 7, "each is whole or nothing");
                assert!(commits(path) > before, "nobody is told before it is in the log");
                assert_eq!(names(store).contains(&name), is_kept);
            });
        };
        (0..64).for_each(put_and_look);
        queued(store, 64);
        assert_eq!(commits(path), before);
        transaction.rollback().unwrap();
    });
    assert_eq!(commits(path), before + 1, "64 units of work, one wait for the disk");
    let transaction = store.begin().unwrap();
    std::thread::scope(|scope| {
        for number in 100..170 {
            scope.spawn(move || store.write(&put(&format!("n{number}")), Durability::OnDisk).unwrap());
        }
        queued(store, 70);
        transaction.rollback().unwrap();
    });
    assert_eq!(commits(path), before + 3, "a group has its limit, so that nobody waits for others for ever");
}

#[test]
fn units_written_together_share_a_commit() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap();
    let refused_at_once = |name: &'static str| {
        let mut batch = Batch::new();
        batch.add(&THERE).text("absent");
        batch.append(put(name));
        batch
    };
    let refused_later = |name: &'static str| {
        let mut batch = put(name);
        batch.add(&THERE).text("absent");
        batch
    };
    let together = |units: &[Batch<'_>]| -> Vec<Result<usize, StoreErrorKind>> {
        let results = store.shared_commits().unwrap().write_together(units);
        results.into_iter().map(|result| result.map(|rows| rows.len()).map_err(|error| error.kind())).collect()
    };
    let before = commits(&path);
    let kinds = together(&[put("a"), refused_at_once("b"), put("c")]);
    assert_eq!(kinds, [Ok(1), Err(StoreErrorKind::Conflict), Ok(1)]);
    assert_eq!(commits(&path), before + 1);
    let kinds = together(&[put("d"), refused_later("e"), put("f")]);
    assert_eq!(kinds, [Ok(1), Err(StoreErrorKind::Conflict), Ok(1)], "one that fails late takes no other with it");
    assert_eq!(commits(&path), before + 2);
    assert_eq!(together(&[refused_later("g")]), [Err(StoreErrorKind::Conflict)]);
    assert_eq!(names(&store), ["a", "c", "d", "f", "rate", "shared"]);
    let impatient = store.clone().with_patience(Duration::ZERO).unwrap();
    let transaction = store.begin().unwrap();
    let results = impatient.shared_commits().unwrap().write_together(&[put("h"), put("i")]);
    assert_eq!(results.len(), 2);
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|error| error.kind() == StoreErrorKind::Busy)), "{results:?}");
    transaction.rollback().unwrap();
    assert_eq!(names(&store), ["a", "c", "d", "f", "rate", "shared"]);
}

/// `SQLite` itself is never told to leave out a flush, whatever the unit of work promises: so every commit is in the log when
/// it is over, and the store alone decides when that is flushed.
#[test]
fn what_the_connection_promises() {
    static SYNCHRONOUS: Statement = Statement { name: "SYNCHRONOUS", sql: "PRAGMA synchronous", lock: None, guard: false };
    static JOURNAL: Statement = Statement { name: "JOURNAL", sql: "PRAGMA journal_mode", lock: None, guard: false };
    const FULL: i64 = 2;
    let ask = |statement| {
        let mut batch = Batch::new();
        batch.add(statement);
        batch
    };
    let answer = |mut rows: Vec<Rows>| rows.remove(0).reader().int::<i64>().unwrap();
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap();
    let mut journal = store.write(&ask(&JOURNAL), Durability::OnDisk).unwrap().remove(0).reader();
    assert_eq!(journal.text().unwrap(), "wal");
    for durability in [Durability::OnDisk, Durability::Soon, Durability::OnDisk] {
        assert_eq!(answer(store.write(&ask(&SYNCHRONOUS), durability).unwrap()), FULL);
        let before = commits(&path);
        store.write(&put(&format!("n{before}")), durability).unwrap();
        assert_eq!(commits(&path), before + 1, "also what may be lost with the machine is not lost with the process");
        let mut transaction = store.begin().unwrap();
        assert_eq!(answer(transaction.run(&ask(&SYNCHRONOUS)).unwrap()), FULL);
        // A reader of its own, because the connection that writes is taken.
        assert_eq!(answer(store.read(&ask(&SYNCHRONOUS)).unwrap()), FULL);
    }
    let other = SqliteStore::open(&path, false).unwrap();
    assert_eq!(answer(other.write(&ask(&SYNCHRONOUS), Durability::OnDisk).unwrap()), FULL, "another store of the process");
}

/// Eight threads with a store each on one file: all come to their turn.
#[test]
fn nobody_starves() {
    let (_folder, path) = file();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let path = &path;
            scope.spawn(move || {
                for round in 0..25 {
                    let store = SqliteStore::open(path, true).unwrap();
                    let engine = Engine::new();
                    let block = engine.block(None, &format!("set_note('{thread} {round}')"), "").unwrap();
                    engine.run(&store, ProjectId(1), ClientId(101 + thread % 5), &block, &Event::at(now())).unwrap();
                }
            });
        }
    });
    let notes: usize = dumped(&SqliteStore::open(&path, false).unwrap()).clients.iter().map(|entry| entry.notes.len()).sum();
    assert_eq!(notes, 200);
}

#[test]
fn a_new_file_is_made_by_several_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let ready = Barrier::new(6);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    ready.wait();
                    SqliteStore::open(&path, true).map(drop).unwrap();
                });
            }
        });
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_went_is_noticed() {
    for replaced in [false, true] {
        let (folder, path) = file();
        let store = SqliteStore::open(&path, false).unwrap();
        let transaction = store.begin().unwrap();
        if replaced {
            let other = folder.path().join("other.db");
            drop(SqliteStore::open(&other, true).unwrap());
            std::fs::rename(&other, &path).unwrap();
        } else {
            std::fs::remove_file(&path).unwrap();
        }
        assert_eq!(transaction.commit(&put("a")).map_err(|error| error.kind()), Err(StoreErrorKind::Unavailable));
        assert_eq!(kind(store.write(&put("b"), Durability::OnDisk)), StoreErrorKind::Unavailable);
        let mut batch = Batch::new();
        batch.add(&statements::PROJECT_EXISTS).int(1);
        assert_eq!(kind(store.read(&batch)), StoreErrorKind::Unavailable);
        // What is there now can be opened beside it.
        let fresh = SqliteStore::open(&path, true).unwrap();
        calc::crm::load(&fresh, &parse(crate::SHOP)).unwrap();
        assert_eq!(dumped(&fresh).project.id, ProjectId(1));
    }
}

#[test]
fn patience_may_be_any_time() {
    let store = SqliteStore::in_memory().unwrap().with_patience(Duration::MAX).unwrap();
    shop(&store);
    let store = store.with_patience(Duration::from_secs(1 << 40)).unwrap();
    assert_eq!(dumped(&store).project.id, ProjectId(1));
    let store = store.with_patience(Duration::ZERO).unwrap();
    assert_eq!(ann(&store).now(), now());
}
