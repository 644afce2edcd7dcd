//! The language people read: chosen once, before anything is said to them.

use std::sync::OnceLock;

use calc::wording::{Argument, Language, Message, message};

use crate::failure::Failure;

static LANGUAGE: OnceLock<(Language, Asked)> = OnceLock::new();

/// Who asked for the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Option,
    Environment,
    Nobody,
}

/// Takes the language of the option, else that of `CALC_LANG`, else that of the system's locale, else English.
pub fn choose(option: Option<Language>) -> Result<(), Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let chosen = match (option, variable("CALC_LANG")) {
        (None, Some(name)) => Some(name.parse().map_err(|_| Failure::usage(message!("calc-lang-unknown", name = name, known = known())))?),
        (option, _) => option,
    };
    let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    let asked = match (option, chosen) {
        (Some(_), _) => Asked::Option,
        (None, Some(_)) => Asked::Environment,
        (None, None) => Asked::Nobody,
    };
    let _ = LANGUAGE.set((chosen.or_else(|| Language::of_locale(&locale()?)).unwrap_or_default(), asked));
    Ok(())
}

/// The language that help is shown in, before the command line is understood; `default` is that of a settings file.
pub fn of_help(default: Option<&str>) -> Language {
    // One that is not UTF-8 is told later, when the command line is understood.
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let mut words = words.take_while(|word| word != "--");
    let mut option = None;
    while let Some(word) = words.next() {
        match word.strip_prefix("--lang") {
            Some("") => option = words.next(),
            Some(rest) if rest.starts_with('=') => option = Some(rest[1..].to_owned()),
            _ => {}
        }
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    // One that is wrong is told in the language that would hold without it.
    let named = [option, variable("CALC_LANG"), default.map(str::to_owned)];
    let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    named.into_iter().flatten().find_map(|name| name.parse().ok()).or_else(|| Language::of_locale(&locale()?)).unwrap_or_default()
}

/// The names of all languages.
pub fn known() -> Argument {
    Argument::all(Language::ALL.iter().map(|language| language.code()))
}

/// A sentence in the language people read.
pub fn say(message: &Message) -> String {
    message.render(current())
}

/// The language people read; before the command line is understood, as far as it can be seen.
pub fn current() -> Language {
    LANGUAGE.get().map_or_else(|| of_help(None), |(language, _)| *language)
}

/// Whether it was an option of the command line.
pub fn is_option() -> bool {
    LANGUAGE.get().is_some_and(|(_, asked)| *asked == Asked::Option)
}

/// Whether an option or the environment named it.
pub fn is_chosen() -> bool {
    LANGUAGE.get().is_some_and(|(_, asked)| *asked != Asked::Nobody)
}
