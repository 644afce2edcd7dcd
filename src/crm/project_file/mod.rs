//! A whole project as JSON: fixtures, `calc crm load` and `calc crm dump` (cli.md section 2).
//! Reads and writes text and the database, never a file; who calls it has the file's text.

mod demo;
mod dump;
mod fields;
mod links;
mod load;
mod locate;
pub mod pages;
mod parse;
mod write;

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::wording::{Message, message};

use super::model::{
    Assignment, Client, ClientLabel, ClientList, Deal, HistoryEntry, Note, Operator, OperatorDetails, OwnTable, Pipeline, Project,
    Scheduled, TableRecord, Task, Visit,
};
use super::requests::HostRequest;
use super::{BlockId, ClientId};

pub use demo::demo;
pub(crate) use dump::history_entry;
pub use dump::{client_name, dump, dump_client, dump_settings, project, project_ids, size};
pub use load::{load, load_watched};
pub use write::request_row;

/// A project with everything in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectFile {
    /// The settings.
    pub project: Project,
    /// The next id of the counter; above every id of the file.
    pub next_id: i64,
    /// Variables shared by the project.
    pub variables: Map<String, Json>,
    /// In the order of their ids, which count from 1.
    pub operators: Vec<OperatorFile>,
    /// In order.
    pub pipelines: Vec<Pipeline>,
    /// With all that belongs to each.
    pub clients: Vec<ClientFile>,
    /// With their variables.
    pub deals: Vec<DealFile>,
    /// About clients of the file.
    pub tasks: Vec<Task>,
    /// With their clients.
    pub lists: Vec<ListFile>,
    /// With the clients that have them.
    pub labels: Vec<LabelFile>,
    /// With their records.
    pub tables: Vec<TableFile>,
    /// The names of blocks, in the order of their ids.
    pub blocks: Vec<(BlockId, String)>,
    /// What the host is to do for clients of the file, in order.
    pub events: Vec<HostRequest>,
    /// What the host is to tell operators, in order.
    pub notifications: Vec<HostRequest>,
}

/// How large a project is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSize {
    /// Its name.
    pub name: String,
    /// How many clients it has.
    pub clients: i64,
    /// How many deals.
    pub deals: i64,
    /// How many tasks.
    pub tasks: i64,
}

impl ProjectFile {
    /// How large the project is.
    #[must_use]
    pub fn size(&self) -> ProjectSize {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        ProjectSize {
            name: self.project.name.clone(),
            clients: count(self.clients.len()),
            deals: count(self.deals.len()),
            tasks: count(self.tasks.len()),
        }
    }
}

/// An operator with what is known besides.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatorFile {
    /// The operator.
    pub operator: Operator,
    /// What is known besides.
    pub details: OperatorDetails,
}

/// A client with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientFile {
    /// The client.
    pub client: Client,
    /// Its variables.
    pub variables: Map<String, Json>,
    /// What was collected while it had no deal.
    pub draft: Map<String, Json>,
    /// The blocks it was in.
    pub visits: Vec<Visit>,
    /// Comments, in the order of writing.
    pub notes: Vec<Note>,
    /// Messages to be sent later, in the order of writing.
    pub scheduled: Vec<Scheduled>,
    /// Messages, in the order of writing.
    pub history: Vec<HistoryEntry>,
    /// To whom it was given, in order.
    pub assignments: Vec<Assignment>,
}

/// A deal with its variables.
#[derive(Debug, Clone, PartialEq)]
pub struct DealFile {
    /// The deal.
    pub deal: Deal,
    /// Its variables.
    pub variables: Map<String, Json>,
}

/// A list with its clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFile {
    /// The list.
    pub list: ClientList,
    /// Clients of the file, ascending.
    pub clients: Vec<ClientId>,
}

/// A label with the clients that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelFile {
    /// The label.
    pub label: ClientLabel,
    /// Clients of the file, ascending.
    pub clients: Vec<ClientId>,
}

/// A table with its records.
#[derive(Debug, Clone, PartialEq)]
pub struct TableFile {
    /// The table.
    pub table: OwnTable,
    /// In the order of their ids.
    pub records: Vec<TableRecord>,
}

/// Why a text is not a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFileError {
    /// Where in the text, from 1: line and column, in characters; of JSON that was read elsewhere there is none.
    pub position: Option<(usize, usize)>,
    /// Where in the file: `clients[0].deals`; empty for the file itself.
    pub place: String,
    /// What was found and expected.
    pub reason: Message,
    /// What else is wrong.
    pub more: Vec<ProjectFileError>,
}

impl ProjectFileError {
    #[cold]
    fn new(place: impl Into<String>, reason: Message) -> Self {
        Self { position: None, place: place.into(), reason, more: Vec::new() }
    }

    /// Where it is and what is wrong.
    #[must_use]
    pub fn message(&self) -> Message {
        let reason = self.reason.clone();
        match self.position {
            Some((line, column)) if self.place.is_empty() => {
                message!("project-file-position", line = line, column = column, problem = reason)
            }
            Some((line, column)) => {
                message!("project-file-place", line = line, column = column, place = &self.place, problem = reason)
            }
            None => message!("file-problem", name = &self.place, problem = reason),
        }
    }
}

impl fmt::Display for ProjectFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(formatter)
    }
}

impl std::error::Error for ProjectFileError {}
