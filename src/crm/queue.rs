//! Clients that wait for distribution: the host opens a session for each when its time has come.
//! Knows no session; whether a client then finds an operator is the session's to say.

use chrono::{DateTime, Duration, Utc};

use crate::crm::model::Scheduled;
use crate::crm::time::end_of_lease;
use crate::crm::{ClientId, ProjectId};
use crate::store::statements;
use crate::store::{Batch, Durability, Store, StoreError};

/// Clients of a project that are to be distributed by now, the longest waiting first.
///
/// # Errors
/// When the store fails.
pub fn due(store: &dyn Store, project: ProjectId, now: DateTime<Utc>, limit: usize) -> Result<Vec<ClientId>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::QUEUED_CLIENTS).int(project).time(now).int(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut reader = store.read(&batch)?.pop().unwrap_or_default().reader();
    let mut clients = Vec::new();
    while reader.more() {
        clients.push(reader.int()?);
    }
    Ok(clients)
}

/// Takes the scheduled messages of a client that are due, in the order of their times: who takes them sends them.
///
/// # Errors
/// When the store fails.
pub fn take_due(store: &dyn Store, project: ProjectId, client: ClientId, now: DateTime<Utc>) -> Result<Vec<Scheduled>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::TAKE_DUE_SCHEDULED).int(project).int(client).time(now);
    let mut reader = store.write(&batch, Durability::OnDisk)?.pop().unwrap_or_default().reader();
    let mut due = Vec::new();
    while reader.more() {
        let (block, text, due_at) = (reader.optional_int()?, reader.optional_text()?, reader.time()?);
        due.push(Scheduled { block, text, due_at, do_not_cancel: reader.flag()? });
    }
    due.sort_by_key(|message| message.due_at);
    Ok(due)
}

/// The same, and nobody else gets them until the lease is over: each by one only.
///
/// # Errors
/// When the store fails.
pub fn claim(
    store: &dyn Store,
    project: ProjectId,
    now: DateTime<Utc>,
    lease: Duration,
    limit: usize,
) -> Result<Vec<ClientId>, StoreError> {
    let until = end_of_lease(now, lease);
    let mut batch = Batch::new();
    batch.add(&statements::CLAIM_QUEUED).time(until).int(project).time(now).int(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut reader = store.write(&batch, Durability::OnDisk)?.pop().unwrap_or_default().reader();
    let mut clients = Vec::new();
    while reader.more() {
        clients.push(reader.int()?);
    }
    clients.sort_unstable();
    Ok(clients)
}

/// A claimed client was not distributed: it can be claimed again from now on. `until` is the end of the lease.
///
/// # Errors
/// When the store fails.
pub fn release(
    store: &dyn Store,
    project: ProjectId,
    client: ClientId,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::RELEASE_QUEUED).time(now).int(project).int(client).time(until);
    store.write(&batch, Durability::OnDisk).map(drop)
}
