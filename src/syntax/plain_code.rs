//! When the vendor's dialect does not keep a broken right side as text, because it is plainly meant as code: a calculation
//! with a variable of the script in it, or with a date (language.md section 7).

use std::collections::HashSet;

use super::lexeme::{Lexed, Lexeme};
use super::{ParseOptions, mistakes, names, normal_form};

/// Longer text is not looked at.
const LONGEST: usize = 400;

/// Whether the right side of a `=` is plainly code; `value` are its lexemes, `set` the names that some line of the script sets.
pub(super) fn is_plain(source: &str, set: &HashSet<String>, value: &[Lexed], options: ParseOptions<'_>) -> bool {
    let (Some(first), Some(last)) = (value.first(), value.last()) else { return false };
    let written = source.get(first.start as usize..last.end as usize).unwrap_or_default();
    if written.len() > LONGEST || written.contains("://") {
        return false;
    }
    let value = RightSide { source, set, value, options };
    value.is_number_with_invisible() || value.is_date_and_number() || (!value.has_two_words() && value.calculates())
}

/// The names that some line of a script sets.
pub(super) fn set_names(source: &str, all: &[Lexed]) -> HashSet<String> {
    all.windows(2)
        .filter(|two| two[0].kind == Lexeme::Name && matches!(two[1].kind, Lexeme::Assign | Lexeme::AddAssign))
        .filter_map(|two| source.get(two[0].start as usize..two[0].end as usize))
        .map(|name| normal_form(name).into_owned())
        .collect()
}

struct RightSide<'a> {
    source: &'a str,
    set: &'a HashSet<String>,
    value: &'a [Lexed],
    options: ParseOptions<'a>,
}

impl<'a> RightSide<'a> {
    fn text(&self, at: usize) -> &'a str {
        self.value.get(at).and_then(|lexed| self.source.get(lexed.start as usize..lexed.end as usize)).unwrap_or_default()
    }

    fn kind(&self, at: usize) -> Option<Lexeme> {
        self.value.get(at).map(|lexed| lexed.kind)
    }

    /// Two words side by side are a sentence.
    fn has_two_words(&self) -> bool {
        let is_word = |at: usize| match self.kind(at) {
            Some(Lexeme::Name | Lexeme::Not) => true,
            Some(Lexeme::In) => self.kind(at + 1) != Some(Lexeme::OpenParen),
            _ => false,
        };
        (1..self.value.len()).any(|at| is_word(at - 1) && is_word(at))
    }

    /// Whether a sign of a calculation stands between operands of which one is surely a value of the script.
    fn calculates(&self) -> bool {
        let set = self.set;
        let is_known = |name: &str| {
            let name = normal_form(name);
            (self.options.is_variable)(&name) || set.contains(&*name)
        };
        // A name with a letter of another alphabet is known when the one that is meant is.
        let is_value = |at: usize| match self.kind(at) {
            Some(Lexeme::Name) => {
                let name = self.text(at);
                is_known(name) || names::in_one_alphabet(name).is_some_and(|meant| is_known(&meant) || set.contains(name))
            }
            Some(Lexeme::ClientName | Lexeme::ProjectName) => true,
            _ => false,
        };
        let is_operand = |at: usize| {
            is_value(at)
                || matches!(
                    self.kind(at),
                    Some(Lexeme::Integer | Lexeme::Float | Lexeme::BadNumber | Lexeme::Quoted | Lexeme::OpenParen | Lexeme::CloseParen)
                )
        };
        let is_call = |at: usize| {
            self.kind(at) == Some(Lexeme::Name)
                && (self.options.is_function)(self.text(at))
                && self.kind(at + 1) == Some(Lexeme::BadCharacter)
                && self.text(at + 1).starts_with('（')
        };
        (0..self.value.len()).any(|at| {
            if is_call(at) {
                return true;
            }
            let before = at.checked_sub(1).is_some_and(is_operand);
            match self.kind(at) {
                Some(kind) if is_sign(kind) => {}
                Some(Lexeme::In) => return before && self.kind(at + 1) == Some(Lexeme::OpenParen) && is_value(at - 1),
                Some(Lexeme::BadCharacter) if self.text(at) == "&" => {}
                Some(Lexeme::BadCharacter) => match mistakes::sign_meant(self.text(at)) {
                    Some(meant) if meant.trim_start().starts_with('^') => return before && is_value(at - 1),
                    Some(meant) if !meant.is_empty() && !meant.starts_with(|first: char| first.is_ascii_alphanumeric()) => {}
                    _ => return false,
                },
                _ => return false,
            }
            before && is_operand(at + 1) && (is_value(at - 1) || is_value(at + 1))
        })
    }

    /// `20.11.2026 + 3`, `9:30 + 15`
    fn is_date_and_number(&self) -> bool {
        let is_date = |text: &str| {
            let parts: Vec<&str> = text.split('.').collect();
            parts.len() == 3
                && parts[2].len() == 4
                && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let is_clock =
            matches!((self.kind(0), self.kind(1), self.kind(2)), (Some(Lexeme::Integer), Some(Lexeme::Colon), Some(Lexeme::Integer)))
                && self.text(0).len() <= 2
                && self.text(2).len() == 2;
        let sign = match self.kind(0) {
            Some(Lexeme::BadNumber) if is_date(self.text(0)) => 1,
            _ if is_clock => 3,
            _ => return false,
        };
        self.value.len() == sign + 2
            && matches!(self.kind(sign), Some(Lexeme::Plus | Lexeme::Minus))
            && self.kind(sign + 1) == Some(Lexeme::Integer)
    }

    /// A number that nobody sees is broken: `1` and `000` with a space of no width between them.
    fn is_number_with_invisible(&self) -> bool {
        self.value.len() > 1
            && self.value.iter().all(|lexed| matches!(lexed.kind, Lexeme::Integer | Lexeme::Float | Lexeme::BadNumber))
            && self.value.windows(2).all(|two| {
                let between = self.source.get(two[0].end as usize..two[1].start as usize).unwrap_or_default();
                !between.is_empty() && between.chars().all(super::invisible::has_no_width)
            })
    }
}

/// Whether a lexeme calculates or compares.
fn is_sign(kind: Lexeme) -> bool {
    matches!(
        kind,
        Lexeme::Plus
            | Lexeme::Minus
            | Lexeme::Star
            | Lexeme::Slash
            | Lexeme::DoubleSlash
            | Lexeme::Power
            | Lexeme::Equal
            | Lexeme::NotEqual
            | Lexeme::LessEqual
            | Lexeme::GreaterEqual
    )
}
