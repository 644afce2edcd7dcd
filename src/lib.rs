#![cfg_attr(feature = "sqlite", doc = include_str!("../docs/library.md"))]
#![cfg_attr(not(feature = "sqlite"), doc = "The calculator as a library. Its guide is docs/library.md.")]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod check;
mod compile;
pub mod crm;
pub mod diagnostic;
pub mod engine;
mod eval;
mod format;
pub mod function;
mod matching;
pub mod pipeline;
mod program;
pub mod reference;
mod stdlib;
pub mod store;
mod syntax;
pub mod value;
pub mod wording;

pub use crm::{BlockId, ClientId, ProjectId};
pub use diagnostic::{Diagnostic, Severity, Span};
pub use engine::{
    Absent, Block, Conversation, Dialect, Engine, Event, HostError, Limits, MessageOutcome, MessageStatus, Outcome, Report, RunError,
    Script, Status, StopSignal,
};
pub use syntax::surface;
pub use value::Value;
pub use wording::Language;

/// What the tests and measurements of this package look at and no host should: it may change at any time.
#[doc(hidden)]
pub mod internals {
    /// The general functions without an engine.
    pub mod stdlib {
        pub use crate::matching::pattern;
        pub use crate::stdlib::registry;
    }

    /// Every statement that a store is given.
    pub mod statements {
        pub use crate::store::statements::*;
    }

    /// The rules of values, which operators and functions share.
    pub mod value {
        pub use crate::value::meter::Meter;
        pub use crate::value::operators::{BinaryOperator, quick};

        pub mod arithmetic {
            pub use crate::value::arithmetic::*;
        }

        pub mod calendar {
            pub use crate::value::calendar::*;
        }

        pub mod json {
            pub use crate::value::json::*;
        }

        pub mod number {
            pub use crate::value::number::*;
        }

        pub mod strftime {
            pub use crate::value::strftime::*;
        }
    }

    /// The parser without a compiler.
    pub mod syntax {
        pub use crate::syntax::{Dialect, ParseOptions, Parsed, ast, foreign, outline, parse};
    }
}
