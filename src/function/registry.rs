//! All functions that scripts of an engine may call, found by name.

use std::collections::HashMap;

use super::{Builtin, BuiltinVariable};

/// The functions of an engine: the language's own and the host's.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    by_name: HashMap<&'static str, &'static Builtin, foldhash::fast::RandomState>,
    in_order: Vec<&'static Builtin>,
    variables: HashMap<&'static str, &'static BuiltinVariable, foldhash::fast::RandomState>,
}

impl Registry {
    /// Adds functions; one with the name of an earlier one takes its place.
    pub fn add(&mut self, functions: &'static [Builtin]) {
        for builtin in functions {
            for name in std::iter::once(&builtin.name).chain(builtin.aliases) {
                self.by_name.insert(name, builtin);
            }
            self.in_order.retain(|known| known.name != builtin.name);
            self.in_order.push(builtin);
        }
    }

    /// Adds built-in variables.
    pub fn add_variables(&mut self, variables: &'static [BuiltinVariable]) {
        for variable in variables {
            self.variables.insert(variable.name, variable);
        }
    }

    /// The built-in variable of this name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&'static BuiltinVariable> {
        self.variables.get(name).copied()
    }

    /// Every built-in variable.
    pub fn variables(&self) -> impl Iterator<Item = &'static BuiltinVariable> + '_ {
        self.variables.values().copied()
    }

    /// The function of this name or alias.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static Builtin> {
        self.by_name.get(name).copied()
    }

    /// Every function once, in the order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = &'static Builtin> + '_ {
        self.in_order.iter().copied()
    }

    /// Every name and alias, in the order of declaration.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.iter().flat_map(|builtin| std::iter::once(builtin.name).chain(builtin.aliases.iter().copied()))
    }
}
