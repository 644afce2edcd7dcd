//! The text form of values (language.md section 5), and text that is the form of a list or a dict.

use std::borrow::Cow;

use super::{Dict, List, Text, Truth, Value};
use crate::value::json;

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
    pub fn write_interpolated(&self, out: &mut String) {
        if !matches!(self, Self::None) {
            self.write_text(out);
        }
    }

    /// The text form, `None` as empty text; borrowed when it is text already.
    #[must_use]
    pub fn interpolated(&self) -> Cow<'_, str> {
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
    pub fn to_interpolated(&self) -> Text {
        match self {
            Self::Text(text) => text.clone(),
            Self::Int(int) => Text::from(*int),
            other => Text::from(other.interpolated()),
        }
    }

    /// About how many bytes the text form takes; `None` when more than `most`, found without writing it.
    #[must_use]
    pub fn text_size(&self, most: usize) -> Option<usize> {
        // What an item of a list or an entry of a dict takes besides its own text: quotes, a colon, a comma, spaces.
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

    /// The list that this value is or whose JSON text it is.
    #[must_use]
    pub fn as_list(&self) -> Option<List> {
        match self {
            Self::List(list) => Some(list.clone()),
            Self::Text(text) if text.trim_start().starts_with('[') => match json::parse(text) {
                Ok(Self::List(list)) => Some(list),
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
            Self::Text(text) if text.trim_start().starts_with('{') => match json::parse(text) {
                Ok(Self::Dict(dict)) => Some(dict),
                _ => None,
            },
            _ => None,
        }
    }
}
