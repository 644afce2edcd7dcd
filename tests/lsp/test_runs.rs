//! "Run test": the command behind the lens.

use serde_json::{Value as Json, json};

use crate::editor::{Editor, codes};

const TESTS: &str = "def test_good():\n    expect(1 + 1 == 2)\n\ndef test_bad():\n    say('hi')\n    expect(1 + 1 == 3, 'sums')\n";

fn run(editor: &mut Editor, name: &Json) -> (Json, String) {
    let arguments = json!([editor.uri("a.test.calc"), name]);
    let result = editor.ask("workspace/executeCommand", &json!({ "command": "calc.runTest", "arguments": arguments }));
    let told = editor.other("window/showMessage");
    (result, told["params"]["message"].as_str().expect("text").to_owned())
}

#[test]
fn a_test_runs_and_its_failure_is_marked() {
    let mut editor = Editor::new(&[], &json!({}));
    assert_eq!(editor.abilities["executeCommandProvider"]["commands"], json!(["calc.runTest"]));
    assert_eq!(editor.open("a.test.calc", TESTS), json!([]));
    let lenses = editor.of("textDocument/codeLens", "a.test.calc");
    let command = &lenses[1]["command"];
    let result = editor.ask("workspace/executeCommand", &json!({ "command": command["command"], "arguments": command["arguments"] }));
    assert_eq!(result, json!({ "passed": 0, "failed": 1, "compiles": true }));
    let told = editor.other("window/showMessage");
    assert_eq!(told["params"], json!({ "type": 1, "message": "FAIL: test_bad: found 2, expected == 3" }));
    let found = editor.report("a.test.calc");
    assert_eq!(found[0]["range"], json!({ "start": { "line": 5, "character": 11 }, "end": { "line": 5, "character": 30 } }), "{found}");
    assert_eq!(found[0]["source"], "calc test", "{found}");
    assert!(found[0]["message"].as_str().expect("text").contains("sums"), "{found}");
    // A test that passes says nothing against one that failed before.
    let (result, told) = run(&mut editor, &json!("test_good"));
    assert_eq!((result["passed"].clone(), told.as_str()), (json!(1), "ok: test_good"));
    assert_eq!(editor.report("a.test.calc").as_array().expect("a list").len(), 1);
    let (_, told) = run(&mut editor, &Json::Null);
    assert_eq!(told, "1 passed, 1 failed: test_bad");
    let _ = editor.report("a.test.calc");
    // The text changes, and what was found is about another one. What is run is what stands in the editor.
    let uri = editor.uri("a.test.calc");
    let change = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": TESTS.replace("== 3", "== 2") }] });
    editor.tell("textDocument/didChange", &change);
    assert_eq!(editor.report("a.test.calc"), json!([]));
    let (_, told) = run(&mut editor, &Json::Null);
    assert_eq!(told, "2 passed, 0 failed");
    editor.quit();
}

#[test]
fn tests_that_cannot_run_say_why() {
    let mut editor = Editor::new(
        &[("hello.block", "---\nHello\n"), ("a.test.calc", "run_block('hello.block')\nexpect(reply() == 'Hello')\n")],
        &json!({}),
    );
    // A file that is not open, and that is one test; blocks are found beside it.
    let (_, told) = run(&mut editor, &Json::Null);
    assert_eq!(told, "ok: a.test.calc");
    let found = editor.open("a.test.calc", "def test_it():\n    expect(1 ==\n");
    assert!(codes(&found)[0].starts_with('E'), "{found}");
    let (result, told) = run(&mut editor, &json!("test_it"));
    assert_eq!((result["compiles"].clone(), told.as_str()), (json!(false), "the test file does not compile"));
    let mut other = Editor::new(&[("a.test.calc", TESTS)], &json!({}));
    let (_, told) = run(&mut other, &json!("test_none"));
    assert_eq!(told, "there is no test with this name");
    let answer = other.request("workspace/executeCommand", &json!({ "command": "calc.dance", "arguments": [] }));
    assert_eq!(answer["error"]["code"], -32602);
    other.quit();
    editor.quit();
}

#[test]
fn a_test_begins_with_the_project_of_the_folder() {
    let shop = r#"{"project": {"id": 1, "name": "Shop"}, "clients": [{"id": 7, "name": "Ann", "variables": {"city": "Perm"}}]}"#;
    let test = "def test_it():\n    run_script('a.calc')\n    expect(get_client_var(7, 'city') == 'Kazan is far')\n";
    let files = [
        ("calc.toml", "fixture = 'shop.json'\ndialect = 'mavibot'\n"),
        ("shop.json", shop),
        ("a.calc", "client.city = Kazan is far\n"),
        ("a.test.calc", test),
    ];
    let mut editor = Editor::new(&files, &json!({}));
    let (_, told) = run(&mut editor, &json!("test_it"));
    assert_eq!(told, "ok: test_it");
    editor.quit();
}

#[test]
fn the_editor_is_served_while_a_test_runs() {
    let mut editor = Editor::new(&[], &json!({}));
    // Longer than a test may take: only the end of the server ends it.
    editor.open("a.test.calc", "def test_long():\n    while True:\n        x = 1\n");
    let arguments = json!([editor.uri("a.test.calc"), "test_long"]);
    let id = json!("long");
    let params = json!({ "command": "calc.runTest", "arguments": arguments });
    editor.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "workspace/executeCommand", "params": params }));
    let lenses = editor.of("textDocument/codeLens", "a.test.calc");
    assert_eq!(lenses[0]["command"]["arguments"][1], "test_long");
    editor.quit();
}
