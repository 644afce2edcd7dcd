//! What a running script may touch besides its own variables: the CRM, the clock, chance, the output and the limits.
//! Everything here is given by the host; nothing reads a clock or an environment by itself.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{CallError, CallResult, Failed};
use crate::crm::{Opening, Session, Store};
use crate::diagnostic::{Code, Fault};
use crate::value::locale::Locale;
use crate::value::{Text, Value, meter};

/// How much a run may take (language.md L8.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Statements and loop turns.
    pub steps: u64,
    /// Calls of user functions inside each other.
    pub depth: u32,
    /// Levels of brackets, blocks and operators in the source.
    pub nesting: u32,
    /// Bytes of source text.
    pub source: usize,
    /// Bytes held by values.
    pub memory: usize,
    /// Bytes of printed text.
    pub output: usize,
    /// Calls of CRM functions.
    pub crm_calls: u64,
    /// Time of a run.
    pub time: Duration,
    /// Time of one regular expression.
    pub pattern: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 10_000_000,
            depth: 200,
            nesting: 200,
            source: 1 << 20,
            memory: 64 << 20,
            output: 1 << 20,
            crm_calls: 1_000,
            time: Duration::from_secs(5),
            pattern: Duration::from_millis(100),
        }
    }
}

/// The moment a time from now. A time without end ends in a hundred years: the clock of the machine has one.
#[must_use]
pub fn deadline(after: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(after).or_else(|| now.checked_add(Duration::from_hours(100 * 365 * 24))).unwrap_or(now)
}

/// What a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Statements and loop turns.
    pub steps: u64,
    /// Calls of CRM functions.
    pub crm_calls: u64,
    /// Batches of queries sent to the store.
    pub round_trips: u64,
}

/// Something a CRM function refused, before it has a place in the script.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The parameter it is about.
    pub parameter: &'static str,
    /// What was refused and why.
    pub fault: Fault,
}

/// Which client of which project a run is for, opened when it is first needed.
#[derive(Default)]
enum Crm<'r> {
    /// There is none: for expressions and tests of functions.
    #[default]
    Absent,
    /// Nothing of it was needed so far.
    Closed(Access<'r>),
    Open(Box<Session>),
}

/// How the CRM is reached.
#[derive(Clone)]
pub struct Access<'r> {
    /// The store.
    pub store: &'r dyn Store,
    /// The project.
    pub project: i64,
    /// The client.
    pub client: i64,
    /// The event that is being handled.
    pub event: Option<&'r str>,
}

/// Ends runs from another thread: the evaluator looks at it where it looks at the clock.
#[derive(Clone, Debug, Default)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// Ends the run that goes on, and every later one until `clear`.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Lets runs go on again.
    pub fn clear(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether runs are to end.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many bytes are worked on between two looks at the clock: well under a millisecond for the slowest function.
const WORK_A_LOOK: u64 = 64 << 10;

/// What a running script may touch.
pub struct Context<'r> {
    now: DateTime<Utc>,
    time_zone: Tz,
    random: fastrand::Rng,
    limits: &'r Limits,
    crm: Crm<'r>,
    block: Option<i64>,
    stop: Option<StopSignal>,
    pub(crate) output: String,
    held_before: usize,
    deadline: Instant,
    /// Work that may still be done before the clock is looked at again.
    work_left: Cell<u64>,
    pub(crate) variables: Vec<(Text, Value)>,
    pub(crate) notices: Vec<Notice>,
    failure: Option<Box<CallError>>,
}

impl<'r> Context<'r> {
    /// A context without a CRM, for expressions and for tests of functions; `time_zone` stands for the project's.
    #[must_use]
    pub fn new(now: DateTime<Utc>, time_zone: Tz, random: fastrand::Rng, limits: &'r Limits) -> Self {
        Self {
            now,
            time_zone,
            random,
            limits,
            crm: Crm::Absent,
            block: None,
            stop: None,
            output: String::new(),
            held_before: meter::held(),
            deadline: deadline(limits.time),
            work_left: Cell::new(WORK_A_LOOK),
            variables: Vec::new(),
            notices: Vec::new(),
            failure: None,
        }
    }

    /// With a CRM, which is opened when it is first needed.
    #[must_use]
    pub fn with_crm(mut self, access: Access<'r>) -> Self {
        self.crm = Crm::Closed(access);
        self
    }

    /// With a session that is open already.
    pub(crate) fn with_session(mut self, session: Box<Session>) -> Self {
        self.crm = Crm::Open(session);
        self
    }

    /// With a signal that ends the run.
    #[must_use]
    pub fn with_stop_signal(mut self, signal: StopSignal) -> Self {
        self.stop = Some(signal);
        self
    }

    /// In a block of this id.
    #[must_use]
    pub fn in_block(mut self, block: Option<i64>) -> Self {
        self.block = block;
        self
    }

    /// The block that runs.
    #[must_use]
    pub fn block(&self) -> Option<i64> {
        self.block
    }

    /// The CRM session of the run.
    pub fn crm(&mut self) -> CallResult<&mut Session> {
        self.open_crm()?;
        match &mut self.crm {
            Crm::Open(session) => Ok(session),
            _ => Err(no_crm()),
        }
    }

    /// Whether a CRM can be reached.
    #[must_use]
    pub fn has_crm(&self) -> bool {
        !matches!(self.crm, Crm::Absent)
    }

    /// The session, when something needed it already.
    pub(crate) fn open_session(&mut self) -> Option<&mut Session> {
        match &mut self.crm {
            Crm::Open(session) => Some(session),
            _ => None,
        }
    }

    /// Takes the session out, at the end of the run.
    pub(crate) fn take_session(&mut self) -> Option<Box<Session>> {
        match std::mem::take(&mut self.crm) {
            Crm::Open(session) => Some(session),
            _ => None,
        }
    }

    #[inline]
    fn open_crm(&mut self) -> CallResult<()> {
        if let Crm::Closed(access) = &self.crm {
            let opening = Opening::new(access.project, access.client, self.now, self.random.fork());
            let opening = match access.event {
                Some(event) => opening.for_event(event),
                None => opening,
            };
            let session = Session::open(access.store, opening).map_err(|error| Box::new(CallError::Host(error)))?;
            self.crm = Crm::Open(Box::new(session));
        }
        Ok(())
    }

    /// The time of the run.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The time of the run in the project's time zone.
    pub fn local_now(&mut self) -> CallResult<NaiveDateTime> {
        let time_zone = self.time_zone()?;
        Ok(self.now.with_timezone(&time_zone).naive_local())
    }

    /// The project's time zone.
    pub fn time_zone(&mut self) -> CallResult<Tz> {
        if self.has_crm() { Ok(self.crm()?.project().time_zone) } else { Ok(self.time_zone) }
    }

    /// The project's locale, for the names of months and weekdays; English without a CRM.
    pub fn locale(&mut self) -> CallResult<Locale> {
        if self.has_crm() { Ok(self.crm()?.project().locale) } else { Ok(Locale::En) }
    }

    /// The source of chance; seeded by the host for tests.
    pub fn random(&mut self) -> &mut fastrand::Rng {
        &mut self.random
    }

    /// The limits of the run.
    #[must_use]
    pub fn limits(&self) -> &'r Limits {
        self.limits
    }

    /// Asks for room before something of that many bytes is made; to be called wherever the result of a function can be
    /// much larger than its arguments.
    pub fn room(&self, bytes: usize) -> Result<(), Box<Fault>> {
        let held = meter::held().wrapping_sub(self.held_before);
        // Values from before the run may be dropped in it: below zero is zero.
        let held = if held > usize::MAX / 2 { 0 } else { held };
        if held.saturating_add(bytes) > self.limits.memory { Err(self.too_much_memory()) } else { Ok(()) }
    }

    #[cold]
    fn too_much_memory(&self) -> Box<Fault> {
        Box::new(
            Fault::new(Code::MemoryLimit, format!("the values of this script need more than {}", size_in_words(self.limits.memory)))
                .help("keep less in variables; texts and lists that double in a loop grow very fast"),
        )
    }

    /// Accounts for work on so many bytes, and looks at the clock when enough of it has come together. Everything whose
    /// cost grows with its operands calls this, wherever it stands: many pieces of work that are short by themselves end
    /// in time too. `tests/costs/` has the table of who accounts where.
    #[inline]
    pub fn work(&self, bytes: u64) -> Result<(), Box<Fault>> {
        match self.work_left.get().checked_sub(bytes) {
            Some(left) => {
                self.work_left.set(left);
                Ok(())
            }
            None => self.look_at_the_clock(),
        }
    }

    #[cold]
    #[inline(never)]
    fn look_at_the_clock(&self) -> Result<(), Box<Fault>> {
        self.work_left.set(WORK_A_LOOK);
        self.check_time()
    }

    /// Asks whether there is time left; to be called now and then in work that takes long.
    pub fn check_time(&self) -> Result<(), Box<Fault>> {
        if self.stop.as_ref().is_some_and(StopSignal::is_set) {
            return Err(Box::new(Fault::new(Code::Stopped, "the run was stopped")));
        }
        if Instant::now() >= self.deadline {
            let seconds = self.limits.time.as_secs_f64();
            let fault = Fault::new(Code::TimeLimit, format!("the script ran longer than {seconds} seconds"));
            return Err(Box::new(fault.help("look for a loop that never ends or does too much")));
        }
        Ok(())
    }

    /// Appends to the output of the run.
    pub fn print(&mut self, text: &str) -> Result<(), Box<Fault>> {
        if self.output.len() + text.len() > self.limits.output {
            let fault = Fault::new(Code::OutputLimit, format!("the script prints more than {} bytes", self.limits.output));
            return Err(Box::new(fault.help("print less, or print in fewer turns of the loop")));
        }
        self.output.push_str(text);
        Ok(())
    }

    /// Sets a variable of the script by name, as `unpack_list` does.
    pub fn set_variable(&mut self, name: Text, value: Value) {
        self.variables.push((name, value));
    }

    /// Ends a call without a value.
    #[cold]
    #[inline(never)]
    pub fn fail(&mut self, why: Box<CallError>) -> Failed {
        self.failure = Some(why);
        Failed(())
    }

    /// Why a call failed.
    pub fn why(&mut self, Failed(()): Failed) -> Box<CallError> {
        // There is no way to a `Failed` but through `fail`.
        self.failure.take().unwrap_or_else(|| Box::new(CallError::Fault(Fault::new(Code::NoValue, "the call gave no value"))))
    }

    /// Whether a call left notices or variables behind.
    #[inline]
    pub(crate) fn has_side_results(&self) -> bool {
        !(self.notices.is_empty() && self.variables.is_empty())
    }

    /// Reports something that was refused without ending the call.
    pub fn notice(&mut self, parameter: &'static str, fault: Fault) {
        self.notices.push(Notice { parameter, fault });
    }
}

#[cold]
fn no_crm() -> Box<CallError> {
    let fault = Fault::new(Code::NoCrm, "there is no CRM here, only values");
    Box::new(CallError::Fault(fault.help("run the script with `calc run`, or give the engine a store")))
}

/// `64 MiB`, `100000 bytes`
fn size_in_words(bytes: usize) -> String {
    if bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}
