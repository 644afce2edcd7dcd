//! The processor time of a thread: unlike a clock, it does not run while others have the processor.

use std::time::Duration;

/// No piece of work whose account ends at the first look at the clock takes this long. What is accounted for until then is
/// 64 KiB of work, under a millisecond of optimized code: the rest is for a slow machine and for code that is not.
pub const LONG: Duration = Duration::from_secs(1);

/// The processor time of this thread.
pub fn spent() -> Duration {
    nix::time::clock_gettime(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the time of a thread").into()
}
