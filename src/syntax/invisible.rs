//! Characters that nobody sees and that come with pasted text (language.md L1.1): outside of texts and comments they are
//! spaces of no width or ends of lines, and are reported with what removes them.

use super::lexeme::Lexed;
use super::token::Token;
use super::{Dialect, Parsed, mistakes, trivia};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::wording::{Argument, message};

/// Whether the lexer takes a character for a space of no width.
pub(super) const fn has_no_width(character: char) -> bool {
    matches!(
        character,
        '\u{feff}' | '\u{200b}' | '\u{2060}' | '\u{ad}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Whether a character ends a line.
pub(super) const fn ends_line(character: char) -> bool {
    matches!(character, '\n' | '\u{2028}' | '\u{2029}')
}

/// One report for each run of such characters outside of texts and comments.
pub(super) fn find(source: &str, lexemes: &[Lexed], dialect: Dialect) -> Vec<Diagnostic> {
    let is_odd = |character: char| has_no_width(character) || (ends_line(character) && character != '\n');
    if source.is_ascii() || !source.strip_prefix('\u{feff}').unwrap_or(source).contains(is_odd) {
        return Vec::new();
    }
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut from = 0;
    let ends = lexemes.iter().map(|lexed| (lexed.start, lexed.end)).chain([(byte(source.len()), byte(source.len()))]);
    for (start, end) in ends {
        let comments = trivia::gap(source, from, start).comments;
        let mut at = from;
        // An end of a line is a lexeme, a space of no width is not.
        let is_line_end = source[start as usize..end as usize].chars().all(ends_line);
        for character in source[from as usize..(if is_line_end { end } else { start }) as usize].chars() {
            let span = Span::new(at, at + byte(character.len_utf8()));
            at = span.end;
            let is_mark = span.start == 0 && character == '\u{feff}';
            if !is_odd(character)
                || is_mark
                || comments.iter().any(|comment| comment.span.start <= span.start && span.end <= comment.span.end)
            {
                continue;
            }
            match found.last_mut() {
                Some(last) if last.span.end == span.start && has_no_width(character) => *last = report(source, last.span.to(span), dialect),
                _ => found.push(report(source, span, dialect)),
            }
        }
        from = end;
    }
    found
}

fn report(source: &str, span: Span, dialect: Dialect) -> Diagnostic {
    let character = source[span.range()].chars().next().unwrap_or_default();
    let name = mistakes::invisible(character).map_or_else(|| Argument::from(""), Argument::from);
    let shown = format!("{:04X}", u32::from(character));
    if ends_line(character) {
        return Diagnostic::new(Code::InvisibleCharacter, span, message!("line-ends-invisibly", code = shown, name = name))
            .help(message!("line-ends-invisibly-help"))
            .fix(span, "\n");
    }
    // Behind a name it seems to be part of the name, and strict guesses nothing; in the middle of a name there are two.
    let is_behind_name = source[..span.start as usize].chars().next_back().is_some_and(unicode_ident::is_xid_continue);
    let is_in_name = source[span.end as usize..].chars().next().is_some_and(unicode_ident::is_xid_continue);
    let code = if is_behind_name && (dialect == Dialect::Strict || is_in_name) && !is_behind_number(source, span) {
        Code::UnexpectedCharacter
    } else {
        Code::InvisibleCharacter
    };
    Diagnostic::new(code, span, message!("invisible-character", code = shown, name = name))
        .help(message!("invisible-character-help"))
        .fix(span, "")
}

fn is_behind_number(source: &str, span: Span) -> bool {
    let before = &source[..span.start as usize];
    let word = before.trim_end_matches(unicode_ident::is_xid_continue);
    before[word.len()..].starts_with(|character: char| character.is_ascii_digit())
}

/// Adds the reports to what else is wrong. In text that is kept as it is such a character belongs to the text; an error of
/// the same line follows from the character that is one.
pub(super) fn add(source: &str, mut found: Vec<Diagnostic>, parsed: &mut Parsed) {
    if found.is_empty() {
        return;
    }
    let texts: Vec<(u32, u32)> =
        parsed.tokens.iter().filter(|token| token.1 == Token::RawText).map(|(start, _, end)| (*start, *end)).collect();
    found.retain(|report| !texts.iter().any(|(start, end)| *start <= report.span.start && report.span.end <= *end));
    let line_of = |at: u32| source[..at as usize].matches(ends_line).count();
    let lines: Vec<usize> = found.iter().filter(|report| report.is_error()).map(|report| line_of(report.span.start)).collect();
    if !lines.is_empty() {
        parsed.diagnostics.retain(|said| !said.is_error() || !lines.contains(&line_of(said.span.start)));
    }
    parsed.diagnostics.append(&mut found);
    parsed.diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    super::keep_first(&mut parsed.diagnostics);
}
