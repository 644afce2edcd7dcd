//! Text without quotes: words, addresses, phone numbers, dates, numbers with units; and numbers as people write them.

use super::lexical::quoted;
use super::line::{Line, Repair};
use crate::diagnostic::{Code, Span};
use crate::syntax::foreign;
use crate::syntax::lexeme::Lexeme;
use crate::wording::{Message, message};

/// The part of the line between the brackets, commas and signs around a byte that nothing but a text could be: from after
/// the last opener or separator to before the next closer or separator.
fn stretch(line: &Line<'_>, at: usize) -> (usize, usize) {
    let is_edge = |at: usize| {
        matches!(
            line.kind(at),
            None | Some(
                Lexeme::Comma
                    | Lexeme::Assign
                    | Lexeme::Equal
                    | Lexeme::NotEqual
                    | Lexeme::Less
                    | Lexeme::LessEqual
                    | Lexeme::Greater
                    | Lexeme::GreaterEqual
                    | Lexeme::OpenBracket
                    | Lexeme::CloseBracket
                    | Lexeme::OpenBrace
                    | Lexeme::CloseBrace
                    | Lexeme::Semicolon
                    | Lexeme::If
                    | Lexeme::Elif
                    | Lexeme::While
                    | Lexeme::And
                    | Lexeme::Or
                    | Lexeme::AddAssign
            )
        )
    };
    let mut from = at;
    while from > 0 && !is_edge(from - 1) && !opens_call(line, from - 1) {
        from -= 1;
    }
    let mut to = at;
    let mut depth = 0_i32;
    while to + 1 < line.len() && !is_edge(to + 1) {
        match line.kind(to + 1) {
            Some(Lexeme::OpenParen) => depth += 1,
            Some(Lexeme::CloseParen) => {
                depth -= 1;
                if depth < 0 && !(from..=to).any(|open| line.closing(open) == Some(to + 1)) {
                    break;
                }
            }
            Some(Lexeme::Colon) if to + 2 >= line.len() => break,
            _ => {}
        }
        to += 1;
    }
    (from, to)
}

fn opens_call(line: &Line<'_>, at: usize) -> bool {
    line.is(at, Lexeme::OpenParen)
        && at > 0
        && (line.is_word(at - 1) || line.is(at - 1, Lexeme::If) || matches!(line.kind(at - 1), Some(Lexeme::Assign)))
}

fn as_text(line: &Line<'_>, from: usize, to: usize, what: Message) -> Option<Repair> {
    let span = line.spans(from, to);
    Repair::certain(Code::UnquotedText, span, what, vec![(span, quoted(line.at(span)))])
}

/// `olga@example.com`, `@channel`, `https://example.com`, `example.ru`, `10:30`.
pub(super) fn address(line: &Line<'_>) -> Option<Repair> {
    for at in 0..line.len() {
        let (from, to) = stretch(line, at);
        let text = line.at(line.spans(from, to));
        if text.contains([' ', '\'', '"']) || from == 0 {
            continue;
        }
        let is_mail = text.split_once('@').is_some_and(|(name, host)| {
            host.contains('.')
                && !host.contains('@')
                && !name.is_empty()
                && name.chars().chain(host.chars()).all(|character| character.is_alphanumeric() || "._-+".contains(character))
        });
        let is_handle = text
            .strip_prefix('@')
            .is_some_and(|name| name.len() > 2 && name.chars().all(|character| character.is_alphanumeric() || character == '_'));
        let is_link = text.contains("://") || is_host(text);
        let is_time = text.split_once(':').is_some_and(|(hour, minute)| {
            (1..=2).contains(&hour.len()) && minute.len() == 2 && hour.bytes().chain(minute.bytes()).all(|byte| byte.is_ascii_digit())
        });
        let what = if is_mail {
            message!("address-without-quotes")
        } else if is_handle {
            message!("handle-without-quotes")
        } else if is_link {
            message!("link-without-quotes")
        } else if is_time {
            message!("time-without-quotes")
        } else {
            continue;
        };
        return as_text(line, from, to, what);
    }
    None
}

/// Whether a link or the name of a site stands around a lexeme.
pub(super) fn is_link_at(line: &Line<'_>, at: usize) -> bool {
    let (from, to) = stretch(line, at);
    let text = line.at(line.spans(from, to));
    from > 0 && !text.contains([' ', '\'', '"']) && (text.contains("://") || is_host(text))
}

/// `https://shop.example/tea?id=5`, with all that a link may hold.
pub(super) fn link(line: &Line<'_>) -> Option<Repair> {
    let mut edits = Vec::new();
    for at in 1..line.len() {
        let span = line.span(at);
        let is_scheme = line.is_word(at) && matches!(line.text(at), "http" | "https" | "tg" | "ftp") && line.is(at + 1, Lexeme::Colon);
        if !is_scheme
            || !line.rest(span.end).starts_with("://")
            || edits.last().is_some_and(|(last, _): &(Span, String)| last.end > span.start)
        {
            continue;
        }
        let rest = line.rest(span.start);
        let end = rest.find(|character: char| character.is_whitespace() || "'\",;)]}«»“”".contains(character)).unwrap_or(rest.len());
        let whole = Span::new(span.start, span.start + u32::try_from(end).ok()?);
        edits.push((whole, quoted(line.at(whole))));
    }
    let first = edits.first()?.0;
    Repair::certain(Code::UnquotedText, first, message!("link-without-quotes"), edits)
}

/// `15:30 + 10`, `if current_time > 15:00:`
pub(super) fn time(line: &Line<'_>) -> Option<Repair> {
    let is_time = |at: usize| {
        line.is(at, Lexeme::Integer)
            && line.is(at + 1, Lexeme::Colon)
            && line.is(at + 2, Lexeme::Integer)
            && line.touch(at)
            && line.touch(at + 1)
            && line.text(at).len() <= 2
            && line.text(at + 2).len() == 2
            && !inside_call(line, at)
    };
    let at = (1..line.len()).find(|at| is_time(*at))?;
    // `10:00-18:00`
    if line.is(at + 3, Lexeme::Minus) && line.touch(at + 2) && line.touch(at + 3) && is_time(at + 4) {
        return as_text(line, at, at + 6, message!("text-without-quotes"));
    }
    as_text(line, at, at + 2, message!("time-without-quotes"))
}

/// Whether it is the name of a site, with or without a path.
fn is_host(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let Some((name, end)) = host.rsplit_once('.') else { return false };
    let is_known = matches!(
        end,
        "ru" | "com"
            | "org"
            | "net"
            | "рф"
            | "me"
            | "io"
            | "by"
            | "kz"
            | "ua"
            | "uz"
            | "su"
            | "info"
            | "online"
            | "site"
            | "store"
            | "shop"
    );
    is_known
        && !name.is_empty()
        && name.chars().all(|character| character.is_alphanumeric() || "-.".contains(character))
        && name.chars().any(char::is_alphabetic)
}

/// `8 (916) 123-45-67`, `+7 916 1234567`, `8-916-123-45-67`.
pub(super) fn phone(line: &Line<'_>) -> Option<Repair> {
    let start = line.problem;
    let at = (0..line.len()).rev().find(|at| line.span(*at).start <= start)?;
    let (from, to) = stretch(line, at);
    let text = line.at(line.spans(from, to));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_phone = (10..=13).contains(&digits)
        && text.chars().all(|character| character.is_ascii_digit() || "+-() \u{a0}".contains(character))
        && !text.contains(" - ")
        && !text.contains(" + ");
    if !is_phone || from == 0 {
        return None;
    }
    as_text(line, from, to, message!("phone-without-quotes"))
}

/// `20.11.26`, `2026.11.20`: with a year of four digits.
pub(super) fn date(line: &Line<'_>) -> Option<Repair> {
    let at = (0..line.len()).find(|at| line.is(*at, Lexeme::BadNumber))?;
    let text = line.text(at);
    if at == 0 || text.ends_with('.') || text.contains("..") || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let parts: Vec<&str> = text.split('.').collect();
    let span = line.span(at);
    match parts.as_slice() {
        [day, month, year] if day.len() <= 2 && month.len() <= 2 && year.len() == 4 => {
            let next =
                (line.span(at).end, line.is(at + 1, Lexeme::Integer) && line.is(at + 2, Lexeme::Colon) && line.is(at + 3, Lexeme::Integer));
            let to = if next.1 { at + 3 } else { at };
            as_text(line, at, to, message!("date-without-quotes"))
        }
        [day, month, year] if day.len() <= 2 && month.len() <= 2 && year.len() == 2 => {
            let full = format!("'{day}.{month}.20{year}'");
            let repair = Repair::likely(Code::UnquotedText, span, message!("date-without-quotes"), vec![(span, full.clone())])?;
            Some(repair.help(message!("full-year-help", date = full)))
        }
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            let full = format!("'{day:0>2}.{month:0>2}.{year}'");
            let repair = Repair::likely(Code::UnquotedText, span, message!("date-without-quotes"), vec![(span, full.clone())])?;
            Some(repair.help(message!("day-first-help", date = full)))
        }
        _ => as_text(line, at, at, message!("number-with-points")),
    }
}

/// `5О0` with a letter for a digit, and `500руб`, `5шт`.
pub(super) fn letter_in_number(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| line.is(*at, Lexeme::BadNumber) && !line.is(*at + 1, Lexeme::Assign))?;
    let text = line.text(at);
    let span = line.span(at);
    let digit = |character: char| match character {
        'O' | 'o' | 'О' | 'о' => '0',
        'З' | 'з' => '3',
        'l' | 'I' | 'І' => '1',
        'б' => '6',
        other => other,
    };
    let meant: String = text.chars().map(digit).collect();
    if meant.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_ascii() {
        let odd = text.chars().find(|character| !character.is_ascii_digit()).map(String::from).unwrap_or_default();
        return Repair::likely(Code::BadNumber, span, message!("letter-in-number", letter = odd), vec![(span, meant)]);
    }
    let end = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(end);
    let letters = unit.trim_end_matches('.');
    if letters.is_empty() || number.starts_with('0') || !letters.chars().all(char::is_alphabetic) {
        return None;
    }
    let repair = Repair::likely(Code::BadNumber, span, message!("number-with-unit", unit = unit), vec![(span, number.to_owned())])?;
    Some(repair.help(message!("number-or-text-help", number = number, quoted = quoted(text))))
}

/// `1,5`, `1 500`, `1.500,00`, `1 500,50`, `500 руб`, `$500`.
pub(super) fn number(line: &Line<'_>) -> Option<Repair> {
    let is_number = |at: usize| matches!(line.kind(at), Some(Lexeme::Integer | Lexeme::Float));
    for at in 0..line.len() {
        if !is_number(at) || (at > 0 && is_number(at - 1)) {
            continue;
        }
        let mut to = at;
        loop {
            let is_group = is_number(to + 1)
                && line.text(to + 1).split('.').next().is_some_and(|group| group.len() == 3)
                && line.text(to).len() <= 3
                && !line.touch(to);
            let is_comma = line.is(to + 1, Lexeme::Comma) && line.touch(to) && line.touch(to + 1) && is_number(to + 2);
            if is_group {
                to += 1;
            } else if is_comma && !inside_call(line, to) {
                to += 2;
            } else {
                break;
            }
        }
        let span = line.spans(at, to);
        let text = line.at(span);
        if to > at
            && let Some(plain) = plain_number(text)
        {
            let has_comma = text.contains(',');
            let what = if text.contains([' ', '\u{a0}']) {
                message!("number-with-spaces")
            } else if has_comma && text.contains('.') {
                message!("number-with-separators")
            } else {
                message!("number-with-comma")
            };
            let repair = Repair::likely(Code::BadNumber, span, what, vec![(span, plain.clone())])?;
            // `1,000` may be a thousand or one.
            let is_either = !text.contains([' ', '\u{a0}', '.'])
                && text.matches(',').count() == 1
                && plain.rsplit_once('.').is_some_and(|(_, digits)| digits.len() == 3);
            return Some(if is_either {
                repair.help(message!("thousands-or-fraction-help", thousands = plain.replace('.', ""), fraction = plain))
            } else {
                repair
            });
        }
        if let Some(repair) = unit(line, at) {
            return Some(repair);
        }
    }
    None
}

/// Whether a comma at this place separates arguments or items.
fn inside_call(line: &Line<'_>, at: usize) -> bool {
    (0..at).any(|open| {
        matches!(line.kind(open), Some(Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace))
            && line.closing(open).is_none_or(|close| close > at)
    })
}

/// `1 500,50` as `1500.50`.
fn plain_number(text: &str) -> Option<String> {
    let joined: String = text.chars().filter(|character| !matches!(character, ' ' | '\u{a0}')).collect();
    let plain = match joined.rsplit_once(',') {
        Some((whole, fraction)) if !fraction.contains('.') => format!("{}.{fraction}", whole.replace(['.', ','], "")),
        Some((whole, rest)) => format!("{}{rest}", whole.replace(',', "")),
        None => joined,
    };
    (plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && plain.matches('.').count() <= 1).then_some(plain)
}

/// A number with its unit or currency.
fn unit(line: &Line<'_>, at: usize) -> Option<Repair> {
    let is_currency = |text: &str| !text.is_empty() && text.chars().all(|character| "$€₽£¥₸₴₹№".contains(character));
    let before = at > 0 && is_currency(line.text(at - 1));
    let after = is_currency(line.text(at + 1)) || (line.is_word(at + 1) && foreign::spelled(line.text(at + 1)).is_none());
    let ends = |at: usize| {
        matches!(
            line.kind(at),
            None | Some(Lexeme::Semicolon | Lexeme::CloseParen | Lexeme::Comma | Lexeme::Colon | Lexeme::CloseBracket | Lexeme::CloseBrace)
        ) || is_operator(line, at)
    };
    // `3-5 дней` is a range.
    if at > 1 && line.is(at - 1, Lexeme::Minus) && line.touch(at - 1) && line.touch(at - 2) && after && line.is(at - 2, Lexeme::Integer) {
        return as_text(line, at - 2, at + 1, message!("text-without-quotes"));
    }
    let span = if before && ends(at + 1) {
        line.spans(at - 1, at)
    } else if after && line.is(at + 2, Lexeme::Dot) && ends(at + 3) && at > 0 && !line.ends_operand(at - 1) {
        line.spans(at, at + 2)
    } else if after && ends(at + 2) && at > 0 && !line.ends_operand(at - 1) {
        line.spans(at, at + 1)
    } else {
        return None;
    };
    let number = line.text(at);
    let unit = line.at(span).replace(number, "").trim().to_owned();
    let repair = Repair::likely(Code::BadNumber, span, message!("number-with-unit", unit = unit), vec![(span, number.to_owned())])?;
    Some(repair.help(message!("number-or-text-help", number = number, quoted = quoted(line.at(span)))))
}

fn is_operator(line: &Line<'_>, at: usize) -> bool {
    matches!(
        line.kind(at),
        Some(
            Lexeme::Plus
                | Lexeme::Minus
                | Lexeme::Star
                | Lexeme::Slash
                | Lexeme::And
                | Lexeme::Or
                | Lexeme::Less
                | Lexeme::Greater
                | Lexeme::Equal
                | Lexeme::LessEqual
                | Lexeme::GreaterEqual
        )
    )
}

/// `print(Привет, мир!)`, `x = Как дела?`
pub(super) fn sentence(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| {
        let is_mark = line.is(*at, Lexeme::Not) || (line.is(*at, Lexeme::BadCharacter) && line.text(*at) == "?");
        is_mark && line.is_word(*at - 1) && line.touch(*at - 1) && matches!(line.kind(*at + 1), None | Some(Lexeme::CloseParen))
    })?;
    let is_part = |at: usize| matches!(line.kind(at), Some(Lexeme::Name | Lexeme::Comma | Lexeme::Integer | Lexeme::Minus | Lexeme::In));
    let from = (0..at).rev().take_while(|at| is_part(*at)).last()?;
    let opens = from.checked_sub(1).filter(|open| line.is(*open, Lexeme::Assign) || opens_call(line, *open))?;
    as_text(line, opens + 1, at, message!("text-without-quotes"))
}

/// Two or more words on the right of `=`, or one argument of a call: `city = New York`, `set_note(Call Ivan)`.
pub(super) fn words(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| line.is_word(*at) && line.is_word(*at - 1) && !line.touch(*at - 1))?;
    let (from, to) = stretch(line, at);
    let (from, to) = with_word_before_bracket(line, from, to);
    // A condition is not text, and neither is a calculation.
    let is_asked =
        from > 0 && matches!(line.kind(from - 1), Some(Lexeme::If | Lexeme::Elif | Lexeme::While | Lexeme::And | Lexeme::Or | Lexeme::Not));
    if from == 0 || is_asked {
        return None;
    }
    // A new statement begins with a name, and never with text.
    if line.is(from - 1, Lexeme::Semicolon) && !inside_call(line, from) {
        return None;
    }
    let is_number = |at: usize| matches!(line.kind(at), Some(Lexeme::Integer | Lexeme::Float));
    let has_code = (from..=to).any(|at| {
        matches!(line.kind(at), Some(Lexeme::Quoted | Lexeme::BadQuoted | Lexeme::BadPlaceholder | Lexeme::OpenBrace | Lexeme::Colon))
            || (line.is(at, Lexeme::BadCharacter) && line.text(at).contains(['≤', '≥', '≠', '×', '÷']))
            || (matches!(line.kind(at), Some(Lexeme::Star | Lexeme::Slash))
                && at > from
                && at < to
                && (is_number(at - 1) || is_number(at + 1)))
            || (matches!(line.kind(at), Some(Lexeme::Plus | Lexeme::Minus))
                && at > from
                && at + 1 == to
                && is_number(to)
                && !line.touch(at))
    });
    if has_code {
        return None;
    }
    as_text(line, from, to, message!("text-without-quotes"))
}

/// `note = urgent (call before 6)`: what stands in the bracket, with the word before it.
fn with_word_before_bracket(line: &Line<'_>, from: usize, to: usize) -> (usize, usize) {
    let Some(word) = from.checked_sub(2).filter(|word| line.is_word(*word) && line.is(*word + 1, Lexeme::OpenParen)) else {
        return (from, to);
    };
    let is_value = word > 0 && line.is(word - 1, Lexeme::Assign) && line.closing(word + 1) == Some(line.len() - 1);
    if is_value && !line.touch(word) && !line.is_function(line.text(word)) { (word, line.len() - 1) } else { (from, to) }
}

/// The whole right side of `=`, when it has words and nothing that calculates: `price_text = Price: #{price} roubles`.
pub(super) fn plain(line: &Line<'_>) -> Option<Repair> {
    let from = line.equals()? + 1;
    let is_target = from == 2 || (from > 2 && line.is(from - 2, Lexeme::CloseBracket));
    let to = line.len().checked_sub(1).filter(|to| from <= *to)?;
    let is_text = |at: usize| match line.kind(at) {
        Some(Lexeme::Name) => {
            let calls = line.is(at + 1, Lexeme::OpenParen) && (line.touch(at) || line.is_function(line.text(at)));
            !calls && foreign::spelled(line.text(at)).is_none()
        }
        Some(Lexeme::BadCharacter) => line.text(at).chars().all(|sign| sign == '?' || !sign.is_ascii()),
        Some(Lexeme::Not) => at == to,
        Some(
            Lexeme::Integer
            | Lexeme::Float
            | Lexeme::BadNumber
            | Lexeme::Comma
            | Lexeme::Colon
            | Lexeme::Dot
            | Lexeme::Minus
            | Lexeme::OpenParen
            | Lexeme::CloseParen
            | Lexeme::HashBrace
            | Lexeme::CloseBrace
            | Lexeme::DynamicName,
        ) => true,
        _ => false,
    };
    let has_word = (from..=to).any(|at| line.is_word(at));
    if !is_target || !has_word || line.is(to, Lexeme::Comma) || !(from..=to).all(is_text) {
        return None;
    }
    let has_placeholder = (from..=to).any(|at| matches!(line.kind(at), Some(Lexeme::HashBrace | Lexeme::DynamicName)));
    let has_words = (from..to).any(|at| line.is_word(at) && line.is_word(at + 1));
    let repair = as_text(line, from, to, message!("text-without-quotes"))?;
    Some(Repair { is_certain: has_placeholder || has_words, ..repair })
}

/// `x = (1, 2)`
pub(super) fn tuple(line: &Line<'_>) -> Option<Repair> {
    let open = (0..line.len()).find(|at| {
        matches!(line.kind(*at), Some(Lexeme::OpenParen | Lexeme::OpenBrace))
            && !(*at > 0 && (line.is_word(*at - 1) || line.is(*at - 1, Lexeme::If)))
            && !line.inside(*at, Lexeme::Comma).is_empty()
    })?;
    let close = line.closing(open)?;
    if line.is(open, Lexeme::OpenBrace) && !line.inside(open, Lexeme::Colon).is_empty() {
        return None;
    }
    let edits = vec![(line.span(open), "[".to_owned()), (line.span(close), "]".to_owned())];
    Repair::certain(Code::UnexpectedToken, line.spans(open, close), message!("list-in-round-brackets"), edits)
}
