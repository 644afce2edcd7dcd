//! The functions about the client itself: visits, notes, unread messages, subscription, name, links.
//! Operators and distribution have files of their own.

use chrono::{DateTime, Duration, Utc};

use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::lengths::{self, LONGEST_NAME, LONGEST_TEXT};
use crate::crm::model::{AUTHOR_BOT, MOST_SCHEDULED, Note, Scheduled};
use crate::crm::session::Session;
use crate::crm::session::state::{Addition, StoredScheduled};
use crate::crm::{BlockId, ClientId, PipelineId, role, time};
use crate::store::statements;
use crate::store::{Batch, StoreError};
use crate::value::calendar;

/// What `days_from_last_message` returns when the last message is too old, or there is none.
const LONG_AGO: i64 = 9999;

impl Session {
    /// Whether the client has ever been in a block.
    ///
    /// # Errors
    /// When the store fails.
    pub fn was_in_state(&mut self, message_id: BlockId) -> CrmResult<bool> {
        if self.state.visited.contains(&(self.client_id, message_id)) {
            return Ok(true);
        }
        let mut batch = Batch::new();
        batch.add(&statements::VISIT).int(self.project.id).int(self.client_id).int(message_id);
        Ok(!self.ask_one(&batch)?.is_empty())
    }

    /// Whole days since the client's own last message; 9999 after more than 30 days, and if it never wrote.
    #[must_use]
    pub fn days_from_last_message(&self) -> i64 {
        let Some(last) = self.client().last_message_at else { return LONG_AGO };
        let passed = self.now - last;
        if passed > Duration::days(30) { LONG_AGO } else { passed.num_days().max(0) }
    }

    /// Drops the scheduled messages of the client; with `all` false, those that are not to be cancelled stay.
    ///
    /// # Errors
    /// When the store fails.
    pub fn delete_pended_messages(&mut self, all: bool) -> CrmResult<bool> {
        self.drop_scheduled(all)?;
        Ok(true)
    }

    fn drop_scheduled(&mut self, all: bool) -> CrmResult<()> {
        let client = self.client_id;
        let goes = |do_not_cancel: bool| all || !do_not_cancel;
        let stored = self.stored_scheduled(0)?;
        let before = stored.len();
        stored.retain(|stored| !goes(stored.message.do_not_cancel));
        let dropped = before - stored.len();
        let additions = &mut self.state.additions;
        let before = additions.len();
        additions
            .retain(|addition| !matches!(addition, Addition::Scheduled(owner, message) if *owner == client && goes(message.do_not_cancel)));
        let count = dropped + before - additions.len();
        if dropped > 0 {
            additions.push(Addition::DropScheduled { client, all });
        }
        if count > 0 {
            self.record(Effect::ScheduledDeleted { client, count });
        }
        Ok(())
    }

    /// The messages that are scheduled in the database and stay; read if they have to be.
    fn stored_scheduled(&mut self, index: usize) -> Result<&mut Vec<StoredScheduled>, StoreError> {
        if self.state.clients[index].scheduled.is_none() {
            let mut batch = Batch::new();
            batch.add(&statements::SCHEDULED).int(self.project.id).int(self.state.clients[index].client.id);
            let mut reader = self.ask_one(&batch)?.reader();
            let mut scheduled = Vec::new();
            while reader.more() {
                let number = reader.int()?;
                let (block, text, due_at) = (reader.optional_int()?, reader.optional_text()?, reader.time()?);
                let message = Scheduled { block, text, due_at, do_not_cancel: reader.flag()? };
                scheduled.push(StoredScheduled { number, message });
            }
            self.state.clients[index].scheduled = Some(scheduled);
        }
        Ok(self.state.clients[index].scheduled.get_or_insert_default())
    }

    /// Takes the scheduled messages of the client that are due by a time and that somebody can deliver, in the order of
    /// their times: whoever takes them sends them.
    ///
    /// # Errors
    /// When the store fails.
    pub fn take_due(&mut self, until: DateTime<Utc>, can_deliver: &dyn Fn(&Scheduled) -> bool) -> Result<Vec<Scheduled>, StoreError> {
        let client = self.client_id;
        let goes = |message: &Scheduled| message.due_at <= until && can_deliver(message);
        let mut numbers = Vec::new();
        let mut due = Vec::new();
        self.stored_scheduled(0)?.retain(|stored| {
            let goes = goes(&stored.message);
            if goes {
                numbers.push(stored.number);
                due.push(stored.message.clone());
            }
            !goes
        });
        self.state.additions.retain(|addition| match addition {
            Addition::Scheduled(owner, message) if *owner == client && goes(message) => {
                due.push(message.clone());
                false
            }
            _ => true,
        });
        self.state.additions.extend(numbers.into_iter().map(|number| Addition::DropOneScheduled(client, number)));
        due.sort_by_key(|message| message.due_at);
        Ok(due)
    }

    /// A message that was taken waits again.
    pub fn put_back(&mut self, message: Scheduled) {
        self.state.additions.push(Addition::Scheduled(self.client_id, message));
    }

    /// Schedules a message: a block to run or a text to send.
    ///
    /// # Errors
    /// More than 32 messages of one client are refused, and a message of nothing.
    pub fn schedule_message(&mut self, message: Scheduled) -> CrmResult<()> {
        if message.block.is_none() && message.text.is_none() {
            return Err(Refusal::NothingScheduled.into());
        }
        lengths::check_optional(&[], message.text.as_deref(), LONGEST_TEXT)?;
        self.schedule_for(0, message)
    }

    /// The same for a client that the session knows.
    pub(in crate::crm) fn schedule_for(&mut self, index: usize, message: Scheduled) -> CrmResult<()> {
        let client = self.state.clients[index].client.id;
        let stored = self.stored_scheduled(index)?.len();
        let is_new = |addition: &&Addition| matches!(addition, Addition::Scheduled(owner, _) if *owner == client);
        let count = stored + self.state.additions.iter().filter(is_new).count();
        if count >= usize::try_from(MOST_SCHEDULED).unwrap_or(usize::MAX) {
            return Err(Refusal::TooManyScheduled { client, count }.into());
        }
        self.record(Effect::MessageScheduled {
            client,
            block: message.block,
            text: message.text.clone(),
            due_at: time::format(message.due_at),
            do_not_cancel: message.do_not_cancel,
        });
        self.state.additions.push(Addition::Scheduled(client, message));
        Ok(())
    }

    /// The scheduled messages of some blocks are dropped; with `all` false, those that are not to be cancelled stay.
    ///
    /// # Errors
    /// When the store fails.
    pub fn delete_pended_messages_from_list(&mut self, blocks: &[BlockId], all: bool) -> CrmResult<bool> {
        let client = self.client_id;
        let goes = |message: &Scheduled| message.block.is_some_and(|block| blocks.contains(&block)) && (all || !message.do_not_cancel);
        let mut numbers = Vec::new();
        self.stored_scheduled(0)?.retain(|stored| {
            let goes = goes(&stored.message);
            if goes {
                numbers.push(stored.number);
            }
            !goes
        });
        let additions = &mut self.state.additions;
        let before = additions.len();
        additions.retain(|addition| !matches!(addition, Addition::Scheduled(owner, message) if *owner == client && goes(message)));
        let count = numbers.len() + before - additions.len();
        additions.extend(numbers.into_iter().map(|number| Addition::DropOneScheduled(client, number)));
        if count > 0 {
            self.record(Effect::ScheduledDeleted { client, count });
        }
        Ok(true)
    }

    /// For so many minutes the bot does nothing for the client; that takes the place of a pause before, and 0 ends it.
    ///
    /// # Errors
    /// A negative number is refused, and one that ends after all years.
    pub fn pause_bot(&mut self, minutes: f64) -> CrmResult<bool> {
        let now = self.now;
        #[allow(clippy::cast_possible_truncation, reason = "what does not fit is the longest time there is, and refused below")]
        let pause = Duration::microseconds((minutes * 60e6).round() as i64);
        let until = if minutes < 0.0 { None } else { now.checked_add_signed(pause) };
        let until = until.filter(|until| calendar::has(*until, self.project.time_zone));
        let Some(until) = until else { return Err(Refusal::NoPause(minutes.to_string()).into()) };
        let until = (until > now).then_some(until);
        let entry = self.own();
        let was_paused = entry.client.is_paused(now);
        if entry.client.paused_until != until {
            entry.client.paused_until = until;
            entry.pause_changed = true;
        }
        let client = self.client_id;
        match until {
            Some(until) => self.record(Effect::BotPaused { client, until: time::format(until) }),
            None if was_paused => self.record(Effect::BotResumed { client }),
            None => {}
        }
        Ok(true)
    }

    /// Adds a comment to the dialogue, which the client never sees.
    ///
    /// # Errors
    /// An empty comment is refused, and one that is too long.
    pub fn set_note(&mut self, comment: &str) -> CrmResult<bool> {
        if comment.trim().is_empty() {
            return Err(Refusal::EmptyComment.into());
        }
        lengths::check(&[role::COMMENT], comment, LONGEST_TEXT)?;
        let (client, at) = (self.client_id, self.now);
        let note = Note { text: comment.to_owned(), author: AUTHOR_BOT.to_owned(), at };
        self.state.additions.push(Addition::Note(client, note));
        self.record(Effect::NoteAdded { client, text: comment.to_owned() });
        Ok(true)
    }

    /// One more unread message, or that many.
    ///
    /// # Errors
    /// A negative number is refused.
    pub fn add_unread(&mut self, count: Option<i64>) -> CrmResult<bool> {
        let unread = match count {
            None | Some(1) => self.client().unread.saturating_add(1),
            Some(count) if count < 0 => {
                return Err(Refusal::NegativeCount(count).into());
            }
            Some(count) => count,
        };
        self.set_unread(unread);
        Ok(true)
    }

    /// No unread messages.
    ///
    /// # Errors
    /// Never; the type is that of all functions.
    pub fn clear_unread(&mut self) -> CrmResult<bool> {
        self.set_unread(0);
        Ok(true)
    }

    fn set_unread(&mut self, new: i64) {
        let entry = self.own();
        let old = entry.client.unread;
        if old == new {
            return;
        }
        entry.client.unread = new;
        entry.changed = true;
        let client = entry.client.id;
        self.record(Effect::UnreadSet { client, old, new });
    }

    /// The client gets no messages of the bot until it writes again.
    ///
    /// # Errors
    /// Never; the type is that of all functions.
    pub fn unsubscribe(&mut self) -> CrmResult<bool> {
        self.set_unsubscribed(true);
        Ok(true)
    }

    pub(in crate::crm) fn set_unsubscribed(&mut self, unsubscribed: bool) {
        let entry = self.own();
        if entry.client.unsubscribed == unsubscribed {
            return;
        }
        entry.client.unsubscribed = unsubscribed;
        entry.changed = true;
        let client = entry.client.id;
        self.record(if unsubscribed { Effect::Unsubscribed { client } } else { Effect::Resubscribed { client } });
    }

    /// The bot ignores the client; its scheduled messages are cancelled.
    ///
    /// # Errors
    /// When the store fails.
    pub fn block_client(&mut self) -> CrmResult<bool> {
        if !self.client().blocked {
            let entry = self.own();
            entry.client.blocked = true;
            entry.changed = true;
            let client = self.client_id;
            self.record(Effect::ClientBlocked { client });
        }
        self.drop_scheduled(true)?;
        Ok(true)
    }

    /// The bot reacts to the client again; cancelled messages stay cancelled.
    ///
    /// # Errors
    /// Never; the type is that of all functions.
    pub fn unblock_client(&mut self) -> CrmResult<bool> {
        if self.client().blocked {
            let entry = self.own();
            entry.client.blocked = false;
            entry.changed = true;
            let client = self.client_id;
            self.record(Effect::ClientUnblocked { client });
        }
        Ok(true)
    }

    /// Gives the client another name.
    ///
    /// # Errors
    /// An empty name is refused, and one that is too long.
    pub fn set_client_name(&mut self, name: &str) -> CrmResult<bool> {
        if name.trim().is_empty() {
            return Err(Refusal::EmptyName.into());
        }
        lengths::check(&[role::NAME], name, LONGEST_NAME)?;
        let entry = self.own();
        if entry.client.name != name {
            let old = std::mem::replace(&mut entry.client.name, name.to_owned());
            entry.changed = true;
            let id = entry.client.id;
            self.record(Effect::ClientRenamed { id, old, new: name.to_owned() });
        }
        Ok(true)
    }

    /// The other clients of the linked group: the main one first, then ascending.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_bind_clients(&mut self) -> CrmResult<Vec<ClientId>> {
        let own = self.client_id;
        let main = self.client().main_client.unwrap_or(own);
        let mut group = vec![main];
        group.extend(self.linked_to(main)?);
        group.retain(|id| *id != own);
        Ok(group)
    }

    /// The pipeline of the current deal; `None` if it is unprocessed, or there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_current_pipline_id(&mut self) -> CrmResult<Option<PipelineId>> {
        Ok(self.current_deal()?.and_then(|deal| deal.pipeline))
    }
}
