//! What is wrong with a script, as data: a stable code, a message, a place, help and an optional fix.
//! Knows no syntax and draws nothing; `render` alone knows how a terminal shows it.

mod code;
pub mod reader;
pub mod render;
pub mod visible;

pub use code::{Code, Severity};

use crate::wording::Message;

/// A range of bytes of the source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes as a range of a Rust text.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A second place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: Message,
}

/// A change of the source that mends what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// What comes instead.
    pub replacement: String,
}

/// One thing that is wrong, or worth knowing, at one place of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable code; has a page in `docs/errors/`.
    pub code: Code,
    /// What was found and what was expected.
    pub message: Message,
    /// Where.
    pub span: Span,
    /// What to do about it.
    pub help: Option<Message>,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// A change that mends it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic with a message at a place.
    #[must_use]
    pub fn new(code: Code, span: Span, message: Message) -> Self {
        Self { code, message, span, help: None, labels: Vec::new(), fix: None }
    }

    /// With what to do about it.
    #[must_use]
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// With another place.
    #[must_use]
    pub fn label(mut self, span: Span, message: Message) -> Self {
        self.labels.push(Label { span, message });
        self
    }

    /// With a change that mends it.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// Its severity.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Whether it keeps the script from running, or ended it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}

/// What went wrong inside an operation that knows no place; whoever called it adds the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The stable code.
    pub code: Code,
    /// What was found and what was expected.
    pub message: Message,
    /// What to do about it.
    pub help: Option<Message>,
}

impl Fault {
    /// A fault without help.
    #[must_use]
    #[cold]
    pub fn new(code: Code, message: Message) -> Self {
        Self { code, message, help: None }
    }

    /// With what to do about it.
    #[must_use]
    #[cold]
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// The diagnostic of this fault at a place.
    #[must_use]
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic { code: self.code, message: self.message, span, help: self.help, labels: Vec::new(), fix: None }
    }
}

/// A longer word is not a slip of a finger, and comparing it would cost more than it can help.
const LONGEST_WORD: usize = 64;
/// Of so many candidates at most the closest is looked for.
const MOST_CANDIDATES: usize = 500;

/// How many letters must be changed, added, left out or swapped to make one word of another.
#[must_use]
pub fn edit_distance(word: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(word, other)
}

/// The closest of `candidates` to a misspelt `word`, when it is close enough to be meant; of several the same in every
/// process. Costs little, whatever the word and the candidates are.
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // No letter takes more than four bytes.
    if word.len() > 4 * LONGEST_WORD {
        return None;
    }
    let lower = word.to_lowercase();
    let length = lower.chars().count();
    if length > LONGEST_WORD {
        return None;
    }
    let most = match length {
        0..=2 => 1,
        3..=6 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.len() <= 4 * (length + most) && candidate.chars().count().abs_diff(length) <= most)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= most && *distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}
