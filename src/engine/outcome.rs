//! What a run returns: the JSON of `calc run --format json` as a type (docs/json.md).

use chrono::{DateTime, NaiveDateTime};
use chrono_tz::Tz;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::crm::Effect;
use crate::diagnostic::{Code, Diagnostic, Fix, Label, Severity, Span, render};
use crate::function::Usage;
use crate::wording::{Argument, Language, Message};

/// How a run ended and what it did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether the script ended well. A refused message does not make it an error.
    pub status: Status,
    /// The value of the last statement.
    pub value: Json,
    /// The assignments of the run, last write of a name; null for a deleted variable.
    pub variables: IndexMap<String, Json>,
    /// What was printed.
    pub output: String,
    /// The message of the block.
    pub message: MessageOutcome,
    /// What was changed in the CRM, in order.
    pub effects: Vec<Effect>,
    /// Errors, warnings and notices.
    pub diagnostics: Vec<Report>,
    /// What the run took.
    pub usage: Usage,
    /// Whether the event was handled before: then this is its first outcome again, and nothing ran. Not in the JSON when
    /// false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
    /// When it was handled, in the project's time zone; not part of the JSON.
    #[serde(skip)]
    pub handled_at: Option<NaiveDateTime>,
    /// Why nothing of the block ran; not part of the JSON, where status and diagnostics say it.
    #[serde(skip)]
    pub skipped: Option<Skipped>,
}

/// Why nothing of a block ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// It does not compile.
    NotCompiled,
    /// The client is blocked; what it wrote was recorded.
    ClientBlocked,
    /// The bot does nothing for the client until a time. What the client wrote, and a callback, was recorded and handled;
    /// anything else was not, and can be tried again then.
    ClientPaused {
        /// When the pause ends, in the project's time zone.
        until: DateTime<Tz>,
    },
}

/// Whether a script ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It ran to its end.
    Ok,
    /// It did not compile or ended in an error: nothing of it stays.
    Error,
}

/// What became of the message of a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageOutcome {
    /// Whether it waits to be sent.
    pub status: MessageStatus,
    /// Its text, filled in.
    pub text: Option<String>,
    /// Why it is not sent.
    pub error: Option<String>,
}

impl MessageOutcome {
    /// No message.
    pub(super) const NONE: Self = Self { status: MessageStatus::None, text: None, error: None };
}

/// Whether a message waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// It is in the outbox.
    Queued,
    /// The client is unsubscribed or blocked.
    Refused,
    /// There is none, or it is blank.
    None,
}

/// A diagnostic as programs read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// `E0403`
    pub code: String,
    /// `error`, `warning` or `notice`.
    pub severity: String,
    /// What is wrong, in the language of the engine.
    pub message: String,
    /// Which sentence of the catalogue `message` is.
    #[serde(default)]
    pub message_id: String,
    /// What `message` is about, by the names its sentence has for it.
    #[serde(default)]
    pub arguments: serde_json::Map<String, Json>,
    /// The bytes of the file it is about, from and to.
    pub span: (u32, u32),
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<ReportLabel>,
    /// A change of the file that mends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<ReportFix>,
}

/// Another place that belongs to a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportLabel {
    /// The bytes of the file, from and to.
    pub span: (u32, u32),
    /// What is there.
    pub message: String,
}

/// A change of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportFix {
    /// The bytes that are replaced, from and to.
    pub span: (u32, u32),
    /// What comes instead.
    pub replacement: String,
}

impl Report {
    /// The reports of diagnostics of a source text, with messages in a language.
    #[must_use]
    pub fn all(diagnostics: &[Diagnostic], source: &str, language: Language) -> Vec<Self> {
        if diagnostics.is_empty() {
            return Vec::new();
        }
        let lines = render::LineIndex::new(source);
        let placed = |diagnostic: &Diagnostic| Self::placed(diagnostic, lines.line_and_column(diagnostic.span.start), language);
        diagnostics.iter().map(placed).collect()
    }

    /// The report of a diagnostic of a source text, with messages in a language.
    #[must_use]
    pub fn new(diagnostic: &Diagnostic, source: &str, language: Language) -> Self {
        Self::placed(diagnostic, render::line_and_column(source, diagnostic.span.start), language)
    }

    fn placed(diagnostic: &Diagnostic, (line, column): (usize, usize), language: Language) -> Self {
        let pair = |span: Span| (span.start, span.end);
        Self {
            code: diagnostic.code.text().to_owned(),
            severity: diagnostic.severity().name().to_owned(),
            message: diagnostic.message.render(language),
            message_id: diagnostic.message.id().to_owned(),
            arguments: arguments(&diagnostic.message, language),
            span: pair(diagnostic.span),
            line,
            column,
            help: diagnostic.help.as_ref().map(|help| help.render(language)),
            labels: diagnostic
                .labels
                .iter()
                .map(|label| ReportLabel { span: pair(label.span), message: label.message.render(language) })
                .collect(),
            fix: diagnostic.fix.as_ref().map(|fix| ReportFix { span: pair(fix.span), replacement: fix.replacement.clone() }),
        }
    }

    /// The diagnostic again, to be drawn.
    #[must_use]
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        let span = |(start, end): (u32, u32)| Span::new(start, end);
        Some(Diagnostic {
            code: Code::parse(&self.code)?,
            message: Message::verbatim(&self.message),
            span: span(self.span),
            help: self.help.as_ref().map(Message::verbatim),
            labels: self.labels.iter().map(|label| Label { span: span(label.span), message: Message::verbatim(&label.message) }).collect(),
            fix: self.fix.as_ref().map(|fix| Fix { span: span(fix.span), replacement: fix.replacement.clone() }),
        })
    }

    /// Whether it is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error.name()
    }
}

/// The arguments of a message as programs read them: a part that is a message itself has its own id and arguments.
fn arguments(message: &Message, language: Language) -> serde_json::Map<String, Json> {
    message.arguments().iter().map(|(name, argument)| ((*name).to_owned(), argument_json(argument, language))).collect()
}

fn argument_json(argument: &Argument, language: Language) -> Json {
    match argument {
        Argument::Text(text) => Json::from(text.as_str()),
        Argument::Number(number) => Json::from(*number),
        Argument::Message(message) => json!({
            "message": message.render(language),
            "message_id": message.id(),
            "arguments": arguments(message, language),
        }),
        Argument::All(items) | Argument::Any(items) => items.iter().map(|item| argument_json(item, language)).collect(),
    }
}

impl Outcome {
    /// The outcome of a text that does not compile.
    #[must_use]
    pub fn not_compiled(diagnostics: &[Diagnostic], source: &str, language: Language) -> Self {
        Self {
            status: Status::Error,
            value: Json::Null,
            variables: IndexMap::new(),
            output: String::new(),
            message: MessageOutcome::NONE,
            effects: Vec::new(),
            diagnostics: Report::all(diagnostics, source, language),
            usage: Usage::default(),
            repeated: false,
            handled_at: None,
            skipped: Some(Skipped::NotCompiled),
        }
    }

    /// Whether nothing went wrong: the script ended well and its message, if any, will be sent.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.status == Status::Ok && self.message.status != MessageStatus::Refused
    }
}
