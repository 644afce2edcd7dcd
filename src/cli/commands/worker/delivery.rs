//! Hands the messages of the outbox to the pipeline as lines, one at a time for each client, and takes note of what
//! became of them. Whoever writes a message holds its client in the store, so that no other worker writes it meanwhile.

use std::collections::{BTreeSet, HashMap};

use calc::crm::outbox::{self, Claim, MessageId, NextAttempt, OutboxMessage, Retries};
use calc::crm::{ProjectId, Store, StoreError};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::ClientKey;
use super::line::{NotSent, Sent};

/// How many clients of a project are claimed together.
const CLIENTS: usize = 1_000;
/// How many messages are claimed with their client; they are written one after another.
const MESSAGES: usize = 16;
/// When a delivery that failed is tried again.
const RETRIES: Retries = Retries { attempts: 8, first: Duration::seconds(1), longest: Duration::minutes(5) };

/// A client that this worker has claimed.
struct OutboxClient {
    claim: Claim,
    /// The end of the lease or of the pause.
    until: DateTime<Utc>,
    state: DeliveryState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum DeliveryState {
    /// The first message can be written.
    Ready,
    /// Messages up to this number were written.
    Written(i64),
    /// The first message did not arrive and is tried again later.
    Paused,
}

/// Messages on their way.
pub struct Delivery {
    projects: BTreeSet<ProjectId>,
    held: HashMap<ClientKey, OutboxClient>,
    /// A message that nobody confirmed is sent again after this, by this worker or by another.
    lease: Duration,
    random: fastrand::Rng,
}

impl Delivery {
    /// The messages of these projects.
    pub fn new(projects: impl IntoIterator<Item = ProjectId>, lease: Duration) -> Self {
        Self { projects: projects.into_iter().collect(), held: HashMap::new(), lease, random: fastrand::Rng::new() }
    }

    /// A project has messages from now on.
    pub fn add_project(&mut self, project: ProjectId) {
        self.projects.insert(project);
    }

    /// Lines for the messages whose turn it is: the oldest of each client that has none on its way.
    pub fn due(&mut self, store: &dyn Store, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        self.let_go(store, now)?;
        for project in self.projects.clone() {
            self.claim(store, project, now, MESSAGES)?;
        }
        let mut lines = Vec::new();
        for ((project, _), held) in &mut self.held {
            if held.state == DeliveryState::Ready
                && let Some(message) = held.claim.messages.first()
            {
                lines.push((message.at, line(*project, message, held.claim.attempt + 1)));
                held.state = DeliveryState::Written(message.id.number);
            }
        }
        Ok(in_order(lines))
    }

    /// Lines for all messages that were not written yet, for a pipeline that confirms nothing any more.
    pub fn rest(&mut self, store: &dyn Store, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        let mut written = HashMap::new();
        for ((project, client), held) in std::mem::take(&mut self.held) {
            // Claimed again below, with whatever came since, unless another worker is faster: then it writes them.
            outbox::release(store, project, &held.claim, now)?;
            if let DeliveryState::Written(number) = held.state {
                written.insert((project, client), number);
            }
        }
        let mut lines = Vec::new();
        for project in self.projects.clone() {
            self.claim(store, project, now, usize::MAX)?;
        }
        for ((project, client), held) in &mut self.held {
            let number = written.get(&(*project, *client)).copied();
            let mut at = DateTime::<Utc>::MIN_UTC;
            for (index, message) in held.claim.messages.iter().enumerate() {
                // Whatever the clocks said: a message goes after those that were written before it.
                at = at.max(message.at);
                if number.is_none_or(|number| message.id.number > number) {
                    let before = if index == 0 { held.claim.attempt } else { 0 };
                    lines.push((at, line(*project, message, before + 1)));
                }
                held.state = DeliveryState::Written(message.id.number);
            }
        }
        Ok(in_order(lines))
    }

    /// The worker ends: others may try what it has not seen confirmed.
    pub fn hand_back(&mut self, store: &dyn Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        for ((project, _), mut held) in std::mem::take(&mut self.held) {
            match held.state {
                DeliveryState::Ready => {}
                DeliveryState::Written(_) => held.claim.attempt += 1,
                // Its time is in the store already.
                DeliveryState::Paused => continue,
            }
            outbox::release(store, project, &held.claim, now)?;
        }
        Ok(())
    }

    /// A message arrived. False: none was waiting for that.
    pub fn delivered(&mut self, store: &dyn Store, project: ProjectId, sent: &Sent) -> Result<bool, StoreError> {
        let id = MessageId { client: sent.client, number: sent.number };
        let was_waiting = outbox::confirm(store, project, id)?;
        self.settled(project, id);
        Ok(was_waiting)
    }

    /// A message did not arrive; it is tried again later, unless that is of no use.
    pub fn failed(&mut self, store: &dyn Store, project: ProjectId, failed: &NotSent, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let id = MessageId { client: failed.client, number: failed.number };
        if failed.is_final {
            let was_waiting = outbox::fail(store, project, id, &failed.error)?;
            self.settled(project, id);
            return Ok(was_waiting);
        }
        let client = (project, failed.client);
        let Some(held) = self.held.get_mut(&client).filter(|held| held.state == DeliveryState::Written(failed.number)) else {
            // Written before this worker had it, or after its lease was over: whoever holds it now tries again.
            return Ok(true);
        };
        match outbox::retry(store, project, &held.claim, id, &failed.error, &RETRIES, (now, &mut self.random))? {
            NextAttempt::At(until) => {
                held.claim.attempt += 1;
                held.until = until;
                held.state = DeliveryState::Paused;
            }
            NextAttempt::GivenUp | NextAttempt::Lost => {
                self.held.remove(&client);
            }
        }
        Ok(true)
    }

    /// Lets go of clients whose lease or pause is over and of those with nothing left to write in time.
    fn let_go(&mut self, store: &dyn Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        // A message is only begun while half of its lease is left, so that there is time to confirm it.
        let enough = self.lease / 2;
        let is_over = |held: &OutboxClient| match held.state {
            DeliveryState::Ready => held.claim.messages.is_empty() || held.until - now < enough,
            DeliveryState::Written(_) | DeliveryState::Paused => held.until <= now,
        };
        let over: Vec<(ClientKey, OutboxClient)> = self.held.extract_if(|_, held| is_over(held)).collect();
        for ((project, _), mut held) in over {
            match held.state {
                DeliveryState::Ready => {}
                // Nobody has said what became of it: that was an attempt.
                DeliveryState::Written(_) => held.claim.attempt += 1,
                DeliveryState::Paused => continue,
            }
            outbox::release(store, project, &held.claim, now)?;
        }
        Ok(())
    }

    fn claim(&mut self, store: &dyn Store, project: ProjectId, now: DateTime<Utc>, messages: usize) -> Result<(), StoreError> {
        loop {
            let claims = outbox::claim(store, project, now, self.lease, CLIENTS, messages)?;
            if claims.is_empty() {
                return Ok(());
            }
            for claim in claims {
                self.held.insert((project, claim.client), OutboxClient { claim, until: now + self.lease, state: DeliveryState::Ready });
            }
        }
    }

    /// A message waits no more: the next one of its client may go.
    fn settled(&mut self, project: ProjectId, id: MessageId) {
        let Some(held) = self.held.get_mut(&(project, id.client)) else { return };
        let is_first = held.claim.messages.first().is_some_and(|message| message.id == id);
        held.claim.messages.retain(|message| message.id != id);
        if is_first {
            held.claim.attempt = 0;
            // A pause ends with the message that it was for, but the lease ended with it: what is behind is claimed again.
            if held.state == DeliveryState::Paused {
                held.claim.messages.clear();
            }
            held.state = DeliveryState::Ready;
        }
    }
}

fn line(project: ProjectId, message: &OutboxMessage, attempt: i64) -> String {
    let (client, number) = (message.client, message.id.number);
    let line = json!({"send": {"project": project, "client": client, "number": number, "text": message.text, "attempt": attempt}});
    format!("{line}\n")
}

/// The oldest first.
fn in_order(mut lines: Vec<(DateTime<Utc>, String)>) -> Vec<String> {
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(_, line)| line).collect()
}
