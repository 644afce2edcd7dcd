//! `calc doc`: documentation of functions and built-in variables.

use calc::diagnostic::closest;
use calc::engine::Engine;
use calc::function::{Registry, closest_platform_function, platform_function};
use calc::reference;
use calc::wording::message;

use crate::failure::Failure;
use crate::language;
use crate::terminal::Terminal;

/// Show the documentation of functions, built-in variables, keywords and operators
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A function, built-in variable, keyword or operator; without it all functions are listed
    #[arg(allow_hyphen_values = true)]
    name: Option<String>,
    /// Show the functions whose name or documentation has this word
    #[arg(long, conflicts_with = "name", value_name = "WORD")]
    search: Option<String>,
}

/// The documentation of a function or built-in variable; without a name, the list of all.
pub fn page(registry: &Registry, name: Option<&str>) -> Result<String, Failure> {
    let language = language::current();
    let Some(name) = name.map(|name| name.trim_end_matches("()")) else { return Ok(reference::overview(registry, language)) };
    if let Some(builtin) = registry.get(name) {
        return Ok(reference::page_for_terminal(builtin, language));
    }
    if let Some(variable) = registry.variable(name) {
        return Ok(format!("{}\n\n  {}\n", variable.name, reference::about_variable(variable, language)));
    }
    if let Some(function) = platform_function(name) {
        return Ok(reference::page_of_platform_function(&function).render(language) + "\n");
    }
    // `if` is a function too, in one of its ways; its entry tells of both.
    if let Some(entry) = reference::language::find(name) {
        return Ok(entry.page(language));
    }
    let entries = reference::language::ENTRIES.iter().flat_map(|entry| entry.names.iter().copied());
    let known = registry.names().chain(registry.variables().map(|variable| variable.name)).chain(entries);
    let meant = closest(name, known);
    Err(Failure::usage(match closest_platform_function(name, meant).or(meant) {
        Some(meant) => message!("doc-did-you-mean", name = name, meant = meant),
        None => message!("doc-unknown", name = name),
    }))
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let engine = Engine::new();
    let registry = engine.registry();
    let page = match (&arguments.name, &arguments.search) {
        (_, Some(word)) => {
            let found = reference::search(registry, word, language::current());
            if found.is_empty() {
                return Err(Failure::usage(message!("doc-nothing-found", word = word)));
            }
            reference::list(&found, language::current())
        }
        (name, None) => page(registry, name.as_deref())?,
    };
    terminal.print(&page)?;
    Ok(0)
}
