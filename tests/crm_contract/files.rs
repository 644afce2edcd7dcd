//! cli.md section 2: projects as JSON, and the database file itself.

use calc::crm::{
    BlockId, ClientId, DealId, NewOrder, Opening, ProjectFile, ProjectId, Scope, Session, SqliteStore, StageId, Store, StoreErrorKind,
    demo, dump, load, project_ids,
};
use serde_json::{Value as Json, json};

use crate::{SHOP, ann, as_json, client, dumped, now, on_every_store, parse, shop};

on_every_store! { lists_and_labels_go_with_what_they_belong_to a_dump_loads_again loading_replaces every_key_is_dumped what_was_lived_through the_demo_project current_deals }

fn a_dump_loads_again(store: &dyn Store) {
    shop(store);
    let first = dumped(store).to_text();
    let again = ProjectFile::parse(&first, now() + chrono::Duration::days(100)).unwrap();
    assert_eq!(again.to_text(), first);
    load(store, &again).unwrap();
    assert_eq!(dumped(store).to_text(), first);
    assert_eq!(project_ids(store).unwrap(), [1, 2].map(ProjectId));
    assert_eq!(dump(store, ProjectId(3)).unwrap(), None);
}

fn loading_replaces(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.record_event("e1", "outcome");
    session.commit().unwrap();
    load(store, &parse(r#"{"project": {"id": 1, "name": "Empty"}, "clients": [{"id": 101, "name": "Ann"}]}"#)).unwrap();
    let file = dumped(store);
    assert_eq!((file.project.name.as_str(), file.deals.len(), file.operators.len()), ("Empty", 0, 0));
    assert_eq!(file.next_id, 102);
    let opening = Opening::new(ProjectId(1), ClientId(101), now(), fastrand::Rng::with_seed(1)).for_event("e1");
    assert_eq!(Session::open(store, opening).unwrap().previous_outcome(), None);
    assert_eq!(dump(store, ProjectId(2)).unwrap().unwrap().deals.len(), 1, "the other project stays");
}

fn every_key_is_dumped(store: &dyn Store) {
    load(store, &parse(r#"{"project": {"id": 1, "name": "Least"}, "operators": [{"email": "a@b"}], "pipelines": [{"id": 1, "name": "P"}],
        "clients": [{"id": 2, "name": "C", "visits": [{"block": 1}], "notes": [{"text": "n"}], "scheduled": [{"block": 1}], "history": [{}], "assignments": [{"operator": "a@b"}]}],
        "deals": [{"id": 3, "client": 2}], "tasks": [{"id": 4, "client": 2, "name": "T"}],
        "lists": [{"id": 5, "name": "L"}], "labels": [{"id": 6, "name": "M"}],
        "tables": [{"id": 7, "name": "Stock", "columns": ["a"], "records": [{"id": 3, "cells": {"a": ""}}]}]}"#)).unwrap();
    let dump = as_json(store);
    let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&dump), "project operators pipelines clients deals tasks blocks lists labels tables events notifications");
    assert_eq!(keys(&dump["project"]), "id name time_zone locale auto_accept_leads distribution next_id variables");
    assert_eq!(dump["project"]["distribution"], json!({"enabled": false, "hours": "always", "days_off": [], "window": "day"}));
    assert_eq!(
        keys(&dump["clients"][0]),
        "id name phone email platform_id client_type tag created_at queued queued_until operator unread blocked unsubscribed \
         main_client current_deal current_deal_chosen last_message_at question position group paused_until variables draft \
         visits notes scheduled history assignments"
    );
    assert_eq!(
        keys(&dump["operators"][0]),
        "email name status description contact_email phone position custom_field1 custom_field2 custom_field3"
    );
    assert_eq!(keys(&dump["clients"][0]["history"][0]), "direction author text block delivered error at message_ids removed");
    assert_eq!(keys(&dump["deals"][0]), "id client name description budget stage status created_at closed_at operator variables");
    assert_eq!(keys(&dump["tasks"][0]), "id client operator name description due_date due_time done done_at");
    assert_eq!(dump["clients"][0]["created_at"], json!("2026-11-20 10:00:00"), "times that are not given are now");
    assert_eq!(dump["tasks"][0]["due_date"], json!("20.11.2026"));
    assert_eq!(dump["lists"], json!([{"id": 5, "name": "L", "clients": []}]));
    assert_eq!(dump["labels"], json!([{"id": 6, "name": "M", "color": 0, "clients": []}]));
    assert_eq!(
        dump["tables"],
        json!([{"id": 7, "name": "Stock", "columns": ["a"], "next_record": 4, "records": [{"id": 3, "cells": {}}]}])
    );
    assert_eq!(keys(&dump["tables"][0]), "id name columns next_record records");
    assert_eq!(dump["project"]["next_id"], json!(8));
}

/// A client takes its memberships along, a project all of them; a dump of one client has every list and label, but no other
/// client in them.
fn lists_and_labels_go_with_what_they_belong_to(store: &dyn Store) {
    shop(store);
    let of =
        |json: &Json, kind: &str| -> Vec<Json> { json[kind].as_array().unwrap().iter().map(|entry| entry["clients"].clone()).collect() };
    let dump = as_json(store);
    assert_eq!(of(&dump, "lists"), [json!([101, 104]), json!([101, 103]), json!([102]), json!([])]);
    assert_eq!(of(&dump, "labels"), [json!([101, 104]), json!([101]), json!([])]);
    assert_eq!(dump["lists"][2]["name"], "Buyers ", "as written");
    let one = calc::crm::dump_client(store, ProjectId(1), ClientId(101)).unwrap().unwrap().to_json();
    assert_eq!(of(&one, "lists"), [json!([101]), json!([101]), json!([]), json!([])]);
    assert_eq!(of(&one, "labels"), [json!([101]), json!([101]), json!([])]);
    parse(&one.to_string());
    load(store, &parse(r#"{"project": {"id": 1, "name": "Shop"}}"#)).unwrap();
    assert_eq!(as_json(store)["lists"], json!([]));
    assert_eq!(of(&dump_of(store, 2), "lists"), [json!([1101])], "the other project keeps its own");
}

fn dump_of(store: &dyn Store, project: i64) -> Json {
    dump(store, ProjectId(project)).unwrap().unwrap().to_json()
}

/// A database that was worked with, and one made from its dump, go on alike.
fn what_was_lived_through(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.receive("hello");
    session.create_order(&NewOrder { name: Some("a"), ..NewOrder::default() }).unwrap();
    let deleted = session.create_order(&NewOrder { name: Some("b"), phone: Some("+1"), ..NewOrder::default() }).unwrap();
    session.delete_order(Some(deleted.id)).unwrap();
    session.set_variable(Scope::Deal, "x", json!({"deep": [1.5, "ё"]})).unwrap();
    session.free_client().unwrap();
    session.distribute_client().unwrap();
    session.queue_message("text", Some(BlockId(5)));
    session.record_visit(BlockId(5));
    session.commit().unwrap();
    let mut session = client(store, 102);
    session.block_client().unwrap();
    session.switch_order(Some(DealId(501))).unwrap_err();
    session.commit().unwrap();
    let text = dumped(store).to_text();
    let copy = SqliteStore::in_memory().unwrap();
    load(&copy, &ProjectFile::parse(&text, now()).unwrap()).unwrap();
    let go_on = |store: &dyn Store| {
        let later = now() + chrono::Duration::hours(1);
        let mut session = Session::open(store, Opening::new(ProjectId(1), ClientId(103), later, fastrand::Rng::with_seed(1))).unwrap();
        let id = session.create_order(&NewOrder::default()).unwrap().id;
        session.distribute_client().unwrap();
        let operator = session.get_operator().unwrap();
        session.commit().unwrap();
        (id, operator, dumped(store).to_text())
    };
    assert_eq!(go_on(store), go_on(&copy));
}

fn the_demo_project(store: &dyn Store) {
    let file = demo().unwrap();
    load(store, &file).unwrap();
    let dump = dumped(store);
    assert_eq!(dump.project.time_zone.name(), "Europe/Moscow");
    assert_eq!((dump.operators.len(), dump.pipelines.len(), dump.clients.len()), (3, 2, 3));
    assert!(dump.variables.is_empty());
    assert!(dump.clients.iter().all(|entry| entry.variables.is_empty() && entry.draft.is_empty()));
    assert!(dump.deals.iter().all(|entry| entry.variables.is_empty()));
    assert!(calc::crm::outbox::pending(store, ProjectId(1), 10).unwrap().is_empty());
}

fn current_deals(store: &dyn Store) {
    let file = |clients: &str| {
        format!(
            r#"{{"project": {{"id": 1, "name": "P"}}, "pipelines": [{{"id": 9, "name": "P", "stages": [{{"id": 10, "name": "S"}}]}}],
            "clients": [{clients}], "deals": [{{"id": 2, "client": 1, "created_at": "2026-01-02"}},
            {{"id": 3, "client": 1, "created_at": "2026-01-01"}}, {{"id": 4, "client": 1, "status": "fail", "created_at": "2026-01-03"}}]}}"#
        )
    };
    let current = |text: &str| {
        load(store, &parse(text)).unwrap();
        let mut session = client(store, 1);
        let first = session.get_order_id().unwrap();
        session.change_state(StageId(10), Some(DealId(4))).unwrap();
        (first, session.get_order_id().unwrap())
    };
    assert_eq!(current(&file(r#"{"id": 1, "name": "C"}"#)), (Some(DealId(2)), Some(DealId(4))), "the newest active one");
    assert_eq!(current(&file(r#"{"id": 1, "name": "C", "current_deal": 3}"#)), (Some(DealId(3)), Some(DealId(3))), "one that was set");
    let wrong = ProjectFile::parse(&file(r#"{"id": 1, "name": "C", "current_deal": 7}"#), now()).unwrap_err();
    assert_eq!(wrong.to_string(), "line 2, column 48, clients[0].current_deal: there is no deal `7` in the file");
}

#[test]
fn errors_name_the_place() {
    let with = |rest: &str| format!(r#"{{"project": {{"id": 1, "name": "P"}}, {rest}}}"#);
    let cases = [
        ("{\n  \"project\": {\"id\": 1,,}}".to_owned(), "line 2, column 23: not JSON: a key must be text in double quotes"),
        ("[]".to_owned(), ": an object `{…}` is expected, found a list"),
        ("{}".to_owned(), "project: `project` is missing"),
        (r#"{"project": {"name": "P"}}"#.to_owned(), "project.id: `id` is missing"),
        (r#"{"project": {"id": "1", "name": "P"}}"#.to_owned(), "project.id: a whole number is expected, found the text `1`"),
        (r#"{"project": {"id": 0, "name": "P"}}"#.to_owned(), "project.id: `0` is not an id: ids are whole numbers above 0"),
        (
            r#"{"project": {"id": 1, "name": "P", "time_zone": "Moscow"}}"#.to_owned(),
            "project.time_zone: `Moscow` is not a time zone: write one like `Europe/Moscow`",
        ),
        (with(r#""client": []"#), "client: there is no key `client`: did you mean `clients`?"),
        (
            with(r#""pipelines": [{"id": 2, "name": "S", "stage": []}]"#),
            "pipelines[0].stage: there is no key `stage`: did you mean `stages`?",
        ),
        (with(r#""clients": {}"#), "clients: a list `[…]` is expected, found an object"),
        (
            with(r#""clients": [{"id": 2, "name": "a"}], "tasks": [{"id": 2, "client": 2, "name": "t"}]"#),
            "tasks[0].id: the id `2` is used twice, here and in clients[0].id; clients, deals, tasks, stages, pipelines, lists, labels and tables share one counter",
        ),
        (with(r#""deals": [{"id": 2, "client": 7}]"#), "deals[0].client: there is no client `7` in the file"),
        (
            with(r#""clients": [{"id": 2, "name": "a"}], "deals": [{"id": 3, "client": 2, "stage": 7}]"#),
            "deals[0].stage: there is no stage `7` in the file",
        ),
        (with(r#""clients": [{"id": 2, "name": "a", "operator": "x@y"}]"#), "clients[0].operator: there is no operator `x@y` in the file"),
        (
            with(r#""clients": [{"id": 2, "name": "a", "created_at": "20.11.2026"}]"#),
            "clients[0].created_at: `20.11.2026` is not a time: write one like `2026-11-20 09:00:00` (UTC)",
        ),
        (
            with(r#""clients": [{"id": 2, "name": "a"}], "tasks": [{"id": 3, "client": 2, "name": "t", "due_date": "31.02.2026"}]"#),
            "tasks[0].due_date: `31.02.2026` is not a date: write `dd.mm.yyyy`",
        ),
        (
            with(r#""operators": [{"email": "a@b", "status": "busy"}]"#),
            "operators[0].status: there is no `busy`: write `on_shift`, `break` or `absent`",
        ),
        (with(r#""operators": [{"email": "a@b"}, {"email": " A@B"}]"#), "operators[1].email: there is another operator `A@B`"),
        (with(r#""clients": [{"id": 2, "name": "a", "blocked": 1}]"#), "clients[0].blocked: `true` or `false` is expected, found `1`"),
        (with(r#""clients": [{"id": 2, "name": "a", "main_client": 3}]"#), "clients[0].main_client: there is no client `3` in the file"),
        (
            with(r#""clients": [{"id": 2, "name": "a", "variables": {"_x": 1}}]"#),
            "clients[0].variables._x: no script can read `_x`: a variable whose name begins with `_` is never stored",
        ),
        (
            with(r#""clients": [{"id": 2, "name": "a", "visits": [{"block": 1}, {"block": 1}]}]"#),
            "clients[0].visits[1]: there is another visit of block `1`",
        ),
        (
            with(r#""clients": [{"id": 2, "name": "a\u0000"}]"#),
            "clients[0].name: the text contains the character 0, which cannot be stored",
        ),
        (
            with(&format!(r#""clients": [{{"id": 2, "name": "{}"}}]"#, "я".repeat(501))),
            "clients[0].name: the text has 501 characters, at most 500 are stored",
        ),
        (
            with(&format!(r#""clients": [{{"id": 2, "name": "a", "notes": [{{"text": "{}"}}]}}]"#, "я".repeat(100_001))),
            "clients[0].notes[0].text: the text has 100001 characters, at most 100000 are stored",
        ),
        (
            with(r#""clients": [{"id": 2, "name": "a", "variables": {"x\u0000": 1}}]"#),
            "the name of the variable `x\0` contains the character 0, which cannot be stored",
        ),
    ];
    let many: Vec<String> = (0..1001).map(|number| format!(r#""v{number}": 1"#)).collect();
    let text = with(&format!(r#""clients": [{{"id": 2, "name": "a", "variables": {{{}}}}}]"#, many.join(",")));
    let error = ProjectFile::parse(&text, now()).expect_err("too many");
    assert!(error.place == "clients[0].variables", "{}", error.place);
    for (text, expected) in cases {
        let error = ProjectFile::parse(&text, now()).expect_err(&text);
        // Line and column come first, where the reader of JSON has not said them already.
        assert!(error.to_string().ends_with(expected) && error.to_string().starts_with("line "), "{error}");
    }
}

#[test]
fn errors_in_tables_name_the_place() {
    let with = |rest: &str| format!(r#"{{"project": {{"id": 1, "name": "P"}}, {rest}}}"#);
    let cases = [
        (
            with(r#""tables": [{"id": 2, "name": "T", "columns": ["a", "ID"]}]"#),
            "tables[0].columns[1]: `ID` is no column: it stands for the id of a record",
        ),
        (with(r#""tables": [{"id": 2, "name": "T", "columns": [" "]}]"#), "tables[0].columns[0]: the name of a column is empty"),
        (with(r#""tables": [{"id": 2, "name": "T", "columns": ["a", "a"]}]"#), "tables[0].columns[1]: the column `a` is there already"),
        (with(r#""tables": [{"id": 2, "name": "T", "columns": [5]}]"#), "tables[0].columns[0]: text is expected, found 5"),
        (
            with(r#""tables": [{"id": 2, "name": "T", "columns": ["name"], "records": [{"id": 1, "cells": {"nmae": 5}}]}]"#),
            "tables[0].records[0].cells.nmae: the table has no column `nmae`: did you mean `name`?",
        ),
        (
            with(r#""tables": [{"id": 2, "name": "T", "columns": [], "records": [{"id": 1, "cells": {"колонка": 5}}]}]"#),
            "tables[0].records[0].cells.колонка: the table has no column `колонка`",
        ),
        (
            with(r#""tables": [{"id": 2, "name": "T", "records": [{"id": 1}, {"id": 1}]}]"#),
            "tables[0].records[1].id: the id `1` is used twice in this table, here and in tables[0].records[0].id",
        ),
        (
            with(&format!(
                r#""tables": [{{"id": 2, "name": "T", "columns": ["a"], "records": [{{"id": 1, "cells": {{"a": "{}"}}}}]}}]"#,
                "я".repeat(100_001)
            )),
            "tables[0].records[0].cells: written out, the record has 100010 characters, at most 100000 are stored",
        ),
        (
            with(&format!(r#""tables": [{{"id": 2, "name": "T", "columns": ["{}"]}}]"#, "я".repeat(501))),
            "tables[0].columns[0]: this cannot be the name of a column: the text has 501 characters, at most 500 are stored",
        ),
        (
            with(&format!(
                r#""tables": [{{"id": 2, "name": "T", "columns": {:?}}}]"#,
                (0..1001).map(|n| n.to_string()).collect::<Vec<_>>()
            )),
            "tables[0].columns: a table of 1001 columns is too wide: at most 1000 are kept",
        ),
        (
            with(&format!(
                r#""tables": [{{"id": 2, "name": "T", "columns": ["a"], "records": [{{"id": 1, "cells": {{"a": {}{}}}}}]}}]"#,
                "[".repeat(101),
                "]".repeat(101)
            )),
            "tables[0].records[0].cells.a: the value for the column `a` is nested more than 100 levels deep",
        ),
    ];
    for (text, expected) in cases {
        let error = ProjectFile::parse(&text, now()).expect_err(&text);
        assert!(error.to_string().ends_with(expected) && error.to_string().starts_with("line "), "{error}");
    }
}

#[test]
fn a_database_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let kind = |result: Result<SqliteStore, calc::crm::StoreError>| result.err().map(|error| error.kind());
    assert_eq!(kind(SqliteStore::open(&path, false)), Some(StoreErrorKind::Missing));
    assert!(!path.exists(), "nothing is made unasked");
    load(&SqliteStore::open(&path, true).unwrap(), &parse(SHOP)).unwrap();
    let store = SqliteStore::open(&path, false).unwrap();
    let mut session = ann(&store);
    session.set_note("kept").unwrap();
    session.commit().unwrap();
    drop(store);
    assert_eq!(dumped(&SqliteStore::open(&path, true).unwrap()).clients[0].notes[0].text, "kept");

    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert_eq!(kind(SqliteStore::open(&empty, false)), Some(StoreErrorKind::Missing), "no tables");
    let text = folder.path().join("text.db");
    std::fs::write(&text, "this is a text and no database at all, is it?".repeat(40)).unwrap();
    assert_eq!(kind(SqliteStore::open(&text, false)), Some(StoreErrorKind::Corrupt));
    let nowhere = folder.path().join("no").join("such").join("folder.db");
    assert_eq!(kind(SqliteStore::open(&nowhere, true)), Some(StoreErrorKind::Unavailable));
}

#[test]
fn a_newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    drop(SqliteStore::open(&path, true).unwrap());
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute("UPDATE calc_schema SET version = 99", []).unwrap();
    drop(connection);
    let error = SqliteStore::open(&path, true).err().unwrap();
    assert_eq!(error.kind(), StoreErrorKind::NewerSchema);
    assert_eq!(error.to_string(), "the database has schema version 99, this program knows 5: a newer `calc` is needed");
}

#[test]
fn a_panic_in_a_session_takes_it_back() {
    let store = SqliteStore::in_memory().unwrap();
    load(&store, &parse(SHOP)).unwrap();
    let before = dumped(&store).to_text();
    std::thread::scope(|scope| {
        let panicked = scope.spawn(|| {
            let mut session = ann(&store);
            session.set_note("gone").unwrap();
            session.get_active_orders_ids().unwrap();
            panic!("in a host's own function");
        });
        assert!(panicked.join().is_err());
    });
    assert_eq!(dumped(&store).to_text(), before);
    let mut session = ann(&store);
    session.set_note("kept").unwrap();
    session.commit().unwrap();
}

#[test]
fn a_second_session_of_one_thread_is_no_deadlock() {
    let store = SqliteStore::in_memory().unwrap().with_patience(std::time::Duration::from_millis(20)).unwrap();
    load(&store, &parse(SHOP)).unwrap();
    let session = ann(&store);
    assert_eq!(project_ids(&store).unwrap(), [ProjectId(1)], "a session holds nothing");
    let mut second = ann(&store);
    second.free_client().unwrap();
    assert!(second.distribute_client().unwrap(), "but its turn at the distribution");
    assert_eq!(project_ids(&store).err().map(|error| error.kind()), Some(StoreErrorKind::Busy));
    second.commit().unwrap();
    session.commit().unwrap();
    assert_eq!(project_ids(&store).unwrap(), [ProjectId(1)]);
}

#[test]
fn stores_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<SqliteStore>();
    shared::<calc::crm::StoreError>();
}
