//! The functions about labels. A label is on a client as a client is in a list: see there for what is checked at the end.
//! That there is no other label of a name is checked too.

use std::collections::BTreeSet;

use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::label::COLORS;
use crate::crm::lengths::{self, LONGEST_NAME};
use crate::crm::session::Session;
use crate::crm::session::collections::{CollectionKind, id_list};
use crate::crm::{ClientId, LabelId, key, role};
use crate::store::{Batch, statements};

const KIND: CollectionKind = CollectionKind::Label;

impl Session {
    /// Makes a label; returns its id.
    ///
    /// # Errors
    /// A name that another label has is refused, an empty one, and one that is too long.
    pub fn create_label(&mut self, name: &str) -> CrmResult<LabelId> {
        check_name(name)?;
        if self.find_collection_of_name(KIND, name)?.is_some() {
            return Err(Refusal::LabelNameTaken(name.to_owned()).into());
        }
        self.make_label(name, *COLORS.start())
    }

    /// The label of a name, made if there is none; one that is there keeps its colour.
    ///
    /// # Errors
    /// A colour that is not 0 to 9 is refused, an empty name, and one that is too long.
    pub fn create_label_if_not_exist(&mut self, name: &str, color: i64) -> CrmResult<LabelId> {
        check_name(name)?;
        if !COLORS.contains(&color) {
            return Err(Refusal::NotAColor(color).into());
        }
        match self.find_collection_of_name(KIND, name)? {
            Some(index) => Ok(LabelId(self.collection(KIND, index).id)),
            None => self.make_label(name, color),
        }
    }

    fn make_label(&mut self, name: &str, color: i64) -> CrmResult<LabelId> {
        let id = LabelId(self.make_collection(KIND, name, color, true)?);
        self.record(Effect::LabelCreated { id, name: name.to_owned(), color });
        Ok(id)
    }

    /// Puts a label on a client.
    ///
    /// # Errors
    /// An unknown label or client is refused.
    pub fn add_label(&mut self, name: &str, client_id: Option<ClientId>) -> CrmResult<bool> {
        let label = self.label_of_name(name)?;
        let client = self.known_client(client_id)?;
        self.set_label(label, client, true)?;
        Ok(true)
    }

    /// Takes a label off a client, which need not have it.
    ///
    /// # Errors
    /// An unknown label or client is refused.
    pub fn remove_label(&mut self, name: &str, client_id: Option<ClientId>) -> CrmResult<bool> {
        let label = self.label_of_name(name)?;
        let client = self.known_client(client_id)?;
        self.set_label(label, client, false)?;
        Ok(true)
    }

    /// Whether a client has a label.
    ///
    /// # Errors
    /// An unknown label or client is refused.
    pub fn has_label(&mut self, name: &str, client_id: Option<ClientId>) -> CrmResult<bool> {
        let label = self.label_of_name(name)?;
        let client = self.known_client(client_id)?;
        let id = self.collection(KIND, label).id;
        Ok(self.is_member(KIND, id, client)?)
    }

    /// Takes a label off all clients; the label stays.
    ///
    /// # Errors
    /// An unknown label is refused.
    pub fn remove_label_everywhere(&mut self, name: &str) -> CrmResult<bool> {
        let label = self.label_of_name(name)?;
        let count = self.clear_collection(KIND, label)?;
        if count > 0 {
            let (id, name) = self.label_named(label);
            self.record(Effect::LabelCleared { id, name, count });
        }
        Ok(true)
    }

    /// How many clients have a label.
    ///
    /// # Errors
    /// An unknown label is refused.
    pub fn count_of_clients_with_label(&mut self, name: &str) -> CrmResult<i64> {
        let label = self.label_of_name(name)?;
        Ok(self.collection_size(KIND, label)?)
    }

    /// The labels of a client, with their names, in the order of their ids.
    ///
    /// # Errors
    /// An unknown client is refused.
    pub fn get_all_client_labels(&mut self, client_id: Option<ClientId>) -> CrmResult<Vec<(LabelId, String)>> {
        let client = self.known_client(client_id)?;
        Ok(self.collections_of(KIND, client)?.into_iter().map(|(id, name)| (LabelId(id), name)).collect())
    }

    /// The label of each of some names; `None` for those that no label has.
    ///
    /// # Errors
    /// When the store fails.
    pub fn labels_of_names(&mut self, names: &[String]) -> CrmResult<Vec<Option<LabelId>>> {
        let mut labels = Vec::with_capacity(names.len());
        for name in names {
            let found = self.find_collection_of_name(KIND, name)?;
            labels.push(found.map(|index| LabelId(self.collection(KIND, index).id)));
        }
        Ok(labels)
    }

    /// Takes labels off the session's client; returns how many it had.
    ///
    /// # Errors
    /// When the store fails.
    pub fn remove_multiple_client_labels(&mut self, labels: &[LabelId]) -> CrmResult<i64> {
        let mut count = 0;
        for label in labels {
            if let Some(index) = self.find_collection(KIND, label.0)? {
                count += i64::from(self.set_label(index, 0, false)?);
            }
        }
        Ok(count)
    }

    /// Whether the session's client has all of some labels.
    ///
    /// # Errors
    /// When the store fails.
    pub fn has_client_multiple_labels(&mut self, labels: &[LabelId]) -> CrmResult<bool> {
        for label in labels {
            if !self.is_member(KIND, label.0, 0)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The clients that have all of some labels, ascending; so many of them at most.
    ///
    /// # Errors
    /// When the store fails.
    pub fn find_clients_by_multiple_labels(&mut self, labels: &[LabelId], most: usize) -> CrmResult<Vec<ClientId>> {
        let wanted: BTreeSet<i64> = labels.iter().map(|label| label.0).collect();
        let stored = self.still_stored(KIND, &wanted);
        let Some(first) = stored.first().filter(|_| stored.len() == wanted.len()) else {
            return Ok(self.known_clients_with(&wanted, BTreeSet::new()).into_iter().take(most).collect());
        };
        let mut batch = Batch::new();
        batch.add(&statements::CLIENTS_WITH_LABELS).int(self.project.id).int(*first).text(id_list(&stored));
        let limit = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        // Those that the session has changed may be among them, and go.
        let changed = self.known_members(KIND).count();
        batch.int(limit(stored.len())).int(limit(most.saturating_add(changed)));
        let mut reader = self.ask_one(&batch)?.reader();
        let mut found = BTreeSet::new();
        while reader.more() {
            found.insert(reader.int()?);
        }
        Ok(self.known_clients_with(&wanted, found).into_iter().take(most).collect())
    }

    /// Corrects who has labels in the database by what the session knows.
    fn known_clients_with(&self, wanted: &BTreeSet<i64>, mut found: BTreeSet<ClientId>) -> BTreeSet<ClientId> {
        for (client, ids) in self.known_members(KIND) {
            if !wanted.is_empty() && wanted.is_subset(ids) {
                found.insert(client);
            } else {
                found.remove(&client);
            }
        }
        found
    }

    /// Deletes a label; with `clear_list` also one that clients have.
    ///
    /// # Errors
    /// An unknown label is refused, and one that clients have.
    pub fn remove_label_from_project(&mut self, label: LabelId, clear_list: bool) -> CrmResult<bool> {
        let index = self.find_collection(KIND, label.0)?.ok_or(Refusal::UnknownLabel(label))?;
        if !clear_list && !self.is_collection_empty(KIND, index)? {
            return Err(Refusal::LabelNotEmpty(label).into());
        }
        self.delete_collection(KIND, index, !clear_list);
        let (id, name) = self.label_named(index);
        self.record(Effect::LabelDeleted { id, name });
        Ok(true)
    }

    fn label_of_name(&mut self, name: &str) -> CrmResult<usize> {
        self.find_collection_of_name(KIND, name)?.ok_or_else(|| Refusal::UnknownLabelName(name.to_owned()).into())
    }

    fn label_named(&self, index: usize) -> (LabelId, String) {
        let label = self.collection(KIND, index);
        (LabelId(label.id), label.name.clone())
    }

    /// False: it was so.
    fn set_label(&mut self, index: usize, client: usize, is_on: bool) -> CrmResult<bool> {
        let (id, name) = self.label_named(index);
        let has_changed = self.set_member(KIND, id.0, client, is_on)?;
        if has_changed {
            let client = self.state.clients[client].client.id;
            self.record(if is_on { Effect::LabelAttached { id, name, client } } else { Effect::LabelDetached { id, name, client } });
        }
        Ok(has_changed)
    }
}

/// Refuses a name that nobody can find, or that cannot be kept.
fn check_name(name: &str) -> CrmResult<()> {
    if key::name(name).is_empty() {
        return Err(Refusal::EmptyName.into());
    }
    lengths::check(&[role::NAME], name, LONGEST_NAME)
}
