//! `calc crm`: databases and projects, one file a command.

mod diff;
mod dump;
mod enqueue;
mod init;
mod list;
mod load;
mod prune;
mod show;

use clap::Subcommand;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Make, load, dump, show, list, compare or clean up CRM databases, or put events into their inbox
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    Load(load::Arguments),
    Dump(dump::Arguments),
    Show(show::Arguments),
    List(list::Arguments),
    Enqueue(enqueue::Arguments),
    Diff(diff::Arguments),
    Prune(prune::Arguments),
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    match &arguments.command {
        Command::Init(arguments) => init::run(arguments),
        Command::Load(arguments) => load::run(arguments, terminal),
        Command::Dump(arguments) => dump::run(arguments, terminal),
        Command::Show(arguments) => show::run(arguments, terminal),
        Command::List(arguments) => list::run(arguments, terminal),
        Command::Enqueue(arguments) => enqueue::run(arguments, terminal),
        Command::Diff(arguments) => diff::run(arguments, terminal),
        Command::Prune(arguments) => prune::run(arguments, terminal),
    }
}
