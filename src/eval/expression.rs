//! Expressions.

use super::{Eval, MAX_DIAGNOSTICS, Machine, SMALL, Stopped};
use crate::diagnostic::{Code, Diagnostic, Fault, Span};
use crate::program::{
    Binary, Chain, Clause, Comprehension, DictLiteral, Expr, Flat, Hyphenated, Index, ListLiteral, Piece, Place, Slice, Unary, Word,
};
use crate::syntax::ast::UnaryOp;
use crate::value::operators::quick::{self, calculate_integers, compare_integers, joins, of_floats, of_integers};
use crate::value::operators::{Operator, item, noted};
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
            Expr::LeafBinary(binary) => self.binary_at_hand(binary),
            Expr::Binary(binary) => self.binary_expression(binary),
            Expr::Flat(flat) => self.flat(flat),
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
            && let Some(item) = item::quick_index(container, key)
        {
            return Ok(item.clone());
        }
        let container = self.eval(&index.container)?;
        let key = self.eval(&index.index)?;
        let items = self.items_of_text(&container, index.span).map_err(|fault| self.stop_at(fault, index.span))?;
        let container = items.unwrap_or(container);
        // The characters of a text are counted, and a long key is hashed or read as a number.
        let size = if let Value::Text(text) = &container { text.len() as u64 } else { 0 };
        self.after_work_on(size + key.size()).map_err(|stopped| self.place(stopped, index.span))?;
        item::index(&container, &key).map_err(|fault| match fault.code {
            Code::NoValue | Code::NotIndexable => self.explain(fault, &[(&index.container, &container)], index.span),
            _ => self.stop_at(fault, index.index_span),
        })
    }

    #[inline(never)]
    fn eval_rare(&mut self, expr: &'p Expr) -> Eval {
        match expr {
            Expr::And(operands) => self.first_that(operands, false),
            Expr::Or(operands) => self.first_that(operands, true),
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
            Expr::Hyphenated(joined) => self.hyphenated(joined),
            Expr::Absent(call) => self.absent_call(call),
            Expr::DynamicName(name) => {
                let text = self.fill(&name.0)?;
                self.read_by_name(&text).map_err(|stopped| self.place(stopped, name.1))
            }
            Expr::Watched(watched) => self.watched_expression(watched),
            frequent => self.eval(frequent),
        }
    }

    /// The first operand that is true, or false, which decides a chain of `or`, or `and`; else the last.
    fn first_that(&mut self, operands: &'p [Expr], is_true: bool) -> Eval {
        let mut value = Value::None;
        for operand in operands {
            value = self.eval(operand)?;
            if value.is_true() == is_true {
                break;
            }
        }
        Ok(value)
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
        item::dict_key(&key).map_err(|fault| self.stop_at(fault, span))
    }

    fn slice(&mut self, slice: &'p Slice) -> Eval {
        let container = self.eval(&slice.container)?;
        let items = self.items_of_text(&container, slice.span).map_err(|fault| self.stop_at(fault, slice.span))?;
        let container = items.unwrap_or(container);
        let from = self.eval(&slice.from)?;
        let to = self.eval(&slice.to)?;
        let step = self.eval(&slice.step)?;
        let size = if let Value::Text(text) = &container { text.len() as u64 } else { 0 };
        self.after_work_on(size).map_err(|stopped| self.place(stopped, slice.span))?;
        let part = item::slice(&container, &from, &to, &step);
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
            Expr::WithInteger(_) | Expr::LeafBinary(_) | Expr::Binary(_) | Expr::Flat(_) => self.integer_of_operator(expr),
            _ => None,
        }
    }

    fn integer_of_operator(&self, expr: &Expr) -> Option<i64> {
        match expr {
            Expr::WithInteger(with) => calculate_integers(with.op, self.variable_at_hand(with.place)?, with.integer),
            Expr::LeafBinary(binary) | Expr::Binary(binary) => {
                calculate_integers(binary.op, self.integer_at_hand(&binary.left)?, self.integer_at_hand(&binary.right)?)
            }
            Expr::Flat(flat) => {
                let mut total = self.integer_at_hand(&flat.first)?;
                for (op, operand, _) in &flat.rest {
                    total = calculate_integers(*op, total, self.integer_at_hand(operand)?)?;
                }
                Some(total)
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
                (Value::Text(left), Value::Text(right), Operator::Add) if joins(left, right) => {
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
    fn binary_expression(&mut self, binary: &'p Binary) -> Eval {
        let left = self.eval(&binary.left)?;
        let right = self.eval(&binary.right)?;
        match (left, right) {
            (Value::Int(left), Value::Int(right)) => match of_integers(binary.op, left, right) {
                Some(value) => Ok(value),
                None => self.binary(binary, Value::Int(left), Value::Int(right)),
            },
            // The left text is mostly one that was just made, and grows where it is.
            (Value::Text(mut left), Value::Text(right)) if binary.op == Operator::Add && joins(&left, &right) => {
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
    fn flat(&mut self, flat: &'p Flat) -> Eval {
        let mut total = self.eval(&flat.first)?;
        let mut is_joined = flat.is_joined;
        for (op, operand, span) in &flat.rest {
            let right = self.eval(operand)?;
            total = match (total, right, *op) {
                (Value::Int(left), Value::Int(right), op) if let Some(result) = calculate_integers(op, left, right) => Value::Int(result),
                (Value::Text(mut left), Value::Text(right), Operator::Add) if is_joined || joins(&left, &right) => {
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
        (op, operand, span): (Operator, &'p Expr, Span),
        is_joined: &mut bool,
    ) -> Eval {
        let result = if op == Operator::Add {
            if !*is_joined {
                self.look_closely(op, &left, &right, span);
            }
            self.account(&left, &right).and_then(|()| arithmetic::add_in_chain(&left, &right, is_joined))
        } else {
            *is_joined = false;
            self.operate(op, &left, &right, span)
        };
        match result {
            Ok(value) => self.admit(value).map_err(|stopped| self.place(stopped, span)),
            Err(fault) => {
                let is_first = flat.rest.first().is_some_and(|(_, first, _)| std::ptr::eq(first, operand));
                let operands = [(&flat.first, &left), (operand, &right)];
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
            Expr::LeafBinary(binary) => {
                if let (Some(left), Some(right)) = (self.at_hand(&binary.left), self.at_hand(&binary.right))
                    && let Some(holds) = quick::compare(binary.op, left, right)
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
    pub(super) fn binary_values(&mut self, op: Operator, left: &Value, right: &Value, span: Span, target: Span) -> Eval {
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
    fn operate(&mut self, op: Operator, left: &Value, right: &Value, span: Span) -> arithmetic::Outcome {
        self.account(left, right)?;
        if op == Operator::Add || op.is_ordering() {
            self.look_closely(op, left, right, span);
        }
        if matches!(op, Operator::In | Operator::NotIn)
            && let Some(items) = self.items_of_text(right, span)?
        {
            return op.apply(left, &items, &|bytes| self.context.check_memory(bytes));
        }
        op.apply(left, right, &|bytes| self.context.check_memory(bytes))
    }

    /// Says that an operand is nearly a number or a date, and so does not do what its author means.
    #[inline]
    fn look_closely(&mut self, op: Operator, left: &Value, right: &Value, span: Span) {
        if matches!(left, Value::Text(text) if text.may_be_nearly()) || matches!(right, Value::Text(text) if text.may_be_nearly()) {
            self.note_nearly(op, left, right, span);
        }
    }

    #[inline(never)]
    fn note_nearly(&mut self, op: Operator, left: &Value, right: &Value, span: Span) {
        if let Some(fault) = noted::warning(op, left, right) {
            self.note(fault.at(span));
        }
    }

    /// The list or dict whose JSON text a text is, in the dialect where values are texts; in the other one its characters
    /// are meant, and a notice says so (language.md L4.2).
    #[inline]
    pub(super) fn items_of_text(&mut self, value: &Value, span: Span) -> Result<Option<Value>, Box<Fault>> {
        match value {
            Value::Text(text) if text.may_be_json() => self.items_of_json(value, span),
            _ => Ok(None),
        }
    }

    #[cold]
    #[inline(never)]
    fn items_of_json(&mut self, value: &Value, span: Span) -> Result<Option<Value>, Box<Fault>> {
        self.context.work(value.size())?;
        let items = value.as_list().map(Value::List).or_else(|| value.as_dict().map(Value::Dict));
        if items.is_some() && !self.program.texts_have_items {
            self.note(Diagnostic::new(Code::JsonText, span, message!("json-text")).help(message!("json-text-help")));
            return Ok(None);
        }
        Ok(items)
    }

    /// Accounts for the work on two operands.
    #[inline]
    fn account(&self, left: &Value, right: &Value) -> Result<(), Box<Fault>> {
        let size = left.size().saturating_add(right.size());
        if size > SMALL { self.context.work(size) } else { Ok(()) }
    }

    fn chain(&mut self, chain: &'p Chain) -> Eval {
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

    fn comprehension(&mut self, comprehension: &'p Comprehension) -> Eval {
        let mut made = if comprehension.key.is_some() { Made::Dict(Dict::new()) } else { Made::List(Vec::new()) };
        self.clauses(comprehension, &comprehension.clauses, &mut made)?;
        let value = match made {
            Made::List(list) => Value::from(list),
            Made::Dict(dict) => Value::Dict(dict),
        };
        self.admit(value).map_err(|stopped| self.place(stopped, comprehension.span))
    }

    /// Works out clauses from the outermost on, and the element for what passes all of them.
    fn clauses(&mut self, comprehension: &'p Comprehension, clauses: &'p [Clause], made: &mut Made) -> Eval<()> {
        match clauses {
            [] => self.element(comprehension, made),
            [Clause::If(condition), rest @ ..] => {
                if self.condition(condition)? {
                    self.clauses(comprehension, rest, made)?;
                }
                Ok(())
            }
            [Clause::For { first, second, items, items_span }, rest @ ..] => {
                let source = self.eval(items)?;
                let inside = self.items_of_text(&source, *items_span).map_err(|fault| self.stop_at(fault, *items_span))?;
                let source = inside.unwrap_or(source);
                let mut walk = item::Walk::over(source).map_err(|fault| self.stop_at(fault, *items_span))?;
                loop {
                    if let Some(second) = second {
                        let pair = walk.next_pair().map_err(|fault| self.stop_at(fault, *items_span))?;
                        let Some((key, value)) = pair else { return Ok(()) };
                        self.set_place(Place::Local(*first), key);
                        self.set_place(Place::Local(*second), value);
                    } else {
                        let Some(item) = walk.next() else { return Ok(()) };
                        self.set_place(Place::Local(*first), item);
                    }
                    self.step().map_err(|stopped| self.place(stopped, comprehension.span))?;
                    self.clauses(comprehension, rest, made)?;
                }
            }
        }
    }

    fn element(&mut self, comprehension: &'p Comprehension, made: &mut Made) -> Eval<()> {
        match made {
            Made::List(list) => {
                // A list under way is not yet a value whose size is counted.
                if list.len() % 4096 == 4095 {
                    self.context.check_memory(list.len() * size_of::<Value>()).map_err(|fault| self.stop_at(fault, comprehension.span))?;
                }
                list.push(self.eval(&comprehension.element)?);
            }
            Made::Dict(dict) => {
                if let Some((key, span)) = &comprehension.key {
                    let key = self.key(key, *span)?;
                    let value = self.eval(&comprehension.element)?;
                    dict.insert(key, value);
                }
            }
        }
        Ok(())
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
                        let room = self.context.check_memory(size).and_then(|()| self.context.work(value.size()));
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
        self.warn_of_word(name, word.span, word.is_own_text);
        Ok(if word.is_own_text { Value::text(&**name) } else { Value::None })
    }

    /// Names joined by hyphens: a subtraction when one of them has a value, else text.
    fn hyphenated(&mut self, joined: &'p Hyphenated) -> Eval {
        for slot in &joined.slots {
            let is_set =
                self.held(*slot).is_some() || self.find_global(*slot).map_err(|stopped| self.place(stopped, joined.span))?.is_some();
            if is_set {
                return self.eval(&joined.otherwise);
            }
        }
        let text = &self.program.source[joined.span.range()];
        self.warn_of_word(text, joined.span, true);
        Ok(Value::text(text))
    }

    /// Says once that a word is taken for text, or has no value.
    fn warn_of_word(&mut self, word: &str, span: Span, is_own_text: bool) {
        let warning = crate::compile::unset_word(word, span, is_own_text);
        let is_known = self.diagnostics.iter().any(|diagnostic| diagnostic.span == span && diagnostic.code == warning.code);
        if self.diagnostics.len() < MAX_DIAGNOSTICS && !is_known {
            self.diagnostics.push(warning);
        }
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
        let mut missing = operands.iter().filter(|(_, value)| matches!(value, Value::None));
        let Some((operand, place)) = missing.find_map(|(operand, _)| Some((operand, place_of(operand)?))) else {
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

/// What a comprehension has made so far.
enum Made {
    List(Vec<Value>),
    Dict(Dict),
}
