//! Work that waits in the store: events of the inbox, scheduled messages that fall due, clients that wait for an operator,
//! what blocks have asked for.
//! Each is claimed for a time, run by the same threads as all events, and done with; what is not done is handed back.

mod due;
mod events;
mod requests;

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration as Time, Instant};

use calc::crm::inbox::{self, Handled};
use calc::crm::requests::{RequestId, WaitingRequest};
use calc::crm::scheduled::{self, DueMessage};
use calc::crm::{self, ClientId, Lease, ProjectId, Store, StoreError, queue};
use calc::engine::{Block, Engine, HostError, Outcome, Skipped};
use calc::pipeline::Workers;
use calc::wording::message;
use chrono::{DateTime, Duration, Utc};

use self::events::{EVENTS, LeasedClient};
use super::blocks::Blocks;
use super::desk::News;
use super::{BACKOFF, ClientKey, is_passing, now, randomness};
use crate::failure::Failure;
use crate::language::say;
use crate::terminal::{ColorChoice, Terminal};

/// How often the store is looked at when nothing was found; a bit longer for each project.
const LOOK: Time = Time::from_millis(200);
const LOOK_A_PROJECT: Time = Time::from_millis(1);
/// How often when only what runs already may bring something.
const LOOK_AT_THE_END: Time = Time::from_millis(5);
/// How often new projects are looked for.
const NEW_PROJECTS: Time = Time::from_secs(10);
/// How many leases a scheduled message or a client to be distributed is held, which nobody holds for longer, and a message
/// that cannot be done is put off.
const LONG: i32 = 5;
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
    /// Whether it does what blocks ask of the host.
    pub with_requests: bool,
    /// How many clients, messages and distributions are held at once.
    pub at_once: usize,
}

/// What the thread that takes work in is told.
pub enum Told {
    /// An event of a held client was handled, or refused with the reason.
    Handled { client: ClientKey, number: i64, refusal: Option<String> },
    /// A scheduled message was run, or could not be.
    Sent { project: ProjectId, message: DueMessage, end: SentEnd },
    /// A block that another one asked for was run, or could not be.
    Answered { project: ProjectId, waiting: WaitingRequest, end: SentEnd },
    /// A client was distributed, or put off.
    Distributed { client: ClientKey },
    /// Nothing else comes: say when nothing is due any more.
    Finish,
    /// Hand back what is held, and end.
    Stop,
}

/// How it ended with a scheduled message.
pub enum SentEnd {
    Done,
    Failed,
    /// The bot does nothing for the client until then.
    Paused(DateTime<Utc>),
}

impl SentEnd {
    fn of(result: &Result<Outcome, HostError>) -> Self {
        match result {
            Ok(Outcome { skipped: Some(Skipped::ClientPaused { until }), .. }) => Self::Paused(until.to_utc()),
            Ok(_) => Self::Done,
            Err(_) => Self::Failed,
        }
    }
}

/// What there is to claim.
#[derive(Clone, Copy)]
enum ClaimKind {
    Events,
    Scheduled,
    Queued,
    Requests,
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
    /// Scheduled messages that could not be done, with the time from which on it may be claimed again, if that is known.
    put_off: Vec<(ProjectId, DueMessage, Option<DateTime<Utc>>)>,
    /// Requests whose lines the pipeline has, with the ends of their leases.
    asked: Vec<(ProjectId, WaitingRequest, DateTime<Utc>)>,
    /// Requests whose blocks run.
    running_requests: HashMap<(ProjectId, RequestId), WaitingRequest>,
    /// Those that are not noted in the store yet.
    ended_requests: Vec<(ProjectId, WaitingRequest, SentEnd)>,
    /// Claims whose answers have not come: what they have brought is held by this worker all the same.
    unanswered: Vec<(ProjectId, ClaimKind, Lease)>,
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
            put_off: Vec::new(),
            asked: Vec::new(),
            running_requests: HashMap::new(),
            ended_requests: Vec::new(),
            unanswered: Vec::new(),
            missing: HashSet::new(),
            looks: Instant::now(),
            looked_for_projects: Instant::now(),
            is_finishing: false,
            failures: 0,
            random: randomness(),
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
            Told::Sent { project, message, end } => {
                self.scheduled.remove(&(project, message.client, message.number));
                match end {
                    SentEnd::Done => self.sent.push((project, message)),
                    SentEnd::Failed => self.put_off.push((project, message, None)),
                    SentEnd::Paused(until) => self.put_off.push((project, message, Some(until))),
                }
            }
            Told::Answered { project, waiting, end } => {
                self.running_requests.remove(&(project, waiting.id));
                self.ended_requests.push((project, waiting, end));
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
        self.held.len() + self.scheduled.len() + self.queued.len() + self.running_requests.len()
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
        // Asked before: what still runs may make something due that is not seen.
        let were_idle = self.workers.are_idle();
        let found = self.look()?;
        if self.is_finishing && !found && self.count() == 0 {
            if !were_idle {
                self.looks = Instant::now() + LOOK_AT_THE_END;
                return Ok(());
            }
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
        let mut found = self.find_unanswered()?;
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
            if due.requests && self.settings.with_requests {
                found |= self.claim_requests(project)?;
            }
        }
        Ok(found)
    }

    fn new_lease(&mut self, now: DateTime<Utc>, length: Duration) -> Lease {
        Lease::new(now, length, &mut self.random)
    }

    /// Claims something; without an answer it is asked for later.
    fn claim<T>(
        &mut self,
        project: ProjectId,
        kind: ClaimKind,
        lease: Lease,
        ask: impl FnOnce(&dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.unanswered.push((project, kind, lease));
        let answer = ask(&*self.store)?;
        self.unanswered.pop();
        Ok(answer)
    }

    /// Asks what was claimed when no answer came, and begins it. A server may be slow to keep what it was told before its
    /// connection was cut, so it is asked until the lease is over. False: nothing was.
    fn find_unanswered(&mut self) -> Result<bool, StoreError> {
        let now = now();
        self.unanswered.retain(|(_, _, lease)| lease.until > now);
        let mut found = false;
        for (project, kind, lease) in self.unanswered.clone() {
            let store = Arc::clone(&self.store);
            let is_found = match kind {
                ClaimKind::Events => {
                    let claims = inbox::claimed(&*store, project, &lease, EVENTS)?;
                    let is_found = !claims.is_empty();
                    self.hold_events(project, &lease, claims);
                    is_found
                }
                ClaimKind::Scheduled => {
                    let claims = scheduled::claimed(&*store, project, &lease)?;
                    let is_found = !claims.is_empty();
                    self.run_all_scheduled(project, claims);
                    is_found
                }
                ClaimKind::Requests => {
                    let claims = crm::requests::claimed(&*store, project, &lease)?;
                    let is_found = !claims.is_empty();
                    for waiting in claims {
                        self.begin_request(project, waiting, lease.until);
                    }
                    is_found
                }
                ClaimKind::Queued => {
                    let clients = queue::claimed(&*store, project, &lease)?;
                    let is_found = !clients.is_empty();
                    self.distribute(project, &lease, clients);
                    is_found
                }
            };
            if is_found {
                self.unanswered.retain(|(_, _, other)| *other != lease);
            }
            found |= is_found;
        }
        Ok(found)
    }

    fn long_lease(&self) -> Duration {
        self.settings.lease * LONG
    }

    fn free_places(&self) -> usize {
        self.settings.at_once.saturating_sub(self.count())
    }

    /// Notes in the store what is done. False: there was nothing.
    fn write_down(&mut self) -> Result<bool, StoreError> {
        let has_news = !self.finished.is_empty() || !self.sent.is_empty() || !self.put_off.is_empty() || !self.ended_requests.is_empty();
        self.end_requests()?;
        while let Some(project) = self.finished.keys().next().copied() {
            inbox::finish(&*self.store, project, self.finished.get(&project).map_or(&[], Vec::as_slice), now())?;
            self.finished.remove(&project);
        }
        while let Some((project, message)) = self.sent.last() {
            scheduled::done(&*self.store, *project, message)?;
            self.sent.pop();
            // The store works: pauses begin to grow again when it fails again.
            self.failures = 0;
        }
        while let Some((project, message, until)) = self.put_off.last() {
            let until = until.unwrap_or_else(|| now() + self.long_lease());
            scheduled::put_off(&*self.store, *project, message, until)?;
            self.put_off.pop();
        }
        Ok(has_news)
    }

    /// The work ends: notes what is done, and others may take what is not.
    fn hand_back(mut self) -> Result<(), StoreError> {
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
        // What is begun here is not run any more.
        self.find_unanswered()?;
        for (client, held) in std::mem::take(&mut self.held) {
            self.finished.entry(client.0).or_default().push(held.handled(client.1));
        }
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
        self.release_requests()
    }
}
