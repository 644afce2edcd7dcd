//! `calc crm show`: a client with all that belongs to it.

use calc::diagnostic::visible::visible;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value as Json;

use super::dump::read_project;
use crate::failure::Failure;
use crate::options::PlaceOptions;
use crate::terminal::Terminal;

/// Show a client with its deals and tasks
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    place: PlaceOptions,
    #[arg(long, value_name = "ID", help = "The client (default with the demo project: its first)")]
    client: Option<i64>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let (file, place) = read_project(&arguments.place)?;
    place.announce_demo(terminal)?;
    let id = place.client(arguments.client)?;
    let json = file.to_json();
    let all = |key: &str| json[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(client) = all("clients").iter().find(|client| client["id"] == id) else {
        return Err(Failure::usage(format!("there is no client `{id}`")));
    };
    terminal.line(&format!("client {id} {}", text(&client["name"])))?;
    let mut table = new_table();
    for key in [
        "phone",
        "email",
        "operator",
        "tag",
        "unread",
        "blocked",
        "unsubscribed",
        "position",
        "current_deal",
        "last_message_at",
        "variables",
        "draft",
    ] {
        if !is_empty(&client[key]) {
            let label = key.replace('_', " ");
            table.add_row([if key == "last_message_at" { format!("{label} (UTC)") } else { label }, text(&client[key])]);
        }
    }
    terminal.line(&table.to_string())?;
    let stage_name = |stage: &Json| -> String {
        let pipelines = all("pipelines").iter();
        let found = pipelines.flat_map(|pipeline| {
            let stages = pipeline["stages"].as_array().map(Vec::as_slice).unwrap_or_default();
            stages.iter().map(move |stage| (pipeline, stage))
        });
        let found = found.into_iter().find(|(_, other)| other["id"] == *stage);
        found
            .map_or_else(|| "unprocessed".to_owned(), |(pipeline, stage)| format!("{} / {}", text(&stage["name"]), text(&pipeline["name"])))
    };
    let mut table = new_table();
    table.set_header(["deal", "name", "budget", "status", "stage", "variables"]);
    let deals: Vec<&Json> = all("deals").iter().filter(|deal| deal["client"] == id).collect();
    for deal in &deals {
        table.add_row([
            text(&deal["id"]),
            text(&deal["name"]),
            text(&deal["budget"]),
            text(&deal["status"]),
            stage_name(&deal["stage"]),
            text(&deal["variables"]),
        ]);
    }
    print_list("deals", &deals, &table, terminal)?;
    let mut table = new_table();
    table.set_header(["task", "name", "due", "operator", "done"]);
    let tasks: Vec<&Json> = all("tasks").iter().filter(|task| task["client"] == id).collect();
    for task in &tasks {
        let due = format!("{} {}", text(&task["due_date"]), text(&task["due_time"]));
        let done = if task["done"] == true { "yes" } else { "no" };
        table.add_row([text(&task["id"]), text(&task["name"]), due, text(&task["operator"]), done.to_owned()]);
    }
    print_list("tasks", &tasks, &table, terminal)?;
    Ok(0)
}

fn print_list(what: &str, items: &[&Json], table: &Table, terminal: &Terminal) -> Result<(), Failure> {
    if items.is_empty() { terminal.line(&format!("no {what}")) } else { terminal.line(&table.to_string()) }
}

fn new_table() -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(flag) => !flag,
        Json::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn text(value: &Json) -> String {
    match value {
        Json::Object(entries) if entries.is_empty() => String::new(),
        other => visible(&calc::value::json::text_form(other)).into_owned(),
    }
}
