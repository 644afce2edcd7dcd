//! Words for where the grammar did not go on: what was found, what would have been taken. The last resort of `mistakes`.

use super::lexical::quoted;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::UnexpectedToken;
use crate::syntax::ast::BinaryOp;
use crate::syntax::layout::{head_end, starts_block};
use crate::syntax::token::{Placed, Token};
use crate::wording::{Argument, message};

/// What is wrong where the grammar did not go on.
pub(in crate::syntax) fn failure(source: &str, tokens: &[Placed], failure: &UnexpectedToken) -> Diagnostic {
    let from = line_start(tokens, failure.at.min(tokens.len()));
    let view = View { source, line: &tokens[from..], at: failure.at.min(tokens.len()) - from };
    view.special().unwrap_or_else(|| view.general(&failure.expected))
}

/// The first token of the line that a token is on.
fn line_start(tokens: &[Placed], at: usize) -> usize {
    tokens[..at].iter().rposition(|token| matches!(token.1, Token::Newline | Token::Indent | Token::Dedent)).map_or(0, |index| index + 1)
}

/// A word of the language where a name must stand.
pub(in crate::syntax) fn keyword_as_name(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::KeywordAsName, span, message!("keyword-as-name", word = word))
        .help(message!("choose-name-help", name = format!("{word}_")))
}

/// The line of tokens that failed, and where.
struct View<'a> {
    source: &'a str,
    line: &'a [Placed],
    at: usize,
}

impl View<'_> {
    fn token(&self, at: usize) -> Option<Token> {
        self.line.get(at).map(|token| token.1)
    }

    fn before(&self) -> Option<Token> {
        self.at.checked_sub(1).and_then(|at| self.token(at))
    }

    fn span(&self, at: usize) -> Span {
        let end = self.line.last().map_or(0, |token| token.2);
        self.line.get(at).map_or(Span::new(end, end), |token| Span::new(token.0, token.2))
    }

    fn text(&self, at: usize) -> &str {
        self.source.get(self.span(at).range()).unwrap_or_default()
    }

    /// Brackets that are open at the failing token, innermost last, by their number.
    fn open(&self) -> Vec<usize> {
        let mut open = Vec::new();
        for (index, token) in self.line[..self.at.min(self.line.len())].iter().enumerate() {
            match token.1 {
                Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace => open.push(index),
                Token::CloseParen | Token::CloseBracket | Token::CloseBrace => {
                    open.pop();
                }
                _ => {}
            }
        }
        open
    }

    /// Mistakes that have a message of their own.
    fn special(&self) -> Option<Diagnostic> {
        let first = self.token(0)?;
        let found = self.token(self.at);
        self.keyword_as_name(first)
            .or_else(|| self.assignment_in_condition(first, found))
            .or_else(|| self.wrong_if(first, found))
            .or_else(|| self.method_call(found))
            .or_else(|| self.foreign_comparison(found))
            .or_else(|| self.missing_colon(first, found))
            .or_else(|| self.two_in_a_row(first, found))
            .or_else(|| self.not_callable(found))
    }

    /// `for = 5`, `del none`, `for true in list:`, `def f(null):`
    fn keyword_as_name(&self, first: Token) -> Option<Diagnostic> {
        let is_assigned = matches!(self.token(1), Some(Token::Assign | Token::Augment(_))) && self.at <= 1;
        let at = if is_assigned { 0 } else { self.at };
        if !is_assigned && !self.must_name(first) {
            return None;
        }
        let word = self.text(at);
        if is_assigned && matches!(word, "&&" | "||" | "!") {
            let diagnostic = Diagnostic::new(Code::KeywordAsName, self.span(at), message!("keyword-as-name", word = word));
            return Some(diagnostic.help(message!("target-help")));
        }
        let is_keyword = !word.is_empty()
            && word.chars().all(char::is_alphabetic)
            && !matches!(self.token(at)?, Token::Name | Token::Scoped(_) | Token::Error | Token::RawText);
        is_keyword.then(|| keyword_as_name(word, self.span(at)))
    }

    /// Whether only a name can stand at the failing token.
    fn must_name(&self, first: Token) -> bool {
        // `for in list:` lacks its name.
        if self.token(self.at) == Some(Token::In) && self.token(self.at + 1) != Some(Token::In) {
            return false;
        }
        match self.before() {
            Some(Token::For | Token::Def | Token::Del) => true,
            Some(Token::Comma) if first == Token::For => !self.line[..self.at].iter().any(|token| token.1 == Token::In),
            Some(Token::OpenParen | Token::Comma) => first == Token::Def && self.open() == [2],
            _ => false,
        }
    }

    /// `if x = 5:`
    fn assignment_in_condition(&self, first: Token, found: Option<Token>) -> Option<Diagnostic> {
        if found != Some(Token::Assign) {
            return None;
        }
        let head = &self.line[..self.at.min(self.line.len())];
        let in_head = matches!(first, Token::If | Token::Elif | Token::While) && head_end(head).is_none();
        if !in_head && self.open().is_empty() {
            return None;
        }
        // `f(none=2)`
        if matches!(self.before(), Some(Token::True | Token::False | Token::None))
            && let Some(at) = self.at.checked_sub(2)
            && matches!(self.token(at), Some(Token::OpenParen | Token::Comma))
            && !in_head
        {
            return Some(keyword_as_name(self.text(at + 1), self.span(at + 1)));
        }
        let span = self.span(self.at);
        let inner = self.open().last().and_then(|open| self.token(*open));
        if !in_head && inner == Some(Token::OpenBrace) {
            return Some(
                Diagnostic::new(Code::UnexpectedToken, span, message!("equals-in-dict"))
                    .help(message!("write-help", code = format!("{}: ", self.text(self.at.saturating_sub(1)))))
                    .fix(span, ":"),
            );
        }
        Some(
            Diagnostic::new(Code::AssignmentInCondition, span, message!("equals-in-condition"))
                .help(message!("equals-in-condition-help"))
                .fix(span, "=="),
        )
    }

    /// `if(a, b, c) > 5:` and `if(...)` with too many or too few values.
    fn wrong_if(&self, first: Token, found: Option<Token>) -> Option<Diagnostic> {
        let is_if_call = |at: usize| self.token(at) == Some(Token::OpenParen) && at > 0 && self.token(at - 1) == Some(Token::If);
        if first == Token::If && self.token(1) == Some(Token::OpenParen) && found == Some(Token::Colon) && self.open().is_empty() {
            let condition = Span::new(self.span(0).start, self.span(self.at.saturating_sub(1)).end);
            let written = self.source.get(condition.range()).unwrap_or_default();
            return Some(
                Diagnostic::new(Code::BadIf, condition, message!("if-value-as-head"))
                    .help(message!("if-value-as-head-help", condition = written)),
            );
        }
        let inner = self.open().last().copied()?;
        let is_fourth = self.before() == Some(Token::Comma) && self.commas_since(inner) == 3;
        if is_if_call(inner)
            && (is_fourth || matches!(found, Some(Token::Comma | Token::CloseParen)) && self.before() != Some(Token::Comma))
        {
            let span = Span::new(self.span(inner - 1).start, self.span(self.at).end);
            return Some(Diagnostic::new(Code::BadIf, span, message!("if-takes")).help(message!("if-takes-help")));
        }
        None
    }

    /// How many commas stand directly inside a bracket, up to the failing token.
    fn commas_since(&self, bracket: usize) -> usize {
        let mut depth = 0_usize;
        let mut commas = 0;
        for token in &self.line[bracket + 1..self.at] {
            match token.1 {
                Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace => depth += 1,
                Token::CloseParen | Token::CloseBracket | Token::CloseBrace => depth = depth.saturating_sub(1),
                Token::Comma if depth == 0 => commas += 1,
                _ => {}
            }
        }
        commas
    }

    /// `x.upper()`
    fn method_call(&self, found: Option<Token>) -> Option<Diagnostic> {
        if found != Some(Token::Dot) {
            return None;
        }
        let name = self.text(self.at + 1);
        let start = self.start_of_operand(self.at)?;
        let object = self.source.get(self.span(start).start as usize..self.span(self.at).start as usize).unwrap_or_default();
        let is_name = self.token(self.at + 1) == Some(Token::Name);
        let span = Span::new(self.span(self.at).start, if is_name { self.span(self.at + 1).end } else { self.span(self.at).end });
        if is_name && self.token(self.at + 2) == Some(Token::OpenParen) {
            let more = if self.token(self.at + 3) == Some(Token::CloseParen) { "" } else { ", ..." };
            return Some(
                Diagnostic::new(Code::MethodCall, span, message!("functions-without-dot"))
                    .help(message!("write-help", code = format!("{name}({object}{more})"))),
            );
        }
        if is_name {
            return Some(
                Diagnostic::new(Code::MethodCall, span, message!("dot-reads-no-entry"))
                    .help(message!("entry-help", code = format!("{object}['{name}']"))),
            );
        }
        None
    }

    /// The first token of the operand that ends before a token.
    fn start_of_operand(&self, before: usize) -> Option<usize> {
        let mut at = before.checked_sub(1)?;
        let mut depth = 0_u32;
        loop {
            match self.token(at)? {
                Token::CloseParen | Token::CloseBracket | Token::CloseBrace => depth += 1,
                Token::OpenParen | Token::OpenBracket | Token::OpenBrace => {
                    depth = depth.checked_sub(1)?;
                    let callee = at
                        .checked_sub(1)
                        .filter(|callee| matches!(self.token(*callee), Some(Token::Name | Token::Scoped(_) | Token::CloseBracket)));
                    if depth == 0 && callee.is_none() {
                        return Some(at);
                    }
                }
                _ if depth == 0 => return Some(at),
                _ => {}
            }
            at = at.checked_sub(1)?;
        }
    }

    /// `=>`, `<>`
    fn foreign_comparison(&self, found: Option<Token>) -> Option<Diagnostic> {
        let meant = match (self.before()?, found?) {
            (Token::Assign, Token::Op(BinaryOp::Greater)) => ">=",
            (Token::Assign, Token::Op(BinaryOp::Less)) => "<=",
            (Token::Op(BinaryOp::Less), Token::Op(BinaryOp::Greater)) => "!=",
            _ => return None,
        };
        let span = self.span(self.at - 1).to(self.span(self.at));
        let text = self.source.get(span.range()).filter(|text| text.len() == 2)?;
        let diagnostic = Diagnostic::new(Code::UnexpectedToken, span, message!("not-a-comparison", sign = text));
        Some(diagnostic.help(message!("write-help", code = meant)).fix(span, meant))
    }

    /// `if x > 5` without `:`
    fn missing_colon(&self, first: Token, found: Option<Token>) -> Option<Diagnostic> {
        if !starts_block(first) || !self.open().is_empty() {
            return None;
        }
        let upto = &self.line[..self.at.min(self.line.len())];
        if head_end(upto).is_some() || self.at == 0 {
            return None;
        }
        let complete = self.before().is_some_and(ends_operand) || (self.before() == Some(Token::Else));
        let at_end = matches!(found, None | Some(Token::Newline));
        let is_statement = found.is_some_and(begins_statement)
            && (!matches!(found, Some(Token::Name | Token::Scoped(_)))
                || matches!(self.token(self.at + 1), Some(Token::Assign | Token::Augment(_) | Token::OpenParen | Token::OpenBracket)));
        if !(complete && (at_end || is_statement)) {
            return None;
        }
        let end = self.span(self.at - 1).end;
        let word = self.text(0);
        let last = self.source.floor_char_boundary((end as usize).saturating_sub(1));
        let last = u32::try_from(last).unwrap_or(end);
        let head = self.source.get(self.span(0).start as usize..end as usize).unwrap_or_default();
        Some(
            Diagnostic::new(Code::MissingColon, Span::new(last, end), message!("colon-missing", word = word))
                .help(message!("write-help", code = format!("{head}:")))
                .fix(Span::new(end, end), ":"),
        )
    }

    /// Something that begins a value directly after another value.
    fn two_in_a_row(&self, first: Token, found: Option<Token>) -> Option<Diagnostic> {
        let found = found?;
        if !begins_operand(found) || !self.before().is_some_and(ends_operand) {
            return None;
        }
        let span = self.span(self.at);
        if !self.open().is_empty() {
            return Some(
                Diagnostic::new(Code::UnexpectedToken, span, message!("comma-missing", found = self.shown(self.at)))
                    .help(message!("comma-missing-help")),
            );
        }
        if found == Token::Quoted || self.before() == Some(Token::Quoted) {
            return Some(
                Diagnostic::new(Code::UnexpectedToken, span, message!("operator-missing", found = self.shown(self.at)))
                    .help(message!("operator-missing-help")),
            );
        }
        let next = self.token(self.at + 1);
        let is_call = next == Some(Token::OpenParen);
        if matches!(found, Token::Name | Token::Scoped(_))
            && (matches!(next, Some(Token::Assign | Token::Augment(_))) || (is_call && self.before() != Some(Token::Name)))
        {
            let rest = &self.source[span.start as usize..];
            let statement: String = rest[..rest.find(['\n', ';']).unwrap_or(rest.len())].trim_end().chars().take(60).collect();
            let diagnostic = Diagnostic::new(Code::TwoStatements, span, message!("second-statement"))
                .help(message!("second-statement-help", statement = statement));
            // A lone word before it is no statement.
            return Some(if self.at > 1 { diagnostic.fix(Span::new(span.start, span.start), "; ") } else { diagnostic });
        }
        let equals = self.line.iter().position(|token| token.1 == Token::Assign)?;
        let words = self.line.get(equals + 1..self.at)?;
        let bare = |token: &Placed| matches!(token.1, Token::Name | Token::Integer | Token::Float | Token::Scoped(_) | Token::Sign(_));
        // Two numbers side by side may be anything.
        let has_word =
            words.iter().any(|token| matches!(token.1, Token::Name | Token::Scoped(_))) || matches!(found, Token::Name | Token::HashBrace);
        if matches!(first, Token::Name | Token::Scoped(_)) && !words.is_empty() && words.iter().all(bare) && has_word {
            let start = words[0].0;
            let rest = &self.source[start as usize..];
            let text = rest[..rest.find(['\n', ';']).unwrap_or(rest.len())].trim();
            let span = Span::new(start, start + u32::try_from(text.len()).unwrap_or(0));
            let quotes = quoted(text);
            return Some(
                Diagnostic::new(Code::UnquotedText, span, message!("text-without-quotes"))
                    .help(message!("write-help", code = &quotes))
                    .fix(span, quotes),
            );
        }
        None
    }

    /// `f(1)(2)`, `'a'(1)`
    fn not_callable(&self, found: Option<Token>) -> Option<Diagnostic> {
        if found != Some(Token::OpenParen) || !self.before().is_some_and(ends_operand) {
            return None;
        }
        Some(Diagnostic::new(Code::NotCallable, self.span(self.at), message!("not-callable")).help(message!("not-callable-help")))
    }

    /// What was found and what was expected.
    fn general(&self, expected: &[String]) -> Diagnostic {
        let wanted = wanted(expected);
        let found = self.shown(self.at);
        let message = if wanted.is_empty() {
            message!("does-not-belong", found = found)
        } else {
            message!("found-expected", found = found, expected = Argument::any(wanted))
        };
        let mut diagnostic = Diagnostic::new(Code::UnexpectedToken, self.span(self.at), message);
        if let Some(open) = self.open().last() {
            diagnostic = diagnostic.label(self.span(*open), message!("inside-bracket-label"));
        }
        match self.token(self.at) {
            Some(Token::Assign | Token::Augment(_)) => diagnostic.help(message!("target-help")),
            None | Some(Token::Newline | Token::Colon | Token::CloseParen)
                if self.before().is_some_and(|token| matches!(token, Token::Op(_) | Token::Sign(_))) =>
            {
                diagnostic.help(message!("value-after-operator-help"))
            }
            _ => diagnostic,
        }
    }

    fn shown(&self, at: usize) -> Argument {
        match self.token(at) {
            None if self.source[self.span(at).end as usize..].trim_start().starts_with('}') => Argument::from("`}`"),
            None | Some(Token::Newline | Token::Dedent) => Argument::from(message!("end-of-line")),
            Some(Token::Indent) => Argument::from(message!("indentation-here")),
            Some(_) => {
                let text = self.text(at);
                let short: String = text.chars().take(30).collect();
                Argument::from(format!("`{short}`"))
            }
        }
    }
}

fn ends_operand(token: Token) -> bool {
    matches!(
        token,
        Token::Name
            | Token::Scoped(_)
            | Token::Integer
            | Token::Float
            | Token::Quoted
            | Token::DynamicName
            | Token::Error
            | Token::True
            | Token::False
            | Token::None
            | Token::CloseParen
            | Token::CloseBracket
            | Token::CloseBrace
    )
}

fn begins_operand(token: Token) -> bool {
    matches!(
        token,
        Token::Name
            | Token::Scoped(_)
            | Token::Integer
            | Token::Float
            | Token::Quoted
            | Token::DynamicName
            | Token::HashBrace
            | Token::Error
            | Token::True
            | Token::False
            | Token::None
            | Token::OpenBrace
    )
}

fn begins_statement(token: Token) -> bool {
    begins_operand(token) || matches!(token, Token::Return | Token::Break | Token::Continue | Token::Pass | Token::Del | Token::Semicolon)
}

/// At most three things the grammar would have taken, in words.
fn wanted(expected: &[String]) -> Vec<Argument> {
    let mut words: Vec<Argument> = Vec::new();
    let mut add = |word: Argument| {
        if !words.contains(&word) {
            words.push(word);
        }
    };
    let has = |name: &str| expected.iter().any(|terminal| terminal.trim_matches('"') == name);
    if has("integer") {
        add(message!("expected-value").into());
    } else if has("name") {
        add(message!("expected-name").into());
    }
    for (terminal, word) in [
        (")", "`)`".into()),
        ("]", "`]`".into()),
        ("}", "`}`".into()),
        (":", "`:`".into()),
        (",", "`,`".into()),
        ("=", "`=`".into()),
        ("indent", message!("expected-block").into()),
        ("(", "`(`".into()),
        ("op", message!("expected-operator").into()),
        ("newline", message!("end-of-line").into()),
        ("else", "`else`".into()),
    ] {
        if has(terminal) && !(has("integer") && matches!(terminal, "(" | "else")) {
            add(word);
        }
    }
    // An operator could go on almost anywhere: it is worth saying only when nothing else is.
    if words.len() > 3 {
        words.retain(|word| *word != message!("expected-operator").into());
    }
    words.truncate(3);
    words
}

/// A bracket as it is written.
pub(in crate::syntax) fn spelling(token: Token) -> &'static str {
    match token {
        Token::OpenParen => "(",
        Token::CloseParen => ")",
        Token::OpenBracket => "[",
        Token::CloseBracket => "]",
        Token::OpenBrace => "{",
        Token::HashBrace => "#{",
        _ => "}",
    }
}
