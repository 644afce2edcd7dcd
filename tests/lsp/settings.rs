//! What holds for a file: the command line, the editor's settings, `calc.toml`.

use serde_json::json;

use crate::editor::{Editor, codes, labels};

const SHOP: &str = r#"{"project": {"id": 1, "name": "Shop", "variables": {"currency": "rub"}},
 "operators": [{"email": "olga@example.com", "name": "Olga"}],
 "pipelines": [{"id": 2, "name": "Sales", "stages": [{"id": 31, "name": "New"}]}],
 "clients": [{"id": 101, "name": "Ann", "variables": {"city": "Perm"}, "visits": [{"block": 7}]}],
 "deals": [{"id": 501, "client": 101, "name": "Mugs", "stage": 31}]}"#;

/// A client that is asked for its settings and registers what the server wants to hear of.
fn asked() -> serde_json::Value {
    json!({ "workspace": {
        "configuration": true,
        "didChangeConfiguration": { "dynamicRegistration": true },
        "didChangeWatchedFiles": { "dynamicRegistration": true },
    } })
}

#[test]
fn the_file_of_the_folder_says_dialect_language_fixture_and_lints() {
    let files = [
        ("calc.toml", "dialect = 'mavibot'\nlang = 'ru'\nfixture = 'shop.json'\n[lint]\nignore = ['W0601']\ndeny = ['W09']\n"),
        ("shop.json", SHOP),
    ];
    let mut editor = Editor::new(&files, &json!({}));
    // In strict this is an error; in mavibot text, of which the folder does not want to be warned.
    let found = editor.open("a.calc", "x = Hello my friend\ncity = city + currency\nchange_state(32)\n");
    let errors: Vec<_> = found.as_array().expect("a list").iter().filter(|found| found["severity"] == 1).collect();
    assert_eq!(errors.len(), 1, "{found}");
    assert_eq!(errors[0]["code"], "W0907", "{found}");
    assert!(errors[0]["message"].as_str().expect("text").chars().any(|letter| ('а'..='я').contains(&letter)), "{found}");
    assert!(!codes(&found).contains(&"W0601"), "{found}");
    // The file changes; the editor says so.
    let path = editor.folder.path().join("calc.toml");
    std::fs::write(&path, "lint = { select = ['W0601'] }\n").expect("written");
    editor.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [{ "uri": editor.uri("calc.toml"), "type": 2 }] }));
    let found = editor.report("a.calc");
    assert!(codes(&found).iter().all(|code| code.starts_with('E')), "{found}");
    editor.quit();
}

#[test]
fn a_wrong_file_is_told_and_nothing_stops() {
    let mut editor = Editor::new(&[("calc.toml", "dialekt = 'strict'\n")], &json!({}));
    let found = editor.open("a.calc", "x = (\n");
    assert_eq!(codes(&found), ["E0205"], "{found}");
    let told = editor.other("window/showMessage");
    assert!(told["params"]["message"].as_str().expect("text").contains("did you mean `dialect`"), "{told}");
    std::fs::write(editor.folder.path().join("calc.toml"), "fixture = 'nowhere.json'\n").expect("written");
    editor.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
    let told = editor.other("window/showMessage");
    assert!(told["params"]["message"].as_str().expect("text").contains("nowhere.json"), "{told}");
    editor.quit();
}

#[test]
fn settings_of_the_editor_win_over_the_file_and_may_change() {
    let files = [("calc.toml", "dialect = 'mavibot'\n"), ("shop.json", SHOP)];
    let mut editor = Editor::with_options(&files, &json!({}), &[], &json!({ "calc": { "dialect": "strict", "path": "calc" } }));
    let found = editor.open("a.calc", "x = Hello my friend\n");
    assert!(codes(&found)[0].starts_with('E'), "{found}");
    editor.tell("workspace/didChangeConfiguration", &json!({ "settings": { "calc": { "dialect": null, "fixture": "shop.json" } } }));
    let found = editor.report("a.calc");
    assert!(codes(&found).iter().all(|code| code.starts_with('W')), "{found}");
    editor.tell("workspace/didChangeConfiguration", &json!({ "settings": { "calc": { "dialect": "russian" } } }));
    let told = editor.other("window/showMessage");
    assert!(told["params"]["message"].as_str().expect("text").contains("the dialects are strict and mavibot"), "{told}");
    editor.quit();
    // What the command line says wins over both.
    let options = json!({ "dialect": "strict" });
    let mut editor = Editor::with_options(&[], &json!({}), &["--dialect", "mavibot"], &options);
    let found = editor.open("a.calc", "x = Hello my friend\n");
    assert!(codes(&found).iter().all(|code| code.starts_with('W')), "{found}");
    editor.quit();
}

#[test]
fn an_editor_that_is_asked_for_its_settings_answers() {
    let mut editor = Editor::new(&[], &asked());
    let registration = editor.other("client/registerCapability");
    let methods: Vec<_> =
        registration["params"]["registrations"].as_array().expect("a list").iter().map(|one| one["method"].as_str()).collect();
    assert_eq!(methods, [Some("workspace/didChangeConfiguration"), Some("workspace/didChangeWatchedFiles")]);
    let question = editor.other("workspace/configuration");
    assert_eq!(question["params"]["items"], json!([{ "section": "calc" }]));
    editor.open("a.calc", "x = Hello my friend\n");
    editor.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": [{ "dialect": "mavibot", "lint": { "ignore": null } }] }));
    let found = editor.report("a.calc");
    assert!(codes(&found).iter().all(|code| code.starts_with('W')), "{found}");
    // News without the settings are followed by a question.
    editor.tell("workspace/didChangeConfiguration", &json!({ "settings": null }));
    let question = editor.other("workspace/configuration");
    editor.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": [null] }));
    editor.quit();
}

#[test]
fn ids_and_variables_of_the_fixture() {
    let mut editor = Editor::new(&[("calc.toml", "fixture = 'shop.json'\n"), ("shop.json", SHOP)], &json!({}));
    let text = "change_state(31)\nget_client_var(101, 'ci')\nassign_to_user('olga')\nwas_in_state(7)\nx = currency\nget_order_var(501, \"city\")\n";
    editor.open("a.calc", text);
    let hover = editor.at("textDocument/hover", "a.calc", 0, 14);
    assert_eq!(hover["contents"]["value"], "`31`: Sales / New", "{hover}");
    let items = editor.at("textDocument/completion", "a.calc", 0, 13);
    assert_eq!(labels(&items)[0], "31", "{items}");
    let items = editor.at("textDocument/completion", "a.calc", 1, 23);
    assert_eq!(labels(&items), ["city", "currency", "x"], "{items}");
    assert_eq!(items[0]["textEdit"]["range"]["start"]["character"], 21, "{items}");
    let items = editor.at("textDocument/completion", "a.calc", 2, 20);
    assert_eq!(labels(&items), ["olga@example.com"], "{items}");
    std::fs::write(editor.folder.path().join("12-hello.block"), "---\nHello\n").expect("written");
    let items = editor.at("textDocument/completion", "a.calc", 3, 13);
    assert!(labels(&items).contains(&"7") && labels(&items).contains(&"12"), "{items}");
    let hover = editor.at("textDocument/hover", "a.calc", 4, 6);
    assert!(hover["contents"]["value"].as_str().expect("text").contains("of the project: \"rub\""), "{hover}");
    let hover = editor.at("textDocument/hover", "a.calc", 5, 16);
    assert_eq!(hover["contents"]["value"], "`501`: Mugs", "{hover}");
    editor.quit();
}

#[test]
fn one_folder_is_one_bot_and_a_test_file_is_none_of_it() {
    let files =
        [("1.calc", "city = question\n"), ("2.test.calc", "town = 'Perm'\n\ndef test_it():\n    say(town)\n    expect(reply() == None)\n")];
    let mut editor = Editor::new(&files, &json!({}));
    let found = editor.open("3.calc", "where = city\nthere = town\n");
    assert_eq!(codes(&found), ["W0607"], "{found}");
    // The functions of tests are known in a test file.
    let found = editor.open("2.test.calc", files[1].1);
    assert_eq!(found, json!([]));
    let hover = editor.at("textDocument/hover", "2.test.calc", 3, 5);
    assert!(hover["contents"]["value"].as_str().expect("text").contains("say("), "{hover}");
    let items = editor.at("textDocument/completion", "2.test.calc", 3, 4);
    assert!(labels(&items).contains(&"expect"), "{items}");
    editor.quit();
}
