//! The CRM functions and built-in variables as a script calls them, on the demo project: what they take, what they return,
//! what they return when they refuse. What they do is tested in `crm_contract`.
#![allow(clippy::needless_pass_by_value, reason = "rows of a table are read best as values")]

use calc::crm::{Access, ClientId, CrmContext as _, Json, ProjectId, SqliteStore, demo, load, role};
use calc::engine::Engine;
use calc::function::{Builtin, CallError, Context, FailureValue, Family, Kind, Limits, Parameter, Registry, Role};
use calc::value::Value;
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::json;

/// The 43 functions of the vendor's page, then the newer ones.
const ALL: &str = "was_in_state days_from_last_message free_client assign_to_user distribute_client get_operator get_operator_name
    delete_pended_messages set_note add_unread clear_unread unsubscribe block_client unblock_client set_client_name get_bind_clients
    get_current_pipline_id create_task update_task done_task delete_task get_order_id create_order set_order_name set_order_budget
    get_active_orders_ids get_success_orders_ids get_fail_orders_ids get_order_var get_order_vars set_order_var set_order_vars
    move_order_to_next_state set_order_status_success set_order_status_fail set_order_status_archive get_state_id change_state
    get_order_id_by_var_value latest_order_datetime count_client_orders get_count_orders delete_order
    switch_order assign_order_to_user get_order_operator check_operator_status get_client_var get_client_vars set_client_var
    set_client_vars";

/// What depends on the clock shows no result.
const UNFORESEEABLE: &[&str] = &["days_from_last_message"];

const BUILTIN_VARIABLES: &str = "client_id name full_name order_id platform_id client_type messenger group avatar question message_id
    main_client_id project_id budget tag current_date next_day date_of_creation current_time time_of_creation weekday timestamp
    notSubscribed clientBlocked E PI message_from_outside attachments attachment_url order wa_bot custom_answer api_key
    callback_order_id";

/// Friday 20.11.2026 13:00:00.25 in Moscow, an hour after Ann wrote last.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 10, 0, 0).single().expect("a time") + chrono::Duration::milliseconds(250)
}

fn registry() -> &'static Registry {
    static REGISTRY: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(|| Engine::new().registry().clone());
    &REGISTRY
}

fn crm_functions() -> Vec<&'static Builtin> {
    registry().iter().filter(|builtin| builtin.family == Family::Host).map(AsRef::as_ref).collect()
}

fn shop() -> SqliteStore {
    let store = SqliteStore::in_memory().expect("a database in memory");
    load(&store, &demo().expect("the demo project")).expect("a loaded project");
    store
}

/// A run for a client of the demo shop.
struct Run<'r>(Context<'r>);

impl<'r> Run<'r> {
    fn new(store: &'r SqliteStore, limits: &'r Limits, client: i64) -> Self {
        let context = Context::new(now(), Tz::UTC, fastrand::Rng::with_seed(1), limits);
        Self(context.with_crm(Access {
            store,
            project: ProjectId(1),
            client: ClientId(client),
            event: None,
            project_variables: Vec::new(),
        }))
    }

    /// Calls a function with positional arguments, those not given being `None`: what it returns, and the parameter that
    /// was refused.
    fn call(&mut self, name: &str, arguments: &Json) -> (Value, Option<&'static str>) {
        let builtin = registry().get(name).unwrap_or_else(|| panic!("no function `{name}`"));
        let Value::List(arguments) = Value::from_json(arguments) else { panic!("{name}: {arguments} is not a list") };
        let mut arguments = arguments.to_vec();
        assert!(arguments.len() <= builtin.parameters.len(), "{name}");
        arguments.resize(builtin.parameters.len(), Value::None);
        match builtin.apply(&mut self.0, &mut arguments).map_err(|error| *error) {
            Ok(value) => (value, None),
            Err(CallError::Argument { parameter, fault }) => {
                assert!(builtin.parameters.iter().any(|known| known.name == parameter), "{name} has no {parameter}");
                assert!(!fault.message.to_string().is_empty(), "{name}");
                let failure = builtin.failure.unwrap_or_else(|| panic!("{name} refused {parameter} and has no failure value"));
                (failure.value(), Some(parameter))
            }
            Err(CallError::Refused { roles, fault, instead }) => {
                let parameter = builtin.parameter_of(roles).unwrap_or_else(|| panic!("{name} declares none of {roles:?}: {fault:?}"));
                let failure = builtin.failure.unwrap_or_else(|| panic!("{name} refused {} and has no failure value", parameter.name));
                (instead.unwrap_or_else(|| failure.value()), Some(parameter.name))
            }
            Err(other) => panic!("{name}: {other:?}"),
        }
    }

    #[track_caller]
    fn returns(&mut self, name: &str, arguments: Json, expected: Json) -> &mut Self {
        let (value, refused) = self.call(name, &arguments);
        assert_eq!((value.to_json(), refused), (expected, None), "{name}{arguments}");
        self
    }

    /// The call is refused, returns this and does nothing.
    #[track_caller]
    fn refuses(&mut self, name: &str, arguments: Json, parameter: &str, expected: Json) -> &mut Self {
        let before = self.effects();
        let (value, refused) = self.call(name, &arguments);
        assert_eq!((value.to_json(), refused), (expected, Some(parameter)), "{name}{arguments}");
        assert_eq!(self.effects(), before, "{name}{arguments}");
        self
    }

    fn effects(&mut self) -> usize {
        self.0.crm().expect("a session").effects().len()
    }

    #[track_caller]
    fn reads(&mut self, name: &str, expected: Json) -> &mut Self {
        let variable = registry().variable(name).unwrap_or_else(|| panic!("no variable `{name}`"));
        assert_eq!(variable.value(&mut self.0).expect("a value").to_json(), expected, "{name}");
        self
    }
}

/// Runs something for Ann, client 101, in a fresh shop.
fn ann(test: impl FnOnce(&mut Run<'_>)) {
    let (store, limits) = (shop(), Limits::default());
    test(&mut Run::new(&store, &limits, 101));
}

#[test]
fn all_are_there() {
    let declared: Vec<&str> = crm_functions().iter().map(|builtin| builtin.name).collect();
    let missing: Vec<&str> = ALL.split_whitespace().filter(|name| !declared.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(declared.len(), 43 + 8);
    assert_eq!(registry().get("get_current_pipeline_id").map(|builtin| builtin.name), Some("get_current_pipline_id"));
}

#[test]
fn every_function_is_documented() {
    for builtin in crm_functions() {
        let name = builtin.name;
        let summary = builtin.summary();
        assert!(summary.ends_with('.') && summary.len() > 10, "{name}: {summary}");
        let lines: Vec<&str> = builtin.documentation.iter().map(|line| line.trim()).collect();
        let example = lines.iter().position(|line| *line == "```calc").unwrap_or_else(|| panic!("{name} has no example"));
        assert_eq!(lines.last(), Some(&"```"), "{name}");
        let mut names = std::iter::once(&name).chain(builtin.aliases);
        assert!(names.any(|name| lines[example..].iter().any(|line| line.contains(&format!("{name}(")))), "{name}");
        assert_eq!(lines[lines.len() - 2].contains("# => "), !UNFORESEEABLE.contains(&name), "{name}");
    }
}

#[test]
fn every_parameter_is_documented() {
    for builtin in crm_functions() {
        for parameter in builtin.parameters.iter() {
            let place = format!("{}({})", builtin.name, parameter.name);
            assert!(!parameter.about.is_empty() && !parameter.about.ends_with('.'), "{place}");
            assert_eq!(parameter.default.is_some(), !parameter.required, "{place} and its default");
        }
        assert!(builtin.acts, "{}", builtin.name);
        assert_eq!(builtin.failure.is_some(), !builtin.parameters.is_empty(), "{}: what can be refused has a failure value", builtin.name);
        assert!(!builtin.parameters.windows(2).any(|pair| !pair[0].required && pair[1].required), "{}", builtin.name);
    }
}

#[test]
fn required_parameters() {
    let required = |name: &str| registry().get(name).expect("a function").arity().0;
    for (name, count) in [
        ("create_order", 0),
        ("set_order_name", 1),
        ("set_order_budget", 1),
        ("create_task", 4),
        ("update_task", 5),
        ("done_task", 1),
        ("set_order_var", 3),
        ("set_order_vars", 2),
        ("get_order_vars", 1),
        ("get_order_id_by_var_value", 2),
        ("change_state", 1),
        ("get_state_id", 0),
        ("latest_order_datetime", 0),
        ("count_client_orders", 0),
        ("delete_order", 0),
        ("assign_to_user", 0),
    ] {
        assert_eq!(required(name), count, "{name}");
    }
    let latest = registry().get("latest_order_datetime").expect("a function");
    assert_eq!(latest.signature(), "latest_order_datetime(client_id=client_id, dt_fmt='%d.%m.%y %H:%M')");
    assert_eq!(latest.parameters[1].alias, Some("df_fmt"));
}

/// Whatever a script passes to a function, the run continues.
#[test]
fn nothing_is_ever_raised() {
    let values = [
        json!(null),
        json!(""),
        json!("None"),
        json!("none"),
        json!("101-501"),
        json!("x"),
        json!(-1),
        json!(0.5),
        json!(true),
        json!(9_000_000_000_000_000_000_u64),
        json!([]),
        json!([null, [1]]),
        json!({"_x": null}),
        json!("[1,"),
        json!("{\"a\": [1]}"),
    ];
    // What is not committed leaves nothing behind: each call finds the shop as it was.
    let (store, limits) = (shop(), Limits::default());
    for builtin in crm_functions() {
        for value in &values {
            Run::new(&store, &limits, 101).call(builtin.name, &Json::Array(vec![value.clone(); builtin.parameters.len()]));
            for place in 0..builtin.parameters.len() {
                let mut arguments = vec![json!(501); builtin.parameters.len()];
                arguments[place] = value.clone();
                Run::new(&store, &limits, 101).call(builtin.name, &Json::Array(arguments));
            }
        }
    }
}

/// L3.6: a required argument that is not given when the script runs.
#[test]
fn what_is_not_given_is_refused() {
    for builtin in crm_functions() {
        let Some(first) = builtin.parameters.first().filter(|first| first.required) else { continue };
        // Its answer to that is a text.
        if builtin.name == "set_order_budget" {
            continue;
        }
        for nothing in [json!(null), json!(""), json!("None"), json!("none")] {
            ann(|run| {
                let failure = builtin.failure.map_or(Value::None, FailureValue::value).to_json();
                run.refuses(builtin.name, json!([nothing]), first.name, failure);
            });
        }
    }
}

#[test]
fn clients() {
    ann(|run| {
        run.returns("was_in_state", json!(["12"]), json!(true))
            .returns("was_in_state", json!([13]), json!(false))
            .refuses("was_in_state", json!(["start"]), "message_id", json!(false))
            .returns("days_from_last_message", json!([]), json!(0))
            .returns("get_operator", json!([]), json!("olga@example.com"))
            .returns("get_operator_name", json!([]), json!("Olga"))
            .returns("assign_to_user", json!([" Irina@Example.com "]), json!(true))
            .returns("get_operator_name", json!([]), json!("irina@example.com"))
            .returns("assign_to_user", json!(["pavel@example.com", "1"]), json!(false))
            .returns("assign_to_user", json!(["pavel@example.com", "False"]), json!(true))
            .refuses("assign_to_user", json!(["stranger@example.com"]), "email", json!(false))
            .returns("free_client", json!([]), json!(true))
            .returns("get_operator", json!([]), json!(null))
            .returns("get_operator_name", json!([]), json!(null))
            .returns("distribute_client", json!([]), json!(true))
            .returns("get_operator", json!([]), json!("olga@example.com"))
            .returns("delete_pended_messages", json!(["False"]), json!(true))
            .returns("get_bind_clients", json!([]), json!([103]))
            .returns("get_current_pipline_id", json!([]), json!(1));
    });
}

#[test]
fn scheduled_messages_and_the_flag() {
    for (flag, dropped) in [(json!("false"), false), (json!(0), false), (json!(null), true), (json!(true), true)] {
        ann(|run| {
            run.returns("delete_pended_messages", json!([flag]), json!(true));
            assert_eq!(run.effects() > 0, dropped, "{flag}");
        });
    }
}

#[test]
fn marks_of_the_client() {
    ann(|run| {
        run.returns("set_note", json!([15]), json!(true))
            .refuses("set_note", json!(["  "]), "comment", json!(false))
            .returns("add_unread", json!([]), json!(true))
            .returns("add_unread", json!(["5"]), json!(true))
            .refuses("add_unread", json!([-1]), "count", json!(false))
            .refuses("add_unread", json!([1.5]), "count", json!(false))
            .returns("clear_unread", json!([]), json!(true));
        run.returns("unsubscribe", json!([]), json!(true)).reads("notSubscribed", json!(1));
        run.returns("block_client", json!([]), json!(true)).reads("clientBlocked", json!(1));
        run.returns("unblock_client", json!([]), json!(true)).reads("clientBlocked", json!(0));
        run.returns("set_client_name", json!(["Ann Smith"]), json!(true))
            .reads("name", json!("Ann Smith"))
            .reads("full_name", json!("Ann Smith"))
            .refuses("set_client_name", json!([" "]), "name", json!(false));
    });
}

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

#[test]
fn new_deals() {
    ann(|run| {
        run.returns("set_order_vars", json!([501, {"color": "red", "size": 5}]), json!(true));
        let (deal, _) = run.call("create_order", &json!(["Gift", "1500.50", "", null, null, null, "3", "[\"color\", \"none\"]"]));
        let deal = deal.to_json();
        run.returns("get_order_id", json!([]), deal.clone())
            .returns("get_order_vars", json!([deal]), json!({"name": "Gift", "description": "", "budget": 1500.5, "color": "red"}))
            .returns("get_state_id", json!([]), json!(3));
        let (other, _) = run.call("create_order", &json!(["", null, "", "Dora", 79_990_001_122_i64]));
        run.returns("get_order_vars", json!([other.to_json(), ["name", "budget"]]), json!({"name": "", "budget": 0}))
            .returns("get_order_id", json!([]), deal)
            .refuses("create_order", json!(["Gift", 1, "", "", "", "", 99]), "state_id", json!(null))
            .refuses("create_order", json!(["Gift", 1, "", "", "none at all"]), "phone", json!(null))
            .refuses("create_order", json!(["Gift", 1, "", "", "", "", "", [["color"]]]), "transfer_vars", json!(null));
    });
}

#[test]
fn a_budget_that_is_no_number() {
    let answer = || json!("budget must be a number");
    ann(|run| {
        for budget in [json!("3490 rub"), json!(true), json!([]), json!({})] {
            run.refuses("create_order", json!(["Gift", budget]), "budget", answer());
            run.refuses("set_order_budget", json!([budget]), "budget", answer());
        }
        for budget in [json!(null), json!(""), json!("None")] {
            run.refuses("set_order_budget", json!([budget, 501]), "budget", answer());
        }
        assert_eq!(run.effects(), 0);
        run.returns("set_order_budget", json!([" 100 ", "501"]), json!(true))
            .reads("budget", json!(100))
            .returns("set_order_budget", json!([0.5]), json!(true))
            .reads("budget", json!(0.5))
            .refuses("set_order_budget", json!([5, 999]), "order_id", json!(false));
    });
}

/// crm.md C1.5: the text that the variable `order_id` holds.
#[test]
fn client_and_deal_together_are_no_deal_id() {
    for (name, arguments, parameter) in [
        ("set_order_name", json!(["x", "101-501"]), "order_id"),
        ("get_order_vars", json!(["101-501"]), "order_id"),
        ("get_state_id", json!(["101-501"]), "client_id"),
        ("get_state_id", json!([101, "101-501"]), "order_id"),
        ("delete_order", json!(["101-501"]), "order_id"),
    ] {
        ann(|run| {
            let builtin = registry().get(name).expect("a function");
            let Value::List(given) = Value::from_json(&arguments) else { panic!("a list") };
            let mut given = given.to_vec();
            given.resize(builtin.parameters.len(), Value::None);
            match builtin.apply(&mut run.0, &mut given).map_err(|error| *error) {
                Err(CallError::Argument { parameter: refused, fault }) => {
                    assert_eq!(refused, parameter, "{name}");
                    assert!(fault.help.is_some_and(|help| help.to_string().contains("get_order_id()")), "{name}");
                }
                other => panic!("{name}: {other:?}"),
            }
        });
    }
}

/// A value that the rules refuse for a parameter of a role, and one that they take.
fn refused_and_taken(role: Role) -> Option<(Json, Json)> {
    let long = || json!("x".repeat(501));
    Some(match role {
        role::DEAL => (json!(999), json!(501)),
        role::CLIENT => (json!(999), json!(101)),
        role::STAGE => (json!(999), json!(3)),
        role::TASK => (json!(999), json!(901)),
        role::OPERATOR => (json!("nobody@example.com"), json!("olga@example.com")),
        role::NAME | role::CLIENT_NAME | role::EMAIL => (long(), json!("x")),
        role::PHONE => (json!("call me"), json!("+7 900")),
        role::DESCRIPTION => (json!("x".repeat(100_001)), json!("x")),
        role::BUDGET => (json!("much"), json!(1)),
        role::DATE => (json!("31.02.2027"), json!("01.02.2027")),
        role::TIME => (json!("25:00"), json!("10:00")),
        role::COMMENT => (json!("a\0b"), json!("x")),
        role::COUNT => (json!(-1), json!(1)),
        Role::VariableName => (json!("_x"), json!("x")),
        Role::VariableValues => (json!({"_x": 1}), json!({"x": 1})),
        _ => return None,
    })
}

/// Rules refuse by roles and know no parameters; each declaration has to say which of its parameters has which role.
#[test]
fn every_declaration_maps_what_its_rule_refuses() {
    let mut mapped = 0;
    for builtin in crm_functions() {
        let taken: Vec<Json> = builtin
            .parameters
            .iter()
            .map(|parameter| match (refused_and_taken(parameter.role), parameter.kind) {
                (Some((_, taken)), _) => taken,
                (None, Kind::Flag) => json!(true),
                (None, Kind::List) => json!([]),
                (None, _) => json!(1),
            })
            .collect();
        for (index, parameter) in builtin.parameters.iter().enumerate() {
            let Some((refused, _)) = refused_and_taken(parameter.role) else { continue };
            // Only what sets a variable cares about its name.
            if parameter.role == Role::VariableName && !builtin.sets_variables() {
                continue;
            }
            let mut arguments = taken.clone();
            arguments[index] = refused;
            ann(|run| {
                let (_, found) = run.call(builtin.name, &Json::from(arguments));
                assert_eq!(found, Some(parameter.name), "{}({}=...)", builtin.name, parameter.name);
            });
            mapped += 1;
        }
    }
    assert!(mapped > 50, "{mapped}");
}

/// Whatever a rule refuses, some parameter has that role: `call` says so when none has.
#[test]
fn no_refusal_is_without_a_parameter() {
    const ROLES: &[Role] = &[role::DEAL, role::OPERATOR, role::NAME, role::PHONE, role::DESCRIPTION, role::COMMENT, role::COUNT];
    let bad: Vec<Json> = ROLES.iter().filter_map(|role| Some(refused_and_taken(*role)?.0)).collect();
    for builtin in crm_functions() {
        for index in 0..builtin.parameters.len() {
            ann(|run| {
                for bad in &bad {
                    let usual = |parameter: &Parameter| refused_and_taken(parameter.role).map_or(json!(1), |(_, taken)| taken);
                    let mut arguments: Vec<Json> = builtin.parameters.iter().map(usual).collect();
                    arguments[index] = bad.clone();
                    run.call(builtin.name, &Json::from(arguments));
                }
            });
        }
    }
}

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
fn moving_and_closing() {
    ann(|run| {
        run.returns("move_order_to_next_state", json!([]), json!(false))
            .returns("change_state", json!(["3"]), json!(true))
            .returns("move_order_to_next_state", json!([501]), json!(4))
            .refuses("move_order_to_next_state", json!([999]), "order_id", json!(false))
            .refuses("change_state", json!([99]), "state_id", json!(false))
            .returns("get_state_id", json!([102]), json!(7))
            .returns("get_state_id", json!([503]), json!(7))
            .returns("get_state_id", json!([102, 503]), json!(7))
            .refuses("get_state_id", json!([101, 503]), "order_id", json!(null))
            .refuses("get_state_id", json!([999]), "client_id", json!(null))
            .returns("set_order_name", json!(["Kettle"]), json!(true))
            .returns("get_active_orders_ids", json!([]), json!([501]))
            .returns("set_order_status_success", json!([]), json!(true))
            .returns("get_success_orders_ids", json!([]), json!([501, 502]))
            .returns("get_order_id", json!([]), json!(null))
            // Nothing is refused here: there just is no deal.
            .returns("set_order_status_fail", json!([]), json!(false))
            .returns("set_order_name", json!(["Kettle"]), json!(false))
            .returns("get_state_id", json!([]), json!(null))
            .reads("order_id", json!(null))
            .reads("budget", json!(null))
            .returns("set_order_status_fail", json!([501]), json!(true))
            .returns("get_fail_orders_ids", json!([]), json!([501]))
            .returns("set_order_status_archive", json!([501]), json!(true))
            .refuses("set_order_status_success", json!([999]), "order_id", json!(false))
            .refuses("set_order_status_fail", json!([999]), "order_id", json!(false))
            .refuses("set_order_status_archive", json!([999]), "order_id", json!(false))
            .returns("delete_order", json!([]), json!(true))
            .refuses("delete_order", json!([501]), "order_id", json!(false))
            .returns("delete_order", json!([502]), json!(true))
            .returns("delete_order", json!([]), json!(false));
    });
}

#[test]
fn counting_and_dates() {
    ann(|run| {
        run.returns("count_client_orders", json!([]), json!(2))
            .returns("count_client_orders", json!([null, null, "0"]), json!(1))
            .returns("count_client_orders", json!(["", "", 0, 0]), json!(1))
            .returns("count_client_orders", json!([101, 5, 0, "False"]), json!(0))
            .returns("count_client_orders", json!([101, 4]), json!(1))
            .refuses("count_client_orders", json!([999]), "client_id", json!(0))
            .refuses("count_client_orders", json!([101, 99]), "state_id", json!(0))
            .returns("get_count_orders", json!([7]), json!(1))
            .refuses("get_count_orders", json!([99]), "id", json!(0))
            .returns("latest_order_datetime", json!([]), json!("02.11.26 11:30"))
            .returns("latest_order_datetime", json!([102, "%A %d %B %Y"]), json!("Tuesday 10 November 2026"))
            .returns("latest_order_datetime", json!([103]), json!(null))
            .refuses("latest_order_datetime", json!([101, "%Q"]), "dt_fmt", json!(null))
            .refuses("latest_order_datetime", json!([103, "%Q"]), "dt_fmt", json!(null))
            .refuses("latest_order_datetime", json!([999]), "client_id", json!(null));
    });
}

#[test]
fn newer_functions() {
    ann(|run| {
        run.returns("switch_order", json!([502]), json!(502))
            .returns("get_order_id", json!([]), json!(502))
            .refuses("switch_order", json!([503]), "order_id", json!(502))
            .returns("assign_order_to_user", json!(["pavel@example.com"]), json!(true))
            .returns("get_order_operator", json!([]), json!("pavel@example.com"))
            .returns("get_order_operator", json!([503]), json!(null))
            .refuses("assign_order_to_user", json!(["stranger@example.com", 501]), "email", json!(false))
            .refuses("get_order_operator", json!([999]), "order_id", json!(null))
            .returns("check_operator_status", json!(["olga@example.com"]), json!(true))
            .returns("check_operator_status", json!(["pavel@example.com"]), json!(true))
            .returns("check_operator_status", json!(["pavel@example.com", 0]), json!(false))
            .refuses("check_operator_status", json!(["stranger@example.com"]), "email", json!(null))
            .returns("set_client_var", json!([102, "city", "Tula"]), json!(true))
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
