//! The editor server as an editor talks to it: the real binary, over its pipes.

#![cfg(feature = "cli")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// An editor with one folder.
struct Editor {
    folder: TempDir,
    server: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    next: i64,
    abilities: Json,
    /// Diagnostics that arrived while something else was waited for.
    reports: Vec<Json>,
}

impl Editor {
    fn new(files: &[(&str, &str)], capabilities: &Json) -> Self {
        Self::with(files, capabilities, &[])
    }

    fn with(files: &[(&str, &str)], capabilities: &Json, arguments: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
        command.arg("lsp").args(arguments).current_dir(folder.path()).env_remove("CALC_LANG");
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("calc runs");
        let to = server.stdin.take();
        let from = BufReader::new(server.stdout.take().expect("standard output"));
        let mut editor = Self { folder, server, to, from, next: 0, abilities: Json::Null, reports: Vec::new() };
        let result = editor.ask("initialize", &json!({ "capabilities": capabilities, "processId": null, "rootUri": null }));
        editor.abilities = result["capabilities"].clone();
        editor.tell("initialized", &json!({}));
        editor
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.path().join(name).display())
    }

    fn send(&mut self, message: &Json) {
        let text = message.to_string();
        let to = self.to.as_mut().expect("the server listens");
        write!(to, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("written");
        to.flush().expect("written");
    }

    fn receive(&mut self) -> Json {
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

    fn tell(&mut self, method: &str, params: &Json) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn request(&mut self, method: &str, params: &Json) -> Json {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id {
                return message;
            }
            self.reports.push(message["params"].clone());
        }
    }

    fn ask(&mut self, method: &str, params: &Json) -> Json {
        let answer = self.request(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Opens a file and returns its diagnostics.
    fn open(&mut self, name: &str, text: &str) -> Json {
        let uri = self.uri(name);
        let language = if name.rsplit('.').next() == Some("block") { "calc-block" } else { "calc" };
        self.tell("textDocument/didOpen", &json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } }));
        self.report(name)
    }

    /// The next diagnostics of a file.
    fn report(&mut self, name: &str) -> Json {
        let uri = self.uri(name);
        loop {
            if let Some(index) = self.reports.iter().position(|report| report["uri"] == uri.as_str()) {
                return self.reports.remove(index)["diagnostics"].clone();
            }
            let message = self.receive();
            self.reports.push(message["params"].clone());
        }
    }

    fn at(&mut self, method: &str, name: &str, line: u32, character: u32) -> Json {
        let uri = self.uri(name);
        self.ask(method, &json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } }))
    }

    fn of(&mut self, method: &str, name: &str) -> Json {
        let uri = self.uri(name);
        self.ask(method, &json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 4, "insertSpaces": true }, "range": whole() }))
    }

    /// Says goodbye; the server ends well.
    fn quit(mut self) {
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

fn whole() -> Json {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } })
}

fn codes(diagnostics: &Json) -> Vec<&str> {
    diagnostics.as_array().expect("a list").iter().map(|found| found["code"].as_str().expect("a code")).collect()
}

fn labels(items: &Json) -> Vec<&str> {
    items.as_array().expect("a list").iter().map(|item| item["label"].as_str().expect("a label")).collect()
}

#[test]
fn diagnostics_follow_the_text() {
    let mut editor = Editor::new(&[("1.calc", "city = question\n")], &json!({}));
    assert_eq!(editor.abilities["positionEncoding"], "utf-16");
    // A variable that another file of the folder sets is known.
    let found = editor.open("2.calc", "'🙂' + x = (\nwhere = city\n");
    assert!(codes(&found).contains(&"E0205"), "{found}");
    assert_eq!(found.as_array().expect("a list").last().expect("one")["range"]["start"], json!({ "line": 0, "character": 11 }), "{found}");
    let uri = editor.uri("2.calc");
    let range = json!({ "start": { "line": 0, "character": 5 }, "end": { "line": 0, "character": 12 } });
    let change = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "range": range, "text": "+ 'x'" }] });
    editor.tell("textDocument/didChange", &change);
    assert_eq!(codes(&editor.report("2.calc")), ["W0601"]);
    editor.tell("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    assert_eq!(editor.report("2.calc"), json!([]));
    editor.quit();
}

#[test]
fn bytes_when_the_client_offers_them() {
    let mut editor = Editor::new(&[], &json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } }));
    assert_eq!(editor.abilities["positionEncoding"], "utf-8");
    let found = editor.open("a.calc", "город = Пермь\n");
    assert_eq!(found[0]["range"], json!({ "start": { "line": 0, "character": 13 }, "end": { "line": 0, "character": 23 } }));
    editor.quit();
}

#[test]
fn hover_signature_and_completion() {
    let fixture =
        r#"{"project": {"id": 1, "name": "Shop"}, "pipelines": [{"id": 2, "name": "Sales", "stages": [{"id": 31, "name": "New"}]}]}"#;
    let mut editor = Editor::with(&[("shop.json", fixture)], &json!({}), &["--fixture", "shop.json"]);
    editor.open("a.calc", "total = round(1.5)\ntext = 'now #{total}'\nchange_state(\nx = 'a'\n");
    let hover = editor.at("textDocument/hover", "a.calc", 0, 10);
    assert!(hover["contents"]["value"].as_str().expect("text").contains("round("), "{hover}");
    let hover = editor.at("textDocument/hover", "a.calc", 1, 15);
    assert!(hover["contents"]["value"].as_str().expect("text").contains("a.calc:1 `total = round(1.5)`"), "{hover}");
    let help = editor.at("textDocument/signatureHelp", "a.calc", 0, 14);
    assert_eq!(help["activeParameter"], 0, "{help}");
    assert!(help["signatures"][0]["label"].as_str().expect("text").starts_with("round("), "{help}");
    let items = editor.at("textDocument/completion", "a.calc", 1, 15);
    assert!(labels(&items).contains(&"total") && labels(&items).contains(&"len") && labels(&items).contains(&"client_id"), "{items}");
    assert_eq!(editor.at("textDocument/completion", "a.calc", 1, 10), json!([]));
    let items = editor.at("textDocument/completion", "a.calc", 2, 13);
    assert!(labels(&items).contains(&"31") && labels(&items).contains(&"state_id="), "{items}");
    editor.quit();
}

#[test]
fn names_across_files_and_placeholders() {
    let second = "size = total + 1\n---\nIn all: #{total}\n";
    let mut editor = Editor::new(&[("2.block", second)], &json!({}));
    editor.open("1.calc", "def add(a):\n    sum = a\n    return sum\n\nclient.total = add(2)\nx = 'is #{total}'\n");
    let definition = editor.at("textDocument/definition", "1.calc", 5, 12);
    assert_eq!(definition[0]["range"]["start"], json!({ "line": 4, "character": 7 }), "{definition}");
    let uri = editor.uri("1.calc");
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": 5, "character": 12 } });
    let mut params = place.clone();
    params["context"] = json!({ "includeDeclaration": true });
    let references = editor.ask("textDocument/references", &params);
    assert_eq!(references.as_array().expect("a list").len(), 4, "{references}");
    let mut params = place;
    params["newName"] = json!("итог");
    let edit = editor.ask("textDocument/rename", &params);
    assert_eq!(edit["changes"][editor.uri("1.calc")].as_array().expect("edits").len(), 2, "{edit}");
    let edits = &edit["changes"][editor.uri("2.block")];
    assert_eq!(edits[1]["range"]["start"], json!({ "line": 2, "character": 10 }), "{edit}");
    params["newName"] = json!("while");
    assert_eq!(editor.request("textDocument/rename", &params)["error"]["code"], -32602);
    // A name of a function stays in it.
    let range = editor.at("textDocument/prepareRename", "1.calc", 2, 12);
    assert_eq!(range["placeholder"], "sum", "{range}");
    let symbols = editor.of("textDocument/documentSymbol", "1.calc");
    let names: Vec<&str> = symbols.as_array().expect("a list").iter().map(|symbol| symbol["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["add", "total", "x"]);
    let symbols = editor.ask("workspace/symbol", &json!({ "query": "siz" }));
    assert_eq!(symbols[0]["name"], "size", "{symbols}");
    editor.quit();
}

#[test]
fn what_is_shown_beside_the_text() {
    let mut editor = Editor::new(&[], &json!({}));
    let text = "# why\nif name:\n    x = 'a #{name}'\n    create_order('Mugs', 900)\n";
    editor.open("a.calc", text);
    let folds = editor.of("textDocument/foldingRange", "a.calc");
    assert_eq!((&folds[0]["startLine"], &folds[0]["endLine"]), (&json!(1), &json!(3)), "{folds}");
    let hints = editor.of("textDocument/inlayHint", "a.calc");
    assert_eq!(labels(&hints), ["name=", "budget="]);
    let tokens = editor.of("textDocument/semanticTokens/full", "a.calc");
    let data: Vec<u64> = tokens["data"].as_array().expect("numbers").iter().map(|number| number.as_u64().expect("a number")).collect();
    // A comment, then `if` as a keyword and `name` as a variable.
    assert_eq!(data[..15], [0, 0, 5, 0, 0, 1, 0, 2, 1, 0, 0, 3, 4, 6, 0]);
    let lenses = editor.of("textDocument/codeLens", "a.calc");
    assert_eq!(lenses, json!([]));
    editor.open("b.test.calc", "def test_one():\n    pass\n");
    let lenses = editor.of("textDocument/codeLens", "b.test.calc");
    assert_eq!(lenses[0]["command"]["arguments"][1], "test_one", "{lenses}");
    editor.quit();
}

#[test]
fn quick_fixes_and_formatting() {
    let mut editor = Editor::new(&[], &json!({}));
    editor.open("a.block", "x=Kazan\n---\nHello,  #{x}");
    let uri = editor.uri("a.block");
    let params = json!({ "textDocument": { "uri": uri }, "range": whole(), "context": { "diagnostics": [] } });
    let actions = editor.ask("textDocument/codeAction", &params);
    assert_eq!(actions[0]["edit"]["changes"][&uri][0]["newText"], "'Kazan'", "{actions}");
    let edits = editor.of("textDocument/formatting", "a.block");
    assert_eq!(edits[0]["newText"], "x = Kazan\n---\nHello,  #{x}", "{edits}");
    editor.open("b.calc", "x = (");
    assert_eq!(editor.of("textDocument/formatting", "b.calc"), Json::Null);
    assert_eq!(editor.request("textDocument/nothing", &json!({}))["error"]["code"], -32601);
    editor.quit();
}

/// The words of a file with their classes.
fn colors(editor: &mut Editor, name: &str, text: &str) -> Vec<(String, String)> {
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

#[test]
fn text_has_colors_while_it_does_not_parse_and_inside_placeholders() {
    let mut editor = Editor::new(&[], &json!({}));
    let found = colors(&mut editor, "a.calc", "x = = 'a # b' # c\ny = '🙂 #{len('q') + 1} z'\n");
    let shown: Vec<String> = found.iter().map(|(word, class)| format!("{word} {class}")).collect();
    let expected = "x variable|= operator|= operator|'a # b' string|# c comment|y variable|= operator|'🙂  string|len function|'q' string|+ operator|1 number| z' string";
    // The first line has no names while it does not parse.
    assert_eq!(shown.join("|").trim_start_matches("x variable|"), expected.trim_start_matches("x variable|"));
    let found = colors(&mut editor, "b.block", "x = 1\n---\nIt's # #{x + 2} 'no'\n");
    let shown: Vec<String> = found.iter().map(|(word, class)| format!("{word} {class}")).collect();
    assert_eq!(shown.join("|"), "x variable|= operator|1 number|x variable|+ operator|2 number");
    let found = colors(&mut editor, "c.calc", "get_client_var(101, 'city')\n");
    assert!(found.contains(&("city".to_owned(), "variable".to_owned())), "{found:?}");
    editor.quit();
}
