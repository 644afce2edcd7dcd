//! What a running script may touch besides its own variables: the state of the host, the clock, randomness, the output
//! and the limits. All of it comes from the host; nothing here reads a clock or an environment.

use std::any::Any;
use std::cell::Cell;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::{CallError, CallResult, Failed, Host, Limits, Role, StopSignal, Variables, Watcher};
use crate::diagnostic::{Code, Fault};
use crate::value::locale::Locale;
use crate::value::meter::Meter;
use crate::value::{Text, Value};
use crate::wording::{Message, message};

/// From here on the machine is asked whether it has that much: a host may have set a limit that no machine can keep.
const MUCH: usize = 1 << 30;

fn can_be_had(bytes: usize) -> bool {
    Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

/// The moment a time from now. A time without end ends in a hundred years: the clock of the machine has one.
#[must_use]
pub fn deadline(after: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(after).or_else(|| now.checked_add(Duration::from_hours(100 * 365 * 24))).unwrap_or(now)
}

/// Something a function refused, before it has a place in the script.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The parameter it is about.
    pub parameter: &'static str,
    /// What was refused and why.
    pub fault: Fault,
}

/// How the state of the host is opened when it is first needed: with the time and the randomness of the run.
pub type OpenHost<'r> = dyn FnOnce(DateTime<Utc>, &mut fastrand::Rng) -> CallResult<Box<dyn Host>> + 'r;

/// The state of the host.
#[derive(Default)]
enum HostSlot<'r> {
    /// There is none: for expressions and tests of functions.
    #[default]
    Empty,
    /// Nothing of it was needed so far.
    Closed(Box<OpenHost<'r>>),
    Open(Box<dyn Host>),
    Lent(&'r mut dyn Host),
}

/// How many bytes are worked on between two looks at the clock: well under a millisecond for the slowest function.
const WORK_A_LOOK: u64 = 64 << 10;

/// What the time of a script is counted from.
#[derive(Clone, Copy)]
struct ScriptClock {
    started: Instant,
    is_running: bool,
    away_before: Duration,
}

/// What a running script may touch.
pub struct Context<'r> {
    now: DateTime<Utc>,
    time_zone: Tz,
    random: fastrand::Rng,
    limits: &'r Limits,
    host: HostSlot<'r>,
    /// Whether the host has variables that outlive the run.
    keeps_variables: bool,
    block: Option<i64>,
    stop: Option<StopSignal>,
    pub(crate) output: String,
    pub(crate) meter: Meter,
    clock: ScriptClock,
    /// Work that may still be done before the clock is looked at again.
    work_left: Cell<u64>,
    pub(crate) assignments: Vec<(Text, Value)>,
    pub(crate) notices: Vec<Notice>,
    /// What the host has said that there is of a role.
    known: Vec<(Role, Option<Message>)>,
    failure: Option<Box<CallError>>,
    watcher: Option<&'r mut (dyn Watcher + 'r)>,
}

impl<'r> Context<'r> {
    /// A context without a host, for expressions and for tests of functions; `time_zone` stands for the host's.
    #[must_use]
    pub fn new(now: DateTime<Utc>, time_zone: Tz, random: fastrand::Rng, limits: &'r Limits) -> Self {
        Self {
            now,
            time_zone,
            random,
            limits,
            host: HostSlot::Empty,
            keeps_variables: false,
            block: None,
            stop: None,
            output: String::new(),
            meter: Meter::new(),
            clock: ScriptClock { started: Instant::now(), is_running: false, away_before: Duration::ZERO },
            work_left: Cell::new(WORK_A_LOOK),
            assignments: Vec::new(),
            notices: Vec::new(),
            known: Vec::new(),
            failure: None,
            watcher: None,
        }
    }

    /// With a host whose state is at hand.
    #[must_use]
    pub fn with_host(mut self, host: &'r mut dyn Host) -> Self {
        self.keeps_variables = host.variables().is_some();
        self.host = HostSlot::Lent(host);
        self
    }

    /// With a host whose state was opened before, and which [`Context::take_host`] returns.
    #[must_use]
    pub(crate) fn with_opened_host(mut self, mut host: Box<dyn Host>) -> Self {
        self.keeps_variables = host.variables().is_some();
        self.host = HostSlot::Open(host);
        self
    }

    /// With a host that keeps variables, and whose state is opened when it is first needed.
    #[must_use]
    pub fn with_lazy_host(mut self, open: impl FnOnce(DateTime<Utc>, &mut fastrand::Rng) -> CallResult<Box<dyn Host>> + 'r) -> Self {
        self.keeps_variables = true;
        self.host = HostSlot::Closed(Box::new(open));
        self
    }

    /// Without variables that outlive the run: those of the script end with it, while its functions work on the host.
    #[must_use]
    pub fn without_variables(mut self) -> Self {
        self.keeps_variables = false;
        self
    }

    /// With a signal that ends the run.
    #[must_use]
    pub fn with_stop_signal(mut self, signal: StopSignal) -> Self {
        self.stop = Some(signal);
        self
    }

    /// With somebody who is told what the script does.
    #[must_use]
    pub(crate) fn with_watcher(mut self, watcher: &'r mut (dyn Watcher + 'r)) -> Self {
        self.watcher = Some(watcher);
        self
    }

    /// Whether somebody is told what the script does.
    pub(crate) fn is_watched(&self) -> bool {
        self.watcher.is_some()
    }

    /// Tells whoever watches.
    pub(crate) fn tell(&mut self, about: impl FnOnce(&mut (dyn Watcher + 'r), &mut Self)) {
        if let Some(watcher) = self.watcher.take() {
            about(watcher, self);
            self.watcher = Some(watcher);
        }
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

    /// The state of the host, opened if need be; `None` when the run has no host, or one of another type.
    ///
    /// # Errors
    /// When it cannot be opened.
    #[inline]
    pub fn host<T: Host>(&mut self) -> CallResult<Option<&mut T>> {
        self.open_host()?;
        Ok(self.opened_host())
    }

    /// The state of the host, when something needed it already.
    #[inline]
    pub fn opened_host<T: Host>(&mut self) -> Option<&mut T> {
        let host: &mut dyn Any = match &mut self.host {
            HostSlot::Open(host) => host.as_mut(),
            HostSlot::Lent(host) => &mut **host,
            HostSlot::Empty | HostSlot::Closed(_) => return None,
        };
        host.downcast_mut()
    }

    /// Takes the opened state of the host out: at the end of the run, or where a function works on it as a whole.
    pub fn take_host<T: Host>(&mut self) -> Option<Box<T>> {
        match std::mem::take(&mut self.host) {
            HostSlot::Open(host) => (host as Box<dyn Any>).downcast().ok(),
            _ => None,
        }
    }

    /// Gives the run another host, opened when it is next needed.
    pub fn set_lazy_host(&mut self, open: impl FnOnce(DateTime<Utc>, &mut fastrand::Rng) -> CallResult<Box<dyn Host>> + 'r) {
        self.host = HostSlot::Closed(Box::new(open));
    }

    /// Sets the time of the run, for scripts that travel in time.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }

    /// Whether there are variables that outlive the run.
    #[must_use]
    #[inline]
    pub(crate) fn keeps_variables(&self) -> bool {
        self.keeps_variables
    }

    /// The variables that outlive the run.
    pub(crate) fn variables(&mut self) -> CallResult<Option<&mut dyn Variables>> {
        self.open_host()?;
        Ok(self.opened_variables())
    }

    /// The variables that outlive the run, when something needed the host already.
    pub(crate) fn opened_variables(&mut self) -> Option<&mut dyn Variables> {
        if !self.keeps_variables {
            return None;
        }
        self.any_host()?.variables()
    }

    fn any_host(&mut self) -> Option<&mut dyn Host> {
        match &mut self.host {
            HostSlot::Open(host) => Some(host.as_mut()),
            HostSlot::Lent(host) => Some(&mut **host),
            HostSlot::Empty | HostSlot::Closed(_) => None,
        }
    }

    /// What there is that an argument of a role can name; the host is asked once for each role.
    #[cold]
    pub(crate) fn known(&mut self, role: Role) -> CallResult<Option<Message>> {
        if let Some((_, known)) = self.known.iter().find(|(asked, _)| *asked == role) {
            return Ok(known.clone());
        }
        self.open_host()?;
        let known = match self.any_host() {
            Some(host) => host.known(role)?,
            None => None,
        };
        self.known.push((role, known.clone()));
        Ok(known)
    }

    #[inline]
    fn open_host(&mut self) -> CallResult<()> {
        if matches!(self.host, HostSlot::Closed(_)) { self.open_closed_host() } else { Ok(()) }
    }

    #[cold]
    fn open_closed_host(&mut self) -> CallResult<()> {
        match std::mem::take(&mut self.host) {
            HostSlot::Closed(open) => self.host = HostSlot::Open(open(self.now, &mut self.random)?),
            other => self.host = other,
        }
        Ok(())
    }

    /// The time of the run.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The time of the run in the host's time zone.
    pub fn local_now(&mut self) -> CallResult<NaiveDateTime> {
        let time_zone = self.time_zone()?;
        Ok(self.now.with_timezone(&time_zone).naive_local())
    }

    /// The host's time zone.
    pub fn time_zone(&mut self) -> CallResult<Tz> {
        self.open_host()?;
        let own = self.time_zone;
        Ok(self.any_host().map_or(own, |host| host.time_zone()))
    }

    /// The host's locale, for the names of months and weekdays; English without a host.
    pub fn locale(&mut self) -> CallResult<Locale> {
        self.open_host()?;
        Ok(self.any_host().map_or(Locale::En, |host| host.locale()))
    }

    /// The source of randomness; seeded by the host for tests.
    pub fn random(&mut self) -> &mut fastrand::Rng {
        &mut self.random
    }

    /// The limits of the run.
    #[must_use]
    pub fn limits(&self) -> &'r Limits {
        self.limits
    }

    /// Refuses to make something of that many bytes when that is more than the run may still take; to be called wherever
    /// the result of a function can be much larger than its arguments.
    pub fn check_memory(&self, bytes: usize) -> Result<(), Box<Fault>> {
        if self.meter.held().saturating_add(bytes) > self.limits.memory || (bytes > MUCH && !can_be_had(bytes)) {
            Err(self.too_much_memory())
        } else {
            Ok(())
        }
    }

    #[cold]
    fn too_much_memory(&self) -> Box<Fault> {
        Box::new(
            Fault::new(Code::MemoryLimit, message!("memory-limit", limit = size_in_words(self.limits.memory)))
                .help(message!("memory-limit-help")),
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

    /// The same for the text form of a value; only that of a list or a dict can be much larger than the value.
    #[inline]
    pub fn check_memory_for_text(&self, value: &Value) -> Result<(), Box<Fault>> {
        if !matches!(value, Value::List(_) | Value::Dict(_)) {
            return Ok(());
        }
        self.check_memory(value.text_size(self.limits.memory).unwrap_or(usize::MAX))
    }

    /// Starts the clock of the script, once: what was before, such as waiting for the host, is not its time.
    pub(crate) fn start_clock(&mut self) {
        if !self.clock.is_running {
            self.clock = ScriptClock { started: Instant::now(), is_running: true, away_before: self.time_away() };
        }
    }

    /// The time the script has run for, without the time that its host took.
    pub(crate) fn time_spent(&self) -> Duration {
        let away = self.time_away().saturating_sub(self.clock.away_before);
        self.clock.started.elapsed().saturating_sub(away)
    }

    fn time_away(&self) -> Duration {
        match &self.host {
            HostSlot::Open(host) => host.time_away(),
            HostSlot::Lent(host) => host.time_away(),
            HostSlot::Empty | HostSlot::Closed(_) => Duration::ZERO,
        }
    }

    /// Asks whether there is time left; to be called now and then in work that takes long.
    pub fn check_time(&self) -> Result<(), Box<Fault>> {
        if self.stop.as_ref().is_some_and(StopSignal::is_set) {
            return Err(Box::new(Fault::new(Code::Stopped, message!("stopped"))));
        }
        if self.time_spent() >= self.limits.time {
            let seconds = self.limits.time.as_secs_f64();
            let fault = Fault::new(Code::TimeLimit, message!("time-limit", seconds = seconds.to_string()));
            return Err(Box::new(fault.help(message!("time-limit-help"))));
        }
        Ok(())
    }

    /// Appends to the output of the run.
    pub fn print(&mut self, text: &str) -> Result<(), Box<Fault>> {
        if self.output.len() + text.len() > self.limits.output {
            let fault = Fault::new(Code::OutputLimit, message!("output-limit", limit = self.limits.output));
            return Err(Box::new(fault.help(message!("output-limit-help"))));
        }
        self.output.push_str(text);
        Ok(())
    }

    /// Sets a variable of the script by name, as `unpack_list` does.
    pub fn set_variable(&mut self, name: Text, value: Value) {
        self.assignments.push((name, value));
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
        self.failure.take().unwrap_or_else(|| Box::new(CallError::Fault(Fault::new(Code::NoValue, message!("call-without-value")))))
    }

    /// Whether a call left notices or variables behind.
    #[inline]
    pub(crate) fn has_side_results(&self) -> bool {
        !(self.notices.is_empty() && self.assignments.is_empty())
    }

    /// Reports something that was refused without ending the call.
    pub fn notice(&mut self, parameter: &'static str, fault: Fault) {
        self.notices.push(Notice { parameter, fault });
    }
}

/// `64 MiB`, `100000 bytes`
fn size_in_words(bytes: usize) -> Message {
    if bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) {
        message!("size-mebibytes", count = bytes >> 20)
    } else {
        message!("size-bytes", count = bytes)
    }
}
