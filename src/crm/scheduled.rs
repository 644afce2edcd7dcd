//! Scheduled messages that are due: claimed by one host for a time, and done with when it says so.
//! Knows no session; what a message runs or sends is the host's to do.

use chrono::{DateTime, Utc};

use crate::crm::lease::count;
use crate::crm::{BlockId, ClientId, Lease, ProjectId};
use crate::store::statements;
use crate::store::{Batch, Durability, Rows, Store, StoreError};

/// A scheduled message that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMessage {
    /// The client it is for.
    pub client: ClientId,
    /// Its number with that client.
    pub number: i64,
    /// The block to run.
    pub block: Option<BlockId>,
    /// The text to send.
    pub text: Option<String>,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// The number of its lease; a later claim of the same message makes it void.
    pub lease: i64,
}

impl DueMessage {
    /// An id for the event that it is: run under it, its block runs once however often the message is claimed.
    #[must_use]
    pub fn event_id(&self) -> String {
        format!("scheduled {} {}", self.number, self.due_at.timestamp_micros())
    }
}

/// Claims messages of a project that are due, the longest waiting first: each by one only, until the lease is over. Of each
/// client only the first one can be claimed, so that they keep the order of their times; one that was put off holds up none.
///
/// # Errors
/// When the store fails; [`claimed`] tells then what was claimed all the same.
pub fn claim(
    store: &dyn Store,
    project: ProjectId,
    now: DateTime<Utc>,
    lease: &Lease,
    limit: usize,
) -> Result<Vec<DueMessage>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIM_SCHEDULED).time(lease.until).int(lease.number).int(project).time(now).int(count(limit));
    read_messages(lease, store.write(&batch, Durability::OnDisk)?)
}

/// What was claimed under a lease, for whoever has not heard the answer to `claim`.
///
/// # Errors
/// When the store fails.
pub fn claimed(store: &dyn Store, project: ProjectId, lease: &Lease) -> Result<Vec<DueMessage>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIMED_SCHEDULED).int(project).time(lease.until).int(lease.number);
    read_messages(lease, store.read(&batch)?)
}

fn read_messages(lease: &Lease, mut results: Vec<Rows>) -> Result<Vec<DueMessage>, StoreError> {
    let mut reader = results.pop().unwrap_or_default().reader();
    let mut messages = Vec::new();
    while reader.more() {
        messages.push(DueMessage {
            client: reader.int()?,
            number: reader.int()?,
            block: reader.optional_int()?,
            text: reader.optional_text()?,
            due_at: reader.time()?,
            lease: lease.number,
        });
    }
    messages.sort_by_key(|message| (message.due_at, message.client, message.number));
    Ok(messages)
}

/// The message is done with. False: it was cancelled, or somebody else has claimed it since.
///
/// # Errors
/// When the store fails.
pub fn done(store: &dyn Store, project: ProjectId, message: &DueMessage) -> Result<bool, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::END_SCHEDULED).int(project).int(message.client).int(message.number).int(message.lease);
    Ok(store.write(&batch, Durability::OnDisk)?.pop().is_some_and(|rows| !rows.is_empty()))
}

/// The message was not done: it can be claimed again at once, unless somebody else has claimed it since.
///
/// # Errors
/// When the store fails.
pub fn release(store: &dyn Store, project: ProjectId, message: &DueMessage) -> Result<(), StoreError> {
    put_off(store, project, message, message.due_at)
}

/// The message cannot be done now: it can be claimed again from a time on, and those after it need not wait for it.
///
/// # Errors
/// When the store fails.
pub fn put_off(store: &dyn Store, project: ProjectId, message: &DueMessage, until: DateTime<Utc>) -> Result<(), StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::POSTPONE_SCHEDULED).time(until);
    batch.int(project).int(message.client).int(message.number).int(message.lease);
    store.write(&batch, Durability::OnDisk).map(drop)
}
