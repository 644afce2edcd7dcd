//! Tasks of operators.

mod functions;
pub(in crate::crm) mod rules;

use chrono::{DateTime, NaiveDate, Utc};

use crate::crm::{ClientId, OperatorId, TaskId};

pub(in crate::crm) use functions::FUNCTIONS;

/// A task of an operator about a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Whom it is about.
    pub client: ClientId,
    /// The responsible operator, by id.
    pub operator: Option<OperatorId>,
    /// Its name.
    pub name: String,
    /// May be empty.
    pub description: String,
    /// Local date.
    pub due_date: NaiveDate,
    /// Local time, in minutes since midnight.
    pub due_time: i64,
    /// Whether it is done.
    pub done: bool,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}
