//! How a session is written when it is committed: checks that what was read is still so, then rows, parents before what
//! belongs to them. What is known and changed is in `state.rs`.

use chrono::{DateTime, Utc};

use super::collections::CollectionKind;
use super::rows;
use super::state::{Addition, AdditionRef, ClientEntry, Contact, DealEntry, RowState, SessionState, TaskEntry};
use crate::crm::requests;
use crate::crm::table::state::{self as table, CounterMoves};
use crate::crm::variable::set::{Content, VariableOwner, VariableSet, encode};
use crate::crm::{ClientId, ProjectId};
use crate::store::statements;
use crate::store::{Batch, StoreError};

impl SessionState {
    /// Adds the statements that bring the database up to date, after those that check that what was read is still so. None
    /// at all when nothing was changed.
    pub(in crate::crm) fn write<'s>(
        &'s self,
        batch: &mut Batch<'s>,
        counter_moves: CounterMoves,
        project: ProjectId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut changes = Batch::with_room(16, 96);
        self.write_changes(&mut changes, project, now)?;
        let changes_tables = !counter_moves.is_empty() || table::are_changed(&self.tables);
        if changes.is_empty() && !changes_tables && !self.clients.iter().any(|entry| entry.changed) {
            return Ok(());
        }
        let writes_project = self.project_variables.values().any(|variable| variable.changed);
        let rests_on_absence = !self.absent_contacts.is_empty() || self.lists.has_absent() || self.labels.has_absent();
        if writes_project || rests_on_absence {
            batch.add(&statements::LOCK_PROJECT).int(project);
        }
        if changes_tables {
            table::check(&self.tables, counter_moves, batch, project)?;
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
            if variables || entry.draft.is_changed() || entry.queue_changed || entry.pause_changed || entry.link_changed {
                touched.push(entry.client.id);
            }
        }
        for entry in &self.deals {
            if entry.is_changed() || entry.variables.as_ref().is_some_and(VariableSet::is_changed) {
                touched.push(entry.deal.client);
            }
        }
        touched.extend(self.tasks.iter().filter(|entry| entry.changed || entry.row != RowState::Stored).map(|entry| entry.task.client));
        touched.extend(self.lists.touched().chain(self.labels.touched()));
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
        self.lists.check(batch, project, CollectionKind::List);
        self.labels.check(batch, project, CollectionKind::Label);
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
        self.lists.write(batch, project, CollectionKind::List);
        self.labels.write(batch, project, CollectionKind::Label);
        table::write(&self.tables, batch, project)?;
        let mut requests = 0;
        for addition in &self.additions {
            // Requests of several clients keep the order in which they were asked.
            if let Addition::Request(by, request) = addition {
                requests::write(batch, project, *by, request.at.timestamp_micros().saturating_add(requests), request);
                requests += 1;
            } else {
                addition.write(batch, project);
            }
        }
        if let Some((event, outcome)) = &self.event {
            let client = self.clients.first().map_or(ClientId(0), |entry| entry.client.id);
            batch.add(&statements::INSERT_EVENT).int(project).int(client).text(event.as_str()).text(outcome.as_str());
            batch.time(now);
        }
        Ok(())
    }
}

impl Addition {
    fn write<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId) {
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
            Self::RemoveMessage(client, number) => {
                batch.add(&statements::REMOVE_MESSAGE).int(project).int(*client).int(*number);
                return;
            }
            // They have an order beyond their client: see above.
            Self::Request(..) => return,
            Self::DropScheduled { client, all } => {
                let statement = if *all { &statements::DELETE_SCHEDULED } else { &statements::DELETE_CANCELLABLE };
                batch.add(statement).int(project).int(*client);
                return;
            }
        };
        write_addition(batch, project, addition);
    }
}

fn write_client<'s>(batch: &mut Batch<'s>, project: ProjectId, entry: &'s ClientEntry) {
    let client = &entry.client;
    if !entry.stored {
        rows::insert_client(batch.add(&statements::INSERT_CLIENT), project, client, entry.version);
        return;
    }
    if entry.queue_changed {
        batch.add(&statements::UPDATE_CLIENT_QUEUE).flag(client.queued).optional_time(client.queued_until).int(project).int(client.id);
    }
    if entry.pause_changed {
        batch.add(&statements::UPDATE_CLIENT_PAUSE).optional_time(client.paused_until).int(project).int(client.id);
    }
    if entry.link_changed {
        batch.add(&statements::UPDATE_CLIENT_LINK).optional_int(client.main_client).int(project).int(client.id);
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
            let is_numbered = entry.message_ids.is_some() || entry.removed;
            batch
                .add(if is_numbered { &statements::ADD_NUMBERED_HISTORY } else { &statements::ADD_HISTORY })
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
            if is_numbered {
                batch.optional_text(entry.message_ids.as_deref()).flag(entry.removed);
            }
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
