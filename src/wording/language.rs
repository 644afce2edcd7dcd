//! The languages sentences are written in.

use std::fmt;
use std::str::FromStr;

use super::{Argument, message};

/// A language for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Language {
    /// Every language, the default first.
    pub const ALL: &[Self] = &[Self::En, Self::Ru];

    /// `en` or `ru`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// The language of a locale's name, such as `ru_RU.UTF-8`, `ru-RU` or `ru`; `None` for a language that is not here.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        let name = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match name {
            "C" | "POSIX" => Some(Self::En),
            name => Self::ALL.iter().copied().find(|language| name.eq_ignore_ascii_case(language.code())),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL.iter().copied().find(|language| text.eq_ignore_ascii_case(language.code())).ok_or(UnknownLanguage)
    }
}

/// A language nothing is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLanguage;

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        message!("usage-languages", known = Argument::all(Language::ALL.iter().map(|language| language.code()))).fmt(formatter)
    }
}

impl std::error::Error for UnknownLanguage {}
