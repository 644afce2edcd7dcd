//! Every function with every kind of value in every position: no panic, no result beyond the limits. That each accounts for
//! its work is held by `tests/costs`, which counts it.

use crate::support::{THURSDAY, builtin, call_values, call_without_time, outcome};
use calc::function::{CallError, Limits};
use calc::internals::stdlib;
use calc::value::{Dict, Text, Value};

/// A call, made twice if it has to be: without time, so that it ends at its first look at the clock, and with time when it
/// would have gone on.
fn accounted(name: &str, arguments: &[Value]) -> Result<Value, Box<CallError>> {
    match call_without_time(name, arguments.to_vec()) {
        Err(error) if is_out_of_time(&error) => call_values(name, arguments.to_vec(), THURSDAY),
        result => result,
    }
}

fn is_out_of_time(error: &CallError) -> bool {
    matches!(error, CallError::Argument { fault, .. } | CallError::Refused { fault, .. } | CallError::Fault(fault) if fault.code.text() == "E0506")
}

fn values() -> Vec<Value> {
    let nested = Value::from(vec![Value::from(vec![Value::Int(1), Value::None]), Value::from("a"), Value::from(2.5)]);
    let mut deep = Value::Int(1);
    for _ in 0..99 {
        deep = Value::from(vec![deep]);
    }
    let mut dict = Dict::new();
    dict.insert(Text::from("a"), Value::Int(1));
    dict.insert(Text::from("дата"), nested.clone());
    vec![
        Value::None,
        Value::from(true),
        Value::from(false),
        Value::Int(0),
        Value::Int(-1),
        Value::Int(3),
        Value::Int(i64::MIN),
        Value::Int(i64::MAX),
        Value::from(0.5),
        Value::from(-1.5e300),
        Value::from(5e-324),
        Value::from(""),
        Value::from("привет, Мир"),
        Value::from("(a|aa)+$"),
        Value::from("12.50"),
        Value::from("-7"),
        Value::from("29.2.2020"),
        Value::from("31.12.9999"),
        Value::from("23:59"),
        Value::from("29.02.2020 10:00:59"),
        Value::from("%d.%m.%Y %s %f %j %U"),
        Value::from(r#"[{"a": "1"}, {"a": 2}]"#),
        Value::from(r#"{"a": [1, 2]}"#),
        Value::from("аб %ff\\".repeat(2000)),
        Value::from(Vec::new()),
        nested,
        deep,
        Value::from(Dict::new()),
        Value::from(dict),
    ]
}

/// Places after the third take these only.
fn few(values: &[Value]) -> Vec<Value> {
    [0, 3, 7, 12, 25].iter().filter_map(|index| values.get(*index).cloned()).collect()
}

/// Every row with one value from each choice, made one at a time, so that they are never all held.
fn combinations(choices: &[Vec<Value>]) -> impl Iterator<Item = Vec<Value>> {
    let rows: usize = choices.iter().map(Vec::len).product();
    (0..rows).map(|row| {
        let mut rest = row;
        let pick = |choice: &Vec<Value>| {
            let value = choice[rest % choice.len()].clone();
            rest /= choice.len();
            value
        };
        choices.iter().map(pick).collect()
    })
}

#[test]
fn no_value_breaks_a_function() {
    let values = values();
    let few = few(&values);
    let registry = stdlib::registry();
    let mut calls = 0;
    for builtin in registry.iter() {
        let (least, most) = builtin.arity();
        for count in least..=most.unwrap_or(3).max(least) {
            let choices: Vec<Vec<Value>> = (0..count).map(|place| if place < 2 { values.clone() } else { few.clone() }).collect();
            for arguments in combinations(&choices) {
                let result = accounted(builtin.name, &arguments);
                calls += 1;
                match result.map_err(|error| *error) {
                    Ok(Value::Float(float)) => assert!(float.get().is_finite(), "{}({arguments:?})", builtin.name),
                    Err(CallError::Argument { parameter, fault }) => {
                        assert!(builtin.parameters.iter().any(|known| known.name == parameter), "{}: {parameter}", builtin.name);
                        let message = fault.message.to_string();
                        assert!(!message.ends_with('.') && message.len() < 400, "{}: {message}", builtin.name);
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(calls > 10_000, "{calls}");
}

#[test]
fn what_would_be_too_much_is_refused() {
    let long = Value::from("a".repeat(1 << 20));
    let many = Value::from(vec![Value::Int(1); 1 << 18]);
    let calls: Vec<(&str, Vec<Value>)> = vec![
        ("range", vec![Value::Int(1_000_000_000_000)]),
        ("replace", vec![long.clone(), Value::from("a"), long.clone()]),
        ("replace", vec![long.clone(), Value::from(""), long.clone()]),
        ("join", vec![many.clone(), long.clone()]),
        ("int_to_string", vec![Value::from(1e300), long.clone()]),
        ("massive_to_text", vec![many.clone(), Value::None, Value::None, long.clone()]),
        ("humanize", vec![(0..200).map(|n| (Text::from(n.to_string()), Value::Int(n))).collect::<Dict>().into(), long.clone()]),
        ("concat", vec![long.clone(); 65]),
        ("print", vec![long.clone(), long.clone()]),
    ];
    for (name, arguments) in calls {
        let found = outcome(accounted(name, &arguments));
        assert!(found.starts_with("!E0503") || found.starts_with("!E0504"), "{name}: {}", found.chars().take(100).collect::<String>());
    }
}

/// Lists that hold the one before twice: 2 to the power of 60 items to a walk.
#[test]
fn lists_that_unfold_are_refused() {
    let mut unfolding = Value::Int(1);
    for _ in 0..60 {
        unfolding = Value::from(vec![unfolding.clone(), unfolding]);
    }
    for (name, arguments) in [
        ("str", vec![unfolding.clone()]),
        ("to_json", vec![unfolding.clone()]),
        ("print", vec![unfolding.clone()]),
        ("concat", vec![unfolding.clone()]),
        ("upper", vec![unfolding.clone()]),
        ("len", vec![Value::from(vec![unfolding.clone()])]),
        ("join", vec![Value::from(vec![unfolding.clone()]), Value::from(",")]),
        ("massive_to_text", vec![Value::from(vec![unfolding.clone()])]),
        ("append", vec![unfolding.clone(), unfolding.clone()]),
        ("abs", vec![unfolding.clone()]),
        ("addDays", vec![unfolding.clone(), Value::Int(1)]),
        ("sum", vec![Value::from(vec![unfolding.clone()])]),
    ] {
        let found = outcome_code(accounted(name, &arguments));
        let expected = match name {
            "len" | "append" => "value",
            "abs" | "addDays" | "sum" => "E0411",
            _ => "E0503",
        };
        assert_eq!(found, expected, "{name}");
    }
}

fn outcome_code(result: Result<Value, Box<CallError>>) -> String {
    match result.map_err(|error| *error) {
        Ok(_) => "value".to_owned(),
        Err(
            CallError::Argument { fault, .. } | CallError::Rest { fault, .. } | CallError::Refused { fault, .. } | CallError::Fault(fault),
        ) => fault.code.to_string(),
        Err(CallError::Host(_)) => "store".to_owned(),
    }
}

#[test]
fn depth_is_limited() {
    let mut deep = Value::Int(1);
    for _ in 0..100 {
        deep = Value::from(vec![deep]);
    }
    let list = Value::from(vec![Value::Int(0)]);
    let zero = Value::Int(0);
    for (name, arguments) in [
        ("append", vec![list.clone(), deep.clone()]),
        ("insert", vec![list.clone(), zero.clone(), deep.clone()]),
        ("set", vec![list, zero, deep.clone()]),
        ("zip", vec![deep.clone()]),
        ("enumerate", vec![deep]),
    ] {
        assert_eq!(outcome_code(call_values(name, arguments, THURSDAY)), "E0414", "{name}");
    }
}

/// Changing a list that nobody else holds must not copy it: its items move only when they outgrow their room.
#[test]
fn growing_a_list_is_not_quadratic() {
    let limits = Limits::default();
    let mut list = Value::from(Vec::new());
    let mut moves = 0;
    for number in 0..20_000 {
        let place = items(&list).as_ptr();
        let mut context = calc::function::Context::new(THURSDAY.now(), chrono_tz::UTC, fastrand::Rng::with_seed(1), &limits);
        let append = builtin("append");
        list = append.apply(&mut context, &mut [list, Value::Int(number), Value::None]).unwrap_or_else(|_| panic!("append"));
        moves += usize::from(items(&list).as_ptr() != place);
    }
    assert!(moves < 64, "{moves} moves");
    assert_eq!(outcome(call_values("len", vec![list], THURSDAY)), "20000");
}

fn items(value: &Value) -> &[Value] {
    let Value::List(list) = value else { panic!("{value:?} is not a list") };
    list
}
