//! Warnings of bare words: names that nothing has set and that may be meant as text (language.md section 7).

use crate::diagnostic::{Code, Diagnostic, Span};

/// The warning of a word that this script does not set.
pub(crate) fn unset(name: &str, span: Span, is_own_text: bool) -> Diagnostic {
    let quoted = format!("'{name}'");
    if is_own_text {
        Diagnostic::new(Code::KeptAsText, span, format!("nothing is called `{name}`, so it is its own text"))
            .help(format!("write it in quotes: `{quoted}`"))
            .fix(span, quoted)
    } else {
        Diagnostic::new(Code::BareWord, span, format!("nothing has set `{name}`, so it has no value"))
            .help(format!("if it is text, write it in quotes: {quoted}"))
            .fix(span, quoted)
    }
}
