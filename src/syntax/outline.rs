//! A tree as text, without places, comments and layout: two scripts with the same outline mean the same.

use super::ast::{Ast, Clause, Expr, ExprId, Part, Stmt, StmtId, Suite, TableRange, UnaryOp};
use super::names::normal_form;
use crate::diagnostic::Span;

/// What is still to be written.
enum Work {
    Expr(ExprId),
    Stmt(StmtId),
    Words(&'static str),
    Name(Span),
    /// A number of `Ast::texts`.
    Text(u32),
}

/// The outline of the tree of a text.
#[must_use]
pub fn outline(ast: &Ast, source: &str) -> String {
    let mut outliner = Outliner { ast, source, out: String::new(), work: Vec::new() };
    let mut first = outliner.of_block(ast.root());
    first.extend(ast.value().map(Work::Expr));
    outliner.later(first);
    outliner.run();
    outliner.out
}

struct Outliner<'a> {
    ast: &'a Ast,
    source: &'a str,
    out: String,
    /// The next one last. A tree may be deeper than the stack of the thread.
    work: Vec<Work>,
}

impl Outliner<'_> {
    fn run(&mut self) {
        while let Some(work) = self.work.pop() {
            match work {
                Work::Expr(id) => self.expression(id),
                Work::Stmt(id) => self.statement(id),
                Work::Words(words) => self.out.push_str(words),
                Work::Name(span) => self.name(span),
                Work::Text(number) => self.out.push_str(&format!("{:?} ", self.ast.text(number))),
            }
        }
    }

    fn later(&mut self, work: Vec<Work>) {
        self.work.extend(work.into_iter().rev());
    }

    fn of_block(&self, block: Suite) -> Vec<Work> {
        let statements = self.ast.block(block).iter().flat_map(|id| [Work::Stmt(*id), Work::Words("\n")]);
        std::iter::once(Work::Words("{\n")).chain(statements).chain([Work::Words("}")]).collect()
    }

    fn of_items(&self, run: TableRange) -> Vec<Work> {
        let items = self.ast.items(run).iter().flat_map(|item| [Work::Expr(*item), Work::Words(" ")]);
        items.chain([Work::Words(")")]).collect()
    }

    fn of_variables(variables: (Span, Option<Span>)) -> Vec<Work> {
        std::iter::once(Work::Name(variables.0)).chain(variables.1.map(Work::Name)).collect()
    }

    fn name(&mut self, span: Span) {
        self.out.push_str(&normal_form(&self.source[span.range()]));
        self.out.push(' ');
    }

    fn expression(&mut self, id: ExprId) {
        let ast = self.ast;
        let span = ast.span(id);
        match ast.expr(id) {
            Expr::Name | Expr::Scoped(_) => self.name(span),
            Expr::Text(number) => self.out.push_str(&format!("{:?} ", ast.text(number))),
            Expr::Template(parts) | Expr::DynamicName(parts) => {
                self.out.push_str(if matches!(ast.expr(id), Expr::Template(_)) { "(template " } else { "(name " });
                let parts = ast.parts(parts).iter().map(|part| match part {
                    Part::Text(number) => Work::Text(*number),
                    Part::Placeholder(placeholder) => Work::Expr(*placeholder),
                });
                let work = parts.chain([Work::Words(")")]).collect();
                self.later(work);
            }
            Expr::Unary(op, operand) => {
                // `- 5` is the number -5 wherever it is printed without the space, and so are more signs before it.
                if let Some(number) = number(ast, op, operand) {
                    self.out.push_str(&format!("{number:?} "));
                } else {
                    self.out.push_str(&format!("({op:?} "));
                    self.later(vec![Work::Expr(operand), Work::Words(")")]);
                }
            }
            Expr::Binary(op, left, right) => {
                self.out.push_str(&format!("({op:?} "));
                self.later(vec![Work::Expr(left), Work::Words(" "), Work::Expr(right), Work::Words(")")]);
            }
            Expr::Chain(run, operators) => {
                let count = ast.items(run).len() - 1;
                self.out.push_str(&format!("(chain {:?} ", ast.operators(operators, count)));
                let work = self.of_items(run);
                self.later(work);
            }
            Expr::Ternary(start) => {
                self.out.push_str("(ternary ");
                let work = ast.three(start).into_iter().map(Work::Expr).chain([Work::Words(")")]).collect();
                self.later(work);
            }
            Expr::If(run) | Expr::Slice(run) | Expr::List(run) | Expr::Dict(run) => {
                self.out.push_str(match ast.expr(id) {
                    Expr::If(_) => "(if ",
                    Expr::Slice(_) => "(slice ",
                    Expr::List(_) => "(list ",
                    _ => "(dict ",
                });
                let work = self.of_items(run);
                self.later(work);
            }
            Expr::Call(run) => {
                let text = &self.source[span.range()];
                let end = text.find(|character: char| character != '_' && !unicode_ident::is_xid_continue(character));
                self.out.push_str(&format!("(call {} ", normal_form(&text[..end.unwrap_or(text.len())])));
                let args = ast.args(run).iter().flat_map(|arg| {
                    let name = arg.name.map(|name| [Work::Words("="), Work::Name(name)]);
                    name.into_iter().flatten().chain([Work::Expr(arg.value), Work::Words(" ")])
                });
                let work = args.chain([Work::Words(")")]).collect();
                self.later(work);
            }
            Expr::Index(container, index) => {
                self.out.push_str("(index ");
                self.later(vec![Work::Expr(container), Work::Words(" "), Work::Expr(index), Work::Words(")")]);
            }
            Expr::Comprehension(number) => {
                let comprehension = ast.comprehension(number);
                self.out.push_str("(comprehension ");
                let mut work = Vec::new();
                for clause in ast.clauses(comprehension.clauses) {
                    match clause {
                        Clause::For(variables, items) => {
                            work.push(Work::Words("for "));
                            work.extend(Self::of_variables(*variables));
                            work.extend([Work::Words("in "), Work::Expr(*items)]);
                        }
                        Clause::If(condition) => work.extend([Work::Words("if "), Work::Expr(*condition)]),
                    }
                }
                let parts = [comprehension.key, Some(comprehension.element)];
                work.extend(parts.into_iter().map(|part| part.map_or(Work::Words(" - "), Work::Expr)));
                work.push(Work::Words(")"));
                self.later(work);
            }
            leaf => self.out.push_str(&format!("{leaf:?} ")),
        }
    }

    fn statement(&mut self, id: StmtId) {
        let ast = self.ast;
        let statement = ast.stmt(id).0;
        self.out.push_str(match statement {
            Stmt::Expr(_) => "",
            Stmt::Assign(_) => "(= ",
            Stmt::Augment(..) => "(augment ",
            Stmt::Delete(_) => "(del ",
            Stmt::If(..) => "if ",
            Stmt::While(..) => "while ",
            Stmt::For(_) => "for ",
            Stmt::Def(_) => "def ",
            Stmt::Return(_) => "return ",
            Stmt::Break => "break",
            Stmt::Continue => "continue",
            Stmt::Pass => "pass",
        });
        let mut work = Vec::new();
        match statement {
            Stmt::Assign(run) => work = self.of_items(run),
            Stmt::Augment(op, target, value) => {
                self.out.push_str(&format!("{op:?} "));
                work.extend([Work::Expr(target), Work::Expr(value)]);
            }
            Stmt::Expr(expr) | Stmt::Delete(expr) => work.push(Work::Expr(expr)),
            Stmt::If(arms, otherwise) => {
                for (condition, block) in ast.arms(arms) {
                    work.push(Work::Expr(*condition));
                    work.extend(self.of_block(*block));
                }
                work.extend(otherwise.map(|block| self.of_block(block)).into_iter().flatten());
            }
            Stmt::While(condition, block) => {
                work.push(Work::Expr(condition));
                work.extend(self.of_block(block));
            }
            Stmt::For(number) => {
                let for_loop = ast.for_loop(number);
                work = Self::of_variables(for_loop.variables);
                work.push(Work::Expr(for_loop.items));
                work.extend(self.of_block(for_loop.block));
            }
            Stmt::Def(number) => {
                let function = ast.function(number);
                work.push(Work::Name(function.name));
                for parameter in ast.parameters(function.parameters) {
                    work.push(Work::Name(parameter.name));
                    work.extend(parameter.default.map(|default| [Work::Words("= "), Work::Expr(default)]).into_iter().flatten());
                }
                work.extend(self.of_block(function.block));
            }
            Stmt::Return(value) => work.extend(value.map(Work::Expr)),
            Stmt::Break | Stmt::Continue | Stmt::Pass => {}
        }
        self.later(work);
    }
}

/// The number that signs before a number make of it.
fn number(ast: &Ast, op: UnaryOp, operand: ExprId) -> Option<Expr> {
    let mut signs = 0_u32;
    let (mut op, mut operand) = (op, operand);
    loop {
        if op != UnaryOp::Negate {
            return None;
        }
        signs += 1;
        match ast.expr(operand) {
            Expr::Unary(inner, value) => (op, operand) = (inner, value),
            Expr::Int(int) if signs.is_multiple_of(2) => return Some(Expr::Int(int)),
            Expr::Int(int) => return int.checked_neg().map(Expr::Int),
            Expr::Float(float) => return Some(Expr::Float(if signs.is_multiple_of(2) { float } else { -float })),
            _ => return None,
        }
    }
}
