//! The REPL on a terminal: an editor with colours, completion, hints and a history. The only file that knows rustyline.

use std::borrow::Cow;
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use calc::surface::{Completeness, WordKind, completeness, words};
use calc::wording::message;
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::config::{ColorMode, Configurer as _};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::answer::{AfterInput, Repl};
use super::complete::SessionNames;
use crate::failure::Failure;
use crate::language::say;
use crate::terminal::Terminal;

const PROMPT: &str = "calc> ";

/// Reads and answers inputs up to `:quit` or Ctrl-D.
pub fn run(repl: &mut Repl<'_>, terminal: &Terminal) -> Result<(), Failure> {
    let names = Rc::new(RefCell::new(SessionNames::new(repl.engine.registry())));
    repl.offer_names(names.clone());
    let colors = if terminal.out_colors() { ColorMode::Enabled } else { ColorMode::Disabled };
    let config = Config::builder().completion_type(CompletionType::List).auto_add_history(true).color_mode(colors).build();
    let mut editor: Editor<Typing, FileHistory> = Editor::with_config(config).map_err(|error| failed(&error))?;
    editor.set_helper(Some(Typing { names, files: FilenameCompleter::new(), colors: terminal.out_colors() }));
    editor.set_max_history_size(MOST_HISTORY).map_err(|error| failed(&error))?;
    // Without a history on disk there is one in memory.
    let history = history_file();
    if let Some(path) = &history {
        let _ = editor.load_history(path);
    }
    terminal.remark(&say(&message!("repl-welcome")))?;
    loop {
        match editor.readline(PROMPT) {
            Ok(input) => match repl.answer(&input) {
                Ok(AfterInput::Input) => {}
                Ok(AfterInput::Quit) => break,
                Err(failure) => {
                    failure.report(terminal)?;
                    terminal.error_line(&format!("calc: {}", say(&message!("not-committed-is-gone"))))?;
                }
            },
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(failed(&error)),
        }
    }
    if let Some(path) = &history {
        let _ = editor.save_history(path);
    }
    Ok(())
}

/// Inputs kept from session to session.
const MOST_HISTORY: usize = 1_000;

fn failed(error: &ReadlineError) -> Failure {
    Failure::usage(message!("terminal-cannot-be-used", error = error.to_string()))
}

/// Where inputs are kept from session to session, if anything can be written there.
fn history_file() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = folder("XDG_STATE_HOME").filter(|path| path.is_absolute());
    let state = state.or_else(|| Some(folder("HOME")?.join(".local").join("state")))?.join("calc");
    std::fs::create_dir_all(&state).ok()?;
    Some(state.join("history"))
}

/// What helps while typing.
struct Typing {
    names: Rc<RefCell<SessionNames>>,
    files: FilenameCompleter,
    colors: bool,
}

impl Helper for Typing {}

impl Completer for Typing {
    type Candidate = Pair;

    fn complete(&self, line: &str, position: usize, context: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if [":run ", ":block "].iter().any(|command| line.starts_with(command)) {
            return self.files.complete(line, position, context);
        }
        let (start, offers) = self.names.borrow().offers(line, position);
        let pairs = offers.into_iter().map(|offer| Pair { display: offer.display, replacement: offer.replacement });
        Ok((start, pairs.collect()))
    }
}

impl Hinter for Typing {
    type Hint = SignatureHint;

    fn hint(&self, line: &str, position: usize, _: &Context<'_>) -> Option<SignatureHint> {
        if position < line.len() { None } else { self.names.borrow().hint(line).map(SignatureHint) }
    }
}

/// The rest of a signature: shown, never typed.
struct SignatureHint(String);

impl rustyline::hint::Hint for SignatureHint {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Validator for Typing {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let input = context.input();
        let is_open = !input.trim_start().starts_with(':') && completeness(input) != Completeness::Complete;
        Ok(if is_open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Highlighter for Typing {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colors || line.trim_start().starts_with(':') {
            return Cow::Borrowed(line);
        }
        let mut colored = String::with_capacity(line.len() * 2);
        let mut end = 0;
        for (span, kind) in words(line) {
            let range = span.range();
            colored.push_str(&line[end..range.start]);
            end = range.end;
            match color(kind) {
                Some(color) => colored.push_str(&format!("\u{1b}[{color}m{}\u{1b}[0m", &line[range])),
                None => colored.push_str(&line[range]),
            }
        }
        colored.push_str(&line[end..]);
        Cow::Owned(colored)
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.colors { Cow::Owned(format!("\u{1b}[1m{prompt}\u{1b}[0m")) } else { Cow::Borrowed(prompt) }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colors { Cow::Owned(format!("\u{1b}[2m{hint}\u{1b}[0m")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colors && kind != CmdKind::MoveCursor
    }
}

/// The colour of a kind of word, as terminals number them.
fn color(kind: WordKind) -> Option<u8> {
    match kind {
        WordKind::Keyword => Some(35),
        WordKind::Function => Some(34),
        WordKind::Number => Some(36),
        WordKind::Text => Some(32),
        WordKind::Comment => Some(90),
        WordKind::Bad => Some(31),
        WordKind::Variable | WordKind::Symbol => None,
    }
}
