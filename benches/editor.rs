//! The editor server over its pipes, as an editor meets it: `cargo bench --bench editor`. A file of 5,000 lines is edited
//! in its middle, and asked about after each edit, so that every answer is about a text that the server has not seen yet.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

const LINES: usize = 5_000;
/// How often everything is measured; the median is shown.
const ROUNDS: usize = 40;
const URI: &str = "untitled:large.calc";

/// Ten lines of a bot's script, again and again, with other names each time.
fn script() -> String {
    let mut text = String::new();
    for number in 0..LINES / 10 {
        text.push_str(&format!(
            "# order {number}\n\
             price{number} = {number} * 3 + 10\n\
             name{number} = 'Order #{{price{number}}} of ' + 'mugs'\n\
             if price{number} > 100 and len(name{number}) > 3:\n    \
                 total{number} = round(price{number} * 0.9, 2)\n    \
                 print('reduced: #{{total{number}}}')\n\
             else:\n    \
                 total{number} = price{number}\n\
             items{number} = [x * 2 for x in [1, 2, {number}] if x > 1]\n\
             client.last = name{number}\n"
        ));
    }
    text
}

struct Server {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    number: i64,
    /// Whether diagnostics have come since they were last waited for; they may come before an answer.
    has_diagnostics: bool,
}

impl Server {
    fn start() -> Self {
        let mut process =
            Command::new(env!("CARGO_BIN_EXE_calc")).arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("calc runs");
        let to = process.stdin.take().expect("a pipe");
        let from = BufReader::new(process.stdout.take().expect("a pipe"));
        let mut server = Self { process, to, from, number: 0, has_diagnostics: false };
        server.ask("initialize", &json!({ "capabilities": {}, "processId": null, "rootUri": null }));
        server.tell("initialized", &json!({}));
        server
    }

    fn send(&mut self, message: &Json) {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("written");
        self.to.flush().expect("written");
    }

    fn receive(&mut self) -> Json {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).expect("a line");
            match line.strip_prefix("Content-Length: ") {
                Some(number) => length = number.trim().parse().expect("a number"),
                None => break,
            }
        }
        let mut text = vec![0; length];
        self.from.read_exact(&mut text).expect("a message");
        serde_json::from_slice(&text).expect("JSON")
    }

    fn until(&mut self, is_it: impl Fn(&Json) -> bool) -> Json {
        loop {
            let message = self.receive();
            self.has_diagnostics |= message["method"] == "textDocument/publishDiagnostics";
            if is_it(&message) {
                return message;
            }
        }
    }

    fn tell(&mut self, method: &str, params: &Json) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: &Json) -> Json {
        self.number += 1;
        let id = self.number;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.until(|message| message["id"] == id)
    }

    fn diagnostics(&mut self) {
        if !self.has_diagnostics {
            self.until(|message| message["method"] == "textDocument/publishDiagnostics");
        }
        self.has_diagnostics = false;
    }

    /// Types a digit in the middle of the file, or takes it away again.
    fn edit(&mut self, round: usize) {
        let line = LINES / 2 + 1;
        let (end, text) = if round.is_multiple_of(2) { (0, "z") } else { (1, "") };
        let range = json!({ "start": { "line": line, "character": 0 }, "end": { "line": line, "character": end } });
        let document = json!({ "uri": URI, "version": round + 2 });
        self.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": [{ "range": range, "text": text }] }));
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let mut server = Server::start();
    let text = script();
    let begun = Instant::now();
    server.tell("textDocument/didOpen", &json!({ "textDocument": { "uri": URI, "languageId": "calc", "version": 1, "text": text } }));
    server.diagnostics();
    println!("{:<34}{:>8.1} ms", "opened, up to its diagnostics", begun.elapsed().as_secs_f64() * 1e3);
    let mut round = 0;
    let place = json!({ "line": LINES / 2 + 2, "character": 20 });
    let start = json!({ "line": 0, "character": 0 });
    let options = json!({ "tabSize": 4, "insertSpaces": true });
    let document = json!({ "uri": URI });
    let at_place = json!({ "textDocument": document, "position": place });
    let references = json!({ "textDocument": document, "position": place, "context": { "includeDeclaration": true } });
    let rename = json!({ "textDocument": document, "position": place, "newName": "new_name" });
    let whole =
        json!({ "textDocument": document, "range": { "start": start, "end": { "line": LINES, "character": 0 } }, "options": options });
    let action = json!({ "textDocument": document, "range": { "start": place, "end": place }, "context": { "diagnostics": [] } });
    let symbol = json!({ "query": "price24" });
    let edited: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            server.edit(round);
            round += 1;
            server.diagnostics();
            begun.elapsed()
        })
        .collect();
    println!("{:<34}{:>8.1} ms", "an edit, up to its diagnostics", median(edited).as_secs_f64() * 1e3);
    let questions = [
        ("textDocument/hover", &at_place),
        ("textDocument/completion", &at_place),
        ("textDocument/signatureHelp", &at_place),
        ("textDocument/definition", &at_place),
        ("textDocument/documentHighlight", &at_place),
        ("textDocument/references", &references),
        ("textDocument/rename", &rename),
        ("textDocument/codeAction", &action),
        ("textDocument/semanticTokens/full", &whole),
        ("textDocument/documentSymbol", &whole),
        ("workspace/symbol", &symbol),
        ("textDocument/foldingRange", &whole),
        ("textDocument/inlayHint", &whole),
        ("textDocument/formatting", &whole),
    ];
    for (method, params) in questions {
        let (mut fresh, mut again) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            server.edit(round);
            round += 1;
            let begun = Instant::now();
            server.ask(method, params);
            fresh.push(begun.elapsed());
            server.diagnostics();
            let begun = Instant::now();
            server.ask(method, params);
            again.push(begun.elapsed());
        }
        let (fresh, again) = (median(fresh).as_secs_f64() * 1e3, median(again).as_secs_f64() * 1e3);
        println!("{method:<34}{fresh:>8.1} ms after an edit, {again:.1} ms asked again");
    }
    server.ask("shutdown", &Json::Null);
    server.tell("exit", &Json::Null);
    let ended = server.process.wait().expect("an end");
    assert!(ended.success(), "{ended}");
}
