//! `calc crm`: databases and projects.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use calc::crm::{self, ProjectFile};
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value as Json;

use crate::arguments::{CrmCommand, PlaceOptions};
use crate::failure::Failure;
use crate::people::say;
use crate::{place, source};

pub fn run(command: &CrmCommand) -> Result<u8, Failure> {
    match command {
        CrmCommand::Init { place } => {
            place::open(&with_database(place)?, true)?;
            Ok(0)
        }
        CrmCommand::Load { files, place } => load(files, place),
        CrmCommand::Dump { place } => dump(place),
        CrmCommand::Show { place, client } => show(place, *client),
    }
}

/// Options that must name a database.
fn with_database(options: &PlaceOptions) -> Result<PlaceOptions, Failure> {
    match &options.db {
        Some(db) if !db.is_empty() => Ok(PlaceOptions { db: Some(db.clone()), project: options.project }),
        _ => Err(Failure::usage("name the database with --db, such as --db sqlite://bot.db")),
    }
}

fn load(files: &[PathBuf], options: &PlaceOptions) -> Result<u8, Failure> {
    let options = with_database(options)?;
    let mut projects = Vec::new();
    // All files are read before the first is loaded: a mistake in the last one changes nothing.
    for path in files {
        let source = source::read(path)?;
        if let Some(problem) = source.problem {
            return Err(Failure::usage(format!("{}: {}", source.name, problem.message)));
        }
        let now = std::time::SystemTime::now().into();
        let project = ProjectFile::parse(&source.text, now).map_err(|error| Failure::usage(format!("{}: {error}", source.name)))?;
        projects.push((source.name, project));
    }
    let place = place::open(&options, true)?;
    let is_long = std::io::stderr().is_terminal();
    for (name, project) in &projects {
        if is_long {
            eprint!("loading {name} ...");
        }
        crm::load(&*place.store, project)?;
        if is_long {
            eprintln!(" done");
        }
    }
    Ok(0)
}

fn read_project(options: &PlaceOptions) -> Result<(ProjectFile, place::Place), Failure> {
    let place = place::open(options, false)?;
    let project = place.project()?;
    match crm::dump(&*place.store, project)? {
        Some(file) => Ok((file, place)),
        None => Err(Failure::usage(format!("there is no project `{project}`"))),
    }
}

fn dump(options: &PlaceOptions) -> Result<u8, Failure> {
    let (file, place) = read_project(options)?;
    place::announce_demo(&place);
    say!("{}", file.to_text().trim_end());
    Ok(0)
}

fn show(options: &PlaceOptions, client: Option<i64>) -> Result<u8, Failure> {
    let (file, place) = read_project(options)?;
    place::announce_demo(&place);
    let id = place.client(client)?;
    let json = file.to_json();
    let all = |key: &str| json[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(client) = all("clients").iter().find(|client| client["id"] == id) else {
        return Err(Failure::usage(format!("there is no client `{id}`")));
    };
    say!("client {id} {}", text(&client["name"]));
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
    say!("{table}");
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
    print_list("deals", &deals, &table);
    let mut table = new_table();
    table.set_header(["task", "name", "due", "operator", "done"]);
    let tasks: Vec<&Json> = all("tasks").iter().filter(|task| task["client"] == id).collect();
    for task in &tasks {
        let due = format!("{} {}", text(&task["due_date"]), text(&task["due_time"]));
        let done = if task["done"] == true { "yes" } else { "no" };
        table.add_row([text(&task["id"]), text(&task["name"]), due, text(&task["operator"]), done.to_owned()]);
    }
    print_list("tasks", &tasks, &table);
    Ok(0)
}

fn print_list(what: &str, items: &[&Json], table: &Table) {
    if items.is_empty() {
        say!("no {what}");
    } else {
        say!("{table}");
    }
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
        other => calc::value::json::text_form(other),
    }
}
