//! Golden cases: every `tests/cases/**/NAME.calc` (or `.block`) is run as people run it, and what is printed must be what
//! stands in `NAME.expected` beside it: standard output, standard error without the note on the demo project, and the
//! exit code when it is not 0. A case with `NAME.json` beside it is run with `--format json` instead. The cases of `IN_RUSSIAN`
//! are run in Russian too, and `NAME.ru.expected` has what is printed then.
//!
//! A case that begins with `# check` shows what `calc check` says of it.
//!
//! A case cites the rules of docs/rules.md that it holds, in a comment (`# L4.3`) or by its name (`l1_2_....calc`).
//!
//! A case begins with lines `# args: --text 'hi'` when it needs other options (a `.block` file too: they are comments).
//! `BLESS=1 cargo test --test cases` writes what is printed now; read the difference before you keep it.

#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value as Json;

const CALC: &str = env!("CARGO_BIN_EXE_calc");
const NOW: &str = "2026-11-22 10:00";
/// Folders of cases that are about what authors read.
const IN_RUSSIAN: &[&str] = &["mistakes", "text", "dialect", "platform", "messages", "bot"];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases = Vec::new();
    collect(&root, &["calc", "block"], &mut cases);
    cases.sort();
    assert!(cases.len() >= 150, "the cases in {} were not found", root.display());
    let mut trials = vec![Trial::test("every_rule_has_a_case", every_rule_has_a_case)];
    for path in cases {
        let name = path.strip_prefix(&root).unwrap_or(&path).with_extension("").display().to_string();
        if IN_RUSSIAN.iter().any(|folder| name.starts_with(&format!("{folder}/"))) {
            let path = path.clone();
            trials.push(Trial::test(format!("{name}.ru"), move || run(&path, "ru")));
        }
        // Where nothing is drawn, nothing is said of a place.
        if std::fs::read_to_string(path.with_extension("expected")).is_ok_and(|expected| expected.contains("╭")) {
            let path = path.clone();
            trials.push(Trial::test(format!("{name}.words"), move || nothing_twice(&path)));
        }
        trials.push(Trial::test(name, move || run(&path, "en")));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn collect(folder: &Path, extensions: &[&str], files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, extensions, files);
        } else if extensions.iter().any(|extension| path.extension().is_some_and(|found| found == *extension)) {
            files.push(path);
        }
    }
}

/// Each rule of docs/rules.md is cited by a case or a test, and each rule that is cited there or in the code exists.
fn every_rule_has_a_case() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/rules.md"))?;
    let rules: Vec<String> =
        page.lines().filter_map(|line| Some(line.strip_prefix("| L")?.split_once(' ')?.0)).map(|rule| format!("L{rule}")).collect();
    assert!(rules.len() >= 30, "the rules in docs/rules.md were not found");
    let mut tests = Vec::new();
    collect(&root.join("tests"), &["calc", "block", "rs"], &mut tests);
    // What this file says of citations cites nothing.
    tests.retain(|path| !path.ends_with("tests/cases.rs"));
    let mut code = Vec::new();
    collect(&root.join("src"), &["rs"], &mut code);
    let mut cited: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, holds) in tests.iter().map(|path| (path, true)).chain(code.iter().map(|path| (path, false))) {
        let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
        let comments = text.lines().filter_map(|line| line.find(['#', '/']).map(|at| &line[at..]));
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().replacen('_', ".", 1).replacen('l', "L", 1);
        for rule in comments.flat_map(citations).chain(citations(&name)) {
            let is_section = || rules.iter().any(|known| known.starts_with(&format!("{rule}.")));
            if !rules.contains(&rule) && !is_section() {
                problems.push(format!("{}: there is no rule {rule} in docs/rules.md", path.display()));
            } else if holds {
                cited.entry(rule).or_insert_with(|| path.clone());
            }
        }
    }
    problems.extend(rules.iter().filter(|rule| !cited.contains_key(*rule)).map(|rule| format!("no case and no test cites {rule}")));
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// The rules that a comment or a name cites: `L4.3`, and `L7` for a section as a whole.
fn citations(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|character: char| !(character.is_alphanumeric() || character == '.')).filter_map(|word| {
        let numbers: Vec<&str> = word.strip_prefix('L')?.trim_end_matches('.').split('.').collect();
        let are_numbers = numbers.iter().all(|number| number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()));
        (numbers.len() <= 2 && are_numbers).then(|| format!("L{}", numbers.join(".")))
    })
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

/// What is wrong, the words at other places and the help each say something that the others do not.
fn nothing_twice(path: &Path) -> Result<(), Failed> {
    for language in ["en", "ru"] {
        let output = command(path, true, language).output()?;
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(report) = serde_json::from_str::<Json>(line) else { continue };
            for diagnostic in report["diagnostics"].as_array().into_iter().flatten() {
                let message = diagnostic["message"].as_str().unwrap_or_default();
                let help = diagnostic["help"].as_str();
                // Two places may have the same words: each call of several is one that the error came from.
                let labels = diagnostic["labels"].as_array().into_iter().flatten().filter_map(|label| label["message"].as_str());
                let labels: Vec<&str> = labels.collect();
                let with_message = labels.iter().copied().chain(help).map(|text| (message, text));
                let with_help = help.into_iter().flat_map(|help| labels.iter().map(move |label| (help, *label)));
                let pairs: Vec<(&str, &str)> = with_message.chain(with_help).collect();
                if let Some((one, other)) = pairs.iter().find(|(one, other)| says_the_same(one, other)) {
                    return Err(format!("{language}: {} says the same twice:\n  {one}\n  {other}", diagnostic["code"]).into());
                }
            }
        }
    }
    Ok(())
}

/// Whether the words of one text are all in the other, in the same order.
fn says_the_same(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split(|character: char| character.is_whitespace() || ".,:;()".contains(character));
        parts.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (one, other) = (words(one), words(other));
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    long.windows(short.len()).any(|part| part == short.as_slice())
}

/// What the command prints for a case.
fn printed(path: &Path, is_json: bool, language: &str) -> String {
    let output = command(path, is_json, language).output().expect("calc runs");
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

/// The command of a case, in the folder of the case so that no path shows.
fn command(path: &Path, is_json: bool, language: &str) -> Command {
    let bytes = std::fs::read(path).expect("a readable case");
    let mut command = Command::new(CALC);
    command.current_dir(path.parent().expect("a folder"));
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    let is_check = text.starts_with("# check\n");
    if is_check {
        command.args(["check", "--format", if is_json { "json" } else { "text" }]);
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
    command
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
