//! Blocks through the face of the library: the order of events, messages that are refused, units of work, variables and
//! their limits, notices, and many threads on one database.

#![cfg(feature = "sqlite")]

mod harness;

use std::time::Duration;

use calc::crm::{self, BlockId, ClientId, Json, ProjectFile, ProjectId, SqliteStore, StoreErrorKind};
use calc::engine::{Block, Conversation, Dialect, Engine, Event, HostError, InvalidEvent, Limits, MessageStatus, Status};
use chrono::{DateTime, Utc};
use harness::{BARE_CLIENT, CLIENT, DEAL, PROJECT, codes, demo_store, dump, event, now, row, run, run_block, value};
use serde_json::json;

// ---------------------------------------------------------------- the order of a block

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

// ---------------------------------------------------------------- refused messages

#[test]
fn a_message_after_a_farewell_is_refused_and_the_rest_stays() {
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
fn a_farewell_takes_two_blocks() {
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

// ---------------------------------------------------------------- one unit of work

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

// ---------------------------------------------------------------- variables

#[test]
fn variables_live_on_with_their_type_and_scope() {
    let store = demo_store();
    run(
        &store,
        "a = 1\nb = 1.5\nc = '1'\nd = [1, 'x', None, True, {'k': 0.1}]\ne = {'я': []}\nf = True\nclient.g = 'client'\nproject.h = 'project'",
    );
    assert_eq!(
        value(&store, "[a, b, c, d, e, f, g, h]"),
        json!([1, 1.5, "1", [1, "x", null, true, {"k": 0.1}], {"я": []}, true, "client", "project"])
    );
    assert_eq!(
        value(&store, "[type(a), type(b), type(c), type(d), type(e), type(f)]"),
        json!(["int", "float", "str", "list", "dict", "bool"])
    );
    let dump = dump(&store);
    assert_eq!(row(&dump, "deals", DEAL)["variables"]["a"], json!(1));
    assert_eq!(row(&dump, "clients", CLIENT)["variables"], json!({"g": "client"}));
    assert_eq!(dump["project"]["variables"], json!({"h": "project"}));
    // Another client sees the project's alone.
    let other = run_block(&store, ClientId(102), None, "x = [a == None, g == None, h]", "", &event());
    assert_eq!(other.variables["x"], json!([true, true, "project"]));
}

#[test]
fn a_bare_name_is_looked_for_in_order() {
    let store = demo_store();
    run(&store, "project.x = 'project'");
    assert_eq!(value(&store, "x"), json!("project"));
    run(&store, "client.x = 'client'");
    assert_eq!(value(&store, "x"), json!("client"));
    run(&store, "x = 'deal'");
    assert_eq!(value(&store, "[x, client.x, project.x]"), json!(["deal", "client", "project"]));
    run(&store, "del x");
    assert_eq!(value(&store, "x"), json!("client"));
    assert_eq!(value(&store, "name = 'own'\nname"), json!("own"));
    assert_eq!(value(&store, "name"), json!("own"));
    assert_eq!(value(&store, "del name\nname"), json!("Ann Miller"));
}

#[test]
fn a_draft_is_taken_over_by_the_next_deal() {
    let store = demo_store();
    run_block(&store, BARE_CLIENT, None, "size = 'XL'\ncolour = 'red'", "", &event());
    assert_eq!(row(&dump(&store), "clients", BARE_CLIENT)["draft"], json!({"size": "XL", "colour": "red"}));
    let outcome = run_block(&store, BARE_CLIENT, None, "colour = 'blue'\nid = create_order('First')\nx = [size, colour]", "", &event());
    assert_eq!(outcome.variables["x"], json!(["XL", "blue"]));
    let id = outcome.variables["id"].as_i64().expect("an id");
    let dump = dump(&store);
    assert_eq!(row(&dump, "clients", BARE_CLIENT)["draft"], json!({}));
    let variables = row(&dump, "deals", id)["variables"].clone();
    assert_eq!((&variables["size"], &variables["colour"], &variables["id"]), (&json!("XL"), &json!("blue"), &json!(id)));
}

#[test]
fn create_order_switches_bare_names() {
    let store = demo_store();
    run(&store, "colour = 'red'");
    let outcome = run(
        &store,
        "_old = get_order_id()\nid = create_order('Second')\nwas = colour\ncolour = 'blue'\nold_colour = get_order_var(_old, 'colour')",
    );
    assert_eq!(outcome.variables["was"], json!(null));
    assert_eq!(outcome.variables["old_colour"], json!("red"));
    let id = outcome.variables["id"].as_i64().expect("an id");
    let dump = dump(&store);
    assert_eq!(row(&dump, "deals", DEAL)["variables"], json!({"colour": "red"}));
    // What was assigned from create_order itself is the new deal's.
    assert_eq!(row(&dump, "deals", id)["variables"]["id"], json!(id));
    assert_eq!(row(&dump, "deals", id)["variables"]["colour"], json!("blue"));
    // A deal made for another client moves nothing here.
    let outcome = run(&store, "colour = 'green'\ncreate_order('Theirs', phone='+7 926 765-43-21')\nx = colour");
    assert_eq!(outcome.variables["x"], json!("green"));
}

#[test]
fn transferred_variables() {
    let store = demo_store();
    run(&store, "a = 1\nb = 2\nc = 3");
    assert_eq!(value(&store, "create_order('Next', transfer_vars=['a', 'c', 'zzz'])\n[a, b == None, c]"), json!([1, true, 3]));
}

#[test]
fn set_order_var_and_bare_names_see_each_other() {
    let store = demo_store();
    assert_eq!(value(&store, "x = 1\nset_order_var(get_order_id(), 'x', 2)\nx"), json!(2));
    assert_eq!(value(&store, "x = 3\nget_order_var(get_order_id(), 'x')"), json!(3));
    assert_eq!(value(&store, "x = 4\nset_order_vars(get_order_id(), {'x': 5, 'y': 6})\n[x, y]"), json!([5, 6]));
    assert_eq!(value(&store, "set_order_var(get_order_id(), 'x', '')\nx == None"), json!(true));
    assert_eq!(value(&store, "set_client_var(client_id, 'z', 7)\nz"), json!(7));
}

#[test]
fn what_goes_with_a_deleted_deal() {
    let store = demo_store();
    run(&store, "x = 1");
    let outcome = run(&store, "x = 2\ny = 3\ndelete_order(get_order_id())\nz = [x == None, y == None]");
    assert_eq!(outcome.variables["z"], json!([true, true]));
}

#[test]
fn names_with_an_underscore_are_never_kept() {
    let store = demo_store();
    let outcome = run(&store, "_a = 1\nclient._b = 2\nproject._c = 3\nd = [_a, client._b, project._c]");
    assert_eq!(outcome.variables.keys().collect::<Vec<_>>(), ["d"]);
    assert_eq!(outcome.variables["d"], json!([1, 2, 3]));
    assert_eq!(value(&store, "[_a == None, client._b == None, project._c == None]"), json!([true, true, true]));
}

#[test]
fn empty_and_none_are_held_until_the_end_then_deleted() {
    let store = demo_store();
    run(&store, "x = 1\ny = 2\nclient.x = 'client'");
    assert_eq!(value(&store, "x = ''\ny = None\n[x, y, x == '']"), json!(["", null, true]));
    assert_eq!(row(&dump(&store), "deals", DEAL)["variables"], json!({}));
    assert_eq!(value(&store, "x"), json!("client"));
    // `x =` and `del x` do it at once.
    run(&store, "x = 1");
    assert_eq!(value(&store, "x =\nx"), json!("client"));
    run(&store, "x = 1");
    assert_eq!(value(&store, "del x\nx"), json!("client"));
}

#[test]
fn at_most_a_thousand_variables() {
    let store = demo_store();
    let many = |count: usize| (0..count).map(|i| format!("v{i} = {i}\n")).collect::<String>();
    assert!(run(&store, &many(1_000)).is_fine());
    let before = dump(&store);
    let outcome = run(&store, "one_more = 1");
    assert_eq!(codes(&outcome), ["E0510"]);
    assert_eq!(row(&before, "deals", DEAL), row(&dump(&store), "deals", DEAL));
    // They are counted at the end.
    assert!(run(&store, "one_more = 1\ndel v5").is_fine());
    assert!(run(&store, "_temporary = 1").is_fine());
    // A client has a thousand of its own.
    assert!(run(&store, "client.x = 1").is_fine());
}

#[test]
fn at_most_a_hundred_thousand_characters() {
    let store = demo_store();
    assert!(run(&store, "x = 'я' * 100000").is_fine());
    assert_eq!(codes(&run(&store, "y = 1\nx = 'я' * 100001")), ["E0509"]);
    assert_eq!(value(&store, "[len(x), y == None]"), json!([100_000, true]));
    assert_eq!(codes(&run(&store, "x = ['a' * 60000, 'a' * 60000]")), ["E0509"]);
    assert!(run(&store, "x = 'a' * 200000\nx = 'short'").is_fine(), "only what is stored is judged");
    assert!(run(&store, "_x = 'a' * 200000").is_fine());
}

#[test]
fn the_limit_of_a_variable_has_its_place() {
    let store = demo_store();
    let outcome = run(&store, "short = 1\nlong = 'a' * 100001");
    assert_eq!((outcome.diagnostics[0].line, outcome.diagnostics[0].column), (2, 1));
}

// ---------------------------------------------------------------- notices

#[test]
fn refused_arguments_are_notices_with_places() {
    let store = demo_store();
    let outcome =
        run(&store, "ok = set_order_name('Mugs')\nx = change_state(999)\ny = create_task('nobody@example.com', 'Call', '25.12.2026', 'x')");
    assert!(outcome.is_fine());
    assert_eq!(codes(&outcome), ["N0701", "N0701"]);
    assert_eq!((&outcome.variables["x"], &outcome.variables["y"]), (&json!(false), &json!(null)));
    let places: Vec<(usize, usize)> = outcome.diagnostics.iter().map(|report| (report.line, report.column)).collect();
    assert_eq!(places, [(2, 18), (3, 17)]);
}

#[test]
fn plain_negative_answers_are_no_notices() {
    let store = demo_store();
    let outcome = run_block(
        &store,
        BARE_CLIENT,
        None,
        "a = get_operator()\nb = get_order_id()\nc = was_in_state(5)\nd = get_fail_orders_ids()\ne = get_order_id_by_var_value('x', 'y')",
        "",
        &event(),
    );
    assert_eq!(codes(&outcome), Vec::<&str>::new());
    run(&store, "change_state(5)");
    let outcome = run(&store, "x = move_order_to_next_state()");
    assert_eq!((codes(&outcome), &outcome.variables["x"]), (Vec::<&str>::new(), &json!(false)));
}

#[test]
fn the_order_id_variable_is_no_deal_id() {
    let store = demo_store();
    let outcome = run(&store, "x = set_order_name('Mugs', order_id)\ny = '101-501'\nz = get_order_var(y, 'name')");
    assert_eq!((&outcome.variables["x"], &outcome.variables["z"]), (&json!(false), &json!(null)));
    assert_eq!(codes(&outcome), ["W0603", "N0701", "N0701"]);
    for report in &outcome.diagnostics {
        assert!(report.help.as_deref().is_some_and(|help| help.contains("get_order_id()")), "{report:?}");
    }
}

#[test]
fn a_notice_of_a_loop_is_said_once() {
    let store = demo_store();
    let outcome = run(&store, "for i in range(50): set_note('')");
    assert_eq!(codes(&outcome), ["N0701"]);
}

// ---------------------------------------------------------------- many threads

#[test]
fn one_block_from_many_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join("bot.db"), true).expect("a database");
    let clients: Vec<Json> = (0..55).map(|i| json!({"id": 1_000 + i, "name": format!("client {i}")})).collect();
    let operators: Vec<Json> =
        (0..5).map(|i| json!({"email": format!("o{i}@example.com"), "name": format!("O{i}"), "status": "on_shift"})).collect();
    let project = json!({"project": {"id": 1, "name": "Shop"}, "operators": operators, "clients": clients});
    let file = ProjectFile::parse(&project.to_string(), now()).expect("a project");
    crm::load(&store, &file).expect("loads");
    let engine = Engine::new();
    let block = harness::block(
        &engine,
        Some(BlockId(7)),
        "given = distribute_client()\nproject.last = client_id\nn = create_order('Order of #{name}')",
        "You are served by #{get_operator_name()}",
    );
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (engine, block, store) = (&engine, &block, &store);
            scope.spawn(move || {
                for client in (1_000..1_055).filter(|client| client % 4 == thread) {
                    let event = Event::at(now()).with_id(format!("e{client}"));
                    let outcome = engine.run(store, ProjectId(1), ClientId(client), block, &event).expect("the store does not fail");
                    assert_eq!(outcome.variables["given"], json!(true));
                    assert_eq!(outcome.message.status, MessageStatus::Queued);
                }
            });
        }
    });
    let dump = dump(&store);
    for i in 0..5 {
        let email = format!("o{i}@example.com");
        let count = dump["clients"].as_array().expect("clients").iter().filter(|client| client["operator"] == email.as_str()).count();
        assert_eq!(count, 11, "{email}");
    }
    let mut ids: Vec<i64> = dump["deals"].as_array().expect("deals").iter().filter_map(|deal| deal["id"].as_i64()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 55, "every deal has an id of its own");
}

/// Whoever meets a change of another runs again, until what it read still holds when it is committed.
#[test]
fn no_change_is_lost_between_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join("bot.db"), true).expect("a database");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    let engine = Engine::new();
    let start = harness::block(&engine, None, "client.mine = 0\nproject.all = 0", "");
    for client in [CLIENT, BARE_CLIENT] {
        engine.run(&store, PROJECT, client, &start, &event()).expect("the store does not fail");
    }
    let count = harness::block(&engine, None, "client.mine = client.mine + 1\nproject.all = project.all + 1", "");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (engine, count, store) = (&engine, &count, &store);
            scope.spawn(move || {
                for turn in 0..10 {
                    let client = if turn % 2 == 0 { CLIENT } else { BARE_CLIENT };
                    // A store that is too busy says so, and nothing was changed.
                    let event = event().with_id(format!("{thread} {turn}"));
                    while let Err(error) = engine.run(store, PROJECT, client, count, &event) {
                        assert!(matches!(&error, HostError::Store(error) if error.kind() == StoreErrorKind::Busy), "{error}");
                    }
                }
            });
        }
    });
    let dump = dump(&store);
    assert_eq!(dump["project"]["variables"]["all"], json!(40));
    for client in [CLIENT, BARE_CLIENT] {
        assert_eq!(row(&dump, "clients", client)["variables"]["mine"], json!(20));
    }
}

/// While a script runs nobody waits for it, and what it waited for is not its time.
#[test]
fn a_long_script_holds_up_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    // Whoever waited for the script itself would wait in vain; the short moment of a commit is another matter.
    let patience = Duration::from_secs(2);
    let store = SqliteStore::open(&folder.path().join("bot.db"), true).expect("a database").with_patience(patience).expect("patience");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    let engine = Engine::new();
    let running = std::sync::Barrier::new(2);
    RUNNING.set(store.clone()).unwrap_or_else(|_| panic!("set once"));
    let long = Engine::builder().functions(INTERRUPTED).build();
    let block = harness::block(&long, None, "set_note('before')\nget_active_orders_ids()\nothers_work()\nset_note('after')", "");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            running.wait();
            let short = harness::block(&engine, None, "set_note('meanwhile')", "");
            engine.run(&store, PROJECT, BARE_CLIENT, &short, &event()).expect("nobody is in the way");
        });
        running.wait();
        let outcome = long.run(&store, PROJECT, CLIENT, &block, &event()).expect("the store does not fail");
        assert!(outcome.is_fine());
    });
    let notes = |client| row(&dump(&store), "clients", client)["notes"].as_array().map(Vec::len);
    assert_eq!((notes(CLIENT), notes(BARE_CLIENT)), (Some(3), Some(2)));
}

static RUNNING: std::sync::OnceLock<SqliteStore> = std::sync::OnceLock::new();

calc::builtins! {
    /// What happens while a script runs.
    static INTERRUPTED: General "test" = {
        /// Another block writes to the same file.
        ///
        /// ```calc
        /// _x = 1
        /// ```
        ours fn others_work(context) -> bool {
            let store = RUNNING.get().expect("a store");
            let engine = Engine::new();
            let block = harness::block(&engine, None, "set_note('between')", "");
            Ok(engine.run(store, PROJECT, BARE_CLIENT, &block, &event()).is_ok_and(|outcome| outcome.is_fine()))
        }
    }
}

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
fn the_same_event_from_many_threads_runs_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join("bot.db"), true).expect("a database");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    let engine = Engine::new();
    let block = harness::block(&engine, None, "create_order('Once')", "");
    let before = dump(&store)["deals"].as_array().expect("deals").len();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| engine.run(&store, PROJECT, CLIENT, &block, &event().with_id("once")).expect("the store does not fail"));
        }
    });
    assert_eq!(dump(&store)["deals"].as_array().expect("deals").len(), before + 1);
}

// ---------------------------------------------------------------- compiled once

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

// ---------------------------------------------------------------- the ends of what can be said

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
        // Without a CRM the time is that of UTC; whatever becomes of it, it is no panic.
        let _ = engine.evaluate(&script, time);
    }
    for time in [at("9999-12-31T20:59:59Z"), at("0001-01-01T00:00:00Z")] {
        let outcome = engine.run(&store, PROJECT, CLIENT, &block, &Event::at(time)).expect("the store works");
        assert_ne!(codes(&outcome), Vec::<&str>::new(), "the days after the last one are errors: {time}");
    }
}
