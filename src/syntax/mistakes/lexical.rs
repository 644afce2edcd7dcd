//! Words for lexemes that the lexer could make no sense of: texts that are not closed, odd characters, odd numbers.

use super::pasted::{described, straight};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::builder::too_deep;
use crate::syntax::lexeme::{DEEPEST_PLACEHOLDER, Lexeme, Scan, scan_placeholder, scan_quoted};
use crate::wording::message;

/// A text in quotes, as it has to be written in a script: its placeholders stay what they are.
pub(in crate::syntax) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let mut length = character.len_utf8();
        match character {
            // Text that is kept knows this one escape.
            '\\' if text[at..].starts_with("\\#{") => {
                length = 3;
                out.push_str(&text[at..at + length]);
            }
            '\\' => out.push_str("\\\\"),
            '#' if text[at..].starts_with("#{") => match scan_placeholder(text.as_bytes(), at + 2, false) {
                // Quotes in it are its own.
                Some(end) => {
                    length = end - at;
                    out.push_str(&text[at..end]);
                }
                // One that is not closed is text.
                None => out.push_str("\\#"),
            },
            _ if character == quote => {
                out.push('\\');
                out.push(quote);
            }
            other => out.push(other),
        }
        at += length;
    }
    out.push(quote);
    out
}

/// What is wrong with a lexeme the lexer could not make sense of.
pub(in crate::syntax) fn bad_lexeme(source: &str, kind: Lexeme, span: Span) -> Option<Diagnostic> {
    let text = source.get(span.range()).unwrap_or_default();
    Some(match kind {
        Lexeme::BadComment => Diagnostic::new(Code::UnclosedComment, Span::new(span.start, span.start + 2), message!("comment-open"))
            .help(message!("comment-open-help")),
        Lexeme::BadQuoted => {
            let quote = &text[..1];
            let triple = text.len() >= 3 && text.starts_with(&quote.repeat(3));
            let (quotes, length) = if triple { (quote.repeat(3), 3) } else { (quote.to_owned(), 1) };
            let diagnostic =
                Diagnostic::new(Code::UnclosedString, Span::new(span.start, span.start + length), message!("text-open", quotes = &quotes));
            if triple {
                diagnostic.help(message!("text-open-triple-help", quotes = quotes))
            } else {
                diagnostic.help(message!("text-open-help", quotes = quotes, triple = quote.repeat(3)))
            }
        }
        Lexeme::BadPlaceholder => {
            let at = match scan_quoted(source.as_bytes(), span.start as usize) {
                Scan::OpenPlaceholder(at) => u32::try_from(at).unwrap_or(span.start),
                Scan::TooDeep => {
                    let limit = u32::try_from(DEEPEST_PLACEHOLDER).unwrap_or(u32::MAX);
                    return Some(too_deep(Span::new(span.start, span.start + 1), limit));
                }
                _ => span.start,
            };
            Diagnostic::new(Code::UnclosedPlaceholder, Span::new(at, at + 2), message!("placeholder-open"))
                .help(message!("placeholder-open-help"))
        }
        Lexeme::CurlyQuoted => {
            let straight = straight(text);
            Diagnostic::new(Code::CurlyQuote, span, described(text)).help(message!("write-help", code = &straight)).fix(span, straight)
        }
        Lexeme::BadNumber => bad_number(text, span),
        Lexeme::BadCharacter => Diagnostic::new(Code::UnexpectedCharacter, span, message!("character-without-meaning", character = text))
            .help(message!("character-without-meaning-help")),
        _ => return None,
    })
}

fn bad_number(text: &str, span: Span) -> Diagnostic {
    let quotes = quoted(text);
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.ends_with('.') && text.matches('.').count() == 1 {
        return Diagnostic::new(Code::BadNumber, span, message!("number-ends-in-point", number = text)).help(message!(
            "number-ends-in-point-help",
            number = text,
            whole = text.trim_end_matches('.')
        ));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Diagnostic::new(Code::UnquotedText, span, message!("not-a-number", text = text))
            .help(message!("not-a-number-help", quoted = &quotes))
            .fix(span, quotes);
    }
    Diagnostic::new(Code::BadNumber, span, message!("neither-number-nor-name", text = text))
        .help(message!("neither-number-nor-name-help", quoted = &quotes))
        .fix(span, quotes)
}
