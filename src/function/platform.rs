//! Functions of the vendor's platform that need a host: those of messengers, outside services and business integrations.
//! Their names are known, so that a script which calls them is told what is missing instead of what is spelled alike.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::diagnostic::{closest, edit_distance};
use crate::wording::{Argument, Message};

/// A function of the platform that no engine has unless a host registers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformFunction {
    /// Its name.
    pub name: &'static str,
    /// What it belongs to, in English: `Telegram`, `payments`.
    pub group: &'static str,
    /// Who provides it.
    pub kind: PlatformKind,
}

/// Who provides a function of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformKind {
    /// A messenger or another outside service.
    Service,
    /// An integration of the business: payments, telephony, another CRM.
    Integration,
}

impl PlatformKind {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "host" => Self::Service,
            "app" => Self::Integration,
            _ => return None,
        })
    }
}

impl PlatformFunction {
    fn of_row(row: &'static str) -> Option<Self> {
        let mut columns = row.split('\t');
        Some(Self { name: columns.next()?, group: columns.next()?, kind: PlatformKind::from_word(columns.next()?)? })
    }

    /// What it belongs to, in the reader's language; names of products are the same in all.
    #[must_use]
    pub fn group_in_words(&self) -> Argument {
        let words = GROUPS.iter().find(|(group, _)| *group == self.group);
        words.map_or_else(|| self.group.into(), |(_, id)| Message::new(id, Vec::new()).into())
    }
}

/// Groups that are called by words.
const GROUPS: &[(&str, &str)] = &[
    ("advertising cabinets", "platform-advertising-cabinets"),
    ("AI", "platform-ai"),
    ("analytics", "platform-analytics"),
    ("clients and dialogue", "platform-clients-and-dialogue"),
    ("courses", "platform-courses"),
    ("e-mail/SMS", "platform-e-mail-sms"),
    ("gamification", "platform-gamification"),
    ("Google Docs", "platform-google-docs"),
    ("Google Sheets (legacy)", "platform-google-sheets-legacy"),
    ("HTTP and code", "platform-http-and-code"),
    ("Klientiks booking", "platform-klientiks-booking"),
    ("links", "platform-links"),
    ("marketplaces", "platform-marketplaces"),
    ("messages and callbacks", "platform-messages-and-callbacks"),
    ("MoySklad", "platform-moysklad"),
    ("online booking", "platform-online-booking"),
    ("online shop", "platform-online-shop"),
    ("payments", "platform-payments"),
    ("pictures and codes", "platform-pictures-and-codes"),
    ("telephony", "platform-telephony"),
    ("web chat", "platform-web-chat"),
    ("webinars", "platform-webinars"),
];

/// What an engine does with calls of platform functions that nobody registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Absent {
    /// A script with such a call does not compile.
    #[default]
    Error,
    /// The call evaluates its arguments, does nothing, and returns `None` with a notice: a script written for a messenger can
    /// be tried without one.
    None,
}

static FUNCTIONS: LazyLock<HashMap<&'static str, PlatformFunction, foldhash::fast::RandomState>> = LazyLock::new(|| {
    let rows = include_str!("platform.tsv").lines().filter_map(PlatformFunction::of_row);
    rows.map(|function| (function.name, function)).collect()
});

/// The platform function whose name is nearly this one, and nearer to it than `other`, which may be meant too. Short names
/// are like too many words.
#[must_use]
pub fn closest_platform_function(name: &str, other: Option<&str>) -> Option<&'static str> {
    let is_alike = |known: &&str| known.len() >= SHORTEST_GUESSED && known.len().abs_diff(name.len()) <= MOST_DIFFERENT;
    let meant = closest(name, FUNCTIONS.keys().copied().filter(is_alike))?;
    let distance = |known: &str| edit_distance(&name.to_lowercase(), &known.to_lowercase());
    other.is_none_or(|other| distance(meant) < distance(other)).then_some(meant)
}

/// What a shorter name was a misspelling of nobody can tell.
const SHORTEST_GUESSED: usize = 8;
/// Names that are longer or shorter by more are not compared.
const MOST_DIFFERENT: usize = 3;

/// The platform function of this name.
#[must_use]
pub fn platform_function(name: &str) -> Option<PlatformFunction> {
    FUNCTIONS.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_name_a_group_and_a_kind() {
        let rows: Vec<&str> = include_str!("platform.tsv").lines().collect();
        assert!(rows.len() > 400);
        assert_eq!(FUNCTIONS.len(), rows.len(), "a name stands twice, or a row is broken");
        for function in FUNCTIONS.values() {
            assert!(function.name.chars().all(|character| character == '_' || character.is_ascii_alphanumeric()), "{function:?}");
            assert!(!function.group.is_empty(), "{function:?}");
        }
        for (group, _) in GROUPS {
            assert!(FUNCTIONS.values().any(|function| function.group == *group), "no function belongs to {group}");
        }
    }
}
