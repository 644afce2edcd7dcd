//! All functions that scripts of an engine may call, found by name.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Builtin, BuiltinVariable};

type ByName<V> = HashMap<&'static str, V, foldhash::fast::RandomState>;

/// The functions and built-in variables of an engine: the language's own, the CRM's, the host's.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    by_name: ByName<Arc<Builtin>>,
    in_order: Vec<Arc<Builtin>>,
    variables: ByName<Arc<BuiltinVariable>>,
}

impl Registry {
    /// Adds functions; one with the name of an earlier one takes its place.
    pub fn add(&mut self, functions: impl IntoIterator<Item = Builtin>) {
        for builtin in functions {
            let builtin = Arc::new(builtin);
            if self.by_name.get(builtin.name).is_some_and(|known| known.name == builtin.name) {
                self.in_order.retain(|known| known.name != builtin.name);
            }
            for name in std::iter::once(&builtin.name).chain(builtin.aliases) {
                self.by_name.insert(name, Arc::clone(&builtin));
            }
            self.in_order.push(builtin);
        }
    }

    /// Adds built-in variables.
    pub fn add_variables(&mut self, variables: impl IntoIterator<Item = BuiltinVariable>) {
        for variable in variables {
            self.variables.insert(variable.name, Arc::new(variable));
        }
    }

    /// The built-in variable of this name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Arc<BuiltinVariable>> {
        self.variables.get(name)
    }

    /// Every built-in variable.
    pub fn variables(&self) -> impl Iterator<Item = &Arc<BuiltinVariable>> {
        self.variables.values()
    }

    /// The function of this name or alias.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Builtin>> {
        self.by_name.get(name)
    }

    /// Every function once, in the order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Builtin>> {
        self.in_order.iter()
    }

    /// Every name and alias, in the order of declaration.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.iter().flat_map(|builtin| std::iter::once(builtin.name).chain(builtin.aliases.iter().copied()))
    }
}
