//! Golden cases: every `tests/cases/**/NAME.calc` (or `.block`) is run as people run it, and what is printed must be what
//! stands in `NAME.expected` beside it: standard output, standard error without the note on the demo project, and the
//! exit code when it is not 0. A case with `NAME.json` beside it is run with `--format json` instead. The cases of `IN_RUSSIAN`
//! are run in Russian too, and `NAME.ru.expected` has what is printed then.
//!
//! A case that begins with `# check` shows what `calc check` says of it.
//!
//! A case begins with lines `# args: --text 'hi'` when it needs other options (a `.block` file too: they are comments).
//! `BLESS=1 cargo test --test cases` writes what is printed now; read the difference before you keep it.

#![cfg(feature = "cli")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};

const CALC: &str = env!("CARGO_BIN_EXE_calc");
const NOW: &str = "2026-11-22 10:00";
/// Folders of cases that are about what authors read.
const IN_RUSSIAN: &[&str] = &["mistakes", "text", "dialect"];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases = Vec::new();
    collect(&root, &mut cases);
    cases.sort();
    assert!(cases.len() >= 150, "the cases in {} were not found", root.display());
    let mut trials = Vec::new();
    for path in cases {
        let name = path.strip_prefix(&root).unwrap_or(&path).with_extension("").display().to_string();
        if IN_RUSSIAN.iter().any(|folder| name.starts_with(&format!("{folder}/"))) {
            let path = path.clone();
            trials.push(Trial::test(format!("{name}.ru"), move || run(&path, "ru")));
        }
        trials.push(Trial::test(name, move || run(&path, "en")));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn collect(folder: &Path, cases: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of cases") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, cases);
        } else if path.extension().is_some_and(|extension| extension == "calc" || extension == "block") {
            cases.push(path);
        }
    }
}

fn run(path: &Path, language: &str) -> Result<(), Failed> {
    let expected_json = path.with_extension("json");
    let is_json = expected_json.exists();
    let expected_path = match language {
        "en" if is_json => expected_json,
        "en" => path.with_extension("expected"),
        other => path.with_extension(format!("{other}.expected")),
    };
    let found = printed(path, is_json, language);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&expected_path, &found)?;
        return Ok(());
    }
    let expected = std::fs::read_to_string(&expected_path)
        .map_err(|error| format!("{}: {error}; run once with BLESS=1 and read what it wrote", expected_path.display()))?;
    if found == expected {
        return Ok(());
    }
    Err(format!("expected\n{expected}\nfound\n{found}").into())
}

/// What the command prints for a case, run in the folder of the case so that no path shows.
fn printed(path: &Path, is_json: bool, language: &str) -> String {
    let bytes = std::fs::read(path).expect("a readable case");
    let mut command = Command::new(CALC);
    command.current_dir(path.parent().expect("a folder"));
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    let is_check = text.starts_with("# check\n");
    if is_check {
        command.arg("check");
    } else {
        command.args(["run", "--now", NOW, "--seed", "1", "--format", if is_json { "json" } else { "text" }]);
    }
    for line in text.lines().skip(usize::from(is_check)) {
        match line.strip_prefix("# args: ") {
            Some(options) => command.args(words(options)),
            None => break,
        };
    }
    command.arg(path.file_name().expect("a name")).env("NO_COLOR", "1").env("CALC_LANG", language).env_remove("CALC_DB");
    let output = command.output().expect("calc runs");
    let mut text = String::from_utf8(output.stdout).expect("printed text is UTF-8");
    for line in String::from_utf8(output.stderr).expect("printed text is UTF-8").lines() {
        if !line.starts_with("no --db given") && !line.starts_with("--db не задано") {
            // The drawing fills up lines with spaces.
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    match output.status.code() {
        Some(0) => {}
        code => text.push_str(&format!("exit {}\n", code.map_or_else(|| "by a signal".to_owned(), |code| code.to_string()))),
    }
    text
}

/// Words as a shell would split them: `'...'` keeps spaces.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut is_quoted, mut is_open) = (String::new(), false, false);
    for character in line.trim_end().chars() {
        match character {
            '\'' => {
                is_quoted = !is_quoted;
                is_open = true;
            }
            ' ' if !is_quoted => {
                if is_open {
                    words.push(std::mem::take(&mut word));
                }
                is_open = false;
            }
            other => {
                word.push(other);
                is_open = true;
            }
        }
    }
    if is_open {
        words.push(word);
    }
    words
}
