//! Clients that wait for distribution: the host opens a session for each when its time has come.
//! Knows no session; whether a client then finds an operator is the session's to say.

use chrono::{DateTime, Utc};

use crate::crm::lease::count;
use crate::crm::model::Scheduled;
use crate::crm::{ClientId, Lease, ProjectId};
use crate::store::statements;
use crate::store::{Batch, Durability, Rows, Store, StoreError};

/// Clients of a project that are to be distributed by now, the longest waiting first.
///
/// # Errors
/// When the store fails.
pub fn due(store: &dyn Store, project: ProjectId, now: DateTime<Utc>, limit: usize) -> Result<Vec<ClientId>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::QUEUED_CLIENTS).int(project).time(now).int(count(limit));
    read_clients(store.read(&batch)?)
}

fn read_clients(mut results: Vec<Rows>) -> Result<Vec<ClientId>, StoreError> {
    let mut reader = results.pop().unwrap_or_default().reader();
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
/// When the store fails; [`claimed`] tells then what was claimed all the same.
pub fn claim(store: &dyn Store, project: ProjectId, now: DateTime<Utc>, lease: &Lease, limit: usize) -> Result<Vec<ClientId>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIM_QUEUED).time(lease.until).int(project).time(now).int(count(limit));
    let mut clients = read_clients(store.write(&batch, Durability::OnDisk)?)?;
    clients.sort_unstable();
    Ok(clients)
}

/// What was claimed under a lease, for whoever has not heard the answer to `claim`. It is known by its end alone: that two
/// end in the same microsecond does no harm, for a client is distributed once however many try.
///
/// # Errors
/// When the store fails.
pub fn claimed(store: &dyn Store, project: ProjectId, lease: &Lease) -> Result<Vec<ClientId>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIMED_QUEUED).int(project).time(lease.until);
    read_clients(store.read(&batch)?)
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
