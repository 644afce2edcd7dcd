//! The reference pages in `docs/reference/`, `docs/ru/reference/` and `builtins.json`, all generated and committed.

use serde_json::{Value as Json, json};

use super::{about_parameter, about_variable, documentation, examples, origin, returns, signature, summary, translation, variables};
use crate::function::{Builtin, Family, Origin, Registry};
use crate::wording::{Language, message};

/// File names and texts of the reference in a language: a page for every group, and an index.
#[must_use]
pub fn pages(registry: &Registry, language: Language) -> Vec<(String, String)> {
    let mut groups: Vec<(&'static str, Vec<&Builtin>)> = Vec::new();
    for builtin in registry.iter() {
        match groups.iter_mut().find(|(group, _)| *group == builtin.group) {
            Some((_, builtins)) => builtins.push(builtin),
            None => groups.push((builtin.group, vec![builtin])),
        }
    }
    let generated = message!("doc-generated", command = "cargo run --example reference").render(language);
    let mut index = format!("# {}\n\n{generated}\n\n", message!("doc-functions").render(language));
    let mut files = Vec::new();
    for (group, builtins) in &groups {
        let file = format!("{}.md", group.replace(' ', "-"));
        let group = translation::group(group, language);
        index.push_str(&format!("## [{group}]({file})\n\n"));
        let mut page = format!("# {}\n\n{generated}\n", message!("doc-functions-of-group", group = group).render(language));
        for builtin in builtins {
            let summary = summary(builtin, language);
            index.push_str(&format!("- [`{}`]({file}#{}): {summary}\n", signature(builtin, language), builtin.name.to_lowercase()));
            page.push_str(&section(builtin, language));
        }
        index.push('\n');
        files.push((file, page));
    }
    index.push_str(&format!("## {}\n\n", message!("doc-variables-of-index").render(language)));
    for variable in variables(registry) {
        index.push_str(&format!("- `{}`: {}\n", variable.name, about_variable(variable, language)));
    }
    files.push(("README.md".to_owned(), index));
    files
}

fn section(builtin: &Builtin, language: Language) -> String {
    let mut out = format!("\n## {}\n\n`{}`\n\n", builtin.name, signature(builtin, language));
    for line in documentation(builtin, language) {
        out.push_str(&line);
        out.push('\n');
    }
    if !builtin.parameters.is_empty() {
        out.push_str(&format!("\n| {} |\n|---|---|---|---|\n", message!("doc-columns").render(language)));
        for parameter in builtin.parameters.iter() {
            let default = match translation::default_of(parameter, language) {
                Some(default) => format!("`{default}`"),
                None if parameter.required => message!("doc-required").render(language),
                None => String::new(),
            };
            let more = if parameter.variadic { "..." } else { "" };
            out.push_str(&format!(
                "| `{}{more}` | {} | {default} | {} |\n",
                parameter.name,
                parameter.kind.described().render(language),
                about_parameter(builtin, parameter, language).replace('|', "\\|")
            ));
        }
    }
    out.push_str(&format!("\n{}.", returns(builtin).render(language)));
    if !builtin.aliases.is_empty() {
        let names = format!("`{}`", builtin.aliases.join("`, `"));
        out.push_str(&format!(" {}.", message!("doc-aliases", names = names).render(language)));
    }
    out.push_str(&format!(" {}.\n", origin(builtin).render(language)));
    out
}

/// All functions and built-in variables as data for editors.
#[must_use]
pub fn json(registry: &Registry) -> Json {
    let functions: Vec<Json> = registry
        .iter()
        .map(|builtin| {
            let parameters: Vec<Json> = builtin
                .parameters
                .iter()
                .map(|parameter| {
                    json!({
                        "name": parameter.name,
                        "alias": parameter.alias,
                        "takes": parameter.kind.described().to_string(),
                        "required": parameter.required,
                        "variadic": parameter.variadic,
                        "default": parameter.default,
                        "about": parameter.about,
                    })
                })
                .collect();
            let examples: Vec<Json> =
                examples(builtin).into_iter().map(|example| json!({ "script": example.script, "value": example.value })).collect();
            json!({
                "name": builtin.name,
                "aliases": builtin.aliases,
                "group": builtin.group,
                "signature": builtin.signature(),
                "summary": builtin.summary(),
                "crm": builtin.family == Family::Host,
                "origin": if builtin.origin == Origin::Vendor { "vendor" } else { "ours" },
                "parameters": parameters,
                "returns": builtin.returns.described().to_string(),
                "failure": builtin.failure.map(|failure| failure.value().to_json()),
                "fails": builtin.failure.is_some(),
                "examples": examples,
            })
        })
        .collect();
    let variables: Vec<Json> =
        variables(registry).iter().map(|variable| json!({ "name": variable.name, "about": variable.about })).collect();
    json!({ "functions": functions, "variables": variables })
}
