//! Writes a project as JSON, with every key, in the form the parser reads.
//! Knows no database.

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::{ClientFile, DealFile, OperatorFile, ProjectFile, TableFile};
use crate::crm::model::{Client, Deal, Distribution, Hours, Task, Window};
use crate::crm::requests::{HostRequest, HostWork};
use crate::crm::{OperatorId, time};
use crate::value::calendar::{format_date, format_time};

impl ProjectFile {
    /// The project as JSON, every key there.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let project = &self.project;
        json!({
            "project": {
                "id": project.id,
                "name": project.name,
                "time_zone": project.time_zone.name(),
                "locale": project.locale.code(),
                "auto_accept_leads": project.auto_accept_leads,
                "distribution": distribution(&project.distribution),
                "next_id": self.next_id,
                "variables": self.variables,
            },
            "operators": self.operators.iter().map(Self::operator_row).collect::<Vec<_>>(),
            "pipelines": self.pipelines.iter().map(|pipeline| json!({
                "id": pipeline.id,
                "name": pipeline.name,
                "stages": pipeline.stages.iter()
                    .map(|stage| json!({"id": stage.id, "name": stage.name}))
                    .collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "clients": self.clients.iter().map(|entry| self.client(entry)).collect::<Vec<_>>(),
            "deals": self.deals.iter().map(|entry| self.deal(entry)).collect::<Vec<_>>(),
            "tasks": self.tasks.iter().map(|task| self.task_row(task)).collect::<Vec<_>>(),
            "blocks": self.blocks.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>(),
            "lists": self.lists.iter().map(|entry| json!({
                "id": entry.list.id, "name": entry.list.name, "clients": entry.clients,
            })).collect::<Vec<_>>(),
            "labels": self.labels.iter().map(|entry| json!({
                "id": entry.label.id, "name": entry.label.name, "color": entry.label.color, "clients": entry.clients,
            })).collect::<Vec<_>>(),
            "tables": self.tables.iter().map(table).collect::<Vec<_>>(),
            "events": self.events.iter().map(request_row).collect::<Vec<_>>(),
            "notifications": self.notifications.iter().map(request_row).collect::<Vec<_>>(),
        })
    }

    /// The project as text for people and files, with a line ending at the end.
    #[must_use]
    pub fn to_text(&self) -> String {
        let json = self.to_json();
        let mut text = serde_json::to_string_pretty(&json).unwrap_or_else(|_| json.to_string());
        text.push('\n');
        text
    }

    fn email(&self, operator: Option<OperatorId>) -> Option<&str> {
        let id = operator?;
        self.operators.iter().map(|entry| &entry.operator).find(|operator| operator.id == id).map(|operator| operator.email.as_str())
    }

    fn client(&self, entry: &ClientFile) -> Json {
        let mut row = self.client_row(&entry.client);
        let more = json!({
            "variables": entry.variables,
            "draft": entry.draft,
            "visits": entry.visits.iter().map(|visit| json!({
                "block": visit.block, "first_at": time::format(visit.first_at), "last_at": time::format(visit.last_at),
            })).collect::<Vec<_>>(),
            "notes": entry.notes.iter().map(|note| json!({
                "text": note.text, "author": note.author, "at": time::format(note.at),
            })).collect::<Vec<_>>(),
            "scheduled": entry.scheduled.iter().map(|message| json!({
                "block": message.block,
                "text": message.text,
                "due_at": time::format(message.due_at),
                "do_not_cancel": message.do_not_cancel,
            })).collect::<Vec<_>>(),
            "history": entry.history.iter().map(|entry| json!({
                "direction": entry.direction.word(),
                "author": entry.author,
                "text": entry.text,
                "block": entry.block,
                "delivered": entry.delivered,
                "error": entry.error,
                "at": time::format(entry.at),
                "message_ids": entry.message_ids,
                "removed": entry.removed,
            })).collect::<Vec<_>>(),
            "assignments": entry.assignments.iter().map(|assignment| json!({
                "operator": self.email(Some(assignment.operator)), "at": time::format(assignment.at),
            })).collect::<Vec<_>>(),
        });
        extend(&mut row, more);
        row
    }

    /// An operator as JSON.
    #[must_use]
    pub fn operator_row(OperatorFile { operator, details }: &OperatorFile) -> Json {
        let [first, second, third] = &details.custom_fields;
        json!({
            "email": operator.email,
            "name": operator.name,
            "status": operator.status.word(),
            "description": details.description,
            "contact_email": details.contact_email,
            "phone": details.phone,
            "position": details.position,
            "custom_field1": first,
            "custom_field2": second,
            "custom_field3": third,
        })
    }

    /// A client of the project as JSON, without what belongs to it.
    #[must_use]
    pub fn client_row(&self, client: &Client) -> Json {
        json!({
            "id": client.id,
            "name": client.name,
            "phone": client.phone,
            "email": client.email,
            "platform_id": client.platform_id,
            "client_type": client.client_type,
            "tag": client.tag,
            "created_at": time::format(client.created_at),
            "queued": client.queued,
            "queued_until": optional(client.queued_until),
            "operator": self.email(client.operator),
            "unread": client.unread,
            "blocked": client.blocked,
            "unsubscribed": client.unsubscribed,
            "main_client": client.main_client,
            "current_deal": client.current_deal,
            "current_deal_chosen": client.current_deal_chosen,
            "last_message_at": optional(client.last_message_at),
            "question": client.question,
            "position": client.position,
            "group": client.group,
            "paused_until": optional(client.paused_until),
        })
    }

    /// A deal of the project as JSON, without its variables.
    #[must_use]
    pub fn deal_row(&self, deal: &Deal) -> Json {
        json!({
            "id": deal.id,
            "client": deal.client,
            "name": deal.name,
            "description": deal.description,
            "budget": deal.budget,
            "stage": deal.stage,
            "status": deal.status.word(),
            "created_at": time::format(deal.created_at),
            "closed_at": optional(deal.closed_at),
            "operator": self.email(deal.operator),
        })
    }

    fn deal(&self, DealFile { deal, variables }: &DealFile) -> Json {
        let mut row = self.deal_row(deal);
        extend(&mut row, json!({ "variables": variables }));
        row
    }

    /// A task of the project as JSON.
    #[must_use]
    pub fn task_row(&self, task: &Task) -> Json {
        json!({
            "id": task.id,
            "client": task.client,
            "operator": self.email(task.operator),
            "name": task.name,
            "description": task.description,
            "due_date": format_date(task.due_date),
            "due_time": format_time(task.due_time),
            "done": task.done,
            "done_at": optional(task.done_at),
        })
    }
}

fn table(TableFile { table, records }: &TableFile) -> Json {
    json!({
        "id": table.id,
        "name": table.name,
        "columns": table.columns,
        "next_record": table.next_record,
        "records": records.iter().map(|record| json!({"id": record.id, "cells": record.cells})).collect::<Vec<_>>(),
    })
}

/// Work for the host as JSON.
#[must_use]
pub fn request_row(request: &HostRequest) -> Json {
    let at = time::format(request.at);
    let (block, text, message_ids) = match &request.work {
        HostWork::Notify { text, operators, priority } => {
            return json!({"text": text, "operators": operators, "priority": priority, "client": request.client, "at": at});
        }
        HostWork::Callback { text } => (None, Some(text), None),
        HostWork::Block { block, text } => (Some(block), text.as_ref(), None),
        HostWork::Remove { message_ids } => (None, None, Some(message_ids)),
    };
    json!({
        "kind": request.work.word(), "client": request.client, "text": text, "block": block, "message_ids": message_ids, "at": at,
    })
}

/// Adds the keys of another object.
fn extend(row: &mut Json, more: Json) {
    if let (Json::Object(row), Json::Object(more)) = (row, more) {
        row.extend(more);
    }
}

fn optional(moment: Option<DateTime<Utc>>) -> Option<String> {
    moment.map(time::format)
}

fn distribution(distribution: &Distribution) -> Json {
    json!({
        "enabled": distribution.enabled,
        "hours": match distribution.hours {
            Hours::Always => json!("always"),
            Hours::Between(from, to) => json!([format_time(from), format_time(to)]),
        },
        "days_off": distribution.days_off.numbers().collect::<Vec<_>>(),
        "window": match distribution.window {
            Window::Day => json!("day"),
            Window::Minutes(minutes) => json!(minutes),
        },
    })
}
