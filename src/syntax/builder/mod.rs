//! Makes the nodes of the tree for the grammar: precedence of operators, targets of assignments, depth.
//! The text inside quotes is the business of `placeholder`.

mod statement;

use super::ast::{Arg, Ast, BinaryOp, Clause, Comprehension, DefParameter, Expr, ExprId, ScopePrefix, StmtId, Suite, TableRange, UnaryOp};
use super::mistakes::{is_keyword, keyword_as_name};
use super::names;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::wording::message;

/// Height of one of the builder's stacks.
#[derive(Clone, Copy, Debug)]
pub struct Mark(u32);

/// An operator that waits for its operands.
#[derive(Clone, Copy, Debug)]
enum Pending {
    Binary(BinaryOp),
    Prefix(UnaryOp, u32),
}

impl Pending {
    /// language.md section 3, loosest first.
    const fn strength(self) -> u8 {
        match self {
            Self::Binary(op) => strength(op),
            Self::Prefix(UnaryOp::Not, _) => 3,
            Self::Prefix(..) => 7,
        }
    }
}

const fn strength(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Add | BinaryOp::Subtract => 5,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::FloorDivide | BinaryOp::Remainder => 6,
        BinaryOp::Power => 8,
        _ => 4,
    }
}

/// What the grammar's actions work on.
#[derive(Debug)]
pub struct TreeBuilder<'s> {
    pub(super) source: &'s str,
    pub(super) ast: Ast,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) nesting: u32,
    statements: Vec<StmtId>,
    items: Vec<ExprId>,
    args: Vec<Arg>,
    operands: Vec<ExprId>,
    operators: Vec<Pending>,
    arms: Vec<(ExprId, Suite)>,
    parameters: Vec<DefParameter>,
    loop_variables: Vec<(Span, Option<Span>)>,
    clauses: Vec<Clause>,
    too_deep: bool,
}

#[allow(clippy::cast_possible_truncation, reason = "no table has more entries than the source has bytes, and that is a u32")]
fn mark<T>(stack: &[T]) -> Mark {
    Mark(stack.len() as u32)
}

impl<'s> TreeBuilder<'s> {
    pub(super) fn new(source: &'s str, nesting: u32) -> Self {
        Self {
            source,
            ast: Ast::default(),
            diagnostics: Vec::new(),
            nesting,
            statements: Vec::new(),
            items: Vec::new(),
            args: Vec::new(),
            operands: Vec::new(),
            operators: Vec::new(),
            arms: Vec::new(),
            parameters: Vec::new(),
            loop_variables: Vec::new(),
            clauses: Vec::new(),
            too_deep: false,
        }
    }

    /// With room for what so many tokens become: not quite two of three are expressions.
    pub(super) fn with_capacity(mut self, tokens: usize) -> Self {
        let expressions = tokens / 2 + tokens / 8;
        self.ast.exprs.reserve(expressions);
        self.ast.expr_spans.reserve(expressions);
        self.ast.depths.reserve(expressions);
        self.ast.stmts.reserve(tokens / 8);
        self
    }

    /// Heights of the stacks that a parse inside a parse must leave as they were.
    pub(super) fn heights(&self) -> [usize; 6] {
        [self.items.len(), self.args.len(), self.operands.len(), self.operators.len(), self.loop_variables.len(), self.clauses.len()]
    }

    pub(super) fn back_to(&mut self, heights: [usize; 6]) {
        self.items.truncate(heights[0]);
        self.args.truncate(heights[1]);
        self.operands.truncate(heights[2]);
        self.operators.truncate(heights[3]);
        self.loop_variables.truncate(heights[4]);
        self.clauses.truncate(heights[5]);
    }

    pub(super) fn text_at(&self, span: Span) -> &'s str {
        self.source.get(span.range()).unwrap_or_default()
    }

    // ------------------------------------------------------------ nodes

    #[allow(clippy::cast_possible_truncation, reason = "no table has more entries than the source has bytes, and that is a u32")]
    pub(super) fn push(&mut self, expr: Expr, span: Span, deepest: u16) -> ExprId {
        let mut expr = expr;
        let mut depth = deepest.saturating_add(1);
        if u32::from(depth) > self.nesting {
            if !self.too_deep {
                self.too_deep = true;
                self.diagnostics.push(too_deep(span, self.nesting));
            }
            expr = Expr::Error;
            depth = 1;
        }
        self.ast.exprs.push(expr);
        self.ast.expr_spans.push(span);
        self.ast.depths.push(depth);
        ExprId(self.ast.exprs.len() as u32 - 1)
    }

    /// An expression in brackets: a calculation is shown with them. Other nodes find their own text by their span.
    pub fn bracketed(&mut self, start: u32, expr: ExprId, end: u32) -> ExprId {
        if matches!(
            self.ast.expr(expr),
            Expr::Unary(..) | Expr::Binary(..) | Expr::Chain(..) | Expr::Ternary(_) | Expr::Int(_) | Expr::Float(_)
        ) {
            self.ast.expr_spans[expr.0 as usize] = Span::new(start, end);
        }
        expr
    }

    fn leaf(&mut self, expr: Expr, start: u32, end: u32) -> ExprId {
        self.push(expr, Span::new(start, end), 0)
    }

    pub(super) fn depth(&self, id: ExprId) -> u16 {
        self.ast.depths[id.0 as usize]
    }

    fn deepest(&self, ids: &[ExprId]) -> u16 {
        ids.iter().map(|id| self.depth(*id)).max().unwrap_or(0)
    }

    /// Moves the items above a mark into the tree.
    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    fn take_items(&mut self, mark: Mark) -> (TableRange, u16) {
        let from = mark.0 as usize;
        let deepest = self.deepest(&self.items[from..]);
        let run = TableRange { start: self.ast.items.len() as u32, len: (self.items.len() - from) as u32 };
        self.ast.items.extend(self.items.drain(from..));
        (run, deepest)
    }

    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    fn add_items(&mut self, items: &[ExprId]) -> TableRange {
        let run = TableRange { start: self.ast.items.len() as u32, len: items.len() as u32 };
        self.ast.items.extend_from_slice(items);
        run
    }

    pub fn name(&mut self, start: u32, end: u32) -> ExprId {
        self.check_name(start, end);
        self.leaf(Expr::Name, start, end)
    }

    pub fn scoped(&mut self, start: u32, prefix: ScopePrefix, end: u32) -> ExprId {
        let dot = self.text_at(Span::new(start, end)).find('.').unwrap_or_default();
        let name = Span::new(start + 1 + u32::try_from(dot).unwrap_or_default(), end);
        self.check_name(name.start, end);
        if is_keyword(self.text_at(name)) {
            self.diagnostics.push(keyword_as_name(self.text_at(name), name));
        }
        self.leaf(Expr::Scoped(prefix), start, end)
    }

    fn check_name(&mut self, start: u32, end: u32) {
        let span = Span::new(start, end);
        if let Some(diagnostic) = names::check(self.text_at(span), span) {
            self.diagnostics.push(diagnostic);
        }
    }

    pub fn integer(&mut self, start: u32, end: u32) -> ExprId {
        let span = Span::new(start, end);
        let text = self.text_at(span);
        if text.len() > 1 && text.starts_with('0') {
            self.diagnostics.push(
                Diagnostic::new(Code::BadNumber, span, message!("leading-zero", number = text))
                    .help(message!("leading-zero-help", number = text))
                    .fix(span, format!("'{text}'")),
            );
            return self.push(Expr::Error, span, 0);
        }
        let value = match text.parse::<i64>() {
            Ok(int) => Expr::Int(int),
            Err(_) => match text.replace('_', "") {
                digits if let Ok(int) = digits.parse::<i64>() => Expr::Int(int),
                digits => self.float_value(&digits, span),
            },
        };
        self.push(value, span, 0)
    }

    pub fn float(&mut self, start: u32, end: u32) -> ExprId {
        let span = Span::new(start, end);
        let text = self.text_at(span).replace('_', "");
        let value = self.float_value(&text, span);
        self.push(value, span, 0)
    }

    fn float_value(&mut self, text: &str, span: Span) -> Expr {
        match text.parse::<f64>() {
            Ok(float) if float.is_finite() => Expr::Float(float),
            _ => {
                self.diagnostics
                    .push(Diagnostic::new(Code::BadNumber, span, message!("number-too-large")).help(message!("number-too-large-help")));
                Expr::Error
            }
        }
    }

    pub fn truth(&mut self, start: u32, end: u32, value: bool) -> ExprId {
        self.leaf(if value { Expr::True } else { Expr::False }, start, end)
    }

    pub fn none(&mut self, start: u32, end: u32) -> ExprId {
        self.leaf(Expr::None, start, end)
    }

    pub fn error(&mut self, start: u32, end: u32) -> ExprId {
        self.leaf(Expr::Error, start, end)
    }

    // ------------------------------------------------------------ operators

    pub fn first_operand(&mut self, operand: ExprId) -> Mark {
        let mark = mark(&self.operators);
        self.operands.push(operand);
        mark
    }

    pub fn operand(&mut self, mark: Mark, operand: ExprId) -> Mark {
        self.operands.push(operand);
        mark
    }

    pub fn infix(&mut self, mark: Mark, op: BinaryOp) -> Mark {
        let new = strength(op);
        while self.operators.len() > mark.0 as usize
            && let Some(top) = self.operators.last()
        {
            // Operators of one strength are kept for a chain; `^` groups to the right.
            if top.strength() > new {
                self.reduce(mark);
            } else {
                break;
            }
        }
        self.operators.push(Pending::Binary(op));
        mark
    }

    pub fn first_prefix_sign(&mut self, op: BinaryOp, start: u32) -> Mark {
        let mark = mark(&self.operators);
        self.prefix_sign(mark, op, start)
    }

    pub fn first_prefix_not(&mut self, start: u32) -> Mark {
        let mark = mark(&self.operators);
        self.prefix_not(mark, start)
    }

    pub fn prefix_sign(&mut self, mark: Mark, op: BinaryOp, start: u32) -> Mark {
        let op = if op == BinaryOp::Subtract { UnaryOp::Negate } else { UnaryOp::Plus };
        self.operators.push(Pending::Prefix(op, start));
        mark
    }

    pub fn prefix_not(&mut self, mark: Mark, start: u32) -> Mark {
        self.operators.push(Pending::Prefix(UnaryOp::Not, start));
        mark
    }

    pub fn finish_operators(&mut self, mark: Mark) -> ExprId {
        while self.operators.len() > mark.0 as usize {
            self.reduce(mark);
        }
        self.pop_operand()
    }

    fn pop_operand(&mut self) -> ExprId {
        // The grammar pushes an operand before every reduction; an error node keeps a mistake there harmless.
        self.operands.pop().unwrap_or(ExprId(0))
    }

    /// Makes one node of the operator on top and its operands.
    fn reduce(&mut self, mark: Mark) {
        let Some(top) = self.operators.pop() else { return };
        let node = match top {
            Pending::Prefix(op, start) => {
                let operand = self.pop_operand();
                let span = Span::new(start, self.ast.span(operand).end);
                // A sign before a number is part of the number, unless that would change what it means.
                match (op, self.ast.expr(operand)) {
                    // The smallest integer is one less than any that can be written without the sign.
                    (UnaryOp::Negate, Expr::Float(_)) if self.is_smallest_integer(self.ast.span(operand)) => {
                        self.push(Expr::Int(i64::MIN), span, 0)
                    }
                    (UnaryOp::Negate, Expr::Int(int))
                        if self.ast.span(operand).start == start + 1
                            && let Some(negated) = int.checked_neg() =>
                    {
                        self.push(Expr::Int(negated), span, 0)
                    }
                    (UnaryOp::Negate, Expr::Float(float)) if self.ast.span(operand).start == start + 1 => {
                        self.push(Expr::Float(-float), span, 0)
                    }
                    _ => self.push(Expr::Unary(op, operand), span, self.depth(operand)),
                }
            }
            Pending::Binary(op) => {
                let mut count = 1;
                if op != BinaryOp::Power {
                    let strength = strength(op);
                    let above = &self.operators[mark.0 as usize..];
                    count += above.iter().rev().take_while(|pending| pending.strength() == strength).count();
                }
                if count == 1 {
                    let right = self.pop_operand();
                    let left = self.pop_operand();
                    let span = self.ast.span(left).to(self.ast.span(right));
                    let deepest = self.depth(left).max(self.depth(right));
                    self.push(Expr::Binary(op, left, right), span, deepest)
                } else {
                    self.chain(op, count)
                }
            }
        };
        self.operands.push(node);
    }

    /// Whether a literal is the smallest integer without its sign.
    fn is_smallest_integer(&self, span: Span) -> bool {
        let digits = self.text_at(span).bytes().filter(|byte| *byte != b'_');
        digits.eq(i64::MIN.unsigned_abs().to_string().bytes())
    }

    /// A chain of operators of one strength, whose last one has been taken already.
    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    fn chain(&mut self, last: BinaryOp, count: usize) -> ExprId {
        let first_operator = self.ast.operators.len() as u32;
        let from = self.operators.len() - (count - 1);
        for pending in self.operators.drain(from..) {
            if let Pending::Binary(op) = pending {
                self.ast.operators.push(op);
            }
        }
        self.ast.operators.push(last);
        let operands = self.operands.split_off(self.operands.len().saturating_sub(count + 1));
        let deepest = self.deepest(&operands);
        let span = self.ast.span(operands[0]).to(self.ast.span(operands[count]));
        let run = self.add_items(&operands);
        self.push(Expr::Chain(run, first_operator), span, deepest)
    }

    pub fn ternary(&mut self, then: ExprId, condition: ExprId, otherwise: ExprId) -> ExprId {
        let span = self.ast.span(then).to(self.ast.span(otherwise));
        let three = [condition, then, otherwise];
        let deepest = self.deepest(&three);
        let run = self.add_items(&three);
        self.push(Expr::Ternary(run.start), span, deepest)
    }

    pub fn if_expression(&mut self, start: u32, condition: ExprId, then: ExprId, otherwise: Option<ExprId>, end: u32) -> ExprId {
        let mut items = vec![condition, then];
        items.extend(otherwise);
        let deepest = self.deepest(&items);
        let run = self.add_items(&items);
        self.push(Expr::If(run), Span::new(start, end), deepest)
    }

    // ------------------------------------------------------------ calls, items

    pub fn argument(&mut self, name: Option<(u32, u32)>, value: ExprId) {
        let name = name.map(|(start, end)| Span::new(start, end));
        self.args.push(Arg { name, value });
    }

    pub fn args_from_last(&mut self) -> Mark {
        Mark(mark(&self.args).0 - 1)
    }

    pub fn call_without_arguments(&mut self, start: u32, end: u32) -> ExprId {
        self.leaf(Expr::Call(TableRange::EMPTY), start, end)
    }

    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    pub fn call(&mut self, start: u32, mark: Mark, end: u32) -> ExprId {
        let from = mark.0 as usize;
        let deepest = self.args[from..].iter().map(|arg| self.depth(arg.value)).max().unwrap_or(0);
        let run = TableRange { start: self.ast.args.len() as u32, len: (self.args.len() - from) as u32 };
        self.ast.args.extend(self.args.drain(from..));
        self.push(Expr::Call(run), Span::new(start, end), deepest)
    }

    pub fn index(&mut self, container: ExprId, index: ExprId, end: u32) -> ExprId {
        let span = Span::new(self.ast.span(container).start, end);
        let deepest = self.depth(container).max(self.depth(index));
        self.push(Expr::Index(container, index), span, deepest)
    }

    pub fn slice(&mut self, container: ExprId, bounds: [Option<ExprId>; 3], end: u32) -> ExprId {
        let span = Span::new(self.ast.span(container).start, end);
        let nothing = Span::new(end - 1, end - 1);
        let [from, to, step] = bounds.map(|bound| bound.unwrap_or_else(|| self.push(Expr::None, nothing, 0)));
        let parts = [container, from, to, step];
        let deepest = self.deepest(&parts);
        let run = self.add_items(&parts);
        self.push(Expr::Slice(run), span, deepest)
    }

    pub fn first_item(&mut self, item: ExprId) -> Mark {
        let mark = mark(&self.items);
        self.items.push(item);
        mark
    }

    pub fn next_item(&mut self, mark: Mark, item: ExprId) -> Mark {
        self.items.push(item);
        mark
    }

    pub fn first_pair(&mut self, key: ExprId, value: ExprId) -> Mark {
        let mark = mark(&self.items);
        self.next_pair(mark, key, value)
    }

    pub fn next_pair(&mut self, mark: Mark, key: ExprId, value: ExprId) -> Mark {
        self.items.push(key);
        self.items.push(value);
        mark
    }

    pub fn empty_list(&mut self, start: u32, end: u32) -> ExprId {
        self.leaf(Expr::List(TableRange::EMPTY), start, end)
    }

    pub fn list(&mut self, start: u32, mark: Mark, end: u32) -> ExprId {
        let (run, deepest) = self.take_items(mark);
        self.push(Expr::List(run), Span::new(start, end), deepest)
    }

    pub fn empty_dict(&mut self, start: u32, end: u32) -> ExprId {
        self.leaf(Expr::Dict(TableRange::EMPTY), start, end)
    }

    pub fn dict(&mut self, start: u32, mark: Mark, end: u32) -> ExprId {
        let (run, deepest) = self.take_items(mark);
        self.push(Expr::Dict(run), Span::new(start, end), deepest)
    }

    pub fn loop_variable(&mut self, start: u32, end: u32) -> Mark {
        let mark = mark(&self.loop_variables);
        self.check_name(start, end);
        self.loop_variables.push((Span::new(start, end), None));
        mark
    }

    pub fn second_loop_variable(&mut self, mark: Mark, start: u32, end: u32) -> Mark {
        self.check_name(start, end);
        if let Some(variables) = self.loop_variables.get_mut(mark.0 as usize) {
            if variables.1.is_some() {
                let span = Span::new(start, end);
                self.diagnostics
                    .push(Diagnostic::new(Code::UnexpectedToken, span, message!("loop-names")).help(message!("loop-names-help")));
            }
            variables.1 = Some(Span::new(start, end));
        }
        mark
    }

    pub fn forget_variables(&mut self, mark: Mark) {
        self.loop_variables.truncate(mark.0 as usize);
    }

    fn take_variables(&mut self, mark: Mark) -> (Span, Option<Span>) {
        let variables = self.loop_variables.get(mark.0 as usize).copied().unwrap_or_default();
        self.forget_variables(mark);
        variables
    }

    pub fn first_clause(&mut self, variables: Mark, items: ExprId) -> Mark {
        let mark = mark(&self.clauses);
        self.next_clause(mark, variables, items)
    }

    pub fn next_clause(&mut self, mark: Mark, variables: Mark, items: ExprId) -> Mark {
        let variables = self.take_variables(variables);
        self.clauses.push(Clause::For(variables, items));
        mark
    }

    pub fn filter_clause(&mut self, mark: Mark, condition: ExprId) -> Mark {
        self.clauses.push(Clause::If(condition));
        mark
    }

    #[allow(clippy::cast_possible_truncation, reason = "see push")]
    pub fn comprehension(&mut self, start: u32, key: Option<ExprId>, element: ExprId, clauses: Mark, end: u32) -> ExprId {
        let from = clauses.0 as usize;
        let mut deepest = self.depth(element).max(key.map_or(0, |key| self.depth(key)));
        // Each clause is worked out inside the ones before it.
        let count = u16::try_from(self.clauses.len() - from).unwrap_or(u16::MAX);
        for clause in &self.clauses[from..] {
            let (Clause::For(_, part) | Clause::If(part)) = clause;
            deepest = deepest.max(self.depth(*part));
        }
        let run = TableRange { start: self.ast.clauses.len() as u32, len: (self.clauses.len() - from) as u32 };
        self.ast.clauses.extend(self.clauses.drain(from..));
        let number = self.ast.comprehensions.len() as u32;
        self.ast.comprehensions.push(Comprehension { key, element, clauses: run });
        self.push(Expr::Comprehension(number), Span::new(start, end), deepest.saturating_add(count - 1))
    }

    pub fn finish_script(&mut self, statements: Option<Mark>) {
        if let Some(mark) = statements {
            let block = self.block(mark);
            self.ast.root = Some(block);
        }
    }

    pub fn finish_expression(&mut self, expr: ExprId) {
        self.ast.value = Some(expr);
    }
}

/// The report of a script that is nested deeper than the limit.
pub(super) fn too_deep(span: Span, limit: u32) -> Diagnostic {
    Diagnostic::new(Code::NestedTooDeep, span, message!("nested-too-deep", limit = limit)).help(message!("nested-too-deep-help"))
}
