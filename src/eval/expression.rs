//! Expressions: where each kind of them is worked out; variables, items and slices here.

use super::{Eval, Machine, Stopped};
use crate::diagnostic::{Code, Diagnostic, Fault, Span};
use crate::program::{Expr, Index, Slice};
use crate::value::Value;
use crate::value::operators::item;
use crate::value::operators::quick::of_integers;
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
            Expr::WithInteger(with) => match self.integer_variable(with.place).and_then(|left| of_integers(with.op, left, with.integer)) {
                Some(value) => Ok(value),
                None => self.simple_binary(&with.general),
            },
            Expr::LeafBinary(binary) => self.simple_binary(binary),
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
        if let (Some(container), Some(key)) = (self.stored_value(&index.container), self.stored_value(&index.index))
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
            Code::NoValue | Code::NotIndexable => self.explain_container(fault, (&index.container, &container), index.span),
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
                let text = self.fill(&name.pieces)?;
                self.read_by_name(&text, &name.inner).map_err(|stopped| self.place(stopped, name.span))
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
        let part = part.map_err(|fault| self.explain_container(fault, (&slice.container, &container), slice.span))?;
        self.admit(part).map_err(|stopped| self.place(stopped, slice.span))
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

    #[cold]
    pub(super) fn unset_local(&mut self, span: Span) -> Stopped {
        let name = &self.program.source[span.range()];
        let fault = Fault::new(Code::LocalUnset, message!("local-unset", name = name));
        self.stop_at(Box::new(fault.help(message!("local-unset-help", name = name))), span)
    }
}
