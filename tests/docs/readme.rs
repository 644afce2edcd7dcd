//! The README and docs/tools.md show what the program prints: every command in them is run, and its output compared.
//! `BLESS=1 cargo test --test docs readme` writes the outputs again.

use crate::console::{Statuses, renew};
use crate::pages;

#[test]
fn commands_print_what_the_pages_show() {
    for name in ["README.md", "docs/tools.md"] {
        let page = pages::text(name);
        let renewed = renew(&page, "en", Statuses::Successes);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(pages::path(name), &renewed).expect("the page is written");
        } else {
            assert!(
                renewed == page,
                "{name} shows something else than the program prints: BLESS=1 cargo test --test docs readme\n{renewed}"
            );
        }
    }
}

#[test]
fn the_library_example_is_the_one_that_is_compiled() {
    let page = pages::text("README.md");
    let example = pages::text("examples/embed.rs");
    let shown = pages::fences(&page).into_iter().find(|fence| fence.has("rust")).expect("a fence with Rust").text;
    assert!(example.ends_with(&shown), "README.md and examples/embed.rs differ");
}
