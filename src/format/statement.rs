//! From the tokens of a statement to pieces that can be laid out: where spaces stand, and where a line may be broken.

use std::borrow::Cow;

use super::document::Piece;
use super::quotes;
use crate::syntax::ast::BinaryOp;
use crate::syntax::token::{Placed, Token};
use crate::syntax::trivia::{Comment, Gap, gap};

/// What a bracket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bracket {
    /// Arguments, parameters, or the items of a list or dict.
    Items,
    /// A list or dict that a `for` makes.
    Comprehension,
    /// Parentheses around an expression.
    Group,
    /// `x[…]`
    Index,
    /// `#{…}`
    Placeholder,
}

impl Bracket {
    /// Whether lines may end after its opening and before its closing bracket.
    const fn is_breakable(self) -> bool {
        !matches!(self, Self::Index | Self::Placeholder)
    }
}

/// An open bracket.
struct OpenBracket {
    bracket: Bracket,
    /// Its closing token.
    close: usize,
    /// Whether its items stand on lines of their own because the author put a comma after the last one and a line end.
    is_broken: bool,
    /// The operators before which the current item is broken when it does not fit.
    operators: Option<Strength>,
    /// Whether the current item is a group of its own, and whether that is indented.
    item: Option<bool>,
}

/// Operators before which a line may be broken, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Conditional,
    Or,
    And,
    Sum,
}

/// The pieces of the tokens from `from` up to `to`, with the comments between them.
pub fn pieces<'s>(source: &'s str, tokens: &[Placed], from: usize, to: usize) -> Vec<Piece<'s>> {
    let mut maker =
        Maker { source, tokens, is_head: is_head(&tokens[from..to]), from, frames: Vec::new(), pieces: Vec::new(), needs_line: false };
    let mut last: Option<usize> = None;
    for index in from..to {
        if maker.is_dropped(index, to) {
            continue;
        }
        maker.token(last, index);
        last = Some(index);
    }
    maker.pieces
}

/// Whether a line begins a block.
pub fn is_head(tokens: &[Placed]) -> bool {
    tokens.first().is_some_and(|token| crate::syntax::starts_block(token.1)) && crate::syntax::head_end(tokens).is_some()
}

/// Makes the pieces of one statement or one line.
struct Maker<'a, 's> {
    source: &'s str,
    tokens: &'a [Placed],
    /// Whether the first token begins a block.
    is_head: bool,
    from: usize,
    frames: Vec<OpenBracket>,
    pieces: Vec<Piece<'s>>,
    /// Whether a comment has been written that nothing may follow on its line.
    needs_line: bool,
}

impl<'s> Maker<'_, 's> {
    fn kind(&self, index: usize) -> Token {
        self.tokens[index].1
    }

    /// A comma before a closing bracket comes and goes with the line ends; a `;` at the end is not needed.
    fn is_dropped(&self, index: usize, to: usize) -> bool {
        match self.kind(index) {
            Token::Comma => self.frames.last().is_some_and(|frame| frame.close == index + 1),
            Token::Semicolon => index + 1 == to,
            _ => false,
        }
    }

    fn is_unary(&self, index: usize) -> bool {
        matches!(self.kind(index), Token::Sign(_)) && (index == self.from || !ends_operand(self.kind(index - 1)))
    }

    /// Whether an `if` is that of `if(…)`.
    fn is_if_call(&self, index: usize) -> bool {
        self.kind(index) == Token::If
            && !(index == self.from && self.is_head)
            && (index == self.from || !ends_operand(self.kind(index - 1)))
    }

    /// Whether a bracket belongs to what stands before it.
    fn is_attached(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).filter(|before| *before >= self.from) else { return false };
        match self.kind(index) {
            Token::OpenParen => self.kind(before) == Token::Name || self.is_if_call(before),
            Token::OpenBracket => ends_operand(self.kind(before)),
            _ => false,
        }
    }

    fn token(&mut self, last: Option<usize>, index: usize) {
        let kind = self.kind(index);
        let (start, _, _) = self.tokens[index];
        let gap = last.map_or_else(Gap::default, |last| gap(self.source, self.tokens[last].2, start));
        let closes = self.frames.last().is_some_and(|frame| frame.close == index);
        let dedents = closes && self.frames.last().is_some_and(|frame| frame.bracket.is_breakable());
        let follows_open = last.is_some_and(|last| is_open(self.kind(last)));
        let separator = if self.needs_line && gap.comments.is_empty() { Some(Piece::Hard) } else { self.separator(last, index) };
        if closes && let Some(frame) = self.frames.last_mut() {
            let bracket = frame.bracket;
            if let Some(is_indented) = frame.item.take() {
                self.end_item(is_indented);
            }
            if bracket == Bracket::Items && !follows_open {
                self.pieces.push(Piece::IfBroken(","));
            }
        }
        if kind == Token::Comma {
            self.end_item_of_frame();
            // A comment that ends the line moves behind the comma.
            let (after, before): (Vec<_>, Vec<_>) = gap.comments.iter().partition(|comment| comment.is_trailing);
            self.comments(&before, None);
            self.pieces.push(Piece::Text(Cow::Borrowed(",")));
            self.comments(&after, None);
            return;
        }
        if gap.comments.is_empty() {
            self.needs_line = false;
            self.pieces.extend(dedents.then_some(Piece::Dedent));
            if gap.joins && self.frames.is_empty() && matches!(separator, Some(Piece::Space)) {
                self.pieces.push(Piece::Join);
            } else {
                self.pieces.extend(separator);
            }
        } else {
            self.comments(&gap.comments, separator.clone().filter(|_| !closes));
            self.pieces.extend(dedents.then_some(Piece::Dedent));
            self.after_comments(&gap, separator, closes);
        }
        self.begin_item(last, index);
        if is_open(kind) {
            self.open(index);
            return;
        }
        let text = self.text(index);
        self.pieces.push(Piece::Text(text));
        if kind == Token::Op(BinaryOp::NotIn) {
            let (start, _, end) = self.tokens[index];
            self.comments(&crate::syntax::trivia::gap(self.source, start, end).comments, None);
        }
        if closes {
            self.frames.pop();
            self.pieces.push(Piece::Close);
        }
    }

    /// The comments of a gap; `separator` is what would stand in it without them.
    fn comments(&mut self, comments: &[Comment], mut separator: Option<Piece<'s>>) {
        for comment in comments {
            let begins_line = comment.lines_before > 0 && !self.frames.is_empty();
            if begins_line || self.needs_line {
                separator = None;
                self.pieces.push(Piece::Hard);
            } else if !comment.is_trailing && matches!(separator, Some(Piece::Line | Piece::Soft | Piece::Hard)) {
                // It stands before what follows.
                self.pieces.extend(separator.take());
            } else if comment.ends_line {
                self.pieces.push(Piece::Text(Cow::Borrowed("  ")));
            } else if !matches!(self.pieces.last(), Some(Piece::Indent)) {
                self.pieces.push(Piece::Space);
            }
            self.pieces.push(Piece::Text(Cow::Borrowed(comment.text(self.source))));
            self.needs_line = comment.ends_line;
        }
    }

    /// What stands between the last comment of a gap and what follows.
    fn after_comments(&mut self, gap: &Gap, separator: Option<Piece<'s>>, closes: bool) {
        let Some(last) = gap.comments.last() else { return };
        let has_own_line = last.lines_before > 0 && last.lines_after > 0;
        if !self.frames.is_empty() && (last.ends_line || has_own_line) {
            self.pieces.push(Piece::Hard);
        } else if closes {
            self.pieces.extend(separator);
        } else if last.is_trailing && matches!(separator, Some(Piece::Line | Piece::Soft | Piece::Hard)) {
            // Without the comment a bracket may have stood right before what follows.
            self.pieces.push(if matches!(separator, Some(Piece::Hard)) { Piece::Hard } else { Piece::Line });
        } else {
            self.pieces.push(Piece::Space);
        }
        self.needs_line = false;
    }

    /// What stands between two tokens that have no comment between them.
    fn separator(&self, last: Option<usize>, index: usize) -> Option<Piece<'s>> {
        let last = last?;
        let (before, kind) = (self.kind(last), self.kind(index));
        if let Some(frame) = self.frames.last() {
            let is_breakable = frame.bracket.is_breakable();
            let is_empty = is_open(before) && frame.close == index;
            if is_open(before) || frame.close == index {
                let soft = if frame.is_broken { Piece::Hard } else { Piece::Soft };
                return (is_breakable && !is_empty).then_some(soft);
            }
            if before == Token::Comma && is_breakable {
                return Some(Piece::Line);
            }
            let is_clause = kind == Token::For || (kind == Token::If && !self.is_if_call(index));
            if frame.bracket == Bracket::Comprehension && is_clause {
                return Some(Piece::Line);
            }
            if frame.operators.is_some() && self.strength(index) == frame.operators {
                return Some(Piece::Line);
            }
        }
        let in_bracket = !self.frames.is_empty();
        let is_tight = is_open(before)
            || is_close(kind)
            || self.is_unary(last)
            || matches!(kind, Token::Comma | Token::Semicolon | Token::Colon)
            || (before == Token::Colon && self.frames.last().is_some_and(|frame| frame.bracket == Bracket::Index))
            || (in_bracket && (kind == Token::Assign || before == Token::Assign))
            || self.is_attached(index);
        (!is_tight).then_some(Piece::Space)
    }

    /// The text of a token in its standard spelling.
    fn text(&self, index: usize) -> Cow<'s, str> {
        let (start, kind, end) = self.tokens[index];
        let written = self.source.get(start as usize..end as usize).unwrap_or_default();
        match kind {
            Token::Quoted => quotes::standard(written),
            Token::Not => Cow::Borrowed("not"),
            Token::Op(op @ (BinaryOp::And | BinaryOp::Or | BinaryOp::NotIn)) => Cow::Borrowed(op.symbol()),
            _ => Cow::Borrowed(written),
        }
    }

    // ------------------------------------------------------------ brackets and their items

    fn open(&mut self, index: usize) {
        let close = self.closing(index);
        let is_empty = close == index + 1;
        let has_for = self.depth_one(index + 1, close).any(|index| self.kind(index) == Token::For);
        let bracket = match self.kind(index) {
            Token::HashBrace => Bracket::Placeholder,
            Token::OpenBracket if self.is_attached(index) => Bracket::Index,
            Token::OpenParen if !self.is_attached(index) => Bracket::Group,
            _ if has_for => Bracket::Comprehension,
            _ => Bracket::Items,
        };
        let (_, last, end) = self.tokens[close - 1];
        let is_broken = bracket == Bracket::Items
            && !is_empty
            && last == Token::Comma
            && self.source[end as usize..self.tokens[close].0 as usize].contains('\n');
        self.pieces.push(Piece::Open);
        let text = self.text(index);
        self.pieces.push(Piece::Text(text));
        self.pieces.extend(bracket.is_breakable().then_some(Piece::Indent));
        self.frames.push(OpenBracket { bracket, close, is_broken, operators: None, item: None });
    }

    fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (index, token) in self.tokens.iter().enumerate().skip(open) {
            if is_open(token.1) {
                depth += 1;
            } else if is_close(token.1) {
                depth -= 1;
                if depth == 0 {
                    return index;
                }
            }
        }
        self.tokens.len() - 1
    }

    /// The tokens from `from` up to `to` that stand in no bracket of their own.
    fn depth_one(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let tokens = self.tokens;
        let mut depth = 0_usize;
        (from..to).filter(move |index| {
            let kind = tokens[*index].1;
            if is_close(kind) {
                depth = depth.saturating_sub(1);
            }
            let is_outside = depth == 0;
            if is_open(kind) {
                depth += 1;
            }
            is_outside
        })
    }

    /// Begins the item of a bracket that a token is the first of.
    fn begin_item(&mut self, last: Option<usize>, index: usize) {
        let Some(before) = last.map(|last| self.kind(last)) else { return };
        let Some(frame) = self.frames.last() else { return };
        let is_first = is_open(before) || before == Token::Comma;
        if !is_first || frame.close == index || !matches!(frame.bracket, Bracket::Items | Bracket::Group) {
            return;
        }
        let end = self.depth_one(index, frame.close).find(|index| self.kind(*index) == Token::Comma).unwrap_or(frame.close);
        let operators = self.depth_one(index, end).filter_map(|index| self.strength(index)).min();
        let has_name = self.depth_one(index, end).any(|index| matches!(self.kind(index), Token::Assign | Token::Colon));
        let is_items = frame.bracket == Bracket::Items;
        if let Some(frame) = self.frames.last_mut() {
            frame.operators = operators;
            frame.item = (is_items && operators.is_some()).then_some(has_name);
        }
        if is_items && operators.is_some() {
            self.pieces.push(Piece::Open);
            self.pieces.extend(has_name.then_some(Piece::Indent));
        }
    }

    fn end_item_of_frame(&mut self) {
        if let Some(is_indented) = self.frames.last_mut().and_then(|frame| frame.item.take()) {
            self.end_item(is_indented);
        }
    }

    fn end_item(&mut self, is_indented: bool) {
        self.pieces.extend(is_indented.then_some(Piece::Dedent));
        self.pieces.push(Piece::Close);
    }

    /// How loose an operator between two operands is, when a line may be broken before it.
    fn strength(&self, index: usize) -> Option<Strength> {
        match self.kind(index) {
            Token::Else => Some(Strength::Conditional),
            Token::If if !self.is_if_call(index) => Some(Strength::Conditional),
            Token::Op(BinaryOp::Or) => Some(Strength::Or),
            Token::Op(BinaryOp::And) => Some(Strength::And),
            Token::Sign(_) if !self.is_unary(index) => Some(Strength::Sum),
            _ => None,
        }
    }
}

fn is_open(token: Token) -> bool {
    matches!(token, Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace)
}

fn is_close(token: Token) -> bool {
    matches!(token, Token::CloseParen | Token::CloseBracket | Token::CloseBrace)
}

/// Whether an operand may end with a token.
fn ends_operand(token: Token) -> bool {
    is_close(token)
        || matches!(
            token,
            Token::Name
                | Token::Scoped(_)
                | Token::Integer
                | Token::Float
                | Token::Quoted
                | Token::DynamicName
                | Token::RawText
                | Token::Error
                | Token::True
                | Token::False
                | Token::None
        )
}
