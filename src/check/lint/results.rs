//! Results of functions that may fail, used as if they never did.

use crate::crm::role;
use crate::diagnostic::{Code, Diagnostic};
use crate::function::{Builtin, FailureValue, Registry};
use crate::syntax::ast::{Ast, Expr, ExprId};
use crate::wording::{Message, message};

/// Calls whose failure value does harm where they stand.
pub(super) fn unchecked(ast: &Ast, source: &str, registry: &Registry) -> Vec<Diagnostic> {
    let builtin_of = |id: ExprId| -> Option<&Builtin> {
        let Expr::Call(_) = ast.expr(id) else { return None };
        source
            .get(super::super::names::callee_span(source, ast.span(id)).range())
            .and_then(|name| registry.get(name))
            .map(|builtin| &**builtin)
    };
    let mut diagnostics = Vec::new();
    for id in ast.all_expressions() {
        if let Expr::Index(container, _) = ast.expr(id)
            && let Some(builtin) = builtin_of(container)
            && let Some(failure) = builtin.failure
        {
            diagnostics.push(
                Diagnostic::new(
                    Code::UncheckedResult,
                    ast.span(id),
                    message!("item-of-unchecked-result", function = builtin.name, failure = failure_text(failure)),
                )
                .help(message!("item-of-unchecked-result-help")),
            );
        }
        let Some(builtin) = builtin_of(id) else { continue };
        for (parameter, arg) in super::super::names::arguments(ast, source, id, builtin) {
            let parameter = &builtin.parameters[parameter];
            let Some(inner) = builtin_of(arg) else { continue };
            let has_arguments = matches!(ast.expr(arg), Expr::Call(run) if !ast.args(run).is_empty());
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

fn failure_text(failure: FailureValue) -> Message {
    match failure {
        FailureValue::False => message!("failure-false"),
        FailureValue::None => message!("failure-none"),
        FailureValue::Zero => message!("failure-zero"),
        FailureValue::EmptyList => message!("failure-empty-list"),
    }
}
