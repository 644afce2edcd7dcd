//! Results of functions that may fail, used as if they never did.

use std::collections::HashMap;

use super::super::names::{FileNames, Use};
use crate::crm::role;
use crate::diagnostic::{Code, Diagnostic};
use crate::function::{Builtin, FailureValue, Registry};
use crate::syntax::ast::{Ast, Expr, ExprId, Stmt, StmtId};
use crate::wording::{Message, message};

/// Calls whose failure value does harm where they stand, or where the variable stands that keeps it.
pub(super) fn unchecked(ast: &Ast, source: &str, registry: &Registry, names: &FileNames) -> Vec<Diagnostic> {
    let builtin_of = |id: ExprId| -> Option<&Builtin> {
        let Expr::Call(_) = ast.expr(id) else { return None };
        source
            .get(super::super::names::callee_span(source, ast.span(id)).range())
            .and_then(|name| registry.get(name))
            .map(|builtin| &**builtin)
    };
    // What can do without arguments, such as making a deal, looks nothing up and is hardly ever refused.
    let needs_arguments = |builtin: &Builtin| builtin.parameters.iter().any(|parameter| parameter.required);
    let may_find_nothing = |id: ExprId| builtin_of(id).is_some_and(|builtin| builtin.failure.is_some() && needs_arguments(builtin));
    let kept = kept_results(ast, names, &may_find_nothing);
    // The call that an expression is the result of.
    let call_of = |id: ExprId| match ast.expr(id) {
        Expr::Name => kept.get(&ast.span(id).start).copied(),
        _ => Some(id),
    };
    let mut diagnostics = Vec::new();
    for id in ast.all_expressions() {
        if let Expr::Index(container, _) = ast.expr(id)
            && let Some(builtin) = call_of(container).and_then(builtin_of)
            && let Some(failure) = builtin.failure.and_then(failure_text)
        {
            diagnostics.push(
                Diagnostic::new(
                    Code::UncheckedResult,
                    ast.span(id),
                    message!("item-of-unchecked-result", function = builtin.name, failure = failure),
                )
                .help(message!("item-of-unchecked-result-help")),
            );
        }
        let Some(builtin) = builtin_of(id) else { continue };
        for (parameter, arg) in super::super::names::arguments(ast, source, id, builtin) {
            let parameter = &builtin.parameters[parameter];
            let Some(call) = call_of(arg) else { continue };
            let Some(inner) = builtin_of(call) else { continue };
            let has_arguments = matches!(ast.expr(call), Expr::Call(run) if !ast.args(run).is_empty());
            let means_current_deal = (parameter.role == role::DEAL) && !parameter.required;
            if means_current_deal && inner.failure == Some(FailureValue::None) && has_arguments && builtin.failure.is_some() {
                diagnostics.push(
                    Diagnostic::new(
                        Code::UncheckedResult,
                        ast.span(arg),
                        message!("unchecked-deal", inner = inner.name, function = builtin.name),
                    )
                    .help(message!("unchecked-deal-help")),
                );
            }
        }
    }
    diagnostics
}

/// The calls that may find nothing and whose result a variable keeps, by the start of the name where it is read first, when nothing can
/// have looked at it before: a simple statement of the same block.
fn kept_results(ast: &Ast, names: &FileNames, may_find_nothing: &dyn Fn(ExprId) -> bool) -> HashMap<u32, ExprId> {
    let mut kept = HashMap::new();
    let blocks = ast.all_statements().flat_map(|id| ast.blocks_of(id));
    for block in std::iter::once(ast.root()).chain(blocks) {
        let statements = ast.block(block);
        for (index, id) in statements.iter().enumerate() {
            let (Stmt::Assign(run), span) = ast.stmt(*id) else { continue };
            let [target, call] = *ast.items(run) else { continue };
            if ast.expr(target) != Expr::Name || !may_find_nothing(call) {
                continue;
            }
            let from = |start: u32| &names.occurrences[names.occurrences.partition_point(|found| found.span.start < start)..];
            let Some(set) = from(ast.span(target).start).first() else { continue };
            let next = from(span.end).iter().find(|found| found.name == set.name && found.owner == set.owner);
            let Some(next) = next.filter(|next| next.usage == Use::Read) else { continue };
            let is_simple = |id: &StmtId| {
                let (statement, span) = ast.stmt(*id);
                matches!(statement, Stmt::Expr(_) | Stmt::Assign(_)) && span.range().contains(&(next.span.start as usize))
            };
            if statements[index + 1..].iter().any(is_simple) {
                kept.insert(next.span.start, call);
            }
        }
    }
    kept
}

/// A failure value in words; none for those that have items to look at.
fn failure_text(failure: FailureValue) -> Option<Message> {
    match failure {
        FailureValue::False => Some(message!("failure-false")),
        FailureValue::None => Some(message!("failure-none")),
        FailureValue::Zero => Some(message!("failure-zero")),
        FailureValue::EmptyList => Some(message!("failure-empty-list")),
        FailureValue::NothingDeleted | FailureValue::StatusFalse => None,
    }
}
