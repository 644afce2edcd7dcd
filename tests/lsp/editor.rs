//! A client of the editor server: an editor with one folder.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// An editor with one folder.
pub struct Editor {
    pub folder: TempDir,
    pub server: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    next: i64,
    pub abilities: Json,
    /// Diagnostics that arrived while something else was waited for.
    reports: Vec<Json>,
    /// What else arrived meanwhile: requests of the server, and messages for the author.
    pub others: Vec<Json>,
}

impl Editor {
    pub fn new(files: &[(&str, &str)], capabilities: &Json) -> Self {
        Self::with(files, capabilities, &[])
    }

    pub fn with(files: &[(&str, &str)], capabilities: &Json, arguments: &[&str]) -> Self {
        Self::with_options(files, capabilities, arguments, &Json::Null)
    }

    pub fn with_options(files: &[(&str, &str)], capabilities: &Json, arguments: &[&str], options: &Json) -> Self {
        let folder = TempDir::new().expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
        command.arg("lsp").args(arguments).current_dir(folder.path()).env_remove("CALC_LANG");
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("calc runs");
        let to = server.stdin.take();
        let from = BufReader::new(server.stdout.take().expect("standard output"));
        let mut editor = Self { folder, server, to, from, next: 0, abilities: Json::Null, reports: Vec::new(), others: Vec::new() };
        let result = editor.ask(
            "initialize",
            &json!({ "capabilities": capabilities, "processId": null, "rootUri": null, "initializationOptions": options }),
        );
        editor.abilities = result["capabilities"].clone();
        editor.tell("initialized", &json!({}));
        editor
    }

    pub fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.path().join(name).display())
    }

    pub fn send(&mut self, message: &Json) {
        let text = message.to_string();
        self.write(&format!("Content-Length: {}\r\n\r\n{text}", text.len()));
    }

    pub fn write(&mut self, text: &str) {
        let to = self.to.as_mut().expect("the server listens");
        to.write_all(text.as_bytes()).expect("written");
        to.flush().expect("written");
    }

    /// Closes the editor's end of the pipe.
    pub fn close(&mut self) {
        drop(self.to.take());
    }

    /// The exit code of the server, which has to end by itself.
    pub fn ended(&mut self) -> Option<i32> {
        self.server.wait().expect("an end").code()
    }

    pub fn receive(&mut self) -> Json {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).expect("a line") > 0, "the server has ended");
            if let Some(number) = line.strip_prefix("Content-Length: ") {
                length = number.trim().parse().expect("a number");
            } else if line.trim().is_empty() {
                break;
            }
        }
        let mut text = vec![0; length];
        self.from.read_exact(&mut text).expect("a message");
        serde_json::from_slice(&text).expect("JSON")
    }

    pub fn tell(&mut self, method: &str, params: &Json) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub fn request(&mut self, method: &str, params: &Json) -> Json {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.answer_to(&json!(id))
    }

    /// The answer to a request.
    pub fn answer_to(&mut self, id: &Json) -> Json {
        let is_answer = |message: &Json| message["id"] == *id && message.get("method").is_none();
        loop {
            if let Some(index) = self.others.iter().position(is_answer) {
                return self.others.remove(index);
            }
            let message = self.receive();
            self.keep(message);
        }
    }

    /// Keeps what was not waited for.
    fn keep(&mut self, message: Json) {
        if message["method"] == "textDocument/publishDiagnostics" {
            self.reports.push(message["params"].clone());
        } else {
            self.others.push(message);
        }
    }

    /// The next message of a method that is not about diagnostics.
    pub fn other(&mut self, method: &str) -> Json {
        loop {
            if let Some(index) = self.others.iter().position(|message| message["method"] == method) {
                return self.others.remove(index);
            }
            let message = self.receive();
            self.keep(message);
        }
    }

    pub fn ask(&mut self, method: &str, params: &Json) -> Json {
        let answer = self.request(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Opens a file and returns its diagnostics.
    pub fn open(&mut self, name: &str, text: &str) -> Json {
        let uri = self.uri(name);
        let language = if name.rsplit('.').next() == Some("block") { "calc-block" } else { "calc" };
        self.tell("textDocument/didOpen", &json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } }));
        self.report(name)
    }

    /// The next diagnostics of a file.
    pub fn report(&mut self, name: &str) -> Json {
        let uri = self.uri(name);
        loop {
            if let Some(index) = self.reports.iter().position(|report| report["uri"] == uri.as_str()) {
                return self.reports.remove(index)["diagnostics"].clone();
            }
            let message = self.receive();
            self.keep(message);
        }
    }

    pub fn at(&mut self, method: &str, name: &str, line: u32, character: u32) -> Json {
        let uri = self.uri(name);
        self.ask(method, &json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } }))
    }

    pub fn of(&mut self, method: &str, name: &str) -> Json {
        let uri = self.uri(name);
        self.ask(method, &json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 4, "insertSpaces": true }, "range": whole() }))
    }

    /// Says goodbye; the server ends well.
    pub fn quit(mut self) {
        self.ask("shutdown", &Json::Null);
        self.tell("exit", &Json::Null);
        drop(self.to.take());
        assert!(self.server.wait().expect("an end").success());
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        drop(self.to.take());
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

pub fn whole() -> Json {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } })
}

pub fn codes(diagnostics: &Json) -> Vec<&str> {
    diagnostics.as_array().expect("a list").iter().map(|found| found["code"].as_str().expect("a code")).collect()
}

pub fn labels(items: &Json) -> Vec<&str> {
    items.as_array().expect("a list").iter().map(|item| item["label"].as_str().expect("a label")).collect()
}

/// The words of a file with their classes.
pub fn colors(editor: &mut Editor, name: &str, text: &str) -> Vec<(String, String)> {
    editor.open(name, text);
    let tokens = editor.of("textDocument/semanticTokens/full", name);
    let legend = editor.abilities["semanticTokensProvider"]["legend"]["tokenTypes"].clone();
    let data: Vec<usize> = tokens["data"]
        .as_array()
        .expect("numbers")
        .iter()
        .map(|number| usize::try_from(number.as_u64().expect("a number")).expect("small"))
        .collect();
    let lines: Vec<Vec<u16>> = text.split('\n').map(|line| line.encode_utf16().collect()).collect();
    let (mut line, mut column) = (0, 0);
    data.chunks(5)
        .map(|token| {
            column = if token[0] == 0 { column + token[1] } else { token[1] };
            line += token[0];
            let word = String::from_utf16(&lines[line][column..column + token[2]]).expect("whole characters");
            (word, legend[token[3]].as_str().expect("a class").to_owned())
        })
        .collect()
}
