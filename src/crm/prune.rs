//! What is old goes: outcomes of events, messages that wait for nothing, visits. In small units of work, some clients at a
//! time, so that nobody waits long. Knows no session.

use chrono::{DateTime, Utc};

use crate::crm::ProjectId;
use crate::store::{Batch, Durability, Statement, Store, StoreError, statements};

/// How many clients are looked at in one unit of work.
const CLIENTS_AT_ONCE: i64 = 100;

/// Before when something goes; what has no time stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retention {
    /// Outcomes of events, one delivered again after that runs again; and events that the inbox refused.
    pub events: Option<DateTime<Utc>>,
    /// Messages in either direction that are delivered or have failed.
    pub messages: Option<DateTime<Utc>>,
    /// Visits of blocks: `was_in_state` no longer knows of them.
    pub visits: Option<DateTime<Utc>>,
}

/// How much went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Outcomes of events, and refused events.
    pub events: usize,
    /// Messages.
    pub messages: usize,
    /// Visits.
    pub visits: usize,
}

/// Removes what is old from a project.
///
/// # Errors
/// When the store fails; what went before stays away.
pub fn prune(store: &dyn Store, project: ProjectId, retention: &Retention) -> Result<Pruned, StoreError> {
    let tables: [(usize, Option<DateTime<Utc>>, &'static Statement); 4] = [
        (0, retention.events, &statements::PRUNE_EVENTS),
        (0, retention.events, &statements::PRUNE_INBOX),
        (1, retention.messages, &statements::PRUNE_MESSAGES),
        (2, retention.visits, &statements::PRUNE_VISITS),
    ];
    let mut counts = [0; 3];
    let mut last = i64::MIN;
    loop {
        let mut question = Batch::new();
        question.add(&statements::NEXT_CLIENTS).int(project).int(last).int(CLIENTS_AT_ONCE);
        let mut reader = store.read(&question)?.pop().unwrap_or_default().reader();
        let mut clients = Vec::new();
        while reader.more() {
            clients.push(reader.int()?);
        }
        let (Some(first), Some(end)) = (clients.first().copied(), clients.last().copied()) else { break };
        last = end;
        let mut batch = Batch::new();
        let mut asked = Vec::new();
        for (index, before, statement) in tables {
            if let Some(before) = before {
                batch.add(statement).int(project).int(first).int(last).time(before);
                asked.push(index);
            }
        }
        if batch.is_empty() {
            break;
        }
        for (index, rows) in asked.into_iter().zip(store.write(&batch, Durability::OnDisk)?) {
            counts[index] += rows.cells.len();
        }
    }
    let [events, messages, visits] = counts;
    Ok(Pruned { events, messages, visits })
}
