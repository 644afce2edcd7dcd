//! `calc fix`: applies the fixes that are certain; `--to strict` turns mavibot scripts into strict ones.

use std::path::PathBuf;

use calc::check::fix::{self, Fixed};
use calc::engine::Dialect;
use calc::wording::message;
use clap::ValueEnum;

use crate::bot::{self, Bot};
use crate::failure::Failure;
use crate::files::{self, Rewrite};
use crate::language::say;
use crate::options::DialectName;
use crate::source::Source;
use crate::terminal::Terminal;
use crate::{report, setup};

/// Mend what can be mended for certain; prints what it changes, file by file
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The files or folders; `-` reads standard input and writes standard output
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long, help = "Change nothing, name the files that would change, and exit with 1 if there are any")]
    check: bool,
    #[arg(long, conflicts_with = "check", help = "Show what would change, and change nothing")]
    diff: bool,
    #[arg(long, value_enum, value_name = "DIALECT", conflicts_with = "dialect", help = "Turn mavibot scripts into strict ones")]
    to: Option<FixTarget>,
    #[arg(long, value_enum, default_value_t = DialectName::Strict, help = "How lines that do not parse are taken")]
    dialect: DialectName,
    #[arg(long, value_name = "FILE", help = "A project whose variables count as set and whose ids are checked")]
    fixture: Option<PathBuf>,
    #[arg(long = "limit", value_name = "NAME=N", help = "Set a limit, e.g. nesting=100; may be repeated")]
    limits: Vec<String>,
}

/// What the scripts are to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FixTarget {
    Strict,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let mut bot = Bot::read(&arguments.files, arguments.fixture.as_deref(), terminal)?;
    let engine = setup::engine(arguments.dialect.into(), &arguments.limits)?;
    let texts: Vec<_> = bot.texts().map(|(_, source)| bot::file(source)).collect();
    let fixed = match arguments.to {
        Some(FixTarget::Strict) => {
            let mavibot = setup::engine(Dialect::Mavibot, &arguments.limits)?;
            let strict = setup::engine(Dialect::Strict, &arguments.limits)?;
            fix::to_strict(&mavibot, &strict, &texts, bot.project.as_ref())
        }
        None => fix::fix(&engine, &texts, bot.project.as_ref(), &|_| true),
    };
    let effect = match (arguments.check, arguments.diff) {
        (true, _) => FixEffect::Name,
        (_, true) => FixEffect::Show,
        _ => FixEffect::Write,
    };
    let would_change = apply(&mut bot, fixed, effect, terminal)?;
    let mut exit = u8::from(bot.has_unreadable || (arguments.check && would_change));
    for ((_, source), diagnostics) in bot.files.iter().zip(bot.check(&engine)) {
        let errors: Vec<_> = diagnostics.into_iter().filter(calc::diagnostic::Diagnostic::is_error).collect();
        if !errors.is_empty() {
            exit = 1;
            terminal.error_raw(&report::drawn(&source.name, &source.text, &errors, terminal.error_colors()))?;
            terminal.error_line(&format!("{}: {}", source.name, report::count(&errors)))?;
        }
    }
    Ok(exit)
}

/// What is done with fixed texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixEffect {
    /// They are written, and the bot has them.
    Write,
    /// The difference is shown.
    Show,
    /// The files that would change are named.
    Name,
}

/// Writes the new texts, or says what would change. Says whether there was anything.
pub fn apply(bot: &mut Bot, fixed: Vec<Fixed>, effect: FixEffect, terminal: &Terminal) -> Result<bool, Failure> {
    let mut has_changed = false;
    let files = bot.files.iter_mut().filter(|(_, source)| source.problem.is_none());
    for ((path, source), fixed) in files.zip(fixed) {
        let is_stdin = path.as_os_str() == "-";
        let is_changed = fixed.text != source.text;
        has_changed |= is_changed;
        match effect {
            FixEffect::Show => terminal.print(&Rewrite { name: &source.name, before: &source.text, after: &fixed.text }.diff())?,
            FixEffect::Name if is_changed => terminal.line(&source.name)?,
            FixEffect::Write if is_stdin => terminal.print_raw(&fixed.text)?,
            FixEffect::Write if is_changed => {
                files::write(path, &fixed.text)?;
                terminal.print(&changes(source, &fixed))?;
            }
            FixEffect::Name | FixEffect::Write => {}
        }
        if effect == FixEffect::Write {
            source.text = fixed.text;
        }
    }
    Ok(has_changed)
}

/// What was changed in a file, one line each.
fn changes(source: &Source, fixed: &Fixed) -> String {
    let mut lines: Vec<String> = fixed
        .applied
        .iter()
        .map(|(line, found)| {
            let line = line.to_string();
            say(&message!("fixed-line", name = &source.name, line = line, code = found.code.text(), message = found.message.clone())) + "\n"
        })
        .collect();
    if lines.is_empty() {
        lines.push(say(&message!("file-rewritten", name = &source.name)) + "\n");
    }
    lines.concat()
}
