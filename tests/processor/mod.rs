//! The processor time of a thread: unlike a clock, it does not run while others have the processor.

use std::time::Duration;

/// The processor time of this thread.
pub fn spent() -> Duration {
    nix::time::clock_gettime(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the time of a thread").into()
}
