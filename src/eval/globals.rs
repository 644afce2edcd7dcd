//! Variables that outlive the run (language.md section 6): slots that keep what was read from the host, and what was
//! assigned until the host must know it. Knows no host: it speaks to `function::Variables`. Every list here is walked in
//! proportion to what the script did since it was last walked, however many variables there are.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use super::{Eval, Kept, Machine};
use crate::function::{CallResult, Namespace};
use crate::program::VariableSlot;
use crate::value::Value;

/// The script assigned it, and the host does not know yet.
const DIRTY: u8 = 1;
/// The script assigned it: the slot is what the variable is.
const ASSIGNED: u8 = 2;
/// No scope has the name.
const MISSING: u8 = 4;
/// The script assigned or deleted it at some time.
const WRITTEN: u8 = 8;
/// It is among `Globals::known`.
const KNOWN: u8 = 16;
/// A slot that needs no more than its new value when it is assigned to again.
const ALL_WRITTEN: u8 = DIRTY | ASSIGNED | WRITTEN;

/// What is known of one variable.
#[derive(Clone, Debug, Default)]
pub(super) struct GlobalSlot {
    pub value: Option<Value>,
    flags: u8,
    /// Where a dirty slot is among `Globals::dirty`.
    dirty_at: u32,
}

/// A place among `Globals::dirty` whose slot was deleted since.
const NOBODY: u32 = u32::MAX;

/// The slots of all names that are not local to a function.
#[derive(Debug)]
pub(super) struct Globals {
    pub slots: Vec<GlobalSlot>,
    /// What the host does not know yet, in the order in which it was assigned.
    dirty: Vec<u32>,
    /// How many of them are `NOBODY`.
    deleted: usize,
    /// Slots that a change of the host's variables makes wrong: read from it, found missing, or stored with it.
    known: Vec<u32>,
    /// In the order of the first assignment; kept only when the host wants to know.
    written: Vec<u32>,
    kept: Kept,
    /// Values of written variables that the slots had to let go of.
    last: HashMap<u32, Option<Value>, RandomState>,
    /// Variables set by a made-up name that has no slot.
    pub unnamed: IndexMap<Box<str>, Value, RandomState>,
    /// State of the host's variables when the slots were filled.
    generation: u64,
}

impl Globals {
    pub(super) fn new(count: usize, kept: Kept) -> Self {
        Self {
            slots: vec![GlobalSlot::default(); count],
            dirty: Vec::new(),
            deleted: 0,
            known: Vec::new(),
            written: Vec::new(),
            kept,
            last: HashMap::default(),
            unnamed: IndexMap::default(),
            generation: 0,
        }
    }

    /// Takes a slot from those that the host has to be told of.
    fn keep_from_host(&mut self, slot: u32) {
        let held = &mut self.slots[slot as usize];
        if held.flags & DIRTY == 0 {
            return;
        }
        held.flags &= !DIRTY;
        // A variable that is not stored was never among them.
        if let Some(place) = self.dirty.get_mut(held.dirty_at as usize).filter(|place| **place == slot) {
            *place = NOBODY;
            self.deleted += 1;
        }
        if self.deleted > self.dirty.len() / 2 {
            self.dirty.retain(|slot| *slot != NOBODY);
            self.deleted = 0;
            for (index, slot) in (0..).zip(&self.dirty) {
                self.slots[*slot as usize].dirty_at = index;
            }
        }
    }

    /// Remembers that a slot has to be read again when the host's variables change.
    #[inline]
    fn knows(&mut self, slot: u32) {
        let flags = &mut self.slots[slot as usize].flags;
        if *flags & KNOWN == 0 {
            *flags |= KNOWN;
            self.known.push(slot);
        }
    }
}

/// What it costs to look at one slot, in bytes of work.
const WALK: u64 = size_of::<GlobalSlot>() as u64;

/// Puts a value in the place of another one.
#[inline]
fn put(place: &mut Option<Value>, value: Value) {
    place.replace(value).unwrap_or_default().let_go();
}

impl Machine<'_, '_, '_> {
    /// What a slot holds, when it is known without asking.
    #[inline]
    pub(super) fn held(&self, slot: u32) -> Option<&Value> {
        self.globals.slots[slot as usize].value.as_ref()
    }

    /// Reads a variable; `None` when nothing has the name.
    #[inline]
    pub(super) fn read_global(&mut self, slot: u32) -> Eval {
        if let Some(value) = self.held(slot) {
            return Ok(value.clone());
        }
        Ok(self.find_global(slot)?.unwrap_or_default())
    }

    /// Looks for a variable that no slot holds: in the scopes, then among the built-in ones.
    #[cold]
    #[inline(never)]
    pub(super) fn find_global(&mut self, slot: u32) -> Eval<Option<Value>> {
        let index = slot as usize;
        if let Some(value) = self.held(slot) {
            return Ok(Some(value.clone()));
        }
        let global = &self.program.globals[index];
        if self.globals.slots[index].flags & MISSING == 0 {
            self.globals.knows(slot);
            let found = self.find_stored(global.namespace, &global.name)?;
            if let Some(value) = found {
                self.globals.slots[index].value = Some(value.clone());
                return Ok(Some(value));
            }
            self.globals.slots[index].flags |= MISSING;
        }
        match &global.builtin {
            Some(variable) => {
                let value = variable.value(self.context).map_err(|error| self.stop(error))?;
                self.after_work_on(value.size())?;
                Ok(Some(value))
            }
            None => Ok(None),
        }
    }

    /// Asks the host for a name.
    pub(super) fn find_stored(&mut self, namespace: Namespace, name: &str) -> Eval<Option<Value>> {
        if !self.context.keeps_variables() {
            return Ok(None);
        }
        // What was assigned with a prefix must be seen by a bare read of the name.
        self.flush()?;
        self.read_stored(namespace, name).map_err(|error| self.stop(error))
    }

    fn read_stored(&mut self, namespace: Namespace, name: &str) -> CallResult<Option<Value>> {
        match self.context.variables()? {
            Some(variables) => variables.read(namespace, name),
            None => Ok(None),
        }
    }

    fn delete_stored(&mut self, namespace: Namespace, name: &str) -> CallResult<()> {
        match self.context.variables()? {
            Some(variables) => variables.delete(namespace, name),
            None => Ok(()),
        }
    }

    /// Sets a variable.
    #[inline]
    pub(super) fn set_global(&mut self, slot: u32, value: Value) {
        // Every slot there is in the program is there: asking by `get_mut` keeps the value out of the way of a panic, so
        // that it stays in its registers.
        let Some(held) = self.globals.slots.get_mut(slot as usize) else { return value.let_go() };
        put(&mut held.value, value);
        if held.flags & ALL_WRITTEN != ALL_WRITTEN {
            self.mark(slot);
        }
    }

    /// The value of a variable, to be changed in place; reads it first when it must.
    pub(super) fn global_mut(&mut self, slot: u32) -> Eval<&mut Option<Value>> {
        if self.held(slot).is_none() {
            let value = self.find_global(slot)?;
            self.globals.slots[slot as usize].value = value;
        }
        self.mark(slot);
        Ok(&mut self.globals.slots[slot as usize].value)
    }

    /// The slot of a place that needs no more than a new value: a local one, or one that is marked as assigned already.
    #[inline]
    pub(super) fn assigned_slot(&mut self, place: VariableSlot) -> Option<&mut Option<Value>> {
        match place {
            VariableSlot::Local(slot) => Some(&mut self.stack[self.base + slot as usize]),
            VariableSlot::Global(slot) => {
                let held = &mut self.globals.slots[slot as usize];
                (held.flags & ALL_WRITTEN == ALL_WRITTEN).then_some(&mut held.value)
            }
        }
    }

    /// Takes the value of a variable out of its slot; the caller sets it again.
    pub(super) fn take_global(&mut self, slot: u32) -> Eval {
        if let Some(value) = self.globals.slots[slot as usize].value.take() {
            return Ok(value);
        }
        let value = self.find_global(slot)?;
        self.globals.slots[slot as usize].value = None;
        Ok(value.unwrap_or_default())
    }

    #[inline(never)]
    fn mark(&mut self, slot: u32) {
        let global = &self.program.globals[slot as usize];
        if global.stored {
            self.globals.knows(slot);
        }
        let Globals { slots, dirty, written, kept, .. } = &mut self.globals;
        let held = &mut slots[slot as usize];
        if held.flags & DIRTY == 0 && global.stored && self.context.keeps_variables() {
            // There are fewer than the program has bytes.
            held.dirty_at = u32::try_from(dirty.len()).unwrap_or(NOBODY);
            dirty.push(slot);
        }
        if held.flags & WRITTEN == 0 && *kept == Kept::Variables {
            written.push(slot);
        }
        held.flags = ALL_WRITTEN | held.flags & KNOWN;
        if let Some(bare) = global.bare {
            self.forget(bare);
        }
    }

    /// Lets go of what a bare name was read as, because another scope changed.
    fn forget(&mut self, slot: u32) {
        let held = &mut self.globals.slots[slot as usize];
        if held.flags & ASSIGNED == 0 {
            held.value = None;
            held.flags &= !MISSING;
        }
    }

    /// Deletes a variable at once.
    pub(super) fn delete_global(&mut self, slot: u32) -> Eval<()> {
        let index = slot as usize;
        self.mark(slot);
        self.globals.keep_from_host(slot);
        let held = &mut self.globals.slots[index];
        held.value = None;
        held.flags = WRITTEN | held.flags & KNOWN;
        self.globals.last.insert(slot, None);
        let global = &self.program.globals[index];
        if global.stored && self.context.keeps_variables() {
            self.delete_stored(global.namespace, &global.name).map_err(|error| self.stop(error))?;
        }
        Ok(())
    }

    /// Tells the host what was assigned.
    #[inline]
    pub(super) fn flush(&mut self) -> Eval<()> {
        if self.globals.dirty.is_empty() {
            return Ok(());
        }
        self.write_stored().map_err(|error| self.stop(error))
    }

    fn write_stored(&mut self) -> CallResult<()> {
        let program = self.program;
        let assigned = self.globals.dirty.iter().filter_map(|slot| self.globals.slots.get(*slot as usize)?.value.as_ref());
        self.context.work(assigned.map(|value| WALK + value.size()).fold(0, u64::saturating_add))?;
        let Some(variables) = self.context.variables()? else { return Ok(()) };
        self.globals.deleted = 0;
        for slot in self.globals.dirty.drain(..).filter(|slot| *slot != NOBODY) {
            let global = &program.globals[slot as usize];
            let held = &mut self.globals.slots[slot as usize];
            variables.write(global.namespace, &global.name, held.value.as_ref().unwrap_or(&Value::None))?;
            held.flags &= !DIRTY;
        }
        Ok(())
    }

    /// Before a function that works on the host: the host knows all variables.
    pub(super) fn before_host_call(&mut self) -> Eval<()> {
        self.flush()?;
        if let Some(variables) = self.context.opened_variables() {
            self.globals.generation = variables.generation();
        }
        Ok(())
    }

    /// After such a function: variables that it may have changed are read again.
    pub(super) fn after_host_call(&mut self) -> Eval<()> {
        let Some(variables) = self.context.opened_variables() else { return Ok(()) };
        let generation = variables.generation();
        if generation == self.globals.generation {
            return Ok(());
        }
        self.globals.generation = generation;
        let Globals { slots, known, last, .. } = &mut self.globals;
        let walked = WALK * known.len() as u64;
        for slot in known.drain(..) {
            let held = &mut slots[slot as usize];
            let flags = std::mem::take(&mut held.flags);
            if !self.program.globals[slot as usize].stored && flags & ASSIGNED != 0 {
                held.flags = flags & !KNOWN;
                continue;
            }
            let value = held.value.take();
            if flags & ASSIGNED != 0 {
                last.insert(slot, value);
            }
            held.flags = flags & WRITTEN;
        }
        self.context.work(walked).map_err(|fault| self.stop(fault))
    }

    /// Sets names that are never stored to what an earlier part of the block left in them.
    pub(super) fn set_temporaries(&mut self, temporaries: Vec<(Box<str>, Value)>) {
        for (name, value) in temporaries {
            match self.slot_of(Namespace::Bare, &name) {
                Some(slot) => self.set_global(slot, value),
                None => {
                    self.globals.unnamed.insert(name, value);
                }
            }
        }
    }

    /// The values of names that are never stored, those that this script does not mention included.
    fn take_temporaries(&mut self) -> Vec<(Box<str>, Value)> {
        let globals = self.program.globals.iter().zip(&mut self.globals.slots);
        let mut temporaries: Vec<(Box<str>, Value)> = globals
            .filter(|(global, _)| !global.stored && global.namespace == Namespace::Bare)
            .filter_map(|(global, slot)| Some((global.name.clone(), slot.value.take()?)))
            .collect();
        temporaries.extend(self.globals.unnamed.extract_if(.., |name, _| name.starts_with('_')));
        temporaries
    }

    /// What a variable was before the current deal changed, for a message that explains why it has no value.
    pub(super) fn was_set_before(&self, slot: u32) -> bool {
        self.globals.last.get(&slot).is_some_and(Option::is_some)
    }

    /// What the host wants to know of the variables: the assignments, and the names that are never stored.
    #[allow(clippy::type_complexity, reason = "the two fields of `Finished`")]
    pub(super) fn take_assigned(&mut self) -> (Vec<(String, Option<Value>)>, Vec<(Box<str>, Value)>) {
        match self.globals.kept {
            Kept::Variables => {
                let temporaries = self.take_temporaries();
                (self.written_variables(), temporaries)
            }
            Kept::ValueOnly => (Vec::new(), Vec::new()),
        }
    }

    /// The assignments of the run under the names that programs read.
    fn written_variables(&mut self) -> Vec<(String, Option<Value>)> {
        let mut variables = Vec::with_capacity(self.globals.written.len());
        for slot in std::mem::take(&mut self.globals.written) {
            let index = slot as usize;
            let global = &self.program.globals[index];
            if !global.stored {
                continue;
            }
            let name = match global.namespace {
                Namespace::Bare => global.name.to_string(),
                Namespace::Client => format!("client.{}", global.name),
                Namespace::Project => format!("project.{}", global.name),
            };
            let held = &mut self.globals.slots[index];
            let value = if held.flags & ASSIGNED != 0 { held.value.take() } else { self.globals.last.remove(&slot).flatten() };
            variables.push((name, value));
        }
        variables.extend(std::mem::take(&mut self.globals.unnamed).into_iter().map(|(name, value)| (name.into(), Some(value))));
        variables
    }

    /// The value of a place, for a statement that changes it.
    pub(super) fn place_mut(&mut self, place: VariableSlot) -> Eval<&mut Option<Value>> {
        match place {
            VariableSlot::Local(slot) => Ok(&mut self.stack[self.base + slot as usize]),
            VariableSlot::Global(slot) => self.global_mut(slot),
        }
    }

    /// Sets a place.
    #[inline]
    pub(super) fn set_place(&mut self, place: VariableSlot, value: Value) {
        match place {
            VariableSlot::Local(slot) => match self.stack.get_mut(self.base + slot as usize) {
                Some(held) => put(held, value),
                None => value.let_go(),
            },
            VariableSlot::Global(slot) => self.set_global(slot, value),
        }
    }
}
