//! `/* calc: allow W0602 */`: comments that silence warnings on their line, for the next statement, or in the whole file.

use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::Parsed;
use crate::syntax::ast::Ast;
use crate::syntax::trivia::{Comment, comments};

/// Codes that are silenced in a range of bytes.
#[derive(Debug)]
struct Allowed {
    /// Codes, or what they begin with.
    codes: Vec<String>,
    span: Span,
}

/// What the comments of a file silence.
#[derive(Debug, Default)]
pub struct Allows(Vec<Allowed>);

impl Allows {
    /// Reads the comments of a calculator.
    pub fn of(parsed: &Parsed, source: &str) -> Self {
        if !source.contains("calc:") {
            return Self::default();
        }
        let first = parsed.tokens.first().map_or(u32::MAX, |token| token.0);
        let statements = Statements::of(&parsed.ast, source);
        let allowed = comments(source, &parsed.tokens).into_iter().filter_map(|comment| {
            let codes = codes(comment.text(source))?;
            let is_own_line = is_on_line_of_its_own(comment, source);
            let span = if is_own_line && comment.span.start < first {
                Span::new(0, u32::MAX)
            } else if is_own_line {
                statements.next_after(comment.span.end)?
            } else {
                statements.on_line_of(comment.span, source)
            };
            Some(Allowed { codes, span })
        });
        Self(allowed.collect())
    }

    /// Whether a diagnostic is silenced. Errors never are.
    pub fn silence(&self, diagnostic: &Diagnostic) -> bool {
        !diagnostic.is_error()
            && self.0.iter().any(|allowed| {
                let at = diagnostic.span.start;
                (allowed.span.start..=allowed.span.end).contains(&at)
                    && allowed.codes.iter().any(|code| diagnostic.code.text().starts_with(code.as_str()))
            })
    }
}

/// The codes that a comment names after `calc: allow`.
fn codes(comment: &str) -> Option<Vec<String>> {
    let text = comment.trim_start_matches(['#', '/', '*']).trim_end_matches(['/', '*']).trim();
    let rest = text.strip_prefix("calc:")?.trim_start().strip_prefix("allow")?;
    let codes = rest.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty()).map(str::to_ascii_uppercase);
    Some(codes.collect())
}

fn is_on_line_of_its_own(comment: Comment, source: &str) -> bool {
    let before = &source[..comment.span.start as usize];
    let line = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
    line.trim_matches(['\u{feff}', ' ', '\t', '\u{a0}']).is_empty() && comment.is_trailing
}

/// From where to where the statements of a script go, their blocks included.
struct Statements(Vec<Span>);

impl Statements {
    fn of(ast: &Ast, source: &str) -> Self {
        let mut spans: Vec<Span> = ast.all_statements().map(|id| ast.whole(id)).collect();
        for span in &mut spans {
            // Up to the end of the line, where a comment may stand.
            let end = span.end as usize;
            let line_end = source[end.min(source.len())..].find('\n').map_or(source.len(), |length| end + length);
            span.end = u32::try_from(line_end).unwrap_or(u32::MAX);
        }
        spans.sort();
        Self(spans)
    }

    /// The first statement after a byte; of several that begin there the one that goes furthest.
    fn next_after(&self, byte: u32) -> Option<Span> {
        let start = self.0.iter().find(|span| span.start >= byte)?.start;
        self.0.iter().filter(|span| span.start == start).max_by_key(|span| span.end).copied()
    }

    /// The line of a comment, with the lines before it of a statement that ends there.
    fn on_line_of(&self, comment: Span, source: &str) -> Span {
        let before = &source[..comment.start as usize];
        let start = u32::try_from(before.rfind('\n').map_or(0, |newline| newline + 1)).unwrap_or(u32::MAX);
        let after = comment.end as usize;
        let end = u32::try_from(source[after..].find('\n').map_or(source.len(), |length| after + length)).unwrap_or(u32::MAX);
        let line = Span::new(start, end);
        // The innermost statement whose last line this is.
        let ends_here = self.0.iter().filter(|span| span.start < start && (start..=end).contains(&span.end)).max_by_key(|span| span.start);
        ends_here.map_or(line, |span| span.to(line))
    }
}
