//! Statements: from tree to script.

use std::borrow::Cow;

use super::{Compiler, Namespace};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::program::{
    AssignItem, AssignPath, AssignTarget, Augment, Binary, Expr as Node, For, If, LoopItems, PointKind, Stmt as Out, VariableSlot, While,
};
use crate::syntax::ast::{BinaryOp, Clause, Expr, ExprId, ScopePrefix, Stmt, StmtId, Suite};
use crate::syntax::is_block_end;
use crate::value::operators::BinaryOperator;
use crate::wording::message;

impl Compiler<'_> {
    pub(super) fn block(&mut self, block: Suite) -> Box<[Out]> {
        let ast = self.ast;
        let outer = std::mem::replace(&mut self.is_top_level_end, false);
        let statements = ast.block(block).iter().filter_map(|id| self.statement(*id)).collect();
        self.is_top_level_end = outer;
        statements
    }

    /// The statement that runs; `None` for one that does nothing by itself.
    pub(super) fn statement(&mut self, id: StmtId) -> Option<Out> {
        let outer = std::mem::take(&mut self.expressions);
        let statement = self.watched_statement(id, Self::one_statement);
        self.heaviest = self.heaviest.max(self.expressions);
        self.expressions = outer;
        statement
    }

    fn one_statement(&mut self, id: StmtId) -> Option<Out> {
        let ast = self.ast;
        let (statement, span) = ast.stmt(id);
        Some(match statement {
            Stmt::Expr(expr) => {
                if !self.is_top_level_end {
                    self.warn_of_no_effect(expr);
                }
                Out::Expr(self.expression(expr))
            }
            Stmt::Assign(run) => self.assign(ast.items(run), span)?,
            Stmt::Augment(op, target, value) => self.augment(op, target, value, span)?,
            Stmt::Delete(target) => match self.path(target)? {
                AssignTarget::Variable(place) => Out::Delete(place),
                AssignTarget::Item(path) => Out::DeleteItem(Box::new(path)),
            },
            Stmt::If(arms, otherwise) => {
                let arms = ast
                    .arms(arms)
                    .iter()
                    .map(|(condition, block)| (self.watched_condition(*condition, PointKind::Condition), self.block(*block)))
                    .collect();
                let otherwise = otherwise.map_or_else(Box::default, |block| self.block(block));
                Out::If(Box::new(If { arms, otherwise }))
            }
            Stmt::While(condition, block) => {
                let condition = self.watched_condition(condition, PointKind::Condition);
                self.frame.loops += 1;
                let body = self.block(block);
                self.frame.loops -= 1;
                let body = self.watched_turns(body, None, None);
                Out::While(Box::new(While { condition, span, body }))
            }
            Stmt::For(number) => self.for_loop(number),
            Stmt::Def(_) => {
                let is_top_level = ast.block(ast.root()).contains(&id);
                if !is_top_level {
                    self.diagnostics.push(Diagnostic::new(Code::DefInside, span, message!("def-inside")).help(message!("def-inside-help")));
                }
                return None;
            }
            Stmt::Return(value) => {
                if !self.frame.in_function && !ast.has_broken_def() {
                    self.diagnostics
                        .push(Diagnostic::new(Code::ReturnOutside, span, message!("return-outside")).help(message!("return-outside-help")));
                }
                Out::Return(value.map(|value| self.expression(value)))
            }
            Stmt::Break | Stmt::Continue => {
                let is_break = matches!(statement, Stmt::Break);
                if self.frame.loops == 0 {
                    let word = if is_break { "break" } else { "continue" };
                    self.diagnostics.push(
                        Diagnostic::new(Code::BreakOutside, span, message!("break-outside", word = word))
                            .help(message!("break-outside-help")),
                    );
                }
                if is_break { Out::Break } else { Out::Continue }
            }
            Stmt::Pass => Out::Pass,
        })
    }

    fn assign(&mut self, items: &[ExprId], span: Span) -> Option<Out> {
        let (value, targets) = items.split_last()?;
        let expression = self.assigned_value(*value);
        let targets: Vec<AssignTarget> = targets.iter().filter_map(|target| self.assigned(*target)).collect();
        for target in &targets {
            if let AssignTarget::Variable(VariableSlot::Global(slot)) = target {
                self.assigned.insert(*slot);
            }
        }
        let mut targets = targets.into_iter();
        let first = targets.next()?;
        let rest: Vec<AssignTarget> = targets.collect();
        if !rest.is_empty() {
            let all = std::iter::once(first).chain(rest).collect();
            return Some(Out::AssignMany(Box::new((expression, all))));
        }
        Some(match first {
            AssignTarget::Variable(place) => Self::assign_place(place, expression),
            AssignTarget::Item(path) => Out::AssignItem(Box::new(AssignItem { path, op: None, value: expression, span })),
        })
    }

    /// `x = ...`; a value that is made from `x` itself changes it in place.
    fn assign_place(place: VariableSlot, value: Node) -> Out {
        match value {
            Node::WithInteger(with) if with.op == BinaryOperator::Add && with.place == place => {
                let Binary { op, left, right, span } = with.general;
                Out::Augment(place, Box::new(Augment { op, target: span_of(&left), value: right, span }))
            }
            Node::Binary(binary) | Node::LeafBinary(binary)
                if binary.op == BinaryOperator::Add && reads(&binary.left, place) && !Self::may_read(&binary.right, place) =>
            {
                let binary = *binary;
                let target = span_of(&binary.left);
                Out::Augment(place, Box::new(Augment { op: binary.op, target, value: binary.right, span: binary.span }))
            }
            Node::Call(call)
                if call.builtin.family == crate::function::Family::General
                    && !call.builtin.acts
                    && call.arguments.first().is_some_and(|first| reads(first, place))
                    && !call.arguments[1..].iter().any(|argument| Self::may_read(argument, place)) =>
            {
                Out::Update(place, call)
            }
            value => Out::Assign(place, value),
        }
    }

    fn augment(&mut self, op: BinaryOp, target: ExprId, value: ExprId, span: Span) -> Option<Out> {
        let target_span = self.ast.span(target);
        let value = self.expression(value);
        let op = super::expression::operator(op)?;
        Some(match self.assigned(target)? {
            AssignTarget::Variable(place) => {
                self.note_read(target_span, place);
                if let VariableSlot::Global(slot) = place {
                    self.read(slot);
                    self.assigned.insert(slot);
                }
                Out::Augment(place, Box::new(Augment { op, target: target_span, value, span }))
            }
            AssignTarget::Item(path) => Out::AssignItem(Box::new(AssignItem { path, op: Some(op), value, span })),
        })
    }

    fn for_loop(&mut self, number: u32) -> Out {
        let for_loop = self.ast.for_loop(number);
        let items = match self.expression(for_loop.items) {
            Node::Call(call) if call.builtin.counts && for_loop.variables.1.is_none() => LoopItems::Range(call),
            items => LoopItems::Value(items),
        };
        let first = self.variable(for_loop.variables.0);
        let second = for_loop.variables.1.map(|span| self.variable(span));
        self.frame.loops += 1;
        let body = self.block(for_loop.block);
        self.frame.loops -= 1;
        let body = self.watched_turns(body, Some(first), second);
        Out::For(Box::new(For { first, second, items, items_span: self.ast.span(for_loop.items), body }))
    }

    /// The place of a variable that is assigned here.
    fn variable(&mut self, span: Span) -> VariableSlot {
        let name = self.name_at(span);
        let place = self.place(name, span);
        if let VariableSlot::Global(slot) = place {
            self.assigned.insert(slot);
            self.warn_of_builtin_variable(slot, span);
        }
        place
    }

    /// What a target of an assignment is, with a warning when it hides a built-in variable.
    fn assigned(&mut self, target: ExprId) -> Option<AssignTarget> {
        let path = self.path(target)?;
        if let AssignTarget::Variable(VariableSlot::Global(slot)) = path {
            self.warn_of_builtin_variable(slot, self.ast.span(target));
        }
        Some(path)
    }

    /// What a target of an assignment or of `del` is.
    fn path(&mut self, target: ExprId) -> Option<AssignTarget> {
        let mut keys = Vec::new();
        let mut root = target;
        while let Expr::Index(container, key) = self.ast.expr(root) {
            let span = self.ast.span(key);
            keys.push((self.expression(key), span));
            root = container;
        }
        let root_span = self.ast.span(root);
        let place = match self.ast.expr(root) {
            Expr::Name => {
                let name = self.name_at(root_span);
                self.place(name, root_span)
            }
            Expr::Scoped(prefix) => VariableSlot::Global(self.scoped(prefix, root_span)),
            _ => return None,
        };
        if keys.is_empty() {
            return Some(AssignTarget::Variable(place));
        }
        if let VariableSlot::Global(slot) = place {
            self.read(slot);
        }
        keys.reverse();
        Some(AssignTarget::Item(AssignPath { root: place, root_span, keys: keys.into_boxed_slice() }))
    }

    pub(super) fn scoped(&mut self, prefix: ScopePrefix, span: Span) -> u32 {
        let name = self.name_at(span);
        let name = match name {
            Cow::Borrowed(name) => Cow::Borrowed(name.split_once('.').map_or(name, |(_, name)| name)),
            Cow::Owned(name) => Cow::Owned(name.split_once('.').map_or(name.as_str(), |(_, name)| name).to_owned()),
        };
        let namespace = match prefix {
            ScopePrefix::Client => Namespace::Client,
            ScopePrefix::Project => Namespace::Project,
        };
        self.global(namespace, name, span)
    }

    fn warn_of_builtin_variable(&mut self, slot: u32, span: Span) {
        let global = &self.globals[slot as usize];
        if let Some(variable) = global.builtin.as_ref().filter(|variable| variable.is_set) {
            let name = variable.name;
            self.diagnostics.push(
                Diagnostic::new(Code::BuiltinVariable, span, message!("builtin-variable-hidden", name = name))
                    .help(message!("rename-variable-help")),
            );
        }
    }

    fn is_foreign_end(&self, expr: ExprId) -> bool {
        let name = self.name_at(self.ast.span(expr));
        is_block_end(&name.to_lowercase()) && !self.known.has(&name)
    }

    fn warn_of_no_effect(&mut self, expr: ExprId) {
        if !self.can_have_effect(expr) {
            let (message, help) = match self.ast.expr(expr) {
                // The end of a block in another language is reported as that.
                Expr::Name if self.is_foreign_end(expr) => return,
                Expr::Binary(BinaryOp::Equal, ..) => (message!("comparison-without-effect"), message!("comparison-without-effect-help")),
                Expr::Call(_) => (message!("call-without-effect"), message!("call-without-effect-help")),
                _ => (message!("line-without-effect"), message!("line-without-effect-help")),
            };
            self.diagnostics.push(Diagnostic::new(Code::NoEffect, self.ast.span(expr), message).help(help));
        }
    }

    /// Whether walking an expression can do more than return a value.
    fn can_have_effect(&self, expr: ExprId) -> bool {
        let ast = self.ast;
        match ast.expr(expr) {
            Expr::Error => true,
            Expr::Call(run) => {
                let name = super::bind::callee(self.source, ast.span(expr));
                let acts = self.options.registry.get(&name).is_none_or(|builtin| builtin.acts);
                acts || ast.args(run).iter().any(|arg| self.can_have_effect(arg.value))
            }
            Expr::Unary(_, operand) => self.can_have_effect(operand),
            Expr::Binary(_, left, right) | Expr::Index(left, right) => self.can_have_effect(left) || self.can_have_effect(right),
            Expr::Chain(run, _) | Expr::If(run) | Expr::Slice(run) | Expr::List(run) | Expr::Dict(run) => {
                ast.items(run).iter().any(|item| self.can_have_effect(*item))
            }
            Expr::Ternary(start) => ast.three(start).iter().any(|item| self.can_have_effect(*item)),
            Expr::Template(run) | Expr::DynamicName(run) => ast.parts(run).iter().any(|part| match part {
                crate::syntax::ast::Part::Placeholder(placeholder) => self.can_have_effect(*placeholder),
                crate::syntax::ast::Part::Text(_) => false,
            }),
            Expr::Comprehension(number) => {
                let comprehension = ast.comprehension(number);
                let parts = [Some(comprehension.element), comprehension.key];
                let clauses = ast.clauses(comprehension.clauses).iter().map(|clause| match clause {
                    Clause::For(_, part) | Clause::If(part) => *part,
                });
                parts.into_iter().flatten().chain(clauses).any(|part| self.can_have_effect(part))
            }
            _ => false,
        }
    }

    /// Whether walking an expression may read a variable, also through a function or a made-up name.
    fn may_read(expr: &Node, place: VariableSlot) -> bool {
        super::expression::walk(expr, &mut |inner| match inner {
            Node::Local(slot, _) => place == VariableSlot::Local(*slot),
            Node::Global(slot, _) => place == VariableSlot::Global(*slot),
            Node::Word(word) => place == VariableSlot::Global(word.slot),
            Node::UserCall(_) | Node::DynamicName(_) => true,
            Node::Call(call) => call.builtin.acts,
            _ => false,
        })
    }
}

/// Whether an expression is just the variable.
fn reads(expr: &Node, place: VariableSlot) -> bool {
    match expr {
        Node::Local(slot, _) => place == VariableSlot::Local(*slot),
        Node::Global(slot, _) => place == VariableSlot::Global(*slot),
        _ => false,
    }
}

fn span_of(expr: &Node) -> Span {
    match expr {
        Node::Local(_, span) | Node::Global(_, span) => *span,
        _ => Span::default(),
    }
}
