//! The errors of the CRM, one type per audience: the script's author, the host that opens or commits a session.
//! Knows no span and no diagnostic code: the caller turns a refusal into a notice at the right place.

use std::fmt;

use crate::crm::{ClientId, DealId, ProjectId, StageId};
use crate::store::StoreError;
use crate::wording::{Message, message};

/// What a CRM function gives.
pub type CrmResult<T> = Result<T, CrmError>;

/// Why a CRM function did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CrmError {
    /// An argument was refused; nothing was changed.
    Refused(Refusal),
    /// The store failed; the session can only be dropped.
    Store(StoreError),
}

/// Why an argument was refused, for the author of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The parameter, by the name it has in the language.
    pub parameter: &'static str,
    /// What was found and what was wanted.
    pub reason: Message,
    /// What to do about it.
    pub help: Option<Message>,
}

impl CrmError {
    #[cold]
    pub(crate) fn refused(parameter: &'static str, reason: impl Into<Message>) -> Self {
        Self::Refused(Refusal { parameter, reason: reason.into(), help: None })
    }

    #[cold]
    pub(crate) fn refused_with_help(parameter: &'static str, reason: impl Into<Message>, help: impl Into<Message>) -> Self {
        Self::Refused(Refusal { parameter, reason: reason.into(), help: Some(help.into()) })
    }

    #[cold]
    pub(crate) fn unknown_deal(parameter: &'static str, id: DealId) -> Self {
        Self::refused_with_help(parameter, message!("unknown-deal", id = id.to_string()), message!("unknown-deal-help"))
    }

    #[cold]
    pub(crate) fn unknown_client(parameter: &'static str, id: ClientId) -> Self {
        Self::refused(parameter, message!("unknown-client", id = id.to_string()))
    }

    #[cold]
    pub(crate) fn unknown_stage(parameter: &'static str, id: StageId) -> Self {
        Self::refused(parameter, message!("unknown-stage", id = id.to_string()))
    }
}

impl From<StoreError> for CrmError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for CrmError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(formatter, "`{}`: {}", refusal.parameter, refusal.reason),
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for CrmError {}

/// Why no session could be opened, for the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenError {
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
    /// The time of the run is outside of the years 1 to 9999, in UTC or in the project's time zone.
    TimeOutOfRange,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProject { project } => write!(formatter, "there is no project `{project}`"),
            Self::UnknownClient { project, client } => {
                write!(formatter, "there is no client `{client}` in project `{project}`")
            }
            Self::TimeOutOfRange => formatter.write_str("the time of the run is outside of the years 1 to 9999"),
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for OpenError {}

/// A limit on stored variables that was passed (language.md L6.6); nothing is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitError {
    /// Which limit it is.
    pub kind: LimitKind,
    /// The variable that is one too many, or whose name or value is too long.
    pub variable: String,
    /// What was found and what is allowed.
    pub reason: Message,
}

/// A limit on stored variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// How many variables a client or a deal may have.
    Count,
    /// How large a variable may be: its name, its value, its depth.
    Size,
}

impl fmt::Display for LimitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(formatter)
    }
}

impl std::error::Error for LimitError {}

/// Why a session could not be committed; nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommitError {
    /// A limit on variables was passed: an error of the script.
    Limit(LimitError),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for CommitError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<LimitError> for CommitError {
    fn from(error: LimitError) -> Self {
        Self::Limit(error)
    }
}

impl fmt::Display for CommitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(error) => error.fmt(formatter),
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for CommitError {}
