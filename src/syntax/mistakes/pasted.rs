//! Characters that come with pasted text: dashes, signs of mathematics, full-width brackets, and quotes of other kinds.

use super::lexical::quoted;
use super::line::{Line, Repair};
use crate::diagnostic::{Code, Span};
use crate::syntax::invisible::is_unusual_space;
use crate::syntax::lexeme::Lexeme;
use crate::wording::{Message, message};

/// Quotes that are none here.
pub(super) const QUOTES: &str = "“”„‟‘’‚‛«»‹›`´′″";

/// A character that looks like one of the language, what is meant, and its name.
const SIGNS: &[(char, &str, &str)] = &[
    ('–', "-", "character-en-dash"),
    ('—', "-", "character-em-dash"),
    ('−', "-", "character-minus-sign"),
    ('‒', "-", "character-figure-dash"),
    ('―', "-", "character-horizontal-bar"),
    ('‐', "-", "character-hyphen"),
    ('‑', "-", "character-no-break-hyphen"),
    ('×', "*", "character-multiplication-sign"),
    ('✕', "*", "character-multiplication-x"),
    ('·', "*", "character-middle-dot"),
    ('∙', "*", "character-bullet-operator"),
    ('⋅', "*", "character-dot-operator"),
    ('÷', "/", "character-division-sign"),
    ('∕', "/", "character-division-slash"),
    ('⁄', "/", "character-fraction-slash"),
    ('≤', "<=", "character-less-than-or-equal-to"),
    ('⩽', "<=", "character-less-than-or-equal-to"),
    ('≥', ">=", "character-greater-than-or-equal-to"),
    ('⩾', ">=", "character-greater-than-or-equal-to"),
    ('≈', "==", "character-almost-equal-to"),
    ('≡', "==", "character-identical-to"),
    ('‚', ",", "character-low-quotation-mark"),
    ('，', ",", "character-full-width-comma"),
    ('、', ",", "character-ideographic-comma"),
    ('；', ";", "character-full-width-semicolon"),
    ('\u{37e}', ";", "character-greek-question-mark"),
    ('：', ":", "character-full-width-colon"),
    ('∶', ":", "character-ratio"),
    ('˸', ":", "character-raised-colon"),
    ('∗', "*", "character-asterisk-operator"),
    ('²', " ^ 2", "character-superscript"),
    ('³', " ^ 3", "character-superscript"),
    ('½', "0.5", "character-fraction"),
    ('¼', "0.25", "character-fraction"),
    ('¾', "0.75", "character-fraction"),
    ('…', "", "character-ellipsis"),
    ('•', "", "character-bullet"),
];

/// What a pasted character means, and its name.
fn sign(character: char) -> Option<(String, Message)> {
    if let Some((_, meant, name)) = SIGNS.iter().find(|(sign, ..)| *sign == character) {
        return Some(((*meant).to_owned(), Message::new(name, Vec::new())));
    }
    let code = u32::from(character);
    if let 0xff01..=0xff5e = code
        && let Some(plain) = char::from_u32(code - 0xfee0)
    {
        return Some((plain.to_string(), message!("character-full-width", plain = plain.to_string())));
    }
    invisible(character).map(|name| (String::new(), name))
}

/// What a lone pasted character means.
pub(in crate::syntax) fn sign_meant(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let first = characters.next().filter(|_| characters.next().is_none())?;
    sign(first).map(|(meant, _)| meant)
}

/// Whether an invisible character takes the place of a space.
fn is_space(character: char) -> bool {
    character == '\u{200b}' || is_unusual_space(character)
}

/// The name of a character that nobody sees.
pub(in crate::syntax) fn invisible(character: char) -> Option<Message> {
    let name = match character {
        '\u{200b}' => "character-zero-width-space",
        '\u{200c}' => "character-zero-width-non-joiner",
        '\u{200d}' => "character-zero-width-joiner",
        '\u{2060}' => "character-word-joiner",
        '\u{2061}'..='\u{2064}' => "character-invisible-operator",
        '\u{34f}' | '\u{180e}' | '\u{206a}'..='\u{206f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "character-without-shape",
        '\u{feff}' => "character-byte-order-mark",
        '\u{ad}' => "character-soft-hyphen",
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => "character-direction-mark",
        '\u{2028}' | '\u{2029}' => "character-line-separator",
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => "character-control-character",
        '\u{fe00}'..='\u{fe0f}' => "character-variation-selector",
        _ if is_unusual_space(character) => "character-unusual-space",
        _ => return None,
    };
    Some(Message::new(name, Vec::new()))
}

/// `x = 10 – 5`, `a ≠ b`, `x（5）`.
pub(super) fn signs(line: &Line<'_>) -> Option<Repair> {
    let mut edits = Vec::new();
    let mut first = None;
    for lexed in line.lexemes.iter().filter(|lexed| lexed.kind == Lexeme::BadCharacter) {
        let mut start = lexed.start;
        for character in line.at(Span::new(lexed.start, lexed.end)).chars() {
            let end = start + u32::try_from(character.len_utf8()).unwrap_or(1);
            if let Some((meant, name)) = sign(character) {
                let meant = if is_space(character) { " ".to_owned() } else { meant };
                first.get_or_insert((Span::new(start, end), character, meant.clone(), name));
                edits.push((Span::new(start, end), meant));
            }
            start = end;
        }
    }
    let (span, character, meant, name) = first?;
    let code = code_of(character);
    let message = if invisible(character).is_some() {
        message!("invisible-character", code = code, name = name)
    } else if meant.is_empty() {
        message!("pasted-character-without-meaning", character = character.to_string(), code = code, name = name)
    } else {
        message!("pasted-character", character = character.to_string(), code = code, name = name, meant = meant.trim())
    };
    let is_certain = !meant.is_empty() || invisible(character).is_some();
    let repair = Repair { is_certain, ..Repair::certain(Code::UnexpectedCharacter, span, message, edits)? };
    Some(if invisible(character).is_some() { repair.help(message!("invisible-character-help")) } else { repair })
}

/// `x = a ≥ b`: no text has such a sign between two values.
pub(super) fn comparison(line: &Line<'_>) -> Option<Repair> {
    let is_sign = |at: &usize| line.is(*at, Lexeme::BadCharacter) && matches!(line.text(*at), "≤" | "≥") && line.ends_operand(*at - 1);
    (1..line.len()).find(is_sign)?;
    signs(line)
}

/// A line of three backticks, which marks code in a chat.
pub(super) fn code_fence(line: &Line<'_>) -> Option<Repair> {
    let rest = line.rest(line.start());
    if !rest.starts_with("```") {
        return None;
    }
    let written = rest.lines().next().unwrap_or_default().trim_end();
    let span = Span::new(line.start(), line.start() + u32::try_from(written.len()).ok()?);
    let mut repair = Repair::none(Code::UnexpectedToken, span, message!("code-fence"), message!("remove-line-help"))?;
    repair.diagnostic = repair.diagnostic.fix(span, "");
    Some(repair)
}

/// `- x = 5`, `1) x = 5`, `✅ x = 5`: a line that was copied out of a list.
pub(super) fn list_mark(line: &Line<'_>) -> Option<Repair> {
    let mark = match (line.kind(0)?, line.kind(1)?) {
        (Lexeme::Minus | Lexeme::Star, _) => 0,
        (Lexeme::Greater, _) => (0..line.len()).take_while(|at| line.is(*at, Lexeme::Greater)).last()?,
        // `$price` is a name with a sign.
        (Lexeme::BadCharacter, _) if !line.touch(0) => 0,
        (Lexeme::Integer, Lexeme::CloseParen | Lexeme::Dot) => 1,
        (Lexeme::BadNumber, _) if line.text(0).ends_with('.') => 0,
        _ => return None,
    };
    let begins_block = matches!(line.kind(mark + 1), Some(Lexeme::If | Lexeme::For | Lexeme::While | Lexeme::Def));
    let is_call = (mark == 1 || line.is(0, Lexeme::Greater)) && line.is_word(mark + 1) && line.is(mark + 2, Lexeme::OpenParen);
    let is_pasted = sign(line.text(0).chars().next()?).is_some_and(|(meant, _)| meant.is_empty());
    if !(line.equals().is_some() || begins_block || is_call) || is_pasted {
        return None;
    }
    let span = line.spans(0, mark);
    let edits = vec![(Span::new(span.start, line.span(mark + 1).start), String::new())];
    Repair::certain(Code::UnexpectedToken, span, message!("list-mark", mark = line.at(span)), edits)
}

/// `y = 10 х 5`, with a letter for the sign.
pub(super) fn letter_times(line: &Line<'_>) -> Option<Repair> {
    let is_number = |at: usize| matches!(line.kind(at), Some(Lexeme::Integer | Lexeme::Float));
    let at = (1..line.len())
        .find(|at| matches!(line.text(*at), "x" | "X" | "х" | "Х") && line.is_word(*at) && is_number(*at - 1) && is_number(*at + 1))?;
    let span = line.spans(at - 1, at + 1);
    let repair = Repair::likely(
        Code::UnexpectedCharacter,
        line.span(at),
        message!("letter-multiplies", letter = line.text(at)),
        vec![(line.span(at), "*".to_owned())],
    )?;
    let product = format!("{} * {}", line.text(at - 1), line.text(at + 1));
    Some(repair.help(message!("letter-multiplies-help", product = product, text = format!("'{}'", line.at(span)))))
}

/// `“text”` is a lexeme of its own; here is what is opened by one kind of quote and closed by another.
pub(super) fn quotes(line: &Line<'_>) -> Option<Repair> {
    all_quotes(line).filter(|repair| line.parses(&repair.edits)).or_else(|| mixed(line))
}

/// All texts of the line that stand in quotes of another kind.
pub(super) fn all_quotes(line: &Line<'_>) -> Option<Repair> {
    let curly = || (0..line.len()).filter(|at| line.is(*at, Lexeme::CurlyQuoted));
    let first = curly().next()?;
    let edits = curly().map(|at| (line.span(at), straight(line.text(at))));
    Repair::certain(Code::CurlyQuote, line.span(first), described(line.text(first)), edits.collect())
}

/// The text in straight quotes; `${x}` of a template becomes `#{x}`.
pub(super) fn straight(text: &str) -> String {
    let inner = text.trim_matches(|character| QUOTES.contains(character));
    let inner = if text.starts_with('`') { inner.replace("${", "#{") } else { inner.to_owned() };
    // A text keeps its own escapes and `#{}`, so only its quotes decide.
    if inner.contains('\'') && !inner.contains('"') {
        format!("\"{inner}\"")
    } else if inner.contains('\'') {
        quoted(&inner)
    } else {
        format!("'{inner}'")
    }
}

pub(super) fn described(text: &str) -> Message {
    let first = text.chars().next().unwrap_or('“');
    if first == '`' {
        return message!("text-in-backticks");
    }
    message!("text-in-other-quotes", quote = first.to_string(), code = code_of(first))
}

/// The code point of a character, as U+XXXX has it.
fn code_of(character: char) -> String {
    format!("{:04X}", u32::from(character))
}

/// `'text’` and `“text"`.
fn mixed(line: &Line<'_>) -> Option<Repair> {
    let is_odd =
        |at: &usize| matches!(line.kind(*at), Some(Lexeme::BadQuoted | Lexeme::CurlyQuoted | Lexeme::BadCharacter | Lexeme::Quoted));
    for at in (0..line.len()).filter(is_odd) {
        let span = line.span(at);
        let text = line.text(at);
        let Some(first) = text.chars().next() else { continue };
        let (opens_straight, opens_curly) = (matches!(first, '\'' | '"'), QUOTES.contains(first));
        if opens_straight && line.is(at, Lexeme::BadQuoted) {
            // The last quote of another kind in what is left of the line closes the text.
            let closes = |offset: usize, quote: char| text[offset + quote.len_utf8()..].chars().all(|rest| ")]};:, ".contains(rest));
            let is_end = |(offset, character): &(usize, char)| {
                *offset > 0 && (QUOTES.contains(*character) || (matches!(character, '\'' | '"') && closes(*offset, *character)))
            };
            let Some((offset, odd)) = text.char_indices().rev().find(is_end) else {
                continue;
            };
            let place = Span::new(span.start + u32::try_from(offset).ok()?, span.start + u32::try_from(offset + odd.len_utf8()).ok()?);
            let message = message!("text-ends-in-other-quote", first = first.to_string(), last = odd.to_string(), code = code_of(odd));
            let edit = vec![(place, first.to_string())];
            if line.parses(&edit) {
                return Repair::certain(Code::CurlyQuote, Span::new(span.start, place.end), message, edit);
            }
        }
        if opens_curly {
            let rest = line.rest(span.start);
            let after = first.len_utf8();
            let Some((offset, closing)) = rest[after..].char_indices().find(|(_, character)| matches!(character, '\'' | '"')) else {
                continue;
            };
            let place = Span::new(span.start, span.start + u32::try_from(after).ok()?);
            let end = span.start + u32::try_from(after + offset + 1).ok()?;
            let edit = vec![(place, closing.to_string())];
            if line.parses(&edit) {
                let message =
                    message!("text-begins-in-other-quote", first = first.to_string(), code = code_of(first), last = closing.to_string());
                return Repair::certain(Code::CurlyQuote, Span::new(span.start, end), message, edit);
            }
        }
    }
    None
}

/// `''text''` and `""text""`.
pub(super) fn doubled_quotes(line: &Line<'_>) -> Option<Repair> {
    let is_empty = |at: usize| matches!(line.text(at), "''" | "\"\"");
    let open = (0..line.len()).find(|at| is_empty(*at) && line.touch(*at))?;
    let close = (open + 1..line.len()).find(|at| is_empty(*at) && line.text(*at) == line.text(open))?;
    let inner = line.at(Span::new(line.span(open).end, line.span(close).start));
    let span = line.spans(open, close);
    Repair::certain(Code::UnexpectedToken, span, message!("doubled-quotes", quotes = line.text(open)), vec![(span, quoted(inner))])
}

/// `if(x > 5, 'yes, 'no')`, where a text runs into the next one.
pub(super) fn missing_quote(line: &Line<'_>) -> Option<Repair> {
    let open = (0..line.len()).find(|at| line.is(*at, Lexeme::Quoted) && line.touch(*at) && line.is_word(*at + 1))?;
    let text = line.text(open);
    let quote = text.chars().next()?;
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    let plain = inner.trim_end_matches([',', ' ', ':']);
    if plain.is_empty() || !inner[plain.len()..].contains([',', ':']) {
        return None;
    }
    let place = line.span(open).start + 1 + u32::try_from(plain.len()).ok()?;
    let edits = vec![(Span::new(place, place), quote.to_string())];
    let span = Span::new(line.span(open).start, place);
    line.parses(&edits).then(|| Repair::certain(Code::UnclosedString, span, message!("text-open", quotes = quote.to_string()), edits))?
}

/// `"He said "yes""`
pub(super) fn inner_quotes(line: &Line<'_>) -> Option<Repair> {
    let open = (0..line.len())
        .find(|at| line.is(*at, Lexeme::Quoted) && line.touch(*at) && matches!(line.kind(*at + 1), Some(Lexeme::Name | Lexeme::Integer)))?;
    let quote = &line.text(open)[..1];
    let close = (open + 1..line.len())
        .rev()
        .find(|at| matches!(line.kind(*at), Some(Lexeme::Quoted | Lexeme::BadQuoted)) && line.text(*at).starts_with(quote))?;
    let span = line.spans(open, close);
    let text = line.at(span);
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    if !text.ends_with(quote) || inner.contains(['(', ')', '=', '+', ',']) {
        return Repair::none(Code::UnexpectedToken, span, message!("quote-inside-text"), message!("quote-inside-text-help", quote = quote));
    }
    let other = if quote == "'" { "\"" } else { "'" };
    let mended = if inner.contains(other) {
        format!("{quote}{}{quote}", inner.replace(quote, &format!("\\{quote}")))
    } else {
        format!("{other}{inner}{other}")
    };
    Repair::certain(Code::UnexpectedToken, span, message!("quote-inside-text"), vec![(span, mended)])
}

/// `set_note(Call Ivan')`, whose opening quote is missing.
pub(super) fn opening_quote(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| line.is(*at, Lexeme::BadQuoted))?;
    let text = line.text(at);
    let quote = &text[..1];
    let rest = text[1..].trim();
    // What follows the lone quote may only close what is open.
    if !rest.chars().all(|character| matches!(character, ')' | ']' | '}' | ';' | ',' | ' ')) || !line.ends_operand(at - 1) {
        return None;
    }
    let mut start = at;
    while start > 0
        && !matches!(
            line.kind(start - 1),
            Some(
                Lexeme::OpenParen | Lexeme::Comma | Lexeme::Assign | Lexeme::OpenBracket | Lexeme::Equal | Lexeme::Plus | Lexeme::NotEqual
            )
        )
    {
        start -= 1;
    }
    let span = line.span(start);
    let place = Span::new(span.start, span.start);
    Repair::certain(
        Code::UnclosedString,
        Span::new(span.start, line.span(at).start + 1),
        message!("opening-quote-missing", quote = quote),
        vec![(place, quote.to_owned())],
    )
}
