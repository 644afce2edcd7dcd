//! A broken line as the rules of this folder see it, and the repairs they propose. A repair counts only when the line
//! parses with it, so a rule may guess: what it guessed wrongly is never said.

use super::super::builder::TreeBuilder;
use super::super::layout::{Layout, starts_block};
use super::super::lexeme::{Lexed, Lexeme, lex_in};
use super::super::token::Token;
use super::super::{ParseOptions, parse_tokens};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::wording::{Message, message};

/// Longer lines are not written by hand, and every repair is parsed to be checked.
const LONGEST: usize = 4_000;
/// A longer line is not shown whole.
const SHOWN: usize = 100;
/// In longer lines only one mistake is looked for, and in none more than this many more.
const LONGEST_AGAIN: usize = 300;
const MOST_AGAIN: usize = 3;

/// One line of a script that did not parse.
pub(in crate::syntax) struct Line<'a> {
    pub source: &'a str,
    /// Its lexemes, without the ends of lines inside brackets.
    pub lexemes: Vec<Lexed>,
    /// The first byte that a lexical or grammatical error points at.
    pub problem: u32,
    pub options: ParseOptions<'a>,
    pub end: u32,
}

/// What is said of a line, and how it is mended.
pub(in crate::syntax) struct Found {
    pub diagnostic: Diagnostic,
    /// What the line is once it is mended, which says whether a block belongs to it.
    pub mended: Option<Mended>,
}

/// A line that was mended.
#[derive(Clone, Copy)]
pub(in crate::syntax) struct Mended {
    pub first: Token,
    /// Whether it is the head of a block with its body behind the `:`.
    pub has_body: bool,
}

/// How a rule would mend a line.
pub(super) struct Repair {
    pub diagnostic: Diagnostic,
    /// Replacements, in order. None at all: the rule explains the line without mending it.
    pub edits: Vec<(Span, String)>,
    /// Whether the mended line surely means what was meant, so that it may be offered as a fix.
    pub is_certain: bool,
}

#[allow(clippy::unnecessary_wraps, reason = "rules end in one of these, and a rule may find nothing")]
impl Repair {
    /// A repair that is offered as a fix.
    pub fn certain(code: Code, span: Span, message: Message, edits: Vec<(Span, String)>) -> Option<Self> {
        Some(Self { diagnostic: Diagnostic::new(code, span, message), edits, is_certain: true })
    }

    /// A repair that is shown, but not made.
    pub fn likely(code: Code, span: Span, message: Message, edits: Vec<(Span, String)>) -> Option<Self> {
        Some(Self { diagnostic: Diagnostic::new(code, span, message), edits, is_certain: false })
    }

    /// An explanation that no single line can mend.
    pub fn none(code: Code, span: Span, message: Message, help: Message) -> Option<Self> {
        Some(Self { diagnostic: Diagnostic::new(code, span, message).help(help), edits: Vec::new(), is_certain: false })
    }

    /// With a help of its own, in place of the mended line.
    pub fn help(mut self, help: Message) -> Self {
        self.diagnostic = self.diagnostic.help(help);
        self
    }
}

impl<'a> Line<'a> {
    /// The line of these lexemes; `None` for one that is too long to be looked at closely.
    pub fn new(source: &'a str, lexemes: &[Lexed], problem: u32, options: ParseOptions<'a>) -> Option<Self> {
        let lexemes: Vec<Lexed> = lexemes.iter().copied().filter(|lexed| lexed.kind != Lexeme::Newline).collect();
        let (first, last) = (lexemes.first()?, lexemes.last()?);
        let end = last.end;
        (end - first.start <= u32::try_from(LONGEST).unwrap_or(u32::MAX)).then_some(Self { source, lexemes, problem, options, end })
    }

    pub fn start(&self) -> u32 {
        self.lexemes.first().map_or(self.end, |lexed| lexed.start)
    }

    pub fn whole(&self) -> Span {
        Span::new(self.start(), self.end)
    }

    pub fn len(&self) -> usize {
        self.lexemes.len()
    }

    pub fn kind(&self, at: usize) -> Option<Lexeme> {
        self.lexemes.get(at).map(|lexed| lexed.kind)
    }

    pub fn is(&self, at: usize, kind: Lexeme) -> bool {
        self.kind(at) == Some(kind)
    }

    pub fn span(&self, at: usize) -> Span {
        self.lexemes.get(at).map_or(Span::new(self.end, self.end), |lexed| Span::new(lexed.start, lexed.end))
    }

    /// From the first of two lexemes to the second, both included.
    pub fn spans(&self, from: usize, to: usize) -> Span {
        self.span(from).to(self.span(to))
    }

    /// What stands at a lexeme; nothing after the last.
    pub fn text(&self, at: usize) -> &'a str {
        self.at(self.span(at))
    }

    pub fn at(&self, span: Span) -> &'a str {
        self.source.get(span.range()).unwrap_or_default()
    }

    /// What is left of the line from a byte on.
    pub fn rest(&self, from: u32) -> &'a str {
        self.at(Span::new(from.min(self.end), self.end))
    }

    /// Whether two lexemes next to each other have nothing between them.
    pub fn touch(&self, at: usize) -> bool {
        matches!((self.lexemes.get(at), self.lexemes.get(at + 1)), (Some(first), Some(second)) if first.end == second.start)
    }

    /// Whether the lines below are indented deeper than this one.
    pub fn is_followed_by_block(&self) -> bool {
        is_followed_by_block(self.source, self.start(), self.end)
    }

    /// Whether a lexeme is a name that is not called.
    pub fn is_word(&self, at: usize) -> bool {
        self.is(at, Lexeme::Name)
    }

    pub fn is_function(&self, name: &str) -> bool {
        (self.options.is_function)(name) || matches!(name, "if" | "del")
    }

    /// The `=` of an assignment: the first outside brackets, when no block begins before it.
    pub fn equals(&self) -> Option<usize> {
        let mut depth = 0_i32;
        for (at, lexed) in self.lexemes.iter().enumerate() {
            match lexed.kind {
                Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace | Lexeme::HashBrace => depth += 1,
                Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace => depth -= 1,
                Lexeme::Assign if depth == 0 => return Some(at),
                Lexeme::If | Lexeme::Elif | Lexeme::While | Lexeme::For | Lexeme::Def | Lexeme::Colon if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }

    /// The bracket that closes the one at a lexeme.
    pub fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_i32;
        for (at, lexed) in self.lexemes.iter().enumerate().skip(open) {
            match lexed.kind {
                Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace | Lexeme::HashBrace => depth += 1,
                Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The separators of one kind directly inside the bracket at a lexeme.
    pub fn inside(&self, open: usize, separator: Lexeme) -> Vec<usize> {
        let Some(close) = self.closing(open) else { return Vec::new() };
        let mut depth = 0_i32;
        let mut found = Vec::new();
        for at in open + 1..close {
            match self.lexemes[at].kind {
                Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace | Lexeme::HashBrace => depth += 1,
                Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace => depth -= 1,
                kind if kind == separator && depth == 0 => found.push(at),
                _ => {}
            }
        }
        found
    }

    /// The separators of one kind outside of all brackets.
    pub fn separators(&self, separator: Lexeme) -> Vec<usize> {
        let mut depth = 0_i32;
        let mut found = Vec::new();
        for (at, lexed) in self.lexemes.iter().enumerate() {
            match lexed.kind {
                Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace | Lexeme::HashBrace => depth += 1,
                Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace => depth -= 1,
                kind if kind == separator && depth == 0 => found.push(at),
                _ => {}
            }
        }
        found
    }

    /// Whether an operand can end at a lexeme.
    pub fn ends_operand(&self, at: usize) -> bool {
        matches!(
            self.kind(at),
            Some(
                Lexeme::Name
                    | Lexeme::ClientName
                    | Lexeme::ProjectName
                    | Lexeme::Integer
                    | Lexeme::Float
                    | Lexeme::Quoted
                    | Lexeme::DynamicName
                    | Lexeme::True
                    | Lexeme::False
                    | Lexeme::None
                    | Lexeme::CloseParen
                    | Lexeme::CloseBracket
                    | Lexeme::CloseBrace
            )
        )
    }

    /// The first lexeme of the operand that ends at a lexeme: `f(x)`, `d['k']`, `'text'`.
    pub fn operand_start(&self, end: usize) -> Option<usize> {
        let mut at = end;
        loop {
            match self.kind(at)? {
                Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace => {
                    let open = (0..at).rev().find(|open| self.closing(*open) == Some(at))?;
                    let before = open.checked_sub(1).filter(|before| {
                        !self.is(open, Lexeme::OpenBrace)
                            && (self.is_word(*before) || (self.is(open, Lexeme::OpenBracket) && self.ends_operand(*before)))
                    });
                    match before {
                        Some(before) => at = before,
                        None => return Some(open),
                    }
                }
                _ if self.ends_operand(at) => return Some(at),
                _ => return None,
            }
        }
    }

    /// The line with replacements made.
    pub fn mended(&self, edits: &[(Span, String)]) -> String {
        let mut out = String::new();
        let mut at = self.start();
        for (span, replacement) in edits {
            out.push_str(self.at(Span::new(at, span.start)));
            // A word that is taken out takes the space after it along.
            out.push_str(replacement);
            at = span.end;
        }
        out.push_str(self.at(Span::new(at, self.end)));
        out.trim().to_owned()
    }

    /// Whether the line parses with these replacements.
    pub(super) fn parses(&self, edits: &[(Span, String)]) -> bool {
        let mut edits = edits.to_vec();
        edits.sort_by_key(|(span, _)| span.start);
        first_token(&self.mended(&edits), self.options).is_some()
    }

    /// What a repair says, if the line parses with it; `several`: if it parses once other mistakes of it are mended too.
    pub(super) fn check(&self, repair: Repair, several: bool) -> Option<Found> {
        let Repair { mut diagnostic, mut edits, mut is_certain } = repair;
        if edits.is_empty() {
            return Some(Found { diagnostic, mended: None });
        }
        edits.sort_by_key(|(span, _)| span.start);
        let mut mended = self.mended(&edits);
        let first = match first_token(&mended, self.options) {
            Some(first) => first,
            None if !several => return None,
            // Another mistake of the same line: the first is reported, and the line is shown without either.
            None => {
                let (again, is_certain_too) = self.mend_again(&mended)?;
                mended = again;
                is_certain &= is_certain_too;
                edits = vec![(self.whole(), mended.clone())];
                first_token(&mended, self.options)?
            }
        };
        let has_body = starts_block(first) && !mended.ends_with(':');
        if diagnostic.help.is_none() {
            let shown = if mended.chars().count() <= SHOWN && !mended.contains('\n') {
                mended
            } else {
                edits.iter().map(|(_, replacement)| replacement.trim()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" … ")
            };
            diagnostic = diagnostic.help(message!("write-help", code = shown));
        }
        if is_certain && let (Some((from, _)), Some((to, _))) = (edits.first(), edits.last()) {
            let span = from.to(*to);
            let mut replacement = String::new();
            let mut at = span.start;
            for (place, text) in &edits {
                replacement.push_str(self.at(Span::new(at, place.start)));
                replacement.push_str(text);
                at = place.end;
            }
            diagnostic = diagnostic.fix(span, replacement);
        }
        Some(Found { diagnostic, mended: Some(Mended { first, has_body }) })
    }

    /// The line with all of its mistakes mended.
    pub(super) fn mended_whole(&self) -> Option<String> {
        self.mend_again(self.at(self.whole())).map(|(mended, _)| mended)
    }

    /// Mends a second mistake of a line, and perhaps a third; says whether all of it is certain.
    fn mend_again(&self, text: &str) -> Option<(String, bool)> {
        let (mut text, mut is_certain) = (text.to_owned(), true);
        if text.len() > LONGEST_AGAIN {
            return None;
        }
        for _ in 0..MOST_AGAIN {
            let lexemes = lex_in(self.options.dialect, &text, 0, text.len());
            let next = super::next(&Line::new(&text, &lexemes, 0, self.options)?)?;
            is_certain &= next.is_certain;
            text = next.text;
            if next.is_whole {
                return Some((text, is_certain));
            }
        }
        None
    }
}

/// Whether the next line that holds anything is indented deeper than the one from `start` to `end`.
pub(in crate::syntax) fn is_followed_by_block(source: &str, start: u32, end: u32) -> bool {
    let indentation = |line: &str| line.chars().take_while(|character| matches!(character, ' ' | '\t' | '\u{a0}')).count();
    let line_start = source[..start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let own = indentation(&source[line_start..]);
    source[end as usize..].lines().skip(1).find(|line| !line.trim().is_empty()).is_some_and(|line| indentation(line) > own)
}

/// The first token of a line that parses without any error.
pub(super) fn first_token(text: &str, options: ParseOptions<'_>) -> Option<Token> {
    let lexemes = lex_in(options.dialect, text, 0, text.len());
    let mut layout = Layout::new(text, options.nesting, false, lexemes.len());
    let line = layout.line(&lexemes, 0)?;
    if !layout.diagnostics.is_empty() || line.next_lexeme < lexemes.len() {
        return None;
    }
    let end = u32::try_from(text.len()).ok()?;
    layout.tokens.push((end, Token::Newline, end));
    let mut builder = TreeBuilder::new(text, options.nesting);
    parse_tokens(&mut builder, Token::Line, &layout.tokens, end).ok()?;
    if builder.diagnostics.iter().any(Diagnostic::is_error) {
        return None;
    }
    layout.tokens.first().map(|token| token.1)
}
