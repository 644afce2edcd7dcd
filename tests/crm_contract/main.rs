//! The CRM's contract (crm.md), row by row, over any store: each test is a function that gets an empty one.
//! Another driver adds another module to `on_every_store`.

#![cfg(feature = "sqlite")]

mod block;
mod clients;
mod deals;
mod delivery;
mod distribution;
mod due;
mod files;
mod ids;
mod isolation;
mod labels;
mod lists;
mod log;
mod newer;
mod plans;
#[cfg(feature = "postgres")]
#[path = "../postgres/mod.rs"]
mod postgres;
mod questions;
mod requests;
#[path = "../scripts/mod.rs"]
mod scripts;
mod searches;
mod stores;
mod tables;
mod tasks;
mod variables;

use calc::crm::model::DealStatus;
use calc::crm::{ClientId, CrmError, DealId, Effect, Json, Opening, ProjectFile, ProjectId, Refusal, Session, StageId, Store, dump, load};
use chrono::{DateTime, TimeZone, Utc};

/// Runs functions over `&dyn Store` as tests on every store there is.
macro_rules! on_every_store {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&calc::crm::SqliteStore::in_memory().expect("a database in memory"));
            })*
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(store) = crate::postgres::fresh() {
                    super::$name(&store);
                }
            })*
        }
    };
}
pub(crate) use on_every_store;

/// Friday 20.11.2026 13:00 in Moscow.
pub(crate) fn now() -> DateTime<Utc> {
    at(20, 10, 0)
}

/// A time in November 2026, UTC.
pub(crate) fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, day, hour, minute, 0).single().expect("a time")
}

pub(crate) const SHOP: &str = r#"{
 "project": {"id": 1, "name": "Shop", "time_zone": "Europe/Moscow", "variables": {"rate": 90.5, "shared": "project"}},
 "operators": [{"email": "Olga@example.com", "name": "Olga", "status": "on_shift"},
   {"email": "pavel@example.com", "name": "Pavel", "status": "break"},
   {"email": "irina@example.com", "name": " ", "status": "absent"}],
 "pipelines": [{"id": 3, "name": "Sales", "stages": [{"id": 13, "name": "New"}, {"id": 11, "name": "Offer"}, {"id": 12, "name": "Paid"}]},
   {"id": 4, "name": "Repairs", "stages": [{"id": 21, "name": "Received"}]}],
 "clients": [
   {"id": 101, "name": "Ann", "phone": "+7 (916) 123-45-67", "email": "Ann@Example.com", "created_at": "2026-01-01 00:00:00",
    "operator": "olga@example.com", "last_message_at": "2026-11-18 09:00:00", "position": 7, "unread": 2,
    "variables": {"city": "Moscow", "shared": "client"},
    "visits": [{"block": 7, "first_at": "2026-11-18 09:00:00"}],
    "scheduled": [{"block": 9, "due_at": "2026-12-01 09:00:00", "do_not_cancel": true}, {"text": "hello?", "due_at": "2026-12-02 09:00:00"}],
    "history": [{"direction": "in", "text": "hi", "at": "2026-11-18 09:00:00"}]},
   {"id": 102, "name": "Bob", "created_at": "2026-01-02 00:00:00", "draft": {"size": "XL"}},
   {"id": 103, "name": "Carl", "main_client": 101, "created_at": "2026-01-03 00:00:00"},
   {"id": 104, "name": "Dora", "main_client": 101, "phone": "8 926 000 00 00", "created_at": "2026-01-04 00:00:00"},
   {"id": 105, "name": "Dora again", "phone": "+79260000000", "email": "dora@example.com", "created_at": "2026-01-04 00:00:00"}],
 "deals": [
   {"id": 501, "client": 101, "name": "Website", "description": "a shop", "budget": 1500, "stage": 13, "created_at": "2026-11-01 10:00:00",
    "variables": {"color": "red", "amount": 5, "list": [1, "a"], "shared": "deal"}},
   {"id": 502, "client": 101, "name": "Logo", "status": "success", "stage": 12, "created_at": "2026-10-01 10:00:00", "closed_at": "2026-10-02 10:00:00"},
   {"id": 503, "client": 101, "name": "Banner", "status": "fail", "created_at": "2026-09-01 10:00:00", "closed_at": "2026-09-02 10:00:00"},
   {"id": 504, "client": 101, "name": "Old", "created_at": "2026-08-01 10:00:00", "variables": {"color": "blue", "amount": "5.0"}},
   {"id": 505, "client": 104, "name": "Dora's", "stage": 21, "created_at": "2026-08-01 10:00:00"}],
 "tasks": [{"id": 901, "client": 101, "operator": "olga@example.com", "name": "Call", "description": "soon", "due_date": "25.11.2026", "due_time": "10:00"}],
 "lists": [{"id": 41, "name": "Buyers", "clients": [101, 104]}, {"id": 42, "name": "News", "clients": [101, 103]},
   {"id": 43, "name": "Buyers ", "clients": [102]}, {"id": 44, "name": "Empty"}],
 "labels": [{"id": 61, "name": "vip", "color": 3, "clients": [101, 104]}, {"id": 62, "name": "cold", "clients": [101]},
   {"id": 63, "name": "wholesale", "color": 9}],
 "tables": [{"id": 31, "name": "People", "columns": ["name", "age", "city"], "next_record": 5, "records": [
   {"id": 1, "cells": {"name": "Anna", "age": "31", "city": "Kazan"}},
   {"id": 2, "cells": {"name": "Ilya", "age": 26, "city": "Moscow"}},
   {"id": 4, "cells": {"name": "Rita", "age": "26", "city": "Moscow"}}]},
  {"id": 32, "name": "Cells", "columns": ["A", "B", "C"], "records": [
   {"id": 1, "cells": {"A": [1, {"deep": null}]}}, {"id": 2, "cells": {"A": 2.5, "B": true}}, {"id": 3, "cells": {"C": "=A1"}}]}]
}"#;

/// Another tenant in the same database, whose ids are others.
pub(crate) const OTHER: &str = r#"{
 "project": {"id": 2, "name": "Other", "variables": {"rate": 1}},
 "operators": [{"email": "stranger@example.com", "name": "Stranger"}],
 "pipelines": [{"id": 1003, "name": "Sales", "stages": [{"id": 1011, "name": "New"}]}],
 "clients": [{"id": 1101, "name": "Zoe", "phone": "+7 999 888 77 66", "email": "zoe@example.com"}],
 "deals": [{"id": 1501, "client": 1101, "name": "Secret", "stage": 1011, "variables": {"color": "red"}}],
 "tasks": [{"id": 1901, "client": 1101, "name": "Secret"}],
 "lists": [{"id": 1041, "name": "Buyers", "clients": [1101]}],
 "labels": [{"id": 1061, "name": "secret", "clients": [1101]}],
 "tables": [{"id": 31, "name": "Secrets", "columns": ["name"], "records": [{"id": 1, "cells": {"name": "Secret"}}]},
  {"id": 1031, "name": "More", "columns": ["name"], "records": [{"id": 7, "cells": {"name": "Secret"}}]}]
}"#;

pub(crate) fn parse(text: &str) -> ProjectFile {
    ProjectFile::parse(text, now()).expect("a project")
}

/// Puts both projects into the store.
pub(crate) fn shop(store: &dyn Store) {
    load(store, &parse(SHOP)).expect("loading");
    load(store, &parse(OTHER)).expect("loading");
}

/// A session for Ann.
pub(crate) fn ann(store: &dyn Store) -> Session {
    client(store, 101)
}

pub(crate) fn client(store: &dyn Store, client: i64) -> Session {
    Session::open(store, Opening::new(ProjectId(1), ClientId(client), now(), fastrand::Rng::with_seed(7))).expect("a session")
}

/// The shop as it is in the database.
pub(crate) fn dumped(store: &dyn Store) -> ProjectFile {
    dump(store, ProjectId(1)).expect("dumping").expect("the project")
}

pub(crate) fn as_json(store: &dyn Store) -> Json {
    dumped(store).to_json()
}

/// What a refused call refused.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, CrmError>) -> Refusal {
    match result {
        Err(CrmError::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected, found {other:?}"),
    }
}

/// The kinds of the effects so far.
pub(crate) fn kinds(session: &Session) -> Vec<String> {
    session.effects().iter().map(kind).collect()
}

pub(crate) fn kind(effect: &Effect) -> String {
    let json = serde_json::to_value(effect).expect("an effect is data");
    json["kind"].as_str().expect("an effect has a kind").to_owned()
}

/// A deal's status and stage in the database.
pub(crate) fn deal(store: &dyn Store, id: DealId) -> Option<(DealStatus, Option<StageId>)> {
    let file = dumped(store);
    file.deals.iter().find(|entry| entry.deal.id == id).map(|entry| (entry.deal.status, entry.deal.stage))
}
