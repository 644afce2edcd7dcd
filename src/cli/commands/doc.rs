//! `calc doc`: documentation of functions and built-in variables.

use calc::diagnostic::closest;
use calc::engine::Engine;
use calc::function::Registry;
use calc::reference;

use crate::failure::Failure;
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
    let Some(name) = name.map(|name| name.trim_end_matches("()")) else { return Ok(reference::overview(registry)) };
    if let Some(builtin) = registry.get(name) {
        return Ok(reference::page_for_terminal(builtin));
    }
    if let Some(variable) = registry.variable(name) {
        return Ok(format!("{}\n\n  {}\n", variable.name, variable.about));
    }
    if let Some(function) = calc::function::platform_function(name) {
        return Ok(format!(
            "{}(...)\n\n  A function of the platform ({}) that needs a host: nothing here provides it. With `--absent none` its calls do\n  \
             nothing and give None.\n",
            function.name, function.group
        ));
    }
    // `if` is a function too, in one of its ways; its entry tells of both.
    if let Some(entry) = reference::language::find(name) {
        return Ok(entry.page());
    }
    let entries = reference::language::ENTRIES.iter().flat_map(|entry| entry.names.iter().copied());
    let known = registry.names().chain(registry.variables().map(|variable| variable.name)).chain(entries);
    Err(Failure::usage(match closest(name, known) {
        Some(meant) => format!("there is no function `{name}`: did you mean `{meant}`?"),
        None => format!("there is no function `{name}`: `calc doc` lists all, `calc doc --search WORD` looks for one"),
    }))
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let engine = Engine::new();
    let registry = engine.registry();
    let page = match (&arguments.name, &arguments.search) {
        (_, Some(word)) => {
            let found = reference::search(registry, word);
            if found.is_empty() {
                return Err(Failure::usage(format!("no function has `{word}` in its name or documentation")));
            }
            reference::list(&found)
        }
        (name, None) => page(registry, name.as_deref())?,
    };
    terminal.print(&page)?;
    Ok(0)
}
