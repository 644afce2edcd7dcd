//! What a session changed, in order: data for programs, a sentence for people.
//! Knows no database: every fact a reader wants is in the effect itself.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value as Json};

use super::model::DealStatus;
use crate::crm::{BlockId, ClientId, DealId, LabelId, ListId, PipelineId, RecordId, StageId, TableId, TaskId};
use crate::value::{Value, json};
use crate::wording::{Argument, Message, message};

/// One change. `kind` and the fields are a public format (`calc run --format json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are named for what they hold; `sentence` shows each in use")]
pub enum Effect {
    /// A deal was made and became its client's current one.
    DealCreated {
        id: DealId,
        client: ClientId,
        name: String,
        description: String,
        budget: Number,
        stage: Option<StageId>,
        stage_name: Option<String>,
        pipeline: Option<PipelineId>,
        pipeline_name: Option<String>,
    },
    /// A deal has another name.
    DealRenamed { id: DealId, old: String, new: String },
    /// A deal has another budget.
    DealBudgetSet { id: DealId, old: Number, new: Number },
    /// A deal has another description.
    DealDescribed { id: DealId, old: String, new: String },
    /// A function set a variable of a deal.
    DealVariableSet { id: DealId, name: String, value: Json },
    /// A function deleted a variable of a deal.
    DealVariableDeleted { id: DealId, name: String },
    /// A deal is in another stage.
    DealMoved {
        id: DealId,
        old_stage: Option<StageId>,
        old_stage_name: Option<String>,
        stage: StageId,
        stage_name: String,
        pipeline: PipelineId,
        pipeline_name: String,
    },
    /// A deal was closed, relabelled or opened again.
    DealStatusSet { id: DealId, old: DealStatus, new: DealStatus },
    /// A deal went, and its variables with it.
    DealDeleted { id: DealId, client: ClientId, name: String },
    /// A deal has another operator of its own.
    DealOperatorAssigned { id: DealId, operator: String, old: Option<String> },
    /// A client has another current deal, or none any more.
    CurrentDealSet { client: ClientId, id: Option<DealId> },
    /// A client was made.
    ClientCreated { id: ClientId, name: String, phone: Option<String>, email: Option<String> },
    /// A client has another name.
    ClientRenamed { id: ClientId, old: String, new: String },
    /// A function set a variable of a client.
    ClientVariableSet { id: ClientId, name: String, value: Json },
    /// A function deleted a variable of a client.
    ClientVariableDeleted { id: ClientId, name: String },
    /// A client has another responsible operator.
    OperatorAssigned { client: ClientId, operator: String, old: Option<String> },
    /// A client has no responsible operator any more.
    OperatorRemoved { client: ClientId, operator: String },
    /// A client waits for distribution.
    ClientQueued { client: ClientId, until: Option<String> },
    /// A comment was added to a dialogue.
    NoteAdded { client: ClientId, text: String },
    /// A dialogue shows another number of unread messages.
    UnreadSet { client: ClientId, old: i64, new: i64 },
    /// A client wants no messages of the bot any more.
    Unsubscribed { client: ClientId },
    /// A client wants messages of the bot again.
    Resubscribed { client: ClientId },
    /// The bot ignores a client.
    ClientBlocked { client: ClientId },
    /// The bot reacts to a client again.
    ClientUnblocked { client: ClientId },
    /// Scheduled messages of a client were dropped.
    ScheduledDeleted { client: ClientId, count: usize },
    /// A message was scheduled.
    MessageScheduled { client: ClientId, block: Option<BlockId>, text: Option<String>, due_at: String, do_not_cancel: bool },
    /// The bot does nothing for a client until a time.
    BotPaused { client: ClientId, until: String },
    /// The bot works for a client again.
    BotResumed { client: ClientId },
    /// A client is linked to a main client.
    ClientLinked { client: ClientId, main: ClientId },
    /// A client has no main client any more.
    ClientUnlinked { client: ClientId },
    /// The host is to give the bot a command in a client's dialogue.
    CallbackRequested { client: ClientId, text: String },
    /// The host is to run a block for a client, with this text in place of its message.
    BlockRequested { client: ClientId, block: BlockId, text: Option<String> },
    /// The host is to delete a message in the messenger.
    RemovalRequested { client: ClientId, message_ids: String },
    /// The host is to tell operators something.
    NotificationRequested { client: ClientId, text: String, operators: Vec<String>, priority: i64 },
    /// A task was made.
    TaskCreated { id: TaskId, client: ClientId, operator: String, name: String, description: String, due_date: String, due_time: String },
    /// A task says something else.
    TaskUpdated { id: TaskId, operator: String, name: String, description: String, due_date: String, due_time: String },
    /// A task is done.
    TaskDone { id: TaskId, name: String },
    /// A task went.
    TaskDeleted { id: TaskId, name: String },
    /// A list was made.
    ListCreated { id: ListId, name: String },
    /// A client is in a list from now on.
    ListJoined { id: ListId, name: String, client: ClientId },
    /// A client is in a list no more.
    ListLeft { id: ListId, name: String, client: ClientId },
    /// All clients of a list went out of it.
    ListCleared { id: ListId, name: String, count: i64 },
    /// A list went.
    ListDeleted { id: ListId, name: String },
    /// A label was made.
    LabelCreated { id: LabelId, name: String, color: i64 },
    /// A client has a label from now on.
    LabelAttached { id: LabelId, name: String, client: ClientId },
    /// A client has a label no more.
    LabelDetached { id: LabelId, name: String, client: ClientId },
    /// A label came off all clients.
    LabelCleared { id: LabelId, name: String, count: i64 },
    /// A label went.
    LabelDeleted { id: LabelId, name: String },
    /// A table has another column, the last one.
    ColumnAdded { table: TableId, table_name: String, name: String },
    /// A record was added to a table.
    RecordCreated { id: RecordId, table: TableId, table_name: String, cells: Json },
    /// Cells of a record have other values.
    RecordUpdated { id: RecordId, table: TableId, table_name: String, cells: Json },
    /// A record went.
    RecordDeleted { id: RecordId, table: TableId, table_name: String },
    /// The client wrote.
    MessageReceived { client: ClientId, text: String },
    /// The bot was given a command that the client does not see.
    CallbackReceived { client: ClientId, text: String },
    /// A message waits in the outbox.
    MessageQueued { client: ClientId, text: String, block: Option<BlockId> },
    /// A message will not be sent.
    MessageRefused { client: ClientId, text: String, block: Option<BlockId>, error: String },
    /// An error of a script was noted in the history.
    ErrorRecorded { client: ClientId, error: String },
    /// The client was in a block.
    VisitRecorded { client: ClientId, block: BlockId },
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
            Self::RecordCreated { table_name, cells, .. } | Self::RecordUpdated { table_name, cells, .. } => {
                table_name.len() + json_weight(cells)
            }
            Self::ColumnAdded { table_name, name, .. } => table_name.len() + name.len(),
            Self::RecordDeleted { table_name, .. } => table_name.len(),
            Self::NoteAdded { text, .. }
            | Self::MessageReceived { text, .. }
            | Self::CallbackReceived { text, .. }
            | Self::CallbackRequested { text, .. }
            | Self::MessageQueued { text, .. } => text.len(),
            Self::NotificationRequested { text, operators, .. } => text.len() + operators.iter().map(String::len).sum::<usize>(),
            Self::MessageScheduled { text, .. } | Self::BlockRequested { text, .. } => text.as_deref().map_or(0, str::len),
            Self::MessageRefused { text, error, .. } => text.len() + error.len(),
            Self::ClientCreated { name, .. }
            | Self::DealDeleted { name, .. }
            | Self::ListCreated { name, .. }
            | Self::ListJoined { name, .. }
            | Self::ListLeft { name, .. }
            | Self::ListCleared { name, .. }
            | Self::ListDeleted { name, .. }
            | Self::LabelCreated { name, .. }
            | Self::LabelAttached { name, .. }
            | Self::LabelDetached { name, .. }
            | Self::LabelCleared { name, .. }
            | Self::LabelDeleted { name, .. } => name.len(),
            _ => 0,
        }
    }

    /// One line in words.
    #[must_use]
    #[allow(clippy::too_many_lines, reason = "one line for each kind, nothing between them")]
    pub fn message(&self) -> Message {
        match self {
            Self::DealCreated { id, name, budget, stage_name, pipeline_name, .. } => {
                let place = place(pipeline_name.as_deref(), stage_name.as_deref());
                message!("deal-created", id = id.to_string(), name = quoted(name), budget = number(budget), place = place)
            }
            Self::DealRenamed { id, old, new } => message!("deal-renamed", id = id.to_string(), new = quoted(new), old = quoted(old)),
            Self::DealBudgetSet { id, old, new } => message!("deal-budget-set", id = id.to_string(), new = number(new), old = number(old)),
            Self::DealDescribed { id, new, .. } => message!("deal-described", id = id.to_string(), new = quoted(new)),
            Self::DealVariableSet { id, name, value } => {
                message!("deal-variable-set", id = id.to_string(), name = name, value = shown(value))
            }
            Self::DealVariableDeleted { id, name } => message!("deal-variable-deleted", id = id.to_string(), name = name),
            Self::DealMoved { id, old_stage_name, stage_name, pipeline_name, .. } => {
                let old = old_stage_name.as_deref().map_or_else(|| Argument::from(message!("unprocessed")), Argument::from);
                message!("deal-moved", id = id.to_string(), place = place(Some(pipeline_name), Some(stage_name)), old = old)
            }
            Self::DealStatusSet { id, old, new } => {
                message!("deal-status-set", id = id.to_string(), new = Self::deal_status(*new), old = Self::deal_status(*old))
            }
            Self::DealDeleted { id, name, .. } => message!("deal-deleted", id = id.to_string(), name = quoted(name)),
            Self::DealOperatorAssigned { id, operator, old: None } => {
                message!("deal-assigned", id = id.to_string(), operator = operator)
            }
            Self::DealOperatorAssigned { id, operator, old: Some(old) } => {
                message!("deal-reassigned", id = id.to_string(), operator = operator, old = old)
            }
            Self::CurrentDealSet { client, id: Some(id) } => {
                message!("current-deal-set", id = id.to_string(), client = client.to_string())
            }
            Self::CurrentDealSet { client, id: None } => message!("no-current-deal", client = client.to_string()),
            Self::ClientCreated { id, name, phone, email } => {
                let parts = std::iter::once(quoted(name)).chain([phone, email].into_iter().flatten().cloned());
                message!("client-created", id = id.to_string(), client = parts.collect::<Vec<_>>().join(", "))
            }
            Self::ClientRenamed { id, old, new } => message!("client-renamed", id = id.to_string(), new = quoted(new), old = quoted(old)),
            Self::ClientVariableSet { id, name, value } => {
                message!("client-variable-set", id = id.to_string(), name = name, value = shown(value))
            }
            Self::ClientVariableDeleted { id, name } => message!("client-variable-deleted", id = id.to_string(), name = name),
            Self::OperatorAssigned { client, operator, old: None } => {
                message!("client-assigned", client = client.to_string(), operator = operator)
            }
            Self::OperatorAssigned { client, operator, old: Some(old) } => {
                message!("client-reassigned", client = client.to_string(), operator = operator, old = old)
            }
            Self::OperatorRemoved { client, operator } => {
                message!("operator-removed", client = client.to_string(), operator = operator)
            }
            Self::ClientQueued { client, until: Some(until) } => {
                message!("client-queued", client = client.to_string(), until = until)
            }
            Self::ClientQueued { client, until: None } => message!("client-queued-forever", client = client.to_string()),
            Self::NoteAdded { client, text } => message!("note-added", client = client.to_string(), text = quoted(text)),
            Self::UnreadSet { client, old, new } => message!("unread-set", client = client.to_string(), new = *new, old = *old),
            Self::Unsubscribed { client } => message!("unsubscribed", client = client.to_string()),
            Self::Resubscribed { client } => message!("resubscribed", client = client.to_string()),
            Self::ClientBlocked { client } => message!("client-blocked", client = client.to_string()),
            Self::ClientUnblocked { client } => message!("client-unblocked", client = client.to_string()),
            Self::ScheduledDeleted { client, count } => {
                message!("scheduled-deleted", client = client.to_string(), count = *count)
            }
            Self::MessageScheduled { client, block, text, due_at, .. } => {
                let content = match (text, block) {
                    (Some(text), _) => Argument::from(quoted(text)),
                    (None, Some(block)) => message!("scheduled-block", block = block.to_string()).into(),
                    (None, None) => Argument::from(""),
                };
                message!("message-scheduled", client = client.to_string(), content = content, due = due_at)
            }
            Self::BotPaused { client, until } => message!("bot-paused", client = client.to_string(), until = until),
            Self::BotResumed { client } => message!("bot-resumed", client = client.to_string()),
            Self::ClientLinked { client, main } => message!("client-linked", client = client.to_string(), main = main.to_string()),
            Self::ClientUnlinked { client } => message!("client-unlinked", client = client.to_string()),
            Self::CallbackRequested { client, text } => {
                message!("callback-requested", client = client.to_string(), text = quoted(text))
            }
            Self::BlockRequested { client, block, text: None } => {
                message!("block-requested", client = client.to_string(), block = block.to_string())
            }
            Self::BlockRequested { client, block, text: Some(text) } => {
                message!("block-requested-with-text", client = client.to_string(), block = block.to_string(), text = quoted(text))
            }
            Self::RemovalRequested { client, message_ids } => {
                message!("removal-requested", client = client.to_string(), ids = message_ids)
            }
            Self::NotificationRequested { client, text, operators, .. } => message!(
                "notification-requested",
                client = client.to_string(),
                operators = Argument::all(operators.iter().cloned()),
                text = quoted(text)
            ),
            Self::TaskCreated { id, operator, name, due_date, due_time, .. } => {
                let due = format!("{due_date} {due_time}");
                message!("task-created", id = id.to_string(), name = quoted(name), operator = operator, due = due)
            }
            Self::TaskUpdated { id, operator, name, due_date, due_time, .. } => {
                let due = format!("{due_date} {due_time}");
                message!("task-updated", id = id.to_string(), name = quoted(name), operator = operator, due = due)
            }
            Self::TaskDone { id, name } => message!("task-done", id = id.to_string(), name = quoted(name)),
            Self::TaskDeleted { id, name } => message!("task-deleted", id = id.to_string(), name = quoted(name)),
            Self::ListCreated { id, name } => message!("list-created", id = id.to_string(), name = quoted(name)),
            Self::ListJoined { id, name, client } => {
                message!("list-joined", id = id.to_string(), name = quoted(name), client = client.to_string())
            }
            Self::ListLeft { id, name, client } => {
                message!("list-left", id = id.to_string(), name = quoted(name), client = client.to_string())
            }
            Self::ListCleared { id, name, count } => message!("list-cleared", id = id.to_string(), name = quoted(name), count = *count),
            Self::ListDeleted { id, name } => message!("list-deleted", id = id.to_string(), name = quoted(name)),
            Self::LabelCreated { id, name, color } => {
                message!("label-created", id = id.to_string(), name = quoted(name), color = *color)
            }
            Self::LabelAttached { id, name, client } => {
                message!("label-attached", id = id.to_string(), name = quoted(name), client = client.to_string())
            }
            Self::LabelDetached { id, name, client } => {
                message!("label-detached", id = id.to_string(), name = quoted(name), client = client.to_string())
            }
            Self::LabelCleared { id, name, count } => {
                message!("label-cleared", id = id.to_string(), name = quoted(name), count = *count)
            }
            Self::LabelDeleted { id, name } => message!("label-deleted", id = id.to_string(), name = quoted(name)),
            Self::ColumnAdded { table_name, name, .. } => message!("column-added", table = quoted(table_name), name = quoted(name)),
            Self::RecordCreated { id, table_name, cells, .. } => {
                message!("record-created", id = id.to_string(), table = quoted(table_name), cells = shown(cells))
            }
            Self::RecordUpdated { id, table_name, cells, .. } => {
                message!("record-updated", id = id.to_string(), table = quoted(table_name), cells = shown(cells))
            }
            Self::RecordDeleted { id, table_name, .. } => {
                message!("record-deleted", id = id.to_string(), table = quoted(table_name))
            }
            Self::MessageReceived { client, text } => message!("message-received", client = client.to_string(), text = quoted(text)),
            Self::CallbackReceived { client, text } => message!("callback-received", client = client.to_string(), text = quoted(text)),
            Self::MessageQueued { client, text, .. } => message!("message-queued", client = client.to_string(), text = quoted(text)),
            Self::MessageRefused { client, text, error, .. } => {
                message!("message-refused", client = client.to_string(), reason = Self::refusal(error), text = quoted(text))
            }
            Self::ErrorRecorded { client, error } => message!("error-recorded", client = client.to_string(), error = error),
            Self::VisitRecorded { client, block } => {
                message!("visit-recorded", client = client.to_string(), block = block.to_string())
            }
        }
    }

    /// Why a message is refused, in words; the reasons are data that programs read, in English.
    #[must_use]
    pub fn refusal(error: &str) -> Message {
        match error {
            "client is blocked" => message!("refused-blocked"),
            "client is unsubscribed" => message!("refused-unsubscribed"),
            other => message!("refused-otherwise", reason = other),
        }
    }

    /// The status of a deal, in words.
    #[must_use]
    pub fn deal_status(status: DealStatus) -> Message {
        match status {
            DealStatus::Active => message!("deal-active"),
            DealStatus::Success => message!("deal-success"),
            DealStatus::Fail => message!("deal-fail"),
            DealStatus::Archive => message!("deal-archive"),
        }
    }

    /// The line in English, for logs.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.message().to_string()
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
    Value::from(value).json_form()
}

fn number(budget: &Number) -> String {
    shown(&Json::Number(budget.clone()))
}

fn place(pipeline: Option<&str>, stage: Option<&str>) -> Argument {
    match (pipeline, stage) {
        // The stage first: it is what one looks for.
        (Some(pipeline), Some(stage)) => format!("{stage} / {pipeline}").into(),
        _ => message!("unprocessed").into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Number, json};

    use super::Effect;
    use crate::crm::{ClientId, DealId, PipelineId, StageId};

    #[test]
    fn a_created_deal_in_words_and_as_data() {
        let effect = Effect::DealCreated {
            id: DealId(12),
            client: ClientId(101),
            name: "Website order".to_owned(),
            description: String::new(),
            budget: Number::from(1500),
            stage: Some(StageId(11)),
            stage_name: Some("New".to_owned()),
            pipeline: Some(PipelineId(3)),
            pipeline_name: Some("Sales".to_owned()),
        };
        assert_eq!(effect.sentence(), "deal 12 created  \"Website order\", budget 1500, New / Sales");
        let data = serde_json::to_value(&effect).unwrap_or_default();
        assert_eq!(data["kind"], json!("deal_created"));
        assert_eq!(data["budget"], json!(1500));
    }
}
