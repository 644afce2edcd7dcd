//! What holds for whatever a function is given: no function raises, and a rule refuses only what a parameter stands for.

use calc::crm::{Json, role};
use calc::function::{CallError, FailureValue, Kind, Limits, Parameter, Role};
use calc::value::Value;
use serde_json::json;

use crate::support::{Run, ann, crm_functions, registry, shop};

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
        // Its answer to that is a text, or says why.
        let answers = ["set_order_budget", "remove_multiple_client_labels", "has_client_multiple_labels"].contains(&builtin.name);
        if answers || builtin.failure == Some(FailureValue::StatusFalse) {
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
        role::LIST => (json!(999), json!(41)),
        role::LIST_NAME => (json!("nothing"), json!("Buyers")),
        role::LABEL => (json!(999), json!(61)),
        role::LABEL_NAME => (json!("nothing"), json!("vip")),
        role::LABELS => (json!(["vip", 61]), json!(["vip"])),
        role::COLOR => (json!(10), json!(9)),
        role::TABLE => (json!(999), json!(701)),
        role::RECORD => (json!("x"), json!(1)),
        role::COLUMN => (json!("ghost"), json!("name")),
        role::CELLS => (json!({"a1": "1a"}), json!({"a1": "b2"})),
        role::WANTED => (json!({"ghost": 1}), json!({"name": "Mug"})),
        role::ALGORITHM => (json!("X"), json!("K")),
        role::RECORD_DATA => (json!("x"), json!({"name": "x"})),
        role::OPERATOR => (json!("nobody@example.com"), json!("olga@example.com")),
        role::NAME | role::CLIENT_NAME | role::EMAIL => (long(), json!("x")),
        role::PHONE => (json!("call me"), json!("+7 900")),
        role::DESCRIPTION | role::TEXT => (json!("x".repeat(100_001)), json!("x")),
        role::BUDGET => (json!("much"), json!(1)),
        role::DATE => (json!("31.02.2027"), json!("01.02.2027")),
        role::TIME => (json!("25:00"), json!("10:00")),
        role::COMMENT => (json!("a\0b"), json!("x")),
        role::COUNT | role::MINUTES => (json!(-1), json!(1)),
        role::MAIN_CLIENT => (json!(999), json!(102)),
        role::PRIORITY => (json!(7), json!(1)),
        role::FIELD => (json!("salary"), json!("position")),
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
            // With a block its text is ignored.
            if builtin.name == "platform_message" {
                continue;
            }
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
