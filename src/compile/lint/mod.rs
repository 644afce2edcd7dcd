//! Warnings of what compiles and is hardly meant: looks at the finished tree, one file for each kind. Changes nothing of
//! what is compiled.

mod arguments;
mod names;
mod texts;
mod values;

pub(crate) use texts::in_message;

use std::borrow::Cow;

use super::{Compiler, FastMap, FastSet};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::function::Registry;
use crate::syntax::ast::{Ast, Expr, ExprId, Stmt, UnaryOp};
use crate::syntax::{Dialect, normal_form};
use crate::value::Value;

/// More warnings of one script help nobody.
const MOST: usize = 200;

/// The names that a script, or whoever calls it, may have given a value (language.md section 7).
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    names: FastSet<Cow<'a, str>>,
    /// Names that a condition looks at, as one does at what another block may have set.
    asked: FastSet<Cow<'a, str>>,
    /// Beginnings of names that end in a number.
    prefixes: Vec<String>,
    /// Whether names are set that only the run knows.
    any: bool,
}

impl Known<'_> {
    pub(super) fn has(&self, name: &str) -> bool {
        self.asked.contains(name) || self.is_set(name)
    }

    /// Whether a line of the script sets the name.
    fn is_set(&self, name: &str) -> bool {
        self.any
            || self.names.contains(name)
            || self.prefixes.iter().any(|prefix| {
                name.strip_prefix(prefix.as_str()).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
            })
    }
}

/// About how many names a script sets.
pub(super) fn names_of(ast: &Ast) -> usize {
    ast.statements().len().min(64)
}

/// What the lints look at.
struct Linter<'a> {
    ast: &'a Ast,
    source: &'a str,
    registry: &'a Registry,
    functions: &'a FastMap<Cow<'a, str>, u32>,
    known: &'a Known<'a>,
    found: Vec<Diagnostic>,
    /// Warnings for a check alone: of names that another file or the store may know, and of what the run reports itself.
    words: Vec<Diagnostic>,
}

pub(super) use names::known;

/// All warnings of a tree, and those for a check alone.
pub(super) fn find(compiler: &Compiler<'_>, known: &Known<'_>) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let mut lint = Linter {
        ast: compiler.ast,
        source: compiler.source,
        registry: compiler.options.registry,
        functions: &compiler.functions,
        known,
        found: Vec::new(),
        words: Vec::new(),
    };
    for id in compiler.ast.expression_ids() {
        if lint.found.len() + lint.words.len() > MOST {
            break;
        }
        match compiler.ast.expr(id) {
            Expr::Name => lint.name(id),
            Expr::Binary(op, left, right) => {
                lint.comparison(op, left, right);
                lint.calculation(id, op, left, right);
                lint.other_comment(op, right);
            }
            Expr::Chain(run, operators) => {
                let items = compiler.ast.items(run);
                let operators = compiler.ast.operators(operators, items.len() - 1);
                for (at, op) in operators.iter().enumerate() {
                    lint.comparison(*op, items[at], items[at + 1]);
                }
                lint.chain(id, operators, items);
                if let (Some(op), Some(last)) = (operators.last(), items.last()) {
                    lint.other_comment(*op, *last);
                }
            }
            Expr::Call(args) => lint.call(id, args),
            Expr::Text(_) | Expr::Template(_) => lint.text(id),
            _ => {}
        }
    }
    for (statement, span) in compiler.ast.statements() {
        match statement {
            Stmt::Augment(_, target, _) => lint.unset_sum(target),
            Stmt::For(number) => lint.loop_items(compiler.ast.for_loop(number).items),
            Stmt::Delete(target) if compiler.options.dialect == Dialect::Strict => lint.deleted_by_comment(target, span),
            Stmt::Expr(id) => lint.block_end(id),
            _ => {}
        }
    }
    let is_told_by_the_run = |diagnostic: &Diagnostic| {
        matches!(diagnostic.code, Code::WillFail | Code::UnfitArgument | Code::NearlyValue | Code::SwappedArguments)
    };
    let (told, found) = lint.found.into_iter().partition(is_told_by_the_run);
    lint.words.extend::<Vec<Diagnostic>>(told);
    (found, lint.words)
}

impl<'a> Linter<'a> {
    fn at(&self, span: Span) -> &'a str {
        self.source.get(span.range()).unwrap_or_default()
    }

    fn name_at(&self, span: Span) -> Cow<'a, str> {
        normal_form(self.at(span))
    }

    /// The value of a literal.
    fn literal(&self, id: ExprId) -> Option<Value> {
        literal(self.ast, id)
    }

    /// The name of an expression that is nothing but a name, when it is neither set nor built in.
    fn unset_name(&self, id: ExprId) -> Option<Cow<'a, str>> {
        if self.ast.expr(id) != Expr::Name {
            return None;
        }
        let name = self.name_at(self.ast.span(id));
        (!self.known.is_set(&name) && self.registry.variable(&name).is_none()).then_some(name)
    }

    fn is_function(&self, name: &str) -> bool {
        self.registry.get(name).is_some() || self.functions.contains_key(name)
    }
}

/// The value of a literal.
fn literal(ast: &Ast, id: ExprId) -> Option<Value> {
    Some(match ast.expr(id) {
        Expr::Int(int) => Value::Int(int),
        Expr::Float(float) => Value::from(float),
        Expr::Text(number) => Value::text(ast.text(number)),
        Expr::None => Value::None,
        Expr::True => Value::from(true),
        Expr::False => Value::from(false),
        Expr::Unary(UnaryOp::Negate, inner) => match ast.expr(inner) {
            Expr::Int(int) => Value::Int(int.checked_neg()?),
            Expr::Float(float) => Value::from(-float),
            _ => return None,
        },
        _ => return None,
    })
}
