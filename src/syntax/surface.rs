//! What a text looks like while it is typed: the kinds of its words, for colours, and whether it goes on in the next line.
//! Judges nothing: whatever the text is, it has words.

use super::lexeme::{Lexed, Lexeme, lex};
use crate::diagnostic::Span;

/// What a stretch of text is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// `if`, `and`, `True` …
    Keyword,
    /// A name before `(`.
    Function,
    /// Any other name, one with a prefix or a dynamic one included.
    Variable,
    /// A number.
    Number,
    /// A text with its quotes.
    Text,
    /// An operator, a bracket, a comma.
    Symbol,
    /// A comment.
    Comment,
    /// What cannot be any of these.
    Bad,
}

/// The words of a text with their places, in order; spaces and line ends are between them.
#[must_use]
pub fn words(source: &str) -> Vec<(Span, WordKind)> {
    let lexemes = lex(source, 0, source.len());
    let mut words = Vec::with_capacity(lexemes.len());
    let mut end = 0;
    for (index, lexed) in lexemes.iter().enumerate() {
        comment_between(source, end, lexed.start, &mut words);
        end = lexed.end;
        let next = lexemes.get(index + 1).map(|next| next.kind);
        if let Some(kind) = kind_of(lexed.kind, next) {
            words.push((Span::new(lexed.start, lexed.end), kind));
        }
    }
    comment_between(source, end, u32::try_from(source.len()).unwrap_or(u32::MAX), &mut words);
    words
}

/// The lexer skips spaces and comments; what is not a space is a comment.
fn comment_between(source: &str, from: u32, to: u32, words: &mut Vec<(Span, WordKind)>) {
    let skipped = &source[from as usize..to as usize];
    let Some(start) = skipped.find(['#', '/']) else { return };
    let length = skipped[start..].trim_end().len();
    let offset = |at: usize| from + u32::try_from(at).unwrap_or(0);
    words.push((Span::new(offset(start), offset(start + length)), WordKind::Comment));
}

fn kind_of(lexeme: Lexeme, next: Option<Lexeme>) -> Option<WordKind> {
    Some(match lexeme {
        Lexeme::Newline => return None,
        Lexeme::Name | Lexeme::If if next == Some(Lexeme::OpenParen) => WordKind::Function,
        Lexeme::Name | Lexeme::ClientName | Lexeme::ProjectName | Lexeme::DynamicName => WordKind::Variable,
        Lexeme::Integer | Lexeme::Float => WordKind::Number,
        Lexeme::Quoted | Lexeme::CurlyQuoted => WordKind::Text,
        Lexeme::BadComment | Lexeme::BadNumber | Lexeme::BadQuoted | Lexeme::BadPlaceholder | Lexeme::BadCharacter => WordKind::Bad,
        keyword if keyword.is_keyword() => WordKind::Keyword,
        _ => WordKind::Symbol,
    })
}

/// Whether a text that is typed line by line is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It can be run.
    Complete,
    /// A bracket, a comment or a text over lines is open, or the line goes on behind a `\`.
    OpenLine,
    /// A block has begun; an empty line ends it.
    OpenBlock,
}

/// Whether a text needs another line.
#[must_use]
pub fn completeness(source: &str) -> Completeness {
    let lexemes = lex(source, 0, source.len());
    if is_line_open(source, &lexemes) {
        return Completeness::OpenLine;
    }
    let ends_with_colon = lexemes.iter().rev().find(|lexed| lexed.kind != Lexeme::Newline).is_some_and(|last| last.kind == Lexeme::Colon);
    let last_line = source.rsplit('\n').next().unwrap_or_default();
    let is_inside = source.contains('\n') && last_line.starts_with([' ', '\t']) && !last_line.trim().is_empty();
    if ends_with_colon && !last_line.trim().is_empty() || is_inside {
        return Completeness::OpenBlock;
    }
    Completeness::Complete
}

fn is_line_open(source: &str, lexemes: &[Lexed]) -> bool {
    let mut depth = 0_usize;
    for lexed in lexemes {
        match lexed.kind {
            Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace | Lexeme::HashBrace => depth += 1,
            Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let is_open_to_the_end = lexemes.last().is_some_and(|last| {
        let text = &source[last.start as usize..];
        match last.kind {
            Lexeme::BadComment => true,
            Lexeme::BadQuoted | Lexeme::BadPlaceholder => text.starts_with("'''") || text.starts_with("\"\"\""),
            _ => false,
        }
    });
    depth > 0 || is_open_to_the_end || source.ends_with('\\')
}

/// Whether a line begins something new, where a block is open: nothing that belongs to the block or to its `if`.
#[must_use]
pub fn starts_statement(line: &str) -> bool {
    let first = lex(line, 0, line.len()).into_iter().find(|lexed| lexed.kind != Lexeme::Newline);
    !line.starts_with([' ', '\t']) && first.is_some_and(|first| !matches!(first.kind, Lexeme::Elif | Lexeme::Else))
}

#[cfg(test)]
mod tests {
    use super::{Completeness, WordKind, completeness, starts_statement, words};

    #[test]
    fn words_have_kinds() {
        let source = "x = sum(1, 'a') # why\nif y: /* a */ client.z = None";
        let shown: Vec<(&str, WordKind)> = words(source).into_iter().map(|(span, kind)| (&source[span.range()], kind)).collect();
        assert_eq!(shown[0], ("x", WordKind::Variable));
        assert_eq!(shown[2], ("sum", WordKind::Function));
        assert_eq!(shown[4], ("1", WordKind::Number));
        assert!(shown.contains(&("'a'", WordKind::Text)));
        assert!(shown.contains(&("# why", WordKind::Comment)));
        assert!(shown.contains(&("/* a */", WordKind::Comment)));
        assert!(shown.contains(&("client.z", WordKind::Variable)));
        assert_eq!(shown.last(), Some(&("None", WordKind::Keyword)));
        assert_eq!(words("'open").last().map(|word| word.1), Some(WordKind::Bad));
    }

    #[test]
    fn what_is_open_goes_on() {
        use Completeness::{Complete, OpenBlock, OpenLine};
        for (source, expected) in [
            ("", Complete),
            ("x = 1", Complete),
            ("x = (1,", OpenLine),
            ("x = (1,\n\n2)", Complete),
            ("x = '''a", OpenLine),
            ("x = 'a", Complete),
            ("x = 1 /* a", OpenLine),
            ("x = 1 + \\", OpenLine),
            ("if x:", OpenBlock),
            ("if x: # why", OpenBlock),
            ("if x:\n    y = 1", OpenBlock),
            ("if x:\n    y = 1\n", Complete),
            ("if x:\n    y = 1\nelse:", OpenBlock),
            ("if x: y = 1", Complete),
            ("d = {1:", OpenLine),
            ("x = 1 }", Complete),
        ] {
            assert_eq!(completeness(source), expected, "{source}");
        }
    }

    #[test]
    fn a_line_that_belongs_to_no_block_starts_statement() {
        assert!(starts_statement("y = 2"));
        assert!(!starts_statement("else:"));
        assert!(!starts_statement("    y = 2"));
        assert!(!starts_statement("# a comment"));
        assert!(!starts_statement(""));
    }
}
