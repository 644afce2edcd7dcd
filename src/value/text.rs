//! The text of a value: one machine word. Up to seven bytes stand in the word itself, longer text is shared and copied
//! only when it is changed while shared.
//!
//! This is the one module of the language with `unsafe`, and the reason is measured: a value whose parts are all words
//! travels in two registers, and only a word that is either characters or a pointer lets short text take part in that.
//! docs/decisions.md has the numbers, and what the same without `unsafe` costs.
//!
//! A function that relies on its caller is an `unsafe fn` and says on what; every `unsafe` block says why it holds, most
//! often by one of the rules of [`Text`]. What needs no inside of a text is in the modules below, without `unsafe`.
#![allow(unsafe_code, reason = "a word that is characters or a pointer; see above")]

mod conversions;
mod guess;

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering, fence};

use super::growth;
use super::meter::{self, RunId};

/// How many bytes stand in the word itself: all but the one that has the length.
const INLINE: usize = size_of::<usize>() - 1;

/// Integers below this one fit the word with their sign.
#[allow(clippy::cast_possible_truncation, reason = "at most 7")]
const SHORT_NUMBER: u64 = 10_u64.pow(INLINE as u32 - 1);

/// Whether the lowest byte of a word comes first in memory, before its characters, or last.
const LOWEST_FIRST: bool = cfg!(target_endian = "little");

/// UTF-8 text, cheap to copy; changed in place when nobody else holds it.
// What every `unsafe` of this module relies on, and what every function of it keeps up:
//
// 1. A word whose lowest bit is 1 is short. Its lowest byte is twice the length plus 1, the length is at most `INLINE`,
//    and so many bytes above it, from the lowest to the highest, are whole UTF-8 characters.
// 2. Any other word is long. It is the address of a `Long` that was allocated with `layout(capacity)` and lives as long as
//    it has owners, each `Text` of that word being one of them; the address reaches the bytes behind the header too.
//    The first `length` of those are written and are whole UTF-8 characters, and `length` is at most `capacity`.
// 3. Length, capacity and the bytes of a long text are changed only through a `Text` that is its only owner.
//
// Not for memory, but for comparing by word: a text of at most `INLINE` bytes is never long, and the bytes of a short word
// that are no characters are 0, so equal short texts are equal words.
pub struct Text {
    word: NonNull<Long>,
    owns: PhantomData<Long>,
}

/// What stands in front of the bytes of a long text, in the same piece of memory.
#[repr(C)]
struct Long {
    owners: AtomicU32,
    /// The run that took the memory.
    run: RunId,
    length: usize,
    capacity: usize,
}

/// Where the bytes of a long text begin.
const HEADER: usize = size_of::<Long>();
/// What a long text costs besides its bytes, the allocator's share included.
const OVERHEAD: usize = HEADER + 16;
/// A text that more hold than this is copied for the next one, so that the count never wraps. Threads that count
/// themselves in at the same moment and are not through with it yet are far fewer than what is left above.
const MOST_OWNERS: u32 = u32::MAX / 2;

const _: () = assert!(size_of::<Text>() == size_of::<usize>(), "a text is one word");
const _: () = assert!(size_of::<Option<Text>>() == size_of::<usize>(), "no text is the word 0");
const _: () = assert!(align_of::<Long>() >= 2, "the lowest bit of a long text's address is 0");
const _: () = assert!(align_of::<Text>() <= align_of::<usize>(), "the bytes of a word are read where it stands");
const _: () = assert!(2 * INLINE < u8::MAX as usize, "length and mark of a short text fit the lowest byte");
const _: () = assert!(SHORT_NUMBER.ilog10() as usize + 1 == INLINE, "the digits below it and a sign fit a word");

// SAFETY: a `Text` is a word and perhaps a share of a `Long`. The count of owners is atomic; the rest of a `Long` and its
// bytes are changed only by the only owner (rule 3), who has seen by an acquiring load that the others are gone.
unsafe impl Send for Text {}
// SAFETY: through a shared `Text` everything but the atomic count is only read.
unsafe impl Sync for Text {}

impl Text {
    /// The empty text.
    pub const EMPTY: Self = Self { word: NonNull::without_provenance(NonZeroUsize::MIN), owns: PhantomData };

    /// The text that stands in a word.
    ///
    /// # Safety
    /// The word is short by rule 1.
    #[inline]
    unsafe fn of_word(word: usize) -> Self {
        debug_assert!(word & 1 == 1 && short_length(word) <= INLINE, "not the word of a short text");
        // The lowest bit is 1 already; said once more, the word is seen not to be 0 without asking.
        Self { word: NonNull::without_provenance(NonZeroUsize::MIN | word), owns: PhantomData }
    }

    /// A short text.
    ///
    /// # Safety
    /// There are at most [`INLINE`] bytes, and they are whole UTF-8 characters.
    #[inline]
    unsafe fn short(bytes: &[u8]) -> Self {
        debug_assert!(bytes.len() <= INLINE, "longer text does not stand in a word");
        // SAFETY: `word_of` lays so many bytes out by rule 1, and the caller says that they are characters.
        unsafe { Self::of_word(word_of(bytes)) }
    }

    /// Whether the text stands in the word itself.
    #[inline]
    pub(super) fn is_short(&self) -> bool {
        self.word.addr().get() & 1 == 1
    }

    /// The word of a short text; no other text has the same.
    #[inline]
    pub(super) fn short_word(&self) -> Option<NonZeroUsize> {
        self.is_short().then(|| self.word.addr())
    }

    /// Whether this is the text of that word.
    #[inline]
    pub(super) fn is_word(&self, word: NonZeroUsize) -> bool {
        self.word.addr() == word
    }

    /// The header of a long text.
    #[inline]
    fn long(&self) -> Option<&Long> {
        if self.is_short() {
            return None;
        }
        // SAFETY: a word that is not short is the address of a `Long` that lives as long as `self` holds it (rule 2), and
        // nobody changes more of it than the atomic count while `self` is borrowed (rule 3).
        Some(unsafe { self.word.as_ref() })
    }

    /// A long text with room for `capacity` bytes at least, whose only owner is the caller. It is empty: the caller appends
    /// more than [`INLINE`] bytes, as comparing by word needs.
    #[inline]
    fn with_room(capacity: usize) -> Self {
        let capacity = rounded(capacity);
        let layout = layout(capacity);
        // SAFETY: the layout has a size, that of the header at least.
        let memory = unsafe { alloc(layout) };
        let Some(word) = header_at(memory) else { handle_alloc_error(layout) };
        let run = meter::take(cost(capacity));
        // SAFETY: the memory is new, and the layout is large enough and aligned for the header.
        unsafe { word.write(Long { owners: AtomicU32::new(1), run, length: 0, capacity }) };
        Self { word, owns: PhantomData }
    }

    /// Appends to a long text.
    ///
    /// # Safety
    /// The text is long, nobody else holds it, and its capacity is at least its length and that of `more` together.
    #[inline]
    unsafe fn append_in_place(&mut self, more: &str) {
        debug_assert!(self.is_unshared_long(), "short or shared");
        let long = self.word.as_ptr();
        // SAFETY: the text is long, so `long` may be read (rule 2); it is held by `self` alone, which is borrowed for change,
        // so it may be changed (rule 3), and `more` is in other memory. The bytes written are within the capacity, as the
        // caller says, and end as whole characters, for `more` is a `str`.
        unsafe {
            let length = (*long).length;
            debug_assert!((*long).capacity - length >= more.len(), "the room was not made before");
            let end = long.cast::<u8>().add(HEADER + length);
            std::ptr::copy_nonoverlapping(more.as_ptr(), end, more.len());
            (*long).length = length + more.len();
        }
    }

    /// Whether somebody else holds the text too, so that changing it copies it.
    #[inline]
    pub(crate) fn is_shared(&self) -> bool {
        self.long().is_some_and(|long| !long.has_one_owner())
    }

    #[inline]
    fn is_unshared_long(&self) -> bool {
        self.long().is_some_and(Long::has_one_owner)
    }

    /// Gives a long text room for `needed` bytes, and some more.
    ///
    /// # Safety
    /// The text is long, nobody else holds it, and `needed` is more than its capacity.
    #[cold]
    #[inline(never)]
    unsafe fn grow(&mut self, needed: usize) {
        debug_assert!(self.is_unshared_long(), "short or shared");
        // SAFETY: the text is long, so its header may be read (rule 2).
        let (old, run) = unsafe { ((*self.word.as_ptr()).capacity, (*self.word.as_ptr()).run) };
        let new = rounded(needed.max(old.saturating_mul(2)));
        if old <= growth::SMALL {
            let mut moved = Self::with_room(new);
            // SAFETY: `moved` was just made, long and with more room than the old text had.
            unsafe { moved.append_in_place(self) };
            *self = moved;
            return;
        }
        let new_layout = layout(new);
        // SAFETY: the memory was allocated with `layout(old)` (rule 2), nobody else has its address, and the new size is that
        // of a layout: not 0, and not too large.
        let memory = unsafe { realloc(self.word.as_ptr().cast::<u8>(), layout(old), new_layout.size()) };
        let Some(word) = header_at(memory) else { handle_alloc_error(new_layout) };
        meter::give_back(run, cost(old));
        let run = meter::take(cost(new));
        // SAFETY: the header was moved along with the bytes, and nobody else has the new address.
        unsafe {
            (*word.as_ptr()).capacity = new;
            (*word.as_ptr()).run = run;
        }
        self.word = word;
    }

    /// A text of its own, for the one who just became an owner too many.
    #[cold]
    fn copy_for_too_many(&self, long: &Long) -> Self {
        // `self` is one of the others, so this is not the last owner.
        long.owners.fetch_sub(1, Ordering::Relaxed);
        Self::joined(self, "")
    }

    #[inline(never)]
    fn of_digits(int: i64) -> Self {
        let mut text = Self::EMPTY;
        let _ = fmt::Write::write_fmt(&mut text, format_args!("{int}"));
        text
    }

    /// The two texts together, as a long one: they must be more than [`INLINE`] bytes.
    #[inline]
    fn joined(first: &str, second: &str) -> Self {
        let length = sum(first.len(), second.len());
        debug_assert!(length > INLINE, "short texts stand in the word");
        let mut text = Self::with_room(length);
        // SAFETY: the text was just made: it is long, nobody else has it, and there is room for both.
        unsafe {
            text.append_in_place(first);
            text.append_in_place(second);
        }
        text
    }

    /// The text as Rust's.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        // SAFETY: the bytes of a text are whole UTF-8 characters (rules 1 and 2).
        unsafe { std::str::from_utf8_unchecked(self.as_bytes()) }
    }

    /// The bytes of the text.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        let (start, length) = match self.long() {
            None => {
                let own = std::ptr::from_ref(&self.word).cast::<u8>();
                (if LOWEST_FIRST { own.wrapping_add(1) } else { own }, short_length(self.word.addr().get()))
            }
            // The pointer of the word reaches the bytes behind the header, one made from the header would not.
            Some(long) => (self.word.as_ptr().cast::<u8>().cast_const().wrapping_add(HEADER), long.length),
        };
        // SAFETY: the characters of a short text are bytes of the word, which is borrowed with `self` (rule 1); those of a long
        // one are written and nobody changes them while `self` is borrowed (rules 2 and 3).
        unsafe { std::slice::from_raw_parts(start, length) }
    }

    /// Length in bytes.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.long().map_or_else(|| short_length(self.word.addr().get()), |long| long.length)
    }

    /// Whether there is no character.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.word == Self::EMPTY.word
    }

    /// Appends another text.
    #[inline]
    pub fn push(&mut self, more: &Self) {
        let (word, added) = (self.word.addr().get(), more.word.addr().get());
        if word & added & 1 == 1 {
            let (length, added_length) = (short_length(word), short_length(added));
            if LOWEST_FIRST && added_length > 0 && length + added_length <= INLINE {
                let above = (added >> 8) << (8 * (length + 1));
                // SAFETY: `above` is the new characters moved up behind the old ones, where the word was 0; there is at least
                // one, so `length` is below `INLINE` and nothing is shifted out. The lowest byte has the sum of the lengths.
                *self = unsafe { Self::of_word(word + 2 * added_length + above) };
                return;
            }
        }
        self.push_str(more);
    }

    /// This text and another one after it.
    #[must_use]
    #[inline]
    pub fn with(&self, more: &Self) -> Self {
        if self.is_short() && more.is_short() {
            let mut joined = self.clone();
            joined.push(more);
            joined
        } else {
            Self::joined(self, more)
        }
    }

    /// Appends; in place when the text is long already and nobody else holds it.
    #[inline]
    pub fn push_str(&mut self, more: &str) {
        match self.long() {
            Some(long) if long.has_one_owner() => {
                let needed = sum(long.length, more.len());
                // SAFETY: the text is long and nobody else holds it; it grows only when the capacity is too small, and has
                // room for all that is needed afterwards.
                unsafe {
                    if needed > long.capacity {
                        self.grow(needed);
                    }
                    self.append_in_place(more);
                }
            }
            _ => self.push_copied(more),
        }
    }

    /// Appends to a text that is short or that others hold too.
    #[inline(never)]
    fn push_copied(&mut self, more: &str) {
        let (length, needed) = (self.len(), sum(self.len(), more.len()));
        *self = if needed <= INLINE {
            let mut bytes = [0; INLINE];
            bytes[..length].copy_from_slice(self.as_bytes());
            bytes[length..needed].copy_from_slice(more.as_bytes());
            // SAFETY: two whole `str`s one after the other, no longer than fits.
            unsafe { Self::short(&bytes[..needed]) }
        } else if more.is_empty() {
            return;
        } else {
            Self::joined(self, more)
        };
    }
}

impl Long {
    #[inline]
    fn has_one_owner(&self) -> bool {
        // As `Arc::get_mut` does it: whoever let go of it before has done all its reading before.
        self.owners.load(Ordering::Acquire) == 1
    }
}

/// The length that a short word has in its lowest byte.
#[inline]
const fn short_length(word: usize) -> usize {
    (word & 0xff) >> 1
}

/// The word that holds these characters, at most [`INLINE`] bytes of them.
#[inline]
fn word_of(bytes: &[u8]) -> usize {
    let tag = 2 * bytes.len() + 1;
    if LOWEST_FIRST {
        bytes.iter().rev().fold(0, |word, byte| word << 8 | usize::from(*byte)) << 8 | tag
    } else {
        let mut word = [0; size_of::<usize>()];
        word[..bytes.len()].copy_from_slice(bytes);
        usize::from_ne_bytes(word) | tag
    }
}

/// The length of two texts together.
#[inline]
fn sum(first: usize, second: usize) -> usize {
    first.checked_add(second).unwrap_or_else(|| too_large())
}

/// Allocators give sixteen bytes at a time, less one word of their own.
#[inline]
fn rounded(capacity: usize) -> usize {
    capacity.checked_next_multiple_of(16).unwrap_or_else(|| too_large())
}

/// What a long text of this capacity counts in the memory of a run.
#[inline]
fn cost(capacity: usize) -> usize {
    capacity.saturating_add(OVERHEAD)
}

/// The memory of a long text of this capacity.
#[inline]
fn layout(capacity: usize) -> Layout {
    let size = HEADER.checked_add(capacity).unwrap_or_else(|| too_large());
    Layout::from_size_align(size, align_of::<Long>()).unwrap_or_else(|_| too_large())
}

/// More than half of the address space: no machine has it, and the memory limit of a run comes first.
#[cold]
fn too_large() -> ! {
    handle_alloc_error(Layout::new::<Long>())
}

/// The place of the header in memory just allocated; `None` when there was none left.
#[inline]
#[allow(clippy::cast_ptr_alignment, reason = "the layout asks for the alignment")]
fn header_at(memory: *mut u8) -> Option<NonNull<Long>> {
    NonNull::new(memory.cast::<Long>())
}

impl Clone for Text {
    #[inline]
    fn clone(&self) -> Self {
        if let Some(long) = self.long()
            && long.owners.fetch_add(1, Ordering::Relaxed) > MOST_OWNERS
        {
            return self.copy_for_too_many(long);
        }
        // The new `Text` of a long word was counted as an owner (rule 2).
        Self { word: self.word, owns: PhantomData }
    }
}

impl Drop for Text {
    #[inline]
    fn drop(&mut self) {
        if self.long().is_some_and(|long| long.owners.fetch_sub(1, Ordering::Release) == 1) {
            // SAFETY: this was the last owner, and nobody uses a `Text` after its drop.
            unsafe { free(self.word) };
        }
    }
}

/// Returns the memory of a long text.
///
/// # Safety
/// `long` is the word of a long text whose last owner is gone; it is not used afterwards.
#[inline(never)]
unsafe fn free(long: NonNull<Long>) {
    // What other owners read, they read before.
    fence(Ordering::Acquire);
    // SAFETY: nobody else has the address any more, so the header is there until here and is read by nobody else.
    let (capacity, run) = unsafe { ((*long.as_ptr()).capacity, (*long.as_ptr()).run) };
    // SAFETY: the memory was allocated with the layout of its capacity (rule 2), and nobody uses it afterwards.
    unsafe { dealloc(long.as_ptr().cast::<u8>(), layout(capacity)) };
    meter::give_back(run, cost(capacity));
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Self {
        if text.len() > INLINE {
            return Self::joined(text, "");
        }
        // SAFETY: a `str`, no longer than fits.
        unsafe { Self::short(text.as_bytes()) }
    }
}

impl From<i64> for Text {
    /// The digits of an integer.
    #[inline]
    fn from(int: i64) -> Self {
        let mut rest = int.unsigned_abs();
        if rest >= SHORT_NUMBER || !LOWEST_FIRST {
            return Self::of_digits(int);
        }
        // From the last digit to the sign, each pushing those before it up by a byte.
        let (mut word, mut tag) = (0, 1);
        loop {
            word = word << 8 | usize::from(b'0') | (rest % 10) as usize;
            tag += 2;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if int < 0 {
            word = word << 8 | usize::from(b'-');
            tag += 2;
        }
        // SAFETY: each character is one of ASCII, and there are at most `INLINE`: a number below `SHORT_NUMBER` has one digit
        // less than that, and there is one sign. The lowest byte has 2 for each and 1.
        unsafe { Self::of_word(word << 8 | tag) }
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // Equal words are the same short text or the same long one; a short text never equals a long one.
        self.word == other.word || !(self.is_short() || other.is_short()) && self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Text {}

impl Hash for Text {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.is_short() {
            state.write_usize(self.word.addr().get());
        } else {
            state.write(self.as_bytes());
        }
    }
}
