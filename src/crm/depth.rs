//! How much waits in a store for its hosts, for those who watch over them. Counts only so far, so that it costs little
//! however much waits.

use chrono::{DateTime, Utc};

use crate::crm::ProjectId;
use crate::store::statements;
use crate::store::{Batch, Store, StoreError};

/// The most that is counted of each kind.
pub const MOST_COUNTED: i64 = 100_000;

/// What of a project waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    /// Events of the inbox that wait or are being handled.
    pub inbox: i64,
    /// Events of the inbox that cannot be run.
    pub refused: i64,
    /// Messages that are not confirmed.
    pub outbox: i64,
    /// What blocks have asked of the host and is not done.
    pub requests: i64,
    /// Scheduled messages that are due and held by none.
    pub scheduled: i64,
    /// Clients that are to be distributed by now and held by none.
    pub queued: i64,
}

/// Counts what waits, in one round trip and without a lock.
///
/// # Errors
/// When the store fails.
pub fn depth(store: &dyn Store, projects: &[ProjectId], now: DateTime<Utc>) -> Result<Vec<(ProjectId, Depth)>, StoreError> {
    let mut batch = Batch::new();
    for project in projects {
        for statement in
            [&statements::DEPTH_OF_INBOX, &statements::DEPTH_OF_REFUSED, &statements::DEPTH_OF_OUTBOX, &statements::DEPTH_OF_REQUESTS]
        {
            batch.add(statement).int(*project).int(MOST_COUNTED);
        }
        for statement in [&statements::DEPTH_OF_SCHEDULED, &statements::DEPTH_OF_QUEUED] {
            batch.add(statement).int(*project).time(now).int(MOST_COUNTED);
        }
    }
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let mut counts = store.read(&batch)?.into_iter().map(|rows| rows.reader().int());
    let mut next = || counts.next().unwrap_or(Ok(0));
    let mut depths = Vec::with_capacity(projects.len());
    for project in projects {
        let depth = Depth { inbox: next()?, refused: next()?, outbox: next()?, requests: next()?, scheduled: next()?, queued: next()? };
        depths.push((*project, depth));
    }
    Ok(depths)
}
