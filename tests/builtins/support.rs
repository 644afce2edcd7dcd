//! Calls functions of the language as a script would, with arguments written as JSON.

use std::time::Duration;

use calc::function::{Builtin, CallError, Context, Limits};
use calc::internals::stdlib;
use calc::value::Value;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A frozen clock: a time of Moscow.
#[derive(Clone, Copy)]
pub struct Clock(pub &'static str);

/// Thursday.
pub const THURSDAY: Clock = Clock("2020-02-13T12:30:45+03:00");

impl Clock {
    pub fn now(self) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(self.0).expect("a time").to_utc()
    }
}

/// The function of this name.
pub fn builtin(name: &str) -> &'static Builtin {
    static REGISTRY: std::sync::LazyLock<calc::function::Registry> = std::sync::LazyLock::new(stdlib::registry);
    REGISTRY.get(name).unwrap_or_else(|| panic!("no function `{name}`"))
}

/// Calls a function with values, as many as a script passed.
pub fn call_values(name: &str, values: Vec<Value>, clock: Clock) -> Result<Value, Box<CallError>> {
    // A busy machine must not make a harmless pattern look like one without end.
    call_within(name, values, clock, &Limits { pattern: Duration::from_millis(800), ..Limits::default() })
}

/// The same without any time: a call ends at its first look at the clock, which comes after so much work.
pub fn call_without_time(name: &str, values: Vec<Value>) -> Result<Value, Box<CallError>> {
    call_within(name, values, THURSDAY, &Limits { time: Duration::ZERO, pattern: Duration::from_millis(20), ..Limits::default() })
}

fn call_within(name: &str, mut values: Vec<Value>, clock: Clock, limits: &Limits) -> Result<Value, Box<CallError>> {
    let builtin = builtin(name);
    let mut context = Context::new(clock.now(), Tz::Europe__Moscow, fastrand::Rng::with_seed(1), limits);
    let places = builtin.parameters.iter().filter(|parameter| !parameter.variadic).count();
    let (least, most) = builtin.arity();
    assert!(values.len() >= least && most.is_none_or(|most| values.len() <= most), "`{name}` with {} arguments", values.len());
    while values.len() < places {
        values.push(Value::None);
    }
    builtin.apply(&mut context, &mut values)
}

/// Calls a function with the items of a JSON list.
pub fn call(name: &str, arguments: &str, clock: Clock) -> Result<Value, Box<CallError>> {
    let json: serde_json::Value = serde_json::from_str(arguments).unwrap_or_else(|error| panic!("{arguments}: {error}"));
    let Value::List(values) = Value::from_json(&json) else { panic!("{arguments} is not a list") };
    call_values(name, values.to_vec(), clock)
}

/// What a call gave: the text form of the value, `!parameter: message`, or `!number: message` of one of the last arguments.
pub fn outcome(result: Result<Value, Box<CallError>>) -> String {
    match result.map_err(|error| *error) {
        Ok(value) => {
            let mut text = String::new();
            value.write_text(&mut text);
            text
        }
        Err(CallError::Argument { parameter, fault }) => format!("!{parameter}: {}", fault.message),
        Err(CallError::Rest { number, fault }) => format!("!{number}: {}", fault.message),
        Err(CallError::Refused { fault, .. } | CallError::Fault(fault)) => format!("!{}: {}", fault.code, fault.message),
        Err(CallError::Host(_)) => "!store".to_owned(),
    }
}

/// Checks rows of `name arguments => expected`; an expectation that begins with `!` is the beginning of an error.
pub fn check(clock: Clock, table: &str) {
    let mut wrong = Vec::new();
    for line in table.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let (left, expected) =
            line.split_once(" => ").or_else(|| Some((line.strip_suffix(" =>")?, ""))).unwrap_or_else(|| panic!("{line}"));
        let (name, arguments) = left.split_once(' ').unwrap_or((left, ""));
        let expected = expected.replace("\\n", "\n");
        let found = outcome(call(name, &format!("[{arguments}]"), clock));
        let fits = if expected.starts_with('!') { found.starts_with(&expected) } else { found == expected };
        if !fits {
            wrong.push(format!("{left}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Checks one call.
pub fn check_one(clock: Clock, name: &str, arguments: &str, expected: &str) {
    assert_eq!(outcome(call(name, &format!("[{arguments}]"), clock)), expected, "{name} {arguments}");
}
