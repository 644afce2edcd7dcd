//! What is watched counts itself and tells a watcher. A watched statement is one step, as it is in any other script.

use super::{Eval, Flow, Machine};
use crate::diagnostic::Span;
use crate::function::StatementStart;
use crate::program::{Iteration, Point, PointKind, Program, Stmt, VariableSlot, WatchedExpr, WatchedStmt};
use crate::value::Value;

impl<'p> Machine<'p, '_, '_> {
    #[cold]
    #[inline(never)]
    pub(super) fn watched_statement(&mut self, watched: &'p WatchedStmt) -> Eval<Flow> {
        self.give_step_back();
        let point = self.reach(watched.point);
        if point.kind == PointKind::Loop {
            return self.watched_loop(point, watched);
        }
        if !self.context.is_watched() {
            return self.statement(&watched.statement);
        }
        match &watched.statement {
            Stmt::If(_) => {
                self.context.tell(|watcher, context| watcher.opens(context));
                let flow = self.statement(&watched.statement);
                self.context.tell(|watcher, context| watcher.closes(context));
                flow
            }
            Stmt::While(_) => self.watched_loop(point, watched),
            Stmt::Return(_) => {
                self.begin(point)?;
                let flow = self.statement(&watched.statement);
                let value = flow.is_ok().then(|| self.returned.clone());
                self.context.tell(|watcher, context| watcher.ends(context, value));
                flow
            }
            Stmt::Break | Stmt::Continue => {
                self.begin(point)?;
                let flow = self.statement(&watched.statement);
                self.context.tell(|watcher, context| watcher.ends(context, Some(Value::None)));
                flow
            }
            _ => self.told_value(point, &watched.statement).map(|value| {
                value.let_go();
                Flow::Next
            }),
        }
    }

    /// A watched statement whose value is that of the run.
    #[cold]
    #[inline(never)]
    pub(super) fn watched_value(&mut self, watched: &'p WatchedStmt) -> Eval {
        if matches!(watched.statement, Stmt::If(_) | Stmt::While(_) | Stmt::For(_) | Stmt::Return(_) | Stmt::Break | Stmt::Continue) {
            self.step()?;
            self.watched_statement(watched)?;
            return Ok(Value::None);
        }
        let point = self.reach(watched.point);
        if self.context.is_watched() { self.told_value(point, &watched.statement) } else { self.value_of(&watched.statement) }
    }

    fn told_value(&mut self, point: &'p Point, statement: &'p Stmt) -> Eval {
        self.begin(point)?;
        let result = self.value_of(statement);
        let value = result.as_ref().ok().cloned();
        self.context.tell(|watcher, context| watcher.ends(context, value));
        result
    }

    fn watched_loop(&mut self, point: &'p Point, watched: &'p WatchedStmt) -> Eval<Flow> {
        let is_for = point.kind == PointKind::Loop;
        if self.context.is_watched() {
            self.context.tell(|watcher, context| watcher.opens(context));
            if is_for {
                self.begin(point)?;
            }
        }
        let turns_outside = std::mem::take(&mut self.turns);
        let flow = self.statement(&watched.statement);
        let turns = std::mem::replace(&mut self.turns, turns_outside);
        if is_for && turns == 0 {
            point.count(false);
            let value = flow.is_ok().then_some(Value::None);
            self.context.tell(|watcher, context| watcher.ends(context, value));
        }
        self.context.tell(|watcher, context| watcher.closes(context));
        flow
    }

    /// A turn of a loop begins.
    #[cold]
    #[inline(never)]
    pub(super) fn begin_turn(&mut self, turn: &Iteration) -> Eval<()> {
        self.give_step_back();
        self.turns += 1;
        if self.context.is_watched() {
            let value = match (turn.first, turn.second) {
                (None, _) => None,
                (Some(first), None) => Some(self.current(first)?),
                (Some(first), Some(second)) => Some(Value::from(vec![self.current(first)?, self.current(second)?])),
            };
            self.context.tell(|watcher, context| watcher.turns(context, value));
        }
        Ok(())
    }

    /// A condition, or a placeholder of a message.
    pub(super) fn watched_expression(&mut self, watched: &'p WatchedExpr) -> Eval {
        let point = &self.program.points[watched.point as usize];
        let is_told = self.context.is_watched() && point.kind != PointKind::Choice;
        if is_told {
            self.begin(point)?;
        }
        let result = if point.kind == PointKind::Placeholder {
            self.eval(&watched.expression)
        } else {
            let holds = self.condition(&watched.expression);
            if let Ok(holds) = holds {
                point.count(holds);
            }
            holds.map(Value::from)
        };
        if is_told {
            let value = result.as_ref().ok().cloned();
            self.context.tell(|watcher, context| watcher.ends(context, value));
        }
        result
    }

    /// The point that the run has come to, which counts it.
    fn reach(&self, point: u32) -> &'p Point {
        let program: &'p Program = self.program;
        let point = &program.points[point as usize];
        point.count(true);
        point
    }

    /// What the run is at is not a statement of its author.
    fn give_step_back(&mut self) {
        self.fuel += 1;
    }

    /// Tells that something begins, with the values that it will read.
    fn begin(&mut self, point: &'p Point) -> Eval<()> {
        let program: &'p Program = self.program;
        let text = |span: Span| &program.source[span.range()];
        let mut reads: Vec<(&'p str, Value)> = Vec::with_capacity(point.reads.len());
        for (span, place) in &point.reads {
            let value = match place {
                VariableSlot::Local(slot) => self.stack[self.base + *slot as usize].clone(),
                VariableSlot::Global(slot) => Some(self.read_global(*slot)?),
            };
            reads.extend(value.map(|value| (text(*span), value)));
        }
        let is_head = matches!(point.kind, PointKind::Condition | PointKind::Loop);
        let beginning = StatementStart { span: point.span, text: text(point.span), is_head, reads };
        self.context.tell(|watcher, context| watcher.begins(context, beginning));
        Ok(())
    }
}
