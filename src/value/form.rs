//! The text form of values (language.md section 5) and their way to JSON and back.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Dict, List, Text, Truth, Value};
use crate::value::json::write_string;
use crate::value::number::write_float;

impl Value {
    /// Appends the text form; `None` as `None`.
    pub fn write_text(&self, out: &mut String) {
        match self {
            Self::None => out.push_str("None"),
            Self::Bool(Truth::True) => out.push_str("True"),
            Self::Bool(Truth::False) => out.push_str("False"),
            Self::Text(text) => out.push_str(text),
            other => other.write_json(out),
        }
    }

    /// Appends the text form; `None` as empty text, as inside `#{}` and where texts are joined.
    pub fn write_filling(&self, out: &mut String) {
        if !matches!(self, Self::None) {
            self.write_text(out);
        }
    }

    /// The text form, `None` as empty text; borrowed when it is text already.
    #[must_use]
    pub fn filling(&self) -> Cow<'_, str> {
        match self {
            Self::None => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            other => {
                let mut out = String::with_capacity(24);
                other.write_text(&mut out);
                Cow::Owned(out)
            }
        }
    }

    /// The text form as a [`Text`], `None` as empty text.
    #[must_use]
    pub fn to_filling(&self) -> Text {
        match self {
            Self::Text(text) => text.clone(),
            Self::Int(int) => Text::from(*int),
            other => Text::from(other.filling()),
        }
    }

    /// Appends the JSON form with `, ` and `: `.
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

    /// About how many bytes the text form takes; `None` when more than `most`, found without writing it.
    #[must_use]
    pub fn text_size(&self, most: usize) -> Option<usize> {
        // What an item of a list or an entry of a dict takes besides its own text: quotes, a colon, a comma, blanks.
        let with = |size: usize, own: usize, item: &Self| {
            let size = size + own;
            Some(size + item.text_size(most.checked_sub(size)?)?)
        };
        let size = match self {
            Self::None | Self::Bool(_) => 5,
            Self::Int(_) | Self::Float(_) => 24,
            Self::Text(text) => text.len() + 4,
            Self::List(items) => items.iter().try_fold(2, |size, item| with(size, 2, item))?,
            Self::Dict(entries) => entries.iter().try_fold(2, |size, (key, item)| with(size, key.len() + 6, item))?,
        };
        (size <= most).then_some(size)
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
            Json::Number(number) => match number.as_i64() {
                Some(int) => Self::Int(int),
                None => Self::from(number.as_f64().unwrap_or_default()),
            },
            Json::String(text) => Self::text(text),
            Json::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Json::Object(entries) => Self::Dict(entries.iter().map(|(key, value)| (Text::from(key), Self::from_json(value))).collect()),
        }
    }

    /// The list that this value is or whose JSON text it is.
    #[must_use]
    pub fn as_list(&self) -> Option<List> {
        match self {
            Self::List(list) => Some(list.clone()),
            Self::Text(text) if text.trim_start().starts_with('[') => match parse_json(text)? {
                Self::List(list) => Some(list),
                _ => None,
            },
            _ => None,
        }
    }

    /// The dict that this value is or whose JSON text it is.
    #[must_use]
    pub fn as_dict(&self) -> Option<Dict> {
        match self {
            Self::Dict(dict) => Some(dict.clone()),
            Self::Text(text) if text.trim_start().starts_with('{') => match parse_json(text)? {
                Self::Dict(dict) => Some(dict),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The value that a JSON text stands for.
#[must_use]
pub fn parse_json(text: &str) -> Option<Value> {
    serde_json::from_str::<Json>(text).ok().map(|json| Value::from_json(&json)).filter(|value| value.depth() <= super::MAX_DEPTH)
}
