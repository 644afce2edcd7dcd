//! How the model's things are read from rows and their columns written, in the order of the statements.
//! Knows the column order and nothing else.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::Number;

use crate::crm::model::{
    Client, ClientLabel, ClientList, Deal, DealStatus, Distribution, Hours, Operator, OperatorDetails, OperatorStatus, Project, Task,
    Weekdays, Window,
};
use crate::crm::{OperatorId, ProjectId, key};
use crate::store::{Batch, RowReader, StoreError, statements};
use crate::value::locale::Locale;
use crate::value::number;
use crate::wording::message;

/// How a task's date is stored.
pub(crate) const STORED_DATE: &str = "%Y-%m-%d";

pub(crate) fn project(reader: &mut RowReader) -> Result<Project, StoreError> {
    let id = reader.int()?;
    let name = reader.text()?;
    let time_zone = reader.text()?;
    let locale = reader.text()?;
    Ok(Project {
        id,
        name,
        time_zone: time_zone
            .parse::<Tz>()
            .map_err(|_| StoreError::corrupt(message!("stored-zone-unknown", id = id.to_string(), zone = &time_zone)))?,
        locale: Locale::parse(&locale).ok_or_else(|| StoreError::corrupt(message!("stored-locale-unknown", found = &locale)))?,
        auto_accept_leads: reader.flag()?,
        distribution: Distribution {
            enabled: reader.flag()?,
            hours: match (reader.optional_int()?, reader.optional_int()?) {
                (Some(from), Some(to)) => Hours::Between(from, to),
                _ => Hours::Always,
            },
            days_off: Weekdays::from_bits(reader.int()?),
            window: reader.optional_int()?.map_or(Window::Day, Window::Minutes),
        },
    })
}

pub(crate) fn write_project(batch: &mut Batch<'_>, project: &Project) {
    let (from, to) = match project.distribution.hours {
        Hours::Always => (None, None),
        Hours::Between(from, to) => (Some(from), Some(to)),
    };
    let window = match project.distribution.window {
        Window::Day => None,
        Window::Minutes(minutes) => Some(minutes),
    };
    batch
        .int(project.id)
        .text(project.name.clone())
        .text(project.time_zone.name())
        .text(project.locale.code())
        .flag(project.auto_accept_leads)
        .flag(project.distribution.enabled)
        .optional_int(from)
        .optional_int(to)
        .int(project.distribution.days_off.bits())
        .optional_int(window);
}

pub(crate) fn operator(reader: &mut RowReader) -> Result<Operator, StoreError> {
    let id = reader.int()?;
    operator_after_id(id, reader)
}

pub(crate) fn operator_after_id(id: OperatorId, reader: &mut RowReader) -> Result<Operator, StoreError> {
    let (email, name, status) = (reader.text()?, reader.text()?, reader.text()?);
    let status = OperatorStatus::from_word(&status)
        .ok_or_else(|| StoreError::corrupt(message!("stored-operator-status-unknown", found = &status)))?;
    Ok(Operator { id, email, name, status })
}

/// The columns of `operator_details!`.
pub(crate) fn operator_details(reader: &mut RowReader) -> Result<OperatorDetails, StoreError> {
    Ok(OperatorDetails {
        description: reader.optional_text()?,
        contact_email: reader.optional_text()?,
        phone: reader.optional_text()?,
        position: reader.optional_text()?,
        custom_fields: [reader.optional_text()?, reader.optional_text()?, reader.optional_text()?],
    })
}

pub(crate) fn client(reader: &mut RowReader) -> Result<Client, StoreError> {
    Ok(Client {
        id: reader.int()?,
        name: reader.text()?,
        platform_id: reader.optional_text()?,
        client_type: reader.optional_int()?,
        phone: reader.optional_text()?,
        email: reader.optional_text()?,
        tag: reader.optional_text()?,
        created_at: reader.time()?,
        last_message_at: reader.optional_time()?,
        question: reader.optional_text()?,
        operator: reader.optional_int()?,
        unread: reader.int()?,
        blocked: reader.flag()?,
        unsubscribed: reader.flag()?,
        queued: reader.flag()?,
        queued_until: reader.optional_time()?,
        position: reader.optional_int()?,
        main_client: reader.optional_int()?,
        current_deal: reader.optional_int()?,
        current_deal_chosen: reader.flag()?,
        group: reader.optional_text()?,
        paused_until: reader.optional_time()?,
    })
}

/// The parameters of `INSERT_CLIENT`.
pub(crate) fn insert_client<'c>(batch: &mut Batch<'c>, project: ProjectId, client: &'c Client, version: i64) {
    batch
        .int(project)
        .int(client.id)
        .text(client.name.as_str())
        .optional_text(client.platform_id.as_deref())
        .optional_int(client.client_type)
        .optional_text(client.phone.as_deref())
        .optional_text(client.email.as_deref())
        .optional_text(client.tag.as_deref())
        .time(client.created_at)
        .optional_time(client.last_message_at)
        .optional_text(client.question.as_deref())
        .optional_int(client.operator)
        .int(client.unread)
        .flag(client.blocked)
        .flag(client.unsubscribed)
        .flag(client.queued)
        .optional_time(client.queued_until)
        .optional_int(client.position)
        .optional_int(client.main_client)
        .optional_int(client.current_deal)
        .flag(client.current_deal_chosen)
        .optional_owned(client.phone.as_deref().and_then(key::phone))
        .optional_owned(client.email.as_deref().map(key::email))
        .optional_text(client.group.as_deref())
        .optional_time(client.paused_until)
        .int(version);
}

pub(crate) fn deal(reader: &mut RowReader) -> Result<Deal, StoreError> {
    Ok(Deal {
        id: reader.int()?,
        client: reader.int()?,
        name: reader.text()?,
        description: reader.text()?,
        budget: {
            let text = reader.text()?;
            budget(&text).ok_or_else(|| StoreError::corrupt(message!("stored-budget-unknown", found = &text)))?
        },
        pipeline: reader.optional_int()?,
        stage: reader.optional_int()?,
        status: {
            let word = reader.text()?;
            DealStatus::from_word(&word).ok_or_else(|| StoreError::corrupt(message!("stored-deal-status-unknown", found = &word)))?
        },
        created_at: reader.time()?,
        closed_at: reader.optional_time()?,
        operator: reader.optional_int()?,
    })
}

/// The parameters of `INSERT_DEAL`.
pub(crate) fn insert_deal<'d>(batch: &mut Batch<'d>, project: ProjectId, deal: &'d Deal) {
    batch
        .int(project)
        .int(deal.id)
        .int(deal.client)
        .text(deal.name.as_str())
        .text(deal.description.as_str())
        .text(deal.budget.to_string())
        .optional_int(deal.pipeline)
        .optional_int(deal.stage)
        .text(deal.status.word())
        .time(deal.created_at)
        .optional_time(deal.closed_at)
        .optional_int(deal.operator);
}

pub(crate) fn task(reader: &mut RowReader) -> Result<Task, StoreError> {
    Ok(Task {
        id: reader.int()?,
        client: reader.int()?,
        operator: reader.optional_int()?,
        name: reader.text()?,
        description: reader.text()?,
        due_date: {
            let text = reader.text()?;
            NaiveDate::parse_from_str(&text, STORED_DATE)
                .map_err(|_| StoreError::corrupt(message!("stored-date-unknown", found = &text)))?
        },
        due_time: reader.int()?,
        done: reader.flag()?,
        done_at: reader.optional_time()?,
    })
}

/// The parameters of `INSERT_TASK`.
pub(crate) fn insert_task<'t>(batch: &mut Batch<'t>, project: ProjectId, task: &'t Task) {
    batch
        .int(project)
        .int(task.id)
        .int(task.client)
        .optional_int(task.operator)
        .text(task.name.as_str())
        .text(task.description.as_str())
        .text(task.due_date.format(STORED_DATE).to_string())
        .int(task.due_time)
        .flag(task.done)
        .optional_time(task.done_at);
}

/// Adds a list, without clients.
pub(crate) fn insert_list<'l>(batch: &mut Batch<'l>, project: ProjectId, list: &'l ClientList) {
    batch.add(&statements::INSERT_LIST).int(project).int(list.id).text(list.name.as_str()).text(key::name(&list.name));
}

/// Adds a label, without clients.
pub(crate) fn insert_label<'l>(batch: &mut Batch<'l>, project: ProjectId, label: &'l ClientLabel) {
    batch.add(&statements::INSERT_LABEL).int(project).int(label.id).text(label.name.as_str()).text(key::name(&label.name)).int(label.color);
}

/// The number a text stands for, as a budget.
pub(crate) fn budget(text: &str) -> Option<Number> {
    match number::parse(text)? {
        number::Number::Int(int) => Some(Number::from(int)),
        number::Number::Float(float) => Number::from_f64(float),
    }
}
