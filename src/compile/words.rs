//! Warnings of bare words: names that nothing has set and that may be meant as text (language.md section 7), functions
//! without brackets, and values of other languages.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::foreign;
use crate::wording::message;

/// The warning of a word that this script does not set.
pub(crate) fn unset(name: &str, span: Span, is_own_text: bool) -> Diagnostic {
    if !is_own_text && let Some(diagnostic) = foreign_value(name, span) {
        return diagnostic;
    }
    let quoted = format!("'{name}'");
    if is_own_text {
        Diagnostic::new(Code::KeptAsText, span, message!("word-kept-as-text", name = name))
            .help(message!("write-in-quotes-help", quoted = quoted.as_str()))
            .fix(span, quoted)
    } else {
        Diagnostic::new(Code::BareWord, span, message!("word-without-value", name = name))
            .help(message!("if-text-write-in-quotes-help", quoted = quoted.as_str()))
            .fix(span, quoted)
    }
}

/// The warning of a function's name that is not followed by brackets; `needs_none`: it can be called without arguments.
pub(crate) fn function_without_brackets(name: &str, span: Span, signature: &str, needs_none: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BareFunction, span, message!("function-without-brackets", name = name));
    if needs_none {
        let call = format!("{name}()");
        diagnostic.help(message!("write-help", code = &call)).fix(span, call)
    } else {
        diagnostic.help(message!("signature-help", signature = signature))
    }
}

/// The warning of a word that is a value in another language: `undefined`, `Истина`.
pub(crate) fn foreign_value(name: &str, span: Span) -> Option<Diagnostic> {
    let meant = foreign::spelled(name).filter(|meant| matches!(*meant, "True" | "False" | "None"))?;
    let diagnostic = Diagnostic::new(Code::BareWord, span, message!("written-here", written = name, meant = meant));
    // A word in small letters may be an answer of the client.
    let is_certain = name.is_ascii() || name.chars().next().is_some_and(char::is_uppercase);
    Some(if is_certain {
        diagnostic.help(message!("write-help", code = meant)).fix(span, meant)
    } else {
        diagnostic.help(message!("value-or-text-help", code = meant, name = name))
    })
}
