//! Commits for stores that write one unit of work at a time: one thread writes together what the blocks of all others came
//! to, and one waits for the disk meanwhile and acknowledges. So nobody who could run a block waits for either.

use std::iter;
use std::sync::mpsc::{Receiver, Sender};

use super::workers::{Running, WorkersState};
use crate::crm::UnitOfWork;
use crate::engine::{HostError, Outcome};
use crate::store;

/// The most units of work that share a commit.
const LARGEST_GROUP: usize = 64;

/// A block that ran and is not committed.
pub(super) struct ToWrite {
    pub(super) event: Running,
    pub(super) outcome: Outcome,
    pub(super) unit: UnitOfWork,
}

/// A block that is committed and may not be on the disk yet; nobody knows of it.
pub(super) type ToAcknowledge = (Running, Outcome);

/// Writes what is there, together, until nobody brings anything any more. An event whose part fails runs again.
pub(super) fn write(shared: &WorkersState, ran: &Receiver<ToWrite>, committed: &Sender<ToAcknowledge>) {
    let Some(store) = shared.store.shared_commits() else { return };
    while let Ok(first) = ran.recv() {
        let group = iter::once(first).chain(ran.try_iter()).take(LARGEST_GROUP);
        let (events, units): (Vec<_>, Vec<_>) = group.map(|ran| ((ran.event, ran.outcome), ran.unit)).unzip();
        for ((event, outcome), result) in events.into_iter().zip(UnitOfWork::write_together(units, store)) {
            match result {
                // Who acknowledges ends later than this thread.
                Ok(()) => drop(committed.send((event, outcome))),
                Err(error) => {
                    tracing::debug!(%error, "a block could not be committed with others; it runs again");
                    shared.again(event);
                }
            }
        }
    }
}

/// Acknowledges events as soon as the disk has what became of them, until none are brought any more; none when everything is
/// over before.
pub(super) fn acknowledge(shared: &WorkersState, committed: &Receiver<ToAcknowledge>) {
    let mut random = fastrand::Rng::new();
    while let Ok((mut event, outcome)) = committed.recv() {
        let others: Vec<_> = committed.try_iter().collect();
        let on_disk = shared.patiently(&mut event, &mut random, |_| store::on_disk(&*shared.store));
        let Some(on_disk) = on_disk else { continue };
        for (event, outcome) in iter::once((event, outcome)).chain(others) {
            event.end(on_disk.clone().map(|()| outcome).map_err(HostError::Store));
        }
    }
}
