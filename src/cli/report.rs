//! What a run did, in words for people. Composes text, prints nothing.

use std::borrow::Cow;

use calc::crm::Effect;
use calc::diagnostic::render::Renderer;
use calc::diagnostic::visible::visible;
use calc::diagnostic::{Diagnostic, Severity};
use calc::engine::{MessageOutcome, MessageStatus, Outcome, Skipped, Status};
use calc::wording::message;
use serde_json::Value as Json;

use crate::language::{self, say};

/// The diagnostics of a text, drawn.
pub fn drawn(name: &str, text: &str, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = Renderer::new(name, text, colour).in_language(language::current());
    let mut drawn = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if drawn.len() > MOST_DRAWN {
            drawn.push_str(&say(&message!("more-not-shown", name = name, count = diagnostics.len() - index)));
            drawn.push('\n');
            break;
        }
        drawn.push_str(&renderer.render(diagnostic));
    }
    drawn
}

/// How many bytes of diagnostics of one file a person may want to see.
const MOST_DRAWN: usize = 1 << 18;

/// What a run did, one line each; of a quiet one only what it printed, its message and whether it failed.
pub fn outcome(outcome: &Outcome, is_dry: bool, is_quiet: bool) -> String {
    let mut lines: Vec<String> = Vec::new();
    if !outcome.output.is_empty() {
        lines.push(outcome.output.trim_end_matches('\n').to_owned());
    }
    if !is_quiet {
        changes(outcome, &mut lines);
    }
    if outcome.message.status != MessageStatus::None {
        lines.push(message(&outcome.message));
    }
    if let Some(skipped) = outcome.skipped {
        lines.push(match skipped {
            Skipped::NotCompiled => say(&message!("did-not-compile")),
            Skipped::ClientPaused { until } => {
                say(&message!("client-paused-nothing-run", until = until.format("%d.%m.%Y %H:%M:%S").to_string()))
            }
            Skipped::ClientBlocked => say(&message!("client-blocked-nothing-run")),
        });
    } else if outcome.status == Status::Error {
        lines.push(say(&message!("failed-rolled-back")));
    } else if !is_quiet {
        if is_dry {
            lines.push(say(&message!("dry-run-nothing-kept")));
        } else if lines.is_empty() {
            lines.push(say(&message!("nothing-was-changed")));
        }
    }
    lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// A message, or why it is not sent.
pub fn message(message: &MessageOutcome) -> String {
    let text = message.text.as_deref().unwrap_or_default();
    match &message.error {
        Some(error) => paragraph(&say(&message!("message-not-sent-because", reason = Effect::refusal(error))), text),
        None => paragraph(&say(&message!("message-of-the-block")), text),
    }
}

fn changes(outcome: &Outcome, lines: &mut Vec<String>) {
    // The message has a line of its own below; it comes after those that the block sent to others.
    let is_message = |effect: &Effect| matches!(effect, Effect::MessageQueued { .. } | Effect::MessageRefused { .. });
    let has_message = outcome.message.status != MessageStatus::None;
    let own = outcome.effects.iter().rposition(is_message).filter(|_| has_message);
    for (index, effect) in outcome.effects.iter().enumerate() {
        if Some(index) != own {
            lines.push(visible(&say(&effect.message())).into_owned());
        }
    }
    for (name, value) in &outcome.variables {
        lines.push(match value {
            Json::Null => say(&message!("variable-without-value", name = name)),
            value => format!("{name} = {}", shown(value)),
        });
    }
}

/// A text of several lines after a word: the further lines are indented, so that none can pass for one of ours.
fn paragraph(word: &str, text: &str) -> String {
    let indent = " ".repeat("message: ".len());
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(|line| visible(line.strip_suffix('\r').unwrap_or(line))).collect();
    format!("{word} {}", lines.join(&format!("\n{indent}")))
}

/// A value in one line, not too long.
pub fn shown(value: &Json) -> String {
    let text = match value {
        Json::String(text) => format!("\"{text}\""),
        other => calc::value::text_form(other),
    };
    let text = visible(&text);
    if text.chars().count() <= 200 {
        return text.into_owned();
    }
    let start: String = text.chars().take(197).collect();
    format!("{start}...")
}

/// `2 errors, 1 warning`
pub fn count(diagnostics: &[Diagnostic]) -> String {
    let count = |severity: Severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let parts = [(errors, message!("count-errors", count = errors)), (warnings, message!("count-warnings", count = warnings))];
    parts.iter().filter(|(count, _)| *count > 0).map(|(_, words)| say(words)).collect::<Vec<_>>().join(", ")
}
