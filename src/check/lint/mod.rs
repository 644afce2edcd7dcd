//! Warnings that need more than the meaning of a line: about what can never run, never be true, never be read.
//! A false alarm is worse than silence: each of these speaks only when it is sure.

mod conditions;
mod flow;
mod results;
mod variables;

use crate::crm::{ProjectFile, role};
use crate::diagnostic::{Code, Diagnostic};
use crate::function::Registry;
use crate::syntax::ast::{Ast, Expr};
use crate::wording::{Argument, message};

pub(super) use variables::unset as unset_variables;

/// What is wrong with a calculator whatever the other files say.
pub(super) fn of_file(ast: &Ast, source: &str, registry: &Registry) -> Vec<Diagnostic> {
    let mut diagnostics = flow::unreachable(ast);
    diagnostics.extend(conditions::judge(ast, source, registry));
    diagnostics.extend(results::unchecked(ast, source, registry));
    diagnostics.extend(variables::never_read(ast, source, registry));
    diagnostics
}

/// Stages and operators that the project does not have.
pub(super) fn unknown_ids(ast: &Ast, source: &str, registry: &Registry, project: &ProjectFile) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for call in ast.all_expressions().filter(|id| matches!(ast.expr(*id), Expr::Call(_))) {
        let name = super::names::callee_span(source, ast.span(call));
        let Some(builtin) = source.get(name.range()).and_then(|name| registry.get(name)) else { continue };
        for (parameter, arg) in super::names::arguments(ast, source, call, builtin) {
            let parameter = &builtin.parameters[parameter];
            let span = ast.span(arg);
            if let (true, Expr::Int(id)) = (parameter.role == role::STAGE, ast.expr(arg)) {
                let stages: Vec<_> = project.pipelines.iter().flat_map(|pipeline| &pipeline.stages).collect();
                // 0 means deals in no stage yet.
                if id != 0 && !stages.iter().any(|stage| stage.id.0 == id) {
                    let known: Vec<String> = stages.iter().take(8).map(|stage| format!("{} ({})", stage.id, stage.name)).collect();
                    diagnostics.push(
                        Diagnostic::new(Code::UnknownId, span, message!("no-stage", id = id))
                            .help(message!("known-stages", stages = Argument::all(known))),
                    );
                }
            }
            if let (true, Some(email)) = (parameter.role == role::OPERATOR, ast.literal(arg)) {
                let is_known = project.operators.iter().any(|operator| operator.email.eq_ignore_ascii_case(email));
                if email.contains('@') && !is_known {
                    let known: Vec<&str> = project.operators.iter().take(8).map(|operator| operator.email.as_str()).collect();
                    diagnostics.push(
                        Diagnostic::new(Code::UnknownId, span, message!("no-operator", email = email))
                            .help(message!("known-operators", operators = Argument::all(known))),
                    );
                }
            }
        }
    }
    diagnostics
}
