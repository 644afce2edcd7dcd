//! Workers that are killed or stopped at work: afterwards everything has happened once, in order, and nothing is lost.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::inbox::{enqueued, inbox, on_both_stores, outcome};
use super::{Bot, HANGS, Running, deals_of, event, sends};

on_both_stores! { two_machines_and_kills kills_while_an_inbox_is_emptied }

/// Leases so short that a trial can wait for their end.
const OPTIONS: &[&str] = &["--inbox", "--outbox", "store", "--lease", "1"];

/// How often the workers of a trial are killed; `CALC_TRIAL_ROUNDS=100` is the long form.
fn rounds() -> u32 {
    std::env::var("CALC_TRIAL_ROUNDS").map_or(6, |rounds| rounds.parse().expect("a number of rounds"))
}

/// Two workers on one database, each with every event and its redeliveries; both are killed again and again, at random
/// moments, and started again: at the end everything has happened once, and no message is lost.
fn two_machines_and_kills(url: Option<String>) {
    const EVENTS_A_ROUND: u32 = 20;
    let bot = Bot::new(url);
    let rounds = rounds();
    let mut random = fastrand::Rng::with_seed(11);
    let mut killed_at_work = 0;
    let mut delivered = 0;
    let start = |events: std::ops::Range<u32>| {
        let text: String = events.map(|number| stream_event(number).to_string() + "\n").collect();
        let mut command = bot.command(&["--outbox", "store"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("calc runs");
        let mut input = child.stdin.take().expect("its input");
        // A worker that is killed reads no more.
        std::thread::spawn(move || drop(input.write_all(text.as_bytes())));
        child
    };
    for round in 0..rounds {
        // What the rounds before were given comes again, as from a pipeline that has heard of no outcome.
        let events = (round.saturating_sub(3) * EVENTS_A_ROUND)..((round + 1) * EVENTS_A_ROUND);
        delivered += 2 * events.len();
        let mut children = [start(events.clone()), start(events)];
        std::thread::sleep(Duration::from_millis(random.u64(10..150)));
        for child in &mut children {
            match child.try_wait().expect("its state") {
                None => killed_at_work += 1,
                // It was faster.
                Some(status) => assert_eq!(status.code(), Some(0)),
            }
            // `Child::kill` is SIGKILL.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
    let count = rounds * EVENTS_A_ROUND;
    delivered += 2 * count as usize;
    for mut child in [start(0..count), start(0..count)] {
        assert_eq!(child.wait().expect("its end").code(), Some(0));
    }
    let dump = bot.dump();
    let clients = dump["clients"].as_array().expect("clients");
    for (client, entry) in (101..=104).zip(clients) {
        let mut deals = deals_of(&dump, client);
        deals.sort();
        let mut expected: Vec<String> =
            (0..count).filter(|number| client_of(*number) == client).map(|number| format!("text {number}")).collect();
        expected.sort();
        assert_eq!(deals, expected, "each event has made one deal");
        let out = entry["history"].as_array().expect("a history").iter().filter(|entry| entry["direction"] == "out");
        let mut texts: Vec<&str> = out.filter_map(|entry| entry["text"].as_str()?.split_once(": ")).map(|(_, text)| text).collect();
        texts.sort_unstable();
        assert_eq!(texts, expected, "each event has written one message");
    }
    // Nothing was confirmed: all of them go out, once each.
    let (lines, _, _) = bot.run(&[], &[]);
    assert_eq!(sends(&lines).len(), count as usize);
    eprintln!("{rounds} rounds: {count} events delivered {delivered} times, {killed_at_work} of {} workers killed at work", 2 * rounds);
}

fn client_of(number: u32) -> i64 {
    101 + i64::from(number % 4)
}

pub fn stream_event(number: u32) -> Json {
    event(client_of(number), &format!("e{number}"), &format!("text {number}"))
}

/// What a client wrote, in the order of its history.
fn written(dump: &Json, client: i64) -> Vec<String> {
    let clients = dump["clients"].as_array().expect("clients");
    let client = clients.iter().find(|row| row["id"] == client).expect("the client");
    let entries = client["history"].as_array().expect("a history").iter().filter(|entry| entry["direction"] == "in");
    entries.map(|entry| entry["text"].as_str().expect("a text").to_owned()).collect()
}

/// All events have happened once, in order, and have made one deal and one message each, of which some still wait.
pub fn happened_once(bot: &Bot, count: u32, waiting: u32) {
    let dump = bot.dump();
    for client in 101..=104 {
        let expected: Vec<String> =
            (0..count).filter(|number| client_of(*number) == client).map(|number| format!("text {number}")).collect();
        assert_eq!(written(&dump, client), expected, "in order, each once");
        let mut deals = deals_of(&dump, client);
        deals.sort_by_key(|name| expected.iter().position(|text| text == name));
        assert_eq!(deals, expected, "each event has made one deal");
    }
    let (lines, _, _) = bot.run(&[], &[]);
    assert_eq!(sends(&lines).len(), waiting as usize, "each event has written one message, and so many were not delivered");
}

fn wait_until_the_inbox_is_empty(bot: &Bot) {
    // However long that takes: leases of those who were killed have to come to their end.
    let deadline = Instant::now() + HANGS;
    while !inbox(bot).is_empty() {
        assert!(Instant::now() < deadline, "{:?}", inbox(bot));
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Two workers on one inbox are killed again and again, at random moments, and started again.
fn kills_while_an_inbox_is_emptied(url: Option<String>) {
    const EVENTS_A_ROUND: u32 = 20;
    let bot = Bot::new(url);
    let rounds = rounds();
    let mut random = fastrand::Rng::with_seed(12);
    for round in 0..rounds {
        // Those of the round before come again.
        let events = (round.saturating_sub(1) * EVENTS_A_ROUND)..((round + 1) * EVENTS_A_ROUND);
        enqueued(&bot, &events.map(stream_event).collect::<Vec<_>>());
        let mut children: Vec<_> =
            (0..2).map(|_| bot.command(OPTIONS).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("calc runs")).collect();
        std::thread::sleep(Duration::from_millis(random.u64(50..300)));
        for child in &mut children {
            // `Child::kill` is SIGKILL.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
    let left = inbox(&bot).len();
    let mut workers = [Running::start(&bot, OPTIONS), Running::start(&bot, OPTIONS)];
    wait_until_the_inbox_is_empty(&bot);
    for worker in &mut workers {
        assert_eq!(worker.terminate(), Some(0));
    }
    happened_once(&bot, rounds * EVENTS_A_ROUND, rounds * EVENTS_A_ROUND);
    eprintln!("{rounds} rounds: {} events, {left} of them left to the workers that were not killed", rounds * EVENTS_A_ROUND);
}

#[cfg(feature = "postgres")]
fn signal(worker: &Running, name: &str) {
    let id = worker.child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().is_ok_and(|status| status.success()));
}

/// A worker is stopped in the middle of its work until another one has taken over, and goes on then. (One that is stopped
/// while it writes to a file holds the lock of the file: nobody can take over there.)
#[cfg(feature = "postgres")]
#[test]
fn a_worker_that_sleeps_past_its_lease() {
    let Some(url) = crate::postgres::fresh_url() else { return };
    let bot = Bot::new(Some(url));
    let slow = "for number in range(5000):\n    _number = number\ndeal = create_order(question, 10)\n---\nNumber #{deal}: #{question}\n";
    bot.write_block("7-order.block", slow);
    enqueued(&bot, &(0..60).map(stream_event).collect::<Vec<_>>());
    let mut sleeper = Running::start(&bot, OPTIONS);
    outcome(&sleeper);
    signal(&sleeper, "-STOP");
    let mut other = Running::start(&bot, OPTIONS);
    wait_until_the_inbox_is_empty(&bot);
    signal(&sleeper, "-CONT");
    enqueued(&bot, &(40..80).map(stream_event).collect::<Vec<_>>());
    wait_until_the_inbox_is_empty(&bot);
    for worker in [&mut sleeper, &mut other] {
        assert_eq!(worker.terminate(), Some(0));
    }
    happened_once(&bot, 80, 80);
}
