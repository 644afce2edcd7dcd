//! Events of the inbox: a client is held for a time, and its events are run one after another.

use std::collections::{HashMap, VecDeque};
use std::sync::PoisonError;

use calc::crm::inbox::{self, ClaimedClient, Handled, WaitingEvent};
use calc::crm::{ClientId, Lease, ProjectId, StoreError};
use calc::engine::Event;
use calc::pipeline::Job;
use calc::wording::{Message, message};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::super::desk::{refused, report};
use super::super::{ClientKey, now};
use super::{ClaimKind, Intake, Told};
use crate::language::say;

/// How many events of a client are claimed together.
pub(super) const EVENTS: usize = 16;

/// A client whose events this worker handles, one after another.
pub(super) struct LeasedClient {
    lease: i64,
    until: DateTime<Utc>,
    events: VecDeque<WaitingEvent>,
    pub(super) is_running: bool,
    pub(super) up_to: Option<i64>,
    pub(super) refused: Vec<(i64, String)>,
}

impl Intake {
    pub(super) fn claim_events(&mut self, project: ProjectId) -> Result<bool, StoreError> {
        let (now, free) = (now(), self.free_places());
        if free == 0 {
            return Ok(false);
        }
        let lease = self.new_lease(now, self.settings.lease);
        let claims = self.claim(project, ClaimKind::Events, lease, |store| inbox::claim(store, project, now, &lease, free, EVENTS))?;
        let found = !claims.is_empty();
        self.hold_events(project, &lease, claims);
        Ok(found)
    }

    /// Begins what was claimed.
    pub(super) fn hold_events(&mut self, project: ProjectId, lease: &Lease, claims: Vec<ClaimedClient>) {
        for claim in claims {
            let client = (project, claim.client);
            // An event of an earlier claim, whose lease is over, may still run: its client's events come after it all the same.
            let is_running = self.held.get(&client).is_some_and(|held| held.is_running);
            let events = claim.events.into();
            self.held.insert(
                client,
                LeasedClient { lease: lease.number, until: lease.until, events, is_running, up_to: None, refused: Vec::new() },
            );
            if !is_running {
                self.begin_next(client);
            }
        }
    }

    /// Begins the next event of a client, or has done with the client.
    pub(super) fn begin_next(&mut self, client: ClientKey) {
        let Some(held) = self.held.get_mut(&client) else { return };
        // What is left when the lease is over is another's.
        let is_over = held.until <= now();
        while let Some(event) = held.events.pop_front().filter(|_| !is_over) {
            let number = event.number;
            let block = self.blocks.lock().unwrap_or_else(PoisonError::into_inner).get(event.block, &self.terminal);
            let Some(block) = block else {
                let problem = message!("no-block-to-run", block = event.block.to_string());
                let reason = say(&problem);
                let answer = json!({"event": event.event, "client": client.1, "number": number, "error": reason});
                let _ = self.news.send(refused(&answer, &of_inbox(number, client.1, problem)));
                held.up_to = Some(number);
                held.refused.push((number, reason));
                continue;
            };
            held.is_running = true;
            let name = event.event.clone();
            let mut happened = Event::at(event.at).with_id(event.event_id());
            happened.text = event.text;
            happened.callback = event.callback;
            let (news, done) = (self.news.clone(), self.to_self.clone());
            let job = Job { project: client.0, client: client.1, block, event: happened };
            self.workers.submit(job, move |job, result| {
                let (news_of_it, refusal) = match result {
                    Ok(outcome) => (report(job, name.as_deref(), &outcome), None),
                    Err(error) => {
                        let reason = say(&error.message());
                        let answer = json!({"event": name, "client": client.1, "number": number, "error": reason});
                        (refused(&answer, &of_inbox(number, client.1, error.message())), Some(reason))
                    }
                };
                // Nobody listens any more when the process ends; the event is found to be handled when it is claimed again.
                let _ = news.send(news_of_it);
                let _ = done.send(Told::Handled { client, number, refusal });
            });
            return;
        }
        if let Some(held) = self.held.remove(&client) {
            self.finished.entry(client.0).or_default().push(held.handled(client.1));
        }
    }

    /// Holds clients for longer whose events take long.
    pub(super) fn extend(&mut self) -> Result<(), StoreError> {
        let now = now();
        let mut ending: HashMap<ProjectId, Vec<(ClientId, i64)>> = HashMap::new();
        for ((project, client), held) in &self.held {
            if held.until - now < self.settings.lease / 2 {
                ending.entry(*project).or_default().push((*client, held.lease));
            }
        }
        for (project, clients) in ending {
            let lost = inbox::extend(&*self.store, project, &clients, now, self.settings.lease)?;
            for (client, _) in clients {
                if let Some(held) = self.held.get_mut(&(project, client)) {
                    if lost.contains(&client) {
                        held.events.clear();
                    }
                    held.until = now + self.settings.lease;
                }
            }
        }
        Ok(())
    }
}

impl LeasedClient {
    pub(super) fn handled(self, client: ClientId) -> Handled {
        Handled { client, lease: self.lease, up_to: self.up_to, refused: self.refused }
    }
}

/// What is wrong with an event of the inbox, and whose it is.
fn of_inbox(number: i64, client: ClientId, problem: Message) -> Message {
    message!("inbox-problem", number = number, client = client.to_string(), problem = problem)
}
