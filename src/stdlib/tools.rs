//! Choosing from a list with buttons or by number (builtins.md, "Lists").

use std::fmt::Write as _;

use super::text_of;
use crate::builtins;
use crate::function::{CallError, CallResult, Context, Flag, Whole};
use crate::value::arithmetic::{shortened, shown};
use crate::value::number::Number;
use crate::value::{Dict, List, Text, Value};
use crate::wording::message;

builtins! {
    /// A choice from a list: buttons, a numbered text, and what the client picked.
    pub static TOOLS: General "tools" = {
        /// What a message needs to let the client choose from a list: its text, its buttons, and the answers to check.
        ///
        /// The items are texts, or dicts of which one entry is shown. The result has `numbered_list` (a line for each item),
        /// `buttons` and `checker` (texts and numbers with `;` after each).
        ///
        /// ```calc
        /// tools_make_button_str_checker([{"name": "Носки"}], "name")["checker"] # => Носки;1;
        /// ```
        vendor fn tools_make_button_str_checker(
            context, list: List => "the texts or dicts to choose from", key: Option<Text> = "None" => "the key whose value is shown, for dicts",
            in_line: Option<Whole> = "1" => "how many buttons stand in one line",
            button_type: Option<Whole> = "0" => "0 for buttons under the keyboard, 1 for buttons in the message",
            checker_with_numbers: Option<Flag> = "1" => "whether the number of an item is an answer too",
        ) -> Dict {
            let in_line = in_line.map_or(1, |in_line| in_line.0);
            let Some(in_line) = usize::try_from(in_line).ok().filter(|in_line| *in_line > 0) else {
                return Err(CallError::argument("in_line", message!("at-least-one-button", found = in_line)));
            };
            let kind = match button_type.map_or(0, |kind| kind.0) {
                0 => "reply",
                1 => "inline",
                other => return Err(CallError::argument("button_type", message!("zero-or-one-expected", found = other))),
            };
            let with_numbers = checker_with_numbers.is_none_or(|flag| flag.0);
            context.check_memory(list.len().saturating_mul(PER_BUTTON))?;
            let (mut lines, mut buttons, mut checker) = (String::new(), Vec::new(), String::new());
            for (index, item) in list.iter().enumerate() {
                let text = shown_text(context, item, index, key.as_ref())?;
                context.check_memory((lines.len() + text.len()).saturating_mul(2))?;
                let number = index + 1;
                let _ = writeln!(lines, "{number}. {text}");
                checker.push_str(&text);
                checker.push(';');
                if with_numbers {
                    let _ = write!(checker, "{number};");
                }
                buttons.push(dict([
                    ("type", kind.into()),
                    ("text", text.into()),
                    ("line", (index / in_line).into()),
                    ("index_in_line", (index % in_line).into()),
                ]));
            }
            Ok(entries([("numbered_list", lines.into()), ("buttons", buttons.into()), ("checker", checker.into())]))
        }

        /// The item that the client picked, or what it has under a key; `None` when nothing was picked.
        ///
        /// The client picks by the text of an item, in capital or small letters, or by its number.
        ///
        /// ```calc
        /// tools_check_user_input([{"name": "Кепки", "price": 50}], "кепки", "name", "price") # => 50
        /// ```
        vendor fn tools_check_user_input(
            context, list: List => "the texts or dicts to choose from", input: Value => "what the client wrote",
            key: Option<Text> = "None" => "the key whose value is shown, for dicts",
            return_key: Option<Text> = "the item" => "the key whose value is the result",
        ) -> Value {
            let input = text_of(context, &input)?;
            let input = input.trim();
            let picked = pick(context, &list, input, key.as_ref())?;
            Ok(match return_key {
                Some(return_key) => picked.and_then(|item| item.as_dict()?.get(&return_key).cloned()).into(),
                None => picked.into(),
            })
        }
    }
}

/// What a button costs besides its text.
const PER_BUTTON: usize = 512;

/// What is shown of an item: what it has under the key, or the item itself when it is no dict.
fn shown_of(item: &Value, key: Option<&Text>) -> Option<Value> {
    match (item.as_dict(), key) {
        (Some(dict), Some(key)) => dict.get(key).cloned(),
        (Some(_), None) => None,
        (None, _) => (!matches!(item, Value::None | Value::List(_))).then(|| item.clone()),
    }
}

/// The text of an item.
fn shown_text(context: &Context<'_>, item: &Value, index: usize, key: Option<&Text>) -> CallResult<String> {
    match (shown_of(item, key), key) {
        (Some(value), _) => Ok(text_of(context, &value)?.into_owned()),
        (None, Some(key)) if item.as_dict().is_some() => {
            Err(CallError::argument("key", message!("item-without-key", position = index, key = shortened(key.as_str().to_owned()))))
        }
        (None, None) if item.as_dict().is_some() => Err(CallError::argument("key", message!("key-of-dicts-missing"))),
        _ => Err(CallError::argument("list", message!("item-neither-text-nor-dict", position = index, found = shown(item)))),
    }
}

/// The item that an input means: by its text, by its text in any case, by its number.
fn pick(context: &Context<'_>, list: &List, input: &str, key: Option<&Text>) -> CallResult<Option<Value>> {
    if input.is_empty() {
        return Ok(None);
    }
    let lower = input.to_lowercase();
    let mut alike = None;
    for item in list.iter() {
        context.work(item.size())?;
        let Some(value) = shown_of(item, key) else { continue };
        let text = text_of(context, &value)?;
        let text = text.trim();
        if text == input {
            return Ok(Some(item.clone()));
        }
        if alike.is_none() && text.to_lowercase() == lower {
            alike = Some(item);
        }
    }
    if let Some(alike) = alike {
        return Ok(Some(alike.clone()));
    }
    let number = crate::value::number::parse(input).and_then(Number::to_integer);
    let index = number.and_then(|number| usize::try_from(number).ok()?.checked_sub(1));
    Ok(index.and_then(|index| list.get(index)).cloned())
}

fn entries<const N: usize>(entries: [(&str, Value); N]) -> Dict {
    entries.into_iter().map(|(key, value)| (Text::from(key), value)).collect()
}

fn dict<const N: usize>(of: [(&str, Value); N]) -> Value {
    entries(of).into()
}
