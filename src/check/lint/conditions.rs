//! Conditions that are always the same, and comparisons that are never true.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::function::{Builtin, Kind, Registry};
use crate::syntax::ast::{Ast, BinaryOp, Expr, ExprId, Stmt, UnaryOp};
use crate::value::Value;
use crate::wording::{Message, message};

/// Everything that is sure about the conditions and comparisons of a script.
pub(super) fn check(ast: &Ast, source: &str, registry: &Registry) -> Vec<Diagnostic> {
    let mut checker = ConditionChecker { ast, source, registry, diagnostics: Vec::new() };
    for id in ast.all_statements() {
        match ast.stmt(id).0 {
            Stmt::If(arms, _) => {
                let conditions: Vec<ExprId> = ast.arms(arms).iter().map(|(condition, _)| *condition).collect();
                for condition in &conditions {
                    checker.condition(*condition);
                }
                checker.repeated(&conditions);
            }
            // A loop that only `break` ends is written with a condition that is always true.
            Stmt::While(condition, _) if checker.constant(condition) != Some(true) => checker.condition(condition),
            _ => {}
        }
    }
    for id in ast.all_expressions() {
        match ast.expr(id) {
            Expr::Ternary(start) => checker.condition(ast.three(start)[0]),
            Expr::If(run) => checker.condition(ast.items(run)[0]),
            Expr::Binary(op, left, right) if op.is_comparison() => checker.comparison(op, left, right, ast.span(id)),
            _ => {
                if let Some((BinaryOp::And, operands)) = ast.logic(id) {
                    checker.contradiction(&operands);
                }
            }
        }
    }
    checker.diagnostics
}

struct ConditionChecker<'a> {
    ast: &'a Ast,
    source: &'a str,
    registry: &'a Registry,
    diagnostics: Vec<Diagnostic>,
}

impl ConditionChecker<'_> {
    /// The value of a literal.
    fn literal(&self, id: ExprId) -> Option<Value> {
        Some(match self.ast.expr(id) {
            Expr::None => Value::None,
            Expr::True => Value::from(true),
            Expr::False => Value::from(false),
            Expr::Int(int) => Value::Int(int),
            Expr::Float(float) => Value::from(float),
            Expr::Text(number) => Value::text(self.ast.text(number)),
            _ => return None,
        })
    }

    /// Whether an expression is always true or always false.
    fn constant(&self, id: ExprId) -> Option<bool> {
        match self.ast.expr(id) {
            Expr::Unary(UnaryOp::Not, operand) => self.constant(operand).map(|value| !value),
            Expr::List(items) | Expr::Dict(items) => Some(!self.ast.items(items).is_empty()),
            Expr::Binary(op, left, right) if op.is_comparison() => {
                let (left, right) = (self.literal(left)?, self.literal(right)?);
                Some(match op {
                    BinaryOp::Equal => left.equals(&right),
                    BinaryOp::NotEqual => !left.equals(&right),
                    BinaryOp::Less => left.order(&right).is_some_and(Ordering::is_lt),
                    BinaryOp::LessEqual => left.order(&right).is_some_and(Ordering::is_le),
                    BinaryOp::Greater => left.order(&right).is_some_and(Ordering::is_gt),
                    BinaryOp::GreaterEqual => left.order(&right).is_some_and(Ordering::is_ge),
                    BinaryOp::In => right.contains(&left),
                    _ => !right.contains(&left),
                })
            }
            _ => self.literal(id).map(|value| value.is_true()),
        }
    }

    fn condition(&mut self, condition: ExprId) {
        let ast = self.ast;
        let mut parts = Vec::new();
        let mut open = vec![condition];
        while let Some(id) = open.pop() {
            if let Some((op, operands)) = ast.logic(id) {
                parts.extend(operands.iter().enumerate().map(|(index, operand)| {
                    let before = index.checked_sub(1).map(|before| operands[before]);
                    (op, before, *operand)
                }));
                open.extend(operands);
            }
        }
        for (op, before, operand) in parts {
            let Some(value) = self.constant(operand) else { continue };
            // `x and True` is x; only the operand that decides makes the whole the same always.
            if value != (op == BinaryOp::Or) {
                continue;
            }
            let message =
                if value { message!("always-true-operand", op = op.symbol()) } else { message!("always-false-operand", op = op.symbol()) };
            let diagnostic = Diagnostic::new(Code::ConstantCondition, ast.span(operand), message);
            self.diagnostics.push(match (before.and_then(|before| self.compared(before)), op) {
                (Some(name), BinaryOp::Or) => diagnostic.help(message!("compare-each-help", name = name)),
                _ => diagnostic.help(message!("constant-operand-help")),
            });
            return;
        }
        if let Some(value) = self.constant(condition) {
            let message = if value { message!("always-true-condition") } else { message!("always-false-condition") };
            self.diagnostics
                .push(Diagnostic::new(Code::ConstantCondition, ast.span(condition), message).help(message!("constant-condition-help")));
        }
    }

    /// What a comparison before an `or` compares, such as `city` in `city == 'Kazan' or 'Omsk'`.
    fn compared(&self, id: ExprId) -> Option<&str> {
        match self.ast.expr(id) {
            Expr::Binary(BinaryOp::Equal, name, _) => self.source.get(self.ast.span(name).range()),
            _ => None,
        }
    }

    /// Conditions of one `if` that an earlier one makes useless.
    fn repeated(&mut self, conditions: &[ExprId]) {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let texts: Vec<String> = conditions.iter().map(|condition| self.text_of(*condition)).collect();
        for (index, condition) in conditions.iter().enumerate() {
            let first = *seen.entry(texts[index].as_str()).or_insert(index);
            if first == index {
                continue;
            }
            if self.acts(*condition) {
                continue;
            }
            self.diagnostics.push(
                Diagnostic::new(Code::ConstantCondition, self.ast.span(*condition), message!("repeated-condition"))
                    .label(self.ast.span(conditions[first]), message!("first-condition"))
                    .help(message!("repeated-condition-help")),
            );
        }
    }

    /// The text of an expression without spaces outside of literals.
    fn text_of(&self, id: ExprId) -> String {
        let text = self.source.get(self.ast.span(id).range()).unwrap_or_default();
        if text.contains(['\'', '"']) { text.trim().to_owned() } else { text.split_whitespace().collect() }
    }

    /// Whether evaluating an expression can do more than return a value, or return another one each time.
    fn acts(&self, id: ExprId) -> bool {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if matches!(self.ast.expr(id), Expr::Call(_)) {
                return true;
            }
            open.extend(self.ast.inside(id));
        }
        false
    }

    fn builtin(&self, id: ExprId) -> Option<&Builtin> {
        let Expr::Call(_) = self.ast.expr(id) else { return None };
        let name = super::super::names::callee_span(self.source, self.ast.span(id));
        self.source.get(name.range()).and_then(|name| self.registry.get(name)).map(|builtin| &**builtin)
    }

    fn comparison(&mut self, op: BinaryOp, left: ExprId, right: ExprId, span: Span) {
        let ast = self.ast;
        if ast.expr(left) == Expr::Name && ast.expr(right) == Expr::Name && self.text_of(left) == self.text_of(right) {
            let always = matches!(op, BinaryOp::Equal | BinaryOp::LessEqual | BinaryOp::GreaterEqual);
            if always || matches!(op, BinaryOp::NotEqual | BinaryOp::Less | BinaryOp::Greater) {
                let message = if always { message!("same-sides-true") } else { message!("same-sides-false") };
                self.diagnostics.push(Diagnostic::new(Code::ConstantCondition, span, message).help(message!("same-sides-help")));
            }
            return;
        }
        if matches!(op, BinaryOp::In | BinaryOp::NotIn) {
            self.membership(op, left, right);
            return;
        }
        let (call, other) = match (self.builtin(left), self.builtin(right)) {
            (Some(call), None) => (call, right),
            (None, Some(call)) => (call, left),
            _ => return,
        };
        let Some(value) = self.literal(other) else { return };
        let Some((reason, help)) = never_equal(call, &value) else { return };
        let message = match op {
            BinaryOp::Equal => message!("never-true", reason = reason),
            BinaryOp::NotEqual => message!("always-true", reason = reason),
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual if !call.folds_case() => {
                message!("never-true", reason = reason)
            }
            _ => return,
        };
        self.diagnostics.push(Diagnostic::new(Code::NeverTrue, span, message).help(help));
    }

    /// Items that the result of a function never is, and texts that are never a part of it.
    fn membership(&mut self, op: BinaryOp, left: ExprId, right: ExprId) {
        let ast = self.ast;
        let mut found = Vec::new();
        if let (Some(call), Expr::List(items)) = (self.builtin(left), ast.expr(right)) {
            let items = ast.items(items).iter();
            found.extend(items.filter_map(|item| Some((ast.span(*item), never_equal(call, &self.literal(*item)?)?))));
        } else if let (Some(text), Some(call)) = (self.literal(left), self.builtin(right))
            && call.folds_case()
        {
            found.extend(never_equal(call, &text).map(|why| (ast.span(left), why)));
        }
        for (span, (reason, help)) in found {
            let is_in = op == BinaryOp::In;
            let message = if is_in { message!("never-true", reason = reason) } else { message!("always-true", reason = reason) };
            self.diagnostics.push(Diagnostic::new(Code::NeverTrue, span, message).help(help));
        }
    }

    /// Comparisons of one variable that cannot be true together.
    fn contradiction(&mut self, operands: &[ExprId]) {
        // Few rows compare one variable more often than this, and each pair is looked at.
        const MOST: usize = 50;
        let ast = self.ast;
        let mut before: HashMap<String, Vec<(BinaryOp, Value, ExprId)>> = HashMap::new();
        for operand in operands {
            let Some((name, op, value)) = self.simple(*operand) else { continue };
            let comparisons = before.entry(name.clone()).or_default();
            if let Some((_, _, other)) =
                comparisons.iter().take(MOST).find(|(other_op, other, _)| excludes((op, &value), (*other_op, other)))
            {
                self.diagnostics.push(
                    Diagnostic::new(Code::NeverTrue, ast.span(*operand), message!("contradiction", name = name))
                        .label(ast.span(*other), message!("other-comparison"))
                        .help(message!("contradiction-help")),
                );
                return;
            }
            comparisons.push((op, value, *operand));
        }
    }

    /// A comparison of a variable with a literal.
    fn simple(&self, id: ExprId) -> Option<(String, BinaryOp, Value)> {
        let Expr::Binary(op, left, right) = self.ast.expr(id) else { return None };
        let is_variable = |id: ExprId| matches!(self.ast.expr(id), Expr::Name | Expr::Scoped(_));
        if is_variable(left) {
            return Some((self.text_of(left), op, self.literal(right)?));
        }
        let turned = match op {
            BinaryOp::Less => BinaryOp::Greater,
            BinaryOp::LessEqual => BinaryOp::GreaterEqual,
            BinaryOp::Greater => BinaryOp::Less,
            BinaryOp::GreaterEqual => BinaryOp::LessEqual,
            BinaryOp::Equal => BinaryOp::Equal,
            _ => return None,
        };
        is_variable(right).then(|| Some((self.text_of(right), turned, self.literal(left)?)))?
    }
}

/// Why the result of a function never equals a value, and what to do.
fn never_equal(call: &Builtin, value: &Value) -> Option<(Message, Message)> {
    let name = call.name;
    let Value::Text(text) = value else { return None };
    if let Some(folded) = call.folded_case(text.as_str())
        && folded != text.as_str()
    {
        return Some((message!("folded-case", function = name, text = &folded), message!("write-text-help", text = &folded)));
    }
    let is_number = matches!(call.returns, Kind::Whole | Kind::Number) && call.failure.is_none();
    let is_flag = call.returns == Kind::Flag && call.failure.is_none();
    if text.trim().is_empty() || value.as_number().is_some() {
        return None;
    }
    if is_flag {
        return Some((message!("flag-and-text", function = name, text = text.as_str()), message!("flag-and-text-help", function = name)));
    }
    is_number.then(|| (message!("number-and-text", function = name, text = text.as_str()), message!("number-and-text-help")))
}

/// Whether no value fits both comparisons.
fn excludes((first, one): (BinaryOp, &Value), (second, other): (BinaryOp, &Value)) -> bool {
    use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual};
    // A list or dict in a variable may be text in one comparison and more in another; only plain values are judged.
    let numbers = || Some((one.as_number()?.to_f64(), other.as_number()?.to_f64()));
    match (first, second) {
        (Equal, Equal) => !(one.equals(other) || one.is_none_or_empty() && other.is_none_or_empty()),
        (Less, Greater | GreaterEqual) | (LessEqual, Greater) => numbers().is_some_and(|(most, least)| most <= least),
        (LessEqual, GreaterEqual) => numbers().is_some_and(|(most, least)| most < least),
        (Less, Equal) => numbers().is_some_and(|(most, value)| value >= most),
        (LessEqual, Equal) => numbers().is_some_and(|(most, value)| value > most),
        (Greater, Equal) => numbers().is_some_and(|(least, value)| value <= least),
        (GreaterEqual, Equal) => numbers().is_some_and(|(least, value)| value < least),
        (Greater | GreaterEqual, Less | LessEqual) | (Equal, Less | LessEqual | Greater | GreaterEqual) => {
            excludes((second, other), (first, one))
        }
        _ => false,
    }
}
