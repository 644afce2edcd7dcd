//! The editor server, `calc lsp`: the Language Server Protocol over standard input and output. What it knows of scripts it
//! asks `calc::check`, which `calc check` uses too.

mod cursor;
mod documents;
mod edit;
mod names;
mod places;
mod show;
mod suggest;

use std::path::PathBuf;

use calc::crm::ProjectFile;
use calc::diagnostic::{Diagnostic, Severity};
use calc::engine::Engine;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::{
    DiagnosticRelatedInformation, DiagnosticSeverity, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    InitializeParams, Location, NumberOrString, PublishDiagnosticsParams, TextDocumentPositionParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::failure::Failure;
use crate::language;
use documents::{Documents, Member};
use places::{Encoding, Places};

/// Serves an editor until it says goodbye or closes its end.
pub fn serve(engine: Engine, fixture: Option<&PathBuf>) -> Result<u8, Failure> {
    let project = fixture.map(|path| crate::bot::project(path)).transpose()?;
    let (connection, threads) = Connection::stdio();
    let protocol = |error: lsp_server::ProtocolError| Failure::usage(format!("the editor does not speak the protocol: {error}"));
    let (id, params) = connection.initialize_start().map_err(protocol)?;
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|error| Failure::usage(format!("the editor sent a wrong `initialize`: {error}")))?;
    let offered = params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref());
    let mut server = Server { documents: Documents::new(engine), encoding: Encoding::agreed(offered), project, changed: Vec::new() };
    connection.initialize_finish(id, server.abilities()).map_err(protocol)?;
    for message in &connection.receiver {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request).map_err(protocol)? {
                    break;
                }
                if connection.sender.send(server.answer(request).into()).is_err() {
                    break;
                }
            }
            Message::Notification(notification) => server.note(notification),
            Message::Response(_) => {}
        }
        // While more is coming nobody looks at what is wrong with an older text.
        if connection.receiver.is_empty() {
            for params in server.reports() {
                let notification = Notification::new("textDocument/publishDiagnostics".to_owned(), params);
                if connection.sender.send(notification.into()).is_err() {
                    break;
                }
            }
        }
    }
    drop(connection);
    threads.join().map_err(|error| Failure::output("standard output", &error))?;
    Ok(0)
}

/// What the server keeps between messages.
pub(in crate::lsp) struct Server {
    documents: Documents,
    encoding: Encoding,
    project: Option<ProjectFile>,
    /// Files whose diagnostics have to be sent again.
    changed: Vec<Uri>,
}

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
                "codeActionProvider": { "codeActionKinds": ["quickfix"] },
                "codeLensProvider": {},
                "documentFormattingProvider": true,
                "semanticTokensProvider": { "legend": { "tokenTypes": classes, "tokenModifiers": [] }, "full": true },
            },
            "serverInfo": { "name": "calc", "version": env!("CARGO_PKG_VERSION") },
        })
    }

    fn note(&mut self, notification: Notification) {
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                if let Some(params) = read::<DidOpenTextDocumentParams>(notification.params) {
                    let document = params.text_document;
                    self.documents.set(&document.uri, &document.text, document.version, Some(&document.language_id));
                    self.changed.push(document.uri);
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = read::<DidChangeTextDocumentParams>(notification.params) {
                    self.change(params);
                }
            }
            "textDocument/didClose" => {
                if let Some(params) = read::<DidCloseTextDocumentParams>(notification.params) {
                    self.changed.extend(self.documents.open_with(&params.text_document.uri));
                    self.documents.close(&params.text_document.uri);
                }
            }
            _ => {}
        }
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri;
        let Some(document) = self.documents.get(&uri) else { return };
        let mut text = document.unit.text().to_owned();
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
        self.documents.set(&uri, &text, params.text_document.version, None);
        self.changed.push(uri);
    }

    /// The diagnostics of all open files that changes may concern.
    fn reports(&mut self) -> Vec<PublishDiagnosticsParams> {
        let mut uris: Vec<Uri> = Vec::new();
        for changed in std::mem::take(&mut self.changed) {
            let concerned = if self.documents.get(&changed).is_some() { self.documents.open_with(&changed) } else { vec![changed] };
            uris.extend(concerned.into_iter().filter(|uri| !uris.contains(uri)).collect::<Vec<_>>());
        }
        uris.into_iter().map(|uri| self.report(uri)).collect()
    }

    fn report(&mut self, uri: Uri) -> PublishDiagnosticsParams {
        let Some(version) = self.documents.get(&uri).map(|document| document.version) else {
            return PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None };
        };
        let (member, found) = self.diagnostics(&uri);
        let Some(member) = member else { return PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None } };
        let places = Places::new(member.unit.text(), self.encoding);
        let diagnostics = found.iter().map(|diagnostic| shown(diagnostic, &uri, &places)).collect();
        PublishDiagnosticsParams { uri, diagnostics, version: Some(version) }
    }

    /// A file with what is wrong with it as part of its bot.
    fn diagnostics(&mut self, uri: &Uri) -> (Option<Member>, Vec<Diagnostic>) {
        let bot = self.documents.bot(uri);
        let units: Vec<&calc::check::Unit> = bot.iter().map(|member| &*member.unit).collect();
        let found = calc::check::check(self.documents.engine(), &units, self.project.as_ref());
        (bot.first().cloned(), found.into_iter().next().unwrap_or_default())
    }

    fn answer(&mut self, request: Request) -> Response {
        let id = request.id;
        let result = match request.method.as_str() {
            "textDocument/hover" => self.at(request.params, Self::hover),
            "textDocument/completion" => self.at(request.params, Self::completion),
            "textDocument/signatureHelp" => self.at(request.params, Self::signature),
            "textDocument/definition" => self.at(request.params, Self::definition),
            "textDocument/documentHighlight" => self.at(request.params, Self::occurrences_here),
            "textDocument/prepareRename" => self.at(request.params, Self::can_rename),
            "textDocument/references" => self.references(request.params),
            "textDocument/rename" => match self.rename(request.params) {
                Ok(result) => Some(result),
                Err(reason) => return Response::new_err(id, ErrorCode::InvalidParams as i32, reason),
            },
            "textDocument/documentSymbol" => self.of(&request.params, Self::symbols),
            "workspace/symbol" => self.workspace_symbols(&request.params),
            "textDocument/foldingRange" => self.of(&request.params, Self::folds),
            "textDocument/semanticTokens/full" => self.of(&request.params, Self::semantic_tokens),
            "textDocument/inlayHint" => self.of(&request.params, Self::hints),
            "textDocument/codeLens" => self.of(&request.params, Self::lenses),
            "textDocument/formatting" => self.of(&request.params, Self::formatting),
            "textDocument/codeAction" => self.actions(request.params),
            method => return Response::new_err(id, ErrorCode::MethodNotFound as i32, format!("`{method}` is not served")),
        };
        Response::new_ok(id, result.unwrap_or(Json::Null))
    }

    /// Answers about a place of an open file.
    fn at(&mut self, params: Json, answer: fn(&mut Self, &Member, usize) -> Option<Json>) -> Option<Json> {
        let params: TextDocumentPositionParams = read(params)?;
        let member = self.member(&params.text_document.uri)?;
        let byte = Places::new(member.unit.text(), self.encoding).byte(params.position);
        answer(self, &member, byte)
    }

    /// Answers about an open file.
    fn of(&mut self, params: &Json, answer: fn(&mut Self, &Member) -> Option<Json>) -> Option<Json> {
        let uri: Uri = read(params["textDocument"]["uri"].clone())?;
        let member = self.member(&uri)?;
        answer(self, &member)
    }

    fn member(&self, uri: &Uri) -> Option<Member> {
        self.documents.get(uri).map(|document| Member { uri: uri.clone(), unit: std::rc::Rc::clone(&document.unit) })
    }
}

/// A diagnostic as editors take it.
fn shown(diagnostic: &Diagnostic, uri: &Uri, places: &Places<'_>) -> lsp_types::Diagnostic {
    let language = language::current();
    let mut message = diagnostic.message.render(language);
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\n{}", help.render(language));
    }
    let related = diagnostic.labels.iter().map(|label| DiagnosticRelatedInformation {
        location: Location::new(uri.clone(), places.range(label.span)),
        message: label.message.render(language),
    });
    lsp_types::Diagnostic {
        range: places.range(diagnostic.span),
        severity: Some(match diagnostic.severity() {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Notice => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(diagnostic.code.text().to_owned())),
        source: Some("calc".to_owned()),
        message,
        related_information: (!diagnostic.labels.is_empty()).then(|| related.collect()),
        ..lsp_types::Diagnostic::default()
    }
}

/// Parameters of a message; what cannot be read is not answered.
fn read<T: DeserializeOwned>(params: Json) -> Option<T> {
    serde_json::from_value(params).ok()
}

/// A result as the protocol has it.
fn to_json<T: serde::Serialize>(result: T) -> Option<Json> {
    serde_json::to_value(result).ok()
}
