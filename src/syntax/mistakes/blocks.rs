//! Blocks: their heads, `else` in its variants, braces of other languages, and comments that are none.

use super::line::{Line, Repair};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::foreign;
use crate::syntax::lexeme::{Lexed, Lexeme, lex_in};
use crate::syntax::{Dialect, ParseOptions};
use crate::wording::message;

/// `else if x > 2:`, which is `elif`.
pub(super) fn else_if(line: &Line<'_>) -> Option<Repair> {
    if !line.is(0, Lexeme::Else) || !line.is(1, Lexeme::If) {
        return None;
    }
    let span = line.spans(0, 1);
    let repair = Repair::certain(Code::ElseIf, span, message!("else-if-is-elif"), vec![(span, "elif".to_owned())])?;
    Some(repair.help(message!("write-help", code = "elif")))
}

/// `if: x > 2`
pub(super) fn head_in_other_order(line: &Line<'_>) -> Option<Repair> {
    let is_head = matches!(line.kind(0), Some(Lexeme::If | Lexeme::Elif | Lexeme::While | Lexeme::For));
    if !is_head || !line.is(1, Lexeme::Colon) || line.len() < 3 {
        return None;
    }
    let colon = line.span(1);
    let edits = vec![(colon, String::new()), (Span::new(line.end, line.end), ":".to_owned())];
    Repair::certain(Code::UnexpectedToken, colon, message!("colon-ends-head", word = line.text(0)), edits)
}

/// `if x > 2,` and `for x in list;`
pub(super) fn head_without_colon(line: &Line<'_>) -> Option<Repair> {
    let is_head = matches!(line.kind(0), Some(Lexeme::If | Lexeme::Elif | Lexeme::Else | Lexeme::While | Lexeme::For | Lexeme::Def));
    let last = line.len().checked_sub(1)?;
    if !is_head || !matches!(line.kind(last), Some(Lexeme::Comma | Lexeme::Semicolon | Lexeme::Dot)) {
        return None;
    }
    let message = message!("colon-ends-head", word = line.text(0));
    Repair::certain(Code::MissingColon, line.span(last), message, vec![(line.span(last), ":".to_owned())])
}

/// `else x > 2:`, which is `elif`.
pub(super) fn else_with_condition(line: &Line<'_>) -> Option<Repair> {
    if !line.is(0, Lexeme::Else) || line.len() < 3 || line.is(1, Lexeme::Colon) || line.is(1, Lexeme::If) {
        return None;
    }
    let edits = vec![(line.span(0), "elif".to_owned())];
    let end = line.spans(0, line.len() - 1);
    Repair::certain(Code::ElseIf, end, message!("else-has-condition"), edits)
}

/// `if x > 3: y = 1 else: y = 2`
pub(super) fn else_on_the_line(line: &Line<'_>) -> Option<Repair> {
    let at = (2..line.len()).find(|at| (line.is(*at, Lexeme::Else) && line.is(*at + 1, Lexeme::Colon)) || line.is(*at, Lexeme::Elif))?;
    if !line.is(0, Lexeme::If) || !(1..at).any(|colon| line.is(colon, Lexeme::Colon)) {
        return None;
    }
    let before = &line.source[..line.start() as usize];
    let indentation = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
    let end = line.span(if line.is(at - 1, Lexeme::Semicolon) { at - 2 } else { at - 1 }).end;
    let head = line.at(Span::new(line.start(), end));
    super::line::first_token(head, line.options)?;
    let rest = line.at(Span::new(line.span(at).start, line.end));
    super::line::first_token(rest, line.options)?;
    let mut diagnostic = Diagnostic::new(Code::TwoStatements, line.span(at), message!("else-on-the-line", word = line.text(at)))
        .help(message!("write-in-next-line-help", code = rest));
    if indentation.trim().is_empty() {
        diagnostic = diagnostic.fix(Span::new(end, line.span(at).start), format!("\n{indentation}"));
    }
    Some(Repair { diagnostic, edits: Vec::new(), is_certain: false })
}

/// `// comment`, `<!-- comment -->`, `-- comment`, `' comment`, `REM comment`.
pub(super) fn comment(line: &Line<'_>) -> Option<Repair> {
    let rest = line.at(line.whole());
    if line.is(0, Lexeme::HashBrace) && !rest.contains('}') {
        let text = rest.trim_start_matches("#{").trim();
        return Repair::none(
            Code::UnclosedPlaceholder,
            line.whole(),
            message!("placeholder-for-comment"),
            message!("placeholder-for-comment-help", text = text),
        );
    }
    let (mark, end) = if rest.starts_with("//") {
        ("//", "")
    } else if rest.starts_with("<!--") {
        ("<!--", "-->")
    } else if rest.starts_with("--") && !rest.starts_with("---") && line.is_word(2) && !line.touch(1) {
        ("--", "")
    } else if rest.starts_with("REM ") || rest.starts_with("rem ") {
        ("REM", "")
    } else {
        return None;
    };
    let text_end = line.source[line.start() as usize..].find('\n').map_or(line.source.len(), |length| line.start() as usize + length);
    let whole = Span::new(line.start(), u32::try_from(text_end).ok()?);
    let text = line.at(whole).get(mark.len()..)?.trim();
    let text = text.strip_suffix(end).unwrap_or(text).trim();
    let code = Code::SlashComment;
    let span = line.span(0).to(Span::new(line.start(), line.start() + u32::try_from(mark.len()).ok()?));
    let diagnostic = Diagnostic::new(code, span, message!("other-comment", mark = mark))
        .help(message!("other-comment-help", text = text))
        .fix(whole, format!("# {text}"));
    Some(Repair { diagnostic, edits: Vec::new(), is_certain: false })
}

/// `x = 5; // comment`
pub(super) fn comment_at_end(line: &Line<'_>) -> Option<Repair> {
    let at =
        (1..line.len()).find(|at| line.is(*at, Lexeme::DoubleSlash) && !line.touch(*at - 1) && line.span(*at).start <= line.problem)?;
    let start = line.span(at).start;
    let text = line.rest(line.span(at).end).trim();
    let comment = if line.options.dialect == Dialect::Mavibot { format!("/* {text} */") } else { format!("# {text}") };
    let before = line.at(Span::new(line.start(), start)).trim_end().trim_end_matches(';');
    super::line::first_token(before, line.options)?;
    let diagnostic = Diagnostic::new(Code::SlashComment, line.span(at), message!("slashes-divide"))
        .help(message!("write-help", code = &comment))
        .fix(Span::new(start, line.end), comment);
    Some(Repair { diagnostic, edits: Vec::new(), is_certain: false })
}

/// A head with more lexemes than this is not looked at.
const LONGEST_HEAD: usize = 200;

/// Finds the braces that stand around blocks, takes them for `:` and nothing, and reports the first. Keeps the rest of the
/// script from being read as a dict.
pub(in crate::syntax) fn braces(source: &str, lexemes: &mut Vec<Lexed>, options: ParseOptions<'_>) -> Option<Diagnostic> {
    if !lexemes.iter().any(|lexed| lexed.kind == Lexeme::OpenBrace) {
        return None;
    }
    let text = |lexed: &Lexed| source.get(lexed.start as usize..lexed.end as usize).unwrap_or_default();
    own_line_braces(lexemes);
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    let mut line = 0;
    for at in 0..lexemes.len() {
        match lexemes[at].kind {
            Lexeme::Newline | Lexeme::Semicolon => line = at + 1,
            Lexeme::OpenBrace => {
                let head = lexemes[line..at].first();
                let begins = head.is_some_and(|head| {
                    matches!(head.kind, Lexeme::If | Lexeme::Elif | Lexeme::Else | Lexeme::For | Lexeme::While | Lexeme::Def)
                        || (head.kind == Lexeme::Name && is_head_word(text(head)))
                });
                let ends = matches!(lexemes.get(at + 1).map(|next| next.kind), None | Some(Lexeme::Newline));
                // `if x: {` has both.
                let is_twice = ends && lexemes[..at].last().is_some_and(|last| last.kind == Lexeme::Colon);
                let has_colon =
                    lexemes[line..at].iter().take(LONGEST_HEAD).any(|lexed| lexed.kind == Lexeme::Colon) || at - line > LONGEST_HEAD;
                let next = lexemes.get(at + 1).map(|next| next.kind);
                let holds_statement =
                    matches!(lexemes.get(at + 2).map(|next| next.kind), Some(Lexeme::Assign | Lexeme::OpenParen | Lexeme::AddAssign))
                        || matches!(next, Some(Lexeme::Return | Lexeme::Break | Lexeme::Continue | Lexeme::If));
                let is_block = begins
                    && (!has_colon || is_twice)
                    && (ends || holds_statement)
                    && !matches!(lexemes[..at].last().map(|last| last.kind), Some(Lexeme::In | Lexeme::Assign | Lexeme::Comma));
                open.push(is_block.then_some(found.len()));
                if is_block {
                    found.push((line, at, usize::MAX));
                    line = at + 1;
                }
            }
            Lexeme::CloseBrace => {
                if let Some(Some(number)) = open.pop() {
                    found[number].2 = at;
                    line = at + 1;
                }
            }
            _ => {}
        }
    }
    // A dict over lines behind the head of a loop goes on after its brace.
    let goes_on = |close: usize| lexemes.get(close + 1).is_some_and(|next| next.kind == Lexeme::Colon);
    found.retain(|(_, _, close)| !goes_on(*close));
    let (line, first, _) = *found.first()?;
    let head = Span::new(lexemes[line].start, lexemes[first].end);
    let written = source.get(head.start as usize..lexemes[first].start as usize).unwrap_or_default().trim().trim_end_matches(':');
    let shown = mended_head(&head_of(written), options);
    let word: String = written.chars().take_while(|character| character.is_alphanumeric()).collect();
    let diagnostic = if let Some(help) = super::words::help_of_statement(&word) {
        // What stands in it is not looked at: the whole block has to be written again.
        let end = found.first().map_or(first, |(_, _, close)| *close);
        for lexed in lexemes.iter_mut().take(end).skip(line).filter(|lexed| lexed.kind == Lexeme::Break) {
            lexed.kind = Lexeme::Pass;
        }
        Diagnostic::new(Code::ForeignWord, head, message!("no-such-word", word = word)).help(help)
    } else {
        Diagnostic::new(Code::ForeignBraces, head, message!("braces-around-block")).help(message!("braces-around-block-help", head = shown))
    };
    for (line, _, _) in &found {
        let word = text(&lexemes[*line]);
        let meant = if matches!(word, "function" | "func") { Some("def") } else { foreign::spelled(word) };
        let kind = match meant {
            Some("def") => Lexeme::Def,
            Some("if") => Lexeme::If,
            Some("elif") => Lexeme::Elif,
            Some("else") => Lexeme::Else,
            Some("while") => Lexeme::While,
            _ => continue,
        };
        if lexemes[*line].kind == Lexeme::Name {
            lexemes[*line].kind = kind;
        }
    }
    // `else if (...) {`: the first of the two words stands for both.
    let two_words: Vec<usize> = found
        .iter()
        .map(|(line, ..)| *line)
        .filter(|line| lexemes[*line].kind == Lexeme::Else && lexemes.get(*line + 1).is_some_and(|next| next.kind == Lexeme::If))
        .collect();
    for line in &two_words {
        lexemes[*line].kind = Lexeme::Elif;
    }
    let mut left_out: std::collections::HashSet<usize> = two_words.iter().map(|line| line + 1).collect();
    for (_, open, close) in &found {
        left_out.insert(*close);
        if open.checked_sub(1).is_some_and(|before| lexemes[before].kind == Lexeme::Colon) {
            left_out.insert(*open);
        } else {
            lexemes[*open].kind = Lexeme::Colon;
        }
    }
    let mut at = 0;
    lexemes.retain(|_| {
        at += 1;
        !left_out.contains(&(at - 1))
    });
    Some(diagnostic)
}

/// The head with what else is wrong in it mended, when all of that is known.
fn mended_head(head: &str, options: ParseOptions<'_>) -> String {
    let line = format!("{head}:");
    if super::line::first_token(&line, options).is_some() {
        return head.to_owned();
    }
    let lexemes = lex_in(options.dialect, &line, 0, line.len());
    let mended = Line::new(&line, &lexemes, 0, options).and_then(|broken| broken.mended_whole());
    mended.map_or_else(|| head.to_owned(), |mended| mended.trim_end_matches(':').to_owned())
}

/// Takes a brace on a line of its own to the head above it.
fn own_line_braces(lexemes: &mut Vec<Lexed>) {
    let kind = |at: usize| lexemes.get(at).map(|lexed| lexed.kind);
    let mut line = 0;
    let mut breaks = std::collections::HashSet::new();
    for at in 0..lexemes.len() {
        if kind(at) != Some(Lexeme::Newline) {
            continue;
        }
        let is_head = matches!(kind(line), Some(Lexeme::If | Lexeme::Elif | Lexeme::Else | Lexeme::For | Lexeme::While | Lexeme::Def))
            || (kind(line) == Some(Lexeme::CloseBrace) && kind(line + 1) == Some(Lexeme::Else));
        let is_alone = kind(at + 1) == Some(Lexeme::OpenBrace) && matches!(kind(at + 2), None | Some(Lexeme::Newline));
        if is_head && is_alone && at > line && !matches!(kind(at - 1), Some(Lexeme::Colon | Lexeme::In)) {
            breaks.insert(at);
        }
        line = at + 1;
    }
    let mut at = 0;
    lexemes.retain(|_| {
        at += 1;
        !breaks.contains(&(at - 1))
    });
}

fn is_head_word(word: &str) -> bool {
    matches!(
        word,
        "function" | "func" | "do" | "try" | "catch" | "finally" | "switch" | "match" | "class" | "foreach" | "elseif" | "unless" | "async"
    ) || foreign::spelled(word).is_some_and(|meant| matches!(meant, "if" | "elif" | "else" | "while" | "for" | "def"))
}

/// The head of a block as it is written here.
fn head_of(written: &str) -> String {
    let word: String = written.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
    let rest = &written[word.len()..];
    match word.as_str() {
        "function" | "func" | "fn" | "функция" => format!("def {}", rest.trim_start()),
        "else" if rest.trim_start().starts_with("if") => format!("elif{}", &rest.trim_start()[2..]),
        "do" => "while ...".to_owned(),
        "switch" | "match" => {
            let inner = rest.trim().trim_start_matches('(').trim_end_matches(')');
            format!("if {inner} == ...")
        }
        other => format!("{}{rest}", foreign::spelled(other).unwrap_or(other)),
    }
}

/// Whether a line begins with what can only go on from the line above.
pub(in crate::syntax) fn continues(line: &str) -> bool {
    let word: String = line.chars().take_while(|character| character.is_alphabetic()).collect();
    line.starts_with(['+', '*', '/', '%', '^', '<', '>', '.', ',', '&', '|'])
        || line.starts_with("- ")
        || line.starts_with("==")
        || line.starts_with("!=")
        || matches!(word.as_str(), "and" | "or" | "in")
}

/// The report of an indented line that goes on with the calculation of the line above.
pub(in crate::syntax) fn continued_line(source: &str, span: Span, start: u32) -> Diagnostic {
    let rest = source.get(start as usize..).unwrap_or_default();
    let sign: String = rest.chars().take_while(|character| !character.is_whitespace()).take(3).collect();
    Diagnostic::new(Code::UnexpectedIndentation, span, message!("calculation-over-lines", sign = sign))
        .help(message!("calculation-over-lines-help"))
}

/// A `---` in a file that holds no message.
pub(in crate::syntax) fn separator(source: &str, start: u32) -> Option<Diagnostic> {
    let from = start as usize;
    let is_line_start = from == 0 || source.as_bytes().get(from - 1) == Some(&b'\n');
    let line = &source[from..];
    let line = line[..line.find('\n').unwrap_or(line.len())].trim_end_matches('\r');
    (is_line_start && line.trim_end() == "---").then(|| {
        let help = if line == "---" { message!("message-in-script-help") } else { message!("message-after-spaces-help") };
        Diagnostic::new(Code::MessageInScript, Span::new(start, start + 3), message!("message-in-script")).help(help)
    })
}
