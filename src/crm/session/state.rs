//! What a session has read and changed: every client, deal and task once, and the changes not yet in the database.
//! Decides nothing; `write.rs` writes the changes.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::collections::Collections;
use crate::crm::error::LimitError;
use crate::crm::model::{Assignment, Client, Deal, DealStatus, HistoryEntry, Note, Scheduled, Task, Visit};
use crate::crm::requests::HostRequest;
use crate::crm::table::state::TableEntry;
use crate::crm::variable::set::{Content, Stored, VariableSet};
use crate::crm::{BlockId, ClientId, DealId, OperatorId, StageId, TaskId};
use crate::wording::message;

#[derive(Debug, Clone, Default)]
pub(in crate::crm) struct SessionState {
    /// The session's own client is the first.
    pub(in crate::crm) clients: Vec<ClientEntry>,
    /// Clients of which only a deal or a task was read, with their versions.
    pub(in crate::crm) watched: Vec<(ClientId, i64)>,
    pub(in crate::crm) deals: Vec<DealEntry>,
    pub(in crate::crm) tasks: Vec<TaskEntry>,
    pub(in crate::crm) tables: Vec<TableEntry>,
    /// By name, in the order in which they were met.
    pub(in crate::crm) project_variables: IndexMap<String, ProjectVariable, foldhash::fast::RandomState>,
    pub(in crate::crm) lists: Collections,
    pub(in crate::crm) labels: Collections,
    pub(in crate::crm) additions: Vec<Addition>,
    /// Keys of phones and emails that no client had.
    pub(in crate::crm) absent_contacts: Vec<Contact>,
    /// Visits this session recorded: client and block.
    pub(in crate::crm) visited: Vec<(ClientId, BlockId)>,
    pub(in crate::crm) event: Option<(String, String)>,
    /// The callback that the session handles.
    pub(in crate::crm) callback: Option<String>,
    /// Where the event comes from that the session handles, if not out of the dialogue.
    pub(in crate::crm) outside: Option<Outside>,
}

/// Where an event comes from that is neither the client's own text nor a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// A block that ran for another client, or for this one before.
    Block,
    /// Another CRM.
    Crm,
    /// Telephony.
    Telephony,
}

impl Outside {
    /// What the variable `message_from_outside` holds for it.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Block => 1,
            Self::Crm => 2,
            Self::Telephony => 5,
        }
    }
}

#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own about the same client")]
pub(in crate::crm) struct ClientEntry {
    pub(in crate::crm) client: Client,
    /// Read when first asked for.
    pub(in crate::crm) variables: Option<VariableSet>,
    pub(in crate::crm) draft: VariableSet,
    /// Its version when it was read; a later one means that others have changed it or anything of it.
    pub(in crate::crm) version: i64,
    pub(in crate::crm) stored: bool,
    pub(in crate::crm) changed: bool,
    pub(in crate::crm) queue_changed: bool,
    pub(in crate::crm) pause_changed: bool,
    pub(in crate::crm) link_changed: bool,
    /// Whether all its deals are in the state.
    pub(in crate::crm) has_all_deals: bool,
    /// The ids of its active deals as they are stored, when they were read with the client.
    pub(in crate::crm) active_deals: Option<Vec<DealId>>,
    /// The messages that are scheduled for it in the database and stay; read when first asked for.
    pub(in crate::crm) scheduled: Option<Vec<StoredScheduled>>,
}

/// A scheduled message that is in the database.
#[derive(Debug, Clone)]
pub(in crate::crm) struct StoredScheduled {
    pub(in crate::crm) number: i64,
    pub(in crate::crm) message: Scheduled,
}

/// The key of a phone or an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::crm) enum Contact {
    Phone(String),
    Email(String),
}

#[derive(Debug, Clone)]
pub(in crate::crm) struct DealEntry {
    pub(in crate::crm) deal: Deal,
    /// Read when first asked for.
    pub(in crate::crm) variables: Option<VariableSet>,
    pub(in crate::crm) row: RowState,
    /// Status and stage in the database.
    pub(in crate::crm) stored_place: Option<(DealStatus, Option<StageId>)>,
    pub(in crate::crm) details_changed: bool,
    pub(in crate::crm) place_changed: bool,
}

#[derive(Debug, Clone)]
pub(in crate::crm) struct TaskEntry {
    pub(in crate::crm) task: Task,
    pub(in crate::crm) row: RowState,
    pub(in crate::crm) changed: bool,
}

/// What the database knows of a thing that can be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::crm) enum RowState {
    /// It has no row yet.
    New,
    /// It has a row.
    Stored,
    /// It has a row that is to go.
    Leaving,
    /// It was made and deleted by this session.
    Gone,
}

impl RowState {
    /// The thing is deleted.
    pub(in crate::crm) fn delete(&mut self) {
        *self = match self {
            Self::Stored | Self::Leaving => Self::Leaving,
            Self::New | Self::Gone => Self::Gone,
        };
    }

    pub(in crate::crm) fn is_new(self) -> bool {
        matches!(self, Self::New)
    }

    pub(in crate::crm) fn is_deleted(self) -> bool {
        matches!(self, Self::Leaving | Self::Gone)
    }
}

/// A project variable that was read or set; absent ones are remembered too.
#[derive(Debug, Clone)]
pub(in crate::crm) struct ProjectVariable {
    pub(in crate::crm) value: Content,
    pub(in crate::crm) changed: bool,
    /// Its text in the database, if it was read and has one.
    pub(in crate::crm) stored: Option<String>,
    /// Whether somebody wanted to know it: then it must be the same at the end.
    pub(in crate::crm) consulted: bool,
}

/// A row that is only ever added, with its client.
#[derive(Debug, Clone)]
pub(in crate::crm) enum Addition {
    Note(ClientId, Note),
    History(ClientId, HistoryEntry),
    Visit(ClientId, Visit),
    Assignment(ClientId, Assignment),
    Scheduled(ClientId, Scheduled),
    /// Scheduled messages go: all of the client, or those that may be cancelled.
    DropScheduled {
        client: ClientId,
        all: bool,
    },
    /// The scheduled message of this number goes.
    DropOneScheduled(ClientId, i64),
    /// The message of this number is to be deleted in the messenger.
    RemoveMessage(ClientId, i64),
    /// Work for the host, asked for by the client's block.
    Request(ClientId, HostRequest),
}

/// Rows to add, borrowed, so that a project file is written without copying it. The number is the client.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AdditionRef<'s> {
    Note(ClientId, &'s Note),
    History(ClientId, &'s HistoryEntry),
    Visit(ClientId, &'s Visit),
    Assignment(ClientId, &'s Assignment),
    Scheduled(ClientId, &'s Scheduled),
}

impl Addition {
    pub(in crate::crm) fn client(&self) -> ClientId {
        match self {
            Self::Note(client, _)
            | Self::History(client, _)
            | Self::Visit(client, _)
            | Self::Assignment(client, _)
            | Self::Scheduled(client, _)
            | Self::DropOneScheduled(client, _)
            | Self::RemoveMessage(client, _)
            | Self::Request(client, _)
            | Self::DropScheduled { client, .. } => *client,
        }
    }
}

/// The version of a new client. One of a project that was loaded over another is never that of a client before it, which a
/// session may still hold.
pub(crate) fn first_version(generation: i64) -> i64 {
    generation << 32
}

impl ClientEntry {
    pub(in crate::crm) fn read(client: Client, version: i64, draft: VariableSet) -> Self {
        Self {
            client,
            variables: None,
            draft,
            version,
            stored: true,
            changed: false,
            queue_changed: false,
            pause_changed: false,
            link_changed: false,
            has_all_deals: false,
            active_deals: None,
            scheduled: None,
        }
    }

    pub(in crate::crm) fn new(client: Client, version: i64) -> Self {
        Self {
            variables: Some(VariableSet::default()),
            stored: false,
            changed: true,
            has_all_deals: true,
            scheduled: Some(Vec::new()),
            ..Self::read(client, version, VariableSet::default())
        }
    }
}

impl DealEntry {
    pub(in crate::crm) fn read(deal: Deal) -> Self {
        let stored_place = Some((deal.status, deal.stage));
        Self { deal, variables: None, row: RowState::Stored, stored_place, details_changed: false, place_changed: false }
    }

    pub(in crate::crm) fn new(deal: Deal) -> Self {
        Self { variables: Some(VariableSet::default()), row: RowState::New, stored_place: None, ..Self::read(deal) }
    }

    /// What "newest" goes by.
    pub(in crate::crm) fn rank(&self) -> (DateTime<Utc>, DealId) {
        (self.deal.created_at, self.deal.id)
    }

    /// What the session has changed about a count of deals by their places.
    pub(in crate::crm) fn difference(&self, counts: impl Fn((DealStatus, Option<StageId>)) -> bool) -> i64 {
        let now = (!self.row.is_deleted()).then_some((self.deal.status, self.deal.stage));
        i64::from(now.is_some_and(&counts)) - i64::from(self.stored_place.is_some_and(&counts))
    }

    pub(super) fn is_changed(&self) -> bool {
        self.details_changed || self.place_changed || matches!(self.row, RowState::New | RowState::Leaving)
    }
}

impl SessionState {
    pub(in crate::crm) fn client_index(&self, id: ClientId) -> Option<usize> {
        self.clients.iter().position(|entry| entry.client.id == id)
    }

    pub(in crate::crm) fn deal_index(&self, id: DealId) -> Option<usize> {
        self.deals.iter().position(|entry| entry.deal.id == id)
    }

    /// The deals of a client that are in the state and not deleted.
    pub(in crate::crm) fn deals_of(&self, client: ClientId) -> impl Iterator<Item = &DealEntry> {
        self.deals.iter().filter(move |entry| entry.deal.client == client && !entry.row.is_deleted())
    }

    /// Assignments that are not in the database yet: when, and to whom.
    pub(in crate::crm) fn assignments(&self) -> impl Iterator<Item = (DateTime<Utc>, OperatorId)> {
        self.additions.iter().filter_map(|addition| match addition {
            Addition::Assignment(_, assignment) => Some((assignment.at, assignment.operator)),
            _ => None,
        })
    }

    pub(in crate::crm) fn task_index(&self, id: TaskId) -> Option<usize> {
        self.tasks.iter().position(|entry| entry.task.id == id)
    }

    pub(in crate::crm) fn project_variable(&self, name: &str) -> Option<usize> {
        self.project_variables.get_index_of(name)
    }

    /// A script sets or deletes a variable of the project.
    pub(in crate::crm) fn put_project_variable(&mut self, name: &str, value: Content) {
        if let Some(variable) = self.project_variables.get_mut(name) {
            variable.value = value;
            variable.changed = true;
        } else {
            let variable = ProjectVariable { value, changed: true, stored: None, consulted: false };
            self.project_variables.insert(name.to_owned(), variable);
        }
    }

    /// A variable of the project as it is in the database; one that was set meanwhile stays as it is.
    pub(in crate::crm) fn read_project_variable(&mut self, name: &str, text: Option<String>) {
        if self.project_variable(name).is_none() {
            let value = text.clone().map_or(Content::Deleted, |text| Content::Read(Stored::new(text)));
            let variable = ProjectVariable { value, changed: false, stored: text, consulted: false };
            self.project_variables.insert(name.to_owned(), variable);
        }
    }

    /// Remembers the version of a client, unless the state knows it.
    pub(in crate::crm) fn watch(&mut self, client: ClientId, version: i64) {
        if self.client_index(client).is_none() && !self.watched.iter().any(|(known, _)| *known == client) {
            self.watched.push((client, version));
        }
    }

    /// Refuses variables that are too many, too long or too deep.
    pub(in crate::crm) fn check_variables(&self) -> Result<(), LimitError> {
        for entry in &self.clients {
            if let Some(variables) = &entry.variables {
                variables.check(|| message!("variables-of-client", id = entry.client.id.to_string()))?;
            }
            entry.draft.check(|| message!("variables-of-draft", id = entry.client.id.to_string()))?;
        }
        for entry in self.deals.iter().filter(|entry| !entry.row.is_deleted()) {
            if let Some(variables) = &entry.variables {
                variables.check(|| message!("variables-of-deal", id = entry.deal.id.to_string()))?;
            }
        }
        for (name, variable) in &self.project_variables {
            if variable.changed && variable.value.is_storable(name) {
                variable.value.check(name)?;
            }
        }
        Ok(())
    }
}
