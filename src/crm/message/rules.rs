//! Steps 0, 2, 3 and 4 of a block (crm.md section 4): the client's message, the answer, the visit, the event's outcome.
//! Decides nothing: whether a message may be sent is the engine's to say.

use crate::crm::effect::Effect;
use crate::crm::lengths;
use crate::crm::model::{AUTHOR_BOT, AUTHOR_CALLBACK, AUTHOR_CLIENT, Direction, HistoryEntry, Visit};
use crate::crm::session::Session;
use crate::crm::session::state::{Addition, Outside};
use crate::crm::{BlockId, ClientId};

/// What `message_from_outside` holds for a callback.
const FROM_CALLBACK: i64 = 3;

impl Session {
    /// The client wrote: that re-subscribes it and becomes its question. A blocked client's text only goes to the history.
    pub fn receive(&mut self, text: &str) {
        let (client, at) = (self.client_id, self.now);
        self.state.callback = None;
        self.state.outside = None;
        // What a client wrote cannot be refused; no store keeps this character.
        let text = &*text.replace('\0', "\u{fffd}");
        self.add_history(client, (Direction::In, AUTHOR_CLIENT), text, None, None);
        self.record(Effect::MessageReceived { client, text: text.to_owned() });
        if self.client().blocked {
            return;
        }
        self.set_unsubscribed(false);
        let entry = self.own();
        entry.client.last_message_at = Some(at);
        entry.client.question = Some(text.to_owned());
        entry.changed = true;
    }

    /// The bot was given a command in the client's dialogue: it is the `question` of this session, in the history, and no
    /// word of the client's (crm-more.md C5.6).
    pub fn receive_callback(&mut self, text: &str) {
        let client = self.client_id;
        let text = &*text.replace('\0', "\u{fffd}");
        self.add_history(client, (Direction::In, AUTHOR_CALLBACK), text, None, None);
        self.record(Effect::CallbackReceived { client, text: text.to_owned() });
        self.state.callback = Some(text.to_owned());
    }

    /// What the session is about: the callback it was opened for, else what the client last wrote.
    #[must_use]
    pub fn question(&self) -> Option<&str> {
        self.state.callback.as_deref().or(self.client().question.as_deref())
    }

    /// What the session is about comes from outside of the dialogue.
    pub fn receive_from(&mut self, outside: Outside) {
        self.state.outside = Some(outside);
    }

    /// What the variable `message_from_outside` holds: 0 for the client's own text and for no event.
    #[must_use]
    pub fn origin(&self) -> i64 {
        if self.state.callback.is_some() { FROM_CALLBACK } else { self.state.outside.map_or(0, Outside::number) }
    }

    /// Puts a message into the outbox; the host sends it after the commit.
    pub fn queue_message(&mut self, text: &str, block: Option<BlockId>) {
        self.queue_message_to(self.client_id, text, block);
    }

    pub(in crate::crm) fn queue_message_to(&mut self, client: ClientId, text: &str, block: Option<BlockId>) {
        self.add_history(client, (Direction::Out, AUTHOR_BOT), text, block, None);
        self.record(Effect::MessageQueued { client, text: text.to_owned(), block });
    }

    /// Notes a message that will not be sent, and why.
    pub fn refuse_message(&mut self, text: &str, block: Option<BlockId>, error: &str) {
        self.refuse_message_to(self.client_id, text, block, error);
    }

    pub(in crate::crm) fn refuse_message_to(&mut self, client: ClientId, text: &str, block: Option<BlockId>, error: &str) {
        self.add_history(client, (Direction::Out, AUTHOR_BOT), text, block, Some(error));
        self.record(Effect::MessageRefused { client, text: text.to_owned(), block, error: error.to_owned() });
    }

    /// Notes an error of the script in the history.
    pub fn record_error(&mut self, error: &str) {
        let client = self.client_id;
        let error = &*lengths::storable(error);
        self.add_history(client, (Direction::Out, AUTHOR_BOT), "", None, Some(error));
        self.record(Effect::ErrorRecorded { client, error: error.to_owned() });
    }

    /// The client was in a block.
    pub fn record_visit(&mut self, block: BlockId) {
        let (client, at) = (self.client_id, self.now);
        let entry = self.own();
        entry.client.position = Some(block);
        entry.changed = true;
        self.state.visited.push((client, block));
        self.state.additions.push(Addition::Visit(client, Visit { block, first_at: at, last_at: at }));
        self.record(Effect::VisitRecorded { client, block });
    }

    /// Keeps the outcome of an event, to be given again when the event comes again.
    pub fn record_event(&mut self, event: &str, outcome: &str) {
        self.state.event = Some((event.to_owned(), outcome.to_owned()));
    }

    fn add_history(
        &mut self,
        client: ClientId,
        (direction, author): (Direction, &str),
        text: &str,
        block: Option<BlockId>,
        error: Option<&str>,
    ) {
        let incoming = direction == Direction::In;
        let entry = HistoryEntry {
            direction,
            author: author.to_owned(),
            text: text.to_owned(),
            block,
            delivered: incoming,
            error: error.map(str::to_owned),
            at: self.now,
            message_ids: None,
            removed: false,
        };
        self.state.additions.push(Addition::History(client, entry));
    }
}
