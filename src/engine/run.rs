//! One block for one client: the client's text, the calculator, the message, the visit; all of it or nothing (crm.md
//! section 4, language.md L8).

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use indexmap::IndexMap;
use serde_json::Value as Json;

use super::outcome::{MessageOutcome, MessageStatus, Outcome, Report, Skipped, Status};
use super::trace::Recorder;
use super::{Block, Engine, Event, HostError, RunError};
use crate::compile::Script;
use crate::crm::lengths::{self, LONGEST_TEXT};
use crate::crm::{
    self, Access, ClientId, CrmContext as _, Hold, LimitError, LimitKind, Manner, ProjectId, Session, Store, StoreError, StoreErrorKind,
    UnitOfWork, role,
};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::eval::{self, Kept, Stop};
use crate::function::{CallError, Context, Host, Namespace, Usage};
use crate::value::{Value, calendar};
use crate::wording::{Language, message};

/// How often a block is run at the most because others changed what it had read.
const ATTEMPTS: u32 = 8;
/// After so many times everybody else has to wait for it …
const OPEN_ATTEMPTS: u32 = 3;
/// … unless it takes longer than this.
const SHORT: Duration = Duration::from_millis(100);

/// How many operators are read when a session is opened.
const MOST_OPERATORS: usize = 8;

/// Functions that need to know the stages.
const ASKS_FOR_STAGES: &[&str] = &["change_state", "create_order", "get_count_orders", "move_order_to_next_state"];

/// Functions that need to know which deals of the client are active.
const ASKS_FOR_ACTIVE_DEALS: &[&str] = &["get_active_orders_ids"];

impl Engine {
    /// Runs a block for a client, as one unit of work. An error of the script is in the outcome; its effects are gone.
    ///
    /// Nothing is locked while the script runs. When others have changed meanwhile what it read, nothing of it is kept and
    /// it runs again, functions of the host included.
    ///
    /// # Errors
    /// When the store fails or project or client are unknown; nothing was changed then, and the event may be tried again.
    pub fn run(&self, store: &dyn Store, project: ProjectId, client: ClientId, block: &Block, event: &Event) -> Result<Outcome, HostError> {
        self.run_block(store, (project, client), block, event, Keep::Effects, None).map(|ran| ran.outcome)
    }

    /// The same for those who write what comes of several blocks together: what is to be written is in the result. When that
    /// fails, nothing has happened.
    pub(crate) fn run_to_unit(
        &self,
        store: &dyn Store,
        project: ProjectId,
        client: ClientId,
        block: &Block,
        event: &Event,
    ) -> Result<RanBlock, HostError> {
        self.run_block(store, (project, client), block, event, Keep::Unit, None)
    }

    /// The same, but nothing is kept: shows what would happen.
    ///
    /// # Errors
    /// When the store fails or project or client are unknown.
    pub fn dry_run(
        &self,
        store: &dyn Store,
        project: ProjectId,
        client: ClientId,
        block: &Block,
        event: &Event,
    ) -> Result<Outcome, HostError> {
        self.run_block(store, (project, client), block, event, Keep::Nothing, None).map(|ran| ran.outcome)
    }

    /// Runs a script without a CRM, for its value only: neither variables nor output come back.
    ///
    /// # Errors
    /// What went wrong; a call of a CRM function is an error.
    pub fn evaluate(&self, script: &Script, at: DateTime<Utc>) -> Result<Value, Box<Diagnostic>> {
        let context = Context::new(at, Tz::UTC, fastrand::Rng::new(), self.limits());
        value_of(script, context).map_err(|error| match error {
            RunError::Script(diagnostic) => diagnostic,
            RunError::Host(error) => Box::new(Diagnostic::new(Code::NoCrm, Span::default(), error.message())),
        })
    }

    /// The same with the state of a host, on which functions of the host work and in which variables may live on.
    ///
    /// # Errors
    /// What went wrong in the script, or in the host.
    pub fn evaluate_with(&self, script: &Script, at: DateTime<Utc>, host: &mut dyn Host) -> Result<Value, RunError> {
        value_of(script, Context::new(at, Tz::UTC, fastrand::Rng::new(), self.limits()).with_host(host))
    }

    pub(super) fn run_block(
        &self,
        store: &dyn Store,
        (project, client): (ProjectId, ClientId),
        block: &Block,
        event: &Event,
        keep: Keep,
        mut recorder: Option<&mut Recorder>,
    ) -> Result<RanBlock, HostError> {
        if !calendar::has(event.at, Tz::UTC) {
            return Err(HostError::TimeOutOfRange);
        }
        event.check()?;
        let random = event.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let operators = block.operators_named();
        let calls_any = |functions| block.script.iter().chain(&block.message).any(|script| script.calls_any(functions));
        let mut manner = Manner {
            operators: &operators,
            pipelines: calls_any(ASKS_FOR_STAGES),
            active_deals: calls_any(ASKS_FOR_ACTIVE_DEALS),
            hold: Hold::AtDistribution,
            dry: keep == Keep::Nothing,
        };
        for attempt in 1..=ATTEMPTS {
            let access = Access { store, project, client, event: event.id.as_deref(), project_variables: block.names_read() };
            let context = Context::new(event.at, Tz::UTC, random.clone(), self.limits()).in_block(block.id.map(i64::from));
            let mut context = crm::with_crm(context, access, manner);
            if let Some(recorder) = &mut recorder {
                // What an earlier attempt did is not what happened.
                **recorder = Recorder::default();
                context = context.with_watcher(*recorder);
            }
            match self.attempt(&mut context, block, event, keep) {
                Err(HostError::Store(error)) if error.kind() == StoreErrorKind::Conflict => {
                    let alone = attempt >= OPEN_ATTEMPTS && context.time_spent() < SHORT;
                    manner.hold = if alone { Hold::FromTheStart } else { Hold::AtDistribution };
                }
                result => return result,
            }
        }
        let message = message!("others-keep-changing", times = ATTEMPTS);
        Err(HostError::Store(StoreError::new(StoreErrorKind::Busy, message)))
    }

    fn attempt(&self, context: &mut Context<'_>, block: &Block, event: &Event, keep: Keep) -> Result<RanBlock, HostError> {
        let mut run = BlockRun::new(self, block);
        // A bare calculator that touches nothing needs no session; anything else does.
        if event.id.is_some() || event.is_received() || event.outside.is_some() || block.id.is_some() {
            let session = session_of(context)?;
            if let Some(outcome) = previous(session)? {
                return Ok(RanBlock::committed(outcome));
            }
            event.receive(session);
            if let Some(skipped) = skipped(session, event.is_received()) {
                let mut outcome = run.finish(Json::Null, MessageOutcome::NONE, session.effects().to_vec(), "");
                outcome.skipped = Some(skipped);
                if event.is_received() {
                    return finish(context, outcome, event, keep);
                }
                // Nothing has happened: what is due waits until the pause is over and may be tried again then.
                return Ok(RanBlock::committed(outcome));
            }
        }
        let source = block.source();
        let result = run.block(block, context);
        run.output = std::mem::take(&mut context.output);
        let failure = match result {
            Ok((value, message)) => match limit_of(context) {
                None => {
                    let effects = context.opened_host::<Session>().map(|session| session.effects().to_vec()).unwrap_or_default();
                    let outcome = run.finish(value.to_json(), message, effects, source);
                    return finish(context, outcome, event, keep);
                }
                Some(limit) => over_limit(&limit, block),
            },
            Err(stop) => script_error(*stop)?,
        };
        // What the calculator did goes; the client's own message stays, and the history says what happened.
        let session = session_of(context)?;
        session.rollback_to_start()?;
        event.receive(session);
        let effects = session.effects().to_vec();
        session.record_error(&format!("{}: {}", failure.code, failure.message.render(self.language())));
        let outcome = run.failed(failure, effects, source);
        finish(context, outcome, event, keep)
    }
}

/// Why nothing of a block runs for the session's client; `is_received`: for what the client wrote, or a callback.
pub(super) fn skipped(session: &Session, is_received: bool) -> Option<Skipped> {
    let client = session.client();
    match client.paused_until {
        _ if client.blocked && is_received => Some(Skipped::ClientBlocked),
        Some(until) if client.is_paused(session.now()) => {
            Some(Skipped::ClientPaused { until: until.with_timezone(&session.project().time_zone) })
        }
        _ => None,
    }
}

/// Runs a script for its value only.
fn value_of(script: &Script, mut context: Context<'_>) -> Result<Value, RunError> {
    let (result, finished) = eval::run(script, &mut context, Vec::new(), Kept::ValueOnly);
    match result.map_err(|stop| *stop) {
        Ok(()) => Ok(finished.value),
        Err(stop) => Err(match script_error(stop) {
            Ok(diagnostic) => RunError::Script(Box::new(diagnostic)),
            Err(error) => RunError::Host(error),
        }),
    }
}

/// What becomes of the effects of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// They are committed.
    Effects,
    /// Whoever runs the block commits them.
    Unit,
    Nothing,
}

/// A block that ran.
pub(crate) struct RanBlock {
    pub(crate) outcome: Outcome,
    /// What is still to be written.
    pub(crate) unit: Option<UnitOfWork>,
}

impl RanBlock {
    /// One of which nothing is left to be written.
    pub(crate) fn committed(outcome: Outcome) -> Self {
        Self { outcome, unit: None }
    }
}

pub(super) fn session_of<'c>(context: &'c mut Context<'_>) -> Result<&'c mut Session, HostError> {
    context.crm().map_err(|error| match *error {
        CallError::Host(error) => error.into(),
        CallError::Argument { fault, .. } | CallError::Rest { fault, .. } | CallError::Refused { fault, .. } | CallError::Fault(fault) => {
            HostError::Store(StoreError::corrupt(fault.message))
        }
    })
}

/// The first outcome of an event that was handled before.
fn previous(session: &Session) -> Result<Option<Outcome>, HostError> {
    let Some((text, at)) = session.previous_outcome_and_time() else { return Ok(None) };
    match serde_json::from_str::<Outcome>(text) {
        Ok(outcome) => Ok(Some(Outcome { repeated: true, handled_at: Some(session.local(at)), ..outcome })),
        Err(error) => Err(HostError::Store(StoreError::corrupt(message!("stored-outcome-unreadable", error = error.to_string())))),
    }
}

pub(super) fn limit_of(context: &mut Context<'_>) -> Option<LimitError> {
    context.opened_host::<Session>().and_then(|session| session.check_variables().err())
}

/// Commits, or drops everything, and completes the outcome.
fn finish(context: &mut Context<'_>, mut outcome: Outcome, event: &Event, keep: Keep) -> Result<RanBlock, HostError> {
    let Some(mut session) = context.take_host::<Session>() else { return Ok(RanBlock::committed(outcome)) };
    if keep == Keep::Nothing {
        outcome.usage.round_trips = u64::from(session.round_trips());
        return Ok(RanBlock::committed(outcome));
    }
    outcome.usage.round_trips = u64::from(session.round_trips_with_commit());
    if let Some(id) = &event.id {
        let text = serde_json::to_string(&outcome)
            .map_err(|error| HostError::Store(StoreError::corrupt(message!("outcome-unwritable", error = error.to_string()))))?;
        session.record_event(id, &text);
    }
    let (committed, unit) = if keep == Keep::Unit { session.into_unit()? } else { (session.commit()?, None) };
    outcome.usage.round_trips = u64::from(committed.round_trips);
    Ok(RanBlock { outcome, unit })
}

/// The error of a variable past a limit, at the first place that names it.
pub(super) fn over_limit(limit: &LimitError, block: &Block) -> Diagnostic {
    let name = limit.variable.as_str();
    let globals = block.script.iter().flat_map(|script| script.0.globals.iter());
    let span = globals.filter(|global| &*global.name == name).map(|global| global.span).next().unwrap_or_default();
    let code = match limit.kind {
        LimitKind::Count => Code::TooManyVariables,
        LimitKind::Size => Code::VariableTooLarge,
    };
    Diagnostic::new(code, span, limit.reason.clone()).help(message!("variable-limit-help"))
}

/// The diagnostic of a script's error; a failure of the store has none.
pub(super) fn script_error(stop: Stop) -> Result<Diagnostic, HostError> {
    match stop {
        Stop::Script(diagnostic) => Ok(diagnostic),
        Stop::Unplaced(fault) => Ok(fault.at(Span::default())),
        Stop::Host(error) => Err(error.into()),
    }
}

/// What the parts of one block have done so far.
#[derive(Default)]
pub(super) struct BlockRun {
    pub(super) variables: IndexMap<String, Json>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) output: String,
    pub(super) usage: Usage,
    pub(super) language: Language,
    /// Names that are never stored, handed from the calculator to the message.
    pub(super) temporaries: Vec<(Box<str>, Value)>,
}

impl BlockRun {
    pub(super) fn new(engine: &Engine, block: &Block) -> Self {
        Self { diagnostics: block.warnings().to_vec(), language: engine.language(), ..Self::default() }
    }

    /// Runs the calculator and fills in the message; returns the value and what becomes of the message.
    pub(super) fn block(&mut self, block: &Block, context: &mut Context<'_>) -> Result<(Value, MessageOutcome), Box<Stop>> {
        let value = match &block.script {
            Some(script) => self.part(script, context)?,
            None => Value::None,
        };
        let text = match (&block.message, &block.text) {
            (Some(message), _) => self.part(message, context)?,
            (None, Some(text)) => Value::Text(text.clone()),
            (None, None) => Value::None,
        };
        let text = text.interpolated();
        let mut outcome = MessageOutcome::NONE;
        if !text.trim().is_empty() {
            if let Some(problem) = lengths::problem(&text, LONGEST_TEXT) {
                let span = block.message.as_ref().map(|message| message.0.message).unwrap_or_default();
                let diagnostic = Diagnostic::new(Code::OutputLimit, span, problem.message());
                return Err(Box::new(Stop::Script(diagnostic.help(message!("message-too-long-help")))));
            }
            let session = context.crm()?;
            let error = session.client().refusal();
            match error {
                Some(error) => session.refuse_message(&text, block.id, error),
                None => session.queue_message(&text, block.id),
            }
            let status = if error.is_some() { MessageStatus::Refused } else { MessageStatus::Queued };
            outcome = MessageOutcome { status, text: Some(text.into_owned()), error: error.map(str::to_owned) };
        }
        if let Some(id) = block.id {
            context.crm()?.record_visit(id);
        }
        Ok((value, outcome))
    }

    fn part(&mut self, script: &Script, context: &mut Context<'_>) -> Result<Value, Box<Stop>> {
        let (result, finished) = eval::run(script, context, std::mem::take(&mut self.temporaries), Kept::Variables);
        self.usage.steps += finished.steps;
        self.usage.crm_calls += finished.crm_calls;
        self.temporaries = finished.temporaries;
        for diagnostic in finished.diagnostics {
            if !self.diagnostics.iter().any(|known| known.span == diagnostic.span && *known == diagnostic) {
                self.diagnostics.push(diagnostic);
            }
        }
        result?;
        for (name, value) in finished.variables {
            self.variables.insert(name, value.map_or(Json::Null, |value| value.to_json()));
        }
        Ok(finished.value)
    }

    pub(super) fn finish(self, value: Json, message: MessageOutcome, effects: Vec<crate::crm::Effect>, source: &str) -> Outcome {
        Outcome {
            status: Status::Ok,
            value,
            variables: self.variables,
            output: self.output,
            message,
            effects,
            diagnostics: Report::all(&self.diagnostics, source, self.language),
            usage: self.usage,
            repeated: false,
            handled_at: None,
            skipped: None,
        }
    }

    pub(super) fn failed(mut self, failure: Diagnostic, effects: Vec<crate::crm::Effect>, source: &str) -> Outcome {
        self.diagnostics.push(failure);
        self.variables.clear();
        let outcome = self.finish(Json::Null, MessageOutcome::NONE, effects, source);
        Outcome { status: Status::Error, ..outcome }
    }
}

impl Block {
    /// Names that the block may read from the project, because no line of it assigns them first.
    fn names_read(&self) -> Vec<&str> {
        let globals = self.script.iter().chain(&self.message).flat_map(|part| part.0.globals.iter());
        let mut names: Vec<&str> = globals
            .filter(|global| global.read && global.stored && global.namespace != Namespace::Client)
            .map(|global| &*global.name)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Emails of operators that stand in the block, the first few.
    fn operators_named(&self) -> Vec<&str> {
        let parts = self.script.iter().chain(&self.message);
        parts.flat_map(|part| part.given_for(role::OPERATOR)).take(MOST_OPERATORS).collect()
    }

    /// The text that places in diagnostics count in.
    pub(super) fn source(&self) -> &str {
        match (&self.message, &self.script) {
            // A block from a file has both parts in the text of its message; of two separate texts the calculator's counts.
            (Some(message), Some(script)) if !message.source().starts_with(script.source()) => script.source(),
            (Some(message), _) => message.source(),
            (None, Some(script)) => script.source(),
            (None, None) => "",
        }
    }
}
