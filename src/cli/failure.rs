//! Why the command itself could not do its work, with its exit code. Errors of scripts are no failures.

use calc::crm::StoreError;
use calc::engine::HostError;
use calc::wording::{Message, message};

use crate::language::say;
use crate::terminal::Terminal;

/// What goes to standard error, and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong, a line each. A line may hold text of other people: it is shown with control characters visible.
    pub lines: Vec<String>,
    pub code: u8,
}

impl Failure {
    /// The exit code when something that had to be written could not be.
    pub const OUTPUT: u8 = 3;

    /// Something about how the command was called.
    pub fn usage(message: impl Into<Message>) -> Self {
        Self { lines: vec![say(&message.into())], code: 2 }
    }

    /// The store failed.
    pub fn store(message: impl Into<Message>) -> Self {
        Self { lines: vec![say(&message.into())], code: 3 }
    }

    /// Says on standard error what is wrong.
    pub fn report(&self, terminal: &Terminal) -> Result<(), Self> {
        self.lines.iter().try_for_each(|line| terminal.error_line(&format!("calc: {line}")))
    }

    /// A stream could not be written.
    pub fn output(stream: &str, error: &std::io::Error) -> Self {
        Self { lines: vec![say(&message!("cannot-write", stream = stream, error = error.to_string()))], code: Self::OUTPUT }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::store(Message::verbatim(error.to_string()))
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Store(error) => error.into(),
            HostError::UnknownProject { .. } | HostError::UnknownClient { .. } | HostError::TimeOutOfRange | HostError::InvalidEvent(_) => {
                Self::usage(error.message())
            }
            HostError::Function(error) => Self::store(Message::verbatim(error.to_string())),
            HostError::Interrupted => Self::store(error.message()),
        }
    }
}
