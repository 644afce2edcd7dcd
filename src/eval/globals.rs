//! Variables that live on after the run (language.md section 6): slots that keep what was read from the session, and
//! what was assigned until the session must know it.

use serde_json::Value as Json;

use super::{Eval, Machine, Stop};
use crate::builtin::CallError;
use crate::check::script::{Place, Scope};
use crate::crm::Scope as StoredScope;
use crate::value::{Text, Value};

/// The script assigned it, and the session does not know yet.
const DIRTY: u8 = 1;
/// The script assigned it: the slot is what the variable is.
const ASSIGNED: u8 = 2;
/// No scope has the name.
const MISSING: u8 = 4;
/// The script assigned or deleted it at some time.
const WRITTEN: u8 = 8;

/// The slots of all names that are not local to a function.
#[derive(Debug)]
pub(super) struct Globals {
    slots: Vec<Option<Value>>,
    flags: Vec<u8>,
    dirty: Vec<u32>,
    written: Vec<u32>,
    /// Values of written variables that the slots had to let go of.
    last: Vec<(u32, Option<Value>)>,
    /// Variables set by a made-up name that has no slot.
    unnamed: Vec<(String, Value)>,
    /// State of the session's variables when the slots were filled.
    generation: u64,
    /// Whether the session has the project variables of this script.
    prefetched: bool,
}

impl Globals {
    pub(super) fn new(count: usize) -> Self {
        Self {
            slots: vec![None; count],
            flags: vec![0; count],
            dirty: Vec::new(),
            written: Vec::new(),
            last: Vec::new(),
            unnamed: Vec::new(),
            generation: 0,
            prefetched: false,
        }
    }
}

const fn stored_scope(scope: Scope) -> StoredScope {
    match scope {
        Scope::Bare => StoredScope::Deal,
        Scope::Client => StoredScope::Client,
        Scope::Project => StoredScope::Project,
    }
}

fn value_of(json: Option<Json>) -> Option<Value> {
    json.map(|json| Value::from_json(&json))
}

impl<'p> Machine<'p, '_, '_> {
    /// What a slot holds, when it is known without asking.
    #[inline]
    pub(super) fn held(&self, slot: u32) -> Option<&Value> {
        self.globals.slots[slot as usize].as_ref()
    }

    /// Reads a variable; `None` when nothing has the name.
    #[inline]
    pub(super) fn read_global(&mut self, slot: u32) -> Eval {
        if let Some(value) = &self.globals.slots[slot as usize] {
            return Ok(value.clone());
        }
        Ok(self.find_global(slot)?.unwrap_or_default())
    }

    /// Looks for a variable that no slot holds: in the scopes, then among the built-in ones.
    #[cold]
    #[inline(never)]
    pub(super) fn find_global(&mut self, slot: u32) -> Eval<Option<Value>> {
        let index = slot as usize;
        if let Some(value) = &self.globals.slots[index] {
            return Ok(Some(value.clone()));
        }
        let global = &self.program.globals[index];
        if self.globals.flags[index] & MISSING == 0 {
            let found = self.find_stored(global.scope, &global.name)?;
            if let Some(value) = found {
                self.globals.slots[index] = Some(value.clone());
                return Ok(Some(value));
            }
            self.globals.flags[index] |= MISSING;
        }
        match global.builtin {
            Some(variable) => Ok(Some((variable.read)(self.context)?)),
            None => Ok(None),
        }
    }

    /// Asks the session for a name, as L6.2 says.
    fn find_stored(&mut self, scope: Scope, name: &str) -> Eval<Option<Value>> {
        if !self.context.has_crm() {
            return Ok(None);
        }
        // What was assigned with a prefix must be seen by a bare read of the name.
        self.flush()?;
        let program = self.program;
        let session = self.context.crm()?;
        let find = |error| Box::<Stop>::from(Box::<CallError>::from(error));
        if scope != Scope::Bare {
            return session.get_variable(stored_scope(scope), name).map(value_of).map_err(find);
        }
        for stored in [StoredScope::Deal, StoredScope::Client] {
            if let Some(value) = value_of(session.get_variable(stored, name).map_err(find)?) {
                return Ok(Some(value));
            }
        }
        // The first name that is looked for in the project brings the others along.
        if !self.globals.prefetched {
            let names: Vec<&str> =
                program.globals.iter().filter(|global| global.builtin.is_none() && global.stored).map(|global| &*global.name).collect();
            session.prefetch_project_variables(&names).map_err(find)?;
            self.globals.prefetched = true;
        }
        session.get_variable(StoredScope::Project, name).map(value_of).map_err(find)
    }

    /// Sets a variable.
    #[inline]
    pub(super) fn set_global(&mut self, slot: u32, value: Value) {
        let index = slot as usize;
        self.globals.slots[index] = Some(value);
        if self.globals.flags[index] & (DIRTY | WRITTEN | ASSIGNED) != DIRTY | WRITTEN | ASSIGNED {
            self.mark(slot);
        }
    }

    /// The value of a variable, to be changed in place; reads it first when it must.
    pub(super) fn global_mut(&mut self, slot: u32) -> Eval<&mut Option<Value>> {
        if self.globals.slots[slot as usize].is_none() {
            let value = self.find_global(slot)?;
            self.globals.slots[slot as usize] = value;
        }
        self.mark(slot);
        Ok(&mut self.globals.slots[slot as usize])
    }

    /// The slot of a place that needs no more than a new value: a local one, or one that is marked as assigned already.
    #[inline]
    pub(super) fn assigned_slot(&mut self, place: Place) -> Option<&mut Option<Value>> {
        match place {
            Place::Local(slot) => Some(&mut self.stack[self.base + slot as usize]),
            Place::Global(slot) => {
                let all = DIRTY | WRITTEN | ASSIGNED;
                let index = slot as usize;
                (self.globals.flags[index] & all == all).then(|| &mut self.globals.slots[index])
            }
        }
    }

    /// Takes the value of a variable out of its slot; the caller sets it again.
    pub(super) fn take_global(&mut self, slot: u32) -> Eval {
        match self.globals.slots[slot as usize].take() {
            Some(value) => Ok(value),
            None => Ok(self
                .find_global(slot)
                .map(std::option::Option::unwrap_or_default)
                .inspect(|_| self.globals.slots[slot as usize] = None)?),
        }
    }

    fn mark(&mut self, slot: u32) {
        let index = slot as usize;
        let flags = self.globals.flags[index];
        let global = &self.program.globals[index];
        if flags & DIRTY == 0 && global.stored {
            self.globals.dirty.push(slot);
        }
        if flags & WRITTEN == 0 {
            self.globals.written.push(slot);
        }
        self.globals.flags[index] = DIRTY | ASSIGNED | WRITTEN;
        if let Some(bare) = global.bare {
            self.forget(bare);
        }
    }

    /// Lets go of what a bare name was read as, because another scope changed.
    fn forget(&mut self, slot: u32) {
        let index = slot as usize;
        if self.globals.flags[index] & ASSIGNED == 0 {
            self.globals.slots[index] = None;
            self.globals.flags[index] &= !MISSING;
        }
    }

    /// Deletes a variable at once.
    pub(super) fn delete_global(&mut self, slot: u32) -> Eval<()> {
        let index = slot as usize;
        self.mark(slot);
        self.globals.dirty.retain(|dirty| *dirty != slot);
        self.globals.slots[index] = None;
        self.globals.flags[index] = WRITTEN;
        self.globals.last.retain(|(other, _)| *other != slot);
        self.globals.last.push((slot, None));
        let global = &self.program.globals[index];
        if global.stored && self.context.has_crm() {
            let session = self.context.crm()?;
            session.delete_variable(stored_scope(global.scope), &global.name).map_err(Box::<CallError>::from)?;
        }
        Ok(())
    }

    /// Tells the session what was assigned.
    pub(super) fn flush(&mut self) -> Eval<()> {
        if self.globals.dirty.is_empty() || !self.context.has_crm() {
            return Ok(());
        }
        let program = self.program;
        let session = self.context.crm()?;
        for slot in self.globals.dirty.drain(..) {
            let index = slot as usize;
            let global = &program.globals[index];
            let value = self.globals.slots[index].as_ref().map_or(Json::Null, Value::to_json);
            session.set_variable(stored_scope(global.scope), &global.name, value).map_err(Box::<CallError>::from)?;
            self.globals.flags[index] &= !DIRTY;
        }
        Ok(())
    }

    /// Before a CRM function: the session knows all variables.
    pub(super) fn before_crm_call(&mut self) -> Eval<()> {
        self.flush()?;
        if let Some(session) = self.context.open_session() {
            self.globals.generation = session.variables_generation();
        }
        Ok(())
    }

    /// After a CRM function: variables that it may have changed are read anew.
    pub(super) fn after_crm_call(&mut self) {
        let Some(session) = self.context.open_session() else { return };
        let generation = session.variables_generation();
        if generation == self.globals.generation {
            return;
        }
        self.globals.generation = generation;
        for index in 0..self.globals.slots.len() {
            let global = &self.program.globals[index];
            let flags = self.globals.flags[index];
            if !global.stored && flags & ASSIGNED != 0 {
                continue;
            }
            let value = self.globals.slots[index].take();
            if flags & ASSIGNED != 0 {
                let slot = u32::try_from(index).unwrap_or(u32::MAX);
                self.globals.last.retain(|(other, _)| *other != slot);
                self.globals.last.push((slot, value));
            }
            self.globals.flags[index] = flags & WRITTEN;
        }
    }

    /// Sets a variable by a name that is known only now.
    pub(super) fn set_by_name(&mut self, name: &Text, value: Value) -> Eval<()> {
        if let Some(slot) = self.slot_of(Scope::Bare, name) {
            self.set_global(slot, value);
            return Ok(());
        }
        if !name.starts_with('_') && self.context.has_crm() {
            let json = value.to_json();
            self.context.crm()?.set_variable(StoredScope::Deal, name, json).map_err(Box::<CallError>::from)?;
        }
        self.globals.unnamed.retain(|(other, _)| *other != **name);
        self.globals.unnamed.push((name.as_str().to_owned(), value));
        Ok(())
    }

    /// Reads a variable by a name that is known only now, a local one first.
    pub(super) fn read_by_name(&mut self, name: &str, names: Option<&'p [Box<str>]>) -> Eval {
        let name = crate::syntax::normal_form(name);
        if let Some(index) = names.and_then(|names| names.iter().position(|local| **local == *name))
            && let Some(value) = &self.stack[self.base + index]
        {
            return Ok(value.clone());
        }
        let (scope, name) = match name.split_once('.') {
            Some(("client" | "клиент", name)) => (Scope::Client, name),
            Some(("project" | "проект", name)) => (Scope::Project, name),
            _ => (Scope::Bare, &*name),
        };
        if let Some(slot) = self.slot_of(scope, name) {
            return self.read_global(slot);
        }
        if let Some((_, value)) = self.globals.unnamed.iter().find(|(other, _)| scope == Scope::Bare && other == name) {
            return Ok(value.clone());
        }
        if let Some(value) = self.find_stored(scope, name)? {
            return Ok(value);
        }
        match self.program.variables.iter().find(|variable| scope == Scope::Bare && variable.name == name) {
            Some(variable) => Ok((variable.read)(self.context)?),
            None => Ok(Value::None),
        }
    }

    fn slot_of(&self, scope: Scope, name: &str) -> Option<u32> {
        let index = self.program.globals.iter().position(|global| global.scope == scope && &*global.name == name)?;
        u32::try_from(index).ok()
    }

    /// Sets names that are never stored to what an earlier part of the block left in them.
    pub(super) fn set_temporaries(&mut self, temporaries: Vec<(Box<str>, Value)>) {
        for (name, value) in temporaries {
            match self.slot_of(Scope::Bare, &name) {
                Some(slot) => self.set_global(slot, value),
                None => self.globals.unnamed.push((name.into(), value)),
            }
        }
    }

    /// The values of names that are never stored.
    pub(super) fn take_temporaries(&mut self) -> Vec<(Box<str>, Value)> {
        let globals = self.program.globals.iter().zip(&mut self.globals.slots);
        globals
            .filter(|(global, _)| !global.stored && global.scope == Scope::Bare)
            .filter_map(|(global, slot)| Some((global.name.clone(), slot.take()?)))
            .collect()
    }

    /// What a variable was before the current deal changed, for a message that explains why it has no value.
    pub(super) fn was_set_before(&self, slot: u32) -> bool {
        self.globals.last.iter().any(|(other, value)| *other == slot && value.is_some())
    }

    /// The assignments of the run under the names that programs read.
    pub(super) fn written_variables(&mut self) -> Vec<(String, Option<Value>)> {
        let mut variables = Vec::with_capacity(self.globals.written.len());
        for slot in std::mem::take(&mut self.globals.written) {
            let index = slot as usize;
            let global = &self.program.globals[index];
            if !global.stored {
                continue;
            }
            let name = match global.scope {
                Scope::Bare => global.name.to_string(),
                Scope::Client => format!("client.{}", global.name),
                Scope::Project => format!("project.{}", global.name),
            };
            let value = if self.globals.flags[index] & ASSIGNED != 0 {
                self.globals.slots[index].take()
            } else {
                let last = self.globals.last.iter_mut().find(|(other, _)| *other == slot);
                last.and_then(|(_, value)| value.take())
            };
            variables.push((name, value));
        }
        let unnamed = std::mem::take(&mut self.globals.unnamed).into_iter();
        variables.extend(unnamed.filter(|(name, _)| !name.starts_with('_')).map(|(name, value)| (name, Some(value))));
        variables
    }

    /// The value of a place, for a statement that changes it.
    pub(super) fn place_mut(&mut self, place: Place) -> Eval<&mut Option<Value>> {
        match place {
            Place::Local(slot) => Ok(&mut self.stack[self.base + slot as usize]),
            Place::Global(slot) => self.global_mut(slot),
        }
    }

    /// Sets a place.
    #[inline]
    pub(super) fn set_place(&mut self, place: Place, value: Value) {
        match place {
            Place::Local(slot) => self.stack[self.base + slot as usize] = Some(value),
            Place::Global(slot) => self.set_global(slot, value),
        }
    }
}
