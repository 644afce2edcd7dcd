//! Documentation of the functions, made from their declarations: for the terminal, as pages, as data.

mod example;
pub mod language;
mod pages;

pub use example::{Example, examples};
pub use pages::{json, pages};

use crate::function::{Builtin, Family, Origin, Registry};

/// The documentation of one function for a terminal.
#[must_use]
pub fn page_for_terminal(builtin: &Builtin) -> String {
    let mut out = format!("{}\n\n", builtin.signature());
    for line in documentation(builtin) {
        if !line.trim_start().starts_with("```") {
            out.push_str(if line.is_empty() { "" } else { "  " });
            out.push_str(&line);
            out.push('\n');
        }
    }
    if !builtin.parameters.is_empty() {
        out.push_str("\nArguments\n");
        let width = builtin.parameters.iter().map(|parameter| parameter.name.len()).max().unwrap_or(0);
        for parameter in builtin.parameters.iter() {
            let default = match parameter.default {
                Some(default) => format!(" (default {default})"),
                None if !parameter.required => " (optional)".to_owned(),
                None => String::new(),
            };
            out.push_str(&format!("  {:width$}  {}: {}{default}\n", parameter.name, parameter.kind.described(), parameter.about));
        }
    }
    out.push_str(&format!("\nGives {}{}\n", builtin.returns.described(), failure(builtin)));
    if !builtin.aliases.is_empty() {
        out.push_str(&format!("Also called {}\n", builtin.aliases.join(", ")));
    }
    out.push_str(&format!("{}\n", origin(builtin)));
    out
}

/// What is said of the failure value.
fn failure(builtin: &Builtin) -> String {
    match builtin.failure {
        Some(failure) => format!("; {} when an argument is refused", {
            let mut text = String::new();
            failure.value().write_text(&mut text);
            text
        }),
        None if builtin.family == Family::General => String::new(),
        None => "; never refuses".to_owned(),
    }
}

fn origin(builtin: &Builtin) -> &'static str {
    match builtin.origin {
        Origin::Vendor => "Documented by the vendor of the original calculator",
        Origin::Ours => "An addition of this interpreter",
    }
}

/// The lines of documentation without the blank that `///` leaves before them.
fn documentation(builtin: &Builtin) -> Vec<String> {
    builtin.documentation.iter().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()).collect()
}

/// The functions whose name, aliases or documentation have a word.
#[must_use]
pub fn search<'r>(registry: &'r Registry, word: &str) -> Vec<&'r Builtin> {
    let word = word.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&word);
    let mut found: Vec<&Builtin> = registry
        .iter()
        .map(AsRef::as_ref)
        .filter(|builtin| {
            has(builtin.name) || builtin.aliases.iter().any(|alias| has(alias)) || builtin.documentation.iter().any(|line| has(line))
        })
        .collect();
    found.sort_by_key(|builtin| (!has(builtin.name), builtin.name));
    found
}

/// One line for each function.
#[must_use]
pub fn list(builtins: &[&Builtin]) -> String {
    let lines: Vec<String> = builtins.iter().map(|builtin| format!("{}\n    {}\n", builtin.signature(), builtin.summary())).collect();
    lines.concat()
}

/// All functions by group, one line each, and the built-in variables.
#[must_use]
pub fn overview(registry: &Registry) -> String {
    let mut out = String::new();
    let mut group = "";
    for builtin in registry.iter() {
        if builtin.group != group {
            group = builtin.group;
            out.push_str(&format!("{}{group}\n", if out.is_empty() { "" } else { "\n" }));
        }
        out.push_str(&format!("  {:34} {}\n", builtin.signature(), builtin.summary()));
    }
    out.push_str("\nbuilt-in variables\n");
    let mut variables: Vec<_> = registry.variables().collect();
    variables.sort_by_key(|variable| variable.name);
    for variable in variables {
        out.push_str(&format!("  {:34} {}\n", variable.name, variable.about));
    }
    out
}
