//! Operators written as in other languages: `===`, `=>`, `<>`, `&`, `++`, `a ? b : c`, and the `IF` of spreadsheets.

use super::line::{Line, Repair};
use super::words::in_condition;
use crate::diagnostic::{Code, Span};
use crate::syntax::Dialect;
use crate::syntax::foreign::{self, Meant};
use crate::syntax::lexeme::Lexeme;
use crate::wording::{Message, message};

/// What runs of signs mean here.
const SIGNS: &[(&str, &str)] = &[
    ("===", "=="),
    ("!==", "!="),
    ("=>", ">="),
    ("=<", "<="),
    ("=!", "!="),
    ("<>", "!="),
    ("><", "!="),
    ("~=", "!="),
    ("≠", "!="),
    (":=", "="),
    ("&&", "and"),
    ("||", "or"),
    ("??", "or"),
    ("←", "="),
    ("&", "+"),
    ("|", "or"),
];

/// The run of touching signs that begins at a lexeme.
fn run(line: &Line<'_>, from: usize) -> usize {
    let is_sign = |at: usize| {
        matches!(
            line.kind(at),
            Some(
                Lexeme::Assign
                    | Lexeme::Equal
                    | Lexeme::NotEqual
                    | Lexeme::Less
                    | Lexeme::LessEqual
                    | Lexeme::Greater
                    | Lexeme::GreaterEqual
                    | Lexeme::Not
                    | Lexeme::Colon
                    | Lexeme::BadCharacter
            )
        )
    };
    let mut to = from;
    while is_sign(from) && line.touch(to) && is_sign(to + 1) {
        to += 1;
    }
    to
}

/// `a === b`, `a => b`, `x := 5`, `'a' & b`.
pub(super) fn signs(line: &Line<'_>) -> Option<Repair> {
    let mut edits = Vec::new();
    let mut first = None;
    let mut at = 1;
    while at < line.len() {
        let to = run(line, at);
        let span = line.spans(at, to);
        let written = line.at(span);
        let meant = SIGNS.iter().find(|(sign, _)| *sign == written).map(|(_, meant)| *meant);
        let is_odd = to > at || line.is(at, Lexeme::BadCharacter);
        if let Some(meant) = meant.filter(|_| is_odd && line.ends_operand(at - 1)) {
            // `H&M` is a text of the vendor's dialect.
            if matches!(written, "&" | "|")
                && line.options.dialect == Dialect::Mavibot
                && line.equals().is_some()
                && !is_text_near(line, at)
            {
                return None;
            }
            // `x => 5` as a statement may set or compare.
            if written == "=>" && !in_condition(line, at) && line.equals() == Some(at) {
                return None;
            }
            let meant =
                if written == "&" && in_condition(line, at) && line.equals().is_none() && !is_text_near(line, at) { "and" } else { meant };
            first.get_or_insert((span, written, meant));
            edits.push((span, meant.to_owned()));
        }
        at = to + 1;
    }
    let (span, written, meant) = first?;
    Repair::certain(Code::ForeignOperator, span, message!("written-here", written = written, meant = meant), edits)
}

/// The operator that a function of a spreadsheet stands for: `AND(...)`, `ИЛИ(...)`.
fn logical(line: &Line<'_>, at: usize) -> Option<&'static str> {
    if !line.touch(at) || (at > 0 && line.ends_operand(at - 1)) {
        return None;
    }
    match line.kind(at)? {
        Lexeme::And => Some("and"),
        Lexeme::Or => Some("or"),
        Lexeme::Name => foreign::spelled(line.text(at)).filter(|word| matches!(*word, "and" | "or")),
        _ => None,
    }
}

fn is_text_near(line: &Line<'_>, at: usize) -> bool {
    line.is(at - 1, Lexeme::Quoted) || line.is(at + 1, Lexeme::Quoted)
}

/// `if x is None or y = 5:`, where `=` is not all that is wrong.
pub(super) fn equals_in_condition(line: &Line<'_>) -> Option<Repair> {
    if !matches!(line.kind(0), Some(Lexeme::If | Lexeme::Elif | Lexeme::While)) {
        return None;
    }
    let signs = line.separators(Lexeme::Assign);
    let first = line.span(*signs.first()?);
    let edits = signs.iter().map(|at| (line.span(*at), "==".to_owned())).collect();
    Repair::certain(Code::AssignmentInCondition, first, message!("equals-in-condition"), edits)
}

/// `x = =5+3`
pub(super) fn formula(line: &Line<'_>) -> Option<Repair> {
    let equals = line.equals()?;
    let twice = line.is(equals + 1, Lexeme::Assign);
    if !twice {
        return None;
    }
    let span = Span::new(line.span(equals + 1).start, line.span(equals + 2).start);
    Repair::certain(Code::UnexpectedToken, line.spans(equals, equals + 1), message!("one-equals"), vec![(span, String::new())])
}

/// `x + = 5`
pub(super) fn spaced_assignment(line: &Line<'_>) -> Option<Repair> {
    let is_sign = matches!(line.kind(1), Some(Lexeme::Plus | Lexeme::Minus | Lexeme::Star | Lexeme::Slash));
    if !line.is_word(0) || !is_sign || !line.is(2, Lexeme::Assign) || line.touch(1) {
        return None;
    }
    let meant = format!("{}=", line.text(1));
    let span = line.spans(1, 2);
    let message = message!("written-here", written = line.at(span), meant = &meant);
    Repair::certain(Code::UnexpectedToken, span, message, vec![(span, meant)])
}

/// `x = =SUM(A1:A5)`
pub(super) fn cells(line: &Line<'_>) -> Option<Repair> {
    let is_cell = |at: usize| {
        let text = line.text(at);
        let letters = text.trim_end_matches(|character: char| character.is_ascii_digit());
        line.is_word(at)
            && (1..=2).contains(&letters.len())
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && text.len() > letters.len()
    };
    let at = (0..line.len()).find(|at| is_cell(*at) && line.is(*at + 1, Lexeme::Colon) && is_cell(*at + 2) && line.touch(*at))?;
    Repair::none(Code::UnexpectedToken, line.spans(at, at + 2), message!("cells"), message!("cells-help"))
}

/// `=IF(A1 > 5; 10; 20)`
pub(super) fn formula_alone(line: &Line<'_>) -> Option<Repair> {
    if !line.is(0, Lexeme::Assign) || line.len() < 3 {
        return None;
    }
    let rest = line.rest(line.span(1).start);
    let edits = vec![(line.whole(), format!("x = {rest}"))];
    Repair::likely(Code::UnexpectedToken, line.span(0), message!("formula-without-name"), edits)
}

/// `i++`, `i--`, `++i`
pub(super) fn steps(line: &Line<'_>) -> Option<Repair> {
    let is_step =
        |at: usize| matches!(line.kind(at), Some(Lexeme::Plus | Lexeme::Minus)) && line.touch(at) && line.kind(at) == line.kind(at + 1);
    let (name, sign) = if line.is_word(0) && is_step(1) && matches!(line.kind(3), None | Some(Lexeme::Semicolon)) {
        (0, 1)
    } else if is_step(0) && line.is_word(2) && matches!(line.kind(3), None | Some(Lexeme::Semicolon)) {
        (2, 0)
    } else {
        return None;
    };
    let sign = line.text(sign);
    Repair::certain(
        Code::ForeignOperator,
        line.spans(0, 2),
        message!("written-here", written = format!("{sign}{sign}"), meant = format!("{sign}= 1")),
        vec![(line.spans(0, 2), format!("{} {sign}= 1", line.text(name)))],
    )
}

/// `x = a > b ? 1 : 0`
pub(super) fn choice(line: &Line<'_>) -> Option<Repair> {
    let mark = (0..line.len()).find(|at| line.is(*at, Lexeme::BadCharacter) && line.text(*at) == "?")?;
    let message = message!("choice-sign");
    // `?(a, b, c)` of 1C
    if line.is(mark + 1, Lexeme::OpenParen) && (mark == 0 || !line.ends_operand(mark - 1)) {
        return Repair::certain(Code::ForeignOperator, line.spans(mark, mark + 1), message, vec![(line.span(mark), "if".to_owned())]);
    }
    let mut depth = 0_i32;
    let colon = (mark + 1..line.len()).find(|at| {
        match line.kind(*at) {
            Some(Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace) => depth += 1,
            Some(Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace) => depth -= 1,
            _ => {}
        }
        depth == 0 && line.is(*at, Lexeme::Colon)
    })?;
    let start = line.equals().map_or(line.start(), |equals| line.span(equals + 1).start);
    let end = (colon + 1..line.len()).find(|at| line.is(*at, Lexeme::Semicolon)).map_or(line.end, |at| line.span(at - 1).end);
    let part = |from: u32, to: u32| line.at(Span::new(from, to)).trim();
    let condition = part(start, line.span(mark).start);
    let (then, otherwise) = (part(line.span(mark).end, line.span(colon).start), part(line.span(colon).end, end));
    let whole = Span::new(start, end);
    Repair::certain(Code::ForeignOperator, whole, message, vec![(whole, format!("if({condition}, {then}, {otherwise})"))])
}

/// `IF(a > 5; 10; 20)`, `ЕСЛИ(...)`, `f(a; b)`.
pub(super) fn semicolons(line: &Line<'_>) -> Option<Repair> {
    let mut edits = Vec::new();
    let mut first = None;
    let mut instead = None;
    for at in 0..line.len() {
        if !line.is(at, Lexeme::OpenParen) || at == 0 {
            continue;
        }
        let name = line.text(at - 1);
        let is_if = (line.is_word(at - 1) && foreign::spelled(name) == Some("if"))
            || (line.is(at - 1, Lexeme::If) && !line.inside(at, Lexeme::Semicolon).is_empty());
        // `И(a; b)` is `(a and b)`.
        if let Some(word) = logical(line, at - 1) {
            let parts = [line.inside(at, Lexeme::Semicolon), line.inside(at, Lexeme::Comma)].concat();
            if !parts.is_empty() {
                let written = format!("{name}(a; b)");
                first.get_or_insert((line.span(at - 1), message!("written-here", written = written, meant = format!("a {word} b"))));
                edits.push((line.span(at - 1), String::new()));
                edits.extend(parts.into_iter().map(|part| {
                    let end = line.span(part + 1).start.max(line.span(part).end);
                    (Span::new(line.span(part - 1).end, end), format!(" {word} "))
                }));
                continue;
            }
        }
        if is_if {
            first.get_or_insert((
                line.spans(at - 1, line.closing(at).unwrap_or(at)),
                message!("written-here", written = name, meant = "if"),
            ));
            edits.push((line.span(at - 1), "if".to_owned()));
        }
        let separators = line.inside(at, Lexeme::Semicolon);
        if separators.is_empty() || !(is_if || line.is_word(at - 1) || line.is(at - 1, Lexeme::If)) {
            continue;
        }
        let span = if is_if { line.spans(at - 1, line.closing(at).unwrap_or(at)) } else { line.span(separators[0]) };
        if is_if {
            first = Some((span, message!("written-here", written = format!("{name}(a; b; c)"), meant = "if(a, b, c)")));
        } else {
            first.get_or_insert((span, message!("semicolon-separates")));
        }
        // The fraction of a number begins with a comma where values are separated with semicolons.
        let is_fraction = |comma: &usize| {
            let touches = line.touch(*comma) && line.touch(*comma - 1);
            touches && line.is(*comma - 1, Lexeme::Integer) && line.is(*comma + 1, Lexeme::Integer)
        };
        let fractions = line.inside(at, Lexeme::Comma).into_iter().filter(is_fraction);
        edits.extend(fractions.map(|comma| (line.span(comma), ".".to_owned())));
        edits.extend(separators.into_iter().map(|at| (line.span(at), ",".to_owned())));
        if !is_if && !line.is_function(name) {
            let lower = name.to_lowercase();
            match foreign::called(name) {
                _ if line.is_function(&lower) && !matches!(foreign::called(name), Some(Meant::OfList(_))) => {
                    edits.push((line.span(at - 1), lower));
                }
                Some(Meant::Function(meant)) if line.is_function(meant) && !foreign::differs(name) => {
                    edits.push((line.span(at - 1), meant.to_owned()));
                }
                Some(Meant::OfList(meant)) if line.is_function(meant) => {
                    let close = line.span(line.closing(at)?).start;
                    edits.push((line.span(at - 1), meant.to_owned()));
                    edits.push((Span::new(line.span(at).end, line.span(at).end), "[".to_owned()));
                    edits.push((Span::new(close, close), "]".to_owned()));
                }
                Some(Meant::Otherwise(help)) => instead = Some(Message::new(help, Vec::new())),
                // The arguments are not those of the function that is meant.
                Some(Meant::Function(meant)) if line.is_function(meant) => {
                    instead = Some(message!("called-here-help", signature = format!("{meant}(...)")));
                }
                _ => {}
            }
        }
        if is_if {
            // One `=` compares in a spreadsheet.
            let end = line.inside(at, Lexeme::Semicolon).first().copied().unwrap_or(at);
            edits.extend((at..end).filter(|at| line.is(*at, Lexeme::Assign)).map(|at| (line.span(at), "==".to_owned())));
            edits.extend(
                (at..end)
                    .filter(|at| line.is(*at, Lexeme::Less) && line.is(*at + 1, Lexeme::Greater) && line.touch(*at))
                    .map(|at| (line.spans(at, at + 1), "!=".to_owned())),
            );
        }
    }
    let (span, message) = first?;
    let repair = Repair::certain(Code::ForeignOperator, span, message, edits)?;
    Some(match instead {
        Some(help) => Repair { is_certain: false, ..repair }.help(help),
        None => repair,
    })
}

/// `budget * 10%`
pub(super) fn per_cent(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| {
        line.is(*at, Lexeme::Percent)
            && matches!(line.kind(*at - 1), Some(Lexeme::Integer | Lexeme::Float))
            && line.touch(*at - 1)
            && matches!(
                line.kind(*at + 1),
                None | Some(
                    Lexeme::CloseParen
                        | Lexeme::Semicolon
                        | Lexeme::Comma
                        | Lexeme::Plus
                        | Lexeme::Minus
                        | Lexeme::Colon
                        | Lexeme::Star
                        | Lexeme::Slash
                )
            )
    })?;
    let span = line.spans(at - 1, at);
    let number = line.text(at - 1);
    // `budget - 10%` takes a part of the budget.
    let is_part = at >= 3 && (line.is(at - 2, Lexeme::Plus) || line.is(at - 2, Lexeme::Minus));
    let whole = if is_part { line.operand_start(at - 3) } else { None };
    let part = whole.map_or_else(|| format!("{number} / 100"), |of| format!("{} * {number} / 100", line.at(line.spans(of, at - 3))));
    let repair = Repair::likely(Code::ForeignOperator, span, message!("per-cent"), vec![(span, part.clone())])?;
    let mended = line.mended(&[(span, part)]);
    Some(repair.help(message!("calculate-or-text-help", code = mended, text = format!("'{}'", line.at(span)))))
}
