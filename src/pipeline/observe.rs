//! What a pipeline tells whoever watches it. A host turns it into metrics; nothing here names what a client wrote.

use std::time::Duration;

use crate::crm::{BlockId, ProjectId};
use crate::engine::Outcome;
use crate::store::StoreErrorKind;

/// Told about every block; called from the threads that run them, so it must be quick.
pub trait Observer: Send + Sync {
    /// A block ran to an outcome, which is committed and on the disk.
    fn ran(&self, _ran: &Ran<'_>) {}

    /// The store failed and the block will be tried again.
    fn retried(&self, _retried: &Retried) {}

    /// So many events wait for a thread now.
    fn waiting(&self, _events: usize) {}
}

/// A block that ran.
#[derive(Debug)]
pub struct Ran<'a> {
    /// The project.
    pub project: ProjectId,
    /// The block's id.
    pub block: Option<BlockId>,
    /// What came of it.
    pub outcome: &'a Outcome,
    /// From the first attempt until it was there.
    pub took: Duration,
    /// How often the store had failed before.
    pub retries: u32,
}

/// An attempt that the store made fail.
#[derive(Debug)]
pub struct Retried {
    /// The project.
    pub project: ProjectId,
    /// What kind of failure it was.
    pub kind: StoreErrorKind,
    /// How long until the next attempt.
    pub pause: Duration,
}

/// Watches nothing.
impl Observer for () {}
