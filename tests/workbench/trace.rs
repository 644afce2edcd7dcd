//! `calc run --trace`: statements, what they read, their results and effects, on standard error.

use std::process::Command;

use serde_json::{Value as Json, json};

#[test]
fn each_statement_is_shown_with_what_it_reads_and_does() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let script = "_a = 2; x = twice(_a) # why\ndef twice(n): return n * 2\nif x > 3:\n    y = 'v #{x}'\ndeal = create_order(y, budget=x)\nw = 1 / 0\nz = 1\n";
    std::fs::write(folder.path().join("a.calc"), script).expect("written");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
        command.current_dir(folder.path()).args(["run", "a.calc", "-q"]).args(arguments).env_remove("CALC_DB").env("CALC_LANG", "en");
        let output = command.output().expect("it runs");
        (String::from_utf8(output.stdout).expect("text"), String::from_utf8(output.stderr).expect("text"))
    };
    let (out, traced) = run(&["--trace=json", "--format", "json"]);
    let lines: Vec<Json> = traced.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let statements: Vec<&str> = lines.iter().filter_map(|line| line["statement"].as_str()).collect();
    let expected =
        ["_a = 2", "x = twice(_a)", "return n * 2", "if x > 3:", "y = 'v #{x}'", "deal = create_order(y, budget=x)", "w = 1 / 0"];
    assert_eq!(statements, expected);
    assert_eq!((&lines[1]["line"], &lines[1]["column"], &lines[1]["result"]), (&json!(1), &json!(9), &json!(4)));
    assert_eq!((&lines[1]["reads"], &lines[2]["reads"], &lines[3]["reads"]), (&json!({"_a": 2}), &json!({"n": 2}), &json!({"x": 4})));
    assert_eq!((&lines[5]["reads"], &lines[5]["effects"][0]["kind"]), (&json!({"y": "v 4", "x": 4}), &json!("deal_created")));
    let keys: Vec<&String> = lines[1].as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["line", "column", "statement", "reads", "result", "effects"]);
    // The trace changes nothing about the run itself.
    let outcome: Json = serde_json::from_str(&out).expect("an outcome");
    assert_eq!((&outcome["status"], &outcome["diagnostics"][0]["code"]), (&json!("error"), &json!("E0403")));
    let (_, text) = run(&["--trace"]);
    assert!(
        text.contains("1:9  x = twice(_a)\n    reads _a = 2\n    result 4\n  2:15  return n * 2\n      reads n = 2\n      result 4\n"),
        "{text}"
    );
    assert!(text.contains("6:1  w = 1 / 0\n    E0403 division by zero\n"), "{text}");
}

/// The folder with one file, and what `calc run FILE` prints there: the standard streams.
fn traced(name: &str, text: &str, arguments: &[&str]) -> (String, Vec<Json>) {
    let folder = tempfile::TempDir::new().expect("a folder");
    std::fs::write(folder.path().join(name), text).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
    command.current_dir(folder.path()).args(["run", name, "-q", "--trace=json", "--format", "json"]).args(arguments);
    let output = command.env_remove("CALC_DB").env("CALC_LANG", "en").output().expect("it runs");
    let stderr = String::from_utf8(output.stderr).expect("text");
    let lines = stderr.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (String::from_utf8(output.stdout).expect("text"), lines)
}

fn statements(lines: &[Json]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["statement"].as_str()).collect()
}

#[test]
fn loops_are_folded_and_lose_no_effect() {
    let script =
        "for n in range(8):\n    if n == 6:\n        create_order('late')\ni = 0\nwhile i < 2:\n    i += 1\nfor n in []:\n    pass\n";
    let (_, lines) = traced("a.calc", script, &[]);
    let all = statements(&lines);
    assert_eq!(all[..4], ["for n in range(8):", "if n == 6:", "for n in range(8):", "if n == 6:"]);
    assert_eq!(
        all[10..],
        ["... 3 more turns", "i = 0", "while i < 2:", "i += 1", "while i < 2:", "i += 1", "while i < 2:", "for n in []:"]
    );
    assert_eq!((&lines[2]["result"], &lines[10]["effects"][0]["kind"]), (&json!(1), &json!("deal_created")));
    assert_eq!((&lines[12]["reads"], &lines[12]["result"], &lines[16]["result"]), (&json!({"i": 0}), &json!(true), &json!(false)));
    // Neither a run without end nor one with many calls makes a trace without end.
    let (out, lines) = traced("a.calc", "while True: x = 1", &["--limit", "steps=100000"]);
    assert!(out.contains("E0501"), "{out}");
    assert_eq!(lines.len(), 11);
    let (_, lines) = traced("a.calc", "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\nf(20)", &[]);
    assert_eq!((lines.len(), lines[2000]["statement"].as_str().expect("text").ends_with(" more lines")), (2001, true));
}

#[test]
fn a_block_shows_its_placeholders_and_its_message() {
    let block = "visits = if(visits, visits, 0) + 1\n---\nHello, #{name}!\n#{visits * 2}";
    for kept in [&["--dry-run"][..], &[]] {
        let arguments = [&["--block", "7", "--event", "e1", "--text", "hi"], kept].concat();
        let (out, lines) = traced("a.block", block, &arguments);
        let expected = ["visits = if(visits, visits, 0) + 1", "Hello, #{name}!\n#{visits * 2}", "#{name}", "#{visits * 2}"];
        assert_eq!(statements(&lines), expected);
        let place = (&lines[3]["line"], &lines[3]["column"], &lines[3]["reads"], &lines[3]["result"]);
        assert_eq!(place, (&json!(4), &json!(1), &json!({"visits": 1}), &json!(2)));
        assert_eq!((&lines[1]["result"], &lines[1]["effects"][0]["kind"]), (&json!("Hello, Ann Miller!\n2"), &json!("message_queued")));
        let outcome: Json = serde_json::from_str(&out).expect("an outcome");
        assert_eq!(outcome["message"]["text"], lines[1]["result"]);
        assert_eq!(outcome["effects"].as_array().expect("a list").len(), 3, "{out}");
    }
}

#[test]
fn a_dry_run_shows_all_and_keeps_nothing() {
    let folder = tempfile::TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("a.block"), "create_order('Mugs')\n---\nDone").expect("written");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
        command.current_dir(folder.path()).args(arguments).env_remove("CALC_DB").env("CALC_LANG", "en");
        String::from_utf8(command.output().expect("it runs").stdout).expect("text")
    };
    let project = r#"{"project": {"id": 1, "name": "Shop"}, "pipelines": [{"id": 3, "name": "Sales", "stages": [{"id": 11, "name": "New"}]}], "clients": [{"id": 55, "name": "Zoe"}]}"#;
    std::fs::write(folder.path().join("shop.json"), project).expect("written");
    run(&["crm", "load", "shop.json", "--db", "sqlite://a.db"]);
    let before = run(&["crm", "dump", "--db", "sqlite://a.db"]);
    assert!(before.contains("Zoe"), "{before}");
    let dry = ["run", "a.block", "--db", "sqlite://a.db", "--client", "55", "--event", "e1", "--text", "hi", "--block", "7", "--dry-run"];
    let shown = run(&dry);
    assert!(shown.contains("Mugs") && shown.contains("Done"), "{shown}");
    let traced = run(&[&dry[..], &["--trace", "--format", "json"]].concat());
    assert!(traced.contains("\"deal_created\"") && traced.contains("\"queued\""), "{traced}");
    assert_eq!(run(&["crm", "dump", "--db", "sqlite://a.db"]), before);
    // The event was not handled, so it still can be.
    let kept = run(&[&dry[..dry.len() - 1], &["--format", "json"]].concat());
    assert!(!kept.contains("\"repeated\":true") && kept.contains("\"deal_created\""), "{kept}");
}

/// Scripts and blocks in a folder and below.
fn scripts(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "calc" || extension == "block") {
            found.push(path);
        }
    }
}

#[test]
fn whoever_watches_changes_nothing() {
    use calc::crm::{self, SqliteStore};
    use calc::engine::{Engine, Event, Watch};
    use calc::{ClientId, ProjectId};

    const PROJECT: ProjectId = ProjectId(1);
    const CLIENT: ClientId = ClientId(101);

    let mut paths = Vec::new();
    for folder in ["examples", "tests/cases"] {
        scripts(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths);
    }
    let at = chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a time");
    let event = Event::at(at).with_seed(7).with_text("two mugs");
    // Each outcome on a project of its own, without what time and place decide.
    let run = |watch: Watch, text: &str| {
        let engine = Engine::builder().watch(watch).limit("steps", 20_000).expect("a limit").build();
        let block = engine.block_file(Some(calc::BlockId(7)), text).ok()?;
        let store = SqliteStore::in_memory().expect("a store");
        crm::load(&store, &crm::demo().expect("the demo")).expect("loaded");
        let mut outcome = match watch {
            Watch::Values => engine.trace(&store, (PROJECT, CLIENT), &block, &event, true).expect("it runs").outcome,
            _ => engine.run(&store, PROJECT, CLIENT, &block, &event).expect("it runs"),
        };
        outcome.usage.round_trips = 0;
        let dump = crm::dump(&store, PROJECT).expect("dumped").expect("a project").to_json();
        Some((serde_json::to_value(&outcome).expect("JSON"), dump))
    };
    let mut count = 0;
    for path in paths.iter().filter(|path| !path.to_string_lossy().contains("limits")) {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let Some(plain) = run(Watch::Nothing, &text) else { continue };
        for watch in [Watch::Counts, Watch::Values] {
            assert_eq!(run(watch, &text).as_ref(), Some(&plain), "{watch:?} of {}", path.display());
        }
        count += 1;
    }
    assert!(count > 100, "{count} scripts");
}
