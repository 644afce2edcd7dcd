//! Arguments: one in the place of another, a name where an id belongs, a date that is in no calendar.

use super::Linter;
use crate::compile::bind::callee;
use crate::diagnostic::{Code, Diagnostic};
use crate::function::{Kind, Parameter};
use crate::syntax::ast::{Arg, Expr, ExprId, Stmt, TableRange};
use crate::value::{Value, calendar, nearly, number};
use crate::wording::message;

/// Whether an argument is what a parameter takes, as far as the script tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Surely,
    Perhaps,
    Not,
}

impl Linter<'_> {
    pub(super) fn call(&mut self, id: ExprId, args: TableRange) {
        let span = self.ast.span(id);
        let args: &[Arg] = self.ast.args(args);
        if args.is_empty() || args.iter().any(|arg| arg.name.is_some()) {
            return;
        }
        let Some(builtin) = self.registry.get(&callee(self.source, span)) else { return };
        if args.len() > builtin.parameters.len() {
            return;
        }
        let Some(wrong) = (0..args.len()).find(|at| self.is_unfit(args[*at].value, &builtin.parameters[*at])) else { return };
        // Of all others, the one whose place it may have, and that surely belongs here.
        let swapped = (0..args.len()).find(|other| {
            *other != wrong
                && self.fit(args[*other].value, &builtin.parameters[wrong]) == Fit::Surely
                && self.fit(args[wrong].value, &builtin.parameters[*other]) != Fit::Not
        });
        let parameter = &builtin.parameters[wrong];
        let place = self.ast.span(args[wrong].value);
        let written = self.at(place);
        let Some(other) = swapped else {
            self.unfit(args[wrong].value, parameter);
            return;
        };
        let mut order: Vec<&str> = args.iter().map(|arg| self.at(self.ast.span(arg.value))).collect();
        order.swap(wrong, other);
        let call = format!("{}({})", callee(self.source, span), order.join(", "));
        let shown = if call.chars().count() <= 100 { call.clone() } else { builtin.signature() };
        self.found.push(
            Diagnostic::new(
                Code::SwappedArguments,
                span,
                message!(
                    "arguments-swapped",
                    first = written,
                    parameter = parameter.name,
                    second = self.at(self.ast.span(args[other].value)),
                    other = builtin.parameters[other].name
                ),
            )
            .help(message!("write-help", code = shown))
            .fix(span, call),
        );
    }

    /// An argument that no other place explains.
    fn unfit(&mut self, value: ExprId, parameter: &Parameter) {
        let span = self.ast.span(value);
        let Some(found) = self.literal(value) else { return };
        let written = self.at(span);
        let name = parameter.name;
        let diagnostic = match parameter.kind {
            Kind::Id(_) => Diagnostic::new(Code::UnfitArgument, span, message!("id-not-a-number", parameter = name, found = written))
                .help(message!("id-not-a-number-help")),
            Kind::Date => {
                let text = found.interpolated();
                let help = match nearly::date(&text) {
                    Some(date) if date != text => message!("write-help", code = format!("'{date}'")),
                    _ => message!("date-form-help"),
                };
                Diagnostic::new(Code::UnfitArgument, span, message!("argument-not-a-date", found = written)).help(help)
            }
            Kind::Time => Diagnostic::new(Code::UnfitArgument, span, message!("argument-not-a-time", found = written))
                .help(message!("time-form-help")),
            Kind::Whole | Kind::Number => {
                let text = found.interpolated();
                let diagnostic =
                    Diagnostic::new(Code::UnfitArgument, span, message!("argument-not-a-number", parameter = name, found = written));
                match nearly::number(&text) {
                    Some(plain) => diagnostic.help(message!("write-help", code = plain)),
                    None => diagnostic.help(message!("number-form-help")),
                }
            }
            Kind::Text if name == "email" => {
                Diagnostic::new(Code::UnfitArgument, span, message!("argument-not-an-address", found = written))
                    .help(message!("address-form-help"))
            }
            _ => return,
        };
        self.found.push(diagnostic);
    }

    /// Whether an argument is surely not what a parameter takes. Of a name it is only known that it is a list, so that most
    /// are not looked for in the script.
    fn is_unfit(&self, value: ExprId, parameter: &Parameter) -> bool {
        let refuses_lists = matches!(parameter.kind, Kind::Date | Kind::Time | Kind::Whole | Kind::Number | Kind::Id(_));
        (refuses_lists || self.ast.expr(value) != Expr::Name) && self.fit(value, parameter) == Fit::Not
    }

    fn fit(&self, value: ExprId, parameter: &Parameter) -> Fit {
        if self.is_list(value) {
            return match parameter.kind {
                Kind::List | Kind::Items | Kind::Sequence => Fit::Surely,
                Kind::Date | Kind::Time | Kind::Whole | Kind::Number | Kind::Id(_) => Fit::Not,
                _ => Fit::Perhaps,
            };
        }
        let Some(value) = self.literal(value) else { return Fit::Perhaps };
        match (&value, parameter.kind) {
            (Value::Text(text), kind) => Self::fit_text(text.as_str(), kind, parameter),
            (Value::Int(_) | Value::Float(_), Kind::Date | Kind::Time | Kind::List | Kind::Items | Kind::Dict) => Fit::Not,
            (Value::Int(_) | Value::Float(_), Kind::Whole | Kind::Number | Kind::Id(_)) => Fit::Surely,
            (Value::Int(_) | Value::Float(_), Kind::Text) if parameter.name == "email" => Fit::Not,
            _ => Fit::Perhaps,
        }
    }

    fn fit_text(text: &str, kind: Kind, parameter: &Parameter) -> Fit {
        let text = text.trim();
        // Nothing, in the ways that mean "not given".
        if matches!(text, "" | "None" | "none") {
            return Fit::Perhaps;
        }
        let surely = |is: bool| if is { Fit::Surely } else { Fit::Not };
        match kind {
            Kind::Date => surely(calendar::parse_date(text).is_some() || calendar::parse_moment(text).is_some()),
            Kind::Time => surely(calendar::parse_time(text).is_some()),
            Kind::Whole | Kind::Number | Kind::Id(_) => surely(number::parse(text).is_some()),
            Kind::List | Kind::Items | Kind::Dict => surely(text.starts_with(['[', '{'])),
            Kind::Text if parameter.name == "email" => surely(text.contains('@')),
            _ => Fit::Perhaps,
        }
    }

    /// Whether an expression is a list: a literal, or a name that holds nothing but lists.
    fn is_list(&self, value: ExprId) -> bool {
        match self.ast.expr(value) {
            Expr::List(_) => true,
            Expr::Name => {
                let name = self.name_at(self.ast.span(value));
                let mut values = self.ast.statements().filter_map(|(statement, _)| {
                    let Stmt::Assign(run) = statement else { return None };
                    let (value, targets) = self.ast.items(run).split_last()?;
                    targets.iter().any(|target| self.name_at(self.ast.span(*target)) == name).then_some(*value)
                });
                values.next().is_some_and(|first| matches!(self.ast.expr(first), Expr::List(_)))
                    && values.all(|other| matches!(self.ast.expr(other), Expr::List(_)))
            }
            _ => false,
        }
    }
}
