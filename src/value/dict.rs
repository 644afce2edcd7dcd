//! The dict of a value: text keys in the order of insertion; shared, and copied only when changed while shared.

use indexmap::IndexMap;
use triomphe::Arc;

use super::extent::Extent;
use super::meter::Charge;
use super::text::Key;
use super::{Text, Value};

/// Keys come from users, so the hash is seeded.
type Entries = IndexMap<Text, Value, foldhash::fast::RandomState>;

const OVERHEAD: usize = 112;
/// Key, value, hash, and a place in the index.
const PER_ENTRY: usize = size_of::<Text>() + size_of::<Value>() + 16;

/// A dict of values, cheap to copy; changed in place when nobody else holds it.
#[derive(Clone)]
pub struct Dict(Arc<Inner>);

struct Inner {
    entries: Entries,
    charge: Charge,
    extent: Extent,
}

impl Clone for Inner {
    fn clone(&self) -> Self {
        Self { entries: self.entries.clone(), charge: Charge::new(self.entries.capacity() * PER_ENTRY + OVERHEAD), extent: self.extent }
    }
}

impl Inner {
    /// To be called whenever the entries may have been moved to another piece of memory.
    fn recharge(&mut self) {
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
        let entries = Entries::with_capacity_and_hasher(capacity, foldhash::fast::RandomState::default());
        let charge = Charge::new(entries.capacity() * PER_ENTRY + OVERHEAD);
        Self(Arc::new(Inner { entries, charge, extent: Extent::CONTAINER }))
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
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.entries.get(&Key(key.as_bytes()))
    }

    /// The value under a key that is a [`Text`] already.
    #[must_use]
    #[inline]
    pub fn get_text(&self, key: &Text) -> Option<&Value> {
        self.0.entries.get(key)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.0.entries.contains_key(&Key(key.as_bytes()))
    }

    /// Position of a key in the order of insertion.
    #[must_use]
    pub fn index_of(&self, key: &str) -> Option<usize> {
        self.0.entries.get_index_of(&Key(key.as_bytes()))
    }

    /// The entry at a position in the order of insertion.
    #[must_use]
    pub fn get_index(&self, index: usize) -> Option<(&Text, &Value)> {
        self.0.entries.get_index(index)
    }

    /// Sets a value; a key that is there keeps its place.
    pub fn insert(&mut self, key: Text, value: Value) {
        let inner = Arc::make_mut(&mut self.0);
        let (key_length, new) = (key.len(), value.extent());
        // As for lists; every growth also makes the index anew.
        if inner.entries.len() == inner.entries.capacity() {
            inner.entries.reserve(inner.entries.len().max(8));
            inner.recharge();
        }
        if let Some(old) = inner.entries.insert(key, value) {
            inner.extent.replace(old.extent(), new);
        } else {
            inner.extent.add(new);
            inner.extent.add_text(key_length);
        }
    }

    /// The value under a key, to be changed in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        Arc::make_mut(&mut self.0).entries.get_mut(&Key(key.as_bytes()))
    }

    /// After a value was changed in place: what it was before and is now.
    pub(super) fn changed(&mut self, before: Extent, after: Extent) {
        Arc::make_mut(&mut self.0).extent.replace(before, after);
    }

    /// Removes an entry, keeping the order of the others.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        if !self.contains_key(key) {
            return None;
        }
        let inner = Arc::make_mut(&mut self.0);
        let removed = inner.entries.shift_remove(&Key(key.as_bytes()));
        if let Some(removed) = &removed {
            inner.extent.subtract(removed.extent());
        }
        removed
    }

    /// Keys and values in the order of insertion.
    #[must_use]
    pub fn iter(&self) -> indexmap::map::Iter<'_, Text, Value> {
        self.0.entries.iter()
    }

    /// Keys in the order of insertion.
    #[must_use]
    pub fn keys(&self) -> indexmap::map::Keys<'_, Text, Value> {
        self.0.entries.keys()
    }

    /// Values in the order of insertion.
    #[must_use]
    pub fn values(&self) -> indexmap::map::Values<'_, Text, Value> {
        self.0.entries.values()
    }
}

impl Default for Dict {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> IntoIterator for &'a Dict {
    type Item = (&'a Text, &'a Value);
    type IntoIter = indexmap::map::Iter<'a, Text, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
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
