//! The one connection of a file that writes, and those who wait for it: in the order in which they came, whichever store
//! of the process they belong to. Units of work that queue up share one commit. Knows no statement.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::super::{StoreError, StoreErrorKind};
use crate::wording::{Message, message};

/// The most units of work that share a commit.
const LARGEST_GROUP: u32 = 64;

/// The connection and the queue before it.
pub(super) struct Queue {
    state: Mutex<QueueState>,
}

struct QueueState {
    /// Absent while somebody has it.
    connection: Option<Connection>,
    /// In the order in which they came.
    waiting: VecDeque<Arc<Waiter>>,
}

struct Waiter {
    kind: WaiterKind,
    handed: Mutex<Option<Handed>>,
    wake: Condvar,
}

/// What somebody wants the connection for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WaiterKind {
    /// A unit of work that may share its commit with others.
    Joining,
    /// Anything else.
    Alone,
}

/// What goes from one to the next.
struct Handed {
    connection: Connection,
    group: Option<Arc<CommitGroup>>,
}

/// Units of work that share a commit.
#[derive(Default)]
pub(super) struct CommitGroup {
    state: Mutex<GroupState>,
    done: Condvar,
}

#[derive(Default)]
struct GroupState {
    members: u32,
    outcome: Option<Result<(), StoreError>>,
}

impl Queue {
    pub(super) fn new(connection: Connection) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(QueueState { connection: Some(connection), waiting: VecDeque::new() }) })
    }

    /// The connection, if nobody has it and nobody waits for it.
    pub(super) fn take_if_free(self: &Arc<Self>) -> Option<Lent> {
        let mut state = lock(&self.state);
        if !state.waiting.is_empty() {
            return None;
        }
        let connection = state.connection.take()?;
        Some(Lent { queue: Arc::clone(self), handed: Some(Handed { connection, group: None }) })
    }

    /// The connection, when everybody who came before is done. Waiting ends with an error at the deadline, so that a
    /// second unit of work of one thread is not a deadlock.
    pub(super) fn take(self: &Arc<Self>, kind: WaiterKind, patience: Patience) -> Result<Lent, StoreError> {
        let waiter = {
            let mut state = lock(&self.state);
            if let Some(connection) = state.connection.take() {
                return Ok(Lent { queue: Arc::clone(self), handed: Some(Handed { connection, group: None }) });
            }
            let waiter = Arc::new(Waiter { kind, handed: Mutex::new(None), wake: Condvar::new() });
            state.waiting.push_back(Arc::clone(&waiter));
            waiter
        };
        let mut handed = lock(&waiter.handed);
        loop {
            if let Some(handed) = handed.take() {
                return Ok(Lent { queue: Arc::clone(self), handed: Some(handed) });
            }
            match patience.left() {
                None => handed = waiter.wake.wait(handed).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => break,
                Some(left) => handed = waiter.wake.wait_timeout(handed, left).unwrap_or_else(PoisonError::into_inner).0,
            }
        }
        drop(handed);
        let mut state = lock(&self.state);
        state.waiting.retain(|other| !Arc::ptr_eq(other, &waiter));
        drop(state);
        // It may have been handed over in this very moment.
        match lock(&waiter.handed).take() {
            Some(handed) => Ok(Lent { queue: Arc::clone(self), handed: Some(handed) }),
            None => Err(patience.over(|time| message!("another-unit-holds", time = time))),
        }
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        lock(&self.state).waiting.len()
    }

    fn hand_over(&self, handed: Handed) {
        let mut state = lock(&self.state);
        match state.waiting.pop_front() {
            Some(next) => {
                *lock(&next.handed) = Some(handed);
                next.wake.notify_one();
            }
            None => state.connection = Some(handed.connection),
        }
    }

    /// Whether the next in the queue may share the commit of a group.
    fn next_joins(&self) -> bool {
        lock(&self.state).waiting.front().is_some_and(|next| next.kind == WaiterKind::Joining)
    }
}

/// The connection on loan.
pub(super) struct Lent {
    queue: Arc<Queue>,
    /// Present until it is given on.
    handed: Option<Handed>,
}

impl Lent {
    pub(super) fn connection(&self) -> Result<&Connection, StoreError> {
        self.handed.as_ref().map(|handed| &handed.connection).ok_or_else(gone)
    }

    /// Whether the one before has left its unit of work open, to be committed with this one.
    pub(super) fn is_in_group(&self) -> bool {
        self.handed.as_ref().is_some_and(|handed| handed.group.is_some())
    }

    /// Joins the group of the one before, or begins one.
    pub(super) fn join(&mut self) -> Result<Arc<CommitGroup>, StoreError> {
        let handed = self.handed.as_mut().ok_or_else(gone)?;
        let group = handed.group.get_or_insert_with(Arc::default);
        lock(&group.state).members += 1;
        Ok(Arc::clone(group))
    }

    /// Gives the connection with its open unit of work to the next who may join; else gives itself back, and it is this
    /// one's to commit.
    pub(super) fn pass_on(mut self) -> Option<Self> {
        let has_room = self.handed.as_ref().and_then(|handed| handed.group.as_ref()).is_some_and(|group| group.has_room());
        if !has_room || !self.queue.next_joins() {
            return Some(self);
        }
        if let Some(handed) = self.handed.take() {
            self.queue.hand_over(handed);
        }
        None
    }

    /// Tells the group how its commit went, and leaves it.
    pub(super) fn end_group(&mut self, outcome: &Result<(), StoreError>) {
        if let Some(group) = self.handed.as_mut().and_then(|handed| handed.group.take()) {
            group.end(outcome.clone());
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut handed) = self.handed.take() else { return };
        // What is still open was not committed: by an error, or because its thread panicked.
        let mut outcome = Ok(());
        if !handed.connection.is_autocommit() {
            outcome = super::connection::execute(&handed.connection, "ROLLBACK");
        }
        if let Some(group) = handed.group.take() {
            let lost = StoreError::new(StoreErrorKind::Busy, message!("shared-commit-lost"));
            group.end(Err(outcome.err().unwrap_or(lost)));
        }
        self.queue.hand_over(handed);
    }
}

impl CommitGroup {
    fn has_room(&self) -> bool {
        lock(&self.state).members < LARGEST_GROUP
    }

    fn end(&self, outcome: Result<(), StoreError>) {
        lock(&self.state).outcome.get_or_insert(outcome);
        self.done.notify_all();
    }

    /// Waits for the commit of the group. It has no deadline of its own: whoever has the connection ends in any case.
    pub(super) fn wait(&self) -> Result<(), StoreError> {
        let mut state = lock(&self.state);
        loop {
            if let Some(outcome) = &state.outcome {
                return outcome.clone();
            }
            state = self.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// How long somebody still waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    whole: Duration,
    /// Absent: without end.
    until: Option<Instant>,
}

impl Patience {
    pub(super) fn begin(whole: Duration) -> Self {
        Self { whole, until: Instant::now().checked_add(whole) }
    }

    /// What is left; `None` when there is no end.
    pub(super) fn left(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(Instant::now()))
    }

    pub(super) fn is_over(&self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }

    #[cold]
    pub(super) fn over(&self, holds: impl FnOnce(Message) -> Message) -> StoreError {
        let time = message!("count-of-seconds", seconds = self.whole.as_secs_f64().to_string());
        StoreError::new(StoreErrorKind::Busy, holds(time))
    }
}

/// Locks. A thread that panicked left nothing half done: what it had lent was rolled back when it was dropped.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cold]
fn gone() -> StoreError {
    StoreError::new(StoreErrorKind::Other, message!("connection-gone"))
}
