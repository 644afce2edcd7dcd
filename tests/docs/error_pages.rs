//! Every diagnostic has a page, every page is of a diagnostic, and the scripts on it do what it says.

use calc::diagnostic::{Code, Severity};
use calc::wording::Language;

use crate::pages;

#[test]
fn every_code_has_a_page_and_every_page_is_of_a_code() {
    for (folder, language) in [("docs/errors", Language::En), ("docs/ru/errors", Language::Ru)] {
        let codes: Vec<String> = Code::ALL.iter().map(|code| format!("{}.md", code.text())).collect();
        let mut sorted = codes.clone();
        sorted.sort();
        assert_eq!(pages::files(folder, &[".md"]), sorted);
        for code in Code::ALL {
            let head = format!("# {}: {}\n", code.text(), code.title().render(language));
            assert!(code.page(language).starts_with(&head), "the page of {code} in {folder} must begin with {head:?}");
        }
    }
}

/// A translated page begins with a digest of the English one, and has its scripts: only those of the English page run.
#[test]
fn translated_pages_say_what_the_english_ones_say_now() {
    let errors = Code::ALL.iter().map(|code| format!("errors/{}.md", code.text()));
    let mut problems = Vec::new();
    for name in errors.chain(["language.md".to_owned()]) {
        let (english, translated) = (pages::text(&format!("docs/{name}")), pages::text(&format!("docs/ru/{name}")));
        let digest = calc::reference::digest_of_page(&english);
        let scripts = |page: &str| pages::fences(page).into_iter().map(|fence| (fence.info, fence.text)).collect::<Vec<_>>();
        if !translated.starts_with(&format!("<!-- {digest} -->\n")) {
            problems.push(format!("docs/ru/{name}: docs/{name} has changed; once this page says the same, write {digest}"));
        }
        if scripts(&english) != scripts(&translated) {
            problems.push(format!("docs/ru/{name}: the scripts are not those of docs/{name}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn scripts_of_pages_do_what_the_pages_say() {
    let mut problems = Vec::new();
    for code in Code::ALL {
        let fences = pages::fences(code.page(Language::En));
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
