//! Dicts, and reading and changing any container by key (builtins.md, "Dicts").

use std::borrow::Cow;

use super::{not_too_deep, slice_range, text_of};
use crate::builtins;
use crate::function::{CallError, Items, Optional, Whole};
use crate::value::compare::key_text;
use crate::value::operators::item;
use crate::value::{Dict, List, Text, Value};

builtins! {
    /// Dicts: keys, values, looking up, changing.
    pub static DICTS: General "dicts" = {
        /// The keys of a dict.
        ///
        /// ```calc
        /// dict_keys_to_array({"a": 1, "b": 2}) # => ["a", "b"]
        /// ```
        vendor fn dict_keys_to_array(context, dict: Dict => "the dict") -> Vec<Value> {
            Ok(dict.keys().cloned().map(Value::from).collect())
        }

        /// The values of a dict.
        ///
        /// ```calc
        /// dict_values_to_array({"a": 1, "b": 2}) # => [1, 2]
        /// ```
        vendor fn dict_values_to_array(context, dict: Dict => "the dict") -> Vec<Value> {
            Ok(dict.values().cloned().collect())
        }

        /// What the dicts of a list have under one key.
        ///
        /// Dicts that do not have the key are left out.
        ///
        /// ```calc
        /// get_values_by_key([{"name": "Кепка", "price": 50}, {"name": "Носки"}], "name") # => ["Кепка", "Носки"]
        /// ```
        vendor fn get_values_by_key(context, list_of_dicts: List => "the list of dicts", key: Text => "the key") -> Vec<Value> {
            let mut found = Vec::new();
            for item in list_of_dicts.iter() {
                match item {
                    Value::Dict(dict) => found.extend(dict.get(&key).cloned()),
                    other => found.extend(other.as_dict().and_then(|dict| dict.get(&key).cloned())),
                }
            }
            Ok(found)
        }

        /// Whether a dict has a key.
        ///
        /// ```calc
        /// exist_key({"1": "a"}, 1) # => True
        /// ```
        vendor fn exist_key(context, d: Dict => "the dict", k: Value => "the key") -> bool {
            Ok(key_text(&k).is_some_and(|key| d.get(&key).is_some()))
        }

        /// The position of a key in a dict; -1 when it is not there.
        ///
        /// ```calc
        /// key_index({"a": 1, "b": 2}, "b") # => 1
        /// ```
        vendor fn key_index(context, d: Dict => "the dict", k: Value => "the key") -> i64 {
            let at = key_text(&k).and_then(|key| d.index_of(&key));
            Ok(at.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1))
        }

        /// A dict as text, one entry a line.
        ///
        /// ```calc
        /// humanize({"id": 5, "Имя": "Анна", "Город": "Москва"}, " - ", 1, 2) # => Имя - Анна
        /// ```
        vendor fn humanize(
            context, d: Dict => "the dict", delimiter: Optional = "': '" => "the text between key and value, which may be empty",
            from: Option<Whole> = "0" => "the first entry", to: Option<Whole> = "the end" => "the entry after the last one",
        ) -> String {
            let shown = slice_range(d.len(), from, to);
            let (start, end) = (shown.start(), shown.start() + shown.len());
            let delimiter = if matches!(delimiter.0, Value::None) { Cow::Borrowed(": ") } else { text_of(context, &delimiter.0)? };
            let mut text = String::new();
            for (index, (key, value)) in d.iter().enumerate().take(end).skip(start) {
                let value = text_of(context, value)?;
                context.check_memory(text.len() + key.len() + delimiter.len() + value.len())?;
                if index > start {
                    text.push('\n');
                }
                text.push_str(key);
                text.push_str(&delimiter);
                text.push_str(&value);
            }
            Ok(text)
        }

        /// An item of a list, a value of a dict or a character of a text; never an error.
        ///
        /// Negative positions count from the end. Text that is the JSON text of a list or a dict counts as that.
        ///
        /// ```calc
        /// get({"price": 150}, "discount", 0) # => 0
        /// ```
        vendor fn get(
            context, x: Value => "a list, a dict or a text", key: Value => "the position or the key",
            default: Optional = "None" => "what is given when it is not there",
        ) -> Value {
            let found = item::find(&container(x), &key);
            Ok(found.unwrap_or(default.0))
        }

        /// A copy of a list or a dict with one item replaced or added.
        ///
        /// A list takes a new item only at its end.
        ///
        /// ```calc
        /// set({"a": 1}, "b", 2) # => {"a": 1, "b": 2}
        /// ```
        vendor fn set(
            context, x: Items => "the list or the dict", key: Value => "the position or the key", value: Value => "the new value",
        ) -> Value {
            let mut changed = match x {
                Items::Dict(dict) => Value::from(dict),
                Items::List(list) => Value::from(list),
            };
            item::set(&mut changed, &key, value).map_err(|fault| CallError::Argument { parameter: "key", fault: *fault })?;
            not_too_deep(changed)
        }
    }
}

/// The list or dict whose JSON text a text is; any other value as it is.
fn container(value: Value) -> Value {
    match (value.as_list(), value.as_dict()) {
        (Some(list), _) => list.into(),
        (_, Some(dict)) => dict.into(),
        _ => value,
    }
}
