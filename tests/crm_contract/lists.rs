//! crm-more.md section 6, lists: what the functions answer while changes are pending and after they are committed, and what
//! several units of work at once may do to one list.

use std::collections::BTreeSet;

use calc::BlockId;
use calc::crm::{ClientId, Effect, ListId, NewOrder, ProjectId, Session, Store, StoreErrorKind, role};
use calc::engine::{Engine, Event, Status};
use serde_json::{Value as Json, json};

use crate::{ann, as_json, client, kinds, load, now, on_every_store, parse, refused, shop};

on_every_store! {
    making_lists members moving by_name sizes_and_clearing who_is_in_a_list any_member deleting
    a_client_that_was_just_made is_taken_back other_projects_lists
    many_blocks_fill_one_list the_same_client_twice_at_once a_list_that_goes_meanwhile a_list_that_fills_meanwhile
    one_of_two_makes_the_list
}

const BUYERS: ListId = ListId(41);
const NEWS: ListId = ListId(42);
const EMPTY: ListId = ListId(44);

fn clients(ids: &[i64]) -> Vec<ClientId> {
    ids.iter().copied().map(ClientId).collect()
}

/// The clients of each list in the database.
fn stored(store: &dyn Store) -> Vec<Json> {
    as_json(store)["lists"].as_array().unwrap().iter().map(|entry| entry["clients"].clone()).collect()
}

fn lists_of(session: &mut Session, client: Option<i64>) -> Vec<i64> {
    session.get_all_client_lists(client.map(ClientId)).unwrap().into_iter().map(|(id, _)| id.0).collect()
}

fn making_lists(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let first = session.create_list("New").unwrap();
    let second = session.create_list("New").unwrap();
    assert!(first > ListId(901) && first != second);
    assert_eq!(session.create_list_if_not_exist(" New ").unwrap(), first.min(second), "pending ones too");
    assert_eq!(session.create_list_if_not_exist("Buyers").unwrap(), BUYERS, "the lowest id");
    let third = session.create_list_if_not_exist("Third").unwrap();
    assert_eq!(session.create_list_if_not_exist("Third").unwrap(), third);
    assert_ne!(session.create_list_if_not_exist("third").unwrap(), third, "case matters");
    for name in ["", " \t", &"x".repeat(501), "a\0"] {
        assert_eq!(refused(session.create_list(name)).roles(), [role::NAME]);
        assert_eq!(refused(session.create_list_if_not_exist(name)).roles(), [role::NAME]);
    }
    assert_eq!(kinds(&session), ["list_created"; 4]);
    session.commit().unwrap();
    let names: Vec<Json> = as_json(store)["lists"].as_array().unwrap().iter().map(|list| list["name"].clone()).collect();
    assert_eq!(names, ["Buyers", "News", "Buyers ", "Empty", "New", "New", "Third", "third"]);
    assert_eq!(ann(store).create_list_if_not_exist("Third").unwrap(), third);
}

fn members(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.inlist(BUYERS, None).unwrap());
    assert!(!session.inlist(EMPTY, None).unwrap());
    session.add_to_list(&[BUYERS, EMPTY, EMPTY], None).unwrap();
    assert!(session.inlist(EMPTY, None).unwrap(), "pending");
    session.add_to_list(&[EMPTY], Some(ClientId(102))).unwrap();
    assert!(session.remove_from_list(&[NEWS, EMPTY], Some(ClientId(102))).unwrap(), "not in one of them");
    assert!(!session.inlist(EMPTY, Some(ClientId(102))).unwrap());
    assert!(session.remove_from_list(&[BUYERS], Some(ClientId(104))).unwrap());
    assert_eq!(kinds(&session), ["list_joined", "list_joined", "list_left", "list_left"]);
    let left = Effect::ListLeft { id: BUYERS, name: "Buyers".to_owned(), client: ClientId(104) };
    assert_eq!(session.effects().last(), Some(&left));
    assert_eq!(refused(session.add_to_list(&[EMPTY, ListId(777)], None)).roles(), [role::LIST]);
    assert_eq!(refused(session.remove_from_list(&[BUYERS, ListId(61)], None)).roles(), [role::LIST], "a label is no list");
    assert_eq!(refused(session.add_to_list(&[EMPTY], Some(ClientId(777)))).roles(), [role::CLIENT]);
    refused(session.inlist(ListId(777), None));
    refused(session.inlist(EMPTY, Some(ClientId(777))));
    assert_eq!(lists_of(&mut session, None), [41, 42, 44]);
    assert_eq!(lists_of(&mut session, Some(105)), Vec::<i64>::new());
    refused(session.get_all_client_lists(Some(ClientId(777))));
    session.commit().unwrap();
    assert_eq!(stored(store), [json!([101]), json!([101, 103]), json!([102]), json!([101])]);
}

fn moving(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    refused(session.move_to_list(&[EMPTY, ListId(777)], None));
    refused(session.move_to_list(&[EMPTY], Some(ClientId(777))));
    assert_eq!(lists_of(&mut session, None), [41, 42]);
    assert!(session.move_to_list(&[NEWS, EMPTY], None).unwrap());
    assert_eq!(kinds(&session), ["list_left", "list_joined"]);
    assert!(session.move_to_list(&[EMPTY], Some(ClientId(105))).unwrap());
    session.commit().unwrap();
    assert_eq!(stored(store), [json!([104]), json!([101, 103]), json!([102]), json!([101, 105])]);
}

fn by_name(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.list_of_name("Buyers").unwrap(), BUYERS);
    assert_eq!(session.list_of_name(" Buyers").unwrap(), BUYERS);
    assert_eq!(refused(session.list_of_name("buyers")).roles(), [role::LIST_NAME]);
    assert_eq!(session.lists_of_names(&["News".to_owned(), "Empty".to_owned()]).unwrap(), [NEWS, EMPTY]);
    refused(session.lists_of_names(&["News".to_owned(), "Ghosts".to_owned()]));
    assert!(session.remove_list_from_project(BUYERS, true).unwrap());
    assert_eq!(session.list_of_name("Buyers").unwrap(), ListId(43), "the next one of that name");
    assert!(session.remove_list_from_project(ListId(43), true).unwrap());
    refused(session.list_of_name("Buyers"));
    let again = session.create_list_if_not_exist("Buyers").unwrap();
    assert_eq!(session.list_of_name("Buyers").unwrap(), again);
    session.commit().unwrap();
    assert_eq!(ann(store).list_of_name("Buyers").unwrap(), again);
}

fn sizes_and_clearing(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.list_size(BUYERS).unwrap(), 2);
    session.add_to_list(&[BUYERS], Some(ClientId(102))).unwrap();
    session.remove_from_list(&[BUYERS], None).unwrap();
    session.add_to_list(&[BUYERS], Some(ClientId(104))).unwrap();
    assert_eq!(session.list_size(BUYERS).unwrap(), 2);
    assert_eq!(session.lists_joint_count(&[BUYERS, NEWS, BUYERS]).unwrap(), 4, "101, 102, 103, 104");
    assert_eq!(session.lists_joint_count(&[BUYERS, ListId(777), EMPTY]).unwrap(), 2);
    assert_eq!(session.lists_joint_count(&[]).unwrap(), 0);
    assert!(session.clear_list(BUYERS).unwrap());
    assert_eq!(session.list_size(BUYERS).unwrap(), 0);
    assert_eq!(session.lists_joint_count(&[BUYERS, NEWS]).unwrap(), 2, "101, 103");
    assert!(!session.inlist(BUYERS, Some(ClientId(104))).unwrap());
    assert!(!session.inlist(BUYERS, Some(ClientId(105))).unwrap(), "one that was not looked at before");
    assert_eq!(session.effects().last(), Some(&Effect::ListCleared { id: BUYERS, name: "Buyers".to_owned(), count: 2 }));
    let effects = session.effects().len();
    assert!(session.clear_list(BUYERS).unwrap() && session.clear_list(EMPTY).unwrap());
    assert_eq!(session.effects().len(), effects, "nothing was in them");
    session.add_to_list(&[BUYERS], Some(ClientId(105))).unwrap();
    assert_eq!(session.list_size(BUYERS).unwrap(), 1);
    refused(session.clear_list(ListId(777)));
    assert_eq!(refused(session.list_size(ListId(1041))).roles(), [role::LIST]);
    session.commit().unwrap();
    assert_eq!(stored(store), [json!([105]), json!([101, 103]), json!([102]), json!([])]);
}

fn who_is_in_a_list(store: &dyn Store) {
    let text = r#"{"project": {"id": 1, "name": "P"}, "clients": [
        {"id": 1, "name": "a", "platform_id": "555", "client_type": 1}, {"id": 2, "name": "b", "platform_id": "555", "client_type": 3},
        {"id": 3, "name": "c", "platform_id": "556"}, {"id": 4, "name": "d"}],
        "lists": [{"id": 10, "name": "L", "clients": [2, 4]}, {"id": 11, "name": "M", "clients": [1]}]}"#;
    load(store, &parse(text)).unwrap();
    let mut session = client(store, 1);
    let (l, m) = (ListId(10), ListId(11));
    assert!(session.some_client_in_list(l, "555").unwrap());
    assert!(!session.some_client_in_list(l, "556").unwrap());
    assert!(!session.some_client_in_list(l, "557").unwrap());
    session.add_to_list(&[l], Some(ClientId(3))).unwrap();
    assert!(session.some_client_in_list(l, "556").unwrap());
    session.remove_from_list(&[l], Some(ClientId(2))).unwrap();
    assert!(!session.some_client_in_list(l, "555").unwrap());
    session.clear_list(m).unwrap();
    assert!(!session.some_client_in_list(m, "555").unwrap());
    assert_eq!(refused(session.some_client_in_list(ListId(1), "555")).roles(), [role::LIST]);
}

fn any_member(store: &dyn Store) {
    shop(store);
    let drawn = |change: &dyn Fn(&mut Session), list: ListId| -> BTreeSet<ClientId> {
        let mut session = ann(store);
        change(&mut session);
        (0..60).filter_map(|_| session.random_list_member(list).unwrap()).collect()
    };
    let set = |ids: &[i64]| clients(ids).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(drawn(&|_| (), BUYERS), set(&[101, 104]));
    assert_eq!(drawn(&|_| (), EMPTY), set(&[]));
    let come = |session: &mut Session| session.add_to_list(&[BUYERS], Some(ClientId(105))).unwrap();
    assert_eq!(drawn(&come, BUYERS), set(&[101, 104, 105]));
    let go = |session: &mut Session| {
        session.remove_from_list(&[BUYERS], None).unwrap();
    };
    assert_eq!(drawn(&go, BUYERS), set(&[104]));
    let both = |session: &mut Session| {
        come(session);
        go(session);
        session.remove_from_list(&[BUYERS], Some(ClientId(104))).unwrap();
        session.add_to_list(&[BUYERS], Some(ClientId(102))).unwrap();
    };
    assert_eq!(drawn(&both, BUYERS), set(&[102, 105]));
    // The same seed draws the same clients.
    let draw = || {
        (0..5).map({
            let mut session = ann(store);
            move |_| session.random_list_member(BUYERS).unwrap()
        })
    };
    assert!(draw().eq(draw()));
    refused(ann(store).random_list_member(ListId(777)));
    // Every one that stays is drawn, wherever in the list others have left.
    let everybody: Vec<String> = (1..=9).map(|id| format!(r#"{{"id": {id}, "name": "c"}}"#)).collect();
    let text = format!(
        r#"{{"project": {{"id": 1, "name": "P"}}, "clients": [{}], "lists": [{{"id": 10, "name": "L", "clients": [1,2,3,4,5,6,7,8,9]}}]}}"#,
        everybody.join(",")
    );
    load(store, &parse(&text)).unwrap();
    let mut session = client(store, 1);
    for leaving in [1, 4, 5, 9] {
        session.remove_from_list(&[ListId(10)], Some(ClientId(leaving))).unwrap();
    }
    let found: BTreeSet<ClientId> = (0..200).filter_map(|_| session.random_list_member(ListId(10)).unwrap()).collect();
    assert_eq!(found, set(&[2, 3, 6, 7, 8]));
}

fn deleting(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(refused(session.remove_list_from_project(BUYERS, false)).message().to_string(), "there are clients in list `41`");
    assert!(session.remove_list_from_project(EMPTY, false).unwrap());
    refused(session.remove_list_from_project(EMPTY, false));
    refused(session.add_to_list(&[EMPTY], None));
    assert!(session.remove_list_from_project(BUYERS, true).unwrap());
    assert_eq!(lists_of(&mut session, None), [42]);
    assert_eq!(lists_of(&mut session, Some(104)), Vec::<i64>::new());
    // One whose clients the same session takes out first, and one that it empties.
    assert!(session.remove_from_list(&[ListId(43)], Some(ClientId(102))).unwrap());
    assert!(session.remove_list_from_project(ListId(43), false).unwrap());
    assert!(session.clear_list(NEWS).unwrap());
    assert!(session.remove_list_from_project(NEWS, false).unwrap());
    let made = session.create_list("Made").unwrap();
    session.add_to_list(&[made], None).unwrap();
    refused(session.remove_list_from_project(made, false));
    assert!(session.remove_list_from_project(made, true).unwrap());
    session.commit().unwrap();
    assert_eq!(as_json(store)["lists"], json!([]));
}

fn a_client_that_was_just_made(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let made = session.create_order(&NewOrder { phone: Some("+7 900"), ..NewOrder::default() }).unwrap().client;
    assert!(!session.inlist(EMPTY, Some(made)).unwrap());
    session.add_to_list(&[EMPTY], Some(made)).unwrap();
    session.commit().unwrap();
    assert_eq!(stored(store)[3], json!([made]));
}

fn is_taken_back(store: &dyn Store) {
    shop(store);
    let before = as_json(store);
    let change = |session: &mut Session| {
        session.create_list("New").unwrap();
        session.add_to_list(&[EMPTY], Some(ClientId(102))).unwrap();
        session.clear_list(BUYERS).unwrap();
        session.remove_list_from_project(NEWS, true).unwrap();
    };
    let mut session = ann(store);
    session.checkpoint();
    change(&mut session);
    assert!(session.undo().unwrap());
    assert_eq!(session.list_size(BUYERS).unwrap(), 2);
    assert!(session.inlist(NEWS, None).unwrap() && !session.inlist(EMPTY, Some(ClientId(102))).unwrap());
    change(&mut session);
    session.rollback_to_start().unwrap();
    assert_eq!(session.list_size(BUYERS).unwrap(), 2);
    session.commit().unwrap();
    let mut session = ann(store);
    change(&mut session);
    drop(session);
    assert_eq!(as_json(store), before);
}

fn other_projects_lists(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let theirs = ListId(1041);
    refused(session.add_to_list(&[theirs], None));
    refused(session.add_to_list(&[EMPTY], Some(ClientId(1101))));
    refused(session.clear_list(theirs));
    refused(session.remove_list_from_project(theirs, true));
    refused(session.some_client_in_list(theirs, "x"));
    assert_eq!(session.lists_joint_count(&[theirs]).unwrap(), 0);
}

/// A script for a client, with the retries of an engine.
fn run(store: &dyn Store, client: i64, script: &str) -> Status {
    let engine = Engine::new();
    let block = engine.block(Some(BlockId(1)), script, "").unwrap();
    engine.run(store, ProjectId(1), ClientId(client), &block, &Event::at(now())).unwrap().status
}

fn many_blocks_fill_one_list(store: &dyn Store) {
    let ids: Vec<i64> = (1..=40).collect();
    let everybody: Vec<String> = ids.iter().map(|id| format!(r#"{{"id": {id}, "name": "c"}}"#)).collect();
    let text = format!(
        r#"{{"project": {{"id": 1, "name": "P"}}, "clients": [{}], "lists": [{{"id": 101, "name": "A"}}, {{"id": 102, "name": "B"}}]}}"#,
        everybody.join(",")
    );
    load(store, &parse(&text)).unwrap();
    std::thread::scope(|scope| {
        for part in ids.chunks(10) {
            scope.spawn(move || {
                for id in part {
                    // In both orders, so that who locks lists as they are named would meet another.
                    let lists = if id % 2 == 0 { "[101, 102]" } else { "[102, 101]" };
                    let script = format!("add_to_list({lists})\nadd_to_list_by_list_name('A', {})\nmove_to_list([102, 101])", 41 - id);
                    assert_eq!(run(store, *id, &script), Status::Ok);
                }
            });
        }
    });
    assert_eq!(stored(store), [json!(ids), json!(ids)]);
}

fn the_same_client_twice_at_once(store: &dyn Store) {
    shop(store);
    // Whether somebody is in a list is so when what rests on it is committed.
    let (mut first, mut second) = (client(store, 105), client(store, 102));
    assert!(!first.inlist(EMPTY, None).unwrap());
    assert!(!second.inlist(EMPTY, Some(ClientId(105))).unwrap());
    second.add_to_list(&[EMPTY], Some(ClientId(105))).unwrap();
    second.commit().unwrap();
    first.set_note("not in the list").unwrap();
    assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict);
    // Other clients of the list do not matter.
    let (mut first, mut second) = (client(store, 101), client(store, 102));
    first.add_to_list(&[EMPTY], None).unwrap();
    second.add_to_list(&[EMPTY], None).unwrap();
    second.commit().unwrap();
    first.commit().unwrap();
    assert_eq!(stored(store)[3], json!([101, 102, 105]));
}

fn a_list_that_goes_meanwhile(store: &dyn Store) {
    shop(store);
    for change in [
        (|session: &mut Session| session.add_to_list(&[EMPTY], None).unwrap()) as fn(&mut Session),
        |session| {
            session.remove_list_from_project(EMPTY, false).unwrap();
        },
        |session| {
            session.add_to_list(&[BUYERS, EMPTY], Some(ClientId(105))).unwrap();
        },
    ] {
        shop(store);
        let (mut first, mut second) = (ann(store), client(store, 102));
        change(&mut first);
        second.remove_list_from_project(EMPTY, false).unwrap();
        second.commit().unwrap();
        assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict);
        assert_eq!(as_json(store)["lists"].as_array().unwrap().len(), 3);
    }
    assert_eq!(run(store, 101, "if inlist(41):\n    add_to_list(44)"), Status::Ok, "and begins anew");
}

fn a_list_that_fills_meanwhile(store: &dyn Store) {
    shop(store);
    // Who deletes an empty list must find it empty; who empties it takes out all that came before.
    let (mut first, mut second) = (ann(store), client(store, 102));
    first.remove_list_from_project(EMPTY, false).unwrap();
    second.add_to_list(&[EMPTY], None).unwrap();
    second.commit().unwrap();
    assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict);
    let (mut first, mut second) = (ann(store), client(store, 105));
    first.clear_list(EMPTY).unwrap();
    second.add_to_list(&[EMPTY], None).unwrap();
    second.commit().unwrap();
    first.commit().unwrap();
    assert_eq!(stored(store)[3], json!([]));
    std::thread::scope(|scope| {
        for client in [101, 102, 103, 104] {
            let script = match client {
                101 => "clear_list(41)\nclear_list(42)\nadd_to_list([42, 41])",
                102 => "clear_list(42)\nclear_list(41)\nadd_to_list([42, 41])",
                _ => "move_to_list([42, 41])\nremove_from_list([42, 41])\nadd_to_list([41, 42])\nremove_from_list([41, 42], 105)",
            };
            scope.spawn(move || {
                for _ in 0..10 {
                    assert_eq!(run(store, client, script), Status::Ok);
                }
            });
        }
    });
}

fn one_of_two_makes_the_list(store: &dyn Store) {
    shop(store);
    let (mut first, mut second) = (ann(store), client(store, 102));
    first.create_list_if_not_exist("Waiting").unwrap();
    second.create_list_if_not_exist(" Waiting").unwrap();
    second.commit().unwrap();
    assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict);
    std::thread::scope(|scope| {
        for client in [101, 102, 103, 104, 105] {
            scope.spawn(move || assert_eq!(run(store, client, "add_to_list(create_list_if_not_exist('Many'))"), Status::Ok));
        }
    });
    let lists = as_json(store)["lists"].clone();
    let many: Vec<&Json> = lists.as_array().unwrap().iter().filter(|list| list["name"] == "Many").collect();
    assert_eq!(many.len(), 1);
    assert_eq!(many[0]["clients"], json!([101, 102, 103, 104, 105]));
}
