//! What is too long, too much or outside of the calendar.

use std::time::Duration;

use calc::crm::BlockId;
use calc::engine::{Conversation, Engine, Event, HostError, InvalidEvent, Limits, Status};
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::harness::{self, CLIENT, PROJECT, codes, demo_store, dump, event, now, row, run, run_block, value};

#[test]
fn texts_that_are_too_long_are_refused() {
    let store = demo_store();
    let before = dump(&store);
    for call in [
        "set_note('x' * 100001)",
        "set_client_name('x' * 501)",
        "set_order_name('x' * 501)",
        "set_order_var(501, 'description', 'x' * 100001)",
        "create_order('x' * 501) != None",
        "create_order('x', 1, 'x' * 100001) != None",
        "create_task('olga@example.com', 'x' * 501, '1.1.2027', '') != None",
        "create_task('olga@example.com', 'x', '1.1.2027', 'x' * 100001) != None",
        "update_task(901, 'olga@example.com', 'x', '1.1.2027', 'x' * 100001)",
    ] {
        let outcome = run(&store, call);
        assert_eq!((outcome.status, &outcome.value, codes(&outcome)), (Status::Ok, &json!(false), vec!["N0701"]), "{call}");
    }
    assert_eq!(dump(&store), before);
    assert_eq!(value(&store, "set_note('ы' * 100000)"), json!(true), "characters count, not bytes");
    let outcome = run_block(&store, CLIENT, None, "_x = 'x' * 100001", "#{_x}", &event());
    assert_eq!((outcome.status, codes(&outcome)), (Status::Error, vec!["E0504"]));
}

#[test]
fn what_the_crm_must_remember_is_memory() {
    let store = demo_store();
    let outcome = run(&store, "_x = 'x' * 99990\nfor i in range(900): set_note(_x + i)");
    assert_eq!((outcome.status, codes(&outcome)), (Status::Error, vec!["E0503"]));
}

#[test]
fn what_no_machine_has_is_too_much_whatever_the_limit() {
    let store = demo_store();
    let engine = Engine::builder().limits(Limits { memory: usize::MAX, ..Limits::default() }).build();
    for script in ["'a' * 1e18", "[1] * 10 ** 17", "_x = 'a' * 9000000000000000000"] {
        let outcome = engine.run(&store, PROJECT, CLIENT, &harness::block(&engine, None, script, ""), &event()).expect("the store works");
        assert_eq!((outcome.status, codes(&outcome)), (Status::Error, vec!["E0503"]), "{script}");
    }
}

#[test]
fn an_event_that_cannot_be_handled_is_no_outcome() {
    let store = demo_store();
    let engine = Engine::new();
    let block = harness::block(&engine, Some(BlockId(7)), "create_order('Mugs')", "hello");
    let before = dump(&store);
    let refused = |event: &Event| match engine.run(&store, PROJECT, CLIENT, &block, event) {
        Err(HostError::InvalidEvent(why)) => why,
        other => panic!("{other:?}"),
    };
    let long = |count: usize| "я".repeat(count);
    assert_eq!(refused(&event().with_id("")), InvalidEvent::EmptyId);
    assert_eq!(refused(&event().with_id("a\0")), InvalidEvent::UnstorableId);
    assert_eq!(refused(&event().with_id(long(501))), InvalidEvent::LongId { length: 501 });
    assert_eq!(refused(&event().with_id("once").with_text(long(100_001))), InvalidEvent::LongText { length: 100_001 });
    assert_eq!(refused(&event().with_callback(long(100_001))), InvalidEvent::LongText { length: 100_001 });
    assert_eq!(refused(&event().with_callback("a").with_text("b")), InvalidEvent::TextAndCallback);
    assert_eq!(dump(&store), before, "nothing was done, and no event is noted");
    let mut conversation = Conversation::new(&engine, &store, PROJECT, CLIENT, now());
    assert!(matches!(conversation.say(&long(100_001)), Err(HostError::InvalidEvent(InvalidEvent::LongText { .. }))));
    drop(conversation);
    // What is as long as it may be is kept whole; a character that no store keeps is replaced in what a client wrote.
    let event = event().with_id(long(500)).with_text(long(99_999) + "\0");
    let outcome = engine.run(&store, PROJECT, CLIENT, &block, &event).expect("the store does not fail");
    assert_eq!(outcome.status, Status::Ok);
    assert_eq!(row(&dump(&store), "clients", CLIENT)["question"], json!(long(99_999) + "\u{fffd}"));
    let again = engine.run(&store, PROJECT, CLIENT, &block, &event).expect("the store does not fail");
    assert!(again.repeated, "the same id");
}

#[test]
fn a_time_without_end_is_a_limit_too() {
    let limits = Limits { time: Duration::MAX, pattern: Duration::MAX, ..Limits::default() };
    let engine = Engine::builder().limits(limits).build();
    let script = engine.compile("x = findall('b+', 'abbbc')").expect("compiles");
    assert!(engine.evaluate(&script, now()).is_ok());
    let block = engine.block(Some(BlockId(7)), "x = 1", "Hi").expect("compiles");
    assert_eq!(engine.run(&demo_store(), PROJECT, CLIENT, &block, &event()).expect("the store works").status, Status::Ok);
}

#[test]
fn times_at_the_ends_of_the_calendar_are_refused() {
    let engine = Engine::new();
    let store = demo_store();
    let everything = "a = current_date\nb = tomorrow\nc = get_datetime('%c %s %j %G-W%V')\nd = current_date + 5\nset_note('x')";
    let block = engine.block(Some(BlockId(7)), everything, "Hi").expect("compiles");
    let script = engine.compile(everything).expect("compiles");
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
    // The demo shop is three hours (in the first year two and a half) east of Greenwich.
    for time in [
        DateTime::<Utc>::MIN_UTC,
        DateTime::<Utc>::MAX_UTC,
        at("-0001-12-31T23:59:59Z"),
        at("+10000-01-01T00:00:00Z"),
        at("9999-12-31T21:00:00Z"),
    ] {
        let result = engine.run(&store, PROJECT, CLIENT, &block, &Event::at(time));
        assert!(matches!(result.err(), Some(HostError::TimeOutOfRange)), "{time}");
        // Without a CRM the time is that of UTC; whatever becomes of it, it is not a panic.
        let _ = engine.evaluate(&script, time);
    }
    for time in [at("9999-12-31T20:59:59Z"), at("0001-01-01T00:00:00Z")] {
        let outcome = engine.run(&store, PROJECT, CLIENT, &block, &Event::at(time)).expect("the store works");
        assert_ne!(codes(&outcome), Vec::<&str>::new(), "the days after the last one are errors: {time}");
    }
}
