//! The `calc` command. Everything that prints, reads files, the environment or the clock is in this folder.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bot;
mod clock;
mod commands;
mod cursor;
mod database;
mod failure;
mod files;
mod findings;
mod help;
mod language;
mod lsp;
mod options;
mod report;
mod settings;
mod setup;
mod source;
mod table;
mod target;
mod terminal;
mod usage;

use std::process::ExitCode;

use calc::diagnostic::visible::visible_lines;
use calc::wording::Language;
use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use commands::Arguments;
use failure::Failure;
use settings::Fixture;
use terminal::{ColorChoice, Terminal};

fn main() -> ExitCode {
    let matches = match matches(Fixture::Allowed) {
        Ok((_, Ok(found))) if settings::overrules_fixture(&found) => matches(Fixture::Overruled),
        result => result,
    };
    let (language, matches) = match matches {
        Ok(found) => found,
        Err(failure) => {
            let terminal = Terminal::new(ColorChoice::default(), false);
            return ExitCode::from(if failure.report(&terminal).is_ok() { failure.code } else { Failure::OUTPUT });
        }
    };
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(print_usage(&error, language)),
    };
    let terminal = Terminal::new(arguments.color, arguments.quiet);
    match language::choose(arguments.lang).and_then(|()| arguments.command.run(&terminal)) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => ExitCode::from(if failure.report(&terminal).is_ok() { failure.code } else { Failure::OUTPUT }),
    }
}

/// The command line, with the defaults of `calc.toml`.
fn matches(fixture: Fixture) -> Result<(Language, Result<ArgMatches, clap::Error>), Failure> {
    if is_server() {
        return Ok((language::current(), Arguments::command().try_get_matches()));
    }
    let command = settings::apply(Arguments::command(), fixture)?;
    let lang = command.get_arguments().find(|option| option.get_id() == "lang");
    let language = language::of_help(lang.and_then(|lang| lang.get_default_values().first()?.to_str()));
    Ok((language, help::localized(command, language).try_get_matches()))
}

/// Whether this is the editor server: it reads the file of each folder itself, and goes on when one is wrong.
fn is_server() -> bool {
    let names_server = std::env::args_os().skip(1).any(|argument| argument == "lsp");
    names_server && Arguments::command().try_get_matches().is_ok_and(|matches| matches.subcommand_name() == Some("lsp"))
}

/// Prints help, the version, or what is wrong with the command line; returns the exit code.
fn print_usage(error: &clap::Error, language: Language) -> u8 {
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if error.use_stderr() && !is_help {
        let terminal = Terminal::new(ColorChoice::default(), false);
        let plain = usage::report(error, language, false);
        // What was typed may come from others.
        let text = match visible_lines(&plain) {
            shown if shown == plain => usage::report(error, language, terminal.error_colors()),
            shown => shown.into_owned(),
        };
        return if terminal.error_raw(&text).is_ok() { 2 } else { Failure::OUTPUT };
    }
    match error.print() {
        Err(problem) if problem.kind() != std::io::ErrorKind::BrokenPipe => Failure::OUTPUT,
        _ => u8::try_from(error.exit_code()).unwrap_or(2),
    }
}
