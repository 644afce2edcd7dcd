//! Projects never meet (C3.1): whatever a script of one project does, with ids, addresses and names of another one at
//! hand, the other one stays what it was, and the script learns nothing of it. `CALC_TRIAL_SCRIPTS` is how many scripts.

use std::time::Duration;

use calc::BlockId;
use calc::crm::{ClientId, ProjectId, SqliteStore, Store, dump, load};
use calc::engine::{Engine, Event, Limits, Outcome, Status};
use serde_json::Value as Json;

use crate::scripts::{Known, Writer, count, seeded};
use crate::{SHOP, kind, now, on_every_store, parse};

on_every_store! { scripts_never_meet_another_project }

/// The other project. What no script knows of it is a secret.
const STRANGER: &str = r#"{
 "project": {"id": 2, "name": "SECRET shop", "variables": {"rate": "SECRET", "x": "SECRET", "y": "SECRET"}},
 "operators": [{"email": "stranger@example.com", "name": "SECRET operator", "status": "on_shift"},
   {"email": "olga@example.com", "name": "SECRET Olga", "status": "on_shift"}],
 "pipelines": [{"id": 1003, "name": "SECRET pipeline", "stages": [{"id": 1011, "name": "SECRET stage"}, {"id": 1012, "name": "Paid"}]}],
 "clients": [
   {"id": 1101, "name": "SECRET Zoe", "phone": "+7 999 888 77 66", "email": "zoe@example.com", "operator": "stranger@example.com",
    "variables": {"city": "SECRET", "x": "SECRET"}, "notes": [{"text": "SECRET"}], "draft": {"x": "SECRET"},
    "visits": [{"block": 7}, {"block": 77}], "scheduled": [{"block": 9, "due_at": "2026-12-01 09:00:00"}],
    "history": [{"direction": "in", "text": "SECRET"}, {"direction": "out", "text": "SECRET", "delivered": false}]},
   {"id": 77771177, "name": "SECRET Yan", "phone": "+7 999 888 55 44", "email": "yan@example.com"}],
 "deals": [
   {"id": 1501, "client": 1101, "name": "SECRET deal", "stage": 1011, "variables": {"color": "red", "x": "SECRET"}},
   {"id": 77772277, "client": 77771177, "name": "SECRET other", "stage": 1012, "status": "success", "variables": {"color": "green"}}],
 "tasks": [{"id": 1901, "client": 1101, "operator": "stranger@example.com", "name": "SECRET task"}],
 "lists": [{"id": 1041, "name": "SECRET list", "clients": [1101]}, {"id": 1042, "name": "Buyers", "clients": [77771177]},
   {"id": 1043, "name": "Hidden", "clients": [1101]}],
 "labels": [{"id": 1061, "name": "SECRET label", "clients": [1101]}, {"id": 1062, "name": "vip", "clients": [1101, 77771177]},
   {"id": 1063, "name": "hidden", "clients": [1101]}]
}"#;

/// What a script knows, of its own project and of the other one.
const KNOWN: &[Known<'_>] = &[
    ("kind-client-id", &["101", "102", "104", "client_id", "1101"]),
    ("kind-deal-id", &["501", "502", "504", "505", "get_order_id()", "1501"]),
    ("task_id", &["901", "x0", "1901"]),
    ("spisok", &["41", "[42, 44]", "'Buyers'", "'Third'", "1041", "[44, 1042]"]),
    ("list_id", &["41", "43", "44", "61", "63", "1041", "1061"]),
    ("list_name", &["'Buyers'", "'News'", "'Hidden'"]),
    ("label_name", &["'vip'", "'cold'", "'new'", "'hidden'"]),
    ("labels_array", &["[61]", "['vip']", "[61, 62]", "['vip', 'cold']", "[1061]", "['hidden']"]),
    ("massive_list", &["[41, 42]", "[41, 1041]"]),
    ("recepient", &["'5550101'", "'1101'"]),
    ("state_id", &["11", "12", "13", "21", "1011", "1012"]),
    ("date_srok", &["'01.12.2026'", "'tomorrow'"]),
    ("email", &["'olga@example.com'", "'pavel@example.com'", "'Ann@Example.com'", "'stranger@example.com'", "'zoe@example.com'"]),
    ("phone", &["'+79161234567'", "'8 926 000 00 00'", "'+7 999 888 77 66'", "'+79998885544'"]),
    ("var_name", &["'color'", "'amount'", "'x'", "'city'"]),
    ("name", &["'Mugs'", "'color'", "'x'", "'rate'", "'project.rate'"]),
    ("id", &["11", "3", "101", "501", "1011", "1003", "1101", "1501"]),
    ("", &["2", "'1101-1501'", "'yan@example.com'", "'green'", "'red'", "1501", "1101", "501", "101"]),
];

fn scripts_never_meet_another_project(store: &dyn Store) {
    // A run must do the same wherever it runs: only what is counted ends it.
    let hour = Duration::from_hours(1);
    let limits = Limits { time: hour, pattern: hour, steps: 2_000, memory: 1 << 20, crm_calls: 100, ..Limits::default() };
    let engine = Engine::builder().limits(limits).build();
    let functions = engine.registry().iter().count();
    let alone = SqliteStore::in_memory().expect("a database in memory");
    load(store, &parse(STRANGER)).expect("loading");
    let other = || dump(store, ProjectId(2)).expect("dumping").expect("the other project").to_text();
    let before = other();
    let (mut compiled, mut ended_well, mut acted) = (0, 0, 0);
    let scripts = count(2 * functions);
    for number in 0..scripts {
        if number % 20 == 0 {
            // Clients that are blocked or unsubscribed see little.
            for store in [store, &alone as &dyn Store] {
                load(store, &parse(SHOP)).expect("loading");
            }
        }
        let mut choose = seeded(number as u64);
        let writer = Writer::new(engine.registry(), KNOWN, &mut choose);
        let script = if number % 4 == 3 { writer.script(number) } else { writer.calls(number) };
        let Ok(block) = engine.block(Some(BlockId(7)), &script, "#{x}") else { continue };
        compiled += 1;
        let client = ClientId(101 + i64::try_from(number % 5).expect("a digit"));
        let event = Event::at(now() + Duration::from_secs(number as u64)).with_seed(number as u64);
        let run = |store| engine.run(store, ProjectId(1), client, &block, &event).unwrap_or_else(|error| panic!("{error}\n{script}"));
        let outcome = run(store);
        if outcome.status == Status::Ok {
            ended_well += 1;
            let is_of_the_block = |effect| ["message_queued", "message_refused", "visit_recorded"].contains(&&*kind(effect));
            acted += usize::from(!outcome.effects.iter().all(is_of_the_block));
        }
        let found = told(outcome);
        assert!(!["SECRET", "77771177", "77772277"].iter().any(|secret| found.to_string().contains(secret)), "{script}\n{found:#}");
        // With the other project beside it a script does what it does without: nothing can be counted or guessed either.
        assert_eq!(found, told(run(&alone)), "{script}");
        assert_eq!(other(), before, "{script}");
    }
    println!("{scripts} scripts: {compiled} compiled, {ended_well} ended well, {acted} of them changed something");
    assert!(compiled * 2 > scripts && acted * 10 > scripts, "{compiled} of {scripts} scripts compile, {acted} change something");
}

/// An outcome without what the store decides.
fn told(outcome: Outcome) -> Json {
    let mut json = serde_json::to_value(outcome).expect("an outcome is data");
    json["usage"]["round_trips"] = Json::Null;
    json
}
