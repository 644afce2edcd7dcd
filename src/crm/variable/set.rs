//! Variables of one owner (a client, its draft or a deal) as a session holds them: read whole, written one by one.
//! Knows no scope and no script: who asks decides which set is meant.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::crm::error::LimitError;
use crate::crm::variable::limits;
use crate::crm::{ClientId, DealId, ProjectId, key};
use crate::store::statements;
use crate::store::{Batch, RowReader, StoreError};
use crate::value::Value;
use crate::wording::{Message, message};

/// The row that a set of variables belongs to.
#[derive(Clone, Copy)]
pub(in crate::crm) enum VariableOwner {
    Client(ClientId),
    Draft(ClientId),
    Deal { deal: DealId, client: ClientId },
}

/// The variables of one owner, sorted by name: engines order text in ways of their own.
#[derive(Debug, Clone, Default)]
pub(in crate::crm) struct VariableSet {
    entries: BTreeMap<String, VariableEntry>,
    changed: bool,
}

#[derive(Debug, Clone)]
struct VariableEntry {
    value: Content,
    /// Whether the database has a row of this name.
    stored: bool,
    changed: bool,
}

/// What is known of a variable.
#[derive(Debug, Clone)]
pub(in crate::crm) enum Content {
    /// What it was read as.
    Read(Stored),
    /// The value it was set to.
    Set(Value),
    /// It is not there, or not any more.
    Deleted,
}

/// A value as the database has it: JSON text, decoded when somebody first asks for the value.
#[derive(Debug, Clone)]
pub(in crate::crm) struct Stored {
    text: String,
    value: OnceCell<Value>,
}

impl Stored {
    pub(in crate::crm) fn new(text: String) -> Self {
        Self { text, value: OnceCell::new() }
    }

    fn value(&self) -> Result<&Value, StoreError> {
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        let value = decode(&self.text)?;
        Ok(self.value.get_or_init(|| value))
    }
}

impl Content {
    pub(in crate::crm) fn value(&self) -> Result<Option<&Value>, StoreError> {
        match self {
            Self::Read(stored) => stored.value().map(Some),
            Self::Set(value) => Ok(Some(value)),
            Self::Deleted => Ok(None),
        }
    }

    /// Refuses what cannot be stored; what was read was stored before.
    pub(in crate::crm) fn check(&self, name: &str) -> Result<(), LimitError> {
        match self {
            Self::Set(value) => limits::check_variable(name, value),
            Self::Read(_) | Self::Deleted => Ok(()),
        }
    }

    /// Whether a value is one that is stored: empty ones are held until the session ends and then dropped (L6.3).
    pub(in crate::crm) fn is_storable(&self, name: &str) -> bool {
        match self {
            Self::Read(_) => true,
            Self::Set(value) => is_storable(name, value),
            Self::Deleted => false,
        }
    }
}

/// Whether a variable is stored at all.
pub(in crate::crm) fn is_storable(name: &str, value: &Value) -> bool {
    !value.is_none_or_empty() && !name.starts_with('_')
}

/// The value of a variable from its text in the database: a [`Value`], or JSON for a project file.
pub(in crate::crm) fn decode<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(message!("stored-variable-not-json", error = error.to_string())))
}

/// The text of a value in the database: JSON that keeps types.
pub(in crate::crm) fn encode(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt(message!("variable-not-json", error = error.to_string())))
}

impl VariableSet {
    /// Takes one name and value from a row.
    pub(in crate::crm) fn push_row(&mut self, reader: &mut RowReader) -> Result<(), StoreError> {
        let name = reader.text()?;
        let entry = VariableEntry { value: Content::Read(Stored::new(reader.text()?)), stored: true, changed: false };
        self.entries.insert(name, entry);
        Ok(())
    }

    /// Reads rows of names and values.
    pub(in crate::crm) fn read(mut reader: RowReader) -> Result<Self, StoreError> {
        let mut set = Self::default();
        while reader.more() {
            set.push_row(&mut reader)?;
        }
        Ok(set)
    }

    pub(in crate::crm) fn get(&self, name: &str) -> Result<Option<&Value>, StoreError> {
        self.entries.get(name).map_or(Ok(None), |entry| entry.value.value())
    }

    pub(in crate::crm) fn set(&mut self, name: &str, value: Value) {
        self.put(name, Content::Set(value));
    }

    fn put(&mut self, name: &str, value: Content) {
        match self.entries.get_mut(name) {
            Some(entry) => {
                entry.value = value;
                entry.changed = true;
            }
            None => {
                self.entries.insert(name.to_owned(), VariableEntry { value, stored: false, changed: true });
            }
        }
        self.changed = true;
    }

    /// Deletes a variable at once; whether there was one.
    pub(in crate::crm) fn remove(&mut self, name: &str) -> bool {
        let Some(entry) = self.entries.get_mut(name) else { return false };
        let was_there = !matches!(entry.value, Content::Deleted);
        if entry.stored {
            entry.value = Content::Deleted;
            entry.changed = true;
            self.changed = true;
        } else {
            self.entries.remove(name);
        }
        was_there
    }

    /// Takes all values out, leaving none behind.
    pub(in crate::crm) fn take_all(&mut self) -> Vec<(String, Content)> {
        let mut taken = Vec::new();
        for (name, entry) in &mut self.entries {
            let value = std::mem::replace(&mut entry.value, Content::Deleted);
            if !matches!(value, Content::Deleted) {
                taken.push((name.clone(), value));
                entry.changed = true;
                self.changed = true;
            }
        }
        self.entries.retain(|_, entry| entry.stored);
        taken
    }

    /// Takes over values of another set; they win over values of the same name.
    pub(in crate::crm) fn take_over(&mut self, values: Vec<(String, Content)>) {
        for (name, value) in values {
            self.put(&name, value);
        }
    }

    pub(in crate::crm) fn is_blank(&self) -> bool {
        self.entries.values().all(|entry| matches!(entry.value, Content::Deleted))
    }

    /// Names and values that are stored or will be, sorted by name.
    pub(in crate::crm) fn all(&self) -> Result<Vec<(&str, &Value)>, StoreError> {
        let mut all = Vec::with_capacity(self.entries.len());
        for (name, entry) in &self.entries {
            if entry.value.is_storable(name)
                && let Some(value) = entry.value.value()?
            {
                all.push((name.as_str(), value));
            }
        }
        Ok(all)
    }

    pub(in crate::crm) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|(_, entry)| !matches!(entry.value, Content::Deleted)).map(|(name, _)| name.as_str())
    }

    /// Refuses what is too much to be stored; asked for changed sets only, old rows stay.
    pub(in crate::crm) fn check(&self, owner: impl FnOnce() -> Message) -> Result<(), LimitError> {
        if !self.changed {
            return Ok(());
        }
        let mut count = 0;
        for (name, entry) in &self.entries {
            if !entry.value.is_storable(name) {
                continue;
            }
            count += 1;
            if entry.changed {
                entry.value.check(name)?;
            }
        }
        let newest = self.entries.iter().rev().find(|(_, entry)| entry.changed && !entry.stored);
        limits::check_count(owner, count, newest.map_or("", |(name, _)| name.as_str()))?;
        Ok(())
    }

    /// Adds the statements that bring the database up to date.
    pub(in crate::crm) fn write<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId, owner: VariableOwner) -> Result<(), StoreError> {
        if !self.changed {
            return Ok(());
        }
        for (name, entry) in self.entries.iter().filter(|(_, entry)| entry.changed) {
            let name = name.as_str();
            if entry.value.is_storable(name) {
                match owner {
                    VariableOwner::Client(client) => {
                        batch.add(&statements::PUT_CLIENT_VARIABLE).int(project).int(client).text(name);
                    }
                    VariableOwner::Draft(client) => {
                        batch.add(&statements::PUT_DRAFT_VARIABLE).int(project).int(client).text(name);
                    }
                    VariableOwner::Deal { deal, client } => {
                        let comparison = entry.value.value()?.map(key::value).unwrap_or_default();
                        batch.add(&statements::PUT_DEAL_VARIABLE).int(project).int(deal).text(name).int(client);
                        batch.text(key::index_part(&comparison).to_owned());
                    }
                }
                match &entry.value {
                    Content::Read(stored) => batch.text(stored.text.as_str()),
                    Content::Set(value) => batch.text(encode(value)?),
                    Content::Deleted => batch,
                };
            } else if entry.stored {
                match owner {
                    VariableOwner::Client(client) => batch.add(&statements::DELETE_CLIENT_VARIABLE).int(project).int(client),
                    VariableOwner::Draft(client) => batch.add(&statements::DELETE_DRAFT_VARIABLE).int(project).int(client),
                    VariableOwner::Deal { deal, .. } => batch.add(&statements::DELETE_DEAL_VARIABLE).int(project).int(deal),
                }
                .text(name);
            }
        }
        Ok(())
    }

    /// Whether there is anything to write.
    pub(in crate::crm) fn is_changed(&self) -> bool {
        self.changed
    }
}
