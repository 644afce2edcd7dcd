//! What goes wrong around a script, for the host; what goes wrong in it is a diagnostic.

use std::error::Error;
use std::fmt;

use super::InvalidEvent;
use crate::crm::{ClientId, OpenError, ProjectId};
use crate::diagnostic::Diagnostic;
use crate::store::StoreError;
use crate::wording::{Message, message};

/// The host failed: nothing was changed, and the event may be tried again. Never shown in a chat.
#[derive(Debug)]
pub enum HostError {
    /// There is no such project.
    UnknownProject {
        /// The id that was asked for.
        project: ProjectId,
    },
    /// The project has no such client.
    UnknownClient {
        /// The project, which exists.
        project: ProjectId,
        /// The id that was asked for.
        client: ClientId,
    },
    /// The time of the event is outside of the years 1 to 9999.
    TimeOutOfRange,
    /// The event cannot be handled, whenever it is tried.
    InvalidEvent(InvalidEvent),
    /// Nobody ran the block, or it never came back: the runtime shut down, a thread could not be started, or a function of
    /// the host panicked.
    Interrupted,
    /// The store failed.
    Store(StoreError),
    /// A function of the host failed.
    Function(Box<dyn Error + Send + Sync>),
}

impl From<OpenError> for HostError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::UnknownProject { project } => Self::UnknownProject { project },
            OpenError::UnknownClient { project, client } => Self::UnknownClient { project, client },
            OpenError::TimeOutOfRange => Self::TimeOutOfRange,
            OpenError::Store(error) => Self::Store(error),
        }
    }
}

impl From<InvalidEvent> for HostError {
    fn from(error: InvalidEvent) -> Self {
        Self::InvalidEvent(error)
    }
}

impl From<StoreError> for HostError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Box<dyn Error + Send + Sync>> for HostError {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        match error.downcast::<OpenError>() {
            Ok(error) => (*error).into(),
            Err(error) => Self::Function(error),
        }
    }
}

impl HostError {
    /// What is wrong, in words; those of a database and of a host's functions are their own.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::UnknownProject { project } => OpenError::UnknownProject { project: *project }.message(),
            Self::UnknownClient { project, client } => OpenError::UnknownClient { project: *project, client: *client }.message(),
            Self::TimeOutOfRange => OpenError::TimeOutOfRange.message(),
            Self::InvalidEvent(error) => error.message(),
            Self::Store(error) => error.message().clone(),
            Self::Function(error) => Message::verbatim(error.to_string()),
            Self::Interrupted => message!("unit-interrupted"),
        }
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(formatter)
    }
}

impl Error for HostError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::UnknownProject { .. } | Self::UnknownClient { .. } | Self::TimeOutOfRange | Self::Interrupted => None,
            Self::InvalidEvent(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Function(error) => Some(&**error),
        }
    }
}

/// Why a script without a CRM has no value.
#[derive(Debug)]
pub enum RunError {
    /// Something is wrong with the script.
    Script(Box<Diagnostic>),
    /// The host failed.
    Host(HostError),
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Script(diagnostic) => write!(formatter, "{}: {}", diagnostic.code, diagnostic.message),
            Self::Host(error) => error.fmt(formatter),
        }
    }
}

impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Script(_) => None,
            Self::Host(error) => Some(error),
        }
    }
}
