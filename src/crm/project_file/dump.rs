//! Reads a whole project from the database.
//! Everything that a function or a message could tell apart is read; outcomes of events are not.

use serde_json::{Map, Value as Json};

use super::{ClientFile, DealFile, LabelFile, ListFile, OperatorFile, ProjectFile, ProjectSize, TableFile};
use crate::crm::deal::rules::read_pipelines;
use crate::crm::model::{
    Assignment, ClientLabel, ClientList, Direction, HistoryEntry, Note, OwnTable, Project, Scheduled, TableRecord, Visit,
};
use crate::crm::requests::{self, HostWork};
use crate::crm::session::rows;
use crate::crm::variable::set::decode;
use crate::crm::{ClientId, ProjectId, TableId};
use crate::store::statements;
use crate::store::{Batch, IdCounter, RowReader, Rows, Statement, Store, StoreError};
use crate::wording::{Message, message};

const QUESTIONS: [&Statement; 24] = [
    &statements::DUMP_PROJECT,
    &statements::DUMP_PROJECT_VARIABLES,
    &statements::DUMP_OPERATORS,
    &statements::PIPELINES,
    &statements::DUMP_BLOCKS,
    &statements::DUMP_LISTS,
    &statements::DUMP_LABELS,
    &statements::DUMP_CLIENTS,
    &statements::DUMP_CLIENT_VARIABLES,
    &statements::DUMP_DRAFTS,
    &statements::DUMP_VISITS,
    &statements::DUMP_NOTES,
    &statements::DUMP_SCHEDULED,
    &statements::DUMP_HISTORY,
    &statements::DUMP_ASSIGNMENTS,
    &statements::DUMP_DEALS,
    &statements::DUMP_DEAL_VARIABLES,
    &statements::DUMP_TASKS,
    &statements::DUMP_LIST_CLIENTS,
    &statements::DUMP_LABEL_CLIENTS,
    &statements::DUMP_TABLES,
    &statements::DUMP_COLUMNS,
    &statements::DUMP_RECORDS,
    &statements::DUMP_REQUESTS,
];

/// The same about one client; the project's own are asked as for all.
const QUESTIONS_OF_CLIENT: [&Statement; 20] = [
    &statements::DUMP_PROJECT,
    &statements::DUMP_PROJECT_VARIABLES,
    &statements::DUMP_OPERATORS,
    &statements::PIPELINES,
    &statements::DUMP_BLOCKS,
    &statements::DUMP_LISTS,
    &statements::DUMP_LABELS,
    &statements::SHOW_CLIENT,
    &statements::SHOW_CLIENT_VARIABLES,
    &statements::SHOW_DRAFT,
    &statements::SHOW_VISITS,
    &statements::SHOW_NOTES,
    &statements::SHOW_SCHEDULED,
    &statements::SHOW_HISTORY,
    &statements::SHOW_ASSIGNMENTS,
    &statements::SHOW_DEALS,
    &statements::SHOW_DEAL_VARIABLES,
    &statements::TASKS_OF_CLIENT,
    &statements::SHOW_LIST_CLIENTS,
    &statements::SHOW_LABEL_CLIENTS,
];

/// How many of the questions are about the project itself.
const OF_PROJECT: usize = 7;

/// The ids of all projects, ascending.
///
/// # Errors
/// When the store fails.
pub fn project_ids(store: &dyn Store) -> Result<Vec<ProjectId>, StoreError> {
    let mut ids = Vec::new();
    loop {
        let mut batch = Batch::new();
        batch.add(&statements::PROJECT_IDS).int(ids.last().map_or(i64::MIN, |id: &ProjectId| id.0));
        let rows = store.read(&batch)?.pop().unwrap_or_default();
        if rows.is_empty() {
            break;
        }
        let mut reader = rows.reader();
        while reader.more() {
            ids.push(reader.int()?);
        }
    }
    Ok(ids)
}

/// Reads a project with everything in it; `None` if there is no such project.
///
/// # Errors
/// When the store fails.
pub fn dump(store: &dyn Store, project: ProjectId) -> Result<Option<ProjectFile>, StoreError> {
    let mut batch = Batch::new();
    for question in QUESTIONS {
        batch.add(question).int(project);
    }
    read(store, store.read(&batch)?)
}

/// Reads a project with one client and all that belongs to it, whatever the size of the project; without clients when it
/// has no such one, `None` if there is no such project.
///
/// # Errors
/// When the store fails.
pub fn dump_client(store: &dyn Store, project: ProjectId, client: ClientId) -> Result<Option<ProjectFile>, StoreError> {
    let mut batch = Batch::new();
    for (index, question) in QUESTIONS_OF_CLIENT.into_iter().enumerate() {
        batch.add(question).int(project);
        if index >= OF_PROJECT {
            batch.int(client);
        }
    }
    read(store, store.read(&batch)?)
}

/// Reads a project without its clients, deals and tasks; `None` if there is no such project.
///
/// # Errors
/// When the store fails.
pub fn dump_settings(store: &dyn Store, project: ProjectId) -> Result<Option<ProjectFile>, StoreError> {
    let mut batch = Batch::new();
    for question in &QUESTIONS[..OF_PROJECT] {
        batch.add(question).int(project);
    }
    read(store, store.read(&batch)?)
}

/// The answers to all questions, or to the first ones.
fn read(store: &dyn Store, results: Vec<Rows>) -> Result<Option<ProjectFile>, StoreError> {
    let mut results = results.into_iter();
    let mut next = || results.next().unwrap_or_default();

    let settings = next();
    if settings.is_empty() {
        return Ok(None);
    }
    let mut reader = settings.reader();
    let project = rows::project(&mut reader)?;
    let (next_id, generation) = (reader.int()?, reader.int()?);
    let id = project.id;
    let mut file = ProjectFile {
        next_id: store.ids().next_unused(IdCounter { project: project.id.0, generation, table: None }, next_id),
        project,
        variables: Map::new(),
        operators: Vec::new(),
        pipelines: Vec::new(),
        clients: Vec::new(),
        deals: Vec::new(),
        tasks: Vec::new(),
        lists: Vec::new(),
        labels: Vec::new(),
        tables: Vec::new(),
        blocks: Vec::new(),
        events: Vec::new(),
        notifications: Vec::new(),
    };
    let mut reader = next().reader();
    while reader.more() {
        variable(&mut reader, &mut file.variables)?;
    }
    let mut reader = next().reader();
    while reader.more() {
        file.operators.push(OperatorFile { operator: rows::operator(&mut reader)?, details: rows::operator_details(&mut reader)? });
    }
    file.pipelines = read_pipelines(next())?;
    let mut reader = next().reader();
    while reader.more() {
        file.blocks.push((reader.int()?, reader.text()?));
    }
    file.lists = read_lists(next())?;
    file.labels = read_labels(next())?;
    let mut reader = next().reader();
    while reader.more() {
        file.clients.push(empty_client(&mut reader)?);
    }
    let clients = &mut file.clients;
    of_clients(next(), clients, |reader, client| variable(reader, &mut client.variables))?;
    of_clients(next(), clients, |reader, client| variable(reader, &mut client.draft))?;
    of_clients(next(), clients, |reader, client| {
        client.visits.push(Visit { block: reader.int()?, first_at: reader.time()?, last_at: reader.time()? });
        Ok(())
    })?;
    of_clients(next(), clients, |reader, client| {
        client.notes.push(Note { text: reader.text()?, author: reader.text()?, at: reader.time()? });
        Ok(())
    })?;
    of_clients(next(), clients, |reader, client| {
        client.scheduled.push(Scheduled {
            block: reader.optional_int()?,
            text: reader.optional_text()?,
            due_at: reader.time()?,
            do_not_cancel: reader.flag()?,
        });
        Ok(())
    })?;
    of_clients(next(), clients, |reader, client| {
        client.history.push(history_entry(reader)?);
        Ok(())
    })?;
    of_clients(next(), clients, |reader, client| {
        client.assignments.push(Assignment { operator: reader.int()?, at: reader.time()? });
        Ok(())
    })?;
    let mut reader = next().reader();
    while reader.more() {
        file.deals.push(DealFile { deal: rows::deal(&mut reader)?, variables: Map::new() });
    }
    let mut reader = next().reader();
    while reader.more() {
        let id = reader.int()?;
        match file.deals.binary_search_by_key(&id, |entry| entry.deal.id) {
            Ok(index) => variable(&mut reader, &mut file.deals[index].variables)?,
            Err(_) => return Err(StoreError::corrupt(message!("variables-of-lost-deal", id = id.to_string()))),
        }
    }
    let mut reader = next().reader();
    while reader.more() {
        file.tasks.push(rows::task(&mut reader)?);
    }
    add_clients(next(), &mut file.lists, |entry| (entry.list.id.0, &mut entry.clients), |id| message!("clients-of-lost-list", id = id))?;
    add_clients(next(), &mut file.labels, |entry| (entry.label.id.0, &mut entry.clients), |id| message!("clients-of-lost-label", id = id))?;
    file.tables = read_tables([next(), next(), next()], |table, next| {
        store.ids().next_unused(IdCounter { project: id.0, generation, table: Some(table) }, next)
    })?;
    read_requests(next(), &mut file)?;
    sort_names(&mut file);
    Ok(Some(file))
}

/// Tables, their columns and their records.
fn read_tables([tables, columns, records]: [Rows; 3], next_unused: impl Fn(i64, i64) -> i64) -> Result<Vec<TableFile>, StoreError> {
    let mut found: Vec<TableFile> = Vec::new();
    let mut reader = tables.reader();
    while reader.more() {
        let (id, name, next_record) = (reader.int::<TableId>()?, reader.text()?, reader.int()?);
        let table = OwnTable { id, name, columns: Vec::new(), next_record: next_unused(id.0, next_record) };
        found.push(TableFile { table, records: Vec::new() });
    }
    let place = |found: &[TableFile], id: TableId| {
        let place = found.binary_search_by_key(&id, |entry| entry.table.id);
        place.map_err(|_| StoreError::corrupt(message!("rows-of-lost-table", id = id.to_string())))
    };
    let mut reader = columns.reader();
    while reader.more() {
        let index = place(&found, reader.int()?)?;
        found[index].table.columns.push(reader.text()?);
    }
    let mut reader = records.reader();
    while reader.more() {
        let index = place(&found, reader.int()?)?;
        let TableFile { table, records } = &mut found[index];
        let (id, mut cells): (_, Map<String, Json>) = (reader.int()?, decode(&reader.text()?)?);
        // In the order of the columns, whatever the order in which they were filled.
        let cells = table.columns.iter().filter_map(|column| cells.remove_entry(column)).collect();
        records.push(TableRecord { id, cells });
    }
    Ok(found)
}

fn read_lists(rows: Rows) -> Result<Vec<ListFile>, StoreError> {
    let mut lists = Vec::new();
    let mut reader = rows.reader();
    while reader.more() {
        lists.push(ListFile { list: ClientList { id: reader.int()?, name: reader.text()? }, clients: Vec::new() });
    }
    Ok(lists)
}

fn read_labels(rows: Rows) -> Result<Vec<LabelFile>, StoreError> {
    let mut labels = Vec::new();
    let mut reader = rows.reader();
    while reader.more() {
        let label = ClientLabel { id: reader.int()?, name: reader.text()?, color: reader.int()? };
        labels.push(LabelFile { label, clients: Vec::new() });
    }
    Ok(labels)
}

/// Reads rows of a list or a label and a client, in the order of their ids.
fn add_clients<T>(
    rows: Rows,
    entries: &mut [T],
    of: impl Fn(&mut T) -> (i64, &mut Vec<ClientId>),
    lost: impl Fn(String) -> Message,
) -> Result<(), StoreError> {
    let mut entries = entries.iter_mut().map(of);
    let mut current = entries.next();
    let mut reader = rows.reader();
    while reader.more() {
        let (id, client) = (reader.int::<i64>()?, reader.int()?);
        while current.as_ref().is_some_and(|(known, _)| *known < id) {
            current = entries.next();
        }
        match &mut current {
            Some((known, clients)) if *known == id => clients.push(client),
            _ => return Err(StoreError::corrupt(lost(id.to_string()))),
        }
    }
    Ok(())
}

fn read_requests(rows: Rows, file: &mut ProjectFile) -> Result<(), StoreError> {
    let mut reader = rows.reader();
    while reader.more() {
        let request = requests::read(&mut reader)?.request;
        let is_notification = matches!(request.work, HostWork::Notify { .. });
        if is_notification { &mut file.notifications } else { &mut file.events }.push(request);
    }
    Ok(())
}

/// Sorts variables by name: engines order text in ways of their own.
fn sort_names(file: &mut ProjectFile) {
    file.variables.sort_keys();
    for client in &mut file.clients {
        client.variables.sort_keys();
        client.draft.sort_keys();
    }
    for deal in &mut file.deals {
        deal.variables.sort_keys();
    }
}

fn empty_client(reader: &mut RowReader) -> Result<ClientFile, StoreError> {
    Ok(ClientFile {
        client: rows::client(reader)?,
        variables: Map::new(),
        draft: Map::new(),
        visits: Vec::new(),
        notes: Vec::new(),
        scheduled: Vec::new(),
        history: Vec::new(),
        assignments: Vec::new(),
    })
}

/// An entry of a dialogue, from its columns.
pub(crate) fn history_entry(reader: &mut RowReader) -> Result<HistoryEntry, StoreError> {
    let direction = reader.text()?;
    Ok(HistoryEntry {
        direction: Direction::from_word(&direction)
            .ok_or_else(|| StoreError::corrupt(message!("stored-direction-unknown", found = direction)))?,
        author: reader.text()?,
        text: reader.text()?,
        block: reader.optional_int()?,
        delivered: reader.flag()?,
        error: reader.optional_text()?,
        at: reader.time()?,
        message_ids: reader.optional_text()?,
        removed: reader.flag()?,
    })
}

/// Reads rows that begin with the client they belong to.
fn of_clients(
    rows: Rows,
    clients: &mut [ClientFile],
    mut read: impl FnMut(&mut RowReader, &mut ClientFile) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut reader = rows.reader();
    while reader.more() {
        let id = reader.int()?;
        match clients.binary_search_by_key(&id, |entry| entry.client.id) {
            Ok(index) => read(&mut reader, &mut clients[index])?,
            Err(_) => return Err(StoreError::corrupt(message!("rows-of-lost-client", id = id.to_string()))),
        }
    }
    Ok(())
}

fn variable(reader: &mut RowReader, variables: &mut Map<String, Json>) -> Result<(), StoreError> {
    let name = reader.text()?;
    let value = decode(&reader.text()?)?;
    variables.insert(name, value);
    Ok(())
}

/// How large a project is; `None` if there is no such project.
///
/// # Errors
/// When the store fails.
pub fn size(store: &dyn Store, project: ProjectId) -> Result<Option<ProjectSize>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::DUMP_SIZE).int(project);
    let rows = store.read(&batch)?.pop().unwrap_or_default();
    if rows.is_empty() {
        return Ok(None);
    }
    let mut reader = rows.reader();
    Ok(Some(ProjectSize { name: reader.text()?, clients: reader.int()?, deals: reader.int()?, tasks: reader.int()? }))
}

/// The settings of a project; `None` if there is no such project.
///
/// # Errors
/// When the store fails.
pub fn project(store: &dyn Store, project: ProjectId) -> Result<Option<Project>, StoreError> {
    let mut batch = Batch::new();
    batch.add(QUESTIONS[0]).int(project);
    let settings = store.read(&batch)?.pop().unwrap_or_default();
    if settings.is_empty() {
        return Ok(None);
    }
    rows::project(&mut settings.reader()).map(Some)
}

/// The name of a client; `None` if there is no such client.
///
/// # Errors
/// When the store fails.
pub fn client_name(store: &dyn Store, project: ProjectId, client: ClientId) -> Result<Option<String>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::CLIENT).int(project).int(client);
    let rows = store.read(&batch)?.pop().unwrap_or_default();
    if rows.is_empty() {
        return Ok(None);
    }
    let mut reader = rows.reader();
    reader.skip(1);
    reader.text().map(Some)
}
