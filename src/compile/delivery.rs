//! Finds the calls after which the message of the same block is refused, so that the author can be warned of it (crm.md
//! section 4). Which functions do that their declarations say.

use std::collections::{HashMap, HashSet};

use super::MAX_PARAMETERS;
use super::bind::callee;
use crate::diagnostic::Span;
use crate::function::{DeliveryFlag, Registry};
use crate::program::RefusingCall;
use crate::syntax::ast::{Ast, BinaryOp, Clause, Expr, ExprId, Part, Stmt, Suite, TableRange};
use crate::syntax::normal_form;

/// The calls after which a message is refused; one that blocks counts unless one that unblocks follows on every path.
pub(super) fn refusals(ast: &Ast, source: &str, registry: &Registry) -> Vec<RefusingCall> {
    let functions = ast.block(ast.root()).iter().filter_map(|id| match ast.stmt(*id).0 {
        Stmt::Def(number) => Some((normal_form(&source[ast.function(number).name.range()]).into_owned(), number)),
        _ => None,
    });
    let functions = functions.collect();
    let (walked, defaults) = (HashMap::new(), HashMap::new());
    let mut finder = RefusalFinder { ast, source, registry, functions, walked, defaults, after_call: false, found: Vec::new() };
    finder.block(ast.root(), false);
    finder.found.sort_by_key(|refusal| refusal.span);
    finder.found.dedup();
    finder.found
}

struct RefusalFinder<'a> {
    ast: &'a Ast,
    source: &'a str,
    registry: &'a Registry,
    /// The functions of the script, by their names.
    functions: HashMap<String, u32>,
    /// What holds before a function that what comes after unblocks, or not; of one that is being walked, nothing yet.
    walked: HashMap<(u32, bool), bool>,
    /// The same for defaults of parameters.
    defaults: HashMap<(ExprId, bool), bool>,
    /// Whether what comes after the function that is being walked unblocks.
    after_call: bool,
    found: Vec<RefusingCall>,
}

impl RefusalFinder<'_> {
    /// Walks a block backwards; `unblocked`: whether what comes after it unblocks on every path. Returns the same
    /// for what comes before the block.
    fn block(&mut self, block: Suite, mut unblocked: bool) -> bool {
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
            Stmt::Return(value) => {
                let after = self.after_call;
                value.map_or(after, |value| self.expression(value, after))
            }
            // The rest of the loop's block is not reached from here.
            Stmt::Break | Stmt::Continue => false,
            // What a function does is done where it is called.
            Stmt::Def(_) | Stmt::Delete(_) | Stmt::Pass => unblocked,
        }
    }

    /// A call of a function of the script: its body, then the defaults of parameters that get no argument.
    fn function(&mut self, number: u32, arguments: TableRange, unblocked: bool) -> bool {
        let ast = self.ast;
        let function = ast.function(number);
        let known = self.walked.get(&(number, unblocked)).copied();
        let mut before = known.unwrap_or_else(|| {
            // A function that calls itself does what it does anyway.
            self.walked.insert((number, unblocked), unblocked);
            let outer = std::mem::replace(&mut self.after_call, unblocked);
            let before = self.block(function.block, unblocked);
            self.after_call = outer;
            self.walked.insert((number, unblocked), before);
            before
        });
        let arguments = ast.args(arguments);
        let positional = arguments.iter().filter(|argument| argument.name.is_none()).count();
        let left = ast.parameters(function.parameters).iter().skip(positional).take(MAX_PARAMETERS);
        if left.clone().all(|parameter| parameter.default.is_none()) {
            return before;
        }
        let name_at = |span: Span| normal_form(&self.source[span.range()]);
        let given: HashSet<_> = arguments.iter().filter_map(|argument| argument.name).map(name_at).collect();
        for parameter in left.rev() {
            if let Some(default) = parameter.default.filter(|_| !given.contains(&name_at(parameter.name))) {
                before = self.default(default, before);
            }
        }
        before
    }

    /// The default of a parameter, walked once, however many calls leave it out.
    fn default(&mut self, default: ExprId, unblocked: bool) -> bool {
        if let Some(before) = self.defaults.get(&(default, unblocked)) {
            return *before;
        }
        // One that calls its own function does what it does anyway.
        self.defaults.insert((default, unblocked), unblocked);
        let before = self.expression(default, unblocked);
        self.defaults.insert((default, unblocked), before);
        before
    }

    fn expression(&mut self, expr: ExprId, unblocked: bool) -> bool {
        let ast = self.ast;
        match ast.expr(expr) {
            Expr::Call(run) => {
                let span = ast.span(expr);
                let mut before = unblocked;
                let name = callee(self.source, span);
                if let Some(builtin) = self.registry.get(&name) {
                    let refuses = match builtin.delivery {
                        DeliveryFlag::Unaffected => false,
                        DeliveryFlag::Unsubscribes => true,
                        DeliveryFlag::Blocks => !unblocked,
                        DeliveryFlag::Unblocks => {
                            before = true;
                            false
                        }
                    };
                    if refuses {
                        self.found.push(RefusingCall { span, function: builtin.name, delivery: builtin.delivery });
                    }
                } else if let Some(number) = self.functions.get(&*name) {
                    before = self.function(*number, run, unblocked);
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
                Part::Placeholder(placeholder) => self.expression(*placeholder, unblocked),
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
