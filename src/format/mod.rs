//! Lays a calculator out in the one standard way (`calc fmt`): spaces, line ends, indentation, quotes and the spelling of
//! operators. Works on tokens, keeps every comment, and changes nothing of what the script means.

mod document;
mod quotes;
mod statement;

use crate::syntax::trivia::{Comment, column, gap};
use document::{INDENT, Piece};
use statement::{is_head, pieces};

use crate::diagnostic::Diagnostic;
use crate::syntax::token::{Placed, Token};
use crate::syntax::{self, head_end};

/// Why a script was not laid out.
#[derive(Debug)]
pub enum Unformatted {
    /// It does not parse.
    Broken(Vec<Diagnostic>),
    /// The result would mean something else, which is a mistake of the formatter.
    Changed,
}

/// Formats a calculator.
///
/// # Errors
/// Why it must stay as it is.
pub fn format(source: &str, options: syntax::ParseOptions<'_>) -> Result<String, Unformatted> {
    let parsed = syntax::parse(source, options);
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Unformatted::Broken(parsed.diagnostics));
    }
    let text = lay_out(source, &parsed.tokens);
    let again = syntax::parse(&text, options);
    let is_same =
        !again.diagnostics.iter().any(Diagnostic::is_error) && syntax::outline(&parsed.ast, source) == syntax::outline(&again.ast, &text);
    if is_same { Ok(text) } else { Err(Unformatted::Changed) }
}

fn lay_out(source: &str, tokens: &[Placed]) -> String {
    let mut writer = Writer::new(source);
    let mut at = 0;
    while at < tokens.len() {
        // Blocks begin and end between lines.
        let mut depth = writer.columns.len();
        let before = depth;
        while let Some((_, kind @ (Token::Indent | Token::Dedent), start)) = tokens.get(at).copied() {
            if kind == Token::Indent {
                writer.columns.truncate(depth);
                writer.columns.push(column(source, start));
                depth += 1;
                writer.begins_block = true;
            } else {
                depth -= 1;
            }
            at += 1;
        }
        let end = tokens[at..].iter().position(|token| token.1 == Token::Newline).map_or(tokens.len(), |length| at + length);
        if at < end {
            writer.depth = depth;
            writer.line(tokens, at, end);
            writer.columns.truncate(depth);
        }
        debug_assert!(before > 0, "the outermost block never ends");
        at = end + 1;
    }
    writer.finish()
}

struct Writer<'s> {
    source: &'s str,
    newline: &'static str,
    out: String,
    /// The byte after the last token that was written.
    last_end: u32,
    /// In the source, the column of every block that the last line stands in, outermost first.
    columns: Vec<u32>,
    /// How many blocks the line that is written stands in, the outermost one included.
    depth: usize,
    begins_block: bool,
}

impl<'s> Writer<'s> {
    fn new(source: &'s str) -> Self {
        let newline = if source.find('\n').is_some_and(|at| source[..at].ends_with('\r')) { "\r\n" } else { "\n" };
        let out = if source.starts_with('\u{feff}') { "\u{feff}".to_owned() } else { String::new() };
        Self { source, newline, out, last_end: 0, columns: vec![0], depth: 1, begins_block: true }
    }

    fn is_at_start(&self) -> bool {
        self.out.is_empty() || self.out == "\u{feff}"
    }

    /// Writes the statements of a line of the source.
    fn line(&mut self, tokens: &[Placed], from: usize, to: usize) {
        let level = self.depth - 1;
        let line = &tokens[from..to];
        let end = tokens[to - 1].2;
        self.gap_before(tokens[from].0);
        if line.iter().any(|token| token.1 == Token::RawText) {
            // What the dialect keeps as text stays as it is.
            self.out.push_str(&self.source[tokens[from].0 as usize..end as usize]);
            self.last_end = end;
            return;
        }
        let body = if is_head(line) { head_end(line).map_or(from, |colon| from + colon + 1) } else { from };
        if body == to {
            self.statement(&pieces(self.source, tokens, from, to), level, end);
            return;
        }
        let mut depth = level;
        if body > from {
            let pieces = pieces(self.source, tokens, from, to);
            let text = document::print(&pieces, level, self.newline);
            if !text.contains('\n') && !document::is_too_wide(&text, level) {
                self.out.push_str(&text);
                self.last_end = last_of(tokens, from, to);
                return;
            }
            self.statement(&statement::pieces(self.source, tokens, from, body), level, tokens[body - 1].2);
            self.begins_block = true;
            depth += 1;
        }
        let mut start = body;
        let mut open = 0_usize;
        for index in body..=to {
            let kind = tokens.get(index).filter(|_| index < to).map(|token| token.1);
            match kind {
                Some(Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace) => open += 1,
                Some(Token::CloseParen | Token::CloseBracket | Token::CloseBrace) => open = open.saturating_sub(1),
                _ => {}
            }
            if open > 0 || !matches!(kind, None | Some(Token::Semicolon)) {
                continue;
            }
            if start < index {
                if start > from {
                    self.depth = depth + 1;
                    self.gap_before(tokens[start].0);
                }
                self.statement(&pieces(self.source, tokens, start, index), depth, tokens[index - 1].2);
            }
            start = index + 1;
        }
    }

    fn statement(&mut self, pieces: &[Piece<'_>], level: usize, end: u32) {
        self.out.push_str(&document::print(pieces, level, self.newline));
        self.last_end = end;
    }

    /// Writes the comments and empty lines before what begins at `start`, and begins its line.
    fn gap_before(&mut self, start: u32) {
        let gap = gap(self.source, self.last_end, start);
        let mut continues = false;
        for comment in &gap.comments {
            continues = self.comment(*comment, continues);
        }
        if continues {
            self.out.push(' ');
        } else {
            let lines = gap.lines;
            self.begin_line(lines, self.depth - 1);
        }
    }

    /// Writes a comment; `continues`: whether something stands before it on its line that belongs to what follows. Says
    /// whether the line goes on after it.
    fn comment(&mut self, comment: Comment, continues: bool) -> bool {
        let text = comment.text(self.source);
        let follows_code = comment.lines_before == 0 && comment.is_trailing && !self.is_at_start();
        if continues {
            self.out.push(' ');
        } else if follows_code {
            self.out.push_str("  ");
        } else {
            let level = if comment.is_trailing { self.level_of(comment) } else { self.depth - 1 };
            self.begin_line(comment.lines_before, level);
        }
        self.out.push_str(text);
        !comment.is_last_of_line()
    }

    /// The block that a comment on a line of its own belongs to: the deepest one that has not begun right of it.
    fn level_of(&self, comment: Comment) -> usize {
        let column = column(self.source, comment.span.start);
        let deepest = self.columns.iter().rposition(|start| *start <= column).unwrap_or(0);
        deepest.max(self.depth - 1)
    }

    /// Begins a line after `lines` line ends; more than one of them is one empty line.
    fn begin_line(&mut self, lines: u32, level: usize) {
        if !self.is_at_start() {
            self.out.push_str(self.newline);
            if lines > 1 && !self.begins_block {
                self.out.push_str(self.newline);
            }
        }
        self.begins_block = false;
        self.out.extend(std::iter::repeat_n(' ', level * INDENT));
    }

    fn finish(mut self) -> String {
        self.depth = 1;
        let gap = gap(self.source, self.last_end, u32::try_from(self.source.len()).unwrap_or(u32::MAX));
        let mut continues = false;
        for comment in &gap.comments {
            continues = self.comment(*comment, continues);
        }
        if !self.is_at_start() {
            self.out.push_str(self.newline);
        }
        self.out
    }
}

/// The byte after the last token of a line that is written: a `;` at its end is not.
fn last_of(tokens: &[Placed], from: usize, to: usize) -> u32 {
    tokens[from..to].iter().rev().find(|token| token.1 != Token::Semicolon).map_or(0, |token| token.2)
}
