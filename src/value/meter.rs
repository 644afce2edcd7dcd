//! Counts the bytes that live values hold on this thread, so that a run can be stopped before it takes too much.
//! Knows no limit: the evaluator compares what is held now with what was held when the run began.

use std::cell::Cell;

thread_local! {
    /// Wraps: a value made on another thread and dropped here is subtracted without having been added.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// Bytes held by values of this thread; only differences mean something.
#[must_use]
pub fn held() -> usize {
    HELD.get()
}

/// Counts bytes that a value takes.
#[inline]
pub(super) fn take(bytes: usize) {
    HELD.set(HELD.get().wrapping_add(bytes));
}

/// Counts bytes that a value gives back.
#[inline]
pub(super) fn give_back(bytes: usize) {
    HELD.set(HELD.get().wrapping_sub(bytes));
}

/// Bytes taken on behalf of one value, or of something else that scripts let grow; given back when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Charge(usize);

impl Charge {
    #[inline]
    pub(super) fn new(bytes: usize) -> Self {
        take(bytes);
        Self(bytes)
    }

    /// More bytes.
    pub(crate) fn add(&mut self, bytes: usize) {
        self.set(self.0.saturating_add(bytes));
    }

    #[inline]
    pub(super) fn set(&mut self, bytes: usize) {
        if bytes != self.0 {
            take(bytes.wrapping_sub(self.0));
            self.0 = bytes;
        }
    }
}

impl Drop for Charge {
    #[inline]
    fn drop(&mut self) {
        give_back(self.0);
    }
}
