//! Placeholders as other programs write them, outside and inside texts: `{{name}}`, `${name}`, `%name%`, `f'{name}'`.

use super::line::{Line, Repair};
use crate::diagnostic::{Code, Span};
use crate::syntax::lexeme::Lexeme;
use crate::wording::message;

/// How placeholders begin and end elsewhere, longest first.
const MARKS: &[(&str, &str)] = &[
    ("{{{", "}}}"),
    ("{{", "}}"),
    ("#{{", "}}"),
    ("${", "}"),
    ("#(", ")"),
    ("#[", "]"),
    ("# {", "}"),
    ("#<", ">"),
    ("%{", "}"),
    ("@{", "}"),
    ("<%=", "%>"),
    ("[[", "]]"),
    ("%", "%"),
    ("{", "}"),
];

/// The most bytes of a placeholder.
const LONGEST: usize = 200;

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
        && characters.all(|character| character == '_' || unicode_ident::is_xid_continue(character))
}

/// A placeholder of another kind at the beginning of a text: the name in it, and its length in bytes.
pub(crate) fn at_start(text: &str) -> Option<(&str, usize)> {
    // Only a name stands between the marks, so no more of the text is looked at.
    let text = &text[..text.floor_char_boundary(LONGEST)];
    MARKS.iter().find_map(|(open, close)| {
        let rest = text.strip_prefix(open)?;
        let end = rest.find(close)?;
        let name = rest[..end].trim();
        is_name(name.strip_prefix("client.").or_else(|| name.strip_prefix("project.")).unwrap_or(name))
            .then_some((name, open.len() + end + close.len()))
    })
}

/// `x = {{name}}`, `x = ${name}`, `x = %name%`, `x = $name`.
pub(super) fn outside(line: &Line<'_>) -> Option<Repair> {
    for at in 0..line.len() {
        let span = line.span(at);
        let rest = line.rest(span.start);
        if at > 0 && line.ends_operand(at - 1) {
            continue;
        }
        let starts = matches!(
            line.kind(at),
            Some(Lexeme::OpenBrace | Lexeme::Percent | Lexeme::BadCharacter | Lexeme::HashBrace | Lexeme::OpenBracket | Lexeme::Less)
        );
        if !starts {
            continue;
        }
        let found = at_start(rest).filter(|_| !line.is(at, Lexeme::OpenBracket) || rest.starts_with("[[")).or_else(|| {
            let name: String = rest
                .strip_prefix('$')?
                .chars()
                .take_while(|character| *character == '_' || unicode_ident::is_xid_continue(*character))
                .collect();
            is_name(&name).then(|| (&rest[1..=name.len()], name.len() + 1))
        });
        let Some((name, length)) = found else { continue };
        let whole = Span::new(span.start, span.start + u32::try_from(length).ok()?);
        let written = line.at(whole);
        let repair = Repair::certain(
            Code::ForeignPlaceholder,
            whole,
            message!("other-placeholder", written = written),
            vec![(whole, name.to_owned())],
        )?;
        return Some(repair.help(message!("other-placeholder-help", name = name)));
    }
    None
}

/// `f'Hello, {name}'`
pub(super) fn python_text(line: &Line<'_>) -> Option<Repair> {
    let at = (0..line.len()).find(|at| {
        line.is_word(*at)
            && matches!(line.text(*at), "f" | "F" | "r" | "b" | "u" | "rf" | "fr")
            && line.touch(*at)
            && line.is(*at + 1, Lexeme::Quoted)
    })?;
    let prefix = line.text(at);
    let text = line.text(at + 1);
    let span = line.spans(at, at + 1);
    if !prefix.to_lowercase().contains('f') {
        return Repair::certain(Code::ForeignWord, span, message!("prefixed-text", prefix = prefix), vec![(line.span(at), String::new())]);
    }
    let mut out = String::new();
    let mut rest = text;
    let mut is_plain = true;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        let inner = &rest[1..close];
        is_plain &= !inner.contains([':', '!', '{']) && !inner.is_empty();
        if out.ends_with('#') {
            out.push('{');
        } else {
            out.push_str("#{");
        }
        out.push_str(inner);
        out.push('}');
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    let message = message!("prefixed-template", prefix = prefix);
    if is_plain {
        return Repair::certain(Code::ForeignPlaceholder, span, message, vec![(span, out)]);
    }
    Repair::none(Code::ForeignPlaceholder, span, message, message!("prefixed-template-help"))
}

/// `'%s costs %d' % (name, budget)`
pub(super) fn percent_format(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len())
        .find(|at| line.is(*at, Lexeme::Percent) && line.is(*at - 1, Lexeme::Quoted) && line.is(*at + 1, Lexeme::OpenParen))?;
    let text = line.text(at - 1);
    if !text.contains("%s") && !text.contains("%d") {
        return None;
    }
    let first = line.text(at + 2);
    let shown = if is_name(first) { first } else { "name" };
    let end = line.closing(at + 1).unwrap_or(at + 1);
    Repair::none(Code::ForeignPlaceholder, line.spans(at - 1, end), message!("format-call"), message!("format-call-help", name = shown))
}

/// `'Sum {}'.format(budget)`
pub(super) fn format_call(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| {
        line.is(*at, Lexeme::Dot)
            && line.text(*at + 1) == "format"
            && line.is(*at - 1, Lexeme::Quoted)
            && line.is(*at + 2, Lexeme::OpenParen)
    })?;
    let close = line.closing(at + 2)?;
    let commas = line.inside(at + 2, Lexeme::Comma);
    let mut values = Vec::new();
    let mut from = line.span(at + 2).end;
    for comma in commas.iter().copied().chain([close]) {
        values.push(line.at(Span::new(from, line.span(comma).start)).trim());
        from = line.span(comma).end;
    }
    let text = line.text(at - 1);
    let mut out = String::new();
    let mut rest = text;
    let mut given = values.iter();
    let mut is_plain = true;
    while let Some(place) = rest.find("{}") {
        out.push_str(&rest[..place]);
        match given.next().filter(|value| !value.is_empty() && !value.contains(['\'', '"', '='])) {
            Some(value) => out.push_str(&format!("#{{{value}}}")),
            None => is_plain = false,
        }
        rest = &rest[place + 2..];
    }
    out.push_str(rest);
    is_plain &= given.next().is_none() && !rest.contains('{');
    let span = line.spans(at - 1, close);
    let message = message!("format-call");
    if is_plain {
        return Repair::certain(Code::ForeignPlaceholder, span, message, vec![(span, out)]);
    }
    let shown = values.first().copied().filter(|value| is_name(value)).unwrap_or("name");
    Repair::none(Code::ForeignPlaceholder, span, message, message!("format-call-help", name = shown))
}

/// `'Sum: #{budget:.2f}'`
pub(super) fn number_format(line: &Line<'_>) -> Option<Repair> {
    // Inside of a placeholder of a message.
    if let Some(colon) = line.separators(Lexeme::Colon).first().filter(|_| line.source[..line.start() as usize].ends_with("#{")) {
        let value = line.at(Span::new(line.start(), line.span(*colon).start)).trim();
        let digits: u32 =
            line.rest(line.span(*colon).end).trim().trim_start_matches(['.', ',', '0']).trim_end_matches(['f', 'F']).parse().ok()?;
        let meant = format!("round({value}, {digits})");
        let repair =
            Repair::likely(Code::ForeignPlaceholder, line.whole(), message!("placeholder-format"), vec![(line.whole(), meant.clone())])?;
        return Some(repair.help(message!("write-help", code = format!("#{{{meant}}}"))));
    }
    let at = (0..line.len()).find(|at| line.is(*at, Lexeme::Quoted))?;
    for at in at..line.len() {
        let text = line.text(at);
        let Some((open, inner)) = text.match_indices("#{").find_map(|(open, _)| {
            let rest = &text[open + 2..];
            let inner = &rest[..rest.find('}')?];
            inner.contains(':').then_some((open, inner))
        }) else {
            continue;
        };
        if !line.is(at, Lexeme::Quoted) {
            continue;
        }
        let (value, format) = inner.split_once(':')?;
        let digits = format.trim().trim_start_matches(['.', ',', '0']).trim_end_matches(['f', 'F']);
        if format.trim().is_empty() || !format.chars().all(|character| character.is_ascii_alphanumeric() || ".,<>^+%".contains(character)) {
            continue;
        }
        let start = line.span(at).start + u32::try_from(open).ok()? + 2;
        let span = Span::new(start, start + u32::try_from(inner.len()).ok()?);
        let digits: u32 = digits.parse().unwrap_or(0);

        let meant = format!("round({}, {digits})", value.trim());
        let repair = Repair::likely(Code::ForeignPlaceholder, span, message!("placeholder-format"), vec![(span, meant.clone())])?;

        return Some(repair.help(message!("write-help", code = format!("#{{{meant}}}"))));
    }
    None
}
