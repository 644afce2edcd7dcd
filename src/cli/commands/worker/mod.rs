//! `calc worker`: a ready pipeline process. Events come in as JSON lines, outcomes and messages go out as JSON lines.

mod blocks;
mod delivery;
mod line;
mod metrics;

use std::io::{BufRead, Read as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, SystemTime};

use calc::crm::{self, ProjectId, Store};
use calc::engine::{HostError, MessageStatus, Outcome};
use calc::pipeline::{Job, Settings, Workers};
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde_json::json;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use self::blocks::Blocks;
use self::delivery::Delivery;
use self::line::{EventLine, Line};
use self::metrics::Metrics;
use crate::database::Access;
use crate::failure::Failure;
use crate::options::{DialectName, PlaceOptions};
use crate::place;
use crate::setup;
use crate::terminal::Terminal;

/// How often the outbox is looked at when nothing else happens.
const TICK: Duration = Duration::from_millis(500);

/// The most bytes of a line of standard input: more than an event with the longest text takes, however it is escaped.
const LONGEST_LINE: u64 = 4 << 20;

/// Run blocks for events that come as JSON lines on standard input, and report as JSON lines
///
/// Each line of standard input is an event:
///
///   {"project": 1, "client": 101, "event": "update-4711", "block": 7, "text": "I want mugs", "at": "2026-11-22T07:00:00Z"}
///
/// For each event a line {"event": …, "client": …, "outcome": …} is written once its changes are committed. Events of one
/// client keep their order. An event that comes again, here or on another machine, is answered with its first outcome, so
/// several workers on several machines can share one PostgreSQL database:
///
///   machine A:  calc worker --db postgres://bot@db/shop --blocks blocks/ < events-of-a
///   machine B:  calc worker --db postgres://bot@db/shop --blocks blocks/ < events-of-b
///
/// Events of one client should go to one machine, by a hash of the client for example; sent to two they run one after
/// another, in an order that nobody knows.
///
/// Messages are lines {"send": {"project", "client", "number", "text", "attempt"}}. Answer each on standard input with
/// {"delivered": {"client", "number"}} or {"failed": {"client", "number", "error", "final": false}}; one that is not
/// answered is sent again. A failure of the database is retried and never reported as an outcome. SIGTERM ends the worker
/// when the blocks that run are done.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[allow(clippy::doc_markdown, reason = "it is shown by `--help`, as it stands")]
pub struct Arguments {
    #[command(flatten)]
    place: PlaceOptions,
    #[arg(long, value_name = "DIR", help = "The folder with the blocks, ID.block or ID-name.block; read again when they change")]
    blocks: PathBuf,
    #[arg(long, value_name = "N", help = "How many blocks run at once (default: one a processor)")]
    threads: Option<usize>,
    #[arg(long, value_enum, default_value_t = Outbox::Stdout, help = "Where messages go")]
    outbox: Outbox,
    #[arg(long, value_name = "ADDRESS", help = "Serve metrics for Prometheus there, such as 127.0.0.1:9000")]
    metrics: Option<String>,
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
    dialect: DialectName,
    #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. steps=1000; may be repeated; times in milliseconds")]
    limits: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Outbox {
    /// As lines, to be confirmed
    Stdout,
    /// They stay in the database for another program
    Store,
}

/// What the main thread is told.
enum News {
    /// An event is done and committed.
    Ran {
        project: ProjectId,
        line: String,
        has_message: bool,
    },
    /// A line is no event, or its event cannot be run.
    Refused {
        line: String,
        reason: String,
    },
    Confirmation(Line),
    /// Standard input has ended.
    End,
    /// The process has to end.
    Stop,
    Broken(Failure),
}

/// Works until standard input ends or the process is told to stop.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let engine = setup::engine(arguments.dialect.into(), &arguments.limits)?;
    let place = place::open_named(&arguments.place, Access::Create)?;
    let blocks = Blocks::read(&arguments.blocks, engine.clone(), terminal)?;
    let store: Arc<dyn Store> = place.store.handle();
    let projects = crm::project_ids(&*store)?;
    let only = match projects.as_slice() {
        [only] => Some(*only),
        _ => arguments.place.project,
    };
    let metrics = Metrics::start(arguments.metrics.as_deref())?;
    let settings = Settings { threads: arguments.threads.unwrap_or(Settings::default().threads), ..Settings::default() };
    let workers = Workers::start(engine, Arc::clone(&store), metrics, settings)
        .map_err(|error| Failure::store(format!("no thread for the workers: {error}")))?;
    let workers = Arc::new(workers);

    let (news, told) = mpsc::channel();
    listen_for_signals(&news)?;
    let reader = Reader { blocks, workers: Arc::clone(&workers), news, project: only };
    std::thread::spawn(move || reader.read());
    let mut desk = Desk { arguments, terminal, store, delivery: Delivery::new(projects), only, is_refused: false, has_messages: true };
    desk.serve(&told, &workers)
}

fn listen_for_signals(news: &Sender<News>) -> Result<(), Failure> {
    let signals = Signals::new([SIGTERM, SIGINT]);
    let mut signals = signals.map_err(|error| Failure::store(format!("no signals can be received: {error}")))?;
    let news = news.clone();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            // The main thread has ended when nobody listens.
            let _ = news.send(News::Stop);
        }
    });
    Ok(())
}

/// Reads standard input and hands events to the workers; waits when too many wait.
struct Reader {
    blocks: Blocks,
    workers: Arc<Workers>,
    news: Sender<News>,
    project: Option<ProjectId>,
}

impl Reader {
    fn read(mut self) {
        // Of its own: a terminal is not shared between threads.
        let terminal = Terminal::new(crate::terminal::ColorChoice::Never, false);
        let mut input = std::io::stdin().lock();
        let mut bytes = Vec::new();
        for number in 1_u64.. {
            let is_whole = match read_line(&mut input, &mut bytes) {
                Ok(None) => break,
                Ok(Some(is_whole)) => is_whole,
                Err(error) => {
                    let _ = self.news.send(News::Broken(Failure::store(format!("standard input cannot be read: {error}"))));
                    return;
                }
            };
            if !is_whole {
                let reason = format!("longer than {LONGEST_LINE} bytes");
                if self.news.send(refused(&json!({"line": number, "error": reason}), format!("line {number}: {reason}"))).is_err() {
                    return;
                }
                continue;
            }
            let text = String::from_utf8_lossy(&bytes);
            if text.trim().is_empty() {
                continue;
            }
            let news = match line::parse(text.trim()) {
                Err(reason) => Some(refused(&json!({"line": number, "error": reason}), format!("line {number}: {reason}"))),
                Ok(Line::Event(event)) => self.take(&event, number, &terminal),
                Ok(confirmation) => Some(News::Confirmation(confirmation)),
            };
            if let Some(news) = news
                && self.news.send(news).is_err()
            {
                return;
            }
        }
        let _ = self.news.send(News::End);
    }

    fn take(&mut self, line: &EventLine, number: u64, terminal: &Terminal) -> Option<News> {
        let refuse = |reason: &str| {
            let answer = json!({"event": line.event, "client": line.client, "line": number, "error": reason});
            Some(refused(&answer, format!("line {number}: {reason}")))
        };
        let Some(project) = line.project.or(self.project) else {
            return refuse("the database holds several projects: the event has to name one");
        };
        let block = match self.blocks.get(line.block, terminal) {
            Ok(Some(block)) => block,
            Ok(None) => return refuse(&format!("there is no block {} that can be run", line.block)),
            Err(failure) => return Some(News::Broken(failure)),
        };
        let event = line.to_event(now());
        if let Err(error) = event.check() {
            return refuse(&error.to_string());
        }
        let news = self.news.clone();
        let job = Job { project, client: line.client, block, event };
        self.workers.submit(job, move |job, result| {
            // Nobody listens any more when the process ends; the event is answered again when it is sent again.
            let _ = news.send(report(job, result, number));
        });
        None
    }
}

/// Reads up to the end of a line; `None` at the end of the input. False for a line that is too long: it is skipped, and its
/// beginning is not kept.
fn read_line(input: &mut impl BufRead, bytes: &mut Vec<u8>) -> std::io::Result<Option<bool>> {
    let mut is_whole = true;
    loop {
        bytes.clear();
        let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', bytes)?;
        if read == 0 {
            return Ok((!is_whole).then_some(false));
        }
        // The last line of the input needs no line end.
        if bytes.ends_with(b"\n") || (read as u64) < LONGEST_LINE {
            return Ok(Some(is_whole));
        }
        is_whole = false;
    }
}

fn refused(answer: &serde_json::Value, reason: String) -> News {
    News::Refused { line: format!("{answer}\n"), reason }
}

fn report(job: &Job, result: Result<Outcome, HostError>, number: u64) -> News {
    let id = &job.event.id;
    match result {
        Ok(outcome) => {
            let has_message = outcome.message.status == MessageStatus::Queued;
            let repeated = outcome.repeated;
            let mut outcome = json!(outcome);
            outcome["repeated"] = json!(repeated);
            let line = json!({"event": id, "client": job.client, "outcome": outcome});
            News::Ran { project: job.project, line: format!("{line}\n"), has_message }
        }
        Err(error) => {
            let answer = json!({"event": id, "client": job.client, "line": number, "error": error.to_string()});
            refused(&answer, format!("line {number}: {error}"))
        }
    }
}

/// The main thread: writes all lines, and looks after the outbox.
struct Desk<'a> {
    arguments: &'a Arguments,
    terminal: &'a Terminal,
    store: Arc<dyn Store>,
    delivery: Delivery,
    only: Option<ProjectId>,
    is_refused: bool,
    /// Whether messages may be waiting that were not looked at.
    has_messages: bool,
}

impl Desk<'_> {
    fn serve(&mut self, told: &Receiver<News>, workers: &Workers) -> Result<u8, Failure> {
        self.deliver()?;
        let is_stopped = loop {
            // The outbox is looked at when nothing else is to be done.
            let news = if let Ok(news) = told.try_recv() {
                news
            } else {
                self.deliver()?;
                match told.recv_timeout(TICK) {
                    Ok(news) => news,
                    Err(RecvTimeoutError::Timeout) => {
                        self.has_messages = true;
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => News::End,
                }
            };
            match news {
                News::End => {
                    workers.finish();
                    break false;
                }
                News::Stop => {
                    workers.stop();
                    break true;
                }
                news => self.note(news)?,
            }
        };
        while let Ok(news) = told.try_recv() {
            self.note(news)?;
        }
        // Nobody confirms any more: what is left goes out in order, and stays in the database until a later worker's turn.
        if !is_stopped && self.arguments.outbox == Outbox::Stdout {
            for line in self.delivery.rest(&*self.store, now())? {
                self.terminal.print_raw(&line)?;
            }
        }
        self.delivery.hand_back(&*self.store, now())?;
        Ok(if self.is_refused && !is_stopped { 2 } else { 0 })
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
            News::Confirmation(line) => self.confirm(&line)?,
            News::Broken(failure) => return Err(failure),
            News::End | News::Stop => {}
        }
        Ok(())
    }

    fn confirm(&mut self, line: &Line) -> Result<(), Failure> {
        let store = Arc::clone(&self.store);
        let named = match line {
            Line::Delivered { delivered } => delivered.project,
            Line::Failed { failed } => failed.project,
            Line::Event(_) => None,
        };
        let Some(project) = named.or(self.only) else {
            self.is_refused = true;
            return self.terminal.error_line("calc: the database holds several projects: a confirmation has to name one");
        };
        let was_waiting = match line {
            Line::Delivered { delivered } => self.delivery.delivered(&*store, project, delivered)?,
            Line::Failed { failed } => self.delivery.failed(&*store, project, failed, now())?,
            Line::Event(_) => true,
        };
        if !was_waiting {
            self.terminal.remark("calc: a message was confirmed that was not waiting for it")?;
        }
        self.has_messages = true;
        Ok(())
    }

    fn deliver(&mut self) -> Result<(), Failure> {
        if self.arguments.outbox == Outbox::Stdout && std::mem::take(&mut self.has_messages) {
            for line in self.delivery.due(&*self.store, now())? {
                self.terminal.print_raw(&line)?;
            }
        }
        Ok(())
    }
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
