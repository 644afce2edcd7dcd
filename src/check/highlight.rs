//! What the words of a file are, for editors that colour them. Looks at lexemes, so that text that does not parse yet has
//! its colours too; what a name is the names of the file say.

use super::Unit;
use super::names::{NameOwner, Occurrence, Use};
use crate::diagnostic::Span;
use crate::syntax::lexeme::{Lexed, Lexeme, lex_in, scan_placeholder};
use crate::syntax::token::Token;
use crate::syntax::trivia::gap;

/// A class of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is called by what it is")]
pub enum Class {
    Comment,
    Keyword,
    Text,
    Number,
    Operator,
    Function,
    Variable,
    Parameter,
}

impl Class {
    /// Every class, in the order of their numbers.
    pub const ALL: &[Self] =
        &[Self::Comment, Self::Keyword, Self::Text, Self::Number, Self::Operator, Self::Function, Self::Variable, Self::Parameter];
}

/// The classes of a file in the order of their places; no two overlap.
#[must_use]
pub fn highlight(unit: &Unit) -> Vec<(Span, Class)> {
    let tokens = unit.calculator.tokens.iter();
    let kept = tokens.filter(|(_, token, _)| *token == Token::RawText).map(|(start, _, end)| (*start, *end)).collect();
    let mut painter = Painter { unit, kept, found: Vec::new() };
    painter.code(0, unit.calculator_end());
    if let Some(start) = unit.message_start() {
        painter.text(start, unit.text().len(), None);
    }
    painter.found.dedup_by(|second, first| second.0.start < first.0.end);
    painter.found
}

struct Painter<'a> {
    unit: &'a Unit,
    /// What the mavibot dialect keeps as text.
    kept: Vec<(u32, u32)>,
    found: Vec<(Span, Class)>,
}

impl Painter<'_> {
    fn add(&mut self, from: usize, to: usize, class: Class) {
        if from < to {
            self.found.push((Span::new(byte(from), byte(to)), class));
        }
    }

    /// The first name of the file that ends after a byte.
    fn names_from(&self, from: usize) -> &[Occurrence] {
        let names = self.unit.names();
        &names[names.partition_point(|name| (name.span.end as usize) <= from)..]
    }

    fn code(&mut self, from: usize, to: usize) {
        let source = self.unit.text();
        let lexemes = lex_in(self.unit.dialect, source, from, to);
        let mut end = from;
        for (index, lexed) in lexemes.iter().enumerate() {
            let (start, stop) = (lexed.start as usize, lexed.end as usize);
            if start < end {
                continue;
            }
            self.comments(end, start);
            end = stop;
            let kept = self.kept.iter().find(|(first, last)| (*first..*last).contains(&lexed.start)).copied();
            if let Some((first, last)) = kept {
                self.text(first as usize, last as usize, Some(Class::Text));
                end = last as usize;
                continue;
            }
            match lexed.kind {
                Lexeme::Quoted | Lexeme::BadQuoted | Lexeme::BadPlaceholder | Lexeme::CurlyQuoted => {
                    self.text(start, stop, Some(Class::Text));
                }
                Lexeme::DynamicName => self.text(start + "#{".len(), stop - "}".len(), Some(Class::Variable)),
                Lexeme::Name | Lexeme::ClientName | Lexeme::ProjectName => self.name(lexed, lexemes.get(index + 1)),
                kind => {
                    if let Some(class) = class_of(kind) {
                        self.add(start, stop, class);
                    }
                }
            }
        }
        self.comments(end, to);
    }

    fn comments(&mut self, from: usize, to: usize) {
        for comment in gap(self.unit.text(), byte(from), byte(to)).comments {
            self.found.push((comment.span, Class::Comment));
        }
    }

    /// A name in code; one that the file's names do not have is that of a function where a bracket follows.
    fn name(&mut self, lexed: &Lexed, next: Option<&Lexed>) {
        let known = self.names_from(lexed.start as usize).first().filter(|name| name.span.end == lexed.end);
        match known {
            Some(name) => self.found.push((name.span, class_of_name(name))),
            None if next.is_some_and(|next| next.kind == Lexeme::OpenParen) => {
                self.add(lexed.start as usize, lexed.end as usize, Class::Function);
            }
            None => {}
        }
    }

    /// Text, whose placeholders are code. `class`: what the text itself is, if it has a colour.
    fn text(&mut self, from: usize, to: usize, class: Option<Class>) {
        let bytes = self.unit.text().as_bytes();
        let (mut at, mut shown) = (from, from);
        while at < to {
            match bytes[at] {
                b'\\' => at += 2,
                b'#' if bytes.get(at + 1) == Some(&b'{') => {
                    let Some(end) = scan_placeholder(bytes, at + 2, true).filter(|end| *end <= to) else {
                        at += 2;
                        continue;
                    };
                    self.literal(shown, at, class);
                    self.code(at + 2, end - 1);
                    (at, shown) = (end, end);
                }
                _ => at += 1,
            }
        }
        self.literal(shown, to, class);
    }

    /// A stretch of text without placeholders; a name may stand in it all the same, as in `get_client_var(101, 'x')`.
    fn literal(&mut self, mut from: usize, to: usize, class: Option<Class>) {
        let Some(class) = class else { return };
        let names: Vec<(Span, Class)> = self
            .names_from(from)
            .iter()
            .take_while(|name| name.span.end as usize <= to)
            .filter(|name| name.span.start as usize >= from)
            .map(|name| (name.span, class_of_name(name)))
            .collect();
        for (span, name) in names {
            self.add(from, span.start as usize, class);
            self.found.push((span, name));
            from = span.end as usize;
        }
        self.add(from, to, class);
    }
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn class_of_name(name: &Occurrence) -> Class {
    match (name.owner, name.usage) {
        (NameOwner::Defined | NameOwner::Builtin, _) => Class::Function,
        (NameOwner::Function(_), Use::Parameter) => Class::Parameter,
        _ => Class::Variable,
    }
}

fn class_of(lexeme: Lexeme) -> Option<Class> {
    Some(match lexeme {
        keyword if keyword.is_keyword() => Class::Keyword,
        Lexeme::Integer | Lexeme::Float => Class::Number,
        Lexeme::BadComment => Class::Comment,
        operator if operator.is_operator() => Class::Operator,
        _ => return None,
    })
}
