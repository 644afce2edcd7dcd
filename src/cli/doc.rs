//! `calc doc` and `calc explain`.

use calc::diagnostic::{Code, closest};
use calc::reference;

use crate::failure::Failure;
use crate::people::print;

pub fn doc(name: Option<&str>, search: Option<&str>) -> Result<u8, Failure> {
    let registry = calc::stdlib::registry();
    match (name, search) {
        (Some(name), _) => {
            let name = name.trim_end_matches("()");
            if let Some(builtin) = registry.get(name) {
                print(&reference::page_for_terminal(builtin));
                return Ok(0);
            }
            if let Some(variable) = registry.variable(name) {
                print(&format!("{}\n\n  {}\n", variable.name, variable.about));
                return Ok(0);
            }
            let known = registry.names().chain(registry.variables().map(|variable| variable.name));
            Err(Failure::usage(match closest(name, known) {
                Some(meant) => format!("there is no function `{name}`: did you mean `{meant}`?"),
                None => format!("there is no function `{name}`: `calc doc` lists all, `calc doc --search WORD` looks for one"),
            }))
        }
        (None, Some(word)) => {
            let found = reference::search(&registry, word);
            if found.is_empty() {
                return Err(Failure::usage(format!("no function has `{word}` in its name or documentation")));
            }
            print(&reference::list(&found));
            Ok(0)
        }
        (None, None) => {
            print(&reference::overview(&registry));
            Ok(0)
        }
    }
}

pub fn explain(code: Option<&str>) -> Result<u8, Failure> {
    let Some(text) = code else {
        for code in Code::ALL {
            print(&format!("{code}  {}\n", code.title()));
        }
        return Ok(0);
    };
    match Code::parse(text) {
        Some(code) => {
            print(code.page());
            Ok(0)
        }
        None => Err(Failure::usage(format!("there is no diagnostic `{text}`: `calc explain` lists all"))),
    }
}
