//! `calc.toml`: defaults for options, found in the folder or above it. An option wins over the environment, the
//! environment over the file.

use std::path::{Path, PathBuf};

use calc::crm::{ClientId, ProjectId};
use calc::diagnostic::closest;
use calc::diagnostic::reader::reader_problem;
use calc::wording::{Argument, Message, message};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use serde::Deserialize;
use serde_json::Value as Json;
use toml::Spanned;

use crate::failure::{Failure, of_system};
use crate::findings;

/// What a file may set.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSettings {
    db: Option<String>,
    project: Option<ProjectId>,
    client: Option<ClientId>,
    dialect: Option<Spanned<String>>,
    lang: Option<Spanned<String>>,
    fixture: Option<String>,
    #[serde(default)]
    lint: LintSettings,
    #[serde(default)]
    host: HostSettings,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LintSettings {
    #[serde(default)]
    select: Vec<Spanned<String>>,
    #[serde(default)]
    ignore: Vec<Spanned<String>>,
    #[serde(default)]
    deny: Vec<Spanned<String>>,
}

/// How the program is started that runs the bot. It is for people and for tools that deploy; the command itself starts
/// nothing, but says what is misspelt.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct HostSettings {
    command: Option<Spanned<toml::Value>>,
}

/// Whether the file may name the project to work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixture {
    Allowed,
    /// An option or the environment names a database.
    Overruled,
}

/// The file that holds for a folder: in it or above it.
pub fn nearest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join("calc.toml")).find(|path| path.is_file())
}

/// What a file, or an editor, says of the scripts of a folder.
#[derive(Debug, Default, Deserialize)]
pub struct OfFolder {
    pub dialect: Option<String>,
    pub lang: Option<String>,
    pub fixture: Option<String>,
    #[serde(default)]
    pub lint: Codes,
}

/// Codes of warnings, or what they begin with.
#[derive(Debug, Default, Deserialize)]
pub struct Codes {
    #[serde(default)]
    pub select: Vec<String>,
    #[serde(default)]
    pub ignore: Vec<String>,
    #[serde(default)]
    pub deny: Vec<String>,
}

impl OfFolder {
    /// What a file says.
    pub fn of_file(path: &Path) -> Result<Self, Failure> {
        let settings = read(path)?;
        let LintSettings { select, ignore, deny } = settings.lint;
        Ok(Self {
            dialect: settings.dialect.map(Spanned::into_inner),
            lang: settings.lang.map(Spanned::into_inner),
            fixture: settings.fixture,
            lint: Codes { select: texts(select), ignore: texts(ignore), deny: texts(deny) },
        })
    }

    /// What an editor says: the same names, among others that are for the editor alone. What is null is not set.
    pub fn of_editor(settings: &Json) -> Result<Self, Message> {
        serde_json::from_value(without_null(settings)).map_err(|error| reader_problem(&error))
    }
}

fn without_null(settings: &Json) -> Json {
    match settings {
        Json::Object(object) => {
            object.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), without_null(value))).collect()
        }
        value => value.clone(),
    }
}

/// The command line with the defaults of the file, when there is one.
pub fn apply(command: Command, fixture: Fixture) -> Result<Command, Failure> {
    let Ok(folder) = std::env::current_dir() else { return Ok(command) };
    let Some(path) = nearest(&folder) else { return Ok(command) };
    let settings = read(&path)?;
    let folder = path.parent().unwrap_or(&folder);

    let defaults = [
        ("db", settings.db.map(|url| vec![beside(folder, &url)]).unwrap_or_default()),
        (
            "fixture",
            settings
                .fixture
                .filter(|_| fixture == Fixture::Allowed)
                .map(|file| vec![folder.join(file).display().to_string()])
                .unwrap_or_default(),
        ),
        ("project", settings.project.map(|id| vec![id.to_string()]).unwrap_or_default()),
        ("client", settings.client.map(|id| vec![id.to_string()]).unwrap_or_default()),
        ("dialect", settings.dialect.into_iter().map(Spanned::into_inner).collect()),
        ("select", texts(settings.lint.select)),
        ("ignore", texts(settings.lint.ignore)),
        ("deny", texts(settings.lint.deny)),
    ];
    // The language of messages is an option of the whole command; CALC_LANG wins over the file.
    let command = match settings.lang.filter(|_| std::env::var_os("CALC_LANG").is_none()) {
        Some(lang) => command.mut_arg("lang", |argument| argument.default_value(lang.into_inner())),
        None => command,
    };
    Ok(with_defaults(command, &defaults))
}

/// Whether a database that was named would lose against a fixture of the file.
pub fn overrules_fixture(matches: &ArgMatches) -> bool {
    let source = |id: &str| matches.try_contains_id(id).is_ok().then(|| matches.value_source(id)).flatten();
    let is_named = matches!(source("db"), Some(ValueSource::CommandLine | ValueSource::EnvVariable));
    is_named && source("fixture") == Some(ValueSource::DefaultValue)
        || matches.subcommand().is_some_and(|(_, matches)| overrules_fixture(matches))
}

fn texts(texts: Vec<Spanned<String>>) -> Vec<String> {
    texts.into_iter().map(Spanned::into_inner).collect()
}

fn with_defaults(mut command: Command, defaults: &[(&'static str, Vec<String>)]) -> Command {
    let ids: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    for (id, values) in defaults {
        // What a file is loaded as, and what is checked of a whole database, is said where it is done.
        let is_for_loading = command.get_name() == "load" && *id != "db";
        // Tests work on the database of the bot only when they are told to.
        let is_for_tests = command.get_name() == "test" && *id == "db";
        // What is written for good goes into a database that somebody has named.
        let is_written = ["init", "prune", "enqueue", "worker"].contains(&command.get_name()) && *id == "fixture";
        if !values.is_empty() && !is_for_loading && !is_for_tests && !is_written && ids.iter().any(|known| known == id) {
            let values = values.clone();
            command = command.mut_arg(id, |argument| argument.default_values(values));
        }
    }
    let names: Vec<String> = command.get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |subcommand| with_defaults(subcommand, defaults));
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

fn read(path: &Path) -> Result<FileSettings, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(message!("file-problem", name = name.to_string(), problem = of_system(&error))))?;
    let failure = |at: usize, problem: Message| {
        let (line, column) = calc::diagnostic::render::line_and_column(&text, u32::try_from(at).unwrap_or(u32::MAX));
        let place = format!("{name}:{line}:{column}");
        Failure::usage(message!("file-problem", name = place, problem = problem))
    };
    let settings: FileSettings =
        toml::from_str(&text).map_err(|error| failure(error.span().map_or(0, |span| span.start), reader_problem(&error.message())))?;
    check(&settings).map_err(|(at, problem)| failure(at, problem))?;
    Ok(settings)
}

/// The problem, and the word that was meant.
fn with_hint(problem: Message, meant: Option<&str>) -> Message {
    match meant {
        Some(meant) => message!("settings-did-you-mean", problem = problem, meant = meant),
        None => problem,
    }
}

/// What is wrong with values that are well formed, and where.
fn check(settings: &FileSettings) -> Result<(), (usize, Message)> {
    let one_of = |value: &Option<Spanned<String>>, known: &[&str]| match value {
        Some(value) if !known.contains(&value.get_ref().as_str()) => {
            let problem = message!("settings-expected", known = Argument::any(known.iter().copied()), found = value.get_ref());
            Err((value.span().start, with_hint(problem, closest(value.get_ref(), known.iter().copied()))))
        }
        _ => Ok(()),
    };
    one_of(&settings.dialect, &["strict", "mavibot"])?;
    one_of(&settings.lang, &["en", "ru"])?;
    let lint = &settings.lint;
    for code in lint.select.iter().chain(&lint.ignore).chain(&lint.deny) {
        if !findings::is_code(code.get_ref()) {
            return Err((code.span().start, message!("no-such-codes", code = code.get_ref())));
        }
    }
    let Some(command) = &settings.host.command else { return Ok(()) };
    let is_command = match command.get_ref() {
        toml::Value::String(_) => true,
        toml::Value::Array(words) => words.iter().all(toml::Value::is_str),
        _ => false,
    };
    if is_command { Ok(()) } else { Err((command.span().start, message!("settings-expected-command"))) }
}
