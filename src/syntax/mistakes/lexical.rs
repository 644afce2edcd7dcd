//! Words for lexemes that the lexer could make no sense of: texts that are not closed, odd characters, odd numbers.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::lexeme::{Lexeme, Scan, scan_quoted};

/// A text in quotes, as it has to be written in a script.
pub(in crate::syntax) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for (at, character) in text.char_indices() {
        match character {
            // Text that is kept knows this one escape.
            '\\' if text[at..].starts_with("\\#{") => out.push('\\'),
            '\\' => out.push_str("\\\\"),
            _ if character == quote => {
                out.push('\\');
                out.push(quote);
            }
            other => out.push(other),
        }
    }
    out.push(quote);
    out
}

/// What is wrong with a lexeme the lexer could not make sense of.
pub(in crate::syntax) fn bad_lexeme(source: &str, kind: Lexeme, span: Span) -> Option<Diagnostic> {
    let text = source.get(span.range()).unwrap_or_default();
    Some(match kind {
        Lexeme::BadComment => Diagnostic::new(Code::UnclosedComment, Span::new(span.start, span.start + 2), "this comment is not closed")
            .help("write `*/` where the comment ends"),
        Lexeme::BadQuoted => {
            let quote = &text[..1];
            let triple = text.len() >= 3 && text.starts_with(&quote.repeat(3));
            let (quotes, length) = if triple { (quote.repeat(3), 3) } else { (quote.to_owned(), 1) };
            let diagnostic = Diagnostic::new(
                Code::UnclosedString,
                Span::new(span.start, span.start + length),
                format!("the text that begins with this {quotes} is not closed"),
            );
            if triple {
                diagnostic.help(format!("write {quotes} where the text ends"))
            } else {
                diagnostic
                    .help(format!("write {quotes} where the text ends; a text over several lines is written between {}", quote.repeat(3)))
            }
        }
        Lexeme::BadFilling => {
            let at = match scan_quoted(source.as_bytes(), span.start as usize) {
                Scan::OpenFilling(at) => u32::try_from(at).unwrap_or(span.start),
                _ => span.start,
            };
            Diagnostic::new(Code::UnclosedFilling, Span::new(at, at + 2), "this `#{` is not closed")
                .help("write `}` after the variable, or `\\#{` if the characters themselves are meant")
        }
        Lexeme::CurlyQuoted => {
            let inner = text.trim_matches(|character| "“”„‘’«»".contains(character));
            let straight = quoted(inner);
            let diagnostic =
                Diagnostic::new(Code::CurlyQuote, span, "these are typographic quotes, and a text begins and ends with straight ones");
            diagnostic.help(format!("write {straight}")).fix(span, straight)
        }
        Lexeme::BadNumber => bad_number(text, span),
        Lexeme::BadCharacter => Diagnostic::new(Code::UnexpectedCharacter, span, format!("`{text}` means nothing here"))
            .help("remove it, or put it in quotes if it is part of a text"),
        _ => return None,
    })
}

fn bad_number(text: &str, span: Span) -> Diagnostic {
    let quotes = quoted(text);
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.ends_with('.') && text.matches('.').count() == 1 {
        return Diagnostic::new(Code::BadNumber, span, format!("digits must follow the point: `{text}`"))
            .help(format!("write `{text}0` or `{}`", text.trim_end_matches('.')));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Diagnostic::new(Code::UnquotedText, span, format!("`{text}` is not a number"))
            .help(format!("a date or a version is text: write it in quotes, {quotes}"))
            .fix(span, quotes);
    }
    Diagnostic::new(Code::BadNumber, span, format!("`{text}` is neither a number nor a name"))
        .help(format!("a name cannot begin with a digit; if it is text, write it in quotes: {quotes}"))
        .fix(span, quotes)
}
