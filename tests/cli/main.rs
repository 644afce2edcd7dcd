//! The command as programs and people use it: exit codes, streams, options, files (its usage is in README.md).

#![cfg(feature = "cli")]

mod comfort;
mod databases;
mod languages;
mod project_files;
mod streams;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

struct Output {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Output {
    /// The objects on standard output, one a line and nothing else.
    #[track_caller]
    fn json(&self) -> Vec<Json> {
        assert!(self.stdout.ends_with('\n'), "{:?} {:?}", self.stdout, self.stderr);
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    #[track_caller]
    fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// A folder of its own, in which the command runs.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.0.path().join(name), text).expect("written");
        self
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).expect("a folder");
        let mut names: Vec<String> = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
        command.current_dir(self.path()).args(arguments).env("CALC_LANG", "en").env_remove("CALC_DB").env_remove("NO_COLOR");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        finish(&mut self.command(arguments), "")
    }

    fn pipe(&self, arguments: &[&str], input: &str) -> Output {
        finish(&mut self.command(arguments), input)
    }
}

fn finish(command: &mut Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("calc runs");
    let mut stdin = child.stdin.take().expect("standard input");
    // A command that ends without reading is judged by what it printed.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("calc ends");
    Output {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

const NOW: &str = "2026-11-22 10:00";

#[test]
fn exit_codes() {
    let place = Place::new();
    place.file("fine.calc", "x = 1").file("error.calc", "x = 1 / 0").file("mistake.calc", "x = (");
    place.file("refused.block", "unsubscribe()\n---\nBye").file("notice.calc", "set_note('')");
    place.run(&["run", "fine.calc"]).ends(0);
    place.run(&["run", "notice.calc"]).ends(0);
    place.run(&["run", "error.calc"]).ends(1);
    place.run(&["run", "mistake.calc"]).ends(1);
    place.run(&["run", "refused.block"]).ends(1);
    place.run(&["run"]).ends(2);
    place.run(&["nonsense"]).ends(2);
    place.run(&["run", "fine.calc", "--nonsense"]).ends(2);
    place.run(&["run", "fine.calc", "--limit", "stepss=5"]).ends(2);
    place.run(&["run", "fine.calc", "--limit", "steps=many"]).ends(2);
    place.run(&["run", "fine.calc", "--limit", "steps"]).ends(2);
    place.run(&["run", "fine.calc", "--now", "yesterday"]).ends(2);
    place.run(&["run", "fine.calc", "--dialect", "latin"]).ends(2);
    place.run(&["run", "fine.calc", "--client", "999", "--text", "x"]).ends(2);
    place.run(&["run", "fine.calc", "--db", "mysql://x"]).ends(2);
    place.file("broken.db", "this is no database, and long enough to be seen as none at all........................................");
    place.run(&["run", "fine.calc", "--db", "sqlite://broken.db", "--client", "1"]).ends(3);
    place.run(&["crm", "dump", "--db", "sqlite://absent.db"]).ends(3);
    place.run(&["--help"]).ends(0);
    place.run(&["--version"]).ends(0);
    place.run(&["doc", "round"]).ends(0);
    place.run(&["doc", "rouund"]).ends(2);
    place.run(&["explain", "E0403"]).ends(0);
    place.run(&["explain", "E9999"]).ends(2);
    assert!(!place.files().contains(&"absent.db".to_owned()));
}

#[test]
fn json_is_one_object_a_line_and_nothing_else() {
    let place = Place::new();
    place.file("a.calc", "print('printed')\nx = 1").file("b.calc", "y = roud(1)").file("c.block", "z = 1\n---\nHi #{z}");
    let outcomes = place.run(&["run", "--format", "json", "a.calc", "c.block", "b.calc"]).ends(1).json();
    assert_eq!(outcomes.len(), 3);
    assert_eq!(outcomes[0]["output"], "printed\n");
    assert_eq!(outcomes[0]["variables"]["x"], 1);
    assert_eq!(outcomes[1]["message"]["status"], "queued");
    assert_eq!(outcomes[1]["message"]["text"], "Hi 1");
    assert_eq!(outcomes[2]["status"], "error");
    assert_eq!(outcomes[2]["diagnostics"][0]["code"], "E0301");
    assert_eq!(outcomes[2]["effects"], Json::Array(Vec::new()));
    for outcome in &outcomes {
        let keys: Vec<&str> = outcome.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["status", "value", "variables", "output", "message", "effects", "diagnostics", "usage"]);
    }
    let checked = place.run(&["check", "--format", "json", "a.calc", "b.calc"]).ends(1).json();
    assert_eq!(checked.len(), 2);
    assert_eq!(checked[1]["diagnostics"][0]["line"], 1);
}

#[test]
fn places_in_json_are_bytes_and_characters() {
    let place = Place::new();
    place.file("a.calc", "имя = 'Ё'\nитог = имя - 1\n");
    let outcome = &place.run(&["run", "--format", "json", "a.calc"]).ends(1).json()[0];
    let diagnostic = &outcome["diagnostics"][0];
    assert_eq!(diagnostic["span"], serde_json::json!([25, 35]));
    assert_eq!((&diagnostic["line"], &diagnostic["column"]), (&Json::from(2), &Json::from(8)));
}

#[test]
fn standard_input() {
    let place = Place::new();
    let outcome = place.pipe(&["run", "-", "--format", "json"], "x = 1\n").ends(0).json();
    assert_eq!(outcome[0]["variables"]["x"], 1);
    assert_eq!(outcome[0]["message"]["status"], "none");
    let outcome = place.pipe(&["run", "-", "--format", "json"], "x = 1\n---\nHello #{x}\n").ends(0).json();
    assert_eq!(outcome[0]["message"]["text"], "Hello 1");
    assert!(place.pipe(&["run", "-"], "x = roud(1)").ends(1).stderr.contains("standard input:1:5"));
    place.pipe(&["check", "-"], "x = 1").ends(0);
}

#[test]
fn separators() {
    let place = Place::new();
    place.file("crlf.block", "x = 1\r\n---\r\nHello\r\nagain\r\n").file("plain.calc", "x = 1\n---\nHello");
    place.file("empty.block", "").file("only.block", "---").file("dashes.block", "x = 1\n --- \n");
    place.file("end.block", "x = 1\n---\nHello\n\n");
    let text = |name: &str| place.run(&["run", "--format", "json", name]).json()[0]["message"]["text"].clone();
    assert_eq!(text("crlf.block"), "Hello\nagain");
    assert_eq!(text("empty.block"), Json::Null);
    assert_eq!(text("only.block"), Json::Null);
    // Only the file's last line ending is left out.
    assert_eq!(text("end.block"), "Hello\n");
    // In a calculator the line is an expression without a value, and it is none of a block when it is indented.
    place.run(&["run", "plain.calc"]).ends(1);
    place.run(&["run", "dashes.block"]).ends(1);
}

#[test]
fn several_files_stop_at_the_first_error() {
    let place = Place::new();
    place.file("1.calc", "x = 1").file("2.calc", "y = x + 1").file("3.calc", "z = 1 / 0").file("4.calc", "z = 4");
    let outcomes = place.run(&["run", "--format", "json", "1.calc", "2.calc", "3.calc", "4.calc"]).ends(1).json();
    assert_eq!(outcomes.len(), 3);
    assert_eq!(outcomes[1]["variables"]["y"], 2);
    // A missing file is found before anything runs.
    let output = place.run(&["run", "--format", "json", "1.calc", "absent.calc"]).ends(2);
    assert_eq!(output.stdout, "");
    assert!(output.stderr.contains("absent.calc"), "{}", output.stderr);
}

#[test]
fn a_refused_message_does_not_stop_the_files() {
    let place = Place::new();
    place.file("1.block", "unsubscribe()\n---\nBye").file("2.calc", "x = 1");
    let outcomes = place.run(&["run", "--format", "json", "1.block", "2.calc"]).ends(1).json();
    assert_eq!(outcomes.len(), 2);
    assert_eq!((&outcomes[0]["status"], &outcomes[0]["message"]["status"]), (&Json::from("ok"), &Json::from("refused")));
}

#[test]
fn databases() {
    let place = Place::new();
    place.file("shop.json", SHOP).file("count.calc", "count = count + 1").file("start.calc", "count = 0");
    place.run(&["crm", "load", "shop.json", "--db", "sqlite://bot.db"]).ends(0);
    assert!(place.files().contains(&"bot.db".to_owned()));
    let db = ["--db", "sqlite://bot.db"];
    let run = |more: &[&str]| place.run(&[&["run", "--format", "json", "--client", "101"], &db[..], more].concat());
    run(&["start.calc"]).ends(0);
    assert_eq!(run(&["count.calc"]).json()[0]["variables"]["count"], 1);
    assert_eq!(run(&["count.calc"]).json()[0]["variables"]["count"], 2);
    // The same event again returns the first outcome and does nothing.
    let first = run(&["count.calc", "--event", "e1"]).ends(0);
    assert_eq!(first.json()[0]["variables"]["count"], 3);
    let again = run(&["count.calc", "--event", "e1"]).ends(0).json();
    assert_eq!((&again[0]["repeated"], &again[0]["variables"]), (&true.into(), &first.json()[0]["variables"]));
    let words = place.run(&[&["run", "start.calc", "--client", "101", "--event", "e1"], &db[..]].concat()).ends(0);
    assert!(words.stdout.starts_with("event e1 was handled before on "), "{}", words.stdout);
    assert!(words.stdout.ends_with("; nothing ran\n"), "{}", words.stdout);
    run(&["count.calc", "--event", ""]).ends(2);
    // Of several files none runs when the id of the last one is too long.
    let long = "e".repeat(499);
    assert!(run(&["count.calc", "count.calc", "--event", &long]).ends(2).stderr.contains("501 characters"));
    run(&["count.calc", "--text", &"x".repeat(100_001)]).ends(2);
    assert_eq!(run(&["count.calc", "--event", "e2"]).json()[0]["variables"]["count"], 4);
    // Nothing of a dry run is kept.
    assert_eq!(run(&["count.calc", "--dry-run"]).json()[0]["variables"]["count"], 5);
    assert_eq!(run(&["count.calc"]).json()[0]["variables"]["count"], 5);
    // The client must be named, and the database may come from the environment.
    place.run(&["run", "count.calc", "--db", "sqlite://bot.db"]).ends(2);
    let mut command = place.command(&["run", "--format", "json", "--client", "101", "count.calc"]);
    assert_eq!(finish(command.env("CALC_DB", "sqlite://bot.db"), "").json()[0]["variables"]["count"], 6);
    assert!(place.run(&["crm", "show", "--client", "101", "--db", "sqlite://bot.db"]).ends(0).stdout.contains("Ann"));
}

#[test]
fn dump_and_load_give_the_same() {
    let place = Place::new();
    place.file("shop.json", SHOP);
    place.file("work.block", "create_order('Mugs', 700)\nset_note('a note')\ncreate_task('olga@example.com', 'Call', '25.12.2026', 'x')\nx = [1, 'a', None]\nclient.y = {'k': 2.5}\nproject.z = True\n---\nHello #{name}");
    place.run(&["crm", "load", "shop.json", "--db", "sqlite://a.db"]).ends(0);
    let db = ["--db", "sqlite://a.db", "--client", "101"];
    place.run(&[&["run", "work.block", "--block", "7", "--text", "hi", "--now", NOW, "--event", "e"], &db[..]].concat()).ends(0);
    let first = place.run(&["crm", "dump", "--db", "sqlite://a.db"]).ends(0).stdout;
    place.file("dump.json", &first);
    place.run(&["crm", "load", "dump.json", "--db", "sqlite://b.db"]).ends(0);
    let second = place.run(&["crm", "dump", "--db", "sqlite://b.db"]).ends(0).stdout;
    assert_eq!(first, second);
    // Loading over it changes nothing.
    place.run(&["crm", "load", "dump.json", "--replace", "--db", "sqlite://a.db"]).ends(0);
    assert_eq!(place.run(&["crm", "dump", "--db", "sqlite://a.db"]).stdout, first);
    // And scripts cannot tell the two apart.
    place.file(
        "look.calc",
        "a = get_order_vars(get_order_id())\nb = create_order('Next')\nc = [x, y, z, days_from_last_message(), was_in_state(7)]",
    );
    let look = |db: &str| place.run(&["run", "look.calc", "--db", db, "--client", "101", "--format", "json", "--now", NOW]).stdout;
    let (mut left, mut right) = (
        serde_json::from_str::<Json>(&look("sqlite://a.db")).expect("JSON"),
        serde_json::from_str::<Json>(&look("sqlite://b.db")).expect("JSON"),
    );
    left["usage"] = Json::Null;
    right["usage"] = Json::Null;
    assert_eq!(left, right);
}

#[test]
fn projects() {
    let place = Place::new();
    place.file("one.json", SHOP).file("two.json", r#"{"project": {"id": 2, "name": "Two"}, "clients": [{"id": 1, "name": "Bob"}]}"#);
    place.run(&["crm", "load", "one.json", "two.json", "--db", "sqlite://bot.db"]).ends(0);
    place.file("a.calc", "x = name");
    place.run(&["run", "a.calc", "--db", "sqlite://bot.db", "--client", "1"]).ends(2);
    let outcome =
        place.run(&["run", "a.calc", "--db", "sqlite://bot.db", "--project", "2", "--client", "1", "--format", "json"]).ends(0).json();
    assert_eq!(outcome[0]["variables"]["x"], "Bob");
}

#[test]
fn wrong_project_files() {
    let place = Place::new();
    for (name, text) in [
        ("syntax.json", "{\"project\": {\"id\": 1,}}"),
        ("empty.json", ""),
        ("list.json", "[]"),
        ("none.json", "{}"),
        ("twice.json", r#"{"project": {"id": 1, "name": "x"}, "clients": [{"id": 5, "name": "a"}, {"id": 5, "name": "b"}]}"#),
        ("key.json", r#"{"project": {"id": 1, "name": "x", "colour": "red"}}"#),
        ("zone.json", r#"{"project": {"id": 1, "name": "x", "time_zone": "Moon/Crater"}}"#),
        ("deep.json", &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
    ] {
        place.file(name, text);
        let output = place.run(&["crm", "load", name, "--db", "sqlite://bot.db"]).ends(2);
        assert!(output.stderr.contains(name), "{name}: {}", output.stderr);
        assert!(!place.files().contains(&"bot.db".to_owned()), "{name}: nothing is made of a wrong file");
    }
    let twice = place.run(&["crm", "load", "twice.json", "--db", "sqlite://bot.db"]).stderr;
    assert!(twice.contains("clients[0]") && twice.contains("clients[1]"), "both places: {twice}");
    let syntax = place.run(&["crm", "load", "syntax.json", "--db", "sqlite://bot.db"]).stderr;
    assert!(syntax.contains("line 1") || syntax.contains(":1:"), "the place: {syntax}");
}

#[test]
fn odd_files() {
    let place = Place::new();
    place.file("bom.calc", "\u{feff}x = 1\n").file("crlf.calc", "if 1:\r\n    x = 1\r\n    y = '''a\r\nb'''\r\n");
    place.file("latin.calc", b"x = 'caf\xe9'\n").file("empty.calc", "").file("nul.calc", "x = 'a\0b'\n");
    assert_eq!(place.run(&["run", "--format", "json", "bom.calc"]).ends(0).json()[0]["variables"]["x"], 1);
    let crlf = &place.run(&["run", "--format", "json", "crlf.calc"]).ends(0).json()[0];
    assert_eq!((&crlf["variables"]["x"], &crlf["variables"]["y"]), (&Json::from(1), &Json::from("a\nb")));
    let latin = &place.run(&["run", "--format", "json", "latin.calc"]).ends(1).json()[0];
    assert_eq!(latin["diagnostics"][0]["code"], "E0108");
    assert_eq!((&latin["diagnostics"][0]["line"], &latin["diagnostics"][0]["column"]), (&Json::from(1), &Json::from(9)));
    place.run(&["run", "latin.calc"]).ends(1);
    place.run(&["check", "latin.calc"]).ends(1);
    place.run(&["run", "empty.calc"]).ends(0);
    place.run(&["run", "nul.calc"]).ends(0);
    place.run(&["run", "."]).ends(2);
    place.run(&["run", "absent.calc"]).ends(2);
}

#[test]
fn nothing_is_made_unasked() {
    let place = Place::new();
    place.file("a.block", "create_order('x')\n---\nHi");
    let before = place.files();
    let output = place.run(&["run", "a.block"]).ends(0);
    assert!(output.stderr.contains("--db"), "the demo is announced: {}", output.stderr);
    place.run(&["eval", "1 + 1"]).ends(0);
    place.run(&["check", "a.block"]).ends(0);
    place.run(&["crm", "show"]).ends(0);
    place.run(&["crm", "dump"]).ends(0);
    place.run(&["crm", "init"]).ends(2);
    assert_eq!(place.files(), before);
}

#[test]
fn eval_prints_the_last_value() {
    let place = Place::new();
    assert_eq!(place.run(&["eval", "x = 2; x + 3"]).ends(0).stdout, "5\n");
    assert_eq!(place.run(&["eval", "[1, 'a', None]"]).stdout, "[1, \"a\", null]\n");
    assert_eq!(place.run(&["eval", "None"]).stdout, "None\n");
    assert_eq!(place.run(&["eval", "print('a'); 'b'"]).stdout, "a\nb\n");
    assert_eq!(place.run(&["eval", "1 == 1"]).stdout, "True\n");
    place.run(&["eval", "1 / 0"]).ends(1);
}

#[test]
fn a_callback_in_place_of_a_text() {
    let place = Place::new();
    let found = place.run(&["eval", "[question, message_from_outside]", "--callback", "-paid"]).ends(0).stdout;
    assert!(found.contains("the bot received the callback  \"-paid\""), "{found}");
    assert_eq!(found.lines().last(), Some("[\"-paid\", 3]"), "{found}");
    let found = place.run(&["run", "fine.calc", "--callback", "x", "--text", "y"]).ends(2).stderr;
    assert!(found.contains("--callback") && found.contains("--text"), "{found}");
}

/// Tables of names have seeds of their own in every process; what is suggested does not depend on them.
#[test]
fn every_process_suggests_the_same() {
    let place = Place::new();
    let functions: String = (0..1500).map(|number| format!("def fun{number}(a): return a\n")).collect();
    place.file("functions.calc", functions + "x = fun99999(1)\ny = fun9x(1)");
    let first = place.run(&["check", "functions.calc"]).ends(1).stdout;
    assert!(first.contains("did you mean `fun"), "{first}");
    for _ in 0..3 {
        assert_eq!(place.run(&["check", "functions.calc"]).ends(1).stdout, first);
    }
}

#[test]
fn a_text_may_begin_with_a_dash() {
    let place = Place::new();
    assert_eq!(place.run(&["eval", "question", "--text", "-5"]).ends(0).stdout.lines().last(), Some("-5"));
    assert_eq!(place.run(&["eval", "question", "--text", "--help"]).ends(0).stdout.lines().last(), Some("--help"));
    // Ids of messengers do, those of groups for example.
    assert_eq!(place.run(&["eval", "1", "--event", "-100123"]).ends(0).stdout.lines().last(), Some("1"));
    assert_eq!(place.run(&["eval", "-5"]).ends(0).stdout, "-5\n");
}

#[test]
fn clock_and_randomness() {
    let place = Place::new();
    let at = |now: &str| place.run(&["eval", "current_date + ' ' + get_datetime('%H:%M:%S')", "--now", now]).ends(0).stdout;
    assert_eq!(at("2026-11-22 10:00"), "22.11.2026 10:00:00\n");
    assert_eq!(at("2026-11-22 10:00:30"), "22.11.2026 10:00:30\n");
    assert_eq!(at("2026-11-22T10:00"), "22.11.2026 10:00:00\n");
    assert_eq!(at("22.11.2026 10:00"), "22.11.2026 10:00:00\n");
    assert_eq!(at("2026-11-22"), "22.11.2026 00:00:00\n");
    assert_eq!(at("22.11.2026"), "22.11.2026 00:00:00\n");
    let roll = |seed: &str| {
        place.run(&["eval", "[random(1, 1000000), select_random('a|b|c'), shuffle_massive(range(20))]", "--seed", seed]).stdout
    };
    assert_eq!(roll("1"), roll("1"));
    assert_ne!(roll("1"), roll("2"));
}

#[test]
fn the_ends_of_the_calendar() {
    let place = Place::new();
    for now in ["0001-01-02", "9999-12-31 23:59"] {
        place.run(&["eval", "current_date", "--now", now]).ends(0);
    }
    for now in ["0000-12-31 23:59", "-0001-01-01", "10000-01-01", "+262142-12-31 23:59", "262143-01-01", "0001-01-01 00:00:60x"] {
        let output = place.run(&["eval", "current_date", &format!("--now={now}")]).ends(2);
        assert!(output.stderr.contains(now), "{}", output.stderr);
    }
}

/// Samoa left out 30 December 2011; such a time is what it would have been without the change.
#[test]
fn a_day_that_the_clocks_left_out() {
    let place = Place::new();
    place.file("apia.json", r#"{"project": {"id": 1, "name": "x", "time_zone": "Pacific/Apia"}, "clients": [{"id": 5, "name": "Bob"}]}"#);
    place.run(&["crm", "load", "apia.json", "--db", "sqlite://a.db"]).ends(0);
    let at = |now: &str| {
        let script = "current_date + ' ' + current_time";
        place.run(&["eval", script, "--now", now, "--db", "sqlite://a.db", "--client", "5"]).ends(0).stdout
    };
    assert!(at("2011-12-29 23:59").ends_with("29.12.2011 23:59\n"));
    assert!(at("2011-12-30 00:30").ends_with("31.12.2011 00:30\n"));
    assert!(at("2011-12-30 12:00").ends_with("31.12.2011 12:00\n"));
    assert!(at("2011-12-31 12:00").ends_with("31.12.2011 12:00\n"));
}

#[test]
fn limits_from_the_command_line() {
    let place = Place::new();
    place.file("a.calc", "for i in range(100): x = i");
    place.run(&["run", "a.calc", "--limit", "steps=1000"]).ends(0);
    let outcome = &place.run(&["run", "a.calc", "--limit", "steps=50", "--format", "json"]).ends(1).json()[0];
    assert_eq!(outcome["diagnostics"][0]["code"], "E0501");
    place.run(&["check", "a.calc", "--limit", "source=10"]).ends(1);
    let refused = |limit: &str| place.run(&["eval", "1", "--limit", limit]).ends(2).stderr;
    assert!(refused("steps").contains("`steps` has no value"), "{}", refused("steps"));
    assert!(refused("depth=100000").contains("at most 2000"), "{}", refused("depth=100000"));
    assert!(refused("nesting=1001").contains("at most 1000"), "{}", refused("nesting=1001"));
    place.run(&["eval", "1", "--limit", "depth=2000", "--limit", "nesting=1000", "--limit", "time=18446744073709551615"]).ends(0);
}

#[test]
fn check_runs_nothing() {
    let place = Place::new();
    place.file("warns.calc", "x = 5\nx == 6\nx").file("errs.calc", "x = 1 / 0\ny = roud(1)").file("fine.calc", "x = 1 / 0");
    let output = place.run(&["check", "warns.calc"]).ends(0);
    assert!(output.stdout.contains("W0601") && output.stdout.contains("1 warning"), "{}", output.stdout);
    let output = place.run(&["check", "fine.calc", "errs.calc", "warns.calc"]).ends(1);
    assert!(output.stdout.contains("E0301") && output.stdout.contains("W0601"), "every file is checked: {}", output.stdout);
    assert_eq!(place.run(&["check", "fine.calc"]).ends(0).stderr, "");
    // A file that cannot be read keeps no other from being checked.
    let output = place.run(&["check", "absent.calc", "errs.calc"]).ends(1);
    assert!(output.stderr.contains("absent.calc") && output.stdout.contains("E0301"), "{}{}", output.stderr, output.stdout);
    assert_eq!(place.run(&["check", "--format", "json", "absent.calc", "fine.calc"]).ends(1).json().len(), 1);
}

#[test]
fn what_did_not_run_is_not_said_to_be_rolled_back() {
    let place = Place::new();
    place.file("broken.calc", "x = (").file("fails.calc", "x = 1 / 0").file("fine.block", "x = 1\n---\nHi");
    place.file("blocked.json", r#"{"project": {"id": 1, "name": "x"}, "clients": [{"id": 5, "name": "Bob", "blocked": true}]}"#);
    let output = place.run(&["run", "broken.calc"]).ends(1).stdout;
    assert!(output.contains("did not compile") && !output.contains("rolled back"), "{output}");
    let output = place.run(&["run", "fails.calc"]).ends(1).stdout;
    assert!(output.contains("failed; all changes were rolled back"), "{output}");
    place.run(&["crm", "load", "blocked.json", "--db", "sqlite://bot.db"]).ends(0);
    let output = place.run(&["run", "fine.block", "--text", "hi", "--db", "sqlite://bot.db", "--client", "5"]).ends(0).stdout;
    assert!(output.contains("the client is blocked; nothing was run"), "{output}");
}

#[test]
fn no_colours_where_no_terminal_is() {
    let place = Place::new();
    place.file("a.calc", "set_note('')\nx = order_id\nname = 1\ny = 1 / 0");
    for variable in [None, Some("1")] {
        let mut command = place.command(&["run", "a.calc"]);
        if let Some(value) = variable {
            command.env("NO_COLOR", value);
        }
        let output = finish(&mut command, "");
        assert!(!output.stderr.contains('\u{1b}') && !output.stdout.contains('\u{1b}'), "{}", output.stderr);
    }
}

const SHOP: &str = r#"{
 "project": {"id": 1, "name": "Shop", "time_zone": "Europe/Moscow"},
 "operators": [{"email": "olga@example.com", "name": "Olga", "status": "on_shift"}],
 "pipelines": [{"id": 3, "name": "Sales", "stages": [{"id": 11, "name": "New"}, {"id": 12, "name": "Paid"}]}],
 "clients": [{"id": 101, "name": "Ann", "phone": "+7 916 123-45-67", "created_at": "2026-11-20 09:00:00", "last_message_at": "2026-11-20 09:00:00"}],
 "deals": [{"id": 501, "client": 101, "name": "Kettle", "budget": 1500, "stage": 11, "created_at": "2026-11-20 09:00:00"}]}"#;

/// Options win over the environment, `CALC_LANG` over the system's locale, of which the first that is set counts.
#[test]
fn messages_come_in_the_language_of_the_reader() {
    let place = Place::new();
    let said = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = place.command(&["eval", "x = nothing + 1"]);
        command.args(arguments);
        for name in ["CALC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        finish(command.envs(variables.iter().copied()), "")
    };
    let (english, russian) = ("`nothing` has no value", "у `nothing` нет значения");
    for (arguments, variables, expected) in [
        (&[] as &[&str], &[] as &[(&str, &str)], english),
        (&["--lang", "ru"], &[("CALC_LANG", "en")], russian),
        (&["--lang", "EN"], &[("CALC_LANG", "ru")], english),
        (&[], &[("CALC_LANG", "ru"), ("LC_ALL", "en_US.UTF-8")], russian),
        (&[], &[("CALC_LANG", ""), ("LANG", "ru_RU.UTF-8")], russian),
        (&[], &[("LC_ALL", "C.UTF-8"), ("LANG", "ru_RU.UTF-8")], english),
        (&[], &[("LC_ALL", ""), ("LC_MESSAGES", "ru_RU"), ("LANG", "en_US.UTF-8")], russian),
        (&[], &[("LANG", "de_DE.UTF-8")], english),
    ] {
        let output = said(arguments, variables).ends(1);
        assert!(output.stderr.contains(expected), "{arguments:?} {variables:?}: {}", output.stderr);
    }
    for (arguments, variables) in [(&["--lang", "de"] as &[&str], &[] as &[(&str, &str)]), (&[], &[("CALC_LANG", "deutsch")])] {
        let output = said(arguments, variables).ends(2);
        assert!(output.stderr.contains("en and ru"), "{}", output.stderr);
    }
    let output = said(&["--lang", "ru", "--format", "json"], &[]).ends(1);
    let report = &output.json()[0]["diagnostics"][0];
    assert_eq!(report["message"], russian);
    assert_eq!((&report["code"], &report["message_id"]), (&Json::from("E0401"), &Json::from("variable-has-no-value")));
    assert_eq!(report["arguments"], serde_json::json!({ "name": "nothing" }));
}

/// Processes that make one new file at once, and then work on it at once: nobody is told that it is locked.
#[test]
fn processes_share_a_file() {
    for _ in 0..5 {
        let place = Place::new();
        place.file("shop.json", SHOP);
        let start = |arguments: &[&str]| place.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("calc runs");
        let all_end_well = |children: Vec<std::process::Child>| {
            for child in children {
                let output = child.wait_with_output().expect("its end");
                assert!(output.status.success(), "{output:?}");
            }
        };
        all_end_well((0..4).map(|_| start(&["crm", "init", "--db", "sqlite://new.db"])).collect());
        place.run(&["crm", "load", "shop.json", "--db", "sqlite://new.db"]).ends(0);
        place.file("order.calc", "create_order('Mugs')\nproject.orders = project.orders + 1").file("start.calc", "project.orders = 0");
        place.run(&["run", "start.calc", "--client", "101", "--db", "sqlite://new.db"]).ends(0);
        all_end_well((0..6).map(|_| start(&["run", "order.calc", "--client", "101", "--db", "sqlite://new.db"])).collect());
        let dump: serde_json::Value =
            serde_json::from_str(&place.run(&["crm", "dump", "--db", "sqlite://new.db"]).ends(0).stdout).expect("JSON");
        assert_eq!(dump["project"]["variables"]["orders"], 6);
        let deals = dump["deals"].as_array().expect("deals").iter().filter(|deal| deal["name"] == "Mugs").count();
        assert_eq!(deals, 6);
    }
}
