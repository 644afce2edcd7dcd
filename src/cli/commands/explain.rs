//! `calc explain`: what a diagnostic means.

use calc::diagnostic::Code;
use calc::wording::message;

use crate::failure::Failure;
use crate::language;
use crate::terminal::Terminal;

/// Explain a diagnostic, such as E0403
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The code; without it all are listed
    code: Option<String>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    terminal.print(&page(arguments.code.as_deref())?)?;
    Ok(0)
}

/// The page of a diagnostic; without a code, the list of all.
pub fn page(code: Option<&str>) -> Result<String, Failure> {
    let language = language::current();
    let Some(text) = code else {
        return Ok(Code::ALL.iter().map(|code| format!("{code}  {}\n", code.title().render(language))).collect());
    };
    // The number alone will do: no two codes have the same one.
    let number = text.trim_start_matches(['e', 'E', 'w', 'W', 'n', 'N']).trim_start_matches('0');
    let code = Code::parse(text).or_else(|| {
        let numbered = |code: &&Code| code.text()[1..].trim_start_matches('0') == number;
        Code::ALL.iter().find(numbered).copied()
    });
    match code {
        Some(code) => Ok(code.page(language).to_owned()),
        None => Err(Failure::usage(message!("explain-unknown", code = text))),
    }
}
