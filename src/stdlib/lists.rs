//! Lists (builtins.md, "Lists"). No function changes its argument; one that nobody else holds is reused.

use super::ordering::sort_by_value;
use super::seen::Seen;
use super::{not_too_deep, slice_range, text_of};
use crate::builtins;
use crate::function::{CallError, CallResult, Context, Flag, Items, Optional, Role, Whole};
use crate::value::arithmetic::{add, shown};
use crate::value::number::Number;
use crate::value::operators::item::slice_list;
use crate::value::operators::range::position;
use crate::value::{Dict, List, Text, Value};
use crate::wording::message;
use unicode_normalization::UnicodeNormalization as _;

builtins! {
    /// Lists: looking, adding, removing, sorting.
    pub static LISTS: General "lists" = {
        /// How many items a list or a dict has.
        ///
        /// 0 without an argument, -1 for anything that is neither a list nor a dict.
        ///
        /// ```calc
        /// arr_len(["a", "b"]) # => 2
        /// ```
        vendor fn arr_len(context, x: Optional = "None" => "a list or a dict") -> i64 {
            let count = match &x.0 {
                Value::None => return Ok(0),
                Value::List(items) => items.len(),
                Value::Dict(entries) => entries.len(),
                other => match (other.as_list(), other.as_dict()) {
                    (Some(items), _) => items.len(),
                    (_, Some(entries)) => entries.len(),
                    _ => return Ok(-1),
                },
            };
            Ok(i64::try_from(count).unwrap_or(i64::MAX))
        }

        /// Whether a value is in a list.
        ///
        /// ```calc
        /// in_array(["Вася", "Петя"], "Аня") # => False
        /// ```
        vendor fn in_array(context, list: List => "the list", v: Value => "what is looked for") -> bool {
            Ok(first_equal(context, &list, &v)?.is_some())
        }

        /// A list with one more item at its end.
        ///
        /// ```calc
        /// append([1, 2], 3) # => [1, 2, 3]
        /// ```
        vendor fn append(
            context, list: List => "the list", v: Value => "the item", json: Option<Flag> = "False" => "whether the item is the JSON text of a value",
        ) -> Value {
            let mut list = list;
            list.push(item(v, json)?);
            not_too_deep(list)
        }

        /// A list with one more item before some position.
        ///
        /// A negative position counts from the end; one outside the list means its beginning or its end.
        ///
        /// ```calc
        /// insert(["a", "c"], 1, "b") # => ["a", "b", "c"]
        /// ```
        vendor fn insert(
            context, list: List => "the list", i | index: Whole => "the position", v: Value => "the item",
            json: Option<Flag> = "False" => "whether the item is the JSON text of a value",
        ) -> Value {
            let mut list = list;
            let item = item(v, json)?;
            let at = slice_range(list.len(), Some(i), None).start();
            if at == list.len() {
                list.push(item);
            } else {
                list.edit(|items| items.insert(at, item));
            }
            not_too_deep(list)
        }

        /// A list without the item at some position, or a dict without some key.
        ///
        /// What is not there is not missed: the result is then the same as the argument.
        ///
        /// ```calc
        /// del(["1", 2, 3], 0) # => [2, 3]
        /// ```
        vendor fn del(context, x: Items => "the list or the dict", key: Value => "the position or the key") -> Value {
            Ok(match x {
                Items::List(mut list) => {
                    let index = key.as_number().and_then(Number::to_integer);
                    if let Some(at) = index.and_then(|index| position(list.len(), index)) {
                        list.remove(at);
                    }
                    list.into()
                }
                Items::Dict(mut dict) => {
                    if !matches!(key, Value::None) {
                        dict.remove(&Text::from(text_of(context, &key)?));
                    }
                    dict.into()
                }
            })
        }

        /// A list without the first item that is equal to a value.
        ///
        /// ```calc
        /// remove([1, 2, 1], 1) # => [2, 1]
        /// ```
        vendor fn remove(context, list: List => "the list", v: Value => "the item that goes") -> List {
            let mut list = list;
            if let Some(at) = first_equal(context, &list, &v)? {
                list.remove(at);
            }
            Ok(list)
        }

        /// The position of a value in a list; -1 when it is not there.
        ///
        /// ```calc
        /// index(["a", "b"], "b") # => 1
        /// ```
        vendor fn index(context, list: List => "the list", v: Value => "what is looked for") -> i64 {
            let at = first_equal(context, &list, &v)?;
            Ok(at.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1))
        }

        /// How many times a value is in a list.
        ///
        /// ```calc
        /// count_occurrences([1, 2, "1"], 1) # => 2
        /// ```
        vendor fn count_occurrences(context, list: List => "the list", v: Value => "what is counted") -> usize {
            let mut count = 0;
            for item in list.iter() {
                context.work(LOOK + item.size())?;
                count += usize::from(item.equals(&v));
            }
            Ok(count)
        }

        /// The items of one list that are not in another, in the order of the first.
        ///
        /// ```calc
        /// except_arr([1, 2, 3], [2, 3]) # => [1]
        /// ```
        vendor fn except_arr(context, a: List => "the list that items are taken from", b: List => "the items that are left out") -> List {
            kept(context, &a, &b, false)
        }

        /// The items of one list that are in another too, in the order of the first.
        ///
        /// ```calc
        /// cross_arr([1, 2, 3], [3, 2]) # => [2, 3]
        /// ```
        vendor fn cross_arr(context, a: List => "the list that items are taken from", b: List => "the items that may stay") -> List {
            kept(context, &a, &b, true)
        }

        /// The sum of the numbers of a list.
        ///
        /// With an item that is not a number the result is the text `array has unsupported elements`.
        ///
        /// ```calc
        /// sum_array([1, "2", 3.5]) # => 6.5
        /// ```
        vendor fn sum_array(context, list: List => "the list") -> Value {
            let mut sum = Value::Int(0);
            for item in list.iter() {
                let Some(number) = item.as_number() else {
                    return Ok(Value::from("array has unsupported elements"));
                };
                sum = add(&sum, &number.into())?;
            }
            Ok(sum)
        }

        /// A list in order of its items, or a dict in order of its keys.
        ///
        /// Dates are sorted as dates and times as times when there is nothing else; otherwise numbers come first, then
        /// texts, then everything else as it stood.
        ///
        /// ```calc
        /// sort(["12.01.2024", "3.02.2024", "1.01.2024"], True) # => ["3.02.2024", "12.01.2024", "1.01.2024"]
        /// ```
        vendor fn sort | sorted(context, x: Items => "the list or the dict", descending: Option<Flag> = "False" => "whether the largest comes first") -> Value {
            let descending = is_set(descending);
            Ok(match x {
                Items::List(list) => {
                    room_to_sort(context, list.len())?;
                    sort_by_value(list.into_items(), |item| item, descending).into()
                }
                Items::Dict(dict) => {
                    room_to_sort(context, dict.len())?;
                    let entries = dict.iter().map(|(key, value)| (Value::from(key.clone()), value.clone())).collect();
                    to_dict(sort_by_value(entries, |(key, _)| key, descending)).into()
                }
            })
        }

        /// A dict in order of its values.
        ///
        /// ```calc
        /// sort_by_value({"a": 3, "b": 1}) # => {"b": 1, "a": 3}
        /// ```
        vendor fn sort_by_value(context, dict: Dict => "the dict", descending: Option<Flag> = "False" => "whether the largest comes first") -> Dict {
            room_to_sort(context, dict.len())?;
            let entries = dict.iter().map(|(key, value)| (Value::from(key.clone()), value.clone())).collect();
            Ok(to_dict(sort_by_value(entries, |(_, value)| value, is_set(descending))))
        }

        /// A list in random order.
        ///
        /// ```calc
        /// shuffle_massive([1, 2, 3])
        /// ```
        vendor fn shuffle_massive(context, list: List => "the list") -> List {
            let mut items = list.into_items();
            context.random().shuffle(&mut items);
            Ok(items.into())
        }

        /// One item of a list, chosen at random.
        ///
        /// ```calc
        /// select_random_from_list(["камень", "ножницы", "бумага"])
        /// ```
        vendor fn select_random_from_list(context, list: List => "the items to choose from") -> Value {
            match context.random().choice(list.iter()) {
                Some(item) => Ok(item.clone()),
                None => Err(CallError::argument("list", message!("choice-from-empty-list"))),
            }
        }

        /// The part of a list from one position up to another.
        ///
        /// Positions count from 0, negative ones from the end; the item at `b` is not included.
        ///
        /// ```calc
        /// array_slice([1, 2, 3, 4], 1, -1) # => [2, 3]
        /// ```
        vendor fn array_slice(
            context, list: List => "the list", a: Whole => "the first position", b: Option<Whole> = "the end" => "the position after the last one",
        ) -> List {
            Ok(slice_list(&list, slice_range(list.len(), Some(a), b)))
        }

        /// A list without the items that are equal to an earlier one.
        ///
        /// ```calc
        /// remove_duplicates([1, 2, 5, 1, 5, 3]) # => [1, 2, 5, 3]
        /// ```
        vendor fn remove_duplicates(context, list: List => "the list") -> Vec<Value> {
            let mut seen = Seen::all(context, &[])?;
            let mut kept = Vec::new();
            for item in list.iter() {
                if seen.add(context, item)? {
                    kept.push(item.clone());
                }
            }
            Ok(kept)
        }

        /// Sets one variable for each item of a list: `var1`, `var2` and so on.
        ///
        /// The result is how many there are.
        ///
        /// ```calc
        /// unpack_list(["one", "two"], "word") # => 2
        /// ```
        vendor_acting fn unpack_list(context, list: List => "the list", name: Option<Text> as Role::VariablePrefix = "'var'" => "what the names begin with") -> usize {
            let name: String = name.as_deref().unwrap_or("var").nfc().collect();
            check_name(&name)?;
            context.check_memory(list.len().saturating_mul(name.len() + 64))?;
            for (number, item) in (1_usize..).zip(list.iter()) {
                context.set_variable(Text::from(format!("{name}{number}")), item.clone());
            }
            Ok(list.len())
        }

        /// A list as text, one item a line: `item;`, or with numbers `1) item;`.
        ///
        /// The lines are numbered when `numbered` is given, whatever it is.
        ///
        /// ```calc
        /// massive_to_text(["Футболка"], "", 1) # => 1) Футболка;
        /// ```
        vendor fn massive_to_text(
            context, list: List => "the list", header: Option<Text> = "no header" => "a first line",
            numbered: Optional = "not numbered" => "any value numbers the lines",
            delimiter1: Option<Text> = "';'" => "what each line ends with", delimiter2: Option<Text> = "')'" => "what follows each number",
        ) -> String {
            let end = delimiter1.as_deref().unwrap_or(";");
            let after_number = delimiter2.as_deref().unwrap_or(")");
            let mut text = header.map(String::from).unwrap_or_default();
            let has_header = !text.is_empty();
            for (index, item) in list.iter().enumerate() {
                let line = text_of(context, item)?;
                context.check_memory(text.len() + line.len() + end.len() + after_number.len() + 32)?;
                if index > 0 || has_header {
                    text.push('\n');
                }
                if !numbered.0.is_none_or_empty() {
                    text.push_str(&(index + 1).to_string());
                    text.push_str(after_number);
                    text.push(' ');
                }
                text.push_str(&line);
                text.push_str(end);
            }
            Ok(text)
        }
    }
}

/// What a look at one item costs besides its size.
const LOOK: u64 = 16;

fn first_equal(context: &Context<'_>, items: &[Value], value: &Value) -> CallResult<Option<usize>> {
    for (index, item) in items.iter().enumerate() {
        context.work(LOOK + item.size())?;
        if item.equals(value) {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// The item to be added: the value itself, or the one whose JSON text it is.
fn item(v: Value, json: Option<Flag>) -> CallResult<Value> {
    match v {
        Value::Text(text) if is_set(json) => super::python::read_json(&text, "v"),
        other => Ok(other),
    }
}

fn kept(context: &Context<'_>, a: &List, b: &List, is_known: bool) -> CallResult<List> {
    let known = Seen::all(context, b)?;
    let mut kept = Vec::new();
    for item in a.iter() {
        if known.has(context, item)? == is_known {
            kept.push(item.clone());
        }
    }
    Ok(kept.into())
}

pub(super) fn is_set(flag: Option<Flag>) -> bool {
    flag.is_some_and(|flag| flag.0)
}

fn room_to_sort(context: &Context<'_>, count: usize) -> CallResult<()> {
    context.work((count as u64).saturating_mul(u64::from(usize::BITS - count.leading_zeros())).saturating_mul(LOOK))?;
    Ok(context.check_memory(count.saturating_mul(48))?)
}

fn to_dict(entries: Vec<(Value, Value)>) -> Dict {
    entries.into_iter().map(|(key, value)| (key.to_interpolated(), value)).collect()
}

/// The beginning of a variable's name, which numbers will follow.
fn check_name(name: &str) -> CallResult<()> {
    let mut characters = name.chars();
    let begins_well = characters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first));
    if begins_well && characters.all(unicode_ident::is_xid_continue) && name.chars().count() <= 480 {
        return Ok(());
    }
    let found = shown(&Value::from(name));
    Err(CallError::argument_with_help("name", message!("name-prefix-expected", found = found), message!("name-prefix-expected-help")))
}
