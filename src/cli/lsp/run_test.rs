//! The command behind "Run test": runs the test as it stands in the editor, says how it ended, and marks what is not as
//! expected.

use lsp_server::{ErrorCode, Message, RequestId, Response};
use lsp_types::{Diagnostic, DiagnosticSeverity, MessageType, Range, Uri};
use serde_json::{Value as Json, json};

use super::documents::path_of;
use super::places::Places;
use super::{Server, message, parameters};
use crate::commands::test::{self, FileResult};
use crate::failure::Failure;

/// The name of the command. Its arguments are the address of a file and the name of a test, or no name for all.
pub(super) const COMMAND: &str = "calc.runTest";

/// A test that has ended.
pub(super) struct TestRun {
    id: RequestId,
    uri: Uri,
    /// The text that was run.
    text: String,
    result: Result<FileResult, Failure>,
}

impl Server {
    /// Begins what a command does; the answer comes when the test has ended.
    pub(super) fn execute(&mut self, id: &RequestId, params: &Json) -> Result<(), (ErrorCode, String)> {
        let command = params["command"].as_str().unwrap_or_default();
        if command != COMMAND {
            return Err((ErrorCode::InvalidParams, format!("there is no command `{command}`")));
        }
        let uri: Uri = parameters(params["arguments"][0].clone())?;
        let name = params["arguments"][1].as_str().map(str::to_owned);
        let Some(path) = path_of(&uri) else {
            return Err((ErrorCode::InvalidParams, "only a file has tests: save the text first".to_owned()));
        };
        let text = match self.documents.text(&uri) {
            Some(text) => text.to_owned(),
            None => std::fs::read_to_string(&path).map_err(|error| (ErrorCode::InvalidParams, format!("{}: {error}", path.display())))?,
        };
        let options = self.documents.configurations.of(path.parent()).options_of_tests();
        let results = self.test_results.0.clone();
        let id = id.clone();
        self.tests_running += 1;
        // The editor goes on being served; when it is gone, nobody takes the result.
        std::thread::spawn(move || {
            let result = test::run_text(&path, text.clone(), name.as_deref(), &options);
            let _ = results.send(TestRun { id, uri, text, result });
        });
        Ok(())
    }

    /// What the editor is told when a test has ended.
    pub(super) fn tested(&mut self, run: TestRun) -> Vec<Message> {
        let file = match run.result {
            Ok(file) => file,
            Err(failure) => {
                let problem = failure.lines.join("\n");
                return vec![Response::new_err(run.id, ErrorCode::RequestFailed as i32, problem).into()];
            }
        };
        let failed: Vec<&str> = file.tests.iter().filter(|test| !test.problems.is_empty()).map(|test| test.name.as_str()).collect();
        let (passed, failed_count) = (file.tests.len() - failed.len(), failed.len());
        let (kind, text) = match (&file.diagnostics[..], &file.tests[..]) {
            ([_, ..], _) => (MessageType::ERROR, "the test file does not compile".to_owned()),
            (_, []) => (MessageType::ERROR, "there is no test of this name".to_owned()),
            (_, [test]) if failed.is_empty() => (MessageType::INFO, format!("ok: {}", short(&test.name))),
            _ if failed.is_empty() => (MessageType::INFO, format!("{passed} passed, 0 failed")),
            (_, [test]) => {
                let problem = test.problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
                (MessageType::ERROR, format!("FAIL: {}: {problem}", short(&test.name)))
            }
            _ => (MessageType::ERROR, format!("{passed} passed, {failed_count} failed: {}", failed.join(", "))),
        };
        let result = json!({ "passed": passed, "failed": failed_count, "compiles": file.diagnostics.is_empty() });
        // The places of a text that has changed meanwhile are not those of the new one.
        if self.documents.text(&run.uri) == Some(run.text.as_str()) {
            let of_file = self.failed_tests.entry(run.uri.as_str().to_owned()).or_default();
            of_file.extend(file.tests.into_iter().map(|test| (test.name, test.problems)));
            self.changed.push(run.uri.clone());
        }
        let mut messages = vec![message(kind, &text), Response::new_ok(run.id, result).into()];
        messages.extend(self.reports());
        messages
    }

    /// Where the tests of a file are not as expected.
    pub(super) fn test_diagnostics(&self, uri: &Uri, places: &Places<'_>) -> Vec<Diagnostic> {
        let problems = self.failed_tests.get(uri.as_str()).into_iter().flatten().flat_map(|(_, problems)| problems);
        let shown = problems.map(|problem| {
            let start = places.position(problem.at);
            Diagnostic {
                range: Range::new(start, places.end_of_line(start)),
                severity: Some(DiagnosticSeverity::ERROR),
                source: Some("calc test".to_owned()),
                message: unindented(&test::in_words(problem)),
                ..Diagnostic::default()
            }
        });
        shown.collect()
    }
}

/// A file that is one test has its path for a name.
fn short(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Text of the command line, where it is indented.
fn unindented(text: &str) -> String {
    text.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}
