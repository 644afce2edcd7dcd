//! What Python has and everybody expects (builtins.md, "From Python").

use super::{not_too_deep, text_of};
use crate::builtins;
use crate::diagnostic::{Code, Fault};
use crate::function::{CallError, CallResult, Context, Items, Kind, Optional, Rest, Whole};
use crate::value::arithmetic::{add, shown};
use crate::value::compare::key_text;
use crate::value::json::{self, JsonError};
use crate::value::operators::range::Range;
use crate::value::{Dict, List, MAX_DEPTH, Text, Value};
use crate::wording::message;

builtins! {
    /// Types, loops, JSON and printing.
    pub static PYTHON: General "python" = {
        /// The text form of a value.
        ///
        /// ```calc
        /// str(10 / 2) + " шт." # => 5 шт.
        /// ```
        ours fn str(context, x: Value => "any value") -> Text {
            if matches!(x, Value::None) {
                return Ok(Text::from("None"));
            }
            context.check_memory_for_text(&x)?;
            Ok(x.to_interpolated())
        }

        /// Whether a value counts as true: `None`, `False`, 0, empty text, an empty list and an empty dict do not.
        ///
        /// ```calc
        /// bool([]) # => False
        /// ```
        ours fn bool(context, x: Value => "any value") -> bool {
            Ok(x.is_true())
        }

        /// The name of a value's type: `None`, `bool`, `int`, `float`, `str`, `list` or `dict`.
        ///
        /// ```calc
        /// type("5") # => str
        /// ```
        ours fn r#type(context, x: Value => "any value") -> Text {
            Ok(Text::from(x.type_name()))
        }

        /// A list of whole numbers: from 0 up to `a`, or from `a` up to `b`, without the last one.
        ///
        /// ```calc
        /// range(2, 11, 3) # => [2, 5, 8]
        /// ```
        ours_counting fn range(
            context, a: Whole => "the end, or with `b` the beginning", b: Option<Whole> = "None" => "the end",
            step: Option<Whole> = "1" => "how far it is from one number to the next",
        ) -> Vec<Value> {
            let (start, end) = b.map_or((0, a.0), |b| (a.0, b.0));
            let Some(range) = Range::new(start, end, step.map_or(1, |step| step.0)) else {
                return Err(CallError::argument("step", message!("range-step-zero")));
            };
            context.check_memory(range.len().saturating_mul(size_of::<Value>()))?;
            Ok(range.map(Value::Int).collect())
        }

        /// A list of the items of a list, the characters of a text or the keys of a dict.
        ///
        /// The JSON text of a list or a dict counts as that.
        ///
        /// ```calc
        /// list("кот") # => ["к", "о", "т"]
        /// ```
        ours fn list(context, x: Optional = "no items" => "a list, a text or a dict") -> Vec<Value> {
            if x.0.is_none_or_empty() { Ok(Vec::new()) } else { items_of(context, x.0) }
        }

        /// A dict of pairs of key and value.
        ///
        /// ```calc
        /// dict([["a", 1], ["b", 2]]) # => {"a": 1, "b": 2}
        /// ```
        ours fn dict(context, pairs: Optional = "no entries" => "a list of pairs, or a dict") -> Value {
            let pairs = match pairs.0 {
                Value::None => return Ok(Dict::new().into()),
                given => given,
            };
            if let Some(dict) = pairs.as_dict() {
                return Ok(dict.into());
            }
            let Some(list) = pairs.as_list() else {
                return Err(CallError::argument("pairs", message!("pairs-expected", found = shown(&pairs))));
            };
            let mut dict = Dict::new();
            for pair in list.iter() {
                let entry = pair.as_list().and_then(|pair| Some((key_text(pair.first()?)?, pair.get(1)?.clone(), pair.len())));
                let Some((key, value, 2)) = entry else {
                    return Err(CallError::argument("pairs", message!("pair-expected", found = shown(pair))));
                };
                context.work(key.len() as u64)?;
                dict.insert(key, value);
            }
            not_too_deep(dict)
        }

        /// The items of a list from the last to the first; likewise the characters of a text and the keys of a dict.
        ///
        /// ```calc
        /// reversed([1, 2, 3]) # => [3, 2, 1]
        /// ```
        ours fn reversed(context, x: Value => "a list, a text or a dict") -> Vec<Value> {
            let mut items = items_of(context, x)?;
            items.reverse();
            Ok(items)
        }

        /// The items of a list, each in a pair with its number.
        ///
        /// ```calc
        /// enumerate(["a", "b"], 1) # => [[1, "a"], [2, "b"]]
        /// ```
        ours fn enumerate(context, list: Items => "the list, or a dict for its keys", start: Option<Whole> = "0" => "the first number") -> Value {
            let items = elements(list);
            context.check_memory(items.len().saturating_mul(PER_PAIR))?;
            let start = start.map_or(0, |start| start.0);
            let number = |index: usize| i64::try_from(index).ok().and_then(|index| start.checked_add(index)).map(Value::Int);
            let pairs: Option<Vec<Value>> =
                items.into_iter().enumerate().map(|(index, item)| Some(Value::from(vec![number(index)?, item]))).collect();
            match pairs {
                Some(pairs) => not_too_deep(pairs),
                None => Err(CallError::argument("start", message!("numbers-too-large", start = start))),
            }
        }

        /// The items of several lists side by side, as long as the shortest has some.
        ///
        /// ```calc
        /// zip(["a", "b"], [1, 2]) # => [["a", 1], ["b", 2]]
        /// ```
        ours fn zip(context, lists: Rest => "the lists") -> Value {
            let mut columns = Vec::new();
            for (number, value) in lists.0.into_iter().enumerate() {
                let Some(list) = value.as_list() else {
                    return Err(CallError::argument_of_rest(number, message!("argument-expected", expected = Kind::List.described(), found = shown(&value))));
                };
                columns.push(list);
            }
            let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
            context.check_memory(rows.saturating_mul(64 + columns.len().saturating_mul(size_of::<Value>())))?;
            let row = |index: usize| columns.iter().filter_map(|column| column.get(index).cloned()).collect();
            not_too_deep((0..rows).map(row).collect::<Vec<Value>>())
        }

        /// The entries of a dict, each as a pair of key and value.
        ///
        /// ```calc
        /// items({"a": 1}) # => [["a", 1]]
        /// ```
        ours fn items(context, dict: Dict => "the dict") -> Value {
            context.check_memory(dict.len().saturating_mul(PER_PAIR))?;
            not_too_deep(dict.iter().map(|(key, value)| vec![Value::from(key.clone()), value.clone()].into()).collect::<Vec<Value>>())
        }

        /// The keys of a dict.
        ///
        /// ```calc
        /// keys({"a": 1, "b": 2}) # => ["a", "b"]
        /// ```
        ours fn keys(context, dict: Dict => "the dict") -> Vec<Value> {
            Ok(dict.keys().cloned().map(Value::from).collect())
        }

        /// The values of a dict.
        ///
        /// ```calc
        /// values({"a": 1, "b": 2}) # => [1, 2]
        /// ```
        ours fn values(context, dict: Dict => "the dict") -> Vec<Value> {
            Ok(dict.values().cloned().collect())
        }

        /// Whether at least one item counts as true.
        ///
        /// ```calc
        /// any([0, "", "x"]) # => True
        /// ```
        ours fn any(context, list: Items => "the list, or a dict for its keys") -> bool {
            Ok(elements(list).iter().any(Value::is_true))
        }

        /// Whether all items count as true.
        ///
        /// ```calc
        /// all([1, "x", 0]) # => False
        /// ```
        ours fn all(context, list: Items => "the list, or a dict for its keys") -> bool {
            Ok(elements(list).iter().all(Value::is_true))
        }

        /// The sum of the numbers of a list.
        ///
        /// An item that is not a number is an error; `sum_array` returns a text then.
        ///
        /// ```calc
        /// sum([1, "2", 3]) # => 6
        /// ```
        ours fn sum(context, list: List => "the numbers") -> Value {
            let mut sum = Value::Int(0);
            for (index, item) in list.iter().enumerate() {
                let Some(number) = item.as_number() else {
                    return Err(CallError::argument("list", message!("item-not-a-number", position = index, found = shown(item))));
                };
                sum = add(&sum, &number.into())?;
            }
            Ok(sum)
        }

        /// The text forms of the items of a list with a separator between them.
        ///
        /// ```calc
        /// join(["Шорты", "Носки"], ", ") # => Шорты, Носки
        /// ```
        ours fn join(context, list: List => "the list", sep: Text => "what comes between the items") -> String {
            context.check_memory(sep.len().saturating_mul(list.len()))?;
            let mut joined = String::new();
            for (index, item) in list.iter().enumerate() {
                let text = text_of(context, item)?;
                context.check_memory(joined.len() + sep.len() + text.len())?;
                if index > 0 {
                    joined.push_str(&sep);
                }
                joined.push_str(&text);
            }
            Ok(joined)
        }

        /// The value that a JSON text stands for.
        ///
        /// A list or a dict is given back as it is.
        ///
        /// ```calc
        /// json('{"price": 150, "sizes": [42, 44]}') # => {"price": 150, "sizes": [42, 44]}
        /// ```
        ours fn json(context, text: Value => "the JSON text") -> Value {
            match text {
                Value::List(_) | Value::Dict(_) => Ok(text),
                other => {
                    let text = other.interpolated();
                    let things = text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
                    context.check_memory(things.saturating_mul(PER_PAIR) + text.len())?;
                    read_json(&text, "text")
                }
            }
        }

        /// A value as JSON text.
        ///
        /// Text gets its quotes, `None` becomes `null`, `True` becomes `true`.
        ///
        /// ```calc
        /// to_json(["да", None]) # => ["да", null]
        /// ```
        ours fn to_json(context, x: Value => "any value") -> String {
            context.check_memory_for_text(&x)?;
            Ok(x.json_form())
        }

        /// Prints the text forms of its arguments, with blanks between them, on one line.
        ///
        /// ```calc
        /// print("Итого:", 150)
        /// ```
        ours_acting fn print(context, values: Rest => "what is printed") -> Value {
            let mut line = String::new();
            for (index, value) in values.0.iter().enumerate() {
                if index > 0 {
                    line.push(' ');
                }
                line.push_str(&text_of(context, value)?);
                if line.len() > context.limits().output {
                    break;
                }
            }
            line.push('\n');
            context.print(&line)?;
            Ok(Value::None)
        }
    }
}

/// What a list of two items costs.
const PER_PAIR: usize = 96;

/// What a loop would walk; the JSON text of a list or a dict counts as that.
fn items_of(context: &Context<'_>, value: Value) -> CallResult<Vec<Value>> {
    Ok(match (value.as_list(), value.as_dict(), value) {
        (Some(list), ..) => list.into_items(),
        (_, Some(dict), _) => dict.keys().cloned().map(Value::from).collect(),
        (.., Value::Text(text)) => {
            context.check_memory(text.len().saturating_mul(size_of::<Value>()))?;
            text.chars().map(|character| Value::Text(character.into())).collect()
        }
        (.., Value::None) => {
            let fault = Fault::new(Code::NoValue, message!("argument-missing", expected = Kind::Sequence.described()));
            return Err(Box::new(CallError::Argument { parameter: "x", fault }));
        }
        (.., other) => {
            let problem = message!("argument-expected", expected = Kind::Sequence.described(), found = shown(&other));
            return Err(CallError::argument("x", problem));
        }
    })
}

/// The items of a list, or the keys of a dict.
fn elements(items: Items) -> Vec<Value> {
    match items {
        Items::List(list) => list.into_items(),
        Items::Dict(dict) => dict.keys().cloned().map(Value::from).collect(),
    }
}

/// The value of a JSON text, which is the argument for this parameter.
pub(super) fn read_json(text: &str, parameter: &'static str) -> CallResult<Value> {
    match json::parse(text) {
        Ok(value) => Ok(value),
        Err(JsonError::TooDeep) => Err(CallError::argument(parameter, message!("json-too-deep", limit = MAX_DEPTH))),
        Err(JsonError::Syntax(error)) => {
            let place = if error.line() > 1 {
                message!("json-line-and-column", line = error.line(), column = error.column())
            } else {
                message!("json-character", character = character(text, error.column()))
            };
            let found = shown(&Value::from(text));
            Err(CallError::argument(parameter, message!("json-expected", found = found, place = place)))
        }
    }
}

/// The number of the character that the byte with this number, counted from 1, belongs to.
fn character(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(offset, _)| *offset < byte).count()
}
