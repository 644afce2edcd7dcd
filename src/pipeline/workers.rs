//! Threads that run blocks: different clients at once, one client's events in the order they came (crm.md C4.1).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::backoff::Backoff;
use super::observe::{Observer, Ran, Retried};
use super::ticket::{self, Promise, Ticket};
use crate::crm::{ClientId, ProjectId};
use crate::engine::{Block, Engine, Event, HostError, Outcome};
use crate::store::{Store, StoreErrorKind};

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
    /// How many events may wait for a thread; who brings another one waits until there is room.
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

struct WorkersState {
    engine: Engine,
    store: Arc<dyn Store>,
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
    waiting: usize,
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
        for number in 1..=settings.threads.max(1) {
            let shared = Arc::clone(&workers.shared);
            let thread = std::thread::Builder::new().name(format!("calc worker {number}"));
            let thread = thread.spawn(move || shared.work())?;
            workers.threads().push(thread);
        }
        Ok(workers)
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

    /// Runs a block when its turn comes and hands the result to `done`, on the thread that ran it and before the client's
    /// next event. Waits while too many others wait.
    pub fn submit(&self, job: Job, done: impl FnOnce(&Job, Result<Outcome, HostError>) + Send + 'static) {
        let limit = self.shared.settings.queue.max(1);
        let queues = self.shared.lock();
        let full = |queues: &mut Queues| queues.waiting >= limit && !queues.closed;
        let mut queues = self.shared.not_full.wait_while(queues, full).unwrap_or_else(PoisonError::into_inner);
        self.shared.add(&mut queues, job, Box::new(done));
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

    /// What a thread does until everything is over.
    fn work(&self) {
        let mut random = fastrand::Rng::new();
        while let Some((job, done)) = self.next() {
            let client = (job.project, job.client);
            // Whatever happens, the client's next event gets its turn.
            let _turn = ClientTurn { shared: self, client };
            if let Some(result) = self.attempt(&job, &mut random) {
                done(&job, result);
            }
        }
    }

    /// Waits for something to run; `None` when there will be nothing more.
    fn next(&self) -> Option<(Job, Done)> {
        let mut queues = self.lock();
        loop {
            if let Some(client) = queues.ready.pop_front()
                && let Some(next) = queues.clients.get_mut(&client).and_then(VecDeque::pop_front)
            {
                queues.waiting = queues.waiting.saturating_sub(1);
                queues.running += 1;
                self.observer.waiting(queues.waiting);
                self.not_full.notify_one();
                return Some(next);
            }
            if queues.closed && queues.ready.is_empty() && queues.running == 0 {
                self.work.notify_all();
                return None;
            }
            queues = self.work.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Runs a block until the store answers; `None` when everything is over before.
    fn attempt(&self, job: &Job, random: &mut fastrand::Rng) -> Option<Result<Outcome, HostError>> {
        let block = job.block.id();
        let _span = tracing::info_span!("block", project = job.project.0, client = job.client.0, block = block.map(i64::from)).entered();
        let started = Instant::now();
        let mut retries = 0;
        loop {
            let error = match self.engine.run(&*self.store, job.project, job.client, &job.block, &job.event) {
                Ok(outcome) => {
                    let took = started.elapsed();
                    tracing::info!(status = ?outcome.status, took = ?took, round_trips = outcome.usage.round_trips, retries, "ran");
                    self.observer.ran(&Ran { project: job.project, block, outcome: &outcome, took, retries });
                    return Some(Ok(outcome));
                }
                Err(error) => error,
            };
            let kind = match &error {
                HostError::Store(error) => error.kind(),
                _ => return Some(Err(error)),
            };
            let helps = matches!(kind, StoreErrorKind::Busy | StoreErrorKind::Conflict | StoreErrorKind::Unavailable);
            if !helps || self.settings.give_up_after.is_some_and(|limit| started.elapsed() >= limit) {
                return Some(Err(error));
            }
            retries += 1;
            let pause = self.settings.backoff.after(retries, random);
            tracing::warn!(%error, ?pause, "the store failed; the block will be tried again");
            self.observer.retried(&Retried { project: job.project, kind, pause });
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

/// A client's turn; at its end the client's next event may run.
struct ClientTurn<'a> {
    shared: &'a WorkersState,
    client: (ProjectId, ClientId),
}

impl Drop for ClientTurn<'_> {
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
