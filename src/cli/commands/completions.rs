//! `calc completions` and `calc man`: made from the same definitions as the help.

use calc::wording::message;
use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "calc", &mut script);
    terminal.print_raw(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Print the manual page of `calc`, or of one of its commands, for `man`
#[derive(Debug, clap::Args)]
pub struct ManArguments {
    /// The command and its subcommand, such as `crm load`
    command: Vec<String>,
}

pub fn man(arguments: &ManArguments, terminal: &Terminal) -> Result<u8, Failure> {
    let mut all = super::Arguments::command();
    all.build();
    let mut command = &all;
    for name in &arguments.command {
        let found = command.get_subcommands().find(|subcommand| subcommand.get_name() == name);
        let names = || command.get_subcommands().map(clap::Command::get_name).collect::<Vec<_>>().join(", ");
        command = found.ok_or_else(|| Failure::usage(message!("no-such-command", name = name, known = names())))?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Failure::store(message!("cannot-write", stream = message!("standard-output"), error = error.to_string())))?;
    terminal.print_raw(&String::from_utf8_lossy(&page))?;
    Ok(0)
}
