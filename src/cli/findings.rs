//! Diagnostics of files in the formats that other programs read. Composes text, prints nothing.

use std::collections::BTreeSet;

use calc::diagnostic::render::LineIndex;
use calc::diagnostic::{Code, Diagnostic, Severity, Span};
use calc::wording::Language;
use clap::ValueEnum;
use serde_json::{Value as Json, json};

use crate::source::Source;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindingsFormat {
    /// Pictures for people
    Text,
    /// One object a file and line
    Json,
    /// `file:line:column: code message`
    Concise,
    /// Commands of a GitHub workflow
    Github,
    /// SARIF 2.1.0
    Sarif,
}

/// Whether some diagnostic has this code, or one that begins so.
pub fn is_code(text: &str) -> bool {
    !text.is_empty() && Code::ALL.iter().any(|code| begins_with(*code, text))
}

/// Whether a code is this one, or begins so.
pub fn begins_with(code: Code, text: &str) -> bool {
    code.text().starts_with(&text.to_ascii_uppercase())
}

/// `file:line:column: code message`, one a line.
pub fn concise(source: &Source, diagnostics: &[Diagnostic], language: Language) -> String {
    let lines = LineIndex::new(&source.text);
    let of = |diagnostic: &Diagnostic| {
        let (line, column) = lines.line_and_column(diagnostic.span.start);
        let message = diagnostic.message.render(language).replace('\n', " ");
        format!("{}:{line}:{column}: {} {message}\n", source.name, diagnostic.code)
    };
    diagnostics.iter().map(of).collect()
}

/// Workflow commands that GitHub shows at the lines they are about.
pub fn github(source: &Source, diagnostics: &[Diagnostic], language: Language) -> String {
    let lines = LineIndex::new(&source.text);
    let of = |diagnostic: &Diagnostic| {
        let (line, column) = lines.line_and_column(diagnostic.span.start);
        let (end_line, end_column) = lines.line_and_column(diagnostic.span.end);
        // A range over lines has no columns.
        let end = if end_line == line { format!(",endColumn={end_column}") } else { String::new() };
        let message = match &diagnostic.help {
            Some(help) => format!("{}; {}", diagnostic.message.render(language), help.render(language)),
            None => diagnostic.message.render(language),
        };
        format!(
            "::{} file={},line={line},endLine={end_line},col={column}{end},title={}::{}\n",
            diagnostic.severity().name(),
            property(&source.name),
            diagnostic.code,
            data(&message)
        )
    };
    diagnostics.iter().map(of).collect()
}

/// Text of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// One SARIF log of all files.
pub fn sarif(files: &[(&Source, &Vec<Diagnostic>)], language: Language) -> Json {
    let codes: BTreeSet<Code> = files.iter().flat_map(|(_, diagnostics)| diagnostics.iter().map(|diagnostic| diagnostic.code)).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let rules: Vec<Json> = codes
        .iter()
        .map(|code| {
            json!({
                "id": code.text(),
                "shortDescription": { "text": code.title().render(language) },
                "help": { "text": code.page(language), "markdown": code.page(language) },
                "defaultConfiguration": { "level": level(code.severity()) },
            })
        })
        .collect();
    let results: Vec<Json> = files
        .iter()
        .flat_map(|(source, diagnostics)| {
            let lines = LineIndex::new(&source.text);
            diagnostics.iter().map(|diagnostic| result(source, &lines, diagnostic, &codes, language)).collect::<Vec<_>>()
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "calc", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(source: &Source, lines: &LineIndex<'_>, diagnostic: &Diagnostic, codes: &[Code], language: Language) -> Json {
    let artifact = json!({ "uri": uri(&source.name) });
    let location = |span: Span| json!({ "artifactLocation": artifact, "region": region(lines, span) });
    let mut text = diagnostic.message.render(language);
    if let Some(help) = &diagnostic.help {
        text = format!("{text}\n{}", help.render(language));
    }
    let mut result = json!({
        "ruleId": diagnostic.code.text(),
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": level(diagnostic.severity()),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location(diagnostic.span) }],
    });
    if !diagnostic.labels.is_empty() {
        let related = diagnostic
            .labels
            .iter()
            .map(|label| json!({ "physicalLocation": location(label.span), "message": { "text": label.message.render(language) } }));
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([{
            "artifactChanges": [{
                "artifactLocation": artifact,
                "replacements": [{ "deletedRegion": region(lines, fix.span), "insertedContent": { "text": fix.replacement } }],
            }],
        }]);
    }
    result
}

fn region(lines: &LineIndex<'_>, span: Span) -> Json {
    let (line, column) = lines.line_and_column(span.start);
    let (end_line, end_column) = lines.line_and_column(span.end);
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}

/// A path as a URI reference.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let encoded: String = path
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    encoded.strip_prefix("./").map_or(encoded.clone(), str::to_owned)
}
