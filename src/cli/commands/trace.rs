//! `calc run --trace`: what a run did, line by line, on standard error.

use calc::diagnostic::render::LineIndex;
use calc::diagnostic::visible::visible;
use calc::engine::{Trace, TraceLine};
use calc::wording::message;
use serde_json::{Value as Json, json};

use crate::failure::Failure;
use crate::language::say;
use crate::options::Format;
use crate::report;
use crate::source::Source;
use crate::terminal::Terminal;

/// Shows a trace: as a tree for people, an object a line for programs.
pub fn show(trace: &Trace, source: &Source, format: Format, terminal: &Terminal) -> Result<(), Failure> {
    let lines = LineIndex::new(&source.text);
    let mut text = String::new();
    for line in &trace.lines {
        let (number, column) = lines.line_and_column(line.span.start);
        match format {
            Format::Text => text.push_str(&as_text(number, column, line, trace)),
            Format::Json => {
                let object = json!({
                    "line": number, "column": column, "statement": line.statement, "reads": line.reads,
                    "result": line.result, "effects": line.effects,
                });
                text.push_str(&format!("{object}\n"));
            }
        }
    }
    terminal.error_raw(&text)
}

fn shown(value: &Json) -> String {
    if value.is_null() { "None".to_owned() } else { report::shown(value) }
}

fn as_text(number: usize, column: usize, line: &TraceLine, trace: &Trace) -> String {
    let indent = "  ".repeat(line.depth);
    let mut of_statement = line.statement.lines();
    let mut text = format!("{indent}{number}:{column}  {}", visible(of_statement.next().unwrap_or_default()));
    if of_statement.next().is_some() {
        text.push_str(" ...");
    }
    text.push('\n');
    let mut add = |detail: &str| text.push_str(&format!("{indent}    {}\n", visible(detail)));
    if !line.reads.is_empty() {
        let reads: Vec<String> = line.reads.iter().map(|(name, value)| format!("{name} = {}", shown(value))).collect();
        add(&say(&message!("trace-reads", values = reads.join(", "))));
    }
    if line.result != Json::Null {
        add(&say(&message!("trace-result", value = report::shown(&line.result))));
    }
    for effect in &line.effects {
        add(&say(&effect.message()));
    }
    if line.failed
        && let Some(error) = trace.outcome.diagnostics.iter().find(|report| report.is_error())
    {
        add(&format!("{} {}", error.code, error.message));
    }
    text
}
