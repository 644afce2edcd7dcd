//! Placeholders as other programs write them, in texts and in messages.

use super::Linter;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::ExprId;
use crate::syntax::placeholder;
use crate::wording::message;

pub(super) use crate::syntax::placeholder as placeholder_at_start;

impl Linter<'_> {
    /// `'Hello, {{name}}'`, when `name` is a variable of this bot.
    pub(super) fn text(&mut self, id: ExprId) {
        let span = self.ast.span(id);
        let text = self.at(span);
        if !text.starts_with(['\'', '"']) || !text.contains(['{', '(', '[', '%', '<']) {
            return;
        }
        let is_variable = |name: &str| name.contains('.') || self.known.names.contains(name) || self.registry.variable(name).is_some();
        let mut found = Vec::new();
        in_text(text, span.start, &is_variable, &mut found);
        // A text that is looked for elsewhere in the script is filled in by the author.
        found.retain(|diagnostic| {
            let mark = self.at(diagnostic.span);
            !self.source.contains(&format!("'{mark}'")) && !self.source.contains(&format!("\"{mark}\""))
        });
        self.found.extend(found);
    }
}

/// The foreign placeholders of a message: those that hardly mean anything else, and all that name a variable.
pub(crate) fn in_message(source: &str, span: Span, is_variable: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let text = source.get(span.range()).unwrap_or_default();
    in_text(text, span.start, &|_| true, &mut found);
    found.retain(|diagnostic| {
        let mark = source.get(diagnostic.span.range()).unwrap_or_default();
        mark.starts_with("{{")
            || mark.starts_with("${")
            || mark.starts_with("#(")
            || placeholder(mark).is_some_and(|(name, _)| is_variable(name))
    });
    found
}

fn in_text(text: &str, start: u32, is_variable: &dyn Fn(&str) -> bool, found: &mut Vec<Diagnostic>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        match bytes[at] {
            b'\\' => {
                // `\#{name}` is literal.
                at += if text[at..].starts_with("\\#{") { 3 } else { 1 };
                continue;
            }
            b'#' if bytes.get(at + 1) == Some(&b'{') && bytes.get(at + 2) != Some(&b'{') => {
                at += text[at..].find('}').map_or(2, |length| length + 1);
                continue;
            }
            b'{' | b'$' | b'#' | b'%' | b'@' | b'[' | b'<' => {}
            _ => {
                at += 1;
                continue;
            }
        }
        let Some((name, length)) = placeholder(&text[at..]).filter(|(name, _)| is_variable(name)) else {
            at += 1;
            continue;
        };
        let byte = |at: usize| start + u32::try_from(at).unwrap_or(0);
        let span = Span::new(byte(at), byte(at + length));
        let meant = format!("#{{{name}}}");
        found.push(
            Diagnostic::new(Code::TextPlaceholder, span, message!("sent-as-written", text = &text[at..at + length]))
                .help(message!("placeholder-help", code = &meant, name = name))
                .fix(span, meant),
        );
        at += length;
    }
}
