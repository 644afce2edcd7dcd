//! Tables of the project's own: records by their ids, and what two who use one table at once leave behind.

use std::sync::Arc;

use calc::crm::{BlockId, ClientId, Json, Opening, ProjectId, RecordId, Refusal, Session, Store, StoreErrorKind, TableId, role};
use calc::engine::{Engine, Event};
use calc::value::{Dict, Value};
use serde_json::json;

use crate::ids::Elsewhere;
use crate::{ann, as_json, client, dumped, kinds, now, on_every_store, refused, shop};

on_every_store! {
    new_records changed_records deleted_records record_data refused_data unknown_tables
    an_error_takes_records_back a_dry_session_shows_records undone_records
    two_add_at_once another_process_added many_add_at_once columns_of_two_machines
    a_changed_record_is_a_conflict a_record_that_was_read_must_stay
}

pub(crate) const PEOPLE: TableId = TableId(31);

#[allow(clippy::needless_pass_by_value, reason = "rows of a test are read best as values")]
pub(crate) fn dict(json: Json) -> Dict {
    match Value::from(&json) {
        Value::Dict(dict) => dict,
        other => panic!("{other:?} is no dict"),
    }
}

fn add(session: &mut Session, data: Json) -> i64 {
    session.new_record(PEOPLE, &dict(data)).unwrap().id.0
}

/// A table in the database.
pub(crate) fn table(store: &dyn Store, index: usize) -> Json {
    as_json(store)["tables"][index].clone()
}

fn ids(store: &dyn Store) -> Vec<i64> {
    dumped(store).tables[0].records.iter().map(|record| record.id.0).collect()
}

fn new_records(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let before = session.round_trips();
    assert_eq!(add(&mut session, json!({"name": "Pyotr", "email": "p@x.example", "phone": ""})), 5);
    assert_eq!(add(&mut session, json!({"age": 40, "name": "Olga", "city": null, "ID": 77})), 6);
    assert_eq!(session.round_trips(), before + 1, "the table is read, and nothing else");
    let read = session.get_record_data(PEOPLE, RecordId(6), None).unwrap();
    assert_eq!(read.to_json(), json!({"name": "Olga", "age": 40, "city": "", "email": "", "phone": ""}), "it sees its own");
    assert_eq!(kinds(&session), ["column_added", "column_added", "record_created", "record_created"]);
    session.commit().unwrap();
    let people = table(store, 0);
    assert_eq!(people["columns"], json!(["name", "age", "city", "email", "phone"]), "in the order of coming");
    assert_eq!(people["next_record"], 7);
    assert_eq!(people["records"][3], json!({"id": 5, "cells": {"name": "Pyotr", "email": "p@x.example"}}));
    assert_eq!(people["records"][4], json!({"id": 6, "cells": {"name": "Olga", "age": 40}}));
    assert_eq!(ids(store), [1, 2, 4, 5, 6]);
}

fn changed_records(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let written = session.edit_record(PEOPLE, RecordId(2), &dict(json!({"age": "27", "city": "", "ghost": 1, "ID": 5}))).unwrap();
    assert_eq!(Value::from(written.row).to_json(), json!({"name": "Ilya", "age": "27", "city": ""}));
    assert_eq!(written.skipped, ["ghost", "ID"]);
    // Nothing new.
    session.edit_record(PEOPLE, RecordId(2), &dict(json!({"age": "27", "city": null, "name": "Ilya"}))).unwrap();
    session.edit_record(PEOPLE, RecordId(1), &dict(json!({}))).unwrap();
    assert_eq!(kinds(&session), ["record_updated"]);
    let effect = serde_json::to_value(&session.effects()[0]).unwrap();
    assert_eq!(effect["cells"], json!({"age": "27", "city": ""}), "what is different");
    assert_eq!(session.effects()[0].sentence(), "record 2 of table \"People\" changed  {\"age\": \"27\", \"city\": \"\"}");
    let own = add(&mut session, json!({"name": "New"}));
    session.edit_record(PEOPLE, RecordId(own), &dict(json!({"age": 1}))).unwrap();
    assert_eq!(refused(session.edit_record(PEOPLE, RecordId(99), &dict(json!({"age": 1})))).roles(), [role::RECORD]);
    session.commit().unwrap();
    let people = table(store, 0);
    assert_eq!(people["columns"], json!(["name", "age", "city"]), "no columns are made");
    assert_eq!(people["records"][1], json!({"id": 2, "cells": {"name": "Ilya", "age": "27"}}));
    assert_eq!(people["records"][3], json!({"id": 5, "cells": {"name": "New", "age": 1}}));
}

fn deleted_records(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.delete_records(PEOPLE, &[RecordId(1)]).unwrap(), 1);
    assert_eq!(session.delete_records(PEOPLE, &[1, 4, 4, 99].map(RecordId)).unwrap(), 1);
    assert_eq!(session.delete_records(PEOPLE, &[]).unwrap(), 0);
    let own = add(&mut session, json!({"name": "Short"}));
    assert_eq!(session.delete_records(PEOPLE, &[RecordId(own)]).unwrap(), 1);
    refused(session.get_record_data(PEOPLE, RecordId(1), None));
    refused(session.edit_record(PEOPLE, RecordId(own), &dict(json!({"name": "x"}))));
    session.commit().unwrap();
    assert_eq!(ids(store), [2]);
    // The number of one that is gone does not come again.
    let mut session = ann(store);
    assert_eq!(add(&mut session, json!({"name": "Next"})), 6);
    session.commit().unwrap();
    assert_eq!(ids(store), [2, 6]);
}

fn record_data(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let mut read =
        |table: i64, id: i64, column: Option<&str>| session.get_record_data(TableId(table), RecordId(id), column).unwrap().to_json();
    assert_eq!(read(31, 4, None), json!({"name": "Rita", "age": "26", "city": "Moscow"}));
    assert_eq!(read(31, 4, Some("name")), json!("Rita"));
    assert_eq!(read(31, 4, Some("ID")), json!(4));
    assert_eq!(read(31, 4, Some("ghost")), json!({"name": "Rita", "age": "26", "city": "Moscow"}), "no such column");
    assert_eq!(read(32, 2, Some("B")), json!(true), "a cell keeps its type");
    assert_eq!(read(32, 2, Some("C")), json!(""), "an empty one is empty text");
    assert_eq!(read(32, 1, None), json!({"A": [1, {"deep": null}], "B": "", "C": ""}));
    assert!(session.effects().is_empty());
    session.commit().unwrap();
}

fn refused_data(store: &dyn Store) {
    shop(store);
    let before = as_json(store);
    let mut session = ann(store);
    let many = (0..1000).map(|number| (number.to_string(), json!(1))).collect::<serde_json::Map<_, _>>();
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    for (data, problem) in [
        (json!({"name": "x", " ": 1}), "the name of a column is empty"),
        (json!({"a\0b": 1}), "this cannot be the name of a column: the text contains the character 0, which cannot be stored"),
        (json!({"name": "я".repeat(100_001)}), "written out, the record has 100013 characters, at most 100000 are stored"),
        (json!({"name": [deep]}), "the value for the column `name` is nested more than 100 levels deep"),
        (Json::Object(many), "a table of 1003 columns is too wide: at most 1000 are kept"),
    ] {
        let refusal = refused(session.new_record(PEOPLE, &dict(data.clone())));
        assert_eq!((refusal.roles()[0], refusal.message().to_string().as_str()), (role::RECORD_DATA, problem));
        if data.get("name").is_some_and(|name| name != "x") {
            let refusal = refused(session.edit_record(PEOPLE, RecordId(1), &dict(data))).message().to_string();
            assert_eq!(refusal[..20], problem[..20]);
        }
    }
    assert!(session.effects().is_empty());
    session.set_note("x").unwrap();
    session.commit().unwrap();
    assert_eq!(as_json(store)["tables"], before["tables"]);
}

/// A table of another project is none.
fn unknown_tables(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    for table in [1031, 101, 77777].map(TableId) {
        let unknown = Refusal::UnknownTable(table);
        assert_eq!(refused(session.new_record(table, &dict(json!({"name": 1})))), unknown);
        assert_eq!(refused(session.edit_record(table, RecordId(7), &dict(json!({"name": 1})))), unknown);
        assert_eq!(refused(session.delete_records(table, &[RecordId(7)])), unknown);
        assert_eq!(refused(session.get_record_data(table, RecordId(7), None)), unknown);
    }
    session.delete_records(PEOPLE, &[RecordId(1)]).unwrap();
    session.commit().unwrap();
    let other = calc::crm::dump(store, ProjectId(2)).unwrap().unwrap();
    assert_eq!(other.tables[0].records.len(), 1, "the table of the same id in the other project");
}

fn an_error_takes_records_back(store: &dyn Store) {
    shop(store);
    let before = as_json(store);
    let mut session = ann(store);
    add(&mut session, json!({"name": "New", "more": 1}));
    session.delete_records(PEOPLE, &[RecordId(1)]).unwrap();
    session.edit_record(PEOPLE, RecordId(2), &dict(json!({"age": 1}))).unwrap();
    session.rollback_to_start().unwrap();
    assert_eq!(session.get_record_data(PEOPLE, RecordId(2), Some("age")).unwrap().to_json(), json!(26));
    session.commit().unwrap();
    assert_eq!(as_json(store), before);
    let block = Engine::new().block(None, "new_record(31, {'name': 'New', 'more': 1})\n1 / 0", "").unwrap();
    Engine::new().run(store, ProjectId(1), ClientId(101), &block, &Event::at(now())).unwrap();
    assert_eq!(as_json(store)["tables"], before["tables"]);
}

fn a_dry_session_shows_records(store: &dyn Store) {
    shop(store);
    let before = as_json(store);
    let opening = Opening { dry: true, ..Opening::new(ProjectId(1), ClientId(101), now(), fastrand::Rng::with_seed(1)) };
    let mut session = Session::open(store, opening).unwrap();
    assert_eq!((add(&mut session, json!({"name": "a"})), add(&mut session, json!({"name": "b"}))), (5, 6));
    assert_eq!(session.commit().unwrap().effects.len(), 2);
    assert_eq!(as_json(store), before);
}

fn undone_records(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.checkpoint();
    assert_eq!(add(&mut session, json!({"name": "a", "more": 1})), 5);
    session.checkpoint();
    session.delete_records(PEOPLE, &[1, 5].map(RecordId)).unwrap();
    assert!(session.undo().unwrap());
    assert_eq!(session.get_record_data(PEOPLE, RecordId(5), Some("more")).unwrap().to_json(), json!(1));
    assert!(session.undo().unwrap());
    refused(session.get_record_data(PEOPLE, RecordId(5), None));
    assert_eq!(add(&mut session, json!({"name": "b"})), 5);
    session.commit().unwrap();
    let people = table(store, 0);
    assert_eq!((&people["next_record"], &people["columns"]), (&json!(6), &json!(["name", "age", "city"])));
    assert_eq!(ids(store), [1, 2, 4, 5]);
}

fn two_add_at_once(store: &dyn Store) {
    shop(store);
    for (first_commits, from) in [(true, 5), (false, 8)] {
        let (mut first, mut second) = (client(store, 102), client(store, 105));
        assert_eq!(add(&mut first, json!({"name": "a"})), from);
        assert_eq!(add(&mut second, json!({"name": "b"})), from + 1, "the one on which the other counts is left to it");
        assert_eq!(add(&mut first, json!({"name": "c"})), from + 2);
        if first_commits {
            first.commit().unwrap();
            second.commit().unwrap();
        } else {
            second.commit().unwrap();
            first.commit().unwrap();
        }
    }
    assert_eq!(ids(store), [1, 2, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(dumped(store).tables[0].table.next_record, 11);
}

fn another_process_added(store: &dyn Store) {
    shop(store);
    let elsewhere = Elsewhere::new(store);
    let (mut here, mut there) = (client(store, 102), client(&elsewhere, 105));
    assert_eq!((add(&mut here, json!({"name": "a"})), add(&mut there, json!({"name": "b"}))), (5, 5));
    there.commit().unwrap();
    assert_eq!(here.commit().expect_err("somebody has that number").kind(), StoreErrorKind::Conflict);
    let mut here = client(store, 102);
    assert_eq!(add(&mut here, json!({"name": "a"})), 6);
    here.commit().unwrap();
    assert_eq!(ids(store), [1, 2, 4, 5, 6]);
}

fn many_add_at_once(store: &dyn Store) {
    shop(store);
    let engine = Engine::new();
    let block =
        engine.block(Some(BlockId(7)), "_r = new_record(31, {'name': client_id, question: 1})\ncreate_order('x')", "#{_r}").unwrap();
    let stores: Vec<Arc<dyn Store>> =
        vec![store.handle(), store.handle(), Arc::new(Elsewhere::new(store)), Arc::new(Elsewhere::new(store))];
    std::thread::scope(|scope| {
        for (thread, store) in stores.into_iter().enumerate() {
            let (engine, block) = (&engine, &block);
            scope.spawn(move || {
                for _ in 0..10 {
                    let event = Event::at(now()).with_text(format!("column {thread}"));
                    let client = ClientId(101 + i64::try_from(thread).unwrap());
                    loop {
                        match engine.run(&*store, ProjectId(1), client, block, &event) {
                            Ok(outcome) => break assert_eq!(outcome.status, calc::engine::Status::Ok),
                            Err(calc::crm::HostError::Store(error)) if error.kind() == StoreErrorKind::Busy => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            });
        }
    });
    let found = ids(store);
    assert_eq!(found.len(), 43, "none is lost, none comes twice");
    assert!(dumped(store).tables[0].table.next_record > *found.last().unwrap());
}

fn columns_of_two_machines(store: &dyn Store) {
    shop(store);
    let elsewhere = Elsewhere::new(store);
    // Whoever has asked the counter for the id does not collide.
    let (mut first, mut second) = (client(store, 102), client(store, 105));
    add(&mut first, json!({"x": 1, "same": 2}));
    add(&mut second, json!({"same": 3, "y": 4}));
    second.commit().unwrap();
    first.commit().unwrap();
    let people = table(store, 0);
    assert_eq!(people["columns"], json!(["name", "age", "city", "same", "y", "x"]));
    assert_eq!(people["records"][3]["cells"], json!({"same": 2, "x": 1}));
    assert_eq!(people["records"][4]["cells"], json!({"same": 3, "y": 4}));
    let engine = Engine::new();
    std::thread::scope(|scope| {
        for (thread, store) in [store.handle(), Arc::new(elsewhere)].into_iter().enumerate() {
            let engine = &engine;
            scope.spawn(move || {
                for round in 0..5 {
                    let script = format!("new_record(31, {{'of {thread} {round}': 1, 'common {round}': 2}})");
                    let block = engine.block(None, &script, "").unwrap();
                    let client = ClientId(101 + i64::try_from(thread).unwrap());
                    engine.run(&*store, ProjectId(1), client, &block, &Event::at(now())).unwrap();
                }
            });
        }
    });
    let columns = dumped(store).tables.swap_remove(0).table.columns;
    assert_eq!(columns.len(), 6 + 10 + 5, "{columns:?}");
}

fn a_changed_record_is_a_conflict(store: &dyn Store) {
    shop(store);
    let (mut first, mut second) = (client(store, 102), client(store, 105));
    let age = first.get_record_data(PEOPLE, RecordId(2), Some("age")).unwrap();
    second.edit_record(PEOPLE, RecordId(2), &dict(json!({"age": 30}))).unwrap();
    second.commit().unwrap();
    first.edit_record(PEOPLE, RecordId(2), &dict(json!({"age": age.to_json().as_i64().unwrap() + 1}))).unwrap();
    assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict);
    let (mut first, mut second) = (client(store, 102), client(store, 105));
    first.delete_records(PEOPLE, &[RecordId(2)]).unwrap();
    second.delete_records(PEOPLE, &[RecordId(2)]).unwrap();
    second.commit().unwrap();
    assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict, "each is deleted once");
    assert_eq!(ids(store), [1, 4]);
}

fn a_record_that_was_read_must_stay(store: &dyn Store) {
    shop(store);
    let (mut first, mut second) = (client(store, 102), client(store, 105));
    first.get_record_data(PEOPLE, RecordId(1), None).unwrap();
    first.edit_record(PEOPLE, RecordId(2), &dict(json!({"age": 1}))).unwrap();
    second.get_record_data(PEOPLE, RecordId(2), None).unwrap();
    second.edit_record(PEOPLE, RecordId(1), &dict(json!({"age": 2}))).unwrap();
    second.commit().unwrap();
    assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict);
    // Whoever changes nothing in a table is not disturbed.
    let (mut first, mut second) = (client(store, 102), client(store, 105));
    first.get_record_data(PEOPLE, RecordId(1), None).unwrap();
    first.set_note("x").unwrap();
    second.edit_record(PEOPLE, RecordId(1), &dict(json!({"age": 3}))).unwrap();
    second.commit().unwrap();
    first.commit().unwrap();
}
