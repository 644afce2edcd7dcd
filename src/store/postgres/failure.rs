//! What can go wrong with a server, in words for the people who run it, and of a kind that says whether trying again helps.

use std::error::Error as _;
use std::time::Duration;

use tokio_postgres::error::SqlState;

use crate::store::{StoreError, StoreErrorKind};
use crate::wording::{Argument, Message, message};

/// Why there is no answer, or a bad one.
pub(super) enum DriverError {
    /// The client or the server said so.
    Server(tokio_postgres::Error),
    /// There was no answer within this time.
    NoAnswer(Duration),
    /// The connection was given up before.
    Closed,
    /// The system refused something.
    Io(std::io::Error),
    /// Anything about encryption.
    Tls(Message),
}

impl From<tokio_postgres::Error> for DriverError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Server(error)
    }
}

impl DriverError {
    /// Whether the connection is in an unknown state or gone.
    pub(super) fn breaks_connection(&self) -> bool {
        match self {
            Self::Server(error) => error.is_closed() || self.kind() == StoreErrorKind::Unavailable,
            Self::NoAnswer(_) | Self::Closed | Self::Io(_) | Self::Tls(_) => true,
        }
    }

    fn kind(&self) -> StoreErrorKind {
        let Self::Server(error) = self else { return StoreErrorKind::Unavailable };
        let Some(code) = error.code() else { return StoreErrorKind::Unavailable };
        match code.code() {
            // Serialization failures and deadlocks; a guard that found no row; a row that somebody else made first.
            "40001" | "40P01" | "22012" | "23505" => StoreErrorKind::Conflict,
            // Locks and statements that took too long.
            "55P03" | "57014" => StoreErrorKind::Busy,
            // A session that the server ended for its pause, too many connections, not enough memory or disk, the server stops or
            // starts, the network.
            code if code == "25P03"
                || code.starts_with("53")
                || code.starts_with("57P")
                || code.starts_with("08")
                || code.starts_with("58") =>
            {
                StoreErrorKind::Unavailable
            }
            // The database, a password, a role.
            code if code.starts_with("3D") || code.starts_with("28") => StoreErrorKind::Unavailable,
            code if code.starts_with("XX") => StoreErrorKind::Corrupt,
            _ => StoreErrorKind::Other,
        }
    }

    fn reason(&self) -> Argument {
        match self {
            Self::Server(error) => match error.as_db_error() {
                Some(said) => format!("{} [{}]", said.message(), said.code().code()).into(),
                None => chain(error).into(),
            },
            Self::NoAnswer(time) => message!("server-no-answer", seconds = time.as_secs_f64().to_string()).into(),
            Self::Closed => message!("server-closed").into(),
            Self::Io(error) => error.to_string().into(),
            Self::Tls(reason) => reason.clone().into(),
        }
    }

    /// Whether a table is missing.
    pub(super) fn is_missing_table(&self) -> bool {
        matches!(self, Self::Server(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE))
    }
}

/// An error with what caused it: the library says "db error" or "error communicating with the server" and no more.
fn chain(error: &tokio_postgres::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// The server cannot be reached, or does not let this program in.
#[cold]
pub(super) fn connecting(server: &str, failed: &DriverError) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, message!("server-unusable", server = server, problem = failed.reason()))
}

/// A statement failed.
#[cold]
pub(super) fn of_statement(name: &str, failed: &DriverError, commits: bool) -> StoreError {
    let kind = failed.kind();
    if failed.is_missing_table() {
        return StoreError::new(StoreErrorKind::Missing, message!("server-without-tables"));
    }
    let problem = match kind {
        StoreErrorKind::Conflict => message!("server-conflict"),
        StoreErrorKind::Busy => message!("server-busy"),
        StoreErrorKind::Unavailable if commits => message!("server-lost-in-commit"),
        StoreErrorKind::Unavailable => message!("server-lost"),
        StoreErrorKind::Corrupt => message!("server-damaged"),
        _ => message!("server-refused"),
    };
    StoreError::new(kind, message!("database-failed", what = name, problem = problem, detail = failed.reason()))
}
