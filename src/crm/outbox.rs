//! The outbox: messages that were committed and wait for the host to send them.
//! A message stays until its delivery is confirmed or has failed for good, so none is lost. Knows no session.

use chrono::{DateTime, Duration, Utc};

use super::lengths;
use crate::crm::lease::count;
use crate::crm::{BlockId, ClientId, Lease, ProjectId};
use crate::store::statements;
use crate::store::{Batch, Durability, Rows, Store, StoreError, on_disk};

/// Which message: the client and the number of its history entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId {
    /// The client it goes to.
    pub client: ClientId,
    /// The number of the entry in that client's history.
    pub number: i64,
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Which message, for `confirm` and `fail`.
    pub id: MessageId,
    /// The client it goes to.
    pub client: ClientId,
    /// What to send.
    pub text: String,
    /// The block it comes from.
    pub block: Option<BlockId>,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// Messages of a project to be sent, by client, those of a client in the order of writing.
///
/// # Errors
/// When the store fails.
pub fn pending(store: &dyn Store, project: ProjectId, limit: usize) -> Result<Vec<OutboxMessage>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::PENDING_MESSAGES).int(project).int(count(limit));
    let mut reader = store.read(&batch)?.pop().unwrap_or_default().reader();
    let mut messages = Vec::new();
    while reader.more() {
        let id = MessageId { client: reader.int()?, number: reader.int()? };
        messages.push(OutboxMessage { id, client: id.client, text: reader.text()?, block: reader.optional_int()?, at: reader.time()? });
    }
    // What is sent cannot be taken back: its unit of work must not be lost after it.
    on_disk(store)?;
    Ok(messages)
}

/// Messages of a client that one may deliver, in the order of writing, until the lease is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The client they go to.
    pub client: ClientId,
    /// The number of its lease; a later claim of the same client makes it void.
    pub lease: i64,
    /// How often the first message was tried before.
    pub attempt: i64,
    /// The first messages that wait.
    pub messages: Vec<OutboxMessage>,
}

/// When a message that did not arrive is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// How often a message is tried at the most.
    pub attempts: i64,
    /// The time after the first failure; it doubles with each.
    pub first: Duration,
    /// The longest time.
    pub longest: Duration,
}

impl Default for Retries {
    /// Eight attempts within about half an hour.
    fn default() -> Self {
        Self { attempts: 8, first: Duration::seconds(15), longest: Duration::minutes(15) }
    }
}

/// What becomes of a message that did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextAttempt {
    /// It can be claimed again from then on, with those behind it.
    At(DateTime<Utc>),
    /// It was tried too often: the history keeps the error, and those behind it come next.
    GivenUp,
    /// Somebody else holds the client by now.
    Lost,
}

/// Claims clients with messages to deliver, the longest waiting first: each client by one only, so that its messages keep
/// their order. Whoever does not `confirm` them before the lease is over may see them claimed by another.
///
/// # Errors
/// When the store fails; [`claimed`] tells then what was claimed all the same.
pub fn claim(
    store: &dyn Store,
    project: ProjectId,
    now: DateTime<Utc>,
    lease: &Lease,
    clients: usize,
    messages: usize,
) -> Result<Vec<Claim>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIM_OUTGOING).time(lease.until).int(lease.number).int(project).time(now).int(count(clients));
    with_messages(store, project, lease, store.write(&batch, Durability::OnDisk)?, messages)
}

/// What was claimed under a lease, for whoever has not heard the answer to `claim`.
///
/// # Errors
/// When the store fails.
pub fn claimed(store: &dyn Store, project: ProjectId, lease: &Lease, messages: usize) -> Result<Vec<Claim>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIMED_OUTGOING).int(project).time(lease.until).int(lease.number);
    with_messages(store, project, lease, store.read(&batch)?, messages)
}

fn with_messages(
    store: &dyn Store,
    project: ProjectId,
    lease: &Lease,
    mut clients: Vec<Rows>,
    messages: usize,
) -> Result<Vec<Claim>, StoreError> {
    let mut reader = clients.pop().unwrap_or_default().reader();
    let mut claims = Vec::new();
    let mut batch = Batch::new();
    while reader.more() {
        let claim = Claim { client: reader.int()?, lease: lease.number, attempt: reader.int()?, messages: Vec::new() };
        batch.add(&statements::MESSAGES_TO).int(project).int(claim.client).int(count(messages));
        claims.push(claim);
    }
    if claims.is_empty() {
        return Ok(claims);
    }
    for (claim, rows) in claims.iter_mut().zip(store.read(&batch)?) {
        let mut reader = rows.reader();
        while reader.more() {
            let id = MessageId { client: claim.client, number: reader.int()? };
            let (text, block, at) = (reader.text()?, reader.optional_int()?, reader.time()?);
            claim.messages.push(OutboxMessage { id, client: claim.client, text, block, at });
        }
    }
    // Some may have been written after the claim.
    on_disk(store)?;
    claims.retain(|claim| !claim.messages.is_empty());
    claims.sort_by_key(|claim| claim.messages.first().map(|message| (message.at, claim.client)));
    Ok(claims)
}

/// The clients of claims can be claimed again: their messages were delivered, or somebody else may try. Returns those that
/// somebody else holds by now, or that have nothing to deliver any more.
///
/// # Errors
/// When the store fails.
pub fn release(store: &dyn Store, project: ProjectId, claims: &[Claim], now: DateTime<Utc>) -> Result<Vec<ClientId>, StoreError> {
    let mut claims: Vec<&Claim> = claims.iter().collect();
    // Always in the same order, so that two who change the same clients do not wait for each other.
    claims.sort_by_key(|claim| claim.client);
    let mut batch = Batch::new();
    for claim in &claims {
        batch.add(&statements::POSTPONE_OUTGOING).time(now).int(claim.attempt).int(project).int(claim.client).int(claim.lease);
    }
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let results = store.write(&batch, Durability::OnDisk)?;
    Ok(claims.iter().zip(results).filter(|(_, rows)| rows.is_empty()).map(|(claim, _)| claim.client).collect())
}

/// The first message of a claim that waits still did not arrive this time. It is tried again later, with those behind it,
/// after a time that grows and that randomness spreads; after too many attempts it is given up.
///
/// # Errors
/// When the store fails.
pub fn retry(
    store: &dyn Store,
    project: ProjectId,
    claim: &Claim,
    id: MessageId,
    error: &str,
    retries: &Retries,
    (now, rng): (DateTime<Utc>, &mut fastrand::Rng),
) -> Result<NextAttempt, StoreError> {
    let attempt = claim.attempt + 1;
    let gives_up = attempt >= retries.attempts;
    let mut batch = Batch::new();
    let at = if gives_up {
        batch.add(&statements::LOCK_CLIENT).int(project).int(id.client);
        batch.add(&statements::FAIL_MESSAGE).text(lengths::storable(error)).int(project).int(id.client).int(id.number);
        now
    } else {
        let doublings = u32::try_from(claim.attempt.clamp(0, 30)).unwrap_or(0);
        let longest = retries.longest.num_milliseconds().max(1);
        let wait = retries.first.num_milliseconds().max(1).saturating_mul(1_i64 << doublings).min(longest);
        let wait = wait - rng.i64(0..=wait / 2);
        now.checked_add_signed(Duration::milliseconds(wait)).unwrap_or(DateTime::<Utc>::MAX_UTC)
    };
    let tried = if gives_up { 0 } else { attempt };
    batch.add(&statements::POSTPONE_OUTGOING).time(at).int(tried).int(project).int(claim.client).int(claim.lease);
    let is_held = batch.len() - 1;
    if gives_up {
        batch.add(&statements::END_OUTGOING).int(project).int(id.client);
    }
    let results = store.write(&batch, Durability::OnDisk)?;
    Ok(match results.get(is_held).is_some_and(|rows| !rows.is_empty()) {
        _ if gives_up => NextAttempt::GivenUp,
        true => NextAttempt::At(at),
        false => NextAttempt::Lost,
    })
}

/// The message arrived. False: it was not waiting (any more).
///
/// # Errors
/// When the store fails.
pub fn confirm(store: &dyn Store, project: ProjectId, id: MessageId) -> Result<bool, StoreError> {
    confirm_numbered(store, project, id, None)
}

/// The same with the numbers that the messenger gave it, joined by `_` when it became several messages there; functions such as
/// `last_message_id` find it by them.
///
/// # Errors
/// When the store fails.
pub fn confirm_numbered(store: &dyn Store, project: ProjectId, id: MessageId, message_ids: Option<&str>) -> Result<bool, StoreError> {
    settle(store, project, id, |batch| {
        batch.add(&statements::CONFIRM_MESSAGE).optional_owned(message_ids.map(lengths::storable));
        batch.int(project).int(id.client).int(id.number);
    })
}

/// The message will never arrive; the history keeps the reason. False: it was not waiting (any more).
///
/// # Errors
/// When the store fails.
pub fn fail(store: &dyn Store, project: ProjectId, id: MessageId, error: &str) -> Result<bool, StoreError> {
    settle(store, project, id, |batch| {
        batch.add(&statements::FAIL_MESSAGE).text(lengths::storable(error)).int(project).int(id.client).int(id.number);
    })
}

fn settle(store: &dyn Store, project: ProjectId, id: MessageId, change: impl FnOnce(&mut Batch<'static>)) -> Result<bool, StoreError> {
    let mut batch = Batch::new();
    // Whoever adds a message to the client has it locked too: so either sees what the other has done.
    batch.add(&statements::LOCK_CLIENT).int(project).int(id.client);
    change(&mut batch);
    batch.add(&statements::END_OUTGOING).int(project).int(id.client);
    Ok(store.write(&batch, Durability::OnDisk)?.get(1).is_some_and(|rows| !rows.is_empty()))
}
