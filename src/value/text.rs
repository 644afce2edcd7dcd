//! The text of a value: one machine word. Up to seven bytes stand in the word itself, longer text is shared and copied
//! only when it is changed while shared.
//!
//! This is the one module of the library with `unsafe`, and the reason is measured: a value whose parts are all words
//! travels in two registers, and only a word that is either characters or a pointer lets short text take part in that.
//! docs/decisions.md has the numbers, and what the same without `unsafe` costs.
#![allow(unsafe_code, reason = "a word that is characters or a pointer; see above")]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

use super::{growth, meter};

/// How many bytes stand in the word itself: all but the one that has the length.
const INLINE: usize = size_of::<usize>() - 1;

/// Integers below this one fit the word with their sign.
#[allow(clippy::cast_possible_truncation, reason = "at most 7")]
const SHORT_NUMBER: u64 = 10_u64.pow(INLINE as u32 - 1);

/// UTF-8 text, cheap to copy; changed in place when nobody else holds it.
// The word is either the address of a `Long`, whose lowest bit is 0, or it holds the characters: the lowest byte is twice
// the length plus 1, the bytes above it are the characters from the lowest to the highest, and what is not used is 0. A text
// of at most `INLINE` bytes is never long, so equal short texts are equal words.
pub struct Text {
    word: NonNull<Long>,
    owns: PhantomData<Long>,
}

/// What stands in front of the bytes of a long text, in the same piece of memory.
#[repr(C)]
struct Long {
    holders: AtomicUsize,
    length: usize,
    capacity: usize,
}

/// Where the bytes of a long text begin.
const HEADER: usize = size_of::<Long>();
/// What a long text costs besides its bytes, the allocator's share included.
const OVERHEAD: usize = HEADER + 16;

// SAFETY: the count of holders is atomic, and the rest is changed only by the one who holds it alone.
unsafe impl Send for Text {}
// SAFETY: as above; what is shared is only read.
unsafe impl Sync for Text {}

impl Text {
    /// The empty text.
    pub const EMPTY: Self = Self { word: NonNull::without_provenance(NonZeroUsize::MIN), owns: PhantomData };

    /// The text that stands in a word, whose lowest bit is 1.
    #[inline]
    fn of_word(word: usize) -> Self {
        Self { word: NonNull::without_provenance(NonZeroUsize::MIN | word), owns: PhantomData }
    }

    /// Text of at most [`INLINE`] bytes.
    #[inline]
    fn short(bytes: &[u8]) -> Self {
        Self::of_word(word_of(bytes))
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

    /// The header of a long text, by a pointer that reaches the bytes behind it.
    #[inline]
    fn long(&self) -> &Long {
        debug_assert!(!self.is_short(), "only a long text has a header");
        // SAFETY: callers have seen that the text is long; the header lives as long as a holder does.
        unsafe { self.word.as_ref() }
    }

    /// A long text with room for `capacity` bytes at least, whose only holder is the caller. Its length is 0, which the
    /// caller must mend: see the type.
    #[inline]
    fn with_room(capacity: usize) -> Self {
        let capacity = rounded(capacity);
        let layout = layout(capacity);
        // SAFETY: the layout has a size, that of the header at least.
        let memory = unsafe { alloc(layout) };
        let Some(word) = header_at(memory) else { handle_alloc_error(layout) };
        // SAFETY: the memory is new, large enough and aligned for the header.
        unsafe { word.write(Long { holders: AtomicUsize::new(1), length: 0, capacity }) };
        meter::take(capacity + OVERHEAD);
        Self { word, owns: PhantomData }
    }

    /// Appends to a long text that nobody else holds and that has the room.
    #[inline]
    fn append_in_place(&mut self, more: &[u8]) {
        let long = self.word.as_ptr();
        // SAFETY: callers have seen that the text is long, unshared, and that the capacity is large enough; `more` is
        // borrowed from something else, because `self` is borrowed for change.
        unsafe {
            let length = (*long).length;
            debug_assert!(length + more.len() <= (*long).capacity, "the room was made before");
            let end = long.cast::<u8>().add(HEADER + length);
            std::ptr::copy_nonoverlapping(more.as_ptr(), end, more.len());
            (*long).length = length + more.len();
        }
    }

    /// Whether somebody else holds the text too, so that changing it copies it.
    #[inline]
    pub(crate) fn is_shared(&self) -> bool {
        !self.is_short() && !self.is_unshared()
    }

    /// Whether a long text has no other holder.
    #[inline]
    fn is_unshared(&self) -> bool {
        // As `Arc::get_mut` does it: whoever let go of it before has done all its reading before.
        self.long().holders.load(Ordering::Acquire) == 1
    }

    /// Gives an unshared long text room for `needed` bytes, and some more.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, needed: usize) {
        let old = self.long().capacity;
        let new = rounded(needed.max(old.saturating_mul(2)));
        if old <= growth::SMALL {
            let mut moved = Self::with_room(new);
            moved.append_in_place(self.as_bytes());
            *self = moved;
            return;
        }
        let layout = layout(old);
        // SAFETY: the memory was allocated with this layout, and the new size does not overflow: `layout` checks it.
        let memory = unsafe { realloc(self.word.as_ptr().cast::<u8>(), layout, self::layout(new).size()) };
        let Some(word) = header_at(memory) else { handle_alloc_error(self::layout(new)) };
        // SAFETY: the header was moved along.
        unsafe { (*word.as_ptr()).capacity = new };
        self.word = word;
        meter::take(new - old);
    }

    /// A text of its own, for the one who just became a holder too many: the count must not wrap. So many holders there
    /// are only when they are forgotten in a loop.
    #[cold]
    fn copy_for_too_many(&self) -> Self {
        self.long().holders.fetch_sub(1, Ordering::Relaxed);
        Self::joined(self.as_bytes(), &[])
    }

    #[inline(never)]
    fn of_digits(int: i64) -> Self {
        let mut text = Self::EMPTY;
        let _ = fmt::Write::write_fmt(&mut text, format_args!("{int}"));
        text
    }

    /// The two texts together, as a long one.
    #[inline]
    fn joined(first: &[u8], second: &[u8]) -> Self {
        debug_assert!(first.len() + second.len() > INLINE, "short texts stand in the word");
        let mut text = Self::with_room(first.len() + second.len());
        text.append_in_place(first);
        text.append_in_place(second);
        text
    }

    /// The text as Rust's.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        // SAFETY: the bytes are those of whole `str`s, one after the other.
        unsafe { std::str::from_utf8_unchecked(self.as_bytes()) }
    }

    /// The bytes of the text.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        let word = self.word.addr().get();
        let (start, length) = if word & 1 == 1 {
            let own = std::ptr::from_ref(&self.word).cast::<u8>();
            // The lowest byte of the word comes first in memory, or last.
            let start = if cfg!(target_endian = "little") { own.wrapping_add(1) } else { own };
            (start, (word & 0xff) >> 1)
        } else {
            (self.word.as_ptr().cast::<u8>().cast_const().wrapping_add(HEADER), self.long().length)
        };
        // SAFETY: either the bytes of the word that are characters, or the initialised ones behind the header.
        unsafe { std::slice::from_raw_parts(start, length) }
    }

    /// Length in bytes.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        let word = self.word.addr().get();
        if word & 1 == 1 { (word & 0xff) >> 1 } else { self.long().length }
    }

    /// Whether there is no character.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.word == Self::EMPTY.word
    }

    /// Whether it may be a number, a date or a time: those begin with a blank, a sign, a point or a digit, so that most
    /// text is told apart by one byte.
    #[must_use]
    #[inline]
    pub(crate) fn may_be_special(&self) -> bool {
        match self.as_bytes().first() {
            // Unicode blanks begin with one of the last four.
            Some(first) => matches!(first, 0..=b' ' | b'+' | b'-' | b'.' | b'0'..=b'9' | 0xc2 | 0xe1..=0xe3),
            None => false,
        }
    }

    /// Whether it may be nearly a number or a date: told apart by its first byte and its length.
    #[must_use]
    #[inline]
    pub(crate) fn may_be_nearly(&self) -> bool {
        // Digits of other scripts begin with bytes of their own.
        let is_digit = |first: u8| matches!(first, 0xd9 | 0xdb | 0xe0..=0xe3 | 0xef);
        self.len() <= super::operators::noted::LONGEST
            && (self.may_be_special() || self.as_bytes().first().is_some_and(|first| is_digit(*first)))
    }

    /// Whether it may be the JSON text of a list or a dict.
    #[must_use]
    #[inline]
    pub(crate) fn may_be_json(&self) -> bool {
        self.trim_start().starts_with(['[', '{'])
    }

    /// Appends another text.
    #[inline]
    pub fn push(&mut self, more: &Self) {
        let (word, added) = (self.word.addr().get(), more.word.addr().get());
        if word & added & 1 == 1 {
            let (length, added_length) = ((word & 0xff) >> 1, (added & 0xff) >> 1);
            if length + added_length <= INLINE {
                // Both stand in a word: the characters are moved up and the lengths added.
                if added_length > 0 && cfg!(target_endian = "little") {
                    *self = Self::of_word(word + 2 * added_length + ((added >> 8) << (8 * (length + 1))));
                    return;
                }
            }
        }
        self.push_bytes(more.as_bytes());
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
            Self::joined(self.as_bytes(), more.as_bytes())
        }
    }

    /// Appends; in place when the text is long already and nobody else holds it.
    #[inline]
    pub fn push_str(&mut self, more: &str) {
        self.push_bytes(more.as_bytes());
    }

    #[inline]
    fn push_bytes(&mut self, more: &[u8]) {
        if !self.is_short() && self.is_unshared() {
            let needed = self.long().length + more.len();
            if needed > self.long().capacity {
                self.grow(needed);
            }
            self.append_in_place(more);
        } else {
            self.push_anew(more);
        }
    }

    /// Appends to a text that is short or that others hold too.
    #[inline(never)]
    fn push_anew(&mut self, more: &[u8]) {
        let (length, needed) = (self.len(), self.len() + more.len());
        *self = if needed <= INLINE {
            let mut bytes = [0; INLINE];
            bytes[..length].copy_from_slice(self.as_bytes());
            bytes[length..needed].copy_from_slice(more);
            Self::short(&bytes[..needed])
        } else if more.is_empty() {
            return;
        } else {
            Self::joined(self.as_bytes(), more)
        };
    }
}

/// The word that holds these characters, at most [`INLINE`] bytes of them.
#[inline]
fn word_of(bytes: &[u8]) -> usize {
    let tag = 2 * bytes.len() + 1;
    // The lowest byte of the word comes first in memory, or last.
    if cfg!(target_endian = "little") {
        bytes.iter().rev().fold(0, |word, byte| word << 8 | usize::from(*byte)) << 8 | tag
    } else {
        let mut word = [0; size_of::<usize>()];
        word[..bytes.len()].copy_from_slice(bytes);
        usize::from_ne_bytes(word) | tag
    }
}

/// Allocators give sixteen bytes at a time, less one word of their own.
const fn rounded(capacity: usize) -> usize {
    capacity.next_multiple_of(16)
}

/// The place of the header in memory just allocated; `None` when there was none left.
#[inline]
#[allow(clippy::cast_ptr_alignment, reason = "the layout asks for the alignment")]
fn header_at(memory: *mut u8) -> Option<NonNull<Long>> {
    NonNull::new(memory.cast::<Long>())
}

#[inline]
fn layout(capacity: usize) -> Layout {
    match Layout::from_size_align(HEADER.saturating_add(capacity), align_of::<Long>()) {
        Ok(layout) => layout,
        // More than half of the address space: no machine has it, and the memory limit of a run comes first.
        Err(_) => handle_alloc_error(Layout::new::<Long>()),
    }
}

impl Clone for Text {
    #[inline]
    fn clone(&self) -> Self {
        if !self.is_short() && self.long().holders.fetch_add(1, Ordering::Relaxed) > isize::MAX as usize {
            return self.copy_for_too_many();
        }
        Self { word: self.word, owns: PhantomData }
    }
}

impl Drop for Text {
    #[inline]
    fn drop(&mut self) {
        if !self.is_short() && self.long().holders.fetch_sub(1, Ordering::Release) == 1 {
            free(self.word);
        }
    }
}

/// Gives back the memory of a long text that nobody holds any more.
#[inline(never)]
fn free(long: NonNull<Long>) {
    // What other holders read, they read before.
    fence(Ordering::Acquire);
    // SAFETY: the last holder calls this once; the memory was allocated with this layout.
    unsafe {
        let capacity = (*long.as_ptr()).capacity;
        dealloc(long.as_ptr().cast::<u8>(), layout(capacity));
        meter::give_back(capacity + OVERHEAD);
    }
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Self {
        if text.len() <= INLINE { Self::short(text.as_bytes()) } else { Self::joined(text.as_bytes(), &[]) }
    }
}

impl From<i64> for Text {
    /// The digits of an integer.
    #[inline]
    fn from(int: i64) -> Self {
        let mut rest = int.unsigned_abs();
        if rest >= SHORT_NUMBER || cfg!(target_endian = "big") {
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
        Self::of_word(word << 8 | tag)
    }
}

impl From<String> for Text {
    #[inline]
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<char> for Text {
    fn from(character: char) -> Self {
        Self::from(&*character.encode_utf8(&mut [0; 4]))
    }
}

impl From<std::borrow::Cow<'_, str>> for Text {
    fn from(text: std::borrow::Cow<'_, str>) -> Self {
        Self::from(&*text)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        self.push_str(more);
        Ok(())
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::EMPTY
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

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    /// By code point, which for UTF-8 is by byte.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

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

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}
