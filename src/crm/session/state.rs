//! What a session has read and changed: every client, deal and task once, and the changes not yet in the database.
//! Knows how changes are written; decides nothing.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::rows;
use crate::crm::error::LimitError;
use crate::crm::model::{Assignment, Client, Deal, DealStatus, HistoryEntry, Note, Scheduled, Task, Visit};
use crate::crm::variable::set::{Content, Stored, VariableOwner, VariableSet, encode};
use crate::crm::{BlockId, ClientId, DealId, OperatorId, ProjectId, StageId, TaskId};
use crate::store::statements;
use crate::store::{Batch, StoreError};
use crate::wording::message;

#[derive(Debug, Clone, Default)]
pub(in crate::crm) struct SessionState {
    /// The session's own client is the first.
    pub(in crate::crm) clients: Vec<ClientEntry>,
    /// Clients of which only a deal or a task was read, with their versions.
    pub(in crate::crm) watched: Vec<(ClientId, i64)>,
    pub(in crate::crm) deals: Vec<DealEntry>,
    pub(in crate::crm) tasks: Vec<TaskEntry>,
    /// By name, in the order in which they were met.
    pub(in crate::crm) project_variables: IndexMap<String, ProjectVariable, foldhash::fast::RandomState>,
    pub(in crate::crm) additions: Vec<Addition>,
    /// Keys of phones and emails that no client had.
    pub(in crate::crm) absent_contacts: Vec<Contact>,
    /// Visits this session recorded: client and block.
    pub(in crate::crm) visited: Vec<(ClientId, BlockId)>,
    pub(in crate::crm) event: Option<(String, String)>,
    /// The callback that the session handles.
    pub(in crate::crm) callback: Option<String>,
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
    /// Whether all its deals are in the state.
    pub(in crate::crm) has_all_deals: bool,
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
    pub(in crate::crm) fn write<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId) {
        let addition = match self {
            Self::Note(client, note) => AdditionRef::Note(*client, note),
            Self::History(client, entry) => AdditionRef::History(*client, entry),
            Self::Visit(client, visit) => AdditionRef::Visit(*client, visit),
            Self::Assignment(client, assignment) => AdditionRef::Assignment(*client, assignment),
            Self::Scheduled(client, message) => AdditionRef::Scheduled(*client, message),
            Self::DropOneScheduled(client, number) => {
                batch.add(&statements::DELETE_ONE_SCHEDULED).int(project).int(*client).int(*number);
                return;
            }
            Self::DropScheduled { client, all } => {
                let statement = if *all { &statements::DELETE_SCHEDULED } else { &statements::DELETE_CANCELLABLE };
                batch.add(statement).int(project).int(*client);
                return;
            }
        };
        write_addition(batch, project, addition);
    }

    pub(in crate::crm) fn client(&self) -> ClientId {
        match self {
            Self::Note(client, _)
            | Self::History(client, _)
            | Self::Visit(client, _)
            | Self::Assignment(client, _)
            | Self::Scheduled(client, _)
            | Self::DropOneScheduled(client, _)
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
            has_all_deals: false,
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

    fn is_changed(&self) -> bool {
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

    /// Adds the statements that bring the database up to date, after those that check that what was read is still so. None
    /// at all when nothing was changed.
    pub(in crate::crm) fn write<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut changes = Batch::with_room(16, 96);
        self.write_changes(&mut changes, project, now)?;
        if changes.is_empty() && !self.clients.iter().any(|entry| entry.changed) {
            return Ok(());
        }
        let writes_project = self.project_variables.values().any(|variable| variable.changed);
        if writes_project || !self.absent_contacts.is_empty() {
            batch.add(&statements::LOCK_PROJECT).int(project);
        }
        self.check(batch, project, &self.touched(), writes_project);
        batch.append(changes);
        Ok(())
    }

    /// Adds the statements that check that what was read is still so, without writing anything.
    pub(in crate::crm) fn check_only<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId) {
        for (client, version, _) in self.known_clients() {
            batch.add(&statements::CHECK_CLIENT).int(project).int(client).int(version);
        }
    }

    /// Clients of which something changes, their own rows aside.
    fn touched(&self) -> Vec<ClientId> {
        let mut touched: Vec<ClientId> = self.additions.iter().map(Addition::client).collect();
        for entry in &self.clients {
            let variables = entry.variables.as_ref().is_some_and(VariableSet::is_changed);
            if variables || entry.draft.is_changed() || entry.queue_changed {
                touched.push(entry.client.id);
            }
        }
        for entry in &self.deals {
            if entry.is_changed() || entry.variables.as_ref().is_some_and(VariableSet::is_changed) {
                touched.push(entry.deal.client);
            }
        }
        touched.extend(self.tasks.iter().filter(|entry| entry.changed || entry.row != RowState::Stored).map(|entry| entry.task.client));
        if self.event.is_some() {
            touched.extend(self.clients.first().map(|entry| entry.client.id));
        }
        touched
    }

    /// The clients that were read, with their versions, in the order of their ids: so two who lock several of them never
    /// wait for each other.
    fn known_clients(&self) -> Vec<(ClientId, i64, Option<&ClientEntry>)> {
        let stored = self.clients.iter().filter(|entry| entry.stored).map(|entry| (entry.client.id, entry.version, Some(entry)));
        let mut known: Vec<(ClientId, i64, Option<&ClientEntry>)> = stored.collect();
        let is_known = |client: ClientId| self.clients.iter().any(|entry| entry.client.id == client);
        known.extend(self.watched.iter().filter(|(client, _)| !is_known(*client)).map(|(client, version)| (*client, *version, None)));
        known.sort_unstable_by_key(|(client, _, _)| *client);
        known
    }

    fn check<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId, touched: &[ClientId], writes_project: bool) {
        for (client, version, entry) in self.known_clients() {
            if let Some(entry) = entry.filter(|entry| entry.changed) {
                update_client(batch, project, entry);
            } else {
                let statement = if touched.contains(&client) { &statements::TOUCH_CLIENT } else { &statements::CHECK_CLIENT };
                batch.add(statement).int(project).int(client).int(version);
            }
        }
        for contact in &self.absent_contacts {
            match contact {
                Contact::Phone(key) => batch.add(&statements::CHECK_NO_PHONE).int(project).text(key.as_str()),
                Contact::Email(key) => batch.add(&statements::CHECK_NO_EMAIL).int(project).text(key.as_str()),
            };
        }
        if writes_project {
            for (name, variable) in self.project_variables.iter().filter(|(_, variable)| variable.consulted) {
                match &variable.stored {
                    Some(text) => batch.add(&statements::CHECK_PROJECT_VARIABLE).int(project).text(name.as_str()).text(text.as_str()),
                    None => batch.add(&statements::CHECK_NO_PROJECT_VARIABLE).int(project).text(name.as_str()),
                };
            }
        }
    }

    /// Parents before what belongs to them.
    fn write_changes<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId, now: DateTime<Utc>) -> Result<(), StoreError> {
        for entry in &self.clients {
            write_client(batch, project, entry);
        }
        for entry in &self.deals {
            write_deal(batch, project, entry);
        }
        for entry in &self.clients {
            let id = entry.client.id;
            if let Some(variables) = &entry.variables {
                variables.write(batch, project, VariableOwner::Client(id))?;
            }
            entry.draft.write(batch, project, VariableOwner::Draft(id))?;
        }
        for entry in self.deals.iter().filter(|entry| !entry.row.is_deleted()) {
            if let Some(variables) = &entry.variables {
                variables.write(batch, project, VariableOwner::Deal { deal: entry.deal.id, client: entry.deal.client })?;
            }
        }
        for (name, variable) in self.project_variables.iter().filter(|(_, variable)| variable.changed) {
            let name = name.as_str();
            match &variable.value {
                Content::Set(value) if variable.value.is_storable(name) => {
                    batch.add(&statements::PUT_PROJECT_VARIABLE).int(project).text(name).text(encode(value)?);
                }
                Content::Read(_) => {}
                Content::Set(_) | Content::Deleted => {
                    batch.add(&statements::DELETE_PROJECT_VARIABLE).int(project).text(name);
                }
            }
        }
        for entry in &self.tasks {
            write_task(batch, project, entry);
        }
        for addition in &self.additions {
            addition.write(batch, project);
        }
        if let Some((event, outcome)) = &self.event {
            let client = self.clients.first().map_or(ClientId(0), |entry| entry.client.id);
            batch.add(&statements::INSERT_EVENT).int(project).int(client).text(event.as_str()).text(outcome.as_str());
            batch.time(now);
        }
        Ok(())
    }
}

fn write_client<'s>(batch: &mut Batch<'s>, project: ProjectId, entry: &'s ClientEntry) {
    let client = &entry.client;
    if !entry.stored {
        rows::insert_client(batch.add(&statements::INSERT_CLIENT), project, client, entry.version);
    } else if entry.queue_changed {
        batch.add(&statements::UPDATE_CLIENT_QUEUE).flag(client.queued).optional_time(client.queued_until).int(project).int(client.id);
    }
}

fn update_client<'s>(batch: &mut Batch<'s>, project: ProjectId, entry: &'s ClientEntry) {
    let client = &entry.client;
    batch
        .add(&statements::UPDATE_CLIENT)
        .text(client.name.as_str())
        .optional_time(client.last_message_at)
        .optional_text(client.question.as_deref())
        .optional_int(client.operator)
        .int(client.unread)
        .flag(client.blocked)
        .flag(client.unsubscribed)
        .optional_int(client.position)
        .optional_int(client.current_deal)
        .flag(client.current_deal_chosen)
        .int(project)
        .int(client.id)
        .int(entry.version);
}

fn write_deal<'s>(batch: &mut Batch<'s>, project: ProjectId, entry: &'s DealEntry) {
    let deal = &entry.deal;
    match entry.row {
        RowState::New => return rows::insert_deal(batch.add(&statements::INSERT_NEW_DEAL), project, deal),
        RowState::Leaving => {
            batch.add(&statements::DELETE_DEAL).int(project).int(deal.id);
            return;
        }
        RowState::Gone => return,
        RowState::Stored => {}
    }
    if entry.details_changed {
        batch
            .add(&statements::UPDATE_DEAL_DETAILS)
            .text(deal.name.as_str())
            .text(deal.description.as_str())
            .text(deal.budget.to_string())
            .optional_int(deal.operator)
            .int(project)
            .int(deal.id);
    }
    if entry.place_changed {
        batch
            .add(&statements::UPDATE_DEAL_PLACE)
            .optional_int(deal.pipeline)
            .optional_int(deal.stage)
            .text(deal.status.word())
            .optional_time(deal.closed_at)
            .int(project)
            .int(deal.id);
    }
}

fn write_task<'s>(batch: &mut Batch<'s>, project: ProjectId, entry: &'s TaskEntry) {
    let task = &entry.task;
    match entry.row {
        RowState::New => rows::insert_task(batch.add(&statements::INSERT_TASK), project, task),
        RowState::Leaving => {
            batch.add(&statements::DELETE_TASK).int(project).int(task.id);
        }
        RowState::Stored if entry.changed => {
            batch
                .add(&statements::UPDATE_TASK)
                .optional_int(task.operator)
                .text(task.name.as_str())
                .text(task.description.as_str())
                .text(task.due_date.format(rows::STORED_DATE).to_string())
                .int(task.due_time)
                .flag(task.done)
                .optional_time(task.done_at)
                .int(project)
                .int(task.id);
        }
        RowState::Stored | RowState::Gone => {}
    }
}

/// Adds the statement for a row that is only ever added.
pub(crate) fn write_addition<'s>(batch: &mut Batch<'s>, project: ProjectId, addition: AdditionRef<'s>) {
    match addition {
        AdditionRef::Note(client, note) => {
            batch.add(&statements::ADD_NOTE).int(project).int(client).text(note.text.as_str());
            batch.text(note.author.as_str()).time(note.at);
        }
        AdditionRef::History(client, entry) => {
            batch
                .add(&statements::ADD_HISTORY)
                .int(project)
                .int(client)
                .text(entry.direction.word())
                .text(entry.author.as_str())
                .text(entry.text.as_str())
                .optional_int(entry.block)
                .flag(entry.delivered)
                .optional_text(entry.error.as_deref())
                .flag(entry.is_pending())
                .time(entry.at);
            if entry.is_pending() {
                batch.add(&statements::ADD_OUTGOING).int(project).int(client).time(entry.at);
            }
        }
        AdditionRef::Visit(client, visit) => {
            batch.add(&statements::PUT_VISIT).int(project).int(client).int(visit.block);
            batch.time(visit.first_at).time(visit.last_at);
        }
        AdditionRef::Assignment(client, assignment) => {
            batch.add(&statements::ADD_ASSIGNMENT).int(project).int(client).int(assignment.operator);
            batch.time(assignment.at);
        }
        AdditionRef::Scheduled(client, message) => {
            batch
                .add(&statements::ADD_SCHEDULED)
                .int(project)
                .int(client)
                .optional_int(message.block)
                .optional_text(message.text.as_deref())
                .time(message.due_at)
                .flag(message.do_not_cancel);
        }
    }
}
