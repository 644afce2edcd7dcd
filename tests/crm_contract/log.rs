//! How a `SQLite` file and its log are written: large units of work, programs that use the file in `SQLite`'s own way beside
//! the store, what others may read a moment before it is on the disk.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use calc::crm::{self, BlockId, ClientId, HostError, ProjectFile, ProjectId, SqliteStore, Store, StoreError, StoreErrorKind, outbox};
use calc::engine::{Engine, Event};
use calc::store::{Batch, Durability, IdPool, Rows, Statement, Transaction};
use calc::wording::Message;
use rusqlite::Connection;

use crate::stores::{file, kind, names, put};
use crate::{dumped, now, on_every_store, shop};

on_every_store! { an_empty_batch_waits_for_the_disk_only what_is_acknowledged_is_on_the_disk }

static PUT: Statement = Statement {
    name: "PUT",
    sql: "INSERT INTO calc_project_variable (project_id, name, value) VALUES (1, $1, $2) \
          ON CONFLICT (project_id, name) DO UPDATE SET value = excluded.value",
    lock: None,
    guard: false,
};

/// So many variables of a page each.
fn pages<'v>(prefix: &str, count: usize, value: &'v str) -> Batch<'v> {
    let mut batch = Batch::new();
    for number in 0..count {
        batch.add(&PUT).text(format!("{prefix}{number:04}")).text(value);
    }
    batch
}

/// A text as it is stored.
fn text(character: char, length: usize) -> String {
    format!("\"{}\"", character.to_string().repeat(length))
}

/// Two values that take most of a page.
fn values() -> (String, String) {
    (text('1', 3_000), text('2', 3_000))
}

/// What a connection of `SQLite`'s own finds: variables with such a name and value, and whether the file is sound.
fn found(path: &Path, prefix: &str, value: &str) -> i64 {
    let connection = Connection::open(path).unwrap();
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let count = "SELECT COUNT(*) FROM calc_project_variable WHERE project_id = 1 AND name LIKE ?1 || '%' AND value = ?2";
    connection.query_row(count, [prefix, value], |row| row.get(0)).unwrap()
}

/// What is found after a crash of this process: only what is in the files counts then, and the log only up to the first frame
/// whose checksum is wrong.
fn found_after_a_crash(path: &Path, prefix: &str, value: &str) -> i64 {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let copied = |from: &Path, to: &Path| std::fs::write(to, std::fs::read(from).unwrap()).unwrap();
    copied(path, &copy);
    copied(&path.with_extension("db-wal"), &copy.with_extension("db-wal"));
    found(&copy, prefix, value)
}

/// Far more than is gathered before it is handed to the system.
#[test]
fn a_large_unit_of_work() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap();
    let (value, other) = values();
    for durability in [Durability::OnDisk, Durability::Soon] {
        store.write(&pages("a", 300, &value), durability).unwrap();
        assert_eq!((found(&path, "a", &value), found_after_a_crash(&path, "a", &value)), (300, 300));
        store.write(&pages("a", 300, &other), durability).unwrap();
        assert_eq!((found(&path, "a", &other), found_after_a_crash(&path, "a", &other)), (300, 300));
    }
    // A single value of 40 MB, which makes the log so long that it goes into the file within the commit.
    let huge = text('3', 40_000_000);
    store.write(&pages("b", 1, &huge), Durability::OnDisk).unwrap();
    assert_eq!((found(&path, "b", &huge), found_after_a_crash(&path, "b", &huge)), (1, 1));
    store.write(&pages("c", 300, &value), Durability::OnDisk).unwrap();
    assert_eq!((found(&path, "c", &value), found_after_a_crash(&path, "c", &value)), (300, 300));
}

/// More than `SQLite` keeps in memory, 2 MB: it writes pages to the log before the commit, and some of them twice.
#[test]
fn a_unit_of_work_that_outgrows_memory() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap();
    let (value, other) = values();
    for round in 0..3 {
        let prefix = format!("r{round}n");
        let mut transaction = store.begin().unwrap();
        transaction.run(&pages(&prefix, 1_500, &value)).unwrap();
        assert!(path.with_extension("db-wal").metadata().unwrap().len() > 1_000_000, "the log has pages of it already");
        transaction.run(&pages(&prefix, 1_500, &other)).unwrap();
        assert_eq!(found(&path, &prefix, &other), 0, "nobody sees them");
        if round == 1 {
            drop(transaction);
        } else {
            transaction.rollback().unwrap();
        }
        assert_eq!((found(&path, &prefix, &value), found(&path, &prefix, &other)), (0, 0));
        // Somebody else writes where those pages are, and reading does not put them back.
        let beside = Connection::open(&path).unwrap();
        beside.execute("UPDATE calc_project_variable SET value = '7' WHERE project_id = 1 AND name = 'rate'", []).unwrap();
        assert_eq!(dumped(&store).variables["rate"], 7);
        beside.execute("UPDATE calc_project_variable SET value = '8' WHERE project_id = 1 AND name = 'rate'", []).unwrap();
        assert_eq!(dumped(&store).variables["rate"], 8);
        assert_eq!(found_after_a_crash(&path, "rate", "8"), 1);
        let mut transaction = store.begin().unwrap();
        transaction.run(&pages(&prefix, 1_500, &value)).unwrap();
        transaction.run(&pages(&prefix, 700, &other)).unwrap();
        transaction.commit(&pages(&prefix, 100, &value)).unwrap();
        assert_eq!((found(&path, &prefix, &value), found(&path, &prefix, &other)), (900, 600));
        assert_eq!((found_after_a_crash(&path, &prefix, &value), found_after_a_crash(&path, &prefix, &other)), (900, 600));
        // One that fails late takes all of it back.
        let mut failing = pages("late", 1_500, &value);
        failing.append(put("rate"));
        assert!(store.write(&failing, Durability::OnDisk).is_err(), "a row that is there");
        assert_eq!(found_after_a_crash(&path, "late", &value), 0);
        store.write(&pages(&prefix, 1_500, &other), Durability::OnDisk).unwrap();
        assert_eq!((found(&path, &prefix, &other), found_after_a_crash(&path, &prefix, &other)), (1_500, 1_500));
    }
}

/// A few pages of a unit of work that was taken back are in the log, or were about to be: nothing of them may come over what
/// another process writes there afterwards.
#[test]
fn what_was_taken_back_does_not_come_later() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap();
    let beside = Connection::open(&path).unwrap();
    let (value, _) = values();
    for (round, count) in (400..700).step_by(10).enumerate() {
        let mut transaction = store.begin().unwrap();
        transaction.run(&pages("gone", count, &value)).unwrap();
        transaction.rollback().unwrap();
        let number = round.to_string();
        beside.execute("UPDATE calc_project_variable SET value = ?1 WHERE project_id = 1 AND name = 'rate'", [&number]).unwrap();
        assert_eq!(dumped(&store).variables["rate"], round);
        assert_eq!((found_after_a_crash(&path, "rate", &number), found_after_a_crash(&path, "gone", &value)), (1, 0), "{count}");
    }
}

/// Another program that knows nothing of how the store writes the log reads, writes and empties it in turns with the store.
#[test]
fn a_file_is_shared_with_sqlite_itself() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap();
    let beside = Connection::open(&path).unwrap();
    let count = || beside.query_row("SELECT COUNT(*) FROM calc_project_variable", [], |row| row.get::<_, i64>(0)).unwrap();
    let (value, _) = values();
    for (round, empty) in ["PASSIVE", "FULL", "RESTART", "TRUNCATE"].iter().cycle().take(40).enumerate() {
        let before = count();
        let durability = if round % 3 == 0 { Durability::Soon } else { Durability::OnDisk };
        store.write(&pages(&format!("ours{round}n"), 1 + round, &value), durability).unwrap();
        let written = before + 1 + i64::try_from(round).unwrap();
        assert_eq!(count(), written);
        beside
            .execute("INSERT INTO calc_project_variable (project_id, name, value) VALUES (1, ?1, '1')", [format!("theirs{round}")])
            .unwrap();
        assert!(names(&store).contains(&format!("theirs{round}")));
        if round % 2 == 0 {
            let mut transaction = store.begin().unwrap();
            transaction.run(&pages("gone", 30, &value)).unwrap();
            transaction.rollback().unwrap();
        }
        if round % 5 != 4 {
            let busy: i64 = beside.query_row(&format!("PRAGMA wal_checkpoint({empty})"), [], |row| row.get(0)).unwrap();
            assert_eq!(busy, 0);
        }
        assert_eq!(count(), written + 1);
        assert_eq!(found(&path, "gone", &value), 0);
        assert_eq!(found_after_a_crash(&path, &format!("ours{round}n"), &value), 1 + i64::try_from(round).unwrap());
    }
}

/// Where no file may become larger than some megabytes, as on a full disk. The limit is that of a process, so the test runs
/// itself once more, in one of its own.
#[cfg(unix)]
#[test]
fn a_log_without_room() {
    const INSIDE: &str = "CALC_TEST_WITHOUT_ROOM";
    if std::env::var_os(INSIDE).is_some() {
        return units_of_work_without_room();
    }
    // Half a kilobyte or a whole one each; without the signal, writing fails instead of ending the process.
    let script = "trap '' XFSZ; ulimit -f 8192; exec \"$0\" \"$@\"";
    let output = std::process::Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "log::a_log_without_room", "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

#[cfg(unix)]
fn units_of_work_without_room() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap();
    let values = |round: usize| text(if round.is_multiple_of(2) { 'a' } else { 'b' }, 3_000);
    for _ in 0..3 {
        // A unit of work fits into memory, so it is its commit that writes and finds no room.
        let mut kept = 0;
        let error = loop {
            match store.write(&pages("n", 200, &values(kept)), Durability::OnDisk) {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
            assert!(kept < 50, "the limit does not hold");
        };
        assert!(kept > 0, "{error}");
        assert_eq!(error.kind(), StoreErrorKind::Unavailable);
        assert!(error.to_string().contains("the file cannot be opened, read or written"), "{error}");
        let is_as_before = || {
            assert_eq!(found(&path, "n", &values(kept + 1)), 200);
            assert_eq!(found_after_a_crash(&path, "n", &values(kept + 1)), 200);
            assert_eq!(names(&store).len(), 202);
        };
        is_as_before();
        assert_eq!(
            kind(store.write(&pages("n", 200, &values(kept)), Durability::Soon)),
            StoreErrorKind::Unavailable,
            "there is still none"
        );
        is_as_before();
        // One that does not fit into memory writes before its commit.
        let mut transaction = store.begin().unwrap();
        assert_eq!(kind(transaction.run(&pages("m", 2_000, &values(0)))), StoreErrorKind::Unavailable);
        assert!(transaction.commit(&Batch::new()).is_err());
        is_as_before();
        // Somebody makes room.
        let beside = Connection::open(&path).unwrap();
        let busy: i64 = beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
        assert_eq!(busy, 0);
        store.write(&pages("n", 200, &values(kept)), Durability::OnDisk).unwrap();
        assert_eq!(found_after_a_crash(&path, "n", &values(kept)), 200);
        store.write(&pages("n", 200, &values(1)), Durability::OnDisk).unwrap();
    }
}

/// It takes no turn and changes nothing, and whoever has the turn may ask.
fn an_empty_batch_waits_for_the_disk_only(store: &dyn Store) {
    let wait = |durability| store.write(&Batch::new(), durability).map(|rows| rows.len());
    assert_eq!(wait(Durability::OnDisk), Ok(0), "nothing was ever written");
    shop(store);
    store.write(&put("a"), Durability::Soon).unwrap();
    assert_eq!((wait(Durability::OnDisk), wait(Durability::Soon)), (Ok(0), Ok(0)));
    let mut transaction = store.begin().unwrap();
    transaction.run(&put("b")).unwrap();
    assert_eq!(wait(Durability::OnDisk), Ok(0));
    transaction.commit(&Batch::new()).unwrap();
    assert_eq!(names(store), ["a", "b", "rate", "shared"]);
}

#[test]
fn an_empty_batch_of_a_file() {
    let (folder, path) = file();
    let store = SqliteStore::open(&path, false).unwrap().with_patience(Duration::ZERO).unwrap();
    let wait = |store: &SqliteStore| store.write(&Batch::new(), Durability::OnDisk);
    assert!(wait(&store).is_ok(), "the process has written nothing");
    let transaction = store.begin().unwrap();
    assert!(wait(&store).is_ok(), "it waits for no turn");
    drop(transaction);
    let read_only = SqliteStore::open_read_only(&path).unwrap();
    assert!(wait(&read_only).is_ok());
    drop(read_only);
    #[cfg(unix)]
    {
        std::fs::rename(&path, folder.path().join("moved.db")).unwrap();
        assert_eq!(kind(wait(&store)), StoreErrorKind::Unavailable, "nothing of a file that went may be acknowledged");
    }
    let _ = folder;
}

/// A store that notes what it is asked, and whose disk may fail.
struct Watched {
    store: Arc<dyn Store>,
    log: Arc<Mutex<Vec<&'static str>>>,
    disk_fails: bool,
}

fn broken() -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, Message::verbatim("the disk is broken"))
}

impl Store for Watched {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.log.lock().unwrap().push("read");
        self.store.read(batch)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        let waits = batch.is_empty() && durability == Durability::OnDisk;
        self.log.lock().unwrap().push(if waits { "wait" } else { "write" });
        if waits && self.disk_fails { Err(broken()) } else { self.store.write(batch, durability) }
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.store.begin()
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(Self { store: self.store.handle(), log: Arc::clone(&self.log), disk_fails: self.disk_fails })
    }

    fn ids(&self) -> &IdPool {
        self.store.ids()
    }
}

fn what_is_acknowledged_is_on_the_disk(store: &dyn Store) {
    shop(store);
    let watched = |disk_fails| Watched { store: store.handle(), log: Arc::default(), disk_fails };
    let engine = Engine::new();
    let block = engine.block(Some(BlockId(7)), "create_order('Mugs')", "Thank you").unwrap();
    let event = Event::at(now()).with_id("e1").with_text("hi");
    let run = |store: &Watched| engine.run(store, ProjectId(1), ClientId(101), &block, &event);
    let take = |store: &Watched| std::mem::take(&mut *store.log.lock().unwrap());
    let sound = watched(false);
    let first = run(&sound).unwrap();
    assert!(!first.repeated && !take(&sound).contains(&"wait"), "the commit waits itself");
    let again = run(&sound).unwrap();
    assert!(again.repeated);
    assert_eq!(take(&sound), ["read", "wait"], "whoever delivered it first may have committed and not waited yet");
    assert_eq!(outbox::pending(&sound, ProjectId(1), 10).unwrap().len(), 1);
    assert_eq!(take(&sound), ["read", "wait"], "what is sent cannot be taken back");
    let lease = crm::Lease::new(now(), chrono::Duration::minutes(1), &mut fastrand::Rng::with_seed(1));
    let claims = outbox::claim(&sound, ProjectId(1), now(), &lease, 10, 10).unwrap();
    assert_eq!((claims.len(), take(&sound)), (1, vec!["write", "read", "wait"]));
    assert_eq!(outbox::claimed(&sound, ProjectId(1), &lease, 10).unwrap(), claims);
    assert_eq!(take(&sound), ["read", "read", "wait"]);

    let failing = watched(true);
    assert!(matches!(run(&failing), Err(HostError::Store(error)) if error == broken()), "no outcome that may get lost");
    assert!(engine.dry_run(&failing, ProjectId(1), ClientId(101), &block, &event).unwrap().repeated, "which acknowledges nothing");
    assert!(outbox::pending(&failing, ProjectId(1), 10).is_err());
}

/// A database of an older version is brought up to date, and a process that had it open goes on.
#[test]
fn an_older_file_keeps_its_events() {
    let (_folder, path) = file();
    let engine = Engine::new();
    let block = engine.block(Some(BlockId(7)), "create_order('Mugs')", "Thank you, #{name}").unwrap();
    let run = |store: &SqliteStore, client, id: &str| {
        engine.run(store, ProjectId(1), ClientId(client), &block, &Event::at(now()).with_id(id).with_text("hi")).unwrap()
    };
    let store = SqliteStore::open(&path, false).unwrap();
    let first = [run(&store, 101, "e1"), run(&store, 102, "e1"), run(&store, 101, "e2")];
    // What that version had no place for.
    let text = |store: &SqliteStore| ProjectFile { lists: Vec::new(), labels: Vec::new(), tables: Vec::new(), ..dumped(store) }.to_text();
    let before = text(&store);
    drop(store);
    let older = Connection::open(&path).unwrap();
    older
        .execute_batch(
            "DROP TABLE calc_record; DROP TABLE calc_column; DROP TABLE calc_table;
             CREATE TABLE older (
                project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, event_id TEXT NOT NULL,
                outcome TEXT NOT NULL, happened_at BIGINT NOT NULL,
                PRIMARY KEY (project_id, client_id, event_id),
                FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) WITHOUT ROWID;
             INSERT INTO older SELECT * FROM calc_event;
             DROP TABLE calc_event;
             ALTER TABLE older RENAME TO calc_event;
             CREATE INDEX calc_outbox ON calc_history (project_id, written_at, client_id, number) WHERE pending = 1;
             DROP TABLE calc_request;
             DROP TABLE calc_block;
             ALTER TABLE calc_client DROP COLUMN bot_account;
             ALTER TABLE calc_client DROP COLUMN paused_until;
             ALTER TABLE calc_operator DROP COLUMN description;
             ALTER TABLE calc_operator DROP COLUMN contact_email;
             ALTER TABLE calc_operator DROP COLUMN phone;
             ALTER TABLE calc_operator DROP COLUMN job_title;
             ALTER TABLE calc_operator DROP COLUMN custom_field1;
             ALTER TABLE calc_operator DROP COLUMN custom_field2;
             ALTER TABLE calc_operator DROP COLUMN custom_field3;
             ALTER TABLE calc_history DROP COLUMN message_ids;
             ALTER TABLE calc_history DROP COLUMN removed;
             INSERT OR REPLACE INTO sqlite_stat1 (tbl, idx, stat) VALUES ('calc_event', 'calc_event', '30000000 3000000 30 1');
             DROP TABLE calc_list_client; DROP TABLE calc_list; DROP TABLE calc_label_client; DROP TABLE calc_label;
             DROP INDEX calc_client_by_platform;
             UPDATE calc_schema SET version = 3;",
        )
        .unwrap();
    drop(older);
    assert_eq!(SqliteStore::open_read_only(&path).err().map(|error| error.kind()), Some(StoreErrorKind::OlderSchema));
    let store = SqliteStore::open(&path, false).unwrap();
    assert_eq!(text(&store), before);
    for (outcome, (client, id)) in first.iter().zip([(101, "e1"), (102, "e1"), (101, "e2")]) {
        let again = run(&store, client, id);
        assert!(again.repeated && again.effects == outcome.effects && again.message == outcome.message, "{again:?}");
    }
    assert_eq!(text(&store), before, "nothing ran again");
    assert!(!run(&store, 102, "e2").repeated);
    let connection = Connection::open(&path).unwrap();
    let made: Vec<String> = {
        let mut statement = connection
            .prepare("SELECT sql FROM sqlite_schema WHERE tbl_name IN ('calc_event', 'calc_event_before') OR name = 'calc_outbox'")
            .unwrap();
        let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        rows.filter_map(|sql| sql.unwrap()).collect()
    };
    assert!(made.len() == 1 && !made[0].contains("WITHOUT ROWID") && made[0].contains("REFERENCES calc_client"), "{made:?}");
    connection.execute_batch("PRAGMA foreign_keys = ON; DELETE FROM calc_client WHERE project_id = 1 AND id = 102").unwrap();
    let left: i64 = connection.query_row("SELECT COUNT(*) FROM calc_event", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 2, "they go with their client");
}
