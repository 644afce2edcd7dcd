//! Why a script that runs without a CRM has no value.

use std::error::Error;
use std::fmt;

use crate::crm::HostError;
use crate::diagnostic::Diagnostic;

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
