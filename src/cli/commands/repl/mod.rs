//! `calc repl`: a conversation with a client of the project, line by line: on a terminal with an editor, else by pipe.

mod answer;
mod commands;
mod complete;
mod editor;
mod lines;

use std::io::IsTerminal as _;

use crate::database::OpenMode;
use crate::failure::Failure;
use crate::options::{Format, RunOptions};
use crate::setup;
use crate::target;
use crate::terminal::Terminal;
use answer::{InputClock, Repl, Stopper};
use calc::wording::message;

/// Try out lines, functions and whole dialogues; nothing is kept before `:commit`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    options: RunOptions,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let options = &arguments.options;
    if options.event.is_some() {
        return Err(Failure::usage(message!("repl-takes-no-event")));
    }
    let engine = setup::builder(options.dialect.into(), &options.limits)?.absent(options.absent.into()).build();
    let target = target::open(&options.target, OpenMode::Create)?;
    let project = target.project()?;
    let client = target.client(options.client)?;
    // The demo project is made when it is first needed: without a client of one's own there is nothing to look up.
    if (!target.is_demo || options.client.is_some() || options.target.project.is_some())
        && calc::crm::client_name(&*target.store, project, client)?.is_none()
    {
        return Err(Failure::usage(message!("no-such-client", client = client.to_string())));
    }
    target.announce_demo(terminal)?;
    let clock = InputClock::new(options.now.as_deref().map(|now| target.now(Some(now))).transpose()?);
    let is_interactive = std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && options.format == Format::Text;
    let stopper = Stopper::install(is_interactive)?;
    let mut repl = Repl::new(&engine, &*target.store, (project, client), options, clock, stopper, terminal);
    repl.begin(options.text.as_deref(), options.callback.as_deref())?;
    if is_interactive {
        editor::run(&mut repl, terminal)?;
        return Ok(0);
    }
    lines::run(&mut repl)?;
    Ok(u8::from(repl.has_failed()))
}
