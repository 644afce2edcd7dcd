//! crm.md section 2, the functions about clients.

use calc::crm::model::Scheduled;
use calc::crm::{BlockId, ClientId, DealId, Opening, PipelineId, ProjectId, Refusal, Session, Store};
use serde_json::json;

use crate::{ann, as_json, at, client, dumped, kinds, now, on_every_store, refused, shop};

on_every_store! {
    was_in_state days_from_last_message free_client assign_to_user assign_to_a_random_operator get_operator
    delete_pended_messages at_most_32_scheduled set_note unread unsubscribe block_client set_client_name
    get_bind_clients get_current_pipline_id
}

fn was_in_state(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.was_in_state(BlockId(7)).unwrap());
    assert!(!session.was_in_state(BlockId(8)).unwrap());
    session.record_visit(BlockId(8));
    assert!(session.was_in_state(BlockId(8)).unwrap(), "the next step sees it");
    session.commit().unwrap();
    assert!(ann(store).was_in_state(BlockId(8)).unwrap());
    assert!(!client(store, 102).was_in_state(BlockId(7)).unwrap());
    assert_eq!(dumped(store).clients[0].client.position, Some(BlockId(8)));
}

fn days_from_last_message(store: &dyn Store) {
    shop(store);
    let days = |day: u32, hour: u32, minute: u32| {
        let time = at(day, hour, minute) + chrono::Duration::days(20);
        Session::open(store, Opening::new(ProjectId(1), ClientId(101), time, fastrand::Rng::with_seed(1))).unwrap().days_from_last_message()
    };
    // The last message is of 18.11. 09:00.
    assert_eq!(ann(store).days_from_last_message(), 2);
    assert_eq!(days(28, 8, 59), 29);
    assert_eq!(days(28, 9, 0), 30, "exactly 30 days");
    assert_eq!(days(28, 9, 1), 9999);
    assert_eq!(client(store, 102).days_from_last_message(), 9999, "never wrote");
}

fn free_client(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.free_client().unwrap());
    assert_eq!(session.get_operator().unwrap(), None);
    assert!(session.free_client().unwrap(), "true too if there was none");
    assert_eq!(kinds(&session), ["operator_removed"]);
    session.commit().unwrap();
    assert_eq!(ann(store).get_operator().unwrap(), None);
}

fn assign_to_user(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.assign_to_user(Some(" PAVEL@Example.com "), false).unwrap(), "whatever the status");
    assert_eq!(session.get_operator().unwrap().as_deref(), Some("pavel@example.com"));
    assert!(!session.assign_to_user(Some("irina@example.com"), true).unwrap(), "not on shift");
    assert!(!session.assign_to_user(Some("pavel@example.com"), true).unwrap(), "on a break is not on shift");
    assert_eq!(session.get_operator().unwrap().as_deref(), Some("pavel@example.com"), "nothing changed");
    assert!(session.assign_to_user(Some("olga@example.com"), true).unwrap());
    assert_eq!(session.get_operator().unwrap().as_deref(), Some("Olga@example.com"), "as written");
    let refusal = refused(session.assign_to_user(Some("nobody@example.com"), false));
    assert_eq!(refusal, Refusal::UnknownOperator("nobody@example.com".to_owned()));
    assert_eq!(refusal.message().to_string(), "there is no operator `nobody@example.com` in this project");
    refused(session.assign_to_user(Some("stranger@example.com"), false));
    session.commit().unwrap();
    assert_eq!(ann(store).get_operator().unwrap().as_deref(), Some("Olga@example.com"));
}

fn assign_to_a_random_operator(store: &dyn Store) {
    shop(store);
    let mut session = client(store, 102);
    assert!(session.assign_to_user(None, false).unwrap());
    assert_eq!(session.get_operator().unwrap().as_deref(), Some("Olga@example.com"), "the only one on shift");
    drop(session);
    let mut file = dumped(store);
    for operator in &mut file.operators {
        operator.operator.status = calc::crm::model::OperatorStatus::Break;
    }
    calc::crm::load(store, &file).unwrap();
    assert!(!client(store, 102).assign_to_user(None, true).unwrap(), "nobody on shift");
    for operator in &mut file.operators {
        operator.operator.status = calc::crm::model::OperatorStatus::OnShift;
    }
    calc::crm::load(store, &file).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let opening = Opening::new(ProjectId(1), ClientId(102), now(), fastrand::Rng::with_seed(seed));
        let mut session = Session::open(store, opening.clone()).unwrap();
        session.assign_to_user(None, false).unwrap();
        let first = session.get_operator().unwrap();
        drop(session);
        let mut session = Session::open(store, opening).unwrap();
        session.assign_to_user(None, false).unwrap();
        assert_eq!(session.get_operator().unwrap(), first, "the same seed chooses the same");
        seen.insert(first);
    }
    assert_eq!(seen.len(), 3);
}

fn get_operator(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.get_operator().unwrap().as_deref(), Some("Olga@example.com"));
    assert_eq!(session.get_operator_name().unwrap().as_deref(), Some("Olga"));
    session.assign_to_user(Some("irina@example.com"), false).unwrap();
    assert_eq!(session.get_operator_name().unwrap().as_deref(), Some("irina@example.com"), "the email when the name is blank");
    drop(session);
    let mut session = client(store, 102);
    assert_eq!(session.get_operator().unwrap(), None);
    assert_eq!(session.get_operator_name().unwrap(), None);
    assert_eq!(session.round_trips(), 1, "none of it needs the database again");
}

fn delete_pended_messages(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.delete_pended_messages(false).unwrap());
    assert_eq!(serde_json::to_value(&session.effects()[0]).unwrap()["count"], json!(1));
    session.commit().unwrap();
    assert_eq!(as_json(store)["clients"][0]["scheduled"].as_array().unwrap().len(), 1, "that of the arrow stays");
    let mut session = ann(store);
    assert!(session.delete_pended_messages(true).unwrap());
    assert!(session.delete_pended_messages(true).unwrap());
    assert_eq!(kinds(&session), ["scheduled_deleted"]);
    session.commit().unwrap();
    assert_eq!(as_json(store)["clients"][0]["scheduled"], json!([]));
}

fn at_most_32_scheduled(store: &dyn Store) {
    shop(store);
    let mut session = client(store, 102);
    let message = Scheduled { block: Some(BlockId(9)), text: None, due_at: at(25, 9, 0), do_not_cancel: false };
    for _ in 0..32 {
        session.schedule_message(message.clone()).unwrap();
    }
    let refusal = refused(session.schedule_message(message.clone()));
    assert_eq!(refusal.message().to_string(), "client `102` already has 32 scheduled messages, the most there can be");
    let refusal = refused(session.schedule_message(Scheduled { block: None, ..message.clone() }));
    assert_eq!(refusal.message().to_string(), "a scheduled message needs a block or a text");
    let effect = session.effects()[0].message().to_string();
    assert_eq!(effect, "client 102 message scheduled  block 9, due 2026-11-25 09:00:00 UTC");
    session.delete_pended_messages(true).unwrap();
    session.schedule_message(message).unwrap();
    session.commit().unwrap();
    assert_eq!(as_json(store)["clients"][1]["scheduled"].as_array().unwrap().len(), 1);
}

fn set_note(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.set_note("first").unwrap());
    assert!(session.set_note("second").unwrap());
    refused(session.set_note(" "));
    session.commit().unwrap();
    let mut session = ann(store);
    session.refuse_message("Hello", None, "client is blocked");
    session.record_error("E0403: division by zero");
    let effects: Vec<String> = session.effects().iter().map(|effect| effect.message().to_string()).collect();
    assert_eq!(
        effects,
        [
            "message to client 101 refused  client is blocked: \"Hello\"",
            "error noted in the history of client 101  E0403: division by zero"
        ]
    );
    drop(session);
    let notes = &dumped(store).clients[0].notes;
    let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["first", "second"], "added, in order");
}

fn unread(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.add_unread(None).unwrap());
    assert_eq!(session.client().unread, 3);
    assert!(session.add_unread(Some(1)).unwrap());
    assert_eq!(session.client().unread, 4);
    assert!(session.add_unread(Some(10)).unwrap());
    assert_eq!(session.client().unread, 10);
    refused(session.add_unread(Some(-1)));
    assert_eq!(session.client().unread, 10);
    assert!(session.add_unread(Some(0)).unwrap());
    assert_eq!(session.client().unread, 0);
    assert!(session.clear_unread().unwrap());
    assert_eq!(kinds(&session), ["unread_set"; 4], "what changes nothing is not an effect");
    session.add_unread(Some(5)).unwrap();
    assert!(session.clear_unread().unwrap());
    session.commit().unwrap();
    assert_eq!(ann(store).client().unread, 0);
}

fn unsubscribe(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.unsubscribe().unwrap());
    assert!(session.unsubscribe().unwrap());
    assert_eq!(kinds(&session), ["unsubscribed"]);
    session.commit().unwrap();
    let mut session = ann(store);
    assert!(session.client().unsubscribed);
    session.receive("hello");
    assert!(!session.client().unsubscribed, "writing re-subscribes");
    session.commit().unwrap();
    let entry = &dumped(store).clients[0];
    assert!(!entry.client.unsubscribed);
    assert_eq!(entry.scheduled.len(), 2, "scheduled messages stay");
    assert_eq!(entry.client.last_message_at, Some(now()));
}

fn block_client(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.block_client().unwrap());
    assert!(session.block_client().unwrap());
    assert_eq!(kinds(&session), ["client_blocked", "scheduled_deleted"]);
    session.commit().unwrap();
    let mut session = ann(store);
    assert!(session.client().blocked);
    session.receive("let me in");
    assert_eq!(kinds(&session), ["message_received"]);
    session.commit().unwrap();
    let entry = &dumped(store).clients[0];
    assert_eq!(entry.scheduled, []);
    assert_eq!(entry.history.last().unwrap().text, "let me in", "kept in the history");
    assert_eq!(entry.client.last_message_at, Some(at(18, 9, 0)), "and nothing else");
    let mut session = ann(store);
    assert!(session.unblock_client().unwrap());
    assert!(session.unblock_client().unwrap());
    assert_eq!(kinds(&session), ["client_unblocked"]);
    session.commit().unwrap();
    let entry = &dumped(store).clients[0];
    assert!(!entry.client.blocked);
    assert_eq!(entry.scheduled, [], "cancelled messages stay cancelled");
}

fn set_client_name(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.set_client_name("Anna").unwrap());
    assert_eq!(session.client().name, "Anna");
    refused(session.set_client_name(""));
    session.commit().unwrap();
    assert_eq!(ann(store).client().name, "Anna");
}

fn get_bind_clients(store: &dyn Store) {
    shop(store);
    assert_eq!(ann(store).get_bind_clients().unwrap(), [103, 104].map(ClientId));
    assert_eq!(client(store, 104).get_bind_clients().unwrap(), [101, 103].map(ClientId), "the main client first");
    assert!(client(store, 102).get_bind_clients().unwrap().is_empty());
}

fn get_current_pipline_id(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.get_current_pipline_id().unwrap(), Some(PipelineId(3)));
    session.switch_order(Some(DealId(504))).unwrap();
    assert_eq!(session.get_current_pipline_id().unwrap(), None, "unprocessed");
    drop(session);
    assert_eq!(client(store, 102).get_current_pipline_id().unwrap(), None, "no deal");
}
