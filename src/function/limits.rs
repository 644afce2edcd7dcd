//! How much a run may take (language.md L8.3). Each limit is one row of the table below: its name for hosts and for
//! `--limit`, its default, the most a host may allow, and its documentation.

use std::fmt;
use std::time::Duration;

use crate::wording::{Argument, Message, message};

use serde::{Deserialize, Serialize};

/// One limit, for help texts and documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitInfo {
    /// The name, as [`Limits::set`] and `--limit` take it.
    pub name: &'static str,
    /// What it limits.
    pub about: &'static str,
    /// What it is unless a host sets it; times in milliseconds.
    pub default: u64,
}

/// Why a limit was not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidLimit {
    /// There is no limit of that name.
    Unknown(String),
    /// The stack could not bear it.
    TooHigh {
        /// The limit.
        name: &'static str,
        /// The highest it may be.
        most: u64,
        /// What was asked for.
        found: u64,
    },
}

impl InvalidLimit {
    /// What is wrong, for people.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Unknown(name) => {
                let known = Argument::all(Limits::ALL.iter().map(|limit| limit.name));
                message!("unknown-limit", name = name, known = known)
            }
            Self::TooHigh { name, most, found } => message!("limit-too-high", name = *name, most = *most, found = *found),
        }
    }
}

impl fmt::Display for InvalidLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(formatter)
    }
}

impl std::error::Error for InvalidLimit {}

/// A type that a limit may have.
trait Amount {
    /// The limit that a number means; too large a number is the largest limit.
    fn of(number: u64) -> Self;
}

impl Amount for u64 {
    fn of(number: u64) -> Self {
        number
    }
}

impl Amount for u32 {
    fn of(number: u64) -> Self {
        Self::try_from(number).unwrap_or(Self::MAX)
    }
}

impl Amount for usize {
    fn of(number: u64) -> Self {
        Self::try_from(number).unwrap_or(Self::MAX)
    }
}

impl Amount for Duration {
    fn of(number: u64) -> Self {
        Self::from_millis(number)
    }
}

macro_rules! limits {
    ($($name:ident: $type:ty = $default:literal $(at most $most:literal)?, $about:literal;)*) => {
        /// How much a run may take (language.md L8.3).
        ///
        /// ```
        /// use calc::function::{Limits, InvalidLimit};
        ///
        /// let mut limits = Limits { steps: 100_000, ..Limits::default() };
        /// limits.set("memory", 8 << 20)?;
        /// assert_eq!(limits.memory, 8 << 20);
        /// # Ok::<(), InvalidLimit>(())
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Limits {
            $(#[doc = $about] pub $name: $type,)*
        }

        impl Limits {
            /// Every limit, in the order in which they are listed.
            pub const ALL: &'static [LimitInfo] =
                &[$(LimitInfo { name: stringify!($name), about: $about, default: $default }),*];

            /// Sets a limit by its name; times in milliseconds.
            ///
            /// # Errors
            /// When there is no limit of that name, or it is above what it may be.
            pub fn set(&mut self, name: &str, number: u64) -> Result<(), InvalidLimit> {
                match name {
                    $(stringify!($name) => {
                        $(if number > $most {
                            return Err(InvalidLimit::TooHigh { name: stringify!($name), most: $most, found: number });
                        })?
                        self.$name = Amount::of(number);
                    })*
                    _ => return Err(InvalidLimit::Unknown(name.to_owned())),
                }
                Ok(())
            }

            /// Brings limits that the stack must bear down to what it can.
            pub(crate) fn within_reason(mut self) -> Self {
                $($(self.$name = self.$name.min($most);)?)*
                self
            }
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: Amount::of($default),)* }
            }
        }
    };
}

limits! {
    steps: u64 = 10_000_000, "Statements and iterations.";
    depth: u32 = 200 at most 2_000, "Calls of user functions inside each other.";
    nesting: u32 = 200 at most 1_000, "Levels of brackets, blocks and operators in the source.";
    source: usize = 1_048_576, "Bytes of source text.";
    memory: usize = 67_108_864, "Bytes held by values.";
    output: usize = 1_048_576, "Bytes of printed text.";
    crm_calls: u64 = 1_000, "Calls of functions that work on the state of the host, such as the CRM.";
    time: Duration = 5_000, "Time of a run, in milliseconds.";
    pattern: Duration = 100, "Time of one regular expression, in milliseconds.";
}

/// What a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Statements and iterations.
    pub steps: u64,
    /// Calls of functions that work on the state of the host.
    pub crm_calls: u64,
    /// Batches of queries sent to the store.
    pub round_trips: u64,
}
