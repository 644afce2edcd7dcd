//! Transcripts of the command: tests/transcripts/NAME.md shows what commands print in English, NAME.ru.md what the same ones
//! print in Russian. One subject a file, in a folder of its own. `BLESS=1 cargo test --test docs transcripts` writes them.

use crate::console::{Statuses, renew};
use crate::pages;

const FOLDER: &str = "tests/transcripts";

#[test]
fn commands_print_what_the_transcripts_show() {
    let names = pages::files(FOLDER, &[".md"]);
    let is_twin = |name: &&String| name.ends_with(".ru.md");
    let mut differences = Vec::new();
    for name in names.iter().filter(|name| !is_twin(name)) {
        let page = pages::text(&format!("{FOLDER}/{name}"));
        for (language, shown) in [("en", name.clone()), ("ru", name.replace(".md", ".ru.md"))] {
            let path = pages::path(FOLDER).join(&shown);
            let renewed = renew(&page, language, Statuses::Shown);
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(path, &renewed).expect("the transcript is written");
            } else if std::fs::read_to_string(path).ok().as_deref() != Some(renewed.as_str()) {
                differences.push(format!("{FOLDER}/{shown} shows something else than the program prints:\n{renewed}"));
            }
        }
    }
    assert!(differences.is_empty(), "BLESS=1 cargo test --test docs transcripts\n{}", differences.join("\n"));
    for twin in names.iter().filter(is_twin) {
        assert!(names.contains(&twin.replace(".ru.md", ".md")), "{FOLDER}/{twin} has no transcript in English");
    }
}
