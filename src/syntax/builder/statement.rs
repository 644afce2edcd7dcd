//! Statements and their blocks.

use super::super::ast::{BinaryOp, DefParameter, Expr, ExprId, For, Function, Stmt, StmtId, Suite, TableRange};
use super::{Mark, TreeBuilder, mark};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::mistakes::keyword_as_name;
use crate::wording::message;

impl TreeBuilder<'_> {
    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    fn statement(&mut self, stmt: Stmt, start: u32, end: u32) {
        self.ast.stmts.push((stmt, Span::new(start, end)));
        self.statements.push(StmtId(self.ast.stmts.len() as u32 - 1));
    }

    pub fn expression_statement(&mut self, start: u32, expr: ExprId, end: u32) {
        self.statement(Stmt::Expr(expr), start, end);
    }

    pub fn assign(&mut self, start: u32, targets: Mark, value: ExprId, end: u32) {
        for index in targets.0 as usize..self.items.len() {
            self.check_target(self.items[index]);
        }
        self.items.push(value);
        let (run, _) = self.take_items(targets);
        self.statement(Stmt::Assign(run), start, end);
    }

    pub fn augment(&mut self, start: u32, target: ExprId, op: BinaryOp, value: ExprId, end: u32) {
        self.check_target(target);
        self.statement(Stmt::Augment(op, target, value), start, end);
    }

    /// `x =` with nothing behind it.
    pub fn clear(&mut self, start: u32, target: ExprId, end: u32) {
        self.check_target(target);
        self.statement(Stmt::Delete(target), start, end);
    }

    pub fn delete(&mut self, start: u32, target: ExprId, end: u32) {
        self.statement(Stmt::Delete(target), start, end);
    }

    pub fn return_statement(&mut self, start: u32, value: Option<ExprId>, end: u32) {
        self.statement(Stmt::Return(value), start, end);
    }

    pub fn break_statement(&mut self, start: u32, end: u32) {
        self.statement(Stmt::Break, start, end);
    }

    pub fn continue_statement(&mut self, start: u32, end: u32) {
        self.statement(Stmt::Continue, start, end);
    }

    pub fn pass_statement(&mut self, start: u32, end: u32) {
        self.statement(Stmt::Pass, start, end);
    }

    /// Only a name, or an item of what a name holds, can be assigned to.
    fn check_target(&mut self, target: ExprId) {
        let mut inner = target;
        while let Expr::Index(container, _) = self.ast.expr(inner) {
            inner = container;
        }
        let span = self.ast.span(target);
        let (what, help) = match self.ast.expr(inner) {
            Expr::Name | Expr::Scoped(_) | Expr::Error => return,
            Expr::Text(_) | Expr::Template(_) => ("text", Some(message!("target-text-help"))),
            Expr::Int(_) | Expr::Float(_) => ("number", Some(message!("target-number-help"))),
            Expr::True | Expr::False | Expr::None => {
                let word = self.ast.span(inner);
                self.diagnostics.push(keyword_as_name(&self.source[word.range()], word));
                return;
            }
            Expr::Call(_) | Expr::If(_) => ("call", Some(message!("compare-help"))),
            Expr::Slice(_) => ("slice", Some(message!("target-slice-help"))),
            Expr::DynamicName(_) => ("dynamic", Some(message!("target-dynamic-help"))),
            Expr::Binary(..) | Expr::Chain(..) | Expr::Unary(..) => ("calculation", Some(message!("compare-help"))),
            _ => ("other", Some(message!("target-help"))),
        };
        let mut diagnostic = Diagnostic::new(Code::BadTarget, span, message!("cannot-assign", what = what));
        diagnostic.help = help;
        self.diagnostics.push(diagnostic);
    }

    pub fn statements_from(&mut self, count: u32) -> Mark {
        Mark(mark(&self.statements).0 - count)
    }

    pub fn statements_since(&mut self, since: Mark) -> u32 {
        mark(&self.statements).0 - since.0
    }

    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    pub fn block(&mut self, since: Mark) -> Suite {
        let from = since.0 as usize;
        let run = TableRange { start: self.ast.blocks.len() as u32, len: (self.statements.len() - from) as u32 };
        self.ast.blocks.extend(self.statements.drain(from..));
        run
    }

    pub fn first_arm(&mut self, condition: ExprId, block: Suite) -> Mark {
        let mark = mark(&self.arms);
        self.next_arm(mark, condition, block)
    }

    pub fn next_arm(&mut self, mark: Mark, condition: ExprId, block: Suite) -> Mark {
        self.arms.push((condition, block));
        mark
    }

    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    pub fn if_statement(&mut self, start: u32, arms: Mark, otherwise: Option<Suite>) {
        let from = arms.0 as usize;
        let run = TableRange { start: self.ast.arms.len() as u32, len: (self.arms.len() - from) as u32 };
        self.ast.arms.extend(self.arms.drain(from..));
        let head = self.ast.arms[run.start as usize].0;
        let end = self.ast.span(head).end;
        self.statement(Stmt::If(run, otherwise), start, end);
    }

    pub fn while_statement(&mut self, start: u32, condition: ExprId, block: Suite) {
        let end = self.ast.span(condition).end;
        self.statement(Stmt::While(condition, block), start, end);
    }

    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    pub fn for_statement(&mut self, start: u32, variables: Mark, items: ExprId, block: Suite) {
        let variables = self.take_variables(variables);
        let number = self.ast.loops.len() as u32;
        self.ast.loops.push(For { variables, items, block });
        let end = self.ast.span(items).end;
        self.statement(Stmt::For(number), start, end);
    }

    pub fn no_parameters(&mut self) -> Mark {
        mark(&self.parameters)
    }

    pub fn parameters_from_last(&mut self) -> Mark {
        Mark(mark(&self.parameters).0 - 1)
    }

    pub fn parameter(&mut self, start: u32, end: u32, default: Option<ExprId>) {
        self.check_name(start, end);
        self.parameters.push(DefParameter { name: Span::new(start, end), default });
    }

    pub fn forget_parameters(&mut self, mark: Mark) {
        self.parameters.truncate(mark.0 as usize);
    }

    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    pub fn def_statement(&mut self, start: u32, name: Span, parameters: Mark, block: Suite) {
        let from = parameters.0 as usize;
        let run = TableRange { start: self.ast.parameters.len() as u32, len: (self.parameters.len() - from) as u32 };
        self.ast.parameters.extend(self.parameters.drain(from..));
        let number = self.ast.functions.len() as u32;
        self.ast.functions.push(Function { name, parameters: run, block });
        self.statement(Stmt::Def(number), start, name.end);
    }
}
