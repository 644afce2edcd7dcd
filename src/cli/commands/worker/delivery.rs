//! Hands the messages of the outbox to the pipeline as lines, one at a time for each client, and takes note of what
//! became of them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use calc::crm::outbox::{self, MessageId};
use calc::crm::{Store, StoreError};
use calc::pipeline::Backoff;
use serde_json::json;

use super::line::{NotSent, Sent};

/// How many messages of a project are looked at together.
const AT_ONCE: usize = 1_000;
/// A message that nobody confirmed is sent again after this.
const LEASE: Duration = Duration::from_mins(1);
/// The pauses after a delivery that failed.
const BACKOFF: Backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_mins(5) };
/// After so many attempts a message is given up.
const ATTEMPTS: u32 = 8;

type Client = (i64, i64);

/// Messages on their way.
pub struct Delivery {
    projects: BTreeSet<i64>,
    on_their_way: HashMap<Client, (i64, Instant)>,
    attempts: HashMap<(Client, i64), u32>,
    paused: HashMap<Client, Instant>,
    random: fastrand::Rng,
}

impl Delivery {
    /// The messages of these projects.
    pub fn new(projects: impl IntoIterator<Item = i64>) -> Self {
        Self {
            projects: projects.into_iter().collect(),
            on_their_way: HashMap::new(),
            attempts: HashMap::new(),
            paused: HashMap::new(),
            random: fastrand::Rng::new(),
        }
    }

    /// A project has messages from now on.
    pub fn add_project(&mut self, project: i64) {
        self.projects.insert(project);
    }

    /// Lines for the messages whose turn it is: the oldest of each client that has none on its way. With `all` also those
    /// behind them, for a pipeline that confirms nothing any more.
    pub fn due(&mut self, store: &dyn Store, all: bool) -> Result<Vec<String>, StoreError> {
        let now = Instant::now();
        let mut lines = Vec::new();
        for project in self.projects.clone() {
            let mut seen: HashSet<i64> = HashSet::new();
            for message in outbox::pending(store, project, AT_ONCE)? {
                let client = (project, message.client);
                let is_first = seen.insert(message.client);
                let is_sent = self.on_their_way.get(&client).is_some_and(
                    |(number, until)| {
                        if all { message.id.number <= *number } else { *until > now }
                    },
                );
                let is_paused = self.paused.get(&client).is_some_and(|until| *until > now);
                if is_sent || !all && (!is_first || is_paused) {
                    continue;
                }
                let attempt = self.attempts.entry((client, message.id.number)).or_default();
                *attempt += 1;
                self.on_their_way.insert(client, (message.id.number, now + LEASE));
                let line = json!({"send": {"project": project, "client": message.client, "number": message.id.number,
                    "text": message.text, "attempt": *attempt}});
                lines.push(format!("{line}\n"));
            }
        }
        Ok(lines)
    }

    /// A message arrived. False: none was waiting for that.
    pub fn delivered(&mut self, store: &dyn Store, project: i64, sent: &Sent) -> Result<bool, StoreError> {
        self.forget(project, sent.client, sent.number);
        outbox::confirm(store, project, MessageId { client: sent.client, number: sent.number })
    }

    /// A message did not arrive; it is tried again later, unless that is of no use.
    pub fn failed(&mut self, store: &dyn Store, project: i64, failed: &NotSent) -> Result<bool, StoreError> {
        let client = (project, failed.client);
        let attempts = self.attempts.get(&(client, failed.number)).copied().unwrap_or(1);
        if failed.is_final || attempts >= ATTEMPTS {
            self.forget(project, failed.client, failed.number);
            return outbox::fail(store, project, MessageId { client: failed.client, number: failed.number }, &failed.error);
        }
        self.on_their_way.remove(&client);
        self.paused.insert(client, Instant::now() + BACKOFF.after(attempts, &mut self.random));
        Ok(true)
    }

    fn forget(&mut self, project: i64, client: i64, number: i64) {
        let client = (project, client);
        self.attempts.remove(&(client, number));
        self.paused.remove(&client);
        if self.on_their_way.get(&client).is_some_and(|(sent, _)| *sent == number) {
            self.on_their_way.remove(&client);
        }
    }
}
