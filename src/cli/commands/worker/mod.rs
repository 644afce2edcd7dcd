//! `calc worker`: a ready pipeline process. Events come in as JSON lines or from the store, outcomes and messages go out as
//! JSON lines.

mod blocks;
mod delivery;
mod desk;
mod intake;
pub(super) mod line;
mod metrics;
mod reader;

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use calc::crm::{self, ClientId, ProjectId, Store, StoreError, StoreErrorKind};
use calc::pipeline::{Backoff, Settings, Workers};
use calc::wording::message;
use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use self::blocks::Blocks;
use self::delivery::Delivery;
use self::desk::{Desk, News};
use self::intake::{Intake, Told};
use self::metrics::{Metrics, Waiting};
use self::reader::EventReader;
use crate::database::OpenMode;
use crate::failure::Failure;
use crate::options::{DialectName, TargetOptions};
use crate::setup;
use crate::target;
use crate::terminal::Terminal;

/// A client among all projects.
type ClientKey = (ProjectId, ClientId);

/// The pauses before the store is asked again that failed.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(50), longest: Duration::from_secs(5) };

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
/// With --inbox events come from the inbox of the database as well, which `calc crm enqueue FILE.jsonl` or a host fills. Any
/// number of machines may work on it: each client is one machine's for a time, so its events keep their order. The worker
/// then goes on after the end of standard input, until SIGTERM.
///
///   anywhere:   calc crm enqueue events.jsonl --db postgres://bot@db/shop
///   machine A:  calc worker --db postgres://bot@db/shop --blocks blocks/ --inbox --outbox store
///   machine B:  calc worker --db postgres://bot@db/shop --blocks blocks/ --inbox --outbox store
///
/// Scheduled messages and blocks that fall due are run, and clients that wait for an operator are distributed, each by one
/// machine; their outcomes are lines too.
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
    target: TargetOptions,
    #[arg(long, value_name = "DIR", help = "The folder with the blocks, ID.block or ID-name.block; read again when they change")]
    blocks: PathBuf,
    #[arg(long, value_name = "N", help = "How many blocks run at once (default: one a processor)")]
    threads: Option<usize>,
    #[arg(long, help = "Take events from the inbox of the database too, where `calc crm enqueue` or a host puts them")]
    inbox: bool,
    #[arg(long, value_enum, default_value_t = Outbox::Stdout, help = "Where messages go")]
    outbox: Outbox,
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u32).range(1..=86_400),
        help = "How long what this worker has claimed is its own: others take over when it is killed"
    )]
    lease: u32,
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u32).range(1..=1_000),
        help = "How often a message that does not arrive is tried before it is given up"
    )]
    attempts: u32,
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

/// Works until standard input ends or the process is told to stop.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    // First of all, so that the worker ends as it should whenever it is told to.
    let (news, told) = mpsc::channel();
    listen_for_signals(&news)?;
    let engine = setup::engine(arguments.dialect.into(), &arguments.limits)?;
    let target = target::open_named(&arguments.target, OpenMode::Create)?;
    if let Some(path) = &arguments.target.fixture {
        terminal.remark(&format!("this works on a throw-away copy of {}", path.display()))?;
    }
    let blocks = Arc::new(Mutex::new(Blocks::read(&arguments.blocks, engine.clone(), terminal)?));
    let store: Arc<dyn Store> = target.store.handle();
    let known = crm::project_ids(&*store)?;
    let projects = match arguments.target.project {
        Some(only) if !known.contains(&only) => return Err(Failure::usage(message!("no-such-project", project = only.to_string()))),
        Some(only) => vec![only],
        None => known,
    };
    let only = if let [only] = projects[..] { Some(only) } else { None };
    let waiting = Waiting { store: Arc::clone(&store), project: arguments.target.project };
    let metrics = Metrics::start(arguments.metrics.as_deref(), waiting)?;
    let settings = Settings { threads: arguments.threads.unwrap_or(Settings::default().threads), ..Settings::default() };
    let workers = Workers::start(engine.clone(), Arc::clone(&store), metrics, settings)
        .map_err(|error| Failure::store(message!("no-worker-threads", error = error.to_string())))?;
    let workers = Arc::new(workers);

    let reader = EventReader { blocks: Arc::clone(&blocks), workers: Arc::clone(&workers), news: news.clone(), project: only };
    std::thread::spawn(move || reader.read());
    let intake = Intake::new(
        intake::IntakeSettings {
            with_inbox: arguments.inbox,
            with_requests: arguments.outbox == Outbox::Stdout,
            lease: TimeDelta::seconds(i64::from(arguments.lease)),
            projects: projects.clone(),
            is_one_project: arguments.target.project.is_some(),
            at_once: settings.threads.saturating_mul(2).max(8),
        },
        (engine, Arc::clone(&store)),
        (blocks, Arc::clone(&workers)),
        news,
    )?;
    let to_intake = intake.sender();
    let taking_in = std::thread::spawn(move || intake.run());

    let delivery = Delivery::new(projects, TimeDelta::seconds(i64::from(arguments.lease)), arguments.attempts);
    let mut desk = Desk::new(arguments, terminal, store, (told, &workers, &to_intake), delivery, only);
    let result = desk.serve();
    // However it ended: what runs is finished, and nothing stays with a process that is gone.
    workers.stop();
    let _ = to_intake.send(Told::Stop);
    let handed_back = taking_in.join().unwrap_or(Ok(()));
    let result = desk.hand_back(result);
    let exit = result?;
    handed_back?;
    Ok(exit)
}

fn listen_for_signals(news: &Sender<News>) -> Result<(), Failure> {
    let signals = Signals::new([SIGTERM, SIGINT]);
    let mut signals = signals.map_err(|error| Failure::store(message!("no-signals", error = error.to_string())))?;
    let news = news.clone();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            // The main thread has ended when nobody listens.
            let _ = news.send(News::Stop);
        }
    });
    Ok(())
}

/// Whether trying again helps.
fn is_passing(error: &StoreError) -> bool {
    matches!(error.kind(), StoreErrorKind::Busy | StoreErrorKind::Conflict | StoreErrorKind::Unavailable)
}

/// Randomness of this process alone, which no other worker has.
fn randomness() -> fastrand::Rng {
    fastrand::Rng::with_seed(RandomState::new().build_hasher().finish())
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
