//! Expectations of a test file: a comparison inside `expect(...)` is given to the runner side by side, so that a failure
//! can show what was found and what was expected. The text is changed in place, byte for byte, so every place stays.

use calc::engine::{ComparedCall, Engine};
use calc::{Span, Value, surface};

/// A comparison between the two sides of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
}

impl Comparison {
    pub const ALL: [Self; 8] =
        [Self::Equal, Self::NotEqual, Self::Less, Self::LessEqual, Self::Greater, Self::GreaterEqual, Self::In, Self::NotIn];

    fn of(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|comparison| comparison.sign() == sign)
    }

    /// The function that takes both sides: as long as `expect`, whose place it takes.
    pub fn function(self) -> &'static str {
        match self {
            Self::Equal => "_ex_eq",
            Self::NotEqual => "_ex_ne",
            Self::Less => "_ex_lt",
            Self::LessEqual => "_ex_le",
            Self::Greater => "_ex_gt",
            Self::GreaterEqual => "_ex_ge",
            Self::In => "_ex_in",
            Self::NotIn => "_ex_ni",
        }
    }

    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }

    /// Whether it holds, by the rules of the language.
    pub fn holds(self, left: &Value, right: &Value) -> bool {
        let order = || left.order(right);
        match self {
            Self::Equal => left.equals(right),
            Self::NotEqual => !left.equals(right),
            Self::Less => order().is_some_and(std::cmp::Ordering::is_lt),
            Self::LessEqual => order().is_some_and(std::cmp::Ordering::is_le),
            Self::Greater => order().is_some_and(std::cmp::Ordering::is_gt),
            Self::GreaterEqual => order().is_some_and(std::cmp::Ordering::is_ge),
            Self::In => right.contains(left),
            Self::NotIn => !right.contains(left),
        }
    }
}

/// The variable that says which test of a file is to run.
pub const WANTED: &str = "_test_to_run";

/// A test file, ready to be compiled.
pub struct Prepared {
    /// The text, as long as the file, with comparisons taken apart.
    pub text: String,
    /// The same, with a call of the test that is wanted behind it.
    pub runnable: String,
    /// The functions that are tests, in the order of the file.
    pub tests: Vec<String>,
    /// Expectations that compare a reply with a text that stands there: where the reply and where the text is.
    pub blessable: Vec<Blessable>,
}

/// An expected message that can be written again.
#[derive(Clone, Copy, Debug)]
pub struct Blessable {
    /// Where the left side begins, by which failures name their place.
    pub left: u32,
    /// The quoted text.
    pub text: Span,
}

/// Prepares a test file. One that does not parse stays as it is: compiling it says what is wrong.
pub fn prepare(source: &str, engine: &Engine) -> Prepared {
    let mut prepared = Prepared { text: source.to_owned(), runnable: source.to_owned(), tests: Vec::new(), blessable: Vec::new() };
    let Some(survey) = engine.survey(source, "expect") else { return prepared };
    let tests = survey.functions.into_iter().filter(|function| function.name.starts_with("test_") && function.parameters == 0);
    prepared.tests = tests.map(|function| function.name).collect();
    let mut bytes = source.as_bytes().to_vec();
    for call in &survey.compared {
        let Some(comparison) = Comparison::of(call.sign) else { continue };
        let Some(sign) = sign_of(source, call) else { continue };
        bytes[sign.clone()].fill(b' ');
        bytes[sign.start] = b',';
        let name = comparison.function().as_bytes();
        bytes[call.call.range()][..name.len()].copy_from_slice(name);
        let is_reply = source[call.left.range()].replace(' ', "") == "reply()";
        if comparison == Comparison::Equal && is_reply && source[call.right.range()].starts_with(['\'', '"']) {
            prepared.blessable.push(Blessable { left: call.left.start, text: call.right });
        }
    }
    // Only signs and names were written over, each by ASCII of the same length.
    if let Ok(text) = String::from_utf8(bytes) {
        prepared.text = text;
    }
    prepared.runnable.clone_from(&prepared.text);
    for (index, test) in prepared.tests.iter().enumerate() {
        let word = if index == 0 { "\nif" } else { "elif" };
        prepared.runnable.push_str(&format!("{word} {WANTED} == '{test}': {test}()\n"));
    }
    prepared
}

/// Where the sign between two sides stands; `None` when brackets enclose the whole comparison, which then stays whole.
fn sign_of(source: &str, call: &ComparedCall) -> Option<std::ops::Range<usize>> {
    let before = &source[call.call.start as usize..call.left.end as usize];
    let mut depth = 0_i32;
    for (span, _) in surface::words(before) {
        match &before[span.range()] {
            "(" | "[" | "{" | "#{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
    }
    let from = call.left.end as usize;
    let between = &source[from..call.right.start as usize];
    let mut sign: Option<std::ops::Range<usize>> = None;
    for (span, _) in surface::words(between) {
        match &between[span.range()] {
            ")" => depth -= 1,
            "(" => {}
            _ if sign.is_none() && depth != 1 => return None,
            _ => sign = Some(sign.map_or(span.range(), |sign| sign.start..span.range().end)),
        }
    }
    let sign = sign?;
    let written = between[sign.clone()].split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    (written == call.sign).then_some(from + sign.start..from + sign.end)
}
