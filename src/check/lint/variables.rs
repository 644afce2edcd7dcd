//! Variables that nothing sets, and variables that nothing reads.

use std::collections::{HashMap, HashSet};

use super::super::BotVariables;
use super::super::names::{self, FileNames, NameOwner, Use};
use crate::diagnostic::{Code, Diagnostic, edit_distance};
use crate::function::Registry;
use crate::syntax::ast::{Ast, Stmt};
use crate::wording::message;

/// Names that are read and that nothing sets, when they are probably misspelt: a name hardly different from it is set and
/// never read. Others may be set where the checker cannot look.
pub(in crate::check) fn unset(names: &FileNames, variables: &BotVariables<'_>, registry: &Registry) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut said = HashSet::new();
    let mut unread: Option<HashMap<String, Vec<&str>>> = None;
    for occurrence in &names.occurrences {
        let name = occurrence.name.as_str();
        let is_read = occurrence.usage == Use::Read && matches!(occurrence.owner, NameOwner::Bot(_));
        if !is_read || variables.may_be_set(name) || registry.variable(name).is_some() || !said.insert(name) {
            continue;
        }
        let unread = unread.get_or_insert_with(|| unread_by_letters(variables));
        let own = letters(name);
        let alike = unread.iter().filter(|(other, _)| **other != own && is_same_letter(&own, other));
        let mut meant = alike.flat_map(|(_, names)| names).filter(|set| is_misspelling(name, set));
        if let (Some(meant), None) = (meant.next(), meant.next()) {
            diagnostics.push(
                Diagnostic::new(Code::Misspelt, occurrence.span, message!("misspelt-variable", name = name, meant = *meant))
                    .help(message!("did-you-mean", name = *meant)),
            );
        }
    }
    diagnostics
}

/// The names that are set and never read, by their letters. Names that differ by a number are different words, and a script
/// may have thousands of them.
fn unread_by_letters<'n>(variables: &BotVariables<'n>) -> HashMap<String, Vec<&'n str>> {
    let mut unread: HashMap<String, Vec<&str>> = HashMap::new();
    for set in variables.set.iter().filter(|set| !variables.read.contains_key(**set) && !variables.tested.contains(**set)) {
        unread.entry(letters(set)).or_default().push(set);
    }
    unread
}

fn letters(name: &str) -> String {
    name.chars().filter(|character| !character.is_numeric()).collect()
}

/// Whether two names begin with the same letter, as a capital or not.
fn is_same_letter(one: &str, other: &str) -> bool {
    let first = |name: &str| name.chars().next().map(|first| first.to_lowercase().to_string());
    first(one) == first(other)
}

/// Whether one name is the other with a slip of the finger, or with other capitals. Names that differ by a number or an ending are different words.
fn is_misspelling(name: &str, other: &str) -> bool {
    if name.to_lowercase() == other.to_lowercase() {
        return true;
    }
    let length = name.chars().count().min(other.chars().count());
    let most = match length {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    name.chars().next() == other.chars().next()
        && name.chars().count().abs_diff(other.chars().count()) <= most
        && !name.starts_with(other)
        && !other.starts_with(name)
        && edit_distance(name, other) <= most
}

/// Names of a function that get a value and are never read.
pub(super) fn never_read(ast: &Ast, source: &str, registry: &Registry) -> Vec<Diagnostic> {
    let has_functions = ast.all_statements().any(|id| matches!(ast.stmt(id).0, Stmt::Def(_)));
    if !has_functions {
        return Vec::new();
    }
    let names = names::find(ast, source, registry);
    if names.reads_unknown {
        return Vec::new();
    }
    // A loop has to call its variable something.
    let loop_variables = ast.all_statements().filter_map(|id| match ast.stmt(id).0 {
        Stmt::For(number) => Some(ast.for_loop(number).variables),
        _ => None,
    });
    let loop_variables: HashSet<_> = loop_variables.flat_map(|(first, second)| std::iter::once(first).chain(second)).collect();
    let used: HashSet<(&str, NameOwner)> = names
        .occurrences
        .iter()
        .filter(|other| !matches!(other.usage, Use::Set | Use::Delete))
        .map(|other| (other.name.as_str(), other.owner))
        .collect();
    // A name of the bot is kept apart from that of the function on purpose.
    let of_bot: HashSet<&str> =
        names.occurrences.iter().filter(|other| matches!(other.owner, NameOwner::Bot(_))).map(|other| other.name.as_str()).collect();
    let mut diagnostics = Vec::new();
    let mut said = HashSet::new();
    for occurrence in &names.occurrences {
        let NameOwner::Function(_) = occurrence.owner else { continue };
        let name = occurrence.name.as_str();
        if occurrence.usage != Use::Set
            || name.starts_with('_')
            || loop_variables.contains(&occurrence.span)
            || used.contains(&(name, occurrence.owner))
        {
            continue;
        }
        if !of_bot.contains(name) && said.insert((name, occurrence.owner)) {
            diagnostics.push(
                Diagnostic::new(Code::NeverRead, occurrence.span, message!("never-read", name = name)).help(message!("never-read-help")),
            );
        }
    }
    diagnostics
}
