//! Writes from the declarations of the functions docs/reference/, docs/ru/reference/ and the names that the editors'
//! grammar colours. With `--check` it changes nothing and says which file is not what it should be.

use std::path::Path;
use std::process::ExitCode;

use calc::engine::Engine;
use calc::function::Registry;
use calc::reference;
use calc::wording::Language;
use serde_json::{Value as Json, json};

const PAGES: &[(&str, Language)] = &[("docs/reference", Language::En), ("docs/ru/reference", Language::Ru)];
const DATA: &str = "docs/reference/builtins.json";
const GRAMMAR: &str = "editors/vscode/syntaxes/calc-names.tmLanguage.json";

fn main() -> ExitCode {
    let only_checks = std::env::args().skip(1).any(|argument| argument == "--check");
    match write(Path::new(env!("CARGO_MANIFEST_DIR")), only_checks) {
        Ok(old) if only_checks && !old.is_empty() => {
            for name in old {
                eprintln!("{name} is old: run `cargo run --example reference`");
            }
            ExitCode::FAILURE
        }
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the files, or only compares them; returns the names of those that differ.
fn write(package: &Path, only_checks: bool) -> std::io::Result<Vec<String>> {
    let engine = Engine::new();
    let registry = engine.registry();
    let pretty = |json: &Json| serde_json::to_string_pretty(json).map(|text| text + "\n").map_err(std::io::Error::other);
    let mut files: Vec<(String, String)> = Vec::new();
    for (folder, language) in PAGES {
        files.extend(reference::pages(registry, *language).into_iter().map(|(name, text)| (format!("{folder}/{name}"), text)));
    }
    files.push((DATA.to_owned(), pretty(&reference::json(registry))?));
    files.push((GRAMMAR.to_owned(), pretty(&grammar(registry))?));
    let mut old = Vec::new();
    for (folder, _) in PAGES.iter().filter(|_| !only_checks) {
        std::fs::create_dir_all(package.join(folder))?;
    }
    for (name, text) in &files {
        let path = package.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|written| written == *text) {
            continue;
        }
        old.push(path.display().to_string());
        if !only_checks {
            std::fs::write(&path, text)?;
        }
    }
    // A file of a group that no longer exists.
    for (folder, _) in PAGES {
        for entry in package.join(folder).read_dir().into_iter().flatten() {
            let entry = entry?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if !files.iter().any(|(known, _)| *known == name) {
                if !only_checks {
                    std::fs::remove_file(entry.path())?;
                }
                old.push(entry.path().display().to_string());
            }
        }
    }
    Ok(old)
}

/// The names of functions and variables of the language as a grammar of their own, which that of scripts includes.
fn grammar(registry: &Registry) -> Json {
    let any_of = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.join("|")
    };
    let functions = any_of(registry.names().collect());
    let variables = any_of(registry.variables().map(|variable| variable.name).collect());
    json!({
        "name": "Names of the calculator",
        "scopeName": "source.calc-names",
        "patterns": [{ "include": "#functions" }, { "include": "#variables" }],
        "repository": {
            "functions": {
                "name": "support.function.builtin.calc",
                "match": format!(r"(?<!\w)(?:{functions})(?=\s*\()"),
            },
            "variables": {
                "name": "support.variable.builtin.calc",
                "match": format!(r"(?<![\w.])(?:{variables})(?!\w)"),
            },
        },
    })
}
