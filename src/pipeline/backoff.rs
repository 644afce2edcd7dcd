//! How long to wait before something that failed is tried again.

use std::time::Duration;

/// Waiting times that double from the first to the longest, each with up to half of it taken off at random, so that
/// many who failed together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The time before the second attempt.
    pub first: Duration,
    /// No time is longer.
    pub longest: Duration,
}

impl Backoff {
    /// The time to wait after so many failed attempts, counted from 1.
    #[must_use]
    pub fn after(&self, attempts: u32, random: &mut fastrand::Rng) -> Duration {
        let doubled = self.first.saturating_mul(1 << attempts.saturating_sub(1).min(20));
        doubled.min(self.longest).mul_f64(1.0 - random.f64() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_double_up_to_the_longest() {
        let backoff = Backoff { first: Duration::from_millis(10), longest: Duration::from_secs(1) };
        let mut random = fastrand::Rng::with_seed(1);
        for (attempts, milliseconds) in [(1, 10), (2, 20), (3, 40), (8, 1_000), (u32::MAX, 1_000)] {
            for _ in 0..100 {
                let time = backoff.after(attempts, &mut random);
                assert!(time <= Duration::from_millis(milliseconds) && time >= Duration::from_millis(milliseconds / 2), "{time:?}");
            }
        }
    }
}
