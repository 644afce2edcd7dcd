//! Lists and dicts that are written out, and comprehensions.

use super::{Eval, Machine};
use crate::diagnostic::Span;
use crate::program::{Clause, Comprehension, DictLiteral, Expr, ListLiteral, VariableSlot};
use crate::value::operators::item;
use crate::value::{Dict, Text, Value};

impl<'p> Machine<'p, '_, '_> {
    pub(super) fn list(&mut self, list: &'p ListLiteral) -> Eval {
        let mut values = Vec::with_capacity(list.items.len());
        for item in &list.items {
            values.push(self.eval(item)?);
        }
        self.admit(Value::from(values)).map_err(|stopped| self.place(stopped, list.span))
    }

    pub(super) fn dict(&mut self, dict: &'p DictLiteral) -> Eval {
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

    pub(super) fn comprehension(&mut self, comprehension: &'p Comprehension) -> Eval {
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
                let mut walk =
                    item::Walk::over(source).map_err(|fault| self.explain_container(fault, (items, &Value::None), *items_span))?;
                loop {
                    if let Some(second) = second {
                        let pair = walk.next_pair().map_err(|fault| self.stop_at(fault, *items_span))?;
                        let Some((key, value)) = pair else { return Ok(()) };
                        self.set_place(VariableSlot::Local(*first), key);
                        self.set_place(VariableSlot::Local(*second), value);
                    } else {
                        let Some(item) = walk.next() else { return Ok(()) };
                        self.set_place(VariableSlot::Local(*first), item);
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
}

/// What a comprehension has made so far.
enum Made {
    List(Vec<Value>),
    Dict(Dict),
}
