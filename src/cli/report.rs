//! What a run did, in words for people. Composes text, prints nothing.

use std::borrow::Cow;

use calc::crm::Effect;
use calc::diagnostic::render::Renderer;
use calc::diagnostic::visible::visible;
use calc::diagnostic::{Diagnostic, Severity};
use calc::engine::{MessageOutcome, MessageStatus, Outcome, Skipped, Status};
use serde_json::Value as Json;

use crate::language;

/// The diagnostics of a text, drawn.
pub fn drawn(name: &str, text: &str, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = Renderer::new(name, text, colour).in_language(language::current());
    let mut drawn = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if drawn.len() > MOST_DRAWN {
            drawn.push_str(&format!("{name}: {} more are not shown\n", diagnostics.len() - index));
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
            Skipped::NotCompiled => "did not compile; nothing was run".to_owned(),
            Skipped::ClientBlocked => "the client is blocked; nothing was run".to_owned(),
        });
    } else if outcome.status == Status::Error {
        lines.push("failed; all changes were rolled back".to_owned());
    } else if !is_quiet {
        if is_dry {
            lines.push("dry run: nothing was kept".to_owned());
        } else if lines.is_empty() {
            lines.push("nothing was changed".to_owned());
        }
    }
    lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// A message, or why it is not sent.
pub fn message(message: &MessageOutcome) -> String {
    let text = message.text.as_deref().unwrap_or_default();
    match &message.error {
        Some(error) => paragraph(&format!("message not sent, {error}: "), text),
        None => paragraph("message: ", text),
    }
}

fn changes(outcome: &Outcome, lines: &mut Vec<String>) {
    for effect in &outcome.effects {
        // The message has a line of its own below.
        if !matches!(effect, Effect::MessageQueued { .. } | Effect::MessageRefused { .. }) {
            lines.push(visible(&effect.sentence()).into_owned());
        }
    }
    for (name, value) in &outcome.variables {
        lines.push(match value {
            Json::Null => format!("{name} has no value"),
            value => format!("{name} = {}", shown(value)),
        });
    }
}

/// A text of several lines after a word: the further lines are indented, so that none can pass for one of ours.
fn paragraph(word: &str, text: &str) -> String {
    let indent = " ".repeat("message: ".len());
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(|line| visible(line.strip_suffix('\r').unwrap_or(line))).collect();
    format!("{word}{}", lines.join(&format!("\n{indent}")))
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
    let words = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        count => Some(format!("{count} {word}s")),
    };
    let parts: Vec<String> =
        [words(count(Severity::Error), "error"), words(count(Severity::Warning), "warning")].into_iter().flatten().collect();
    parts.join(", ")
}
