//! From text to syntax tree: lexer (Logos), layout pass, grammar (LALRPOP). Knows no function of the language: who
//! parses says which names are functions. Whatever the text is, there is a tree and a list of what is wrong.

pub mod ast;
mod builder;
pub mod foreign;
mod invisible;
mod layout;
pub(crate) mod lexeme;
mod mistakes;
pub(crate) mod names;
mod outline;
mod placeholder;
mod plain_code;
mod recover;
pub mod surface;
pub(crate) mod token;
pub(crate) mod trivia;
mod walk;

pub(crate) use layout::{head_end, starts_block};
pub(crate) use mistakes::{is_block_end, placeholder};
pub use names::normal_form;
pub use outline::outline;
pub(crate) use recover::keep_first;

use ast::Ast;
use builder::TreeBuilder;
use lalrpop_util::{ParseError, lalrpop_mod};
use lexeme::{lex, lex_in};
use placeholder::TextKind;
use token::{Placed, Token};

use crate::diagnostic::{Diagnostic, Span};

lalrpop_mod!(
    #[allow(clippy::all, clippy::pedantic, clippy::panic, clippy::unwrap_used, unused, missing_docs, reason = "it is generated")]
    calculator
);

/// How lines that do not parse are taken (language.md section 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// A line that does not parse is an error.
    #[default]
    Strict,
    /// What the vendor keeps as text is kept as text, with a warning.
    Mavibot,
}

/// How to parse.
#[derive(Clone, Copy)]
pub struct ParseOptions<'a> {
    /// Which dialect it is.
    pub dialect: Dialect,
    /// How deep brackets, blocks and operators may be nested.
    pub nesting: u32,
    /// Whether a name is that of a function.
    pub is_function: &'a dyn Fn(&str) -> bool,
    /// Whether a name is that of a built-in variable.
    pub is_variable: &'a dyn Fn(&str) -> bool,
}

/// A tree and all that is wrong with the text it comes from.
#[derive(Debug)]
pub struct Parsed {
    /// The tree; has error nodes where something did not parse.
    pub ast: Ast,
    /// Errors and warnings, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// What the tree was made of: brackets and the ends of lines and blocks stand here, comments in the gaps between.
    pub(crate) tokens: Vec<Placed>,
}

/// Parses a script.
#[must_use]
pub fn parse(source: &str, options: ParseOptions<'_>) -> Parsed {
    let lexemes = lex_in(options.dialect, source, 0, source.len());
    let invisible = invisible::find(source, &lexemes, options.dialect);
    let mut parsed = parse_lexemes(source, lexemes, options);
    invisible::add(source, invisible, &mut parsed);
    parsed
}

fn parse_lexemes(source: &str, lexemes: Vec<lexeme::Lexed>, options: ParseOptions<'_>) -> Parsed {
    let mut layout = layout::Layout::new(source, options.nesting, false, lexemes.len());
    let mut at = 0;
    while let Some(line) = layout.line(&lexemes, at) {
        at = line.next_lexeme;
        layout.end_line(line);
    }
    layout.finish();
    if layout.diagnostics.is_empty() && !recover::has_words_with_bracket(source, &layout.tokens, options) {
        let mut builder = TreeBuilder::new(source, options.nesting).with_capacity(layout.tokens.len());
        let end = u32::try_from(source.len()).unwrap_or(u32::MAX);
        if parse_tokens(&mut builder, Token::Script, &layout.tokens, end).is_ok() && builder.diagnostics.is_empty() {
            builder.ast.deepest_block = layout.deepest;
            return Parsed { ast: builder.ast, diagnostics: Vec::new(), tokens: layout.tokens };
        }
    }
    recover::parse(source, lexemes, options)
}

/// Parses the message of a block: text in which only `#{}` is special. `from` is its first byte in `source`.
#[must_use]
pub fn parse_message(source: &str, from: usize, options: ParseOptions<'_>) -> Parsed {
    let mut builder = TreeBuilder::new(source, options.nesting);
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let value = builder.fill(Span::new(byte(from), byte(source.len())), from, source.len(), TextKind::Message);
    builder.ast.value = Some(value);
    let mut diagnostics = builder.diagnostics;
    recover::explain_placeholders(source, from, options, &mut diagnostics);
    invisible::add_to(source, invisible::find_in_message(source, from, options.dialect), &mut diagnostics);
    Parsed { ast: builder.ast, diagnostics, tokens: Vec::new() }
}

/// Whether a line that is exactly `---`, outside texts and comments, ends a calculator: where it is.
#[must_use]
pub fn find_separator(source: &str) -> Option<Span> {
    let is_separator = |start: usize| {
        let rest = &source[start..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        (line.trim_end_matches('\r') == "---").then_some(line.len())
    };
    if !source.contains("---") {
        return None;
    }
    let mut line_start = Some(0);
    for lexed in lex(source, 0, source.len()) {
        if line_start == Some(lexed.start as usize)
            && let Some(length) = is_separator(lexed.start as usize)
        {
            return Some(Span::new(lexed.start, lexed.start + u32::try_from(length).unwrap_or(0)));
        }
        line_start = (lexed.kind == lexeme::Lexeme::Newline).then_some(lexed.end as usize);
    }
    None
}

/// A token the grammar did not expect, and what it did.
#[derive(Debug)]
struct UnexpectedToken {
    /// Its number among the tokens; their count at the end.
    at: usize,
    expected: Vec<String>,
}

/// Runs the grammar over tokens; what they make is in the builder.
fn parse_tokens(builder: &mut TreeBuilder<'_>, mode: Token, tokens: &[Placed], end: u32) -> Result<(), UnexpectedToken> {
    let start = tokens.first().map_or(end, |token| token.0);
    let stream = std::iter::once((start, mode, start)).chain(tokens.iter().copied());
    let error = match calculator::StartParser::new().parse(builder, stream.map(Ok::<Placed, ()>)) {
        Ok(()) => return Ok(()),
        Err(error) => error,
    };
    Err(match error {
        ParseError::UnrecognizedToken { token, expected } => UnexpectedToken { at: index_of(tokens, token), expected },
        ParseError::ExtraToken { token } => UnexpectedToken { at: index_of(tokens, token), expected: Vec::new() },
        ParseError::UnrecognizedEof { expected, .. } => UnexpectedToken { at: tokens.len(), expected },
        ParseError::InvalidToken { .. } | ParseError::User { .. } => UnexpectedToken { at: 0, expected: Vec::new() },
    })
}

fn index_of(tokens: &[Placed], token: Placed) -> usize {
    let from = tokens.partition_point(|other| other.0 < token.0);
    tokens[from..].iter().position(|other| *other == token).map_or(from.min(tokens.len()), |index| from + index)
}
