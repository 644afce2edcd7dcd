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
    command: CrmCommand,
}

#[derive(Debug, Subcommand)]
enum CrmCommand {
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
        CrmCommand::Init(arguments) => init::run(arguments),
        CrmCommand::Load(arguments) => load::run(arguments, terminal),
        CrmCommand::Dump(arguments) => dump::run(arguments, terminal),
        CrmCommand::Show(arguments) => show::run(arguments, terminal),
        CrmCommand::List(arguments) => list::run(arguments, terminal),
        CrmCommand::Enqueue(arguments) => enqueue::run(arguments, terminal),
        CrmCommand::Diff(arguments) => diff::run(arguments, terminal),
        CrmCommand::Prune(arguments) => prune::run(arguments, terminal),
    }
}
