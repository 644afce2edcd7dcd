//! What an author is helped with while typing.

use serde_json::{Value as Json, json};

use crate::editor::{Editor, codes, colors, labels, whole};

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

/// Functions that need a host have a page; what cannot be called here is not offered.
#[test]
fn functions_of_the_platform() {
    let mut editor = Editor::new(&[], &json!({}));
    editor.open("a.calc", "x = tg_send_message(1)\n");
    let hover = editor.at("textDocument/hover", "a.calc", 0, 8);
    assert!(hover["contents"]["value"].as_str().expect("text").contains("an outside service (Telegram)"), "{hover}");
    let items = editor.at("textDocument/completion", "a.calc", 0, 6);
    assert!(!labels(&items).iter().any(|label| label.starts_with("tg_send")), "{items}");
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
    // What is not a name, or one that something else has.
    for name in ["while", "a b", "", "size", "client_id"] {
        params["newName"] = json!(name);
        assert_eq!(editor.request("textDocument/rename", &params)["error"]["code"], -32602, "{name}");
    }
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
    let folded =
        "if x:\n    y = 1\n    z = 2\nelif y:\n    pass\nelse: # a: b\n    for i in [1]:\n        pass\nd = [\n    1,\n]\n/* a\nb */\n";
    editor.open("folds.calc", folded);
    let folds = editor.of("textDocument/foldingRange", "folds.calc");
    let lines = |fold: &Json| (fold["startLine"].as_u64().expect("a line"), fold["endLine"].as_u64().expect("a line"));
    let mut found: Vec<(u64, u64)> = folds.as_array().expect("a list").iter().map(lines).collect();
    found.sort_unstable();
    assert_eq!(found, [(0, 2), (3, 4), (5, 7), (6, 7), (8, 10), (11, 12)]);
    let text = "# why\nif name:\n    x = 'a #{name}'\n    create_order('Mugs', 900)\n";
    editor.open("a.calc", text);
    let folds = editor.of("textDocument/foldingRange", "a.calc");
    assert_eq!((&folds[0]["startLine"], &folds[0]["endLine"]), (&json!(1), &json!(3)), "{folds}");
    let hints = editor.of("textDocument/inlayHint", "a.calc");
    assert_eq!(labels(&hints), ["name=", "budget="]);
    let first_lines = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 2, "character": 0 } });
    let params = json!({ "textDocument": { "uri": editor.uri("a.calc") }, "range": first_lines });
    assert_eq!(editor.ask("textDocument/inlayHint", &params), json!([]));
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
    // Only lines that change.
    let first_line = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 0 } });
    assert_eq!(edits, json!([{ "range": first_line, "newText": "x = Kazan\n" }]));
    let mut all = params;
    all["context"]["only"] = json!(["source"]);
    let actions = editor.ask("textDocument/codeAction", &all);
    assert_eq!(actions[0]["kind"], "source.fixAll", "{actions}");
    assert_eq!(actions[0]["edit"]["changes"][&uri][0]["newText"], "x='Kazan'\n", "{actions}");
    editor.open("b.calc", "x = (");
    assert_eq!(editor.of("textDocument/formatting", "b.calc"), Json::Null);
    assert_eq!(editor.request("textDocument/nothing", &json!({}))["error"]["code"], -32601);
    editor.quit();
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
