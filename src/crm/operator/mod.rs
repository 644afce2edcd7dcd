//! Operators: the people who answer clients.

mod distribution;
mod functions;
mod rules;

use chrono::{DateTime, Utc};

pub(in crate::crm) use functions::FUNCTIONS;

use super::key;
use super::words::words;

use crate::crm::OperatorId;

words! {
    /// Whether an operator works right now.
    OperatorStatus {
        /// At work.
        OnShift = "on_shift",
        /// At work, but not now.
        Break = "break",
        /// Not at work.
        Absent = "absent",
    }
}

/// An operator: somebody who answers clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The place among the operators of the project; people know operators by email.
    pub id: OperatorId,
    /// As written.
    pub email: String,
    /// May be blank.
    pub name: String,
    /// Whether the operator works right now.
    pub status: OperatorStatus,
}

/// What else is known of an operator, all of it as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperatorDetails {
    /// About the operator.
    pub description: Option<String>,
    /// The email that clients may be given.
    pub contact_email: Option<String>,
    /// The phone that clients may be given.
    pub phone: Option<String>,
    /// What the operator does.
    pub position: Option<String>,
    /// What the project keeps besides.
    pub custom_fields: [Option<String>; 3],
}

impl Operator {
    /// Whether an email is the operator's, in any case and with spaces around it.
    #[must_use]
    pub fn has_email(&self, email: &str) -> bool {
        key::email(&self.email) == key::email(email)
    }
}

/// That a client was given to an operator; counted when clients are shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// The operator, by id.
    pub operator: OperatorId,
    /// When.
    pub at: DateTime<Utc>,
}
