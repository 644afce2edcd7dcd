//! Statements.

use super::{Eval, Flow, Machine, SMALL};
use crate::diagnostic::{Code, Fault, Span};
use crate::function::Kind;
use crate::program::{AssignItem, AssignPath, AssignTarget, Augment, Call, Expr, For, LoopItems, Stmt, VariableSlot, While};
use crate::value::number::Number;
use crate::value::operators::BinaryOperator;
use crate::value::operators::item::{self, Walk};
use crate::value::operators::quick::{self, calculate_integers, joins};
use crate::value::operators::range::Range;
use crate::value::{Extent, MAX_DEPTH, Value};
use crate::wording::message;

/// What is done with the place of an item and its new value.
type ItemChange<'c> = dyn FnMut(item::ItemPlace<'_>, Value) -> Result<(), Box<Fault>> + 'c;

impl<'p> Machine<'p, '_, '_> {
    /// Runs statements until one says that the flow goes elsewhere.
    pub(super) fn block(&mut self, block: &'p [Stmt]) -> Eval<Flow> {
        for statement in block {
            match self.statement(statement)? {
                Flow::Next => {}
                elsewhere => return Ok(elsewhere),
            }
        }
        Ok(Flow::Next)
    }

    #[inline]
    pub(super) fn statement(&mut self, statement: &'p Stmt) -> Eval<Flow> {
        self.step()?;
        match statement {
            Stmt::Assign(place, value) => {
                let value = self.eval(value)?;
                self.set_place(*place, value);
            }
            Stmt::Expr(expr) => {
                self.eval(expr)?;
            }
            Stmt::Augment(place, augment) => {
                if !self.add_integer(*place, augment) {
                    self.augment(*place, augment)?;
                }
            }
            Stmt::Update(place, call) => self.update(*place, call)?,
            Stmt::If(branches) => {
                for (condition, block) in &branches.arms {
                    if self.condition(condition)? {
                        return self.block(block);
                    }
                }
                return self.block(&branches.otherwise);
            }
            Stmt::For(for_loop) => return self.for_loop(for_loop),
            Stmt::While(while_loop) => return self.while_loop(while_loop),
            Stmt::AssignItem(item) => self.assign_item(item)?,
            Stmt::Return(value) => {
                if let Some(value) = value {
                    self.returned = self.eval(value)?;
                }
                return Ok(Flow::Return);
            }
            Stmt::Break => return Ok(Flow::Break),
            Stmt::Continue => return Ok(Flow::Continue),
            Stmt::Pass => {}
            Stmt::AssignMany(many) => self.assign_many(many)?.let_go(),
            Stmt::Delete(place) => self.delete(*place)?,
            Stmt::DeleteItem(path) => self.delete_item(path)?,
            Stmt::Watched(watched) => return self.watched_statement(watched),
            Stmt::Iteration(turn) => self.begin_turn(turn)?,
        }
        Ok(Flow::Next)
    }

    #[inline(never)]
    fn delete(&mut self, place: VariableSlot) -> Eval<()> {
        match place {
            VariableSlot::Local(slot) => {
                self.stack[self.base + slot as usize] = None;
                Ok(())
            }
            VariableSlot::Global(slot) => self.delete_global(slot),
        }
    }

    #[inline(never)]
    fn while_loop(&mut self, while_loop: &'p While) -> Eval<Flow> {
        while self.condition(&while_loop.condition)? {
            match self.turn(&while_loop.body, while_loop.span)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                Flow::Return => return Ok(Flow::Return),
            }
        }
        Ok(Flow::Next)
    }

    /// One turn of a loop; what stops it without a place stops it at this one.
    #[inline]
    fn turn(&mut self, body: &'p [Stmt], span: Span) -> Eval<Flow> {
        match self.step() {
            Ok(()) => self.block(body),
            Err(stopped) => Err(stopped),
        }
        .map_err(|stopped| self.place(stopped, span))
    }

    /// Gives several places one value, and the value itself.
    #[inline(never)]
    pub(super) fn assign_many(&mut self, many: &'p (Expr, Box<[AssignTarget]>)) -> Eval {
        let value = self.eval(&many.0)?;
        for target in &many.1 {
            match target {
                AssignTarget::Variable(place) => self.set_place(*place, value.clone()),
                AssignTarget::Item(path) => self.set_item(path, None, value.clone(), path.root_span)?.let_go(),
            }
        }
        Ok(value)
    }

    /// `x += value` where both are integers at hand, as counters are; `false`: nothing was done.
    #[inline]
    fn add_integer(&mut self, place: VariableSlot, augment: &Augment) -> bool {
        if augment.op == BinaryOperator::Add
            && let Some(more) = self.known_integer(&augment.value)
            && let Some(Some(Value::Int(sum))) = self.assigned_slot(place)
            && let Some(new) = calculate_integers(BinaryOperator::Add, *sum, more)
        {
            *sum = new;
            return true;
        }
        false
    }

    /// `x += value`: the value is worked out first, then `x` is changed in place where it can be.
    #[inline(never)]
    fn augment(&mut self, place: VariableSlot, augment: &'p Augment) -> Eval<()> {
        let value = self.eval(&augment.value)?;
        // Text grows where it stands.
        if let (Value::Text(more), BinaryOperator::Add) = (&value, augment.op)
            && let Some(Some(Value::Text(text))) = self.assigned_slot(place)
            && (joins(text, more) || quick::is_plain(text))
        {
            let before = text.len();
            let is_copied = text.is_shared();
            text.push(more);
            // What grows by little is looked at every 64 KiB, what is copied every time.
            let after = text.len();
            if before >> 16 != after >> 16 || is_copied {
                self.after_work_on(after as u64).map_err(|stopped| self.place(stopped, augment.span))?;
            }
            return Ok(());
        }
        let old = self.take_place(place, augment.target)?;
        let new = self.combine(old, &value, augment)?;
        self.set_place(place, new);
        Ok(())
    }

    fn combine(&mut self, mut old: Value, value: &Value, augment: &Augment) -> Eval {
        if augment.op == BinaryOperator::Add {
            let added = quick::add_in_place(&mut old, value, &|bytes| self.context.check_memory(bytes));
            if added.map_err(|fault| self.stop_at(fault, augment.span))? {
                return self.admit(old).map_err(|stopped| self.place(stopped, augment.span));
            }
        }
        self.binary_values(augment.op, &old, value, augment.span, augment.target)
    }

    /// Takes the value out of a place that will be set again.
    fn take_place(&mut self, place: VariableSlot, span: Span) -> Eval {
        match place {
            VariableSlot::Local(slot) => {
                let index = self.base + slot as usize;
                match self.stack[index].take() {
                    Some(value) => Ok(value),
                    None => Err(self.unset_local(span)),
                }
            }
            VariableSlot::Global(slot) => self.take_global(slot),
        }
    }

    /// `x = f(x, ...)`: nobody else holds `x` while the function works on it, which is why it is taken last.
    #[inline(never)]
    fn update(&mut self, place: VariableSlot, call: &'p Call) -> Eval<()> {
        let value = match &*call.arguments {
            [_] => {
                let first = self.take_place(place, call.spans[0])?;
                self.call_with(call, [first])?
            }
            [_, second] => {
                let second = self.eval(second)?;
                let first = self.take_place(place, call.spans[0])?;
                self.call_with(call, [first, second])?
            }
            [_, second, third] => {
                let (second, third) = (self.eval(second)?, self.eval(third)?);
                let first = self.take_place(place, call.spans[0])?;
                self.call_with(call, [first, second, third])?
            }
            all => {
                let mut arguments = vec![Value::None; all.len()];
                for (argument, expr) in arguments.iter_mut().zip(all).skip(1) {
                    *argument = self.eval(expr)?;
                }
                arguments[0] = self.take_place(place, call.spans[0])?;
                self.call_with_many(call, &mut arguments)?
            }
        };
        self.set_place(place, value);
        Ok(())
    }

    #[inline(never)]
    fn assign_item(&mut self, item: &'p AssignItem) -> Eval<()> {
        let value = self.eval(&item.value)?;
        // `d['key'] = value` is by far the most frequent: no list of keys is made for it.
        if let (None, [(key, _)]) = (item.op, &*item.path.keys) {
            let key = self.eval(key)?;
            if let Value::Text(key) = &key
                && key.len() as u64 <= SMALL
                && let Some(Some(Value::Dict(entries))) = self.assigned_slot(item.path.root)
                && !entries.is_shared()
                && entries.extent().depth < MAX_DEPTH
                && value.depth() < MAX_DEPTH
            {
                entries.insert(key.clone(), value);
                let extent = entries.extent();
                return self.admit_change(extent, false, item.span);
            }
            return self.change_item(&item.path, &[key], &mut |place, value| place.set(value), value, item.span);
        }
        self.set_item(&item.path, item.op, value, item.span).map(Value::let_go)
    }

    /// Sets an item; what it was set to.
    pub(super) fn set_item(&mut self, path: &'p AssignPath, op: Option<BinaryOperator>, value: Value, span: Span) -> Eval {
        let keys = self.keys(path)?;
        let value = match op {
            None => value,
            Some(op) => {
                let mut old = self.current(path.root)?;
                for (key, (_, span)) in keys.iter().zip(&path.keys) {
                    self.after_work_on(key.size()).map_err(|stopped| self.place(stopped, *span))?;
                    old = item::index(&old, key).map_err(|fault| self.stop_at(fault, *span))?;
                }
                self.binary_values(op, &old, &value, span, span)?
            }
        };
        self.change_item(path, &keys, &mut |place, value| place.set(value), value.clone(), span)?;
        Ok(value)
    }

    #[inline(never)]
    fn delete_item(&mut self, path: &'p AssignPath) -> Eval<()> {
        // In a variable without a value there is nothing to delete.
        if let VariableSlot::Global(_) = path.root
            && matches!(self.current(path.root)?, Value::None)
        {
            return Ok(());
        }
        let keys = self.keys(path)?;
        // Where values are texts, an item is deleted from the list that the text is.
        if self.program.texts_have_items {
            let text = self.current(path.root)?;
            if let Some(items) = self.items_of_text(&text, path.root_span).map_err(|fault| self.stop_at(fault, path.root_span))? {
                self.set_place(path.root, items);
            }
        }
        if keys.len() > 1 && !item::may_hold(&self.current(path.root)?, &keys) {
            return Ok(());
        }
        self.change_item(path, &keys, &mut |place, _| place.delete(), Value::None, path.root_span)
    }

    fn keys(&mut self, path: &'p AssignPath) -> Eval<Vec<Value>> {
        path.keys.iter().map(|(key, _)| self.eval(key)).collect()
    }

    /// Changes one item of a variable in place.
    fn change_item(&mut self, path: &'p AssignPath, keys: &[Value], change: &mut ItemChange<'_>, value: Value, span: Span) -> Eval<()> {
        let key_span = path.keys.last().map_or(path.root_span, |(_, span)| *span);
        if let VariableSlot::Local(slot) = path.root
            && self.stack[self.base + slot as usize].is_none()
        {
            return Err(self.unset_local(path.root_span));
        }
        let mut value = Some(value);
        let mut moved = 0;
        let (result, extent, is_too_deep) = {
            let slot = self.place_mut(path.root)?;
            let mut container = slot.take().unwrap_or_default();
            let result = item::change(&mut container, keys, &mut moved, &mut |place| change(place, value.take().unwrap_or_default()));
            let extent = container.extent();
            let is_too_deep = extent.depth > MAX_DEPTH && container.is_too_deep();
            *slot = Some(container);
            (result, extent, is_too_deep)
        };
        if let Err(mut fault) = result {
            if fault.code == Code::UnsetContainer && matches!(self.current(path.root)?, Value::None) {
                let name = &self.program.source[path.root_span.range()];
                fault.message = message!("item-in-unset-variable", name = name);
                fault.help = Some(message!("item-in-unset-variable-help", name = name));
                return Err(self.stop_at(fault, path.root_span));
            }
            let at_root = matches!(fault.code, Code::TextAssignment | Code::NotIndexable);
            return Err(self.stop_at(fault, if at_root { path.root_span } else { key_span }));
        }
        self.after_work_on(moved).map_err(|stopped| self.place(stopped, span))?;
        self.admit_change(extent, is_too_deep, span)
    }

    /// Refuses a list or dict that has become too deep or too large by one item.
    #[inline]
    fn admit_change(&mut self, extent: Extent, is_too_deep: bool, span: Span) -> Eval<()> {
        if is_too_deep {
            let stopped = self.too_deep();
            return Err(self.place(stopped, span));
        }
        // An item was added to something large: what it costs is counted when the fuel is used up.
        if extent.size > self.context.limits().memory as u64 {
            self.after_work_on(extent.size).map_err(|stopped| self.place(stopped, span))?;
        }
        Ok(())
    }

    #[inline(never)]
    fn for_loop(&mut self, for_loop: &'p For) -> Eval<Flow> {
        match &for_loop.items {
            LoopItems::Range(call) => {
                for number in self.range(call)? {
                    self.set_place(for_loop.first, Value::Int(number));
                    match self.turn(&for_loop.body, for_loop.items_span)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => break,
                        Flow::Return => return Ok(Flow::Return),
                    }
                }
            }
            LoopItems::Value(written) => {
                let items = self.eval(written)?;
                let inside = self.items_of_text(&items, for_loop.items_span).map_err(|fault| self.stop_at(fault, for_loop.items_span))?;
                let items = inside.unwrap_or(items);
                let mut walk =
                    Walk::over(items).map_err(|fault| self.explain_container(fault, (written, &Value::None), for_loop.items_span))?;
                loop {
                    if let Some(second) = for_loop.second {
                        let pair = walk.next_pair().map_err(|fault| self.stop_at(fault, for_loop.items_span))?;
                        let Some((key, value)) = pair else { break };
                        self.set_place(for_loop.first, key);
                        self.set_place(second, value);
                    } else {
                        let Some(item) = walk.next() else { break };
                        self.set_place(for_loop.first, item);
                    }
                    match self.turn(&for_loop.body, for_loop.items_span)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => break,
                        Flow::Return => return Ok(Flow::Return),
                    }
                }
            }
        }
        Ok(Flow::Next)
    }

    /// The numbers that `range(...)` counts.
    fn range(&mut self, call: &'p Call) -> Eval<Range> {
        let mut bounds = [None; 3];
        for (index, argument) in call.arguments.iter().take(bounds.len()).enumerate() {
            let value = self.eval(argument)?;
            if matches!(value, Value::None) {
                continue;
            }
            bounds[index] = value.as_number().and_then(Number::to_integer);
            if bounds[index].is_none() {
                let found = crate::value::arithmetic::shown(&value);
                let fault = Fault::new(Code::BadArgument, message!("argument-expected", expected = Kind::Whole.described(), found = found));
                return Err(self.stop_at(Box::new(fault), call.spans[index]));
            }
        }
        let Some(first) = bounds[0] else {
            let fault = Fault::new(Code::NoValue, message!("argument-missing", expected = Kind::Whole.described()));
            return Err(self.stop_at(Box::new(fault), call.spans[0]));
        };
        let (from, to) = bounds[1].map_or((0, first), |second| (first, second));
        Range::new(from, to, bounds[2].unwrap_or(1)).ok_or_else(|| {
            let fault = Fault::new(Code::BadArgument, message!("range-step-zero"));
            self.stop_at(Box::new(fault), call.spans[2])
        })
    }
}
