//! What docs/editors.md and the extension for VS Code promise is there.

use serde_json::{Value as Json, json};

use crate::editor::{Editor, codes};

fn page(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).expect("the file")
}

/// The first fence of a language after a heading.
fn fence<'p>(page: &'p str, heading: &str, language: &str) -> &'p str {
    let section = page.split(&format!("\n## {heading}\n")).nth(1).expect("the section");
    let fence = section.split(&format!("\n```{language}\n")).nth(1).expect("the fence");
    fence.split("\n```").next().expect("its end")
}

#[test]
fn the_configuration_of_helix_serves_both_languages() {
    let page = page("docs/editors.md");
    let helix: toml::Table = fence(&page, "Helix", "toml").parse().expect("TOML");
    let server = &helix["language-server"]["calc"];
    assert_eq!(server["command"].as_str(), Some("calc"));
    let arguments: Vec<&str> = server["args"].as_array().expect("a list").iter().map(|one| one.as_str().expect("text")).collect();
    let config = serde_json::to_value(&server["config"]).expect("JSON");
    assert_eq!(arguments[0], "lsp");
    let mut editor = Editor::with_options(&[], &json!({}), &arguments[1..], &config);
    for language in helix["language"].as_array().expect("a list") {
        let id = language.get("language-id").or(language.get("name")).and_then(toml::Value::as_str).expect("an id");
        let ending = language["file-types"][0].as_str().expect("an ending");
        // In a calculator `---` is not a line of its own.
        let uri = editor.uri(&format!("a.{ending}"));
        let document = json!({ "uri": uri, "languageId": id, "version": 1, "text": "x = 1\n---\n#{x}" });
        editor.tell("textDocument/didOpen", &json!({ "textDocument": document }));
        let found = editor.report(&format!("a.{ending}"));
        assert_eq!(codes(&found).is_empty(), id == "calc-block", "{id}: {found}");
    }
    editor.quit();
}

#[test]
fn the_other_editors_start_the_same_server() {
    let page = page("docs/editors.md");
    let neovim = fence(&page, "Neovim", "lua");
    assert!(neovim.contains("cmd = { 'calc', 'lsp' }") && neovim.contains("{ 'calc', 'calc-block' }"), "{neovim}");
    let zed: toml::Table = fence(&page, "Zed", "toml").parse().expect("TOML");
    let ids: Vec<&str> =
        zed["language_servers"]["calc"]["language_ids"].as_table().expect("a table").values().filter_map(toml::Value::as_str).collect();
    assert_eq!(ids, ["calc", "calc-block"]);
    assert!(fence(&page, "Zed", "rust").contains("vec![\"lsp\".to_owned()]"));
    let settings: Json = serde_json::from_str(fence(&page, "Zed", "json")).expect("JSON");
    assert!(settings["lsp"]["calc"]["settings"].is_object());
}

#[test]
fn settings_of_the_extension_are_those_of_the_server() {
    let manifest: Json = serde_json::from_str(&page("editors/vscode/package.json")).expect("JSON");
    let editors = page("docs/editors.md");
    let properties = manifest["contributes"]["configuration"]["properties"].as_object().expect("settings");
    // These are for the client.
    let of_client = ["calc.path", "calc.arguments", "calc.trace.server"];
    let names: Vec<&str> = properties.keys().map(String::as_str).filter(|name| !of_client.contains(name)).collect();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        assert!(editors.contains(&format!("`{name}`")), "{name} is in docs/editors.md");
        // A value of a wrong kind is told only when the name means something.
        let options = name.split('.').rev().fold(json!(5), |value, part| json!({ part: value }));
        let mut editor = Editor::with_options(&[], &json!({}), &[], &options);
        let told = editor.other("window/showMessage");
        assert!(told["params"]["message"].as_str().expect("text").contains("settings under `calc.`"), "{name}: {told}");
        editor.quit();
    }
    let languages = manifest["contributes"]["languages"].as_array().expect("a list").iter();
    let ids: Vec<&str> = languages.filter_map(|language| language["id"].as_str()).collect();
    assert_eq!(ids, ["calc", "calc-block"]);
}
