//! Calls: finds the function, and matches every argument with its parameter (language.md L3.3, L3.6). The one place that binds.

use std::borrow::Cow;
use std::sync::Arc;

use super::Compiler;
use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::function::{Absent, Builtin, Kind, Namespace, PlatformFunction, Role, platform_function};
use crate::program::{AbsentCall, Call, Expr as Node, UserCall};
use crate::syntax::ast::{Arg, Expr, Part, TableRange};
use crate::syntax::names::{latin, odd_letters};
use crate::syntax::normal_form;
use crate::value::Value;
use crate::wording::{Argument, Message, message};

/// How many mistakes of a script come with the name that may be meant.
const MOST_SUGGESTIONS: usize = 50;
/// A function with more parameters than this is looked up by name in a table.
const FEW_PARAMETERS: usize = 16;

/// The name that a call begins with.
pub(super) fn callee(source: &str, span: Span) -> Cow<'_, str> {
    let text = &source[span.range()];
    let end = text.find(|character: char| character != '_' && !unicode_ident::is_xid_continue(character)).unwrap_or(text.len());
    normal_form(&text[..end])
}

/// The plainest and most frequent call: enough positional arguments and not too many.
fn positions_only(builtin: &Builtin, args: &[Arg]) -> Option<Vec<Option<Arg>>> {
    let parameters = &builtin.parameters;
    let left = parameters.get(args.len()..)?;
    let is_plain = args.iter().all(|arg| arg.name.is_none())
        && parameters.last().is_none_or(|last| !last.variadic)
        && left.iter().all(|parameter| !parameter.required);
    is_plain.then(|| args.iter().copied().map(Some).chain(left.iter().map(|_| None)).collect())
}

/// What binding needs to know of a parameter.
struct Declared<'a> {
    name: &'a str,
    alias: Option<&'a str>,
    required: bool,
    variadic: bool,
}

/// What authors call parameters, and parts of the names they have here.
const MEANINGS: &[(&[&str], &[&str])] = &[
    (&["date", "deadline", "due", "due_date", "srok", "срок", "дата", "until"], &["date_srok", "date"]),
    (&["time", "время", "hour", "due_time"], &["time_srok", "time"]),
    (
        &["text", "comment", "body", "message", "note", "desc", "описание", "текст", "комментарий", "заметка"],
        &["description", "text", "message", "comment", "s"],
    ),
    (&["title", "имя", "название", "caption", "subject", "задача", "task", "task_name", "order_name"], &["name", "title"]),
    (&["sum", "price", "amount", "cost", "сумма", "бюджет", "цена"], &["budget", "price"]),
    (&["operator", "user", "mail", "manager", "employee", "responsible", "оператор", "почта"], &["email", "operator", "user"]),
    (&["stage", "status", "state", "step", "этап", "статус"], &["state_id", "state", "stage"]),
    (&["client", "клиент"], &["client_id"]),
    (&["deal", "order", "сделка", "заказ"], &["order_id", "deal_id"]),
    (&["precision", "ndigits", "decimals", "знаков"], &["digits"]),
    (&["sep", "delimiter", "separator", "разделитель", "by", "glue"], &["separator", "sep", "delimiter"]),
    (&["number", "num", "число", "value", "x"], &["n"]),
    (&["string", "str", "строка", "text"], &["s", "text"]),
    (&["reverse", "reversed", "desc", "descending"], &["descending"]),
    (&["min", "from", "start", "от"], &["low", "a"]),
    (&["max", "to", "end", "stop", "до"], &["high", "b"]),
    (&["days", "count", "amount", "дней", "minutes", "months", "years"], &["n"]),
    (&["array", "items", "список", "lst"], &["list", "x"]),
];

/// The parameter that a word of an author means: one of the same meaning, or the only one whose name has the word in it.
fn by_meaning<'n>(given: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let names: Vec<&str> = names.collect();
    let lower = given.to_lowercase();
    let known = MEANINGS.iter().filter(|(words, _)| words.contains(&lower.as_str())).flat_map(|(_, meant)| *meant);
    if let Some(name) = known.into_iter().find_map(|meant| names.iter().find(|name| *name == meant)) {
        return Some(name);
    }
    let mut parts = names.iter().filter(|name| lower.chars().count() > 1 && name.split('_').any(|part| part == lower));
    parts.next().filter(|_| parts.next().is_none()).copied()
}

/// Where parameters stand, by their names.
fn table_of<'n>(parameters: &'n [Declared<'_>]) -> super::FastMap<&'n str, usize> {
    let mut table = super::FastMap::default();
    for (index, parameter) in parameters.iter().enumerate() {
        for name in std::iter::once(parameter.name).chain(parameter.alias) {
            table.entry(name).or_insert(index);
        }
    }
    table
}

impl Compiler<'_> {
    pub(super) fn call(&mut self, span: Span, args: TableRange) -> Node {
        let ast = self.ast;
        let name = callee(self.source, span);
        let list = args;
        let args = ast.args(args);
        let registry = self.options.registry;
        if let Some(builtin) = registry.get(&name) {
            return self.builtin_call(builtin, span, args);
        }
        if let Some(number) = self.functions.get(&name).copied() {
            return self.user_call(&name, number, span, args);
        }
        if let Some(function) = platform_function(&name) {
            return self.absent_call(function, span, args);
        }
        for arg in args {
            self.expression(arg.value);
        }
        self.unknown_function(&name, span, list);
        Node::Const(Value::None)
    }

    /// A call of a platform function that nobody registered: whatever its arguments are, nobody here knows better.
    fn absent_call(&mut self, function: PlatformFunction, span: Span, args: &[Arg]) -> Node {
        let arguments = args.iter().map(|arg| self.expression(arg.value)).collect();
        let length = function.name.len().min(self.source[span.range()].len());
        let place = Span::new(span.start, span.start + u32::try_from(length).unwrap_or(0));
        let (name, group) = (function.name, function.group_in_words());
        match self.options.absent {
            Absent::Error => {
                let diagnostic = Diagnostic::new(Code::NeedsHost, place, message!("needs-host", name = name));
                self.diagnostics.push(diagnostic.help(message!("needs-host-help", group = group)));
                Node::Const(Value::None)
            }
            Absent::None => {
                let diagnostic = Diagnostic::new(Code::NeedsHostHere, place, message!("needs-host-here", name = name));
                self.absent_calls.push(diagnostic.help(message!("needs-host-here-help", group = group)));
                Node::Absent(Box::new(AbsentCall { function, arguments, span: place }))
            }
        }
    }

    /// The name that is meant, for the first of many mistakes: a script that is wrong everywhere is told where, and soon.
    pub(super) fn suggestion<'n>(&self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
        if self.diagnostics.len() > MOST_SUGGESTIONS {
            return None;
        }
        closest(name, known).map(str::to_owned)
    }

    fn builtin_call(&mut self, builtin: &Arc<Builtin>, span: Span, args: &[Arg]) -> Node {
        self.called.insert(builtin.name);
        let bound = if let Some(bound) = positions_only(builtin, args) {
            bound
        } else {
            let parameters: Vec<Declared<'_>> = builtin
                .parameters
                .iter()
                .map(|parameter| Declared {
                    name: parameter.name,
                    alias: parameter.alias,
                    required: parameter.required,
                    variadic: parameter.variadic,
                })
                .collect();
            self.bind(builtin.name, &|| builtin.signature(), &parameters, span, args)
        };
        let mut arguments = Vec::with_capacity(bound.len());
        let mut spans = Vec::with_capacity(bound.len());
        for (index, arg) in bound.into_iter().enumerate() {
            let Some(arg) = arg else {
                arguments.push(Node::Const(Value::None));
                spans.push(span);
                continue;
            };
            let place = self.ast.span(arg.value);
            if let Some(parameter) = builtin.parameters.get(index) {
                self.warn_of_mistaken_variable(parameter.kind, arg, place);
            }
            let argument = self.expression(arg.value);
            if let (Node::Const(Value::Text(text)), Some(Role::Host(word))) =
                (&argument, builtin.parameters.get(index).map(|parameter| parameter.role))
            {
                self.given.insert((word, text.as_str().into()));
            }
            arguments.push(argument);
            spans.push(place);
        }
        Node::Call(Box::new(Call {
            builtin: Arc::clone(builtin),
            arguments: arguments.into_boxed_slice(),
            spans: spans.into_boxed_slice(),
            span,
        }))
    }

    /// A built-in variable that looks like the argument of a parameter and is not (crm.md C1.5).
    fn warn_of_mistaken_variable(&mut self, kind: Kind, arg: Arg, span: Span) {
        // `'#{order_id}'` is the same mistake.
        let value = match self.ast.expr(arg.value) {
            Expr::Template(parts) => match self.ast.parts(parts) {
                [Part::Placeholder(only)] => *only,
                _ => return,
            },
            _ => arg.value,
        };
        if !matches!(kind, Kind::Id(_)) || self.ast.expr(value) != Expr::Name {
            return;
        }
        let name = self.name_at(self.ast.span(value));
        let variable = self.options.registry.variable(&name);
        if let Some(mistaken) = variable.and_then(|variable| variable.mistaken)
            && mistaken.for_kind == kind
            && !self.is_assigned_anywhere(&name)
        {
            let message = message!(
                "variable-mistaken-for",
                name = &*name,
                holds = Message::new(mistaken.holds, Vec::new()),
                expected = kind.described()
            );
            self.diagnostics.push(
                Diagnostic::new(Code::OrderIdText, span, message)
                    .help(message!("write-help", code = mistaken.instead))
                    .fix(span, mistaken.instead),
            );
        }
    }

    fn is_assigned_anywhere(&self, name: &str) -> bool {
        self.global_slots.get(&(Namespace::Bare, Cow::Borrowed(name))).is_some_and(|slot| self.assigned.contains(slot))
            || self.frame.names.contains_key(name)
    }

    fn user_call(&mut self, name: &str, number: u32, span: Span, args: &[Arg]) -> Node {
        let ast = self.ast;
        let declared = ast.parameters(ast.function(number).parameters);
        if declared.len() > super::MAX_PARAMETERS {
            // Reported where it is defined.
            for arg in args {
                self.expression(arg.value);
            }
            return Node::Const(Value::None);
        }
        let left = declared.get(args.len()..);
        let is_plain =
            args.iter().all(|arg| arg.name.is_none()) && left.is_some_and(|left| left.iter().all(|parameter| parameter.default.is_some()));
        let bound: Vec<Option<Arg>> = if is_plain {
            args.iter().copied().map(Some).collect()
        } else {
            let names: Vec<Cow<'_, str>> = declared.iter().map(|parameter| self.name_at(parameter.name)).collect();
            let parameters: Vec<Declared<'_>> = names
                .iter()
                .zip(declared)
                .map(|(name, parameter)| Declared { name, alias: None, required: parameter.default.is_none(), variadic: false })
                .collect();
            let signature = || format!("{name}({})", names.join(", "));
            self.bind(name, &signature, &parameters, span, args)
        };
        let is_complete = bound.len() == declared.len() && bound.iter().all(Option::is_some);
        let arguments: Box<[Option<Node>]> = bound.into_iter().map(|arg| arg.map(|arg| self.expression(arg.value))).collect();
        // The functions of the script stand in the order of the source, and calls name them by their places.
        let place = self.function_numbers.partition_point(|other| *other < number);
        let function = u32::try_from(place).unwrap_or(u32::MAX);
        Node::UserCall(Box::new(UserCall { function, arguments, is_complete, span }))
    }

    /// Gives every parameter its argument, then come the rest of a variadic one.
    fn bind(
        &mut self,
        name: &str,
        signature: &dyn Fn() -> String,
        parameters: &[Declared<'_>],
        span: Span,
        args: &[Arg],
    ) -> Vec<Option<Arg>> {
        let is_variadic = parameters.last().is_some_and(|parameter| parameter.variadic);
        let fixed = if is_variadic { parameters.len() - 1 } else { parameters.len() };
        let mut bound: Vec<Option<Arg>> = vec![None; fixed];
        let mut rest = Vec::new();
        let mut table = None;
        let mut keyword: Option<Span> = None;
        let mut positions = 0;
        let mut is_wrong = false;
        for arg in args {
            let value_span = self.ast.span(arg.value);
            let Some(keyword_span) = arg.name else {
                if let Some(keyword) = keyword {
                    is_wrong = true;
                    self.diagnostics.push(
                        Diagnostic::new(Code::ArgumentCount, value_span, message!("argument-after-named"))
                            .label(keyword, message!("named-argument-label"))
                            .help(message!("argument-after-named-help")),
                    );
                } else if positions < fixed {
                    bound[positions] = Some(*arg);
                } else if is_variadic {
                    rest.push(Some(*arg));
                }
                positions += 1;
                continue;
            };
            keyword = Some(keyword_span);
            let given = self.name_at(keyword_span);
            let matches = |parameter: &Declared<'_>| parameter.name == given || parameter.alias == Some(given.as_ref());
            let found = if fixed <= FEW_PARAMETERS {
                parameters[..fixed].iter().position(matches)
            } else {
                table.get_or_insert_with(|| table_of(&parameters[..fixed])).get(given.as_ref()).copied()
            };
            match found {
                Some(index) if bound[index].is_none() => bound[index] = Some(*arg),
                Some(_) => {
                    is_wrong = true;
                    self.diagnostics.push(
                        Diagnostic::new(Code::ArgumentTwice, keyword_span, message!("argument-twice", name = given))
                            .help(message!("argument-order-help", signature = signature())),
                    );
                }
                None => {
                    is_wrong = true;
                    let names = || parameters[..fixed].iter().map(|parameter| parameter.name);
                    if let Some(latin) = latin(&given).filter(|latin| names().any(|name| name == latin)) {
                        let diagnostic = Diagnostic::new(Code::MixedAlphabets, keyword_span, odd_letters(&given, &latin));
                        self.diagnostics.push(diagnostic.help(message!("one-alphabet-help", name = &latin)).fix(keyword_span, latin));
                        continue;
                    }
                    if let Some(meant) = by_meaning(&given, names()) {
                        let message = message!("unknown-keyword", function = name, name = &*given);
                        let diagnostic = Diagnostic::new(Code::UnknownKeyword, keyword_span, message);
                        self.diagnostics.push(diagnostic.help(message!("did-you-mean", name = meant)).fix(keyword_span, meant));
                        continue;
                    }
                    let meant = self.suggestion(&given, names());
                    let diagnostic =
                        Diagnostic::new(Code::UnknownKeyword, keyword_span, message!("unknown-keyword", function = name, name = given));
                    self.diagnostics.push(match meant {
                        Some(meant) => diagnostic.help(message!("did-you-mean", name = &*meant)).fix(keyword_span, meant),
                        None if self.diagnostics.len() > MOST_SUGGESTIONS => diagnostic,
                        None => diagnostic.help(message!("signature-help", signature = signature())),
                    });
                }
            }
        }
        if !is_wrong {
            self.check_count(name, signature, parameters, span, positions, &bound, is_variadic);
        }
        bound.extend(rest);
        bound
    }

    #[allow(clippy::too_many_arguments, reason = "all of them are facts of one call")]
    fn check_count(
        &mut self,
        name: &str,
        signature: &dyn Fn() -> String,
        parameters: &[Declared<'_>],
        span: Span,
        positions: usize,
        bound: &[Option<Arg>],
        is_variadic: bool,
    ) {
        let fixed = bound.len();
        let help = || message!("signature-help", signature = signature());
        if positions > fixed && !is_variadic {
            let message = match (fixed, parameters.iter().filter(|parameter| parameter.required).count()) {
                (0, _) => message!("takes-no-arguments", function = name, given = positions),
                (most, least) if most == least => message!("takes-arguments", function = name, count = most, given = positions),
                (most, _) => message!("takes-at-most", function = name, count = most, given = positions),
            };
            self.diagnostics.push(Diagnostic::new(Code::ArgumentCount, span, message).help(help()));
            return;
        }
        let missing: Vec<String> = parameters
            .iter()
            .zip(bound)
            .filter(|(parameter, arg)| parameter.required && arg.is_none())
            .map(|(parameter, _)| format!("`{}`", parameter.name))
            .collect();
        if !missing.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::ArgumentCount,
                    span,
                    message!("arguments-missing", function = name, missing = Argument::all(missing)),
                )
                .help(help()),
            );
        }
    }
}
