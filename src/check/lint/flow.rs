//! Lines that never run, because what stands before them never ends where they begin.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Ast, Expr, ExprId, Stmt, StmtId, Suite};
use crate::wording::message;

/// The first line of every block that can never be reached.
pub(super) fn unreachable(ast: &Ast) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let blocks = ast.all_statements().flat_map(|id| ast.blocks_of(id));
    for block in std::iter::once(ast.root()).chain(blocks) {
        let statements = ast.block(block);
        let Some(last) = statements.iter().position(|id| never_goes_on(ast, *id)) else { continue };
        let next = statements[last + 1..].iter().find(|id| !matches!(ast.stmt(**id).0, Stmt::Def(_)));
        if let Some(next) = next {
            let reason = match ast.stmt(statements[last]).0 {
                Stmt::Return(_) => message!("return-ends-function"),
                Stmt::Break => message!("break-ends-loop"),
                Stmt::Continue => message!("continue-begins-iteration"),
                Stmt::While(..) => message!("loop-never-ends"),
                _ => message!("every-branch-leaves"),
            };
            diagnostics.push(
                Diagnostic::new(Code::Unreachable, ast.stmt(*next).1, message!("unreachable"))
                    .label(ast.stmt(statements[last]).1, reason)
                    .help(message!("unreachable-help")),
            );
        }
    }
    diagnostics
}

/// Whether nothing after a statement of the same block can run.
fn never_goes_on(ast: &Ast, id: StmtId) -> bool {
    let leaves = |block: Suite| ast.block(block).iter().any(|id| never_goes_on(ast, *id));
    match ast.stmt(id).0 {
        Stmt::Return(_) | Stmt::Break | Stmt::Continue => true,
        Stmt::If(arms, Some(otherwise)) => ast.arms(arms).iter().all(|(_, block)| leaves(*block)) && leaves(otherwise),
        Stmt::While(condition, block) => is_true(ast, condition) && !has_break(ast, block),
        _ => false,
    }
}

fn is_true(ast: &Ast, condition: ExprId) -> bool {
    matches!(ast.expr(condition), Expr::True) || matches!(ast.expr(condition), Expr::Int(int) if int != 0)
}

/// Whether a `break` of this loop stands in its block. A `return` in it does not lead to what comes after the loop either.
fn has_break(ast: &Ast, block: Suite) -> bool {
    ast.block(block).iter().any(|id| match ast.stmt(*id).0 {
        Stmt::Break => true,
        // A `break` in a loop inside is that loop's.
        Stmt::While(..) | Stmt::For(_) => false,
        _ => ast.blocks_of(*id).into_iter().any(|block| has_break(ast, block)),
    })
}
