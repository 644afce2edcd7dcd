//! `calc run --trace`: the statements of a script one by one, played in a conversation that is dropped before the run.

use calc::crm::{BlockId, ClientId, Opening, ProjectId, Session, Store};
use calc::diagnostic::render::line_and_column;
use calc::diagnostic::visible::visible;
use calc::engine::{Conversation, Engine, Event, Outcome, Status};
use calc::surface::{self, WordKind};
use serde_json::{Map, Value as Json, json};

use crate::failure::Failure;
use crate::options::Format;
use crate::report;
use crate::setup;
use crate::source::Source;
use crate::terminal::Terminal;

/// Shows every statement of the calculator, up to the first error.
#[allow(clippy::too_many_arguments, reason = "what a run is made of, and where it is shown")]
pub fn show(
    engine: &Engine,
    store: &dyn Store,
    (project, client): (ProjectId, ClientId),
    event: &Event,
    source: &Source,
    block: Option<BlockId>,
    format: Format,
    terminal: &Terminal,
) -> Result<(), Failure> {
    // What does not compile says so when it is run, and an event that was handled before runs nothing.
    let Ok(compiled) = setup::compile(engine, source, block) else { return Ok(()) };
    let Some(script) = compiled.script() else { return Ok(()) };
    let seed = event.seed.unwrap_or_default();
    if let Some(id) = &event.id {
        let opening = Opening::new(project, client, event.at, fastrand::Rng::with_seed(seed)).for_event(id);
        if Session::open(store, opening).map_err(calc::engine::HostError::from)?.previous_outcome().is_some() {
            return Ok(());
        }
    }
    let mut conversation = Conversation::new(engine, store, project, client, event.at).in_block(block).with_seed(seed);
    if let Some(text) = &event.text
        && conversation.say(text)?.skipped.is_some()
    {
        return Ok(());
    }
    if let Some(text) = &event.callback
        && conversation.callback(text)?.skipped.is_some()
    {
        return Ok(());
    }
    for (start, statement) in statements(engine, script.source()) {
        let reads = reads(&mut conversation, statement)?;
        let outcome = conversation.input(statement)?;
        let (line, column) = line_and_column(script.source(), start);
        let text = match format {
            Format::Text => as_text(line, column, statement, &reads, &outcome),
            Format::Json => {
                let line = json!({
                    "line": line, "column": column, "statement": statement, "reads": reads,
                    "result": outcome.value, "effects": outcome.effects,
                });
                format!("{line}\n")
            }
        };
        terminal.error_raw(&text)?;
        if outcome.status == Status::Error {
            break;
        }
    }
    Ok(())
}

/// The statements with their places, functions first: they are known before anything runs.
fn statements<'s>(engine: &Engine, source: &'s str) -> Vec<(u32, &'s str)> {
    let Some(survey) = engine.survey(source, "") else { return Vec::new() };
    let ends = survey.statements.iter().skip(1).map(|start| *start as usize).chain([source.len()]);
    let mut all: Vec<(u32, &str)> = survey
        .statements
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let text = &source[*start as usize..end];
            let words = surface::words(text);
            let last = words.iter().rev().find(|(span, kind)| *kind != WordKind::Comment && &text[span.range()] != ";");
            (*start, &text[..last.map_or(text.len(), |(span, _)| span.end as usize)])
        })
        .collect();
    all.sort_by_key(|(start, text)| (!text.starts_with("def "), *start));
    all
}

/// The variables that a statement names to read them, with their values before it.
fn reads(conversation: &mut Conversation<'_>, statement: &str) -> Result<Map<String, Json>, Failure> {
    let mut reads = Map::new();
    if statement.starts_with("def ") {
        return Ok(reads);
    }
    let words = surface::words(statement);
    for (index, (span, kind)) in words.iter().enumerate() {
        let next = words.get(index + 1).map(|(span, _)| &statement[span.range()]);
        let name = &statement[span.range()];
        let mut names = Vec::new();
        match kind {
            // A target of an assignment or the name of an argument is not read.
            WordKind::Variable if next != Some("=") && !name.starts_with('#') => names.push(name),
            WordKind::Text => names.extend(placeholders(name)),
            _ => {}
        }
        for name in names {
            if !reads.contains_key(name) {
                let outcome = conversation.input(name)?;
                if outcome.status == Status::Ok {
                    reads.insert(name.to_owned(), outcome.value);
                }
            }
        }
    }
    Ok(reads)
}

/// The names in the placeholders of a text.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices("#{").filter(|(at, _)| !text[..*at].ends_with('\\')) {
        let inside = &text[at + 2..];
        let inside = &inside[..inside.find('}').unwrap_or(inside.len())];
        let words = surface::words(inside);
        names.extend(words.iter().filter(|(_, kind)| *kind == WordKind::Variable).map(|(span, _)| &inside[span.range()]));
    }
    names
}

fn shown(value: &Json) -> String {
    if value.is_null() { "None".to_owned() } else { report::shown(value) }
}

fn as_text(line: usize, column: usize, statement: &str, reads: &Map<String, Json>, outcome: &Outcome) -> String {
    let mut lines = statement.lines();
    let mut text = format!("{line}:{column}  {}", visible(lines.next().unwrap_or_default()));
    if lines.next().is_some() {
        text.push_str(" ...");
    }
    text.push('\n');
    if !reads.is_empty() {
        let reads: Vec<String> = reads.iter().map(|(name, value)| format!("{} = {}", visible(name), shown(value))).collect();
        text.push_str(&format!("    reads {}\n", reads.join(", ")));
    }
    if outcome.value != Json::Null {
        text.push_str(&format!("    result {}\n", report::shown(&outcome.value)));
    }
    for effect in &outcome.effects {
        text.push_str(&format!("    {}\n", visible(&effect.sentence())));
    }
    if let Some(error) = outcome.diagnostics.iter().find(|report| report.is_error()) {
        text.push_str(&format!("    {} {}\n", error.code, visible(&error.message)));
    }
    text
}
