//! What a block is run for, and which events can be handled at all.

use chrono::{DateTime, Utc};

use crate::crm::requests::{HostWork, WaitingRequest};
use crate::crm::{InvalidEvent, Outside, Session, lengths};

/// What a block is run for.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id, of at most [`Event::LONGEST_ID`] characters; the same one delivered again returns the first outcome and
    /// does nothing.
    pub id: Option<String>,
    /// What the client wrote, at most [`Event::LONGEST_TEXT`] characters.
    pub text: Option<String>,
    /// A hidden text that the bot takes for a command, in place of what the client wrote and as long at most.
    pub callback: Option<String>,
    /// Where it comes from, if it is neither of them.
    pub outside: Option<Outside>,
    /// When it happened: the time of the run.
    pub at: DateTime<Utc>,
    /// The seed of randomness; without one every run differs.
    pub seed: Option<u64>,
}

impl Event {
    /// The most characters of an id.
    pub const LONGEST_ID: usize = lengths::LONGEST_NAME;
    /// The most characters of a text.
    pub const LONGEST_TEXT: usize = lengths::LONGEST_TEXT;

    /// An event without id, text and callback.
    #[must_use]
    pub fn at(at: DateTime<Utc>) -> Self {
        Self { id: None, text: None, callback: None, outside: None, at, seed: None }
    }

    /// With an id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// With what the client wrote.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// With a hidden text that the bot takes for a command.
    #[must_use]
    pub fn with_callback(mut self, text: impl Into<String>) -> Self {
        self.callback = Some(text.into());
        self
    }

    /// With where it comes from, if not out of the dialogue.
    #[must_use]
    pub fn from_outside(mut self, outside: Outside) -> Self {
        self.outside = Some(outside);
        self
    }

    /// What a request is for the client that it is for: its callback, or that another block sent it here. Handled once however
    /// often the request is claimed.
    #[must_use]
    pub fn of_request(waiting: &WaitingRequest, at: DateTime<Utc>) -> Self {
        let event = Self::at(at).with_id(waiting.event_id());
        match &waiting.request.work {
            HostWork::Callback { text } => event.with_callback(text.as_str()),
            _ => event.from_outside(Outside::Block),
        }
    }

    /// With a seed for randomness.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Whether the client's history gets a row of it before the block runs.
    pub(super) fn is_received(&self) -> bool {
        self.text.is_some() || self.callback.is_some()
    }

    /// Step 0 of a block.
    pub(super) fn receive(&self, session: &mut Session) {
        if let Some(text) = &self.text {
            session.receive(text);
        }
        if let Some(text) = &self.callback {
            session.receive_callback(text);
        }
        if let Some(outside) = self.outside {
            session.receive_from(outside);
        }
    }

    /// Whether it can be handled at all; every run of a block looks first.
    ///
    /// # Errors
    /// What is wrong with it. It will stay wrong: trying again does not help.
    pub fn check(&self) -> Result<(), InvalidEvent> {
        if let Some(id) = &self.id {
            if id.is_empty() {
                return Err(InvalidEvent::EmptyId);
            }
            if id.contains('\0') {
                return Err(InvalidEvent::UnstorableId);
            }
            if let Some(length) = lengths::too_long(id, Self::LONGEST_ID) {
                return Err(InvalidEvent::LongId { length });
            }
        }
        if self.text.is_some() && self.callback.is_some() {
            return Err(InvalidEvent::TextAndCallback);
        }
        self.text.iter().chain(&self.callback).try_for_each(|text| Self::check_text(text))
    }

    /// The same for a text or a callback alone.
    pub(super) fn check_text(text: &str) -> Result<(), InvalidEvent> {
        lengths::too_long(text, Self::LONGEST_TEXT).map_or(Ok(()), |length| Err(InvalidEvent::LongText { length }))
    }
}
