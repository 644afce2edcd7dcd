//! Hands the messages of the outbox to the pipeline as lines, one at a time for each client, and takes note of what
//! became of them. Whoever writes a message holds its client in the store, so that no other worker writes it meanwhile.

use std::collections::{BTreeSet, HashMap};

use calc::crm::outbox::{self, Claim, MessageId, NextAttempt, OutboxMessage, Retries};
use calc::crm::{Lease, ProjectId, Store, StoreError};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::line::{NotSent, Sent};
use super::{ClientKey, randomness};

/// How many clients of a project are claimed together.
const CLIENTS: usize = 1_000;
/// How many messages are claimed with their client; they are written one after another.
const MESSAGES: usize = 16;
/// When a delivery that failed is tried again.
const FIRST_PAUSE: Duration = Duration::seconds(1);
const LONGEST_PAUSE: Duration = Duration::minutes(5);

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
    /// Claims whose answers have not come: what they have brought is held by this worker all the same.
    unanswered: Vec<(ProjectId, Lease)>,
    /// Claims that others may have, which the store has not been told yet.
    ended: HashMap<ProjectId, Vec<Claim>>,
    /// The last messages that were written to clients which `rest` has let go of.
    written: HashMap<ClientKey, i64>,
    /// A message that nobody confirmed is sent again after this, by this worker or by another.
    lease: Duration,
    retries: Retries,
    random: fastrand::Rng,
}

impl Delivery {
    /// The messages of these projects, each tried so often.
    pub fn new(projects: impl IntoIterator<Item = ProjectId>, lease: Duration, attempts: u32) -> Self {
        Self {
            projects: projects.into_iter().collect(),
            held: HashMap::new(),
            unanswered: Vec::new(),
            ended: HashMap::new(),
            written: HashMap::new(),
            lease,
            retries: Retries { attempts: i64::from(attempts), first: FIRST_PAUSE, longest: LONGEST_PAUSE },
            random: randomness(),
        }
    }

    /// A project has messages from now on.
    pub fn add_project(&mut self, project: ProjectId) {
        self.projects.insert(project);
    }

    /// Lines for the messages whose turn it is: the oldest of each client that has none on its way.
    pub fn due(&mut self, store: &dyn Store, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        self.find_unanswered(store, now)?;
        self.let_go(now);
        self.release(store, now)?;
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
        self.find_unanswered(store, now)?;
        for ((project, client), held) in self.held.drain() {
            // Claimed again below, with whatever came since, unless another worker is faster: then it writes them.
            self.ended.entry(project).or_default().push(held.claim);
            if let DeliveryState::Written(number) = held.state {
                self.written.insert((project, client), number);
            }
        }
        self.release(store, now)?;
        let mut lines = Vec::new();
        for project in self.projects.clone() {
            self.claim(store, project, now, usize::MAX)?;
        }
        for ((project, client), held) in &mut self.held {
            let number = self.written.get(&(*project, *client)).copied();
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
        // What cannot be found out is another's when its lease is over; what is known is handed back all the same.
        let found = self.find_unanswered(store, now);
        let over = self.held.drain().collect();
        self.end(over);
        self.release(store, now)?;
        found
    }

    /// A message arrived. False: none was waiting for that.
    pub fn delivered(&mut self, store: &dyn Store, project: ProjectId, sent: &Sent) -> Result<bool, StoreError> {
        let id = MessageId { client: sent.client, number: sent.number };
        let message_ids = sent.message_ids.as_ref().map(ToString::to_string);
        let was_waiting = outbox::confirm_numbered(store, project, id, message_ids.as_deref())?;
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
        match outbox::retry(store, project, &held.claim, id, &failed.error, &self.retries, (now, &mut self.random))? {
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

    /// Has done with clients whose lease or pause is over and with those with nothing left to write in time.
    fn let_go(&mut self, now: DateTime<Utc>) {
        // A message is only begun while half of its lease is left, so that there is time to confirm it.
        let enough = self.lease / 2;
        let is_over = |held: &OutboxClient| match held.state {
            DeliveryState::Ready => held.claim.messages.is_empty() || held.until - now < enough,
            DeliveryState::Written(_) | DeliveryState::Paused => held.until <= now,
        };
        let over = self.held.extract_if(|_, held| is_over(held)).collect();
        self.end(over);
    }

    fn end(&mut self, over: Vec<(ClientKey, OutboxClient)>) {
        for ((project, _), mut held) in over {
            match held.state {
                DeliveryState::Ready => {}
                // Nobody has said what became of it: that was an attempt.
                DeliveryState::Written(_) => held.claim.attempt += 1,
                // Its time is in the store already.
                DeliveryState::Paused => continue,
            }
            self.ended.entry(project).or_default().push(held.claim);
        }
    }

    /// Tells the store which clients others may have.
    fn release(&mut self, store: &dyn Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        while let Some((project, claims)) = self.ended.iter().next() {
            outbox::release(store, *project, claims, now)?;
            let project = *project;
            self.ended.remove(&project);
        }
        Ok(())
    }

    fn claim(&mut self, store: &dyn Store, project: ProjectId, now: DateTime<Utc>, messages: usize) -> Result<(), StoreError> {
        loop {
            let lease = Lease::new(now, self.lease, &mut self.random);
            self.unanswered.push((project, lease));
            let claims = outbox::claim(store, project, now, &lease, CLIENTS, messages)?;
            self.unanswered.pop();
            if claims.is_empty() {
                return Ok(());
            }
            self.hold(project, &lease, claims);
        }
    }

    fn hold(&mut self, project: ProjectId, lease: &Lease, claims: Vec<Claim>) {
        for claim in claims {
            self.held.insert((project, claim.client), OutboxClient { claim, until: lease.until, state: DeliveryState::Ready });
        }
    }

    /// Asks what was claimed when no answer came. A server may be slow to keep what it was told before its connection was
    /// cut, so it is asked until the lease is over.
    fn find_unanswered(&mut self, store: &dyn Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.unanswered.retain(|(_, lease)| lease.until > now);
        for (project, lease) in self.unanswered.clone() {
            let claims = outbox::claimed(store, project, &lease, MESSAGES)?;
            if !claims.is_empty() {
                self.unanswered.retain(|(_, other)| *other != lease);
                self.hold(project, &lease, claims);
            }
        }
        Ok(())
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
