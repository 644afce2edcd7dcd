//! Databases by their address, and projects that go into them.

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
