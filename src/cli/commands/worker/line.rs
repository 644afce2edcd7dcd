//! The lines that a pipeline sends to a worker or puts into the inbox: events, and what became of messages.

use calc::crm::{BlockId, ClientId, ProjectId};
use calc::diagnostic::reader::reader_problem;
use calc::engine::Event;
use calc::wording::{Message, message};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A line of standard input.
#[derive(Clone, Debug)]
pub enum InputLine {
    Delivered { delivered: Sent },
    Failed { failed: NotSent },
    Done { done: DoneRequest },
    Event(EventLine),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeliveredLine {
    delivered: Sent,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FailedLine {
    failed: NotSent,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DoneLine {
    done: DoneRequest,
}

/// A message that arrived.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub project: Option<ProjectId>,
    pub client: ClientId,
    pub number: i64,
    /// What the messenger calls it; several numbers are joined by `_`.
    pub message_ids: Option<MessageNumbers>,
}

/// The numbers that a messenger gave a message.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum MessageNumbers {
    One(i64),
    Joined(String),
}

impl std::fmt::Display for MessageNumbers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(number) => number.fmt(formatter),
            Self::Joined(numbers) => numbers.fmt(formatter),
        }
    }
}

/// A request of a block that the pipeline has done.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoneRequest {
    pub project: Option<ProjectId>,
    pub by: ClientId,
    pub number: i64,
}

/// A message that did not.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotSent {
    pub project: Option<ProjectId>,
    pub client: ClientId,
    pub number: i64,
    pub error: String,
    /// Whether it is not to be tried again.
    #[serde(default, rename = "final")]
    pub is_final: bool,
}

/// An event: which block to run for which client, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventLine {
    pub project: Option<ProjectId>,
    pub client: ClientId,
    pub event: Option<String>,
    pub block: BlockId,
    pub text: Option<String>,
    pub callback: Option<String>,
    pub at: Option<DateTime<Utc>>,
}

impl EventLine {
    /// The event; `now` is its time unless the line has one.
    pub fn to_event(&self, now: DateTime<Utc>) -> Event {
        let mut event = Event::at(self.at.unwrap_or(now));
        event.id.clone_from(&self.event);
        event.text.clone_from(&self.text);
        event.callback.clone_from(&self.callback);
        event
    }
}

/// Reads a line; the reason why it cannot be one.
pub fn parse(text: &str) -> Result<InputLine, Message> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| message!("not-json", error = with_column(&error)))?;
    let is_object = |kind: &str| value.get(kind).is_none_or(serde_json::Value::is_object);
    // A list would be taken for the fields of an object in their order.
    if !value.is_object() || !is_object("delivered") || !is_object("failed") || !is_object("done") {
        return Err(message!("neither-event-nor-confirmation", error = message!("line-is-no-object")));
    }
    // Read by what it holds, so that the reason names what is wrong with the kind of line that was meant.
    if value.get("delivered").is_some() {
        return serde_json::from_str(text)
            .map(|DeliveredLine { delivered }| InputLine::Delivered { delivered })
            .map_err(|error| no_line(&error));
    }
    if value.get("failed").is_some() {
        return serde_json::from_str(text).map(|FailedLine { failed }| InputLine::Failed { failed }).map_err(|error| no_line(&error));
    }
    if value.get("done").is_some() {
        return serde_json::from_str(text).map(|DoneLine { done }| InputLine::Done { done }).map_err(|error| no_line(&error));
    }
    serde_json::from_str(text).map(InputLine::Event).map_err(|error| no_line(&error))
}

fn no_line(error: &serde_json::Error) -> Message {
    message!("neither-event-nor-confirmation", error = with_column(error))
}

/// Reads a line that must be an event; the reason why it is not one.
pub fn parse_event(text: &str) -> Result<EventLine, Message> {
    if text.trim_start().starts_with('[') {
        return Err(message!("not-an-event", error = message!("line-is-no-object")));
    }
    serde_json::from_str(text).map_err(|error| {
        let problem = with_column(&error);
        if error.is_data() { message!("not-an-event", error = problem) } else { message!("not-json", error = problem) }
    })
}

/// What is wrong with a text of one line, and in which column.
fn with_column(error: &serde_json::Error) -> Message {
    match error.column() {
        0 => reader_problem(error),
        column => message!("in-column", problem = reader_problem(error), column = column),
    }
}

#[cfg(test)]
mod tests {
    use super::{InputLine, parse};

    #[test]
    fn lines() {
        let event = r#"{"project": 1, "client": 101, "event": "e", "block": 7, "text": null, "at": "2026-11-22T07:00:00Z"}"#;
        assert!(matches!(parse(event), Ok(InputLine::Event(_))));
        assert!(matches!(parse(r#"{"delivered": {"client": 1, "number": 2}}"#), Ok(InputLine::Delivered { .. })));
        let numbered = parse(r#"{"delivered": {"client": 1, "number": 2, "message_ids": 812}}"#);
        assert!(matches!(numbered, Ok(InputLine::Delivered { delivered }) if delivered.message_ids.is_some()));
        assert!(matches!(parse(r#"{"done": {"by": 1, "number": 2}}"#), Ok(InputLine::Done { .. })));
        let failed = parse(r#"{"failed": {"client": 1, "number": 2, "error": "gone", "final": true}}"#);
        assert!(matches!(failed, Ok(InputLine::Failed { failed }) if failed.is_final));
        for (text, reason) in [
            ("", "not JSON"),
            ("[]", "neither an event"),
            (r#"[1, 101, "e", 7, null, null, null]"#, "not a JSON object"),
            (r#"{"delivered": [1, 101, 5]}"#, "not a JSON object"),
            (r#"{"client": 101}"#, "`block` is missing"),
            (r#"{"client": 101, "block": 7, "texte": "x"}"#, "there is no key `texte`: did you mean `text`?"),
            (r#"{"client": 101, "block": "7"}"#, "a whole number is expected, found the text `7` (column 28)"),
            (r#"{"client": 101, "block": 7"#, "column 26"),
            (r#"{"delivered": {"client": 1, "number": 2}, "failed": {}}"#, "there is no key `failed`"),
            (r#"{"delivered": {"client": 1}}"#, "`number` is missing"),
        ] {
            let error = parse(text).expect_err("no line").to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
