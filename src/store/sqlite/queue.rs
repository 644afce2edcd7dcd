//! The one connection of a file that writes, and those who wait for it: in the order in which they came, whichever store
//! of the process they belong to. Whoever has it does the units of work of the others too, which then share one commit, so
//! that no thread is woken before its result is there. Knows no statement.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::super::{Batch, Rows, StoreError, StoreErrorKind};
use crate::wording::{Message, message};

/// The most units of work that share a commit.
const LARGEST_GROUP: usize = 64;

/// What a unit of work comes to.
pub(super) type UnitResult = Result<Vec<Rows>, StoreError>;

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
    turn: Mutex<Turn>,
    wake: Condvar,
}

/// What has become of somebody who waits.
enum Turn {
    /// Nothing yet. Without a unit of work it is the connection itself that is waited for.
    Waiting(Option<Batch<'static>>),
    /// Whoever has the connection does its unit of work.
    Joined,
    /// The unit of work is done, and on the disk. Others of the group are still to be told.
    Done(UnitResult, Untold),
    /// It has the connection now.
    Has(Connection),
}

/// Those who are still to be told how their commit went, and how. Whoever is told tells the next one before anything else:
/// the system may give a thread that is woken the processor of the one that woke it, and then nobody else would be woken
/// for a while.
struct Untold {
    group: CommitGroup,
    outcome: Result<(), StoreError>,
}

/// How somebody got out of the queue.
pub(super) enum Admitted {
    /// With the connection.
    Leads(Lent),
    /// Somebody else did the unit of work.
    Done(UnitResult),
}

impl Queue {
    pub(super) fn new(connection: Connection) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(QueueState { connection: Some(connection), waiting: VecDeque::new() }) })
    }

    /// The connection, if nobody has it and nobody waits for it.
    pub(super) fn take_if_free(self: &Arc<Self>) -> Option<Lent> {
        let connection = lock(&self.state).connection.take()?;
        Some(Lent::new(self, connection))
    }

    /// The connection, when everybody who came before is done.
    pub(super) fn take(self: &Arc<Self>, patience: Patience) -> Result<Lent, StoreError> {
        match self.wait(None, patience)? {
            Admitted::Leads(lent) => Ok(lent),
            Admitted::Done(_) => Err(gone()),
        }
    }

    /// The connection, or what a unit of work came to which somebody else has done who had it.
    pub(super) fn take_or_join(self: &Arc<Self>, batch: &Batch<'_>, patience: Patience) -> Result<Admitted, StoreError> {
        self.wait(Some(batch), patience)
    }

    /// Waiting ends with an error at the deadline, so that a second unit of work of one thread is not a deadlock.
    fn wait(self: &Arc<Self>, batch: Option<&Batch<'_>>, patience: Patience) -> Result<Admitted, StoreError> {
        if let Some(lent) = self.take_if_free() {
            return Ok(Admitted::Leads(lent));
        }
        // Copied before the lock is taken, though it may be free by then.
        let turn = Turn::Waiting(batch.map(Batch::owned));
        let waiter = Arc::new(Waiter { turn: Mutex::new(turn), wake: Condvar::new() });
        {
            let mut state = lock(&self.state);
            if let Some(connection) = state.connection.take() {
                return Ok(Admitted::Leads(Lent::new(self, connection)));
            }
            state.waiting.push_back(Arc::clone(&waiter));
        }
        let mut turn = lock(&waiter.turn);
        loop {
            turn = match mem::replace(&mut *turn, Turn::Joined) {
                Turn::Has(connection) => return Ok(Admitted::Leads(Lent::new(self, connection))),
                Turn::Done(result, Untold { group, outcome }) => {
                    drop(turn);
                    group.tell(&outcome);
                    return Ok(Admitted::Done(result));
                }
                // There is no deadline for what is under way: whoever does it ends in any case.
                Turn::Joined => waiter.wake.wait(turn).unwrap_or_else(PoisonError::into_inner),
                Turn::Waiting(batch) => {
                    *turn = Turn::Waiting(batch);
                    match patience.left() {
                        None => waiter.wake.wait(turn).unwrap_or_else(PoisonError::into_inner),
                        Some(Duration::ZERO) => {
                            drop(turn);
                            if self.leave(&waiter) {
                                return Err(patience.over(|time| message!("another-unit-holds", time = time)));
                            }
                            // Its turn has come in this very moment.
                            lock(&waiter.turn)
                        }
                        Some(left) => waiter.wake.wait_timeout(turn, left).unwrap_or_else(PoisonError::into_inner).0,
                    }
                }
            };
        }
    }

    /// Whether somebody was still waiting and does not wait any more.
    fn leave(&self, waiter: &Arc<Waiter>) -> bool {
        let mut state = lock(&self.state);
        let before = state.waiting.len();
        state.waiting.retain(|other| !Arc::ptr_eq(other, waiter));
        state.waiting.len() < before
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        lock(&self.state).waiting.len()
    }

    fn hand_over(&self, connection: Connection) {
        let mut state = lock(&self.state);
        match state.waiting.pop_front() {
            Some(next) => next.tell(Turn::Has(connection)),
            None => state.connection = Some(connection),
        }
    }

    /// The next in the queue, if it waits for a unit of work to be done.
    fn join(&self) -> Option<GroupMember> {
        let mut state = lock(&self.state);
        let waiter = state.waiting.front()?;
        let mut turn = lock(&waiter.turn);
        let Turn::Waiting(batch) = &mut *turn else { return None };
        let batch = batch.take()?;
        *turn = Turn::Joined;
        drop(turn);
        let waiter = state.waiting.pop_front()?;
        Some(GroupMember { waiter, batch, done: None })
    }
}

impl Waiter {
    fn tell(&self, news: Turn) {
        *lock(&self.turn) = news;
        self.wake.notify_one();
    }
}

/// The connection on loan.
pub(super) struct Lent {
    queue: Arc<Queue>,
    /// Present until it is given on.
    connection: Option<Connection>,
    group: CommitGroup,
}

/// Those whose units of work share a commit with that of the one who has the connection.
#[derive(Default)]
pub(super) struct CommitGroup {
    members: Vec<GroupMember>,
}

struct GroupMember {
    waiter: Arc<Waiter>,
    batch: Batch<'static>,
    done: Option<UnitResult>,
}

impl Lent {
    fn new(queue: &Arc<Queue>, connection: Connection) -> Self {
        Self { queue: Arc::clone(queue), connection: Some(connection), group: CommitGroup::default() }
    }

    pub(super) fn connection(&self) -> Result<&Connection, StoreError> {
        self.connection.as_ref().ok_or_else(gone)
    }

    /// Whether nobody has joined.
    pub(super) fn is_alone(&self) -> bool {
        self.group.members.is_empty()
    }

    /// Does the units of work of those who have joined and of those who join meanwhile; stops at one that `work` has no result for.
    pub(super) fn for_each_member<E>(&mut self, mut work: impl FnMut(&Connection, &Batch<'_>) -> Result<UnitResult, E>) -> Result<(), E> {
        let Some(connection) = &self.connection else { return Ok(()) };
        let mut index = 0;
        loop {
            if index == self.group.members.len() {
                // The one who leads is one of them.
                let next = if index + 1 < LARGEST_GROUP { self.queue.join() } else { None };
                let Some(next) = next else { return Ok(()) };
                self.group.members.push(next);
            }
            let member = &mut self.group.members[index];
            member.done = Some(work(connection, &member.batch)?);
            index += 1;
        }
    }

    /// Gives the connection on; the group is still to be told.
    pub(super) fn leave(mut self) -> CommitGroup {
        mem::take(&mut self.group)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // What is still open was not committed: by an error, or because its thread panicked.
        // Where that fails too, the next who begins is refused.
        let _ = super::connection::roll_back(&connection);
        self.queue.hand_over(connection);
    }
}

impl CommitGroup {
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Tells each how its unit of work went, if the commit of all of them did.
    pub(super) fn tell(mut self, outcome: &Result<(), StoreError>) {
        let Some(member) = self.members.pop() else { return };
        let done = member.done.unwrap_or_else(|| Err(lost()));
        let result = done.and_then(|rows| outcome.clone().map(|()| rows));
        member.waiter.tell(Turn::Done(result, Untold { group: self, outcome: outcome.clone() }));
    }
}

impl Drop for CommitGroup {
    fn drop(&mut self) {
        if !self.members.is_empty() {
            mem::take(self).tell(&Err(lost()));
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

#[cold]
fn lost() -> StoreError {
    StoreError::new(StoreErrorKind::Busy, message!("shared-commit-lost"))
}
