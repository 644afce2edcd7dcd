//! Items of lists, dicts and texts: reading, slicing, setting and deleting them (language.md section 2, L4.2).

use super::range::{self, Range};
use crate::diagnostic::{Code, Fault};
use crate::value::arithmetic::shown;
use crate::value::compare::key_text;
use crate::value::number::Number;
use crate::value::{Dict, List, Text, Value};
use crate::wording::{Message, message};

type ItemResult<T> = Result<T, Box<Fault>>;

#[cold]
fn fault(code: Code, message: Message, help: Message) -> Box<Fault> {
    Box::new(Fault::new(code, message).help(help))
}

/// The place that a key means in something with `length` items; `None` beyond the ends.
fn position(key: &Value, length: usize, what: &str) -> ItemResult<Option<usize>> {
    match key.as_number().and_then(Number::to_nearest_integer) {
        Some(index) => Ok(range::position(length, index)),
        None => Err(fault(
            Code::BadArgument,
            message!("position-not-whole", container = what, found = shown(key)),
            message!("position-not-whole-help"),
        )),
    }
}

/// A key that is longer takes time of its own, which is accounted for elsewhere.
const LONG_KEY: usize = 1024;

/// The item of a list by integer or of a dict by text, when it is there.
#[inline]
pub(crate) fn quick_index<'a>(container: &'a Value, key: &Value) -> Option<&'a Value> {
    match (container, key) {
        (Value::Dict(entries), Value::Text(key)) if key.len() <= LONG_KEY => entries.get(key),
        (Value::List(items), Value::Int(index)) => usize::try_from(*index).ok().and_then(|index| items.get(index)),
        _ => None,
    }
}

/// `container[key]`
pub(crate) fn index(container: &Value, key: &Value) -> ItemResult<Value> {
    match container {
        Value::List(items) => match position(key, items.len(), "list")? {
            Some(index) => Ok(items[index].clone()),
            None => Err(out_of_range(key, items.len(), "list")),
        },
        Value::Dict(entries) => {
            let found = match key {
                Value::Text(key) => entries.get(key),
                other => match key_text(other) {
                    Some(key) => entries.get(&key),
                    None => return Err(bad_key(key)),
                },
            };
            found.cloned().ok_or_else(|| missing_key(key, entries.keys()))
        }
        Value::Text(text) => {
            let length = text.chars().count();
            let character = position(key, length, "text")?.and_then(|index| character(text, index));
            character.ok_or_else(|| out_of_range(key, length, "text"))
        }
        Value::None => Err(fault(Code::NoValue, message!("item-of-no-value"), message!("item-of-no-value-help"))),
        other => {
            Err(fault(Code::NotIndexable, message!("value-without-items", found = shown(other)), message!("value-without-items-help")))
        }
    }
}

/// The item under a key, when there is one: of a list or a text by position, of a dict by what its keys can be.
pub(crate) fn find(container: &Value, key: &Value) -> Option<Value> {
    let index = |length: usize| range::position(length, key.as_number().and_then(Number::to_nearest_integer)?);
    match container {
        Value::List(items) => items.get(index(items.len())?).cloned(),
        Value::Dict(entries) => entries.get(&key_text(key)?).cloned(),
        Value::Text(text) => character(text, index(text.chars().count())?),
        _ => None,
    }
}

fn character(text: &Text, index: usize) -> Option<Value> {
    text.chars().nth(index).map(|character| Value::Text(character.into()))
}

/// Sets the item under a key: a list replaces or appends, a dict replaces or adds.
pub(crate) fn set(container: &mut Value, key: &Value, value: Value) -> ItemResult<()> {
    ItemPlace { container, key, moved: &mut 0 }.set(value)
}

#[cold]
fn out_of_range(key: &Value, length: usize, what: &str) -> Box<Fault> {
    let message = match length {
        0 => message!("position-in-nothing", position = key.interpolated(), container = what),
        1 => message!("position-of-one", position = key.interpolated(), container = what),
        length => message!("position-out-of-range", position = key.interpolated(), container = what, last = length - 1),
    };
    fault(Code::OutOfRange, message, message!("position-out-of-range-help"))
}

#[cold]
fn missing_key<'a>(key: &Value, keys: impl Iterator<Item = &'a Text>) -> Box<Fault> {
    let name = key.interpolated();
    let known: Vec<&str> = keys.take(1000).map(Text::as_str).collect();
    let message = message!("missing-key", key = name.chars().take(60).collect::<String>());
    match crate::diagnostic::closest(&name, known.iter().copied()) {
        Some(meant) => fault(Code::MissingKey, message, message!("did-you-mean", name = meant)),
        None => fault(Code::MissingKey, message, message!("missing-key-help")),
    }
}

#[cold]
fn bad_key(key: &Value) -> Box<Fault> {
    fault(Code::BadArgument, message!("bad-key", found = shown(key)), message!("bad-key-help"))
}

/// The key of a dict that a value is.
pub(crate) fn dict_key(key: &Value) -> ItemResult<Text> {
    key_text(key).ok_or_else(|| bad_key(key))
}

/// `container[from:to:step]`, as in Python: clamped, negative positions from the end, a negative step backwards.
pub(crate) fn slice(container: &Value, from: &Value, to: &Value, step: &Value) -> ItemResult<Value> {
    let bounds = |length| bounds(from, to, step, length);
    match container {
        Value::List(items) => Ok(slice_list(items, bounds(items.len())?).into()),
        Value::Text(text) => Ok(Value::Text(slice_text(text, bounds(text.chars().count())?))),
        Value::None => Err(fault(Code::NoValue, message!("slice-of-no-value"), message!("slice-of-no-value-help"))),
        other => {
            Err(fault(Code::NotIndexable, message!("value-without-parts", found = shown(other)), message!("value-without-parts-help")))
        }
    }
}

/// The items at the positions of a slice.
pub(crate) fn slice_list(items: &List, range: Range) -> List {
    if let Some(run) = range.run() {
        return items.get(run).unwrap_or_default().iter().cloned().collect();
    }
    range.filter_map(|at| items.get(usize::try_from(at).ok()?).cloned()).collect()
}

/// The characters at the positions of a slice.
pub(crate) fn slice_text(text: &Text, range: Range) -> Text {
    let Some(run) = range.run() else {
        let characters: Vec<char> = text.chars().collect();
        let taken: String = range.filter_map(|at| characters.get(usize::try_from(at).ok()?)).collect();
        return taken.into();
    };
    if text.is_ascii() {
        return text.get(run).unwrap_or_default().into();
    }
    let rest = text.get(byte_of(text, run.start)..).unwrap_or_default();
    rest.get(..byte_of(rest, run.len())).unwrap_or_default().into()
}

/// Where a character begins.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte)
}

fn bounds(from: &Value, to: &Value, step: &Value, length: usize) -> ItemResult<Range> {
    let bound = |value: &Value| -> ItemResult<Option<i64>> {
        if matches!(value, Value::None) {
            return Ok(None);
        }
        match value.as_number().and_then(Number::to_nearest_integer) {
            Some(bound) => Ok(Some(bound)),
            None => Err(fault(
                Code::BadArgument,
                message!("slice-bound-not-whole", found = shown(value)),
                message!("slice-bound-not-whole-help"),
            )),
        }
    };
    let range = Range::of_slice(length, bound(from)?, bound(to)?, bound(step)?.unwrap_or(1));
    range.ok_or_else(|| fault(Code::BadArgument, message!("slice-step-zero"), message!("slice-step-zero-help")))
}

/// Changes the item under the last of some keys, and counts the bytes that had to be copied or moved for it.
pub(crate) fn change(
    container: &mut Value,
    keys: &[Value],
    moved: &mut u64,
    put: &mut dyn FnMut(ItemPlace<'_>) -> ItemResult<()>,
) -> ItemResult<()> {
    let [key, rest @ ..] = keys else { return Ok(()) };
    *moved += key.size() + copied(container);
    if rest.is_empty() {
        return put(ItemPlace { container, key, moved });
    }
    let (before, after) = {
        let inner = inner_mut(container, key)?;
        let before = inner.extent();
        change(inner, rest, moved, put)?;
        (before, inner.extent())
    };
    container.changed(before, after);
    Ok(())
}

/// Whether there is something in which the item under the last of some keys could be; true also where that is an error.
pub(crate) fn may_hold(container: &Value, keys: &[Value]) -> bool {
    let [key, rest @ ..] = keys else { return true };
    if rest.is_empty() {
        return true;
    }
    let inner = match container {
        Value::List(items) => match position(key, items.len(), "list") {
            Ok(index) => index.and_then(|index| items.get(index)),
            Err(_) => return true,
        },
        Value::Dict(entries) => match key_text(key) {
            Some(key) => entries.get(&key),
            None => return true,
        },
        _ => return true,
    };
    inner.is_some_and(|inner| may_hold(inner, rest))
}

/// How many bytes are copied when a list or dict is changed: none when nobody else holds it.
fn copied(container: &Value) -> u64 {
    match container {
        Value::List(items) if items.is_shared() => bytes_of(items.len()),
        Value::Dict(entries) if entries.is_shared() => bytes_of(2 * entries.len()),
        _ => 0,
    }
}

fn bytes_of(values: usize) -> u64 {
    (values as u64).saturating_mul(size_of::<Value>() as u64)
}

/// The place of an item.
pub(crate) struct ItemPlace<'a> {
    pub container: &'a mut Value,
    pub key: &'a Value,
    moved: &'a mut u64,
}

fn inner_mut<'a>(container: &'a mut Value, key: &Value) -> ItemResult<&'a mut Value> {
    match container {
        Value::List(items) => {
            let length = items.len();
            let index = position(key, length, "list")?;
            index.and_then(|index| items.get_mut(index)).ok_or_else(|| out_of_range(key, length, "list"))
        }
        Value::Dict(entries) => {
            let text = dict_key(key)?;
            if entries.get(&text).is_none() {
                return Err(missing_key(key, entries.keys()));
            }
            entries.get_mut(&text).ok_or_else(|| bad_key(key))
        }
        other => Err(not_assignable(other)),
    }
}

impl ItemPlace<'_> {
    /// Sets the item: a list replaces or appends, a dict replaces or adds.
    pub(crate) fn set(self, value: Value) -> ItemResult<()> {
        match self.container {
            Value::List(items) => {
                let length = items.len();
                let index = match position(self.key, length, "list")? {
                    Some(index) => index,
                    None if self.key.as_number().and_then(Number::to_nearest_integer) == i64::try_from(length).ok() => length,
                    None => return Err(beyond_end(self.key, length)),
                };
                items.set(index, value).map_err(|_| beyond_end(self.key, length))
            }
            Value::Dict(entries) => {
                entries.insert(dict_key(self.key)?, value);
                Ok(())
            }
            other => Err(not_assignable(other)),
        }
    }

    /// Deletes the item; nothing happens when it is not there.
    pub(crate) fn delete(self) -> ItemResult<()> {
        match self.container {
            Value::List(items) => {
                if let Some(index) = position(self.key, items.len(), "list")? {
                    *self.moved += bytes_of(items.len() - index);
                    items.remove(index);
                }
                Ok(())
            }
            Value::Dict(entries) => {
                *self.moved += bytes_of(2 * entries.len());
                entries.remove(&dict_key(self.key)?);
                Ok(())
            }
            other => Err(not_assignable(other)),
        }
    }
}

#[cold]
fn beyond_end(key: &Value, length: usize) -> Box<Fault> {
    fault(
        Code::OutOfRange,
        message!("position-past-the-end", position = key.interpolated(), length = length),
        message!("position-past-the-end-help"),
    )
}

#[cold]
fn not_assignable(container: &Value) -> Box<Fault> {
    match container {
        Value::Text(_) => fault(Code::TextAssignment, message!("item-of-text-set"), message!("item-of-text-set-help")),
        Value::None => fault(Code::UnsetContainer, message!("item-of-nothing-set"), message!("item-of-nothing-set-help")),
        other => fault(
            Code::NotIndexable,
            message!("value-without-settable-items", found = shown(other)),
            message!("value-without-settable-items-help"),
        ),
    }
}

/// What a `for` walks over, fixed when the loop starts.
pub(crate) enum Walk {
    List(List, usize),
    Dict(Dict, usize),
    Text(Text, usize),
}

impl Walk {
    /// What is to be walked.
    pub(crate) fn over(value: Value) -> ItemResult<Self> {
        Ok(match value {
            Value::List(items) => Self::List(items, 0),
            Value::Dict(entries) => Self::Dict(entries, 0),
            Value::Text(text) => Self::Text(text, 0),
            Value::None => {
                return Err(fault(Code::NoValue, message!("loop-over-no-value"), message!("loop-over-no-value-help")));
            }
            other => {
                return Err(fault(Code::NotIterable, message!("not-iterable", found = shown(&other)), message!("not-iterable-help")));
            }
        })
    }

    /// The next item: an item of a list, a character of a text, a key of a dict.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Value> {
        match self {
            Self::List(items, at) => {
                let item = items.get(*at).cloned()?;
                *at += 1;
                Some(item)
            }
            Self::Dict(entries, at) => {
                let (key, _) = entries.get_index(*at)?;
                *at += 1;
                Some(Value::Text(key.clone()))
            }
            Self::Text(text, at) => {
                let character = text[*at..].chars().next()?;
                *at += character.len_utf8();
                Some(Value::Text(character.into()))
            }
        }
    }

    /// The next two: key and value of a dict, the halves of a pair in a list.
    #[inline]
    pub(crate) fn next_pair(&mut self) -> ItemResult<Option<(Value, Value)>> {
        if let Self::Dict(entries, at) = self {
            let pair = entries.get_index(*at).map(|(key, value)| (Value::Text(key.clone()), value.clone()));
            *at += 1;
            return Ok(pair);
        }
        let Some(item) = self.next() else { return Ok(None) };
        match item.as_list() {
            Some(pair) if pair.len() == 2 => Ok(Some((pair[0].clone(), pair[1].clone()))),
            _ => Err(fault(Code::BadPair, message!("bad-pair", found = shown(&item)), message!("bad-pair-help"))),
        }
    }
}
