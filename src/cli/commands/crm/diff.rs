//! `calc crm diff`: whether two projects are the same, and what differs.

use std::path::Path;

use calc::crm;
use calc::crm::ProjectId;
use calc::wording::message;
use serde_json::Value as Json;

use crate::database::{self, OpenMode};
use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::{source, target};

/// Compare two projects: exit code 0 when they are equal, 1 when not
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A dump, the URL of a database, or `-` for a dump on standard input
    a: String,
    /// The other one
    b: String,
    #[arg(long, value_name = "ID", help = "The project in a database (default: the only one there is)")]
    project: Option<ProjectId>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    if arguments.a == "-" && arguments.b == "-" {
        return Err(Failure::usage(message!("two-standard-inputs")));
    }
    let a = read(&arguments.a, arguments.project)?;
    let b = read(&arguments.b, arguments.project)?;
    let mut lines = Vec::new();
    compare("", Some(&a), Some(&b), &mut lines);
    for line in &lines {
        terminal.line(line)?;
    }
    Ok(u8::from(!lines.is_empty()))
}

/// The project of a dump or a database, with every key.
fn read(name: &str, project: Option<ProjectId>) -> Result<Json, Failure> {
    let is_database = name.starts_with("sqlite:") || name.starts_with("postgres://") || name.starts_with("postgresql://");
    if !is_database {
        let source = source::read(Path::new(name))?;
        if let Some(problem) = source.problem {
            return Err(Failure::usage(message!("file-problem", name = source.name, problem = problem.message)));
        }
        return Ok(target::read_project_file(&source.name, &source.text, None)?.to_json());
    }
    let store = database::open(name, OpenMode::Read)?;
    let project = target::project_of(&*store, project)?;
    let file = crm::dump(&*store, project)?
        .ok_or_else(|| Failure::usage(message!("no-such-project-in", project = project.to_string(), name = name)))?;
    Ok(file.to_json())
}

/// Notes what differs, a line each: `- place: value` only in the first, `+ place: value` only in the second.
fn compare(place: &str, a: Option<&Json>, b: Option<&Json>, lines: &mut Vec<String>) {
    match (a, b) {
        (Some(a), Some(b)) if a == b => {}
        (Some(Json::Object(a)), Some(Json::Object(b))) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let inside = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                compare(&inside, a.get(key), b.get(key), lines);
            }
        }
        (Some(Json::Array(a)), Some(Json::Array(b))) => {
            for (name, a, b) in pairs(a, b) {
                compare(&format!("{place}[{name}]"), a, b, lines);
            }
        }
        (a, b) => {
            let line = |sign: char, value: &Json| calc::diagnostic::visible::visible(&format!("{sign} {place}: {value}")).into_owned();
            lines.extend(a.map(|value| line('-', value)));
            lines.extend(b.map(|value| line('+', value)));
        }
    }
}

/// What belongs together in two lists: by id or email where items have one, else by place.
fn pairs<'j>(a: &'j [Json], b: &'j [Json]) -> Vec<(String, Option<&'j Json>, Option<&'j Json>)> {
    let name = |item: &Json, index: usize| match (&item["id"], &item["email"]) {
        (Json::Null, Json::Null) => index.to_string(),
        (Json::Null, email) => email.to_string(),
        (id, _) => format!("id {id}"),
    };
    let mut pairs: indexmap::IndexMap<String, (Option<&Json>, Option<&Json>)> = indexmap::IndexMap::new();
    for (index, item) in a.iter().enumerate() {
        pairs.entry(name(item, index)).or_default().0 = Some(item);
    }
    for (index, item) in b.iter().enumerate() {
        pairs.entry(name(item, index)).or_default().1 = Some(item);
    }
    pairs.into_iter().map(|(name, (a, b))| (name, a, b)).collect()
}
