//! Workers of a pipeline (crm.md C4.1, C4.2): order within a client, nothing lost or done twice, whatever the store does.

#![cfg(feature = "sqlite")]

#[cfg(feature = "postgres")]
mod postgres;
#[path = "pipeline/staged.rs"]
mod staged;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use calc::crm::{self, BlockId, ClientId, Json, ProjectFile, ProjectId, SqliteStore, Store};
use calc::engine::{Block, Engine, Event, HostError, Status};
use calc::pipeline::{Backoff, Job, Observer, Retried, Settings, Workers};
use calc::store::{Batch, Durability, IdPool, Rows, StoreError, StoreErrorKind, Transaction};
use calc::wording::Message;
use chrono::{DateTime, Utc};

const CLIENTS: i64 = 6;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_341_600, 0).expect("a time")
}

fn shop(store: &dyn Store) {
    let clients: Vec<Json> = (1..=CLIENTS).map(|client| serde_json::json!({"id": 100 + client, "name": "Client"})).collect();
    let file = serde_json::json!({"project": {"id": 1, "name": "Shop"}, "clients": clients});
    crm::load(store, &ProjectFile::parse(&file.to_string(), now()).expect("a project")).expect("loading");
}

fn block(engine: &Engine) -> Arc<Block> {
    let calculator = "client.seen = append(if(client.seen, client.seen, []), question)\ncreate_order(question, 10)";
    Arc::new(engine.block(Some(BlockId(7)), calculator, "Got #{question}").expect("it compiles"))
}

/// A block whose commits never get in each other's way.
fn without_ids(engine: &Engine) -> Arc<Block> {
    Arc::new(engine.block(Some(BlockId(7)), "client.seen = question", "Got #{question}").expect("it compiles"))
}

fn settings(threads: usize) -> Settings {
    let backoff = Backoff { first: Duration::from_millis(1), longest: Duration::from_millis(2) };
    Settings { threads, queue: 8, backoff, give_up_after: None }
}

fn job(block: &Arc<Block>, client: i64, event: usize) -> Job {
    let text = format!("text {event}");
    // A deal is told from another by when it was made.
    let at = now() + chrono::Duration::seconds(i64::try_from(event).expect("a few"));
    let event = Event::at(at).with_id(format!("event {event}")).with_text(text);
    Job { project: ProjectId(1), client: ClientId(100 + client), block: Arc::clone(block), event }
}

fn dumped(store: &dyn Store) -> Json {
    crm::dump(store, ProjectId(1)).expect("a dump").expect("the project").to_json()
}

/// What each client has seen, and what its deals are called.
fn seen(dump: &Json) -> Vec<(Json, Vec<Json>)> {
    let clients = dump["clients"].as_array().expect("clients");
    let deals = dump["deals"].as_array().expect("deals");
    let of = |client: &Json| {
        let mut deals: Vec<&Json> = deals.iter().filter(|deal| deal["client"] == client["id"]).collect();
        deals.sort_by_key(|deal| deal["created_at"].as_str());
        deals.into_iter().map(|deal| deal["name"].clone()).collect()
    };
    clients.iter().map(|client| (client["variables"]["seen"].clone(), of(client))).collect()
}

fn in_order(store: &Arc<dyn Store>) {
    const EVENTS: usize = 12;
    shop(&**store);
    let engine = Engine::new();
    let block = block(&engine);
    let workers = Workers::start(engine, Arc::clone(store), Arc::new(()), settings(4)).expect("threads");
    let order: Arc<Mutex<HashMap<ClientId, Vec<String>>>> = Arc::default();
    for event in 0..EVENTS {
        for client in 1..=CLIENTS {
            // Every event comes twice.
            for _ in 0..2 {
                let order = Arc::clone(&order);
                workers.submit(job(&block, client, event), move |job, result| {
                    let outcome = result.expect("the store works");
                    assert_eq!(outcome.status, Status::Ok);
                    let text = job.event.text.clone().unwrap_or_default();
                    order.lock().expect("no panic").entry(job.client).or_default().push(text);
                });
            }
        }
    }
    workers.finish();
    let texts: Vec<String> = (0..EVENTS).map(|event| format!("text {event}")).collect();
    let twice: Vec<String> = texts.iter().flat_map(|text| [text.clone(), text.clone()]).collect();
    let order = order.lock().expect("no panic");
    assert_eq!(order.len(), usize::try_from(CLIENTS).expect("a few"));
    assert!(order.values().all(|found| *found == twice), "{order:?}");
    let once: Vec<Json> = texts.into_iter().map(Json::from).collect();
    for (variable, deals) in seen(&dumped(&**store)) {
        assert_eq!(variable, Json::from(once.clone()));
        assert_eq!(deals, once);
    }
}

#[test]
fn events_of_a_client_keep_their_order_and_happen_once() {
    in_order(&(Arc::new(SqliteStore::in_memory().expect("a database")) as _));
}

#[cfg(feature = "postgres")]
#[test]
fn events_of_a_client_keep_their_order_and_happen_once_on_postgres() {
    if let Some(store) = postgres::fresh() {
        in_order(&(Arc::new(store) as _));
    }
}

/// Two sets of workers, as two machines have them, on one database.
#[cfg(feature = "postgres")]
#[test]
fn two_hosts_share_a_database() {
    let Some(url) = postgres::fresh_url() else { return };
    let open = || Arc::new(calc::store::PostgresStore::open(&url, false).expect("a store")) as Arc<dyn Store>;
    let store = open();
    shop(&*store);
    let hosts: Vec<_> = (0..2)
        .map(|_| {
            let store = open();
            std::thread::spawn(move || {
                let engine = Engine::new();
                let block = block(&engine);
                let workers = Workers::start(engine, store, Arc::new(()), settings(3)).expect("threads");
                // Both get every event.
                for event in 0..8 {
                    for client in 1..=CLIENTS {
                        workers.submit(job(&block, client, event), |_, result| drop(result.expect("the store works")));
                    }
                }
                workers.finish();
            })
        })
        .collect();
    for host in hosts {
        host.join().expect("no panic");
    }
    for (variable, deals) in seen(&dumped(&*store)) {
        let mut texts: Vec<&str> = variable.as_array().expect("a list").iter().filter_map(Json::as_str).collect();
        texts.sort_unstable();
        assert_eq!(texts, (0..8).map(|event| format!("text {event}")).collect::<Vec<_>>());
        assert_eq!(deals.len(), 8);
    }
}

#[test]
fn a_task_awaits_an_outcome() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("a database"));
    shop(&*store);
    let engine = Engine::new();
    let block = block(&engine);
    let workers = Workers::start(engine, store, Arc::new(()), settings(2)).expect("threads");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let outcome = runtime.block_on(async {
        let first = workers.run_async(job(&block, 1, 1)).await.expect("the workers run").expect("the store works");
        assert_eq!(first.message.text.as_deref(), Some("Got text 1"));
        workers.run(job(&block, 1, 2)).await.expect("the workers run").expect("the store works")
    });
    assert_eq!(outcome.message.text.as_deref(), Some("Got text 2"));
    let unknown = workers.run(job(&block, 77, 1)).wait().expect("the workers run");
    assert!(matches!(unknown, Err(HostError::UnknownClient { .. })), "{unknown:?}");
}

#[cfg(feature = "tokio")]
#[path = "../examples/async_host.rs"]
mod async_host;

#[cfg(feature = "tokio")]
mod on_tokio {
    use super::*;

    fn demo() -> Arc<dyn Store> {
        let store = SqliteStore::in_memory().expect("a database");
        crm::load(&store, &crm::demo().expect("the demo project")).expect("loading");
        Arc::new(store)
    }

    #[test]
    fn the_example_runs_blocks_at_once() {
        let store = demo();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        let texts = runtime.block_on(async_host::greet(Engine::new(), Arc::clone(&store))).expect("the example");
        assert_eq!(texts.len(), 3);
        assert_eq!(texts[0], "Ann Miller, this is your visit number 1.");
        // Delivered again, the events change nothing.
        assert_eq!(runtime.block_on(async_host::greet(Engine::new(), store)).expect("the example"), texts);
    }

    /// The thread that polls has nothing to do with the one that runs, and a runtime need not be there.
    #[test]
    fn it_can_be_awaited_anywhere() {
        let (engine, store) = (Engine::new(), demo());
        let block = engine.block(None, "client.x = if(client.x, client.x, 0) + 1", "").expect("it compiles");
        let run = |store: Arc<dyn Store>| {
            let (engine, block) = (engine.clone(), block.clone());
            async move { engine.run_async(&store, ProjectId(1), ClientId(101), &block, Event::at(now())).await }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let outcome = runtime.block_on(run(Arc::clone(&store))).expect("the store works");
        assert_eq!(outcome.variables["client.x"], 1, "{:?}", outcome.variables);
        drop(runtime);
        // An executor that knows nothing of tokio.
        let outcome = futures_util::FutureExt::now_or_never(run(Arc::clone(&store)));
        assert!(outcome.is_none(), "the block runs elsewhere");
        let thread = std::thread::current();
        let waker = std::task::Waker::from(Arc::new(Unpark(thread)));
        let mut future = std::pin::pin!(run(store));
        let outcome = loop {
            match future.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
                std::task::Poll::Ready(outcome) => break outcome,
                std::task::Poll::Pending => std::thread::park(),
            }
        };
        assert!(outcome.expect("the store works").is_fine());
    }

    struct Unpark(std::thread::Thread);

    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    #[test]
    fn errors_of_the_host_arrive() {
        let (engine, store) = (Engine::new(), demo());
        let block = engine.block(None, "1", "").expect("it compiles");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let event = Event::at(now()).with_id("e");
        let run = engine.run_async(&store, ProjectId(1), ClientId(77), &block, event);
        assert!(matches!(runtime.block_on(run), Err(HostError::UnknownClient { .. })));
    }
}

/// A store whose every seventh call fails.
struct Flaky {
    inner: Arc<dyn Store>,
    calls: Arc<AtomicU32>,
}

impl Flaky {
    fn fails(&self) -> Result<(), StoreError> {
        match self.calls.fetch_add(1, Ordering::SeqCst) % 7 {
            6 => Err(StoreError::new(StoreErrorKind::Unavailable, Message::verbatim("the network is down"))),
            _ => Ok(()),
        }
    }
}

impl Store for Flaky {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.fails().and_then(|()| self.inner.read(batch))
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        self.fails().and_then(|()| self.inner.write(batch, durability))
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.fails().and_then(|()| self.inner.begin())
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(Self { inner: self.inner.handle(), calls: Arc::clone(&self.calls) })
    }

    fn ids(&self) -> &IdPool {
        self.inner.ids()
    }
}

/// Counts what it is told.
#[derive(Default)]
struct Counts {
    retried: AtomicU32,
}

impl Observer for Counts {
    fn retried(&self, retried: &Retried) {
        assert_eq!(retried.kind, StoreErrorKind::Unavailable);
        self.retried.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_store_that_fails_now_and_then_loses_nothing() {
    let inner: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("a database"));
    shop(&*inner);
    let counts = Arc::new(Counts::default());
    let engine = Engine::new();
    let block = block(&engine);
    let flaky = Arc::new(Flaky { inner: Arc::clone(&inner), calls: Arc::default() });
    let workers = Workers::start(engine, flaky, Arc::clone(&counts) as _, settings(3)).expect("threads");
    for event in 0..5 {
        for client in 1..=CLIENTS {
            workers.submit(job(&block, client, event), |_, result| drop(result.expect("it was tried again")));
        }
    }
    workers.finish();
    assert!(counts.retried.load(Ordering::SeqCst) > 0);
    let texts: Vec<Json> = (0..5).map(|event| Json::from(format!("text {event}"))).collect();
    for (variable, deals) in seen(&dumped(&*inner)) {
        assert_eq!((variable, deals), (Json::from(texts.clone()), texts.clone()));
    }
}

#[test]
fn a_store_that_stays_away_gives_the_event_back() {
    struct Down(SqliteStore);
    impl Store for Down {
        fn read(&self, _: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
            Err(StoreError::new(StoreErrorKind::Unavailable, Message::verbatim("the network is down")))
        }
        fn write(&self, batch: &Batch<'_>, _: Durability) -> Result<Vec<Rows>, StoreError> {
            self.read(batch)
        }
        fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
            Err(StoreError::new(StoreErrorKind::Unavailable, Message::verbatim("the network is down")))
        }
        fn handle(&self) -> Arc<dyn Store> {
            Arc::new(Self(self.0.clone()))
        }
        fn ids(&self) -> &IdPool {
            self.0.ids()
        }
    }
    let engine = Engine::new();
    let block = block(&engine);
    let down: Arc<dyn Store> = Arc::new(Down(SqliteStore::in_memory().expect("a database")));
    let patient = Settings { give_up_after: Some(Duration::from_millis(5)), ..settings(1) };
    let workers = Workers::start(engine.clone(), Arc::clone(&down), Arc::new(()), patient).expect("threads");
    let result = workers.run(job(&block, 1, 1)).wait().expect("the workers run");
    assert!(matches!(&result, Err(HostError::Store(error)) if error.kind() == StoreErrorKind::Unavailable), "{result:?}");
    // Without a limit it is tried until the workers stop, and then nobody claims that it was done.
    let workers = Workers::start(engine, down, Arc::new(()), settings(1)).expect("threads");
    let ticket = workers.run(job(&block, 1, 1));
    workers.stop();
    assert!(ticket.wait().is_none());
}

#[test]
fn whoever_brings_too_much_waits() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("a database"));
    shop(&*store);
    let engine = Engine::new();
    let block = block(&engine);
    let narrow = Settings { queue: 1, ..settings(1) };
    let workers = Arc::new(Workers::start(engine, store, Arc::new(()), narrow).expect("threads"));
    // The only thread is held by the end of the first event until the door opens.
    let door = Arc::new(Barrier::new(2));
    let held = Arc::clone(&door);
    workers.submit(job(&block, 1, 1), move |_, _| {
        held.wait();
    });
    let brought = Arc::new(AtomicU32::new(0));
    let (others, count) = (Arc::clone(&workers), Arc::clone(&brought));
    let bringing = std::thread::spawn(move || {
        for client in 2..=5 {
            others.submit(job(&block, client, 1), |_, _| {});
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    // One may be running and one may wait; a third can only be there once the door is open.
    std::thread::sleep(Duration::from_millis(20));
    assert!(brought.load(Ordering::SeqCst) <= 2, "{brought:?}");
    door.wait();
    bringing.join().expect("no panic");
    assert_eq!(brought.load(Ordering::SeqCst), 4);
}
