//! Functions about tasks.

use calc::crm::{CrmContext as _, Json};
use calc::value::Value;
use serde_json::json;

use crate::support::ann;

#[test]
fn tasks() {
    ann(|run| {
        let (task, _) = run.call("create_task", &json!(["olga@example.com", "Call", "1.1.2020", "", "8:00"]));
        assert!(matches!(task, Value::Int(_)), "{task:?}");
        let task = task.to_json();
        let changed = |place: usize, value: Json| {
            let mut arguments = json!(["olga@example.com", "Call", "01.12.2026", "about tea", "08:00"]);
            arguments[place] = value;
            arguments
        };
        for (place, parameter, value) in [
            (0, "email", "stranger@example.com"),
            (1, "name", ""),
            (2, "date_srok", "2026-12-01"),
            (2, "date_srok", "31.02.2026"),
            (4, "time_srok", "25:00"),
        ] {
            run.refuses("create_task", changed(place, json!(value)), parameter, json!(null));
            let mut arguments = changed(place, json!(value)).as_array().expect("a list").clone();
            arguments.insert(0, json!(901));
            run.refuses("update_task", Json::Array(arguments), parameter, json!(false));
        }
        run.returns("update_task", json!([task, "pavel@example.com", "Call", "01.12.2026", "none"]), json!(true))
            .refuses("update_task", json!([501, "pavel@example.com", "Call", "01.12.2026", ""]), "task_id", json!(false))
            .returns("done_task", json!([task]), json!(true))
            .returns("done_task", json!([task]), json!(true))
            .refuses("done_task", json!(["x"]), "task_id", json!(false))
            .returns("delete_task", json!([task]), json!(true))
            .refuses("delete_task", json!([task]), "task_id", json!(false));
        let created = run.0.crm().expect("a session").effects();
        let updated = serde_json::to_value(&created[1]).expect("json").to_string();
        assert!(updated.contains("08:00") && updated.contains(r#""description":"""#), "{updated}");
    });
}
