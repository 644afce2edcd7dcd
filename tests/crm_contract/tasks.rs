//! crm.md section 2, the functions about tasks.

use calc::crm::{Store, TaskId, role};

use crate::{ann, as_json, dumped, kinds, on_every_store, refused, shop};

on_every_store! { create_task update_task done_task delete_task }

fn create_task(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let first = session.create_task("OLGA@example.com", "Test", "22.01.2023", "test task", Some("08:00")).unwrap();
    let second = session.create_task("pavel@example.com", "Later", "1.2.2027", "", None).unwrap();
    assert!(first > TaskId(901) && second > first, "{first} {second}");
    assert_eq!(refused(session.create_task("x@example.com", "n", "22.01.2023", "d", None)).roles()[0], role::OPERATOR);
    assert_eq!(refused(session.create_task("olga@example.com", "n", "31.02.2023", "d", None)).roles()[0], role::DATE);
    let refusal = refused(session.create_task("olga@example.com", "n", "2023-01-22", "d", None));
    assert_eq!(refusal.roles()[0], role::DATE);
    assert_eq!(refusal.message().to_string(), "`2023-01-22` is not a valid date: write it as `dd.mm.yyyy`");
    let refusal = refused(session.create_task("olga@example.com", "n", "22.01.2023", "d", Some("24:00")));
    assert_eq!(refusal.roles()[0], role::TIME);
    assert_eq!(refusal.message().to_string(), "`24:00` is not a valid time: write it as `HH:MM`");
    assert_eq!(kinds(&session), ["task_created", "task_created"]);
    session.commit().unwrap();
    let tasks = &as_json(store)["tasks"];
    assert_eq!(tasks.as_array().unwrap().len(), 3);
    assert_eq!(tasks[1]["due_date"], "22.01.2023");
    assert_eq!(tasks[1]["due_time"], "08:00");
    assert_eq!(tasks[1]["client"], 101);
    assert_eq!(tasks[1]["operator"], "Olga@example.com");
    assert_eq!(tasks[2]["due_time"], "23:59", "no time");
    assert_eq!(tasks[2]["due_date"], "01.02.2027");
    assert_eq!(tasks[2]["description"], "");
}

fn update_task(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.update_task(TaskId(901), "pavel@example.com", "Ring", "26.11.2026", "", None).unwrap());
    assert!(session.update_task(TaskId(901), "pavel@example.com", "Ring", "26.11.2026", "", None).unwrap());
    assert_eq!(kinds(&session), ["task_updated"]);
    for (email, date, time) in
        [("x@example.com", "26.11.2026", None), ("olga@example.com", "soon", None), ("olga@example.com", "26.11.2026", Some("9"))]
    {
        refused(session.update_task(TaskId(901), email, "Bad", date, "bad", time));
    }
    assert_eq!(refused(session.update_task(TaskId(77), "olga@example.com", "n", "26.11.2026", "d", None)).roles()[0], role::TASK);
    refused(session.update_task(TaskId(1901), "olga@example.com", "n", "26.11.2026", "d", None));
    session.commit().unwrap();
    let task = &as_json(store)["tasks"][0];
    assert_eq!(task["name"], "Ring");
    assert_eq!(task["operator"], "pavel@example.com");
    assert_eq!(task["due_date"], "26.11.2026");
    assert_eq!(task["due_time"], "10:00", "no time leaves it");
    assert_eq!(task["description"], "");
}

fn done_task(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.done_task(TaskId(901)).unwrap());
    assert!(session.done_task(TaskId(901)).unwrap(), "already done");
    assert_eq!(kinds(&session), ["task_done"]);
    refused(session.done_task(TaskId(902)));
    session.commit().unwrap();
    let task = &dumped(store).tasks[0];
    assert!(task.done);
    assert_eq!(task.done_at, Some(crate::now()));
}

fn delete_task(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let new = session.create_task("olga@example.com", "n", "22.01.2023", "d", None).unwrap();
    assert!(session.delete_task(new).unwrap());
    assert!(session.delete_task(TaskId(901)).unwrap());
    refused(session.delete_task(TaskId(901)));
    refused(session.done_task(TaskId(901)));
    refused(session.delete_task(TaskId(1901)));
    session.commit().unwrap();
    assert!(dumped(store).tasks.is_empty());
    refused(ann(store).delete_task(TaskId(901)));
}
