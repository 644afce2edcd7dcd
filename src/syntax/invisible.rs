//! Characters that nobody sees and that come with pasted text (language.md L1.1): outside of texts and comments they are
//! spaces or ends of lines, and are reported with what removes them. What a `#{}` of a text holds is code too.

use super::lexeme::{Lexed, Lexeme, lex_in, scan_placeholder};
use super::token::Token;
use super::{Dialect, Parsed, mistakes, trivia};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::wording::{Argument, message};

/// Whether the lexer takes a character for a space of no width.
pub(super) const fn has_no_width(character: char) -> bool {
    matches!(
        character,
        '\u{feff}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{ad}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{180e}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
    )
}

/// Whether a character is a space that no keyboard types.
pub(super) const fn is_unusual_space(character: char) -> bool {
    matches!(character, '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// Whether a character ends a line.
pub(super) const fn ends_line(character: char) -> bool {
    matches!(character, '\n' | '\u{2028}' | '\u{2029}')
}

/// One report for each run of such characters outside of texts and comments.
pub(super) fn find(source: &str, lexemes: &[Lexed], dialect: Dialect) -> Vec<Diagnostic> {
    if !has_odd(source) {
        return Vec::new();
    }
    let mut finder = Finder { source, dialect, found: Vec::new() };
    finder.code(0, source.len(), lexemes);
    finder.found
}

/// The same for the `#{}` of a message that begins at a byte.
pub(super) fn find_in_message(source: &str, from: usize, dialect: Dialect) -> Vec<Diagnostic> {
    if !has_odd(&source[from..]) {
        return Vec::new();
    }
    let mut finder = Finder { source, dialect, found: Vec::new() };
    finder.text(from, source.len());
    finder.found
}

fn is_odd(character: char) -> bool {
    has_no_width(character) || is_unusual_space(character) || (ends_line(character) && character != '\n')
}

fn has_odd(source: &str) -> bool {
    !source.is_ascii() && source.strip_prefix('\u{feff}').unwrap_or(source).contains(is_odd)
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

struct Finder<'a> {
    source: &'a str,
    dialect: Dialect,
    found: Vec<Diagnostic>,
}

impl Finder<'_> {
    /// Looks between the lexemes of a stretch of code.
    fn code(&mut self, from: usize, to: usize, lexemes: &[Lexed]) {
        let mut from = byte(from);
        let end = Lexed { kind: Lexeme::Newline, start: byte(to), end: byte(to) };
        for lexed in lexemes.iter().chain([&end]) {
            self.gap(from, lexed);
            if matches!(lexed.kind, Lexeme::Quoted | Lexeme::DynamicName) {
                self.text(lexed.start as usize, lexed.end as usize);
            }
            from = lexed.end;
        }
    }

    fn gap(&mut self, from: u32, next: &Lexed) {
        let source = self.source;
        let (start, end) = (next.start, next.end);
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
            match self.found.last_mut() {
                Some(last)
                    if last.span.end == span.start
                        && !ends_line(character)
                        && source[last.span.range()].chars().all(|before| is_unusual_space(before) == is_unusual_space(character)) =>
                {
                    *last = report(source, last.span.to(span), self.dialect);
                }
                _ => self.found.push(report(source, span, self.dialect)),
            }
        }
    }

    /// Looks into the `#{}` of a text.
    fn text(&mut self, from: usize, to: usize) {
        let bytes = self.source.as_bytes();
        let mut at = from;
        while let Some(open) = self.source.get(at..to).and_then(|rest| rest.find("#{")).map(|length| at + length + 2) {
            at = open;
            let is_literal = bytes[..open - 2].last() == Some(&b'\\');
            let Some(end) = scan_placeholder(bytes, open, true).filter(|end| !is_literal && *end <= to) else { continue };
            at = end;
            if self.source[open..end].contains(is_odd) {
                self.code(open, end - 1, &lex_in(self.dialect, self.source, open, end - 1));
            }
        }
    }
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
    if is_unusual_space(character) {
        return Diagnostic::new(Code::UnexpectedCharacter, span, message!("invisible-character", code = shown, name = name))
            .help(message!("unusual-space-help"))
            .fix(span, " ".repeat(source[span.range()].chars().count()));
    }
    // Behind a name it seems to be part of the name, and strict guesses nothing; in the middle of a name there are two.
    let is_behind_name = source[..span.start as usize].chars().next_back().is_some_and(unicode_ident::is_xid_continue);
    let is_in_name = source[span.end as usize..].chars().next().is_some_and(unicode_ident::is_xid_continue);
    let code = if is_behind_name && (is_in_name || (dialect == Dialect::Strict && !is_behind_number(source, span))) {
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

/// Adds the reports to what else is wrong. In text that is kept as it is such a character belongs to the text.
pub(super) fn add(source: &str, mut found: Vec<Diagnostic>, parsed: &mut Parsed) {
    if found.is_empty() {
        return;
    }
    let texts: Vec<(u32, u32)> =
        parsed.tokens.iter().filter(|token| token.1 == Token::RawText).map(|(start, _, end)| (*start, *end)).collect();
    found.retain(|report| !texts.iter().any(|(start, end)| *start <= report.span.start && report.span.end <= *end));
    add_to(source, found, &mut parsed.diagnostics);
}

/// Adds reports to diagnostics; an error of the same line follows from a character that is one.
pub(super) fn add_to(source: &str, mut found: Vec<Diagnostic>, diagnostics: &mut Vec<Diagnostic>) {
    if found.is_empty() {
        return;
    }
    let line_of = |at: u32| source[..at as usize].matches(ends_line).count();
    let lines: Vec<usize> = found.iter().filter(|report| report.is_error()).map(|report| line_of(report.span.start)).collect();
    if !lines.is_empty() {
        diagnostics.retain(|said| !said.is_error() || !lines.contains(&line_of(said.span.start)));
    }
    diagnostics.append(&mut found);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    super::keep_first(diagnostics);
}
