//! Expressions.

use super::{Eval, MAX_DIAGNOSTICS, Machine, SMALL, Stopped, items};
use crate::compile::compare;
use crate::diagnostic::{Code, Fault, Span};
use crate::program::{Binary, Chain, Comprehension, DictLiteral, Expr, Index, ListLiteral, Piece, Place, Slice, Sum, Unary, Word};
use crate::syntax::ast::{BinaryOp, UnaryOp};
use crate::value::{Dict, Text, Value, arithmetic};
use crate::wording::message;

impl<'p> Machine<'p, '_, '_> {
    /// Works out an expression. Here is only what needs no room on the stack; everything else is apart and called last,
    /// so that what is reached most often, a variable or a constant, costs no more than looking at it.
    pub(super) fn eval(&mut self, expr: &'p Expr) -> Eval {
        match expr {
            Expr::Const(value) => Ok(value.clone()),
            Expr::Local(slot, span) => match &self.stack[self.base + *slot as usize] {
                Some(value) => Ok(value.clone()),
                None => Err(self.unset_local(*span)),
            },
            Expr::Global(slot, span) => match self.held(*slot) {
                Some(value) => Ok(value.clone()),
                None => self.missing_global(*slot, *span),
            },
            Expr::WithInteger(with) => match self.variable_at_hand(with.place).and_then(|left| of_integers(with.op, left, with.integer)) {
                Some(value) => Ok(value),
                None => self.binary_at_hand(&with.general),
            },
            Expr::AtHand(binary) => self.binary_at_hand(binary),
            Expr::Binary(binary) => self.binary_expression(binary),
            Expr::Sum(sum) => self.sum(sum),
            Expr::Call(call) => self.call(call),
            Expr::UserCall(call) => self.user_call(call),
            Expr::Index(index) => self.index(index),
            other => self.eval_rare(other),
        }
    }

    #[inline(never)]
    fn missing_global(&mut self, slot: u32, span: Span) -> Eval {
        self.read_global(slot).map_err(|stopped| self.place(stopped, span))
    }

    #[inline(never)]
    fn index(&mut self, index: &'p Index) -> Eval {
        if let (Some(container), Some(key)) = (self.at_hand(&index.container), self.at_hand(&index.index))
            && let Some(item) = items::quick_index(container, key)
        {
            return Ok(item.clone());
        }
        let container = self.eval(&index.container)?;
        let key = self.eval(&index.index)?;
        // The characters of a text are counted, and a long key is hashed or read as a number.
        let size = if let Value::Text(text) = &container { text.len() as u64 } else { 0 };
        self.after_work_on(size + key.size()).map_err(|stopped| self.place(stopped, index.span))?;
        items::index(&container, &key).map_err(|fault| match fault.code {
            Code::NoValue | Code::NotIndexable => self.explain(fault, &[(&index.container, &container)], index.span),
            _ => self.stop_at(fault, index.index_span),
        })
    }

    #[inline(never)]
    fn eval_rare(&mut self, expr: &'p Expr) -> Eval {
        match expr {
            Expr::And(pair) => {
                let left = self.eval(&pair.0)?;
                if left.is_true() { self.eval(&pair.1) } else { Ok(left) }
            }
            Expr::Or(pair) => {
                let left = self.eval(&pair.0)?;
                if left.is_true() { Ok(left) } else { self.eval(&pair.1) }
            }
            Expr::Conditional(three) => {
                let branch = if self.condition(&three.0)? { &three.1 } else { &three.2 };
                self.eval(branch)
            }
            Expr::Unary(unary) => self.unary(unary),
            Expr::Template(pieces) => self.fill(pieces).map(Value::Text),
            Expr::List(list) => self.list(list),
            Expr::Dict(dict) => self.dict(dict),
            Expr::Chain(chain) => self.chain(chain),
            Expr::Slice(slice) => self.slice(slice),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::Word(word) => self.word(word),
            Expr::DynamicName(name) => {
                let text = self.fill(&name.0)?;
                let names = self.local_names();
                self.read_by_name(&text, names).map_err(|stopped| self.place(stopped, name.1))
            }
            frequent => self.eval(frequent),
        }
    }

    fn unary(&mut self, unary: &'p Unary) -> Eval {
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

    fn list(&mut self, list: &'p ListLiteral) -> Eval {
        let mut values = Vec::with_capacity(list.items.len());
        for item in &list.items {
            values.push(self.eval(item)?);
        }
        self.admit(Value::from(values)).map_err(|stopped| self.place(stopped, list.span))
    }

    fn dict(&mut self, dict: &'p DictLiteral) -> Eval {
        let mut entries = Dict::with_capacity(dict.entries.len());
        for (key, span, value) in &dict.entries {
            let key = self.key(key, *span)?;
            let value = self.eval(value)?;
            entries.insert(key, value);
        }
        self.admit(Value::Dict(entries)).map_err(|stopped| self.place(stopped, dict.span))
    }

    /// The key of an entry of a dict.
    fn key(&mut self, key: &'p Expr, span: Span) -> Eval<Text> {
        let key = self.eval(key)?;
        self.after_work_on(key.size()).map_err(|stopped| self.place(stopped, span))?;
        items::dict_key(&key).map_err(|fault| self.stop_at(fault, span))
    }

    fn slice(&mut self, slice: &'p Slice) -> Eval {
        let container = self.eval(&slice.container)?;
        let from = self.eval(&slice.from)?;
        let to = self.eval(&slice.to)?;
        let size = if let Value::Text(text) = &container { text.len() as u64 } else { 0 };
        self.after_work_on(size).map_err(|stopped| self.place(stopped, slice.span))?;
        let part = items::slice(&container, &from, &to);
        let part = part.map_err(|fault| self.explain(fault, &[(&slice.container, &container)], slice.span))?;
        self.admit(part).map_err(|stopped| self.place(stopped, slice.span))
    }

    /// What a variable or constant holds, when it can be looked at where it is. Most operands are such: not copying
    /// them brought most of what benches/README.md records for the first step.
    #[inline]
    fn at_hand<'s>(&'s self, expr: &'s Expr) -> Option<&'s Value> {
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
    pub(super) fn integer_at_hand(&self, expr: &Expr) -> Option<i64> {
        match expr {
            Expr::Const(Value::Int(int)) => Some(*int),
            Expr::Local(slot, _) => self.variable_at_hand(Place::Local(*slot)),
            Expr::Global(slot, _) => self.variable_at_hand(Place::Global(*slot)),
            Expr::WithInteger(_) | Expr::AtHand(_) | Expr::Binary(_) => self.integer_of_operator(expr),
            _ => None,
        }
    }

    fn integer_of_operator(&self, expr: &Expr) -> Option<i64> {
        match expr {
            Expr::WithInteger(with) => calculate_integers(with.op, self.variable_at_hand(with.place)?, with.integer),
            Expr::AtHand(binary) | Expr::Binary(binary) => {
                calculate_integers(binary.op, self.integer_at_hand(&binary.left)?, self.integer_at_hand(&binary.right)?)
            }
            _ => None,
        }
    }

    #[inline]
    fn variable_at_hand(&self, place: Place) -> Option<i64> {
        let value = match place {
            Place::Local(slot) => self.stack[self.base + slot as usize].as_ref(),
            Place::Global(slot) => self.held(slot),
        };
        match value {
            Some(Value::Int(int)) => Some(*int),
            _ => None,
        }
    }

    /// An operator on two variables or constants.
    #[inline(never)]
    fn binary_at_hand(&mut self, binary: &'p Binary) -> Eval {
        if let (Some(left), Some(right)) = (self.at_hand(&binary.left), self.at_hand(&binary.right)) {
            match (left, right, binary.op) {
                (Value::Int(left), Value::Int(right), op) if let Some(value) = of_integers(op, *left, *right) => return Ok(value),
                (Value::Text(left), Value::Text(right), BinaryOp::Add) if joins(left, right) => {
                    let joined = left.with(right);
                    self.after_work_on(joined.len() as u64).map_err(|stopped| self.place(stopped, binary.span))?;
                    return Ok(Value::Text(joined));
                }
                (left, right, op) if let Some(holds) = quick_compare(op, left, right) => return Ok(holds.into()),
                _ => {}
            }
        }
        self.binary_expression(binary)
    }

    /// An operator on any two expressions.
    fn binary_expression(&mut self, binary: &'p Binary) -> Eval {
        let left = self.eval(&binary.left)?;
        let right = self.eval(&binary.right)?;
        match (left, right) {
            (Value::Int(left), Value::Int(right)) => match of_integers(binary.op, left, right) {
                Some(value) => Ok(value),
                None => self.binary(binary, Value::Int(left), Value::Int(right)),
            },
            // The left text is mostly one that was just made, and grows where it is.
            (Value::Text(mut left), Value::Text(right)) if binary.op == BinaryOp::Add && joins(&left, &right) => {
                left.push(&right);
                let size = left.len() as u64;
                Value::Text(right).let_go();
                self.after_work_on(size).map_err(|stopped| self.place(stopped, binary.span))?;
                Ok(Value::Text(left))
            }
            (left, right) => self.binary(binary, left, right),
        }
    }

    /// A sum of several, worked out from the left.
    #[inline(never)]
    fn sum(&mut self, sum: &'p Sum) -> Eval {
        let mut total = self.eval(&sum.first)?;
        for (operand, span) in &sum.rest {
            let right = self.eval(operand)?;
            total = match (total, right) {
                (Value::Text(mut left), Value::Text(right)) if joins(&left, &right) => {
                    left.push(&right);
                    Value::Text(right).let_go();
                    self.after_work_on(left.len() as u64).map_err(|stopped| self.place(stopped, *span))?;
                    Value::Text(left)
                }
                (left, right) => self.add(sum, (left, right), operand, *span)?,
            };
        }
        Ok(total)
    }

    /// One addition of a sum, by the general rules.
    #[inline(never)]
    fn add(&mut self, sum: &'p Sum, (left, right): (Value, Value), operand: &'p Expr, span: Span) -> Eval {
        match self.operate(BinaryOp::Add, &left, &right) {
            Ok(value) => self.admit(value).map_err(|stopped| self.place(stopped, span)),
            Err(fault) => {
                let is_first = sum.rest.first().is_some_and(|(first, _)| std::ptr::eq(first, operand));
                let operands = [(&sum.first, &left), (operand, &right)];
                Err(self.explain(fault, if is_first { &operands } else { &operands[1..] }, span))
            }
        }
    }

    /// Whether a condition holds.
    #[inline]
    pub(super) fn condition(&mut self, expr: &'p Expr) -> Eval<bool> {
        match expr {
            Expr::WithInteger(with) => {
                if let Some(left) = self.variable_at_hand(with.place)
                    && let Some(holds) = compare_integers(with.op, left, with.integer)
                {
                    return Ok(holds);
                }
                Ok(self.binary_at_hand(&with.general)?.is_true())
            }
            Expr::AtHand(binary) => {
                if let (Some(left), Some(right)) = (self.at_hand(&binary.left), self.at_hand(&binary.right))
                    && let Some(holds) = quick_compare(binary.op, left, right)
                {
                    return Ok(holds);
                }
                Ok(self.binary_expression(binary)?.is_true())
            }
            Expr::Binary(binary) => {
                if let Some(right) = self.integer_at_hand(&binary.right)
                    && let Some(left) = self.integer_at_hand(&binary.left)
                    && let Some(holds) = compare_integers(binary.op, left, right)
                {
                    return Ok(holds);
                }
                Ok(self.binary_expression(binary)?.is_true())
            }
            Expr::And(pair) => Ok(self.condition(&pair.0)? && self.condition(&pair.1)?),
            Expr::Or(pair) => Ok(self.condition(&pair.0)? || self.condition(&pair.1)?),
            _ => Ok(self.eval(expr)?.is_true()),
        }
    }

    #[inline(never)]
    #[allow(clippy::needless_pass_by_value, reason = "values travel in registers, a reference would send them to the stack")]
    fn binary(&mut self, binary: &'p Binary, left: Value, right: Value) -> Eval {
        if let Some(value) = of_floats(binary.op, &left, &right) {
            return Ok(value);
        }
        match self.operate(binary.op, &left, &right) {
            Ok(value) => self.admit(value).map_err(|stopped| self.place(stopped, binary.span)),
            Err(fault) => Err(self.explain(fault, &[(&binary.left, &left), (&binary.right, &right)], binary.span)),
        }
    }

    /// An operator on values whose expressions are not at hand.
    pub(super) fn binary_values(&mut self, op: BinaryOp, left: &Value, right: &Value, span: Span, target: Span) -> Eval {
        match self.operate(op, left, right) {
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
    fn operate(&mut self, op: BinaryOp, left: &Value, right: &Value) -> arithmetic::Outcome {
        let size = left.size().saturating_add(right.size());
        if size > SMALL {
            self.context.work(size)?;
        }
        match op {
            BinaryOp::Add => arithmetic::add(left, right),
            BinaryOp::Subtract => arithmetic::subtract(left, right),
            BinaryOp::Multiply => arithmetic::multiply(left, right, &|bytes| self.context.room(bytes)),
            BinaryOp::Divide => arithmetic::divide(left, right),
            BinaryOp::FloorDivide => arithmetic::floor_divide(left, right),
            BinaryOp::Remainder => arithmetic::remainder(left, right),
            BinaryOp::Power => arithmetic::power(left, right),
            comparison => Ok(Value::from(compare(comparison, left, right))),
        }
    }

    fn chain(&mut self, chain: &'p Chain) -> Eval {
        let mut left = self.eval(&chain.first)?;
        for (op, right) in &chain.rest {
            let right = self.eval(right)?;
            let holds = self.operate(*op, &left, &right).map_err(|fault| self.stop_at(fault, chain.span))?;
            if !holds.is_true() {
                return Ok(holds);
            }
            left = right;
        }
        Ok(Value::from(true))
    }

    fn comprehension(&mut self, comprehension: &'p Comprehension) -> Eval {
        let source = self.eval(&comprehension.items)?;
        let mut walk = items::Walk::over(source).map_err(|fault| self.stop_at(fault, comprehension.items_span))?;
        let mut list = Vec::new();
        let mut dict = Dict::new();
        loop {
            if let Some(second) = comprehension.second {
                let pair = walk.next_pair().map_err(|fault| self.stop_at(fault, comprehension.items_span))?;
                let Some((key, value)) = pair else { break };
                self.stack[self.base + comprehension.first as usize] = Some(key);
                self.stack[self.base + second as usize] = Some(value);
            } else {
                let Some(item) = walk.next() else { break };
                self.stack[self.base + comprehension.first as usize] = Some(item);
            }
            self.step().map_err(|stopped| self.place(stopped, comprehension.span))?;
            if let Some(filter) = &comprehension.filter
                && !self.condition(filter)?
            {
                continue;
            }
            if let Some((key, span)) = &comprehension.key {
                let key = self.key(key, *span)?;
                let value = self.eval(&comprehension.element)?;
                dict.insert(key, value);
            } else {
                // A list under way is not yet a value whose size is counted.
                if list.len() % 4096 == 4095 {
                    self.context.room(list.len() * size_of::<Value>()).map_err(|fault| self.stop_at(fault, comprehension.span))?;
                }
                let value = self.eval(&comprehension.element)?;
                list.push(value);
            }
        }
        let value = if comprehension.key.is_some() { Value::Dict(dict) } else { Value::from(list) };
        self.admit(value).map_err(|stopped| self.place(stopped, comprehension.span))
    }

    /// A text with its `#{}` filled in.
    fn fill(&mut self, pieces: &'p [Piece]) -> Eval<Text> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Filling(filling) => {
                    let value = self.eval(filling)?;
                    if value.size() > SMALL {
                        let size = usize::try_from(value.size()).unwrap_or(usize::MAX).saturating_add(text.len());
                        let room = self.context.room(size).and_then(|()| self.context.work(value.size()));
                        room.map_err(|fault| self.stop(fault))?;
                    }
                    value.write_filling(&mut text);
                }
            }
        }
        Ok(text.into())
    }

    /// A bare word on the right side of an assignment (language.md section 7).
    fn word(&mut self, word: &'p Word) -> Eval {
        if let Some(value) = self.held(word.slot) {
            return Ok(value.clone());
        }
        if let Some(value) = self.find_global(word.slot).map_err(|stopped| self.place(stopped, word.span))? {
            return Ok(value);
        }
        let name = &self.program.globals[word.slot as usize].name;
        let warning = crate::compile::unset_word(name, word.span, word.is_own_text);
        let is_known = self.diagnostics.iter().any(|diagnostic| diagnostic.span == word.span && diagnostic.code == warning.code);
        if self.diagnostics.len() < MAX_DIAGNOSTICS && !is_known {
            self.diagnostics.push(warning);
        }
        Ok(if word.is_own_text { Value::text(&**name) } else { Value::None })
    }

    #[cold]
    pub(super) fn unset_local(&mut self, span: Span) -> Stopped {
        let name = &self.program.source[span.range()];
        let fault = Fault::new(Code::LocalUnset, message!("local-unset", name = name));
        self.stop_at(Box::new(fault.help(message!("local-unset-help", name = name))), span)
    }

    /// Places a fault of an operator; one about a missing value names the variable that has none. Takes the operands with
    /// the values they had: evaluated again they could do something twice, or be something else.
    #[cold]
    fn explain(&mut self, mut fault: Box<Fault>, operands: &[(&'p Expr, &Value)], span: Span) -> Stopped {
        if fault.code != Code::NoValue {
            return self.stop_at(fault, span);
        }
        let missing = operands.iter().filter(|(_, value)| matches!(value, Value::None));
        let Some((operand, place)) = missing.filter_map(|(operand, _)| Some((operand, place_of(operand)?))).next() else {
            return self.stop_at(fault, span);
        };
        let text = &self.program.source[place.range()];
        fault.message = match operand {
            Expr::Local(..) | Expr::Global(..) => message!("variable-has-no-value", name = text),
            _ => message!("operand-has-no-value"),
        };
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

/// A comparison of two integers.
#[inline]
fn compare_integers(op: BinaryOp, left: i64, right: i64) -> Option<bool> {
    Some(match op {
        BinaryOp::Less => left < right,
        BinaryOp::LessEqual => left <= right,
        BinaryOp::Greater => left > right,
        BinaryOp::GreaterEqual => left >= right,
        BinaryOp::Equal => left == right,
        BinaryOp::NotEqual => left != right,
        _ => return None,
    })
}

/// A comparison that is quickly done, whatever is compared.
#[inline]
fn quick_compare(op: BinaryOp, left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => compare_integers(op, *left, *right),
        (left, right) => (op.is_comparison() && (left.size() | right.size()) <= SMALL).then(|| compare(op, left, right)),
    }
}

/// Whether the sum of two texts is the one after the other: neither numbers nor dates and times.
#[inline]
fn joins(left: &Text, right: &Text) -> bool {
    !(left.may_be_special() && right.may_be_special())
}

/// An operator on two integers, where nothing can go wrong; the general rules take what is left.
#[inline]
fn of_integers(op: BinaryOp, left: i64, right: i64) -> Option<Value> {
    match op {
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Remainder => {
            calculate_integers(op, left, right).map(Value::Int)
        }
        op => compare_integers(op, left, right).map(Value::from),
    }
}

/// The same where one of the two at least is a float.
#[inline]
fn of_floats(op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => calculate_floats(op, left.get(), right.get()),
        (Value::Float(left), Value::Int(right)) => calculate_floats(op, left.get(), *right as f64),
        (Value::Int(left), Value::Float(right)) => calculate_floats(op, *left as f64, right.get()),
        _ => None,
    }
}

/// An operator on two floats, where the result is a finite one.
#[inline]
fn calculate_floats(op: BinaryOp, left: f64, right: f64) -> Option<Value> {
    let result = match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        _ => return None,
    };
    result.is_finite().then(|| Value::from(result))
}

/// An operator on two integers, where the result is one.
#[inline]
fn calculate_integers(op: BinaryOp, left: i64, right: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Subtract => left.checked_sub(right),
        BinaryOp::Multiply => left.checked_mul(right),
        BinaryOp::Remainder if right > 0 => Some(left.rem_euclid(right)),
        _ => None,
    }
}
