//! Reads the fields of a JSON object and says where in the file something is wrong.
//! Knows no project: which fields there are is the parser's to say.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json};

use super::ProjectFileError;
use crate::crm::lengths::{self, LONGEST_NAME, LONGEST_TEXT};
use crate::crm::variable::limits;
use crate::crm::{BlockId, time};
use crate::diagnostic::closest;
use crate::diagnostic::reader::unknown_key;
use crate::value::Value;
use crate::value::json::text_form;
use crate::wording::{Argument, Message, message};

/// An object of the file, and where it is.
pub(super) struct Fields<'j> {
    map: &'j Map<String, Json>,
    path: String,
}

pub(super) type ParseResult<T> = Result<T, ProjectFileError>;

impl<'j> Fields<'j> {
    /// The fields of an object that has no others than the known ones.
    pub(super) fn new(json: &'j Json, path: impl Into<String>, known: &[&str]) -> ParseResult<Self> {
        let path = path.into();
        let Json::Object(map) = json else {
            return Err(ProjectFileError::new(path, message!("file-expected", found = kind(json), expected = message!("file-object"))));
        };
        let fields = Self { map, path };
        if let Some(unknown) = map.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(ProjectFileError::new(fields.place(unknown), unknown_key(unknown, known)));
        }
        Ok(fields)
    }

    /// The place of a field.
    pub(super) fn place(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn error(&self, key: &str, reason: Message) -> ProjectFileError {
        ProjectFileError::new(self.place(key), reason)
    }

    /// Whether the key is there at all, be it null.
    pub(super) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// A field that is there and not null.
    pub(super) fn get(&self, key: &str) -> Option<&'j Json> {
        self.map.get(key).filter(|json| !json.is_null())
    }

    pub(super) fn required(&self, key: &str) -> ParseResult<&'j Json> {
        self.get(key).ok_or_else(|| self.error(key, message!("file-missing-key", key = key)))
    }

    fn wrong(&self, key: &str, found: &Json, expected: Message) -> ProjectFileError {
        self.error(key, message!("file-expected", found = kind(found), expected = expected))
    }

    /// A text; numbers are taken as the text they are.
    pub(super) fn text(&self, key: &str) -> ParseResult<Option<String>> {
        self.text_of(key, LONGEST_TEXT)
    }

    pub(super) fn required_text(&self, key: &str) -> ParseResult<String> {
        self.required(key)?;
        Ok(self.text(key)?.unwrap_or_default())
    }

    /// A text that is as long as a name.
    pub(super) fn name(&self, key: &str) -> ParseResult<Option<String>> {
        self.text_of(key, LONGEST_NAME)
    }

    pub(super) fn required_name(&self, key: &str) -> ParseResult<String> {
        self.required(key)?;
        Ok(self.name(key)?.unwrap_or_default())
    }

    fn text_of(&self, key: &str, most: usize) -> ParseResult<Option<String>> {
        match self.get(key) {
            None => Ok(None),
            Some(Json::String(text)) => match lengths::problem(text, most) {
                Some(problem) => Err(self.error(key, problem.message())),
                None => Ok(Some(text.clone())),
            },
            Some(number @ Json::Number(_)) => Ok(Some(text_form(number))),
            Some(other) => Err(self.wrong(key, other, message!("kind-text"))),
        }
    }

    pub(super) fn int(&self, key: &str) -> ParseResult<Option<i64>> {
        match self.get(key) {
            None => Ok(None),
            Some(json) => json.as_i64().map(Some).ok_or_else(|| self.wrong(key, json, message!("kind-whole"))),
        }
    }

    /// The number of a block, which may be any whole number.
    pub(super) fn block(&self, key: &str) -> ParseResult<Option<BlockId>> {
        Ok(self.int(key)?.map(BlockId))
    }

    /// An id: a whole number above 0.
    pub(super) fn id<Id: From<i64>>(&self, key: &str) -> ParseResult<Option<Id>> {
        match self.int(key)? {
            Some(id) if !(1..i64::MAX / 2).contains(&id) => Err(self.error(key, message!("file-not-an-id", id = id))),
            id => Ok(id.map(Id::from)),
        }
    }

    pub(super) fn required_id<Id: From<i64>>(&self, key: &str) -> ParseResult<Id> {
        self.required(key)?;
        Ok(self.id(key)?.unwrap_or_else(|| Id::from(0)))
    }

    pub(super) fn flag(&self, key: &str, default: bool) -> ParseResult<bool> {
        match self.get(key) {
            None => Ok(default),
            Some(Json::Bool(flag)) => Ok(*flag),
            Some(other) => Err(self.wrong(key, other, message!("file-flag"))),
        }
    }

    pub(super) fn time(&self, key: &str) -> ParseResult<Option<DateTime<Utc>>> {
        match self.get(key) {
            None => Ok(None),
            Some(Json::String(text)) => {
                time::parse(text).map(Some).ok_or_else(|| self.error(key, message!("file-not-a-time", text = text)))
            }
            Some(other) => Err(self.wrong(key, other, message!("file-time"))),
        }
    }

    /// One of some words.
    pub(super) fn word<T>(&self, key: &str, words: &[&str], of: fn(&str) -> Option<T>, default: T) -> ParseResult<T> {
        match self.text(key)? {
            None => Ok(default),
            Some(word) => of(&word).ok_or_else(|| {
                self.error(
                    key,
                    match closest(&word, words.iter().copied()) {
                        Some(meant) => message!("file-unknown-word-meant", word = &word, meant = meant),
                        None => {
                            message!("file-unknown-word", word = &word, known = Argument::any(words.iter().map(|word| format!("`{word}`"))))
                        }
                    },
                )
            }),
        }
    }

    /// The items of a list, each with its place.
    pub(super) fn list(&self, key: &str) -> ParseResult<impl Iterator<Item = (&'j Json, String)>> {
        let items: &[Json] = match self.get(key) {
            None => &[],
            Some(Json::Array(items)) => items,
            Some(other) => return Err(self.wrong(key, other, message!("file-list"))),
        };
        let place = self.place(key);
        Ok(items.iter().enumerate().map(move |(index, json)| (json, format!("{place}[{index}]"))))
    }

    /// Keys and values of an object that may have any.
    pub(super) fn object(&self, key: &str) -> ParseResult<impl Iterator<Item = (&'j String, &'j Json)>> {
        match self.get(key) {
            None => Ok(None.into_iter().flatten()),
            Some(Json::Object(map)) => Ok(Some(map).into_iter().flatten()),
            Some(other) => Err(self.wrong(key, other, message!("file-object"))),
        }
    }

    /// Variables of a client or a deal: an object of any values. Empty values are no variables.
    pub(super) fn variables(&self, key: &str) -> ParseResult<Map<String, Json>> {
        let variables = self.shared_variables(key)?;
        let last = variables.keys().next_back().map_or("", String::as_str);
        limits::check_count(|| message!("variables-of-file"), variables.len(), last).map_err(|error| self.error(key, error.reason))?;
        Ok(variables)
    }

    /// Variables of the project, which may be any number.
    pub(super) fn shared_variables(&self, key: &str) -> ParseResult<Map<String, Json>> {
        let map = match self.get(key) {
            None => return Ok(Map::new()),
            Some(Json::Object(map)) => map,
            Some(other) => return Err(self.wrong(key, other, message!("file-object"))),
        };
        if let Some(name) = map.keys().find(|name| name.starts_with('_')) {
            let reason = message!("file-temporary-variable", name = name);
            return Err(ProjectFileError::new(format!("{}.{name}", self.place(key)), reason));
        }
        let mut variables = Map::new();
        for (name, value) in map {
            let own = Value::from(value);
            limits::check_variable(name, &own).map_err(|error| self.error(key, error.reason))?;
            if !own.is_none_or_empty() {
                variables.insert(name.clone(), value.clone());
            }
        }
        Ok(variables)
    }
}

/// What a JSON value is, in words.
fn kind(json: &Json) -> Message {
    match json {
        Json::Null => message!("value-none"),
        Json::Bool(_) | Json::Number(_) => message!("file-value", value = json.to_string()),
        Json::String(text) if text.chars().count() <= 40 => message!("value-text", value = text),
        Json::String(_) => message!("kind-text"),
        Json::Array(_) => message!("kind-list"),
        Json::Object(_) => message!("file-some-object"),
    }
}
