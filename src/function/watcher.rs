//! Who wants to know what a script does while it runs. The evaluator tells it of scripts that were compiled to be
//! watched; what becomes of it is the watcher's.

use super::Context;
use crate::diagnostic::Span;
use crate::value::Value;

/// A statement, the head of one with blocks, or a placeholder of a message, when it begins.
#[derive(Debug)]
pub struct StatementStart<'s> {
    /// Where it is.
    pub span: Span,
    /// Its source.
    pub text: &'s str,
    /// Whether it is the head of what was opened last: a condition, or a `for`.
    pub is_head: bool,
    /// The variables that it reads, with their values.
    pub reads: Vec<(&'s str, Value)>,
}

/// Is told what a script does.
pub trait Watcher {
    /// Something begins.
    fn begins(&mut self, context: &mut Context<'_>, what: StatementStart<'_>);
    /// What began last has ended, with its value unless it failed. The head of a `for` ends with its first turn.
    fn ends(&mut self, context: &mut Context<'_>, value: Option<Value>);
    /// A statement with blocks is reached: a head or several belong to it.
    fn opens(&mut self, context: &mut Context<'_>);
    /// It is at its end.
    fn closes(&mut self, context: &mut Context<'_>);
    /// A turn of the loop that opened last begins, with what a `for` takes for it.
    fn turns(&mut self, context: &mut Context<'_>, value: Option<Value>);
}
