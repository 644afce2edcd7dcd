//! The README and docs/tools.md show what the program prints: every command in them is run, and its output compared.
//! `BLESS=1 cargo test --test docs readme` writes the outputs again.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::pages;

/// What a command of a shell prints, both streams in one, without spaces at line ends.
fn output(command: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_calc"));
    let path = format!("{}:{}", program.parent().expect("a folder").display(), std::env::var("PATH").unwrap_or_default());
    let printed = folder.join(".printed");
    let file = File::create(&printed).expect("a file");
    let status = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .env("CALC_LANG", "en")
        .env_remove("CALC_DB")
        .stdin(Stdio::null())
        .stdout(file.try_clone().expect("the file again"))
        .stderr(file)
        .status()
        .expect("a shell");
    assert!(status.code().is_some_and(|code| code <= 1), "`{command}` ended with {status}");
    let text = std::fs::read_to_string(printed).expect("a text");
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// A folder with the examples, in which the commands of a page run one after another.
fn renew(page: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let examples = folder.path().join("examples");
    std::fs::create_dir(&examples).expect("a folder");
    for name in pages::files("examples", &[".block", ".calc"]) {
        std::fs::copy(pages::path("examples").join(&name), examples.join(&name)).expect("a copy");
    }
    let mut renewed = String::new();
    let mut is_console = false;
    // A fence such as ```text file=order.block is a file that the commands after it find.
    let mut file: Option<(String, String)> = None;
    for line in page.lines() {
        if line.starts_with("```") {
            if let Some((name, text)) = file.take() {
                std::fs::write(folder.path().join(name), text).expect("written");
            } else if let Some((_, name)) = line.split_once(" file=") {
                file = Some((name.to_owned(), String::new()));
            }
            is_console = line == "```console";
        } else if is_console {
            let Some(command) = line.strip_prefix("$ ") else { continue };
            renewed.push_str(line);
            renewed.push('\n');
            renewed.push_str(&output(command, folder.path()));
            continue;
        } else if let Some((_, text)) = &mut file {
            text.push_str(line);
            text.push('\n');
        }
        renewed.push_str(line);
        renewed.push('\n');
    }
    renewed
}

#[test]
fn commands_print_what_the_pages_show() {
    for name in ["README.md", "docs/tools.md"] {
        let page = pages::text(name);
        let renewed = renew(&page);
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
