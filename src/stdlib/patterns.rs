//! Patterns (regular expressions) and likeness of texts (builtins.md, "Text").

use std::cell::RefCell;
use std::collections::HashMap;

use fancy_regex::{Error, Regex, RegexBuilder};

use super::timed_search::{SearchStop, TimedText};
use crate::builtins;
use crate::diagnostic::{Code, Fault};
use crate::function::{CallError, CallResult, Context, Whole, deadline};
use crate::stdlib::pattern;
use crate::value::operators::range::position;
use crate::value::{Text, Value};
use crate::wording::{Message, message};

builtins! {
    /// Searching with patterns, and texts that are nearly the same.
    pub static PATTERNS: General "patterns" = {
        /// All parts of a text that fit a pattern, or one of them.
        ///
        /// Patterns are written as in Python. With one group in brackets the result has what is in the group, with several
        /// a list for each match. With `index` it is that one match, `None` when there are not so many.
        ///
        /// ```calc
        /// findall("(\d+) руб", "от 100 руб до 250 руб") # => ["100", "250"]
        /// ```
        vendor fn findall(
            context, pattern: Text => "the pattern", s: Text => "the text that is searched", index: Option<Whole> = "all" => "which match",
        ) -> Value {
            let regex = compiled(&pattern)?;
            if pattern::weight(&pattern).parts.saturating_mul(s.len()) > MOST_WORK {
                return Err(too_slow(context));
            }
            let last = index.and_then(|index| usize::try_from(index.0).ok());
            let found = matches(context, &regex, &s, last)?;
            Ok(match index {
                None => found.into(),
                Some(index) => position(found.len(), index.0).and_then(|at| found.into_iter().nth(at)).into(),
            })
        }

        /// Whether two texts are nearly the same: less than 30 % of their letters differ.
        ///
        /// Capital and small letters do not differ. A letter that was put in or left out counts once, one in place of
        /// another twice, of the letters of both texts together.
        ///
        /// ```calc
        /// similar("привет", "првед") # => True
        /// ```
        vendor fn similar(context, a: Text => "one text", b: Text => "the other one") -> bool {
            context.check_memory((a.len() + b.len()).saturating_mul(32))?;
            let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
            let total = a.len() + b.len();
            // 1 - distance / total > 0.7, and the distance is the total without what both have in common.
            let enough = |common: usize| total == 0 || common * 20 > total * 7;
            Ok(enough(a.len().min(b.len())) && enough(longest_common(context, &a, &b)?))
        }
    }
}

/// The longest pattern, in bytes.
const LONGEST: usize = 10_000;
/// How much memory the tables of one pattern may take.
const TABLES: usize = 10 << 20;
/// How many characters and classes a pattern may have with its repetitions written out, and how many large classes such as
/// `\w`: to get these ready takes about 100 ms.
const MOST_PARTS: usize = 20_000;
const MOST_CLASSES: usize = 300;
/// How many patterns are kept ready on a thread.
const KEPT: usize = 64;
/// How many steps a pattern may take back in one search: the clock ends it long before.
const STEPS_BACK: usize = 100_000_000;
/// How many bytes of text times parts of a pattern are searched: this takes about 100 ms where the clock cannot be asked.
const MOST_WORK: usize = 300_000_000;

/// The patterns that are ready on this thread. Scripts use few; those of a host's many scripts come again soon enough.
#[derive(Default)]
struct Ready {
    regexes: HashMap<Text, Regex, foldhash::fast::RandomState>,
    classes: usize,
}

thread_local! {
    static READY: RefCell<Ready> = RefCell::default();
}

/// The pattern ready to search with.
fn compiled(pattern: &Text) -> CallResult<Regex> {
    if let Some(regex) = READY.with_borrow(|ready| ready.regexes.get(pattern).cloned()) {
        return Ok(regex);
    }
    if pattern.len() > LONGEST {
        return Err(CallError::argument("pattern", message!("pattern-too-long", limit = LONGEST, length = pattern.len())));
    }
    let weight = pattern::weight(pattern);
    if weight.parts > MOST_PARTS || weight.classes > MOST_CLASSES {
        return Err(no_pattern(pattern, message!("pattern-too-large")));
    }
    let regex = RegexBuilder::new(&pattern::from_python(pattern))
        .backtrack_limit(STEPS_BACK)
        .delegate_size_limit(TABLES)
        .delegate_dfa_size_limit(TABLES / 5)
        .max_prog_size(LONGEST * 10)
        .build()
        .map_err(|error| bad_pattern(pattern, &error))?;
    READY.with_borrow_mut(|ready| {
        // Large classes are nearly all of the memory that a pattern takes.
        if ready.regexes.len() >= KEPT || ready.classes + weight.classes > 2 * MOST_CLASSES {
            *ready = Ready::default();
        }
        ready.classes += weight.classes;
        ready.regexes.insert(pattern.clone(), regex.clone());
    });
    Ok(regex)
}

fn bad_pattern(pattern: &Text, error: &Error) -> Box<CallError> {
    no_pattern(pattern, pattern::problem(error))
}

fn no_pattern(pattern: &Text, reason: Message) -> Box<CallError> {
    CallError::argument_with_help(
        "pattern",
        message!("not-a-pattern", pattern = pattern.chars().take(60).collect::<String>(), reason = reason),
        message!("not-a-pattern-help"),
    )
}

/// What a pattern finds, as Python's `findall` returns it; stops after the match with the number `last`.
fn matches(context: &Context<'_>, regex: &Regex, text: &str, last: Option<usize>) -> CallResult<Vec<Value>> {
    let timed = TimedText::new(text, deadline(context.limits().pattern));
    let groups = regex.captures_len();
    let mut found = Vec::new();
    let mut at = 0;
    while at <= text.len() && last.is_none_or(|last| found.len() <= last) {
        if found.len() % 64 == 0 {
            context.check_memory(found.len() * size_of::<Value>())?;
            context.check_time()?;
        }
        let captures = timed.search(regex, at).map_err(|stopped| match stopped {
            SearchStop::TimeOver => too_slow(context),
            SearchStop::Failed(reason) => CallError::argument("pattern", message!("pattern-fails", reason = reason)),
        })?;
        let Some(captures) = captures else { break };
        let group = |number: usize| Value::from(captures.get(number).and_then(|range| text.get(range)).unwrap_or_default());
        found.push(match groups {
            1 => group(0),
            2 => group(1),
            _ => (1..groups).map(group).collect(),
        });
        let Some(whole) = captures.get(0) else { break };
        at = if whole.is_empty() { next_character(text, whole.end) } else { whole.end };
    }
    Ok(found)
}

/// The position of the character after the one at a position.
fn next_character(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

#[cold]
fn too_slow(context: &Context<'_>) -> Box<CallError> {
    let limit = context.limits().pattern.as_millis();
    let fault = Fault::new(Code::PatternLimit, message!("pattern-limit", limit = limit.to_string()));
    Box::new(fault.help(message!("pattern-limit-help"))).into()
}

/// How many characters the longest common subsequence of two texts has: Hyyrö's bit-parallel algorithm, which keeps one bit
/// for each character of `a` and looks only at words in which something changes.
fn longest_common(context: &Context<'_>, a: &[char], b: &[char]) -> CallResult<usize> {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(start..).unwrap_or_default(), b.get(start..).unwrap_or_default());
    let mut places: HashMap<char, Vec<(usize, u64)>, foldhash::fast::RandomState> = HashMap::default();
    for (index, character) in a.iter().enumerate() {
        let (word, bit) = (index / 64, 1_u64 << (index % 64));
        let words = places.entry(*character).or_default();
        match words.last_mut() {
            Some((last, bits)) if *last == word => *bits |= bit,
            _ => words.push((word, bit)),
        }
    }
    let mut rows = vec![u64::MAX; a.len().div_ceil(64)];
    for character in b {
        let Some(words) = places.get(character) else { continue };
        context.work((words.len() + rows.len()) as u64)?;
        // Every word adds at most one to the next one; where nothing is added and no bit is set, nothing changes.
        let mut carried_to = None;
        for &(word, bits) in words {
            while let Some(next) = carried_to.filter(|next| *next < word) {
                carried_to = carry(&mut rows, next);
            }
            let Some(row) = rows.get_mut(word) else { break };
            let set = *row & bits;
            let kept = *row & !bits;
            let (sum, over) = row.overflowing_add(set);
            let (sum, over_again) = sum.overflowing_add(u64::from(carried_to == Some(word)));
            *row = sum | kept;
            carried_to = (over || over_again).then_some(word + 1);
        }
        while let Some(next) = carried_to {
            carried_to = carry(&mut rows, next);
        }
    }
    // The bits above the last character of `a` were never cleared for good: only those below count.
    let common = rows.iter().enumerate().map(|(word, row)| {
        let used = (a.len() - word * 64).min(64);
        let mask = if used == 64 { u64::MAX } else { (1 << used) - 1 };
        usize::try_from((!row & mask).count_ones()).unwrap_or(0)
    });
    Ok(start + common.sum::<usize>())
}

/// Adds one to a word in which no character fits; the word that the carry goes to, if it does.
fn carry(rows: &mut [u64], word: usize) -> Option<usize> {
    let row = rows.get_mut(word)?;
    let before = *row;
    let (sum, over) = before.overflowing_add(1);
    *row = sum | before;
    over.then_some(word + 1)
}
