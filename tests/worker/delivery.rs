//! Messages that do not arrive, and workers that are killed with messages on their way.

use serde_json::{Value as Json, json};

use super::inbox::on_both_stores;
use super::{Bot, Running, event};

on_both_stores! {
    a_message_that_never_arrives_is_given_up messages_of_a_killed_worker_come_after_its_lease
}

fn next_message(worker: &Running) -> Json {
    loop {
        let line = worker.next();
        if line["send"].is_object() {
            return line["send"].clone();
        }
    }
}

fn a_message_that_never_arrives_is_given_up(url: Option<String>) {
    let bot = Bot::new(url);
    let mut worker = Running::start(&bot, &["--attempts", "3"]);
    worker.write(&event(101, "a", "mugs"));
    worker.write(&event(101, "b", "tea"));
    for attempt in 1..=3 {
        let send = next_message(&worker);
        assert!(send["text"].as_str().is_some_and(|text| text.ends_with("mugs")) && send["attempt"] == attempt, "{send}");
        let error = format!("no answer, {attempt}");
        worker.write(&json!({"failed": {"client": 101, "number": send["number"], "error": error, "final": false}}));
    }
    let send = next_message(&worker);
    assert!(send["text"].as_str().is_some_and(|text| text.ends_with("tea")) && send["attempt"] == 1, "the next one begins: {send}");
    worker.write(&json!({"delivered": {"client": 101, "number": send["number"]}}));
    worker.close_input();
    assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    let dump = bot.dump();
    let history = dump["clients"][0]["history"].as_array().expect("a history").iter();
    let out: Vec<_> = history.filter(|entry| entry["direction"] == "out").map(|entry| (&entry["delivered"], &entry["error"])).collect();
    assert_eq!(out, [(&json!(false), &json!("no answer, 3")), (&json!(true), &Json::Null)]);
    let (lines, _, _) = bot.run(&[], &[]);
    assert!(lines.is_empty(), "nothing is left to send: {lines:?}");
}

/// Nobody else can know whether it had sent them: they come again as another attempt, in their order.
fn messages_of_a_killed_worker_come_after_its_lease(url: Option<String>) {
    let bot = Bot::new(url);
    let mut killed = Running::start(&bot, &["--lease", "1"]);
    killed.write(&event(101, "a", "mugs"));
    killed.write(&event(101, "b", "tea"));
    let first = next_message(&killed);
    // `Child::kill` is SIGKILL.
    killed.child.kill().expect("it runs");
    killed.child.wait().expect("its end");
    let mut worker = Running::start(&bot, &["--lease", "1"]);
    worker.write(&event(101, "b", "tea"));
    let again = next_message(&worker);
    assert_eq!((&again["number"], &again["text"]), (&first["number"], &first["text"]));
    assert!(again["attempt"].as_i64() > first["attempt"].as_i64(), "{first} {again}");
    worker.write(&json!({"delivered": {"client": 101, "number": again["number"]}}));
    let second = next_message(&worker);
    assert!(second["text"].as_str().is_some_and(|text| text.ends_with("tea")), "{second}");
    worker.write(&json!({"delivered": {"client": 101, "number": second["number"]}}));
    worker.close_input();
    assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
}
