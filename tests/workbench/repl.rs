//! `calc repl` as programs and people use it: by pipe, and on a terminal.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

struct Output {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
    command.arg("repl").args(arguments).current_dir(folder).env_remove("CALC_DB").env_remove("NO_COLOR");
    command.env("HOME", folder).env_remove("XDG_STATE_HOME");
    command
}

fn repl_in(folder: &Path, arguments: &[&str], input: &str) -> Output {
    repl_of_bytes(folder, arguments, input.as_bytes())
}

fn repl_of_bytes(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child =
        command(folder, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
    child.stdin.take().expect("a pipe").write_all(input).expect("written");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Output { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn repl(input: &str) -> Output {
    let folder = TempDir::new().expect("a folder");
    let output = repl_in(folder.path(), &["--now", "2026-11-22 10:00", "--seed", "1"], input);
    let left = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0, "nothing is made in the user's folder");
    output
}

/// What is on standard output after inputs that are all fine.
#[track_caller]
fn shown(input: &str) -> String {
    let output = repl(input);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    output.stdout
}

#[test]
fn values_are_shown_in_their_text_form() {
    assert_eq!(shown("1 + 1\n'a' + 'b'\nNone\n[1, 'x', None]\n10 / 2\nTrue\n"), "2\nab\n[1, \"x\", null]\n5\nTrue\n");
    assert_eq!(shown("print('hello')\nx = 3\nx * 2"), "hello\n3\n6\n");
}

#[test]
fn inputs_go_over_lines_while_something_is_open() {
    let script = "def twice(n):\n    return n * 2\n\ntwice(4)\nfor i in [1, 2]:\n    print(i)\nx = max(1,\n\n  3)\nif x == 3:\n    print('yes')\nelse:\n    print('no')\n\n";
    assert_eq!(shown(script), "8\n1\n2\n3\nyes\n");
}

#[test]
fn an_error_ends_nothing_and_takes_back_its_own_input_only() {
    let output = repl("x = 1\nset_client_name('Anna'); 1 / 0\nname\nx\n");
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), "1\nAnn Miller\n1\n"));
    assert!(output.stderr.contains("E0403") && !output.stderr.contains('\u{1b}'), "{}", output.stderr);
    let output = repl("x = (1 + \n");
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(output.stderr.contains("E0205"), "{}", output.stderr);
}

#[test]
fn bytes_that_are_not_text_are_an_error_of_their_input() {
    let folder = TempDir::new().expect("a folder");
    let output = repl_of_bytes(folder.path(), &["-q"], b"x = 5\ny = (1,\n'\xff')\nx\n");
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), "5\n5\n"), "{}", output.stderr);
    assert!(output.stderr.contains("E0108"), "{}", output.stderr);
}

#[test]
fn effects_are_told_on_standard_error() {
    let output = repl("deal = create_order('Mugs', 1500)\n");
    assert!(output.stderr.contains("created  \"Mugs\", budget 1500"), "{}", output.stderr);
    let folder = TempDir::new().expect("a folder");
    let quiet = repl_in(folder.path(), &["-q"], "deal = create_order('Mugs', 1500)\n");
    assert_eq!(quiet.stderr, "");
}

#[test]
fn undo_goes_back_input_by_input_and_not_past_a_commit() {
    let script = "x = 1\nx = 2\nx = 3\n:undo\nx\n:undo\nx\n:commit\n:undo\nx\n";
    let lines = shown(script);
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(&lines[..3], ["1", "2", "3"]);
    assert_eq!(lines[3..], ["undone: x = 3", "2", "undone: x = 2", "1", "committed", "nothing to undo since the last commit", "1"]);
}

#[test]
fn effects_lists_those_since_the_last_commit() {
    let out = shown("set_note('one')\n:commit\nset_note('two')\n:effects\n:undo\n:effects\n");
    assert!(out.contains("committed: 1 change\n"), "{out}");
    assert!(out.contains("note added  \"two\"\n"), "{out}");
    assert!(out.ends_with("nothing was changed since the last commit\n"), "{out}");
}

#[test]
fn a_dialogue_is_played() {
    let folder = TempDir::new().expect("a folder");
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    file("greeting.block", "_hello = 'Hello'\n---\n#{_hello}, #{name}: #{question}\n");
    file("tools.calc", "def price(n): return n * 490\n_fee = 5\n");
    let script = ":say I want mugs\n:block greeting.block 7\nwas_in_state(7)\n:run tools.calc\n:message In all: #{price(2) + _fee}\nprice(2) + _fee\n:message #{_fee} more\n:history\n";
    let output = repl_in(folder.path(), &["--now", "2026-11-22 10:00"], script);
    // A message cannot call functions of the session.
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines[..5], ["message: Hello, Ann Miller: I want mugs", "True", "5", "985", "message: 5 more"]);
    assert!(lines[5..].contains(&"22.11.2026 10:00  client: I want mugs"), "{lines:?}");
    assert_eq!(lines.last(), Some(&"22.11.2026 10:00  bot: 5 more"));
    file("broken.block", "x = \n\ny = (\n---\nHello\n");
    let output = repl_in(folder.path(), &[], ":block broken.block\n:block missing.block\n");
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""));
    assert!(output.stderr.contains("broken.block") && output.stderr.contains("missing.block: there is no such file"), "{}", output.stderr);
}

#[test]
fn a_message_that_is_not_sent_says_why() {
    let out = shown("unsubscribe()\n:message Hello\n:say hi\n:message Hello\n");
    assert_eq!(out, "True\nmessage not sent, client is unsubscribed: Hello\nmessage: Hello\n");
}

#[test]
fn the_client_can_change_and_begins_without_definitions() {
    let out = shown("_x = 1\nset_note('for Ann')\n:client 103\n[client_id, _x]\n:client\n:effects\n");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[3], "[103, null]", "{out}");
    assert!(lines[2].starts_with("client 103 ") && lines[4] == lines[2], "{out}");
    assert!(lines[5].contains("for Ann"), "{out}");
    let output = repl(":client 999\n:client x\nclient_id\n");
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), "101\n"), "{}", output.stderr);
}

#[test]
fn time_travels() {
    // Time that passes is taken back like anything else, and a clock that has gone on goes on again.
    assert_eq!(shown("x = 1\n:wait 1 day\n:undo\ncurrent_date\nx\n"), "1\nit is 23.11.2026 10:00\nundone: :wait 1 day\n22.11.2026\n1\n");
    let out = shown("current_date\n:wait 3 days\ncurrent_date\n:at 2027-01-01 09:30\n[current_date, current_time]\n:wait 30 минут\n");
    assert_eq!(
        out,
        "22.11.2026\nit is 25.11.2026 10:00\n25.11.2026\nit is 01.01.2027 09:30\n[\"01.01.2027\", \"09:30\"]\nit is 01.01.2027 10:00\n"
    );
    assert_eq!(repl(":wait soon\n:at never\n:wait\n").code, Some(1));
}

#[test]
fn time_that_passes_delivers_what_is_due() {
    let folder = TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write(
        "shop.json",
        r#"{"project": {"id": 1, "name": "Shop", "time_zone": "Europe/Moscow"}, "clients": [{"id": 101, "name": "Ann", "scheduled": [
            {"block": 8, "text": "Still there?", "due_at": "2026-11-23 09:00:00"}, {"block": 9, "due_at": "2026-11-24 09:00:00"},
            {"block": 7, "due_at": "2026-11-24 10:00:00"}, {"text": "Late", "due_at": "2026-12-30 09:00:00", "do_not_cancel": true}]}]}"#,
    );
    write("9-reminder.block", "seen = current_date\n---\nReminder of #{seen}\n");
    let arguments = ["--fixture", "shop.json", "--now", "2026-11-22 10:00"];
    let output = repl_in(folder.path(), &arguments, ":wait 1 hour\n:wait 3 days\n:history\ncurrent_date\n");
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let expected = "it is 22.11.2026 11:00\nmessage: Still there?\nmessage: Reminder of 24.11.2026\nit is 25.11.2026 11:00\n\
        23.11.2026 12:00  bot: Still there?\n24.11.2026 12:00  bot: Reminder of 24.11.2026\n25.11.2026\n";
    assert_eq!(output.stdout, expected);
    // One step: messages and time go back, what was due is due again, and what has no block stays where it is.
    let inputs = ":wait 3 days\n:undo\n:history\ncurrent_date\n:wait 3 days\n:commit\n:wait 1 day\ndelete_pended_messages(True)\n";
    let output = repl_in(folder.path(), &arguments, inputs);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert_eq!(output.stdout.matches("message: Still there?").count(), 2, "{}", output.stdout);
    assert!(output.stdout.contains("undone: :wait 3 days\n"), "{}", output.stdout);
    assert!(output.stdout.contains("no messages yet\n22.11.2026\n"), "{}", output.stdout);
    assert!(output.stderr.contains("scheduled messages dropped  2"), "{}", output.stderr);
    // To a time is as far as up to it; back in time nothing is due, and that is a step too.
    let inputs = ":at 2026-11-23 12:30\n:at 2026-11-20 10:00\ncurrent_date\n:undo\ncurrent_date\n:undo\ncurrent_date\n:history\n:at 2026-11-25\n:commit\n:undo\n";
    let output = repl_in(folder.path(), &[&arguments[..], &["-q"]].concat(), inputs);
    let expected = "message: Still there?\nit is 23.11.2026 12:30\nit is 20.11.2026 10:00\n20.11.2026\nundone: :at 2026-11-20 10:00\n23.11.2026\n\
        undone: :at 2026-11-23 12:30\n  message to client 101 queued  \"Still there?\"\n  client 101 was in block 8\n22.11.2026\nno messages yet\n\
        message: Still there?\nmessage: Reminder of 24.11.2026\nit is 25.11.2026 00:00\ncommitted: 4 changes\nnothing to undo since the last commit\n";
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), expected), "{}", output.stderr);
    let json = repl_in(folder.path(), &[&arguments[..], &["--format", "json"]].concat(), ":wait 3 days\n");
    let lines: Vec<Json> = json.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 1, "{}", json.stdout);
    assert_eq!((&lines[0]["value"], &lines[0]["message"]["text"]), (&json!("25.11.2026 10:00"), &json!("Reminder of 24.11.2026")));
}

#[test]
fn an_unknown_command_names_the_nearest_and_fails() {
    let output = repl(":effcts\n:nonsense\n:help\n");
    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains("did you mean `:effects`?"), "{}", output.stderr);
    for command in [
        "help", "doc", "vars", "client", "deal", "tasks", "effects", "undo", "message", "commit", "quit", "say", "run", "block", "at",
        "wait", "history", "explain",
    ] {
        assert!(output.stdout.contains(&format!(":{command} ")), "{command}");
    }
}

#[test]
fn commands_show_what_the_session_knows() {
    let out = shown("x = 'a'; client.y = 2; _z = 3\n:vars\n:deal\n:tasks\n:doc round\n:explain E0403\n");
    assert!(out.contains("x = \"a\"\n") && out.contains("client.y = 2\n") && out.contains("_z = 3\n"), "{out}");
    assert!(out.contains("deal 501 ") && out.contains("round(n, digits=0)") && out.contains("# E0403"), "{out}");
    assert_eq!(repl(":doc nothing_like_it\n").code, Some(1));
    assert!(shown(":client 103\n:deal\n").ends_with("no current deal\n"));
}

#[test]
fn quit_and_the_end_of_input_keep_nothing() {
    let folder = TempDir::new().expect("a folder");
    let db = ["--db", "sqlite://bot.db", "--client", "101"];
    let calc = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_calc")).args(arguments).current_dir(folder.path()).output().expect("it runs");
        String::from_utf8(output.stdout).expect("text")
    };
    let demo = calc(&["crm", "dump"]);
    std::fs::write(folder.path().join("demo.json"), &demo).expect("written");
    calc(&["crm", "load", "demo.json", "--db", "sqlite://bot.db"]);
    // Ids are taken in stretches: which one comes next says nothing of what is kept.
    let dump = || {
        let mut project: Json = serde_json::from_str(&calc(&["crm", "dump", "--db", "sqlite://bot.db"])).expect("a project");
        project["project"]["next_id"] = Json::Null;
        project
    };
    let before = dump();
    assert_eq!(repl_in(folder.path(), &db, "client.x = 1\n:quit\n1 / 0\n").code, Some(0));
    assert_eq!(repl_in(folder.path(), &db, "client.x = 1\ncreate_order('A')\n").code, Some(0));
    assert_eq!(dump(), before);
    assert_eq!(repl_in(folder.path(), &db, "client.x = 1\n:commit\nclient.x = 2\n").code, Some(0));
    let after = dump();
    assert_eq!(after["clients"][0]["variables"]["x"], json!(1));
    let output = repl_in(folder.path(), &["--db", "sqlite://bot.db", "--client", "999999"], "1\n");
    assert_eq!(output.code, Some(2), "{}", output.stderr);
}

#[test]
fn json_is_one_object_an_input() {
    let folder = TempDir::new().expect("a folder");
    let output = repl_in(folder.path(), &["--format", "json"], "x = 2\n1 / 0\n:message #{x}\n:effects\n:nonsense\n:undo\n:vars\n:quit\n");
    assert_eq!(output.code, Some(1));
    let objects: Vec<Json> = output.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert_eq!(objects.len(), 8, "{}", output.stdout);
    assert_eq!((&objects[0]["value"], &objects[0]["variables"]), (&json!(2), &json!({"x": 2})));
    assert_eq!((&objects[1]["status"], &objects[1]["diagnostics"][0]["code"]), (&json!("error"), &json!("E0403")));
    assert_eq!(objects[2]["message"], json!({"status": "queued", "text": "2", "error": null}));
    assert_eq!(objects[3]["value"][0]["kind"], json!("message_queued"));
    assert_eq!((&objects[4]["status"], &objects[5]["value"]["input"]), (&json!("error"), &json!("#{x}")));
    assert_eq!(objects[6]["value"]["deal"]["x"], json!(2));
}

#[test]
fn what_the_client_wrote_can_be_given_before() {
    let folder = TempDir::new().expect("a folder");
    let output = repl_in(folder.path(), &["--text", "I want mugs"], "question\n");
    assert_eq!(output.stdout, "I want mugs\n");
    // That is no input, so programs get no object for it.
    let output = repl_in(folder.path(), &["--format", "json", "--text", "I want mugs"], "question\n");
    assert_eq!((output.stdout.lines().count(), output.stdout.contains("I want mugs")), (1, true), "{}", output.stdout);
    let output = repl_in(folder.path(), &["--callback", "paid"], "question\nmessage_from_outside\n:undo\nquestion\n");
    assert!(output.stdout.starts_with("paid\n3\n"), "{}", output.stdout);
    assert!(!output.stdout.ends_with("paid\n"), "{}", output.stdout);
}

/// Long enough for the busiest machine: only a text that never comes takes so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// The REPL on a terminal of its own.
struct OnTerminal {
    terminal: std::fs::File,
    /// What a thread reads from the terminal: waiting for a text that never comes must end.
    read: Receiver<Vec<u8>>,
    child: std::process::Child,
    seen: String,
}

impl OnTerminal {
    fn start(folder: &Path) -> Self {
        let pair =
            nix::pty::openpty(Some(&nix::pty::Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 }), None).expect("a terminal");
        let side = || Stdio::from(pair.slave.try_clone().expect("another handle"));
        let mut command = command(folder, &["--now", "2026-11-22 10:00"]);
        command.env("TERM", "xterm").stdin(side()).stdout(side()).stderr(side());
        let child = command.spawn().expect("the command starts");
        let terminal = std::fs::File::from(pair.master);
        let mut reading = terminal.try_clone().expect("another handle");
        let (sender, read) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reading.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { terminal, read, child, seen: String::new() }
    }

    fn send(&mut self, text: &str) {
        self.terminal.write_all(text.as_bytes()).expect("written");
    }

    /// Reads until a text has appeared since the last one; the text before it, without colours and cursor movements.
    #[track_caller]
    fn expect(&mut self, text: &str) -> String {
        loop {
            let plain = plain(&self.seen);
            if let Some(at) = plain.find(text) {
                let found = plain[..at + text.len()].to_owned();
                plain[at + text.len()..].clone_into(&mut self.seen);
                return found;
            }
            let bytes = self.read.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("`{text}` did not appear: {plain:?}"));
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

impl Drop for OnTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text without control sequences.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            if characters.next() == Some('[') {
                for character in characters.by_ref() {
                    if character.is_ascii_alphabetic() {
                        break;
                    }
                }
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[test]
fn on_a_terminal_people_type_complete_and_interrupt() {
    let folder = TempDir::new().expect("a folder");
    let mut repl = OnTerminal::start(folder.path());
    repl.expect("calc> ");
    repl.send("1 + 1\r");
    repl.expect("\n2\r\n");
    repl.expect("calc> ");
    // A block goes on until an empty line.
    repl.send("for i in [1, 2]:\r    print(i * 100)\r\r");
    repl.expect("100\r\n200\r\n");
    repl.expect("calc> ");
    // The only function that begins so.
    repl.send("get_active_ord\t");
    repl.expect("get_active_orders_ids(");
    repl.send(")\r");
    repl.expect("[501");
    repl.expect("calc> ");
    // The signature of what is being called.
    repl.send("round(");
    repl.expect("n, digits=0)");
    // Ctrl-C clears the line.
    repl.send("\u{3}");
    repl.expect("calc> ");
    // A script that runs is stopped, and the session stays.
    repl.send("x = 6\r");
    repl.expect("\n6\r\n");
    repl.expect("calc> ");
    let pid = nix::unistd::Pid::from_raw(i32::try_from(repl.child.id()).expect("a process"));
    repl.send("while True: x = 7\r");
    repl.expect("x = 7");
    // Before the script runs, Ctrl-C means nothing here: so it is pressed until it does.
    while !repl.seen.contains("E0511") {
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("it runs");
        std::thread::sleep(Duration::from_millis(20));
        repl.read.try_iter().for_each(|bytes| repl.seen.push_str(&String::from_utf8_lossy(&bytes)));
    }
    repl.expect("E0511");
    repl.expect("calc> ");
    repl.send("x + 1000\r");
    repl.expect("\n1006\r\n");
    repl.expect("calc> ");
    // Ctrl-D ends, and what was typed is remembered.
    repl.send("\u{4}");
    assert_eq!(repl.child.wait().expect("it ends").code(), Some(0));
    let history = std::fs::read_to_string(folder.path().join(".local/state/calc/history")).expect("a history");
    assert!(history.contains("x + 1000"), "{history}");
}

#[test]
fn without_a_place_for_the_history_there_is_none() {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join(".local"), "a file where a folder should be").expect("written");
    let mut repl = OnTerminal::start(folder.path());
    repl.expect("calc> ");
    repl.send("2 * 21\r");
    repl.expect("\n42\r\n");
    repl.expect("calc> ");
    repl.send(":quit\r");
    assert_eq!(repl.child.wait().expect("it ends").code(), Some(0));
}
