//! The two output streams: a write that fails is exit 3, a reader that is gone is not an error, and no text of a client or
//! of a file commands the terminal.

use std::fs::OpenOptions;
use std::process::Stdio;

use super::{NOW, Place, SHOP};

/// Every command with something to write, by the stream it writes to.
const WRITES: &[(&str, &[&str])] = &[
    ("out", &["--help"]),
    ("out", &["--version"]),
    ("out", &["run", "a.block"]),
    ("out", &["run", "--format", "json", "a.block"]),
    ("out", &["run", "a.block", "a.block"]),
    ("out", &["eval", "1 + 1"]),
    ("out", &["check", "broken.calc"]),
    ("out", &["check", "--format", "json", "a.block"]),
    ("out", &["doc"]),
    ("out", &["doc", "round"]),
    ("out", &["doc", "--search", "round"]),
    ("out", &["explain"]),
    ("out", &["explain", "E0403"]),
    ("out", &["crm", "dump"]),
    ("out", &["crm", "show"]),
    ("error", &["nonsense"]),
    ("error", &["run", "a.block"]),
    ("error", &["run", "absent.calc"]),
    ("error", &["run", "broken.calc"]),
    ("error", &["eval", "1 / 0"]),
    ("error", &["check", "absent.calc"]),
    ("error", &["doc", "nonsense"]),
    ("error", &["crm", "init"]),
    ("error", &["crm", "load", "broken.calc", "--db", "sqlite://bot.db"]),
];

fn scripts() -> Place {
    let place = Place::new();
    place.file("a.block", "create_order('x')\nprint('printed')\n---\nHi").file("broken.calc", "x = (");
    place
}

#[cfg(target_os = "linux")]
#[test]
fn a_write_that_fails_is_exit_3() {
    let place = scripts();
    for (stream, arguments) in WRITES {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("the full device");
        let mut command = place.command(arguments);
        match *stream {
            "out" => command.stdout(full).stderr(Stdio::piped()),
            _ => command.stdout(Stdio::piped()).stderr(full),
        };
        let output = command.output().expect("calc runs");
        assert_eq!(output.status.code(), Some(3), "{arguments:?}, standard {stream}");
        if *stream == "out" {
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(stderr.contains("standard output") || arguments[0].starts_with('-'), "{arguments:?}: {stderr}");
        }
    }
}

#[test]
fn a_reader_that_closes_early_is_no_error() {
    let place = scripts();
    place.file("long.calc", "for i in range(20000): print('a line of text')");
    let code = |arguments: &[&str], stream: &str| {
        let mut child = place.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("calc runs");
        if stream == "out" {
            drop(child.stdout.take());
        } else {
            drop(child.stderr.take());
        }
        let output = child.wait_with_output().expect("calc ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("panicked") && !stderr.contains("cannot write"), "{arguments:?}: {stderr}");
        output.status.code()
    };
    for (stream, arguments) in WRITES {
        let expected = place.command(arguments).output().expect("calc runs").status.code();
        assert_eq!(code(arguments, stream), expected, "{arguments:?}");
    }
    assert_eq!(code(&["run", "long.calc"], "out"), Some(0));
}

/// What a terminal must never get from others: escapes, bells, C1 controls, marks of direction.
#[track_caller]
fn assert_harmless(what: &str, text: &str) {
    let bad: Vec<char> = text
        .chars()
        .filter(|c| {
            (c.is_control() && *c != '\n' && *c != '\t')
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect();
    assert!(bad.is_empty(), "{what}: {bad:?} in {text:?}");
}

const EVIL: &str = "\u{1b}[31mAnn\u{7}\u{9b}2J\u{202e}\u{8}\ndeal 99 created\rX\u{7f}";

#[test]
fn foreign_text_commands_no_terminal() {
    let place = Place::new();
    let mut shop: serde_json::Value = serde_json::from_str(SHOP).expect("JSON");
    for (pointer, key) in [
        ("/project", "name"),
        ("/clients/0", "name"),
        ("/clients/0", "phone"),
        ("/deals/0", "name"),
        ("/operators/0", "name"),
        ("/pipelines/0", "name"),
        ("/pipelines/0/stages/0", "name"),
    ] {
        shop.pointer_mut(pointer).expect("a place")[key] = EVIL.into();
    }
    shop["clients"][0]["variables"] = serde_json::json!({ "evil": EVIL, EVIL.replace('\n', ""): 1 });
    shop["clients"][0]["notes"] = serde_json::json!([{ "text": EVIL }]);
    place.file("shop.json", shop.to_string());
    let loaded = place.run(&["crm", "load", "shop.json", "--db", "sqlite://bot.db"]).ends(0);
    assert_harmless("loading", &loaded.stdout);
    assert_eq!(loaded.stdout.lines().count(), 1, "{}", loaded.stdout);
    let source = format!(
        "# {}\nx = question\nprint(x)\ncreate_order(x)\nset_note(x)\nclient.y = [x, {{x: x}}]\nset_client_name('101', x)\n",
        EVIL.replace(['\n', '\r'], "")
    );
    place.file("all.block", format!("{source}---\nDear #{{name}}, #{{x}}"));
    place.file("error.calc", format!("x = '{}' + (1 / 0)", EVIL.replace(['\n', '\r'], "")));
    place.file("raises.calc", "x = question\ny = int(x)\nz = {x: 1}['other']");
    place.file("broken.calc", format!("x = {} +* 1\ny = 'a{EVIL}'", EVIL.replace(['\n', '\r'], "")));
    for arguments in [
        &["run", "all.block", "--text", EVIL, "--now", NOW][..],
        &["run", "error.calc"],
        &["run", "raises.calc", "--text", EVIL],
        &["run", "broken.calc"],
        &["check", "broken.calc"],
        &["run", "broken.calc", "--dialect", "mavibot"],
        &["eval", "question", "--text", EVIL],
        &["eval", "name"],
        &["eval", EVIL],
        &["crm", "show"],
        &["run", EVIL],
        &["doc", EVIL],
        &["explain", EVIL],
        &[EVIL],
        &["check", "all.block", "--dialect", EVIL],
        &["fmt", "--\u{202e}"],
    ] {
        let mut arguments = arguments.to_vec();
        if matches!(arguments[0], "run" | "eval" | "crm") {
            arguments.extend(["--db", "sqlite://bot.db", "--client", "101"]);
        }
        let output = place.run(&arguments);
        assert_harmless(&format!("{arguments:?}"), &output.stdout);
        assert_harmless(&format!("{arguments:?}"), &output.stderr);
        let lines: Vec<&str> = output.stdout.lines().filter(|line| line.starts_with("deal 99")).collect();
        // Only `print` and the value of `eval`, which are shown as they are, may begin lines of their own.
        let most = match arguments[..] {
            ["run", "all.block", ..] | ["eval", "question" | "name", ..] => 1,
            _ => 0,
        };
        assert!(lines.len() <= most, "{arguments:?}: a fake line {lines:?}");
    }
    // Programs get the text as it is.
    let outcome = place.run(&["eval", "question", "--text", EVIL, "--format", "json", "--db", "sqlite://bot.db", "--client", "101"]);
    assert_eq!(outcome.ends(0).json()[0]["value"], EVIL);
}

#[test]
fn places_hold_beside_control_characters() {
    let place = Place::new();
    place.file("a.calc", "x = '\u{1b}[31m\u{9b}' + 1 / 0\ny = 1");
    let output = place.run(&["run", "a.calc"]).ends(1).stderr;
    let json = place.run(&["run", "--format", "json", "a.calc"]).json();
    let column = &json[0]["diagnostics"][0]["column"];
    assert!(output.contains(&format!("a.calc:1:{column} ")), "{column}: {output}");
    assert!(output.contains("[31m"), "nothing of the text is swallowed: {output}");
    let underlined = output.lines().skip_while(|line| !line.contains("1 \u{2502}")).take(2).collect::<Vec<_>>();
    let at = |line: &str, text: &str| line.find(text).map(|byte| line[..byte].chars().count());
    assert_eq!(at(underlined[0], "1 / 0"), at(underlined[1], "\u{2500}"), "{output}");
}

#[test]
fn colors_where_they_are_asked_for() {
    let place = scripts();
    let colored = |arguments: &[&str]| {
        let output = place.run(arguments);
        format!("{}{}", output.stdout, output.stderr).contains('\u{1b}')
    };
    assert!(colored(&["check", "broken.calc", "--color", "always"]));
    assert!(colored(&["run", "broken.calc", "--color=always"]));
    assert!(colored(&["--color", "always", "eval", "1 / 0"]));
    assert!(!colored(&["check", "broken.calc", "--color", "auto"]));
    assert!(!colored(&["check", "broken.calc", "--color", "never"]));
    place.run(&["check", "broken.calc", "--color", "sometimes"]).ends(2);
}

#[test]
fn quiet_leaves_errors_values_and_messages() {
    let place = scripts();
    place.file("notice.block", "set_note('')\nx = 1\ncreate_order('x')\nprint('printed')\n---\nHi");
    let output = place.run(&["run", "-q", "notice.block"]).ends(0);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("printed\nmessage: Hi\n", ""));
    let output = place.run(&["eval", "--quiet", "1 + 1"]).ends(0);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("2\n", ""));
    assert!(place.run(&["eval", "-q", "1 / 0"]).ends(1).stderr.contains("E0403"));
    assert!(place.run(&["run", "-q", "absent.calc"]).ends(2).stderr.contains("absent.calc"));
}
