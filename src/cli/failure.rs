//! Why the command itself could not do its work, with its exit code. Errors of scripts are no failures.

use std::path::Path;

use calc::crm::StoreError;
use calc::engine::HostError;
use calc::wording::{Argument, Message, message};

use crate::language::say;
use crate::terminal::Terminal;

/// What goes to standard error, and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong, a line each. A line may hold text of other people: it is shown with control characters visible.
    pub lines: Vec<Message>,
    pub code: u8,
}

impl Failure {
    /// The exit code when something that had to be written could not be.
    pub const OUTPUT: u8 = 3;

    /// Something about how the command was called.
    pub fn usage(message: Message) -> Self {
        Self { lines: vec![message], code: 2 }
    }

    /// The store failed.
    pub fn store(message: Message) -> Self {
        Self { lines: vec![message], code: 3 }
    }

    /// Says on standard error what is wrong.
    pub fn report(&self, terminal: &Terminal) -> Result<(), Self> {
        self.lines.iter().try_for_each(|line| terminal.error_line(&format!("calc: {}", say(line))))
    }

    /// All that is wrong, as one message.
    pub fn message(self) -> Message {
        let joined = self.lines.into_iter().reduce(|first, next| message!("problem-and-next", first = first, next = next));
        joined.unwrap_or_else(|| message!("run-ended-early"))
    }

    /// A stream could not be written.
    pub fn output(stream: Message, error: &std::io::Error) -> Self {
        Self { lines: vec![message!("cannot-write", stream = stream, error = of_system(error))], code: Self::OUTPUT }
    }
}

/// A file that cannot be written.
pub fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    // A file that is not there would be made: what is missing is its folder.
    Failure::store(message!("cannot-write-file", name = path.display().to_string(), error = of_folder(error)))
}

/// What the system says is wrong with a file or a folder, in the catalogue's words where it has some.
pub fn of_system(error: &std::io::Error) -> Argument {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => message!("no-such-file").into(),
        ErrorKind::IsADirectory => message!("is-a-folder").into(),
        ErrorKind::NotADirectory => message!("not-a-folder").into(),
        ErrorKind::PermissionDenied => message!("no-permission").into(),
        ErrorKind::StorageFull => message!("disk-full").into(),
        _ => error.to_string().into(),
    }
}

/// The same of a folder.
pub fn of_folder(error: &std::io::Error) -> Argument {
    match error.kind() {
        std::io::ErrorKind::NotFound => message!("no-such-folder").into(),
        _ => of_system(error),
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::store(error.message().clone())
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        match error {
            HostError::UnknownProject { .. } | HostError::UnknownClient { .. } | HostError::TimeOutOfRange | HostError::InvalidEvent(_) => {
                Self::usage(error.message())
            }
            HostError::Store(_) | HostError::Function(_) | HostError::Interrupted => Self::store(error.message()),
        }
    }
}
