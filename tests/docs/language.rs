//! The scripts of docs/language.md and of the README run, and return what their `# =>` says.

use calc::crm::ProjectId;
use calc::value::text_form;

use crate::pages::{self, Fence};

/// Runs the scripts of a page; a line that ends with `# => value` at its left edge is checked with all lines above it.
fn check(name: &str) -> usize {
    let page = pages::text(name);
    let mut problems = Vec::new();
    let fences: Vec<Fence> = pages::fences(&page).into_iter().filter(Fence::is_script).collect();
    for fence in &fences {
        let (said, _) = fence.run();
        // A line that shows a value does nothing else.
        let shows = |code: &str| code == "W0601" || (fence.has("mavibot") && code == "W0605") || code.starts_with('N');
        for said in said.iter().filter(|said| !shows(&said.code)) {
            problems.push(format!("{name}, line {}: {said:?}", fence.line));
        }
        let lines: Vec<&str> = fence.text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let Some((_, wanted)) = line.split_once("# => ") else { continue };
            let part = Fence { info: fence.info.clone(), text: lines[..=index].join("\n"), line: fence.line };
            let (said, outcome) = part.run();
            let found = outcome.map_or_else(|| format!("{said:?}"), |outcome| text_form(&outcome.value));
            if found != wanted {
                problems.push(format!("{name}, line {}: `{line}` returns `{found}` {said:?}", fence.line + index + 1));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    fences.len()
}

#[test]
fn scripts_of_the_language_page_run() {
    assert!(check("docs/language.md") > 20);
}

#[test]
fn scripts_of_other_pages_run() {
    for name in ["README.md", "docs/differences.md", "docs/glossary.md"] {
        check(name);
    }
}

/// The names between backquotes in a cell of a table.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_page_on_json_has_every_effect_with_its_fields() {
    let source = pages::text("src/crm/effect.rs");
    let start = source.find("pub enum Effect {").expect("the enum");
    let body = &source[start..start + source[start..].find("\nimpl Effect").expect("its end")];
    let mut kinds = Vec::new();
    for variant in body.split("    /// ").skip(1) {
        let code = variant.split_once('\n').expect("a line of documentation").1;
        let (name, fields) = code.split_once('{').expect("a variant with fields");
        let kind: String = name
            .trim()
            .char_indices()
            .flat_map(|(at, letter)| {
                let blank = (at > 0 && letter.is_uppercase()).then_some('_');
                blank.into_iter().chain(letter.to_lowercase())
            })
            .collect();
        let fields = fields.split('}').next().unwrap_or_default().split(',').filter_map(|field| field.split_once(':'));
        kinds.push((kind, fields.map(|(name, _)| name.trim().to_owned()).collect::<Vec<_>>()));
    }
    assert!(kinds.len() > 30, "{kinds:?}");
    let page = pages::text("docs/json.md");
    let table = page.split("| kind | fields | meaning |").nth(1).expect("the table");
    let rows: Vec<(String, Vec<String>)> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            (quoted(cells[1]).join(""), quoted(cells[2]))
        })
        .collect();
    assert_eq!(rows, kinds);
}

/// Every key of a dumped project and of an outcome is on the page.
#[test]
fn the_page_on_json_has_every_key() {
    fn keys(json: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
        match json {
            serde_json::Value::Object(entries) => {
                for (key, value) in entries {
                    found.insert(key.clone());
                    if !["variables", "draft", "cells"].contains(&key.as_str()) {
                        keys(value, found);
                    }
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    let page = pages::text("docs/json.md");
    let mut found = std::collections::BTreeSet::new();
    let dump = calc::crm::dump(&pages::demo_store(), ProjectId(1)).expect("the store works").expect("the project");
    keys(&dump.to_json(), &mut found);
    let fence = Fence { info: vec!["calc".to_owned()], text: "budget = Kazan".to_owned(), line: 0 };
    let outcome = fence.run().1.expect("it compiles");
    keys(&serde_json::to_value(outcome).expect("JSON"), &mut found);
    let missing: Vec<&String> = found.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "docs/json.md says nothing of {missing:?}");
}

#[test]
fn the_json_on_the_page_is_json_and_its_project_loads() {
    let page = pages::text("docs/json.md");
    let fences: Vec<Fence> = pages::fences(&page).into_iter().filter(|fence| fence.has("json")).collect();
    assert!(!fences.is_empty());
    for fence in fences {
        let json: serde_json::Value = serde_json::from_str(&fence.text).unwrap_or_else(|error| panic!("line {}: {error}", fence.line));
        if json.get("project").is_some() {
            calc::crm::ProjectFile::parse(&fence.text, pages::now()).unwrap_or_else(|error| panic!("line {}: {error}", fence.line));
        } else if json.get("usage").is_some() {
            serde_json::from_value::<calc::engine::Outcome>(json).unwrap_or_else(|error| panic!("line {}: {error}", fence.line));
        }
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut pages: Vec<String> = vec!["README.md".to_owned(), "CHANGELOG.md".to_owned()];
    for folder in ["docs", "docs/errors", "docs/reference", "docs/ru", "docs/ru/errors", "docs/ru/reference"] {
        pages.extend(pages::files(folder, &[".md"]).into_iter().map(|name| format!("{folder}/{name}")));
    }
    let mut problems = Vec::new();
    for page in pages {
        let text = pages::text(&page);
        let folder = pages::path(&page).parent().expect("a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !file.is_empty() && !folder.join(file).exists() {
                problems.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
