//! How deep and how large a value is when it is written out. Values share their parts, so a list of a list of a list
//! can be small in memory and endless in print; the evaluator refuses such values before anybody walks them.

/// Depth and size of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Levels of lists and dicts: 0 for anything else.
    pub depth: u32,
    /// Bytes, every part counted as often as it appears.
    pub size: u64,
}

impl Extent {
    pub(super) const SCALAR: Self = Self { depth: 0, size: 16 };
    pub(crate) const CONTAINER: Self = Self { depth: 1, size: 16 };

    #[inline]
    pub(super) fn text(length: usize) -> Self {
        Self { depth: 0, size: 16 + length as u64 }
    }

    pub(super) fn of(items: &[super::Value]) -> Self {
        let mut extent = Self::CONTAINER;
        for item in items {
            extent.add(item.extent());
        }
        extent
    }

    #[inline]
    pub(super) fn add(&mut self, part: Self) {
        self.depth = self.depth.max(part.depth + 1);
        self.size = self.size.saturating_add(part.size);
    }

    #[inline]
    pub(super) fn add_text(&mut self, length: usize) {
        self.size = self.size.saturating_add(length as u64);
    }

    #[inline]
    pub(super) fn subtract_text(&mut self, length: usize) {
        self.size = self.size.saturating_sub(length as u64);
    }

    /// Without a part; the depth stays, as an upper bound.
    #[inline]
    pub(super) fn subtract(&mut self, part: Self) {
        self.size = self.size.saturating_sub(part.size);
    }

    #[inline]
    pub(super) fn replace(&mut self, old: Self, new: Self) {
        self.subtract(old);
        self.add(new);
    }
}
