//! The dialogue that a test plays: its project, client and time, and what the last run did.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use calc::crm::model::Scheduled;
use calc::crm::{self, BlockId, ClientId, Effect, Opening, ProjectFile, ProjectId, Session, SqliteStore};
use calc::diagnostic::{Code, Diagnostic, Fault};
use calc::engine::{Block, Engine, Event, HostError, MessageStatus, Outcome, Skipped, Status};
use calc::function::{CallError, CallResult, Context, Host};
use chrono::{DateTime, Utc};

use crate::clock;
use crate::commands::test::coverage::Counter;
use crate::commands::test::expectation::Comparison;
use crate::commands::test::start::Start;
use crate::failure::Failure;
use crate::files;
use crate::source;
use crate::target::{DEMO_CLIENT, DEMO_PROJECT};
use calc::value::Value;
use calc::wording::{Message, message};

/// What a test found wrong.
#[derive(Clone, Debug)]
pub enum Problem {
    /// An expectation that does not hold.
    Unmet { sides: Option<(Value, Comparison, Value)>, found: Value, note: String },
    /// A run ended in an error that nothing asked about.
    Run(Box<FailedRun>),
    /// An error that the test asked about.
    Excused,
}

/// An error of a run, with the text it is about.
#[derive(Clone, Debug)]
pub struct FailedRun {
    pub name: String,
    pub text: String,
    pub outcome: Outcome,
}

/// What a dialogue begins with.
#[derive(Clone)]
pub struct Setting {
    /// Compiles the blocks and scripts of the dialogue.
    pub engine: Engine,
    /// The folder of the test file.
    pub folder: PathBuf,
    pub start: Arc<Start>,
    /// Counts what runs reach, when that is asked for.
    pub counter: Option<Counter>,
}

/// The state of one test.
pub struct Dialogue {
    setting: Setting,
    store: Option<Arc<SqliteStore>>,
    project: ProjectId,
    client: ClientId,
    now: DateTime<Utc>,
    /// Whether the test has set the time.
    has_clock: bool,
    seed: u64,
    event: Option<String>,
    /// What the client wrote, when the next run brings it along: with an event, so that a redelivery is one.
    said: Option<String>,
    /// Whether the client wrote since the last run.
    has_written: bool,
    pub last: Option<Outcome>,
    pub problems: Vec<Problem>,
    /// The problem of the last run, until the test asks about it.
    unasked: Option<usize>,
}

/// The state of a test, shared by the functions that work on it.
#[derive(Clone)]
pub struct SharedDialogue(Arc<Mutex<Dialogue>>);

/// A text that is run, with the name it is shown under.
pub struct NamedText {
    pub name: String,
    pub text: String,
    /// Where it was read from.
    pub path: Option<PathBuf>,
}

impl SharedDialogue {
    /// A dialogue that nobody plays yet.
    pub fn idle() -> Self {
        let setting = Setting { engine: Engine::new(), folder: PathBuf::new(), start: Arc::default(), counter: None };
        Self(Arc::new(Mutex::new(Dialogue::new(setting))))
    }

    /// Begins another dialogue in its place.
    pub fn begin(&self, setting: Setting) {
        *self.lock() = Dialogue::new(setting);
    }

    pub fn lock(&self) -> MutexGuard<'_, Dialogue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a session for the functions of the CRM.
    pub fn open(&self, now: DateTime<Utc>, random: &mut fastrand::Rng) -> CallResult<Box<dyn Host>> {
        let mut dialogue = self.lock();
        let store = dialogue.store().map_err(failed)?;
        let opening = Opening::new(dialogue.project, dialogue.client, now, random.fork());
        Ok(Box::new(Session::open(&*store, opening).map_err(CallError::host)?))
    }

    /// Ends the unit of work of the functions of the CRM, so that a run sees what they did; they begin another after it.
    pub fn settle(&self, context: &mut Context<'_>) -> CallResult<()> {
        if let Some(session) = context.take_host::<Session>() {
            session.commit().map_err(|error| fault(error.message().clone()))?;
        }
        let shared = self.clone();
        context.set_lazy_host(move |now, random| shared.open(now, random));
        Ok(())
    }

    /// Works on the dialogue between two units of work.
    pub fn between<T>(&self, context: &mut Context<'_>, work: impl FnOnce(&mut Dialogue) -> Result<T, Failure>) -> CallResult<T> {
        self.settle(context)?;
        let mut dialogue = self.lock();
        let result = work(&mut dialogue).map_err(failed)?;
        context.set_now(dialogue.now);
        Ok(result)
    }
}

/// What a function of the test cannot do ends the test.
fn failed(failure: Failure) -> Box<CallError> {
    fault(failure.message())
}

fn fault(problem: Message) -> Box<CallError> {
    Box::new(CallError::Fault(Fault::new(Code::BadArgument, problem)))
}

impl Dialogue {
    fn new(setting: Setting) -> Self {
        let (now, seed) = (setting.start.now, setting.start.seed);
        Self {
            setting,
            store: None,
            project: DEMO_PROJECT,
            client: DEMO_CLIENT,
            now,
            has_clock: false,
            seed,
            event: None,
            said: None,
            has_written: false,
            last: None,
            problems: Vec::new(),
            unasked: None,
        }
    }

    fn store(&mut self) -> Result<Arc<SqliteStore>, Failure> {
        if let Some(store) = &self.store {
            return Ok(store.clone());
        }
        let start = Arc::clone(&self.setting.start);
        let store = self.load(start.project()?)?;
        if let Some(client) = start.client
            && crm::client_name(&*store, self.project, client)?.is_none()
        {
            return Err(no_client(client));
        }
        Ok(store)
    }

    fn load(&mut self, project: &ProjectFile) -> Result<Arc<SqliteStore>, Failure> {
        let store = Arc::new(SqliteStore::in_memory()?);
        crm::load(&*store, project)?;
        self.store = Some(store.clone());
        self.project = project.project.id;
        let start = &self.setting.start;
        let first = project.clients.iter().map(|entry| entry.client.id).min();
        let named = start.client.filter(|client| project.clients.iter().any(|entry| entry.client.id == *client));
        self.client = named.or(first).unwrap_or(ClientId(0));
        // The time that was given is the project's, whichever that is.
        if let Some(local) = start.local_now.filter(|_| !self.has_clock) {
            self.now = clock::in_zone(local, project.project.time_zone)?;
        }
        Ok(store)
    }

    /// Begins with another project, whose first client the dialogue is with.
    pub fn fixture(&mut self, name: &str, text: &str) -> Result<(), Failure> {
        let project = ProjectFile::parse(text, self.now)
            .map_err(|error| Failure::usage(message!("file-problem", name = name, problem = error.message())))?;
        self.load(&project)?;
        Ok(())
    }

    /// A file beside the test.
    pub fn file(&self, name: &str) -> Result<NamedText, Failure> {
        let folder = &self.setting.folder;
        let path = if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) };
        let source = source::read(&path)?;
        self.setting.start.read.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        match source.problem {
            Some(_) => Err(Failure::usage(message!("file-problem", name = name, problem = message!("byte-is-not-text-help")))),
            None => Ok(NamedText { name: name.to_owned(), text: source.text, path: Some(path) }),
        }
    }

    pub fn set_clock(&mut self, text: &str) -> Result<(), Failure> {
        let local = clock::local_time(text)?;
        let store = self.store()?;
        let zone = crm::project(&*store, self.project)?.map_or(chrono_tz::Tz::UTC, |project| project.time_zone);
        self.now = clock::in_zone(local, zone)?;
        self.has_clock = true;
        Ok(())
    }

    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
    }

    pub fn set_client(&mut self, client: ClientId) -> Result<(), Failure> {
        let store = self.store()?;
        if crm::client_name(&*store, self.project, client)?.is_none() {
            return Err(no_client(client));
        }
        self.client = client;
        Ok(())
    }

    pub fn set_event(&mut self, id: &str) -> Result<(), Failure> {
        Event::at(self.now).with_id(id).check().map_err(HostError::from)?;
        self.event = Some(id.to_owned());
        Ok(())
    }

    /// The client writes: at once, or with the event that is about to be handled.
    pub fn say(&mut self, text: &str) -> Result<(), Failure> {
        Event::at(self.now).with_text(text).check().map_err(HostError::from)?;
        if self.event.is_some() {
            self.said = Some(text.to_owned());
            return Ok(());
        }
        let store = self.store()?;
        let opening = Opening::new(self.project, self.client, self.now, fastrand::Rng::with_seed(self.seed));
        let mut session = Session::open(&*store, opening)?;
        session.receive(text);
        self.has_written = true;
        session.commit()?;
        Ok(())
    }

    /// Runs a block as the next step of the dialogue; returns the number of the problem when it ended in an error.
    pub fn run(&mut self, text: NamedText, compiled: Result<Block, Vec<Diagnostic>>) -> Result<Option<usize>, Failure> {
        let store = self.store()?;
        self.unasked = None;
        let outcome = match compiled {
            Ok(block) => {
                let event = Event { id: self.event.take(), text: self.said.take(), seed: Some(self.seed), ..Event::at(self.now) };
                let outcome = self.handle(&store, &block, &event)?;
                self.count(&text, &block);
                outcome
            }
            Err(diagnostics) => Outcome::not_compiled(&diagnostics, &text.text, self.setting.engine.language()),
        };
        self.has_written = false;
        if outcome.status == Status::Error {
            let error = FailedRun { name: text.name, text: text.text, outcome: outcome.clone() };
            self.problems.push(Problem::Run(Box::new(error)));
            self.unasked = Some(self.problems.len() - 1);
        }
        self.last = Some(outcome);
        Ok(self.unasked)
    }

    fn handle(&mut self, store: &SqliteStore, block: &Block, event: &Event) -> Result<Outcome, Failure> {
        // The bot does nothing for a client that it ignores.
        if event.text.is_none() && event.id.is_none() {
            let opening = Opening::new(self.project, self.client, self.now, fastrand::Rng::with_seed(self.seed));
            let session = Session::open(store, opening)?;
            let client = session.client();
            let zone = &session.project().time_zone;
            let skipped = match client.paused_until {
                _ if client.blocked && self.has_written => Some(Skipped::ClientBlocked),
                Some(until) if client.is_paused(self.now) => Some(Skipped::ClientPaused { until: until.with_timezone(zone) }),
                _ => None,
            };
            if skipped.is_some() {
                let mut outcome = Outcome::not_compiled(&[], "", self.setting.engine.language());
                outcome.status = Status::Ok;
                outcome.skipped = skipped;
                return Ok(outcome);
            }
        }
        let is_known = match &event.id {
            Some(id) => {
                let opening = Opening::new(self.project, self.client, self.now, fastrand::Rng::with_seed(self.seed)).for_event(id);
                Session::open(store, opening)?.previous_outcome().is_some()
            }
            None => false,
        };
        let mut outcome = self.setting.engine.run(store, self.project, self.client, block, event)?;
        if is_known {
            // What a redelivery shows happened when the event came first.
            outcome.effects.clear();
        }
        Ok(outcome)
    }

    /// Lets time pass; what falls due meanwhile is delivered.
    pub fn wait(&mut self, text: &str) -> Result<(), Failure> {
        let until = self.now.checked_add_signed(clock::duration(text)?);
        let until = until.ok_or_else(|| Failure::usage(message!("outside-the-calendar", text = text)))?;
        let store = self.store()?;
        let Some(project) = crm::dump(&*store, self.project)? else { return Ok(()) };
        let mut due: Vec<DueBlock> = Vec::new();
        for entry in project.clients.iter().filter(|entry| entry.scheduled.iter().any(|message| message.due_at <= until)) {
            let client = entry.client.id;
            let mut left = self.session(&store, client, until)?;
            for message in crm::queue::take_due(&*store, self.project, client, until)? {
                match self.due_block(message.block, message.text.as_deref())? {
                    Some((text, block)) => due.push(DueBlock { at: message.due_at, client, message, text, block }),
                    // A block that is not beside the test stays where it is.
                    None => left.schedule_message(message).map_err(|error| Failure::store(error.message()))?,
                }
            }
            left.commit()?;
        }
        // The next one is the last.
        let order = |due: &mut Vec<DueBlock>| due.sort_by_key(|due| std::cmp::Reverse((due.at, due.client)));
        order(&mut due);
        while let Some(next) = due.pop() {
            let mut session = self.session(&store, next.client, next.at)?;
            if let Some(paused_until) = session.client().paused_until.filter(|paused_until| *paused_until > next.at) {
                // The bot does nothing for that client now: what is due waits.
                if paused_until <= until {
                    due.push(DueBlock { at: paused_until, ..next });
                    order(&mut due);
                } else {
                    session.put_back(next.message);
                    session.commit()?;
                }
                continue;
            }
            drop(session);
            let event = Event::at(next.at).with_seed(self.seed);
            self.last = Some(self.setting.engine.run(&*store, self.project, next.client, &next.block, &event)?);
            self.count(&next.text, &next.block);
        }
        for client in crm::queue::due(&*store, self.project, until, usize::MAX)? {
            let mut session = self.session(&store, client, until)?;
            session.distribute_client().map_err(|error| Failure::store(error.message()))?;
            session.commit()?;
        }
        self.now = until;
        Ok(())
    }

    /// Counts what a run of a file has reached.
    fn count(&self, text: &NamedText, block: &Block) {
        if let (Some(counter), Some(path)) = (&self.setting.counter, &text.path) {
            counter.add(path, &text.text, &block.take_covered());
        }
    }

    fn session(&self, store: &SqliteStore, client: ClientId, now: DateTime<Utc>) -> Result<Session, Failure> {
        let opening = Opening::new(self.project, client, now, fastrand::Rng::with_seed(self.seed));
        Ok(Session::open(store, opening)?)
    }

    /// What a scheduled message runs: the block of its id, if that is a file beside the test, with its text in place of the
    /// block's message; else its text as it is.
    fn due_block(&self, id: Option<BlockId>, text: Option<&str>) -> Result<Option<(NamedText, Block)>, Failure> {
        let wrong = |_: Vec<Diagnostic>| Failure::usage(message!("scheduled-block-has-errors"));
        let of_text = |text: &str| {
            let source = NamedText { name: "scheduled".to_owned(), text: text.to_owned(), path: None };
            (source, Block::of_text(id, text))
        };
        let file = id.and_then(|id| Some((id, files::block_file(&self.setting.folder, id)?)));
        let Some((id, name)) = file else { return Ok(text.map(of_text)) };
        let source = self.file(&name)?;
        let block = self.setting.engine.block_file(Some(id), &source.text).map_err(wrong)?;
        let block = match text {
            Some(text) => block.with_text(text),
            None => block,
        };
        Ok(Some((source, block)))
    }

    /// The id of a block that is run without one.
    pub fn block(&self) -> Option<BlockId> {
        self.setting.start.block
    }

    pub fn engine(&self) -> &Engine {
        &self.setting.engine
    }

    /// The code of the last run's error, which the test has asked about then.
    pub fn failed(&mut self) -> Option<String> {
        let index = self.unasked.take()?;
        let Some(Problem::Run(error)) = self.problems.get(index) else { return None };
        let code = error.outcome.diagnostics.iter().find(|report| report.is_error()).map(|report| report.code.clone());
        // Its number stays taken: places of problems go by it.
        self.problems[index] = Problem::Excused;
        code
    }

    /// What was changed by the last run.
    pub fn effects(&self) -> &[Effect] {
        self.last.as_ref().map_or(&[], |outcome| &outcome.effects)
    }

    /// The text that the last run queued.
    pub fn reply(&self) -> Option<&str> {
        let message = &self.last.as_ref()?.message;
        message.text.as_deref().filter(|_| message.status == MessageStatus::Queued)
    }

    /// Why the message of the last run was not sent.
    pub fn refused(&self) -> Option<&str> {
        self.last.as_ref()?.message.error.as_deref()
    }
}

/// A scheduled message that is due, and what it runs.
struct DueBlock {
    at: DateTime<Utc>,
    client: ClientId,
    message: Scheduled,
    text: NamedText,
    block: Block,
}

fn no_client(client: ClientId) -> Failure {
    Failure::usage(message!("no-such-client", client = client.to_string()))
}
