//! The reference pages in `docs/reference/` and `builtins.json`, both generated and committed.

use serde_json::{Value as Json, json};

use super::{documentation, examples, failure, origin};
use crate::function::{Builtin, Family, Origin, Registry};

/// File names and texts of the reference: a page for every group, and an index.
#[must_use]
pub fn pages(registry: &Registry) -> Vec<(String, String)> {
    let mut groups: Vec<(&'static str, Vec<&Builtin>)> = Vec::new();
    for builtin in registry.iter() {
        match groups.iter_mut().find(|(group, _)| *group == builtin.group) {
            Some((_, builtins)) => builtins.push(builtin),
            None => groups.push((builtin.group, vec![builtin])),
        }
    }
    let mut index = String::from("# Functions\n\nGenerated from the declarations by `cargo run --example reference`.\n\n");
    let mut files = Vec::new();
    for (group, builtins) in &groups {
        let file = format!("{}.md", group.replace(' ', "-"));
        index.push_str(&format!("## [{group}]({file})\n\n"));
        let mut page = format!("# Functions: {group}\n\nGenerated from the declarations by `cargo run --example reference`.\n");
        for builtin in builtins {
            index.push_str(&format!("- [`{}`]({file}#{}): {}\n", builtin.signature(), builtin.name.to_lowercase(), builtin.summary()));
            page.push_str(&section(builtin));
        }
        index.push('\n');
        files.push((file, page));
    }
    index.push_str("## Built-in variables\n\n");
    let mut variables: Vec<_> = registry.variables().collect();
    variables.sort_by_key(|variable| variable.name);
    for variable in variables {
        index.push_str(&format!("- `{}`: {}\n", variable.name, variable.about));
    }
    files.push(("README.md".to_owned(), index));
    files
}

fn section(builtin: &Builtin) -> String {
    let mut out = format!("\n## {}\n\n`{}`\n\n", builtin.name, builtin.signature());
    for line in documentation(builtin) {
        out.push_str(&line);
        out.push('\n');
    }
    if !builtin.parameters.is_empty() {
        out.push_str("\n| argument | takes | default | meaning |\n|---|---|---|---|\n");
        for parameter in builtin.parameters.iter() {
            let default = match parameter.default {
                Some(default) => format!("`{default}`"),
                None if parameter.required => "required".to_owned(),
                None => String::new(),
            };
            let more = if parameter.variadic { "..." } else { "" };
            out.push_str(&format!(
                "| `{}{more}` | {} | {default} | {} |\n",
                parameter.name,
                parameter.kind.described(),
                parameter.about.replace('|', "\\|")
            ));
        }
    }
    out.push_str(&format!("\nGives {}{}.", builtin.returns.described(), failure(builtin)));
    if !builtin.aliases.is_empty() {
        out.push_str(&format!(" Also called `{}`.", builtin.aliases.join("`, `")));
    }
    out.push_str(&format!(" {}.\n", origin(builtin)));
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
    let mut variables: Vec<_> = registry.variables().collect();
    variables.sort_by_key(|variable| variable.name);
    let variables: Vec<Json> = variables.iter().map(|variable| json!({ "name": variable.name, "about": variable.about })).collect();
    json!({ "functions": functions, "variables": variables })
}
