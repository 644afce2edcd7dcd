//! `calc eval`: a script of the command line.

use crate::commands::run::{Show, run_sources};
use crate::failure::Failure;
use crate::options::RunOptions;
use crate::source::Source;
use crate::terminal::Terminal;

/// Run a script given here, and print its value
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The script
    #[arg(allow_hyphen_values = true)]
    script: String,
    #[command(flatten)]
    options: RunOptions,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let source = Source { name: "script".to_owned(), text: arguments.script.clone(), problem: None, may_be_block: false };
    run_sources(&[source], &arguments.options, None, Show::Value, terminal)
}
