//! `calc crm show`: a client with all that belongs to it.

use calc::crm::model::{Direction, HistoryEntry, Project};
use calc::crm::{self, ClientId, Effect, OperatorId, ProjectFile, StageId};
use calc::diagnostic::visible::visible;
use calc::wording::{Message, message};
use chrono_tz::Tz;
use comfy_table::Table;
use serde_json::{Map, Value as Json, json};

use crate::database::OpenMode;
use crate::failure::Failure;
use crate::language::say;
use crate::options::{Format, TargetOptions};
use crate::table::{cell, local, table, title};
use crate::target;
use crate::terminal::Terminal;

/// Show a client with everything that belongs to it; times are the project's local time
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    target: TargetOptions,
    #[arg(long, value_name = "ID", help = "The client (default with the demo project: its first)")]
    client: Option<ClientId>,
    #[arg(long, value_enum, default_value_t = Format::Text, help = "For people or for programs")]
    format: Format,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let target = target::open(&arguments.target, OpenMode::Read)?;
    let project = target.project()?;
    let client = target.client(arguments.client)?;
    target.announce_demo(terminal)?;
    let file = crm::dump_client(&*target.store, project, client)?
        .ok_or_else(|| Failure::usage(message!("no-such-project", project = project.to_string())))?;
    if file.clients.is_empty() {
        return Err(Failure::usage(message!("no-such-client", client = client.to_string())));
    }
    if arguments.format == Format::Json {
        let json = file.to_json();
        let line = json!({ "client": json["clients"][0], "deals": json["deals"], "tasks": json["tasks"] });
        terminal.print_raw(&format!("{line}\n"))?;
        return Ok(0);
    }
    for section in sections(&file) {
        terminal.print(&section)?;
    }
    Ok(0)
}

/// What there is of the client, each section with its title.
fn sections(file: &ProjectFile) -> Vec<String> {
    let zone = file.project.time_zone;
    let mut sections = Vec::new();
    for entry in &file.clients {
        let client = &entry.client;
        let row = file.client_row(client);
        sections.push(format!(
            "{}\n{}\n",
            say(&message!("client-line", id = client.id.to_string(), name = visible(&client.name))),
            facts(&row, &file.project)
        ));
        add(&mut sections, &message!("section-variables"), &variables(&entry.variables), entry.variables.len());
        add(&mut sections, &message!("section-draft"), &variables(&entry.draft), entry.draft.len());
        sections.push(deals(file));
        sections.push(tasks(file));
        let mut notes = table(&["at", "author", "note"]);
        for note in &entry.notes {
            notes.add_row([local(note.at, zone), text(&note.author), text(&note.text)]);
        }
        add(&mut sections, &message!("section-notes"), &notes, entry.notes.len());
        let mut visits = table(&["block", "first_at", "last_at"]);
        for visit in &entry.visits {
            visits.add_row([visit.block.to_string(), local(visit.first_at, zone), local(visit.last_at, zone)]);
        }
        add(&mut sections, &message!("section-visits"), &visits, entry.visits.len());
        let mut scheduled = table(&["due", "block", "text", "do_not_cancel"]);
        for message in &entry.scheduled {
            let block = message.block.map(|block| block.to_string()).unwrap_or_default();
            let flag = cell(&Json::Bool(message.do_not_cancel));
            scheduled.add_row([local(message.due_at, zone), block, text(message.text.as_deref().unwrap_or_default()), flag]);
        }
        add(&mut sections, &message!("section-scheduled"), &scheduled, entry.scheduled.len());
        let waiting: Vec<&HistoryEntry> = entry.history.iter().filter(|entry| is_waiting(entry)).collect();
        add(&mut sections, &message!("section-outbox"), &history(&waiting, zone), waiting.len());
        let all: Vec<&HistoryEntry> = entry.history.iter().collect();
        add(&mut sections, &message!("section-history"), &history(&all, zone), all.len());
        let mut assignments = table(&["at", "operator"]);
        for assignment in &entry.assignments {
            assignments.add_row([local(assignment.at, zone), operator(file, Some(assignment.operator))]);
        }
        add(&mut sections, &message!("section-assignments"), &assignments, entry.assignments.len());
    }
    sections
}

fn add(sections: &mut Vec<String>, title: &Message, table: &Table, rows: usize) {
    if rows > 0 {
        sections.push(format!("{}\n{table}\n", say(title)));
    }
}

/// What is known of the client itself; what is not known is left out.
fn facts(row: &Json, project: &Project) -> Table {
    let mut table = table(&[]);
    for (key, value) in row.as_object().into_iter().flatten() {
        let is_time = ["created_at", "last_message_at", "queued_until", "paused_until"].contains(&key.as_str());
        let shown = match value {
            Json::Null | Json::Bool(false) => continue,
            Json::String(time) if is_time => local_of(time, project.time_zone),
            value => cell(value),
        };
        if !["id", "name", "current_deal_chosen"].contains(&key.as_str()) {
            table.add_row([title(key), shown]);
        }
    }
    table
}

/// A time of a project file as the project's clocks show it.
fn local_of(text: &str, zone: Tz) -> String {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f");
    time.map_or_else(|_| text.to_owned(), |time| local(time.and_utc(), zone))
}

fn variables(variables: &Map<String, Json>) -> Table {
    let mut table = table(&["name", "value"]);
    for (name, value) in variables {
        table.add_row([text(name), cell(value)]);
    }
    table
}

fn deals(file: &ProjectFile) -> String {
    if file.deals.is_empty() {
        return say(&message!("no-deals")) + "\n";
    }
    let mut deals = table(&["deal", "name", "budget", "status", "stage", "operator", "created"]);
    let mut all_variables = table(&["deal", "name", "value"]);
    let mut has_variables = false;
    for entry in &file.deals {
        let deal = &entry.deal;
        deals.add_row([
            deal.id.to_string(),
            text(&deal.name),
            deal.budget.to_string(),
            deal.status.word().to_owned(),
            stage(file, deal.stage),
            operator(file, deal.operator),
            local(deal.created_at, file.project.time_zone),
        ]);
        for (name, value) in &entry.variables {
            has_variables = true;
            all_variables.add_row([deal.id.to_string(), text(name), cell(value)]);
        }
    }
    let variables = if has_variables { format!("{}\n{all_variables}\n", say(&message!("section-deal-variables"))) } else { String::new() };
    format!("{}\n{deals}\n{variables}", say(&message!("section-deals")))
}

fn tasks(file: &ProjectFile) -> String {
    if file.tasks.is_empty() {
        return say(&message!("no-tasks")) + "\n";
    }
    let mut tasks = table(&["task", "name", "due", "operator", "done", "description"]);
    for task in &file.tasks {
        let row = file.task_row(task);
        let due = format!("{} {}", cell(&row["due_date"]), cell(&row["due_time"]));
        tasks.add_row([
            task.id.to_string(),
            text(&task.name),
            due,
            operator(file, task.operator),
            cell(&row["done"]),
            text(&task.description),
        ]);
    }
    format!("{}\n{tasks}\n", say(&message!("section-tasks")))
}

fn history(entries: &[&HistoryEntry], zone: Tz) -> Table {
    let mut table = table(&["at", "author", "text", "block", "state"]);
    for entry in entries {
        let block = entry.block.map(|block| block.to_string()).unwrap_or_default();
        let state = match (&entry.error, entry.direction) {
            (Some(error), _) => text(&say(&Effect::refusal(error))),
            (None, Direction::In) => String::new(),
            (None, Direction::Out) if entry.delivered => say(&message!("message-delivered")),
            (None, Direction::Out) => say(&message!("message-waits")),
        };
        table.add_row([local(entry.at, zone), text(&entry.author), text(&entry.text), block, state]);
    }
    table
}

/// Whether a message is still in the outbox.
fn is_waiting(entry: &HistoryEntry) -> bool {
    entry.direction == Direction::Out && !entry.delivered && entry.error.is_none()
}

/// The stage and its pipeline in words.
pub(super) fn stage(file: &ProjectFile, stage: Option<StageId>) -> String {
    let found = file.pipelines.iter().find_map(|pipeline| {
        let found = pipeline.stages.iter().find(|other| Some(other.id) == stage)?;
        Some(format!("{} / {}", visible(&found.name), visible(&pipeline.name)))
    });
    found.unwrap_or_else(|| say(&message!("unprocessed")))
}

/// The email of an operator.
pub(super) fn operator(file: &ProjectFile, id: Option<OperatorId>) -> String {
    let found = file.operators.iter().find(|entry| Some(entry.operator.id) == id);
    found.map(|entry| text(&entry.operator.email)).unwrap_or_default()
}

fn text(text: &str) -> String {
    visible(text).into_owned()
}
