//! Slips of who knows the language: a misspelt keyword, a `for` without `in`, half of a comparison left out, a comma for
//! `and` or `;`, a list that is counted up in round brackets.

use super::line::{Line, Repair};
use crate::diagnostic::{Code, Span, edit_distance};
use crate::syntax::lexeme::Lexeme;
use crate::syntax::names;
use crate::wording::message;

/// Keywords that begin a line.
const HEADS: &[&str] = &["if", "elif", "else", "for", "while", "def", "return"];

/// `esle:`, `whlie x < 5:`, `retrun x`
pub(super) fn misspelt_keyword(line: &Line<'_>) -> Option<Repair> {
    if !line.is_word(0) || matches!(line.kind(1), None | Some(Lexeme::Assign | Lexeme::Dot | Lexeme::OpenBracket)) {
        return None;
    }
    let word = line.text(0);
    // A letter of another alphabet is no slip of the finger.
    if names::latin(word).is_some() {
        return None;
    }
    let ends_in_colon = line.is(line.len() - 1, Lexeme::Colon);
    let is_slip = |keyword: &&&str| {
        let is_long = word.chars().count() >= 3 || word == "fi";
        let can_be = ends_in_colon || (**keyword == "return" && line.len() > 1 && !line.is(1, Lexeme::OpenParen));
        is_long && can_be && edit_distance(&word.to_lowercase(), keyword) == 1
    };
    let span = line.span(0);
    HEADS.iter().filter(is_slip).find_map(|keyword| {
        let edits = vec![(span, (*keyword).to_owned())];
        let message = message!("misspelt-keyword", word = word, meant = *keyword);
        if line.parses(&edits) { Repair::certain(Code::UnexpectedToken, span, message, edits) } else { None }
    })
}

/// `for x list:`, `for x on list:`
pub(super) fn for_without_in(line: &Line<'_>) -> Option<Repair> {
    let has_in = (1..line.len()).any(|at| line.is(at, Lexeme::In));
    if !line.is(0, Lexeme::For) || !line.is_word(1) || has_in {
        return None;
    }
    // A short word between the name and what is walked over stands for `in`.
    let is_short = line.is_word(2) && line.text(2).chars().count() <= 2 && !line.is(3, Lexeme::OpenParen) && line.len() > 4;
    let end = line.span(1).end;
    let edit = if is_short { (line.span(2), "in".to_owned()) } else { (Span::new(end, end), " in".to_owned()) };
    let span = if is_short { line.span(2) } else { line.span(1) };
    Repair::certain(Code::UnexpectedToken, span, message!("for-without-in"), vec![edit])
}

/// `if x > 5 and < 10:`
pub(super) fn missing_left(line: &Line<'_>) -> Option<Repair> {
    let is_comparison = |at: usize| {
        matches!(
            line.kind(at),
            Some(Lexeme::Less | Lexeme::LessEqual | Lexeme::Greater | Lexeme::GreaterEqual | Lexeme::Equal | Lexeme::NotEqual)
        )
    };
    let at = (2..line.len()).find(|at| matches!(line.kind(*at), Some(Lexeme::And | Lexeme::Or)) && is_comparison(*at + 1))?;
    let before = (1..at).rev().find(|at| is_comparison(*at))?;
    let (left, right) = (line.operand_start(before - 1)?, before + 1);
    // Of `5 < x and < 10` the variable is meant.
    let value = if line.is_word(left) || !line.is_word(right) { line.at(line.spans(left, before - 1)) } else { line.text(right) };
    let end = line.span(at).end;
    Repair::likely(
        Code::UnexpectedToken,
        line.spans(at, at + 1),
        message!("comparison-without-left", operator = line.text(at)),
        vec![(Span::new(end, end), format!(" {value}"))],
    )
}

/// `if x > 5, y == 1:`, `if answer == 'yes', 'ok':`
pub(super) fn comma_in_condition(line: &Line<'_>) -> Option<Repair> {
    let commas = line.separators(Lexeme::Comma);
    let first = *commas.first()?;
    if !matches!(line.kind(0), Some(Lexeme::If | Lexeme::Elif | Lexeme::While)) || !line.is(line.len() - 1, Lexeme::Colon) {
        return None;
    }
    let is_literal = |at: usize| matches!(line.kind(at), Some(Lexeme::Quoted | Lexeme::Integer | Lexeme::Float));
    let colon = line.len() - 1;
    let message = message!("comma-in-condition");
    let equal = (1..first).rev().find(|at| line.is(*at, Lexeme::Equal));
    if let Some(equal) = equal.filter(|equal| *equal + 2 == first && (equal + 1..colon).all(|at| is_literal(at) || commas.contains(&at))) {
        let list = format!("in [{}]", line.at(line.spans(equal + 1, colon - 1)));
        return Repair::certain(Code::UnexpectedToken, line.span(first), message, vec![(line.spans(equal, colon - 1), list)]);
    }
    let edits = commas.iter().map(|comma| (line.span(*comma), " and".to_owned())).collect();
    Repair::likely(Code::UnexpectedToken, line.span(first), message, edits)
}

/// `x = 5, y = 6`
pub(super) fn comma_between_statements(line: &Line<'_>) -> Option<Repair> {
    let commas = line.separators(Lexeme::Comma);
    let first = *commas.first()?;
    let is_literal =
        |at: usize| matches!(line.kind(at), Some(Lexeme::Quoted | Lexeme::Integer | Lexeme::Float | Lexeme::True | Lexeme::False));
    let is_each = line.is_word(0)
        && line.is(1, Lexeme::Assign)
        && commas.iter().all(|comma| is_literal(comma - 1) && line.is_word(comma + 1) && line.is(comma + 2, Lexeme::Assign));
    if !is_each {
        return None;
    }
    let edits = commas.iter().map(|comma| (line.span(*comma), ";".to_owned())).collect();
    Repair::certain(Code::TwoStatements, line.span(first), message!("comma-between-statements"), edits)
}

/// `sum(x['price'] for x in goods)`, `x = (i for i in list)`
pub(super) fn generator(line: &Line<'_>) -> Option<Repair> {
    let at = (2..line.len()).find(|at| line.is(*at, Lexeme::For) && line.ends_operand(*at - 1))?;
    let open = (0..at).rev().find(|open| {
        matches!(line.kind(*open), Some(Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace))
            && line.closing(*open).is_none_or(|close| close > at)
    })?;
    if !line.is(open, Lexeme::OpenParen) {
        return None;
    }
    let close = line.closing(open)?;
    let is_call = open > 0 && (line.is_word(open - 1) || line.is(open - 1, Lexeme::If));
    let edits = if is_call {
        let start = line
            .inside(open, Lexeme::Comma)
            .into_iter()
            .rfind(|comma| *comma < at)
            .map_or(line.span(open).end, |comma| line.span(comma + 1).start);
        let end = line.span(close).start;
        vec![(Span::new(start, start), "[".to_owned()), (Span::new(end, end), "]".to_owned())]
    } else {
        vec![(line.span(open), "[".to_owned()), (line.span(close), "]".to_owned())]
    };
    Repair::certain(Code::UnexpectedToken, line.spans(open, close), message!("generator"), edits)
}

/// `set_note: 'text'`, `set_note{'text'}`
pub(super) fn other_brackets(line: &Line<'_>) -> Option<Repair> {
    let name = line.text(0);
    if !line.is_word(0) || !line.is_function(name) || line.len() < 3 {
        return None;
    }
    let last = if line.is(line.len() - 1, Lexeme::Semicolon) { line.len() - 2 } else { line.len() - 1 };
    let (from, to) = match line.kind(1) {
        Some(Lexeme::Colon) => (2, last),
        Some(Lexeme::OpenBrace) if line.closing(1) == Some(last) && last > 2 => (2, last - 1),
        _ => return None,
    };
    let call = format!("{name}({})", line.at(line.spans(from, to)));
    Repair::certain(
        Code::MissingBrackets,
        line.span(0),
        message!("arguments-need-brackets", function = name),
        vec![(line.spans(0, last), call)],
    )
}

/// `goods.0`, which is `goods[0]`.
pub(super) fn item_with_dot(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| {
        line.is(*at, Lexeme::Float)
            && line.is_word(*at - 1)
            && line.touch(*at - 1)
            && line.text(*at).strip_prefix('.').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    })?;
    let item = format!("[{}]", &line.text(at)[1..]);
    Repair::likely(Code::MethodCall, line.spans(at - 1, at), message!("dot-reads-no-entry"), vec![(line.span(at), item)])
}

/// `x = #{{name}}` inside a `#{}`: a set of braces too many.
pub(super) fn braces_twice(line: &Line<'_>) -> Option<Repair> {
    let last = line.len().checked_sub(1)?;
    if line.len() != 3 || !line.is(0, Lexeme::OpenBrace) || !line.is(last, Lexeme::CloseBrace) || !line.is_word(1) {
        return None;
    }
    let name = line.text(1);
    let before = line.source.get(..line.start() as usize)?;
    if !before.ends_with("#{") {
        return None;
    }
    Repair::certain(Code::ForeignPlaceholder, line.whole(), message!("braces-twice"), vec![(line.whole(), name.to_owned())])
        .map(|repair| repair.help(message!("write-help", code = format!("#{{{name}}}"))))
}

/// `#{budget|round}` of a template
pub(super) fn filter(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| {
        line.is(*at, Lexeme::BadCharacter)
            && line.text(*at) == "|"
            && line.ends_operand(*at - 1)
            && line.is_word(*at + 1)
            && line.is_function(line.text(*at + 1))
            && !line.is(*at + 2, Lexeme::OpenParen)
    })?;
    let start = line.operand_start(at - 1)?;
    let call = format!("{}({})", line.text(at + 1), line.at(line.spans(start, at - 1)));
    let message = message!("written-here", written = line.at(line.spans(start, at + 1)), meant = &call);
    Repair::certain(Code::ForeignOperator, line.span(at), message, vec![(line.spans(start, at + 1), call)])
}
