//! A conversation (`engine::Conversation`): inputs that live on, fail alone, are taken back one by one, committed or
//! dropped. Written over any store.

use calc::crm::{BlockId, ClientId, DealId, Effect, Json, Store};
use calc::engine::{Conversation, Engine, MessageStatus, Outcome, Status};
use serde_json::json;

use crate::harness::{BARE_CLIENT, CLIENT, PROJECT, codes, demo_store, now, row};

/// Runs functions over `&dyn Store` as tests on every store there is.
macro_rules! on_every_store {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&super::demo_store());
            })*
        }
    };
}

on_every_store! {
    functions_and_names_live_on
    a_failed_input_takes_back_its_own_effects_whole
    undo_goes_back_input_by_input
    undo_does_not_pass_a_commit
    what_changes_nothing_is_not_undone
    errors_in_earlier_functions_are_shown_at_the_call
    a_function_can_be_defined_again
    messages_and_blocks_are_inputs
    the_client_writes
    another_client_in_the_same_unit_of_work
    time_travel
    nothing_is_kept_without_commit
    a_limit_of_variables_is_an_error_of_the_input
    a_run_is_stopped_from_another_thread
    random_choices_repeat_after_undo
    an_unknown_client_is_an_error_of_the_host
    questions_see_what_is_not_committed
}

fn open<'s>(engine: &'s Engine, store: &'s dyn Store) -> Conversation<'s> {
    Conversation::new(engine, store, PROJECT, CLIENT, now()).with_seed(1)
}

/// An input that ends well.
#[track_caller]
fn value(conversation: &mut Conversation<'_>, input: &str) -> Json {
    let outcome = run(conversation, input);
    assert_eq!((outcome.status, codes(&outcome)), (Status::Ok, vec![]), "{input}: {:?}", outcome.diagnostics);
    outcome.value
}

fn run(conversation: &mut Conversation<'_>, input: &str) -> Outcome {
    conversation.input(input).expect("the store works")
}

fn dump(store: &dyn Store) -> Json {
    calc::crm::dump(store, PROJECT).expect("the store works").expect("the project").to_json()
}

fn functions_and_names_live_on(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "def twice(n):\n    return n * 2\n# of an order\ndef price(n): return twice(n) + _fee");
    value(&mut conversation, "_fee = 5; _list = [1]");
    assert_eq!(value(&mut conversation, "price(10)"), json!(25));
    value(&mut conversation, "_list[1] = 2");
    value(&mut conversation, "unpack_list([7, 8], '_made')");
    assert_eq!(value(&mut conversation, "[_list, _fee]"), json!([[1, 2], 5]));
    value(&mut conversation, "del _fee");
    assert_eq!(value(&mut conversation, "_fee == None"), json!(true));
    assert_eq!(conversation.functions().collect::<Vec<_>>(), ["twice", "price"]);
    let mut names: Vec<&str> = conversation.temporaries().map(|(name, _)| name).collect();
    names.sort_unstable();
    assert_eq!(names, ["_list", "_made1", "_made2"]);
    conversation.commit().expect("the store works");
    value(&mut conversation, "_fee = 1");
    assert_eq!(value(&mut conversation, "price(1)"), json!(3));
}

fn a_failed_input_takes_back_its_own_effects_whole(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "x = 1; _y = 1; set_client_name('Anna')");
    let outcome = run(&mut conversation, "x = 2; _y = 2\ndef f(): return 1\nset_client_name('Nobody'); create_order('A', 5); 1 / 0");
    assert_eq!((outcome.status, codes(&outcome)), (Status::Error, vec!["E0403"]));
    assert_eq!((outcome.effects.len(), outcome.variables.len()), (0, 0));
    assert_eq!(value(&mut conversation, "[x, _y, name, count_client_orders()]"), json!([1, 1, "Anna", 2]));
    assert_eq!(codes(&run(&mut conversation, "f()")), ["E0301"]);
    assert_eq!(codes(&run(&mut conversation, "x = (1")), ["E0205"]);
    conversation.commit().expect("the store works");
    assert_eq!(row(&dump(store), "clients", CLIENT)["name"], json!("Anna"));
}

fn undo_goes_back_input_by_input(store: &dyn Store) {
    let engine = Engine::new();
    let before = dump(store);
    let mut conversation = open(&engine, store);
    for input in ["x = 1", "x = 2; _y = 2", "deal = create_order('A', 5)", "set_note('n'); get_active_orders_ids()"] {
        value(&mut conversation, input);
    }
    let undone = conversation.undo().expect("the store works").expect("an input");
    assert_eq!(undone.input, "set_note('n'); get_active_orders_ids()");
    assert!(matches!(undone.effects.as_slice(), [Effect::NoteAdded { .. }]));
    assert_eq!(conversation.effects().len(), 1);
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(run(&mut conversation, "[x, _y, deal, get_order_id()]").value, json!([2, 2, null, 501]));
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(run(&mut conversation, "[x, _y]").value, json!([1, null]));
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(conversation.undo().expect("the store works"), None);
    conversation.commit().expect("the store works");
    assert_eq!(dump(store), before);
}

fn undo_does_not_pass_a_commit(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "client.x = 1");
    conversation.commit().expect("the store works");
    assert_eq!(conversation.undo().expect("the store works"), None);
    value(&mut conversation, "client.x = 2");
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(conversation.undo().expect("the store works"), None);
    assert_eq!(value(&mut conversation, "x"), json!(1));
}

fn what_changes_nothing_is_not_undone(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "x = 1");
    value(&mut conversation, "x = 2");
    for look in ["x", "x + 1", "get_active_orders_ids()", "print(x)"] {
        value(&mut conversation, look);
    }
    assert_eq!(conversation.undo().expect("the store works").expect("an input").input, "x = 2");
    value(&mut conversation, "x");
    assert_eq!(conversation.undo().expect("the store works").expect("an input").input, "x = 1");
    value(&mut conversation, "def f(): return 1");
    assert_eq!(conversation.undo().expect("the store works").expect("an input").input, "def f(): return 1");
    assert_eq!(codes(&run(&mut conversation, "f()")), ["E0301"]);
}

fn errors_in_earlier_functions_are_shown_at_the_call(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "def inner(n):\n    return 10 / n");
    value(&mut conversation, "def outer(n): return inner(n) + 1");
    let outcome = run(&mut conversation, "a = 1\nb = outer(0)");
    let [report] = outcome.diagnostics.as_slice() else { panic!("{:?}", outcome.diagnostics) };
    assert_eq!((report.code.as_str(), report.line, report.column), ("E0403", 2, 5));
    assert!(report.message.starts_with("in `inner`: "), "{}", report.message);
    assert_eq!(report.labels, []);
}

fn a_function_can_be_defined_again(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "def f(): return 1");
    value(&mut conversation, "def g(): return f()");
    value(&mut conversation, "def f(): return 2");
    assert_eq!(value(&mut conversation, "g()"), json!(2));
    value(&mut conversation, "def f(n): return n");
    assert_eq!(value(&mut conversation, "f(3)"), json!(3));
    let outcome = run(&mut conversation, "g()");
    assert_eq!((codes(&outcome), outcome.diagnostics[0].span), (vec!["E0302"], (0, 3)));
    assert_eq!(value(&mut conversation, "'what g says is no matter to ' + f('f')"), json!("what g says is no matter to f"));
}

fn messages_and_blocks_are_inputs(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store).in_block(Some(BlockId(9)));
    value(&mut conversation, "_n = 3");
    let outcome = conversation.message("#{_n} mugs, #{name}").expect("the store works");
    assert_eq!(outcome.message.text.as_deref(), Some("3 mugs, Ann Miller"));
    assert_eq!(value(&mut conversation, "was_in_state(9)"), json!(true));
    let outcome = conversation.message("#{1 / 0}").expect("the store works");
    assert_eq!((codes(&outcome), outcome.effects.len()), (vec!["E0403"], 0));
    let block = engine.block(Some(BlockId(11)), "_n = 1; deal = create_order('Mugs', 5)", "deal #{_n}").expect("compiles");
    let outcome = conversation.block(&block).expect("the store works");
    assert_eq!((outcome.message.text.as_deref(), outcome.effects.len()), (Some("deal 1"), 3));
    assert_eq!(value(&mut conversation, "_n"), json!(3));
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(value(&mut conversation, "[was_in_state(9), was_in_state(11), get_order_id()]"), json!([true, false, 501]));
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(value(&mut conversation, "was_in_state(9)"), json!(false));
    value(&mut conversation, "unsubscribe()");
    let outcome = conversation.message("Hello").expect("the store works");
    assert_eq!(outcome.message.status, MessageStatus::Refused);
}

fn the_client_writes(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "unsubscribe()");
    let outcome = conversation.say("I want #{mugs}").expect("the store works");
    assert_eq!(outcome.effects.len(), 2, "{:?}", outcome.effects);
    assert_eq!(value(&mut conversation, "[question, notSubscribed]"), json!(["I want #{mugs}", 0]));
    let session = conversation.session().expect("the store works");
    assert_eq!(session.history(1).expect("the store works")[0].text, "I want #{mugs}");
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(value(&mut conversation, "notSubscribed"), json!(1));
}

fn another_client_in_the_same_unit_of_work(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "client.x = 'first'; _t = 1");
    assert!(!conversation.switch_client(ClientId(999_999)).expect("the store works"));
    assert_eq!(value(&mut conversation, "_t"), json!(1));
    assert!(conversation.switch_client(BARE_CLIENT).expect("the store works"));
    assert_eq!(run(&mut conversation, "[client_id, x, _t, get_order_id()]").value, json!([BARE_CLIENT, null, null, null]));
    value(&mut conversation, "client.x = 'second'; create_order('B')");
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(run(&mut conversation, "[client_id, x]").value, json!([BARE_CLIENT, null]));
    value(&mut conversation, "client.x = 'third'");
    conversation.commit().expect("the store works");
    let after = dump(store);
    assert_eq!(row(&after, "clients", CLIENT)["variables"]["x"], json!("first"));
    assert_eq!(row(&after, "clients", BARE_CLIENT)["variables"]["x"], json!("third"));
    assert_eq!(value(&mut conversation, "client_id"), json!(BARE_CLIENT));
    // Back over the change of the client: the conversation stays with the new one.
    assert!(conversation.switch_client(CLIENT).expect("the store works"));
    value(&mut conversation, "client.x = 'fourth'");
    assert!(conversation.switch_client(BARE_CLIENT).expect("the store works"));
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(value(&mut conversation, "[client_id, get_client_var(101, 'x')]"), json!([BARE_CLIENT, "first"]));
}

fn time_travel(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "x = current_date");
    conversation.set_now(now() + chrono::Duration::days(3));
    assert_eq!(value(&mut conversation, "[x, current_date, days_from_last_message()]")[1], json!("25.11.2026"));
    conversation.say("hi").expect("the store works");
    assert_eq!(value(&mut conversation, "days_from_last_message()"), json!(0));
    conversation.undo().expect("the store works").expect("an input");
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(value(&mut conversation, "current_date"), json!("25.11.2026"));
}

fn nothing_is_kept_without_commit(store: &dyn Store) {
    let engine = Engine::new();
    let before = dump(store);
    let mut conversation = open(&engine, store);
    value(&mut conversation, "client.x = 1; create_order('A'); project.y = 2; get_active_orders_ids()");
    conversation.rollback();
    assert_eq!(value(&mut conversation, "x"), json!(null));
    value(&mut conversation, "client.x = 1; create_order('A')");
    drop(conversation);
    assert_eq!(dump(store), before);
}

fn a_limit_of_variables_is_an_error_of_the_input(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "x = 1");
    assert_eq!(codes(&run(&mut conversation, "x = 'a' * 100001")), ["E0509"]);
    assert_eq!(value(&mut conversation, "x"), json!(1));
    conversation.commit().expect("the store works");
}

fn a_run_is_stopped_from_another_thread(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "x = 1");
    let signal = conversation.stop_signal();
    signal.stop();
    assert_eq!(codes(&run(&mut conversation, "x = 2\nwhile True: _n = 1")), ["E0511"]);
    signal.clear();
    assert_eq!(value(&mut conversation, "x"), json!(1));
    let stopper = std::thread::spawn(move || signal.stop());
    let outcome = run(&mut conversation, "while True: _n = 1");
    stopper.join().expect("the thread ends");
    assert_eq!(codes(&outcome), ["E0511"]);
}

fn random_choices_repeat_after_undo(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    let first = value(&mut conversation, "x = random(1, 1000000)");
    conversation.undo().expect("the store works").expect("an input");
    assert_eq!(value(&mut conversation, "x = random(1, 1000000)"), first);
    assert_ne!(value(&mut conversation, "x = random(1, 1000000)"), first);
}

fn an_unknown_client_is_an_error_of_the_host(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = Conversation::new(&engine, store, PROJECT, ClientId(999_999), now());
    assert_eq!(value(&mut conversation, "1 + 1"), json!(2));
    assert!(conversation.input("x = 1").is_err());
    assert!(conversation.session().is_err());
}

fn questions_see_what_is_not_committed(store: &dyn Store) {
    let engine = Engine::new();
    let mut conversation = open(&engine, store);
    value(&mut conversation, "x = 1; client.y = 2; project.z = 3; w = ''");
    value(&mut conversation, "create_task('olga@example.com', 'Call', '25.11.2026', 'soon')");
    let session = conversation.session().expect("the store works");
    let variables = session.client_variables().expect("the store works");
    assert_eq!((&variables.deal["x"], &variables.client["y"], &variables.project["z"]), (&json!(1), &json!(2), &json!(3)));
    assert!(!variables.deal.contains_key("w"));
    let tasks = session.tasks().expect("the store works");
    assert!(tasks.iter().any(|task| task.name == "Call"), "{tasks:?}");
    let deals = session.deals().expect("the store works");
    assert_eq!(deals.iter().filter(|deal| deal.id == DealId(501)).count(), 1);
}
