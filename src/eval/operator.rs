//! Operators: the ways past their rules for operands that are at hand, then the rules themselves, accounted for and with
//! their faults at a place. The rules stand in `value::operators`.

use super::{Eval, Machine, SMALL, Stopped};
use crate::diagnostic::{Code, Fault, Span};
use crate::program::{Binary, Chain, Expr, Flat, Unary, VariableSlot};
use crate::syntax::ast::UnaryOp;
use crate::value::operators::quick::{self, calculate_integers, compare_integers, joins, of_floats, of_integers};
use crate::value::operators::{BinaryOperator, noted};
use crate::value::{Value, arithmetic};
use crate::wording::{Message, message};

impl<'p> Machine<'p, '_, '_> {
    pub(super) fn unary(&mut self, unary: &'p Unary) -> Eval {
        let operand = self.eval(&unary.operand)?;
        if unary.op == UnaryOp::Not {
            return Ok(Value::from(!operand.is_true()));
        }
        self.after_work_on(operand.size()).map_err(|stopped| self.place(stopped, unary.span))?;
        let result = match unary.op {
            UnaryOp::Negate => arithmetic::negate(&operand),
            _ => arithmetic::plus(&operand),
        };
        result.map_err(|fault| self.explain(fault, &[(&unary.operand, &operand)], unary.span))
    }

    /// What a variable or constant holds, when it can be looked at where it is. Most operands are such: not copying
    /// them brought most of what benches/README.md records for the first step.
    #[inline]
    pub(super) fn stored_value<'s>(&'s self, expr: &'s Expr) -> Option<&'s Value> {
        match expr {
            Expr::Const(value) => Some(value),
            Expr::Local(slot, _) => self.stack[self.base + *slot as usize].as_ref(),
            Expr::Global(slot, _) => self.held(*slot),
            _ => None,
        }
    }

    /// The integer that an expression is, when it is made of integers at hand only. Changes nothing; numbers stay in
    /// registers on the way (36 to 24 ms for the loop in a function).
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "most operands are variables, and then there is nothing to call")]
    pub(super) fn known_integer(&self, expr: &Expr) -> Option<i64> {
        match expr {
            Expr::Const(Value::Int(int)) => Some(*int),
            Expr::Local(slot, _) => self.integer_variable(VariableSlot::Local(*slot)),
            Expr::Global(slot, _) => self.integer_variable(VariableSlot::Global(*slot)),
            Expr::WithInteger(_) | Expr::LeafBinary(_) | Expr::Binary(_) | Expr::Flat(_) => self.integer_of_operator(expr),
            _ => None,
        }
    }

    fn integer_of_operator(&self, expr: &Expr) -> Option<i64> {
        match expr {
            Expr::WithInteger(with) => calculate_integers(with.op, self.integer_variable(with.place)?, with.integer),
            Expr::LeafBinary(binary) | Expr::Binary(binary) => {
                calculate_integers(binary.op, self.known_integer(&binary.left)?, self.known_integer(&binary.right)?)
            }
            Expr::Flat(flat) => {
                let mut total = self.known_integer(&flat.first)?;
                for (op, operand, _) in &flat.rest {
                    total = calculate_integers(*op, total, self.known_integer(operand)?)?;
                }
                Some(total)
            }
            _ => None,
        }
    }

    #[inline]
    pub(super) fn integer_variable(&self, place: VariableSlot) -> Option<i64> {
        let value = match place {
            VariableSlot::Local(slot) => self.stack[self.base + slot as usize].as_ref(),
            VariableSlot::Global(slot) => self.held(slot),
        };
        match value {
            Some(Value::Int(int)) => Some(*int),
            _ => None,
        }
    }

    /// An operator on two variables or constants.
    #[inline(never)]
    pub(super) fn simple_binary(&mut self, binary: &'p Binary) -> Eval {
        if let (Some(left), Some(right)) = (self.stored_value(&binary.left), self.stored_value(&binary.right)) {
            match (left, right, binary.op) {
                (Value::Int(left), Value::Int(right), op) if let Some(value) = of_integers(op, *left, *right) => return Ok(value),
                (Value::Text(left), Value::Text(right), BinaryOperator::Add) if joins(left, right) => {
                    let joined = left.with(right);
                    self.after_work_on(joined.len() as u64).map_err(|stopped| self.place(stopped, binary.span))?;
                    return Ok(Value::Text(joined));
                }
                (left, right, op) if let Some(holds) = quick::compare(op, left, right) => return Ok(holds.into()),
                _ => {}
            }
        }
        self.binary_expression(binary)
    }

    /// An operator on any two expressions.
    pub(super) fn binary_expression(&mut self, binary: &'p Binary) -> Eval {
        let left = self.eval(&binary.left)?;
        let right = self.eval(&binary.right)?;
        match (left, right) {
            (Value::Int(left), Value::Int(right)) => match of_integers(binary.op, left, right) {
                Some(value) => Ok(value),
                None => self.binary(binary, Value::Int(left), Value::Int(right)),
            },
            // The left text is mostly one that was just made, and grows where it is.
            (Value::Text(mut left), Value::Text(right)) if binary.op == BinaryOperator::Add && joins(&left, &right) => {
                left.push(&right);
                let size = left.len() as u64;
                Value::Text(right).let_go();
                self.after_work_on(size).map_err(|stopped| self.place(stopped, binary.span))?;
                Ok(Value::Text(left))
            }
            (left, right) => self.binary(binary, left, right),
        }
    }

    /// Operators of one strength, worked out from the left.
    #[inline(never)]
    pub(super) fn flat(&mut self, flat: &'p Flat) -> Eval {
        let mut total = self.eval(&flat.first)?;
        let mut is_joined = flat.is_joined;
        for (op, operand, span) in &flat.rest {
            let right = self.eval(operand)?;
            total = match (total, right, *op) {
                (Value::Int(left), Value::Int(right), op) if let Some(result) = calculate_integers(op, left, right) => Value::Int(result),
                (Value::Text(mut left), Value::Text(right), BinaryOperator::Add) if is_joined || joins(&left, &right) => {
                    left.push(&right);
                    is_joined = true;
                    Value::Text(right).let_go();
                    self.after_work_on(left.len() as u64).map_err(|stopped| self.place(stopped, *span))?;
                    Value::Text(left)
                }
                (left, right, op) => self.link(flat, (left, right), (op, operand, *span), &mut is_joined)?,
            };
        }
        Ok(total)
    }

    /// One operator of a chain, by the general rules.
    #[inline(never)]
    fn link(
        &mut self,
        flat: &'p Flat,
        (left, right): (Value, Value),
        (op, operand, span): (BinaryOperator, &'p Expr, Span),
        is_joined: &mut bool,
    ) -> Eval {
        if op == BinaryOperator::Add && !*is_joined {
            self.look_closely(op, &left, &right, span);
        }
        let result = self
            .account(&left, &right)
            .and_then(|()| op.apply_in_chain(&left, &right, is_joined, &|bytes| self.context.check_memory(bytes)));
        match result {
            Ok(value) => self.admit(value).map_err(|stopped| self.place(stopped, span)),
            Err(fault) => {
                let is_first = flat.rest.first().is_some_and(|(_, first, _)| std::ptr::eq(first, operand));
                let operands = [(&flat.first, &left), (operand, &right)];
                Err(self.explain(fault, if is_first { &operands } else { &operands[1..] }, span))
            }
        }
    }

    pub(super) fn chain(&mut self, chain: &'p Chain) -> Eval {
        let mut left = self.eval(&chain.first)?;
        for (op, right) in &chain.rest {
            let right = self.eval(right)?;
            let holds = self.operate(*op, &left, &right, chain.span).map_err(|fault| self.stop_at(fault, chain.span))?;
            if !holds.is_true() {
                return Ok(holds);
            }
            left = right;
        }
        Ok(Value::from(true))
    }

    /// Whether a condition holds.
    #[inline]
    pub(super) fn condition(&mut self, expr: &'p Expr) -> Eval<bool> {
        match expr {
            Expr::WithInteger(with) => {
                if let Some(left) = self.integer_variable(with.place)
                    && let Some(holds) = compare_integers(with.op, left, with.integer)
                {
                    return Ok(holds);
                }
                Ok(self.simple_binary(&with.general)?.is_true())
            }
            Expr::LeafBinary(binary) => {
                if let (Some(left), Some(right)) = (self.stored_value(&binary.left), self.stored_value(&binary.right))
                    && let Some(holds) = quick::compare(binary.op, left, right)
                {
                    return Ok(holds);
                }
                Ok(self.binary_expression(binary)?.is_true())
            }
            Expr::Binary(binary) => {
                if let Some(right) = self.known_integer(&binary.right)
                    && let Some(left) = self.known_integer(&binary.left)
                    && let Some(holds) = compare_integers(binary.op, left, right)
                {
                    return Ok(holds);
                }
                Ok(self.binary_expression(binary)?.is_true())
            }
            Expr::And(operands) => {
                for operand in operands {
                    if !self.condition(operand)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expr::Or(operands) => {
                for operand in operands {
                    if self.condition(operand)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Ok(self.eval(expr)?.is_true()),
        }
    }

    #[inline(never)]
    #[allow(clippy::needless_pass_by_value, reason = "values travel in registers, a reference would send them to the stack")]
    fn binary(&mut self, binary: &'p Binary, left: Value, right: Value) -> Eval {
        if let Some(value) = of_floats(binary.op, &left, &right) {
            return Ok(value);
        }
        match self.operate(binary.op, &left, &right, binary.span) {
            Ok(value) => self.admit(value).map_err(|stopped| self.place(stopped, binary.span)),
            Err(fault) => Err(self.explain(fault, &[(&binary.left, &left), (&binary.right, &right)], binary.span)),
        }
    }

    /// An operator on values whose expressions are not at hand.
    pub(super) fn binary_values(&mut self, op: BinaryOperator, left: &Value, right: &Value, span: Span, target: Span) -> Eval {
        match self.operate(op, left, right, span) {
            Ok(value) => self.admit(value).map_err(|stopped| self.place(stopped, span)),
            Err(mut fault) => {
                if fault.code == Code::NoValue && matches!(left, Value::None) {
                    let name = &self.program.source[target.range()];
                    fault.message = message!("variable-has-no-value", name = name);
                    return Err(self.stop_at(fault, target));
                }
                Err(self.stop_at(fault, span))
            }
        }
    }

    /// An operator, by the general rules. Accounts for its operands; whoever takes the result accounts for that.
    fn operate(&mut self, op: BinaryOperator, left: &Value, right: &Value, span: Span) -> arithmetic::Computed {
        self.account(left, right)?;
        if op == BinaryOperator::Add || op.is_ordering() {
            self.look_closely(op, left, right, span);
        }
        if matches!(op, BinaryOperator::In | BinaryOperator::NotIn)
            && let Some(items) = self.items_of_text(right, span)?
        {
            return op.apply(left, &items, &|bytes| self.context.check_memory(bytes));
        }
        op.apply(left, right, &|bytes| self.context.check_memory(bytes))
    }

    /// Says that an operand is nearly a number or a date, and so does not do what its author means.
    #[inline]
    fn look_closely(&mut self, op: BinaryOperator, left: &Value, right: &Value, span: Span) {
        if matches!(left, Value::Text(text) if text.may_be_nearly()) || matches!(right, Value::Text(text) if text.may_be_nearly()) {
            self.note_nearly(op, left, right, span);
        }
    }

    #[inline(never)]
    fn note_nearly(&mut self, op: BinaryOperator, left: &Value, right: &Value, span: Span) {
        if let Some(fault) = noted::warning(op, left, right) {
            self.note(fault.at(span));
        }
    }

    /// Accounts for the work on two operands.
    #[inline]
    fn account(&self, left: &Value, right: &Value) -> Result<(), Box<Fault>> {
        let size = left.size().saturating_add(right.size());
        if size > SMALL { self.context.work(size) } else { Ok(()) }
    }

    /// Places a fault of an operator; one about a missing value names the variable that has none. Takes the operands with
    /// the values they had: evaluated again they could do something twice, or be something else.
    #[cold]
    pub(super) fn explain(&mut self, fault: Box<Fault>, operands: &[(&'p Expr, &Value)], span: Span) -> Stopped {
        self.name_missing(fault, operands, span, Some(message!("operand-has-no-value")))
    }

    /// The same for what is iterated over, sliced or asked for an item: the fault says that itself unless a variable can be named.
    #[cold]
    pub(super) fn explain_container(&mut self, fault: Box<Fault>, container: (&'p Expr, &Value), span: Span) -> Stopped {
        self.name_missing(fault, &[container], span, None)
    }

    fn name_missing(&mut self, mut fault: Box<Fault>, operands: &[(&'p Expr, &Value)], span: Span, other: Option<Message>) -> Stopped {
        if fault.code != Code::NoValue {
            return self.stop_at(fault, span);
        }
        let mut missing = operands.iter().filter(|(_, value)| matches!(value, Value::None));
        let Some((operand, place)) = missing.find_map(|(operand, _)| Some((operand, place_of(operand)?))) else {
            return self.stop_at(fault, span);
        };
        let text = &self.program.source[place.range()];
        if matches!(operand, Expr::Local(..) | Expr::Global(..)) {
            fault.message = message!("variable-has-no-value", name = text);
        } else if let Some(message) = other {
            fault.message = message;
        }
        if let Expr::Global(slot, _) = operand
            && self.was_set_before(*slot)
        {
            fault.help = Some(message!("variable-of-the-deal-before-help", name = text));
        }
        self.stop_at(fault, place)
    }
}

/// Where an operand is, when it is something that an author sees as one thing.
fn place_of(operand: &Expr) -> Option<Span> {
    match operand {
        Expr::Local(_, span) | Expr::Global(_, span) => Some(*span),
        Expr::Index(index) => Some(index.span),
        Expr::Call(call) => Some(call.span),
        Expr::UserCall(call) => Some(call.span),
        _ => None,
    }
}
