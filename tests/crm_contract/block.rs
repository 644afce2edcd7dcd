//! crm.md section 4: what a block's session keeps, and what it takes back. And C3.1: projects never meet.

use calc::crm::model::Direction;
use calc::crm::outbox::{confirm, fail, pending};
use calc::crm::{
    BlockId, ClientId, DealId, HostError, NewOrder, Opening, ProjectFile, ProjectId, Scope, Session, StageId, Store, StoreErrorKind,
    TaskId, role,
};
use serde_json::json;

use crate::{ann, as_json, client, dumped, kinds, now, on_every_store, refused, shop};

on_every_store! {
    a_whole_block the_outbox a_dropped_session_leaves_nothing rollback_to_start an_error_of_the_script
    a_redelivered_event the_same_event_of_another_client unknown_project_and_client few_round_trips
    what_was_read_has_changed the_character_0 a_client_is_made_once ids_of_a_replaced_project undo_step_by_step ids_are_given_back two_sessions_after_each_other a_callback a_script_that_makes_many_things
}

fn a_whole_block(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.receive("I want it");
    assert_eq!(session.client().question.as_deref(), Some("I want it"));
    session.create_order(&NewOrder { name: Some("It"), ..NewOrder::default() }).unwrap();
    session.queue_message("Done!", Some(BlockId(12)));
    session.record_visit(BlockId(12));
    let committed = session.commit().unwrap();
    let kinds: Vec<String> = committed.effects.iter().map(crate::kind).collect();
    assert_eq!(kinds, ["message_received", "deal_created", "message_queued", "visit_recorded"]);
    let entry = &dumped(store).clients[0];
    let [.., question, answer] = entry.history.as_slice() else { panic!("two entries") };
    assert_eq!((question.direction, question.author.as_str(), question.delivered), (Direction::In, "client", true));
    assert_eq!((answer.direction, answer.author.as_str(), answer.delivered), (Direction::Out, "bot", false));
    assert_eq!(answer.block, Some(BlockId(12)));
    assert_eq!(entry.client.last_message_at, Some(now()));
    assert_eq!(entry.visits.last().unwrap().block, BlockId(12));
    let mut session = ann(store);
    assert_eq!(session.client().question.as_deref(), Some("I want it"), "still known in the next block");
    session.refuse_message("Bye", None, "client is blocked");
    session.commit().unwrap();
    assert_eq!(dumped(store).clients[0].history.last().unwrap().error.as_deref(), Some("client is blocked"));
    assert_eq!(pending(store, ProjectId(1), 10).unwrap().len(), 1, "a refused message is never sent");
}

/// crm-more.md C5.6: a command for the bot is not something the client wrote.
fn a_callback(store: &dyn Store) {
    shop(store);
    let engine = calc::engine::Engine::new();
    let block = engine.block(Some(BlockId(12)), "seen = question\nfrom = message_from_outside", "Got #{question}").expect("it compiles");
    let event = |id: &str| calc::engine::Event::at(now()).with_id(id);
    let run = |event: &calc::engine::Event| engine.run(store, ProjectId(1), ClientId(101), &block, event).expect("a run");
    run(&event("text").with_text("I want it"));
    let mut session = ann(store);
    let _ = session.unsubscribe();
    session.commit().unwrap();
    let written = dumped(store).clients[0].client.last_message_at;

    let outcome = run(&event("callback").with_callback("paid"));
    assert_eq!((&outcome.variables["seen"], &outcome.variables["from"]), (&json!("paid"), &json!(3)));
    assert_eq!(outcome.message.error.as_deref(), Some("client is unsubscribed"), "the calculator ran, nobody was re-subscribed");
    let entry = &dumped(store).clients[0];
    assert!(entry.client.unsubscribed);
    assert_eq!((entry.client.question.as_deref(), entry.client.last_message_at), (Some("I want it"), written));
    let [.., callback, answer] = entry.history.as_slice() else { panic!("two entries") };
    assert_eq!((callback.direction, callback.author.as_str(), callback.text.as_str()), (Direction::In, "callback", "paid"));
    assert_eq!((answer.text.as_str(), answer.error.as_deref()), ("Got paid", Some("client is unsubscribed")));
    assert!(run(&event("callback").with_callback("paid")).repeated);
    let outcome = run(&event("later"));
    assert_eq!((&outcome.variables["seen"], &outcome.variables["from"]), (&json!("I want it"), &json!(0)), "for that run only");

    // An error takes the calculator back, not what came in.
    let broken = engine.block(Some(BlockId(13)), "x = 1 / 0", "").expect("it compiles");
    engine.run(store, ProjectId(1), ClientId(101), &broken, &event("broken").with_callback("again")).expect("a run");
    let history = &dumped(store).clients[0].history;
    assert_eq!(history[history.len() - 2].text, "again");

    let mut session = ann(store);
    let _ = session.block_client();
    session.commit().unwrap();
    let outcome = run(&event("blocked").with_callback("more"));
    assert!(outcome.variables.is_empty() && outcome.skipped.is_some(), "{outcome:?}");
    let entry = &dumped(store).clients[0];
    assert_eq!(entry.history.last().map(|row| row.text.as_str()), Some("more"));
    let both = calc::engine::Event { text: Some("a".to_owned()), ..event("both").with_callback("b") };
    assert!(engine.run(store, ProjectId(1), ClientId(101), &block, &both).is_err());
}

fn the_outbox(store: &dyn Store) {
    shop(store);
    for text in ["one", "two", "three"] {
        let mut session = ann(store);
        session.queue_message(text, None);
        session.commit().unwrap();
    }
    let texts = || pending(store, ProjectId(1), 10).unwrap().into_iter().map(|message| message.text).collect::<Vec<_>>();
    assert_eq!(texts(), ["one", "two", "three"]);
    assert_eq!(pending(store, ProjectId(1), 1).unwrap().len(), 1);
    assert!(pending(store, ProjectId(2), 10).unwrap().is_empty());
    let messages = pending(store, ProjectId(1), 10).unwrap();
    assert_eq!(messages[0].client, ClientId(101));
    assert!(!confirm(store, ProjectId(2), messages[0].id).unwrap(), "not this project's");
    assert!(confirm(store, ProjectId(1), messages[0].id).unwrap());
    assert!(!confirm(store, ProjectId(1), messages[0].id).unwrap(), "confirmed already");
    assert!(fail(store, ProjectId(1), messages[1].id, "the chat is gone").unwrap());
    assert_eq!(texts(), ["three"]);
    let history = &dumped(store).clients[0].history;
    assert!(history[1].delivered);
    assert_eq!(history[2].error.as_deref(), Some("the chat is gone"));
    // What waits still waits after a dump and a load.
    calc::crm::load(store, &dumped(store)).unwrap();
    assert_eq!(texts(), ["three"]);
}

/// Changes whatever a session can change.
fn change_everything(session: &mut Session) {
    session.receive("hello");
    session.create_order(&NewOrder { name: Some("It"), phone: Some("+1 555"), ..NewOrder::default() }).unwrap();
    session.create_order(&NewOrder { name: Some("It"), state_id: Some(StageId(11)), ..NewOrder::default() }).unwrap();
    session.set_variable(Scope::Deal, "x", json!(1)).unwrap();
    session.set_variable(Scope::Client, "x", json!(1)).unwrap();
    session.set_variable(Scope::Project, "x", json!(1)).unwrap();
    session.delete_variable(Scope::Client, "city").unwrap();
    session.set_order_var(DealId(504), "color", json!("")).unwrap();
    session.set_order_status_fail(Some(DealId(505))).unwrap();
    session.delete_order(Some(DealId(501))).unwrap();
    session.create_task("olga@example.com", "n", "22.01.2023", "d", None).unwrap();
    session.delete_task(TaskId(901)).unwrap();
    session.free_client().unwrap();
    session.distribute_client().unwrap();
    session.set_client_name("Anna").unwrap();
    session.set_note("note").unwrap();
    session.add_unread(None).unwrap();
    session.block_client().unwrap();
    session.queue_message("text", None);
    session.record_visit(BlockId(99));
    session.get_active_orders_ids().unwrap();
}

fn undo_step_by_step(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.checkpoint();
    session.set_client_name("One").unwrap();
    let first = session.create_order(&NewOrder::default()).unwrap().id;
    session.set_variable(Scope::Deal, "x", json!(1)).unwrap();
    session.checkpoint();
    session.set_client_name("Two").unwrap();
    let second = session.create_order(&NewOrder::default()).unwrap().id;
    session.checkpoint();
    change_everything(&mut session);
    assert!(session.undo().unwrap());
    assert_eq!((session.client().name.as_str(), session.get_order_id().unwrap()), ("Two", Some(second)));
    assert!(session.undo().unwrap());
    assert_eq!((session.client().name.as_str(), session.get_order_id().unwrap()), ("One", Some(first)));
    assert_eq!(session.get_variable(Scope::Deal, "x").unwrap().map(|value| value.to_json()), Some(json!(1)));
    assert_eq!(kinds(&session), ["client_renamed", "deal_created"]);
    assert_eq!(session.create_order(&NewOrder::default()).unwrap().id, second, "ids too");
    session.commit().unwrap();
    let file = dumped(store);
    assert_eq!((file.clients[0].client.name.as_str(), file.deals.len()), ("One", 7));
    let before = file.to_text();
    let mut session = ann(store);
    session.checkpoint();
    change_everything(&mut session);
    assert!(session.undo().unwrap());
    assert!(!session.undo().unwrap());
    session.commit().unwrap();
    assert_eq!(dumped(store).to_text(), before);
}

fn a_dropped_session_leaves_nothing(store: &dyn Store) {
    shop(store);
    let before = dumped(store);
    let mut session = ann(store);
    change_everything(&mut session);
    drop(session);
    // Ids are taken apart from all the rest; those of a session that was dropped are used by the next one.
    let after = ProjectFile { next_id: before.next_id, ..dumped(store) };
    assert_eq!(after.to_text(), before.to_text());
    assert_eq!(ann(store).create_order(&NewOrder::default()).unwrap().id, DealId(before.next_id));
}

fn rollback_to_start(store: &dyn Store) {
    shop(store);
    let before = dumped(store).to_text();
    let mut session = ann(store);
    for _ in 0..2 {
        change_everything(&mut session);
        session.rollback_to_start().unwrap();
        assert_eq!(session.effects(), []);
        assert_eq!(session.client().name, "Ann");
        assert_eq!(session.get_order_id().unwrap(), Some(DealId(501)));
        assert_eq!(session.get_variable(Scope::Project, "x").unwrap().map(|value| value.to_json()), None);
        assert_eq!(session.get_variable(Scope::Client, "city").unwrap().map(|value| value.to_json()), Some(json!("Moscow")));
    }
    session.commit().unwrap();
    assert_eq!(dumped(store).to_text(), before, "byte for byte");
}

fn an_error_of_the_script(store: &dyn Store) {
    shop(store);
    let mut session =
        Session::open(store, Opening::new(ProjectId(1), ClientId(101), now(), fastrand::Rng::with_seed(1)).for_event("e1")).unwrap();
    session.receive("hello");
    change_everything(&mut session);
    session.rollback_to_start().unwrap();
    session.receive("hello");
    session.record_error("division by zero");
    session.record_event("e1", "{\"status\": \"error\"}");
    assert_eq!(kinds(&session), ["message_received", "error_recorded"]);
    session.commit().unwrap();
    let file = dumped(store);
    let history = &file.clients[0].history;
    assert_eq!(history.len(), 3);
    assert_eq!(history[2].error.as_deref(), Some("division by zero"));
    assert!(pending(store, ProjectId(1), 10).unwrap().is_empty());
    assert_eq!(file.deals.len(), 5);
    let again =
        Session::open(store, Opening::new(ProjectId(1), ClientId(101), now(), fastrand::Rng::with_seed(1)).for_event("e1")).unwrap();
    assert_eq!(again.previous_outcome(), Some("{\"status\": \"error\"}"));
}

fn a_redelivered_event(store: &dyn Store) {
    shop(store);
    let deliver = || {
        let opening = Opening::new(ProjectId(1), ClientId(101), now(), fastrand::Rng::with_seed(1)).for_event("e1");
        let mut session = Session::open(store, opening).unwrap();
        if let Some(outcome) = session.previous_outcome() {
            return outcome.to_owned();
        }
        let id = session.create_order(&NewOrder::default()).unwrap().id;
        let outcome = format!("deal {id}");
        session.record_event("e1", &outcome);
        session.commit().unwrap();
        outcome
    };
    assert_eq!(deliver(), deliver());
    assert_eq!(dumped(store).deals.len(), 6, "its block ran once");
}

fn the_same_event_of_another_client(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.record_event("1", "first");
    session.commit().unwrap();
    let opening = Opening::new(ProjectId(1), ClientId(102), now(), fastrand::Rng::with_seed(1)).for_event("1");
    assert_eq!(Session::open(store, opening).unwrap().previous_outcome(), None, "messengers count per chat");
}

fn unknown_project_and_client(store: &dyn Store) {
    shop(store);
    let open = |project, client| Session::open(store, Opening::new(project, client, now(), fastrand::Rng::with_seed(1))).err();
    assert!(matches!(open(ProjectId(9), ClientId(101)), Some(HostError::UnknownProject { project: ProjectId(9) })));
    assert!(matches!(open(ProjectId(1), ClientId(9)), Some(HostError::UnknownClient { project: ProjectId(1), client: ClientId(9) })));
    assert!(matches!(open(ProjectId(1), ClientId(1101)), Some(HostError::UnknownClient { project: ProjectId(1), client: ClientId(1101) })));
    assert!(matches!(open(ProjectId(1), ClientId(501)), Some(HostError::UnknownClient { project: ProjectId(1), client: ClientId(501) })));
}

fn few_round_trips(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.set_order_name("a", None).unwrap();
    session.set_order_budget(&5.into(), None).unwrap();
    session.set_order_var(DealId(501), "x", json!(1)).unwrap();
    session.get_order_vars(DealId(501), None).unwrap();
    session.get_operator().unwrap();
    session.set_note("n").unwrap();
    session.add_unread(None).unwrap();
    session.set_variable(Scope::Deal, "y", json!(2)).unwrap();
    session.get_state_id(None, None).unwrap();
    session.get_client_var(None, "city").unwrap();
    session.queue_message("text", Some(BlockId(1)));
    session.record_visit(BlockId(1));
    assert_eq!(session.round_trips(), 1, "what is loaded costs nothing");
    assert_eq!(session.commit().unwrap().round_trips, 2);
    let mut session = client(store, 102);
    let order = NewOrder { phone: Some("+1 555"), state_id: Some(StageId(11)), ..NewOrder::default() };
    session.create_order(&order).unwrap();
    assert_eq!(session.round_trips(), 2, "stages and the phone in one question; alone it needs none for ids");
    session.create_order(&order).unwrap();
    session.create_task("olga@example.com", "n", "1.1.2027", "", None).unwrap();
    assert_eq!(session.round_trips(), 3, "the operator");
    assert_eq!(session.commit().unwrap().round_trips, 4);
    let mut session = ann(store);
    session.get_order_vars(DealId(501), None).unwrap();
    assert_eq!(session.commit().unwrap().round_trips, 1, "nothing to write, and all was read at once");
}

#[track_caller]
fn conflict(session: Session) {
    let error = session.commit().expect_err("a conflict");
    assert_eq!(error.kind(), StoreErrorKind::Conflict, "{error}");
}

fn what_was_read_has_changed(store: &dyn Store) {
    shop(store);
    let changes: [fn(&mut Session); 6] = [
        |session| session.set_variable(Scope::Client, "x", json!(1)).unwrap(),
        |session| assert!(session.set_order_name("another", Some(DealId(501))).unwrap()),
        |session| assert!(session.set_order_var(DealId(504), "color", json!("green")).unwrap()),
        |session| assert!(session.done_task(TaskId(901)).unwrap()),
        |session| assert!(session.set_note("note").unwrap()),
        |session| session.record_event("e", "{}"),
    ];
    for change in changes {
        let (mut first, mut second) = (ann(store), ann(store));
        change(&mut first);
        second.set_note("mine").unwrap();
        first.commit().unwrap();
        conflict(second);
    }
    // What belongs to another client counts as well, even when it was only read.
    let mut reader = client(store, 102);
    assert_eq!(reader.get_order_var(DealId(501), "color").unwrap().map(|value| value.to_json()), Some(json!("red")));
    reader.set_note("it is red").unwrap();
    let mut writer = ann(store);
    writer.set_order_var(DealId(501), "color", json!("blue")).unwrap();
    writer.commit().unwrap();
    conflict(reader);
    // Variables of the project count where they are written after they were read.
    let (mut first, mut second, mut third) = (ann(store), client(store, 102), client(store, 104));
    for session in [&mut first, &mut second] {
        let rate = session.get_variable(Scope::Project, "rate").unwrap().and_then(|rate| rate.to_json().as_f64()).unwrap();
        session.set_variable(Scope::Project, "rate", json!(rate + 1.0)).unwrap();
    }
    third.get_variable(Scope::Project, "rate").unwrap();
    third.set_note("read only").unwrap();
    first.commit().unwrap();
    conflict(second);
    third.commit().unwrap();
    assert_eq!(as_json(store)["project"]["variables"]["rate"], json!(91.5));
}

/// PostgreSQL has no room for it in a text.
fn the_character_0(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(refused(session.set_note("a\0b")).roles()[0], role::COMMENT);
    session.receive("a\0b");
    session.set_variable(Scope::Client, "x", json!("a\0b")).unwrap();
    // Values of deals are found by a key of their text.
    session.set_variable(Scope::Deal, "x", json!("a\0b")).unwrap();
    session.record_error("a\0b");
    session.queue_message("hello", None);
    session.commit().unwrap();
    let message = pending(store, ProjectId(1), 10).unwrap()[0].id;
    assert!(fail(store, ProjectId(1), message, &"\0".repeat(200_000)).unwrap());
    let history = dumped(store).clients[0].history.clone();
    let errors: Vec<&str> = history.iter().filter_map(|entry| entry.error.as_deref()).collect();
    assert_eq!(errors, ["a\u{fffd}b", &*"\u{fffd}".repeat(100_000)]);
    let mut session = ann(store);
    assert_eq!(session.client().question.as_deref(), Some("a\u{fffd}b"));
    assert_eq!(session.get_variable(Scope::Client, "x").unwrap().map(|value| value.to_json()), Some(json!("a\0b")));
}

fn a_client_is_made_once(store: &dyn Store) {
    shop(store);
    let order = NewOrder { phone: Some("+1 555"), ..NewOrder::default() };
    let (mut first, mut second) = (ann(store), client(store, 102));
    assert!(first.create_order(&order).unwrap().client_created);
    assert!(second.create_order(&order).unwrap().client_created);
    first.commit().unwrap();
    conflict(second);
    let mut again = client(store, 102);
    assert!(!again.create_order(&order).unwrap().client_created);
    again.commit().unwrap();
}

fn ids_of_a_replaced_project(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.create_order(&NewOrder::default()).unwrap();
    drop(session);
    let mut kept = ann(store);
    kept.set_note("of another time").unwrap();
    let mut file = dumped(store);
    file.deals[0].deal.id = DealId(file.next_id);
    file.next_id += 1;
    file.clients[0].client.current_deal = None;
    calc::crm::load(store, &file).unwrap();
    conflict(kept);
    let mut session = ann(store);
    assert_eq!(session.create_order(&NewOrder::default()).unwrap().id, DealId(file.next_id), "none that was taken before");
    session.commit().unwrap();
}

fn ids_are_given_back(store: &dyn Store) {
    shop(store);
    let next = dumped(store).next_id;
    assert_eq!(next, 902);
    let mut session = ann(store);
    for offset in 0..20 {
        assert_eq!(session.create_order(&NewOrder::default()).unwrap().id, DealId(next + offset), "without gaps");
    }
    session.commit().unwrap();
    assert_eq!(dumped(store).next_id, next + 20);
    let mut session = ann(store);
    assert_eq!(session.create_task("olga@example.com", "n", "1.1.2027", "", None).unwrap(), TaskId(next + 20));
}

fn two_sessions_after_each_other(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.set_variable(Scope::Project, "counter", json!(1)).unwrap();
    session.commit().unwrap();
    let mut session = client(store, 104);
    assert_eq!(session.get_variable(Scope::Project, "counter").unwrap().map(|value| value.to_json()), Some(json!(1)));
    session.set_variable(Scope::Project, "counter", json!(2)).unwrap();
    session.commit().unwrap();
    assert_eq!(as_json(store)["project"]["variables"]["counter"], json!(2));
}

fn a_script_that_makes_many_things(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    for number in 0..300 {
        let id = session.create_order(&NewOrder::default()).unwrap().id;
        session.set_variable(Scope::Deal, "number", json!(number)).unwrap();
        assert_eq!(session.get_order_id_by_var_value("number", json!(number), None).unwrap(), Some(id));
    }
    session.commit().unwrap();
    let mut session = ann(store);
    assert_eq!(session.count_client_orders(None, None, true, true).unwrap(), 304);
    while session.delete_order(None).unwrap() {}
    session.commit().unwrap();
    assert_eq!(dumped(store).deals.len(), 1);
}
