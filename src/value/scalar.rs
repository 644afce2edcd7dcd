//! Booleans and floats as whole words. A value whose every part is one word travels in two registers; a `bool` or an
//! `f64` in it would send it through memory.

/// A yes/no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Truth {
    /// `False`
    False = 0,
    /// `True`
    True = 1,
}

impl Truth {
    /// The same as Rust's `bool`.
    #[must_use]
    #[inline]
    pub const fn get(self) -> bool {
        matches!(self, Self::True)
    }
}

impl From<bool> for Truth {
    #[inline]
    fn from(flag: bool) -> Self {
        if flag { Self::True } else { Self::False }
    }
}

/// A finite number with a fraction, or one too large for an integer.
#[derive(Clone, Copy)]
pub struct Float(u64);

impl Float {
    /// The float of this number.
    #[must_use]
    #[inline]
    pub const fn new(float: f64) -> Self {
        Self(float.to_bits())
    }

    /// The number itself.
    #[must_use]
    #[inline]
    pub const fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl std::fmt::Debug for Float {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(formatter)
    }
}
