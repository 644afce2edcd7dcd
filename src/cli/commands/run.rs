//! `calc run`: scripts and blocks, one after another, for one client.

use std::path::PathBuf;

use calc::crm::{ClientId, ProjectId};
use calc::diagnostic::Diagnostic;
use calc::diagnostic::visible::visible;
use calc::engine::{Event, HostError, MessageStatus, Outcome, Report, Status, Watch};
use calc::wording::message;
use chrono::DateTime;
use serde_json::Value as Json;

use crate::commands::trace;
use crate::database::OpenMode;
use crate::failure::Failure;
use crate::language::say;
use crate::options::{Format, RunOptions};
use crate::report;
use crate::setup;
use crate::source::{self, Source};
use crate::target::{self, Target};
use crate::terminal::Terminal;

/// Run calculators (.calc) or blocks (.block: calculator, a line `---`, message) one after another for one client
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The files; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Show each statement with the values it reads, its result and its effects, on standard error
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    trace: Option<Format>,
    #[command(flatten)]
    options: RunOptions,
}

/// Runs the files up to the first error.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let sources = arguments.files.iter().map(|path| source::read(path)).collect::<Result<Vec<_>, _>>()?;
    run_sources(&sources, &arguments.options, arguments.trace, Show::Changes, terminal)
}

/// What people want to see of a run that ended well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// What it changed.
    Changes,
    /// The value of its last statement, and what it changed outside of its variables.
    Value,
}

pub(super) fn run_sources(
    sources: &[Source],
    options: &RunOptions,
    trace: Option<Format>,
    show: Show,
    terminal: &Terminal,
) -> Result<u8, Failure> {
    // Before anything runs: the last of several files must not fail for what was known at the first.
    event_of(options, sources.len().saturating_sub(1)).check().map_err(HostError::from)?;
    event_of(options, 0).check().map_err(HostError::from)?;
    let engine = setup::builder(options.dialect.into(), &options.limits)?.absent(options.absent.into());
    let engine = if trace.is_some() { engine.watch(Watch::Values) } else { engine }.build();
    let target = target::open(&options.target, OpenMode::Create)?;
    target.announce_demo(terminal)?;
    let project = target.project()?;
    let client = target.client(options.client)?;
    let now = target.now(options.now.as_deref())?;
    let mut exit = 0;
    for (index, source) in sources.iter().enumerate() {
        let event = Event { at: now, seed: options.seed, ..event_of(options, index) };
        let outcome = match setup::compile(&engine, source, options.block) {
            Ok(block) if let Some(format) = trace => {
                let trace = engine.trace(&*target.store, (project, client), &block, &event, !options.dry_run)?;
                trace::show(&trace, source, format, terminal)?;
                trace.outcome
            }
            Ok(block) if options.dry_run => engine.dry_run(&*target.store, project, client, &block, &event)?,
            Ok(block) => engine.run(&*target.store, project, client, &block, &event)?,
            Err(diagnostics) => Outcome::not_compiled(&diagnostics, &source.text, engine.language()),
        };
        if options.format == Format::Json {
            let line = serde_json::to_string(&outcome)
                .map_err(|error| Failure::store(message!("outcome-unwritable", error = error.to_string())))?;
            terminal.print_raw(&format!("{line}\n"))?;
        } else if outcome.repeated {
            show_repeated(&outcome, event.id.as_deref().unwrap_or_default(), terminal)?;
        } else {
            show_outcome(&outcome, source, &target, (project, client), options, show, terminal)?;
        }
        if !outcome.is_fine() {
            exit = 1;
        }
        if outcome.status == Status::Error {
            break;
        }
    }
    Ok(exit)
}

/// The event that a file is run for, but for its time. Of several files each is an event of its own.
fn event_of(options: &RunOptions, index: usize) -> Event {
    let mut event = Event::at(DateTime::UNIX_EPOCH);
    event.id = options.event.as_ref().map(|id| if index == 0 { id.clone() } else { format!("{id}#{}", index + 1) });
    event.text = options.text.clone().filter(|_| index == 0);
    event.callback = options.callback.clone().filter(|_| index == 0);
    event
}

/// Shows what an event that comes again did the first time.
fn show_repeated(outcome: &Outcome, event: &str, terminal: &Terminal) -> Result<(), Failure> {
    let event = visible(event);
    terminal.line(&say(&match outcome.handled_at {
        Some(at) => message!("event-was-handled-at", event = event, at = at.format("%d.%m.%Y %H:%M:%S").to_string()),
        None => message!("event-was-handled", event = event),
    }))?;
    if outcome.message.status != MessageStatus::None {
        terminal.line(&report::message(&outcome.message))?;
    }
    // The places are those of the text that ran then, which need not be the one of today.
    for report in outcome.diagnostics.iter().filter(|report| !terminal.is_quiet() || report.is_error()) {
        terminal.error_raw(&format!("{} {}: {}\n", report.code, report.severity, visible(&report.message)))?;
    }
    Ok(())
}

fn show_outcome(
    outcome: &Outcome,
    source: &Source,
    target: &Target,
    (project, client): (ProjectId, ClientId),
    options: &RunOptions,
    show: Show,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let has_news = !outcome.effects.is_empty() || outcome.message.text.is_some() || outcome.status == Status::Error;
    if show == Show::Value && !has_news {
        terminal.print(&outcome.output)?;
    } else {
        // Only a run that had to do with the client needs its name.
        if !terminal.is_quiet() && (!outcome.effects.is_empty() || outcome.usage.round_trips > 0) {
            let name = calc::crm::client_name(&*target.store, project, client)?.unwrap_or_default();
            terminal.line(&say(&message!("client-line", id = client.to_string(), name = visible(&name))))?;
        }
        terminal.print(&report::outcome(outcome, options.dry_run, terminal.is_quiet()))?;
    }
    if show == Show::Value && outcome.status == Status::Ok {
        let value = match &outcome.value {
            Json::Null => "None".to_owned(),
            value => calc::value::text_form(value),
        };
        terminal.line(&value)?;
    }
    let reports = outcome.diagnostics.iter().filter(|report| !terminal.is_quiet() || report.is_error());
    let diagnostics: Vec<Diagnostic> = reports.filter_map(Report::diagnostic).collect();
    terminal.error_raw(&report::drawn(&source.name, &source.text, &diagnostics, terminal.error_colors()))
}
