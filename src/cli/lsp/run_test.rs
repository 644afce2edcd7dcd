//! The command behind "Run test": runs the test as it stands in the editor, says how it ended, and marks what is not as
//! expected.

use calc::wording::message;
use lsp_server::{ErrorCode, Message, RequestId, Response};
use lsp_types::{Diagnostic, DiagnosticSeverity, MessageType, Range, Uri};
use serde_json::{Value as Json, json};

use super::documents::path_of;
use super::places::Places;
use super::{RefusedRequest, Server, parameters};
use crate::commands::test::{self, FileResult};
use crate::failure::{Failure, of_system};

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
    pub(super) fn execute(&mut self, id: &RequestId, params: &Json) -> Result<(), RefusedRequest> {
        let command = params["command"].as_str().unwrap_or_default();
        if command != COMMAND {
            return Err((ErrorCode::InvalidParams, message!("editor-command", name = command)));
        }
        let uri: Uri = parameters(params["arguments"][0].clone())?;
        let name = params["arguments"][1].as_str().map(str::to_owned);
        let Some(path) = path_of(&uri) else {
            return Err((ErrorCode::InvalidParams, message!("only-files-have-tests")));
        };
        let text = match self.documents.text(&uri) {
            Some(text) => text.to_owned(),
            None => std::fs::read_to_string(&path).map_err(|error| {
                (ErrorCode::InvalidParams, message!("file-problem", name = path.display().to_string(), problem = of_system(&error)))
            })?,
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
                return vec![self.refusal(run.id, (ErrorCode::RequestFailed, failure.message()))];
            }
        };
        let failed: Vec<&str> = file.tests.iter().filter(|test| !test.problems.is_empty()).map(|test| test.name.as_str()).collect();
        let (passed, failed_count) = (file.tests.len() - failed.len(), failed.len());
        let (kind, text) = match (&file.diagnostics[..], &file.tests[..]) {
            ([_, ..], _) => (MessageType::ERROR, message!("test-file-does-not-compile")),
            (_, []) => (MessageType::ERROR, message!("no-such-test")),
            (_, [test]) if failed.is_empty() => (MessageType::INFO, message!("test-of-name-passed", name = short(&test.name))),
            _ if failed.is_empty() => (MessageType::INFO, message!("test-count", passed = passed, failed = 0)),
            (_, [test]) => {
                let problem = test.problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
                (MessageType::ERROR, message!("test-of-name-failed", name = short(&test.name), problem = problem))
            }
            _ => (MessageType::ERROR, message!("tests-of-names-failed", passed = passed, failed = failed_count, names = failed.join(", "))),
        };
        let result = json!({ "passed": passed, "failed": failed_count, "compiles": file.diagnostics.is_empty() });
        // The places of a text that has changed meanwhile are not those of the new one.
        if self.documents.text(&run.uri) == Some(run.text.as_str()) {
            let of_file = self.failed_tests.entry(run.uri.as_str().to_owned()).or_default();
            of_file.extend(file.tests.into_iter().map(|test| (test.name, test.problems)));
            self.changed.push(run.uri.clone());
        }
        let mut messages = vec![self.tell(kind, &text), Response::new_ok(run.id, result).into()];
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
