//! The dialogue with a client: its history, messages that wait to be sent, comments of operators.

mod functions;
mod others;
mod rules;

use chrono::{DateTime, Utc};

pub(in crate::crm) use functions::FUNCTIONS;
pub use others::{Account, Delay};

use super::words::words;

use crate::crm::BlockId;

words! {
    /// Who spoke to whom in a history entry.
    Direction {
        /// From the client.
        In = "in",
        /// To the client.
        Out = "out",
    }
}

/// An entry of a client's message history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Who spoke to whom.
    pub direction: Direction,
    /// `client`, `bot`, `callback` or an operator's email.
    pub author: String,
    /// The text.
    pub text: String,
    /// The block it came from.
    pub block: Option<BlockId>,
    /// Whether it arrived.
    pub delivered: bool,
    /// Why it did not.
    pub error: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// The numbers that the messenger gave it, joined by `_`.
    pub message_ids: Option<String>,
    /// Whether it was removed.
    pub removed: bool,
}

impl HistoryEntry {
    /// Whether the message waits to be sent.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.direction == Direction::Out && !self.delivered && self.error.is_none()
    }
}

/// A comment on a dialogue, which the client never sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The comment.
    pub text: String,
    /// `bot` or an operator's email.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A message to be sent later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The block to run.
    pub block: Option<BlockId>,
    /// The text to send.
    pub text: Option<String>,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Whether an answer of the client leaves it alone.
    pub do_not_cancel: bool,
}

/// The author of messages of the client.
pub const AUTHOR_CLIENT: &str = "client";

/// The author of messages and notes of the bot.
pub const AUTHOR_BOT: &str = "bot";

/// The author of callbacks: texts that the bot takes for commands and the client does not see.
pub const AUTHOR_CALLBACK: &str = "callback";

/// The most scheduled messages a client may have.
pub const MOST_SCHEDULED: i64 = 32;
