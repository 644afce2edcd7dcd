//! Patterns as Python writes them, in the words of the library that searches: the few places where the two differ.

use std::str::Chars;

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

fn take(rest: &mut Chars<'_>, wanted: char) -> bool {
    let Some(after) = rest.as_str().strip_prefix(wanted) else { return false };
    *rest = after.chars();
    true
}

/// How many parts a pattern has when its numbers of repetitions are written out: `(ab){3}` has six.
#[must_use]
pub fn weight(pattern: &str) -> usize {
    // The weights of the groups that are open, each with that of its last part.
    let mut open = vec![(0_usize, 0_usize)];
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or_default();
        rest = after;
        let groups = open.len();
        let Some((whole, last)) = open.last_mut() else { break };
        match character {
            '\\' => {
                rest = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
                if !in_class {
                    (*whole, *last) = (whole.saturating_add(1), 1);
                }
            }
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '(' => open.push((0, 0)),
            ')' if groups > 1 => {
                let (group, _) = open.pop().unwrap_or_default();
                if let Some((whole, last)) = open.last_mut() {
                    (*whole, *last) = (whole.saturating_add(group), group);
                }
            }
            '{' if begins_repetition(after) => {
                let (inside, behind) = after.split_once('}').unwrap_or_default();
                let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
                let times = most.parse().or_else(|_| least.parse()).unwrap_or(1_usize).max(1);
                *whole = whole.saturating_add(last.saturating_mul(times - 1));
                *last = last.saturating_mul(times);
                rest = behind;
            }
            '*' | '+' | '?' | '|' => {}
            other => {
                in_class = other == '[';
                (*whole, *last) = (whole.saturating_add(1), 1);
            }
        }
    }
    open.iter().fold(0, |sum, (whole, _)| sum.saturating_add(*whole))
}

/// Whether what follows a `{` makes it a number of repetitions: `3}`, `3,}`, `,5}` or `3,5}`.
fn begins_repetition(rest: &str) -> bool {
    let Some((inside, _)) = rest.split_once('}') else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !matches!(inside, "" | ",") && digits(least) && digits(most)
}
