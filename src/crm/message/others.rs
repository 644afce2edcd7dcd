//! What a block does for other clients, and what it asks of the host: messages, callbacks, notifications (crm-more.md section 6,
//! "Messages and callbacks"). Requests to the host are rows that are written with the rest; nothing of another client runs here.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::lengths::{self, LONGEST_TEXT};
use crate::crm::model::Scheduled;
use crate::crm::requests::{HostRequest, HostWork};
use crate::crm::session::Session;
use crate::crm::session::state::Addition;
use crate::crm::{BlockId, ClientId, role};
use crate::store::statements;
use crate::store::{Batch, StoreError};
use crate::value::calendar;

/// The most seconds that a message is sent later.
const LONGEST_DELAY: f64 = 3600.0;

/// How many messages `last_messages_ids` tells.
const LAST_MESSAGES: usize = 10;

/// The messengers in which a bot can delete its messages: VK, Telegram, MAX.
const CAN_REMOVE: &[i64] = &[0, 1, 20];

/// When a message is sent that is not sent at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Delay {
    /// So many seconds later; an hour at the most.
    Seconds(f64),
    /// At that time of the project's time zone.
    Until(NaiveDateTime),
}

/// A client as a messenger knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account<'a> {
    /// The id that the messenger gave it.
    pub platform_id: &'a str,
    /// Which messenger; `None` is that of the current client.
    pub client_type: Option<i64>,
    /// Which of the bot's accounts; `None` is any.
    pub group: Option<&'a str>,
}

impl Session {
    /// Sends a client a text as it is, or has a block run for it, whose message the text then takes the place of; at once or
    /// later. False: the client wants no messages, or the bot ignores it, and the history says so.
    ///
    /// # Errors
    /// An unknown client is refused, a text that is too long, neither text nor block, and more than 32 scheduled messages.
    pub fn message(
        &mut self,
        client: Option<ClientId>,
        text: Option<&str>,
        block: Option<BlockId>,
        delay: Option<Delay>,
    ) -> CrmResult<bool> {
        let text = text.filter(|text| !text.trim().is_empty());
        if text.is_none() && block.is_none() {
            return Err(Refusal::NothingToSend.into());
        }
        lengths::check_optional(&[role::TEXT], text, LONGEST_TEXT)?;
        let index = self.known_client(client)?;
        if let Some(due_at) = delay.and_then(|delay| self.due_after(delay)) {
            let message = Scheduled { block, text: text.map(str::to_owned), due_at, do_not_cancel: false };
            self.schedule_for(index, message)?;
            return Ok(true);
        }
        let client = &self.state.clients[index].client;
        let (id, refusal) = (client.id, client.refusal());
        if let Some(block) = block {
            let text = text.map(str::to_owned);
            self.record(Effect::BlockRequested { client: id, block, text: text.clone() });
            self.request(id, HostWork::Block { block, text });
            return Ok(true);
        }
        let text = text.unwrap_or_default();
        match refusal {
            Some(error) => self.refuse_message_to(id, text, None, error),
            None => self.queue_message_to(id, text, None),
        }
        Ok(refusal.is_none())
    }

    /// The same for a client as a messenger knows it. With a block the text is ignored.
    ///
    /// # Errors
    /// As for `message`; a client that nobody knows is refused.
    pub fn platform_message(
        &mut self,
        account: Account<'_>,
        text: Option<&str>,
        block: Option<BlockId>,
        delay: Option<Delay>,
    ) -> CrmResult<bool> {
        let Some(client) = self.find_client_id(account)? else {
            return Err(Refusal::UnknownAccount(account.platform_id.to_owned()).into());
        };
        self.message(Some(client), text.filter(|_| block.is_none()), block, delay)
    }

    /// Gives the bot a command in another client's dialogue, which that client does not see.
    ///
    /// # Errors
    /// The client itself is refused, an unknown one, and a text that is empty or too long.
    pub fn callback(&mut self, client: Option<ClientId>, text: &str) -> CrmResult<bool> {
        if text.trim().is_empty() {
            return Err(Refusal::EmptyCallback.into());
        }
        lengths::check(&[role::TEXT], text, LONGEST_TEXT)?;
        let index = self.known_client(client)?;
        let client = self.state.clients[index].client.id;
        if client == self.client_id {
            return Err(Refusal::CallbackToOneself.into());
        }
        self.record(Effect::CallbackRequested { client, text: text.to_owned() });
        self.request(client, HostWork::Callback { text: text.to_owned() });
        Ok(true)
    }

    /// Tells operators something: those of the emails, or all there are. False: there are none.
    ///
    /// # Errors
    /// An empty text is refused, one that is too long, an unknown email and a priority that there is not.
    pub fn send_notification(&mut self, text: &str, users: Option<&[String]>, priority: i64) -> CrmResult<bool> {
        if text.trim().is_empty() {
            return Err(Refusal::NothingToSend.into());
        }
        lengths::check(&[role::TEXT], text, LONGEST_TEXT)?;
        if !(0..=3).contains(&priority) {
            return Err(Refusal::UnknownPriority(priority).into());
        }
        let mut operators: Vec<String> = Vec::new();
        match users {
            None => {
                let mut batch = Batch::new();
                batch.add(&statements::OPERATOR_EMAILS).int(self.project.id);
                let mut reader = self.ask_one(&batch)?.reader();
                while reader.more() {
                    operators.push(reader.text()?);
                }
            }
            Some(emails) => {
                for email in emails {
                    let index = self.known_operator(email)?;
                    let email = &self.operators[index].email;
                    if !operators.contains(email) {
                        operators.push(email.clone());
                    }
                }
            }
        }
        if operators.is_empty() {
            return Ok(false);
        }
        let (client, text) = (self.client_id, text.to_owned());
        self.record(Effect::NotificationRequested { client, text: text.clone(), operators: operators.clone(), priority });
        self.request(client, HostWork::Notify { text, operators, priority });
        Ok(true)
    }

    /// The numbers that the messenger gave the bot's last message, joined by `_`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn last_message_id(&mut self) -> CrmResult<Option<String>> {
        Ok(self.numbered_messages(1)?.pop().map(|(_, ids)| ids))
    }

    /// The same of its last ten messages, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn last_messages_ids(&mut self) -> CrmResult<Vec<String>> {
        Ok(self.numbered_messages(LAST_MESSAGES)?.into_iter().map(|(_, ids)| ids).collect())
    }

    /// Has the bot's last message deleted in the messenger. False: there is none, or that messenger does not allow it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn remove_last_message(&mut self) -> CrmResult<bool> {
        if !self.client().client_type.is_some_and(|messenger| CAN_REMOVE.contains(&messenger)) {
            return Ok(false);
        }
        let Some((number, message_ids)) = self.numbered_messages(1)?.pop() else { return Ok(false) };
        let client = self.client_id;
        self.state.additions.push(Addition::RemoveMessage(client, number));
        self.record(Effect::RemovalRequested { client, message_ids: message_ids.clone() });
        self.request(client, HostWork::Remove { message_ids });
        Ok(true)
    }

    /// The newest messages of the bot that the messenger has numbered and that are not removed, the newest first.
    fn numbered_messages(&mut self, most: usize) -> Result<Vec<(i64, String)>, StoreError> {
        let client = self.client_id;
        let removed: Vec<i64> = self
            .state
            .additions
            .iter()
            .filter_map(|addition| match addition {
                Addition::RemoveMessage(owner, number) if *owner == client => Some(*number),
                _ => None,
            })
            .collect();
        let mut batch = Batch::new();
        batch.add(&statements::NUMBERED_MESSAGES).int(self.project.id).int(client);
        batch.int(i64::try_from(most + removed.len()).unwrap_or(i64::MAX));
        let mut reader = self.ask_one(&batch)?.reader();
        let mut messages = Vec::new();
        while reader.more() {
            let (number, ids) = (reader.int()?, reader.text()?);
            if !removed.contains(&number) && messages.len() < most {
                messages.push((number, ids));
            }
        }
        Ok(messages)
    }

    /// The name of a block.
    ///
    /// # Errors
    /// A block that the project has no name of is refused.
    pub fn get_block_name_by_id(&mut self, block: BlockId) -> CrmResult<String> {
        let mut batch = Batch::new();
        batch.add(&statements::BLOCK_NAME).int(self.project.id).int(block);
        let rows = self.ask_one(&batch)?;
        if rows.is_empty() {
            return Err(Refusal::UnknownBlock(block).into());
        }
        Ok(rows.reader().text()?)
    }

    /// When a message is due that is sent later; `None`: at once.
    fn due_after(&self, delay: Delay) -> Option<DateTime<Utc>> {
        match delay {
            Delay::Seconds(seconds) => {
                #[allow(clippy::cast_possible_truncation, reason = "an hour at the most")]
                let wait = Duration::microseconds((seconds.clamp(0.0, LONGEST_DELAY) * 1e6) as i64);
                (wait > Duration::zero()).then(|| self.now.checked_add_signed(wait)).flatten()
            }
            Delay::Until(local) => Some(calendar::instant(local, self.project.time_zone)).filter(|due_at| *due_at > self.now),
        }
    }

    fn request(&mut self, client: ClientId, work: HostWork) {
        let request = HostRequest { client, work, at: self.now };
        self.state.additions.push(Addition::Request(self.client_id, request));
    }
}
