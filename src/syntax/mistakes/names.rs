//! Names of two words, names with a dash, names that begin with a digit, keywords as names.

use super::line::{Line, Repair};
use crate::diagnostic::{Code, Span};
use crate::syntax::foreign;
use crate::syntax::lexeme::Lexeme;
use crate::wording::message;

/// `Имя клиента = 5`, `my-var = 5`.
pub(super) fn joined(line: &Line<'_>) -> Option<Repair> {
    let end = (1..line.len()).find(|at| {
        matches!(
            line.kind(*at),
            Some(Lexeme::Assign | Lexeme::AddAssign | Lexeme::SubtractAssign | Lexeme::MultiplyAssign | Lexeme::DivideAssign)
        )
    })?;
    let is_part = |at: usize| match line.kind(at) {
        Some(Lexeme::Name | Lexeme::Integer) => true,
        Some(Lexeme::Minus) => line.touch(at) && at > 0 && line.touch(at - 1),
        // `имя в заказе = 5`
        Some(Lexeme::In | Lexeme::For | Lexeme::Not | Lexeme::And | Lexeme::Or) => at > 0,
        _ => false,
    };
    if end < 2
        || !(line.is_word(0) || is_scoped(line.kind(0)))
        || !(0..end).all(|at| is_part(at) || (at == 0 && is_scoped(line.kind(0))))
        || foreign::is_nothing(line.text(0))
        || foreign::spelled(line.text(0)).is_some()
    {
        return None;
    }
    let has_dash = (0..end).any(|at| line.is(at, Lexeme::Minus));
    let span = line.spans(0, end - 1);
    let written = line.at(span);
    let name = (0..end).filter(|at| !line.is(*at, Lexeme::Minus)).map(|at| line.text(at)).collect::<Vec<_>>().join("_");
    let message = if has_dash { message!("name-with-dash", name = written) } else { message!("name-with-space", name = written) };
    let repair = Repair::certain(Code::BadName, span, message, vec![(span, name)])?;
    // Elsewhere the same two words would stay as they are.
    let is_alone = line.source.matches(written).count() == 1;
    Some(Repair { is_certain: is_alone, ..repair })
}

/// `client.x` and `project.x` are one lexeme.
fn is_scoped(kind: Option<Lexeme>) -> bool {
    matches!(kind, Some(Lexeme::ClientName | Lexeme::ProjectName))
}

/// Words that some line sets or reads as one name: `total price`, where `total_price` or `total price =` stands elsewhere.
pub(super) fn spaced_known(line: &Line<'_>) -> Option<Repair> {
    let repair = spaced(line)?;
    let (span, name) = repair.edits.first()?;
    let written = line.at(*span);
    let is_set = line.source.match_indices(written).any(|(at, _)| {
        let rest = line.source[at + written.len()..].trim_start();
        at != span.start as usize && (rest.starts_with('=') || rest.starts_with("+=")) && !rest.starts_with("==")
    });
    (is_set || line.source.contains(name.as_str())).then_some(repair)
}

/// `if имя клиента == 'Анна':`, where a name is read.
pub(super) fn spaced(line: &Line<'_>) -> Option<Repair> {
    let is_edge = |kind: Option<Lexeme>| {
        matches!(
            kind,
            None | Some(
                Lexeme::If
                    | Lexeme::Elif
                    | Lexeme::While
                    | Lexeme::And
                    | Lexeme::Or
                    | Lexeme::Not
                    | Lexeme::Colon
                    | Lexeme::Equal
                    | Lexeme::NotEqual
                    | Lexeme::Less
                    | Lexeme::LessEqual
                    | Lexeme::Greater
                    | Lexeme::GreaterEqual
                    | Lexeme::Plus
                    | Lexeme::Minus
                    | Lexeme::Star
                    | Lexeme::Slash
                    | Lexeme::Percent
                    | Lexeme::Assign
                    | Lexeme::OpenParen
                    | Lexeme::CloseParen
                    | Lexeme::Comma
            )
        )
    };
    let from = (0..line.len()).find(|at| {
        (line.is_word(*at) || is_scoped(line.kind(*at))) && line.is_word(*at + 1) && (*at == 0 || is_edge(line.kind(*at - 1)))
    })?;
    let to = (from + 1..line.len()).take_while(|at| line.is_word(*at)).last()?;
    if !is_edge(line.kind(to + 1)) || (from..=to).any(|at| foreign::spelled(line.text(at)).is_some() || line.is_function(line.text(at))) {
        return None;
    }
    let span = line.spans(from, to);
    let written = line.at(span);
    let name = (from..=to).map(|at| line.text(at)).collect::<Vec<_>>().join("_");
    let is_known = line.source.contains(&name);
    let repair = Repair::likely(Code::BadName, span, message!("name-with-space", name = written), vec![(span, name)])?;
    Some(Repair { is_certain: is_known, ..repair })
}

/// `1x = 5`
pub(super) fn digit_first(line: &Line<'_>) -> Option<Repair> {
    if !line.is(0, Lexeme::BadNumber) || !line.is(1, Lexeme::Assign) {
        return None;
    }
    let name = line.text(0);
    let meant = format!("_{name}");
    let letters = name.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = &name[..name.len() - letters.len()];
    let turned = format!("{}_{digits}", letters.trim_matches('_'));
    if letters.contains('.') {
        return None;
    }
    let repair = Repair::likely(Code::BadName, line.span(0), message!("digit-begins-name", name = name), vec![(line.span(0), meant)])?;
    Some(repair.help(message!("choose-name-help", name = turned)))
}

/// `x-y` in names of calls is left to who knows the functions; here `x = ` with a stray sign before it.
pub(super) fn dollar(line: &Line<'_>) -> Option<Repair> {
    let at = (0..line.len()).find(|at| {
        line.is(*at, Lexeme::BadCharacter) && matches!(line.text(*at), "$" | "@" | "№") && line.is_word(*at + 1) && line.touch(*at)
    })?;
    let span = line.spans(at, at + 1);
    let edits = (at..line.len())
        .filter(|other| {
            line.is(*other, Lexeme::BadCharacter) && line.text(*other) == line.text(at) && line.is_word(*other + 1) && line.touch(*other)
        })
        .map(|other| (line.span(other), String::new()))
        .collect::<Vec<(Span, String)>>();
    Repair::certain(Code::BadName, span, message!("name-with-sign", sign = line.text(at)), edits)
}
