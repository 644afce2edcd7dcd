//! The recorded SQL sent to a `PostgreSQL` server by hand: a connection for each thread, statements prepared once, the
//! statements of a batch sent without waiting for each other's answers, `COMMIT` with the last batch.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use futures_util::future::{join_all, join3};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};

use crate::recorder::{Sent, Unit};

/// Sends the units of each list from a thread of its own.
pub fn replay(url: &str, lists: &[Vec<Unit>]) -> Duration {
    let ready = Barrier::new(lists.len() + 1);
    let begun = std::thread::scope(|scope| {
        for list in lists {
            let ready = &ready;
            scope.spawn(move || {
                let runtime = runtime();
                runtime.block_on(async {
                    let client = connect(url).await;
                    let prepared = prepare(&client, list).await;
                    ready.wait();
                    for unit in list {
                        send(&client, &prepared, unit).await;
                    }
                });
            });
        }
        ready.wait();
        Instant::now()
    });
    begun.elapsed()
}

type Prepared = HashMap<(usize, bool), Statement>;

fn key((statement, _): &Sent, writes: bool) -> (usize, bool) {
    (std::ptr::from_ref(*statement).addr(), writes)
}

async fn prepare(client: &Client, list: &[Unit]) -> Prepared {
    let mut prepared = HashMap::new();
    for unit in list {
        for sent in unit.batches.iter().flatten() {
            if let Entry::Vacant(entry) = prepared.entry(key(sent, unit.writes)) {
                let lock = sent.0.lock.filter(|_| unit.writes).map(|table| format!(" FOR NO KEY UPDATE OF {table}"));
                let sql = format!("{}{}", sent.0.sql, lock.unwrap_or_default());
                entry.insert(client.prepare(&sql).await.expect("prepares"));
            }
        }
    }
    prepared
}

async fn send(client: &Client, prepared: &Prepared, unit: &Unit) {
    let begin = if unit.writes { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
    let last = unit.batches.len() - 1;
    for (index, batch) in unit.batches.iter().enumerate() {
        let begin = async {
            if index == 0 {
                client.batch_execute(begin).await.expect("begins");
            }
        };
        let statements = join_all(batch.iter().map(|sent| async move {
            let parameters: Vec<&(dyn ToSql + Sync)> = sent.1.iter().map(|parameter| parameter as _).collect();
            client.query(&prepared[&key(sent, unit.writes)], &parameters).await.expect("runs")
        }));
        let commit = async {
            if index == last {
                client.batch_execute("COMMIT").await.expect("commits");
            }
        };
        std::hint::black_box(join3(begin, statements, commit).await);
    }
}

/// A connection whose transaction keeps the state of this moment in sight until it is dropped.
pub fn hold(url: &str) -> (Runtime, Client) {
    let runtime = runtime();
    let client = runtime.block_on(async {
        let client = connect(url).await;
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT COUNT(*) FROM calc_client").await.expect("reads");
        client
    });
    (runtime, client)
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connects");
    tokio::spawn(connection);
    client
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}
