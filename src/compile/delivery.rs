//! Finds the calls after which the message of the same block is refused, so that the author can be warned of it (crm.md
//! section 4). Which functions do that their declarations say.

use super::bind::callee;
use crate::function::{Delivery, Registry};
use crate::program::Refusal;
use crate::syntax::ast::{Ast, BinaryOp, Block, Clause, Expr, ExprId, Part, Stmt};

/// The calls after which a message is refused; one that blocks counts unless one that unblocks follows on every path.
pub(super) fn refusals(ast: &Ast, source: &str, registry: &Registry) -> Vec<Refusal> {
    let mut finder = Finder { ast, source, registry, found: Vec::new() };
    finder.block(ast.root(), false);
    finder.found.sort_by_key(|refusal| refusal.span);
    finder.found.dedup();
    finder.found
}

struct Finder<'a> {
    ast: &'a Ast,
    source: &'a str,
    registry: &'a Registry,
    found: Vec<Refusal>,
}

impl Finder<'_> {
    /// Walks a block backwards; `unblocked`: whether what comes after it unblocks on every path. Returns the same
    /// for what comes before the block.
    fn block(&mut self, block: Block, mut unblocked: bool) -> bool {
        for id in self.ast.block(block).iter().rev() {
            unblocked = self.statement(self.ast.stmt(*id).0, unblocked);
        }
        unblocked
    }

    fn statement(&mut self, statement: Stmt, unblocked: bool) -> bool {
        let ast = self.ast;
        match statement {
            Stmt::Expr(expr) => self.expression(expr, unblocked),
            Stmt::Assign(run) => ast.items(run).iter().rev().fold(unblocked, |unblocked, item| self.expression(*item, unblocked)),
            Stmt::Augment(_, target, value) => {
                let unblocked = self.expression(value, unblocked);
                self.expression(target, unblocked)
            }
            Stmt::If(arms, otherwise) => {
                let mut all = otherwise.map_or(unblocked, |block| self.block(block, unblocked));
                for (condition, block) in ast.arms(arms).iter().rev() {
                    let taken = self.block(*block, unblocked);
                    all = self.expression(*condition, all && taken);
                }
                all
            }
            Stmt::While(condition, block) => {
                self.block(block, unblocked);
                self.expression(condition, unblocked)
            }
            Stmt::For(number) => {
                let for_loop = ast.for_loop(number);
                self.block(for_loop.block, unblocked);
                self.expression(for_loop.items, unblocked)
            }
            // What a function does counts as done where it is defined: a warning too many is better than none.
            Stmt::Def(number) => {
                self.block(ast.function(number).block, false);
                unblocked
            }
            Stmt::Return(value) => value.is_some_and(|value| self.expression(value, false)),
            // The rest of the loop's block is not reached from here.
            Stmt::Break | Stmt::Continue => false,
            Stmt::Delete(_) | Stmt::Pass => unblocked,
        }
    }

    fn expression(&mut self, expr: ExprId, unblocked: bool) -> bool {
        let ast = self.ast;
        match ast.expr(expr) {
            Expr::Call(run) => {
                let span = ast.span(expr);
                let mut before = unblocked;
                if let Some(builtin) = self.registry.get(&callee(self.source, span)) {
                    let refuses = match builtin.delivery {
                        Delivery::Unaffected => false,
                        Delivery::Unsubscribes => true,
                        Delivery::Blocks => !unblocked,
                        Delivery::Unblocks => {
                            before = true;
                            false
                        }
                    };
                    if refuses {
                        self.found.push(Refusal { span, function: builtin.name, delivery: builtin.delivery });
                    }
                }
                ast.args(run).iter().rev().fold(before, |unblocked, arg| self.expression(arg.value, unblocked))
            }
            Expr::Unary(_, operand) => self.expression(operand, unblocked),
            Expr::Binary(op, left, right) => {
                let after = self.expression(right, unblocked);
                self.expression(left, if is_lazy(op) { unblocked } else { after })
            }
            Expr::Index(left, right) => {
                let after = self.expression(right, unblocked);
                self.expression(left, after)
            }
            // Only the first operand of a lazy chain is worked out for certain.
            Expr::Chain(run, operators) if is_lazy(ast.operators(operators, 1)[0]) => {
                let (first, rest) = ast.items(run).split_at(1);
                for operand in rest {
                    self.expression(*operand, unblocked);
                }
                first.iter().fold(unblocked, |unblocked, operand| self.expression(*operand, unblocked))
            }
            Expr::Chain(run, _) | Expr::List(run) | Expr::Dict(run) | Expr::Slice(run) => {
                ast.items(run).iter().rev().fold(unblocked, |unblocked, item| self.expression(*item, unblocked))
            }
            Expr::If(run) => {
                let items = ast.items(run);
                let then = self.expression(items[1], unblocked);
                let otherwise = items.get(2).map_or(unblocked, |item| self.expression(*item, unblocked));
                self.expression(items[0], then && otherwise)
            }
            Expr::Ternary(start) => {
                let [condition, then, otherwise] = ast.three(start);
                let then = self.expression(then, unblocked);
                let otherwise = self.expression(otherwise, unblocked);
                self.expression(condition, then && otherwise)
            }
            Expr::Template(run) | Expr::DynamicName(run) => ast.parts(run).iter().rev().fold(unblocked, |unblocked, part| match part {
                Part::Filling(filling) => self.expression(*filling, unblocked),
                Part::Text(_) => unblocked,
            }),
            Expr::Comprehension(number) => {
                let comprehension = ast.comprehension(number);
                for inner in [comprehension.key, Some(comprehension.element)].into_iter().flatten() {
                    self.expression(inner, unblocked);
                }
                // What the first loop walks is worked out for certain, everything else for each item only.
                let mut first = unblocked;
                for clause in ast.clauses(comprehension.clauses).iter().rev() {
                    let (Clause::For(_, part) | Clause::If(part)) = clause;
                    first = self.expression(*part, unblocked);
                }
                first
            }
            _ => unblocked,
        }
    }
}

fn is_lazy(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::And | BinaryOp::Or)
}
