//! The editor server, `calc lsp`: the Language Server Protocol over standard input and output. What it knows of scripts it
//! asks `calc::check`, which `calc check` uses too.

mod configuration;
mod documents;
mod edit;
mod ids;
mod names;
mod places;
mod report;
mod run_test;
mod show;
mod suggest;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use calc::diagnostic::reader::reader_problem;
use calc::wording::{Language, Message as Sentence, message};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, MessageType, PositionEncodingKind,
    TextDocumentPositionParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::commands::test::ShownProblem;
use crate::failure::Failure;
use configuration::Configurations;
pub use configuration::EditorOptions;
use documents::{Documents, Member, path_of};
use places::{Encoding, Places};
use run_test::TestRun;

/// Serves an editor until it says goodbye or closes its end. The exit code is 1 when it leaves without a goodbye.
pub fn serve(options: EditorOptions) -> Result<u8, Failure> {
    let (connection, threads) = Connection::stdio();
    let protocol = |error: lsp_server::ProtocolError| Failure::usage(message!("editor-protocol", error = error.to_string()));
    let (id, params) = connection.initialize_start().map_err(protocol)?;
    let offered: Option<Vec<PositionEncodingKind>> = read(params["capabilities"]["general"]["positionEncodings"].clone());
    let configurations = Configurations::new(options, root(&params));
    let mut server = Server {
        documents: Documents::new(configurations),
        encoding: Encoding::agreed(offered.as_deref()),
        capabilities: params["capabilities"]["workspace"].clone(),
        changed: Vec::new(),
        asked: 0,
        test_results: channel(),
        tests_running: 0,
        failed_tests: HashMap::new(),
    };
    server.set_settings(&params["initializationOptions"]);
    // It returns when the editor is ready.
    connection.initialize_finish(id, server.abilities()).map_err(protocol)?;
    let is_there = server.greet().into_iter().all(|message| connection.sender.send(message).is_ok());
    let code = if is_there { server.run(&connection) } else { 0 };
    drop(connection);
    // What the editor sent last may have been no message at all.
    threads.join().map_err(|error| Failure::usage(message!("editor-protocol", error = error.to_string())))?;
    Ok(code)
}

/// The folder that the editor works in.
fn root(params: &Json) -> PathBuf {
    let uri = params["workspaceFolders"][0]["uri"].as_str().or(params["rootUri"].as_str());
    let path = uri.and_then(|uri| uri.parse::<Uri>().ok()).and_then(|uri| path_of(&uri));
    path.or_else(|| std::env::current_dir().ok()).unwrap_or_default()
}

/// The answer to a request, or why there is none.
type Answer = Result<Option<Json>, RefusedRequest>;

/// Why there is no answer.
type RefusedRequest = (ErrorCode, Sentence);

/// What the server keeps between messages.
pub(in crate::lsp) struct Server {
    documents: Documents,
    encoding: Encoding,
    /// What the client can do for a workspace.
    capabilities: Json,
    /// Files whose diagnostics have to be sent again.
    changed: Vec<Uri>,
    /// Requests that the client was sent.
    asked: u32,
    test_results: (Sender<TestRun>, Receiver<TestRun>),
    tests_running: usize,
    /// Of each file what its tests found wrong when they ran last, until it changes.
    failed_tests: HashMap<String, BTreeMap<String, Vec<ShownProblem>>>,
}

/// How often a running test is looked for.
const TEST_EVERY: Duration = Duration::from_millis(10);

impl Server {
    fn abilities(&self) -> Json {
        let classes: Vec<&str> = show::CLASSES.to_vec();
        json!({
            "capabilities": {
                "positionEncoding": self.encoding.kind(),
                "textDocumentSync": { "openClose": true, "change": 2 },
                "hoverProvider": true,
                "completionProvider": { "triggerCharacters": [".", "{"] },
                "signatureHelpProvider": { "triggerCharacters": ["(", ","] },
                "definitionProvider": true,
                "referencesProvider": true,
                "documentHighlightProvider": true,
                "renameProvider": { "prepareProvider": true },
                "documentSymbolProvider": true,
                "workspaceSymbolProvider": true,
                "foldingRangeProvider": true,
                "inlayHintProvider": true,
                "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll"] },
                "codeLensProvider": {},
                "executeCommandProvider": { "commands": [run_test::COMMAND] },
                "documentFormattingProvider": true,
                "semanticTokensProvider": { "legend": { "tokenTypes": classes, "tokenModifiers": [] }, "full": true },
            },
            "serverInfo": { "name": "calc", "version": env!("CARGO_PKG_VERSION") },
        })
    }

    /// Answers until the end; returns the exit code.
    fn run(&mut self, connection: &Connection) -> u8 {
        let mut waiting: VecDeque<Message> = VecDeque::new();
        let mut said_goodbye = false;
        loop {
            // While more is coming nobody looks at what is wrong with an older text.
            if waiting.is_empty() && connection.receiver.is_empty() && !said_goodbye {
                for message in self.reports() {
                    if connection.sender.send(message).is_err() {
                        return u8::from(!said_goodbye);
                    }
                }
            }
            if waiting.is_empty() {
                let Some(message) = self.receive(connection) else { return 0 };
                waiting.push_back(message);
            }
            waiting.extend(connection.receiver.try_iter());
            self.documents.configurations.look_again();
            let answers = match waiting.pop_front() {
                Some(Message::Request(request)) if said_goodbye => {
                    vec![self.refusal(request.id, (ErrorCode::InvalidRequest, message!("editor-shutting-down")))]
                }
                Some(Message::Request(request)) if waiting.iter().any(|later| cancels(later, &request.id)) => {
                    vec![self.refusal(request.id, (ErrorCode::RequestCanceled, message!("editor-canceled")))]
                }
                Some(Message::Request(request)) if request.method == "shutdown" => {
                    said_goodbye = true;
                    vec![Response::new_ok(request.id, Json::Null).into()]
                }
                Some(Message::Request(request)) => self.answer(request).into_iter().collect(),
                Some(Message::Notification(note)) if note.method == "exit" => return u8::from(!said_goodbye),
                Some(Message::Notification(note)) => self.note(note),
                Some(Message::Response(response)) => {
                    self.take_settings(&response);
                    Vec::new()
                }
                None => Vec::new(),
            };
            for message in answers {
                if connection.sender.send(message).is_err() {
                    return u8::from(!said_goodbye);
                }
            }
        }
    }

    /// The next message; meanwhile tests may end. `None` when the editor is gone.
    fn receive(&mut self, connection: &Connection) -> Option<Message> {
        while self.tests_running > 0 {
            while let Ok(run) = self.test_results.1.try_recv() {
                self.tests_running -= 1;
                for message in self.tested(run) {
                    connection.sender.send(message).ok()?;
                }
            }
            match connection.receiver.recv_timeout(TEST_EVERY) {
                Ok(message) => return Some(message),
                Err(error) if error.is_timeout() => {}
                Err(_) => return None,
            }
        }
        connection.receiver.recv().ok()
    }

    /// Takes note of something; returns what the client is asked for or told.
    fn note(&mut self, notification: Notification) -> Vec<Message> {
        let params = notification.params;
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                if let Some(params) = read::<DidOpenTextDocumentParams>(params) {
                    let document = params.text_document;
                    self.documents.open(&document.uri, &document.text, document.version, &document.language_id);
                    self.changed.push(document.uri);
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = read::<DidChangeTextDocumentParams>(params) {
                    self.change(params);
                }
            }
            "textDocument/didClose" => {
                if let Some(params) = read::<DidCloseTextDocumentParams>(params) {
                    self.changed.extend(self.documents.open_with(&params.text_document.uri));
                    self.failed_tests.remove(params.text_document.uri.as_str());
                    self.documents.close(&params.text_document.uri);
                }
            }
            // What has changed is seen when the files are looked at again.
            "workspace/didChangeWatchedFiles" => self.changed.extend(self.documents.all_open()),
            "workspace/didChangeConfiguration" => {
                if params["settings"].is_object() {
                    self.set_settings(&params["settings"]);
                } else {
                    return self.ask_settings().into_iter().collect();
                }
            }
            _ => {}
        }
        Vec::new()
    }

    // ------------------------------------------------------------ settings

    /// What the client is asked for when it is ready: its settings, and news of settings and files.
    fn greet(&mut self) -> Vec<Message> {
        let mut registrations = Vec::new();
        let can_register = |what: &str| self.capabilities[what]["dynamicRegistration"] == true;
        if can_register("didChangeConfiguration") {
            let options = json!({ "section": "calc" });
            registrations.push(json!({ "id": "settings", "method": "workspace/didChangeConfiguration", "registerOptions": options }));
        }
        if can_register("didChangeWatchedFiles") {
            let options = json!({ "watchers": [{ "globPattern": "**/{*.calc,*.block,calc.toml}" }] });
            registrations.push(json!({ "id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": options }));
        }
        let mut messages: Vec<Message> = Vec::new();
        if !registrations.is_empty() {
            self.asked += 1;
            let id = RequestId::from(format!("register {}", self.asked));
            messages.push(Request::new(id, "client/registerCapability".to_owned(), json!({ "registrations": registrations })).into());
        }
        messages.extend(self.ask_settings());
        messages
    }

    fn ask_settings(&mut self) -> Option<Message> {
        if self.capabilities["configuration"] != true {
            return None;
        }
        self.asked += 1;
        let id = RequestId::from(format!("{SETTINGS}{}", self.asked));
        Some(Request::new(id, "workspace/configuration".to_owned(), json!({ "items": [{ "section": "calc" }] })).into())
    }

    fn take_settings(&mut self, response: &Response) {
        let is_ours = response.id.to_string().trim_matches('"').starts_with(SETTINGS);
        if let Ok(result) = &response.response_result
            && is_ours
        {
            self.set_settings(&result[0]);
        }
    }

    /// Takes settings, with or without the name `calc` before them.
    fn set_settings(&mut self, settings: &Json) {
        let settings = if settings["calc"].is_object() { &settings["calc"] } else { settings };
        if settings.is_object() {
            self.documents.configurations.set_editor(settings);
            self.changed.extend(self.documents.all_open());
        }
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri;
        let Some(text) = self.documents.text(&uri) else { return };
        let mut text = text.to_owned();
        for change in params.content_changes {
            match change.range {
                None => text = change.text,
                Some(range) => {
                    let places = Places::new(&text, self.encoding);
                    let (start, end) = (places.byte(range.start), places.byte(range.end));
                    text.replace_range(start..end.max(start), &change.text);
                }
            }
        }
        self.documents.change(&uri, text, params.text_document.version);
        self.failed_tests.remove(uri.as_str());
        self.changed.push(uri);
    }

    /// Answers a request, unless that takes longer.
    fn answer(&mut self, request: Request) -> Option<Message> {
        let id = request.id;
        let params = request.params;
        let result = match request.method.as_str() {
            "textDocument/hover" => self.at(params, Self::hover),
            "textDocument/completion" => self.at(params, Self::completion),
            "textDocument/signatureHelp" => self.at(params, Self::signature),
            "textDocument/definition" => self.at(params, Self::definition),
            "textDocument/documentHighlight" => self.at(params, Self::occurrences_here),
            "textDocument/prepareRename" => self.at(params, Self::can_rename),
            "textDocument/references" => self.references(params),
            "textDocument/rename" => self.rename(params),
            "textDocument/documentSymbol" => self.of(&params, Self::symbols),
            "workspace/symbol" => Ok(self.workspace_symbols(&params)),
            "textDocument/foldingRange" => self.of(&params, Self::folds),
            "textDocument/semanticTokens/full" => self.of(&params, Self::semantic_tokens),
            "textDocument/inlayHint" => self.hints(params),
            "textDocument/codeLens" => self.of(&params, Self::lenses),
            "textDocument/formatting" => self.of(&params, Self::formatting),
            "textDocument/codeAction" => self.actions(params),
            "workspace/executeCommand" => match self.execute(&id, &params) {
                Ok(()) => return None,
                Err(refusal) => Err(refusal),
            },
            method => Err((ErrorCode::MethodNotFound, message!("editor-not-served", method = method))),
        };
        Some(match result {
            Ok(result) => Response::new_ok(id, result.unwrap_or(Json::Null)).into(),
            Err(reason) => self.refusal(id, reason),
        })
    }

    /// The language of what is said of no file.
    fn language(&mut self) -> Language {
        self.documents.configurations.of(None).language
    }

    /// Tells the client why there is no answer.
    fn refusal(&mut self, id: RequestId, (code, reason): RefusedRequest) -> Message {
        Response::new_err(id, code as i32, reason.render(self.language())).into()
    }

    /// Tells the author something.
    fn tell(&mut self, kind: MessageType, what: &Sentence) -> Message {
        let text = what.render(self.language());
        Notification::new("window/showMessage".to_owned(), json!({ "type": kind, "message": text })).into()
    }

    /// Answers about a place of an open file.
    fn at(&mut self, params: Json, answer: fn(&mut Self, &Member, usize) -> Option<Json>) -> Answer {
        let params: TextDocumentPositionParams = parameters(params)?;
        Ok(self.place(&params).and_then(|(member, byte)| answer(self, &member, byte)))
    }

    /// An open file and a byte of it.
    fn place(&mut self, place: &TextDocumentPositionParams) -> Option<(Member, usize)> {
        let member = self.documents.get(&place.text_document.uri)?;
        let byte = Places::new(member.unit.text(), self.encoding).byte(place.position);
        Some((member, byte))
    }

    /// Answers about an open file.
    fn of(&mut self, params: &Json, answer: fn(&mut Self, &Member) -> Option<Json>) -> Answer {
        let uri: Uri = parameters(params["textDocument"]["uri"].clone())?;
        Ok(self.documents.get(&uri).and_then(|member| answer(self, &member)))
    }
}

/// What the ids of questions about settings begin with.
const SETTINGS: &str = "settings ";

/// Whether a message takes a request back.
fn cancels(message: &Message, id: &RequestId) -> bool {
    let Message::Notification(note) = message else { return false };
    note.method == "$/cancelRequest" && read::<RequestId>(note.params["id"].clone()).is_some_and(|canceled| canceled == *id)
}

/// Parameters of a request.
fn parameters<T: DeserializeOwned>(params: Json) -> Result<T, RefusedRequest> {
    serde_json::from_value(params)
        .map_err(|error| (ErrorCode::InvalidParams, message!("editor-parameters", error = reader_problem(&error))))
}

/// Parameters of a notification; what cannot be read is nothing.
fn read<T: DeserializeOwned>(params: Json) -> Option<T> {
    serde_json::from_value(params).ok()
}

/// A result as the protocol has it.
fn to_json<T: serde::Serialize>(result: T) -> Option<Json> {
    serde_json::to_value(result).ok()
}

#[cfg(test)]
mod tests {
    use lsp_server::{Message, Notification, RequestId};
    use serde_json::json;

    use super::cancels;

    #[test]
    fn a_request_is_taken_back_by_its_id() {
        let note = |method: &str, id| Message::from(Notification::new(method.to_owned(), json!({ "id": id })));
        assert!(cancels(&note("$/cancelRequest", json!(7)), &RequestId::from(7)));
        assert!(cancels(&note("$/cancelRequest", json!("a")), &RequestId::from("a".to_owned())));
        assert!(!cancels(&note("$/cancelRequest", json!("7")), &RequestId::from(7)));
        assert!(!cancels(&note("$/cancelRequest", json!(null)), &RequestId::from(7)));
        assert!(!cancels(&note("exit", json!(7)), &RequestId::from(7)));
    }
}
