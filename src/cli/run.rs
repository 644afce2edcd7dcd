//! `calc run`, `calc eval` and `calc check`.

use std::path::PathBuf;

use calc::diagnostic::Diagnostic;
use calc::engine::{Block, Dialect, Engine, Event, Outcome, Report, Status};
use serde_json::Value as Json;

use crate::arguments::{Format, RunOptions};
use crate::failure::Failure;
use crate::people::{self, say};
use crate::place::{self, Place};
use crate::source::{self, Source};

/// The engine that the options ask for.
fn engine(dialect: Dialect, limits: &[String]) -> Result<Engine, Failure> {
    let mut builder = Engine::builder().dialect(dialect);
    for limit in limits {
        let Some((name, value)) = limit.split_once('=') else {
            return Err(Failure::usage(format!("`{limit}` is no limit: write --limit steps=1000")));
        };
        let Ok(value) = value.trim().replace('_', "").parse::<u64>() else {
            return Err(Failure::usage(format!("the limit `{name}` is a whole number, found `{value}`")));
        };
        builder = builder.limit(name.trim(), value).map_err(Failure::usage)?;
    }
    Ok(builder.build())
}

fn compile(engine: &Engine, source: &Source, id: Option<i64>) -> Result<Block, Vec<Diagnostic>> {
    if let Some(problem) = &source.problem {
        return Err(vec![problem.clone()]);
    }
    if source.may_be_block {
        engine.block_file(id, &source.text)
    } else {
        engine.compile(&source.text).map(|script| Block::of_script(id, script))
    }
}

/// Runs files one after another for one client, up to the first error.
pub fn files(files: &[PathBuf], options: &RunOptions) -> Result<u8, Failure> {
    let sources = files.iter().map(|path| source::read(path)).collect::<Result<Vec<_>, _>>()?;
    run(&sources, options, false)
}

/// Runs a text of the command line.
pub fn eval(script: &str, options: &RunOptions) -> Result<u8, Failure> {
    let source = Source { name: "script".to_owned(), text: script.to_owned(), problem: None, may_be_block: false };
    run(&[source], options, true)
}

fn run(sources: &[Source], options: &RunOptions, is_eval: bool) -> Result<u8, Failure> {
    let engine = engine(options.dialect.into(), &options.limits)?;
    let place = place::open(&options.place, true)?;
    place::announce_demo(&place);
    let project = place.project()?;
    let client = place.client(options.client)?;
    let now = place.now(options.now.as_deref())?;
    let mut exit = 0;
    for (index, source) in sources.iter().enumerate() {
        let event = Event {
            // Of several files each is an event of its own.
            id: options.event.as_ref().map(|id| if index == 0 { id.clone() } else { format!("{id}#{}", index + 1) }),
            text: if index == 0 { options.text.clone() } else { None },
            at: now,
            seed: options.seed,
        };
        let outcome = match compile(&engine, source, options.block) {
            Ok(block) if options.dry_run => engine.dry_run(&*place.store, project, client, &block, &event)?,
            Ok(block) => engine.run(&*place.store, project, client, &block, &event)?,
            Err(diagnostics) => Outcome::not_compiled(&diagnostics, &source.text),
        };
        report(&outcome, source, &place, (project, client), options, is_eval)?;
        if !outcome.is_fine() {
            exit = 1;
        }
        if outcome.status == Status::Error {
            break;
        }
    }
    Ok(exit)
}

fn report(
    outcome: &Outcome,
    source: &Source,
    place: &Place,
    (project, client): (i64, i64),
    options: &RunOptions,
    is_eval: bool,
) -> Result<(), Failure> {
    if options.format == Format::Json {
        let line = serde_json::to_string(outcome).map_err(|error| Failure::store(error.to_string()))?;
        say!("{line}");
        return Ok(());
    }
    let has_news = !outcome.effects.is_empty() || outcome.message.text.is_some() || outcome.status == Status::Error;
    if is_eval && !has_news {
        people::print(&outcome.output);
    } else {
        // Only a run that had to do with the client needs its name.
        if !outcome.effects.is_empty() || outcome.usage.round_trips > 0 {
            let name = calc::crm::client_name(&*place.store, project, client)?;
            say!("client {client} {}", name.unwrap_or_default());
        }
        people::print(&people::outcome(outcome, options.dry_run));
    }
    if is_eval && outcome.status == Status::Ok {
        say!(
            "{}",
            match &outcome.value {
                Json::Null => "None".to_owned(),
                value => calc::value::json::text_form(value),
            }
        );
    }
    let diagnostics: Vec<Diagnostic> = outcome.diagnostics.iter().filter_map(Report::diagnostic).collect();
    eprint!("{}", people::drawn(&source.name, &source.text, &diagnostics, people::colours_on_stderr()));
    Ok(())
}

/// Reports every error and warning of files.
pub fn check(files: &[PathBuf], dialect: Dialect, format: Format, limits: &[String]) -> Result<u8, Failure> {
    let engine = engine(dialect, limits)?;
    let mut exit = 0;
    for path in files {
        let source = source::read(path)?;
        let (mut diagnostics, status) = match compile(&engine, &source, None) {
            Ok(block) => {
                let mut diagnostics = block.warnings().to_vec();
                diagnostics.extend_from_slice(block.unset_words());
                (diagnostics, Status::Ok)
            }
            Err(diagnostics) => {
                exit = 1;
                (diagnostics, Status::Error)
            }
        };
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        if format == Format::Json {
            let reports: Vec<Report> = Report::all(&diagnostics, &source.text);
            say!("{}", serde_json::json!({ "file": source.name, "status": status, "diagnostics": reports }));
        } else if !diagnostics.is_empty() {
            people::print(&people::drawn(&source.name, &source.text, &diagnostics, people::colours_on_stdout()));
            say!("{}: {}", source.name, people::count(&diagnostics));
        }
    }
    Ok(exit)
}
