//! Databases by their address, and projects that go into them.

use serde_json::{Value as Json, json};

use super::{NOW, Place, SHOP};

/// A new folder with the shop in a file and in a database.
fn shop() -> Place {
    let place = Place::new();
    place.file("shop.json", SHOP);
    place.run(&["crm", "load", "shop.json", "--db", "sqlite://bot.db"]).ends(0);
    place
}

#[test]
fn a_project_that_is_there_is_replaced_only_when_asked() {
    let place = shop();
    let other = SHOP.replace("Shop", "Other").replace(
        r#""deals": ["#,
        r#""tasks": [{"id": 900, "client": 101, "name": "Call", "operator": "olga@example.com", "due_date": "25.11.2026"}], "deals": ["#,
    );
    place.file("other.json", &other).file("count.calc", "count = 5");
    place.run(&["run", "count.calc", "--db", "sqlite://bot.db", "--client", "101"]).ends(0);
    let before = place.run(&["crm", "dump", "--db", "sqlite://bot.db"]).stdout;
    let refused = place.run(&["crm", "load", "other.json", "--db", "sqlite://bot.db"]).ends(2).stderr;
    assert!(refused.contains("--replace") && refused.contains("\"Shop\" with 1 client, 1 deal, 0 tasks"), "{refused}");
    assert_eq!(place.run(&["crm", "dump", "--db", "sqlite://bot.db"]).stdout, before);
    let replaced = place.run(&["crm", "load", "other.json", "--replace", "--db", "sqlite://bot.db"]).ends(0).stdout;
    assert!(replaced.contains("\"Shop\" with 1 client, 1 deal, 0 tasks went"), "{replaced}");
    assert!(replaced.contains("\"Other\" with 1 client, 1 deal, 1 task came"), "{replaced}");
}

#[test]
fn a_file_is_loaded_as_the_project_that_is_named() {
    let place = shop();
    place.run(&["crm", "load", "shop.json", "--project", "2", "--db", "sqlite://bot.db"]).ends(0);
    let second = place.run(&["crm", "dump", "--project", "2", "--db", "sqlite://bot.db"]).ends(0).stdout;
    let second: serde_json::Value = serde_json::from_str(&second).expect("JSON");
    assert_eq!((&second["project"]["id"], &second["clients"][0]["name"]), (&2.into(), &"Ann".into()));
    place.run(&["crm", "load", "shop.json", "shop.json", "--project", "3", "--db", "sqlite://bot.db"]).ends(2);
    place.run(&["crm", "dump", "--project", "3", "--db", "sqlite://bot.db"]).ends(2);
}

#[test]
fn times_that_a_file_does_not_give_are_those_of_now() {
    let place = Place::new();
    place.file("a.json", r#"{"project": {"id": 1, "name": "x", "time_zone": "Europe/Moscow"}, "clients": [{"id": 5, "name": "Bob"}]}"#);
    place.run(&["crm", "load", "a.json", "--now", NOW, "--db", "sqlite://a.db"]).ends(0);
    let dump = place.run(&["crm", "dump", "--db", "sqlite://a.db"]).ends(0).stdout;
    assert!(dump.contains("\"created_at\": \"2026-11-22 07:00:00\""), "{dump}");
    place.run(&["crm", "load", "a.json", "--replace", "--now", "soon", "--db", "sqlite://a.db"]).ends(2);
}

#[test]
fn addresses() {
    let place = shop();
    let dump = |db: &str| place.run(&["crm", "dump", "--db", db]);
    let first = dump("sqlite://bot.db").ends(0).stdout;
    for db in ["bot.db", "sqlite:bot.db", "sqlite://bot.db?mode=ro", "sqlite://bot.db?mode=rw", "sqlite://bot.db?mode=rwc"] {
        assert_eq!(dump(db).ends(0).stdout, first, "{db}");
    }
    for db in
        ["sqlite://bot.db?mode=memory", "sqlite://bot.db?cache=shared", "sqlite://:memory:", ":memory:", "sqlite://", "sqlite://?mode=ro"]
    {
        assert!(dump(db).ends(2).stdout.is_empty(), "{db}");
        place.run(&["crm", "load", "shop.json", "--db", db]).ends(2);
    }
    // A run only reads until it writes.
    place.run(&["run", "-", "--db", "sqlite://bot.db?mode=ro", "--client", "101"]).ends(0);
    let output = place.pipe(&["run", "-", "--db", "sqlite://bot.db?mode=ro", "--client", "101"], "x = 1").ends(3);
    assert!(output.stderr.contains("readonly"), "{}", output.stderr);
    assert_eq!(dump("bot.db").stdout, first);
    place.run(&["run", "-", "--db", "sqlite://new.db?mode=rw", "--client", "101"]).ends(3);
    place.run(&["run", "-", "--db", "sqlite://new.db?mode=ro", "--client", "101"]).ends(3);
    place.run(&["crm", "show", "--db", "sqlite://bot.db?mode=ro", "--client", "101"]).ends(0);
    let files: Vec<String> = place.files().into_iter().filter(|name| !name.starts_with("bot.db")).collect();
    assert_eq!(files, ["shop.json"]);
}

/// A folder where nothing may be written. Whoever may write everywhere, as root may, meets the usual case here.
#[cfg(unix)]
#[test]
fn what_may_only_be_read_can_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = shop();
    let first = place.run(&["crm", "dump", "--db", "bot.db"]).ends(0).stdout;
    let set =
        |path: &std::path::Path, mode: u32| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("permissions");
    for name in place.files() {
        set(&place.path().join(name), 0o444);
    }
    set(place.path(), 0o555);
    let dump = place.run(&["crm", "dump", "--db", "bot.db"]);
    let show = place.run(&["crm", "show", "--db", "bot.db", "--client", "101"]);
    set(place.path(), 0o755);
    assert_eq!(dump.ends(0).stdout, first);
    assert!(show.ends(0).stdout.contains("Ann"));
}

#[test]
fn what_cannot_be_brought_up_to_date_is_said_in_a_line() {
    let place = Place::new();
    let half = rusqlite::Connection::open(place.path().join("half.db")).expect("a database");
    half.execute_batch("CREATE TABLE calc_schema (one BIGINT, version BIGINT); CREATE TABLE calc_client (mine TEXT)").expect("tables");
    drop(half);
    let output = place.run(&["crm", "init", "--db", "sqlite://half.db"]).ends(3);
    assert_eq!(output.stderr.lines().count(), 1, "{}", output.stderr);
    assert!(!output.stderr.contains("CREATE TABLE") && output.stderr.len() < 300, "{}", output.stderr);
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let place = Place::new();
    let foreign = rusqlite::Connection::open(place.path().join("notes.db")).expect("a database");
    foreign.execute_batch("CREATE TABLE note (body TEXT); INSERT INTO note VALUES ('mine')").expect("a table");
    drop(foreign);
    let before = std::fs::read(place.path().join("notes.db")).expect("the file");
    place.file("shop.json", SHOP);
    for arguments in [
        &["crm", "init"][..],
        &["crm", "load", "shop.json"],
        &["crm", "dump"],
        &["crm", "show", "--client", "1"],
        &["run", "-", "--client", "1"],
    ] {
        for db in ["sqlite://notes.db", "sqlite://notes.db?mode=rw", "sqlite://notes.db?mode=ro"] {
            let output = place.run(&[arguments, &["--db", db]].concat()).ends(3);
            assert!(output.stderr.contains("another program"), "{arguments:?}: {}", output.stderr);
        }
    }
    assert!(std::fs::read(place.path().join("notes.db")).expect("the file") == before, "not a byte has changed");
    assert_eq!(place.files(), ["notes.db", "shop.json"]);
}

/// A shop in which everything has happened that can be listed.
fn busy_shop() -> Place {
    let place = Place::new();
    let mut shop: serde_json::Value = serde_json::from_str(SHOP).expect("JSON");
    shop["clients"][0]["scheduled"] =
        serde_json::json!([{ "block": 9, "text": "remind", "due_at": "2026-11-23 09:00:00", "do_not_cancel": true }]);
    shop["clients"][0]["operator"] = "olga@example.com".into();
    shop["clients"][0]["visits"] = serde_json::json!([{ "block": 3, "first_at": "2026-11-20 09:00:00" }]);
    let second = serde_json::json!({ "id": 102, "name": "Bob", "blocked": true, "created_at": "2026-11-20 09:00:00" });
    shop["clients"].as_array_mut().expect("a list").push(second);
    place.file("shop.json", shop.to_string());
    place.run(&["crm", "load", "shop.json", "--db", "sqlite://bot.db"]).ends(0);
    place.file(
        "work.block",
        "create_task('olga@example.com', 'Call', '25.12.2026', 'at noon')\nset_note('likes tea')\nclient.size = 'XL'\ncolour = 'red'\n---\nHello",
    );
    let run = ["run", "work.block", "--db", "sqlite://bot.db", "--client", "101", "--block", "7", "--text", "hi", "--event", "e1"];
    place.run(&[&run[..], &["--now", NOW]].concat()).ends(0);
    place
}

#[test]
fn show_has_everything_of_a_client() {
    let place = busy_shop();
    let show = |more: &[&str]| place.run(&[&["crm", "show", "--db", "sqlite://bot.db", "--client", "101"], more].concat()).ends(0);
    let text = show(&[]).stdout;
    for part in [
        "client 101 Ann",
        "+7 916 123-45-67",
        "size",
        "XL",
        "colour",
        "red",
        "Kettle",
        "New / Sales",
        "Call",
        "25.12.2026",
        // Times are local: three hours east of Greenwich.
        "likes tea",
        "2026-11-22 10:00:00",
        "remind",
        "2026-11-23 12:00:00",
        "outbox",
        "Hello",
        "waits to be sent",
        "history",
        "hi",
        "visits",
        "2026-11-20 12:00:00",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = show(&["--format", "json"]).json();
    let dump: serde_json::Value = serde_json::from_str(&place.run(&["crm", "dump", "--db", "sqlite://bot.db"]).stdout).expect("JSON");
    assert_eq!(json.len(), 1);
    assert_eq!(json[0]["client"], dump["clients"][0]);
    assert_eq!((&json[0]["deals"], &json[0]["tasks"]), (&dump["deals"], &dump["tasks"]));
    place.run(&["crm", "show", "--db", "sqlite://bot.db", "--client", "999"]).ends(2);
    let mut narrow = place.command(&["crm", "show", "--db", "sqlite://bot.db", "--client", "101"]);
    let narrow = super::finish(narrow.env("COLUMNS", "60"), "").ends(0).stdout;
    assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
}

#[test]
fn lists_of_every_kind() {
    let place = busy_shop();
    let list = |arguments: &[&str]| place.run(&[&["crm", "list", "--db", "sqlite://bot.db"], arguments].concat());
    let ids = |arguments: &[&str]| -> Vec<String> {
        let rows = list(&[arguments, &["--format", "json"]].concat()).ends(0);
        let rows: Vec<serde_json::Value> = if rows.stdout.is_empty() { Vec::new() } else { rows.json() };
        let id = |row: &serde_json::Value| {
            ["id", "email", "stage", "event", "number"].iter().find_map(|key| row.get(key)).map(ToString::to_string)
        };
        rows.iter().filter_map(id).collect()
    };
    assert_eq!(ids(&["clients"]), ["101", "102"]);
    assert_eq!(ids(&["clients", "--limit", "1"]), ["101"]);
    assert_eq!(ids(&["clients", "--operator", "OLGA@example.com"]), ["101"]);
    assert_eq!(ids(&["clients", "--name", "bo"]), ["102"]);
    assert_eq!(ids(&["clients", "--client", "102"]), ["102"]);
    assert_eq!(ids(&["clients", "--client", "103"]), Vec::<String>::new());
    assert_eq!(ids(&["deals"]), ["501"]);
    assert_eq!(ids(&["deals", "--status", "active", "--stage", "11", "--pipeline", "3", "--client", "101", "--name", "kett"]), ["501"]);
    assert_eq!(ids(&["deals", "--stage", "12"]), Vec::<String>::new());
    assert_eq!(ids(&["tasks", "--status", "open"]).len(), 1);
    assert_eq!(ids(&["tasks", "--status", "done"]).len(), 0);
    assert_eq!(ids(&["operators"]), ["\"olga@example.com\""]);
    assert_eq!(ids(&["pipelines"]), ["11", "12"]);
    assert_eq!(ids(&["outbox"]).len(), 1);
    assert_eq!(ids(&["outbox", "--client", "102"]).len(), 0);
    assert_eq!(ids(&["scheduled"]).len(), 1);
    assert_eq!(ids(&["scheduled", "--client", "102"]).len(), 0);
    assert_eq!(ids(&["events"]), ["\"e1\""]);
    assert_eq!(ids(&["events", "--client", "101"]), ["\"e1\""]);
    for (kind, part) in [
        ("clients", "Ann"),
        ("deals", "New / Sales"),
        ("tasks", "25.12.2026"),
        ("operators", "on_shift"),
        ("pipelines", "Paid"),
        ("outbox", "Hello"),
        ("scheduled", "2026-11-23 12:00:00"),
        ("events", "2026-11-22 10:00:00"),
    ] {
        let text = list(&[kind]).ends(0).stdout;
        assert!(text.contains(part), "{kind}: {text}");
    }
    assert_eq!(list(&["deals", "--stage", "12"]).ends(0).stdout, "none\n");
    assert!(list(&["clients", "--limit", "1"]).ends(0).stderr.contains("--limit 0"));
    list(&["clints"]).ends(2);
    list(&["events", "--stage", "1"]).ends(2);
    list(&["deals", "--status", "open"]).ends(2);
}

#[test]
fn diff_tells_equal_from_different() {
    let place = busy_shop();
    let dump = place.run(&["crm", "dump", "--db", "sqlite://bot.db"]).ends(0).stdout;
    place.file("dump.json", &dump).file("other.json", dump.replace("likes tea", "likes coffee").replace("Kettle", "Pot"));
    assert_eq!(place.run(&["crm", "diff", "dump.json", "sqlite://bot.db"]).ends(0).stdout, "");
    assert_eq!(place.pipe(&["crm", "diff", "-", "dump.json"], &dump).ends(0).stdout, "");
    let output = place.run(&["crm", "diff", "sqlite://bot.db", "other.json"]).ends(1).stdout;
    assert_eq!(
        output,
        "- clients[id 101].notes[0].text: \"likes tea\"\n+ clients[id 101].notes[0].text: \"likes coffee\"\n\
         - deals[id 501].name: \"Kettle\"\n+ deals[id 501].name: \"Pot\"\n"
    );
    place.run(&["crm", "diff", "-", "-"]).ends(2);
    place.run(&["crm", "diff", "dump.json", "absent.json"]).ends(2);
    place.run(&["crm", "diff", "dump.json", "sqlite://absent.db"]).ends(3);
}

#[test]
fn wrong_project_files_list_what_is_wrong_where_it_is() {
    let place = Place::new();
    place.file(
        "wrong.json",
        "{\"project\": {\"id\": 1, \"name\": \"x\"},\n \"clients\": [\n  {\"id\": 5, \"nam\": \"a\"},\n  {\"id\": 6},\n  {\"id\": 7, \"name\": \"ё\", \"unread\": \"x\"}]}",
    );
    let output = place.run(&["crm", "load", "wrong.json", "--db", "a.db"]).ends(2).stderr;
    for (at, part) in [
        ("line 3, column 13, clients[0].nam:", "did you mean `name`"),
        ("line 4, column 3, clients[1].name:", "missing"),
        ("line 5, column 26, clients[2].unread:", "whole number"),
    ] {
        let line = output.lines().find(|line| line.contains(at)).unwrap_or_else(|| panic!("{at}: {output}"));
        assert!(line.contains(part), "{line}");
    }
    place.file("twice.json", "{\"project\": {\"id\": 1, \"name\": \"x\",\n \"name\": \"y\"}}");
    let output = place.run(&["crm", "load", "twice.json", "--db", "a.db"]).ends(2).stderr;
    assert!(output.contains("line 2, column 2, project.name: the key is there twice"), "{output}");
    // One part does not hide the next, and a wrong item is not taken for one that is missing.
    place.file(
        "all.json",
        r#"{"project": {"id": 1, "name": "x", "time_zone": "Moon"}, "operators": [{"email": "a@b.c", "status": "on"}],
 "clients": [{"id": 5, "name": "a", "operator": "a@b.c", "unread": "x", "unread": 1}],
 "deals": [{"id": 7, "client": 5, "name": "d", "budget": "x"}], "tasks": [{"id": 8, "client": 5, "operator": "a@b.c", "name": "t", "due_date": "x"}]}"#,
    );
    let output = place.run(&["crm", "load", "all.json", "--db", "a.db"]).ends(2).stderr;
    for part in ["project.time_zone", "operators[0].status", "clients[0].unread", "deals[0].budget", "tasks[0].due_date"] {
        assert!(output.contains(part), "{part}: {output}");
    }
    assert_eq!(output.lines().count(), 5, "{output}");
    assert!(!place.files().contains(&"a.db".to_owned()));
}

/// One client of many, in a file that loads: with its main client, without the others.
#[test]
fn one_client_is_dumped() {
    let place = Place::new();
    let project = json!({
        "project": {"id": 1, "name": "Shop", "variables": {"rate": 2}},
        "clients": [{"id": 101, "name": "Ann"}, {"id": 102, "name": "Bob", "main_client": 101, "variables": {"size": "XL"}}, {"id": 103, "name": "Carl"}],
        "deals": [{"id": 501, "client": 101, "name": "Mugs"}, {"id": 502, "client": 103, "name": "Tea"}, {"id": 503, "client": 102, "name": "Cups"}],
        "tasks": [{"id": 901, "client": 102, "name": "Call"}, {"id": 902, "client": 103, "name": "Write"}]
    });
    place.file("shop.json", project.to_string());
    place.run(&["crm", "load", "shop.json", "--db", "sqlite://a.db"]).ends(0);
    let dumped = |client: &str| place.run(&["crm", "dump", "--db", "sqlite://a.db", "--client", client]).ends(0).stdout;
    let ids = |text: &str, list: &str| {
        let dump: Json = serde_json::from_str(text).expect("JSON");
        dump[list].as_array().expect("a list").iter().map(|entry| entry["id"].as_i64().expect("an id")).collect::<Vec<_>>()
    };
    for (client, clients, deals, tasks) in [
        ("101", vec![101], vec![501], vec![]),
        ("102", vec![101, 102], vec![501, 503], vec![901]),
        ("103", vec![103], vec![502], vec![902]),
    ] {
        let text = dumped(client);
        assert_eq!((ids(&text, "clients"), ids(&text, "deals"), ids(&text, "tasks")), (clients, deals, tasks), "{client}");
        place.file("one.json", &text);
        let url = format!("sqlite://{client}.db");
        place.run(&["crm", "load", "one.json", "--db", &url]).ends(0);
        assert_eq!(place.run(&["crm", "dump", "--db", &url]).ends(0).stdout, text, "{client}");
    }
    assert!(place.run(&["crm", "dump", "--db", "sqlite://a.db", "--client", "9"]).ends(2).stderr.contains("no client `9`"));
}

/// As on a full disk: the signal that would end the process is ignored, so writing fails.
#[cfg(unix)]
#[test]
fn a_disk_without_room_is_told_and_leaves_nothing_half_done() {
    let place = shop();
    place.file("large.calc", "for n in range(40):\n    set_note('x' * 60000)\n");
    let dump = || place.run(&["crm", "dump", "--db", "sqlite://bot.db"]).ends(0).stdout;
    let before = dump();
    let run = ["run", "large.calc", "--client", "101", "--event", "e1", "--db", "sqlite://bot.db"];
    let script = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\"";
    let mut limited = std::process::Command::new("sh");
    limited.current_dir(place.path()).args(["-c", script, env!("CARGO_BIN_EXE_calc")]).args(run).env("CALC_LANG", "en");
    let output = super::finish(&mut limited, "").ends(3);
    assert!(output.stderr.contains("the file cannot be opened, read or written"), "{}", output.stderr);
    assert_eq!(dump(), before);
    place.run(&run).ends(0);
    assert_eq!(dump().matches("xxx\"").count(), 40, "the event comes again, and its block runs");
}
