//! Positions and ranges: which items a number, a slice or `range(...)` means (language.md section 3, as in Python).

/// The position that an index means among so many items, negative ones from the end; `None` outside.
#[must_use]
pub fn position(length: usize, index: i64) -> Option<usize> {
    let position = match usize::try_from(index) {
        Ok(position) => position,
        Err(_) => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    (position < length).then_some(position)
}

/// Whole numbers from one on, a step apart, up to another one that is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    from: i64,
    to: i64,
    step: i64,
}

impl Range {
    /// `None` when the step is 0: the end would never be reached.
    #[must_use]
    pub fn new(from: i64, to: i64, step: i64) -> Option<Self> {
        (step != 0).then_some(Self { from, to, step })
    }

    /// The items that a slice with these bounds takes of so many, clamped; a bound that is left out is where the step
    /// comes from or leads to. `None` when the step is 0.
    #[must_use]
    pub fn of_slice(length: usize, from: Option<i64>, to: Option<i64>, step: i64) -> Option<Self> {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        // Going backwards the place before the first item can be reached, and the one after the last cannot.
        let (least, most) = if step < 0 { (-1, length - 1) } else { (0, length) };
        let clamp = |bound: i64| if bound < 0 { bound.saturating_add(length).max(least) } else { bound.min(most) };
        let (begin, end) = if step < 0 { (most, least) } else { (least, most) };
        Self::new(from.map_or(begin, clamp), to.map_or(end, clamp), step)
    }

    /// The items that a slice without a step takes.
    #[must_use]
    pub fn of(length: usize, from: Option<i64>, to: Option<i64>) -> Self {
        Self::of_slice(length, from, to, 1).unwrap_or(Self { from: 0, to: 0, step: 1 })
    }

    /// The first position of a slice.
    #[must_use]
    pub fn start(self) -> usize {
        usize::try_from(self.from).unwrap_or(0)
    }

    /// How many numbers there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(self) -> usize {
        let distance =
            if self.step > 0 { i128::from(self.to) - i128::from(self.from) } else { i128::from(self.from) - i128::from(self.to) };
        let step = i128::from(self.step.unsigned_abs());
        usize::try_from((distance.max(0) + step - 1) / step).unwrap_or(usize::MAX)
    }

    /// The positions of a slice that takes one item after the other.
    #[must_use]
    pub fn run(self) -> Option<std::ops::Range<usize>> {
        let from = usize::try_from(self.from).ok()?;
        (self.step == 1).then_some(from..from + self.len())
    }
}

#[allow(clippy::copy_iterator, reason = "nobody iterates over a copy by mistake: loops own theirs")]
impl Iterator for Range {
    type Item = i64;

    #[inline]
    fn next(&mut self) -> Option<i64> {
        let is_left = if self.step > 0 { self.from < self.to } else { self.from > self.to };
        if !is_left {
            return None;
        }
        let number = self.from;
        // Beyond the largest integer there is nothing: the range ends.
        self.from = number.checked_add(self.step).unwrap_or(self.to);
        Some(number)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len(), Some(self.len()))
    }
}
