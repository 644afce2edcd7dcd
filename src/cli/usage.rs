//! What is wrong with a command line, in the words of the catalogue: the library that reads it speaks English only, but
//! says what it found as data.

use std::num::{IntErrorKind, ParseIntError};

use calc::wording::{Argument, Language, Message, UnknownLanguage, message};
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::language;

/// The report of an error: what is wrong, what was meant, how the command is called.
pub fn report(error: &Error, language: Language, colored: bool) -> String {
    let Some(problem) = problem(error) else { return error.render().to_string() };
    let (on, off) = if colored { ("\u{1b}[1m\u{1b}[31m", "\u{1b}[0m") } else { ("", "") };
    let mut text = format!("{on}{}{off} {}\n", message!("usage-error").render(language), problem.render(language));
    let values = texts(error, ContextKind::ValidValue);
    if !values.is_empty() {
        let values = message!("usage-possible-values", values = values.join(", "));
        text.push_str(&format!("  [{}]\n", values.render(language)));
    }
    let tips = tips(error);
    if !tips.is_empty() {
        text.push('\n');
    }
    for tip in tips {
        text.push_str(&format!("  {}\n", message!("usage-tip", tip = tip).render(language)));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim_start_matches("Usage:").trim();
        text.push_str(&format!("\n{} {usage}\n", message!("usage-heading").render(language)));
    }
    text.push_str(&format!("\n{}\n", message!("usage-more").render(language)));
    text
}

/// The texts of a kind of context.
fn texts(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// The first text of a kind of context.
fn text(error: &Error, kind: ContextKind) -> String {
    texts(error, kind).into_iter().next().unwrap_or_default()
}

fn quoted(names: &[String]) -> Argument {
    Argument::all(names.iter().map(|name| format!("`{name}`")))
}

/// What is wrong; nothing for what is no error, or one that is not known here.
fn problem(error: &Error) -> Option<Message> {
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument if !argument.starts_with('-') => message!("usage-argument-too-many", name = argument),
        ErrorKind::UnknownArgument => message!("usage-unknown-argument", name = argument),
        ErrorKind::InvalidSubcommand => message!("usage-unknown-command", name = text(error, ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue if value.is_empty() => message!("usage-value-missing", name = argument),
        ErrorKind::InvalidValue => message!("usage-invalid-value", value = value, name = argument),
        ErrorKind::ValueValidation => match reason(error) {
            Some(reason) => message!("usage-invalid-value-because", value = value, name = argument, reason = reason),
            None => message!("usage-invalid-value", value = value, name = argument),
        },
        ErrorKind::MissingRequiredArgument => {
            let missing = texts(error, ContextKind::InvalidArg);
            message!("usage-arguments-missing", count = missing.len(), names = quoted(&missing))
        }
        ErrorKind::MissingSubcommand => message!("usage-command-missing"),
        ErrorKind::ArgumentConflict => {
            let others = texts(error, ContextKind::PriorArg);
            match others.as_slice() {
                [] => message!("usage-argument-alone", name = argument),
                [other] if *other == argument => message!("usage-argument-twice", name = argument),
                others => message!("usage-conflict", name = argument, others = quoted(others)),
            }
        }
        ErrorKind::TooManyValues => message!("usage-value-unexpected", value = value, name = argument),
        ErrorKind::NoEquals => message!("usage-equals-missing", name = argument),
        ErrorKind::InvalidUtf8 => message!("usage-not-utf8"),
        _ => return None,
    })
}

/// Why a value is refused.
fn reason(error: &Error) -> Option<Argument> {
    let source = std::error::Error::source(error)?;
    if let Some(number) = source.downcast_ref::<ParseIntError>() {
        return Some(match number.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => message!("usage-number-too-large").into(),
            _ => message!("usage-not-a-number").into(),
        });
    }
    if source.is::<UnknownLanguage>() {
        return Some(message!("usage-languages", known = language::known()).into());
    }
    let said = source.to_string();
    // A number outside of its range: `0 is not in 1..=86400`.
    let range = said.split_once(" is not in ").and_then(|(_, range)| range.split_once(".."));
    Some(match range {
        Some((from, "")) => message!("usage-number-from", from = from).into(),
        Some((from, to)) => message!("usage-number-between", from = from, to = to.trim_start_matches('=')).into(),
        None => said.into(),
    })
}

/// What may have been meant.
fn tips(error: &Error) -> Vec<Message> {
    let mut tips = Vec::new();
    for name in texts(error, ContextKind::SuggestedArg) {
        tips.push(message!("usage-similar-argument", name = name));
    }
    for name in texts(error, ContextKind::SuggestedSubcommand) {
        tips.push(message!("usage-similar-command", name = name));
    }
    for value in texts(error, ContextKind::SuggestedValue) {
        tips.push(message!("usage-similar-value", value = value));
    }
    // Suggestions that the library makes as sentences: what stands in quotes says which.
    for sentence in texts(error, ContextKind::Suggested) {
        let parts: Vec<&str> = sentence.split('\'').skip(1).step_by(2).collect();
        match parts.as_slice() {
            [word, instead] => tips.push(message!("usage-as-value", word = *word, instead = *instead)),
            [command] => tips.push(message!("usage-exists", command = *command)),
            _ => {}
        }
    }
    tips
}
