//! Every diagnostic has a page, every page is of a diagnostic, and the scripts on it do what it says.

#![cfg(feature = "sqlite")]

mod pages;

use calc::diagnostic::{Code, Severity};

#[test]
fn every_code_has_a_page_and_every_page_is_of_a_code() {
    let pages = pages::files("docs/errors", &[".md"]);
    let codes: Vec<String> = Code::ALL.iter().map(|code| format!("{}.md", code.text())).collect();
    let mut sorted = codes.clone();
    sorted.sort();
    assert_eq!(pages, sorted);
    for code in Code::ALL {
        let head = format!("# {}: {}\n", code.text(), code.title());
        assert!(code.page().starts_with(&head), "the page of {code} must begin with {head:?}");
    }
}

#[test]
fn scripts_of_pages_do_what_the_pages_say() {
    let mut problems = Vec::new();
    for code in Code::ALL {
        let fences = pages::fences(code.page());
        if !fences.iter().any(|fence| fence.has("fails") || fence.has("text")) {
            problems.push(format!("{code}: no example that shows it"));
        }
        if !fences.iter().any(|fence| fence.is_script() && !fence.has("fails")) {
            problems.push(format!("{code}: no example of how to mend it"));
        }
        for fence in fences.iter().filter(|fence| fence.is_script()) {
            let (said, _) = fence.run();
            let mut codes: Vec<&str> = said.iter().map(|said| said.code.as_str()).collect();
            codes.dedup();
            let wanted: &[&str] = if fence.has("fails") { &[code.text()] } else { &[] };
            // What a warning warns of may come true when the script runs.
            if code.severity() == Severity::Warning && codes.len() > 1 {
                codes.retain(|code| !code.starts_with('N'));
            }
            if codes != wanted {
                problems.push(format!("{code}, line {}: wanted {wanted:?}, got {said:?}", fence.line));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
