//! What blocks ask of the host: blocks for other clients are run by the worker, the rest is for the pipeline to do.

use serde_json::{Value as Json, json};

use super::inbox::{on_both_stores, outcome};
use super::{Bot, Running, event};

on_both_stores! { blocks_ask_for_things what_is_asked_stays_in_the_store a_paused_client_is_left_alone numbers_of_messages }

fn bot(url: Option<String>) -> Bot {
    let clients: Vec<Json> = (101..=104).map(|client| json!({"id": client, "name": "Client"})).collect();
    let operators = json!([{"email": "olga@example.com"}]);
    let bot = Bot::with_project(url, &json!({"project": {"id": 1, "name": "Shop"}, "clients": clients, "operators": operators}));
    bot.write_block(
        "20.block",
        "callback(102, 'paid')\nmessage(103, '', 21)\nmessage(103, 'As it is', 21)\nsend_notification('x')\nmessage(104, 'hi')\n",
    );
    bot.write_block("21.block", "from = message_from_outside\n---\nIts own, #{from}\n");
    bot
}

/// The next line of a kind.
fn next(worker: &Running, kind: &str) -> Json {
    loop {
        let line = worker.next();
        if line[kind].is_object() {
            return line[kind].clone();
        }
    }
}

fn ask(block: i64) -> Json {
    json!({"client": 101, "event": format!("ask {block}"), "block": block})
}

fn blocks_ask_for_things(url: Option<String>) {
    let bot = bot(url);
    let (lines, _, code) = bot.run(&[ask(20)], &[]);
    assert_eq!(code, Some(0), "{lines:?}");
    let requests: Vec<&Json> = lines.iter().map(|line| &line["request"]).filter(|request| request.is_object()).collect();
    let [request, notification] = requests[..] else { panic!("two requests: {lines:?}") };
    assert_eq!((&notification["kind"], &notification["operators"]), (&json!("notify"), &json!(["olga@example.com"])));
    let expected = json!({"project": 1, "by": 101, "kind": "callback", "client": 102, "text": "paid"});
    for (key, value) in expected.as_object().expect("an object") {
        assert_eq!(&request[key], value, "{request}");
    }
    let outcomes = |client: i64| lines.iter().filter(move |line| line["outcome"].is_object() && line["client"] == client);
    let texts: Vec<&Json> = outcomes(103).map(|line| &line["outcome"]["message"]["text"]).collect();
    assert_eq!(texts, ["Its own, 1", "As it is"]);
    assert!(lines.iter().any(|line| line["send"]["client"] == 104), "{lines:?}");
    // Nobody has said that the callback is done: it comes again, and the blocks do not.
    let mut worker = Running::start(&bot, &[]);
    let again = next(&worker, "request");
    let notification = next(&worker, "request");
    assert_eq!((&again["number"], &again["event"]), (&request["number"], &request["event"]));
    worker.write(&json!({"client": 102, "event": again["event"], "block": 21, "callback": again["text"]}));
    assert_eq!(outcome(&worker)["outcome"]["message"]["text"], "Its own, 3");
    for request in [&again, &notification] {
        worker.write(&json!({"done": {"by": request["by"], "number": request["number"]}}));
    }
    worker.close_input();
    assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    let (lines, errors, _) = bot.run(&[json!({"done": {"by": again["by"], "number": again["number"]}})], &[]);
    assert!(lines.iter().all(|line| !line["request"].is_object() && !line["outcome"].is_object()), "{lines:?}");
    assert!(errors.contains("was not waiting"), "{errors}");
    let dump = bot.dump();
    assert_eq!((&dump["events"], &dump["notifications"]), (&json!([]), &json!([])));
}

fn what_is_asked_stays_in_the_store(url: Option<String>) {
    let bot = bot(url);
    let (lines, ..) = bot.run(&[ask(20)], &["--outbox", "store"]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(bot.dump()["events"].as_array().map(Vec::len), Some(3));
    // A block that is not there is said once, and waits.
    bot.write_block("30.block", "message(103, '', 99)\n");
    // What another client's block asked for waits for nothing of the first one's.
    let (lines, errors, code) = bot.run(&[json!({"client": 104, "event": "ask 30", "block": 30})], &[]);
    assert_eq!(code, Some(2));
    let said = "block that was asked for, client 103: there is no block 99 that can be run; it stays and is tried again";
    assert!(errors.contains(said), "{errors}");
    let error = lines.iter().find(|line| line["error"].is_string()).expect("an error");
    assert!(error["client"] == 103 && error["error"].as_str().is_some_and(|text| text.contains("99")), "{error}");
    let events = bot.dump()["events"].clone();
    assert!(events.as_array().is_some_and(|events| events.iter().any(|event| event["block"] == 99)), "{events}");
}

fn a_paused_client_is_left_alone(url: Option<String>) {
    let project = json!({
        "project": {"id": 1, "name": "Shop"},
        "clients": [{
            "id": 101, "name": "Ann", "paused_until": "9000-01-01 00:00:00",
            "scheduled": [{"text": "later", "due_at": "2026-01-01 00:00:00"}, {"block": 21, "due_at": "2026-01-01 00:00:00"}],
        }],
        "events": [{"kind": "block", "client": 101, "block": 21}],
    });
    let bot = Bot::with_project(url, &project);
    bot.write_block("21.block", "---\nIts own\n");
    let (lines, _, code) = bot.run(&[event(101, "f", "anybody?")], &[]);
    assert_eq!(code, Some(0));
    assert!(lines.iter().all(|line| !line["send"].is_object()), "{lines:?}");
    let dump = bot.dump();
    assert_eq!(dump["events"].as_array().map(Vec::len), Some(1), "it waits");
    assert_eq!(dump["clients"][0]["scheduled"].as_array().map(Vec::len), Some(2), "and so does what is due");
    let texts: Vec<&Json> = dump["clients"][0]["history"].as_array().into_iter().flatten().map(|entry| &entry["text"]).collect();
    assert_eq!(texts, ["anybody?"]);
    let (lines, ..) = bot.run(&[], &[]);
    assert!(lines.is_empty(), "put off until the pause is over: {lines:?}");
}

fn numbers_of_messages(url: Option<String>) {
    let bot = Bot::new(url);
    bot.write_block("40.block", "last = last_message_id()\nall = last_messages_ids()\n");
    let mut worker = Running::start(&bot, &[]);
    for (id, numbers) in [("a", json!(811)), ("b", json!("812_813"))] {
        worker.write(&event(101, id, "mugs"));
        let send = next(&worker, "send");
        worker.write(&json!({"delivered": {"client": 101, "number": send["number"], "message_ids": numbers}}));
    }
    worker.close_input();
    assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    let (lines, ..) = bot.run(&[ask(40)], &[]);
    let variables = &lines[0]["outcome"]["variables"];
    assert_eq!((&variables["last"], &variables["all"]), (&json!("812_813"), &json!(["812_813", 811])));
}
