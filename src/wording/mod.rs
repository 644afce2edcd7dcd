//! What authors read, as data: a [`Message`] is the id of a sentence and its arguments. The sentences themselves stand in
//! `messages/*.ftl`, one file per language; whoever shows a message to somebody renders it in that person's language.
//! Knows nothing of scripts, places or codes.

mod catalogue;
mod language;

pub use language::{Language, UnknownLanguage};

pub use crate::__message as message;

/// A sentence for the author of a script: which one, and what it is about. Made by [`message!`](crate::wording::message),
/// rendered only when somebody reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    id: &'static str,
    arguments: Vec<(&'static str, Argument)>,
}

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Text of the script, a name, a value.
    Text(String),
    /// A count; decides about the plural.
    Number(i64),
    /// A part of the sentence that is a message itself.
    Message(Message),
    /// Several things of which all are meant: `a, b and c`.
    All(Vec<Argument>),
    /// Several things of which one is meant: `a, b or c`.
    Any(Vec<Argument>),
}

/// The id of messages that are no entry of the catalogue.
const VERBATIM: &str = "verbatim";

/// A [`Message`] of the catalogue: `message!("unknown-function", name = name)`. `tests/wording.rs` holds that the id stands
/// in every `messages/*.ftl` with these arguments.
#[macro_export]
#[doc(hidden)]
macro_rules! __message {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::wording::Message::new($id, ::std::vec![$((stringify!($name), ::std::convert::Into::<$crate::wording::Argument>::into($value))),*])
    };
}

impl Message {
    /// A message of the catalogue; written as `message!(...)`, which the tests check.
    #[must_use]
    #[cold]
    pub fn new(id: &'static str, arguments: Vec<(&'static str, Argument)>) -> Self {
        Self { id, arguments }
    }

    /// A sentence of a host, which stands in no catalogue and reads the same in every language. This package says its own
    /// sentences with [`message!`](crate::wording::message).
    #[must_use]
    #[cold]
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self { id: VERBATIM, arguments: vec![("text", Argument::Text(text.into()))] }
    }

    /// Which sentence of the catalogue; `verbatim` when it is none.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The arguments with their names.
    #[must_use]
    pub fn arguments(&self) -> &[(&'static str, Argument)] {
        &self.arguments
    }

    /// The sentence in a language.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        match (self.id, self.arguments.as_slice()) {
            (VERBATIM, [(_, Argument::Text(text))]) => text.clone(),
            _ => catalogue::render(self, language),
        }
    }
}

/// The sentence in English, for logs of a host.
impl std::fmt::Display for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.render(Language::En))
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {:?}", self.id, self.arguments)
    }
}

impl Argument {
    /// Several things of which all are meant: `a, b and c`.
    pub fn all<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::All(items.into_iter().map(Into::into).collect())
    }

    /// Several things of which one is meant: `a, b or c`.
    pub fn any<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::Any(items.into_iter().map(Into::into).collect())
    }

    /// The argument as it stands in a sentence of a language.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Message(message) => message.render(language),
            Self::All(items) => joined(items, language, |first, last| message!("list-all", first = first, last = last)),
            Self::Any(items) => joined(items, language, |first, last| message!("list-any", first = first, last = last)),
        }
    }
}

/// The items with commas, and a word of the language before the last one.
fn joined(items: &[Argument], language: Language, pair: impl FnOnce(String, String) -> Message) -> String {
    let mut items: Vec<String> = items.iter().map(|item| item.render(language)).collect();
    match items.pop() {
        None => String::new(),
        Some(only) if items.is_empty() => only,
        Some(last) => pair(items.join(", "), last).render(language),
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

macro_rules! argument_from {
    ($($text:ty)*; $($number:ty)*) => {
        $(impl From<$text> for Argument {
            fn from(text: $text) -> Self {
                Self::Text((*text).to_string())
            }
        })*
        $(impl From<$number> for Argument {
            fn from(number: $number) -> Self {
                i64::try_from(number).map_or_else(|_| Self::Text(number.to_string()), Self::Number)
            }
        })*
    };
}

argument_from!(&str &&str &String &Box<str> Box<str> std::borrow::Cow<'_, str>; i32 i64 u8 u16 u32 u64 usize);
