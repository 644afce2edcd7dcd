//! Functions about variables of deals and clients, and the built-in variables.

use calc::function::{CallError, Context, Limits};
use chrono_tz::Tz;
use serde_json::json;

use crate::support::{Run, ann, now, registry, shop};

const BUILTIN_VARIABLES: &str = "client_id name full_name order_id platform_id client_type messenger group avatar question message_id
    main_client_id project_id budget tag current_date next_day date_of_creation current_time time_of_creation weekday timestamp
    notSubscribed clientBlocked E PI message_from_outside attachments attachment_url order wa_bot custom_answer api_key
    callback_order_id";

#[test]
fn variables_of_deals() {
    ann(|run| {
        run.returns("set_order_var", json!([501, "x", {"a": [1, 2.5, null]}]), json!(true))
            .returns("get_order_var", json!([501, "x"]), json!({"a": [1, 2.5, null]}))
            .returns("get_order_vars", json!([501, "[\"x\", \"y\"]"]), json!({"x": {"a": [1, 2.5, null]}, "y": null}))
            .returns("get_order_vars", json!([501, "Budget"]), json!({"Budget": 3490}))
            .returns("get_order_vars", json!([501, []]), json!({}))
            .returns("set_order_var", json!([501, "x", ""]), json!(true))
            .returns("get_order_var", json!([501, "x"]), json!(null))
            .returns("set_order_var", json!([501, "y", "None"]), json!(true))
            .returns("get_order_var", json!([501, "y"]), json!("None"))
            .returns("set_order_vars", json!([501, "{\"x\": 7, \"description\": \"by post\"}"]), json!(true))
            .returns("get_order_var", json!([501, "Описание"]), json!("by post"))
            .refuses("set_order_vars", json!([501, {"z": 1, "budget": "much"}]), "variables_dict", json!(false))
            .refuses("set_order_vars", json!([501, "z=1"]), "variables_dict", json!(false))
            .refuses("set_order_var", json!([501, "_z", 1]), "variable", json!(false))
            .refuses("set_order_var", json!([501, "budget", "much"]), "value", json!(false))
            .refuses("get_order_var", json!([999, "x"]), "order_id", json!(null))
            .refuses("get_order_vars", json!([999]), "order_id", json!(null))
            .refuses("get_order_vars", json!([501, "[x]"]), "names", json!(null))
            .returns("get_order_id_by_var_value", json!(["x", "7.0"]), json!(501))
            .returns("get_order_id_by_var_value", json!(["x", 7, 102]), json!(null))
            .refuses("get_order_id_by_var_value", json!(["x", ""]), "var_value", json!(null))
            .refuses("get_order_id_by_var_value", json!(["x", 7, 501]), "client_id", json!(null));
    });
}

#[test]
fn variables_of_clients() {
    ann(|run| {
        run.returns("set_client_var", json!([102, "city", "Tula"]), json!(true))
            .returns("set_client_vars", json!(["102", {"size": 42}]), json!(true))
            .returns("get_client_var", json!([102, "city"]), json!("Tula"))
            .returns("get_client_vars", json!([102]), json!({"city": "Tula", "size": 42}))
            .returns("get_client_vars", json!([102, "city"]), json!({"city": "Tula"}))
            .returns("set_client_var", json!([102, "city", null]), json!(true))
            .returns("get_client_var", json!([102, "city"]), json!(null))
            .refuses("get_client_var", json!([501, "city"]), "client_id", json!(null))
            .refuses("get_client_vars", json!([999]), "client_id", json!(null))
            .refuses("set_client_var", json!([102, "_city", 1]), "variable", json!(false))
            .refuses("set_client_vars", json!([102, {"_city": 1}]), "variables_dict", json!(false));
    });
}

#[test]
fn built_in_variables() {
    let mut names: Vec<&str> = registry().variables().map(|variable| variable.name).collect();
    names.sort_unstable();
    let mut expected: Vec<&str> = BUILTIN_VARIABLES.split_whitespace().collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert!(registry().variables().all(|variable| variable.about.len() > 5 && !variable.about.ends_with('.')));
    ann(|run| {
        for (name, value) in [
            ("client_id", json!(101)),
            ("main_client_id", json!(101)),
            ("name", json!("Ann Miller")),
            ("full_name", json!("Ann Miller")),
            ("order_id", json!("101-501")),
            ("platform_id", json!("5550101")),
            ("client_type", json!(1)),
            ("messenger", json!("Telegram")),
            ("group", json!(null)),
            ("avatar", json!(null)),
            ("question", json!("When will my kettle arrive?")),
            ("message_id", json!("NONE")),
            ("project_id", json!(1)),
            ("budget", json!(3490)),
            ("tag", json!("spring-sale")),
            ("current_date", json!("20.11.2026")),
            ("next_day", json!("21.11.2026")),
            ("date_of_creation", json!("02.11.2026")),
            ("current_time", json!("13:00")),
            ("time_of_creation", json!("11:15")),
            ("weekday", json!(5)),
            ("timestamp", json!(1_795_168_800.25)),
            ("notSubscribed", json!(0)),
            ("clientBlocked", json!(0)),
            ("E", json!(std::f64::consts::E)),
            ("PI", json!(std::f64::consts::PI)),
        ] {
            run.reads(name, value);
        }
    });
    let (store, limits) = (shop(), Limits::default());
    let mut chiara = Run::new(&store, &limits, 103);
    chiara.0 = chiara.0.in_block(Some(12));
    chiara
        .reads("message_id", json!(12))
        .reads("main_client_id", json!(101))
        .reads("order_id", json!(null))
        .reads("budget", json!(null))
        .reads("tag", json!("NONE"))
        .reads("question", json!(null))
        .reads("date_of_creation", json!("21.11.2026"));
}

#[test]
fn without_a_crm() {
    let limits = Limits::default();
    let mut run = Run(Context::new(now(), Tz::UTC, fastrand::Rng::with_seed(1), &limits));
    run.reads("current_date", json!("20.11.2026"))
        .reads("next_day", json!("21.11.2026"))
        .reads("current_time", json!("10:00"))
        .reads("weekday", json!(5))
        .reads("timestamp", json!(1_795_168_800.25))
        .reads("message_id", json!("NONE"))
        .reads("PI", json!(std::f64::consts::PI));
    let name = registry().variable("name").expect("a variable");
    assert!(matches!(name.value(&mut run.0).map_err(|error| *error), Err(CallError::Fault(_))));
}
