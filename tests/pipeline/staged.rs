//! Workers over a store whose commits are shared: what is told when, and what becomes of failures and panics.

use std::sync::Condvar;

use calc::store::SharedCommits;

use super::*;

/// A store whose commits are shared, and whose disk and commits do as a test says.
struct Staged {
    inner: SqliteStore,
    stage: Arc<Stage>,
}

#[derive(Default)]
struct Stage {
    state: Mutex<StageState>,
    changed: Condvar,
}

#[derive(Default)]
struct StageState {
    /// How many units of work were written together with others.
    written: usize,
    told: usize,
    /// The most that were written and not told.
    most_ahead: usize,
    disk_is_slow: bool,
    /// How many more waits for the disk fail.
    broken_waits: u32,
    /// Whether every other commit fails.
    refuses: bool,
    commits: usize,
}

fn staged(begin: StageState) -> (Arc<dyn Store>, Arc<Stage>) {
    let inner = SqliteStore::in_memory().expect("a database");
    shop(&inner);
    let stage = Arc::new(Stage { state: Mutex::new(begin), changed: Condvar::new() });
    (Arc::new(Staged { inner, stage: Arc::clone(&stage) }), stage)
}

impl Stage {
    fn change<T>(&self, change: impl FnOnce(&mut StageState) -> T) -> T {
        let result = change(&mut self.state.lock().expect("no panic"));
        self.changed.notify_all();
        result
    }

    fn wait_until(&self, so: impl Fn(&StageState) -> bool) {
        let state = self.state.lock().expect("no panic");
        drop(self.changed.wait_while(state, |state| !so(state)).expect("no panic"));
    }

    fn told(self: &Arc<Self>) -> impl FnOnce(&Job, Result<calc::Outcome, HostError>) + Send + 'static {
        let stage = Arc::clone(self);
        move |_, result| {
            result.expect("the store works");
            stage.change(|state| state.told += 1);
        }
    }
}

impl Store for Staged {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.inner.read(batch)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        if batch.is_empty() && durability == Durability::OnDisk {
            self.stage.wait_until(|state| !state.disk_is_slow);
            let is_broken = self.stage.change(|state| {
                let is_broken = state.broken_waits > 0;
                state.broken_waits = state.broken_waits.saturating_sub(1);
                is_broken
            });
            if is_broken {
                return Err(StoreError::new(StoreErrorKind::Unavailable, Message::verbatim("the disk is broken")));
            }
        }
        self.inner.write(batch, durability)
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.inner.begin()
    }

    fn shared_commits(&self) -> Option<&dyn SharedCommits> {
        Some(self)
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(Self { inner: self.inner.clone(), stage: Arc::clone(&self.stage) })
    }

    fn ids(&self) -> &IdPool {
        self.inner.ids()
    }
}

impl SharedCommits for Staged {
    fn write_together(&self, units: &[Batch<'_>]) -> Vec<Result<Vec<Rows>, StoreError>> {
        let is_refused = self.stage.change(|state| {
            state.commits += 1;
            state.refuses && state.commits % 2 == 1
        });
        if is_refused {
            let refused = || StoreError::new(StoreErrorKind::Conflict, Message::verbatim("somebody was faster"));
            return units.iter().map(|_| Err(refused())).collect();
        }
        let results = self.inner.shared_commits().expect("it has one writer").write_together(units);
        self.stage.change(|state| {
            state.written += results.iter().filter(|result| result.is_ok()).count();
            state.most_ahead = state.most_ahead.max(state.written.saturating_sub(state.told));
        });
        results
    }
}

#[test]
fn nothing_is_told_before_the_disk_has_it_and_no_thread_waits_for_it() {
    let (store, stage) = staged(StageState { disk_is_slow: true, ..StageState::default() });
    let engine = Engine::new();
    let block = without_ids(&engine);
    let workers = Workers::start(engine, store, Arc::new(()), settings(1)).expect("threads");
    for client in 1..=CLIENTS {
        workers.submit(job(&block, client, 1), stage.told());
    }
    let all = usize::try_from(CLIENTS).expect("a few");
    stage.wait_until(|state| state.written == all);
    assert_eq!(stage.change(|state| state.told), 0);
    stage.change(|state| state.disk_is_slow = false);
    workers.finish();
    assert_eq!(stage.change(|state| state.told), all);
}

#[test]
fn a_slow_disk_holds_back_those_who_bring_events() {
    let (store, stage) = staged(StageState { disk_is_slow: true, ..StageState::default() });
    let engine = Engine::new();
    let block = without_ids(&engine);
    let narrow = Settings { queue: 2, ..settings(1) };
    let workers = Arc::new(Workers::start(engine, store, Arc::new(()), narrow).expect("threads"));
    let (others, told) = (Arc::clone(&workers), Arc::clone(&stage));
    let bringing = std::thread::spawn(move || (1..=CLIENTS).for_each(|client| others.submit(job(&block, client, 1), told.told())));
    stage.wait_until(|state| state.written == 2);
    stage.change(|state| state.disk_is_slow = false);
    bringing.join().expect("no panic");
    workers.finish();
    assert_eq!(stage.change(|state| (state.told, state.most_ahead)), (6, 2));
}

#[test]
fn what_cannot_be_committed_with_others_runs_again() {
    let (store, stage) = staged(StageState { refuses: true, ..StageState::default() });
    let engine = Engine::new();
    let block = block(&engine);
    let workers = Workers::start(engine, Arc::clone(&store), Arc::new(()), settings(3)).expect("threads");
    for event in 0..5 {
        for client in 1..=CLIENTS {
            workers.submit(job(&block, client, event), stage.told());
        }
    }
    workers.finish();
    let (told, commits) = stage.change(|state| (state.told, state.commits));
    assert_eq!(told, 30);
    assert!(commits > 1, "{commits}");
    let texts: Vec<Json> = (0..5).map(|event| Json::from(format!("text {event}"))).collect();
    for (variable, deals) in seen(&dumped(&*store)) {
        assert_eq!((variable, deals), (Json::from(texts.clone()), texts.clone()));
    }
}

#[test]
fn a_disk_that_fails_is_waited_for() {
    let (store, stage) = staged(StageState { broken_waits: 3, ..StageState::default() });
    let engine = Engine::new();
    let block = block(&engine);
    let counts = Arc::new(Counts::default());
    let workers = Workers::start(engine.clone(), Arc::clone(&store), Arc::clone(&counts) as _, settings(2)).expect("threads");
    workers.run(job(&block, 1, 1)).wait().expect("the workers run").expect("it is there in the end");
    assert_eq!(counts.retried.load(Ordering::SeqCst), 3);
    // Whoever has no patience is told that nobody knows.
    stage.change(|state| state.broken_waits = u32::MAX);
    let impatient = Settings { give_up_after: Some(Duration::ZERO), ..settings(2) };
    let workers = Workers::start(engine.clone(), Arc::clone(&store), Arc::new(()), impatient).expect("threads");
    let result = workers.run(job(&block, 1, 2)).wait().expect("the workers run");
    assert!(matches!(&result, Err(HostError::Store(error)) if error.kind() == StoreErrorKind::Unavailable), "{result:?}");
    // Until the workers stop it is waited for, and then nobody claims that it was done.
    let workers = Workers::start(engine, store, Arc::new(()), settings(2)).expect("threads");
    let written = stage.change(|state| state.written);
    let ticket = workers.run(job(&block, 2, 1));
    stage.wait_until(|state| state.written > written);
    workers.stop();
    assert!(ticket.wait().is_none());
}

fn others_are_told(store: Arc<dyn Store>) {
    let told = Arc::new(AtomicU32::new(0));
    let engine = Engine::new();
    let block = without_ids(&engine);
    let workers = Workers::start(engine, store, Arc::new(()), settings(1)).expect("threads");
    for event in 0..3 {
        for client in 1..=CLIENTS {
            let told = Arc::clone(&told);
            workers.submit(job(&block, client, event), move |_, _| {
                told.fetch_add(1, Ordering::SeqCst);
                assert!(client > 2, "the host fails, as this test wants it");
            });
        }
    }
    workers.finish();
    assert_eq!(told.load(Ordering::SeqCst), 18);
}

#[test]
fn a_host_that_panics_keeps_nobody_from_being_told() {
    others_are_told(staged(StageState::default()).0);
    let inner: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("a database"));
    shop(&*inner);
    others_are_told(Arc::new(Flaky { inner, calls: Arc::default() }));
}

#[test]
fn a_function_that_panics_ends_its_block_only() {
    let fail = calc::function::Builtin::builder("fail", "Fails.").returns::<bool>().body(|_, _| panic!("it fails, as this test wants it"));
    let engine = Engine::builder().function(fail).build();
    let broken = Arc::new(engine.block(Some(BlockId(8)), "client.seen = 'lost'\nfail()", "").expect("it compiles"));
    let block = without_ids(&engine);
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("a database"));
    shop(&*store);
    let workers = Workers::start(engine, Arc::clone(&store), Arc::new(()), settings(1)).expect("threads");
    for round in 0..3 {
        let result = workers.run(job(&broken, 1, 100 + round)).wait().expect("it is told");
        assert!(matches!(result, Err(HostError::Interrupted)), "{result:?}");
        workers.run(job(&block, 2, round)).wait().expect("it is told").expect("the thread goes on");
    }
    let dump = dumped(&*store);
    assert_eq!(dump["clients"][0]["variables"]["seen"], Json::Null);
    assert_eq!(dump["clients"][1]["variables"]["seen"], "text 2");
}
