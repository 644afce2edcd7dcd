//! `calc test` as people and CI servers use it.

use std::process::Command;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

struct Output {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A folder with test files.
struct Place(TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(TempDir::new().expect("a folder"));
        for (name, text) in files {
            std::fs::write(place.0.path().join(name), text).expect("written");
        }
        place
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).expect("written");
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).expect("a file")
    }

    fn calc(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
        command.current_dir(self.0.path()).args(arguments).env_remove("CALC_DB").env_remove("CALC_LANG").env("LC_ALL", "C");
        let output = command.output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Output { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn test(&self, arguments: &[&str]) -> Output {
        self.calc(&[&["test"], arguments].concat())
    }
}

/// Runs one file of tests.
fn test(text: &str) -> Output {
    Place::new(&[("a.test.calc", text)]).test(&["a.test.calc"])
}

#[track_caller]
fn passes(text: &str) {
    let output = test(text);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    assert!(output.stdout.ends_with(" passed, 0 failed\n"), "{}", output.stdout);
}

/// What is said of a test that fails.
#[track_caller]
fn fails(text: &str) -> String {
    let output = test(text);
    assert_eq!(output.code, Some(1), "{}{}", output.stdout, output.stderr);
    assert!(output.stdout.ends_with("0 passed, 1 failed\n"), "{}", output.stdout);
    output.stdout
}

#[test]
fn the_examples_of_this_project_pass() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
    let output = command.args(["test", concat!(env!("CARGO_MANIFEST_DIR"), "/examples")]).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.ends_with("16 passed, 0 failed\n"), "{text}");
}

#[test]
fn each_test_starts_statement_and_a_file_without_tests_is_one() {
    let text = "set_note('setup')\nx = [1]\ndef test_a():\n    create_order('A')\n    expect(len(get_active_orders_ids()) == 2)\ndef test_b():\n    create_order('B')\n    expect(len(get_active_orders_ids()) == 2)\n    expect(len(x) == 1)\n";
    let output = test(text);
    assert_eq!(output.stdout, "ok    a.test.calc: test_a\nok    a.test.calc: test_b\n2 passed, 0 failed\n");
    assert_eq!(test("expect(1 == 1)").stdout, "ok    a.test.calc\n1 passed, 0 failed\n");
}

#[test]
fn a_dialogue_is_played_as_in_production() {
    passes(
        "clock('2026-11-22 10:00')\nseed(7)\nsay('mugs')\nexpect(question == 'mugs')\nrun_block('deal = create_order(question, 5)', 'Deal \\#{deal}', block=7)\nexpect(reply() == 'Deal #{get_order_id()}')\nexpect(created('deal', name='mugs', budget=5) == 1)\nexpect(created('deal', name='cups') == 0)\nexpect(was_in_state(7))\nexpect(current_time == '10:00')\nwait('2 hours')\nexpect(current_time == '12:00')\nrun_script('print(current_time)')\nexpect(output() == '12:00\\n')\nexpect(reply() == None)\nexpect(effects() == [])\n",
    );
    passes("run_block('unsubscribe()', 'Bye')\nexpect(refused() == 'client is unsubscribed')\nexpect(reply() == None)\n");
    passes(
        "run_block('block_client()', '')\nsay('hi')\nrun_block('create_order()', 'Hello')\nexpect(reply() == None)\nexpect(not changed())\n",
    );
}

#[test]
fn variables_of_a_test_are_its_own() {
    passes(
        "note = 'of the test'\nclient.x = 1\nrun_script('y = [note, client.x]')\nexpect(run_script('[note, client.x]') == [None, None])\nexpect(note == 'of the test')\n",
    );
}

#[test]
fn a_redelivered_event_does_nothing() {
    passes(
        "event('e')\nsay('hi')\nrun_block('create_order()', 'done')\nexpect(created('deal') == 1)\nevent('e')\nsay('hi')\nrun_block('create_order()', 'done')\nexpect(created('deal') == 0)\nexpect(reply() == 'done')\nexpect(len(get_active_orders_ids()) == 2)\n",
    );
}

#[test]
fn errors_of_runs_fail_unless_they_are_asked_about() {
    passes("run_script('x = 1 / 0')\nexpect(failed() == 'E0403')\nexpect(failed() == None)\n");
    passes("run_script('x = ')\nrun_script('x = (')\nexpect(failed() == 'E0205')\n");
    let shown = fails("run_script('x = 1')\nrun_script('x = 1 / 0')\nexpect(True)\n");
    assert!(shown.contains("a.test.calc:2:12: run_script('x = 1 / 0')") && shown.contains("E0403"), "{shown}");
    passes("run_script('set_order_name(\"\")')\nexpect(notices() == ['N0701'])\n");
    let shown = fails("run_block('missing.block')\n");
    assert!(shown.contains("missing.block: there is no such file"), "{shown}");
}

#[test]
fn a_failure_shows_both_sides_and_the_place_and_the_test_goes_on() {
    let shown = fails("x = 2\nexpect(x + 1 == 4, 'the sum')\nexpect(x > 5)\nexpect('a' not in 'abc')\nexpect((x == 3))\n");
    assert!(shown.contains("a.test.calc:2:8: expect(x + 1 == 4, 'the sum')\n    the sum\n    found:     3\n    expected:  4\n"), "{shown}");
    assert!(shown.contains("    found:     2\n    >:         5\n"), "{shown}");
    assert!(shown.contains("    found:     \"a\"\n    not in:    \"abc\"\n"), "{shown}");
    assert!(shown.contains("expected to be true, found False"), "{shown}");
    let shown = fails("expect([1, 2, 3] == [1, 3])\n");
    assert!(shown.contains("        1,\n    +   2,\n        3\n"), "{shown}");
    let shown = fails("expect('one\\ntwo\\n' == 'one\\nthree\\n')\n");
    assert!(shown.contains("      one\n    - three\n    + two\n"), "{shown}");
}

#[test]
fn fixtures_are_files_or_dicts() {
    let project = r#"{"project": {"id": 9, "name": "Shop", "time_zone": "Europe/Berlin"}, "clients": [{"id": 55, "name": "Zoe"}, {"id": 56, "name": "Yan"}]}"#;
    let text = "fixture('shop.json')\nclock('2026-11-22 10:00')\nexpect([client_id, project_id, current_time] == [55, 9, '10:00'])\nclient(56)\nexpect(name == 'Yan')\n";
    let place = Place::new(&[("shop.json", project), ("a.test.calc", text)]);
    let output = place.test(&["."]);
    assert_eq!(output.stdout, "ok    a.test.calc\n1 passed, 0 failed\n");
    passes("fixture({'project': {'id': 9, 'name': 'Shop'}, 'clients': [{'id': 55, 'name': 'Zoe'}]})\nexpect(name == 'Zoe')\n");
    assert!(fails("fixture('missing.json')").contains("missing.json: there is no such file"));
    assert!(fails("client(999)").contains("there is no client `999`"));
}

#[test]
fn what_falls_due_is_delivered() {
    let project = r#"{"project": {"id": 9, "name": "Shop"}, "clients": [{"id": 55, "name": "Zoe", "scheduled": [
        {"text": "Still there, #{name}?", "due_at": "2026-11-23 09:00:00"}, {"block": 30, "due_at": "2026-11-23 10:00:00"}, {"block": 31, "due_at": "2026-11-23 11:00:00"}]}]}"#;
    let text = "fixture('shop.json')\nclock('2026-11-23 08:00')\nwait('90 minutes')\nexpect(reply() == 'Still there, \\#{name}?')\nwait('1 day')\nexpect(reply() == 'Block 30 for Zoe')\n";
    let place = Place::new(&[("shop.json", project), ("30-later.block", "x = 1\n---\nBlock 30 for #{name}"), ("a.test.calc", text)]);
    let output = place.test(&["."]);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
}

#[test]
fn a_file_that_does_not_compile_is_reported_and_the_others_run() {
    let place = Place::new(&[("a.test.calc", "x = (1"), ("b.test.calc", "expect(2 == 2)")]);
    let output = place.test(&["."]);
    assert_eq!(output.code, Some(2));
    assert!(output.stdout.contains("E0205") && output.stdout.ends_with("ok    b.test.calc\n1 passed, 0 failed\n"), "{}", output.stdout);
    assert_eq!(place.test(&["nothing.test.calc"]).code, Some(2));
    assert_eq!(Place::new(&[]).test(&["."]).code, Some(2));
}

#[test]
fn tests_are_chosen_by_a_part_of_their_name() {
    let text = "def test_one():\n    expect(1 == 1)\ndef test_two():\n    expect(1 == 2)\n";
    let place = Place::new(&[("a.test.calc", text)]);
    assert_eq!(place.test(&["--filter", "one", "."]).stdout, "ok    a.test.calc: test_one\n1 passed, 0 failed\n");
    assert_eq!(place.test(&["-q", "--filter", "one", "."]).stdout, "1 passed, 0 failed\n");
}

#[test]
fn programs_and_ci_servers_read_the_results() {
    let text = "def test_one():\n    expect(1 == 1)\ndef test_two():\n    expect(1 == 2, 'a < b')\n";
    let place = Place::new(&[("a.test.calc", text)]);
    let output = place.test(&["--format", "json", "."]);
    let lines: Vec<Json> = output.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&lines[0]["test"], &lines[0]["status"]), (&json!("test_one"), &json!("passed")));
    assert_eq!((&lines[1]["problems"][0]["line"], &lines[1]["problems"][0]["found"]), (&json!(4), &json!(1)));
    assert_eq!(lines[2], json!({"passed": 1, "failed": 1}));
    let xml = place.test(&["--format", "junit", "."]).stdout;
    assert!(xml.contains("<testsuites tests=\"2\" failures=\"1\" errors=\"0\">") && xml.contains("a &lt; b"), "{xml}");
}

#[test]
fn expected_messages_are_blessed() {
    let text = "# Kept.\nrun_block('', 'It\\'s #{name}\\n#1')\nexpect(reply() == 'old', 'why')\n";
    let place = Place::new(&[("a.test.calc", text)]);
    assert_eq!(place.test(&["."]).code, Some(1));
    let output = place.test(&["--bless", "."]);
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), "ok    a.test.calc\n1 passed, 0 failed\n"), "{}", output.stderr);
    assert_eq!(place.text("a.test.calc"), text.replace("'old'", "'It\\'s Ann Miller\\n#1'"));
}

#[test]
fn a_check_knows_the_functions_of_tests() {
    let place = Place::new(&[("a.test.calc", "say('hi')\nexpect(reply() == None)\n"), ("a.calc", "say('hi')\n")]);
    assert_eq!(place.calc(&["check", "a.test.calc"]).code, Some(0));
    assert_eq!(place.calc(&["check", "a.calc"]).code, Some(1));
}

#[test]
fn coverage_counts_what_tests_ran() {
    let block = "def price(n):\n    if n > 10: return 0\n    return n\n\nx = 0\nfor n in [1, 2]:\n    x += price(n)\nfor n in []:\n    x = 9\ny = 'a' if x > 100 else 'b'\n---\n#{y if x else 'no'} #{x}\n";
    let script = "while False:\n    pass\n";
    let tests = "def test_a():\n    run_block('shop.block')\n    expect(reply() == 'b 3')\ndef test_b():\n    run_block('./shop.block')\n    if reply() == None: run_script('never.calc')\n    run_script('w.calc')\n    run_script('x = 1')\n";
    let place = Place::new(&[("shop.block", block), ("w.calc", script), ("never.calc", "x = 1"), ("a.test.calc", tests)]);
    let output = place.test(&["--coverage", "--lcov", "lcov.info", "."]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    let rows: Vec<Vec<&str>> = output.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    let row = |name: &str| rows.iter().find(|row| row.get(1) == Some(&name)).unwrap_or_else(|| panic!("{}", output.stdout)).join(" ");
    assert_eq!(row("shop.block"), "│ shop.block 8 of 9 88 % 5 of 10 50 % 9 2, 6, 8, 10, 12 │");
    assert_eq!(row("w.calc"), "│ w.calc 1 of 2 50 % 1 of 2 50 % 2 1 │");
    assert_eq!(row("all"), "│ all 9 of 11 81 % 6 of 12 50 % │");
    assert!(!output.stdout.contains("never.calc") && output.stdout.ends_with("2 passed, 0 failed\n"), "{}", output.stdout);
    let lcov = place.text("lcov.info");
    let expected = "TN:\nSF:shop.block\nBRDA:2,0,0,0\nBRDA:2,0,1,4\nBRDA:6,1,0,2\nBRDA:6,1,1,0\nBRDA:8,2,0,0\nBRDA:8,2,1,2\nBRDA:10,3,0,0\nBRDA:10,3,1,2\nBRDA:12,4,0,2\nBRDA:12,4,1,0\nBRF:10\nBRH:5\nDA:2,4\nDA:3,4\nDA:5,2\nDA:6,2\nDA:7,4\nDA:8,2\nDA:9,0\nDA:10,2\nDA:12,2\nLF:9\nLH:8\nend_of_record\nTN:\nSF:w.calc\n";
    assert!(lcov.starts_with(expected), "{lcov}");
    let json = place.test(&["--coverage", "--format", "json", "."]).stdout;
    assert!(json.contains(r#"{"file":"w.calc","lines":{"found":2,"hit":1},"branches":{"found":2,"hit":1},"lines_not_run":[2]"#), "{json}");
    // Nothing is counted that nobody asked for, and nothing changes in what tests find.
    assert_eq!(place.test(&["."]).stdout, "ok    a.test.calc: test_a\nok    a.test.calc: test_b\n2 passed, 0 failed\n");
}

const SHOP: &str = r#"{"project": {"id": 9, "name": "Shop", "time_zone": "Asia/Tokyo"}, "clients": [{"id": 55, "name": "Zoe"}, {"id": 56, "name": "Yan"}]}"#;

#[test]
fn options_say_what_tests_begin_with() {
    let asks = |what: &str| format!("print({what})\nexpect(False)\n");
    let shown = |what: &str, arguments: &[&str]| {
        let place = Place::new(&[("shop.json", SHOP), ("a.test.calc", &asks(what)), ("b.block", "[client_id, project_id]")]);
        place.calc(&["crm", "load", "shop.json", "--db", "sqlite://shop.db"]);
        let output = place.test(&[&["."], arguments].concat());
        let printed = output.stdout.lines().find_map(|line| line.strip_prefix("  printed: ").map(str::to_owned));
        printed.unwrap_or_else(|| format!("{}{}", output.stdout, output.stderr))
    };
    let who = "[client_id, project_id, name, current_time]";
    let now = ["--now", "2026-11-22 10:00"];
    assert_eq!(shown(who, &now), r#"[101, 1, "Ann Miller", "10:00"]"#);
    assert_eq!(shown(who, &[&["--client", "102"], &now[..]].concat()), r#"[102, 1, "Boris Orlov", "10:00"]"#);
    assert_eq!(shown(who, &[&["--fixture", "shop.json"], &now[..]].concat()), r#"[55, 9, "Zoe", "10:00"]"#);
    let all = ["--fixture", "shop.json", "--project", "4", "--client", "56", "--now", "2026-11-22 10:00"];
    assert_eq!(shown(who, &all), r#"[56, 4, "Yan", "10:00"]"#);
    assert_eq!(shown(who, &[&["--db", "sqlite://shop.db"], &now[..]].concat()), r#"[55, 9, "Zoe", "10:00"]"#);
    assert_eq!(shown("run_block('b.block')", &["--fixture", "shop.json"]), "[55, 9]");
    assert!(shown("name", &["--fixture", "shop.json", "--client", "77"]).contains("there is no client `77`"));
    let seeded = shown("random(1, 1000000)", &["--seed", "3"]);
    assert!(shown("random(1, 1000000)", &["--seed", "3"]) == seeded && shown("random(1, 1000000)", &["--seed", "4"]) != seeded, "{seeded}");
    let visited = "was_in_state(7)";
    let runs = format!("run_block('x = 1', 'Hi') == {visited} or {visited}");
    assert_eq!((shown(&runs, &[]), shown(&runs, &["--block", "7"])), ("False".to_owned(), "True".to_owned()));
    let text = "run_script('x = some words')";
    assert_eq!(shown(text, &["--dialect", "mavibot"]), "some words");
    let absent = "[run_script('send_email(1)'), failed()]";
    assert_eq!((shown(absent, &["--absent", "none"]), shown(absent, &[])), ("[null, null]".to_owned(), "[null, \"E0308\"]".to_owned()));
}

#[test]
fn the_head_of_a_file_wins_over_options() {
    let text = "fixture('shop.json')\nexpect([client_id, project_id, current_time] == [55, 9, '10:00'])\nclock('2026-11-23 12:00')\nfixture('shop.json')\nexpect(current_time == '12:00')\nclient(56)\nexpect(name == 'Yan')\n";
    let place = Place::new(&[("shop.json", SHOP), ("a.test.calc", text)]);
    let output = place.test(&["a.test.calc", "--client", "102", "--now", "2026-11-22 10:00"]);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    // The database that the shell works on is not part of a test.
    let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
    command.current_dir(place.0.path()).args(["test", ".", "--now", "2026-11-22 10:00"]).env("CALC_DB", "sqlite://nothing.db");
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    assert!(!place.0.path().join("nothing.db").exists());
}

#[test]
fn what_means_nothing_for_tests_is_refused_with_the_reason() {
    let place = Place::new(&[("a.test.calc", "expect(1 == 1)\n"), ("shop.json", SHOP)]);
    for (arguments, why) in [
        (&["--text", "hi"][..], "say('text')"),
        (&["--callback", "hi"], "not for tests"),
        (&["--event", "e"], "event('id')"),
        (&["--dry-run"], "keep nothing"),
        (&["--fixture", "shop.json", "--db", "sqlite://a.db"], "either --fixture or --db"),
        (&["--fixture", "missing.json"], "there is no such file"),
        (&["--db", "sqlite://missing.db"], "missing.db"),
        (&["--now", "soon"], "`soon` is not a time"),
        (&["--limit", "steps"], "has no value"),
    ] {
        let output = place.test(&[&["."], arguments].concat());
        assert!(matches!(output.code, Some(2 | 3)) && output.stderr.contains(why), "{arguments:?}: {:?} {}", output.code, output.stderr);
    }
}

/// A command that watches, and the lines of one of its streams as they come.
struct Watching {
    child: std::process::Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Watching {
    fn new(place: &Place, arguments: &[&str]) -> Self {
        use std::io::BufRead as _;
        let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
        command.current_dir(place.0.path()).args(arguments).env_remove("CALC_DB").env("CALC_LANG", "en");
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let (send, lines) = std::sync::mpsc::channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().expect("a pipe")), Box::new(child.stderr.take().expect("a pipe"))];
        for stream in streams {
            let send = send.clone();
            std::thread::spawn(move || {
                for line in std::io::BufReader::new(stream).lines().map_while(Result::ok) {
                    if send.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        Self { child, lines }
    }

    /// Waits for lines that have these texts, each once, in any order.
    #[track_caller]
    fn sees(&self, texts: &[&str]) {
        let mut missing: Vec<&str> = texts.to_vec();
        let mut seen = Vec::new();
        while !missing.is_empty() {
            let Ok(line) = self.lines.recv_timeout(std::time::Duration::from_mins(2)) else {
                panic!("no line has {missing:?}: {seen:#?}");
            };
            if let Some(index) = missing.iter().position(|text| line.contains(text)) {
                missing.remove(index);
            }
            seen.push(line);
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_watched_test_runs_again_after_every_change() {
    let place = Place::new(&[("a.block", "x = 1\n---\nHello"), ("a.test.calc", "run_block('a.block')\nexpect(reply() == 'Hello')\n")]);
    std::fs::create_dir(place.0.path().join("parts")).expect("a folder");
    std::fs::write(place.0.path().join("parts/b.calc"), "1").expect("written");
    let watching = Watching::new(&place, &["test", "--watch", "a.test.calc"]);
    watching.sees(&["1 passed, 0 failed", "watching for changes"]);
    place.write("a.block", "x = 1\n---\nGood-bye");
    watching.sees(&["FAIL", "0 passed, 1 failed", "watching for changes"]);
    // A file that does not compile ends nothing, and neither does one that is not there.
    place.write("a.test.calc", "expect((\n");
    watching.sees(&["does not compile", "0 passed, 0 failed", "watching for changes"]);
    std::fs::remove_file(place.0.path().join("a.test.calc")).expect("removed");
    watching.sees(&["there is no such file", "watching for changes"]);
    place.write("a.test.calc", "expect(run_script('parts/b.calc') == 1)\n");
    watching.sees(&["1 passed, 0 failed", "watching for changes"]);
    // What a test reads in another folder counts too.
    place.write("parts/b.calc", "2 + 2");
    watching.sees(&["found:     4", "0 passed, 1 failed", "watching for changes"]);
}

#[test]
fn a_watched_check_checks_again_after_every_change() {
    let place = Place::new(&[("a.calc", "x = 1\nx\n")]);
    let watching = Watching::new(&place, &["check", "--watch", "--format", "concise", "."]);
    watching.sees(&["watching for changes"]);
    place.write("a.calc", "x = (1\n");
    watching.sees(&["a.calc:1:5: E0205", "watching for changes"]);
    place.write("b.calc", "y = nothing_sets_this\ny\n");
    watching.sees(&["a.calc:1:5: E0205", "b.calc:1:5: W", "watching for changes"]);
    std::fs::remove_file(place.0.path().join("a.calc")).expect("removed");
    watching.sees(&["b.calc:1:5: W", "watching for changes"]);
}
