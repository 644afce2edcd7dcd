//! What stands between two tokens: comments and line ends. The lexer skips them, so they are found again in the gaps.

use super::token::Placed;
use crate::diagnostic::Span;

/// A comment between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From its `#` or `/*` to its last character, without spaces at its end.
    pub span: Span,
    /// Whether it is a `#` comment, which ends its line.
    pub ends_line: bool,
    /// How many line ends stand between it and what comes before it.
    pub lines_before: u32,
    /// How many line ends stand between it and what comes after it.
    pub lines_after: u32,
    /// Whether only comments follow it on its line.
    pub is_trailing: bool,
}

impl Comment {
    /// Its text, as it was written.
    pub fn text(self, source: &str) -> &str {
        source.get(self.span.range()).unwrap_or_default()
    }

    /// Whether a line end follows it at once.
    pub fn is_last_of_line(self) -> bool {
        self.ends_line || self.lines_after > 0
    }
}

/// The gap between two tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    pub comments: Vec<Comment>,
    /// How many line ends stand before what follows, counted from the last comment.
    pub lines: u32,
    /// Whether a `\` joins two lines here.
    pub joins: bool,
}

/// Reads the gap from byte `from` to byte `to`.
pub fn gap(source: &str, from: u32, to: u32) -> Gap {
    let bytes = source.as_bytes();
    let mut gap = Gap::default();
    let (mut at, to) = (from as usize, (to as usize).min(bytes.len()));
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    while at < to {
        let (end, ends_line) = match bytes[at] {
            b'\n' => {
                gap.lines += 1;
                at += 1;
                continue;
            }
            b'\\' => {
                // The line end that it joins counts for nothing.
                gap.joins = true;
                at = source[at..to].find('\n').map_or(to, |length| at + length + 1);
                continue;
            }
            b'#' => (source[at..to].find('\n').map_or(to, |length| at + length), true),
            b'/' if bytes.get(at + 1) == Some(&b'*') => (source[at + 2..to].find("*/").map_or(to, |length| at + length + 4), false),
            _ => {
                at += 1;
                continue;
            }
        };
        let length = source[at..end].trim_end().len();
        if let Some(last) = gap.comments.last_mut() {
            last.lines_after = gap.lines;
        }
        let span = Span::new(byte(at), byte(at + length));
        gap.comments.push(Comment { span, ends_line, lines_before: gap.lines, lines_after: 0, is_trailing: false });
        gap.lines = 0;
        at = end;
    }
    if let Some(last) = gap.comments.last_mut() {
        last.lines_after = gap.lines;
    }
    let mut is_trailing = to == bytes.len();
    for comment in gap.comments.iter_mut().rev() {
        is_trailing |= comment.is_last_of_line();
        comment.is_trailing = is_trailing;
    }
    gap
}

/// The column of a byte in its line; a tab goes on to the next multiple of 8, as in the layout pass.
pub fn column(source: &str, byte: u32) -> u32 {
    let before = &source[..byte as usize];
    let line = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
    line.chars().fold(0, |column, character| match character {
        '\t' => (column / 8 + 1) * 8,
        '\u{feff}' => column,
        _ => column + 1,
    })
}

/// All comments of a text that has these tokens.
pub fn comments(source: &str, tokens: &[Placed]) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut end = 0;
    for (start, _, stop) in tokens {
        if *start > end {
            found.extend(gap(source, end, *start).comments);
        }
        end = end.max(*stop);
    }
    found.extend(gap(source, end, u32::try_from(source.len()).unwrap_or(u32::MAX)).comments);
    found
}
