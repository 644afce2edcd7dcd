//! Parameters that only CRM functions have.

use serde_json::Number as JsonNumber;

use super::message::Delay;
use super::{BlockId, ListId, role};
use crate::diagnostic::{Code, Fault};
use crate::function::{CallError, CallResult, Family, Kind, ParameterType, Role};
use crate::value::arithmetic::shown;
use crate::value::calendar::{Moment, parse_moment};
use crate::value::number::Number;
use crate::value::{Dict, List, Text, Value};
use crate::wording::{Message, message};

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

/// Numbers of blocks: a list or its JSON text. Not given, it is refused when the function is called.
pub(super) struct BlockIds(pub Vec<BlockId>);

impl ParameterType for BlockIds {
    const KIND: Kind = Kind::List;
    const ROLE: Role = role::BLOCK;
    const REQUIRED: bool = false;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        List::from_value(value, family)?.iter().map(|item| BlockId::from_value(item.clone(), family)).collect::<Result<_, _>>().map(Self)
    }
}

/// Emails of operators: a list, its JSON text, or one.
pub(super) struct Emails(pub Vec<String>);

impl ParameterType for Emails {
    const KIND: Kind = Kind::List;
    const ROLE: Role = role::OPERATOR;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        let one = |value: &Value| Text::from_value(value.clone(), family).map(|email| email.as_str().to_owned());
        match value {
            Value::Text(email) if !email.trim_start().starts_with('[') => Ok(Self(vec![email.as_str().to_owned()])),
            value => List::from_value(value, family)?.iter().map(one).collect::<Result<_, _>>().map(Self),
        }
    }
}

/// How much later something is sent: seconds, or the date and time.
pub(super) struct Timeout(pub Delay);

impl ParameterType for Timeout {
    const KIND: Kind = Kind::Any;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        if let Some(seconds) = value.as_number().filter(|_| !matches!(value, Value::Bool(_))) {
            return Ok(Self(Delay::Seconds(seconds.to_f64())));
        }
        match &value {
            Value::Text(text) if let Some(Moment::DateTime(moment)) = parse_moment(text.trim()) => Ok(Self(Delay::Until(moment))),
            _ => Err(Box::new(Fault::new(Code::BadArgument, message!("timeout-expected", found = shown(&value))))),
        }
    }
}

/// Lists by their ids: one, several in a list, or the JSON text of that.
pub(super) struct ListIds(pub Vec<ListId>);

impl ParameterType for ListIds {
    // Not a list: the id of one list does as well.
    const KIND: Kind = Kind::Any;
    const ROLE: Role = role::LIST;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        let Some(ids) = value.as_list() else { return ListId::from_value(value, family).map(|id| Self(vec![id])) };
        if ids.is_empty() {
            return ListId::from_value(Value::None, family).map(|id| Self(vec![id]));
        }
        ids.iter().map(|id| ListId::from_value(id.clone(), family)).collect::<Result<_, _>>().map(Self)
    }
}

/// Lists by their names: one, several in a list, or the JSON text of that.
pub(super) struct ListNames(pub Vec<String>);

impl ParameterType for ListNames {
    const KIND: Kind = Kind::Text;
    const ROLE: Role = role::LIST_NAME;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        let one = |name: Value| Text::from_value(name, family).map(|name| name.as_str().to_owned());
        let Some(names) = value.as_list() else { return one(value).map(|name| Self(vec![name])) };
        if names.is_empty() {
            return one(Value::None).map(|name| Self(vec![name]));
        }
        names.iter().map(|name| one(name.clone())).collect::<Result<_, _>>().map(Self)
    }
}

/// Any lists by their ids: a list or its JSON text, or one id.
pub(super) struct AnyLists(pub Vec<ListId>);

impl ParameterType for AnyLists {
    const KIND: Kind = Kind::List;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        match value.as_list() {
            Some(ids) if ids.is_empty() => Ok(Self(Vec::new())),
            _ => ListIds::from_value(value, family).map(|ids| Self(ids.0)),
        }
    }
}

/// What several labels are to be; whether they are ids or names another parameter says.
pub(super) struct LabelArray(pub Value);

impl ParameterType for LabelArray {
    const KIND: Kind = Kind::List;
    const ROLE: Role = role::LABELS;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        Given::from_value(value, family).map(|given| Self(given.0))
    }
}

/// An argument whose refusal has an answer other than the function's failure value: the function says which.
pub(super) struct Answered<T>(Result<T, Box<Fault>>);

impl<T: ParameterType> ParameterType for Answered<T> {
    const KIND: Kind = T::KIND;
    const ROLE: Role = T::ROLE;
    const REQUIRED: bool = T::REQUIRED;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        Ok(Self(T::from_value(value, family)))
    }
}

impl<T: ParameterType> Answered<T> {
    /// The argument; a function that was given none it can work with returns the answer.
    pub(super) fn or_answer(self, answer: impl Into<Value>) -> CallResult<T> {
        self.0.map_err(|fault| Box::new(CallError::Refused { roles: const { &[T::ROLE] }, fault: *fault, instead: Some(answer.into()) }))
    }
}

impl<T> Answered<T> {
    /// The same with an answer that says why.
    pub(super) fn or_answer_why(self, roles: &'static [Role], answer: impl FnOnce(&Message) -> Dict) -> CallResult<T> {
        self.0.map_err(|fault| {
            let instead = Some(answer(&fault.message).into());
            Box::new(CallError::Refused { roles, fault: *fault, instead })
        })
    }
}

/// A budget: a number, also as text.
pub(super) struct Budget(pub JsonNumber);

/// What functions return that were given a budget that is not a number.
pub(super) const NO_BUDGET: &str = "budget must be a number";

impl ParameterType for Budget {
    const KIND: Kind = Kind::Number;
    const ROLE: Role = role::BUDGET;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        let number = match value {
            Value::Bool(_) => None,
            _ => value.as_number().and_then(json_number),
        };
        number.map(Self).ok_or_else(|| {
            let fault = Fault::new(Code::RefusedArgument, message!("budget-not-a-number", found = shown(&value)));
            Box::new(fault.help(message!("budget-not-a-number-help")))
        })
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
