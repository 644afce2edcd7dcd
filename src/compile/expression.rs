//! Expressions: from tree to script; what is constant is worked out once.

use super::{Compiler, VariableSlot};
use crate::diagnostic::{Code, Fault, Span};
use crate::program::{
    Binary, Chain, Clause, Comprehension, DictLiteral, DynamicName, Expr as Node, Flat, Hyphenated, Index, ListLiteral, PointKind, Slice,
    TextPiece, Unary, WithInteger, Word,
};
use crate::syntax::Dialect;
use crate::syntax::ast::{self, BinaryOp, Expr, ExprId, Part, TableRange, UnaryOp};
use crate::value::operators::{BinaryOperator, noted};
use crate::value::{Dict, Value, arithmetic};
use crate::wording::message;

impl Compiler<'_> {
    pub(super) fn expression(&mut self, id: ExprId) -> Node {
        self.expressions += 1;
        let ast = self.ast;
        let span = ast.span(id);
        match ast.expr(id) {
            Expr::Error | Expr::None => Node::Const(Value::None),
            Expr::True => Node::Const(Value::from(true)),
            Expr::False => Node::Const(Value::from(false)),
            Expr::Int(int) => Node::Const(Value::Int(int)),
            Expr::Float(float) => Node::Const(Value::from(float)),
            Expr::Text(number) => Node::Const(Value::text(ast.text(number))),
            Expr::Template(parts) => Node::Template(self.pieces(parts)),
            Expr::DynamicName(parts) => {
                self.has_dynamic_names = true;
                let inner = self.frame.inner.iter().rev().map(|(name, slot)| (name.as_ref().into(), *slot)).collect();
                Node::DynamicName(Box::new(DynamicName { pieces: self.pieces(parts), inner, span }))
            }
            Expr::Name => {
                let name = self.name_at(span);
                let place = self.place(name, span);
                self.note_read(span, place);
                match place {
                    VariableSlot::Local(slot) => Node::Local(slot, span),
                    VariableSlot::Global(slot) => {
                        self.read(slot);
                        Node::Global(slot, span)
                    }
                }
            }
            Expr::Scoped(prefix) => {
                let slot = self.scoped(prefix, span);
                self.note_read(span, VariableSlot::Global(slot));
                self.read(slot);
                Node::Global(slot, span)
            }
            Expr::Unary(op, operand) => {
                let operand = self.expression(operand);
                fold_unary(op, operand, span)
            }
            Expr::Binary(op, left, right) => {
                let left = self.expression(left);
                let right = self.expression(right);
                match operator(op) {
                    Some(op) => fold_binary(op, left, right, span),
                    None if op == BinaryOp::And => Node::And(Box::new([left, right])),
                    None => Node::Or(Box::new([left, right])),
                }
            }
            Expr::Chain(run, operators) => self.chain(run, operators, span),
            Expr::Ternary(start) => {
                let [condition, then, otherwise] = ast.three(start);
                self.conditional(condition, then, Some(otherwise))
            }
            Expr::If(run) => {
                let items = ast.items(run);
                self.conditional(items[0], items[1], items.get(2).copied())
            }
            Expr::Call(args) => self.call(span, args),
            Expr::Index(container, index) => {
                let index_span = ast.span(index);
                let container = self.expression(container);
                let index = self.expression(index);
                Node::Index(Box::new(Index { container, index, index_span, span }))
            }
            Expr::Slice(run) => {
                let mut parts = ast.items(run).iter().map(|part| self.expression(*part));
                let mut next = || parts.next().unwrap_or(Node::Const(Value::None));
                let (container, from, to, step) = (next(), next(), next(), next());
                Node::Slice(Box::new(Slice { container, from, to, step, span }))
            }
            Expr::List(run) => {
                let items: Box<[Node]> = ast.items(run).iter().map(|item| self.element(*item)).collect();
                if items.iter().all(|item| matches!(item, Node::Const(_))) {
                    return Node::Const(items.into_iter().map(constant).collect());
                }
                Node::List(Box::new(ListLiteral { items, span }))
            }
            Expr::Dict(run) => self.dict(run, span),
            Expr::Comprehension(number) => self.comprehension(number, span),
        }
    }

    /// Notes that a global name is read: the host is asked for it unless a line before this one has assigned it.
    pub(super) fn read(&mut self, slot: u32) {
        if !self.assigned.contains(&slot) {
            self.globals[slot as usize].read = true;
        }
    }

    /// The right side of an assignment, which may be a bare word (language.md section 7).
    pub(super) fn assigned_value(&mut self, id: ExprId) -> Node {
        let node = self.expression(id);
        if self.options.dialect != Dialect::Mavibot {
            return self.bare_word(id, node, false);
        }
        let node = self.bare_word(id, node, true);
        self.hyphenated(id, node)
    }

    /// Unknown names joined by hyphens, with no space between them, are their own text (language.md section 7).
    fn hyphenated(&mut self, id: ExprId, node: Node) -> Node {
        let ast = self.ast;
        let are_names = |operands: &[ExprId]| operands.iter().all(|operand| ast.expr(*operand) == Expr::Name);
        let joins = match ast.expr(id) {
            Expr::Binary(BinaryOp::Subtract, left, right) => are_names(&[left, right]),
            Expr::Chain(run, _) => are_names(ast.items(run)),
            _ => false,
        };
        let span = ast.span(id);
        let text = &self.source[span.range()];
        if !joins || !text.split('-').all(|part| part.chars().all(|character| character.is_alphanumeric() || character == '_')) {
            return node;
        }
        let mut slots = Vec::new();
        let mut are_unknown = true;
        walk(&node, &mut |inner| {
            match inner {
                Node::Global(slot, _) => slots.push(*slot),
                Node::Local(..) => are_unknown = false,
                _ => {}
            }
            false
        });
        are_unknown &= slots.iter().all(|slot| self.globals[*slot as usize].builtin.is_none() && !self.assigned.contains(slot));
        if !are_unknown || slots.is_empty() {
            return node;
        }
        self.unset_words.push(super::words::unset(text, span, true));
        Node::Hyphenated(Box::new(Hyphenated { slots: slots.into(), span, otherwise: node }))
    }

    /// An element of a list or dict; a bare word in it is its own text in the mavibot dialect.
    fn element(&mut self, id: ExprId) -> Node {
        let node = self.expression(id);
        self.bare_word(id, node, self.options.dialect == Dialect::Mavibot)
    }

    fn bare_word(&mut self, id: ExprId, node: Node, is_own_text: bool) -> Node {
        match node {
            Node::Global(slot, span) if self.ast.expr(id) == Expr::Name && self.globals[slot as usize].builtin.is_none() => {
                if self.assigned.contains(&slot) {
                    return node;
                }
                let name = &self.globals[slot as usize].name;
                if is_own_text || !self.known.has(name) {
                    self.unset_words.push(super::words::unset(name, span, is_own_text));
                }
                Node::Word(Box::new(Word { slot, span, is_own_text }))
            }
            node => node,
        }
    }

    fn conditional(&mut self, condition: ExprId, then: ExprId, otherwise: Option<ExprId>) -> Node {
        let condition = self.watched_condition(condition, PointKind::Choice);
        let then = self.expression(then);
        let otherwise = otherwise.map_or(Node::Const(Value::None), |otherwise| self.expression(otherwise));
        Node::Conditional(Box::new((condition, then, otherwise)))
    }

    fn dict(&mut self, run: TableRange, span: Span) -> Node {
        let ast = self.ast;
        let entries: Box<[(Node, Span, Node)]> = ast
            .items(run)
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[key, value]| (self.element(*key), ast.span(*key), self.element(*value)))
            .collect();
        let is_constant = |(key, _, value): &(Node, Span, Node)| {
            matches!(key, Node::Const(key) if crate::value::compare::key_text(key).is_some()) && matches!(value, Node::Const(_))
        };
        if entries.iter().all(is_constant) {
            let mut dict = Dict::with_capacity(entries.len());
            for (key, _, value) in entries {
                if let Some(key) = crate::value::compare::key_text(&constant(key)) {
                    dict.insert(key, constant(value));
                }
            }
            return Node::Const(Value::Dict(dict));
        }
        Node::Dict(Box::new(DictLiteral { entries, span }))
    }

    /// Operators of one strength: a lazy chain, comparisons, or a calculation from the left.
    fn chain(&mut self, run: TableRange, operators: u32, span: Span) -> Node {
        let ast = self.ast;
        let items = ast.items(run);
        let operators = ast.operators(operators, items.len() - 1);
        let operands = items.iter().map(|item| self.expression(*item));
        match operators.first() {
            Some(BinaryOp::And) => return Node::And(operands.collect()),
            Some(BinaryOp::Or) => return Node::Or(operands.collect()),
            _ => {}
        }
        let mut operands = operands.collect::<Vec<_>>().into_iter();
        let first = operands.next().unwrap_or(Node::Const(Value::None));
        let operators = operators.iter().filter_map(|op| operator(*op));
        if operators.clone().next().is_some_and(BinaryOperator::is_comparison) {
            return Node::Chain(Box::new(Chain { first, rest: operators.zip(operands).collect(), span }));
        }
        let start = ast.span(items[0]);
        let places = items[1..].iter().map(|item| start.to(ast.span(*item)));
        let rest = operators.zip(operands).zip(places).map(|((op, operand), place)| (op, operand, place));
        fold_chain(first, rest.collect())
    }

    fn comprehension(&mut self, number: u32, span: Span) -> Node {
        let ast = self.ast;
        let comprehension = ast.comprehension(number);
        let before = self.frame.inner.len();
        let clauses = ast.clauses(comprehension.clauses).iter().map(|clause| match clause {
            ast::Clause::If(condition) => Clause::If(self.watched_condition(*condition, PointKind::Choice)),
            ast::Clause::For((first, second), items) => {
                let items_span = ast.span(*items);
                // The names of a loop are not known yet in what it walks.
                let items = self.expression(*items);
                let first = self.inner_variable(*first);
                let second = second.map(|second| self.inner_variable(second));
                Clause::For { first, second, items, items_span }
            }
        });
        let clauses = clauses.collect();
        let key = comprehension.key.map(|key| (self.expression(key), ast.span(key)));
        let element = self.expression(comprehension.element);
        self.frame.inner.truncate(before);
        Node::Comprehension(Box::new(Comprehension { key, element, clauses, span }))
    }

    /// A slot for a variable of a comprehension, known by its name up to the end of it.
    fn inner_variable(&mut self, span: Span) -> u32 {
        let slot = self.fresh_slot();
        let name = self.name_at(span);
        self.frame.inner.push((name, slot));
        slot
    }

    fn pieces(&mut self, parts: TableRange) -> Box<[TextPiece]> {
        let ast = self.ast;
        ast.parts(parts)
            .iter()
            .map(|part| match part {
                Part::Text(number) => TextPiece::Text(ast.text(*number).into()),
                Part::Placeholder(placeholder) => TextPiece::Placeholder(self.expression(*placeholder)),
            })
            .collect()
    }
}

fn constant(node: Node) -> Value {
    match node {
        Node::Const(value) => value,
        _ => Value::None,
    }
}

/// A value worth keeping in the script.
fn is_small(value: &Value) -> bool {
    matches!(value, Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_))
        || matches!(value, Value::Text(text) if text.len() <= 64)
}

/// The operator that needs both operands; `None` for `and` and `or`.
pub(super) const fn operator(op: BinaryOp) -> Option<BinaryOperator> {
    Some(match op {
        BinaryOp::Or | BinaryOp::And => return None,
        BinaryOp::Equal => BinaryOperator::Equal,
        BinaryOp::NotEqual => BinaryOperator::NotEqual,
        BinaryOp::Less => BinaryOperator::Less,
        BinaryOp::LessEqual => BinaryOperator::LessEqual,
        BinaryOp::Greater => BinaryOperator::Greater,
        BinaryOp::GreaterEqual => BinaryOperator::GreaterEqual,
        BinaryOp::In => BinaryOperator::In,
        BinaryOp::NotIn => BinaryOperator::NotIn,
        BinaryOp::Add => BinaryOperator::Add,
        BinaryOp::Subtract => BinaryOperator::Subtract,
        BinaryOp::Multiply => BinaryOperator::Multiply,
        BinaryOp::Divide => BinaryOperator::Divide,
        BinaryOp::FloorDivide => BinaryOperator::FloorDivide,
        BinaryOp::Remainder => BinaryOperator::Remainder,
        BinaryOp::Power => BinaryOperator::Power,
    })
}

/// Nothing large is worked out before a script runs.
fn no_memory(_: usize) -> Result<(), Box<Fault>> {
    Err(Box::new(Fault::new(Code::MemoryLimit, message!("result-too-large"))))
}

/// Whether a run says something of an operator: then it is not worked out before.
fn is_noted(op: BinaryOperator, left: &Value, right: &Value) -> bool {
    match op {
        BinaryOperator::In | BinaryOperator::NotIn => matches!(right, Value::Text(text) if text.may_be_json()),
        op => (op == BinaryOperator::Add || op.is_ordering()) && noted::warning(op, left, right).is_some(),
    }
}

/// A chain whose constants at the beginning are worked out.
fn fold_chain(first: Node, rest: Vec<(BinaryOperator, Node, Span)>) -> Node {
    let (mut first, mut is_joined) = (first, false);
    let mut rest = rest.into_iter().peekable();
    while let (Node::Const(left), Some((op, Node::Const(right), _))) = (&first, rest.peek()) {
        if !is_joined && is_noted(*op, left, right) {
            break;
        }
        let mut now_joined = is_joined;
        let value = op.apply_in_chain(left, right, &mut now_joined, &no_memory);
        let Some(value) = value.ok().filter(is_small) else { break };
        (first, is_joined) = (Node::Const(value), now_joined);
        rest.next();
    }
    let mut rest: Vec<_> = rest.collect();
    match rest.len() {
        0 => first,
        1 if !is_joined => match rest.pop() {
            Some((op, operand, span)) => fold_binary(op, first, operand, span),
            None => first,
        },
        _ => Node::Flat(Box::new(Flat { first, is_joined, rest: rest.into_boxed_slice() })),
    }
}

/// What fails stays as it is, and fails when it runs.
fn fold_binary(op: BinaryOperator, left: Node, right: Node, span: Span) -> Node {
    if let (Node::Const(left), Node::Const(right)) = (&left, &right)
        && !is_noted(op, left, right)
        && let Ok(value) = op.apply(left, right, &no_memory)
        && is_small(&value)
    {
        return Node::Const(value);
    }
    let place = match left {
        Node::Local(slot, _) => Some(VariableSlot::Local(slot)),
        Node::Global(slot, _) => Some(VariableSlot::Global(slot)),
        _ => None,
    };
    let integer = match &right {
        Node::Const(Value::Int(integer)) => Some(*integer),
        _ => None,
    };
    let general = Binary { op, left, right, span };
    match (place, integer) {
        (Some(place), Some(integer)) if !matches!(op, BinaryOperator::In | BinaryOperator::NotIn) => {
            Node::WithInteger(Box::new(WithInteger { place, integer, op, general }))
        }
        _ if is_leaf(&general.left) && is_leaf(&general.right) => Node::LeafBinary(Box::new(general)),
        _ => Node::Binary(Box::new(general)),
    }
}

const fn is_leaf(node: &Node) -> bool {
    matches!(node, Node::Const(_) | Node::Local(..) | Node::Global(..))
}

fn fold_unary(op: UnaryOp, operand: Node, span: Span) -> Node {
    if let Node::Const(value) = &operand {
        let result = match op {
            UnaryOp::Not => Ok(Value::from(!value.is_true())),
            UnaryOp::Negate => arithmetic::negate(value),
            UnaryOp::Plus => arithmetic::plus(value),
        };
        if let Ok(value) = result {
            return Node::Const(value);
        }
    }
    Node::Unary(Box::new(Unary { op, operand, span }))
}

/// Whether something holds for an expression or one inside it.
pub(super) fn walk(expr: &Node, holds: &mut dyn FnMut(&Node) -> bool) -> bool {
    if holds(expr) {
        return true;
    }
    let pieces = |pieces: &[TextPiece], holds: &mut dyn FnMut(&Node) -> bool| {
        pieces.iter().any(|piece| match piece {
            TextPiece::Text(_) => false,
            TextPiece::Placeholder(placeholder) => walk(placeholder, holds),
        })
    };
    match expr {
        Node::Const(_) | Node::Local(..) | Node::Global(..) | Node::Word(_) => false,
        Node::Hyphenated(joined) => walk(&joined.otherwise, holds),
        Node::Binary(binary) | Node::LeafBinary(binary) => walk(&binary.left, holds) || walk(&binary.right, holds),
        Node::WithInteger(with) => walk(&with.general.left, holds),
        Node::Flat(flat) => walk(&flat.first, holds) || flat.rest.iter().any(|(_, operand, _)| walk(operand, holds)),
        Node::And(operands) | Node::Or(operands) => operands.iter().any(|operand| walk(operand, holds)),
        Node::Unary(unary) => walk(&unary.operand, holds),
        Node::Chain(chain) => walk(&chain.first, holds) || chain.rest.iter().any(|(_, operand)| walk(operand, holds)),
        Node::Conditional(three) => walk(&three.0, holds) || walk(&three.1, holds) || walk(&three.2, holds),
        Node::Call(call) => call.arguments.iter().any(|argument| walk(argument, holds)),
        Node::Absent(call) => call.arguments.iter().any(|argument| walk(argument, holds)),
        Node::UserCall(call) => call.arguments.iter().flatten().any(|argument| walk(argument, holds)),
        Node::Index(index) => walk(&index.container, holds) || walk(&index.index, holds),
        Node::Slice(slice) => [&slice.container, &slice.from, &slice.to, &slice.step].into_iter().any(|part| walk(part, holds)),
        Node::List(list) => list.items.iter().any(|item| walk(item, holds)),
        Node::Dict(dict) => dict.entries.iter().any(|(key, _, value)| walk(key, holds) || walk(value, holds)),
        Node::Comprehension(comprehension) => {
            let mut clauses = comprehension.clauses.iter().map(|clause| match clause {
                Clause::For { items, .. } => items,
                Clause::If(condition) => condition,
            });
            clauses.any(|part| walk(part, holds))
                || walk(&comprehension.element, holds)
                || comprehension.key.as_ref().is_some_and(|(key, _)| walk(key, holds))
        }
        Node::Template(template) => pieces(template, holds),
        Node::DynamicName(name) => pieces(&name.pieces, holds),
        Node::Watched(watched) => walk(&watched.expression, holds),
    }
}
