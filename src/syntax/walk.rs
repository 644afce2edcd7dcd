//! Walks a tree without knowing what its nodes mean: what stands in an expression, a statement, a block.

use crate::diagnostic::Span;

use super::ast::{Ast, BinaryOp, Clause, Expr, ExprId, Part, Stmt, StmtId, Suite};

impl Ast {
    /// The expressions right inside an expression, in the order in which they are evaluated where that is fixed.
    #[must_use]
    pub fn inside(&self, id: ExprId) -> Vec<ExprId> {
        match self.expr(id) {
            Expr::Template(parts) | Expr::DynamicName(parts) => {
                let placeholders = self.parts(parts).iter().filter_map(|part| match part {
                    Part::Placeholder(placeholder) => Some(*placeholder),
                    Part::Text(_) => None,
                });
                placeholders.collect()
            }
            Expr::Unary(_, operand) => vec![operand],
            Expr::Binary(_, left, right) | Expr::Index(left, right) => vec![left, right],
            Expr::Chain(run, _) | Expr::If(run) | Expr::List(run) | Expr::Dict(run) | Expr::Slice(run) => self.items(run).to_vec(),
            Expr::Ternary(start) => self.three(start).to_vec(),
            Expr::Call(run) => self.args(run).iter().map(|arg| arg.value).collect(),
            Expr::Comprehension(number) => {
                let comprehension = self.comprehension(number);
                let clauses = self.clauses(comprehension.clauses).iter().map(|clause| match clause {
                    Clause::For(_, expr) | Clause::If(expr) => *expr,
                });
                clauses.chain(comprehension.key).chain([comprehension.element]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The operator and the operands of an `and` or an `or`, of however many parts.
    #[must_use]
    pub fn logic(&self, id: ExprId) -> Option<(BinaryOp, Vec<ExprId>)> {
        let (op, operands) = match self.expr(id) {
            Expr::Binary(op, left, right) => (op, vec![left, right]),
            Expr::Chain(run, operators) => (*self.operators(operators, 1).first()?, self.items(run).to_vec()),
            _ => return None,
        };
        matches!(op, BinaryOp::And | BinaryOp::Or).then_some((op, operands))
    }

    /// The expressions of a statement itself, without those of the blocks in it.
    #[must_use]
    pub fn expressions_of(&self, id: StmtId) -> Vec<ExprId> {
        match self.stmt(id).0 {
            Stmt::Expr(expr) | Stmt::Delete(expr) | Stmt::While(expr, _) => vec![expr],
            Stmt::Assign(run) => self.items(run).to_vec(),
            Stmt::Augment(_, target, value) => vec![target, value],
            Stmt::If(arms, _) => self.arms(arms).iter().map(|(condition, _)| *condition).collect(),
            Stmt::For(number) => vec![self.for_loop(number).items],
            Stmt::Def(number) => {
                self.parameters(self.function(number).parameters).iter().filter_map(|parameter| parameter.default).collect()
            }
            Stmt::Return(value) => value.into_iter().collect(),
            Stmt::Break | Stmt::Continue | Stmt::Pass => Vec::new(),
        }
    }

    /// The blocks of a statement.
    #[must_use]
    pub fn blocks_of(&self, id: StmtId) -> Vec<Suite> {
        match self.stmt(id).0 {
            Stmt::If(arms, otherwise) => self.arms(arms).iter().map(|(_, block)| *block).chain(otherwise).collect(),
            Stmt::While(_, block) => vec![block],
            Stmt::For(number) => vec![self.for_loop(number).block],
            Stmt::Def(number) => vec![self.function(number).block],
            _ => Vec::new(),
        }
    }

    /// Where a statement is with its blocks.
    #[must_use]
    pub fn whole(&self, id: StmtId) -> Span {
        let mut span = self.stmt(id).1;
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            span = span.to(self.stmt(id).1);
            open.extend(self.blocks_of(id).into_iter().flat_map(|block| self.block(block).iter().copied()));
        }
        span
    }

    /// Every expression of the tree, those inside others included.
    pub fn all_expressions(&self) -> impl Iterator<Item = ExprId> + '_ {
        (0..u32::try_from(self.exprs.len()).unwrap_or(u32::MAX)).map(ExprId)
    }

    /// Every statement of the tree, those in blocks included.
    pub fn all_statements(&self) -> impl Iterator<Item = StmtId> + '_ {
        (0..u32::try_from(self.stmts.len()).unwrap_or(u32::MAX)).map(StmtId)
    }

    /// The literal text of an expression.
    #[must_use]
    pub fn literal(&self, id: ExprId) -> Option<&str> {
        match self.expr(id) {
            Expr::Text(number) => Some(self.text(number)),
            _ => None,
        }
    }
}
