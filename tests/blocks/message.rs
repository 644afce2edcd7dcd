//! What a block does in which order, and which messages are refused.

use calc::crm::{BlockId, Json};
use calc::engine::{Block, Engine, MessageStatus, Status};
use serde_json::json;

use crate::harness::{CLIENT, PROJECT, codes, demo_store, dump, event, row, run, run_block};

#[test]
fn the_calculator_comes_before_the_message() {
    let store = demo_store();
    let outcome = run_block(&store, CLIENT, Some(BlockId(7)), "x = 1\nx = x + 1", "x is #{x}, #{x + 1} in the next block", &event());
    assert_eq!(outcome.status, Status::Ok);
    assert_eq!(outcome.message.status, MessageStatus::Queued);
    assert_eq!(outcome.message.text.as_deref(), Some("x is 2, 3 in the next block"));
    let client = row(&dump(&store), "clients", CLIENT);
    let last = client["history"].as_array().expect("a history").last().expect("an entry").clone();
    assert_eq!(
        (&last["direction"], &last["text"], &last["delivered"]),
        (&json!("out"), &json!("x is 2, 3 in the next block"), &json!(false))
    );
}

#[test]
fn the_visit_is_recorded_last() {
    let store = demo_store();
    let outcome = run_block(&store, CLIENT, Some(BlockId(77)), "was = was_in_state(77)", "", &event());
    assert_eq!(outcome.variables["was"], json!(false));
    let outcome = run_block(&store, CLIENT, Some(BlockId(78)), "was = was_in_state(77)", "", &event());
    assert_eq!(outcome.variables["was"], json!(true));
    let before = dump(&store);
    run_block(&store, CLIENT, None, "x = 1", "", &event());
    assert_eq!(row(&before, "clients", CLIENT)["visits"], row(&dump(&store), "clients", CLIENT)["visits"]);
}

#[test]
fn the_text_of_the_client_comes_first() {
    let store = demo_store();
    let event = event().with_text("two mugs").with_id("e1");
    let outcome = run_block(&store, CLIENT, Some(BlockId(7)), "q = question\ndays = days_from_last_message()", "You wrote: #{q}", &event);
    assert_eq!(outcome.variables["q"], json!("two mugs"));
    assert_eq!(outcome.variables["days"], json!(0));
    let client = row(&dump(&store), "clients", CLIENT);
    let history = client["history"].as_array().expect("a history");
    let texts: Vec<&Json> = history.iter().rev().take(2).map(|entry| &entry["text"]).collect();
    assert_eq!(texts, [&json!("You wrote: two mugs"), &json!("two mugs")]);
    assert_eq!(client["last_message_at"], json!("2026-11-22 07:00:00"));
}

#[test]
fn a_text_may_be_sent_as_it_is() {
    let store = demo_store();
    let engine = Engine::new();
    let text = r"\#{1 + 1} and #{name}";
    for block in
        [Block::of_text(Some(BlockId(7)), text), engine.block(Some(BlockId(7)), "x = 1", "#{x}").expect("it compiles").with_text(text)]
    {
        let outcome = engine.run(&store, PROJECT, CLIENT, &block, &event()).expect("a run");
        assert_eq!(outcome.message.text.as_deref(), Some(text));
    }
}

#[test]
fn blank_messages_are_none() {
    let store = demo_store();
    for message in ["", "   \n\t", "#{none}", "#{None} #{''}", "#{nobody}\n"] {
        let outcome = run_block(&store, CLIENT, None, "x = 1", message, &event());
        assert_eq!(outcome.message.status, MessageStatus::None, "{message:?}");
        assert!(outcome.is_fine());
    }
}

#[test]
fn a_message_after_unsubscribe_is_refused_and_the_rest_stays() {
    for (call, error) in [("unsubscribe()", "client is unsubscribed"), ("block_client()", "client is blocked")] {
        let store = demo_store();
        let outcome = run_block(&store, CLIENT, Some(BlockId(7)), &format!("set_note('noted')\n{call}"), "Goodbye", &event());
        assert_eq!(outcome.status, Status::Ok);
        assert_eq!(outcome.message.status, MessageStatus::Refused);
        assert_eq!(outcome.message.error.as_deref(), Some(error));
        assert!(!outcome.is_fine());
        assert!(codes(&outcome).contains(&"W0604"));
        let client = row(&dump(&store), "clients", CLIENT);
        let last = client["history"].as_array().expect("a history").last().expect("an entry").clone();
        assert_eq!((&last["text"], &last["error"], &last["delivered"]), (&json!("Goodbye"), &json!(error), &json!(false)));
        let notes = client["notes"].as_array().expect("notes");
        assert!(notes.iter().any(|note| note["text"] == "noted"), "what the calculator did stays");
        // And so in every later block.
        let outcome = run_block(&store, CLIENT, None, "", "Are you there?", &event());
        assert_eq!(outcome.message.status, MessageStatus::Refused);
    }
}

#[test]
fn a_goodbye_takes_two_blocks() {
    let store = demo_store();
    let first = run_block(&store, CLIENT, None, "", "Goodbye", &event());
    let second = run_block(&store, CLIENT, None, "unsubscribe()", "", &event());
    assert_eq!((first.message.status, second.message.status), (MessageStatus::Queued, MessageStatus::None));
    assert!(first.is_fine() && second.is_fine());
    assert!(!codes(&second).contains(&"W0604"));
}

#[test]
fn writing_again_subscribes_again() {
    let store = demo_store();
    run(&store, "unsubscribe()");
    let outcome = run_block(&store, CLIENT, None, "was = notSubscribed", "Welcome back", &event().with_text("hello"));
    assert_eq!(outcome.variables["was"], json!(0));
    assert_eq!(outcome.message.status, MessageStatus::Queued);
}

#[test]
fn a_blocked_client_is_only_written_down() {
    let store = demo_store();
    run(&store, "block_client()");
    let before = dump(&store);
    let outcome = run_block(&store, CLIENT, Some(BlockId(7)), "set_note('ran')\nx = 1 / 0", "Hello", &event().with_text("let me in"));
    assert_eq!(outcome.status, Status::Ok);
    assert_eq!(outcome.message.status, MessageStatus::None);
    assert!(outcome.variables.is_empty());
    let (before, after) = (row(&before, "clients", CLIENT), row(&dump(&store), "clients", CLIENT));
    assert_eq!(before["notes"], after["notes"]);
    assert_eq!(before["visits"], after["visits"]);
    assert_eq!(after["history"].as_array().expect("a history").last().expect("an entry")["text"], json!("let me in"));
}

#[test]
fn places_of_a_block_file_count_from_its_beginning() {
    let engine = Engine::new();
    let diagnostics = engine.block_file(None, "x = 1\n---\nHello #{nme(1)}\n").expect_err("an unknown function");
    assert_eq!(diagnostics[0].span.range(), 18..21);
    let store = demo_store();
    let block = engine.block_file(None, "x = 0\n---\nHello #{1 / x}\n").expect("compiles");
    let outcome = engine.run(&store, PROJECT, CLIENT, &block, &event()).expect("the store does not fail");
    assert_eq!((outcome.diagnostics[0].line, outcome.diagnostics[0].column), (3, 9));
}

#[test]
fn the_last_value_is_that_of_the_last_statement() {
    let store = demo_store();
    for (script, expected) in [
        ("1 + 1", json!(2)),
        ("x = 5", json!(5)),
        ("a = b = [1]", json!([1])),
        ("x = 1\nx += 2", json!(3)),
        ("if 1: 7", json!(null)),
        ("5\nif 1: x = 7", json!(null)),
        ("def f(): return 1\nf()\ndef g(): return 2", json!(1)),
        ("", json!(null)),
        ("x = 1\ndel x", json!(null)),
        ("d = {}\nd['a'] = 4", json!(4)),
    ] {
        assert_eq!(run(&store, script).value, expected, "{script}");
    }
}
