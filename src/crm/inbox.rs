//! The inbox: events that wait in the store to be handled. A client is claimed by one host for a time, so that its events
//! keep their order. Knows no session; running an event's block is the host's to do.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Duration, Utc};

use crate::crm::lease;
use crate::crm::lease::count;
use crate::crm::{BlockId, ClientId, Lease, ProjectId};
use crate::store::statements;
use crate::store::{Batch, Durability, Rows, Statement, Store, StoreError};

/// How many clients are looked up at once.
const LOOKED_UP_AT_ONCE: usize = 500;

/// An event to be put into the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The project.
    pub project: ProjectId,
    /// The client.
    pub client: ClientId,
    /// The id that the messenger gave it.
    pub event: Option<String>,
    /// The block to run.
    pub block: BlockId,
    /// What the client wrote.
    pub text: Option<String>,
    /// A hidden text that the bot takes for a command.
    pub callback: Option<String>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// An event that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingEvent {
    /// Its number with its client; no number comes again.
    pub number: i64,
    /// The id that the messenger gave it.
    pub event: Option<String>,
    /// The block to run.
    pub block: BlockId,
    /// What the client wrote.
    pub text: Option<String>,
    /// A hidden text that the bot takes for a command.
    pub callback: Option<String>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

impl WaitingEvent {
    /// An id to handle it under, its own or one made of its number: so its block runs once however often it is claimed.
    #[must_use]
    pub fn event_id(&self) -> String {
        self.event.clone().unwrap_or_else(|| format!("inbox {}", self.number))
    }
}

/// Events of a client that one may handle, in their order, until the lease is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedClient {
    /// The client.
    pub client: ClientId,
    /// The number of its lease; a later claim of the same client makes it void.
    pub lease: i64,
    /// The first events that wait.
    pub events: Vec<WaitingEvent>,
}

/// What became of claimed events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// The client.
    pub client: ClientId,
    /// The number of the claim's lease.
    pub lease: i64,
    /// The events up to this number are done with.
    pub up_to: Option<i64>,
    /// Those among them that cannot be run, and why; they stay in the inbox with that and are not claimed again.
    pub refused: Vec<(i64, String)>,
}

/// Why events were not put into the inbox.
#[derive(Debug)]
pub enum EnqueueError {
    /// The events at these places, from 0, are for projects or clients that do not exist.
    UnknownClients(Vec<usize>),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for EnqueueError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for EnqueueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownClients(places) => write!(formatter, "{} events are for clients that do not exist", places.len()),
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for EnqueueError {}

/// Puts events into the inbox, all of them or none. Those of one client are handled in this order, after those that wait
/// already.
///
/// # Errors
/// When a client does not exist, or the store fails; nothing is kept then.
pub fn enqueue(store: &dyn Store, events: &[NewEvent], now: DateTime<Utc>) -> Result<(), EnqueueError> {
    // Always in the same order, so that two who lock the same clients do not wait for each other.
    let clients: BTreeSet<(ProjectId, ClientId)> = events.iter().map(|event| (event.project, event.client)).collect();
    let mut transaction = store.begin()?;
    let mut unknown = BTreeSet::new();
    let all: Vec<(ProjectId, ClientId)> = clients.iter().copied().collect();
    for part in all.chunks(LOOKED_UP_AT_ONCE) {
        let mut batch = Batch::new();
        for (project, client) in part {
            batch.add(&statements::CLIENT_EXISTS).int(*project).int(*client);
        }
        let results = transaction.run(&batch)?;
        unknown.extend(part.iter().zip(results).filter(|(_, rows)| rows.is_empty()).map(|(client, _)| *client));
    }
    if !unknown.is_empty() {
        transaction.rollback()?;
        let is_unknown = |event: &NewEvent| unknown.contains(&(event.project, event.client));
        let places = events.iter().enumerate().filter(|(_, event)| is_unknown(event)).map(|(place, _)| place).collect();
        return Err(EnqueueError::UnknownClients(places));
    }
    let mut batch = Batch::new();
    for (project, client) in &clients {
        batch.add(&statements::ADD_INCOMING).int(*project).int(*client).time(now);
    }
    for event in events {
        batch.add(&statements::ADD_INBOX).int(event.project).int(event.client).time(now);
        batch.optional_text(event.event.as_deref()).int(event.block);
        // What a client wrote cannot be refused; no store keeps this character.
        let kept = |text: &Option<String>| text.as_ref().map(|text| text.replace('\0', "\u{fffd}"));
        batch.optional_owned(kept(&event.text)).optional_owned(kept(&event.callback)).time(event.at);
    }
    Ok(transaction.commit(&batch)?)
}

/// Claims clients with events that wait, the longest waiting first: each client by one only. Whoever is not done before the
/// lease is over may see them claimed by another.
///
/// # Errors
/// When the store fails; [`claimed`] tells then what was claimed all the same.
pub fn claim(
    store: &dyn Store,
    project: ProjectId,
    now: DateTime<Utc>,
    lease: &Lease,
    clients: usize,
    events: usize,
) -> Result<Vec<ClaimedClient>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIM_INCOMING).int(project).time(now).int(count(clients)).time(lease.until).int(lease.number);
    with_events(store, project, lease, store.write(&batch, Durability::OnDisk)?, events)
}

/// What was claimed under a lease, for whoever has not heard the answer to `claim`.
///
/// # Errors
/// When the store fails.
pub fn claimed(store: &dyn Store, project: ProjectId, lease: &Lease, events: usize) -> Result<Vec<ClaimedClient>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIMED_INCOMING).int(project).time(lease.until).int(lease.number);
    with_events(store, project, lease, store.read(&batch)?, events)
}

fn with_events(
    store: &dyn Store,
    project: ProjectId,
    lease: &Lease,
    mut clients: Vec<Rows>,
    events: usize,
) -> Result<Vec<ClaimedClient>, StoreError> {
    let mut reader = clients.pop().unwrap_or_default().reader();
    let mut claims = Vec::new();
    let mut batch = Batch::new();
    while reader.more() {
        let claim = ClaimedClient { client: reader.int()?, lease: lease.number, events: Vec::new() };
        batch.add(&statements::INBOX_OF).int(project).int(claim.client).int(count(events));
        claims.push(claim);
    }
    if claims.is_empty() {
        return Ok(claims);
    }
    for (claim, rows) in claims.iter_mut().zip(store.read(&batch)?) {
        claim.events = read_events(rows)?;
    }
    claims.sort_by_key(|claim| claim.events.first().map(|event| (event.number, claim.client)));
    Ok(claims)
}

fn read_events(rows: Rows) -> Result<Vec<WaitingEvent>, StoreError> {
    let mut reader = rows.reader();
    let mut events = Vec::new();
    while reader.more() {
        events.push(WaitingEvent {
            number: reader.int()?,
            event: reader.optional_text()?,
            block: reader.int()?,
            text: reader.optional_text()?,
            callback: reader.optional_text()?,
            at: reader.time()?,
        });
    }
    Ok(events)
}

/// Notes what was done and lets go of the clients, which can be claimed again when more of their events wait. Of clients
/// that somebody else holds by now nothing is noted.
///
/// # Errors
/// When the store fails; what was handled is found to be so when it is claimed again.
pub fn finish(store: &dyn Store, project: ProjectId, handled: &[Handled], now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut handled: Vec<&Handled> = handled.iter().collect();
    handled.sort_by_key(|handled| handled.client);
    let mut batch = Batch::new();
    for Handled { client, lease, up_to, refused } in handled {
        // Whoever adds an event to the client has it locked too: so either sees what the other has done.
        batch.add(&statements::LOCK_INCOMING).int(project).int(*client);
        for (number, error) in refused {
            batch.add(&statements::REFUSE_INBOX).text(error.as_str()).int(project).int(*client).int(*number).int(*lease);
        }
        if let Some(number) = up_to {
            batch.add(&statements::END_INBOX).int(project).int(*client).int(*number).int(*lease);
        }
        batch.add(&statements::POSTPONE_INCOMING).time(now).int(project).int(*client).int(*lease);
        batch.add(&statements::END_INCOMING).int(project).int(*client).int(*lease);
    }
    if batch.is_empty() {
        return Ok(());
    }
    // Nothing that was promised: an event that is claimed again has its outcome already.
    store.write(&batch, Durability::Soon).map(drop)
}

/// Holds clients for longer; returns those that somebody else holds by now.
///
/// # Errors
/// When the store fails.
pub fn extend(
    store: &dyn Store,
    project: ProjectId,
    held: &[(ClientId, i64)],
    now: DateTime<Utc>,
    length: Duration,
) -> Result<Vec<ClientId>, StoreError> {
    let mut held = held.to_vec();
    held.sort_unstable();
    let mut batch = Batch::new();
    for (client, lease_number) in &held {
        batch.add(&statements::POSTPONE_INCOMING).time(lease::end(now, length)).int(project).int(*client).int(*lease_number);
    }
    let results = store.write(&batch, Durability::Soon)?;
    Ok(held.into_iter().zip(results).filter(|(_, rows)| rows.is_empty()).map(|((client, _), _)| client).collect())
}

/// What of a project waits for a host and is held by none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a queue of its own")]
pub struct Due {
    /// Events of the inbox.
    pub events: bool,
    /// Scheduled messages.
    pub scheduled: bool,
    /// Clients that are to be distributed.
    pub queued: bool,
    /// What blocks have asked of the host.
    pub requests: bool,
}

const IS_DUE: [&Statement; 4] =
    [&statements::INCOMING_IS_DUE, &statements::SCHEDULED_IS_DUE, &statements::QUEUED_IS_DUE, &statements::REQUESTS_ARE_DUE];

/// Looks what waits, in one round trip and without a lock: for hosts that look often.
///
/// # Errors
/// When the store fails.
pub fn due(store: &dyn Store, projects: &[ProjectId], now: DateTime<Utc>) -> Result<Vec<(ProjectId, Due)>, StoreError> {
    let mut batch = Batch::new();
    for project in projects {
        for statement in IS_DUE {
            batch.add(statement).int(*project).time(now);
        }
    }
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let answers: Vec<bool> = store.read(&batch)?.iter().map(|rows| !rows.is_empty()).collect();
    let due = |answers: &[bool]| match answers {
        [events, scheduled, queued, requests] => Due { events: *events, scheduled: *scheduled, queued: *queued, requests: *requests },
        _ => Due::default(),
    };
    let found = projects.iter().zip(answers.chunks(IS_DUE.len())).map(|(project, answers)| (*project, due(answers)));
    Ok(found.filter(|(_, due)| *due != Due::default()).collect())
}
