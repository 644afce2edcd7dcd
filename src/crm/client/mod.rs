//! Clients: those the bot talks to.

mod functions;
mod links;
mod rules;

use chrono::{DateTime, Utc};

use crate::crm::{BlockId, ClientId, DealId, OperatorId};

pub(in crate::crm) use functions::FUNCTIONS;

/// A client: one dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a mark of its own that people see")]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// The id the messenger knows it by.
    pub platform_id: Option<String>,
    /// Which messenger.
    pub client_type: Option<i64>,
    /// As written.
    pub phone: Option<String>,
    /// As written.
    pub email: Option<String>,
    /// Where it came from.
    pub tag: Option<String>,
    /// When it first appeared.
    pub created_at: DateTime<Utc>,
    /// When it last wrote itself.
    pub last_message_at: Option<DateTime<Utc>>,
    /// What it last wrote itself.
    pub question: Option<String>,
    /// The responsible operator, by id.
    pub operator: Option<OperatorId>,
    /// Unread messages.
    pub unread: i64,
    /// Whether the bot ignores it.
    pub blocked: bool,
    /// Whether it wants no messages of the bot.
    pub unsubscribed: bool,
    /// Whether it waits for distribution.
    pub queued: bool,
    /// From when on it is to be distributed.
    pub queued_until: Option<DateTime<Utc>>,
    /// The block it was in last.
    pub position: Option<BlockId>,
    /// The main client of its linked group; `None` if it is the main one or unlinked.
    pub main_client: Option<ClientId>,
    /// The current deal.
    pub current_deal: Option<DealId>,
    /// Whether the current deal was set on purpose, so that newer ones do not take its place.
    pub current_deal_chosen: bool,
    /// Which of the bot's accounts in the messenger it writes to.
    pub group: Option<String>,
    /// Until then the bot does nothing for it.
    pub paused_until: Option<DateTime<Utc>>,
}

impl Client {
    /// Why it gets no message of the bot; data that programs read, in English.
    #[must_use]
    pub fn refusal(&self) -> Option<&'static str> {
        match (self.unsubscribed, self.blocked) {
            (_, true) => Some("client is blocked"),
            (true, false) => Some("client is unsubscribed"),
            (false, false) => None,
        }
    }

    /// Whether the bot does nothing for it at a time.
    #[must_use]
    pub fn is_paused(&self, now: DateTime<Utc>) -> bool {
        self.paused_until.is_some_and(|until| until > now)
    }
}

/// That a client was in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The block.
    pub block: BlockId,
    /// The first time.
    pub first_at: DateTime<Utc>,
    /// The last time.
    pub last_at: DateTime<Utc>,
}
