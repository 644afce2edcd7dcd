//! `calc check`: every error and warning of files that belong together as one bot; nothing is run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use calc::check::Selection;
use calc::check::fix;
use calc::diagnostic::{Code, Diagnostic};
use calc::engine::{Engine, Report, Status};
use calc::wording::message;

use super::fix::FixEffect;
use crate::bot::{self, Bot};
use crate::failure::Failure;
use crate::findings::{self, FindingsFormat};
use crate::language::say;
use crate::options::{AbsentName, DialectName};
use crate::terminal::Terminal;
use crate::{files, report, setup};

/// Report every error and warning of scripts; nothing is run
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Arguments {
    /// The files or folders, which are taken as one bot; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
    dialect: DialectName,
    #[arg(long, value_enum, default_value_t = AbsentName::Error, help = "What calls of platform functions that are not here do")]
    absent: AbsentName,
    #[arg(long, value_enum, default_value_t = FindingsFormat::Text, help = "For people or for which program")]
    format: FindingsFormat,
    #[arg(long, value_name = "FILE", help = "A project whose variables count as set and whose ids are checked")]
    fixture: Option<PathBuf>,
    #[arg(long, value_name = "CODES", value_delimiter = ',', help = "Report only warnings with these codes, or codes that begin so (W09)")]
    select: Vec<String>,
    #[arg(long, value_name = "CODES", value_delimiter = ',', help = "Leave out warnings with these codes, or codes that begin so")]
    ignore: Vec<String>,
    #[arg(
        long,
        value_name = "CODES",
        value_delimiter = ',',
        help = "Exit with 1 when there are warnings with these codes, or codes that begin so"
    )]
    deny: Vec<String>,
    #[arg(long, help = "Exit with 1 when there are any warnings")]
    deny_warnings: bool,
    #[arg(long, help = "Apply the fixes that are certain, and report what remains")]
    fix: bool,
    #[arg(long, conflicts_with = "fix", help = "Show what --fix would change, and change nothing")]
    diff: bool,
    #[arg(long, conflicts_with_all = ["fix", "diff"], help = "Check again whenever a file changes, until interrupted")]
    watch: bool,
    #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. nesting=100; may be repeated")]
    limits: Vec<String>,
}

/// How often files are looked at for changes.
const WATCH_EVERY: Duration = Duration::from_millis(200);

/// Checks every file; one that cannot be read is an error of its own, and the others are checked all the same.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let engine = setup::builder(arguments.dialect.into(), &arguments.limits)?.absent(arguments.absent.into()).build();
    let selection = Selection { select: arguments.select.clone(), ignore: arguments.ignore.clone() };
    for code in selection.select.iter().chain(&selection.ignore).chain(&arguments.deny) {
        if !findings::is_code(code) {
            return Err(Failure::usage(message!("no-such-codes", code = code)));
        }
    }
    if !arguments.watch {
        return once(arguments, &engine, &selection, terminal);
    }
    let mut seen = BTreeMap::new();
    loop {
        let times = modification_times(&arguments.files)?;
        if times != seen {
            seen = times;
            once(arguments, &engine, &selection, terminal)?;
            terminal.remark(&say(&message!("watching")))?;
        }
        std::thread::sleep(WATCH_EVERY);
    }
}

fn modification_times(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, Option<SystemTime>>, Failure> {
    let files = files::expand(paths)?.into_iter();
    Ok(files.map(|path| (path.clone(), path.metadata().and_then(|about| about.modified()).ok())).collect())
}

fn once(arguments: &Arguments, engine: &Engine, selection: &Selection, terminal: &Terminal) -> Result<u8, Failure> {
    let mut bot = Bot::read(&arguments.files, arguments.fixture.as_deref(), terminal)?;
    let mut exit = u8::from(bot.has_unreadable);
    if arguments.fix || arguments.diff {
        let texts: Vec<_> = bot.texts().map(|(_, source)| bot::file(source)).collect();
        let fixed = fix::fix(engine, &texts, bot.project.as_ref(), &|found| selection.includes(found));
        super::fix::apply(&mut bot, fixed, if arguments.diff { FixEffect::Show } else { FixEffect::Write }, terminal)?;
    }
    let mut found = bot.check(engine);
    let is_denied = |code: Code| arguments.deny_warnings || arguments.deny.iter().any(|denied| findings::begins_with(code, denied));
    for diagnostics in &mut found {
        diagnostics.retain(|diagnostic| selection.includes(diagnostic));
        let is_bad = |diagnostic: &Diagnostic| {
            diagnostic.is_error() || (is_denied(diagnostic.code) && diagnostic.severity() == calc::diagnostic::Severity::Warning)
        };
        exit = exit.max(u8::from(diagnostics.iter().any(is_bad)));
    }
    // What a fix would do stands there instead of what is wrong.
    if arguments.diff {
        return Ok(exit);
    }
    if arguments.format == FindingsFormat::Sarif {
        let files: Vec<_> = bot.files.iter().map(|(_, source)| source).zip(&found).collect();
        terminal.print_raw(&format!("{}\n", findings::sarif(&files, engine.language())))?;
        return Ok(exit);
    }
    for ((_, source), diagnostics) in bot.files.iter().zip(&found) {
        match arguments.format {
            FindingsFormat::Text if diagnostics.is_empty() => {}
            FindingsFormat::Text | FindingsFormat::Sarif => {
                terminal.print_raw(&report::drawn(&source.name, &source.text, diagnostics, terminal.out_colors()))?;
                terminal.line(&format!("{}: {}", source.name, report::count(diagnostics)))?;
            }
            FindingsFormat::Json => {
                let status = if diagnostics.iter().any(Diagnostic::is_error) { Status::Error } else { Status::Ok };
                let reports: Vec<Report> = Report::all(diagnostics, &source.text, engine.language());
                let line = serde_json::json!({ "file": source.name, "status": status, "diagnostics": reports });
                terminal.print_raw(&format!("{line}\n"))?;
            }
            FindingsFormat::Concise => terminal.print(&findings::concise(source, diagnostics, engine.language()))?,
            FindingsFormat::Github => terminal.print_raw(&findings::github(source, diagnostics, engine.language()))?,
        }
    }
    Ok(exit)
}
