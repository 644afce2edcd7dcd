//! JSON and values: the one reader, and the one writer of JSON as the language writes it (language.md section 5), with
//! `, ` and `: ` between things, nothing escaped that need not be, and floats as the language prints them.
//!
//! Where types must be kept, as in the store and in what programs read, a value is written by `serde`.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number as JsonNumber, Value as Json};

use super::number::{Number, write_float};
use super::{Dict, List, MAX_DEPTH, Text, Truth, Value};

/// Why a text is not the JSON of a value.
#[derive(Debug)]
pub enum JsonError {
    /// It is not JSON.
    Syntax(serde_json::Error),
    /// It has more levels of lists and dicts than a value may have.
    TooDeep,
}

/// The value that a JSON text stands for.
///
/// # Errors
/// When it is not JSON, or deeper than a value may be.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    // The reader stops at 128 levels, and says so in its words only.
    let problem = |error: serde_json::Error| {
        if error.to_string().starts_with("recursion limit") { JsonError::TooDeep } else { JsonError::Syntax(error) }
    };
    let value: Value = serde_json::from_str(text).map_err(problem)?;
    if value.depth() <= MAX_DEPTH { Ok(value) } else { Err(JsonError::TooDeep) }
}

/// Appends `text` as a quoted JSON string.
pub fn write_string(out: &mut String, text: &str) {
    use std::fmt::Write as _;
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if u32::from(control) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// The text form of JSON: a text as it is, `null` empty, anything else as the language prints it.
#[must_use]
pub fn text_form(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => Value::from(other).interpolated().into_owned(),
    }
}

impl Value {
    /// Appends the JSON form.
    pub fn write_json(&self, out: &mut String) {
        match self {
            Self::None => out.push_str("null"),
            Self::Bool(Truth::True) => out.push_str("true"),
            Self::Bool(Truth::False) => out.push_str("false"),
            Self::Int(int) => out.push_str(&Text::from(*int)),
            Self::Float(float) => write_float(out, float.get()),
            Self::Text(text) => write_string(out, text),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Dict(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    write_string(out, key);
                    out.push_str(": ");
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }

    /// The JSON form.
    #[must_use]
    pub fn json_form(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// The value as JSON, types kept.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::None => Json::Null,
            Self::Bool(flag) => Json::Bool(flag.get()),
            Self::Int(int) => Json::from(*int),
            Self::Float(float) => Json::from(float.get()),
            Self::Text(text) => Json::from(text.as_str()),
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Dict(entries) => Json::Object(entries.iter().map(|(key, value)| (key.as_str().to_owned(), value.to_json())).collect()),
        }
    }

    /// The value that JSON stands for; an integer too large for i64 becomes a float.
    #[must_use]
    pub fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::None,
            Json::Bool(flag) => Self::from(*flag),
            Json::Number(number) => Self::from(Number::from(number)),
            Json::String(text) => Self::text(text),
            Json::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Json::Object(entries) => Self::Dict(entries.into()),
        }
    }
}

impl From<&JsonNumber> for Number {
    fn from(number: &JsonNumber) -> Self {
        match number.as_i64() {
            Some(int) => Self::Int(int),
            None => Self::Float(number.as_f64().unwrap_or_default()),
        }
    }
}

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        Self::from_json(json)
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        Self::from_json(&json)
    }
}

impl From<&Map<String, Json>> for Dict {
    fn from(entries: &Map<String, Json>) -> Self {
        entries.iter().map(|(key, value)| (Text::from(key), Value::from_json(value))).collect()
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for Dict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(flag.get()),
            Self::Int(int) => serializer.serialize_i64(*int),
            Self::Float(float) => serializer.serialize_f64(float.get()),
            Self::Text(text) => text.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
            Self::Dict(entries) => entries.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// Makes a value of whatever there is.
struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of the language")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, int: i64) -> Result<Value, E> {
        Ok(int.into())
    }

    #[allow(clippy::cast_precision_loss, reason = "an integer too large for i64 becomes a float")]
    fn visit_u64<E>(self, int: u64) -> Result<Value, E> {
        Ok(i64::try_from(int).map_or_else(|_| Value::from(int as f64), Value::Int))
    }

    fn visit_f64<E: serde::de::Error>(self, float: f64) -> Result<Value, E> {
        if float.is_finite() { Ok(float.into()) } else { Err(E::invalid_value(Unexpected::Float(float), &self)) }
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut dict = Dict::new();
        while let Some(key) = entries.next_key::<std::borrow::Cow<'_, str>>()? {
            dict.insert(key.into(), entries.next_value()?);
        }
        Ok(dict.into())
    }
}
