//! Hosts of a `PostgreSQL` store: runtimes of every kind, and what happens when connections, locks or time run out.

use calc::crm;
use calc::crm::{ClientId, ProjectId};
use calc::engine::{Engine, Event, Status};
use calc::store::{Batch, Durability, PostgresStore, Store, StoreErrorKind};
#[cfg(feature = "tokio")]
use std::future::Future as _;

use super::{demo, order, postgres};

/// Blocks run, and stores are dropped, on every kind of thread that a host has.
#[test]
fn hosts_with_a_runtime() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&url, false).expect("a store");
    demo(&store);
    let first = order(&store);
    let many = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let one = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for runtime in [&many, &one] {
        // Inside a task, where waiting by the runtime's own means would panic.
        let inside = runtime.block_on(async { order(&store) });
        assert_ne!(inside, first);
        let blocking = {
            let url = url.clone();
            runtime.block_on(runtime.spawn_blocking(move || order(&PostgresStore::open(&url, false).expect("a store"))))
        };
        assert!(blocking.expect("no panic").starts_with("Number "));
        // Opened and dropped inside, once with a transaction that is still open.
        runtime.block_on(async {
            let store = PostgresStore::open(&url, false).expect("a store");
            let mut transaction = store.begin().expect("a transaction");
            let mut batch = Batch::new();
            batch.add(&calc::internals::statements::SCHEMA_VERSION);
            transaction.run(&batch).expect("the version");
            drop(store);
            drop(transaction);
        });
    }
    // A store that goes down inside its host's runtime, of either kind.
    let other = PostgresStore::open(&url, false).expect("a store");
    one.block_on(async move { drop(other) });
    many.block_on(async move { drop(store) });
}

/// Blocks that tasks await, on a runtime of either kind; one whose task goes away is committed all the same.
#[cfg(feature = "tokio")]
#[test]
fn tasks_await_blocks() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&url, false).expect("a store");
    demo(&store);
    let (engine, store) = (Engine::new(), store.handle());
    let block = engine.block(None, "project.count = (project.count or 0) + 1", "Number #{project.count}").expect("it compiles");
    let event = |id: &str| Event::at(chrono::DateTime::UNIX_EPOCH).with_id(id);
    let run = |id: &str| engine.run_async(&store, ProjectId(1), ClientId(101), &block, event(id));
    let counted =
        || crm::dump(&*store, ProjectId(1)).expect("a dump").expect("the project").to_json()["project"]["variables"]["count"].as_i64();
    let counted = || counted().unwrap_or(0);
    let many = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let one = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for (index, runtime) in [(1, many), (2, one)] {
        let outcome = runtime.block_on(run(&format!("awaited {index}"))).expect("a run");
        assert_eq!(outcome.status, Status::Ok, "{:?}", outcome.diagnostics);
        runtime.block_on(async {
            let mut left = Box::pin(run(&format!("left {index}")));
            let polled = std::future::poll_fn(|context| std::task::Poll::Ready(left.as_mut().poll(context))).await;
            drop((left, polled));
        });
        while counted() < 2 * index {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        drop(runtime);
        assert!(engine.run(&*store, ProjectId(1), ClientId(101), &block, &event(&format!("left {index}"))).expect("a run").repeated);
    }
    let outcome = engine.run(&*store, ProjectId(1), ClientId(101), &block, &event("last")).expect("a run");
    assert_eq!(outcome.message.text.as_deref(), Some("Number 5"));
}

/// A question that locks the first client, when it is part of a transaction that writes.
fn lock_client() -> Batch<'static> {
    let mut batch = Batch::new();
    batch.add(&calc::internals::statements::LOCK_CLIENT).int(1).int(101);
    batch
}

#[test]
fn whoever_finds_no_free_connection_waits_so_long_and_no_longer() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&format!("{url}?pool=1&pool_timeout=0.2"), false).expect("a store");
    demo(&store);
    let transaction = store.begin().expect("the only connection");
    let error = store.read(&lock_client()).expect_err("none is free");
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(error.to_string().contains("was free"), "{error}");
    drop(transaction);
    assert!(order(&store).starts_with("Number "));
}

#[test]
fn whoever_finds_a_row_locked_waits_so_long_and_no_longer() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&format!("{url}?lock_timeout=0.2"), false).expect("a store");
    demo(&store);
    let mut holder = store.begin().expect("a transaction");
    holder.run(&lock_client()).expect("a lock");
    let error = store.write(&lock_client(), Durability::OnDisk).expect_err("the row is locked");
    assert_eq!(error.kind(), StoreErrorKind::Busy, "{error}");
    assert!(store.read(&lock_client()).is_ok_and(|rows| !rows[0].is_empty()), "who only reads waits for nobody");
    holder.rollback().expect("letting go");
    assert!(store.write(&lock_client(), Durability::OnDisk).is_ok());
}

/// A host that stops inside a transaction keeps nobody out for good.
#[test]
fn a_transaction_that_does_nothing_is_ended_by_the_server() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&url, false).expect("a store");
    demo(&store);
    let idle = PostgresStore::open(&format!("{url}?idle_timeout=0.2"), false).expect("another store");
    let mut holder = idle.begin().expect("a transaction");
    holder.run(&lock_client()).expect("a lock");
    assert!(store.write(&lock_client(), Durability::OnDisk).is_ok(), "it waits for the end of the other, which nobody asks for");
    assert_eq!(holder.commit(&Batch::new()).expect_err("it is over").kind(), StoreErrorKind::Unavailable);
    assert!(order(&idle).starts_with("Number "), "another connection takes its place");
}
