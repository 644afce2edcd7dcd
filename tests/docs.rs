//! The scripts of docs/language.md and of the README run, and give what their `# =>` says.

#![cfg(feature = "sqlite")]

mod pages;

use calc::text::json::text_form;
use pages::Fence;

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
                problems.push(format!("{name}, line {}: `{line}` gives `{found}` {said:?}", fence.line + index + 1));
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
