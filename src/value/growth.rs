//! How rows of values grow.

/// Rows of a few items are the rule: growing by 1, 2, 4 would be most of their cost.
const FIRST: usize = 8;
/// Up to so many bytes a row is copied to a new place. Allocators keep small pieces at hand; `realloc` does not look among
/// those (with glibc 311 instead of about 120 instructions).
pub(super) const SMALL: usize = 1024;

/// Makes room for one more item at least, and for as many again.
#[inline(never)]
pub(super) fn grow<T>(items: &mut Vec<T>) {
    let more = items.len().max(FIRST);
    if items.capacity() > 0 && size_of_val(items.as_slice()) <= SMALL {
        let mut moved = Vec::with_capacity(items.len() + more);
        moved.append(items);
        *items = moved;
    } else {
        items.reserve(more);
    }
}
