//! Deals, which the functions call orders.

mod current;
mod functions;
pub(in crate::crm) mod queries;
mod query_functions;
pub(in crate::crm) mod rules;
mod variables;

use chrono::{DateTime, Utc};

pub(in crate::crm) use functions::FUNCTIONS;
pub(in crate::crm) use query_functions::QUERIES;
pub use rules::{CreatedOrder, NewOrder};

use super::words::words;

use crate::crm::{ClientId, DealId, OperatorId, PipelineId, StageId};

words! {
    /// Whether a deal is open, and how it ended.
    DealStatus {
        /// Open.
        Active = "active",
        /// Won.
        Success = "success",
        /// Lost.
        Fail = "fail",
        /// Put away.
        Archive = "archive",
    }
}

/// A deal (the functions call it order).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// Its id.
    pub id: DealId,
    /// Whose it is.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What it is worth.
    pub budget: serde_json::Number,
    /// The pipeline; `None` if unprocessed.
    pub pipeline: Option<PipelineId>,
    /// The stage; `None` if unprocessed.
    pub stage: Option<StageId>,
    /// Whether it is open, and how it ended.
    pub status: DealStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was closed; `None` while active.
    pub closed_at: Option<DateTime<Utc>>,
    /// Its own operator, by id.
    pub operator: Option<OperatorId>,
}
