//! Scheduled messages that are due: claimed by one host for a time, and done with when it says so.
//! Knows no session; what a message runs or sends is the host's to do.

use chrono::{DateTime, Duration, Utc};

use crate::crm::time::end_of_lease;
use crate::crm::{BlockId, ClientId, ProjectId};
use crate::store::statements;
use crate::store::{Batch, Durability, Store, StoreError};

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
    /// Which claim it is; a later one of the same message makes it void.
    pub lease: i64,
}

impl DueMessage {
    /// An id for the event that it is: run under it, its block runs once however often the message is claimed.
    #[must_use]
    pub fn event_id(&self) -> String {
        format!("scheduled {} {}", self.number, self.due_at.timestamp_micros())
    }
}

/// Claims messages of a project that are due, the longest waiting first: each by one only, until the lease is over.
///
/// # Errors
/// When the store fails.
pub fn claim(
    store: &dyn Store,
    project: ProjectId,
    now: DateTime<Utc>,
    lease: Duration,
    limit: usize,
) -> Result<Vec<DueMessage>, StoreError> {
    let until = end_of_lease(now, lease);
    let mut batch = Batch::new();
    batch.add(&statements::CLAIM_SCHEDULED).time(until).int(project).time(now).int(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut reader = store.write(&batch, Durability::OnDisk)?.pop().unwrap_or_default().reader();
    let mut messages = Vec::new();
    while reader.more() {
        messages.push(DueMessage {
            client: reader.int()?,
            number: reader.int()?,
            block: reader.optional_int()?,
            text: reader.optional_text()?,
            due_at: reader.time()?,
            lease: reader.int()?,
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
    let mut batch = Batch::new();
    batch.add(&statements::RELEASE_SCHEDULED).int(project).int(message.client).int(message.number).int(message.lease);
    store.write(&batch, Durability::OnDisk).map(drop)
}
