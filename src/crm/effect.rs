//! What a session changed, in order: data for programs, a sentence for people.
//! Knows no database: every fact a reader wants is in the effect itself.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value as Json};

use super::model::DealStatus;
use crate::value::json;

/// One change. `kind` and the fields are a public format (`calc run --format json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are named for what they hold; `sentence` shows each in use")]
pub enum Effect {
    /// A deal was made and became its client's current one.
    DealCreated {
        id: i64,
        client: i64,
        name: String,
        description: String,
        budget: Number,
        stage: Option<i64>,
        stage_name: Option<String>,
        pipeline: Option<i64>,
        pipeline_name: Option<String>,
    },
    /// A deal has another name.
    DealRenamed { id: i64, old: String, new: String },
    /// A deal has another budget.
    DealBudgetSet { id: i64, old: Number, new: Number },
    /// A deal has another description.
    DealDescribed { id: i64, old: String, new: String },
    /// A function set a variable of a deal.
    DealVariableSet { id: i64, name: String, value: Json },
    /// A function deleted a variable of a deal.
    DealVariableDeleted { id: i64, name: String },
    /// A deal is in another stage.
    DealMoved {
        id: i64,
        old_stage: Option<i64>,
        old_stage_name: Option<String>,
        stage: i64,
        stage_name: String,
        pipeline: i64,
        pipeline_name: String,
    },
    /// A deal was closed, relabelled or opened again.
    DealStatusSet { id: i64, old: DealStatus, new: DealStatus },
    /// A deal went, and its variables with it.
    DealDeleted { id: i64, client: i64, name: String },
    /// A deal has another operator of its own.
    DealOperatorAssigned { id: i64, operator: String, old: Option<String> },
    /// A client has another current deal, or none any more.
    CurrentDealSet { client: i64, id: Option<i64> },
    /// A client was made.
    ClientCreated { id: i64, name: String, phone: Option<String>, email: Option<String> },
    /// A client has another name.
    ClientRenamed { id: i64, old: String, new: String },
    /// A function set a variable of a client.
    ClientVariableSet { id: i64, name: String, value: Json },
    /// A function deleted a variable of a client.
    ClientVariableDeleted { id: i64, name: String },
    /// A client has another responsible operator.
    OperatorAssigned { client: i64, operator: String, old: Option<String> },
    /// A client has no responsible operator any more.
    OperatorRemoved { client: i64, operator: String },
    /// A client waits for distribution.
    ClientQueued { client: i64, until: Option<String> },
    /// A comment was added to a dialogue.
    NoteAdded { client: i64, text: String },
    /// A dialogue shows another number of unread messages.
    UnreadSet { client: i64, old: i64, new: i64 },
    /// A client wants no messages of the bot any more.
    Unsubscribed { client: i64 },
    /// A client wants messages of the bot again.
    Resubscribed { client: i64 },
    /// The bot ignores a client.
    ClientBlocked { client: i64 },
    /// The bot reacts to a client again.
    ClientUnblocked { client: i64 },
    /// Scheduled messages of a client were dropped.
    ScheduledDeleted { client: i64, count: usize },
    /// A message was scheduled.
    MessageScheduled { client: i64, block: Option<i64>, text: Option<String>, due_at: String, do_not_cancel: bool },
    /// A task was made.
    TaskCreated { id: i64, client: i64, operator: String, name: String, description: String, due_date: String, due_time: String },
    /// A task says something else.
    TaskUpdated { id: i64, operator: String, name: String, description: String, due_date: String, due_time: String },
    /// A task is done.
    TaskDone { id: i64, name: String },
    /// A task went.
    TaskDeleted { id: i64, name: String },
    /// The client wrote.
    MessageReceived { client: i64, text: String },
    /// A message waits in the outbox.
    MessageQueued { client: i64, text: String, block: Option<i64> },
    /// A message will not be sent.
    MessageRefused { client: i64, text: String, block: Option<i64>, error: String },
    /// An error of a script was noted in the history.
    ErrorRecorded { client: i64, error: String },
    /// The client was in a block.
    VisitRecorded { client: i64, block: i64 },
}

impl Effect {
    /// About how many bytes its texts and values take.
    pub(crate) fn weight(&self) -> usize {
        let own = size_of::<Self>();
        own + match self {
            Self::DealCreated { name, description, .. }
            | Self::TaskCreated { name, description, .. }
            | Self::TaskUpdated { name, description, .. } => name.len() + description.len(),
            Self::DealRenamed { old, new, .. } | Self::DealDescribed { old, new, .. } | Self::ClientRenamed { old, new, .. } => {
                old.len() + new.len()
            }
            Self::DealVariableSet { name, value, .. } | Self::ClientVariableSet { name, value, .. } => name.len() + json_weight(value),
            Self::NoteAdded { text, .. } | Self::MessageReceived { text, .. } | Self::MessageQueued { text, .. } => text.len(),
            Self::MessageScheduled { text, .. } => text.as_deref().map_or(0, str::len),
            Self::MessageRefused { text, error, .. } => text.len() + error.len(),
            Self::ClientCreated { name, .. } | Self::DealDeleted { name, .. } => name.len(),
            _ => 0,
        }
    }

    /// One line in words.
    #[must_use]
    #[allow(clippy::too_many_lines, reason = "one line for each kind, nothing between them")]
    pub fn sentence(&self) -> String {
        match self {
            Self::DealCreated { id, name, budget, stage_name, pipeline_name, .. } => {
                let place = place(pipeline_name.as_deref(), stage_name.as_deref());
                format!("deal {id} created  {}, budget {}, {place}", quoted(name), number(budget))
            }
            Self::DealRenamed { id, old, new } => format!("deal {id} renamed  {} (was {})", quoted(new), quoted(old)),
            Self::DealBudgetSet { id, old, new } => {
                format!("deal {id} budget set  {} (was {})", number(new), number(old))
            }
            Self::DealDescribed { id, new, .. } => format!("deal {id} described  {}", quoted(new)),
            Self::DealVariableSet { id, name, value } => format!("deal {id} variable set  {name} = {}", shown(value)),
            Self::DealVariableDeleted { id, name } => format!("deal {id} variable deleted  {name}"),
            Self::DealMoved { id, old_stage_name, stage_name, pipeline_name, .. } => {
                let old = old_stage_name.as_deref().unwrap_or("unprocessed");
                format!("deal {id} moved  {} (was {old})", place(Some(pipeline_name), Some(stage_name)))
            }
            Self::DealStatusSet { id, old, new } => {
                format!("deal {id} status set  {} (was {})", new.word(), old.word())
            }
            Self::DealDeleted { id, name, .. } => format!("deal {id} deleted  {}", quoted(name)),
            Self::DealOperatorAssigned { id, operator, old } => {
                format!("deal {id} assigned  {operator}{}", was(old.as_ref()))
            }
            Self::CurrentDealSet { client, id: Some(id) } => format!("deal {id} is current now  client {client}"),
            Self::CurrentDealSet { client, id: None } => format!("client {client} has no current deal now"),
            Self::ClientCreated { id, name, phone, email } => {
                let contacts: Vec<&str> = [phone, email].into_iter().flatten().map(String::as_str).collect();
                let separator = if contacts.is_empty() { "" } else { ", " };
                format!("client {id} created  {}{separator}{}", quoted(name), contacts.join(", "))
            }
            Self::ClientRenamed { id, old, new } => {
                format!("client {id} renamed  {} (was {})", quoted(new), quoted(old))
            }
            Self::ClientVariableSet { id, name, value } => {
                format!("client {id} variable set  {name} = {}", shown(value))
            }
            Self::ClientVariableDeleted { id, name } => format!("client {id} variable deleted  {name}"),
            Self::OperatorAssigned { client, operator, old } => {
                format!("client {client} assigned  {operator}{}", was(old.as_ref()))
            }
            Self::OperatorRemoved { client, operator } => format!("client {client} freed  was {operator}"),
            Self::ClientQueued { client, until: Some(until) } => format!("client {client} queued  until {until} UTC"),
            Self::ClientQueued { client, until: None } => format!("client {client} queued  no working day in sight"),
            Self::NoteAdded { client, text } => format!("client {client} note added  {}", quoted(text)),
            Self::UnreadSet { client, old, new } => format!("client {client} unread set  {new} (was {old})"),
            Self::Unsubscribed { client } => format!("client {client} unsubscribed"),
            Self::Resubscribed { client } => format!("client {client} subscribed again"),
            Self::ClientBlocked { client } => format!("client {client} blocked"),
            Self::ClientUnblocked { client } => format!("client {client} unblocked"),
            Self::ScheduledDeleted { client, count } => {
                format!("client {client} scheduled messages dropped  {count}")
            }
            Self::MessageScheduled { client, block, text, due_at, .. } => {
                let what = text.as_deref().map(quoted);
                let what = what.or_else(|| block.map(|block| format!("block {block}"))).unwrap_or_default();
                format!("client {client} message scheduled  {what}, due {due_at} UTC")
            }
            Self::TaskCreated { id, operator, name, due_date, due_time, .. } => {
                format!("task {id} created  {} for {operator}, due {due_date} {due_time}", quoted(name))
            }
            Self::TaskUpdated { id, operator, name, due_date, due_time, .. } => {
                format!("task {id} updated  {} for {operator}, due {due_date} {due_time}", quoted(name))
            }
            Self::TaskDone { id, name } => format!("task {id} done  {}", quoted(name)),
            Self::TaskDeleted { id, name } => format!("task {id} deleted  {}", quoted(name)),
            Self::MessageReceived { client, text } => format!("client {client} wrote  {}", quoted(text)),
            Self::MessageQueued { client, text, .. } => format!("message to client {client} queued  {}", quoted(text)),
            Self::MessageRefused { client, text, error, .. } => {
                format!("message to client {client} refused  {error}: {}", quoted(text))
            }
            Self::ErrorRecorded { client, error } => format!("error noted in the history of client {client}  {error}"),
            Self::VisitRecorded { client, block } => format!("client {client} was in block {block}"),
        }
    }
}

fn json_weight(value: &Json) -> usize {
    size_of::<Json>()
        + match value {
            Json::String(text) => text.len(),
            Json::Array(items) => items.iter().map(json_weight).sum(),
            Json::Object(entries) => entries.iter().map(|(name, value)| name.len() + json_weight(value)).sum(),
            Json::Null | Json::Bool(_) | Json::Number(_) => 0,
        }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    json::write_string(&mut out, text);
    out
}

fn shown(value: &Json) -> String {
    let mut out = String::new();
    json::write(&mut out, value);
    out
}

fn number(budget: &Number) -> String {
    shown(&Json::Number(budget.clone()))
}

fn place(pipeline: Option<&str>, stage: Option<&str>) -> String {
    match (pipeline, stage) {
        // The stage first: it is what one looks for.
        (Some(pipeline), Some(stage)) => format!("{stage} / {pipeline}"),
        _ => "unprocessed".to_owned(),
    }
}

fn was(old: Option<&String>) -> String {
    old.map(|old| format!(" (was {old})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Number, json};

    use super::Effect;

    #[test]
    fn a_created_deal_in_words_and_as_data() {
        let effect = Effect::DealCreated {
            id: 12,
            client: 101,
            name: "Website order".to_owned(),
            description: String::new(),
            budget: Number::from(1500),
            stage: Some(11),
            stage_name: Some("New".to_owned()),
            pipeline: Some(3),
            pipeline_name: Some("Sales".to_owned()),
        };
        assert_eq!(effect.sentence(), "deal 12 created  \"Website order\", budget 1500, New / Sales");
        let data = serde_json::to_value(&effect).unwrap_or_default();
        assert_eq!(data["kind"], json!("deal_created"));
        assert_eq!(data["budget"], json!(1500));
    }
}
