//! Odd documents and odd editors: nothing of it stops the server or puts a place where it is not.

use serde_json::{Value as Json, json};

use crate::editor::{Editor, codes, labels, whole};

fn position(line: u32, character: u32) -> Json {
    json!({ "line": line, "character": character })
}

fn range(start: (u32, u32), end: (u32, u32)) -> Json {
    json!({ "start": position(start.0, start.1), "end": position(end.0, end.1) })
}

fn change(editor: &mut Editor, name: &str, changes: &Json) -> Json {
    let uri = editor.uri(name);
    editor.tell("textDocument/didChange", &json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": changes }));
    editor.report(name)
}

/// Asks everything that can be asked about every place of a few lines.
fn ask_everything(editor: &mut Editor, name: &str) {
    for method in ["documentSymbol", "foldingRange", "semanticTokens/full", "inlayHint", "codeLens", "formatting"] {
        editor.of(&format!("textDocument/{method}"), name);
    }
    for line in 0..3 {
        for character in [0, 3, 8, 1000] {
            for method in ["hover", "completion", "signatureHelp", "definition", "documentHighlight", "prepareRename"] {
                editor.at(&format!("textDocument/{method}"), name, line, character);
            }
        }
    }
    let uri = editor.uri(name);
    let params = json!({ "textDocument": { "uri": uri }, "range": whole(), "context": { "diagnostics": [] } });
    editor.ask("textDocument/codeAction", &params);
}

#[test]
fn odd_documents_are_served() {
    let mut editor = Editor::new(&[], &json!({}));
    let documents = [
        "",
        "\n",
        "\u{feff}",
        "\u{feff}x = 1\r\ny = x\r\n",
        "x = 1\ry = x\rz = (",
        "город = '🙂 #{город} 🙂'\nдом = город + \"🏠\"",
        "x = '#{",
        "x = '''#{(\n",
        "/* open",
        "x = 'a\\",
        "def f(\n",
        "if x:\n",
        "#{q#{i}} = #{",
        "\0\u{1}\u{202e}",
        "---\n---\n#{x\n",
        "f(f(f(f(f(f(",
        "}}}}))))]]]]",
        "x = [\n1,\n2\n# c\n]\n\tif y:\n  pass",
    ];
    for (number, text) in documents.iter().enumerate() {
        for name in [format!("{number}.calc"), format!("{number}.block"), format!("{number}.test.calc")] {
            editor.open(&name, text);
            ask_everything(&mut editor, &name);
            let uri = editor.uri(&name);
            editor.tell("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
            assert_eq!(editor.report(&name), json!([]));
        }
    }
    editor.quit();
}

#[test]
fn lines_that_end_in_two_characters_or_in_a_lone_return() {
    let mut editor = Editor::new(&[], &json!({}));
    let found = editor.open("a.calc", "\u{feff}x = 1\r\ny = (\r\n");
    assert_eq!(found[0]["range"]["start"]["line"], 1, "{found}");
    // Past the end of a line is before its end.
    let found = change(&mut editor, "a.calc", &json!([{ "range": range((1, 4), (1, 99)), "text": "2" }]));
    assert_eq!(found, json!([]));
    let edits = editor.of("textDocument/formatting", "a.calc");
    assert_eq!(edits, json!([]), "line ends stay");
    let found = editor.open("b.calc", "x = 1\rif y:\r");
    assert_eq!(found[0]["range"]["start"]["line"], 1, "{found}");
    editor.quit();
}

#[test]
fn edits_beside_and_inside_of_wide_characters() {
    let mut editor = Editor::new(&[], &json!({}));
    editor.open("a.calc", "x = '🙂🙂'\n");
    // Between the two smileys, and over the second.
    let changes = json!([{ "range": range((0, 7), (0, 7)), "text": "#{y}" }, { "range": range((0, 11), (0, 13)), "text": "" }]);
    change(&mut editor, "a.calc", &changes);
    let hover = editor.at("textDocument/hover", "a.calc", 0, 9);
    assert!(hover["contents"]["value"].as_str().expect("text").starts_with("`y`"), "{hover}");
    assert_eq!(hover["range"], range((0, 9), (0, 10)));
    // In the middle of one: its beginning is meant.
    change(&mut editor, "a.calc", &json!([{ "range": range((0, 6), (0, 6)), "text": "#{z}" }]));
    let hover = editor.at("textDocument/hover", "a.calc", 0, 7);
    assert!(hover["contents"]["value"].as_str().expect("text").starts_with("`z`"), "{hover}");
    // A range that goes backwards, or beyond everything.
    change(
        &mut editor,
        "a.calc",
        &json!([{ "range": range((0, 5), (0, 2)), "text": "" }, { "range": range((7, 7), (9, 9)), "text": "a = 1\n" }]),
    );
    let symbols = editor.of("textDocument/documentSymbol", "a.calc");
    assert_eq!(symbols.as_array().expect("a list").last().expect("one")["name"], "a", "{symbols}");
    editor.quit();
}

#[test]
fn documents_that_are_closed_and_requests_that_mean_nothing() {
    let mut editor = Editor::new(&[], &json!({}));
    editor.open("a.calc", "x = 1\n");
    let uri = editor.uri("a.calc");
    editor.tell("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    editor.report("a.calc");
    for method in ["hover", "completion", "definition"] {
        assert_eq!(editor.at(&format!("textDocument/{method}"), "a.calc", 0, 0), Json::Null);
    }
    assert_eq!(editor.of("textDocument/formatting", "a.calc"), Json::Null);
    editor.tell("textDocument/didChange", &json!({ "textDocument": { "uri": uri, "version": 3 }, "contentChanges": [{ "text": "y" }] }));
    editor.tell("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    editor.tell("textDocument/didSave", &json!({ "textDocument": { "uri": uri } }));
    editor.tell("calc/nothing", &json!({ "x": [] }));
    editor.tell("textDocument/didOpen", &json!("nothing"));
    assert_eq!(editor.request("textDocument/nothing", &json!({}))["error"]["code"], -32601);
    assert_eq!(editor.request("textDocument/hover", &json!({ "x": 1 }))["error"]["code"], -32602);
    assert_eq!(editor.request("textDocument/rename", &json!({}))["error"]["code"], -32602);
    assert_eq!(editor.request("textDocument/codeAction", &Json::Null)["error"]["code"], -32602);
    // A text without a file.
    let untitled = "untitled:Untitled-1";
    let document = json!({ "uri": untitled, "languageId": "calc-block", "version": 1, "text": "x = 1\n---\n#{x}" });
    editor.tell("textDocument/didOpen", &json!({ "textDocument": document }));
    let place = json!({ "textDocument": { "uri": untitled }, "position": position(2, 2) });
    let hover = editor.ask("textDocument/hover", &place);
    assert!(hover["contents"]["value"].as_str().expect("text").contains("x = 1"), "{hover}");
    editor.quit();
}

#[test]
fn a_request_that_is_taken_back_is_answered_once() {
    let mut editor = Editor::new(&[], &json!({}));
    editor.open("a.calc", &"x = len('a') + 1\n".repeat(2_000));
    let uri = editor.uri("a.calc");
    let place = json!({ "textDocument": { "uri": uri }, "position": position(0, 5) });
    // In one write, so that most likely all of it is there when the second is begun; else it is answered.
    let messages = [
        json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": { "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "range": range((0, 0), (0, 0)), "text": " " }] } }),
        json!({ "jsonrpc": "2.0", "id": "first", "method": "textDocument/semanticTokens/full", "params": { "textDocument": { "uri": uri } } }),
        json!({ "jsonrpc": "2.0", "id": "second", "method": "textDocument/hover", "params": place }),
        json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": "second" } }),
        json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": "unknown" } }),
    ];
    let text: String = messages
        .iter()
        .map(|message| {
            let text = message.to_string();
            format!("Content-Length: {}\r\n\r\n{text}", text.len())
        })
        .collect();
    editor.write(&text);
    let first = editor.answer_to(&json!("first"));
    assert!(first["result"]["data"].is_array(), "{first}");
    let second = editor.answer_to(&json!("second"));
    assert!(second["error"]["code"] == -32800 || second["result"]["contents"].is_object(), "{second}");
    let uri = editor.uri("a.calc");
    assert_eq!(editor.ask("textDocument/codeLens", &json!({ "textDocument": { "uri": uri } })), json!([]), "nothing is answered twice");
    assert_eq!(editor.others, Vec::<Json>::new());
    editor.quit();
}

#[test]
fn an_editor_that_leaves_without_a_goodbye() {
    let mut editor = Editor::new(&[], &json!({}));
    editor.tell("exit", &Json::Null);
    assert_eq!(editor.ended(), Some(1));
    let mut editor = Editor::new(&[], &json!({}));
    editor.ask("shutdown", &Json::Null);
    assert_eq!(editor.request("workspace/symbol", &json!({ "query": "" }))["error"]["code"], -32600);
    editor.tell("exit", &Json::Null);
    assert_eq!(editor.ended(), Some(0));
    // Its end of the pipe is closed.
    let mut editor = Editor::new(&[], &json!({}));
    editor.ask("shutdown", &Json::Null);
    editor.close();
    assert_eq!(editor.ended(), Some(0));
    let mut editor = Editor::new(&[], &json!({}));
    editor.write("Content-Length: 4\r\n\r\n{\"a}");
    editor.close();
    assert_eq!(editor.ended(), Some(2));
}

#[test]
fn a_file_of_five_thousand_lines() {
    let mut editor = Editor::new(&[], &json!({}));
    let mut text: String = (0..2_500).map(|number| format!("v{number} = {number}\nw{number} = 'is #{{v{number}}}'\n")).collect();
    text.push_str("last = (\n");
    let found = editor.open("a.calc", &text);
    assert_eq!(found[0]["range"]["start"]["line"], 5_000, "{found}");
    let definition = editor.at("textDocument/definition", "a.calc", 4_999, 14);
    assert_eq!(definition[0]["range"]["start"], position(4_998, 0), "{definition}");
    let items = editor.at("textDocument/completion", "a.calc", 4_999, 14);
    assert!(labels(&items).contains(&"v2499"), "all variables are offered");
    let found = change(&mut editor, "a.calc", &json!([{ "range": range((5_000, 7), (5_000, 8)), "text": "w1" }]));
    assert!(codes(&found).is_empty(), "{found}");
    editor.quit();
}

#[test]
fn names_of_files_that_a_uri_writes_otherwise() {
    // The same file as the editor writes it and as the server would: with escapes for every letter, or without.
    let mut editor = Editor::new(&[("город 1.calc", "город = question\n"), ("дом.calc", "дом = 1\n")], &json!({}));
    let folder = editor.uri("");
    let uri = format!("{folder}%D0%B3%D0%BE%D1%80%D0%BE%D0%B4%201.calc");
    let text = "город = question\nгде = дом\nнет = улица\n";
    editor.tell("textDocument/didOpen", &json!({ "textDocument": { "uri": uri, "languageId": "calc", "version": 1, "text": text } }));
    let place = json!({ "textDocument": { "uri": uri }, "position": position(1, 6) });
    let definition = editor.ask("textDocument/definition", &place);
    assert_eq!(definition.as_array().expect("a list").len(), 1, "{definition}");
    let found = definition[0]["uri"].as_str().expect("an address");
    assert!(found.ends_with("%D0%B4%D0%BE%D0%BC.calc"), "{found}");
    // The open file is not there a second time from the disk.
    let place = json!({ "textDocument": { "uri": uri }, "position": position(0, 1), "context": { "includeDeclaration": true } });
    let references = editor.ask("textDocument/references", &place);
    assert_eq!(references.as_array().expect("a list").len(), 1, "{references}");
    assert_eq!(references[0]["uri"], uri.as_str());
    // Opened once more, as some editors do after a crash of their own.
    editor.tell("textDocument/didOpen", &json!({ "textDocument": { "uri": uri, "languageId": "calc", "version": 1, "text": "x = 1\n" } }));
    let symbols = editor.ask("textDocument/documentSymbol", &json!({ "textDocument": { "uri": uri } }));
    assert_eq!(symbols[0]["name"], "x", "{symbols}");
    editor.quit();
}
