//! Texts: escapes, and the `#{}` in them (language.md L1.7, L1.8), also in messages and in text the mavibot dialect keeps.

use super::ast::{Expr, ExprId, Part, TableRange};
use super::builder::TreeBuilder;
use super::lexeme::{dynamic_name_end, lex, scan_placeholder};
use super::token::Token;
use super::{layout, mistakes, parse_tokens};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::wording::message;

/// Which text it is, and so what is special in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextKind {
    /// In quotes: all escapes.
    Quoted { lines: bool },
    /// Kept by the mavibot dialect: comments are left out, an open `#{` stays.
    Raw,
    /// A block's message: an open `#{` stays, with a warning.
    Message,
}

impl TreeBuilder<'_> {
    pub fn quoted(&mut self, start: u32, end: u32) -> ExprId {
        let bytes = self.source.as_bytes();
        let (from, to) = (start as usize, end as usize);
        let triple = to - from >= 6 && bytes[from + 1] == bytes[from] && bytes[from + 2] == bytes[from];
        let quotes = if triple { 3 } else { 1 };
        self.fill(Span::new(start, end), from + quotes, to - quotes, TextKind::Quoted { lines: triple })
    }

    pub fn raw_text(&mut self, start: u32, end: u32) -> ExprId {
        let span = Span::new(start, end);
        let text = self.text_at(span);
        let from = start as usize + (text.len() - text.trim_start().len());
        let to = from + text.trim().len();
        self.fill(span, from, to, TextKind::Raw)
    }

    pub fn dynamic_name(&mut self, start: u32, end: u32) -> ExprId {
        let span = Span::new(start, end);
        let (parts, deepest) = self.name_parts(start as usize + 2, end as usize - 1);
        self.push(Expr::DynamicName(parts), span, deepest)
    }

    /// The text from `from` to `to` with its `#{}`, as one expression.
    pub(super) fn fill(&mut self, span: Span, from: usize, to: usize, kind: TextKind) -> ExprId {
        let source = self.source;
        let bytes = source.as_bytes();
        let mut parts: Vec<Part> = Vec::new();
        let mut literal = String::new();
        let mut deepest = 0;
        let (mut at, mut copied) = (from, from);
        while at < to {
            match bytes[at] {
                b'\\' if at + 1 < to => {
                    if let Some((text, length)) = escape(&source[at..to], kind) {
                        literal.push_str(&source[copied..at]);
                        literal.push(text);
                        at += length;
                        copied = at;
                    } else {
                        at += 1;
                    }
                }
                b'#' if at + 1 < to && bytes[at + 1] == b'{' => {
                    let lines = !matches!(kind, TextKind::Quoted { lines: false });
                    let Some(end) = scan_placeholder(bytes, at + 2, lines).filter(|end| *end <= to) else {
                        self.open_placeholder(at, kind);
                        at += 2;
                        continue;
                    };
                    literal.push_str(&source[copied..at]);
                    self.end_literal(&mut literal, &mut parts);
                    let placeholder = self.placeholder(at + 2, end - 1);
                    deepest = deepest.max(self.depth(placeholder));
                    parts.push(Part::Placeholder(placeholder));
                    at = end;
                    copied = end;
                }
                b'/' if kind == TextKind::Raw && bytes.get(at + 1) == Some(&b'*') => {
                    literal.push_str(&source[copied..at]);
                    at = source[at..to].find("*/").map_or(to, |length| at + length + 2);
                    copied = at;
                }
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => {
                    literal.push_str(&source[copied..at]);
                    at += 1;
                    copied = at;
                }
                _ => at += 1,
            }
        }
        literal.push_str(&source[copied.min(to)..to]);
        if kind == TextKind::Raw {
            literal.truncate(literal.trim_end().len());
        }
        if parts.is_empty() {
            let number = self.text(literal);
            return self.push(Expr::Text(number), span, 0);
        }
        self.end_literal(&mut literal, &mut parts);
        let run = self.add_parts(&parts);
        self.push(Expr::Template(run), span, deepest)
    }

    fn end_literal(&mut self, literal: &mut String, parts: &mut Vec<Part>) {
        if !literal.is_empty() {
            let number = self.text(std::mem::take(literal));
            parts.push(Part::Text(number));
        }
    }

    #[allow(clippy::cast_possible_truncation, reason = "no table has more entries than the source has bytes, and that is a u32")]
    fn text(&mut self, text: String) -> u32 {
        self.ast.texts.push(text);
        self.ast.texts.len() as u32 - 1
    }

    #[allow(clippy::cast_possible_truncation, reason = "see text")]
    fn add_parts(&mut self, parts: &[Part]) -> TableRange {
        let run = TableRange { start: self.ast.parts.len() as u32, len: parts.len() as u32 };
        self.ast.parts.extend_from_slice(parts);
        run
    }

    fn open_placeholder(&mut self, at: usize, kind: TextKind) {
        let span = place(at, at + 2);
        let diagnostic = match kind {
            TextKind::Quoted { .. } => {
                Diagnostic::new(Code::UnclosedPlaceholder, span, message!("placeholder-open")).help(message!("placeholder-open-help"))
            }
            TextKind::Message => {
                Diagnostic::new(Code::OpenPlaceholder, span, message!("placeholder-open-sent")).help(message!("placeholder-open-help"))
            }
            TextKind::Raw => return,
        };
        self.diagnostics.push(diagnostic);
    }

    /// What a `#{}` holds: a dynamic name or an expression.
    fn placeholder(&mut self, from: usize, to: usize) -> ExprId {
        if dynamic_name_end(self.source, from) == Some(to + 1) {
            let (parts, deepest) = self.name_parts(from, to);
            return self.push(Expr::DynamicName(parts), place(from, to), deepest);
        }
        let span = place(from, to);
        if self.source[from..to].trim().is_empty() {
            let diagnostic = Diagnostic::new(Code::UnexpectedToken, place(from.saturating_sub(2), to + 1), message!("placeholder-empty"));
            self.diagnostics.push(diagnostic.help(message!("placeholder-empty-help")));
            return self.push(Expr::Error, span, 0);
        }
        let lexemes = lex(self.source, from, to);
        let (tokens, problems) = layout::expression(self.source, &lexemes);
        let clean = problems.is_empty();
        self.diagnostics.extend(problems);
        let heights = self.heights();
        let outer = self.ast.value.take();
        let end = span.end;
        let result = parse_tokens(self, Token::Expression, &tokens, end);
        let inner = std::mem::replace(&mut self.ast.value, outer);
        match (result, inner) {
            (Ok(()), Some(inner)) => inner,
            (result, _) => {
                self.back_to(heights);
                if let (Err(failure), true) = (result, clean) {
                    self.diagnostics.push(mistakes::failure(self.source, &tokens, &failure));
                }
                self.push(Expr::Error, span, 0)
            }
        }
    }

    /// The parts of a dynamic name: what stands in it and its nested `#{}`.
    fn name_parts(&mut self, from: usize, to: usize) -> (TableRange, u16) {
        let source = self.source;
        let bytes = source.as_bytes();
        let mut parts = Vec::new();
        let mut deepest = 0;
        let (mut at, mut copied) = (from, from);
        while at < to {
            if bytes[at] != b'#' {
                at += 1;
                continue;
            }
            if copied < at {
                let number = self.text(source[copied..at].to_owned());
                parts.push(Part::Text(number));
            }
            let end = scan_placeholder(bytes, at + 2, false).unwrap_or(to);
            let placeholder = self.placeholder(at + 2, end - 1);
            deepest = deepest.max(self.depth(placeholder));
            parts.push(Part::Placeholder(placeholder));
            at = end;
            copied = end;
        }
        if copied < to {
            let number = self.text(source[copied..to].to_owned());
            parts.push(Part::Text(number));
        }
        (self.add_parts(&parts), deepest)
    }
}

/// The character that an escape at the start of `text` stands for, and how long it is; `None`: the backslash stays.
fn escape(text: &str, kind: TextKind) -> Option<(char, usize)> {
    let next = *text.as_bytes().get(1)?;
    if !matches!(kind, TextKind::Quoted { .. }) {
        return text[1..].starts_with("#{").then_some(('#', 2));
    }
    Some(match next {
        b'n' => ('\n', 2),
        b't' => ('\t', 2),
        b'r' => ('\r', 2),
        b'\\' => ('\\', 2),
        b'\'' => ('\'', 2),
        b'"' => ('"', 2),
        b'#' => ('#', 2),
        b'u' => {
            let digits = text.get(2..6).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            let unit = u32::from_str_radix(digits, 16).ok()?;
            // Characters beyond the first plane are written as two escapes, as JSON does.
            if let 0xd800..0xdc00 = unit {
                let low = text.get(6..12).filter(|low| low.starts_with("\\u")).and_then(|low| u32::from_str_radix(&low[2..], 16).ok());
                let low = low.filter(|low| (0xdc00..0xe000).contains(low))?;
                return char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)).map(|character| (character, 12));
            }
            (char::from_u32(unit)?, 6)
        }
        _ => return None,
    })
}

fn place(from: usize, to: usize) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(byte(from), byte(to))
}
