//! Patterns as Python writes them, in the words of the library that searches: the few places where the two differ.

use std::str::Chars;

use fancy_regex::{CompileError, Error, ParseError};

use crate::wording::{Message, message};

/// The same pattern for the library.
#[must_use]
pub fn from_python(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next() {
                // The very end; `\z` to the library, whose `\Z` is something else.
                Some('Z') => out.push_str("\\z"),
                // Characters that mean nothing in Python, something in the library, or are refused there.
                Some(plain) if "<>".contains(plain) || !plain.is_ascii() => out.push(plain),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '[' => {
                out.push('[');
                class(&mut rest, &mut out);
            }
            '{' if !begins_repetition(rest.as_str()) => out.push_str("\\{"),
            other => out.push(other),
        }
    }
    out
}

/// What the library says is wrong with a pattern, in the catalogue's words.
pub(super) fn problem(error: &Error) -> Message {
    match error {
        Error::ParseError(_, problem) => match problem {
            ParseError::UnclosedOpenParen => message!("pattern-bracket-open"),
            ParseError::InvalidRepeat | ParseError::TargetNotRepeatable => message!("pattern-repeats-nothing"),
            ParseError::RecursionExceeded => message!("pattern-too-deep"),
            ParseError::TrailingBackslash => message!("pattern-ends-in-backslash"),
            ParseError::InvalidEscape(escape) => message!("pattern-escape", escape = escape),
            ParseError::InvalidHex | ParseError::InvalidCodepointValue | ParseError::UnclosedUnicodeName => message!("pattern-hex"),
            ParseError::InvalidClass => message!("pattern-class"),
            ParseError::UnknownFlag(flag) => message!("pattern-flag", flag = flag),
            ParseError::ChangingUnicodeModeUnsupported => message!("pattern-flag-here"),
            ParseError::InvalidBackref | ParseError::InvalidGroupNameBackref(_) => message!("pattern-backreference"),
            ParseError::InvalidGroupName => message!("pattern-group-name"),
            ParseError::GeneralParseError(text) if text.starts_with("end of string") => message!("pattern-bracket-extra"),
            ParseError::GeneralParseError(text) if text.starts_with("expected close") => message!("pattern-bracket-open"),
            other => message!("pattern-otherwise", error = other.to_string()),
        },
        Error::CompileError(problem) => match &**problem {
            CompileError::InnerError(inner) if inner.syntax_error().is_some() => message!("pattern-class"),
            CompileError::InnerError(_) | CompileError::PatternTooComplex => message!("pattern-too-large"),
            CompileError::InvalidBackref(_) | CompileError::InvalidGroupNameBackref(_) | CompileError::SubroutineCallTargetNotFound(..) => {
                message!("pattern-backreference")
            }
            CompileError::InvalidGroupName => message!("pattern-group-name"),
            CompileError::LeftRecursiveSubroutineCall(_) | CompileError::NeverEndingRecursion => message!("pattern-recursion"),
            other => message!("pattern-otherwise", error = other.to_string()),
        },
        other => message!("pattern-otherwise", error = other.to_string()),
    }
}

/// The rest of a class `[...]`. Classes inside classes and `&&`, `--`, `~~` are the library's own, so all that means nothing
/// to Python gets a backslash.
fn class(rest: &mut Chars<'_>, out: &mut String) {
    if take(rest, '^') {
        out.push('^');
    }
    let mut is_first = true;
    while !rest.as_str().is_empty() && (is_first || !take(rest, ']')) {
        is_first = false;
        item(rest, out);
        if rest.as_str().starts_with('-') && !rest.as_str().starts_with("-]") && rest.as_str().len() > 1 {
            rest.next();
            out.push('-');
            item(rest, out);
        }
        if rest.as_str().is_empty() {
            // Not closed: the library says so.
            return;
        }
    }
    out.push(']');
}

/// One character of a class.
fn item(rest: &mut Chars<'_>, out: &mut String) {
    match rest.next() {
        Some('\\') => match rest.next() {
            Some(plain) if "<>".contains(plain) || !plain.is_ascii() => out.push(plain),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        },
        Some(special) if "[]&~-^".contains(special) => out.extend(['\\', special]),
        Some(other) => out.push(other),
        None => {}
    }
}

fn take(rest: &mut Chars<'_>, expected: char) -> bool {
    let Some(left) = rest.as_str().strip_prefix(expected) else { return false };
    *rest = left.chars();
    true
}

/// How large a pattern is when its numbers of repetitions are written out: `(ab){3}` has six parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Characters and classes.
    pub parts: usize,
    /// Those of them that stand for many thousand characters, such as `\w` and `[^,]`.
    pub classes: usize,
}

impl Weight {
    fn plus(self, other: Self) -> Self {
        Self { parts: self.parts.saturating_add(other.parts), classes: self.classes.saturating_add(other.classes) }
    }

    fn times(self, times: usize) -> Self {
        Self { parts: self.parts.saturating_mul(times), classes: self.classes.saturating_mul(times) }
    }
}

/// How large a pattern is.
#[must_use]
pub fn weight(pattern: &str) -> Weight {
    // The groups that are open: the weight of each, and that of its last part, which a repetition is about.
    let mut open = vec![(Weight::default(), Weight::default())];
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        let part = match character {
            '(' => {
                open.push(Default::default());
                continue;
            }
            ')' if open.len() > 1 => open.pop().unwrap_or_default().0,
            '*' | '+' | '?' | '|' => continue,
            '{' if begins_repetition(rest.as_str()) => {
                let (inside, behind) = rest.as_str().split_once('}').unwrap_or_default();
                let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
                let times = most.parse().or_else(|_| least.parse()).unwrap_or(1_usize).max(1);
                rest = behind.chars();
                if let Some((whole, last)) = open.last_mut() {
                    *whole = whole.plus(last.times(times - 1));
                    *last = last.times(times);
                }
                continue;
            }
            '\\' => Weight { parts: 1, classes: usize::from(rest.next().is_some_and(|letter| "wWdDsS".contains(letter))) },
            '[' => {
                let start = rest.as_str();
                class(&mut rest, &mut String::new());
                let inside = start.get(..start.len() - rest.as_str().len()).unwrap_or_default();
                let is_large = inside.starts_with('^') || ["\\w", "\\W", "\\D", "\\S"].iter().any(|class| inside.contains(class));
                Weight { parts: 1, classes: usize::from(is_large) }
            }
            _ => Weight { parts: 1, classes: 0 },
        };
        if let Some((whole, last)) = open.last_mut() {
            *whole = whole.plus(part);
            *last = part;
        }
    }
    open.iter().fold(Weight::default(), |sum, (whole, _)| sum.plus(*whole))
}

/// Whether what follows a `{` makes it a number of repetitions: `3}`, `3,}`, `,5}` or `3,5}`.
fn begins_repetition(rest: &str) -> bool {
    let Some((inside, _)) = rest.split_once('}') else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !matches!(inside, "" | ",") && digits(least) && digits(most)
}
