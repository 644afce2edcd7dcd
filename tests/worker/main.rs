//! `calc worker` as a pipeline drives it: lines in, lines out, signals, two machines, blocks that change.

#![cfg(all(feature = "cli", unix))]

mod delivery;
#[cfg(feature = "postgres")]
mod failures;
mod inbox;
#[cfg(feature = "postgres")]
#[path = "../postgres/mod.rs"]
mod postgres;
mod requests;
mod serial;
mod trials;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

const CALC: &str = env!("CARGO_BIN_EXE_calc");
/// Only a worker that hangs takes this long.
const HANGS: Duration = Duration::from_mins(2);

/// A bot in a folder and its database.
struct Bot {
    folder: TempDir,
    url: String,
}

impl Bot {
    fn new(url: Option<String>) -> Self {
        let clients: Vec<Json> = (101..=104).map(|client| json!({"id": client, "name": "Client"})).collect();
        Self::with_project(url, &json!({"project": {"id": 1, "name": "Shop"}, "clients": clients}))
    }

    fn with_project(url: Option<String>, project: &Json) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = url.unwrap_or_else(|| format!("sqlite://{}", folder.path().join("bot.db").display()));
        let bot = Self { folder, url };
        bot.write_block("7-order.block", "deal = create_order(question, 10)\n---\nNumber #{deal}: #{question}\n");
        bot.write_block("8.block", "x = 1 / 0\n");
        let file = bot.folder.path().join("shop.json");
        std::fs::write(&file, project.to_string()).expect("a file");
        let loaded = Command::new(CALC).args(["crm", "load", "--db", &bot.url]).arg(file).output().expect("calc runs");
        assert!(loaded.status.success(), "{loaded:?}");
        bot
    }

    fn blocks(&self) -> PathBuf {
        self.folder.path().join("blocks")
    }

    fn write_block(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.blocks()).expect("a folder");
        std::fs::write(self.blocks().join(name), text).expect("a file");
    }

    fn command(&self, options: &[&str]) -> Command {
        let mut command = Command::new(CALC);
        command.args(["worker", "--db", &self.url, "--blocks"]).arg(self.blocks()).args(options);
        command.env_remove("CALC_DB").env("CALC_LANG", "en").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a worker on lines up to their end; what it wrote, its errors and its exit code.
    fn run(&self, lines: &[Json], options: &[&str]) -> (Vec<Json>, String, Option<i32>) {
        let text: String = lines.iter().map(|line| line.as_str().map_or_else(|| line.to_string(), str::to_owned) + "\n").collect();
        let mut child = self.command(options).spawn().expect("calc runs");
        child.stdin.take().expect("its input").write_all(text.as_bytes()).expect("writing");
        let output = child.wait_with_output().expect("its end");
        let lines = String::from_utf8(output.stdout).expect("UTF-8");
        let lines = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        (lines, String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
    }

    fn dump(&self) -> Json {
        let output = Command::new(CALC).args(["crm", "dump", "--db", &self.url]).output().expect("calc runs");
        serde_json::from_slice(&output.stdout).expect("a dump")
    }

    /// The names of the deals of a client, in order.
    fn deals(&self, client: i64) -> Vec<String> {
        deals_of(&self.dump(), client)
    }
}

fn deals_of(dump: &Json, client: i64) -> Vec<String> {
    let deals = dump["deals"].as_array().expect("deals").iter();
    deals.filter(|deal| deal["client"] == client).map(|deal| deal["name"].as_str().expect("a name").to_owned()).collect()
}

fn event(client: i64, id: &str, text: &str) -> Json {
    json!({"project": 1, "client": client, "event": id, "block": 7, "text": text, "at": "2026-11-22T07:00:00Z"})
}

fn sends(lines: &[Json]) -> Vec<(i64, &str)> {
    let sends = lines.iter().filter_map(|line| line.get("send"));
    sends.map(|send| (send["client"].as_i64().expect("a client"), send["text"].as_str().expect("a text"))).collect()
}

#[test]
fn events_give_outcomes_and_messages() {
    let bot = Bot::new(None);
    let lines = [event(101, "a", "mugs"), event(102, "b", "tea"), event(101, "c", "cups"), event(101, "a", "mugs")];
    let (found, errors, exit) = bot.run(&lines, &[]);
    assert_eq!((exit, errors.as_str()), (Some(0), ""));
    let of_client = |client: i64| -> Vec<(&str, Json)> {
        let outcomes = found.iter().filter(|line| line["outcome"].is_object() && line["client"] == client);
        outcomes.map(|line| (line["event"].as_str().expect("an id"), line["outcome"]["repeated"].clone())).collect()
    };
    assert_eq!(of_client(101), [("a", json!(false)), ("c", json!(false)), ("a", json!(true))]);
    assert_eq!(of_client(102), [("b", json!(false))]);
    let mut deals = bot.deals(101);
    deals.sort();
    assert_eq!(deals, ["cups", "mugs"]);
    let texts: Vec<&str> = sends(&found).into_iter().filter(|(client, _)| *client == 101).map(|(_, text)| text).collect();
    assert!(texts[0].ends_with(": mugs") && texts[1].ends_with(": cups") && texts.len() == 2, "{texts:?}");
    // Nobody confirmed them, so the next worker sends them again.
    let (found, _, _) = bot.run(&[], &[]);
    assert_eq!(sends(&found).len(), 3);
    let (found, _, _) = bot.run(&[], &["--outbox", "store"]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn an_error_of_the_script_is_an_outcome() {
    let bot = Bot::new(None);
    let line = json!({"client": 101, "event": "a", "block": 8});
    let (found, _, exit) = bot.run(&[line], &[]);
    assert_eq!(exit, Some(0));
    assert_eq!((&found[0]["outcome"]["status"], &found[0]["outcome"]["diagnostics"][0]["code"]), (&json!("error"), &json!("E0403")));
}

#[test]
fn a_callback_is_the_question_of_its_event_only() {
    let bot = Bot::new(None);
    bot.write_block("9.block", "---\n#{message_from_outside}: #{question}\n");
    let lines = [
        json!({"client": 101, "event": "a", "block": 9, "text": "I want mugs"}),
        json!({"client": 101, "event": "b", "block": 9, "callback": "paid"}),
        json!({"client": 101, "event": "c", "block": 9}),
        json!({"client": 101, "event": "d", "block": 9, "text": "x", "callback": "y"}),
    ];
    let (found, errors, exit) = bot.run(&lines, &["--outbox", "store"]);
    assert_eq!(exit, Some(2), "{errors}");
    assert!(errors.contains("line 4: an event has either a text or a callback"), "{errors}");
    let texts: Vec<&Json> =
        found.iter().filter(|line| line["outcome"].is_object()).map(|line| &line["outcome"]["message"]["text"]).collect();
    assert_eq!(texts, ["0: I want mugs", "3: paid", "0: I want mugs"]);
}

#[test]
fn lines_that_are_no_events_are_named_and_the_others_run() {
    let bot = Bot::new(None);
    let lines = [
        json!("this is no JSON"),
        event(101, "a", "mugs"),
        json!({"client": 101, "event": "x", "block": 99}),
        json!({"client": 999, "event": "y", "block": 7}),
        json!({"client": 101, "block": 7, "texte": "typo"}),
        event(101, "", "mugs"),
        event(101, &"e".repeat(501), "mugs"),
        event(101, "long", &"я".repeat(100_001)),
        event(101, "endless", &"я".repeat(4 << 20)),
        event(101, "b", &"😀".repeat(20)),
    ];
    let (found, errors, exit) = bot.run(&lines, &["--outbox", "store"]);
    assert_eq!(exit, Some(2), "{errors}");
    let refused: Vec<i64> = found.iter().filter(|line| line["error"].is_string()).filter_map(|line| line["line"].as_i64()).collect();
    let mut sorted = refused.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [1, 3, 4, 5, 6, 7, 8, 9], "{errors}");
    for word in [
        "line 1: not JSON",
        "line 3: there is no block 99",
        "line 4: ",
        "line 5: ",
        "texte",
        "line 6: the id of the event is empty",
        "line 7: ",
        "line 8: ",
        "line 9: longer",
    ] {
        assert!(errors.contains(word), "{word} in {errors}");
    }
    let event = |line: i64| found.iter().find(|found| found["line"] == line).map(|found| found["event"].clone());
    assert_eq!(event(8), Some(json!("long")), "the pipeline can tell which one it was");
    assert_eq!(bot.deals(101), ["mugs".to_owned(), "😀".repeat(20)]);
}

#[test]
fn a_folder_without_blocks_is_refused() {
    let bot = Bot::new(None);
    let empty = bot.folder.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    let output = Command::new(CALC).args(["worker", "--db", &bot.url, "--blocks"]).arg(&empty).output().expect("calc runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("7-welcome.block"), "{output:?}");
    let (_, errors, exit) = bot.run(&[], &["--project", "9"]);
    assert!(exit == Some(2) && errors.contains("no project `9`"), "{errors}");
}

/// A worker that a test talks to.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    /// Whether the worker's output is read on.
    is_heard: Arc<AtomicBool>,
    lines: Receiver<Json>,
}

impl Drop for Running {
    /// A test that fails leaves no worker behind, not even a stopped one.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(bot: &Bot, options: &[&str]) -> Self {
        let mut child = bot.command(options).stderr(Stdio::inherit()).spawn().expect("calc runs");
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, lines) = channel();
        let is_heard = Arc::new(AtomicBool::new(true));
        let listens = Arc::clone(&is_heard);
        std::thread::spawn(move || {
            let mut line = String::new();
            // A line without its end was being written when its worker was killed.
            while output.read_line(&mut line).is_ok() && line.ends_with('\n') && listens.load(Ordering::SeqCst) {
                let _ = sender.send(serde_json::from_str(&line).expect("JSON"));
                line.clear();
            }
        });
        Self { child, input, is_heard, lines }
    }

    fn close_input(&mut self) {
        self.input = None;
    }

    /// From the next line on nobody reads what the worker writes.
    fn close_output(&self) {
        self.is_heard.store(false, Ordering::SeqCst);
    }

    fn write(&mut self, line: &Json) {
        writeln!(self.input.as_ref().expect("an open input"), "{line}").expect("writing");
    }

    fn next(&self) -> Json {
        self.lines.recv_timeout(HANGS).expect("a line")
    }

    fn terminate(&mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().is_ok_and(|status| status.success()));
        self.child.wait().expect("its end").code()
    }
}

#[test]
fn messages_go_out_one_after_another_and_come_again_until_they_are_confirmed() {
    let bot = Bot::new(None);
    let mut worker = Running::start(&bot, &[]);
    worker.write(&event(101, "a", "mugs"));
    // Once it is committed, the message may be seen before the outcome is reported.
    let lines = [worker.next(), worker.next()];
    assert!(lines.iter().any(|line| line["event"] == "a"), "{lines:?}");
    let send = lines.into_iter().find_map(|line| line.get("send").cloned()).expect("a message");
    assert_eq!((&send["client"], &send["attempt"]), (&json!(101), &json!(1)));
    worker.write(&event(101, "b", "tea"));
    assert_eq!(worker.next()["event"], "b");
    // The second waits for the first, and a failure is tried again.
    worker.write(&json!({"failed": {"client": 101, "number": send["number"], "error": "busy"}}));
    let again = worker.next()["send"].clone();
    assert_eq!((&again["number"], &again["attempt"]), (&send["number"], &json!(2)));
    worker.write(&json!({"delivered": {"client": 101, "number": send["number"]}}));
    let second = worker.next()["send"].clone();
    assert!(second["text"].as_str().is_some_and(|text| text.ends_with("tea")), "{second}");
    worker.write(&json!({"failed": {"client": 101, "number": second["number"], "error": "the chat is gone", "final": true}}));
    worker.write(&event(102, "c", "cups"));
    // Once it is committed, the message may be seen before the outcome is reported.
    let lines = [worker.next(), worker.next()];
    assert!(lines.iter().any(|line| line["event"] == "c") && lines.iter().any(|line| line["send"]["client"] == 102), "{lines:?}");
    assert_eq!(worker.terminate(), Some(0));
    let dump = bot.dump();
    let history = dump["clients"][0]["history"].as_array().expect("a history");
    let out: Vec<(&Json, &Json)> =
        history.iter().filter(|entry| entry["direction"] == "out").map(|entry| (&entry["delivered"], &entry["error"])).collect();
    assert_eq!(out, [(&json!(true), &Json::Null), (&json!(false), &json!("the chat is gone"))]);
}

/// The next line of any of the workers, and whose it is.
fn next_of(workers: &[Running]) -> (usize, Json) {
    let deadline = Instant::now() + HANGS;
    loop {
        for (index, worker) in workers.iter().enumerate() {
            if let Ok(line) = worker.lines.recv_timeout(Duration::from_millis(5)) {
                return (index, line);
            }
        }
        assert!(Instant::now() < deadline, "no line");
    }
}

fn two_workers_share_an_outbox(url: Option<String>) {
    let bot = Bot::new(url);
    let mut workers = vec![Running::start(&bot, &[]), Running::start(&bot, &[])];
    for number in 0..8 {
        workers[0].write(&event(101 + number % 2, &format!("a{number}"), &format!("text {number}")));
    }
    let mut sent: Vec<(usize, Json)> = Vec::new();
    let mut outcomes = 0;
    let mut listen = |workers: &[Running], sent: &mut Vec<(usize, Json)>| match next_of(workers) {
        (index, line) if line["send"].is_object() => sent.push((index, line["send"].clone())),
        _ => outcomes += 1,
    };
    while sent.len() < 2 {
        listen(&workers, &mut sent);
    }
    // The other one looks at the outbox after this, where the first messages wait for their confirmation.
    workers[1].write(&event(103, "b", "text 8"));
    while sent.len() < 3 {
        listen(&workers, &mut sent);
    }
    let mut confirmed = 0;
    while confirmed < 9 {
        while sent.len() <= confirmed {
            listen(&workers, &mut sent);
        }
        let (index, message) = &sent[confirmed];
        workers[*index].write(&json!({"delivered": {"client": message["client"], "number": message["number"]}}));
        confirmed += 1;
    }
    while outcomes < 9 {
        let (_, line) = next_of(&workers);
        assert!(line["outcome"].is_object(), "sent twice: {line}");
        outcomes += 1;
    }
    let texts = |client: i64| -> Vec<&str> {
        let of_client = sent.iter().filter(|(_, send)| send["client"] == client);
        of_client.map(|(_, send)| send["text"].as_str().and_then(|text| text.rsplit(' ').next()).expect("a text")).collect()
    };
    assert_eq!((texts(101), texts(102), texts(103)), (vec!["0", "2", "4", "6"], vec!["1", "3", "5", "7"], vec!["8"]));

    // A worker that ends hands back what was not confirmed.
    workers[0].write(&event(104, "c", "text 9"));
    let (holder, first) = loop {
        let (index, line) = next_of(&workers);
        if line["send"].is_object() {
            break (index, line["send"].clone());
        }
    };
    assert_eq!(workers[holder].terminate(), Some(0));
    let mut other = workers.remove(1 - holder);
    let again = loop {
        let line = other.next();
        if line["send"].is_object() {
            break line["send"].clone();
        }
    };
    assert_eq!((&again["number"], &again["text"]), (&first["number"], &first["text"]));
    assert_eq!((&first["attempt"], &again["attempt"]), (&json!(1), &json!(2)));
    other.write(&json!({"delivered": {"client": 104, "number": again["number"]}}));
    other.close_input();
    assert_eq!(other.child.wait().expect("its end").code(), Some(0));
    assert!(!other.lines.iter().any(|line| line["send"].is_object()), "nothing was left to send");
}

#[test]
fn two_workers_share_an_outbox_in_a_file() {
    two_workers_share_an_outbox(None);
}

#[cfg(feature = "postgres")]
#[test]
fn two_workers_share_an_outbox_on_postgres() {
    if let Some(url) = postgres::fresh_url() {
        two_workers_share_an_outbox(Some(url));
    }
}

#[test]
fn blocks_are_read_again_and_a_broken_one_keeps_its_last_good_version() {
    let bot = Bot::new(None);
    let mut worker = Running::start(&bot, &["--outbox", "store"]);
    let answer = |worker: &mut Running, id: &str| {
        worker.write(&event(101, id, "mugs"));
        worker.next()["outcome"]["message"]["text"].as_str().expect("a message").to_owned()
    };
    assert!(answer(&mut worker, "a").starts_with("Number"));
    bot.write_block("7-order.block", "---\nA new text\n");
    // The folder is looked at again every now and then.
    let mut tries = 0;
    while answer(&mut worker, &format!("b{tries}")) != "A new text" {
        tries += 1;
        assert!(tries < 1_000, "the block is never read again");
        std::thread::sleep(Duration::from_millis(20));
    }
    bot.write_block("7-order.block", "x = = 1\n---\nbroken\n");
    bot.write_block("9.block", "---\nanother\n");
    let mut tries = 0;
    loop {
        worker.write(&json!({"client": 101, "event": format!("n{tries}"), "block": 9}));
        if worker.next()["outcome"].is_object() {
            break;
        }
        tries += 1;
        assert!(tries < 1_000, "the new block is never found");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(answer(&mut worker, "c"), "A new text");
    assert_eq!(worker.terminate(), Some(0));
}

#[test]
fn metrics_are_served() {
    let bot = Bot::new(None);
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let address = format!("127.0.0.1:{port}");
    let mut worker = Running::start(&bot, &["--metrics", &address, "--outbox", "store"]);
    worker.write(&event(101, "a", "mugs"));
    worker.next();
    worker.write(&json!({"client": 101, "event": "b", "block": 8}));
    worker.next();
    worker.write(&event(101, "a", "mugs"));
    worker.next();
    // This worker has no inbox: what is there waits.
    inbox::enqueued(&bot, &[event(101, "c", "cups"), event(102, "d", "tea")]);
    let mut stream = std::net::TcpStream::connect(&address).expect("the metrics");
    stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").expect("asking");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).expect("an answer");
    for line in [
        "calc_blocks_total{result=\"ok\",repeated=\"false\"} 1",
        "calc_blocks_total{result=\"ok\",repeated=\"true\"} 1",
        "calc_blocks_total{result=\"E0403\",repeated=\"false\"} 1",
        "calc_messages_total{status=\"none\"} 1",
        "calc_block_seconds_count 3",
        "calc_block_seconds_bucket{le=\"+Inf\"} 3",
        "calc_events_waiting 0",
        "calc_depth{project=\"1\",queue=\"inbox\"} 2",
        "calc_depth{project=\"1\",queue=\"refused\"} 0",
        "calc_depth{project=\"1\",queue=\"outbox\"} 1",
        "calc_depth{project=\"1\",queue=\"requests\"} 0",
        "calc_depth{project=\"1\",queue=\"scheduled\"} 0",
        "calc_depth{project=\"1\",queue=\"distribution\"} 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert_eq!(worker.terminate(), Some(0));
}
