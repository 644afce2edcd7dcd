//! The list of a value: shared, and copied only when changed while shared.

use std::ops::Deref;

use triomphe::Arc;

use super::Value;
use super::extent::Extent;
use super::growth;
use super::meter::Charge;

const OVERHEAD: usize = 48;
const PER_ITEM: usize = size_of::<Value>();

/// A list of values, cheap to copy; changed in place when nobody else holds it.
#[derive(Clone)]
pub struct List(Arc<ListBody>);

struct ListBody {
    items: Vec<Value>,
    charge: Charge,
    extent: Extent,
}

impl Clone for ListBody {
    #[cold]
    #[inline(never)]
    fn clone(&self) -> Self {
        Self::new(self.items.clone(), self.extent)
    }
}

impl ListBody {
    fn new(items: Vec<Value>, extent: Extent) -> Self {
        let charge = Charge::new(items.capacity() * PER_ITEM + OVERHEAD);
        Self { items, charge, extent }
    }

    /// To be called whenever the items may have been moved to another piece of memory.
    fn recharge(&mut self) {
        self.charge.set(self.items.capacity() * PER_ITEM + OVERHEAD);
    }
}

impl List {
    /// A list of these items.
    #[must_use]
    pub fn new(items: Vec<Value>) -> Self {
        let extent = Extent::of(&items);
        Self(Arc::new(ListBody::new(items, extent)))
    }

    /// How deep and how large the list is when written out.
    #[must_use]
    #[inline]
    pub fn extent(&self) -> Extent {
        self.0.extent
    }

    /// Whether somebody else holds the list too, so that changing it copies it.
    #[must_use]
    #[inline]
    pub fn is_shared(&self) -> bool {
        !Arc::is_unique(&self.0)
    }

    /// Appends one item, in constant time when nobody else holds the list.
    pub fn push(&mut self, item: Value) {
        let items = Arc::make_mut(&mut self.0);
        items.extent.add(item.extent());
        if items.items.len() == items.items.capacity() {
            growth::grow(&mut items.items);
            items.recharge();
        }
        items.items.push(item);
    }

    /// Replaces the item at `index`, or appends at the length; hands the item back when `index` is beyond.
    pub fn set(&mut self, index: usize, item: Value) -> Result<(), Value> {
        if index > self.len() {
            return Err(item);
        }
        if index == self.len() {
            self.push(item);
            return Ok(());
        }
        let items = Arc::make_mut(&mut self.0);
        items.extent.replace(items.items[index].extent(), item.extent());
        items.items[index] = item;
        Ok(())
    }

    /// The item at `index`, to be changed in place.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut Value> {
        Arc::make_mut(&mut self.0).items.get_mut(index)
    }

    /// After an item was changed in place: what it was before and is now.
    pub(super) fn changed(&mut self, before: Extent, after: Extent) {
        Arc::make_mut(&mut self.0).extent.replace(before, after);
    }

    /// Changes the items in any way; costs a walk over them afterwards.
    pub fn edit<T>(&mut self, change: impl FnOnce(&mut Vec<Value>) -> T) -> T {
        let items = Arc::make_mut(&mut self.0);
        let result = change(&mut items.items);
        items.extent = Extent::of(&items.items);
        items.recharge();
        result
    }

    /// Removes the item at `index`.
    pub fn remove(&mut self, index: usize) -> Option<Value> {
        if index >= self.len() {
            return None;
        }
        let items = Arc::make_mut(&mut self.0);
        let removed = items.items.remove(index);
        items.extent.subtract(removed.extent());
        Some(removed)
    }

    /// The items themselves; copied only when somebody else holds the list too.
    #[must_use]
    pub fn into_items(mut self) -> Vec<Value> {
        match Arc::get_mut(&mut self.0) {
            Some(items) => std::mem::take(&mut items.items),
            None => self.0.items.clone(),
        }
    }
}

impl Deref for List {
    type Target = [Value];

    #[inline]
    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> Self {
        Self::new(items)
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::new(items.into_iter().collect())
    }
}

impl std::fmt::Debug for List {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
