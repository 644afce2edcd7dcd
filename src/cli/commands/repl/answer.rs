//! What an input does, and how its answer is shown: the same on a terminal and by pipe.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use calc::crm::{ClientId, ProjectId, Store};
use calc::diagnostic::{Code, Diagnostic, Span};
use calc::engine::{Conversation, Delivered, Engine, MessageStatus, Outcome, Report, Status, StopSignal};
use calc::wording::{Language, Message, message};
use chrono::{DateTime, Duration, Utc};
use serde_json::Value as Json;

use super::complete::SessionNames;
use crate::failure::Failure;
use crate::language::say;
use crate::options::{Format, RunOptions};
use crate::report;
use crate::source::Source;
use crate::terminal::Terminal;

/// Whether another input is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterInput {
    Input,
    Quit,
}

/// The time of inputs: the clock of the machine or a time that stands still, moved by time travel.
#[derive(Clone, Copy)]
pub struct InputClock {
    fixed: Option<DateTime<Utc>>,
    moved: Duration,
}

impl InputClock {
    pub fn new(fixed: Option<DateTime<Utc>>) -> Self {
        Self { fixed, moved: Duration::zero() }
    }

    pub fn now(&self) -> DateTime<Utc> {
        let now = self.fixed.unwrap_or_else(|| SystemTime::now().into());
        now.checked_add_signed(self.moved).unwrap_or(now)
    }

    /// The same clock some time later; `None` when that leaves the calendar.
    pub fn after(self, duration: Duration) -> Option<Self> {
        let moved = self.moved.checked_add(&duration)?;
        self.fixed.unwrap_or_else(|| SystemTime::now().into()).checked_add_signed(moved)?;
        Some(Self { moved, ..self })
    }
}

/// Ctrl-C: ends the script that runs; where none runs, the command.
#[derive(Clone, Default)]
pub struct Stopper {
    signal: StopSignal,
    is_running: Arc<AtomicBool>,
}

impl Stopper {
    /// Takes over Ctrl-C. Where none runs it ends the command, unless somebody types: then it is the editor's.
    pub fn install(is_interactive: bool) -> Result<Self, Failure> {
        let stopper = Self::default();
        let (signal, is_running) = (stopper.signal.clone(), stopper.is_running.clone());
        let handler = move || {
            if is_running.load(Ordering::SeqCst) {
                signal.stop();
            } else if !is_interactive {
                std::process::exit(INTERRUPTED);
            }
        };
        match ctrlc::set_handler(handler) {
            Ok(()) => Ok(stopper),
            Err(error) => Err(Failure::usage(message!("no-ctrl-c", error = error.to_string()))),
        }
    }

    fn during<T>(&self, run: impl FnOnce() -> T) -> T {
        self.signal.clear();
        self.is_running.store(true, Ordering::SeqCst);
        let result = run();
        self.is_running.store(false, Ordering::SeqCst);
        result
    }
}

/// The exit code of a command that Ctrl-C ended, as shells have it.
const INTERRUPTED: i32 = 130;

/// A session of the REPL.
pub struct Repl<'r> {
    pub(super) engine: &'r Engine,
    pub(super) conversation: Conversation<'r>,
    pub(super) clock: InputClock,
    /// What the clock was before each step of time travel.
    pub(super) earlier_clocks: Vec<InputClock>,
    pub(super) terminal: &'r Terminal,
    pub(super) is_dry: bool,
    format: Format,
    stopper: Stopper,
    has_failed: bool,
    /// What can be completed, when somebody types.
    names: Option<Rc<RefCell<SessionNames>>>,
}

/// A text that diagnostics are about.
pub(super) struct ShownText<'t> {
    name: &'t str,
    text: &'t str,
    /// Whether people want to see the value: of a block its message is what counts.
    is_valued: bool,
}

impl<'t> ShownText<'t> {
    /// Lines that were typed or read from a file.
    pub(super) fn input(name: &'t str, text: &'t str) -> Self {
        Self { name, text, is_valued: true }
    }

    /// A message, or a block that ends with one.
    pub(super) fn block(name: &'t str, text: &'t str) -> Self {
        Self { name, text, is_valued: false }
    }
}

impl<'r> Repl<'r> {
    pub fn new(
        engine: &'r Engine,
        store: &'r dyn Store,
        (project, client): (ProjectId, ClientId),
        options: &RunOptions,
        clock: InputClock,
        stopper: Stopper,
        terminal: &'r Terminal,
    ) -> Self {
        let conversation = Conversation::new(engine, store, project, client, clock.now()).in_block(options.block);
        let conversation = conversation.with_stop_signal(stopper.signal.clone());
        let conversation = match options.seed {
            Some(seed) => conversation.with_seed(seed),
            None => conversation,
        };
        Self {
            engine,
            conversation,
            clock,
            earlier_clocks: Vec::new(),
            terminal,
            is_dry: options.dry_run,
            format: options.format,
            stopper,
            has_failed: false,
            names: None,
        }
    }

    /// Keeps the names for completion up to date from now on.
    pub fn offer_names(&mut self, names: Rc<RefCell<SessionNames>>) {
        names.borrow_mut().read(self.engine, &mut self.conversation);
        self.names = Some(names);
    }

    /// Whether any input ended in an error.
    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// Answers one input.
    pub fn answer(&mut self, input: &str) -> Result<AfterInput, Failure> {
        if input.trim().is_empty() {
            return Ok(AfterInput::Input);
        }
        self.conversation.set_now(self.clock.now());
        let next = if input.trim_start().starts_with(':') {
            self.command(input.trim())?
        } else {
            let outcome = self.run(|conversation| conversation.input(input))?;
            self.show(&outcome, &ShownText::input("input", input))?;
            AfterInput::Input
        };
        if let Some(names) = &self.names {
            names.borrow_mut().read(self.engine, &mut self.conversation);
        }
        Ok(next)
    }

    /// Answers a text that was read whole.
    pub(super) fn answer_source(&mut self, source: &Source) -> Result<(), Failure> {
        let outcome = match &source.problem {
            Some(problem) => Outcome::not_compiled(std::slice::from_ref(problem), &source.text, self.engine.language()),
            None => self.run(|conversation| conversation.input(&source.text))?,
        };
        self.show(&outcome, &ShownText::input(&source.name, &source.text))
    }

    /// What the client wrote, or the command that the bot was given, before the first input.
    pub fn begin(&mut self, text: Option<&str>, callback: Option<&str>) -> Result<(), Failure> {
        if let Some(text) = text {
            let outcome = self.run(|conversation| conversation.say(text))?;
            self.show_beginning(&outcome, &ShownText::block("message", text))?;
        }
        if let Some(text) = callback {
            let outcome = self.run(|conversation| conversation.callback(text))?;
            self.show_beginning(&outcome, &ShownText::block("callback", text))?;
        }
        Ok(())
    }

    /// Programs count one object an input, and this is none.
    fn show_beginning(&mut self, outcome: &Outcome, shown: &ShownText<'_>) -> Result<(), Failure> {
        if self.format == Format::Json { Ok(()) } else { self.show(outcome, shown) }
    }

    /// The client writes.
    pub(super) fn say(&mut self, text: &str) -> Result<(), Failure> {
        let outcome = self.run(|conversation| conversation.say(text))?;
        self.show(&outcome, &ShownText::block("message", text))
    }

    /// Runs something that Ctrl-C may end.
    pub(super) fn run<T>(&mut self, run: impl FnOnce(&mut Conversation<'r>) -> Result<T, calc::engine::HostError>) -> Result<T, Failure> {
        let conversation = &mut self.conversation;
        Ok(self.stopper.during(|| run(conversation))?)
    }

    /// Shows what an input did.
    pub(super) fn show(&mut self, outcome: &Outcome, shown: &ShownText<'_>) -> Result<(), Failure> {
        self.has_failed |= outcome.status == Status::Error;
        if self.format == Format::Json {
            return self.write_json(outcome);
        }
        let terminal = self.terminal;
        let reports = outcome.diagnostics.iter().filter(|report| !terminal.is_quiet() || report.is_error());
        let diagnostics: Vec<Diagnostic> = reports.filter_map(Report::diagnostic).collect();
        if !outcome.output.is_empty() {
            terminal.print(&outcome.output)?;
            if !outcome.output.ends_with('\n') {
                terminal.print("\n")?;
            }
        }
        for effect in &outcome.effects {
            terminal.remark(&say(&effect.message()))?;
        }
        terminal.error_raw(&report::drawn(shown.name, shown.text, &diagnostics, terminal.error_colors()))?;
        if outcome.message.status != MessageStatus::None {
            terminal.line(&report::message(&outcome.message))?;
        }
        if shown.is_valued && outcome.value != Json::Null {
            terminal.line(&calc::value::text_form(&outcome.value))?;
        }
        Ok(())
    }

    /// Shows what time it is, and what was delivered up to then.
    pub(super) fn travelled(&mut self, local: &str, delivered: Vec<Delivered>) -> Result<(), Failure> {
        if self.format == Format::Json {
            let mut all = empty_outcome(self.engine.language());
            all.value = Json::String(local.to_owned());
            for Delivered { outcome, .. } in delivered {
                self.has_failed |= outcome.status == Status::Error;
                if outcome.status == Status::Error {
                    all.status = Status::Error;
                }
                all.output.push_str(&outcome.output);
                all.effects.extend(outcome.effects);
                all.diagnostics.extend(outcome.diagnostics);
                // The last one is what the client sees last.
                if outcome.message.status != MessageStatus::None {
                    all.message = outcome.message;
                }
            }
            return self.write_json(&all);
        }
        for Delivered { source, outcome } in delivered {
            self.show(&outcome, &ShownText::block("scheduled", &source))?;
        }
        self.reply(&say(&message!("it-is-now", time = local)), Json::Null)
    }

    /// Answers a command with text for people, or its data for programs.
    pub(super) fn reply(&mut self, text: &str, data: Json) -> Result<(), Failure> {
        if self.format == Format::Json {
            let mut outcome = empty_outcome(self.engine.language());
            outcome.value = data;
            return self.write_json(&outcome);
        }
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        self.terminal.print(&format!("{text}{end}"))
    }

    /// Answers a command that could not do what it was asked for.
    pub(super) fn refuse(&mut self, input: &str, problem: Message) -> Result<(), Failure> {
        self.has_failed = true;
        if self.format == Format::Json {
            let end = u32::try_from(input.len()).unwrap_or(u32::MAX);
            let diagnostic = Diagnostic::new(Code::UnexpectedToken, Span::new(0, end), problem);
            let mut outcome = Outcome::not_compiled(&[diagnostic], input, self.engine.language());
            outcome.skipped = None;
            return self.write_json(&outcome);
        }
        say(&problem).lines().try_for_each(|line| self.terminal.error_line(line))
    }

    fn write_json(&self, outcome: &Outcome) -> Result<(), Failure> {
        let line =
            serde_json::to_string(outcome).map_err(|error| Failure::store(message!("outcome-unwritable", error = error.to_string())))?;
        self.terminal.print_raw(&format!("{line}\n"))
    }
}

/// The outcome of a command that did nothing to the CRM.
fn empty_outcome(language: Language) -> Outcome {
    let mut outcome = Outcome::not_compiled(&[], "", language);
    outcome.status = Status::Ok;
    outcome.skipped = None;
    outcome
}
