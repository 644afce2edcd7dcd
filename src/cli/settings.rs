//! `calc.toml`: defaults for options, found in the folder or above it. An option wins over the environment, the
//! environment over the file.

use std::path::{Path, PathBuf};

use calc::crm::{ClientId, ProjectId};
use calc::diagnostic::closest;
use clap::Command;
use serde::Deserialize;

use crate::failure::Failure;

/// What a file may set.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    db: Option<String>,
    project: Option<ProjectId>,
    client: Option<ClientId>,
    dialect: Option<String>,
    lang: Option<String>,
    fixture: Option<String>,
    #[serde(default)]
    lint: Lint,
    /// For the host that runs the bot; the command itself needs nothing of it.
    #[serde(default, rename = "host")]
    _host: Option<toml::Table>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lint {
    #[serde(default)]
    select: Vec<String>,
    #[serde(default)]
    ignore: Vec<String>,
    #[serde(default)]
    deny: Vec<String>,
}

const KEYS: &[&str] = &["db", "project", "client", "dialect", "lang", "fixture", "lint", "host", "select", "ignore", "deny", "command"];

/// The command line with the defaults of the file, when there is one.
pub fn apply(command: Command) -> Result<Command, Failure> {
    let Ok(folder) = std::env::current_dir() else { return Ok(command) };
    let Some(path) = folder.ancestors().map(|folder| folder.join("calc.toml")).find(|path| path.is_file()) else { return Ok(command) };
    let settings = read(&path)?;
    let folder = path.parent().unwrap_or(&folder);

    let defaults = [
        ("db", settings.db.map(|url| vec![beside(folder, &url)]).unwrap_or_default()),
        ("fixture", settings.fixture.map(|file| vec![folder.join(file).display().to_string()]).unwrap_or_default()),
        ("project", settings.project.map(|id| vec![id.to_string()]).unwrap_or_default()),
        ("client", settings.client.map(|id| vec![id.to_string()]).unwrap_or_default()),
        ("dialect", settings.dialect.into_iter().collect()),
        ("select", settings.lint.select),
        ("ignore", settings.lint.ignore),
    ];
    // The language of messages is an option of the whole command; CALC_LANG wins over the file.
    let command = match settings.lang.filter(|_| std::env::var_os("CALC_LANG").is_none()) {
        Some(lang) => command.mut_arg("lang", |argument| argument.default_value(lang)),
        None => command,
    };
    let denies = !settings.lint.deny.is_empty();
    Ok(with_defaults(command, &defaults, denies))
}

fn with_defaults(mut command: Command, defaults: &[(&'static str, Vec<String>)], denies: bool) -> Command {
    let ids: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    for (id, values) in defaults {
        // What a file is loaded as, and what is checked of a whole database, is said where it is done.
        let is_for_loading = command.get_name() == "load" && *id != "db";
        // Tests work on the database of the bot only when they are told to.
        let is_for_tests = command.get_name() == "test" && *id == "db";
        if !values.is_empty() && !is_for_loading && !is_for_tests && ids.iter().any(|known| known == id) {
            let values = values.clone();
            command = command.mut_arg(id, |argument| argument.default_values(values));
        }
    }
    if denies && ids.iter().any(|id| id == "deny_warnings") {
        command = command.mut_arg("deny_warnings", |argument| argument.default_value("true"));
    }
    let names: Vec<String> = command.get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |subcommand| with_defaults(subcommand, defaults, denies));
    }
    command
}

/// A database file that the file names is found from the file's folder.
fn beside(folder: &Path, url: &str) -> String {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    match path {
        Some(path) if !path.starts_with(':') => format!("sqlite://{}", folder.join(path).display()),
        None if !url.contains(':') => folder.join(url).display().to_string(),
        _ => url.to_owned(),
    }
}

fn read(path: &PathBuf) -> Result<Settings, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    toml::from_str(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let (line, column) = calc::diagnostic::render::line_and_column(&text, u32::try_from(at).unwrap_or(u32::MAX));
        let message = error.message().replace("i64", "a whole number");
        // `unknown field `x`, expected one of …`
        let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
        let meant = unknown.and_then(|word| closest(word, KEYS.iter().copied()));
        let hint = meant.map(|meant| format!(" - did you mean `{meant}`?")).unwrap_or_default();
        Failure::usage(format!("{name}:{line}:{column}: {message}{hint}"))
    })
}
