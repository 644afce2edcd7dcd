//! `calc test`: plays the dialogues of `*.test.calc` files and says what is not as expected.

mod coverage;
mod dialogue;
mod expectation;
mod functions;
mod output;
mod runner;
mod start;
mod watch;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use calc::crm::{BlockId, ClientId, ProjectId};
use calc::engine::{Builder, Engine};
use calc::wording::message;
use clap::{Args as _, FromArgMatches as _, ValueEnum};

use crate::failure::{Failure, of_system};
use crate::options::{AbsentName, DialectName};
use crate::terminal::Terminal;

/// Run the tests of `*.test.calc` files
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Test files, and folders to look for them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[arg(long, value_name = "TEXT", help = "Run only tests whose file or name has this text")]
    filter: Option<String>,
    #[arg(long, help = "Run the tests again whenever a file beside them changes")]
    watch: bool,
    #[arg(long, help = "Write the messages that were found into the test files, in place of the expected ones")]
    bless: bool,
    #[arg(long, help = "Show how many lines and branches of the blocks and scripts the tests ran")]
    coverage: bool,
    #[arg(long, value_name = "FILE", help = "Write the same as an lcov file, for editors and CI servers")]
    lcov: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = TestFormat::Text, help = "For people, for programs, or for a CI server")]
    format: TestFormat,
    #[command(flatten)]
    beginning: TestDefaults,
    #[command(flatten)]
    refused: RefusedOptions,
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "The dialect of the blocks and scripts that are run")]
    dialect: DialectName,
    #[arg(long, value_enum, default_value_t = AbsentName::Error, help = "What calls of platform functions that are not here do")]
    absent: AbsentName,
    #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. steps=1000; may be repeated; times in milliseconds")]
    limits: Vec<String>,
}

/// What tests begin with that do not say it themselves.
#[derive(Debug, clap::Args)]
pub struct TestDefaults {
    #[arg(long, value_name = "URL", help = "The database whose project tests begin with copies of (CALC_DB does not count here)")]
    db: Option<String>,
    #[arg(long, value_name = "FILE", help = "The project that tests begin with which load none (default: the demo project)")]
    fixture: Option<PathBuf>,
    #[arg(long, value_name = "ID", help = "The project in the database, or the id that the one of the fixture gets")]
    project: Option<ProjectId>,
    #[arg(long, value_name = "ID", help = "The client at the beginning of tests (default: the project's first)")]
    client: Option<ClientId>,
    #[arg(long, value_name = "ID", help = "The id of blocks that are run without one")]
    block: Option<BlockId>,
    #[arg(long, value_name = "TIME", help = "The time at the beginning of tests that set none, in the time zone of their project")]
    now: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 0, help = "The seed of random functions in tests that set none")]
    seed: u64,
}

/// Options of `calc run` that tests say themselves.
#[derive(Debug, clap::Args)]
struct RefusedOptions {
    #[arg(long, hide = true, allow_hyphen_values = true)]
    text: Option<String>,
    #[arg(long, hide = true, allow_hyphen_values = true)]
    callback: Option<String>,
    #[arg(long, hide = true, allow_hyphen_values = true)]
    event: Option<String>,
    #[arg(long, hide = true)]
    dry_run: bool,
}

impl RefusedOptions {
    /// Why an option that was given means nothing here.
    fn check(&self) -> Result<(), Failure> {
        let why = if self.text.is_some() {
            message!("test-takes-no-text")
        } else if self.callback.is_some() {
            message!("test-takes-no-callback")
        } else if self.event.is_some() {
            message!("test-takes-no-event")
        } else if self.dry_run {
            message!("test-takes-no-dry-run")
        } else {
            return Ok(());
        };
        Err(Failure::usage(why))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    Text,
    Json,
    Junit,
}

pub use output::in_words;
pub use runner::{FileResult, ShownProblem};

/// How a file is called that holds tests.
const SUFFIX: &str = ".test.calc";

/// Whether a file holds tests.
pub fn is_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(SUFFIX))
}

/// The same engine with the functions of test files, for checks that run nothing.
pub fn with_functions(engine: &Engine) -> Engine {
    let builder = Engine::builder().dialect(engine.dialect()).limits(engine.limits().clone()).language(engine.language());
    let shared = dialogue::SharedDialogue::idle();
    functions::all(&shared).into_iter().fold(builder, Builder::function).build()
}

/// Runs the tests of a text that an editor has, or one of them, as the command with these options runs those of its file.
pub fn run_text(path: &Path, text: String, name: Option<&str>, options: &[OsString]) -> Result<FileResult, Failure> {
    let command = Arguments::augment_args(clap::Command::new("test"));
    let line = [OsStr::new("test")].into_iter().chain(options.iter().map(OsString::as_os_str)).chain([OsStr::new("--"), path.as_os_str()]);
    let matches = command.try_get_matches_from(line);
    let arguments = matches
        .and_then(|matches| Arguments::from_arg_matches(&matches))
        .map_err(|error| Failure::usage(message!("bad-options", error = error.to_string())))?;
    Ok(runner::run_text(&runner::Plan::new(&arguments)?, path, text, name))
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    arguments.refused.check()?;
    if arguments.watch {
        return watch::run(arguments, terminal);
    }
    once(arguments, terminal).map(|(code, _)| code)
}

/// Runs all tests once; returns the exit code, and the files that they read.
fn once(arguments: &Arguments, terminal: &Terminal) -> Result<(u8, BTreeSet<PathBuf>), Failure> {
    let files = find(&arguments.paths)?;
    if files.is_empty() {
        return Err(Failure::usage(message!("no-tests-found", suffix = SUFFIX)));
    }
    let plan = runner::Plan::new(arguments)?;
    let mut results = runner::run(&plan, &files);
    if arguments.bless && runner::bless(&results, terminal)? {
        plan.forget_coverage();
        results = runner::run(&plan, &files);
    }
    let coverage = plan.coverage();
    if let (Some(path), Some(coverage)) = (&arguments.lcov, &coverage) {
        coverage.write_lcov(path)?;
    }
    output::write(&results, coverage.as_ref().filter(|_| arguments.coverage), arguments.format, terminal)?;
    let code = if results.iter().any(|file| !file.diagnostics.is_empty()) {
        2
    } else {
        u8::from(results.iter().flat_map(|file| &file.tests).any(|test| !test.problems.is_empty()))
    };
    Ok((code, plan.files_read()))
}

/// The test files of all paths, in order; folders are searched to the bottom.
fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            search(path, &mut files)?;
        } else if path.exists() {
            files.push(path.clone());
        } else {
            return Err(Failure::usage(message!("file-problem", name = path.display().to_string(), problem = message!("no-such-file"))));
        }
    }
    files.dedup();
    Ok(files)
}

fn search(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable =
        |error: std::io::Error| Failure::usage(message!("file-problem", name = folder.display().to_string(), problem = of_system(&error)));
    let mut entries = std::fs::read_dir(folder).map_err(unreadable)?.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        // `calc test .` names files as they are named without it.
        let path = if folder == Path::new(".") { entry.file_name().into() } else { entry.path() };
        // A link to a folder may lead back up.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !entry.file_name().to_string_lossy().starts_with('.') {
            search(&path, files)?;
        } else if is_test(&path) && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
