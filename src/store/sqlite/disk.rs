//! Waiting for the disk: whoever has committed waits until the log is flushed, and one flush serves all who committed before
//! it began. Others write meanwhile. Knows no connection.

use std::sync::{Condvar, Mutex, PoisonError};

use super::super::StoreError;
use super::queue::lock;

/// What of a database is on the disk.
#[derive(Default)]
pub(super) struct Disk {
    state: Mutex<DiskState>,
    flushed: Condvar,
}

#[derive(Default)]
struct DiskState {
    /// How many commits there were.
    commits: u64,
    /// How many of them are on the disk.
    on_disk: u64,
    is_flushing: bool,
    /// Once a flush has failed nobody knows what is on the disk, and no later flush tells: the system takes what it could not
    /// write for written.
    failure: Option<StoreError>,
}

/// A commit and all that came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Commit(u64);

impl Disk {
    /// Notes a commit, after it; called by whoever has the connection that writes, so that they are counted in their order.
    /// Without one it stands for all that anybody can have read so far.
    pub(super) fn committed(&self) -> Commit {
        let mut state = lock(&self.state);
        state.commits += 1;
        Commit(state.commits)
    }

    /// Returns when a commit is on the disk; `flush` brings there what was written before it is called.
    pub(super) fn wait(&self, commit: Commit, flush: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut state = lock(&self.state);
        while state.on_disk < commit.0 && state.failure.is_none() && state.is_flushing {
            state = self.flushed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.on_disk >= commit.0 {
            return Ok(());
        }
        if let Some(failure) = &state.failure {
            return Err(failure.clone());
        }
        state.is_flushing = true;
        let commits = state.commits;
        drop(state);
        let turn = FlushTurn(self);
        let result = flush();
        let mut state = lock(&self.state);
        match &result {
            Ok(()) => state.on_disk = commits,
            Err(error) => state.failure = Some(error.clone()),
        }
        drop(state);
        drop(turn);
        result
    }

    /// Refuses to go on after a flush that has failed.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        lock(&self.state).failure.clone().map_or(Ok(()), Err)
    }
}

/// The turn of the one who flushes; at its end the next one may, whatever has happened.
struct FlushTurn<'d>(&'d Disk);

impl Drop for FlushTurn<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).is_flushing = false;
        self.0.flushed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc::channel;
    use std::thread;

    use super::super::super::{StoreError, StoreErrorKind};
    use super::{Commit, Disk};
    use crate::wording::message;

    fn broken() -> StoreError {
        StoreError::new(StoreErrorKind::Unavailable, message!("database-file-gone"))
    }

    fn never() -> Result<(), StoreError> {
        panic!("nothing is left to flush")
    }

    /// Waits until somebody flushes, which is until it may not be done by another.
    fn until_flushing(disk: &Disk) {
        while !super::lock(&disk.state).is_flushing {
            thread::yield_now();
        }
    }

    #[test]
    fn a_flush_serves_all_who_committed_before_it() {
        let disk = Disk::default();
        let (first, second) = (disk.committed(), disk.committed());
        assert_eq!((first, second), (Commit(1), Commit(2)));
        let mut flushes = 0;
        disk.wait(first, || {
            flushes += 1;
            Ok(())
        })
        .expect("it is flushed");
        disk.wait(second, never).expect("it was there too");
        disk.wait(first, never).expect("and stays");
        assert_eq!(flushes, 1);
        disk.check().expect("all is well");
    }

    #[test]
    fn what_is_committed_during_a_flush_waits_for_the_next() {
        let disk = Disk::default();
        let first = disk.committed();
        let flushes = AtomicU32::new(0);
        let (disk, flushes) = (&disk, &flushes);
        let flush = || {
            flushes.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        thread::scope(|scope| {
            let (go, may_go) = channel::<()>();
            scope.spawn(move || {
                disk.wait(first, || {
                    may_go.recv().expect("a word");
                    flush()
                })
            });
            until_flushing(disk);
            // None of these was there when the flush began, and one flush does for them all.
            let later: Vec<_> = (0..5).map(|_| disk.committed()).map(|commit| scope.spawn(move || disk.wait(commit, flush))).collect();
            assert_eq!(flushes.load(Ordering::Relaxed), 0, "nobody flushes beside another");
            go.send(()).expect("it waits");
            for thread in later {
                thread.join().expect("no panic").expect("it is flushed");
            }
        });
        assert_eq!(flushes.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_failure_is_remembered_and_told_to_all_who_wait() {
        let disk = Disk::default();
        let safe = disk.committed();
        disk.wait(safe, || Ok(())).expect("it is flushed");
        let lost = disk.committed();
        let disk = &disk;
        thread::scope(|scope| {
            let (go, may_go) = channel::<()>();
            let first = scope.spawn(move || {
                disk.wait(lost, || {
                    may_go.recv().expect("a word");
                    Err(broken())
                })
            });
            until_flushing(disk);
            let others: Vec<_> = [lost, disk.committed()].into_iter().map(|commit| scope.spawn(move || disk.wait(commit, never))).collect();
            go.send(()).expect("it waits");
            for thread in others.into_iter().chain([first]) {
                assert_eq!(thread.join().expect("no panic"), Err(broken()));
            }
        });
        assert_eq!(disk.check(), Err(broken()), "whoever would write is refused");
        assert_eq!(disk.wait(disk.committed(), never), Err(broken()), "and it is not tried again");
        disk.wait(safe, never).expect("what was there stays there");
    }

    #[test]
    fn a_panic_lets_the_next_one_flush() {
        let disk = Disk::default();
        let commit = disk.committed();
        assert!(catch_unwind(AssertUnwindSafe(|| disk.wait(commit, never))).is_err());
        disk.wait(commit, || Ok(())).expect("it is flushed");
    }
}
