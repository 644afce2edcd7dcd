//! Searching texts with patterns (regular expressions) within the limits of a run.

use std::cell::RefCell;
use std::collections::HashMap;

use fancy_regex::{Regex, RegexBuilder};

use super::pattern;
use super::timed_search::{SearchStop, TimedText};
use crate::diagnostic::{Code, Fault};
use crate::function::{CallError, CallResult, Context, deadline};
use crate::value::{Text, Value};
use crate::wording::{Message, message};

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

/// A pattern that is ready to search with.
#[derive(Debug)]
pub struct Pattern {
    regex: Regex,
    /// Characters and classes.
    parts: usize,
}

impl Pattern {
    /// Gets a pattern ready, or takes the one that is ready.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(pattern: &Text) -> Result<Self, Box<Fault>> {
        Ok(Self { regex: compiled(pattern)?, parts: pattern::weight(pattern).parts })
    }

    /// All that it finds, as Python's `findall` returns it; stops after the match with the number `last`.
    ///
    /// # Errors
    /// When it takes too long, or the library fails.
    pub fn find_all(&self, context: &Context<'_>, text: &str, last: Option<usize>) -> CallResult<Vec<Value>> {
        self.check_work(context, text)?;
        matches(context, &self.regex, text, last)
    }

    /// Whether it finds anything.
    ///
    /// # Errors
    /// When it takes too long, or the library fails.
    pub fn is_found(&self, context: &Context<'_>, text: &str) -> CallResult<bool> {
        self.check_work(context, text)?;
        let timed = TimedText::new(text, deadline(context.limits().pattern));
        Ok(timed.search(&self.regex, 0).map_err(|stopped| failed(context, stopped))?.is_some())
    }

    fn check_work(&self, context: &Context<'_>, text: &str) -> CallResult<()> {
        if self.parts.saturating_mul(text.len()) > MOST_WORK { Err(too_slow(context)) } else { Ok(()) }
    }
}

#[cold]
fn failed(context: &Context<'_>, stopped: SearchStop) -> Box<CallError> {
    match stopped {
        SearchStop::TimeOver => too_slow(context),
        SearchStop::Failed(reason) => CallError::argument("pattern", message!("pattern-fails", reason = reason)),
    }
}

/// The regular expression of a pattern.
fn compiled(pattern: &Text) -> Result<Regex, Box<Fault>> {
    if let Some(regex) = READY.with_borrow(|ready| ready.regexes.get(pattern).cloned()) {
        return Ok(regex);
    }
    if pattern.len() > LONGEST {
        return Err(Box::new(Fault::new(Code::BadArgument, message!("pattern-too-long", limit = LONGEST, length = pattern.len()))));
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
        .map_err(|error| no_pattern(pattern, pattern::problem(&error)))?;
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

#[cold]
fn no_pattern(pattern: &Text, reason: Message) -> Box<Fault> {
    let shown = pattern.chars().take(60).collect::<String>();
    let fault = Fault::new(Code::BadArgument, message!("not-a-pattern", pattern = shown, reason = reason));
    Box::new(fault.help(message!("not-a-pattern-help")))
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
        let captures = timed.search(regex, at).map_err(|stopped| failed(context, stopped))?;
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
