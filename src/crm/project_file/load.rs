//! Writes a project into the database, in place of one of the same id, in one transaction.
//! Checks nothing: a `ProjectFile` fits together by the time it exists.

use serde_json::{Map, Value as Json};

use super::{ClientFile, DealFile, LabelFile, ListFile, OperatorFile, ProjectFile, TableFile};
use crate::crm::model::OperatorDetails;
use crate::crm::requests;
use crate::crm::session::rows;
use crate::crm::session::state::{AdditionRef, first_version};
use crate::crm::session::write::write_addition;
use crate::crm::variable::set::encode;
use crate::crm::{ClientId, OperatorId, ProjectId, key};
use crate::store::statements;
use crate::store::{Batch, Statement, Store, StoreError, Transaction};

/// How many statements go to the database at once.
const AT_ONCE: usize = 1_000;

/// Puts a project into the database; one of the same id goes with everything in it.
///
/// # Errors
/// When the store fails; the database is as before then.
pub fn load(store: &dyn Store, file: &ProjectFile) -> Result<(), StoreError> {
    load_watched(store, file, &mut |_| ())
}

/// The same, telling how many clients, deals and tasks have been written so far.
///
/// # Errors
/// When the store fails; the database is as before then.
pub fn load_watched(store: &dyn Store, file: &ProjectFile, written: &mut dyn FnMut(usize)) -> Result<(), StoreError> {
    let mut done = 0;
    let mut transaction = store.begin()?;
    let project = file.project.id;
    let mut batch = Batch::new();
    batch.add(&statements::GENERATION).int(project);
    let rows = transaction.run(&batch)?.pop().unwrap_or_default();
    let generation: i64 = if rows.is_empty() { 0 } else { rows.reader().int::<i64>()? + 1 };
    let mut batch = Batch::new();
    batch.add(&statements::DELETE_PROJECT).int(project);
    batch.add(&statements::INSERT_PROJECT);
    rows::write_project(&mut batch, &file.project);
    batch.int(file.next_id).int(generation);
    for (name, value) in &file.variables {
        batch.add(&statements::PUT_PROJECT_VARIABLE).int(project).text(name.as_str()).text(value.to_string());
    }
    for OperatorFile { operator, details } in &file.operators {
        batch.add(&statements::INSERT_OPERATOR).int(project).int(operator.id).text(operator.email.as_str());
        batch.text(key::email(&operator.email)).text(operator.name.as_str()).text(operator.status.word());
        if *details != OperatorDetails::default() {
            operator_details(&mut batch, project, operator.id, details);
        }
    }
    for (id, name) in &file.blocks {
        batch.add(&statements::INSERT_BLOCK).int(project).int(*id).text(name.as_str());
        flush(transaction.as_mut(), &mut batch)?;
    }
    for (pipeline, position) in file.pipelines.iter().zip(1..) {
        batch.add(&statements::INSERT_PIPELINE).int(project).int(pipeline.id).int(position).text(pipeline.name.as_str());
        for (stage, position) in pipeline.stages.iter().zip(1..) {
            batch.add(&statements::INSERT_STAGE).int(project).int(stage.id).int(pipeline.id).int(position);
            batch.text(stage.name.as_str());
        }
    }
    for entry in &file.clients {
        client(&mut batch, project, entry, first_version(generation));
        flush(transaction.as_mut(), &mut batch)?;
        done += 1;
        written(done);
    }
    for DealFile { deal, variables } in &file.deals {
        rows::insert_deal(batch.add(&statements::INSERT_DEAL), project, deal);
        for (name, value) in variables {
            batch.add(&statements::PUT_DEAL_VARIABLE).int(project).int(deal.id).text(name.as_str()).int(deal.client);
            batch.text(key::index_part(&key::value(&value.into())).to_owned()).text(value.to_string());
        }
        flush(transaction.as_mut(), &mut batch)?;
        done += 1;
        written(done);
    }
    for task in &file.tasks {
        rows::insert_task(batch.add(&statements::INSERT_TASK), project, task);
        flush(transaction.as_mut(), &mut batch)?;
        done += 1;
        written(done);
    }
    for ListFile { list, clients } in &file.lists {
        rows::insert_list(&mut batch, project, list);
        for client in clients {
            batch.add(&statements::PUT_IN_LIST).int(project).int(list.id).int(*client);
            flush(transaction.as_mut(), &mut batch)?;
        }
    }
    for LabelFile { label, clients } in &file.labels {
        rows::insert_label(&mut batch, project, label);
        for client in clients {
            batch.add(&statements::PUT_LABEL_ON).int(project).int(label.id).int(*client);
            flush(transaction.as_mut(), &mut batch)?;
        }
    }
    for TableFile { table, records } in &file.tables {
        batch.add(&statements::INSERT_TABLE).int(project).int(table.id).text(table.name.as_str()).int(table.next_record);
        for column in &table.columns {
            batch.add(&statements::ADD_COLUMN).int(project).int(table.id).text(column.as_str());
        }
        for record in records {
            batch.add(&statements::INSERT_RECORD).int(project).int(table.id).int(record.id).text(encode(&record.cells)?);
            flush(transaction.as_mut(), &mut batch)?;
        }
    }
    let mut number = i64::MIN;
    for request in file.events.iter().chain(&file.notifications) {
        // Whose block asked is forgotten; the order is not.
        number = request.at.timestamp_micros().max(number.saturating_add(1));
        requests::write(&mut batch, project, request.client, number, request);
        flush(transaction.as_mut(), &mut batch)?;
    }
    transaction.commit(&batch)
}

fn operator_details<'f>(batch: &mut Batch<'f>, project: ProjectId, id: OperatorId, details: &'f OperatorDetails) {
    let OperatorDetails { description, contact_email, phone, position, custom_fields } = details;
    batch.add(&statements::SET_OPERATOR_DETAILS);
    for field in [description, contact_email, phone, position].into_iter().chain(custom_fields) {
        batch.optional_text(field.as_deref());
    }
    batch.int(project).int(id);
}

fn flush(transaction: &mut dyn Transaction, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    if batch.len() >= AT_ONCE {
        transaction.run(batch)?;
        *batch = Batch::new();
    }
    Ok(())
}

fn client<'f>(batch: &mut Batch<'f>, project: ProjectId, entry: &'f ClientFile, version: i64) {
    let id = entry.client.id;
    rows::insert_client(batch.add(&statements::INSERT_CLIENT), project, &entry.client, version);
    variables(batch, &statements::PUT_CLIENT_VARIABLE, project, id, &entry.variables);
    variables(batch, &statements::PUT_DRAFT_VARIABLE, project, id, &entry.draft);
    for visit in &entry.visits {
        write_addition(batch, project, AdditionRef::Visit(id, visit));
    }
    for note in &entry.notes {
        write_addition(batch, project, AdditionRef::Note(id, note));
    }
    for message in &entry.scheduled {
        write_addition(batch, project, AdditionRef::Scheduled(id, message));
    }
    for entry in &entry.history {
        write_addition(batch, project, AdditionRef::History(id, entry));
    }
    for assignment in &entry.assignments {
        write_addition(batch, project, AdditionRef::Assignment(id, assignment));
    }
}

fn variables<'f>(
    batch: &mut Batch<'f>,
    statement: &'static Statement,
    project: ProjectId,
    client: ClientId,
    variables: &'f Map<String, Json>,
) {
    for (name, value) in variables {
        batch.add(statement).int(project).int(client).text(name.as_str()).text(value.to_string());
    }
}
