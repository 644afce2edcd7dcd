//! A text in plain quotes that goes over lines: one mistake, which the lexer sees as several open texts.

use super::line::first_token;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ParseOptions;
use crate::syntax::lexeme::{Lexed, Lexeme, lex_in};
use crate::syntax::token::Token;
use crate::wording::message;

/// A text has hardly more lines than this.
const MOST_LINES: usize = 40;
/// So many texts of a script are looked at.
const MOST_TEXTS: usize = 20;

/// Joins the lines of such texts in the lexemes, and gives one report for each.
pub(in crate::syntax) fn join(source: &str, lexemes: &mut Vec<Lexed>, options: ParseOptions<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut from = 0;
    for _ in 0..MOST_TEXTS {
        let Some(at) = (from..lexemes.len()).find(|at| lexemes[*at].kind == Lexeme::BadQuoted) else { break };
        from = at + 1;
        let open = lexemes[at];
        let begins = at.checked_sub(1).is_some_and(|before| begins_value(lexemes[before].kind));
        let is_triple = source[open.start as usize..].starts_with("'''") || source[open.start as usize..].starts_with("\"\"\"");
        if !begins || is_triple {
            continue;
        }
        // A text that ends in a quote of another kind has its end on its line.
        let written = source[open.start as usize + 1..open.end as usize].trim_end_matches([')', ']', '}', ';', ',', ':', ' ', '\r']);
        if written.ends_with(['\'', '"', '’', '”', '»', '“', '‘']) {
            continue;
        }
        let Some(end) = closing(source, open, options) else { continue };
        let span = Span::new(open.start, u32::try_from(end).unwrap_or(u32::MAX));
        let quote = &source[open.start as usize..=open.start as usize];
        let triple = quote.repeat(3);
        let text = format!("{triple}{}{triple}", &source[open.start as usize + 1..end - 1]);
        found.push(
            Diagnostic::new(Code::UnclosedString, Span::new(open.start, open.start + 1), message!("text-over-lines", quotes = quote))
                .help(message!("text-over-lines-help", triple = &triple))
                .fix(span, text),
        );
        lexemes.truncate(at);
        lexemes.push(Lexed { kind: Lexeme::Quoted, start: span.start, end: span.end });
        lexemes.extend(lex_in(options.dialect, source, end, source.len()));
    }
    found
}

/// Whether a value stands behind a lexeme.
fn begins_value(kind: Lexeme) -> bool {
    matches!(
        kind,
        Lexeme::Assign
            | Lexeme::OpenParen
            | Lexeme::OpenBracket
            | Lexeme::OpenBrace
            | Lexeme::Comma
            | Lexeme::Colon
            | Lexeme::Plus
            | Lexeme::Equal
            | Lexeme::NotEqual
            | Lexeme::Newline
    )
}

/// The byte after the quote that closes a text on one of the next lines, when what stands between is no code.
fn closing(source: &str, open: Lexed, options: ParseOptions<'_>) -> Option<usize> {
    let quote = char::from(*source.as_bytes().get(open.start as usize)?);
    let mut start = open.end as usize + source.get(open.end as usize..)?.find('\n')? + 1;
    for _ in 0..MOST_LINES {
        let line = source.get(start..)?.split('\n').next()?;
        if let Some(length) = line.find(quote) {
            let end = start + length + 1;
            // What follows closes what stands before the text, and holds no half of another one.
            let rest = &line[length + 1..];
            let is_end = rest.chars().all(|character| ")]},; +\r".contains(character)) && !is_code(line, options);
            return is_end.then_some(end).filter(|_| length == 0 || !line[..length].ends_with('\\'));
        }
        if is_code(line, options) || start + line.len() >= source.len() {
            return None;
        }
        start += line.len() + 1;
    }
    None
}

/// Whether a line is a statement: more than words.
fn is_code(line: &str, options: ParseOptions<'_>) -> bool {
    let line = line.trim();
    if line.is_empty() {
        return false;
    }
    let word = line.trim_start_matches(|character: char| character == '_' || character == '.' || character.is_alphanumeric());
    let rest = word.trim_start();
    if rest.len() < line.len() && (rest.starts_with('=') || rest.starts_with("+=") || (word.starts_with('(') && !line.starts_with('('))) {
        return true;
    }
    let has_sign = line.contains(['=', '(', '[', '{', ':']);
    first_token(line, options).is_some_and(|first| has_sign || !matches!(first, Token::Name | Token::Integer | Token::Quoted))
}
