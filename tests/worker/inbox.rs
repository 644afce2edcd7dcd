//! What waits in the store: the inbox, scheduled messages and clients to distribute, taken in by one worker or two.

use std::collections::BTreeMap;
use std::process::{Command, Output};

use serde_json::{Value as Json, json};

use super::{Bot, CALC, Running, deals_of, event, next_of};

/// One test on each store.
macro_rules! on_both_stores {
    ($($name:ident)+) => {
        $(mod $name {
            #[test]
            fn in_a_file() {
                super::$name(None);
            }

            #[cfg(feature = "postgres")]
            #[test]
            fn on_postgres() {
                if let Some(url) = crate::postgres::fresh_url() {
                    super::$name(Some(url));
                }
            }
        })+
    };
}

pub(crate) use on_both_stores;

on_both_stores! {
    events_of_the_inbox_are_handled_in_order two_workers_share_an_inbox a_worker_that_is_told_to_end_hands_back
    a_worker_whose_reader_is_gone_hands_back what_falls_due_happens_once fifty_five_clients_for_five_operators
}

fn enqueue(bot: &Bot, lines: &[Json]) -> Output {
    let text: String = lines.iter().map(|line| line.as_str().map_or_else(|| line.to_string(), str::to_owned) + "\n").collect();
    let file = bot.folder.path().join("events.jsonl");
    std::fs::write(&file, text).expect("a file");
    let mut command = Command::new(CALC);
    command.args(["crm", "enqueue", "--db", &bot.url]).arg(file).current_dir(bot.folder.path());
    command.output().expect("calc runs")
}

pub fn enqueued(bot: &Bot, lines: &[Json]) {
    let output = enqueue(bot, lines);
    assert!(output.status.success(), "{output:?}");
}

/// The rows of the inbox.
pub fn inbox(bot: &Bot) -> Vec<Json> {
    let output = Command::new(CALC).args(["crm", "list", "inbox", "--limit", "0", "--format", "json", "--db", &bot.url]).output();
    let text = String::from_utf8(output.expect("calc runs").stdout).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The database of a bot.
pub fn store(bot: &Bot) -> Box<dyn calc::crm::Store> {
    match bot.url.strip_prefix("sqlite://") {
        Some(path) => Box::new(calc::crm::SqliteStore::open(std::path::Path::new(path), false).expect("the database")),
        #[cfg(feature = "postgres")]
        None => Box::new(calc::store::PostgresStore::open(&bot.url, false).expect("the database")),
        #[cfg(not(feature = "postgres"))]
        None => unreachable!("files only"),
    }
}

/// Whether events wait that no worker holds.
fn events_are_due(bot: &Bot) -> bool {
    let now = std::time::SystemTime::now().into();
    calc::crm::inbox::due(&*store(bot), &[calc::ProjectId(1)], now).expect("an answer").iter().any(|(_, due)| due.events)
}

pub fn outcome(worker: &Running) -> Json {
    loop {
        let line = worker.next();
        if line["outcome"].is_object() {
            return line;
        }
    }
}

fn events_of_the_inbox_are_handled_in_order(url: Option<String>) {
    let bot = Bot::new(url);
    bot.write_block("9.block", "---\n#{message_from_outside}: #{question}\n");
    let callback = json!({"client": 101, "block": 9, "callback": "paid"});
    let lines = [event(101, "a", "mugs"), event(102, "b", "tea"), event(101, "c", "cups"), event(101, "a", "mugs"), callback];
    let output = enqueue(&bot, &lines);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stderr).contains("5 events"), "{output:?}");
    let rows = inbox(&bot);
    assert_eq!(rows.len(), 5);
    assert_eq!((&rows[0]["event"], &rows[0]["text"], &rows[0]["at"]), (&json!("a"), &json!("mugs"), &json!("2026-11-22 07:00:00")));
    assert_eq!((&rows[3]["event"], &rows[3]["callback"], &rows[3]["error"]), (&Json::Null, &json!("paid"), &Json::Null));

    let mut worker = Running::start(&bot, &["--inbox", "--outbox", "store"]);
    let lines: Vec<Json> = (0..5).map(|_| outcome(&worker)).collect();
    let of_ann = lines.iter().filter(|line| line["client"] == 101).map(|line| (&line["event"], &line["outcome"]["repeated"]));
    let expected = [(json!("a"), json!(false)), (json!("c"), json!(false)), (json!("a"), json!(true)), (Json::Null, json!(false))];
    assert!(of_ann.eq(expected.iter().map(|(event, repeated)| (event, repeated))), "{lines:?}");
    assert!(lines.iter().any(|line| line["outcome"]["message"]["text"] == "3: paid"), "{lines:?}");
    // What comes later is found, on standard input too; a worker with an inbox outlives its standard input.
    enqueued(&bot, &[event(103, "d", "spoons")]);
    assert_eq!(outcome(&worker)["event"], "d");
    worker.write(&event(103, "e", "forks"));
    assert_eq!(outcome(&worker)["event"], "e");
    worker.close_input();
    enqueued(&bot, &[event(103, "f", "knives"), event(103, "d", "spoons")]);
    assert_eq!(outcome(&worker)["event"], "f");
    assert_eq!(outcome(&worker)["outcome"]["repeated"], true);
    assert_eq!(worker.terminate(), Some(0));
    assert!(inbox(&bot).is_empty());
    assert_eq!(bot.deals(103), ["spoons", "forks", "knives"]);
}

#[test]
fn a_file_with_a_wrong_line_puts_nothing_in() {
    let bot = Bot::new(None);
    let lines = [
        event(101, "a", "mugs"),
        json!("this is no JSON"),
        json!(""),
        json!({"client": 101, "event": "x", "blok": 7}),
        json!({"client": 101, "event": "x", "block": "seven"}),
        json!({"client": 101, "event": "", "block": 7}),
        json!({"delivered": {"client": 101, "number": 1}}),
        json!([1, 101, "e", 7, null, null, null]),
    ];
    let output = enqueue(&bot, &lines);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    for words in [
        "line 2: not JSON",
        "(column 2)",
        "line 4: not an event",
        "`blok`",
        "line 5: ",
        "line 6: the id of the event is empty",
        "line 7: ",
        "line 8: not an event",
    ] {
        assert!(errors.contains(words), "{words} in {errors}");
    }
    assert!(!errors.contains("line 1:") && !errors.contains("line 3:") && errors.contains("nothing was put into the inbox"), "{errors}");
    let output = enqueue(&bot, &[event(101, "a", "mugs"), event(999, "b", "tea"), json!({"project": 7, "client": 101, "block": 7})]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("line 2: there is no client `999` in project `1`")
            && errors.contains("line 3: there is no client `101` in project `7`"),
        "{errors}"
    );
    assert!(inbox(&bot).is_empty());
}

#[test]
fn an_event_that_cannot_be_run_stays_with_the_reason() {
    let bot = Bot::new(None);
    enqueued(&bot, &[json!({"client": 101, "event": "x", "block": 99}), event(101, "a", "mugs")]);
    let mut worker = Running::start(&bot, &["--inbox", "--outbox", "store"]);
    let refused = worker.next();
    assert_eq!((&refused["event"], &refused["client"]), (&json!("x"), &json!(101)));
    assert!(refused["error"].as_str().is_some_and(|error| error.contains("no block 99")), "{refused}");
    assert_eq!(outcome(&worker)["event"], "a", "it is in nobody's way");
    assert_eq!(worker.terminate(), Some(0));
    let rows = inbox(&bot);
    assert_eq!(rows.len(), 1);
    assert!(rows[0]["error"].as_str().is_some_and(|error| error.contains("no block 99")), "{rows:?}");
    let output = Command::new(CALC).args(["crm", "list", "inbox", "--db", &bot.url]).output().expect("calc runs");
    assert!(String::from_utf8_lossy(&output.stdout).contains("no block 99"), "{output:?}");
}

/// Texts of the deals of all clients.
fn all_deals(bot: &Bot) -> Vec<String> {
    let dump = bot.dump();
    (101..=104).flat_map(|client| deals_of(&dump, client)).collect()
}

fn two_workers_share_an_inbox(url: Option<String>) {
    let bot = Bot::new(url);
    let lines: Vec<Json> = (0..120).map(|number| event(101 + number % 4, &format!("e{number}"), &number.to_string())).collect();
    enqueued(&bot, &lines);
    let mut workers =
        vec![Running::start(&bot, &["--inbox", "--outbox", "store"]), Running::start(&bot, &["--inbox", "--outbox", "store"])];
    enqueued(&bot, &lines);
    let mut events: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..240 {
        let (_, line) = next_of(&workers);
        assert!(line["outcome"]["status"] == "ok", "{line}");
        *events.entry(line["event"].as_str().expect("an id").to_owned()).or_default() += usize::from(line["outcome"]["repeated"] == false);
    }
    assert!(events.len() == 120 && events.values().all(|count| *count == 1), "{events:?}");
    for worker in &mut workers {
        assert_eq!(worker.terminate(), Some(0));
    }
    assert_eq!(all_deals(&bot).len(), 120);
    for client in bot.dump()["clients"].as_array().expect("clients") {
        let entries = client["history"].as_array().expect("a history").iter().filter(|entry| entry["direction"] == "in");
        let texts: Vec<&str> = entries.filter_map(|entry| entry["text"].as_str()).collect();
        let expected: Vec<String> = (0..120).filter(|number| 101 + number % 4 == client["id"]).map(|number| number.to_string()).collect();
        assert_eq!(texts, expected, "in order, each once");
    }
    assert!(inbox(&bot).is_empty());
}

/// A block that takes a while.
const SLOW: &str = "for number in range(20000):\n    _number = number\ndeal = create_order(question, 10)\n";

fn a_worker_that_is_told_to_end_hands_back(url: Option<String>) {
    let bot = Bot::new(url);
    bot.write_block("7-order.block", SLOW);
    let lines: Vec<Json> = (0..30).map(|number| event(101, &format!("e{number}"), &number.to_string())).collect();
    enqueued(&bot, &lines);
    let mut worker = Running::start(&bot, &["--inbox", "--outbox", "store"]);
    outcome(&worker);
    assert_eq!(worker.terminate(), Some(0));
    let (left, done) = (inbox(&bot).len(), bot.deals(101).len());
    assert!(left > 0 && left + done == 30, "{left} left, {done} done");
    assert!(events_are_due(&bot), "its lease has not come to its end");
    let mut worker = Running::start(&bot, &["--inbox", "--outbox", "store"]);
    for _ in 0..left {
        outcome(&worker);
    }
    assert_eq!(worker.terminate(), Some(0));
    assert_eq!(all_deals(&bot), (0..30).map(|number| number.to_string()).collect::<Vec<_>>());
}

fn a_worker_whose_reader_is_gone_hands_back(url: Option<String>) {
    let bot = Bot::new(url);
    bot.write_block("7-order.block", &format!("{SLOW}---\n#{{question}}\n"));
    let lines: Vec<Json> = (0..30).map(|number| event(101, &format!("e{number}"), &number.to_string())).collect();
    enqueued(&bot, &lines);
    let mut worker = Running::start(&bot, &["--inbox"]);
    outcome(&worker);
    worker.close_output();
    assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    assert!(!inbox(&bot).is_empty() && events_are_due(&bot), "its lease has not come to its end");
    // The first message is sent again at once, and as another attempt if it had been written.
    let (found, _, _) = bot.run(&[], &[]);
    let first = found.iter().find_map(|line| line.get("send")).expect("a message");
    assert_eq!(first["text"], "0");
}

fn a_time(seconds_ago: u64) -> String {
    let time: chrono::DateTime<chrono::Utc> = (std::time::SystemTime::now() - std::time::Duration::from_secs(seconds_ago)).into();
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}

fn what_falls_due_happens_once(url: Option<String>) {
    let scheduled = |client: u64| {
        json!([
            {"block": 7, "due_at": a_time(600 - client)}, {"text": "still there, #{name}?", "due_at": a_time(300)},
            {"block": 9, "text": "in place of \\#{its} own", "due_at": a_time(200)}, {"block": 7, "due_at": "2099-01-01 00:00:00"},
        ])
    };
    let clients: Vec<Json> = (101..=140).map(|client| json!({"id": client, "name": "Client", "scheduled": scheduled(client)})).collect();
    let bot = Bot::with_project(url, &json!({"project": {"id": 1, "name": "Shop"}, "clients": clients}));
    bot.write_block("9.block", "nines = 1\n---\nits own\n");
    let mut workers = [Running::start(&bot, &["--outbox", "store"]), Running::start(&bot, &["--outbox", "store"])];
    // At the end of standard input a worker ends when nothing is due any more.
    workers.iter_mut().for_each(Running::close_input);
    for worker in &mut workers {
        assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    }
    let lines: Vec<Json> = workers.iter().flat_map(|worker| worker.lines.iter()).collect();
    assert!(lines.len() == 120 && lines.iter().all(|line| line["outcome"]["status"] == "ok"), "{} lines, {:?}", lines.len(), lines.last());
    let dump = bot.dump();
    assert_eq!(dump["deals"].as_array().map(Vec::len), Some(40), "each block has made one deal");
    for client in dump["clients"].as_array().expect("clients") {
        let history = client["history"].as_array().expect("a history");
        let texts: Vec<&str> = history.iter().filter_map(|entry| entry["text"].as_str()).collect();
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert!(texts[0].starts_with("Number "), "in the order of their times, whichever worker had them: {texts:?}");
        assert_eq!(texts[1..], ["still there, #{name}?", "in place of \\#{its} own"], "as they are");
        assert_eq!(client["scheduled"].as_array().map(Vec::len), Some(1), "what is not due waits");
    }
}

#[test]
fn a_scheduled_block_that_is_not_there_waits_for_it() {
    let clients = json!([{"id": 101, "name": "Client", "scheduled": [{"block": 99, "due_at": "2026-01-01 00:00:00"}]}]);
    let bot = Bot::with_project(None, &json!({"project": {"id": 1, "name": "Shop"}, "clients": clients}));
    let (found, errors, exit) = bot.run(&[], &["--outbox", "store", "--lease", "1"]);
    assert_eq!(exit, Some(2), "{errors}");
    assert!(errors.contains("no block 99") && found[0]["error"].is_string(), "{errors} {found:?}");
    bot.write_block("99.block", "---\nlate\n");
    let mut worker = Running::start(&bot, &["--outbox", "store", "--lease", "1"]);
    assert_eq!(outcome(&worker)["outcome"]["message"]["text"], "late");
    assert_eq!(worker.terminate(), Some(0));
}

/// 5 operators and 55 clients, distributed at once by two processes: those who wait for an operator, then by events.
fn fifty_five_clients_for_five_operators(url: Option<String>) {
    let operators: Vec<Json> = (1..=5).map(|number| json!({"email": format!("{number}@example.com"), "status": "on_shift"})).collect();
    let client = |id: i64| json!({"id": id, "name": "Client", "queued": id < 156, "queued_until": if id < 156 { json!(a_time(60)) } else { Json::Null }});
    let clients: Vec<Json> = (101..=210).map(client).collect();
    let project =
        json!({"id": 1, "name": "Shop", "distribution": {"enabled": true, "hours": "always", "days_off": [], "window": 1_000_000}});
    let bot = Bot::with_project(url, &json!({"project": project, "operators": operators, "clients": clients}));
    bot.write_block("5.block", "distribute_client()\n");
    let counts = |clients: std::ops::RangeInclusive<i64>| {
        let dump = bot.dump();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for client in
            dump["clients"].as_array().expect("clients").iter().filter(|client| clients.contains(&client["id"].as_i64().unwrap_or(0)))
        {
            *counts.entry(client["operator"].as_str().unwrap_or("nobody").to_owned()).or_default() += 1;
        }
        counts
    };
    let eleven_each: BTreeMap<String, usize> = (1..=5).map(|number| (format!("{number}@example.com"), 11)).collect();

    let mut workers = [Running::start(&bot, &["--outbox", "store"]), Running::start(&bot, &["--outbox", "store"])];
    workers.iter_mut().for_each(Running::close_input);
    for worker in &mut workers {
        assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    }
    assert_eq!(counts(101..=155), eleven_each, "those who waited");

    let mut workers = [Running::start(&bot, &["--outbox", "store"]), Running::start(&bot, &["--outbox", "store"])];
    for client in 156..=210 {
        for worker in &mut workers {
            worker.write(&json!({"client": client, "event": "distribute", "block": 5}));
        }
    }
    workers.iter_mut().for_each(Running::close_input);
    for worker in &mut workers {
        assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    }
    assert_eq!(counts(156..=210), eleven_each, "by events that came to both");
}
