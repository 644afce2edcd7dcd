//! Lists: clients that belong together, by the choice of scripts and operators.

mod functions;
mod rules;

use crate::crm::ListId;

pub(in crate::crm) use functions::{FUNCTIONS, deleted};

/// A list of clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientList {
    /// Its id.
    pub id: ListId,
    /// Its name, which others may have too.
    pub name: String,
}
