//! The outbox: messages that were committed and wait for the host to send them.
//! A message stays until its delivery is confirmed or has failed for good, so none is lost. Knows no session.

use chrono::{DateTime, Utc};

use crate::store::statements;
use crate::store::{Batch, Durability, Store, StoreError};

/// Which message: the client and the number of its history entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId {
    /// The client it goes to.
    pub client: i64,
    /// The number of the entry in that client's history.
    pub number: i64,
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Which message, for `confirm` and `fail`.
    pub id: MessageId,
    /// The client it goes to.
    pub client: i64,
    /// What to send.
    pub text: String,
    /// The block it comes from.
    pub block: Option<i64>,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// Messages of a project to be sent, in the order of writing.
///
/// # Errors
/// When the store fails.
pub fn pending(store: &dyn Store, project: i64, limit: usize) -> Result<Vec<OutboxMessage>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::PENDING_MESSAGES).int(project).int(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut reader = store.read(&batch)?.pop().unwrap_or_default().reader();
    let mut messages = Vec::new();
    while reader.more() {
        let id = MessageId { client: reader.int()?, number: reader.int()? };
        messages.push(OutboxMessage { id, client: id.client, text: reader.text()?, block: reader.optional_int()?, at: reader.time()? });
    }
    Ok(messages)
}

/// The message arrived. False: it was not waiting (any more).
///
/// # Errors
/// When the store fails.
pub fn confirm(store: &dyn Store, project: i64, id: MessageId) -> Result<bool, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CONFIRM_MESSAGE).int(project).int(id.client).int(id.number);
    change(store, &batch)
}

/// The message will never arrive; the history keeps the reason. False: it was not waiting (any more).
///
/// # Errors
/// When the store fails.
pub fn fail(store: &dyn Store, project: i64, id: MessageId, error: &str) -> Result<bool, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::FAIL_MESSAGE).text(error).int(project).int(id.client).int(id.number);
    change(store, &batch)
}

fn change(store: &dyn Store, batch: &Batch<'_>) -> Result<bool, StoreError> {
    Ok(store.write(batch, Durability::OnDisk)?.pop().is_some_and(|rows| !rows.is_empty()))
}
