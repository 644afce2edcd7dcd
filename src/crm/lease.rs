//! A time for which what is claimed belongs to one host alone, and the number that the claim is known by: whoever has lost
//! the answer to a claim finds by it what it had brought. Knows no clock and nothing of what is claimed.

use chrono::{DateTime, Duration, Utc};

/// A lease, to be claimed under once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// What tells it from every other: a random number above 0.
    pub number: i64,
    /// From then on others may claim what was claimed under it.
    pub until: DateTime<Utc>,
}

impl Lease {
    /// A new one from a time on. The numbers of all hosts have to differ, so their randomness must be seeded apart.
    #[must_use]
    pub fn new(now: DateTime<Utc>, length: Duration, rng: &mut fastrand::Rng) -> Self {
        Self { number: rng.i64(1..), until: end(now, length) }
    }
}

/// When a lease of such a length ends.
pub(crate) fn end(now: DateTime<Utc>, length: Duration) -> DateTime<Utc> {
    now.checked_add_signed(length).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// How many rows a statement may claim.
pub(super) fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
