//! Expressions: from tree to script; what is constant is worked out once.

use super::{Checker, Place};
use crate::diagnostic::Span;
use crate::program::{
    Binary, Chain, Comprehension, DictLiteral, Expr as Node, Index, ListLiteral, Piece, Slice, Sum, Unary, WithInteger, Word,
};
use crate::syntax::Dialect;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, Part, Run, UnaryOp};
use crate::value::{Dict, Value, arithmetic};

impl Checker<'_> {
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
                Node::DynamicName(Box::new((self.pieces(parts), span)))
            }
            Expr::Name => {
                let name = self.name_at(span);
                match self.place(name, span) {
                    Place::Local(slot) => Node::Local(slot, span),
                    Place::Global(slot) => {
                        self.read(slot);
                        Node::Global(slot, span)
                    }
                }
            }
            Expr::Scoped(prefix) => {
                let slot = self.scoped(prefix, span);
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
                match op {
                    BinaryOp::And => Node::And(Box::new((left, right))),
                    BinaryOp::Or => Node::Or(Box::new((left, right))),
                    _ => fold_binary(op, left, right, span),
                }
            }
            Expr::Chain(run, operators) => {
                let items = ast.items(run);
                let operators = ast.operators(operators, items.len() - 1);
                let first = self.expression(items[0]);
                let rest = operators.iter().zip(&items[1..]).map(|(op, item)| (*op, self.expression(*item))).collect();
                Node::Chain(Box::new(Chain { first, rest, span }))
            }
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
            Expr::Slice(start) => {
                let [container, from, to] = ast.three(start);
                let (container, from, to) = (self.expression(container), self.expression(from), self.expression(to));
                Node::Slice(Box::new(Slice { container, from, to, span }))
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
        self.bare_word(id, node, self.options.dialect == Dialect::Mavibot)
    }

    /// An element of a list or dict; a bare word in it is its own text in the mavibot dialect only.
    fn element(&mut self, id: ExprId) -> Node {
        let node = self.expression(id);
        if self.options.dialect == Dialect::Mavibot { self.bare_word(id, node, true) } else { node }
    }

    fn bare_word(&mut self, id: ExprId, node: Node, is_own_text: bool) -> Node {
        match node {
            Node::Global(slot, span) if self.ast.expr(id) == Expr::Name && self.globals[slot as usize].builtin.is_none() => {
                if self.assigned.contains(&slot) {
                    return node;
                }
                self.unset_words.push(super::words::unset(&self.globals[slot as usize].name, span, is_own_text));
                Node::Word(Box::new(Word { slot, span, is_own_text }))
            }
            node => node,
        }
    }

    fn conditional(&mut self, condition: ExprId, then: ExprId, otherwise: Option<ExprId>) -> Node {
        let condition = self.expression(condition);
        let then = self.expression(then);
        let otherwise = otherwise.map_or(Node::Const(Value::None), |otherwise| self.expression(otherwise));
        Node::Conditional(Box::new((condition, then, otherwise)))
    }

    fn dict(&mut self, run: Run, span: Span) -> Node {
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

    fn comprehension(&mut self, number: u32, span: Span) -> Node {
        let ast = self.ast;
        let comprehension = ast.comprehension(number);
        let items = self.expression(comprehension.items);
        let before = self.frame.inner.len();
        let (first_span, second_span) = comprehension.variables;
        let first = self.fresh_slot();
        let name = self.name_at(first_span);
        self.frame.inner.push((name, first));
        let second = second_span.map(|span| {
            let slot = self.fresh_slot();
            let name = self.name_at(span);
            self.frame.inner.push((name, slot));
            slot
        });
        let filter = comprehension.filter.map(|filter| self.expression(filter));
        let key = comprehension.key.map(|key| (self.expression(key), ast.span(key)));
        let element = self.expression(comprehension.element);
        self.frame.inner.truncate(before);
        let items_span = ast.span(comprehension.items);
        Node::Comprehension(Box::new(Comprehension { key, element, first, second, items, items_span, filter, span }))
    }

    fn pieces(&mut self, parts: Run) -> Box<[Piece]> {
        let ast = self.ast;
        ast.parts(parts)
            .iter()
            .map(|part| match part {
                Part::Text(number) => Piece::Text(ast.text(*number).into()),
                Part::Filling(filling) => Piece::Filling(self.expression(*filling)),
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

/// What fails stays as it is, and fails when it runs.
fn fold_binary(op: BinaryOp, left: Node, right: Node, span: Span) -> Node {
    if let (Node::Const(left), Node::Const(right)) = (&left, &right) {
        let no_room = |_: usize| Err(Box::new(crate::diagnostic::Fault::new(crate::diagnostic::Code::MemoryLimit, "")));
        let result = match op {
            BinaryOp::Add => arithmetic::add(left, right),
            BinaryOp::Subtract => arithmetic::subtract(left, right),
            BinaryOp::Multiply => arithmetic::multiply(left, right, &no_room),
            BinaryOp::Divide => arithmetic::divide(left, right),
            BinaryOp::FloorDivide => arithmetic::floor_divide(left, right),
            BinaryOp::Remainder => arithmetic::remainder(left, right),
            BinaryOp::Power => arithmetic::power(left, right),
            _ => Ok(Value::from(compare(op, left, right))),
        };
        if let Ok(value) = result
            && is_small(&value)
        {
            return Node::Const(value);
        }
    }
    let place = match left {
        Node::Local(slot, _) => Some(Place::Local(slot)),
        Node::Global(slot, _) => Some(Place::Global(slot)),
        _ => None,
    };
    let integer = match &right {
        Node::Const(Value::Int(integer)) => Some(*integer),
        _ => None,
    };
    let (left, right) = match flat_sum(op, left, right, span) {
        Ok(sum) => return sum,
        Err(operands) => operands,
    };
    let general = Binary { op, left, right, span };
    match (place, integer) {
        (Some(place), Some(integer)) if !matches!(op, BinaryOp::In | BinaryOp::NotIn) => {
            Node::WithInteger(Box::new(WithInteger { place, integer, op, general }))
        }
        _ if is_leaf(&general.left) && is_leaf(&general.right) => Node::AtHand(Box::new(general)),
        _ => Node::Binary(Box::new(general)),
    }
}

/// The flat form of a sum of three or more with a text constant in it, which is how messages are put together; gives the
/// operands back when it is none.
fn flat_sum(op: BinaryOp, left: Node, right: Node, span: Span) -> Result<Node, (Node, Node)> {
    match left {
        Node::Sum(mut sum) if op == BinaryOp::Add => {
            sum.rest.push((right, span));
            Ok(Node::Sum(sum))
        }
        Node::Binary(first) | Node::AtHand(first)
            if op == BinaryOp::Add && first.op == BinaryOp::Add && [&first.left, &first.right, &right].into_iter().any(is_text) =>
        {
            let first = *first;
            Ok(Node::Sum(Box::new(Sum { first: first.left, rest: vec![(first.right, first.span), (right, span)] })))
        }
        left => Err((left, right)),
    }
}

const fn is_text(node: &Node) -> bool {
    matches!(node, Node::Const(Value::Text(_)))
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

/// A comparison; never fails (language.md L4.6).
pub(crate) fn compare(op: BinaryOp, left: &Value, right: &Value) -> bool {
    use std::cmp::Ordering;
    match op {
        BinaryOp::Equal => left.equals(right),
        BinaryOp::NotEqual => !left.equals(right),
        BinaryOp::Less => left.order(right) == Some(Ordering::Less),
        BinaryOp::LessEqual => matches!(left.order(right), Some(Ordering::Less | Ordering::Equal)),
        BinaryOp::Greater => left.order(right) == Some(Ordering::Greater),
        BinaryOp::GreaterEqual => matches!(left.order(right), Some(Ordering::Greater | Ordering::Equal)),
        BinaryOp::In => right.contains(left),
        BinaryOp::NotIn => !right.contains(left),
        _ => false,
    }
}

/// Whether something holds for an expression or one inside it.
pub(super) fn walk(expr: &Node, holds: &mut dyn FnMut(&Node) -> bool) -> bool {
    if holds(expr) {
        return true;
    }
    let pieces = |pieces: &[Piece], holds: &mut dyn FnMut(&Node) -> bool| {
        pieces.iter().any(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Filling(filling) => walk(filling, holds),
        })
    };
    match expr {
        Node::Const(_) | Node::Local(..) | Node::Global(..) | Node::Word(_) => false,
        Node::Binary(binary) | Node::AtHand(binary) => walk(&binary.left, holds) || walk(&binary.right, holds),
        Node::WithInteger(with) => walk(&with.general.left, holds),
        Node::Sum(sum) => walk(&sum.first, holds) || sum.rest.iter().any(|(operand, _)| walk(operand, holds)),
        Node::And(pair) | Node::Or(pair) => walk(&pair.0, holds) || walk(&pair.1, holds),
        Node::Unary(unary) => walk(&unary.operand, holds),
        Node::Chain(chain) => walk(&chain.first, holds) || chain.rest.iter().any(|(_, operand)| walk(operand, holds)),
        Node::Conditional(three) => walk(&three.0, holds) || walk(&three.1, holds) || walk(&three.2, holds),
        Node::Call(call) => call.arguments.iter().any(|argument| walk(argument, holds)),
        Node::UserCall(call) => call.arguments.iter().flatten().any(|argument| walk(argument, holds)),
        Node::Index(index) => walk(&index.container, holds) || walk(&index.index, holds),
        Node::Slice(slice) => walk(&slice.container, holds) || walk(&slice.from, holds) || walk(&slice.to, holds),
        Node::List(list) => list.items.iter().any(|item| walk(item, holds)),
        Node::Dict(dict) => dict.entries.iter().any(|(key, _, value)| walk(key, holds) || walk(value, holds)),
        Node::Comprehension(comprehension) => {
            walk(&comprehension.items, holds)
                || walk(&comprehension.element, holds)
                || comprehension.key.as_ref().is_some_and(|(key, _)| walk(key, holds))
                || comprehension.filter.as_ref().is_some_and(|filter| walk(filter, holds))
        }
        Node::Template(template) => pieces(template, holds),
        Node::DynamicName(name) => pieces(&name.0, holds),
    }
}
