//! Documentation of the functions, made from their declarations: for the terminal, as pages, as data. English stands in
//! the declarations, other languages in `messages/reference.*.md`.

mod example;
pub mod language;
mod pages;
mod translation;

pub use example::{Example, examples};
pub use pages::{json, pages};
pub use translation::{about_entry, about_parameter, about_variable, digest_of_page, signature, stale, untranslated};

use std::sync::Arc;

use crate::function::{Builtin, BuiltinVariable, Family, Origin, PlatformFunction, PlatformKind, Registry};
use crate::wording::{Language, Message, message};

/// How wide paragraphs are on a terminal.
const WIDTH: usize = 98;

/// What is known of a function of the platform that nobody provides here.
#[must_use]
pub fn page_of_platform_function(function: &PlatformFunction) -> Message {
    let group = function.group_in_words();
    let about = match function.kind {
        PlatformKind::Service => message!("platform-function-of-service", group = group),
        PlatformKind::Integration => message!("platform-function-of-integration", group = group),
    };
    message!("doc-platform-function", name = function.name, about = about)
}

/// The documentation of one function for a terminal.
#[must_use]
pub fn page_for_terminal(builtin: &Builtin, language: Language) -> String {
    let mut out = format!("{}\n\n", signature(builtin, language));
    let mut paragraph = String::new();
    let mut is_example = false;
    for line in documentation(builtin, language) {
        let is_fence = line.trim_start().starts_with("```");
        if is_example || is_fence || line.is_empty() {
            wrap(&std::mem::take(&mut paragraph), "  ", &mut out);
            if !is_fence {
                out.push_str(if line.is_empty() { "" } else { "  " });
                out.push_str(&line);
                out.push('\n');
            }
            is_example ^= is_fence;
        } else {
            paragraph.push_str(if paragraph.is_empty() { "" } else { " " });
            paragraph.push_str(&line);
        }
    }
    wrap(&paragraph, "  ", &mut out);
    if !builtin.parameters.is_empty() {
        out.push_str(&format!("\n{}\n", message!("doc-arguments").render(language)));
        let width = builtin.parameters.iter().map(|parameter| parameter.name.len()).max().unwrap_or(0);
        for parameter in builtin.parameters.iter() {
            let takes = parameter.kind.described();
            let about = translation::about_parameter(builtin, parameter, language);
            let line = match translation::default_of(parameter, language) {
                Some(default) => message!("doc-argument-with-default", takes = takes, about = about, default = default),
                None if !parameter.required => message!("doc-optional-argument", takes = takes, about = about),
                None => message!("doc-argument", takes = takes, about = about),
            };
            out.push_str(&format!("  {:width$}  {}\n", parameter.name, line.render(language)));
        }
    }
    out.push_str(&format!("\n{}\n", returns(builtin).render(language)));
    if !builtin.aliases.is_empty() {
        out.push_str(&format!("{}\n", message!("doc-aliases", names = builtin.aliases.join(", ")).render(language)));
    }
    out.push_str(&format!("{}\n", origin(builtin).render(language)));
    out
}

/// Adds a paragraph in lines that fit a terminal.
fn wrap(paragraph: &str, indent: &str, out: &mut String) {
    let mut width = 0;
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            width = 0;
        }
        out.push_str(if width == 0 { indent } else { " " });
        out.push_str(word);
        width += length + usize::from(width > 0);
    }
    if width > 0 {
        out.push('\n');
    }
}

/// What the function returns, and what when it refuses.
fn returns(builtin: &Builtin) -> Message {
    let what = builtin.returns.described();
    match builtin.failure {
        Some(failure) => {
            let mut text = String::new();
            failure.value().write_text(&mut text);
            message!("doc-returns-or-refuses", what = what, failure = text)
        }
        None if builtin.family == Family::General => message!("doc-returns", what = what),
        None => message!("doc-returns-and-never-refuses", what = what),
    }
}

fn origin(builtin: &Builtin) -> Message {
    match builtin.origin {
        Origin::Vendor => message!("doc-of-the-vendor"),
        Origin::Ours => message!("doc-addition"),
    }
}

/// The lines of the English documentation without the space that `///` leaves before them.
fn declared(builtin: &Builtin) -> impl Iterator<Item = String> + '_ {
    builtin.documentation.iter().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned())
}

/// The lines of the English documentation that are no example.
fn prose(builtin: &Builtin) -> Vec<String> {
    let mut is_example = false;
    let lines = declared(builtin).filter(|line| {
        let is_fence = line.starts_with("```");
        is_example ^= is_fence;
        !is_example && !is_fence
    });
    lines.collect()
}

/// The lines of documentation in Markdown: a summary, rules, examples.
#[must_use]
pub fn documentation(builtin: &Builtin, language: Language) -> Vec<String> {
    let Some(paragraphs) = translation::paragraphs(builtin, language) else { return declared(builtin).collect() };
    let translated = paragraphs.iter().flat_map(|paragraph| [(*paragraph).to_owned(), String::new()]);
    translated.chain(declared(builtin).skip_while(|line| !line.starts_with("```"))).collect()
}

/// The first sentence of the documentation.
#[must_use]
pub fn summary(builtin: &Builtin, language: Language) -> String {
    match translation::paragraphs(builtin, language).and_then(<[_]>::first) {
        Some(summary) => (*summary).to_owned(),
        None => builtin.summary(),
    }
}

/// The functions whose name, aliases or documentation have a word, in English or in the language.
#[must_use]
pub fn search<'r>(registry: &'r Registry, word: &str, language: Language) -> Vec<&'r Builtin> {
    let word = word.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&word);
    let mut found: Vec<&Builtin> = registry
        .iter()
        .map(AsRef::as_ref)
        .filter(|builtin| {
            has(builtin.name)
                || builtin.aliases.iter().any(|alias| has(alias))
                || declared(builtin).chain(documentation(builtin, language)).any(|line| has(&line))
        })
        .collect();
    found.sort_by_key(|builtin| (!has(builtin.name), builtin.name));
    found
}

/// One line for each function.
#[must_use]
pub fn list(builtins: &[&Builtin], language: Language) -> String {
    builtins.iter().map(|builtin| format!("{}\n    {}\n", signature(builtin, language), summary(builtin, language))).collect()
}

/// The built-in variables by name.
fn variables(registry: &Registry) -> Vec<&Arc<BuiltinVariable>> {
    let mut variables: Vec<_> = registry.variables().collect();
    variables.sort_by_key(|variable| variable.name);
    variables
}

/// All functions by group, one line each, and the built-in variables.
#[must_use]
pub fn overview(registry: &Registry, language: Language) -> String {
    let mut out = String::new();
    let mut group = "";
    for builtin in registry.iter() {
        if builtin.group != group {
            group = builtin.group;
            out.push_str(&format!("{}{}\n", if out.is_empty() { "" } else { "\n" }, translation::group(group, language)));
        }
        out.push_str(&format!("  {:34} {}\n", signature(builtin, language), summary(builtin, language)));
    }
    out.push_str(&format!("\n{}\n", message!("doc-variables").render(language)));
    for variable in variables(registry) {
        out.push_str(&format!("  {:34} {}\n", variable.name, about_variable(variable, language)));
    }
    out
}
