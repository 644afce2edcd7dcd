//! The text of a value: up to 14 bytes inline, longer ones shared and copied only when changed while shared.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use triomphe::Arc;

use super::meter::Charge;

const INLINE: usize = 14;
/// What a long text costs besides its characters.
const OVERHEAD: usize = 48;

/// UTF-8 text, cheap to copy; changed in place when nobody else holds it.
#[derive(Clone)]
pub struct Text(Repr);

#[derive(Clone)]
enum Repr {
    Short(u8, [u8; INLINE]),
    Long(Arc<Long>),
}

struct Long {
    text: String,
    charge: Charge,
}

impl Clone for Long {
    fn clone(&self) -> Self {
        Self::new(self.text.clone())
    }
}

impl Long {
    fn new(text: String) -> Self {
        let charge = Charge::new(text.len() + OVERHEAD);
        Self { text, charge }
    }
}

impl Text {
    /// The empty text.
    pub const EMPTY: Self = Self(Repr::Short(0, [0; INLINE]));

    /// The text as Rust's.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Always valid: only whole `str`s are copied in. The check is the price of doing without `unsafe`.
            Repr::Short(length, bytes) => std::str::from_utf8(&bytes[..usize::from(*length)]).unwrap_or_default(),
            Repr::Long(long) => &long.text,
        }
    }

    /// The bytes of the text, without the cost of [`Text::as_str`].
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Short(length, bytes) => &bytes[..usize::from(*length)],
            Repr::Long(long) => long.text.as_bytes(),
        }
    }

    /// Length in bytes.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Whether there is no character.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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

    /// Appends another text.
    #[inline]
    pub fn push(&mut self, more: &Self) {
        if let (Repr::Short(length, bytes), Repr::Short(more_length, more_bytes)) = (&mut self.0, &more.0) {
            let (old, added) = (usize::from(*length), usize::from(*more_length));
            if old + added <= INLINE {
                bytes[old..old + added].copy_from_slice(&more_bytes[..added]);
                *length += *more_length;
                return;
            }
        }
        self.push_str(more.as_str());
    }

    /// Appends; in place when the text is long already and nobody else holds it.
    pub fn push_str(&mut self, more: &str) {
        match &mut self.0 {
            Repr::Short(length, bytes) => {
                let old = usize::from(*length);
                let new = old + more.len();
                if new <= INLINE {
                    bytes[old..new].copy_from_slice(more.as_bytes());
                    *length = u8::try_from(new).unwrap_or_default();
                    return;
                }
            }
            Repr::Long(long) => {
                if let Some(long) = Arc::get_mut(long) {
                    long.text.push_str(more);
                    long.charge.set(long.text.len() + OVERHEAD);
                    return;
                }
            }
        }
        let mut whole = String::with_capacity(self.len() + more.len());
        whole.push_str(self.as_str());
        whole.push_str(more);
        *self = Self::from(whole);
    }
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Self {
        if text.len() <= INLINE {
            let mut bytes = [0; INLINE];
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            #[allow(clippy::cast_possible_truncation, reason = "at most 14")]
            return Self(Repr::Short(text.len() as u8, bytes));
        }
        Self(Repr::Long(Arc::new(Long::new(text.to_owned()))))
    }
}

impl From<String> for Text {
    #[inline]
    fn from(text: String) -> Self {
        if text.len() <= INLINE { Self::from(text.as_str()) } else { Self(Repr::Long(Arc::new(Long::new(text)))) }
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
        match text {
            std::borrow::Cow::Borrowed(text) => Self::from(text),
            std::borrow::Cow::Owned(text) => Self::from(text),
        }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
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
        self.as_bytes() == other.as_bytes()
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
        state.write(self.as_bytes());
    }
}

/// A borrowed dict key: hashes as [`Text`] does.
#[derive(PartialEq, Eq)]
pub(super) struct Key<'a>(pub(super) &'a [u8]);

impl Hash for Key<'_> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.0);
    }
}

impl indexmap::Equivalent<Text> for Key<'_> {
    #[inline]
    fn equivalent(&self, key: &Text) -> bool {
        self.0 == key.as_bytes()
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
