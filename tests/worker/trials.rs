//! Workers that are killed or stopped at work: afterwards everything has happened once, in order, and nothing is lost.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::inbox::on_both_stores;
use super::serial::{Stream, Trial};
use super::{Bot, Running, deals_of, event, sends};

on_both_stores! { two_machines_and_kills kills_while_an_inbox_is_emptied a_worker_is_told_to_end_at_any_moment }

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

fn stream_event(number: u32) -> Json {
    event(client_of(number), &format!("e{number}"), &format!("text {number}"))
}

/// Two workers with 8 threads on one inbox are killed again and again, at random moments, and started again, while others
/// confirm their messages.
fn kills_while_an_inbox_is_emptied(url: Option<String>) {
    const EVENTS_A_ROUND: u32 = 20;
    let rounds = rounds();
    let stream = Stream::of(rounds * EVENTS_A_ROUND);
    let mut random = fastrand::Rng::with_seed(12);
    let mut trial = Trial::new(stream, url, &["--threads", "4"], 2);
    for round in 0..rounds {
        // Those of the round before come again.
        stream.put_into(&trial.bot, (round.saturating_sub(1) * EVENTS_A_ROUND)..((round + 1) * EVENTS_A_ROUND));
        let moment = Instant::now() + Duration::from_millis(random.u64(10..150));
        while Instant::now() < moment {
            trial.listen();
            std::thread::sleep(Duration::from_millis(1));
        }
        trial.kill(random.usize(0..2));
    }
    // What was reported by those who were killed may be lost with them; the events come once more.
    stream.put_into(&trial.bot, 0..stream.events);
    trial.work(|_, _| ());
    trial.compare_with_one_thread(&format!("{rounds} workers killed"));
}

/// SIGTERM at random moments: the worker ends well, and what it has reported is in the database. Only before it has begun
/// does the signal end it as any other process.
fn a_worker_is_told_to_end_at_any_moment(url: Option<String>) {
    const EVENTS: u32 = 200;
    let bot = Bot::new(url);
    let mut random = fastrand::Rng::with_seed(13);
    let mut reported = BTreeSet::new();
    for round in 0..rounds() {
        let mut worker = Running::start(&bot, &["--threads", "4"]);
        for number in 0..EVENTS {
            worker.write(&stream_event(number));
        }
        std::thread::sleep(Duration::from_millis(random.u64(0..200)));
        let exit = worker.terminate();
        let lines: Vec<Json> = worker.lines.iter().collect();
        assert!(exit == Some(0) || (exit.is_none() && lines.is_empty()), "round {round}: {exit:?}");
        let dump = bot.dump();
        let deals: BTreeSet<String> = (101..=104).flat_map(|client| deals_of(&dump, client)).collect();
        for line in lines.iter().filter(|line| line["outcome"].is_object()) {
            let event = line["event"].as_str().expect("an id").to_owned();
            assert!(deals.contains(&event.replace('e', "text ")), "{event} was reported");
            reported.insert(event);
        }
    }
    let stream: Vec<Json> = (0..EVENTS).map(stream_event).collect();
    let (lines, errors, exit) = bot.run(&stream, &["--outbox", "store"]);
    assert_eq!((lines.len(), exit), (EVENTS as usize, Some(0)), "{errors}");
    let dump = bot.dump();
    let deals: Vec<String> = (101..=104).flat_map(|client| deals_of(&dump, client)).collect();
    assert_eq!(deals.len(), EVENTS as usize, "each event has made one deal");
    eprintln!("{} workers told to end, {} of {EVENTS} events reported until then", rounds(), reported.len());
}

#[cfg(feature = "postgres")]
pub fn signal(worker: &Running, name: &str) {
    let id = worker.child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().is_ok_and(|status| status.success()));
}
