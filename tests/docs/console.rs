//! Runs the commands of the `console` fences of a page in a fresh folder, and writes the page again with what they print.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::pages;

/// What a page says of the statuses its commands end with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Statuses {
    /// Nothing: they are 0 or 1.
    Successes,
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "transcripts run on Linux only"))]
    /// A line `[status N]` follows the output when it is not 0.
    Shown,
}

/// What a command of a shell prints, both streams in one, without spaces at line ends.
fn output(command: &str, folder: &Path, language: &str, statuses: Statuses) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_calc"));
    let path = format!("{}:{}", program.parent().expect("a folder").display(), std::env::var("PATH").unwrap_or_default());
    let printed = folder.join(".printed");
    let file = File::create(&printed).expect("a file");
    let status = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .env("CALC_LANG", language)
        .env_remove("CALC_DB")
        .stdin(Stdio::null())
        .stdout(file.try_clone().expect("the file again"))
        .stderr(file)
        .status()
        .expect("a shell");
    let bytes = std::fs::read(printed).expect("a file");
    // The folder is another one each time; files in it are named as from it.
    let place = format!("{}/", folder.canonicalize().expect("a folder").display());
    let mut text: String = String::from_utf8_lossy(&bytes).replace(&place, "").lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    match (statuses, status.code()) {
        (Statuses::Successes, Some(0 | 1)) | (Statuses::Shown, Some(0)) => {}
        (Statuses::Shown, Some(code @ 1..=125)) => text.push_str(&format!("[status {code}]\n")),
        _ => panic!("`{command}` ended with {status}"),
    }
    text
}

/// A folder with the examples, in which the commands of a page run one after another.
pub fn renew(page: &str, language: &str, statuses: Statuses) -> String {
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
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                std::fs::write(path, text).expect("written");
            } else if let Some((_, name)) = line.split_once(" file=") {
                file = Some((name.to_owned(), String::new()));
            }
            is_console = line == "```console";
        } else if is_console {
            let Some(command) = line.strip_prefix("$ ") else { continue };
            renewed.push_str(line);
            renewed.push('\n');
            renewed.push_str(&output(command, folder.path(), language, statuses));
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
