//! All of a block or nothing of it, and each event once.

use calc::crm::{BlockId, ClientId, Json, ProjectId};
use calc::engine::{Dialect, MessageStatus, Status};
use serde_json::json;

use crate::harness::{self, CLIENT, DEAL, PROJECT, codes, demo_store, dump, event, row, run, run_block};

const TWENTY_LINES: &str = "\
deal = create_order('Mugs', 700, 'two')
set_order_var(deal, 'colour', 'red')
set_order_budget(800)
set_order_name('Cups')
move_order_to_next_state()
set_order_status_success()
task = create_task('olga@example.com', 'Call', '25.12.2026', 'x', '10:00')
update_task(task, 'pavel@example.com', 'Call back', '26.12.2026', 'y')
done_task(task)
set_note('noted')
add_unread(5)
free_client()
assign_to_user('pavel@example.com')
set_client_name('Anna')
delete_pended_messages()
unsubscribe()
client.x = 1
project.y = 2
print('printed')
z = 1 / 0
";

#[test]
fn an_error_takes_everything_back() {
    let store = demo_store();
    let before = dump(&store);
    let outcome = run(&store, TWENTY_LINES);
    assert_eq!(outcome.status, Status::Error);
    assert_eq!(codes(&outcome), ["E0403"]);
    assert_eq!((outcome.diagnostics[0].line, outcome.diagnostics[0].column), (20, 5));
    assert!(outcome.effects.is_empty(), "{:?}", outcome.effects);
    assert!(outcome.variables.is_empty());
    assert_eq!(outcome.value, Json::Null);
    assert_eq!(outcome.message.status, MessageStatus::None);
    assert_eq!(outcome.output, "printed\n");
    let mut after = dump(&store);
    let clients = after["clients"].as_array_mut().expect("clients");
    let client = clients.iter_mut().find(|client| client["id"] == CLIENT.0).expect("the client");
    let entry = client["history"].as_array_mut().expect("a history").pop().expect("the error");
    assert!(entry["error"].as_str().is_some_and(|error| error.contains("E0403")), "{entry}");
    assert_eq!(before, after, "nothing else is different");
}

#[test]
fn an_error_in_the_message_takes_everything_back_too() {
    let store = demo_store();
    let before = row(&dump(&store), "deals", DEAL);
    let outcome = run_block(&store, CLIENT, Some(BlockId(7)), "set_order_name('Cups')\nx = 0", "Half is #{1 / x}", &event());
    assert_eq!(outcome.status, Status::Error);
    assert_eq!(row(&dump(&store), "deals", DEAL), before);
}

#[test]
fn the_same_event_runs_once() {
    let store = demo_store();
    let event = event().with_id("e1").with_text("hello");
    let first = run_block(&store, CLIENT, Some(BlockId(7)), "n = create_order('Mugs')", "Order #{n}", &event);
    let after = dump(&store);
    let second = run_block(&store, CLIENT, Some(BlockId(7)), "n = create_order('Mugs')", "Order #{n}", &event);
    assert!(!first.repeated && second.repeated);
    assert_eq!(second.handled_at.map(|at| at.to_string()).as_deref(), Some("2026-11-22 10:00:00"), "in the project's time zone");
    let mut repeated = serde_json::to_value(&first).expect("JSON");
    assert_eq!(repeated.get("repeated"), None);
    repeated["repeated"] = json!(true);
    assert_eq!(repeated, serde_json::to_value(&second).expect("JSON"));
    assert_eq!(dump(&store), after);
}

#[test]
fn the_error_of_an_event_is_its_outcome() {
    let store = demo_store();
    let event = event().with_id("e1");
    let first = run_block(&store, CLIENT, None, "x = 1 / 0", "", &event);
    let after = dump(&store);
    // Even when the block has been mended since.
    let second = run_block(&store, CLIENT, None, "x = 1", "", &event);
    assert_eq!(second.status, Status::Error);
    assert!(second.repeated);
    assert_eq!(first.diagnostics, second.diagnostics);
    assert_eq!(dump(&store), after);
}

#[test]
fn a_dry_run_keeps_nothing() {
    let store = demo_store();
    let before = dump(&store);
    let engine = harness::engine(Dialect::Strict);
    let block = harness::block(&engine, Some(BlockId(7)), "n = create_order('Mugs')", "Order #{n}");
    let outcome = engine.dry_run(&store, PROJECT, CLIENT, &block, &event().with_id("e1").with_text("x")).expect("the store does not fail");
    assert!(outcome.is_fine() && !outcome.effects.is_empty());
    assert_eq!(dump(&store), before);
}

#[test]
fn unknown_projects_and_clients_are_errors_of_the_host() {
    let store = demo_store();
    let engine = harness::engine(Dialect::Strict);
    let block = harness::block(&engine, Some(BlockId(7)), "x = 1", "");
    assert!(engine.run(&store, ProjectId(2), CLIENT, &block, &event()).is_err());
    assert!(engine.run(&store, PROJECT, ClientId(999), &block, &event()).is_err());
}
