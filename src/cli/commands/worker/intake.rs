//! Work that waits in the store: events of the inbox, scheduled messages that fall due, clients that wait for an operator.
//! Each is claimed for a time, run by the same threads as all events, and done with; what is not done is handed back.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration as Time, Instant};

use calc::crm::inbox::{self, Handled, WaitingEvent};
use calc::crm::scheduled::{self, DueMessage};
use calc::crm::{self, ClientId, ProjectId, Store, StoreError, queue};
use calc::engine::{Block, Engine, Event};
use calc::pipeline::{Job, Workers};
use calc::wording::{Message, message};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::blocks::Blocks;
use super::desk::{News, refused, report};
use super::{BACKOFF, ClientKey, is_passing, now};
use crate::failure::Failure;
use crate::language::say;
use crate::terminal::{ColorChoice, Terminal};

/// How often the store is looked at when nothing was found; a bit longer for each project.
const LOOK: Time = Time::from_millis(200);
const LOOK_A_PROJECT: Time = Time::from_millis(1);
/// How often new projects are looked for.
const NEW_PROJECTS: Time = Time::from_secs(10);
/// How many leases a scheduled message or a client to be distributed is held, which nobody holds for longer.
const LONG: i32 = 5;
/// How many events of a client are claimed together.
const EVENTS: usize = 16;
/// How often what is held is handed back to a store that fails, before it is left to the end of the leases.
const HAND_BACK_ATTEMPTS: u32 = 4;

/// What is taken in.
pub struct IntakeSettings {
    /// Whether events of the inbox are.
    pub with_inbox: bool,
    /// How long a client with events is held; it is held for longer while its events are handled.
    pub lease: Duration,
    pub projects: Vec<ProjectId>,
    /// Whether these projects are all that this worker works for.
    pub is_one_project: bool,
    /// How many clients, messages and distributions are held at once.
    pub at_once: usize,
}

/// What the thread that takes work in is told.
pub enum Told {
    /// An event of a held client was handled, or refused with the reason.
    Handled { client: ClientKey, number: i64, refusal: Option<String> },
    /// A scheduled message was run, or could not be.
    Sent { project: ProjectId, message: DueMessage, is_done: bool },
    /// A client was distributed, or put off.
    Distributed { client: ClientKey },
    /// Nothing else comes: say when nothing is due any more.
    Finish,
    /// Hand back what is held, and end.
    Stop,
}

/// A client whose events this worker handles, one after another.
struct LeasedClient {
    lease: i64,
    until: DateTime<Utc>,
    events: VecDeque<WaitingEvent>,
    is_running: bool,
    up_to: Option<i64>,
    refused: Vec<(i64, String)>,
}

/// Takes in what waits in the store.
pub struct Intake {
    settings: IntakeSettings,
    store: Arc<dyn Store>,
    blocks: Arc<Mutex<Blocks>>,
    workers: Arc<Workers>,
    news: Sender<News>,
    to_self: Sender<Told>,
    told: Receiver<Told>,
    terminal: Terminal,
    /// What distributes a client.
    distribution: Arc<Block>,
    held: HashMap<ClientKey, LeasedClient>,
    scheduled: HashMap<(ProjectId, ClientId, i64), DueMessage>,
    /// Clients that are being distributed, with the ends of their leases.
    queued: HashMap<ClientKey, DateTime<Utc>>,
    /// Clients that are done with and not noted in the store yet, by project.
    finished: HashMap<ProjectId, Vec<Handled>>,
    sent: Vec<(ProjectId, DueMessage)>,
    /// Blocks of scheduled messages that are not there, which was said.
    missing: HashSet<(ClientId, i64)>,
    looks: Instant,
    looked_for_projects: Instant,
    is_finishing: bool,
    failures: u32,
    random: fastrand::Rng,
}

impl Intake {
    pub fn new(
        settings: IntakeSettings,
        (engine, store): (Engine, Arc<dyn Store>),
        (blocks, workers): (Arc<Mutex<Blocks>>, Arc<Workers>),
        news: Sender<News>,
    ) -> Result<Self, Failure> {
        let distribution = engine.block(None, "distribute_client()", "");
        let distribution = distribution.map_err(|_| Failure::store(message!("distribution-does-not-compile")))?;
        let (to_self, told) = mpsc::channel();
        Ok(Self {
            settings,
            store,
            blocks,
            workers,
            news,
            to_self,
            told,
            // Of its own: a terminal is not shared between threads.
            terminal: Terminal::new(ColorChoice::Never, false),
            distribution: Arc::new(distribution),
            held: HashMap::new(),
            scheduled: HashMap::new(),
            queued: HashMap::new(),
            finished: HashMap::new(),
            sent: Vec::new(),
            missing: HashSet::new(),
            looks: Instant::now(),
            looked_for_projects: Instant::now(),
            is_finishing: false,
            failures: 0,
            random: fastrand::Rng::new(),
        })
    }

    /// Where this thread is told things.
    pub fn sender(&self) -> Sender<Told> {
        self.to_self.clone()
    }

    /// Works until it is told to stop.
    pub fn run(mut self) -> Result<(), StoreError> {
        loop {
            let pause = self.looks.saturating_duration_since(Instant::now());
            let mut told = match self.told.recv_timeout(pause) {
                Ok(told) => Some(told),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return self.hand_back(),
            };
            while let Some(news) = told {
                if matches!(news, Told::Stop) {
                    return self.hand_back();
                }
                self.note(news);
                told = self.told.try_recv().ok();
            }
            match self.step() {
                Ok(()) => self.failures = 0,
                Err(error) if is_passing(&error) => self.wait_after(&error),
                Err(error) => {
                    let _ = self.news.send(News::Broken(error.into()));
                    // Nothing more is taken in; what is held is handed back at the end.
                    self.looks = Instant::now() + NEW_PROJECTS;
                }
            }
        }
    }

    fn wait_after(&mut self, error: &StoreError) {
        self.failures += 1;
        if self.failures == 1 {
            let _ = self.news.send(News::Remark(say(&message!("store-has-to-wait", error = error.message().clone()))));
        }
        self.looks = Instant::now() + BACKOFF.after(self.failures, &mut self.random);
    }

    fn note(&mut self, told: Told) {
        match told {
            Told::Handled { client, number, refusal } => {
                if let Some(held) = self.held.get_mut(&client) {
                    held.is_running = false;
                    held.up_to = Some(number);
                    held.refused.extend(refusal.map(|reason| (number, reason)));
                }
            }
            Told::Sent { project, message, is_done } => {
                self.scheduled.remove(&(project, message.client, message.number));
                // What could not be run is tried again when its lease is over.
                if is_done {
                    self.sent.push((project, message));
                }
            }
            Told::Distributed { client } => {
                self.queued.remove(&client);
            }
            Told::Finish => {
                self.is_finishing = true;
                self.looks = Instant::now();
            }
            Told::Stop => {}
        }
    }

    fn count(&self) -> usize {
        self.held.len() + self.scheduled.len() + self.queued.len()
    }

    /// What can be done now.
    fn step(&mut self) -> Result<(), StoreError> {
        let is_failing = self.failures > 0 && Instant::now() < self.looks;
        if is_failing {
            return Ok(());
        }
        let ready: Vec<ClientKey> = self.held.iter().filter(|(_, held)| !held.is_running).map(|(client, _)| *client).collect();
        for client in ready {
            self.begin_next(client);
        }
        self.extend()?;
        let has_news = self.write_down()?;
        let is_full = self.count() >= self.settings.at_once;
        if is_full || (!has_news && Instant::now() < self.looks) {
            // Something that ends will wake this thread.
            self.looks = self.looks.max(Instant::now() + if is_full { LOOK } else { Time::ZERO });
            return Ok(());
        }
        let found = self.look()?;
        if self.is_finishing && !found && self.count() == 0 {
            let _ = self.news.send(News::NothingDue);
            self.is_finishing = false;
        }
        let pause = LOOK + LOOK_A_PROJECT.saturating_mul(u32::try_from(self.settings.projects.len()).unwrap_or(u32::MAX));
        self.looks = Instant::now() + if found { Time::ZERO } else { pause };
        Ok(())
    }

    /// Looks for work and begins it. False: nothing was due.
    fn look(&mut self) -> Result<bool, StoreError> {
        if !self.settings.is_one_project && self.looked_for_projects.elapsed() > NEW_PROJECTS {
            self.settings.projects = crm::project_ids(&*self.store)?;
            self.looked_for_projects = Instant::now();
        }
        let mut found = false;
        for (project, due) in inbox::due(&*self.store, &self.settings.projects, now())? {
            if due.events && self.settings.with_inbox {
                found |= self.claim_events(project)?;
            }
            if due.scheduled {
                found |= self.claim_scheduled(project)?;
            }
            if due.queued {
                found |= self.claim_queued(project)?;
            }
        }
        Ok(found)
    }

    fn long_lease(&self) -> Duration {
        self.settings.lease * LONG
    }

    fn free_places(&self) -> usize {
        self.settings.at_once.saturating_sub(self.count())
    }

    fn claim_events(&mut self, project: ProjectId) -> Result<bool, StoreError> {
        let (now, free) = (now(), self.free_places());
        let claims = if free == 0 { Vec::new() } else { inbox::claim(&*self.store, project, now, self.settings.lease, free, EVENTS)? };
        let found = !claims.is_empty();
        for claim in claims {
            let client = (project, claim.client);
            // An event of an earlier claim, whose lease is over, may still run: its client's events come after it all the same.
            let is_running = self.held.get(&client).is_some_and(|held| held.is_running);
            let (lease, events) = (claim.lease, claim.events.into());
            self.held.insert(
                client,
                LeasedClient { lease, until: now + self.settings.lease, events, is_running, up_to: None, refused: Vec::new() },
            );
            if !is_running {
                self.begin_next(client);
            }
        }
        Ok(found)
    }

    /// Begins the next event of a client, or has done with the client.
    fn begin_next(&mut self, client: ClientKey) {
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
    fn extend(&mut self) -> Result<(), StoreError> {
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

    /// Notes in the store what is done. False: there was nothing.
    fn write_down(&mut self) -> Result<bool, StoreError> {
        let has_news = !self.finished.is_empty() || !self.sent.is_empty();
        while let Some(project) = self.finished.keys().next().copied() {
            inbox::finish(&*self.store, project, self.finished.get(&project).map_or(&[], Vec::as_slice), now())?;
            self.finished.remove(&project);
        }
        while let Some((project, message)) = self.sent.last() {
            scheduled::done(&*self.store, *project, message)?;
            self.sent.pop();
        }
        Ok(has_news)
    }

    fn claim_scheduled(&mut self, project: ProjectId) -> Result<bool, StoreError> {
        let free = self.free_places();
        let claims = if free == 0 { Vec::new() } else { scheduled::claim(&*self.store, project, now(), self.long_lease(), free)? };
        let found = !claims.is_empty();
        for message in claims {
            let key = (project, message.client, message.number);
            let is_running = self.scheduled.insert(key, message.clone()).is_some();
            if is_running {
                continue;
            }
            if let Some(block) = self.block_of(&message) {
                self.run_scheduled(project, message, block);
            } else {
                self.scheduled.remove(&key);
                self.say_missing(&message);
            }
        }
        Ok(found)
    }

    /// What a scheduled message runs: its block, with its text in place of the block's message, or its text alone.
    fn block_of(&self, message: &DueMessage) -> Option<Arc<Block>> {
        let text = message.text.as_deref();
        let Some(id) = message.block else { return Some(Arc::new(Block::of_text(None, text.unwrap_or_default()))) };
        let block = self.blocks.lock().unwrap_or_else(PoisonError::into_inner).get(id, &self.terminal);
        match (block, text) {
            (Some(block), Some(text)) => Some(Arc::new(Block::clone(&block).with_text(text))),
            (block, _) => block,
        }
    }

    /// Says once that a block is missing; its message is tried again when its lease is over.
    fn say_missing(&mut self, message: &DueMessage) {
        let Some(block) = message.block else { return };
        if self.missing.insert((message.client, message.number)) {
            let problem = message!("no-block-to-run", block = block.to_string());
            let answer = json!({"event": message.event_id(), "client": message.client, "error": say(&problem)});
            let reason = message!("scheduled-stays", client = message.client.to_string(), problem = problem);
            let _ = self.news.send(refused(&answer, &reason));
        }
    }

    fn run_scheduled(&self, project: ProjectId, message: DueMessage, block: Arc<Block>) {
        let (news, done) = (self.news.clone(), self.to_self.clone());
        let event = Event::at(now()).with_id(message.event_id());
        let job = Job { project, client: message.client, block, event };
        self.workers.submit(job, move |job, result| {
            let id = job.event.id.as_deref();
            let is_done = result.is_ok();
            let _ = news.send(match result {
                Ok(outcome) => report(job, id, &outcome),
                Err(error) => {
                    let answer = json!({"event": id, "client": job.client, "error": say(&error.message())});
                    refused(&answer, &message!("scheduled-problem", client = job.client.to_string(), problem = error.message()))
                }
            });
            let _ = done.send(Told::Sent { project, message, is_done });
        });
    }

    fn claim_queued(&mut self, project: ProjectId) -> Result<bool, StoreError> {
        let (now, free) = (now(), self.free_places());
        let clients = if free == 0 { Vec::new() } else { queue::claim(&*self.store, project, now, self.long_lease(), free)? };
        let found = !clients.is_empty();
        for client in clients {
            let key = (project, client);
            if self.queued.insert(key, now + self.long_lease()).is_some() {
                continue;
            }
            let (news, done) = (self.news.clone(), self.to_self.clone());
            let job = Job { project, client, block: Arc::clone(&self.distribution), event: Event::at(now) };
            self.workers.submit(job, move |job, result| {
                let _ = news.send(match result {
                    Ok(outcome) => report(job, None, &outcome),
                    Err(error) => {
                        let answer = json!({"event": null, "client": job.client, "error": say(&error.message())});
                        let client = client.to_string();
                        refused(&answer, &message!("client-not-distributed", client = client, problem = error.message()))
                    }
                });
                let _ = done.send(Told::Distributed { client: key });
            });
        }
        Ok(found)
    }

    /// The work ends: notes what is done, and others may take what is not.
    fn hand_back(mut self) -> Result<(), StoreError> {
        for (client, held) in std::mem::take(&mut self.held) {
            self.finished.entry(client.0).or_default().push(held.handled(client.1));
        }
        let mut attempt = 1;
        loop {
            match self.release() {
                Err(error) if is_passing(&error) && attempt < HAND_BACK_ATTEMPTS => {
                    std::thread::sleep(BACKOFF.after(attempt, &mut self.random));
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    fn release(&mut self) -> Result<(), StoreError> {
        self.write_down()?;
        while let Some(((project, client, number), message)) = self.scheduled.iter().next() {
            scheduled::release(&*self.store, *project, message)?;
            let key = (*project, *client, *number);
            self.scheduled.remove(&key);
        }
        while let Some(((project, client), until)) = self.queued.iter().next() {
            queue::release(&*self.store, *project, *client, *until, now())?;
            let key = (*project, *client);
            self.queued.remove(&key);
        }
        Ok(())
    }
}

impl LeasedClient {
    fn handled(self, client: ClientId) -> Handled {
        Handled { client, lease: self.lease, up_to: self.up_to, refused: self.refused }
    }
}

/// What is wrong with an event of the inbox, and whose it is.
fn of_inbox(number: i64, client: ClientId, problem: Message) -> Message {
    message!("inbox-problem", number = number, client = client.to_string(), problem = problem)
}
