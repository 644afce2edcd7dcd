//! The main thread of the worker: writes all lines, and looks after the outbox. A store that fails is asked again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use calc::crm::requests::{self, RequestId};
use calc::crm::{Effect, ProjectId, Store, StoreError};
use calc::engine::Outcome;
use calc::pipeline::{Job, Workers};
use calc::wording::{Message, message};
use serde_json::json;

use super::delivery::Delivery;
use super::intake::Told;
use super::line::InputLine;
use super::{Arguments, BACKOFF, Outbox, is_passing, now};
use crate::failure::Failure;
use crate::language::say;
use crate::terminal::Terminal;

/// How often the outbox is looked at when nothing else happens …
const TICK: Duration = Duration::from_millis(500);
/// … and when events come without a pause.
const BUSY_TICK: Duration = Duration::from_millis(50);

/// What the main thread is told.
pub enum News {
    /// An event is done and committed.
    Ran {
        project: ProjectId,
        line: String,
        has_message: bool,
    },
    /// A line is not an event, or its event cannot be run.
    Refused {
        line: String,
        reason: String,
    },
    /// Something that the pipeline is to do.
    Asked(String),
    Confirmation(InputLine),
    /// Something that the people who run the worker should know.
    Remark(String),
    /// Standard input has ended.
    End,
    /// All that was due in the store is done.
    NothingDue,
    /// The process has to end.
    Stop,
    Broken(Failure),
}

/// What is told of an event that is not run.
pub fn refused(answer: &serde_json::Value, reason: &Message) -> News {
    News::Refused { line: format!("{answer}\n"), reason: say(reason) }
}

/// What is told of one that ran.
pub fn report(job: &Job, event: Option<&str>, outcome: &Outcome) -> News {
    // Of the block itself, or to others.
    let has_message = outcome.effects.iter().any(|effect| matches!(effect, Effect::MessageQueued { .. }));
    let mut object = json!(outcome);
    object["repeated"] = json!(outcome.repeated);
    let line = json!({"event": event, "client": job.client, "outcome": object});
    News::Ran { project: job.project, line: format!("{line}\n"), has_message }
}

/// Writes lines and delivers messages.
pub struct Desk<'a> {
    arguments: &'a Arguments,
    terminal: &'a Terminal,
    store: Arc<dyn Store>,
    told: Receiver<News>,
    workers: &'a Workers,
    intake: &'a Sender<Told>,
    delivery: Delivery,
    /// The project of confirmations that name none.
    only: Option<ProjectId>,
    /// Confirmations that are not in the store yet, in their order.
    confirmations: VecDeque<InputLine>,
    is_refused: bool,
    /// Whether messages may be waiting that were not looked at.
    has_messages: bool,
    tended: Instant,
    /// How often the store has failed in a row, and when it is asked again.
    failures: u32,
    asks_again: Option<Instant>,
    random: fastrand::Rng,
}

impl<'a> Desk<'a> {
    pub fn new(
        arguments: &'a Arguments,
        terminal: &'a Terminal,
        store: Arc<dyn Store>,
        (told, workers, intake): (Receiver<News>, &'a Workers, &'a Sender<Told>),
        delivery: Delivery,
        only: Option<ProjectId>,
    ) -> Self {
        Self {
            arguments,
            terminal,
            store,
            told,
            workers,
            intake,
            delivery,
            only,
            confirmations: VecDeque::new(),
            is_refused: false,
            has_messages: true,
            tended: Instant::now(),
            failures: 0,
            asks_again: None,
            random: fastrand::Rng::new(),
        }
    }

    /// Works until everything is done or the process has to end; returns the exit code.
    pub fn serve(&mut self) -> Result<u8, Failure> {
        let is_stopped = self.work()?;
        while let Ok(news) = self.told.try_recv() {
            self.note(news)?;
        }
        let is_stopped = self.settle(is_stopped)?;
        Ok(if self.is_refused && !is_stopped { 2 } else { 0 })
    }

    /// True: the process has to end before everything is done.
    fn work(&mut self) -> Result<bool, Failure> {
        self.tend()?;
        loop {
            if self.terminal.is_reader_gone() {
                // Outcomes that nobody reads are as good as lost: better another worker does the work.
                self.workers.stop();
                return Ok(true);
            }
            let news = match self.told.try_recv() {
                Ok(news) if self.tended.elapsed() < BUSY_TICK => news,
                Ok(news) => {
                    self.tend()?;
                    news
                }
                Err(_) => {
                    self.tend()?;
                    let asks_again = self.asks_again.map(|at| at.saturating_duration_since(Instant::now()));
                    match self.told.recv_timeout(asks_again.unwrap_or(TICK).min(TICK)) {
                        Ok(news) => news,
                        Err(RecvTimeoutError::Timeout) => {
                            self.has_messages = true;
                            continue;
                        }
                        Err(RecvTimeoutError::Disconnected) => return Ok(true),
                    }
                }
            };
            match news {
                // Confirmations will not come any more; the inbox goes on.
                News::End if self.arguments.inbox => {}
                News::End => {
                    let _ = self.intake.send(Told::Finish);
                }
                News::NothingDue => {
                    self.workers.finish();
                    return Ok(false);
                }
                News::Stop => {
                    self.workers.stop();
                    return Ok(true);
                }
                news => self.note(news)?,
            }
        }
    }

    fn note(&mut self, news: News) -> Result<(), Failure> {
        match news {
            News::Ran { project, line, has_message } => {
                self.terminal.print_raw(&line)?;
                if has_message {
                    self.delivery.add_project(project);
                    self.has_messages = true;
                }
            }
            News::Refused { line, reason } => {
                self.is_refused = true;
                self.terminal.print_raw(&line)?;
                self.terminal.error_line(&format!("calc: {reason}"))?;
            }
            News::Asked(line) => self.terminal.print_raw(&line)?,
            News::Confirmation(line) => self.confirmations.push_back(line),
            News::Remark(text) => self.terminal.remark(&format!("calc: {text}"))?,
            News::Broken(failure) => return Err(failure),
            News::End | News::NothingDue | News::Stop => {}
        }
        Ok(())
    }

    /// Looks after confirmations and messages, unless the store has just failed.
    fn tend(&mut self) -> Result<(), Failure> {
        self.tended = Instant::now();
        if self.asks_again.is_some_and(|at| Instant::now() < at) {
            return Ok(());
        }
        match self.deliver() {
            Ok(()) => {
                self.failures = 0;
                self.asks_again = None;
                Ok(())
            }
            Err(error) => {
                let pause = self.pause_after(error)?;
                self.asks_again = Some(Instant::now() + pause);
                self.has_messages = true;
                Ok(())
            }
        }
    }

    /// How long to wait after a failure that passes.
    fn pause_after(&mut self, error: DeskError) -> Result<Duration, Failure> {
        let error = match error {
            DeskError::Store(error) if is_passing(&error) => error,
            DeskError::Store(error) => return Err(error.into()),
            DeskError::Output(failure) => return Err(failure),
        };
        self.failures += 1;
        if self.failures == 1 {
            self.terminal.remark(&format!("calc: {}", say(&message!("outbox-has-to-wait", error = error.message().clone()))))?;
        }
        Ok(BACKOFF.after(self.failures, &mut self.random))
    }

    fn deliver(&mut self) -> Result<(), DeskError> {
        self.confirm_all()?;
        if self.arguments.outbox == Outbox::Stdout && std::mem::take(&mut self.has_messages) {
            for line in self.delivery.due(&*self.store, now())? {
                self.terminal.print_raw(&line)?;
            }
        }
        Ok(())
    }

    fn confirm_all(&mut self) -> Result<(), DeskError> {
        while let Some(line) = self.confirmations.front().cloned() {
            self.confirm(&line)?;
            self.confirmations.pop_front();
            self.has_messages = true;
            // The store works: if it fails again, pauses begin to grow again. Else one failure among many confirmations
            // would make each pause longer than the one before.
            self.failures = 0;
        }
        Ok(())
    }

    fn confirm(&mut self, line: &InputLine) -> Result<(), DeskError> {
        let store = Arc::clone(&self.store);
        let named = match line {
            InputLine::Delivered { delivered } => delivered.project,
            InputLine::Failed { failed } => failed.project,
            InputLine::Done { done } => done.project,
            InputLine::Event(_) => None,
        };
        let Some(project) = named.or(self.only) else {
            self.is_refused = true;
            self.terminal.error_line(&format!("calc: {}", say(&message!("confirmation-must-name-project"))))?;
            return Ok(());
        };
        let was_waiting = match line {
            InputLine::Delivered { delivered } => self.delivery.delivered(&*store, project, delivered)?,
            InputLine::Failed { failed } => self.delivery.failed(&*store, project, failed, now())?,
            InputLine::Done { done } => requests::done(&*store, project, RequestId { by: done.by, number: done.number })?,
            InputLine::Event(_) => true,
        };
        if !was_waiting {
            self.terminal.remark(&format!("calc: {}", say(&message!("confirmation-not-awaited"))))?;
        }
        Ok(())
    }

    /// The last confirmations. Nobody confirms any more: what is left goes out in order, and stays in the database until a
    /// later worker's turn. A store that fails is asked again until the process has to end. True: it has to.
    fn settle(&mut self, mut is_stopped: bool) -> Result<bool, Failure> {
        loop {
            let error = match self.last_lines(is_stopped) {
                Ok(()) => return Ok(is_stopped),
                Err(DeskError::Store(error)) if is_stopped => return Err(error.into()),
                Err(error) => error,
            };
            let pause = self.pause_after(error)?;
            match self.told.recv_timeout(pause) {
                Ok(News::Stop) => is_stopped = true,
                Ok(news) => self.note(news)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(pause),
            }
        }
    }

    fn last_lines(&mut self, is_stopped: bool) -> Result<(), DeskError> {
        self.confirm_all()?;
        if !is_stopped && self.arguments.outbox == Outbox::Stdout {
            for line in self.delivery.rest(&*self.store, now())? {
                self.terminal.print_raw(&line)?;
            }
        }
        Ok(())
    }

    /// Lets go of the messages that nobody has confirmed, whatever the work came to.
    pub fn hand_back(&mut self, result: Result<u8, Failure>) -> Result<u8, Failure> {
        let handed_back = self.delivery.hand_back(&*self.store, now());
        let exit = result?;
        handed_back?;
        Ok(exit)
    }
}

/// Why something could not be done.
enum DeskError {
    Store(StoreError),
    Output(Failure),
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for DeskError {
    fn from(failure: Failure) -> Self {
        Self::Output(failure)
    }
}
