//! Threads that run blocks: different clients at once, one client's events in the order they came (crm.md C4.1).
//! Where a store writes one unit of work at a time, they leave that to [two more](super::commits).

use std::collections::{HashMap, VecDeque};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::backoff::Backoff;
use super::commits::{self, ToWrite};
use super::observe::{Observer, Ran, Retried};
use super::ticket::{self, Promise, Ticket};
use crate::crm::{ClientId, ProjectId};
use crate::engine::{Block, Engine, Event, HostError, Outcome, RanBlock};
use crate::store::{Store, StoreError, StoreErrorKind};

/// One event: which block to run for which client, and why.
#[derive(Clone, Debug)]
pub struct Job {
    /// The project.
    pub project: ProjectId,
    /// The client.
    pub client: ClientId,
    /// The block.
    pub block: Arc<Block>,
    /// What it is run for.
    pub event: Event,
}

/// How workers work.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many blocks run at once.
    pub threads: usize,
    /// How many events may wait for a thread; who brings another one waits until there is room. As many may be waiting for
    /// the disk, where the threads do not wait for it.
    pub queue: usize,
    /// The pauses between the attempts of an event for which the store failed.
    pub backoff: Backoff,
    /// After this time of failures an event is given back with the last error; without it only when the workers stop.
    pub give_up_after: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(4, usize::from),
            queue: 1_024,
            backoff: Backoff { first: Duration::from_millis(20), longest: Duration::from_secs(5) },
            give_up_after: None,
        }
    }
}

type Done = Box<dyn FnOnce(&Job, Result<Outcome, HostError>) + Send>;

/// Threads that run blocks. Dropped, they finish what is running and give up what waits.
pub struct Workers {
    shared: Arc<WorkersState>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

pub(super) struct WorkersState {
    engine: Engine,
    pub(super) store: Arc<dyn Store>,
    observer: Arc<dyn Observer>,
    settings: Settings,
    queues: Mutex<Queues>,
    /// Something may be run, or everything is over.
    work: Condvar,
    /// There is room for another event, or everything is over.
    not_full: Condvar,
    /// Whoever waits for another attempt waits in vain.
    over: Condvar,
}

#[derive(Default)]
struct Queues {
    /// What waits for each client; one whose event is running has a queue too, even if it is empty.
    clients: HashMap<(ProjectId, ClientId), VecDeque<(Job, Done)>, foldhash::fast::RandomState>,
    /// Clients with something to run and nothing running.
    ready: VecDeque<(ProjectId, ClientId)>,
    /// Events that have run and could not be committed.
    again: VecDeque<Running>,
    waiting: usize,
    /// How many have begun and are not over.
    running: usize,
    /// No more events are taken.
    closed: bool,
    /// What waits is given up, and nothing is tried again.
    stopped: bool,
}

impl Workers {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system cannot start a thread.
    pub fn start(engine: Engine, store: Arc<dyn Store>, observer: Arc<dyn Observer>, settings: Settings) -> std::io::Result<Self> {
        let (queues, work, not_full, over) = Default::default();
        let shared = Arc::new(WorkersState { engine, store, observer, settings, queues, work, not_full, over });
        let workers = Self { shared, threads: Mutex::default() };
        let (to_write, ran) = channel();
        let writes = workers.shared.store.shared_commits().is_some().then_some(to_write);
        if writes.is_some() {
            let (to_acknowledge, committed) = channel();
            workers.spawn("calc commits".to_owned(), move |shared| commits::write(shared, &ran, &to_acknowledge))?;
            workers.spawn("calc disk".to_owned(), move |shared| commits::acknowledge(shared, &committed))?;
        }
        for number in 1..=settings.threads.max(1) {
            let writes = writes.clone();
            workers.spawn(format!("calc worker {number}"), move |shared| shared.work(writes.as_ref()))?;
        }
        Ok(workers)
    }

    fn spawn(&self, name: String, work: impl FnOnce(&Arc<WorkersState>) + Send + 'static) -> std::io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new().name(name).spawn(move || work(&shared))?;
        self.threads().push(thread);
        Ok(())
    }

    /// Runs a block when its turn comes; waits while too many others wait. The ticket can be waited for by a thread or
    /// awaited by a task of any executor; it brings `None` when the workers stopped before.
    #[must_use]
    pub fn run(&self, job: Job) -> Ticket<Result<Outcome, HostError>> {
        let (promise, ticket) = ticket::ticket();
        self.submit(job, promise_of(promise));
        ticket
    }

    /// Runs a block when its turn comes, for tasks of an asynchronous host: instead of waiting for room it takes the event
    /// at once, so the host bounds what it brings.
    ///
    /// # Errors
    /// When the store fails and no attempt is left, or project or client are unknown. `None`: the workers stopped before.
    pub async fn run_async(&self, job: Job) -> Option<Result<Outcome, HostError>> {
        let (promise, ticket) = ticket::ticket();
        self.shared.add(&mut self.shared.lock(), job, promise_of(promise));
        ticket.await
    }

    /// Runs a block when its turn comes and hands the result to `done`, on one of these threads and before the client's next
    /// event. Waits while too many others wait. A function of the host that panics is [`HostError::Interrupted`] for its block;
    /// when `done` panics, others are told all the same.
    pub fn submit(&self, job: Job, done: impl FnOnce(&Job, Result<Outcome, HostError>) + Send + 'static) {
        let limit = self.shared.settings.queue.max(1);
        let queues = self.shared.lock();
        let full = |queues: &mut Queues| queues.waiting >= limit && !queues.closed;
        let mut queues = self.shared.not_full.wait_while(queues, full).unwrap_or_else(PoisonError::into_inner);
        self.shared.add(&mut queues, job, Box::new(done));
    }

    /// Whether nothing runs, and nothing waits to be run.
    #[must_use]
    pub fn are_idle(&self) -> bool {
        let queues = self.shared.lock();
        queues.waiting == 0 && queues.running == 0
    }

    /// Takes no more events, waits until everything is done, and ends.
    pub fn finish(&self) {
        self.shared.lock().closed = true;
        self.end();
    }

    /// Takes no more events, finishes what is running, gives up what waits (nothing of it was done), and ends.
    pub fn stop(&self) {
        self.halt();
        self.end();
    }

    fn halt(&self) {
        let mut queues = self.shared.lock();
        queues.closed = true;
        queues.stopped = true;
        queues.ready.clear();
        queues.waiting = 0;
        let clients = std::mem::take(&mut queues.clients);
        drop(queues);
        // Outside the lock: what is dropped here may call back.
        drop(clients);
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        self.shared.work.notify_all();
        self.shared.not_full.notify_all();
        self.shared.over.notify_all();
        let threads = std::mem::take(&mut *self.threads());
        for thread in threads {
            // A thread that panicked has reported that by itself.
            let _ = thread.join();
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop();
    }
}

fn promise_of(promise: Promise<Result<Outcome, HostError>>) -> Done {
    Box::new(move |_, result| promise.bring(result))
}

impl WorkersState {
    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, queues: &mut Queues, job: Job, done: Done) {
        if queues.closed {
            return;
        }
        let client = (job.project, job.client);
        queues.waiting += 1;
        if let Some(queue) = queues.clients.get_mut(&client) {
            queue.push_back((job, done));
        } else {
            queues.clients.insert(client, VecDeque::from([(job, done)]));
            queues.ready.push_back(client);
            self.work.notify_one();
        }
        self.observer.waiting(queues.waiting);
    }

    /// What a thread does that runs blocks, until everything is over.
    fn work(self: &Arc<Self>, writes: Option<&Sender<ToWrite>>) {
        let mut random = fastrand::Rng::new();
        while let Some(next) = self.next() {
            // What could not be committed together with others is done alone.
            let (mut event, writes) = match next {
                NextEvent::Begin(job, done) => (Running::begin(self, job, done), writes),
                NextEvent::Again(event) => (event, None),
            };
            let run = |Job { project, client, block, event }: &Job| match writes {
                Some(_) => self.engine.run_to_unit(&*self.store, *project, *client, block, event),
                None => self.engine.run(&*self.store, *project, *client, block, event).map(RanBlock::committed),
            };
            let ran = self.patiently(&mut event, &mut random, |job| {
                // A function of the host that panics ends its block, and not the thread.
                match panic::catch_unwind(AssertUnwindSafe(|| run(job))).unwrap_or(Err(HostError::Interrupted)) {
                    Err(HostError::Store(error)) => Err(error),
                    ran => Ok(ran),
                }
            });
            match (ran.map(|ran| ran.map_err(HostError::Store).flatten()), writes) {
                (Some(Ok(RanBlock { outcome, unit: Some(unit) })), Some(writes)) => {
                    if let Err(refused) = writes.send(ToWrite { event, outcome, unit }) {
                        // Its thread has panicked.
                        self.again(refused.0.event);
                    }
                }
                (Some(ran), _) => event.end(ran.map(|ran| ran.outcome)),
                (None, _) => {}
            }
        }
    }

    /// Waits for something to run; `None` when there will be nothing more.
    fn next(&self) -> Option<NextEvent> {
        let most_running = self.settings.queue.max(self.settings.threads);
        let mut queues = self.lock();
        loop {
            if let Some(event) = queues.again.pop_front() {
                return Some(NextEvent::Again(event));
            }
            if queues.running < most_running
                && let Some(client) = queues.ready.pop_front()
                && let Some((job, done)) = queues.clients.get_mut(&client).and_then(VecDeque::pop_front)
            {
                queues.waiting = queues.waiting.saturating_sub(1);
                queues.running += 1;
                self.observer.waiting(queues.waiting);
                self.not_full.notify_one();
                return Some(NextEvent::Begin(job, done));
            }
            if queues.closed && queues.ready.is_empty() && queues.running == 0 {
                self.work.notify_all();
                return None;
            }
            queues = self.work.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets an event run again that could not be committed.
    pub(super) fn again(&self, event: Running) {
        self.lock().again.push_back(event);
        self.work.notify_one();
    }

    /// Tries something for an event until the store answers; `None` when everything is over before.
    pub(super) fn patiently<T>(
        &self,
        event: &mut Running,
        random: &mut fastrand::Rng,
        mut attempt: impl FnMut(&Job) -> Result<T, StoreError>,
    ) -> Option<Result<T, StoreError>> {
        let _span = event.span.clone().entered();
        loop {
            let error = match attempt(&event.job) {
                Err(error) => error,
                done => return Some(done),
            };
            let kind = error.kind();
            let helps = matches!(kind, StoreErrorKind::Busy | StoreErrorKind::Conflict | StoreErrorKind::Unavailable);
            if !helps || self.settings.give_up_after.is_some_and(|limit| event.begun.elapsed() >= limit) {
                return Some(Err(error));
            }
            event.retries += 1;
            let pause = self.settings.backoff.after(event.retries, random);
            tracing::warn!(%error, ?pause, "the store failed; it will be tried again");
            self.observer.retried(&Retried { project: event.job.project, kind, pause });
            if !self.pause(pause) {
                return None;
            }
        }
    }

    /// Waits; `false` when everything is over meanwhile.
    fn pause(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut queues = self.lock();
        while !queues.stopped {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            queues = self.over.wait_timeout(queues, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }
}

/// What a thread is to do next.
enum NextEvent {
    /// An event whose turn has come.
    Begin(Job, Done),
    /// One that has run and could not be committed.
    Again(Running),
}

/// An event that has begun and is not over.
pub(super) struct Running {
    job: Job,
    done: Done,
    span: tracing::Span,
    begun: Instant,
    retries: u32,
    turn: ClientTurn,
}

impl Running {
    fn begin(shared: &Arc<WorkersState>, job: Job, done: Done) -> Self {
        let turn = ClientTurn { shared: Arc::clone(shared), client: (job.project, job.client) };
        let block = job.block.id().map(i64::from);
        let span = tracing::info_span!("block", project = job.project.0, client = job.client.0, block);
        Self { job, done, span, begun: Instant::now(), retries: 0, turn }
    }

    /// Tells what became of it; then the client's next event may run.
    pub(super) fn end(self, result: Result<Outcome, HostError>) {
        let Self { job, done, span, begun, retries, turn } = self;
        let _span = span.entered();
        if let Ok(outcome) = &result {
            let took = begun.elapsed();
            tracing::info!(status = ?outcome.status, took = ?took, round_trips = outcome.usage.round_trips, retries, "ran");
            turn.shared.observer.ran(&Ran { project: job.project, block: job.block.id(), outcome, took, retries });
        }
        // One that panics has reported that by itself; the others are told all the same.
        let _ = panic::catch_unwind(AssertUnwindSafe(|| done(&job, result)));
        drop(turn);
    }
}

/// A client's turn; at its end, whatever has happened, the client's next event may run.
struct ClientTurn {
    shared: Arc<WorkersState>,
    client: (ProjectId, ClientId),
}

impl Drop for ClientTurn {
    fn drop(&mut self) {
        let mut queues = self.shared.lock();
        queues.running -= 1;
        match queues.clients.get(&self.client) {
            Some(queue) if !queue.is_empty() => queues.ready.push_back(self.client),
            _ => {
                queues.clients.remove(&self.client);
            }
        }
        // The thread itself goes on; another one may be needed for what it just made ready, or to end.
        self.shared.work.notify_one();
        if queues.closed {
            self.shared.work.notify_all();
        }
    }
}
