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
    let expected = [
        "def twice(n): return n * 2",
        "_a = 2",
        "x = twice(_a)",
        "if x > 3:\n    y = 'v #{x}'",
        "deal = create_order(y, budget=x)",
        "w = 1 / 0",
    ];
    assert_eq!(statements, expected);
    assert_eq!((&lines[2]["line"], &lines[2]["column"], &lines[2]["result"]), (&json!(1), &json!(9), &json!(4)));
    assert_eq!((&lines[2]["reads"], &lines[3]["reads"]), (&json!({"_a": 2}), &json!({"x": 4})));
    assert_eq!((&lines[4]["reads"], &lines[4]["effects"][0]["kind"]), (&json!({"y": "v 4", "x": 4}), &json!("deal_created")));
    // The trace changes nothing about the run itself.
    let outcome: Json = serde_json::from_str(&out).expect("an outcome");
    assert_eq!((&outcome["status"], &outcome["diagnostics"][0]["code"]), (&json!("error"), &json!("E0403")));
    let (_, text) = run(&["--trace"]);
    assert!(text.contains("1:9  x = twice(_a)\n    reads _a = 2\n    result 4\n"), "{text}");
    assert!(text.contains("6:1  w = 1 / 0\n    E0403 division by zero\n"), "{text}");
}
