//! Functions of the vendor's platform that need a host: those of messengers, outside services and business integrations.
//! Their names are known, so that a script which calls them is told what is missing instead of what is spelled alike.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A function of the platform that no engine has unless a host registers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformFunction {
    /// Its name.
    pub name: &'static str,
    /// What it belongs to: `Telegram`, `payments`.
    pub group: &'static str,
}

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
    let rows = include_str!("platform.tsv").lines().filter_map(|row| row.split_once('\t'));
    rows.map(|(name, group)| (name, PlatformFunction { name, group })).collect()
});

/// The platform function of this name.
#[must_use]
pub fn platform_function(name: &str) -> Option<PlatformFunction> {
    FUNCTIONS.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_name_and_a_group() {
        let rows: Vec<&str> = include_str!("platform.tsv").lines().collect();
        assert!(rows.len() > 500);
        assert_eq!(FUNCTIONS.len(), rows.len(), "a name stands twice, or a row is broken");
        for function in FUNCTIONS.values() {
            assert!(function.name.chars().all(|character| character == '_' || character.is_ascii_alphanumeric()), "{function:?}");
            assert!(!function.group.is_empty() && !function.group.contains('\t'), "{function:?}");
        }
    }
}
