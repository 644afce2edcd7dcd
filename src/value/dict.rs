//! The dict of a value: text keys in the order of insertion; shared, and copied only when changed while shared.
//!
//! Most dicts of scripts have a handful of entries. Up to [`FEW`] keys are looked for one after the other, which for short
//! keys is one comparison of words each; larger dicts have an index.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use triomphe::Arc;

use super::extent::Extent;
use super::meter::Charge;
use super::{Text, Value, growth};

/// How many entries a dict may have without an index.
const FEW: usize = 32;
const OVERHEAD: usize = 96;
/// Key and value, and a place in the index.
const PER_ENTRY: usize = size_of::<Entry>() + 8;

/// A dict of values, cheap to copy; changed in place when nobody else holds it.
#[derive(Clone)]
pub struct Dict(Arc<DictBody>);

type Entry = (Text, Value);

struct DictBody {
    entries: Vec<Entry>,
    /// Where the entry of a key is; for large dicts only.
    index: Option<Box<KeyIndex>>,
    charge: Charge,
    extent: Extent,
}

/// Positions of entries by the hash of their keys.
#[derive(Clone)]
struct KeyIndex {
    positions: HashTable<u32>,
    /// Keys come from users, so the hash is seeded.
    state: RandomState,
}

impl KeyIndex {
    fn of(entries: &[Entry]) -> Self {
        let mut index = Self { positions: HashTable::with_capacity(2 * entries.len()), state: RandomState::default() };
        for position in 0..entries.len() {
            index.add(entries, position);
        }
        index
    }

    /// Adds the entry at a position, which must not be there yet.
    fn add(&mut self, entries: &[Entry], position: usize) {
        let Self { positions, state } = self;
        let hash = state.hash_one(&entries[position].0);
        let hash_at = |position: &u32| state.hash_one(&entries[*position as usize].0);
        // More entries than this no memory limit lets through.
        positions.insert_unique(hash, u32::try_from(position).unwrap_or(u32::MAX), hash_at);
    }

    /// Takes out the entry at a position; those behind it are about to move up.
    fn remove(&mut self, entries: &[Entry], position: usize) {
        let is_it = |other: &u32| *other as usize == position;
        if let Ok(entry) = self.positions.find_entry(self.state.hash_one(&entries[position].0), is_it) {
            entry.remove();
        }
        for other in &mut self.positions {
            *other -= u32::from(*other as usize > position);
        }
    }

    #[inline]
    fn position(&self, entries: &[Entry], key: &Text) -> Option<usize> {
        let is_key = |position: &u32| entries[*position as usize].0 == *key;
        self.positions.find(self.state.hash_one(key), is_key).map(|position| *position as usize)
    }
}

impl Clone for DictBody {
    #[cold]
    #[inline(never)]
    fn clone(&self) -> Self {
        Self::new(self.entries.clone(), self.index.clone(), self.extent)
    }
}

impl DictBody {
    fn new(entries: Vec<Entry>, index: Option<Box<KeyIndex>>, extent: Extent) -> Self {
        let charge = Charge::new(entries.capacity() * PER_ENTRY + OVERHEAD);
        Self { entries, index, charge, extent }
    }

    #[inline]
    fn position(&self, key: &Text) -> Option<usize> {
        match (&self.index, key.short_word()) {
            (None, Some(word)) => self.entries.iter().position(|(other, _)| other.is_word(word)),
            _ => self.position_of_any(key),
        }
    }

    #[inline(never)]
    fn position_of_any(&self, key: &Text) -> Option<usize> {
        match &self.index {
            None => self.entries.iter().position(|(other, _)| other == key),
            Some(index) => index.position(&self.entries, key),
        }
    }

    /// Adds an entry whose key is not there yet.
    #[inline]
    fn push(&mut self, key: Text, value: Value) {
        self.extent.add(value.extent());
        self.extent.add_text(key.len());
        if self.entries.len() == self.entries.capacity() {
            self.grow();
        }
        self.entries.push((key, value));
        if let Some(index) = &mut self.index {
            index.add(&self.entries, self.entries.len() - 1);
        } else if self.entries.len() > FEW {
            self.index = Some(Box::new(KeyIndex::of(&self.entries)));
        }
    }

    #[inline(never)]
    fn grow(&mut self) {
        growth::grow(&mut self.entries);
        self.charge.set(self.entries.capacity() * PER_ENTRY + OVERHEAD);
    }
}

impl Dict {
    /// An empty dict.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// An empty dict with room for `capacity` entries.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Arc::new(DictBody::new(Vec::with_capacity(capacity), None, Extent::CONTAINER)))
    }

    /// Whether somebody else holds the dict too, so that changing it copies it.
    #[must_use]
    #[inline]
    pub fn is_shared(&self) -> bool {
        !Arc::is_unique(&self.0)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// How deep and how large the dict is when written out.
    #[must_use]
    #[inline]
    pub fn extent(&self) -> Extent {
        self.0.extent
    }

    /// The value under a key.
    #[must_use]
    #[inline]
    pub fn get(&self, key: &Text) -> Option<&Value> {
        self.0.position(key).map(|position| &self.0.entries[position].1)
    }

    /// Position of a key in the order of insertion.
    #[must_use]
    pub fn index_of(&self, key: &Text) -> Option<usize> {
        self.0.position(key)
    }

    /// The entry at a position in the order of insertion.
    #[must_use]
    #[inline]
    pub fn get_index(&self, index: usize) -> Option<(&Text, &Value)> {
        self.0.entries.get(index).map(|(key, value)| (key, value))
    }

    /// Sets a value; a key that is there keeps its place.
    pub fn insert(&mut self, key: Text, value: Value) {
        let inner = Arc::make_mut(&mut self.0);
        match inner.position(&key) {
            Some(position) => {
                let old = &mut inner.entries[position].1;
                inner.extent.replace(old.extent(), value.extent());
                *old = value;
            }
            None => inner.push(key, value),
        }
    }

    /// The value under a key, to be changed in place.
    pub fn get_mut(&mut self, key: &Text) -> Option<&mut Value> {
        let position = self.index_of(key)?;
        Some(&mut Arc::make_mut(&mut self.0).entries[position].1)
    }

    /// After a value was changed in place: what it was before and is now.
    pub(super) fn changed(&mut self, before: Extent, after: Extent) {
        Arc::make_mut(&mut self.0).extent.replace(before, after);
    }

    /// Removes an entry, keeping the order of the others.
    pub fn remove(&mut self, key: &Text) -> Option<Value> {
        let position = self.index_of(key)?;
        let inner = Arc::make_mut(&mut self.0);
        if let Some(index) = &mut inner.index {
            index.remove(&inner.entries, position);
        }
        let (key, removed) = inner.entries.remove(position);
        inner.extent.subtract(removed.extent());
        inner.extent.subtract_text(key.len());
        Some(removed)
    }

    /// Keys and values in the order of insertion.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Value)> + DoubleEndedIterator {
        self.0.entries.iter().map(|(key, value)| (key, value))
    }

    /// Keys in the order of insertion.
    #[must_use]
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Text> + DoubleEndedIterator {
        self.0.entries.iter().map(|(key, _)| key)
    }

    /// Values in the order of insertion.
    #[must_use]
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> + DoubleEndedIterator {
        self.0.entries.iter().map(|(_, value)| value)
    }
}

impl Default for Dict {
    fn default() -> Self {
        Self::new()
    }
}

impl FromIterator<(Text, Value)> for Dict {
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut dict = Self::with_capacity(entries.size_hint().0);
        for (key, value) in entries {
            dict.insert(key, value);
        }
        dict
    }
}

impl std::fmt::Debug for Dict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

impl PartialEq for Dict {
    /// The order of the entries does not matter.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}
