//! What a session has read and changed: every client, deal and task once, and the changes not yet in the database.
//! Knows how changes are written; decides nothing.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::rows;
use crate::crm::error::LimitError;
use crate::crm::model::{Assignment, Client, Deal, HistoryEntry, Note, Scheduled, Task, Visit};
use crate::crm::variable::set::{Held, Owner, VariableSet};
use crate::store::statements;
use crate::store::{Batch, StoreError};

#[derive(Debug, Clone, Default)]
pub(in crate::crm) struct State {
    /// The session's own client is the first.
    pub(in crate::crm) clients: Vec<ClientEntry>,
    pub(in crate::crm) deals: Vec<DealEntry>,
    pub(in crate::crm) tasks: Vec<TaskEntry>,
    /// By name, in the order in which they were met.
    pub(in crate::crm) project_variables: IndexMap<String, ProjectVariable, foldhash::fast::RandomState>,
    pub(in crate::crm) additions: Vec<Addition>,
    /// Visits this session recorded: client and block.
    pub(in crate::crm) visited: Vec<(i64, i64)>,
    pub(in crate::crm) event: Option<(String, String)>,
}

#[derive(Debug, Clone)]
pub(in crate::crm) struct ClientEntry {
    pub(in crate::crm) client: Client,
    /// Read when first asked for.
    pub(in crate::crm) variables: Option<VariableSet>,
    pub(in crate::crm) draft: VariableSet,
    pub(in crate::crm) stored: bool,
    pub(in crate::crm) changed: bool,
    pub(in crate::crm) queue_changed: bool,
}

#[derive(Debug, Clone)]
pub(in crate::crm) struct DealEntry {
    pub(in crate::crm) deal: Deal,
    /// Read when first asked for.
    pub(in crate::crm) variables: Option<VariableSet>,
    pub(in crate::crm) row: Row,
    pub(in crate::crm) details_changed: bool,
    pub(in crate::crm) place_changed: bool,
}

#[derive(Debug, Clone)]
pub(in crate::crm) struct TaskEntry {
    pub(in crate::crm) task: Task,
    pub(in crate::crm) row: Row,
    pub(in crate::crm) changed: bool,
}

/// What the database knows of a thing that can be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::crm) enum Row {
    /// It has no row yet.
    New,
    /// It has a row.
    Stored,
    /// It has a row that is to go.
    Leaving,
    /// It was deleted and has no row.
    Gone,
}

impl Row {
    /// The thing is deleted.
    pub(in crate::crm) fn delete(&mut self) {
        *self = match self {
            Self::Stored | Self::Leaving => Self::Leaving,
            Self::New | Self::Gone => Self::Gone,
        };
    }

    pub(in crate::crm) fn is_deleted(self) -> bool {
        matches!(self, Self::Leaving | Self::Gone)
    }

    fn mark_written(&mut self) {
        *self = if self.is_deleted() { Self::Gone } else { Self::Stored };
    }
}

/// A project variable that was read or set; absent ones are remembered too.
#[derive(Debug, Clone)]
pub(in crate::crm) struct ProjectVariable {
    pub(in crate::crm) value: Held,
    pub(in crate::crm) changed: bool,
}

/// A row that is only ever added, with its client.
#[derive(Debug, Clone)]
pub(in crate::crm) enum Addition {
    Note(i64, Note),
    History(i64, HistoryEntry),
    Visit(i64, Visit),
    Assignment(i64, Assignment),
    Scheduled(i64, Scheduled),
}

/// The same, borrowed, so that a project file is written without copying it. The number is the client.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AdditionRef<'s> {
    Note(i64, &'s Note),
    History(i64, &'s HistoryEntry),
    Visit(i64, &'s Visit),
    Assignment(i64, &'s Assignment),
    Scheduled(i64, &'s Scheduled),
}

impl Addition {
    fn borrowed(&self) -> AdditionRef<'_> {
        match self {
            Self::Note(client, note) => AdditionRef::Note(*client, note),
            Self::History(client, entry) => AdditionRef::History(*client, entry),
            Self::Visit(client, visit) => AdditionRef::Visit(*client, visit),
            Self::Assignment(client, assignment) => AdditionRef::Assignment(*client, assignment),
            Self::Scheduled(client, message) => AdditionRef::Scheduled(*client, message),
        }
    }
}

impl ClientEntry {
    pub(in crate::crm) fn read(client: Client, draft: VariableSet) -> Self {
        Self { client, variables: None, draft, stored: true, changed: false, queue_changed: false }
    }

    pub(in crate::crm) fn new(client: Client) -> Self {
        Self {
            client,
            variables: Some(VariableSet::default()),
            draft: VariableSet::default(),
            stored: false,
            changed: true,
            queue_changed: false,
        }
    }
}

impl DealEntry {
    pub(in crate::crm) fn read(deal: Deal) -> Self {
        Self { deal, variables: None, row: Row::Stored, details_changed: false, place_changed: false }
    }

    pub(in crate::crm) fn new(deal: Deal) -> Self {
        Self { variables: Some(VariableSet::default()), row: Row::New, ..Self::read(deal) }
    }
}

impl State {
    pub(in crate::crm) fn client_index(&self, id: i64) -> Option<usize> {
        self.clients.iter().position(|entry| entry.client.id == id)
    }

    pub(in crate::crm) fn deal_index(&self, id: i64) -> Option<usize> {
        self.deals.iter().position(|entry| entry.deal.id == id)
    }

    pub(in crate::crm) fn task_index(&self, id: i64) -> Option<usize> {
        self.tasks.iter().position(|entry| entry.task.id == id)
    }

    pub(in crate::crm) fn project_variable(&self, name: &str) -> Option<usize> {
        self.project_variables.get_index_of(name)
    }

    pub(in crate::crm) fn put_project_variable(&mut self, name: &str, value: Held, changed: bool) {
        match self.project_variable(name) {
            Some(index) => {
                let variable = &mut self.project_variables[index];
                variable.value = value;
                variable.changed |= changed;
            }
            None => {
                self.project_variables.insert(name.to_owned(), ProjectVariable { value, changed });
            }
        }
    }

    /// Refuses variables that are too many, too long or too deep.
    pub(in crate::crm) fn check_variables(&self) -> Result<(), LimitError> {
        for entry in &self.clients {
            if let Some(variables) = &entry.variables {
                variables.check("client", entry.client.id)?;
            }
            entry.draft.check("the draft of client", entry.client.id)?;
        }
        for entry in self.deals.iter().filter(|entry| !entry.row.is_deleted()) {
            if let Some(variables) = &entry.variables {
                variables.check("deal", entry.deal.id)?;
            }
        }
        for (name, variable) in &self.project_variables {
            if variable.changed && variable.value.is_storable(name) {
                variable.value.check(name)?;
            }
        }
        Ok(())
    }

    /// Adds the statements that bring the database up to date: parents before what belongs to them.
    pub(in crate::crm) fn write<'s>(&'s self, batch: &mut Batch<'s>, project: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        for entry in &self.clients {
            write_client(batch, project, entry);
        }
        for entry in &self.deals {
            write_deal(batch, project, entry);
        }
        for entry in &self.clients {
            let id = entry.client.id;
            if let Some(variables) = &entry.variables {
                variables.write(batch, project, Owner::Client(id))?;
            }
            entry.draft.write(batch, project, Owner::Draft(id))?;
        }
        for entry in self.deals.iter().filter(|entry| !entry.row.is_deleted()) {
            if let Some(variables) = &entry.variables {
                variables.write(batch, project, Owner::Deal { deal: entry.deal.id, client: entry.deal.client })?;
            }
        }
        for (name, variable) in self.project_variables.iter().filter(|(_, variable)| variable.changed) {
            let name = name.as_str();
            match &variable.value {
                Held::Set(json) if variable.value.is_storable(name) => {
                    batch.add(&statements::PUT_PROJECT_VARIABLE).int(project).text(name).text(json.to_string());
                }
                Held::Text(_) => {}
                Held::Set(_) | Held::Gone => {
                    batch.add(&statements::DELETE_PROJECT_VARIABLE).int(project).text(name);
                }
            }
        }
        for entry in &self.tasks {
            write_task(batch, project, entry);
        }
        for addition in &self.additions {
            write_addition(batch, project, addition.borrowed());
        }
        if let Some((event, outcome)) = &self.event {
            let client = self.clients.first().map_or(0, |entry| entry.client.id);
            batch.add(&statements::INSERT_EVENT).int(project).int(client).text(event.as_str()).text(outcome.as_str());
            batch.time(now);
        }
        Ok(())
    }

    /// Remembers that what `write` gave has been run.
    pub(in crate::crm) fn mark_written(&mut self) {
        for entry in &mut self.clients {
            entry.stored = true;
            entry.changed = false;
            entry.queue_changed = false;
            if let Some(variables) = &mut entry.variables {
                variables.mark_written();
            }
            entry.draft.mark_written();
        }
        for entry in &mut self.deals {
            entry.row.mark_written();
            entry.details_changed = false;
            entry.place_changed = false;
            if let Some(variables) = &mut entry.variables {
                variables.mark_written();
            }
        }
        for entry in &mut self.tasks {
            entry.row.mark_written();
            entry.changed = false;
        }
        for variable in self.project_variables.values_mut() {
            variable.changed = false;
        }
        self.additions.clear();
        self.event = None;
    }
}

fn write_client<'s>(batch: &mut Batch<'s>, project: i64, entry: &'s ClientEntry) {
    let client = &entry.client;
    if !entry.stored {
        rows::insert_client(batch.add(&statements::INSERT_CLIENT), project, client);
        return;
    }
    if entry.changed {
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
            .int(client.id);
    }
    if entry.queue_changed {
        batch.add(&statements::UPDATE_CLIENT_QUEUE).flag(client.queued).optional_time(client.queued_until).int(project).int(client.id);
    }
}

fn write_deal<'s>(batch: &mut Batch<'s>, project: i64, entry: &'s DealEntry) {
    let deal = &entry.deal;
    match entry.row {
        Row::New => return rows::insert_deal(batch.add(&statements::INSERT_DEAL), project, deal),
        Row::Leaving => {
            batch.add(&statements::DELETE_DEAL).int(project).int(deal.id);
            return;
        }
        Row::Gone => return,
        Row::Stored => {}
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

fn write_task<'s>(batch: &mut Batch<'s>, project: i64, entry: &'s TaskEntry) {
    let task = &entry.task;
    match entry.row {
        Row::New => rows::insert_task(batch.add(&statements::INSERT_TASK), project, task),
        Row::Leaving => {
            batch.add(&statements::DELETE_TASK).int(project).int(task.id);
        }
        Row::Stored if entry.changed => {
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
        Row::Stored | Row::Gone => {}
    }
}

/// Adds the statement for a row that is only ever added.
pub(crate) fn write_addition<'s>(batch: &mut Batch<'s>, project: i64, addition: AdditionRef<'s>) {
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
