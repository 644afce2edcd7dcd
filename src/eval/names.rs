//! Variables by names that are made when the script runs: `#{price#{i}}`, `unpack_list`. The tables that find a slot by
//! its name are made when the first such name comes.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{Eval, Machine};
use crate::function::{CallResult, Namespace};
use crate::program::Program;
use crate::value::{Text, Value};

type Slots<K> = HashMap<K, u32, RandomState>;

/// Slots by their names.
#[derive(Debug, Default)]
pub(super) struct SlotNames<'p> {
    globals: Option<Slots<(Namespace, &'p str)>>,
    /// Those of the frames of user functions, by the number of the function.
    locals: HashMap<u32, Slots<&'p str>, RandomState>,
}

impl<'p> SlotNames<'p> {
    fn global(&mut self, program: &'p Program, namespace: Namespace, name: &str) -> Option<u32> {
        let all = || (0..).zip(&program.globals).map(|(slot, global)| ((global.namespace, &*global.name), slot)).collect();
        self.globals.get_or_insert_with(all).get(&(namespace, name)).copied()
    }

    fn local(&mut self, program: &'p Program, function: u32, name: &str) -> Option<u32> {
        // Slots of comprehensions have no name of their own.
        let all = || (0..).zip(&program.functions[function as usize].names).map(|(slot, name)| (&**name, slot));
        let slots = self.locals.entry(function).or_insert_with(|| all().filter(|(name, _)| !name.is_empty()).collect());
        slots.get(name).copied()
    }
}

impl Machine<'_, '_, '_> {
    /// The slot of a name that is not local to a function.
    pub(super) fn slot_of(&mut self, namespace: Namespace, name: &str) -> Option<u32> {
        self.names.global(self.program, namespace, name)
    }

    /// Sets a variable by a name that is known only now.
    pub(super) fn set_by_name(&mut self, name: &Text, value: Value) -> Eval<()> {
        if let Some(slot) = self.slot_of(Namespace::Bare, name) {
            self.set_global(slot, value);
            return Ok(());
        }
        if !name.starts_with('_') && self.context.keeps_variables() {
            self.set_stored(name, &value).map_err(|error| self.stop(error))?;
        }
        self.globals.unnamed.insert(name.as_str().into(), value);
        Ok(())
    }

    fn set_stored(&mut self, name: &str, value: &Value) -> CallResult<()> {
        match self.context.variables()? {
            Some(variables) => variables.write(Namespace::Bare, name, value),
            None => Ok(()),
        }
    }

    /// Reads a variable by a name that is known only now: first one of the comprehensions around it, then a local one.
    pub(super) fn read_by_name(&mut self, name: &str, inner: &[(Box<str>, u32)]) -> Eval {
        let name = crate::syntax::normal_form(name);
        let inner = inner.iter().find(|(inner, _)| **inner == *name).map(|(_, slot)| *slot);
        let of_function = |machine: &mut Self| machine.function.and_then(|function| machine.names.local(machine.program, function, &name));
        let local = inner.or_else(|| of_function(self));
        if let Some(value) = local.and_then(|slot| self.stack.get(self.base + slot as usize)?.as_ref()) {
            return Ok(value.clone());
        }
        let (namespace, name) = match name.split_once('.') {
            Some(("client" | "клиент", name)) => (Namespace::Client, name),
            Some(("project" | "проект", name)) => (Namespace::Project, name),
            _ => (Namespace::Bare, &*name),
        };
        if let Some(slot) = self.slot_of(namespace, name) {
            return self.read_global(slot);
        }
        if namespace == Namespace::Bare
            && let Some(value) = self.globals.unnamed.get(name)
        {
            return Ok(value.clone());
        }
        if let Some(value) = self.find_stored(namespace, name)? {
            return Ok(value);
        }
        match self.program.variables.iter().find(|variable| namespace == Namespace::Bare && variable.name == name) {
            Some(variable) => variable.value(self.context).map_err(|error| self.stop(error)),
            None => Ok(Value::None),
        }
    }
}
