//! The results of tests: for people, for programs and for CI servers.

use calc::diagnostic::visible::{visible, visible_lines};
use calc::wording::message;
use serde_json::{Value as Json, json};
use similar::{ChangeTag, TextDiff};

use super::TestFormat;
use super::coverage::Coverage;
use super::runner::{FileResult, ShownProblem, TestResult};
use crate::failure::Failure;
use crate::language;
use crate::language::say;
use crate::report;
use crate::terminal::Terminal;

pub fn write(results: &[FileResult], coverage: Option<&Coverage>, format: TestFormat, terminal: &Terminal) -> Result<(), Failure> {
    match format {
        TestFormat::Text => text(results, coverage, terminal),
        TestFormat::Json => json(results, coverage, terminal),
        TestFormat::Junit => {
            terminal.print_raw(&junit(results))?;
            // A report of CI servers has no room for it.
            coverage.map_or(Ok(()), |coverage| terminal.error_raw(&visible_lines(&coverage.table())))
        }
    }
}

fn text(results: &[FileResult], coverage: Option<&Coverage>, terminal: &Terminal) -> Result<(), Failure> {
    for file in results {
        if !file.diagnostics.is_empty() {
            terminal.print_raw(&report::drawn(&file.name, &file.text, &file.diagnostics, terminal.out_colors()))?;
            terminal.line(&say(&message!("test-does-not-compile", name = visible(&file.name))))?;
        }
        for test in &file.tests {
            let name = full_name(file, test);
            if test.problems.is_empty() {
                if !terminal.is_quiet() {
                    terminal.line(&format!("{:<5} {name}", say(&message!("test-ok"))))?;
                }
                continue;
            }
            terminal.line(&format!("{:<5} {name}", say(&message!("test-failed"))))?;
            for problem in &test.problems {
                terminal.print(&problem_text(file, problem))?;
            }
            if !test.output.is_empty() {
                let word = say(&message!("test-printed"));
                let indent = format!("\n{}", " ".repeat(word.chars().count() + 3));
                terminal.print(&format!("  {word} {}\n", test.output.trim_end().replace('\n', &indent)))?;
            }
        }
    }
    if let Some(coverage) = coverage {
        terminal.print(&coverage.table())?;
    }
    let (passed, failed) = counts(results);
    terminal.line(&say(&message!("test-count", passed = passed, failed = failed)))
}

/// `file: test`, or the file alone when it is one test.
fn full_name(file: &FileResult, test: &TestResult) -> String {
    if test.name == file.name { visible(&file.name).into_owned() } else { format!("{}: {}", visible(&file.name), visible(&test.name)) }
}

/// Tests that passed, and those that failed; a file that does not compile is not one.
fn counts(results: &[FileResult]) -> (usize, usize) {
    let failed = results.iter().flat_map(|file| &file.tests).filter(|test| !test.problems.is_empty()).count();
    (results.iter().map(|file| file.tests.len()).sum::<usize>() - failed, failed)
}

fn problem_text(file: &FileResult, problem: &ShownProblem) -> String {
    let mut text = String::new();
    if problem.line > 0 {
        let line = file.text.lines().nth(problem.line - 1).unwrap_or_default();
        text.push_str(&format!("  {}:{}:{}: {}\n", visible(&file.name), problem.line, problem.column, visible(line.trim())));
    }
    text.push_str(&in_words(problem));
    text
}

/// What is wrong, without its place.
pub fn in_words(problem: &ShownProblem) -> String {
    let mut text = String::new();
    if !problem.note.is_empty() {
        text.push_str(&format!("    {}\n", visible(&problem.note)));
    }
    match &problem.sides {
        Some((left, sign, right)) => text.push_str(&both_sides(left, sign, right)),
        None => text.push_str(&format!("    {}\n", visible_lines(&problem.message).replace('\n', "\n    "))),
    }
    for line in problem.drawn.lines() {
        text.push_str(&format!("    {line}\n"));
    }
    text
}

/// What was found and what was expected; where both are long or hold several things, line by line.
fn both_sides(left: &Json, sign: &str, right: &Json) -> String {
    if sign == "==" && is_worth_a_diff(left) && is_worth_a_diff(right) {
        let (found, expected) = (lines(left), lines(right));
        let mut text = format!("    {}\n", say(&message!("test-diff")));
        for change in TextDiff::from_lines(&expected, &found).iter_all_changes() {
            let mark = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            text.push_str(&format!("    {mark} {}\n", visible(change.value().trim_end_matches('\n'))));
        }
        return text;
    }
    let label = if sign == "==" { say(&message!("test-expected")) } else { format!("{sign}:") };
    let found = say(&message!("test-found"));
    format!("    {found:<10} {}\n    {label:<10} {}\n", visible(&shown(left)), visible(&shown(right)))
}

/// Texts of this many characters are compared line by line.
const LONG: usize = 60;

fn is_worth_a_diff(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains('\n') || text.chars().count() > LONG,
        Json::Array(items) => items.len() > 1,
        Json::Object(entries) => entries.len() > 1,
        _ => false,
    }
}

/// A value, an item or entry a line.
fn lines(value: &Json) -> String {
    let text = match value {
        Json::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    format!("{text}\n")
}

fn shown(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::String(text) => format!("\"{text}\""),
        other => calc::value::text_form(other),
    }
}

fn json(results: &[FileResult], coverage: Option<&Coverage>, terminal: &Terminal) -> Result<(), Failure> {
    for file in results {
        if !file.diagnostics.is_empty() {
            let reports = calc::engine::Report::all(&file.diagnostics, &file.text, language::current());
            line(&json!({"file": file.name, "status": "not_compiled", "diagnostics": reports}), terminal)?;
        }
        for test in &file.tests {
            let problems: Vec<Json> = test.problems.iter().map(problem_json).collect();
            let status = if problems.is_empty() { "passed" } else { "failed" };
            line(
                &json!({
                    "file": file.name, "test": test.name, "status": status, "problems": problems, "output": test.output,
                    "milliseconds": u64::try_from(test.took.as_millis()).unwrap_or(u64::MAX),
                }),
                terminal,
            )?;
        }
    }
    if let Some(coverage) = coverage {
        line(&json!({"coverage": coverage.to_json()}), terminal)?;
    }
    let (passed, failed) = counts(results);
    line(&json!({"passed": passed, "failed": failed}), terminal)
}

fn line(value: &Json, terminal: &Terminal) -> Result<(), Failure> {
    terminal.print_raw(&format!("{value}\n"))
}

fn problem_json(problem: &ShownProblem) -> Json {
    let (found, sign, expected) = match &problem.sides {
        Some((left, sign, right)) => (left.clone(), json!(sign), right.clone()),
        None => (Json::Null, Json::Null, Json::Null),
    };
    json!({
        "line": problem.line, "column": problem.column, "message": problem.message, "note": problem.note,
        "found": found, "comparison": sign, "expected": expected,
    })
}

fn junit(results: &[FileResult]) -> String {
    let (passed, failed) = counts(results);
    let broken = results.iter().filter(|file| !file.diagnostics.is_empty()).count();
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    xml.push_str(&format!("<testsuites tests=\"{}\" failures=\"{failed}\" errors=\"{broken}\">\n", passed + failed + broken));
    for file in results {
        let failures = file.tests.iter().filter(|test| !test.problems.is_empty()).count();
        let errors = usize::from(!file.diagnostics.is_empty());
        let name = escaped(&file.name);
        let tests = file.tests.len() + errors;
        xml.push_str(&format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n"));
        if errors > 0 {
            let drawn = escaped(&report::drawn(&file.name, &file.text, &file.diagnostics, false));
            xml.push_str(&format!(
                "    <testcase classname=\"{name}\" name=\"compile\"><error message=\"does not compile\">{drawn}</error></testcase>\n"
            ));
        }
        for test in &file.tests {
            let seconds = test.took.as_secs_f64();
            xml.push_str(&format!("    <testcase classname=\"{name}\" name=\"{}\" time=\"{seconds:.3}\"", escaped(&test.name)));
            if test.problems.is_empty() {
                xml.push_str("/>\n");
                continue;
            }
            xml.push_str(">\n");
            for problem in &test.problems {
                let body = escaped(&problem_text(file, problem));
                xml.push_str(&format!("      <failure message=\"{}\">{body}</failure>\n", escaped(&problem.message)));
            }
            xml.push_str("    </testcase>\n");
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// Text as XML has it; control characters cannot stand in XML at all.
fn escaped(text: &str) -> String {
    visible_lines(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\n', "&#10;")
}
