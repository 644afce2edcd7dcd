//! `calc test`: plays the dialogues of `*.test.calc` files and says what is not as expected.

mod coverage;
mod dialogue;
mod expectation;
mod functions;
mod output;
mod runner;
mod watch;

use std::path::{Path, PathBuf};

use calc::engine::{Builder, Engine};
use clap::ValueEnum;

use crate::failure::Failure;
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
    #[arg(long, value_name = "TIME", help = "The time at the beginning of tests that set none")]
    now: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 0, help = "The seed of random functions in tests that set none")]
    seed: u64,
    #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. steps=1000; may be repeated; times in milliseconds")]
    limits: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    Text,
    Json,
    Junit,
}

/// How a file is called that holds tests.
const SUFFIX: &str = ".test.calc";

/// Whether a file holds tests.
pub fn is_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(SUFFIX))
}

/// The same engine with the functions of test files, for checks that run nothing.
pub fn with_functions(engine: &Engine) -> Engine {
    let builder = Engine::builder().dialect(engine.dialect()).limits(engine.limits().clone()).language(engine.language());
    let shared = dialogue::Shared::idle();
    functions::all(&shared).into_iter().fold(builder, Builder::function).build()
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    if arguments.watch {
        return watch::run(arguments, terminal);
    }
    once(arguments, terminal)
}

/// Runs all tests once; returns the exit code.
fn once(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let files = find(&arguments.paths)?;
    if files.is_empty() {
        return Err(Failure::usage(format!("no test files found: their names end in `{SUFFIX}`")));
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
    Ok(if results.iter().any(|file| !file.diagnostics.is_empty()) {
        2
    } else {
        u8::from(results.iter().flat_map(|file| &file.tests).any(|test| !test.problems.is_empty()))
    })
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
            return Err(Failure::usage(format!("{}: there is no such file", path.display())));
        }
    }
    files.dedup();
    Ok(files)
}

fn search(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error: std::io::Error| Failure::usage(format!("{}: {error}", folder.display()));
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
