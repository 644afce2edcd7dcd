//! Calls of functions that do not exist: what was meant, told from look-alike letters, dashes, variables, words of other
//! languages and slips of the finger.

use std::borrow::Cow;

use super::Compiler;
use crate::diagnostic::{Code, Diagnostic, Span, edit_distance};
use crate::function::closest_platform_function;
use crate::syntax::ast::{Arg, Expr, Stmt, TableRange};
use crate::syntax::foreign::{self, Meant};
use crate::syntax::names;
use crate::wording::{Message, message};

/// Of more functions of the script's own no one is suggested.
const MOST_FUNCTIONS: usize = 200;
/// Of more mistakes it is not worked out what was meant.
const MOST_EXPLAINED: usize = 50;

impl Compiler<'_> {
    pub(super) fn unknown_function(&mut self, name: &str, span: Span, args: TableRange) {
        if self.ast.has_broken_def() {
            return;
        }
        let end = span.start + u32::try_from(self.source[span.range()].find('(').unwrap_or(0)).unwrap_or(0);
        let text = self.source[span.start as usize..end as usize].trim_end();
        let place = Span::new(span.start, span.start + u32::try_from(text.len()).unwrap_or(0));
        // A script that is wrong everywhere is told where, and soon.
        if self.diagnostics.len() > MOST_EXPLAINED {
            self.diagnostics.push(Diagnostic::new(Code::UnknownFunction, place, message!("unknown-function", name = name)));
            return;
        }
        let diagnostic = self
            .look_alike(name, place)
            .or_else(|| self.with_dash(name, place))
            .or_else(|| self.variable_called(name, span, args))
            .or_else(|| self.other_case(name, place))
            .or_else(|| self.foreign(name, span, place, args))
            .or_else(|| self.words_with_bracket(name, span, place, args))
            .unwrap_or_else(|| self.misspelt(name, place, args));
        self.diagnostics.push(diagnostic);
    }

    fn is_callable(&self, name: &str) -> bool {
        matches!(name, "if" | "del") || self.options.registry.get(name).is_some() || self.functions.contains_key(name)
    }

    /// `сreate_order(...)` with a Cyrillic letter.
    fn look_alike(&self, name: &str, place: Span) -> Option<Diagnostic> {
        let meant = names::latin(name).filter(|meant| self.is_callable(meant))?;
        Some(
            Diagnostic::new(Code::MixedAlphabets, place, names::odd_letters(name, &meant))
                .help(message!("one-alphabet-help", name = &meant))
                .fix(place, meant),
        )
    }

    /// `set-note('x')`, which subtracts.
    fn with_dash(&self, name: &str, place: Span) -> Option<Diagnostic> {
        let before = &self.source[..place.start as usize];
        let start = before
            .rfind(|character: char| !(character == '-' || character == '_' || unicode_ident::is_xid_continue(character)))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let first = before[start..].strip_suffix('-')?;
        let meant = format!("{first}-{name}").replace('-', "_");
        if first.is_empty() || !self.is_callable(&meant) {
            return None;
        }
        let span = Span::new(u32::try_from(start).ok()?, place.end);
        Some(
            Diagnostic::new(Code::UnknownFunction, span, message!("dash-subtracts", name = format!("{first}-{name}")))
                .help(message!("write-help", code = &meant))
                .fix(span, meant),
        )
    }

    /// `prices('tea')`, where `prices` is a variable.
    fn variable_called(&self, name: &str, span: Span, args: TableRange) -> Option<Diagnostic> {
        let is_variable = self.ast.statements().any(|(statement, _)| match statement {
            Stmt::Assign(run) => self
                .ast
                .items(run)
                .split_last()
                .is_some_and(|(_, targets)| targets.iter().any(|target| self.name_at(self.ast.span(*target)) == name)),
            _ => false,
        });
        let is_builtin = self.options.registry.variable(name).is_some();
        if !is_variable && !is_builtin {
            return None;
        }
        // `current_date()`
        if is_builtin && !is_variable && self.ast.args(args).is_empty() {
            let diagnostic = Diagnostic::new(Code::UnknownFunction, span, message!("variable-called", name = name));
            return Some(diagnostic.help(message!("write-help", code = name)).fix(span, name));
        }
        let [arg] = self.ast.args(args) else {
            return Some(
                Diagnostic::new(Code::UnknownFunction, span, message!("variable-called", name = name))
                    .help(message!("variable-called-help", name = name)),
            );
        };
        let entry = format!("{name}[{}]", &self.source[self.ast.span(arg.value).range()]);
        let diagnostic = Diagnostic::new(Code::UnknownFunction, span, message!("variable-called-with", name = name))
            .help(message!("write-help", code = &entry));
        Some(if arg.name.is_none() && is_variable { diagnostic.fix(span, entry) } else { diagnostic })
    }

    /// `Set_Note('x')`, when small letters are all that is wrong and the arguments fit.
    fn other_case(&self, name: &str, place: Span) -> Option<Diagnostic> {
        let squeezed = |name: &str| name.to_lowercase().replace('_', "");
        let squeezed_name = squeezed(name);
        let own = self.functions.keys().map(AsRef::as_ref);
        let meant: &str = self
            .options
            .registry
            .names()
            .map(|name: &'static str| -> &str { name })
            .chain(own)
            .filter(|known| squeezed(known) == squeezed_name)
            .min()?;
        // What takes a list elsewhere takes several values here.
        if matches!(foreign::called(name), Some(Meant::OfList(_))) {
            return None;
        }
        Some(
            Diagnostic::new(Code::UnknownFunction, place, message!("unknown-function", name = name))
                .help(message!("write-help", code = meant))
                .fix(place, meant),
        )
    }

    /// `toUpperCase(x)`, `TODAY()`, `SUM(1, 2)`.
    fn foreign(&self, name: &str, span: Span, place: Span, args: TableRange) -> Option<Diagnostic> {
        let diagnostic = Diagnostic::new(Code::UnknownFunction, place, message!("unknown-function", name = name));
        let args = self.ast.args(args);
        match foreign::called(name)? {
            // `ЕСЛИ(budget = 5, 1, 0)`: what looks like the name of an argument is compared there.
            Meant::Function("if") if args.iter().any(|arg| arg.name.is_some()) => {
                let part = |arg: &Arg| {
                    let value = &self.source[self.ast.span(arg.value).range()];
                    arg.name.map_or_else(|| value.to_owned(), |name| format!("{} == {value}", &self.source[name.range()]))
                };
                let call = format!("if({})", args.iter().map(part).collect::<Vec<_>>().join(", "));
                Some(diagnostic.help(message!("write-help", code = &call)).fix(span, call))
            }
            Meant::Function(meant) if self.is_callable(meant) => {
                let fits = self.options.registry.get(meant).is_none_or(|builtin| {
                    let (least, most) = builtin.arity();
                    args.len() >= least && most.is_none_or(|most| args.len() <= most)
                });
                let is_same = !matches!(meant, "index" | "substring" | "get_datetime") && !foreign::differs(name);
                Some(if fits && is_same {
                    diagnostic.help(message!("write-help", code = meant)).fix(place, meant)
                } else {
                    let signature = self.options.registry.get(meant).map_or_else(|| meant.to_owned(), |builtin| builtin.signature());
                    diagnostic.help(message!("called-here-help", signature = signature))
                })
            }
            Meant::OfList(meant) if self.is_callable(meant) => {
                let values: Vec<&str> = args.iter().map(|arg| &self.source[self.ast.span(arg.value).range()]).collect();
                let is_list = args.len() == 1 && !matches!(self.ast.expr(args[0].value), Expr::Int(_) | Expr::Float(_));
                let call = if is_list { format!("{meant}({})", values[0]) } else { format!("{meant}([{}])", values.join(", ")) };
                let is_plain = !args.is_empty() && args.iter().all(|arg| arg.name.is_none());
                Some(if is_plain {
                    diagnostic.help(message!("write-help", code = &call)).fix(span, call)
                } else {
                    diagnostic.help(message!("write-help", code = format!("{meant}([1, 2, 3])")))
                })
            }
            Meant::Variable(meant) => {
                let is_plain = args.is_empty();
                Some(if is_plain {
                    diagnostic.help(message!("write-help", code = meant)).fix(span, meant)
                } else {
                    diagnostic.help(message!("nearest-help", code = meant))
                })
            }
            Meant::Otherwise(instead) => Some(diagnostic.help(Message::new(instead, Vec::new()))),
            _ => None,
        }
    }

    /// `answer = Yes (of course)`, which is text without quotes. The mavibot dialect keeps it before it comes here.
    fn words_with_bracket(&self, name: &str, span: Span, place: Span, args: TableRange) -> Option<Diagnostic> {
        let is_apart = self.source[place.end as usize..].starts_with([' ', '\t', '\u{a0}']);
        let args = self.ast.args(args);
        let is_unknown = |name: &str| !self.known.has(name) && self.options.registry.variable(name).is_none();
        let is_word =
            |arg: &Arg| arg.name.is_none() && self.ast.expr(arg.value) == Expr::Name && is_unknown(&self.name_at(self.ast.span(arg.value)));
        if !is_apart || args.is_empty() || !args.iter().all(is_word) || self.nearest(name).is_some() {
            return None;
        }
        let is_whole_value = self.ast.statements().any(|(statement, _)| match statement {
            Stmt::Assign(run) => self.ast.items(run).last().is_some_and(|value| self.ast.span(*value) == span),
            _ => false,
        });
        let quoted = format!("'{}'", &self.source[span.range()]);
        is_whole_value.then(|| {
            Diagnostic::new(Code::UnquotedText, span, message!("text-without-quotes"))
                .help(message!("write-in-quotes-help", quoted = &quoted))
                .fix(span, quoted)
        })
    }

    /// The function whose name is nearest to one that nothing has.
    fn nearest(&self, name: &str) -> Option<String> {
        let own: Vec<Cow<'_, str>> = self.ast.functions().take(MOST_FUNCTIONS).map(|function| self.name_at(function.name)).collect();
        let registered = self.options.registry.names().map(|name: &'static str| -> &str { name });
        self.suggestion(name, own.iter().map(AsRef::as_ref).chain(registered)).filter(|meant| slip(name, meant) != Slip::None)
    }

    fn misspelt(&self, name: &str, place: Span, args: TableRange) -> Diagnostic {
        let diagnostic = Diagnostic::new(Code::UnknownFunction, place, message!("unknown-function", name = name));
        let meant = self.nearest(name);
        if let Some(meant) = closest_platform_function(name, meant.as_deref()) {
            return diagnostic.help(message!("did-you-mean-of-platform", name = meant));
        }
        let Some(meant) = meant else { return diagnostic.help(message!("unknown-function-help")) };
        let fits = self.options.registry.get(&meant).is_none_or(|builtin| {
            let (count, (least, most)) = (self.ast.args(args).len(), builtin.arity());
            count >= least && most.is_none_or(|most| count <= most)
        });
        let diagnostic = diagnostic.help(message!("did-you-mean", name = &meant));
        if fits && slip(name, &meant) == Slip::Sure { diagnostic.fix(place, meant) } else { diagnostic }
    }
}

/// How sure it is that one name is another one with slips of the finger.
#[derive(PartialEq, Eq)]
enum Slip {
    None,
    Perhaps,
    Sure,
}

/// Compares two names word by word: `set_order_state` is not a slip of `set_order_name`.
fn slip(name: &str, meant: &str) -> Slip {
    let (name, meant) = (name.to_lowercase(), meant.to_lowercase());
    let length = |word: &str| word.chars().count();
    let most = |word: &str| if length(word) <= 4 { 1 } else { 2 };
    let (words, others): (Vec<&str>, Vec<&str>) = (name.split('_').collect(), meant.split('_').collect());
    let distance = edit_distance(&name, &meant);
    let is_near = if words.len() == others.len() {
        words.iter().zip(&others).all(|(word, other)| edit_distance(word, other) <= most(word).min(length(other).saturating_sub(1).max(1)))
    } else {
        distance <= most(&name)
    };
    match (is_near, length(&name)) {
        (false, _) => Slip::None,
        (true, 0..=4) => Slip::Perhaps,
        (true, 5..=8) if distance > 1 => Slip::Perhaps,
        (true, _) if distance > 2 => Slip::Perhaps,
        _ => Slip::Sure,
    }
}
