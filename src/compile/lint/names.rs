//! Names: which of them are set, and what is said of the others.

use std::borrow::Cow;

use super::{Known, Linter};
use crate::compile::bind::callee;
use crate::compile::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::function::{Family, Registry};
use crate::syntax::ast::{Ast, BinaryOp, Expr, ExprId, Stmt, TableRange, UnaryOp};
use crate::syntax::names::{latin, odd_letters};
use crate::syntax::{is_block_end, normal_form};
use crate::wording::message;

/// The names that the tree sets: assigned on any line, set through a function, or looked at by a condition first.
pub(in crate::compile) fn known<'a>(ast: &'a Ast, source: &'a str, registry: &Registry) -> Known<'a> {
    let mut known = Known::default();
    known.names.reserve(super::names_of(ast));
    let name = |span: Span| -> Cow<'a, str> {
        let name = source.get(span.range()).unwrap_or_default();
        normal_form(name.split_once('.').map_or(name, |(_, name)| name))
    };
    let target = |known: &mut Known<'a>, target: ExprId| {
        let mut root = target;
        while let Expr::Index(container, _) = ast.expr(root) {
            root = container;
        }
        known.names.insert(name(ast.span(root)));
    };
    let asked = |known: &mut Known<'a>, condition: ExprId| {
        looked_at(ast, condition, &mut |span| {
            known.asked.insert(name(span));
        });
    };
    for (statement, _) in ast.statements() {
        match statement {
            Stmt::Assign(run) => {
                if let Some((_, targets)) = ast.items(run).split_last() {
                    for item in targets {
                        target(&mut known, *item);
                    }
                }
            }
            Stmt::Augment(_, item, _) | Stmt::Delete(item) => target(&mut known, item),
            Stmt::For(number) => {
                let (first, second) = ast.for_loop(number).variables;
                known.names.insert(name(first));
                known.names.extend(second.map(name));
            }
            Stmt::If(arms, _) => {
                for (condition, _) in ast.arms(arms) {
                    asked(&mut known, *condition);
                }
            }
            Stmt::While(condition, _) => asked(&mut known, condition),
            Stmt::Def(number) => {
                for parameter in ast.parameters(ast.function(number).parameters) {
                    known.names.insert(name(parameter.name));
                }
            }
            _ => {}
        }
    }
    for id in ast.expression_ids() {
        match ast.expr(id) {
            Expr::Ternary(start) => asked(&mut known, ast.three(start)[0]),
            Expr::If(run) => asked(&mut known, ast.items(run)[0]),
            // `city or 'Moscow'`
            Expr::Binary(BinaryOp::Or, left, _) => asked(&mut known, left),
            Expr::Comprehension(number) => {
                for (first, second) in ast.comprehension_variables(number) {
                    known.names.insert(name(first));
                    known.names.extend(second.map(name));
                }
            }
            Expr::Call(args) => set_by_call(ast, source, registry, ast.span(id), args, &mut known),
            _ => {}
        }
    }
    known
}

/// The names that a condition asks about: alone, or on the left of a comparison.
fn looked_at(ast: &Ast, condition: ExprId, found: &mut dyn FnMut(Span)) {
    match ast.expr(condition) {
        Expr::Name => found(ast.span(condition)),
        Expr::Unary(UnaryOp::Not, inner) => looked_at(ast, inner, found),
        Expr::Binary(BinaryOp::And | BinaryOp::Or, left, right) => {
            looked_at(ast, left, found);
            looked_at(ast, right, found);
        }
        Expr::Binary(op, left, _) if op.is_comparison() => looked_at(ast, left, found),
        Expr::Chain(run, operators) => {
            let items = ast.items(run);
            let asks_all = ast.operators(operators, items.len() - 1).iter().all(|op| matches!(op, BinaryOp::And | BinaryOp::Or));
            for item in if asks_all { items } else { &items[..1] } {
                looked_at(ast, *item, found);
            }
        }
        _ => {}
    }
}

/// Names that stand as texts among the arguments of a function of the CRM, and those that `unpack_list` makes.
fn set_by_call<'a>(ast: &'a Ast, source: &'a str, registry: &Registry, span: Span, args: TableRange, known: &mut Known<'a>) {
    let Some(builtin) = registry.get(&callee(source, span)) else { return };
    let args = ast.args(args);
    let is_numbered = builtin.acts && builtin.parameters.iter().any(|parameter| parameter.default == Some("'var'"));
    if is_numbered {
        match args.get(1).map(|arg| super::literal(ast, arg.value)) {
            None => known.prefixes.push("var".to_owned()),
            Some(Some(value)) => known.prefixes.push(value.interpolated().into_owned()),
            Some(None) => known.any = true,
        }
        return;
    }
    if builtin.family != Family::Host {
        return;
    }
    for (at, arg) in args.iter().enumerate() {
        let names_variable = builtin.parameters.get(at).is_some_and(|parameter| parameter.name.starts_with("variable"));
        texts_of(ast, arg.value, known, names_variable);
    }
}

fn texts_of<'a>(ast: &'a Ast, value: ExprId, known: &mut Known<'a>, names_variable: bool) {
    match ast.expr(value) {
        Expr::Text(number) => {
            known.names.insert(normal_form(ast.text(number)));
        }
        Expr::List(run) | Expr::Dict(run) => {
            for item in ast.items(run) {
                if let Expr::Text(number) = ast.expr(*item) {
                    known.names.insert(normal_form(ast.text(number)));
                }
            }
        }
        // A name that is worked out may be any.
        _ if names_variable => known.any = true,
        _ => {}
    }
}

impl Linter<'_> {
    /// A function's name without brackets, a word of another language, or a name that looks like one that is set, wherever
    /// a value is read.
    pub(super) fn name(&mut self, id: ExprId) {
        let span = self.ast.span(id);
        let Some(name) = self.unset_name(id) else { return };
        if let Some(diagnostic) = self.look_alike(&name, span) {
            self.words.push(diagnostic);
            return;
        }
        if let Some(diagnostic) = self.function_without_brackets(&name, span) {
            self.words.push(diagnostic);
        } else if let Some(diagnostic) = words::foreign_value(&name, span) {
            self.words.push(diagnostic);
        }
    }

    /// `х = 5` and then `x + 1`, with letters of two alphabets.
    fn look_alike(&self, name: &str, span: Span) -> Option<Diagnostic> {
        let (odd, plain, meant) = match latin(name) {
            Some(meant) if self.known.names.contains(meant.as_str()) => (name.to_owned(), meant.clone(), meant),
            Some(_) => return None,
            None if !name.is_ascii() => return None,
            None => {
                let meant = self.known.names.iter().find(|known| latin(known).is_some_and(|latin| latin == name))?;
                (meant.to_string(), name.to_owned(), meant.to_string())
            }
        };
        let letters = odd_letters(&odd, &plain);
        let diagnostic = Diagnostic::new(Code::BareWord, span, message!("look-alike-name", name = name, letters = letters));
        Some(diagnostic.help(message!("write-as-above-help", name = &meant)).fix(span, meant))
    }

    /// `x = 5 // comment` and `x = 5 -- comment`, which calculate with a word.
    pub(super) fn other_comment(&mut self, op: BinaryOp, right: ExprId) {
        let (mark, word) = match (op, self.ast.expr(right)) {
            (BinaryOp::FloorDivide, Expr::Name) => ("//", right),
            (BinaryOp::Subtract, Expr::Unary(UnaryOp::Negate, word)) => ("--", word),
            _ => return,
        };
        if self.unset_name(word).is_none() {
            return;
        }
        let span = self.ast.span(word);
        let Some(before) = self.source[..span.start as usize].trim_end().strip_suffix(mark) else { return };
        let start = u32::try_from(before.len()).unwrap_or(span.start);
        let rest = &self.source[span.end as usize..];
        if !rest[..rest.find('\n').unwrap_or(rest.len())].trim().is_empty() {
            return;
        }
        let comment = format!("/* {} */", self.at(span));
        let message = message!("calculates-with-comment", mark = mark);
        let diagnostic = Diagnostic::new(Code::WillFail, Span::new(start, span.end), message);
        self.found.push(diagnostic.help(message!("write-help", code = &comment)).fix(Span::new(start, span.end), comment));
    }

    fn function_without_brackets(&self, name: &str, span: Span) -> Option<Diagnostic> {
        if let Some(builtin) = self.registry.get(name) {
            return Some(words::function_without_brackets(name, span, &builtin.signature(), builtin.arity().0 == 0));
        }
        let number = self.functions.get(name)?;
        let parameters = self.ast.parameters(self.ast.function(*number).parameters);
        let signature: Vec<&str> = parameters.iter().map(|parameter| self.at(parameter.name)).collect();
        let needs_none = parameters.iter().all(|parameter| parameter.default.is_some());
        Some(words::function_without_brackets(name, span, &format!("{name}({})", signature.join(", ")), needs_none))
    }

    /// `if city == Moscow:`, `if answer in [yes, no]:`
    pub(super) fn comparison(&mut self, op: BinaryOp, left: ExprId, right: ExprId) {
        let is_asked = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::In | BinaryOp::NotIn);
        // A number or a text on the left is compared with what the right side holds.
        if !is_asked || self.literal(left).is_some() {
            return;
        }
        if let (BinaryOp::In | BinaryOp::NotIn, Expr::List(run)) = (op, self.ast.expr(right)) {
            for item in self.ast.items(run) {
                self.compared_word(*item);
            }
        } else if !matches!(op, BinaryOp::In | BinaryOp::NotIn) {
            self.compared_word(right);
        }
    }

    fn compared_word(&mut self, id: ExprId) {
        let span = self.ast.span(id);
        let Some(name) = self.unset_name(id) else { return };
        if self.known.has(&name) || self.is_function(&name) || words::foreign_value(&name, span).is_some() {
            return;
        }
        self.words.push(words::unset(&name, span, false));
    }

    /// `endif` on a line of its own.
    pub(super) fn block_end(&mut self, id: ExprId) {
        let Some(name) = self.unset_name(id).filter(|name| is_block_end(&name.to_lowercase())) else { return };
        let span = self.ast.span(id);
        let diagnostic = Diagnostic::new(Code::BareWord, span, message!("no-such-word", word = name));
        self.found.push(diagnostic.help(message!("block-end-help")).fix(span, ""));
    }

    /// `_sum += 5`, where nothing has given `_sum` a value.
    pub(super) fn unset_sum(&mut self, target: ExprId) {
        if self.ast.expr(target) != Expr::Name {
            return;
        }
        let span = self.ast.span(target);
        let name = self.name_at(span);
        if !name.starts_with('_') || self.is_assigned(&name) {
            return;
        }
        let end = self.source[span.end as usize..].find('\n').map_or(self.source.len(), |length| span.end as usize + length);
        let whole = Span::new(span.start, u32::try_from(end).unwrap_or(span.end).min(span.end + 3));
        self.found.push(
            Diagnostic::new(Code::WillFail, whole, message!("underscore-without-value", name = &*name))
                .help(message!("underscore-without-value-help", name = &*name)),
        );
    }

    /// Whether any statement but `+=` and its kind sets a name.
    fn is_assigned(&self, name: &str) -> bool {
        self.ast.statements().any(|(statement, _)| match statement {
            Stmt::Assign(run) => self
                .ast
                .items(run)
                .split_last()
                .is_some_and(|(_, targets)| targets.iter().any(|target| self.name_at(self.ast.span(*target)) == name)),
            Stmt::For(number) => {
                let (first, second) = self.ast.for_loop(number).variables;
                self.name_at(first) == name || second.is_some_and(|second| self.name_at(second) == name)
            }
            Stmt::Def(number) => {
                self.ast.parameters(self.ast.function(number).parameters).iter().any(|parameter| self.name_at(parameter.name) == name)
            }
            _ => false,
        }) || self.known.prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
            || self.known.any
    }
}
