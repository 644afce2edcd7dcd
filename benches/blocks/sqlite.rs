//! The recorded SQL sent to a `SQLite` file by hand: one connection behind a lock, a commit for each block.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use calc::store::SqlValue;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::recorder::{Sent, Unit};

/// Sends the units of each list from a thread of its own.
pub fn replay(path: &Path, lists: &[Vec<Unit>]) -> Duration {
    // Every setting of the store's own connection, so that the two differ in nothing but what is above the driver.
    let connection = Connection::open(path).expect("a connection");
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).expect("a setting");
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000")
        .expect("settings");
    connection.set_prepared_statement_cache_capacity(256);
    let connection = Mutex::new(connection);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for list in lists {
            let connection = &connection;
            scope.spawn(move || {
                // What a block asks, what it takes from the counter of ids and what it writes, all in one go.
                for block in list.split_inclusive(|unit| unit.ends) {
                    let connection = connection.lock().expect("no panic");
                    let plain = |sql: &str| connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute()).expect("runs");
                    plain("BEGIN IMMEDIATE");
                    for sent in block.iter().flat_map(|unit| unit.batches.iter().flatten()) {
                        send(&connection, sent);
                    }
                    plain("COMMIT");
                }
            });
        }
    });
    begun.elapsed()
}

fn send(connection: &Connection, (statement, parameters): &Sent) {
    let mut statement = connection.prepare_cached(statement.sql).expect("prepares");
    for (index, parameter) in parameters.iter().enumerate() {
        match parameter {
            SqlValue::Null => statement.raw_bind_parameter(index + 1, rusqlite::types::Null),
            SqlValue::Int(int) => statement.raw_bind_parameter(index + 1, int),
            SqlValue::Text(text) => statement.raw_bind_parameter(index + 1, text.as_ref()),
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

/// A reader that keeps the state of this moment in sight until it is dropped.
pub fn hold(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("a connection");
    connection.execute_batch("BEGIN").expect("begins");
    connection.query_row("SELECT COUNT(*) FROM calc_client", [], |row| row.get::<_, i64>(0)).expect("reads");
    connection
}
