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

/// Bytes taken on behalf of one value, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Charge(usize);

impl Charge {
    pub(super) fn new(bytes: usize) -> Self {
        HELD.set(HELD.get().wrapping_add(bytes));
        Self(bytes)
    }

    pub(super) fn set(&mut self, bytes: usize) {
        if bytes != self.0 {
            HELD.set(HELD.get().wrapping_add(bytes).wrapping_sub(self.0));
            self.0 = bytes;
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        HELD.set(HELD.get().wrapping_sub(self.0));
    }
}
