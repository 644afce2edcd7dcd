//! Counts the bytes that the values of a run hold, so that it can be stopped before it takes too much.
//! Knows no limit: the context of the run compares.
//!
//! What takes memory remembers the run that took it, and gives it back to that run only. So a run counts what it made
//! itself and still holds: not what was there before it, nor what another run made on the same thread. The thread only
//! knows which run it is working on.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, Ordering};

/// The number of a run. After four billion runs it begins again; who still holds a value of the run that had the number
/// before may then give its bytes back to the wrong one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RunId(u32);

impl RunId {
    /// What is made outside of all runs, such as the constants of a program.
    const NONE: Self = Self(0);

    fn next() -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        loop {
            let id = Self(LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1));
            if id != Self::NONE {
                return id;
            }
        }
    }
}

/// The run that a thread is working on.
struct Current {
    run: Cell<RunId>,
    held: Cell<usize>,
}

thread_local! {
    static CURRENT: Current = const { Current { run: Cell::new(RunId::NONE), held: Cell::new(0) } };
}

/// Counts bytes that a value takes, for the run that the thread is working on.
#[inline]
pub(super) fn take(bytes: usize) -> RunId {
    CURRENT.with(|current| {
        current.held.set(current.held.get().wrapping_add(bytes));
        current.run.get()
    })
}

/// Counts bytes that a value gives back, if it was this run that took them.
#[inline]
pub(super) fn give_back(run: RunId, bytes: usize) {
    CURRENT.with(|current| {
        if current.run.get() == run {
            current.held.set(current.held.get().wrapping_sub(bytes));
        }
    });
}

/// The counter of one run.
#[derive(Debug)]
pub struct Meter {
    run: RunId,
    /// What was held when the run was last left.
    held: usize,
}

/// As long as this lives, the values that its thread makes count for one run.
#[derive(Debug)]
#[must_use]
pub struct Entered {
    outer: (RunId, usize),
    /// It belongs to its thread.
    thread: PhantomData<*const ()>,
}

impl Meter {
    /// The counter of a new run.
    #[must_use]
    pub fn new() -> Self {
        Self { run: RunId::next(), held: 0 }
    }

    /// The thread begins, or goes on, to work on this run. Runs may begin inside each other.
    pub fn enter(&self) -> Entered {
        Entered { outer: swap((self.run, self.held)), thread: PhantomData }
    }

    /// The thread stops working on this run and returns to the one before.
    pub fn leave(&mut self, entered: Entered) {
        self.held = self.held();
        drop(entered);
    }

    /// Bytes held by values that the run made.
    #[must_use]
    pub fn held(&self) -> usize {
        CURRENT.with(|current| if current.run.get() == self.run { current.held.get() } else { self.held })
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        swap(self.outer);
    }
}

fn swap((run, held): (RunId, usize)) -> (RunId, usize) {
    CURRENT.with(|current| (current.run.replace(run), current.held.replace(held)))
}

/// Bytes taken on behalf of one value, or of something else that scripts let grow; given back when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Charge {
    bytes: usize,
    run: RunId,
}

impl Charge {
    #[inline]
    pub(super) fn new(bytes: usize) -> Self {
        Self { bytes, run: take(bytes) }
    }

    /// More bytes.
    pub(crate) fn add(&mut self, bytes: usize) {
        let run = take(bytes);
        if run == self.run {
            self.bytes = self.bytes.saturating_add(bytes);
        } else {
            // What there was is another run's.
            *self = Self { bytes, run };
        }
    }

    /// Other memory in place of what there was: all of it is taken by the run that is at work now.
    #[inline]
    pub(super) fn set(&mut self, bytes: usize) {
        if bytes != self.bytes {
            *self = Self::new(bytes);
        }
    }
}

impl Drop for Charge {
    #[inline]
    fn drop(&mut self) {
        give_back(self.run, self.bytes);
    }
}
