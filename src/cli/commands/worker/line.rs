//! The lines that a pipeline sends to a worker: events, and what became of messages.

use calc::crm::{BlockId, ClientId, ProjectId};
use calc::engine::Event;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A line of standard input.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Line {
    Delivered { delivered: Sent },
    Failed { failed: NotSent },
    Event(EventLine),
}

/// A message that arrived.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub project: Option<ProjectId>,
    pub client: ClientId,
    pub number: i64,
}

/// A message that did not.
#[derive(Debug, Deserialize)]
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
#[derive(Debug, Deserialize)]
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

/// Reads a line; the reason why it is none.
pub fn parse(text: &str) -> Result<Line, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    // Read by what it holds, so that the reason names what is wrong with the kind of line that was meant.
    let kind = ["delivered", "failed"].into_iter().find(|kind| value.get(kind).is_some());
    let line = match kind {
        Some("delivered") => serde_json::from_value(value["delivered"].clone()).map(|delivered| Line::Delivered { delivered }),
        Some(_) => serde_json::from_value(value["failed"].clone()).map(|failed| Line::Failed { failed }),
        None => serde_json::from_value(value).map(Line::Event),
    };
    let line = line.map_err(|error| format!("neither an event nor a confirmation: {error}"))?;
    match &line {
        Line::Event(event) if event.text.is_some() && event.callback.is_some() => {
            Err("an event has either a text or a callback".to_owned())
        }
        _ => Ok(line),
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, parse};

    #[test]
    fn lines() {
        let event = r#"{"project": 1, "client": 101, "event": "e", "block": 7, "text": null, "at": "2026-11-22T07:00:00Z"}"#;
        assert!(matches!(parse(event), Ok(Line::Event(_))));
        assert!(matches!(parse(r#"{"delivered": {"client": 1, "number": 2}}"#), Ok(Line::Delivered { .. })));
        let failed = parse(r#"{"failed": {"client": 1, "number": 2, "error": "gone", "final": true}}"#);
        assert!(matches!(failed, Ok(Line::Failed { failed }) if failed.is_final));
        for (text, reason) in [
            ("", "not JSON"),
            ("[]", "neither an event"),
            (r#"{"client": 101}"#, "missing field `block`"),
            (r#"{"client": 101, "block": 7, "texte": "x"}"#, "unknown field `texte`"),
            (r#"{"client": 101, "block": 7, "text": "x", "callback": "paid"}"#, "either a text or a callback"),
            (r#"{"delivered": {"client": 1}}"#, "missing field `number`"),
        ] {
            let error = parse(text).expect_err("no line");
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
