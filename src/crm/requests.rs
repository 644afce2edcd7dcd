//! Requests: what blocks ask of the host, in order, committed with the unit of work that asked (crm-more.md C5.7). A request is
//! claimed by one host for a time and done with when that one says so. Knows no session; doing it is the host's.

use chrono::{DateTime, Utc};

use crate::crm::lease::count;
use crate::crm::{BlockId, ClientId, Lease, ProjectId};
use crate::store::statements;
use crate::store::{Batch, Durability, RowReader, Rows, Store, StoreError, on_disk};
use crate::wording::message;

/// What is asked of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostWork {
    /// Give the bot a command in the client's dialogue, which the client does not see: find the block that it fits and run
    /// that for the callback.
    Callback {
        /// The command.
        text: String,
    },
    /// Run a block for the client.
    Block {
        /// The block.
        block: BlockId,
        /// A message that is sent as it is, in place of the block's own.
        text: Option<String>,
    },
    /// Delete a message in the messenger.
    Remove {
        /// The numbers that the messenger gave it, joined by `_`.
        message_ids: String,
    },
    /// Tell operators something.
    Notify {
        /// What.
        text: String,
        /// Whom, by email.
        operators: Vec<String>,
        /// 0 neutral, 1 success, 2 warning, 3 error.
        priority: i64,
    },
}

impl HostWork {
    pub(in crate::crm) const CALLBACK: &'static str = "callback";
    pub(in crate::crm) const BLOCK: &'static str = "block";
    pub(in crate::crm) const REMOVE: &'static str = "remove";
    const NOTIFY: &'static str = "notify";
    /// The kinds that a project file has among its events.
    pub(in crate::crm) const EVENTS: &'static [&'static str] = &[Self::CALLBACK, Self::BLOCK, Self::REMOVE];

    /// Its kind in one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Callback { .. } => Self::CALLBACK,
            Self::Block { .. } => Self::BLOCK,
            Self::Remove { .. } => Self::REMOVE,
            Self::Notify { .. } => Self::NOTIFY,
        }
    }

    /// Its text, if it has one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Callback { text } | Self::Notify { text, .. } => Some(text),
            Self::Block { text, .. } => text.as_deref(),
            Self::Remove { .. } => None,
        }
    }
}

/// Something that a block asks of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostRequest {
    /// The client it is for; of a notification the one it is about.
    pub client: ClientId,
    /// What is asked.
    pub work: HostWork,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a request is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId {
    /// The client whose block asked.
    pub by: ClientId,
    /// Its number with that client; no number comes again, and the order of the numbers is that of asking.
    pub number: i64,
}

/// A request that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRequest {
    /// What it is known by.
    pub id: RequestId,
    /// What is asked.
    pub request: HostRequest,
    /// The number of its lease, if it was claimed; a later claim makes it void.
    pub lease: i64,
}

impl WaitingRequest {
    /// An id for the event that it is: a block that is run under it runs once however often the request is claimed.
    #[must_use]
    pub fn event_id(&self) -> String {
        format!("request {} {}", self.id.by, self.id.number)
    }
}

/// The first requests of a project, in the order in which they were asked, whoever has claimed them.
///
/// # Errors
/// When the store fails.
pub fn pending(store: &dyn Store, project: ProjectId, limit: usize) -> Result<Vec<WaitingRequest>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::PENDING_REQUESTS).int(project).int(count(limit));
    let requests = read_all(store.read(&batch)?, 0)?;
    // What is done cannot be taken back: the unit of work that asked for it must not be lost after it.
    on_disk(store)?;
    Ok(requests)
}

/// Claims the first requests of a project: each by one only, until the lease is over. Those that one client's blocks asked for
/// keep their order: none is claimed while somebody else holds one before it.
///
/// # Errors
/// When the store fails; [`claimed`] tells then what was claimed all the same.
pub fn claim(
    store: &dyn Store,
    project: ProjectId,
    now: DateTime<Utc>,
    lease: &Lease,
    limit: usize,
) -> Result<Vec<WaitingRequest>, StoreError> {
    let mut batch = Batch::new();
    // Two who claim at once would each see what the other has not claimed yet.
    batch.add(&statements::LOCK_PROJECT).int(project);
    batch.add(&statements::CLAIM_REQUESTS).time(lease.until).int(lease.number).int(project).time(now).int(count(limit));
    read_all(store.write(&batch, Durability::OnDisk)?, lease.number)
}

/// What was claimed under a lease, for whoever has not heard the answer to `claim`.
///
/// # Errors
/// When the store fails.
pub fn claimed(store: &dyn Store, project: ProjectId, lease: &Lease) -> Result<Vec<WaitingRequest>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLAIMED_REQUESTS).int(project).time(lease.until).int(lease.number);
    read_all(store.read(&batch)?, lease.number)
}

/// The request is done with. False: it was already.
///
/// # Errors
/// When the store fails.
pub fn done(store: &dyn Store, project: ProjectId, id: RequestId) -> Result<bool, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::END_REQUEST).int(project).int(id.by).int(id.number);
    Ok(store.write(&batch, Durability::OnDisk)?.pop().is_some_and(|rows| !rows.is_empty()))
}

/// The request was not done: it can be claimed again from a time on, unless somebody else has claimed it since. What the same
/// client's blocks asked for after it waits for it.
///
/// # Errors
/// When the store fails.
pub fn put_off(store: &dyn Store, project: ProjectId, request: &WaitingRequest, until: DateTime<Utc>) -> Result<(), StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::POSTPONE_REQUEST).time(until);
    batch.int(project).int(request.id.by).int(request.id.number).int(request.lease);
    store.write(&batch, Durability::OnDisk).map(drop)
}

fn read_all(mut results: Vec<Rows>, lease: i64) -> Result<Vec<WaitingRequest>, StoreError> {
    let mut reader = results.pop().unwrap_or_default().reader();
    let mut requests = Vec::new();
    while reader.more() {
        requests.push(WaitingRequest { lease, ..read(&mut reader)? });
    }
    requests.sort_by_key(|request| (request.id.number, request.id.by));
    Ok(requests)
}

/// A request from its columns.
pub(in crate::crm) fn read(reader: &mut RowReader) -> Result<WaitingRequest, StoreError> {
    let id = RequestId { by: reader.int()?, number: reader.int()? };
    let kind = reader.text()?;
    let client = reader.int()?;
    let (text, block, message_ids) = (reader.optional_text()?, reader.optional_int()?, reader.optional_text()?);
    let (operators, priority) = (reader.optional_text()?, reader.optional_int::<i64>()?);
    let work = match (kind.as_str(), text, block, message_ids) {
        (HostWork::CALLBACK, Some(text), _, _) => HostWork::Callback { text },
        (HostWork::BLOCK, text, Some(block), _) => HostWork::Block { block, text },
        (HostWork::REMOVE, _, _, Some(message_ids)) => HostWork::Remove { message_ids },
        (HostWork::NOTIFY, Some(text), _, _) => {
            let operators = serde_json::from_str(operators.as_deref().unwrap_or("[]"));
            let operators = operators.map_err(|_| StoreError::corrupt(message!("stored-request-unknown", found = &kind)))?;
            HostWork::Notify { text, operators, priority: priority.unwrap_or(0) }
        }
        _ => return Err(StoreError::corrupt(message!("stored-request-unknown", found = &kind))),
    };
    Ok(WaitingRequest { id, request: HostRequest { client, work, at: reader.time()? }, lease: 0 })
}

/// Adds the statement that writes a request that a client's block asked for; its number is this one or a later one.
pub(in crate::crm) fn write<'r>(batch: &mut Batch<'r>, project: ProjectId, by: ClientId, number: i64, request: &'r HostRequest) {
    let (block, message_ids, operators, priority) = match &request.work {
        HostWork::Callback { .. } => (None, None, None, None),
        HostWork::Block { block, .. } => (Some(*block), None, None, None),
        HostWork::Remove { message_ids } => (None, Some(message_ids.as_str()), None, None),
        HostWork::Notify { operators, priority, .. } => (None, None, Some(serde_json::json!(operators).to_string()), Some(*priority)),
    };
    batch
        .add(&statements::ADD_REQUEST)
        .int(project)
        .int(by)
        .int(number)
        .text(request.work.word())
        .int(request.client)
        .optional_text(request.work.text())
        .optional_int(block)
        .optional_text(message_ids)
        .optional_owned(operators)
        .optional_int(priority)
        .time(request.at);
}
