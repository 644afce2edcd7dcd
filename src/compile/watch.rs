//! Puts points into a script that is to be watched (`program::Watch`); into any other it puts nothing.

use super::Compiler;
use crate::diagnostic::Span;
use crate::program::{Expr as Node, Iteration, Point, PointKind, Stmt as Out, TextPiece, VariableSlot, Watch, WatchedExpr, WatchedStmt};
use crate::syntax::ast::{Expr, ExprId, Part, Stmt, StmtId};

impl Compiler<'_> {
    /// Notes a variable that the statement reads.
    pub(super) fn note_read(&mut self, span: Span, place: VariableSlot) {
        // The variables of comprehensions have no value yet when the statement begins.
        let is_inner = matches!(place, VariableSlot::Local(slot) if self.frame.inner.iter().any(|(_, inner)| *inner == slot));
        if self.options.watch == Watch::Values && !is_inner && self.reads.iter().all(|(_, known)| *known != place) {
            self.reads.push((span, place));
        }
    }

    fn point(&mut self, kind: PointKind, span: Span, reads: Vec<(Span, VariableSlot)>) -> u32 {
        self.points.push(Point::new(kind, span, reads.into_boxed_slice()));
        u32::try_from(self.points.len() - 1).unwrap_or(u32::MAX)
    }

    /// A statement as it is compiled, watched where that is wanted.
    pub(super) fn watched_statement(&mut self, id: StmtId, compile: impl FnOnce(&mut Self, StmtId) -> Option<Out>) -> Option<Out> {
        if self.options.watch == Watch::Nothing {
            return compile(self, id);
        }
        let outer = std::mem::take(&mut self.reads);
        let statement = compile(self, id);
        let reads = std::mem::replace(&mut self.reads, outer);
        let statement = statement?;
        let kind = if matches!(statement, Out::For(_)) { PointKind::Loop } else { PointKind::Statement };
        let point = self.point(kind, self.head(id), reads);
        Some(Out::Watched(Box::new(WatchedStmt { point, statement })))
    }

    /// A condition.
    pub(super) fn watched_condition(&mut self, id: ExprId, kind: PointKind) -> Node {
        if self.options.watch == Watch::Nothing {
            return self.expression(id);
        }
        let span = self.ast.span(id);
        if kind == PointKind::Choice {
            // What it reads, the statement reads.
            let expression = self.expression(id);
            let point = self.point(kind, span, Vec::new());
            return Node::Watched(Box::new(WatchedExpr { point, expression }));
        }
        let outer = std::mem::take(&mut self.reads);
        let expression = self.expression(id);
        let reads = std::mem::replace(&mut self.reads, outer);
        let start = self.start_of_head(span);
        let point = self.point(kind, Span::new(start, self.end_of_head(span)), reads);
        Node::Watched(Box::new(WatchedExpr { point, expression }))
    }

    /// The body of a loop, each turn of which is told of.
    pub(super) fn watched_turns(&mut self, body: Box<[Out]>, first: Option<VariableSlot>, second: Option<VariableSlot>) -> Box<[Out]> {
        if self.options.watch == Watch::Nothing {
            return body;
        }
        std::iter::once(Out::Iteration(Box::new(Iteration { first, second }))).chain(body).collect()
    }

    /// The one statement of a message, with its placeholders.
    pub(super) fn watched_message(&mut self, value: ExprId) -> Out {
        if self.options.watch == Watch::Nothing {
            return Out::Expr(self.expression(value));
        }
        let ast = self.ast;
        let point = self.point(PointKind::Statement, ast.span(value), Vec::new());
        let expression = match ast.expr(value) {
            Expr::Template(parts) => {
                let pieces = ast.parts(parts).iter().map(|part| match part {
                    Part::Text(number) => TextPiece::Text(ast.text(*number).into()),
                    Part::Placeholder(placeholder) => TextPiece::Placeholder(self.watched_placeholder(*placeholder)),
                });
                Node::Template(pieces.collect())
            }
            _ => self.expression(value),
        };
        Out::Watched(Box::new(WatchedStmt { point, statement: Out::Expr(expression) }))
    }

    fn watched_placeholder(&mut self, placeholder: ExprId) -> Node {
        let outer = std::mem::take(&mut self.reads);
        let expression = self.expression(placeholder);
        let reads = std::mem::replace(&mut self.reads, outer);
        let span = self.ast.span(placeholder);
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let start = self.source[..span.start as usize].rfind("#{").map_or(span.start, byte);
        let end = self.source[span.end as usize..].find('}').map_or(span.end, |at| span.end + byte(at) + 1);
        let point = self.point(PointKind::Placeholder, Span::new(start, end), reads);
        Node::Watched(Box::new(WatchedExpr { point, expression }))
    }

    /// Where a statement is; of one with blocks, its head up to the colon.
    fn head(&self, id: StmtId) -> Span {
        let (statement, span) = self.ast.stmt(id);
        let from = match statement {
            Stmt::If(arms, _) => self.ast.arms(arms).first().map(|(condition, _)| self.ast.span(*condition)),
            Stmt::While(condition, _) => Some(self.ast.span(condition)),
            Stmt::For(number) => Some(self.ast.span(self.ast.for_loop(number).items)),
            _ => None,
        };
        from.map_or(span, |from| Span::new(span.start, self.end_of_head(from)))
    }

    /// Where the word before a condition begins: `if`, `elif`, `while`.
    fn start_of_head(&self, condition: Span) -> u32 {
        let before = self.source[..condition.start as usize].trim_end_matches(|character: char| !character.is_alphabetic());
        let word = before.trim_end_matches(char::is_alphabetic);
        u32::try_from(word.len()).unwrap_or(condition.start)
    }

    /// Where a head ends: behind the colon after its last expression.
    fn end_of_head(&self, last: Span) -> u32 {
        let rest = &self.source[last.end as usize..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        line.find(':').and_then(|at| u32::try_from(at).ok()).map_or(last.end, |at| last.end + at + 1)
    }
}
