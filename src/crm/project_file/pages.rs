//! Lists of what a project has, a page at a time: each call reads what comes after the last one of the page before.

use chrono::{DateTime, Utc};

use crate::crm::inbox::WaitingEvent;
use crate::crm::model::{Client, Deal, Scheduled, Task};
use crate::crm::session::rows;
use crate::crm::{ClientId, DealId, ProjectId, TaskId};
use crate::store::statements;
use crate::store::{Batch, RowReader, Statement, Store, StoreError};

/// The next clients after an id, or the first ones, ascending; none at the end.
///
/// # Errors
/// When the store fails.
pub fn clients_after(store: &dyn Store, project: ProjectId, after: Option<ClientId>) -> Result<Vec<Client>, StoreError> {
    page(store, &statements::LIST_CLIENTS, project, after, rows::client)
}

/// The next deals after an id, or the first ones, ascending; none at the end.
///
/// # Errors
/// When the store fails.
pub fn deals_after(store: &dyn Store, project: ProjectId, after: Option<DealId>) -> Result<Vec<Deal>, StoreError> {
    page(store, &statements::LIST_DEALS, project, after, rows::deal)
}

/// The next tasks after an id, or the first ones, ascending; none at the end.
///
/// # Errors
/// When the store fails.
pub fn tasks_after(store: &dyn Store, project: ProjectId, after: Option<TaskId>) -> Result<Vec<Task>, StoreError> {
    page(store, &statements::LIST_TASKS, project, after, rows::task)
}

fn page<T>(
    store: &dyn Store,
    statement: &'static Statement,
    project: ProjectId,
    after: Option<impl Into<i64>>,
    read: impl Fn(&mut RowReader) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut batch = Batch::new();
    batch.add(statement).int(project).int(after.map_or(i64::MIN, Into::into));
    rows_of(store, &batch, read)
}

fn rows_of<T>(store: &dyn Store, batch: &Batch<'_>, read: impl Fn(&mut RowReader) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
    let mut reader = store.read(batch)?.pop().unwrap_or_default().reader();
    let mut found = Vec::new();
    while reader.more() {
        found.push(read(&mut reader)?);
    }
    Ok(found)
}

/// A message that is to be sent later.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledRow {
    /// The client it is for.
    pub client: ClientId,
    /// Which of the client's it is.
    pub number: i64,
    /// The message.
    pub message: Scheduled,
}

/// The next scheduled messages after a client's number, in the order of clients and numbers; none at the end.
///
/// # Errors
/// When the store fails.
pub fn scheduled_after(store: &dyn Store, project: ProjectId, (client, number): (ClientId, i64)) -> Result<Vec<ScheduledRow>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::LIST_SCHEDULED).int(project).int(client).int(number);
    rows_of(store, &batch, |reader| {
        Ok(ScheduledRow {
            client: reader.int()?,
            number: reader.int()?,
            message: Scheduled {
                block: reader.optional_int()?,
                text: reader.optional_text()?,
                due_at: reader.time()?,
                do_not_cancel: reader.flag()?,
            },
        })
    })
}

/// An event of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// The client it is for.
    pub client: ClientId,
    /// The event.
    pub event: WaitingEvent,
    /// Why it is not run; `None` while it waits.
    pub error: Option<String>,
}

/// The next events of the inbox after a client and a number.
///
/// # Errors
/// When the store fails.
pub fn inbox_after(store: &dyn Store, project: ProjectId, (client, number): (ClientId, i64)) -> Result<Vec<InboxRow>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::LIST_INBOX).int(project).int(client).int(number);
    rows_of(store, &batch, |reader| {
        Ok(InboxRow {
            client: reader.int()?,
            event: WaitingEvent {
                number: reader.int()?,
                event: reader.optional_text()?,
                block: reader.int()?,
                text: reader.optional_text()?,
                callback: reader.optional_text()?,
                at: reader.time()?,
            },
            error: reader.optional_text()?,
        })
    })
}

/// An event that was handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// The client it was for.
    pub client: ClientId,
    /// Its id.
    pub event: String,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// The next events after one, in the order of clients and ids; none at the end.
///
/// # Errors
/// When the store fails.
pub fn events_after(store: &dyn Store, project: ProjectId, (client, event): (ClientId, &str)) -> Result<Vec<EventRow>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::LIST_EVENTS).int(project).int(client).text(event);
    rows_of(store, &batch, |reader| Ok(EventRow { client: reader.int()?, event: reader.text()?, at: reader.time()? }))
}
