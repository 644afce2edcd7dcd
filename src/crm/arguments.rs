//! Parameters that only CRM functions have.

use serde_json::Number as JsonNumber;

use super::role;
use crate::diagnostic::{Code, Fault};
use crate::function::{CallError, CallResult, Family, Kind, ParameterType, Role};
use crate::value::arithmetic::shown;
use crate::value::number::Number;
use crate::value::{List, Value};
use crate::wording::message;

/// Any value, when there is one.
pub(super) struct Given(pub Value);

impl ParameterType for Given {
    const KIND: Kind = Kind::Any;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        let value = Option::<Value>::from_value(value, family)?;
        value.map(Self).ok_or_else(|| Box::new(Fault::new(Code::NoValue, message!("argument-missing", expected = Kind::Any.described()))))
    }
}

/// Names of variables: a list, its JSON text, or one name.
pub(super) struct VariableNames(pub Vec<String>);

impl ParameterType for VariableNames {
    const KIND: Kind = Kind::List;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        match value {
            Value::Text(name) if !name.trim_start().starts_with('[') => Ok(Self(vec![name.as_str().to_owned()])),
            value => List::from_value(value, family)?.iter().map(name).collect::<Result<_, _>>().map(Self),
        }
    }
}

fn name(value: &Value) -> Result<String, Box<Fault>> {
    match value {
        Value::Text(name) if !name.is_empty() => Ok(name.as_str().to_owned()),
        Value::Int(_) | Value::Float(_) => Ok(value.interpolated().into_owned()),
        _ => Err(Box::new(Fault::new(Code::BadArgument, message!("variable-name-expected", found = shown(value))))),
    }
}

/// A budget; what is not a number has an answer of its own, so that every value is taken.
pub(super) struct Budget(Result<JsonNumber, Fault>);

/// What functions return that were given a budget that is not a number.
const NO_BUDGET: &str = "budget must be a number";

impl ParameterType for Budget {
    const KIND: Kind = Kind::Number;
    const ROLE: Role = role::BUDGET;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        let number = match value {
            Value::Bool(_) => None,
            _ => value.as_number().and_then(json_number),
        };
        Ok(Self(number.ok_or_else(|| {
            Fault::new(Code::RefusedArgument, message!("budget-not-a-number", found = shown(&value)))
                .help(message!("budget-not-a-number-help"))
        })))
    }
}

impl Budget {
    /// The number; a function that has none returns a text that says so.
    pub(super) fn number(self) -> CallResult<JsonNumber> {
        self.0.map_err(|fault| Box::new(CallError::Refused { roles: &[role::BUDGET], fault, instead: Some(NO_BUDGET.into()) }))
    }
}

fn json_number(number: Number) -> Option<JsonNumber> {
    match number {
        Number::Int(int) => Some(int.into()),
        Number::Float(float) => JsonNumber::from_f64(float),
    }
}

/// A list of ids.
pub(super) fn ids(ids: Vec<impl Into<Value>>) -> Vec<Value> {
    ids.into_iter().map(Into::into).collect()
}
