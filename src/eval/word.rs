//! Texts with placeholders, and bare words that are taken for text when no variable has their name (language.md section 7).

use super::{Eval, MAX_DIAGNOSTICS, Machine, SMALL};
use crate::diagnostic::Span;
use crate::program::{Hyphenated, TextPiece, Word};
use crate::value::{Text, Value};

impl<'p> Machine<'p, '_, '_> {
    /// A text with its `#{}` filled in.
    pub(super) fn fill(&mut self, pieces: &'p [TextPiece]) -> Eval<Text> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                TextPiece::Text(literal) => text.push_str(literal),
                TextPiece::Placeholder(placeholder) => {
                    let value = self.eval(placeholder)?;
                    if value.size() > SMALL {
                        let size = usize::try_from(value.size()).unwrap_or(usize::MAX).saturating_add(text.len());
                        let checked = self.context.check_memory(size).and_then(|()| self.context.work(value.size()));
                        checked.map_err(|fault| self.stop(fault))?;
                    }
                    value.write_interpolated(&mut text);
                }
            }
        }
        Ok(text.into())
    }

    /// A bare word on the right side of an assignment (language.md section 7).
    pub(super) fn word(&mut self, word: &'p Word) -> Eval {
        if let Some(value) = self.held(word.slot) {
            return Ok(value.clone());
        }
        if let Some(value) = self.find_global(word.slot).map_err(|stopped| self.place(stopped, word.span))? {
            return Ok(value);
        }
        let name = &self.program.globals[word.slot as usize].name;
        self.warn_of_word(name, word.span, word.is_own_text);
        Ok(if word.is_own_text { Value::text(&**name) } else { Value::None })
    }

    /// Names joined by hyphens: a subtraction when one of them has a value, else text.
    pub(super) fn hyphenated(&mut self, joined: &'p Hyphenated) -> Eval {
        for slot in &joined.slots {
            let is_set =
                self.held(*slot).is_some() || self.find_global(*slot).map_err(|stopped| self.place(stopped, joined.span))?.is_some();
            if is_set {
                return self.eval(&joined.otherwise);
            }
        }
        let text = &self.program.source[joined.span.range()];
        self.warn_of_word(text, joined.span, true);
        Ok(Value::text(text))
    }

    /// Says once that a word is taken for text, or has no value.
    fn warn_of_word(&mut self, word: &str, span: Span, is_own_text: bool) {
        let warning = crate::compile::unset_word(word, span, is_own_text);
        let is_known = self.diagnostics.iter().any(|diagnostic| diagnostic.span == span && diagnostic.code == warning.code);
        if self.diagnostics.len() < MAX_DIAGNOSTICS && !is_known {
            self.diagnostics.push(warning);
        }
    }
}
