//! A conversation: an open session for one client, worked on input by input, each of which can be taken back, until
//! everything is committed or dropped. What a REPL, a test runner or a page in a browser stands on.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::Value as Json;

use super::definitions::{self, Definition, Joined};
use super::outcome::{MessageOutcome, Outcome};
use super::run::{BlockRun, limit_of, over_limit, script_error, session_of, skipped};
use super::{Block, Engine, Event, HostError};
use crate::compile;
use crate::crm::model::Scheduled;
use crate::crm::{self, Access, BlockId, ClientId, Effect, Hold, Manner, ProjectId, Session, Store, StoreError};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::function::{Context, StopSignal};
use crate::value::Value;
use crate::wording::message;

/// An open session for one client of one project, in which inputs run one after another.
///
/// Functions that an input defines and names that begin with `_` live on in the next inputs. An input that fails takes
/// back its own effects, those of the inputs before it stay. Nothing is permanent before [`Conversation::commit`]; a
/// conversation that is dropped leaves nothing behind.
///
/// ```
/// use calc::{ClientId, ProjectId};
/// use calc::engine::{Conversation, Engine};
/// use calc::crm::{self, SqliteStore};
///
/// let store = SqliteStore::in_memory()?;
/// crm::load(&store, &crm::demo()?)?;
/// let engine = Engine::new();
/// let now = chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a valid time");
///
/// let mut conversation = Conversation::new(&engine, &store, ProjectId(1), ClientId(101), now);
/// conversation.input("def total(n): return n * 490")?;
/// let outcome = conversation.input("budget = total(2)")?;
/// assert_eq!(outcome.value, 980);
/// let outcome = conversation.message("That is #{budget} in all.")?;
/// assert_eq!(outcome.message.text.as_deref(), Some("That is 980 in all."));
/// assert!(conversation.undo()?.is_some());
/// assert_eq!(conversation.effects(), []);
/// conversation.commit()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Conversation<'s> {
    engine: &'s Engine,
    store: &'s dyn Store,
    project: ProjectId,
    client: ClientId,
    block: Option<BlockId>,
    now: DateTime<Utc>,
    random: fastrand::Rng,
    stop: StopSignal,
    /// Opened by the first input that needs it.
    session: Option<Box<Session>>,
    definitions: Vec<Definition>,
    temporaries: Vec<(Box<str>, Value)>,
    steps: Vec<Step>,
}

/// What the conversation was before an input; the session keeps the rest.
struct Step {
    input: String,
    client: ClientId,
    random: fastrand::Rng,
    definitions: Vec<Definition>,
    temporaries: Vec<(Box<str>, Value)>,
    effects: usize,
    had_session: bool,
    /// How much time it let pass.
    passed: TimeDelta,
}

/// What [`Conversation::undo`] took back.
#[derive(Clone, Debug, PartialEq)]
pub struct Undone {
    /// The text of the input.
    pub input: String,
    /// Its effects, which are gone.
    pub effects: Vec<Effect>,
    /// How much time it let pass: that the time goes back too is for whoever sets it.
    pub passed: TimeDelta,
}

/// What became of something that was due while time passed.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// The text of the block, or of the message.
    pub source: String,
    /// What it did.
    pub outcome: Outcome,
}

impl<'s> Conversation<'s> {
    /// A conversation for a client; nothing is read before the first input.
    #[must_use]
    pub fn new(engine: &'s Engine, store: &'s dyn Store, project: ProjectId, client: ClientId, now: DateTime<Utc>) -> Self {
        Self {
            engine,
            store,
            project,
            client,
            block: None,
            now,
            random: fastrand::Rng::new(),
            stop: StopSignal::default(),
            session: None,
            definitions: Vec::new(),
            temporaries: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// With a seed for randomness.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// In a block of this id: its messages are recorded under it.
    #[must_use]
    pub fn in_block(mut self, block: Option<BlockId>) -> Self {
        self.block = block;
        self
    }

    /// With the signal of the host that ends running inputs.
    #[must_use]
    pub fn with_stop_signal(mut self, signal: StopSignal) -> Self {
        self.stop = signal;
        self
    }

    /// What ends a running input from another thread; to be cleared before the next one.
    #[must_use]
    pub fn stop_signal(&self) -> StopSignal {
        self.stop.clone()
    }

    /// Runs statements. Their functions and names that begin with `_` live on in the next inputs.
    ///
    /// # Errors
    /// When the store fails or project or client are unknown; everything that was not committed is gone then.
    pub fn input(&mut self, source: &str) -> Result<Outcome, HostError> {
        let own = match compile::with_parser_options(self.engine.options(), |options| definitions::of(source, options)) {
            Ok(own) => own,
            Err(diagnostics) => return Ok(Outcome::not_compiled(&diagnostics, source, self.engine.language())),
        };
        let joined = Joined::new(source, &own, &self.definitions);
        let script = match self.engine.compile_uncached(&joined.source) {
            Ok(script) => script,
            Err(diagnostics) => return Ok(Outcome::not_compiled(&joined.of_input(diagnostics), source, self.engine.language())),
        };
        let block = Block::of_script(None, script);
        let mut run = BlockRun { temporaries: self.temporaries.clone(), ..BlockRun::new(self.engine, &block) };
        let outcome = self.step(source, source, |conversation, context| {
            let result = run.block(&block, context);
            run.diagnostics = joined.of_input(std::mem::take(&mut run.diagnostics));
            if result.is_ok() {
                conversation.temporaries = std::mem::take(&mut run.temporaries);
                conversation.define(own);
            }
            FinishedInput { result: result.map_err(|stop| *stop), run, block: block.clone(), joined: Some(joined) }
        })?;
        Ok(outcome)
    }

    /// Fills in a message, with the variables and names of the inputs so far, and puts it into the outbox: the end of a
    /// block.
    ///
    /// # Errors
    /// When the store fails or project or client are unknown; everything that was not committed is gone then.
    pub fn message(&mut self, text: &str) -> Result<Outcome, HostError> {
        let message = match self.engine.message(text, 0) {
            Ok(message) => message,
            Err(diagnostics) => return Ok(Outcome::not_compiled(&diagnostics, text, self.engine.language())),
        };
        let block = Block::new(self.block, None, Some(message));
        let run = BlockRun { temporaries: self.temporaries.clone(), ..BlockRun::new(self.engine, &block) };
        self.run_block(text, block, run)
    }

    /// Runs a whole block as the next step of the dialogue. Its own names that begin with `_` are not those of the inputs.
    ///
    /// # Errors
    /// When the store fails or project or client are unknown; everything that was not committed is gone then.
    pub fn block(&mut self, block: &Block) -> Result<Outcome, HostError> {
        let run = BlockRun::new(self.engine, block);
        self.run_block(block.source(), block.clone(), run)
    }

    fn run_block(&mut self, input: &str, block: Block, mut run: BlockRun) -> Result<Outcome, HostError> {
        let source = block.source().to_owned();
        self.step(input, &source, |_, context| {
            let result = run.block(&block, context);
            FinishedInput { result: result.map_err(|stop| *stop), run, block, joined: None }
        })
    }

    /// The client writes: that re-subscribes it, becomes its `question` and is in its history. Runs nothing.
    ///
    /// # Errors
    /// When the text is too long, which changes nothing; or when the store fails or project or client are unknown:
    /// everything that was not committed is gone then.
    pub fn say(&mut self, text: &str) -> Result<Outcome, HostError> {
        Event::check_text(text)?;
        self.receive(text, |session| session.receive(text))
    }

    /// The bot is given a command in the client's dialogue: it is the `question` up to the commit, and in the history. Runs
    /// nothing.
    ///
    /// # Errors
    /// As for `say`.
    pub fn callback(&mut self, text: &str) -> Result<Outcome, HostError> {
        Event::check_text(text)?;
        self.receive(text, |session| session.receive_callback(text))
    }

    fn receive(&mut self, input: &str, receive: impl FnOnce(&mut Session)) -> Result<Outcome, HostError> {
        self.begin(input);
        let result = self.session().map(|session| {
            let before = session.effects().len();
            receive(session);
            (session.effects()[before..].to_vec(), skipped(session, true))
        });
        match result {
            Ok((effects, skipped)) => {
                let mut outcome = BlockRun::default().finish(Json::Null, MessageOutcome::NONE, effects, "");
                outcome.skipped = skipped;
                Ok(outcome)
            }
            Err(error) => Err(self.lost(error)),
        }
    }

    /// Lets time pass: what is scheduled for the client meanwhile is delivered at its time, a text as it is and a block as
    /// `block_of` has it; one that it has not stays scheduled. A client that waits for an operator is distributed when its
    /// time has come. All of it is one step, as is going back to an earlier time, when nothing is due. `input`: what it is
    /// called when it is taken back.
    ///
    /// # Errors
    /// When the store fails or project or client are unknown; everything that was not committed is gone then.
    pub fn wait(
        &mut self,
        input: &str,
        until: DateTime<Utc>,
        block_of: &dyn Fn(BlockId) -> Option<Block>,
    ) -> Result<Vec<Delivered>, HostError> {
        self.session()?;
        let (from, depth) = (self.now, self.steps.len());
        self.begin(input);
        let can_deliver = |message: &Scheduled| message.text.is_some() || message.block.and_then(block_of).is_some();
        let is_later = until >= from;
        let due = if is_later { self.session()?.take_due(until, &can_deliver) } else { Ok(Vec::new()) };
        let mut delivered = Vec::new();
        for message in due.map_err(|error| self.lost(error.into()))? {
            let block = match (&message.text, message.block) {
                (Some(text), id) => Some(match id.and_then(block_of) {
                    Some(block) => block.with_text(text),
                    None => Block::of_text(id, text),
                }),
                (None, id) => id.and_then(block_of),
            };
            let Some(block) = block else { continue };
            let session = self.session()?;
            let at = message.due_at.max(from).max(session.client().paused_until.unwrap_or(from));
            if at > until {
                // The bot is paused: what is due waits.
                session.put_back(message);
                continue;
            }
            self.set_now(at);
            delivered.push(Delivered { source: block.source().to_owned(), outcome: self.block(&block)? });
        }
        self.set_now(until);
        let session = self.session()?;
        let before = session.effects().len();
        if is_later && session.client().queued && session.client().queued_until.is_some_and(|at| at <= until) {
            // A refusal leaves the client where it is.
            if let Err(crm::CrmError::Store(error)) = session.distribute_client() {
                return Err(self.lost(error.into()));
            }
        }
        let effects = self.effects().get(before..).unwrap_or_default().to_vec();
        if !effects.is_empty() {
            let outcome = BlockRun::default().finish(Json::Null, MessageOutcome::NONE, effects, "");
            delivered.push(Delivered { source: String::new(), outcome });
        }
        self.join_steps(depth + 1)?;
        if let Some(step) = self.steps.get_mut(depth) {
            step.passed = until - from;
        }
        if delivered.is_empty() && until == from {
            self.take_back()?;
        }
        Ok(delivered)
    }

    /// Makes the steps from a number on part of the one before them.
    fn join_steps(&mut self, length: usize) -> Result<(), HostError> {
        while self.steps.len() > length {
            let had_session = self.steps.pop().is_some_and(|step| step.had_session);
            if let Some(session) = self.session.as_mut().filter(|_| had_session) {
                session.forget_checkpoint().map_err(|error| self.lost(error.into()))?;
            }
        }
        Ok(())
    }

    /// Takes back the last input that changed something. `None`: there is none since the last commit.
    ///
    /// # Errors
    /// When the store fails; everything that was not committed is gone then.
    pub fn undo(&mut self) -> Result<Option<Undone>, HostError> {
        let Some(step) = self.steps.last() else { return Ok(None) };
        let (input, before, passed) = (step.input.clone(), step.effects, step.passed);
        let effects = self.effects().get(before..).unwrap_or_default().to_vec();
        self.take_back()?;
        Ok(Some(Undone { input, effects, passed }))
    }

    /// Makes everything permanent that was done since the last commit; returns the effects.
    ///
    /// # Errors
    /// When the store fails; nothing of it is kept then.
    pub fn commit(&mut self) -> Result<Vec<Effect>, HostError> {
        self.steps.clear();
        let Some(session) = self.session.take() else { return Ok(Vec::new()) };
        Ok(session.commit()?.effects)
    }

    /// Drops everything that was done since the last commit; functions and names that begin with `_` stay.
    pub fn rollback(&mut self) {
        self.steps.clear();
        self.session = None;
    }

    /// Continues with another client, whose functions and `_` names begin empty. What was done for the one before stays in
    /// the same unit of work. False, and nothing changed: the project has no such client.
    ///
    /// # Errors
    /// When the store fails; everything that was not committed is gone then.
    pub fn switch_client(&mut self, client: ClientId) -> Result<bool, HostError> {
        match self.session().and_then(|session| Ok(session.switch_client(client)?)) {
            Ok(true) => {
                self.client = client;
                self.definitions.clear();
                self.temporaries.clear();
                Ok(true)
            }
            Ok(false) => Ok(false),
            Err(error) => Err(self.lost(error)),
        }
    }

    /// The client's id.
    #[must_use]
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// The time of the next input.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Sets the time of the next inputs; it stands still until it is set again.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        self.now = now;
        if let Some(session) = &mut self.session {
            session.set_now(now);
        }
    }

    /// What was changed since the last commit, in order.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        self.session.as_ref().map_or(&[], |session| session.effects())
    }

    /// Names that are never stored, with their values as JSON.
    pub fn temporaries(&self) -> impl Iterator<Item = (&str, Json)> {
        self.temporaries.iter().map(|(name, value)| (&**name, value.to_json()))
    }

    /// The names of the functions that were defined.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.definitions.iter().map(|definition| definition.name.as_str())
    }

    /// The session, to look at what has been done so far; opened if nothing needed it yet.
    ///
    /// # Errors
    /// When the store fails or project or client are unknown.
    pub fn session(&mut self) -> Result<&mut Session, HostError> {
        let session = if let Some(session) = self.session.take() {
            session
        } else {
            let mut context = self.context();
            session_of(&mut context)?;
            context.take_host::<Session>().ok_or_else(|| HostError::Store(StoreError::corrupt(message!("session-not-opened"))))?
        };
        Ok(self.session.insert(session))
    }

    fn context(&mut self) -> Context<'s> {
        let context = Context::new(self.now, Tz::UTC, self.random.clone(), self.engine.limits())
            .in_block(self.block.map(i64::from))
            .with_stop_signal(self.stop.clone());
        if let Some(session) = self.session.take() {
            return context.with_opened_host(session);
        }
        let (store, project, client) = (self.store, self.project, self.client);
        let access = Access { store, project, client, event: None, project_variables: Vec::new() };
        // People think between two inputs, and nobody should have to wait for that.
        crm::with_crm(context, access, Manner { hold: Hold::Never, ..Manner::default() })
    }

    fn define(&mut self, own: Vec<Definition>) {
        for definition in own {
            self.definitions.retain(|earlier| earlier.name != definition.name);
            self.definitions.push(definition);
        }
    }

    /// Remembers what can be taken back.
    fn begin(&mut self, input: &str) {
        if let Some(session) = &mut self.session {
            session.checkpoint();
        }
        self.steps.push(Step {
            input: input.to_owned(),
            client: self.client,
            random: self.random.clone(),
            definitions: self.definitions.clone(),
            temporaries: self.temporaries.clone(),
            effects: self.effects().len(),
            had_session: self.session.is_some(),
            passed: TimeDelta::zero(),
        });
    }

    /// Runs one input as a step; one that fails is taken back, one that changes nothing is not a step.
    fn step(
        &mut self,
        input: &str,
        source: &str,
        run: impl FnOnce(&mut Self, &mut Context<'s>) -> FinishedInput,
    ) -> Result<Outcome, HostError> {
        self.begin(input);
        let before = self.effects().len();
        let round_trips = self.session.as_ref().map_or(0, |session| session.round_trips());
        let mut context = self.context();
        let FinishedInput { result, mut run, block, joined } = run(self, &mut context);
        run.output = std::mem::take(&mut context.output);
        let limit = if result.is_ok() { limit_of(&mut context) } else { None };
        self.random = context.random().clone();
        self.session = context.take_host::<Session>();
        let now = self.session.as_ref().map_or(round_trips, |session| session.round_trips());
        run.usage.round_trips = u64::from(now.saturating_sub(round_trips));
        let failure = match (result, limit) {
            (Ok((value, message)), None) => {
                let effects = self.effects().get(before..).unwrap_or_default().to_vec();
                let outcome = run.finish(value.to_json(), message, effects, source);
                self.forget_idle_step(&outcome)?;
                return Ok(outcome);
            }
            (Ok(_), Some(limit)) => over_limit(&limit, &block),
            (Err(stop), _) => script_error(stop).map_err(|error| self.lost(error))?,
        };
        self.take_back()?;
        let failure = match joined {
            Some(joined) => joined.of_input(vec![failure]).pop(),
            None => Some(failure),
        };
        let failure = failure.unwrap_or_else(|| Diagnostic::new(Code::NoValue, Span::default(), message!("input-failed")));
        Ok(run.failed(failure, Vec::new(), source))
    }

    /// An input that changed nothing is nothing that could be taken back.
    fn forget_idle_step(&mut self, outcome: &Outcome) -> Result<(), HostError> {
        let Some(step) = self.steps.last() else { return Ok(()) };
        let is_idle = outcome.effects.is_empty()
            && outcome.variables.is_empty()
            && are_same(&step.temporaries, &self.temporaries)
            && step.definitions == self.definitions;
        if !is_idle {
            return Ok(());
        }
        let had_session = self.steps.pop().is_some_and(|step| step.had_session);
        match &mut self.session {
            Some(session) if had_session => session.forget_checkpoint().map_err(|error| self.lost(error.into())),
            _ => Ok(()),
        }
    }

    /// Takes back the last step.
    fn take_back(&mut self) -> Result<(), HostError> {
        let Some(step) = self.steps.pop() else { return Ok(()) };
        self.random = step.random;
        // Another client begins without what was defined for the one before.
        if step.client == self.client {
            self.definitions = step.definitions;
            self.temporaries = step.temporaries;
        }
        if !step.had_session {
            self.session = None;
            return Ok(());
        }
        let (now, client) = (self.now, self.client);
        let Some(session) = &mut self.session else { return Ok(()) };
        let result = session.undo().and_then(|_| {
            session.set_now(now);
            if session.client_id() == client { Ok(true) } else { session.switch_client(client) }
        });
        match result {
            Ok(true) => Ok(()),
            // The client was made by what has just been taken back.
            Ok(false) => {
                self.client = step.client;
                Ok(())
            }
            Err(error) => Err(self.lost(error.into())),
        }
    }

    /// The store failed: nothing is known of what was not committed.
    #[cold]
    fn lost(&mut self, error: HostError) -> HostError {
        self.rollback();
        error
    }
}

/// Whether no name was set to another value.
fn are_same(before: &[(Box<str>, Value)], after: &[(Box<str>, Value)]) -> bool {
    let is_known =
        |(name, value): &(Box<str>, Value)| before.iter().any(|(other, earlier)| other == name && earlier.to_json() == value.to_json());
    before.len() == after.len() && after.iter().all(is_known)
}

/// How an input ended.
struct FinishedInput {
    result: Result<(Value, MessageOutcome), crate::eval::Stop>,
    run: BlockRun,
    block: Block,
    /// For an input: its text with the functions it calls.
    joined: Option<Joined>,
}

impl std::fmt::Debug for Conversation<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Conversation").field("project", &self.project).field("client", &self.client).finish_non_exhaustive()
    }
}
