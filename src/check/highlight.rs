//! What the tokens of a file are, for editors that colour them.

use super::Unit;
use super::names::{Owner, Use};
use crate::diagnostic::Span;
use crate::syntax::token::Token;
use crate::syntax::trivia::comments;

/// A class of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is called by what it is")]
pub enum Class {
    Comment,
    Keyword,
    Text,
    Number,
    Operator,
    Function,
    Variable,
    Parameter,
}

impl Class {
    /// Every class, in the order of their numbers.
    pub const ALL: &[Self] =
        &[Self::Comment, Self::Keyword, Self::Text, Self::Number, Self::Operator, Self::Function, Self::Variable, Self::Parameter];
}

/// The classes of a file in the order of their places; no two overlap.
#[must_use]
pub fn highlight(unit: &Unit) -> Vec<(Span, Class)> {
    let names: Vec<(Span, Class)> = unit.names().iter().map(|name| (name.span, class_of_name(name.owner, name.usage))).collect();
    let mut found: Vec<(Span, Class)> = names.clone();
    let tokens = &unit.calculator.tokens;
    for (start, token, end) in tokens {
        let span = Span::new(*start, *end);
        let Some(class) = class_of_token(*token).filter(|_| start < end) else { continue };
        if class != Class::Text {
            found.push((span, class));
            continue;
        }
        // Names inside a text have a class of their own.
        let first = names.partition_point(|(name, _)| name.start < span.start);
        let mut from = span.start;
        for (name, _) in names[first..].iter().take_while(|(name, _)| name.end <= span.end) {
            if from < name.start {
                found.push((Span::new(from, name.start), Class::Text));
            }
            from = from.max(name.end);
        }
        if from < span.end {
            found.push((Span::new(from, span.end), Class::Text));
        }
    }
    let calculator = &unit.text()[..unit.calculator_end()];
    found.extend(comments(calculator, tokens).into_iter().map(|comment| (comment.span, Class::Comment)));
    found.sort();
    found.dedup_by(|second, first| second.0.start < first.0.end);
    found
}

fn class_of_name(owner: Owner, usage: Use) -> Class {
    match (owner, usage) {
        (Owner::Defined | Owner::Builtin, _) => Class::Function,
        (Owner::Function(_), Use::Parameter) => Class::Parameter,
        _ => Class::Variable,
    }
}

fn class_of_token(token: Token) -> Option<Class> {
    Some(match token {
        Token::If | Token::Elif | Token::Else | Token::For | Token::In | Token::While | Token::Break | Token::Continue | Token::Pass => {
            Class::Keyword
        }
        Token::Def | Token::Return | Token::Del | Token::Not | Token::True | Token::False | Token::None => Class::Keyword,
        Token::Integer | Token::Float => Class::Number,
        Token::Quoted | Token::RawText => Class::Text,
        Token::Sign(_) | Token::Op(_) | Token::Assign | Token::Augment(_) => Class::Operator,
        _ => return None,
    })
}
