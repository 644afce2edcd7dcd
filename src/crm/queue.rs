//! Clients that wait for distribution: the host opens a session for each when its time has come.
//! Knows no session; whether a client then finds an operator is the session's to say.

use chrono::{DateTime, Utc};

use crate::store::statements;
use crate::store::{Batch, Store, StoreError};

/// Clients of a project that are to be distributed by now, the longest waiting first.
///
/// # Errors
/// When the store fails.
pub fn due(store: &dyn Store, project: i64, now: DateTime<Utc>, limit: usize) -> Result<Vec<i64>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::QUEUED_CLIENTS).int(project).time(now).int(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut reader = store.read(&batch)?.pop().unwrap_or_default().reader();
    let mut clients = Vec::new();
    while reader.more() {
        clients.push(reader.int()?);
    }
    Ok(clients)
}
