//! The functions about lists. Changes to a client's lists are changes to that client: they check and change its version, so
//! what a script has read of a client's lists is so when it is committed. How many clients a list has is as of a moment.

use std::collections::BTreeSet;

use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::lengths::{self, LONGEST_NAME};
use crate::crm::session::Session;
use crate::crm::session::collections::{CollectionKind, id_list};
use crate::crm::{ClientId, ListId, key, role};
use crate::store::{Batch, statements};

const KIND: CollectionKind = CollectionKind::List;

impl Session {
    /// Makes a list, whether there is one of that name or not; returns its id.
    ///
    /// # Errors
    /// An empty name is refused, and one that is too long.
    pub fn create_list(&mut self, name: &str) -> CrmResult<ListId> {
        check_name(name)?;
        self.make_list(name, false)
    }

    /// The list of a name, made if there is none.
    ///
    /// # Errors
    /// An empty name is refused, and one that is too long.
    pub fn create_list_if_not_exist(&mut self, name: &str) -> CrmResult<ListId> {
        check_name(name)?;
        match self.find_collection_of_name(KIND, name)? {
            Some(index) => Ok(ListId(self.collection(KIND, index).id)),
            None => self.make_list(name, true),
        }
    }

    fn make_list(&mut self, name: &str, is_first: bool) -> CrmResult<ListId> {
        let id = ListId(self.make_collection(KIND, name, 0, is_first)?);
        self.record(Effect::ListCreated { id, name: name.to_owned() });
        Ok(id)
    }

    /// The list of a name; of several the one with the lowest id.
    ///
    /// # Errors
    /// A name that no list has is refused.
    pub fn list_of_name(&mut self, name: &str) -> CrmResult<ListId> {
        let index = self.find_collection_of_name(KIND, name)?.ok_or_else(|| Refusal::UnknownListName(name.to_owned()))?;
        Ok(ListId(self.collection(KIND, index).id))
    }

    /// The lists of several names.
    ///
    /// # Errors
    /// A name that no list has is refused.
    pub fn lists_of_names(&mut self, names: &[String]) -> CrmResult<Vec<ListId>> {
        names.iter().map(|name| self.list_of_name(name)).collect()
    }

    /// Puts a client into lists.
    ///
    /// # Errors
    /// An unknown list or client is refused, and nothing changes.
    pub fn add_to_list(&mut self, lists: &[ListId], client_id: Option<ClientId>) -> CrmResult<()> {
        let (lists, client) = self.lists_and_client(lists, client_id)?;
        for list in lists {
            self.set_in_list(list, client, true)?;
        }
        Ok(())
    }

    /// Puts a client into lists, and takes it out of all others.
    ///
    /// # Errors
    /// An unknown list or client is refused, and nothing changes.
    pub fn move_to_list(&mut self, lists: &[ListId], client_id: Option<ClientId>) -> CrmResult<bool> {
        let (lists, client) = self.lists_and_client(lists, client_id)?;
        for (id, _) in self.collections_of(KIND, client)? {
            if !lists.contains(&ListId(id)) {
                self.set_in_list(ListId(id), client, false)?;
            }
        }
        for list in lists {
            self.set_in_list(list, client, true)?;
        }
        Ok(true)
    }

    /// Takes a client out of lists; it need not be in them.
    ///
    /// # Errors
    /// An unknown list or client is refused, and nothing changes.
    pub fn remove_from_list(&mut self, lists: &[ListId], client_id: Option<ClientId>) -> CrmResult<bool> {
        let (lists, client) = self.lists_and_client(lists, client_id)?;
        for list in lists {
            self.set_in_list(list, client, false)?;
        }
        Ok(true)
    }

    /// Takes all clients out of a list.
    ///
    /// # Errors
    /// An unknown list is refused.
    pub fn clear_list(&mut self, list: ListId) -> CrmResult<bool> {
        let index = self.known_list(list)?;
        let count = self.clear_collection(KIND, index)?;
        if count > 0 {
            let name = self.collection(KIND, index).name.clone();
            self.record(Effect::ListCleared { id: list, name, count });
        }
        Ok(true)
    }

    /// How many clients are in a list.
    ///
    /// # Errors
    /// An unknown list is refused.
    pub fn list_size(&mut self, list: ListId) -> CrmResult<i64> {
        let index = self.known_list(list)?;
        Ok(self.collection_size(KIND, index)?)
    }

    /// How many clients are in any of some lists; those that are not there add none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn lists_joint_count(&mut self, lists: &[ListId]) -> CrmResult<i64> {
        let lists: BTreeSet<i64> = lists.iter().map(|list| list.0).collect();
        let stored = self.still_stored(KIND, &lists);
        let count = if stored.is_empty() {
            0
        } else {
            let mut batch = Batch::new();
            batch.add(&statements::JOINT_SIZE).int(self.project.id).text(id_list(&stored));
            self.ask_one(&batch)?.reader().int()?
        };
        Ok((count + self.membership_difference(KIND, |ids| !ids.is_disjoint(&lists))).max(0))
    }

    /// Whether a client is in a list.
    ///
    /// # Errors
    /// An unknown list or client is refused.
    pub fn inlist(&mut self, list: ListId, client_id: Option<ClientId>) -> CrmResult<bool> {
        self.known_list(list)?;
        let client = self.known_client(client_id)?;
        Ok(self.is_member(KIND, list.0, client)?)
    }

    /// Whether any client is in a list that some messenger knows by an id.
    ///
    /// # Errors
    /// An unknown list is refused.
    pub fn some_client_in_list(&mut self, list: ListId, platform_id: &str) -> CrmResult<bool> {
        self.known_list(list)?;
        let mut batch = Batch::new();
        batch.add(&statements::RECIPIENTS_IN_LIST).int(list).int(self.project.id).text(platform_id);
        let mut reader = self.ask_one(&batch)?.reader();
        let is_stored = !self.still_stored(KIND, &BTreeSet::from([list.0])).is_empty();
        while reader.more() {
            let (client, count): (ClientId, i64) = (reader.int()?, reader.int()?);
            let known = self.known_members(KIND).find(|(known, _)| *known == client);
            if known.map_or(is_stored && count > 0, |(_, ids)| ids.contains(&list.0)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Any client of a list, each as likely as any other; `None` when nobody is in it.
    ///
    /// # Errors
    /// An unknown list is refused.
    pub fn random_list_member(&mut self, list: ListId) -> CrmResult<Option<ClientId>> {
        let index = self.known_list(list)?;
        Ok(self.random_member(KIND, index)?)
    }

    /// The lists that a client is in, with their names, in the order of their ids.
    ///
    /// # Errors
    /// An unknown client is refused.
    pub fn get_all_client_lists(&mut self, client_id: Option<ClientId>) -> CrmResult<Vec<(ListId, String)>> {
        let client = self.known_client(client_id)?;
        Ok(self.collections_of(KIND, client)?.into_iter().map(|(id, name)| (ListId(id), name)).collect())
    }

    /// Deletes a list; with `clear_list` also one that clients are in.
    ///
    /// # Errors
    /// An unknown list is refused, and one that clients are in.
    pub fn remove_list_from_project(&mut self, list: ListId, clear_list: bool) -> CrmResult<bool> {
        let index = self.known_list(list)?;
        if !clear_list && !self.is_collection_empty(KIND, index)? {
            return Err(Refusal::ListNotEmpty(list).into());
        }
        self.delete_collection(KIND, index, !clear_list);
        let name = self.collection(KIND, index).name.clone();
        self.record(Effect::ListDeleted { id: list, name });
        Ok(true)
    }

    fn known_list(&mut self, id: ListId) -> CrmResult<usize> {
        self.find_collection(KIND, id.0)?.ok_or_else(|| Refusal::UnknownList(id).into())
    }

    /// Lists and a client, all of which are there.
    fn lists_and_client(&mut self, lists: &[ListId], client_id: Option<ClientId>) -> CrmResult<(Vec<ListId>, usize)> {
        for list in lists {
            self.known_list(*list)?;
        }
        Ok((lists.to_vec(), self.known_client(client_id)?))
    }

    fn set_in_list(&mut self, id: ListId, client: usize, is_in: bool) -> CrmResult<()> {
        if self.set_member(KIND, id.0, client, is_in)?
            && let Some(index) = self.find_collection(KIND, id.0)?
        {
            let name = self.collection(KIND, index).name.clone();
            let client = self.state.clients[client].client.id;
            self.record(if is_in { Effect::ListJoined { id, name, client } } else { Effect::ListLeft { id, name, client } });
        }
        Ok(())
    }
}

/// Refuses a name that nobody can find, or that cannot be kept.
fn check_name(name: &str) -> CrmResult<()> {
    if key::name(name).is_empty() {
        return Err(Refusal::EmptyName.into());
    }
    lengths::check(&[role::NAME], name, LONGEST_NAME)
}
