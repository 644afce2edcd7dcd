//! Documentation in other languages than English: `messages/reference.*.md`, one file a language. A translation stands
//! under the name of what it is of, with a digest of the English text it was made from, so that `stale` finds those
//! whose English text has changed.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::language::{ENTRIES, LanguageEntry};
use super::{prose, variables};
use crate::function::{Builtin, BuiltinVariable, Parameter, Registry};
use crate::wording::Language;

/// What a file has of one function, variable or word of the language.
#[derive(Debug, Default)]
struct Translation {
    /// Of the English text, as eight hexadecimal digits.
    digest: &'static str,
    /// The summary first.
    paragraphs: Vec<&'static str>,
    /// What is said of each parameter.
    parameters: Vec<(&'static str, &'static str)>,
}

/// All that one file has.
#[derive(Debug, Default)]
struct Translations {
    functions: HashMap<&'static str, Translation>,
    /// Those that only test files have.
    tests: HashMap<&'static str, Translation>,
    variables: HashMap<&'static str, Translation>,
    language: HashMap<&'static str, Translation>,
    groups: HashMap<&'static str, &'static str>,
    defaults: HashMap<&'static str, &'static str>,
    /// What is said of parameters of several functions, by its English text.
    parameters: HashMap<&'static str, &'static str>,
}

fn translations(language: Language) -> Option<&'static Translations> {
    static RU: OnceLock<Translations> = OnceLock::new();
    match language {
        Language::En => None,
        Language::Ru => Some(RU.get_or_init(|| read(include_str!("../../messages/reference.ru.md")))),
    }
}

/// Reads `# Section`, `## name <!-- digest -->`, paragraphs of one line each, and "- `parameter`: about".
fn read(text: &'static str) -> Translations {
    let mut all = Translations::default();
    let mut section = "";
    let mut entry: Option<(&'static str, Translation)> = None;
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("## ") {
            all.keep(section, entry.take());
            let (name, rest) = head.split_once(" <!--").unwrap_or((head, ""));
            let digest = rest.trim_end_matches("-->").trim();
            entry = Some((name, Translation { digest, ..Translation::default() }));
        } else if let Some(head) = line.strip_prefix("# ") {
            all.keep(section, entry.take());
            section = head;
        } else if let Some((name, about)) = line.strip_prefix("- `").and_then(|item| item.split_once("`: ")) {
            match (section, &mut entry) {
                ("Groups", _) => drop(all.groups.insert(name, about)),
                ("Defaults", _) => drop(all.defaults.insert(name, about)),
                ("Parameters", _) => drop(all.parameters.insert(name, about)),
                (_, Some((_, entry))) => entry.parameters.push((name, about)),
                (_, None) => {}
            }
        } else if let Some((_, entry)) = entry.as_mut().filter(|_| !line.is_empty()) {
            entry.paragraphs.push(line);
        }
    }
    all.keep(section, entry);
    all
}

impl Translations {
    fn keep(&mut self, section: &str, entry: Option<(&'static str, Translation)>) {
        let Some((name, translation)) = entry else { return };
        let entries = match section {
            "Functions" => &mut self.functions,
            "Tests" => &mut self.tests,
            "Variables" => &mut self.variables,
            _ => &mut self.language,
        };
        entries.insert(name, translation);
    }
}

/// The paragraphs of a function's documentation without its examples; `None` where there is no translation.
pub(super) fn paragraphs(builtin: &Builtin, language: Language) -> Option<&'static [&'static str]> {
    Some(&of_function(translations(language)?, builtin)?.paragraphs)
}

/// The translation of what a function says of itself now.
fn of_function<'t>(all: &'t Translations, builtin: &Builtin) -> Option<&'t Translation> {
    let both = [&all.functions, &all.tests].into_iter();
    both.filter_map(|functions| functions.get(builtin.name)).find(|found| found.digest == digest_of(builtin))
}

/// What a parameter is, in words.
#[must_use]
pub fn about_parameter(builtin: &Builtin, parameter: &Parameter, language: Language) -> &'static str {
    let translated = |all: &'static Translations| {
        let own = of_function(all, builtin).and_then(|found| found.parameters.iter().find(|(name, _)| *name == parameter.name));
        own.map(|(_, about)| *about).or_else(|| all.parameters.get(parameter.about).copied())
    };
    translations(language).and_then(translated).unwrap_or(parameter.about)
}

/// What is meant when a parameter is not given, in words or as a value.
pub(super) fn default_of(parameter: &Parameter, language: Language) -> Option<&'static str> {
    let default = parameter.default?;
    Some(translations(language).and_then(|all| all.defaults.get(default).copied()).unwrap_or(default))
}

/// How a function is called; what is meant when a parameter is not given is in words of the language.
#[must_use]
pub fn signature(builtin: &Builtin, language: Language) -> String {
    let parameters = builtin.parameters.iter().map(|parameter| match default_of(parameter, language) {
        _ if parameter.variadic => format!("{}...", parameter.name),
        Some(default) => format!("{}={default}", parameter.name),
        None => parameter.name.to_owned(),
    });
    format!("{}({})", builtin.name, parameters.collect::<Vec<_>>().join(", "))
}

/// The name of a group of functions.
pub(super) fn group(name: &'static str, language: Language) -> &'static str {
    translations(language).and_then(|all| all.groups.get(name).copied()).unwrap_or(name)
}

/// What a built-in variable holds.
#[must_use]
pub fn about_variable(variable: &BuiltinVariable, language: Language) -> &'static str {
    let translated = || {
        let translation = translations(language)?.variables.get(variable.name)?;
        translation.paragraphs.first().copied().filter(|_| translation.digest == digest([variable.about]))
    };
    translated().unwrap_or(variable.about)
}

/// What a keyword or operator does.
#[must_use]
pub fn about_entry(entry: &LanguageEntry, language: Language) -> &'static str {
    let translated = || translations(language)?.language.get(entry.names.first()?)?.paragraphs.first().copied();
    translated().unwrap_or(entry.about)
}

/// FNV-1a over the parts of an English text.
fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in parts.into_iter().flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    format!("{hash:08x}")
}

fn digest_of(builtin: &Builtin) -> String {
    let prose = prose(builtin);
    let parameters = builtin.parameters.iter().flat_map(|parameter| [parameter.name, parameter.about]);
    digest(prose.iter().map(String::as_str).chain(parameters))
}

/// A digest of the English text that a page of documentation was translated from.
#[must_use]
pub fn digest_of_page(text: &str) -> String {
    digest([text])
}

/// The functions of a host that say something which a language lacks, such as those of test files.
#[must_use]
pub fn untranslated(builtins: &[Builtin], language: Language) -> Vec<String> {
    let Some(all) = translations(language) else { return Vec::new() };
    let mut problems = Vec::new();
    for builtin in builtins {
        if of_function(all, builtin).is_none() {
            problems.push(format!("`## {} <!-- {} -->`", builtin.name, digest_of(builtin)));
        }
        let lacks = |parameter: &&Parameter| about_parameter(builtin, parameter, language) == parameter.about;
        problems.extend(builtin.parameters.iter().filter(lacks).map(|parameter| format!("- `{}`", parameter.about)));
    }
    problems
}

/// What a language lacks, and which of its translations were made from another English text than there is now; each
/// problem in words for whoever translates.
#[must_use]
pub fn stale(registry: &Registry, language: Language) -> Vec<String> {
    let Some(all) = translations(language) else { return Vec::new() };
    let mut problems = Vec::new();
    let mut compare = |kind: &str, name: &str, translation: Option<&Translation>, digest: String| match translation {
        None => problems.push(format!("{kind} `{name}` is not translated: `## {name} <!-- {digest} -->`")),
        Some(translation) if translation.paragraphs.is_empty() => problems.push(format!("{kind} `{name}` has no text")),
        Some(translation) if translation.digest != digest => {
            problems.push(format!("{kind} `{name}`: the English text has changed; once the translation says the same, write {digest}"));
        }
        Some(_) => {}
    };
    for builtin in registry.iter() {
        compare("function", builtin.name, all.functions.get(builtin.name), digest_of(builtin));
    }
    for variable in variables(registry) {
        compare("variable", variable.name, all.variables.get(variable.name), digest([variable.about]));
    }
    for entry in ENTRIES {
        let name = entry.names.first().copied().unwrap_or_default();
        compare("word", name, all.language.get(name), digest([entry.about]));
    }
    for builtin in registry.iter() {
        let translated = all.functions.get(builtin.name).map(|found| found.parameters.iter().map(|(name, _)| *name).collect());
        let declared: Vec<&str> = builtin.parameters.iter().map(|parameter| parameter.name).collect();
        if translated.is_some_and(|translated: Vec<&str>| translated != declared) {
            problems.push(format!("function `{}` has the parameters {declared:?}", builtin.name));
        }
        if !all.groups.contains_key(builtin.group) {
            problems.push(format!("the group `{}` is not translated", builtin.group));
        }
        for default in builtin.parameters.iter().filter_map(|parameter| parameter.default) {
            if default.contains(' ') && !default.starts_with('\'') && !all.defaults.contains_key(default) {
                problems.push(format!("the default `{default}` is not translated"));
            }
        }
    }
    let needless = |kind: &str, name: &str, is_known: bool| (!is_known).then(|| format!("there is no {kind} `{name}` any more"));
    problems.extend(
        all.functions.keys().filter_map(|name| needless("function", name, registry.get(name).is_some_and(|builtin| builtin.name == *name))),
    );
    problems.extend(all.variables.keys().filter_map(|name| needless("variable", name, registry.variable(name).is_some())));
    let is_entry = |name: &str| ENTRIES.iter().any(|entry| entry.names.first() == Some(&name));
    problems.extend(all.language.keys().filter_map(|name| needless("word", name, is_entry(name))));
    problems.sort();
    problems
}
