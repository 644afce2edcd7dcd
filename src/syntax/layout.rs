//! The layout pass: from lexemes to the tokens of the grammar. Finds lines and blocks (language.md L1.3, L1.4), pairs
//! brackets, and puts a stand-in where a lexeme was bad, so that the grammar never sees a lexical error.

use super::ast::{BinaryOp, ScopePrefix};
use super::lexeme::{Lexed, Lexeme};
use super::token::{Placed, Token};
use super::{invisible, mistakes};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::wording::message;

/// The columns of a tab: indentation that mixes tabs and spaces is reported anyway.
const TAB: u32 = 8;

/// How a line of the script went through the pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineExtent {
    /// Its first token.
    pub first: usize,
    /// Its first lexeme.
    pub first_lexeme: usize,
    /// The lexeme after its last: the newline, or the end.
    pub next_lexeme: usize,
    /// Whether a bracket of it was closed here because its own closing one is missing.
    pub broken: bool,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    width: u32,
    /// Whether the indentation is made of tabs.
    tabs: bool,
}

/// The state of the pass between two lines.
#[derive(Debug)]
pub(super) struct Layout<'s> {
    pub source: &'s str,
    pub tokens: Vec<Placed>,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether indentation where no block begins is only warned of (mavibot).
    pub lenient: bool,
    nesting: u32,
    levels: Vec<Level>,
    /// Opening brackets that nothing closes, to be closed where the next statement begins.
    pub unmatched: Vec<u32>,
    open: Vec<(Token, u32)>,
    head: Option<u32>,
    /// Whether the line has been reported already, so that its missing block is not.
    pub quiet: bool,
    /// Whether the indentation of the lines that follow is not checked.
    pub ignoring: bool,
    /// How many blocks stood in each other at the most.
    pub deepest: u32,
}

impl<'s> Layout<'s> {
    pub fn new(source: &'s str, nesting: u32, lenient: bool, token_capacity: usize) -> Self {
        Self {
            source,
            tokens: Vec::with_capacity(token_capacity + token_capacity / 4 + 4),
            diagnostics: Vec::new(),
            lenient,
            nesting,
            levels: vec![Level { width: 0, tabs: false }],
            unmatched: Vec::new(),
            open: Vec::new(),
            head: None,
            quiet: false,
            ignoring: false,
            deepest: 1,
        }
    }

    /// Lays out the next line from a lexeme on, with what its indentation says; `None` at the end.
    pub fn line(&mut self, lexemes: &[Lexed], mut at: usize) -> Option<LineExtent> {
        while lexemes.get(at).is_some_and(|lexed| lexed.kind == Lexeme::Newline) {
            at += 1;
        }
        let first = lexemes.get(at)?;
        // A comment over lines may stand before the first lexeme: what it holds is not indentation.
        let newline = at.checked_sub(1).map(|before| lexemes[before]).filter(|before| before.kind == Lexeme::Newline);
        let line_start = match newline {
            Some(newline) => newline.end as usize,
            None if at == 0 => 0,
            None => self.source[..first.start as usize].rfind('\n').map_or(0, |newline| newline + 1),
        };
        self.indentation(line_start, first.start);
        self.quiet = false;
        let line = LineExtent { first: self.tokens.len(), first_lexeme: at, next_lexeme: at, broken: false };
        let (next_lexeme, broken) = self.tokens_of_line(lexemes, at);
        Some(LineExtent { next_lexeme, broken, ..line })
    }

    /// Ends a line: to be called after [`Layout::line`], when its tokens are final.
    pub fn end_line(&mut self, line: LineExtent) {
        let Some(&(start, first, _)) = self.tokens.get(line.first) else { return };
        let end = self.tokens.last().map_or(start, |token| token.2);
        self.head = None;
        if starts_block(first) {
            let tokens = &self.tokens[line.first..];
            // A head ends in its `:`, or has none and is reported for that; otherwise its body is on the same line.
            let ends_in_colon = |tokens: &[Placed]| head_end(tokens).is_none_or(|colon| colon + 1 == tokens.len());
            if ends_in_colon(tokens) && !is_choice(tokens) {
                self.head = Some(start);
            }
        }
        self.tokens.push((end, Token::Newline, end));
    }

    /// Ends the script.
    pub fn finish(&mut self) {
        let end = u32::try_from(self.source.len()).unwrap_or(u32::MAX);
        self.missing_block(end);
        while self.levels.len() > 1 {
            self.levels.pop();
            self.tokens.push((end, Token::Dedent, end));
        }
    }

    /// Compares the indentation of a line whose first lexeme begins at `start` with the open blocks.
    fn indentation(&mut self, line_start: usize, start: u32) {
        let mut width = 0;
        let (mut tabs, mut spaces) = (false, false);
        let mut at = line_start;
        for character in self.source[line_start..].chars() {
            match character {
                '\t' => {
                    tabs = true;
                    width = (width / TAB + 1) * TAB;
                }
                _ if matches!(character, ' ' | '\u{a0}') || invisible::is_unusual_space(character) => {
                    spaces = true;
                    width += 1;
                }
                '\r' | '\u{c}' => {}
                _ if invisible::has_no_width(character) => {}
                _ => break,
            }
            at += character.len_utf8();
        }
        if width == 0 {
            width = self.width_after_comment(at, start as usize);
        }
        let span = place(line_start, at.min(start as usize).max(line_start));
        let level = self.levels.last().copied().unwrap_or(Level { width: 0, tabs: false });
        if width == level.width {
            self.missing_block(start);
            self.ignoring = false;
        } else if width > level.width {
            if self.head.take().is_some() {
                self.tokens.push((start, Token::Indent, start));
                if self.levels.len() > self.nesting as usize && !self.diagnostics.iter().any(|said| said.code == Code::NestedTooDeep) {
                    self.diagnostics.push(super::builder::too_deep(span, self.nesting));
                }
                self.levels.push(Level { width, tabs });
                self.deepest = self.deepest.max(u32::try_from(self.levels.len()).unwrap_or(u32::MAX));
            } else if !self.ignoring {
                self.ignoring = true;
                self.unexpected_indentation(span, start);
            }
        } else {
            self.missing_block(start);
            self.ignoring = false;
            while self.levels.last().is_some_and(|level| level.width > width) {
                self.levels.pop();
                self.tokens.push((start, Token::Dedent, start));
            }
            if self.levels.last().is_some_and(|level| level.width < width) {
                let diagnostic = Diagnostic::new(
                    if self.lenient { Code::IgnoredIndentation } else { Code::BadIndentation },
                    span,
                    message!("indentation-matches-nothing"),
                );
                self.diagnostics.push(diagnostic.help(message!("indentation-matches-nothing-help")));
                self.ignoring = true;
            }
        }
        let level = self.levels.last().copied().unwrap_or(Level { width: 0, tabs: false });
        if width > 0 && ((tabs && spaces) || (level.width == width && tabs != level.tabs)) {
            self.diagnostics
                .push(Diagnostic::new(Code::BadIndentation, span, message!("tabs-and-spaces")).help(message!("tabs-and-spaces-help")));
        }
    }

    /// The indentation of a line that begins with a comment: what stands before the comment counts, and where that is
    /// nothing, the spaces after it, when the line belongs to a block with them.
    fn width_after_comment(&self, comment: usize, start: usize) -> u32 {
        let Some(before) = self.source.get(comment..start).filter(|before| before.starts_with("/*")) else { return 0 };
        let spaces = before.len() - before.trim_end_matches(' ').len();
        let width = u32::try_from(spaces).unwrap_or(0);
        let is_of_block = self.levels.iter().any(|level| level.width == width);
        let opens_block = self.head.is_some() && self.levels.last().is_some_and(|level| level.width < width);
        if is_of_block || opens_block { width } else { 0 }
    }

    fn unexpected_indentation(&mut self, span: Span, start: u32) {
        // A line that begins with `//` is meant as a comment, which is said of it.
        if self.source[start as usize..].starts_with("//") {
            return;
        }
        if !self.lenient && mistakes::continues(&self.source[start as usize..]) {
            self.diagnostics.push(mistakes::continued_line(self.source, span, start));
            return;
        }
        self.diagnostics.push(if self.lenient {
            Diagnostic::new(Code::IgnoredIndentation, span, message!("indentation-ignored")).help(message!("indentation-ignored-help"))
        } else {
            Diagnostic::new(Code::UnexpectedIndentation, span, message!("indentation-unexpected"))
                .help(message!("indentation-unexpected-help"))
        });
    }

    /// Reports the head of a block that no indented line follows, and adds an empty one.
    fn missing_block(&mut self, start: u32) {
        let Some(head) = self.head.take() else { return };
        // A head without `:` has its own message.
        let colon = self.tokens.len().checked_sub(2).and_then(|index| self.tokens.get(index)).copied();
        if let Some((_, Token::Colon, end)) = colon {
            if !self.quiet {
                self.diagnostics.push(
                    Diagnostic::new(Code::MissingBlock, Span::new(end - 1, end), message!("block-missing"))
                        .label(Span::new(head, head + 1), message!("block-begins-label"))
                        .help(message!("block-missing-help")),
                );
            }
            let empty = [Token::Indent, Token::Pass, Token::Newline, Token::Dedent];
            self.tokens.extend(empty.map(|token| (start, token, start)));
        }
    }

    /// The tokens of one line; returns the lexeme after its last, and whether a bracket had to be closed.
    fn tokens_of_line(&mut self, lexemes: &[Lexed], mut at: usize) -> (usize, bool) {
        let column = column(self.source, lexemes[at].start);
        self.open.clear();
        let mut broken = false;
        while let Some(lexed) = lexemes.get(at) {
            if lexed.kind == Lexeme::Newline {
                if self.open.is_empty() {
                    return (at, broken);
                }
                if !self.unmatched.is_empty() && self.is_unclosed() && begins_statement(self.source, lexemes, at + 1, column) {
                    self.close_open();
                    return (at, true);
                }
            } else {
                at += self.push(lexemes, at);
                continue;
            }
            at += 1;
        }
        if !self.open.is_empty() {
            self.close_open();
            broken = true;
        }
        (at, broken)
    }

    fn is_unclosed(&self) -> bool {
        self.open.iter().any(|(_, start)| self.unmatched.binary_search(start).is_ok())
    }

    /// Reports the brackets that are open where a statement begins, and closes them.
    fn close_open(&mut self) {
        let end = self.tokens.last().map_or(0, |token| token.2);
        let unclosed: Vec<u32> = self.open.iter().map(|(_, start)| *start).collect();
        if let Some(&start) = unclosed.iter().find(|start| self.unmatched.binary_search(start).is_ok()).or(unclosed.last()) {
            self.diagnostics.push(unclosed_bracket(self.source, start, None));
        }
        while let Some((opening, _)) = self.open.pop() {
            self.tokens.push((end, closing(opening), end));
        }
    }

    /// Appends the token of a lexeme; returns how many lexemes it took.
    #[inline]
    fn push(&mut self, lexemes: &[Lexed], at: usize) -> usize {
        let lexed = lexemes[at];
        let next = lexemes.get(at + 1).map(|next| next.kind);
        let token = if let Some(token) = plain_token(lexed.kind, next) {
            token
        } else {
            if let Some(diagnostic) = mistakes::bad_lexeme(self.source, lexed.kind, Span::new(lexed.start, lexed.end)) {
                self.diagnostics.push(diagnostic);
            }
            if matches!(lexed.kind, Lexeme::BadComment | Lexeme::BadCharacter) {
                return 1;
            }
            Token::Error
        };
        match token {
            Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace => {
                self.open.push((token, lexed.start));
                if self.open.len() > self.nesting as usize
                    && self.diagnostics.last().is_none_or(|diagnostic| diagnostic.code != Code::NestedTooDeep)
                {
                    self.diagnostics.push(super::builder::too_deep(Span::new(lexed.start, lexed.end), self.nesting));
                }
            }
            Token::CloseParen | Token::CloseBracket | Token::CloseBrace if !self.close(token, lexed) => {
                return 1;
            }
            Token::Op(BinaryOp::NotIn) => {
                let end = lexemes[at + 1].end;
                self.tokens.push((lexed.start, token, end));
                return 2;
            }
            _ => {}
        }
        self.tokens.push((lexed.start, token, lexed.end));
        1
    }

    /// Pairs a closing bracket; false when nothing is open for it and it is left out.
    fn close(&mut self, token: Token, lexed: Lexed) -> bool {
        if self.open.last().is_some_and(|(opening, _)| closing(*opening) == token) {
            self.open.pop();
            return true;
        }
        let span = Span::new(lexed.start, lexed.end);
        if !self.open.iter().any(|(opening, _)| closing(*opening) == token) {
            let found = mistakes::spelling(token);
            let mut diagnostic = Diagnostic::new(Code::WrongBracket, span, message!("bracket-closes-nothing", bracket = found));
            if let Some((opening, start)) = self.open.pop() {
                // It was meant to close what is open: go on as if it did.
                self.tokens.push((lexed.start, closing(opening), lexed.end));
                diagnostic = Diagnostic::new(
                    Code::WrongBracket,
                    span,
                    message!("bracket-closes-another", found = found, open = mistakes::spelling(opening)),
                )
                .label(Span::new(start, start + 1), message!("opened-label"))
                .help(message!("write-here-help", code = mistakes::spelling(closing(opening))));
            } else {
                diagnostic = diagnostic.help(message!("bracket-closes-nothing-help"));
            }
            self.diagnostics.push(diagnostic);
            return false;
        }
        while let Some((opening, start)) = self.open.pop() {
            if closing(opening) == token {
                break;
            }
            self.diagnostics.push(unclosed_bracket(self.source, start, Some(span)));
            self.tokens.push((lexed.start, closing(opening), lexed.start));
        }
        true
    }
}

/// The tokens of a lone expression, with what is lexically wrong in it.
pub(super) fn expression(source: &str, lexemes: &[Lexed]) -> (Vec<Placed>, Vec<Diagnostic>) {
    let mut layout = Layout::new(source, u32::MAX, false, lexemes.len());
    let mut at = 0;
    while at < lexemes.len() {
        if lexemes[at].kind == Lexeme::Newline {
            at += 1;
        } else {
            at += layout.push(lexemes, at);
        }
    }
    if !layout.open.is_empty() {
        layout.close_open();
    }
    (layout.tokens, layout.diagnostics)
}

/// Opening brackets that nothing closes, in order.
pub(super) fn unmatched(lexemes: &[Lexed]) -> Vec<u32> {
    let mut open: Vec<(Token, u32)> = Vec::new();
    for lexed in lexemes {
        match plain_token(lexed.kind, None) {
            Some(token @ (Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace)) => open.push((token, lexed.start)),
            Some(token @ (Token::CloseParen | Token::CloseBracket | Token::CloseBrace))
                if open.last().is_some_and(|(opening, _)| closing(*opening) == token) =>
            {
                open.pop();
            }
            _ => {}
        }
    }
    open.into_iter().map(|(_, start)| start).collect()
}

fn unclosed_bracket(source: &str, start: u32, before: Option<Span>) -> Diagnostic {
    let bracket = if source[start as usize..].starts_with("#{") { "#{" } else { &source[start as usize..=start as usize] };
    let closing = match bracket {
        "(" => ")",
        "[" => "]",
        _ => "}",
    };
    let span = Span::new(start, start + u32::try_from(bracket.len()).unwrap_or(1));
    let diagnostic = Diagnostic::new(Code::UnclosedBracket, span, message!("bracket-open", bracket = bracket))
        .help(message!("bracket-open-help", closing = closing));
    match before {
        Some(before) => diagnostic.label(before, message!("bracket-missing-label", closing = closing)),
        None => diagnostic,
    }
}

fn closing(opening: Token) -> Token {
    match opening {
        Token::OpenParen => Token::CloseParen,
        Token::OpenBracket => Token::CloseBracket,
        _ => Token::CloseBrace,
    }
}

pub(crate) fn starts_block(token: Token) -> bool {
    matches!(token, Token::If | Token::Elif | Token::Else | Token::For | Token::While | Token::Def)
}

/// Whether a line is a call `if(condition, then)`, which heads no block: it has no `:` and a comma in its first brackets.
fn is_choice(tokens: &[Placed]) -> bool {
    let [(_, Token::If, _), (_, Token::OpenParen, _), rest @ ..] = tokens else { return false };
    let mut depth = 1_u32;
    let inside = rest.iter().take_while(|token| {
        match token.1 {
            Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace => depth += 1,
            Token::CloseParen | Token::CloseBracket | Token::CloseBrace => depth = depth.saturating_sub(1),
            Token::Comma if depth == 1 => return false,
            _ => {}
        }
        depth > 0
    });
    let comma = inside.count();
    head_end(tokens).is_none() && rest.get(comma).is_some_and(|token| token.1 == Token::Comma)
}

/// The `:` that ends the head of a block, outside all brackets.
pub(crate) fn head_end(tokens: &[Placed]) -> Option<usize> {
    let mut depth = 0_u32;
    tokens.iter().position(|token| {
        match token.1 {
            Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace => depth += 1,
            Token::CloseParen | Token::CloseBracket | Token::CloseBrace => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.1 == Token::Colon
    })
}

/// Whether a statement begins at a lexeme, at or left of a column.
fn begins_statement(source: &str, lexemes: &[Lexed], at: usize, most: usize) -> bool {
    let Some(first) = lexemes.get(at) else { return false };
    if column(source, first.start) > most {
        return false;
    }
    match first.kind {
        Lexeme::If
        | Lexeme::Elif
        | Lexeme::Else
        | Lexeme::For
        | Lexeme::While
        | Lexeme::Def
        | Lexeme::Return
        | Lexeme::Break
        | Lexeme::Continue
        | Lexeme::Pass
        | Lexeme::Del => true,
        Lexeme::Name | Lexeme::ClientName | Lexeme::ProjectName => lexemes.get(at + 1).is_some_and(|next| {
            matches!(
                next.kind,
                Lexeme::Assign
                    | Lexeme::OpenParen
                    | Lexeme::OpenBracket
                    | Lexeme::AddAssign
                    | Lexeme::SubtractAssign
                    | Lexeme::MultiplyAssign
                    | Lexeme::DivideAssign
            )
        }),
        _ => false,
    }
}

fn column(source: &str, start: u32) -> usize {
    let before = &source[..start as usize];
    before.len() - before.rfind('\n').map_or(0, |newline| newline + 1)
}

fn place(from: usize, to: usize) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(byte(from), byte(to))
}

/// The token of a lexeme; `None` for a bad one.
#[inline]
fn plain_token(kind: Lexeme, next: Option<Lexeme>) -> Option<Token> {
    Some(match kind {
        Lexeme::Newline => Token::Newline,
        Lexeme::Name => Token::Name,
        Lexeme::ClientName => Token::Scoped(ScopePrefix::Client),
        Lexeme::ProjectName => Token::Scoped(ScopePrefix::Project),
        Lexeme::Integer => Token::Integer,
        Lexeme::Float => Token::Float,
        Lexeme::Quoted => Token::Quoted,
        Lexeme::HashBrace => Token::HashBrace,
        Lexeme::DynamicName => Token::DynamicName,
        Lexeme::If => Token::If,
        Lexeme::Elif => Token::Elif,
        Lexeme::Else => Token::Else,
        Lexeme::For => Token::For,
        Lexeme::In => Token::In,
        Lexeme::While => Token::While,
        Lexeme::Break => Token::Break,
        Lexeme::Continue => Token::Continue,
        Lexeme::Pass => Token::Pass,
        Lexeme::Def => Token::Def,
        Lexeme::Return => Token::Return,
        // `del(` is always the function.
        Lexeme::Del if next == Some(Lexeme::OpenParen) => Token::Name,
        Lexeme::Del => Token::Del,
        Lexeme::And => Token::Op(BinaryOp::And),
        Lexeme::Or => Token::Op(BinaryOp::Or),
        Lexeme::Not if next == Some(Lexeme::In) => Token::Op(BinaryOp::NotIn),
        Lexeme::Not => Token::Not,
        Lexeme::True => Token::True,
        Lexeme::False => Token::False,
        Lexeme::None => Token::None,
        Lexeme::Equal => Token::Op(BinaryOp::Equal),
        Lexeme::NotEqual => Token::Op(BinaryOp::NotEqual),
        Lexeme::Less => Token::Op(BinaryOp::Less),
        Lexeme::LessEqual => Token::Op(BinaryOp::LessEqual),
        Lexeme::Greater => Token::Op(BinaryOp::Greater),
        Lexeme::GreaterEqual => Token::Op(BinaryOp::GreaterEqual),
        Lexeme::Plus => Token::Sign(BinaryOp::Add),
        Lexeme::Minus => Token::Sign(BinaryOp::Subtract),
        Lexeme::Star => Token::Op(BinaryOp::Multiply),
        Lexeme::Slash => Token::Op(BinaryOp::Divide),
        Lexeme::DoubleSlash => Token::Op(BinaryOp::FloorDivide),
        Lexeme::Percent => Token::Op(BinaryOp::Remainder),
        Lexeme::Power => Token::Op(BinaryOp::Power),
        Lexeme::Assign => Token::Assign,
        Lexeme::AddAssign => Token::Augment(BinaryOp::Add),
        Lexeme::SubtractAssign => Token::Augment(BinaryOp::Subtract),
        Lexeme::MultiplyAssign => Token::Augment(BinaryOp::Multiply),
        Lexeme::DivideAssign => Token::Augment(BinaryOp::Divide),
        Lexeme::FloorDivideAssign => Token::Augment(BinaryOp::FloorDivide),
        Lexeme::RemainderAssign => Token::Augment(BinaryOp::Remainder),
        Lexeme::PowerAssign => Token::Augment(BinaryOp::Power),
        Lexeme::OpenParen => Token::OpenParen,
        Lexeme::CloseParen => Token::CloseParen,
        Lexeme::OpenBracket => Token::OpenBracket,
        Lexeme::CloseBracket => Token::CloseBracket,
        Lexeme::OpenBrace => Token::OpenBrace,
        Lexeme::CloseBrace => Token::CloseBrace,
        Lexeme::Comma => Token::Comma,
        Lexeme::Colon => Token::Colon,
        Lexeme::Semicolon => Token::Semicolon,
        Lexeme::Dot => Token::Dot,
        Lexeme::Comment
        | Lexeme::BadComment
        | Lexeme::BadNumber
        | Lexeme::BadQuoted
        | Lexeme::BadPlaceholder
        | Lexeme::CurlyQuoted
        | Lexeme::BadCharacter => {
            return None;
        }
    })
}
