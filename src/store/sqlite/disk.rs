//! Waiting for the disk: whoever has committed waits until the log is flushed, and one flush serves all who committed before
//! it began. Others write meanwhile, and who committed too late for one flush does not wait for its end to begin the next.
//! Knows no connection.

use std::sync::{Condvar, Mutex, PoisonError};

use super::super::StoreError;
use super::queue::lock;

/// How many flushes may be under way. More only make each other slower.
pub(super) const FLUSHES: usize = 2;

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
    /// How many commits each flush that is under way brings there.
    under_way: [Option<u64>; FLUSHES],
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

    /// Returns when a commit is on the disk. `flush` brings there what was written before it is called; it is given the number
    /// of the flush, below [`FLUSHES`], which no other flush has meanwhile.
    pub(super) fn wait(&self, commit: Commit, flush: impl FnOnce(usize) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut state = lock(&self.state);
        let number = loop {
            if state.on_disk >= commit.0 {
                return Ok(());
            }
            if let Some(failure) = &state.failure {
                return Err(failure.clone());
            }
            let is_under_way = state.under_way.iter().flatten().any(|commits| *commits >= commit.0);
            match state.under_way.iter().position(Option::is_none) {
                Some(number) if !is_under_way => break number,
                _ => state = self.flushed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        };
        let commits = state.commits;
        state.under_way[number] = Some(commits);
        drop(state);
        let turn = FlushTurn { disk: self, number };
        let result = flush(number);
        let mut state = lock(&self.state);
        match &result {
            // A later one may have ended before.
            Ok(()) => state.on_disk = state.on_disk.max(commits),
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
struct FlushTurn<'d> {
    disk: &'d Disk,
    number: usize,
}

impl Drop for FlushTurn<'_> {
    fn drop(&mut self) {
        lock(&self.disk.state).under_way[self.number] = None;
        self.disk.flushed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc::channel;
    use std::thread;

    use super::super::super::{StoreError, StoreErrorKind};
    use super::{Commit, Disk, FLUSHES};
    use crate::wording::message;

    fn broken() -> StoreError {
        StoreError::new(StoreErrorKind::Unavailable, message!("database-file-gone"))
    }

    fn never(_: usize) -> Result<(), StoreError> {
        panic!("nothing is left to flush")
    }

    /// Waits until so many flushes are under way.
    fn until_flushing(disk: &Disk, count: usize) {
        while super::lock(&disk.state).under_way.iter().flatten().count() < count {
            thread::yield_now();
        }
    }

    #[test]
    fn a_flush_serves_all_who_committed_before_it() {
        let disk = Disk::default();
        let (first, second) = (disk.committed(), disk.committed());
        assert_eq!((first, second), (Commit(1), Commit(2)));
        let mut flushes = 0;
        disk.wait(first, |_| {
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
        let flushes = AtomicU32::new(0);
        let (disk, flushes) = (&disk, &flushes);
        let flush = |_| {
            flushes.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        thread::scope(|scope| {
            let mut words = Vec::new();
            for count in 1..=FLUSHES {
                let (go, may_go) = channel::<()>();
                let commit = disk.committed();
                scope.spawn(move || {
                    disk.wait(commit, |number| {
                        assert_eq!(number, count - 1, "each has a number of its own");
                        may_go.recv().expect("a word");
                        flush(number)
                    })
                });
                until_flushing(disk, count);
                words.push(go);
            }
            // None of these was there when a flush began, and one flush does for them all.
            let later: Vec<_> = (0..5).map(|_| disk.committed()).map(|commit| scope.spawn(move || disk.wait(commit, flush))).collect();
            assert_eq!(flushes.load(Ordering::Relaxed), 0, "nobody flushes beside them");
            words.pop().expect("the last").send(()).expect("it waits");
            for thread in later {
                thread.join().expect("no panic").expect("it is flushed");
            }
            assert_eq!(flushes.load(Ordering::Relaxed), 2);
            disk.wait(Commit(1), never).expect("a later flush has served it");
            words.pop().expect("the first").send(()).expect("it waits");
        });
        assert_eq!(flushes.load(Ordering::Relaxed), 3);
        disk.wait(Commit(7), never).expect("nothing is forgotten because an earlier one ended last");
    }

    #[test]
    fn a_failure_is_remembered_and_told_to_all_who_wait() {
        let disk = Disk::default();
        let safe = disk.committed();
        disk.wait(safe, |_| Ok(())).expect("it is flushed");
        let lost = disk.committed();
        let disk = &disk;
        thread::scope(|scope| {
            let (go, may_go) = channel::<()>();
            let first = scope.spawn(move || {
                disk.wait(lost, |_| {
                    may_go.recv().expect("a word");
                    Err(broken())
                })
            });
            until_flushing(disk, 1);
            let others: Vec<_> = [lost, lost].into_iter().map(|commit| scope.spawn(move || disk.wait(commit, never))).collect();
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
        disk.wait(commit, |_| Ok(())).expect("it is flushed");
    }
}
