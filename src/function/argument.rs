//! What a parameter takes: the types that declarations use, and how a value becomes one of them (language.md L3.5, L4.3).

use chrono::NaiveDate;

use super::{CallError, CallResult, Family, Role};
use crate::diagnostic::{Code, Fault};
use crate::value::arithmetic::shown;
use crate::value::calendar;
use crate::value::number::Number;
use crate::value::{Dict, List, Text, Value};
use crate::wording::{Message, message};

/// The kind of value that a parameter takes or a function returns, for documentation and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any value.
    Any,
    /// `True` or `False`.
    Flag,
    /// A whole number.
    Whole,
    /// Any number.
    Number,
    /// Text.
    Text,
    /// A list.
    List,
    /// A dict.
    Dict,
    /// A list or a dict.
    Items,
    /// A list, a dict or text.
    Sequence,
    /// A date `dd.mm.yyyy`.
    Date,
    /// A time `HH:MM`.
    Time,
    /// An id of something of the host, in words, `the id of a table`, or by a message of the catalogue.
    Id(&'static str),
}

impl Kind {
    /// The kind in words: `a whole number`.
    #[must_use]
    pub fn described(self) -> Message {
        match self {
            Self::Any => message!("kind-any"),
            Self::Flag => message!("kind-flag"),
            Self::Whole => message!("kind-whole"),
            Self::Number => message!("kind-number"),
            Self::Text => message!("kind-text"),
            Self::List => message!("kind-list"),
            Self::Dict => message!("kind-dict"),
            Self::Items => message!("kind-items"),
            Self::Sequence => message!("kind-sequence"),
            Self::Date => message!("kind-date"),
            Self::Time => message!("kind-time"),
            Self::Id(described) => Message::new(described, Vec::new()),
        }
    }
}

/// A type that a parameter may have.
pub trait ParameterType: Sized {
    /// What it takes, for documentation and messages.
    const KIND: Kind;
    /// What it stands for.
    const ROLE: Role = Role::Plain;
    /// Whether a call without it is an error.
    const REQUIRED: bool = true;
    /// Whether it takes all arguments that are left.
    const VARIADIC: bool = false;

    /// The argument that a value is; the fault says what was found and what was expected.
    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>>;

    /// Takes its value, or for a variadic parameter all that are left.
    #[inline]
    fn take(values: &mut &mut [Value], family: Family) -> Result<Self, Box<Fault>> {
        let value = match std::mem::take(values) {
            [] => Value::None,
            [first, rest @ ..] => {
                *values = rest;
                std::mem::take(first)
            }
        };
        Self::from_value(value, family)
    }
}

/// The arguments of one call, taken one by one.
pub struct Arguments<'a> {
    values: &'a mut [Value],
    family: Family,
}

impl<'a> Arguments<'a> {
    /// The values of a call, one for each parameter and then the rest.
    #[must_use]
    pub fn new(values: &'a mut [Value], family: Family) -> Self {
        Self { values, family }
    }

    /// The next argument, for the parameter of this name.
    #[inline]
    pub fn take<T: ParameterType>(&mut self, parameter: &'static str) -> CallResult<T> {
        T::take(&mut self.values, self.family).map_err(|fault| refused(parameter, *fault))
    }
}

#[cold]
fn refused(parameter: &'static str, fault: Fault) -> Box<CallError> {
    Box::new(CallError::Argument { parameter, fault })
}

/// Whether a value means "not given" to an optional parameter, or to any parameter of a function that works on the host.
#[inline]
fn is_not_given(value: &Value, family: Family) -> bool {
    match value {
        Value::Text(text) if family == Family::Host => matches!(text.as_str(), "" | "None" | "none"),
        other => other.is_none_or_empty(),
    }
}

#[cold]
fn wrong(value: &Value, expected: Kind) -> Box<Fault> {
    Box::new(match value {
        Value::None => Fault::new(Code::NoValue, message!("argument-missing", expected = expected.described())),
        other => Fault::new(Code::BadArgument, message!("argument-expected", expected = expected.described(), found = shown(other))),
    })
}

impl<T: ParameterType> ParameterType for Option<T> {
    const KIND: Kind = T::KIND;
    const ROLE: Role = T::ROLE;
    const REQUIRED: bool = false;

    #[inline]
    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        if is_not_given(&value, family) { Ok(None) } else { T::from_value(value, family).map(Some) }
    }
}

impl ParameterType for Value {
    const KIND: Kind = Kind::Any;

    #[inline]
    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        Ok(value)
    }
}

/// Any value as it is, `""` included, for a parameter that need not be given; not given is `None`.
#[derive(Clone, Debug)]
pub struct Optional(pub Value);

impl ParameterType for Optional {
    const KIND: Kind = Kind::Any;
    const REQUIRED: bool = false;

    #[inline]
    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        Ok(Self(value))
    }
}

impl ParameterType for Number {
    const KIND: Kind = Kind::Number;

    #[inline]
    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        value.as_number().ok_or_else(|| wrong(&value, Self::KIND))
    }
}

impl ParameterType for f64 {
    const KIND: Kind = Kind::Number;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        Number::from_value(value, family).map(Number::to_f64)
    }
}

/// A whole number, also `5.0` and `'5'`.
#[derive(Clone, Copy, Debug)]
pub struct Whole(pub i64);

impl ParameterType for Whole {
    const KIND: Kind = Kind::Whole;

    #[inline]
    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        let whole = value.as_number().and_then(Number::to_integer);
        whole.map(Self).ok_or_else(|| wrong(&value, Self::KIND))
    }
}

/// Yes or no: L4.7, and the texts `False`, `false` and `0` are false too.
#[derive(Clone, Copy, Debug)]
pub struct Flag(pub bool);

impl ParameterType for Flag {
    const KIND: Kind = Kind::Flag;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        Ok(Self(match &value {
            Value::Text(text) => !matches!(text.as_str(), "" | "False" | "false" | "0"),
            other => other.is_true(),
        }))
    }
}

impl ParameterType for Text {
    const KIND: Kind = Kind::Text;

    #[inline]
    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        match value {
            Value::Text(text) if family == Family::General => Ok(text),
            Value::Int(int) => Ok(Text::from(int)),
            value if family == Family::Host && is_not_given(&value, family) => Err(wrong(&Value::None, Self::KIND)),
            Value::None => Err(wrong(&value, Self::KIND)),
            other => text_form(&other),
        }
    }
}

/// The text form of any value. Lists that hold one another many times over have one that no memory could hold.
fn text_form(value: &Value) -> Result<Text, Box<Fault>> {
    if !matches!(value, Value::List(_) | Value::Dict(_)) {
        return Ok(value.to_interpolated());
    }
    match value.text_size(MOST_TEXT) {
        Some(_) => Ok(value.to_interpolated()),
        None => Err(Box::new(Fault::new(Code::MemoryLimit, message!("text-form-too-long", limit = MOST_TEXT >> 20)))),
    }
}

/// The longest text form, in bytes, that an argument may have; what it may take together is the run's to limit.
const MOST_TEXT: usize = 64 << 20;

/// Any value in its text form; one that is not given is empty text. For parameters of such functions that may be empty.
#[derive(Clone, Debug)]
pub struct AnyText(pub Text);

impl ParameterType for AnyText {
    const KIND: Kind = Kind::Text;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        if is_not_given(&value, family) { Ok(Self(Text::EMPTY)) } else { text_form(&value).map(Self) }
    }
}

impl ParameterType for List {
    const KIND: Kind = Kind::List;

    #[inline]
    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        match value {
            Value::List(list) => Ok(list),
            other => other.as_list().ok_or_else(|| wrong(&other, Self::KIND)),
        }
    }
}

impl ParameterType for Dict {
    const KIND: Kind = Kind::Dict;

    #[inline]
    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        match value {
            Value::Dict(dict) => Ok(dict),
            other => other.as_dict().ok_or_else(|| wrong(&other, Self::KIND)),
        }
    }
}

/// The id that a value is, a whole number or its text, for parameters that take an id of `kind`.
pub fn id(value: &Value, kind: Kind, family: Family) -> Result<i64, Box<Fault>> {
    if is_not_given(value, family) {
        return Err(wrong(&Value::None, kind));
    }
    match value.as_number().and_then(Number::to_integer) {
        Some(id) if !matches!(value, Value::Bool(_)) => Ok(id),
        _ => Err(wrong(value, kind)),
    }
}

/// A list or a dict, or the JSON text of one.
#[derive(Clone, Debug)]
pub enum Items {
    /// A list.
    List(List),
    /// A dict.
    Dict(Dict),
}

impl ParameterType for Items {
    const KIND: Kind = Kind::Items;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        match value {
            Value::List(list) => Ok(Self::List(list)),
            Value::Dict(dict) => Ok(Self::Dict(dict)),
            other => match (other.as_list(), other.as_dict()) {
                (Some(list), _) => Ok(Self::List(list)),
                (_, Some(dict)) => Ok(Self::Dict(dict)),
                _ => Err(wrong(&other, Self::KIND)),
            },
        }
    }
}

/// A list, a dict or text; anything else that has a text form counts as text.
#[derive(Clone, Debug)]
pub enum Sequence {
    /// A list.
    List(List),
    /// A dict.
    Dict(Dict),
    /// Text.
    Text(Text),
}

impl ParameterType for Sequence {
    const KIND: Kind = Kind::Sequence;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        match value {
            Value::List(list) => Ok(Self::List(list)),
            Value::Dict(dict) => Ok(Self::Dict(dict)),
            Value::None => Err(wrong(&value, Self::KIND)),
            other => text_form(&other).map(Self::Text),
        }
    }
}

/// A date written `d.m.yyyy` or `dd.mm.yyyy`.
#[derive(Clone, Copy, Debug)]
pub struct Date(pub NaiveDate);

impl ParameterType for Date {
    const KIND: Kind = Kind::Date;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        match &value {
            Value::Text(text) if let Some(date) = calendar::parse_date(text.trim()) => Ok(Self(date)),
            _ => Err(wrong(&value, Self::KIND)),
        }
    }
}

/// A time written `H:MM` or `HH:MM`, in minutes since midnight.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub i64);

impl ParameterType for Time {
    const KIND: Kind = Kind::Time;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        match &value {
            Value::Text(text) if let Some(minutes) = calendar::parse_time(text.trim()) => Ok(Self(minutes)),
            _ => Err(wrong(&value, Self::KIND)),
        }
    }
}

/// All arguments that are left.
#[derive(Debug)]
pub struct Rest(pub Vec<Value>);

impl ParameterType for Rest {
    const KIND: Kind = Kind::Any;
    const REQUIRED: bool = false;
    const VARIADIC: bool = true;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        Ok(Self(vec![value]))
    }

    fn take(values: &mut &mut [Value], _: Family) -> Result<Self, Box<Fault>> {
        Ok(Self(std::mem::take(values).iter_mut().map(std::mem::take).collect()))
    }
}

/// What a function may return, for its documentation.
pub trait Returned: Into<Value> {
    /// The kind of value.
    const RETURNS: Kind;
}

macro_rules! returned {
    ($($type:ty => $kind:ident),* $(,)?) => {
        $(impl Returned for $type { const RETURNS: Kind = Kind::$kind; })*
    };
}

returned! {
    Value => Any, bool => Flag, i64 => Whole, usize => Whole, Number => Number, Text => Text, String => Text, &'static str => Text,
    List => List, Vec<Value> => List, Dict => Dict,
}

impl<T: Returned> Returned for Option<T> {
    const RETURNS: Kind = T::RETURNS;
}
