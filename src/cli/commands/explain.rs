//! `calc explain`: what a diagnostic means.

use calc::diagnostic::Code;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Explain a diagnostic, such as E0403
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The code; without it all are listed
    code: Option<String>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let Some(text) = &arguments.code else {
        for code in Code::ALL {
            terminal.line(&format!("{code}  {}", code.title()))?;
        }
        return Ok(0);
    };
    match Code::parse(text) {
        Some(code) => {
            terminal.print(code.page())?;
            Ok(0)
        }
        None => Err(Failure::usage(format!("there is no diagnostic `{text}`: `calc explain` lists all"))),
    }
}
