//! crm.md C3.4 and `distribute_client()`.

use std::collections::BTreeMap;

use calc::crm::queue::due;
use calc::crm::{ClientId, Opening, OperatorId, ProjectFile, ProjectId, Session, SqliteStore, Store, load};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use crate::{SHOP, ann, as_json, at, dumped, kinds, now, on_every_store, parse, shop};

on_every_store! { an_operator_is_kept in_turn working_hours days_off nobody_on_shift the_window concurrently }

fn office(distribution: &Json, statuses: &[&str], clients: i64) -> ProjectFile {
    let operators: Vec<Json> = statuses
        .iter()
        .enumerate()
        .map(|(index, status)| json!({"email": format!("o{index}@example.com"), "name": "", "status": status}))
        .collect();
    let clients: Vec<Json> = (1..=clients).map(|id| json!({"id": id, "name": "c"})).collect();
    let project = json!({"id": 1, "name": "Office", "time_zone": "Europe/Moscow", "distribution": distribution});
    let file = json!({"project": project, "operators": operators, "clients": clients});
    ProjectFile::from_json(&file, now()).unwrap()
}

fn session(store: &dyn Store, client: i64, time: DateTime<Utc>) -> Session {
    Session::open(store, Opening::new(ProjectId(1), ClientId(client), time, fastrand::Rng::with_seed(1))).unwrap()
}

fn distribute(store: &dyn Store, client: i64, time: DateTime<Utc>) -> Option<String> {
    let mut session = session(store, client, time);
    let given = session.distribute_client().unwrap();
    let operator = session.get_operator().unwrap();
    assert_eq!(given, operator.is_some());
    session.commit().unwrap();
    operator
}

fn an_operator_is_kept(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.assign_to_user(Some("irina@example.com"), false).unwrap();
    assert!(session.distribute_client().unwrap());
    assert_eq!(session.get_operator().unwrap().as_deref(), Some("irina@example.com"));
}

fn in_turn(store: &dyn Store) {
    load(store, &office(&json!({}), &["on_shift", "break", "on_shift", "on_shift"], 6)).unwrap();
    let given: Vec<_> = (1..=6).map(|client| distribute(store, client, now()).unwrap()).collect();
    let expected: Vec<_> = [0, 2, 3, 0, 2, 3].map(|index| format!("o{index}@example.com")).into();
    assert_eq!(given, expected, "lowest id first, then who has waited longest");
}

fn working_hours(store: &dyn Store) {
    load(store, &office(&json!({"hours": ["09:00", "18:00"]}), &["on_shift"], 3)).unwrap();
    // 18:00 in Moscow.
    assert_eq!(distribute(store, 1, at(20, 15, 0)), None);
    assert_eq!(as_json(store)["clients"][0]["queued"], json!(true));
    assert_eq!(as_json(store)["clients"][0]["queued_until"], json!("2026-11-21 06:00:00"));
    assert_eq!(due(store, ProjectId(1), at(21, 5, 59), 10).unwrap(), Vec::new());
    assert_eq!(due(store, ProjectId(1), at(21, 6, 0), 10).unwrap(), [ClientId(1)]);
    assert!(distribute(store, 1, at(21, 6, 0)).is_some());
    assert_eq!(as_json(store)["clients"][0]["queued"], json!(false), "no longer waiting");
    assert!(due(store, ProjectId(1), at(22, 6, 0), 10).unwrap().is_empty());
    // Before work the same day's start is the next one.
    assert_eq!(distribute(store, 2, at(20, 5, 0)), None);
    assert_eq!(as_json(store)["clients"][1]["queued_until"], json!("2026-11-20 06:00:00"));
}

fn days_off(store: &dyn Store) {
    load(store, &office(&json!({"days_off": [6, 7]}), &["on_shift"], 1)).unwrap();
    let mut session = session(store, 1, at(21, 10, 0));
    assert!(!session.distribute_client().unwrap());
    assert!(!session.distribute_client().unwrap());
    assert_eq!(kinds(&session), ["client_queued"]);
    session.commit().unwrap();
    assert_eq!(as_json(store)["clients"][0]["queued_until"], json!("2026-11-22 21:00:00"), "Monday 0:00 in Moscow");
}

fn nobody_on_shift(store: &dyn Store) {
    load(store, &office(&json!({"hours": ["09:00", "18:00"]}), &["break", "absent"], 1)).unwrap();
    assert_eq!(distribute(store, 1, now()), None);
    assert_eq!(as_json(store)["clients"][0]["queued_until"], json!("2026-11-21 06:00:00"), "the next working day");
    let mut session = session(store, 1, now());
    session.assign_to_user(Some("o0@example.com"), false).unwrap();
    session.commit().unwrap();
    assert_eq!(as_json(store)["clients"][0]["queued"], json!(false));
}

fn the_window(store: &dyn Store) {
    load(store, &office(&json!({"window": 60}), &["on_shift", "on_shift"], 9)).unwrap();
    for client in 1..=3 {
        let mut session = session(store, client, at(20, 8, 0));
        session.assign_to_user(Some("o0@example.com"), false).unwrap();
        session.commit().unwrap();
    }
    assert_eq!(distribute(store, 4, at(20, 8, 30)).as_deref(), Some("o1@example.com"), "three against none");
    assert_eq!(distribute(store, 5, at(20, 9, 15)).as_deref(), Some("o0@example.com"), "the three are too long ago");
    // A working day counts from its start, whatever was given yesterday.
    load(store, &office(&json!({}), &["on_shift", "on_shift"], 9)).unwrap();
    for client in 1..=3 {
        let mut session = session(store, client, at(19, 20, 59));
        session.assign_to_user(Some("o0@example.com"), false).unwrap();
        session.commit().unwrap();
    }
    assert_eq!(distribute(store, 4, at(19, 21, 0)).as_deref(), Some("o1@example.com"), "never had one");
    assert_eq!(distribute(store, 5, at(19, 21, 1)).as_deref(), Some("o0@example.com"), "none today, one against");
}

fn concurrently(store: &dyn Store) {
    load(store, &office(&json!({}), &["on_shift"; 5], 55)).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for client in (1..=55).filter(|client| client % 4 == thread) {
                    assert!(distribute(store, client, now()).is_some());
                }
            });
        }
    });
    let mut shares: BTreeMap<Option<OperatorId>, i64> = BTreeMap::new();
    for entry in dumped(store).clients {
        *shares.entry(entry.client.operator).or_default() += 1;
    }
    let expected = (1..=5).map(|operator| (Some(OperatorId(operator)), 11)).collect();
    assert_eq!(shares, expected);
}

#[test]
fn concurrently_in_a_file_through_two_stores() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let first = SqliteStore::open(&path, true).unwrap();
    load(&first, &office(&json!({}), &["on_shift"; 5], 55)).unwrap();
    std::thread::scope(|scope| {
        for half in 0..2 {
            let path = &path;
            scope.spawn(move || {
                let store = SqliteStore::open(path, false).unwrap();
                for client in (1..=55).filter(|client| client % 2 == half) {
                    assert!(distribute(&store, client, now()).is_some());
                }
            });
        }
    });
    let mut shares = BTreeMap::new();
    for entry in dumped(&first).clients {
        *shares.entry(entry.client.operator).or_insert(0) += 1;
    }
    assert!(shares.values().all(|share| *share == 11), "{shares:?}");
    assert_eq!(parse(SHOP).operators.len(), 3);
}
