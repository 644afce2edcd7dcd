//! Calculations whose result can be told before they run: those that fail, and those that are no calculations.

use super::Linter;
use crate::compile::bind::callee;
use crate::diagnostic::{Code, Diagnostic, Fault, Span};
use crate::function::Kind;
use crate::syntax::ast::{BinaryOp, Expr, ExprId};
use crate::value::{Value, arithmetic, nearly, number};
use crate::wording::message;

impl Linter<'_> {
    pub(super) fn calculation(&mut self, id: ExprId, op: BinaryOp, left: ExprId, right: ExprId) {
        let span = self.ast.span(id);
        if op != BinaryOp::Remainder || !self.format_of_python(span, left, right) {
            self.pair(span, op, left, right);
        }
    }

    /// `'Hello, %s' % name`
    fn format_of_python(&mut self, span: Span, left: ExprId, right: ExprId) -> bool {
        let text = self.at(self.ast.span(left));
        let marks = |text: &str| text.matches("%s").count() + text.matches("%d").count();
        if !matches!(self.ast.expr(left), Expr::Text(_)) || !text.starts_with(['\'', '"']) || marks(text) == 0 {
            return false;
        }
        let value = self.at(self.ast.span(right));
        let diagnostic = Diagnostic::new(Code::WillFail, span, message!("format-call"));
        self.found.push(if marks(text) == 1 && self.ast.expr(right) == Expr::Name {
            let meant = text.replace("%s", &format!("#{{{value}}}")).replace("%d", &format!("#{{{value}}}"));
            diagnostic.help(message!("write-help", code = &meant)).fix(span, meant)
        } else {
            diagnostic.help(message!("format-call-help", name = "name"))
        });
        true
    }

    fn pair(&mut self, span: Span, op: BinaryOp, left: ExprId, right: ExprId) {
        if let Some((text, place)) = self.nearly(op, left, right).or_else(|| self.nearly(op, right, left)) {
            self.found.push(text.help_at(place));
            return;
        }
        let (Some(left), Some(right)) = (self.literal(left), self.literal(right)) else { return };
        let no_room = |_: usize| Err(Box::new(Fault::new(Code::MemoryLimit, message!("result-too-large"))));
        let result = match op {
            BinaryOp::Add => arithmetic::add(&left, &right),
            BinaryOp::Subtract => arithmetic::subtract(&left, &right),
            BinaryOp::Multiply => arithmetic::multiply(&left, &right, &no_room),
            BinaryOp::Divide => arithmetic::divide(&left, &right),
            BinaryOp::FloorDivide => arithmetic::floor_divide(&left, &right),
            BinaryOp::Remainder => arithmetic::remainder(&left, &right),
            _ => return,
        };
        if let Err(fault) = result
            && fault.code != Code::MemoryLimit
        {
            let Fault { message, help, .. } = *fault;
            let diagnostic = Diagnostic::new(Code::WillFail, span, message!("will-fail", problem = message));
            self.found.push(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
    }

    /// A flat row of calculations: what it is as a whole, and how it begins.
    pub(super) fn chain(&mut self, id: ExprId, operators: &[BinaryOp], items: &[ExprId]) {
        if let Some(first @ (BinaryOp::Divide | BinaryOp::Subtract)) = operators.first()
            && self.written_without_quotes(self.ast.span(id), *first)
        {
            return;
        }
        if let ([op, ..], [left, right, ..]) = (operators, items)
            && !op.is_comparison()
        {
            let span = self.ast.span(*left).to(self.ast.span(*right));
            self.pair(span, *op, *left, *right);
        }
    }

    /// `20/11/2026`, `2026-11-20`, `8-916-123-45-67`: plain digits that are divided and subtracted without a space.
    fn written_without_quotes(&mut self, span: Span, op: BinaryOp) -> bool {
        let text = self.at(span);
        let sign = if op == BinaryOp::Divide { '/' } else { '-' };
        if text.len() > 20 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == sign as u8) || text.starts_with(sign) {
            return false;
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let parts = text.split(sign).count();
        let (what, quoted, is_certain) = if let Some(date) = nearly::date(text) {
            ("date", format!("'{date}'"), date != text)
        } else if sign == '-' && parts >= 3 && (10..=11).contains(&digits) {
            ("phone", format!("'{text}'"), true)
        } else {
            return false;
        };
        let action = if sign == '/' { "divides" } else { "subtracts" };
        let diagnostic = Diagnostic::new(Code::QuotesMissing, span, message!("calculated-text", action = action, what = what))
            .help(message!("write-help", code = &quoted));
        self.found.push(if is_certain { diagnostic.fix(span, quoted) } else { diagnostic });
        true
    }

    /// An operand that is nearly a number or a date where one is calculated with.
    fn nearly(&self, op: BinaryOp, operand: ExprId, other: ExprId) -> Option<(Nearly, Span)> {
        let Some(Value::Text(text)) = self.literal(operand) else { return None };
        let text = text.as_str();
        let is_number = |value: Option<Value>| match value {
            Some(Value::Int(_) | Value::Float(_)) => true,
            Some(Value::Text(text)) => number::parse(text.as_str()).is_some(),
            _ => false,
        };
        let counts = match op {
            BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::FloorDivide
            | BinaryOp::Remainder
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual => true,
            BinaryOp::Add => is_number(self.literal(other)),
            _ => false,
        };
        if !counts {
            return None;
        }
        let span = self.ast.span(operand);
        if let Some(plain) = nearly::date(text) {
            return Some((Nearly::Date(text.to_owned(), plain), span));
        }
        let plain = nearly::number(text)?;
        Some((Nearly::Number(text.to_owned(), plain), span))
    }

    /// `for x in 5:`, `for i in len(list):`
    pub(super) fn loop_items(&mut self, items: ExprId) {
        let span = self.ast.span(items);
        let is_number = match self.ast.expr(items) {
            Expr::Int(_) | Expr::Float(_) => true,
            Expr::Call(_) => {
                self.registry.get(&callee(self.source, span)).is_some_and(|builtin| matches!(builtin.returns, Kind::Whole | Kind::Number))
            }
            _ => false,
        };
        if !is_number {
            return;
        }
        let counted = format!("range({})", self.at(span));
        self.found.push(
            Diagnostic::new(Code::WillFail, span, message!("loop-over-number"))
                .help(message!("count-from-zero-help", code = &counted))
                .fix(span, counted),
        );
    }

    /// `x =` with a comment behind it, which deletes `x`.
    pub(super) fn deleted_by_comment(&mut self, target: ExprId, span: Span) {
        let name = self.at(self.ast.span(target));
        let written = self.at(span);
        let rest = &self.source[span.end as usize..];
        let comment = rest[..rest.find('\n').unwrap_or(rest.len())].trim();
        if !written.ends_with('=') || !comment.starts_with(['#', '/']) {
            return;
        }
        if comment.starts_with('/') {
            let sign = Span::new(span.end - 1, span.end);
            let diagnostic = Diagnostic::new(Code::DeletedByComment, sign, message!("deleted-before-comment", name = name));
            self.found.push(diagnostic.help(message!("deleted-before-comment-help", name = name)));
            return;
        }
        let line = Span::new(span.start, span.end + u32::try_from(rest.find(comment).unwrap_or(0) + comment.len()).unwrap_or(0));
        let diagnostic = Diagnostic::new(Code::DeletedByComment, line, message!("deleted-by-comment", name = name));
        self.found.push(match super::texts::placeholder_at_start(comment) {
            Some((inner, length)) if length == comment.len() => {
                let whole = format!("{name} = {inner}");
                diagnostic.help(message!("value-or-placeholder-help", code = &whole, name = inner)).fix(line, whole)
            }
            _ => diagnostic.help(message!("deleted-by-comment-help", name = name, comment = comment)),
        });
    }
}

/// A text that people read as a number or a date, and this language does not.
enum Nearly {
    Number(String, String),
    Date(String, String),
}

impl Nearly {
    fn help_at(self, span: Span) -> Diagnostic {
        match self {
            Self::Date(text, plain) if text == plain => {
                Diagnostic::new(Code::NearlyValue, span, message!("no-such-day-in-text", text = text)).help(message!("date-form-help"))
            }
            Self::Date(text, plain) => Diagnostic::new(Code::NearlyValue, span, message!("text-nearly-date", text = text))
                .help(message!("nearly-date-form-help", date = plain)),
            Self::Number(text, plain) => Diagnostic::new(Code::NearlyValue, span, message!("text-nearly-number", text = text))
                .help(message!("write-help", code = plain)),
        }
    }
}
