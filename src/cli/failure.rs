//! Why the command itself could not do its work, with its exit code; errors of scripts are no failures.

use calc::crm::StoreError;
use calc::engine::HostError;

/// What goes to standard error, and the exit code.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    pub code: u8,
}

impl Failure {
    /// Something about how the command was called.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// The store failed.
    pub fn store(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 3 }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::store(error.to_string())
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Store(error) => error.into(),
            HostError::UnknownProject { .. } | HostError::UnknownClient { .. } => Self::usage(error.to_string()),
        }
    }
}
