//! Warnings that need more than the meaning of a line: about what can never run, never be true, never be read.
//! A false alarm is worse than silence: each of these speaks only when it is sure.

mod conditions;
mod flow;
mod ids;
mod results;
mod variables;

use super::names::FileNames;
use crate::diagnostic::Diagnostic;
use crate::function::Registry;
use crate::syntax::ast::Ast;

pub(super) use ids::KnownIds;
pub(super) use variables::unset as unset_variables;

/// What is wrong with a calculator whatever the other files say.
pub(super) fn of_calculator(ast: &Ast, source: &str, registry: &Registry, names: &FileNames) -> Vec<Diagnostic> {
    let mut diagnostics = flow::unreachable(ast);
    diagnostics.extend(variables::never_read(ast, source, registry));
    diagnostics.extend(of_expressions(ast, source, registry, names));
    diagnostics
}

/// What is wrong with the expressions of a calculator or a message whatever the other files say.
pub(super) fn of_expressions(ast: &Ast, source: &str, registry: &Registry, names: &FileNames) -> Vec<Diagnostic> {
    let mut diagnostics = conditions::check(ast, source, registry);
    diagnostics.extend(results::unchecked(ast, source, registry, names));
    diagnostics
}
