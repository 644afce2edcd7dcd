//! Output for people: what a run did, in words.

use std::io::{IsTerminal as _, Write as _};

use calc::crm::Effect;
use calc::diagnostic::render::Renderer;
use calc::diagnostic::{Diagnostic, Severity};
use calc::engine::{MessageStatus, Outcome, Status};
use serde_json::Value as Json;

/// Prints; a reader that closes early has what it wanted.
pub fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Prints a line.
macro_rules! say {
    ($($argument:tt)*) => {
        $crate::people::print(&format!("{}\n", format_args!($($argument)*)))
    };
}

pub(crate) use say;

/// Whether a stream takes colours.
pub fn colours(is_terminal: bool) -> bool {
    is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

pub fn colours_on_stderr() -> bool {
    colours(std::io::stderr().is_terminal())
}

pub fn colours_on_stdout() -> bool {
    colours(std::io::stdout().is_terminal())
}

/// The diagnostics of a text, drawn.
pub fn drawn(name: &str, text: &str, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = Renderer::new(name, text, colour);
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

/// What a run did, one line each.
pub fn outcome(outcome: &Outcome, is_dry: bool) -> String {
    let mut lines: Vec<String> = Vec::new();
    if !outcome.output.is_empty() {
        lines.push(outcome.output.trim_end_matches('\n').to_owned());
    }
    for effect in &outcome.effects {
        // The message has a line of its own below.
        if !matches!(effect, Effect::MessageQueued { .. } | Effect::MessageRefused { .. }) {
            lines.push(effect.sentence());
        }
    }
    for (name, value) in &outcome.variables {
        lines.push(match value {
            Json::Null => format!("{name} has no value"),
            value => format!("{name} = {}", shown(value)),
        });
    }
    let text = outcome.message.text.as_deref().unwrap_or_default();
    match outcome.message.status {
        MessageStatus::Queued => lines.push(format!("message: {text}")),
        MessageStatus::Refused => {
            let error = outcome.message.error.as_deref().unwrap_or_default();
            lines.push(format!("message not sent, {error}: {text}"));
        }
        MessageStatus::None => {}
    }
    if outcome.status == Status::Error {
        lines.push("the script ended in an error: nothing it did was kept, and no message is sent".to_owned());
    } else if is_dry {
        lines.push("dry run: nothing was kept".to_owned());
    } else if lines.is_empty() {
        lines.push("nothing was changed".to_owned());
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A value in one line, not too long.
fn shown(value: &Json) -> String {
    let text = match value {
        Json::String(text) => format!("\"{text}\""),
        other => calc::value::json::text_form(other),
    };
    let text = text.replace('\n', "\\n");
    if text.chars().count() <= 200 {
        return text;
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
