//! Searching tables of the project's own: in order, in pages, with what the block has done, and against others who search
//! the same table at once.

use std::sync::Arc;

use calc::crm::{ClientId, Json, ProjectFile, ProjectId, Store, StoreErrorKind};
use calc::diagnostic::Code;
use calc::engine::{Engine, Event, Limits, Outcome, Status};
use serde_json::json;

use crate::ids::Elsewhere;
use crate::{load, now, on_every_store, shop};

on_every_store! {
    own_changes_are_seen rows_of_a_large_table a_table_that_is_too_much two_who_look_first many_take_what_is_free
}

fn run_with(engine: &Engine, store: &dyn Store, client: i64, script: &str) -> Outcome {
    let block = engine.block(None, script, "").unwrap();
    loop {
        match engine.run(store, ProjectId(1), ClientId(client), &block, &Event::at(now())) {
            Ok(outcome) => return outcome,
            // Others were faster each time.
            Err(calc::crm::HostError::Store(error)) if error.kind() == StoreErrorKind::Busy => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[track_caller]
fn value(store: &dyn Store, script: &str) -> Json {
    let outcome = run_with(&Engine::new(), store, 101, script);
    assert_eq!(outcome.status, Status::Ok, "{:?}", outcome.diagnostics);
    outcome.value
}

fn own_changes_are_seen(store: &dyn Store) {
    shop(store);
    let names = "[r['name'] for r in get_records_from_table(31)]";
    assert_eq!(value(store, &format!("new_record(31, {{'name': 'Zoe', 'age': 26}})\n{names}")), json!(["Anna", "Ilya", "Rita", "Zoe"]));
    let script = "delete_record(31, 1)\nedit_record(31, 2, {'name': 'Igor', 'age': 31})\nnew_record(31, {'name': 'New'})\n";
    assert_eq!(value(store, &format!("{script}{names}")), json!(["Igor", "Rita", "Zoe", "New"]));
    // Those of the block before are in the database by now; rows moved up.
    assert_eq!(
        value(
            store,
            "delete_record(31, 6)\nnew_record(31, {'name': 'Last', 'age': 31})\n[table_read_cells(31, {'a1': 'a6'}), find_record(31, 31, 'age', 'name')]"
        ),
        json!([{"status": true, "A1": "Igor", "A2": "Rita", "A3": "Zoe", "A4": "Last", "A5": "", "A6": ""}, "Igor"])
    );
    let found = "f = find_first_record_multiple_cols_row(31, {'age': 31})\n[f['rows_index'], f['row_data']['ID']]";
    assert_eq!(value(store, &format!("edit_record(31, 2, {{'age': 1}})\n{found}")), json!([[4], 7]));
    assert_eq!(value(store, "delete_record(31, [2, 7])\nfind_record(31, 31)"), Json::Null);
}

/// More records than one page has, and gaps between their ids.
fn rows_of_a_large_table(store: &dyn Store) {
    let records: Vec<Json> = (1..=2_500).map(|number| json!({"id": 3 * number, "cells": {"n": number, "even": number % 2 == 0}})).collect();
    let file = json!({"project": {"id": 1, "name": "P"}, "clients": [{"id": 101, "name": "C"}],
        "tables": [{"id": 31, "name": "Large", "columns": ["n", "even"], "records": records}]});
    load(store, &ProjectFile::from_json(&file, now()).unwrap()).unwrap();
    assert_eq!(value(store, "find_record(31, 2500, 'n', 'ID')"), json!(7_500));
    assert_eq!(value(store, "find_record(31, 'nothing')"), Json::Null);
    assert_eq!(value(store, "[r['n'] for r in get_records_from_table(31, 2400, 3)]"), json!([2_400, 2_401, 2_402]));
    assert_eq!(value(store, "len(get_records_from_table(31))"), json!(1_000));
    assert_eq!(value(store, "r = get_records_from_table(31, 2, 9999)\n[len(r), r[-1]['n']]"), json!([2_499, 2_500]));
    assert_eq!(
        value(store, "table_read_cells(31, {'a2499': 'a2501', 'a1': 'a1', 'b120': 'a121'})"),
        json!({"status": true, "A2499": 2_499, "A2500": 2_500, "A2501": "", "A1": 1, "A120": 120, "B120": true, "A121": 121, "B121": false})
    );
    // The block's own between them and behind them: ids only come once, so there are new ones at the end only.
    let script = "delete_record(31, [3, 6, 3000])\nfor i in range(3):\n    new_record(31, {'n': i})\n";
    assert_eq!(value(store, &format!("{script}[r['n'] for r in get_records_from_table(31, 2498, 5)]")), json!([0, 1, 2]));
    let count =
        "f = find_first_record_multiple_cols_row(31, {'even': True})\n[f['quantity'], f['row'], f['row_data']['n'], f['rows_index'][-1]]";
    assert_eq!(value(store, count), json!([1_248, 2, 4, 2_497]));
}

/// What does not fit into the memory of a run ends it, and nothing stays.
fn a_table_that_is_too_much(store: &dyn Store) {
    let text = "x".repeat(20_000);
    let records: Vec<Json> = (1..=200).map(|id| json!({"id": id, "cells": {"text": text}})).collect();
    let file = json!({"project": {"id": 1, "name": "P"}, "clients": [{"id": 101, "name": "C"}],
        "tables": [{"id": 31, "name": "Long", "columns": ["text"], "records": records}]});
    load(store, &ProjectFile::from_json(&file, now()).unwrap()).unwrap();
    let engine = Engine::builder().limits(Limits { memory: 2 << 20, ..Limits::default() }).build();
    let outcome = run_with(&engine, store, 101, "get_records_from_table(31)");
    let codes: Vec<String> = outcome.diagnostics.into_iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, [Code::MemoryLimit.to_string()]);
    // To look through it needs a page at a time.
    let outcome = run_with(&engine, store, 101, "find_record(31, 'y')");
    assert_eq!((outcome.status, outcome.value), (Status::Ok, Json::Null));
}

/// A name is added once, however many find that it is missing.
fn two_who_look_first(store: &dyn Store) {
    shop(store);
    let engine = Engine::new();
    std::thread::scope(|scope| {
        let stores: [Arc<dyn Store>; 3] = [store.handle(), store.handle(), Arc::new(Elsewhere::new(store))];
        for (client, store) in (101..).zip(stores) {
            let engine = &engine;
            scope.spawn(move || {
                for name in 0..6 {
                    let script = format!("if find_record(31, 'name {name}') == None:\n    new_record(31, {{'name': 'name {name}'}})");
                    assert_eq!(run_with(engine, &*store, client, &script).status, Status::Ok);
                }
            });
        }
    });
    let mut names: Vec<String> = (0..6).map(|name| format!("name {name}")).collect();
    let found = value(store, "sort([r['name'] for r in get_records_from_table(31, 4)])");
    names.sort();
    assert_eq!(found, json!(names));
}

/// Each takes the first free record: none is taken by two.
fn many_take_what_is_free(store: &dyn Store) {
    let records: Vec<Json> = (1..=12).map(|id| json!({"id": id, "cells": {"slot": id, "is": "free"}})).collect();
    let file = json!({"project": {"id": 1, "name": "P"}, "clients": [{"id": 101, "name": "A"}, {"id": 102, "name": "B"}, {"id": 103, "name": "C"}],
        "tables": [{"id": 31, "name": "Slots", "columns": ["slot", "is"], "records": records}]});
    load(store, &ProjectFile::from_json(&file, now()).unwrap()).unwrap();
    let engine = Engine::new();
    let script = "_id = find_record(31, 'free', 'is', 'ID')\nedit_record(31, _id, {'is': 'taken'})\n_id";
    let mut taken: Vec<i64> = std::thread::scope(|scope| {
        let stores: [Arc<dyn Store>; 3] = [store.handle(), store.handle(), Arc::new(Elsewhere::new(store))];
        let threads: Vec<_> = (101..)
            .zip(stores)
            .map(|(client, store)| {
                let engine = &engine;
                scope.spawn(move || (0..4).map(|_| run_with(engine, &*store, client, script).value.as_i64().unwrap()).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    taken.sort_unstable();
    assert_eq!(taken, (1..=12).collect::<Vec<i64>>());
}
