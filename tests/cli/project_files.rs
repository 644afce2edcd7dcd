//! Wrong project files: each says what is wrong, where, and where the other place of a contradiction is.

use calc::crm::ProjectFile;
use calc::wording::Language;
use chrono::{DateTime, Utc};

const OLGA: &str = r#""operators": [{"email": "olga@example.com"}]"#;
const SALES: &str = r#""pipelines": [{"id": 3, "name": "Sales", "stages": [{"id": 11, "name": "New"}]}]"#;
const ANN: &str = r#""clients": [{"id": 101, "name": "Ann"}, {"id": 102, "name": "Bob"}]"#;

/// A project with these keys besides its own.
fn project(rest: &[&str]) -> String {
    let keys = [&[r#""project": {"id": 1, "name": "Shop"}"#], rest].concat();
    format!("{{{}}}", keys.join(",\n"))
}

fn with_settings(settings: &str) -> String {
    format!(r#"{{"project": {{"id": 1, "name": "Shop", {settings}}}}}"#)
}

fn with_client(fields: &str) -> String {
    project(&[OLGA, SALES, &format!(r#""clients": [{{"id": 101, "name": "Ann", {fields}}}, {{"id": 102, "name": "Bob"}}]"#)])
}

fn with_deal(fields: &str) -> String {
    project(&[OLGA, SALES, ANN, &format!(r#""deals": [{{"id": 501, "client": 101, {fields}}}]"#)])
}

fn with_task(fields: &str) -> String {
    project(&[OLGA, ANN, &format!(r#""tasks": [{{"id": 901, "client": 101, "name": "Call", {fields}}}]"#)])
}

/// Everything that is said of a text, a line each.
fn said(text: &str, language: Language) -> Vec<String> {
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let Err(error) = ProjectFile::parse(text, now) else { panic!("this is a good file:\n{text}") };
    std::iter::once(&error).chain(&error.more).map(|error| error.message().render(language)).collect()
}

/// The same of lists and labels.
fn broken_lists_and_labels() -> Vec<(String, &'static [&'static str])> {
    vec![
        (project(&[r#""lists": [{"id": 41, "name": " "}]"#]), &["lists[0].name", "empty"]),
        (project(&[r#""lists": [{"id": 41, "name": "a", "client": []}]"#]), &["lists[0].client", "did you mean `clients`"]),
        (project(&[ANN, r#""lists": [{"id": 41, "name": "a", "clients": [109]}]"#]), &["lists[0].clients[0]", "no client `109`"]),
        (project(&[ANN, r#""lists": [{"id": 41, "name": "a", "clients": ["Ann"]}]"#]), &["lists[0].clients[0]", "a whole number"]),
        (
            project(&[ANN, r#""lists": [{"id": 41, "name": "a", "clients": [102, 102]}]"#]),
            &["lists[0].clients[1]", "client `102` is there already"],
        ),
        (project(&[ANN, r#""lists": [{"id": 101, "name": "a"}]"#]), &["`101` is used twice", "clients[0].id"]),
        (project(&[r#""labels": [{"id": 61, "name": ""}]"#]), &["labels[0].name", "empty"]),
        (
            project(&[r#""labels": [{"id": 61, "name": "a"}, {"id": 62, "name": " a"}]"#]),
            &["labels[1].name", "there is another label `a`, see labels[0].name"],
        ),
        (
            project(&[r#""labels": [{"id": 61, "name": "a", "color": 10}]"#]),
            &["labels[0].color", "`10` is not a colour: colours are the numbers 0 to 9"],
        ),
        (project(&[ANN, r#""labels": [{"id": 61, "name": "a", "clients": [null]}]"#]), &["labels[0].clients[0]", "a whole number"]),
    ]
}

/// Broken files, and what must be said of each: every part in one line.
fn broken() -> Vec<(String, Vec<&'static str>)> {
    let all: Vec<(String, &[&str])> = vec![
        // The text.
        (String::new(), &["line 1", "not JSON"]),
        ("{\"project\": {\"id\": 1,}}".to_owned(), &["line 1, column 22", "not JSON"]),
        ("{\"project\": \"магазин\", x}".to_owned(), &["line 1, column 24", "not JSON"]),
        ("{\"project\": \"a\nb\"}".to_owned(), &["line 1, column 15", "control character"]),
        ("[]".to_owned(), &["an object", "found a list"]),
        ("7".to_owned(), &["an object", "`7`"]),
        ("{}".to_owned(), &["`project` is missing"]),
        (r#"{"project": 7}"#.to_owned(), &["project", "an object", "`7`"]),
        (r#"{"project": {"id": 1, "name": "a", "name": "b"}}"#.to_owned(), &["column 36", "project.name", "twice"]),
        (with_client(r#""variables": {"x": 1, "x": 2}"#), &["clients[0].variables.x", "twice"]),
        // Keys.
        (project(&[r#""clint": []"#]), &["line 2, column 1", "`clint`", "did you mean `clients`"]),
        (with_settings(r#""timezone": "UTC""#), &["did you mean `time_zone`"]),
        (with_settings(r#""colour": "red""#), &["no key `colour`", "`locale`"]),
        (with_client(r#""phon": "1""#), &["clients[0].phon", "did you mean `phone`"]),
        (with_deal(r#""bugdet": 5"#), &["deals[0].bugdet", "did you mean `budget`"]),
        (with_task(r#""due_dat": "20.11.2026""#), &["tasks[0].due_dat", "did you mean `due_date`"]),
        (project(&[r#""operators": [{"mail": "a@b.c"}]"#]), &["operators[0].mail", "did you mean `email`"]),
        (project(&[r#""pipelines": [{"id": 3, "name": "S", "stage": []}]"#]), &["pipelines[0].stage", "did you mean `stages`"]),
        (with_client(r#""visits": [{"block": 7, "last": "x"}]"#), &["clients[0].visits[0].last", "last_at"]),
        // Missing and of another kind.
        (r#"{"project": {"name": "Shop"}}"#.to_owned(), &["project.id", "`id` is missing"]),
        (r#"{"project": {"id": 1}}"#.to_owned(), &["`name` is missing"]),
        (project(&[r#""clients": [{"name": "Ann"}]"#]), &["clients[0].id", "is missing"]),
        (project(&[ANN, r#""deals": [{"id": 501}]"#]), &["deals[0].client", "is missing"]),
        (project(&[r#""clients": {}"#]), &["clients", "a list", "an object"]),
        (with_client(r#""unread": "many""#), &["clients[0].unread", "a whole number", "`many`"]),
        (with_client(r#""unread": -1"#), &["clients[0].unread", "negative"]),
        (with_client(r#""blocked": 1"#), &["clients[0].blocked", "`true` or `false`"]),
        (with_client(r#""phone": ["1"]"#), &["clients[0].phone", "text", "a list"]),
        (with_client(r#""variables": []"#), &["clients[0].variables", "an object"]),
        (with_deal(r#""budget": "much""#), &["deals[0].budget", "a number"]),
        (with_deal(r#""status": "won""#), &["deals[0].status", "`won`", "`success`"]),
        (with_deal(r#""status": "activ""#), &["did you mean `active`"]),
        (project(&[r#""operators": [{"email": "a@b.c", "status": "on shift"}]"#]), &["did you mean `on_shift`"]),
        (with_settings(r#""locale": "de""#), &["project.locale", "`de`"]),
        (with_settings(r#""time_zone": "Moon/Crater""#), &["project.time_zone", "Europe/Moscow"]),
        (with_settings(r#""distribution": {"hours": ["9", "18:00"]}"#), &["project.distribution.hours", "always"]),
        (with_settings(r#""distribution": {"days_off": [8]}"#), &["project.distribution.days_off[0]", "`8`", "Monday"]),
        (with_settings(r#""distribution": {"window": 0}"#), &["project.distribution.window", "minutes"]),
        // Times and ids.
        (with_client(r#""created_at": "20.11.2026""#), &["clients[0].created_at", "2026-11-20 09:00:00"]),
        (with_task(r#""due_date": "2026-11-25""#), &["tasks[0].due_date", "dd.mm.yyyy"]),
        (with_task(r#""due_time": "25:00""#), &["tasks[0].due_time", "HH:MM"]),
        (project(&[r#""clients": [{"id": 0, "name": "Ann"}]"#]), &["clients[0].id", "above 0"]),
        (project(&[SALES, r#""clients": [{"id": 11, "name": "Ann"}]"#]), &["`11` is used twice", "pipelines[0].stages[0].id"]),
        (project(&[r#""operators": [{"email": "a@b.c"}, {"email": "A@B.C"}]"#]), &["operators[1].email", "another operator"]),
        (project(&[r#""operators": [{"email": " "}]"#]), &["operators[0].email", "empty"]),
        (with_client(r#""visits": [{"block": 7}, {"block": 7}]"#), &["clients[0].visits[1]", "block `7`"]),
        (with_client(r#""scheduled": [{"due_at": "2026-11-20 09:00:00"}]"#), &["clients[0].scheduled[0]", "`block` or a `text`"]),
        // What refers to nothing.
        (with_client(r#""operator": "olha@example.com""#), &["clients[0].operator", "did you mean `olga@example.com`"]),
        (with_deal(r#""operator": "nobody@else.org""#), &["deals[0].operator", "no operator `nobody@else.org`"]),
        (with_task(r#""operator": "nobody@else.org""#), &["tasks[0].operator", "no operator"]),
        (with_deal(r#""stage": 12"#), &["deals[0].stage", "no stage `12`"]),
        (project(&[ANN, r#""deals": [{"id": 501, "client": 109}]"#]), &["deals[0].client", "no client `109`"]),
        (project(&[ANN, r#""tasks": [{"id": 901, "client": 109, "name": "x"}]"#]), &["tasks[0].client", "no client `109`"]),
        (with_client(r#""current_deal": 501"#), &["clients[0].current_deal", "no deal `501`"]),
        (with_client(r#""main_client": 109"#), &["clients[0].main_client", "no client `109`"]),
        (with_client(r#""assignments": [{"operator": "x@y.z"}]"#), &["clients[0].assignments[0].operator", "no operator"]),
        // Contradictions, with both places.
        (with_client(r#""main_client": 101"#), &["clients[0].main_client", "its own main client"]),
        (
            project(&[r#""clients": [{"id": 1, "name": "a", "main_client": 2}, {"id": 2, "name": "b", "main_client": 1}]"#]),
            &["clients[0].main_client", "clients[1].main_client"],
        ),
        (
            project(&[
                r#""clients": [{"id": 101, "name": "Ann", "current_deal": 501}]"#,
                r#""deals": [{"id": 501, "client": 101, "status": "success"}]"#,
            ]),
            &["clients[0].current_deal", "closed", "deals[0].status"],
        ),
        (
            project(&[
                r#""clients": [{"id": 101, "name": "Ann", "current_deal": 501}, {"id": 102, "name": "Bob"}]"#,
                r#""deals": [{"id": 501, "client": 102}]"#,
            ]),
            &["clients[0].current_deal", "client `102`'s", "deals[0].client"],
        ),
        (with_deal(r#""closed_at": "2026-11-20 09:00:00""#), &["deals[0].closed_at", "active"]),
        (
            with_deal(r#""status": "fail", "created_at": "2026-11-20 09:00:00", "closed_at": "2026-11-19 09:00:00""#),
            &["deals[0].closed_at", "deals[0].created_at"],
        ),
        (with_task(r#""done_at": "2026-11-20 09:00:00""#), &["tasks[0].done_at", "tasks[0].done"]),
        // Variables.
        (with_client(r#""variables": {"_x": 1}"#), &["clients[0].variables._x", "never stored"]),
        (with_settings(r#""variables": {"my shop": 1}"#), &["project.variables.my shop", "no script can read `my shop`"]),
        (with_settings(r#""variables": {"2nd": 1}"#), &["no script can read `2nd`"]),
    ];
    all.into_iter().chain(broken_lists_and_labels()).map(|(text, parts)| (text, parts.to_vec())).collect()
}

#[test]
fn each_says_what_is_wrong_and_where() {
    let mut problems = Vec::new();
    let broken = broken();
    assert!(broken.len() >= 60, "{}", broken.len());
    for (text, parts) in &broken {
        let lines = said(text, Language::En);
        if !lines.iter().any(|line| line.starts_with("line ") && parts.iter().all(|part| line.contains(part))) {
            problems.push(format!("{text}\n  expected {parts:?}\n  found    {lines:?}"));
        }
        for line in said(text, Language::Ru) {
            // After the place there are Russian words, and no English ones outside of backquotes, but for what a reader says.
            let words: String = line.split('`').step_by(2).collect();
            if !line.starts_with("строка ") || (words.contains(" is ") || words.contains(" there ") || words.contains(" of ")) {
                problems.push(format!("{text}\n  in Russian: {line}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn one_mistake_does_not_hide_the_next() {
    // Several in one client, and one in each of two others.
    let text = project(&[r#""clients": [
 {"id": 101, "name": "Ann", "phon": "1", "unread": "many", "blocked": 1, "visits": [{"block": "x"}], "operator": "x@y.z"},
 {"id": 102},
 {"id": 103, "name": "Eve", "created_at": "now"}]"#]);
    let lines = said(&text, Language::En);
    for part in [
        "line 3, column 29, clients[0].phon:",
        "line 3, column 42, clients[0].unread:",
        "clients[0].blocked:",
        "clients[0].visits[0].block:",
        "clients[0].operator:",
        "line 4, column 2, clients[1].name:",
        "line 5, column 29, clients[2].created_at:",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(part) || line.contains(part)), "{part}: {lines:#?}");
    }
    assert_eq!(lines.len(), 7, "{lines:#?}");
    // Settings too, and links that are wrong each on its own.
    assert_eq!(said(r#"{"project": {"id": "x", "name": [], "locale": "de"}}"#, Language::En).len(), 3);
    let linked =
        project(&[r#""clients": [{"id": 1, "name": "a", "main_client": 1, "current_deal": 9}, {"id": 2, "name": "b", "main_client": 7}]"#]);
    assert_eq!(said(&linked, Language::En).len(), 3);
}

#[test]
fn what_a_script_may_have_made_is_read() {
    // A script may switch to a closed deal; the dump of that says that it was chosen.
    let text = project(&[
        r#""clients": [{"id": 101, "name": "Ann", "current_deal": 501, "current_deal_chosen": true, "variables": {"my var": 1}}]"#,
        r#""deals": [{"id": 501, "client": 101, "status": "success"}]"#,
    ]);
    let file = ProjectFile::parse(&text, DateTime::<Utc>::UNIX_EPOCH).expect("a good file");
    let again = ProjectFile::parse(&file.to_text(), DateTime::<Utc>::UNIX_EPOCH).expect("its dump");
    assert_eq!(again, file);
}
