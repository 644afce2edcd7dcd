//! Points of a script that count how often they are reached, for coverage, and that tell a watcher what happens there,
//! for traces. Only a script that was compiled to be watched has any.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Expr, Stmt, VariableSlot};
use crate::diagnostic::Span;

/// What a script is compiled to tell about its runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Watch {
    /// Nothing: as fast as it can be.
    #[default]
    Nothing,
    /// How often each statement ran and each way was taken.
    Counts,
    /// Besides that, what each statement read, what came of it and what it changed.
    Values,
}

/// What a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PointKind {
    Statement,
    /// A condition of an `if`, an `elif` or a `while`.
    Condition,
    /// A condition inside an expression.
    Choice,
    /// A `for`, whose body is entered or not.
    Loop,
    /// A placeholder of a message.
    Placeholder,
}

/// A point of a script.
#[derive(Debug)]
pub(crate) struct Point {
    pub kind: PointKind,
    /// Where it is; of something that has blocks, its head.
    pub span: Span,
    /// The variables that are read there, each where it is first named.
    pub reads: Box<[(Span, VariableSlot)]>,
    /// How often it was reached; of what has two ways, how often the second and the first were taken.
    counts: [AtomicU64; 2],
}

impl Point {
    pub fn new(kind: PointKind, span: Span, reads: Box<[(Span, VariableSlot)]>) -> Self {
        Self { kind, span, reads, counts: Default::default() }
    }

    /// Counts it, or the way that was taken.
    pub fn count(&self, way: bool) {
        self.counts[usize::from(way)].fetch_add(1, Ordering::Relaxed);
    }

    /// What was counted since it was last asked.
    pub fn take_covered(&self) -> impl Iterator<Item = Covered> {
        let [second, first] = [0, 1].map(|way| self.counts[way].swap(0, Ordering::Relaxed));
        let span = self.span;
        let (statement, branch) = match self.kind {
            PointKind::Statement => (Some(first), None),
            PointKind::Condition => (Some(first + second), Some([first, second])),
            PointKind::Choice => (None, Some([first, second])),
            // A loop counts each time it is reached, and each time it is passed by.
            PointKind::Loop => (Some(first), Some([first.saturating_sub(second), second])),
            PointKind::Placeholder => (None, None),
        };
        let statement = statement.map(|count| Covered::Statement { span, count });
        statement.into_iter().chain(branch.map(|counts| Covered::Branch { span, counts }))
    }
}

/// How often a point of a script was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covered {
    /// A statement ran so many times.
    Statement {
        /// Where it is; of something that has blocks, its head.
        span: Span,
        /// How often it ran.
        count: u64,
    },
    /// A condition held and did not hold, or a loop was entered and passed by, so many times.
    Branch {
        /// Where it is.
        span: Span,
        /// How often the condition held or the loop was entered, and how often not.
        counts: [u64; 2],
    },
}

/// A statement that is watched.
#[derive(Debug)]
pub(crate) struct WatchedStmt {
    pub point: u32,
    pub statement: Stmt,
}

/// An expression that is watched.
#[derive(Debug)]
pub(crate) struct WatchedExpr {
    pub point: u32,
    pub expression: Expr,
}

/// The beginning of a turn of a loop, with the variables that a `for` sets.
#[derive(Debug)]
pub(crate) struct Iteration {
    pub first: Option<VariableSlot>,
    pub second: Option<VariableSlot>,
}
