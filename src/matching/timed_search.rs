//! A text that is searched under a time limit. The library that searches has no clock, so the text it looks at has one: when
//! the time is over, the search is unwound from there.

use std::cell::Cell;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

use fancy_regex::{Captures, Input, Regex};

use super::pattern;
use crate::wording::{Message, message};

/// A text with the instant at which searching it must end.
pub(super) struct TimedText<'t> {
    text: &'t str,
    deadline: Instant,
    looks: Cell<u32>,
}

/// Why a search has no answer.
pub(super) enum SearchStop {
    /// Its time was over.
    TimeOver,
    /// The library failed.
    Failed(Message),
}

/// What unwinds a search; never seen outside.
struct TimeOver;

/// The clock is asked once in so many looks at the text.
const LOOKS: u32 = 32;

impl<'t> TimedText<'t> {
    pub(super) fn new(text: &'t str, deadline: Instant) -> Self {
        Self { text, deadline, looks: Cell::new(0) }
    }

    /// The first match from some position on.
    pub(super) fn search(&self, regex: &Regex, from: usize) -> Result<Option<Captures<'_, Self>>, SearchStop> {
        if Instant::now() >= self.deadline {
            return Err(SearchStop::TimeOver);
        }
        // Nothing that a search leaves half done is used again: the library takes its scratch space afresh.
        match catch_unwind(AssertUnwindSafe(|| regex.captures_from_pos(self, from))) {
            Ok(Ok(captures)) => Ok(captures),
            Ok(Err(fancy_regex::Error::RuntimeError(_))) => Err(SearchStop::TimeOver),
            Ok(Err(error)) => Err(SearchStop::Failed(pattern::problem(&error))),
            Err(thrown) if thrown.is::<TimeOver>() => Err(SearchStop::TimeOver),
            Err(_) => Err(SearchStop::Failed(message!("pattern-search-broke-off"))),
        }
    }

    fn look(&self) {
        let looks = self.looks.get().wrapping_add(1);
        self.looks.set(looks);
        if looks.is_multiple_of(LOOKS) && Instant::now() >= self.deadline {
            resume_unwind(Box::new(TimeOver));
        }
    }
}

impl Input for TimedText<'_> {
    type Match<'m>
        = Range<usize>
    where
        Self: 'm;

    fn len(&self) -> usize {
        self.text.len()
    }

    fn as_bytes(&self) -> &[u8] {
        self.look();
        self.text.as_bytes()
    }

    fn is_char_boundary(&self, ix: usize) -> bool {
        self.text.is_char_boundary(ix)
    }

    fn is_ascii(&self) -> bool {
        self.text.is_ascii()
    }

    fn prev_codepoint_ix(&self, i: usize) -> usize {
        self.look();
        self.text.floor_char_boundary(i.saturating_sub(1))
    }

    fn make_match(&self, start: usize, end: usize) -> Range<usize> {
        start..end
    }

    fn advance_position(&self, i: usize) -> usize {
        i + self.text.get(i..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    }
}
