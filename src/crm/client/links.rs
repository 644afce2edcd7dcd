//! Clients as messengers know them, and linked groups: a star of clients around a main one (crm-more.md section 6, "Clients").

use crate::crm::ClientId;
use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::message::Account;
use crate::crm::session::Session;
use crate::store::{Batch, StoreError, statements};
use crate::wording::message;

impl Session {
    /// The client that a messenger knows by an id; of several the lowest id.
    ///
    /// # Errors
    /// When the store fails.
    pub fn find_client_id(&mut self, account: Account<'_>) -> CrmResult<Option<ClientId>> {
        let Some(client_type) = account.client_type.or(self.client().client_type) else { return Ok(None) };
        let mut batch = Batch::new();
        let statement = if account.group.is_some() { &statements::CLIENT_BY_ACCOUNT } else { &statements::CLIENT_BY_PLATFORM };
        batch.add(statement).int(self.project.id).text(account.platform_id.trim()).int(client_type);
        if let Some(group) = account.group {
            batch.text(group.trim());
        }
        Ok(self.ask_one(&batch)?.reader().optional_int()?)
    }

    /// The main client of a client's group; of one that is not linked the client itself.
    ///
    /// # Errors
    /// An unknown client is refused.
    pub fn get_main_id(&mut self, client: Option<ClientId>) -> CrmResult<ClientId> {
        let index = self.known_client(client)?;
        let client = &self.state.clients[index].client;
        Ok(client.main_client.unwrap_or(client.id))
    }

    /// Makes one group of the groups of two clients; the first is its main client then.
    ///
    /// # Errors
    /// An unknown client is refused, and the same one twice.
    pub fn merge_client(&mut self, main: ClientId, client: Option<ClientId>) -> CrmResult<bool> {
        let main_index = self.find_client(main)?.ok_or(Refusal::UnknownMainClient(main))?;
        let index = self.known_client(client)?;
        if main_index == index {
            return Err(Refusal::LinkedToItself(main).into());
        }
        let mut group = self.group_of(main_index)?;
        let of_other = self.group_of(index)?;
        let mains = [group[0], of_other[0]];
        group.extend(of_other);
        group.sort_unstable_by_key(|index| self.state.clients[*index].client.id);
        group.dedup();
        // The main client first: an effect says of the others that they are linked to it.
        let mut is_changed = self.link(main_index, None);
        for index in group {
            if index != main_index {
                is_changed |= self.link(index, Some(main));
            }
        }
        if is_changed {
            for index in mains {
                self.notice_change(index);
            }
        }
        Ok(true)
    }

    /// Takes a client out of its group. A main client leaves the rest to the lowest id.
    ///
    /// # Errors
    /// An unknown client is refused, and one that is not linked.
    pub fn unmerge_client(&mut self, client: Option<ClientId>) -> CrmResult<bool> {
        let index = self.known_client(client)?;
        let mut rest = self.group_of(index)?;
        let main_index = rest[0];
        rest.retain(|other| *other != index);
        rest.sort_unstable_by_key(|index| self.state.clients[*index].client.id);
        let Some(lowest) = rest.first().copied() else {
            return Err(Refusal::NotLinked(self.state.clients[index].client.id).into());
        };
        if self.state.clients[index].client.main_client.is_some() {
            self.link(index, None);
        } else {
            self.link(lowest, None);
            let main = self.state.clients[lowest].client.id;
            for other in rest.into_iter().skip(1) {
                self.link(other, Some(main));
            }
        }
        self.notice_change(main_index);
        Ok(true)
    }

    /// Where the clients of a client's group are, the main one first.
    fn group_of(&mut self, index: usize) -> Result<Vec<usize>, StoreError> {
        let client = &self.state.clients[index].client;
        let main = client.main_client.unwrap_or(client.id);
        let mut group = Vec::new();
        for id in std::iter::once(main).chain(self.linked_to(main)?) {
            let Some(index) = self.find_client(id)? else {
                return self.vanished(message!("client-gone", id = id.to_string()));
            };
            group.push(index);
        }
        Ok(group)
    }

    /// Whoever changes a group writes its main client too, so that two who do it at once notice each other.
    fn notice_change(&mut self, main: usize) {
        self.state.clients[main].link_changed = true;
    }

    /// The clients that are linked to a main client, ascending.
    pub(in crate::crm) fn linked_to(&mut self, main: ClientId) -> Result<Vec<ClientId>, StoreError> {
        let mut batch = Batch::new();
        batch.add(&statements::LINKED_CLIENTS).int(self.project.id).int(main);
        let mut reader = self.ask_one(&batch)?.reader();
        let mut linked: Vec<ClientId> = Vec::new();
        while reader.more() {
            linked.push(reader.int()?);
        }
        // Of those in the state, the state knows best.
        linked.retain(|id| self.state.client_index(*id).is_none());
        let known = self.state.clients.iter().filter(|entry| entry.client.main_client == Some(main));
        linked.extend(known.map(|entry| entry.client.id));
        linked.sort_unstable();
        Ok(linked)
    }

    /// Gives a client another main client. False: it is that already.
    fn link(&mut self, index: usize, main: Option<ClientId>) -> bool {
        let entry = &mut self.state.clients[index];
        if entry.client.main_client == main {
            return false;
        }
        entry.client.main_client = main;
        entry.link_changed = true;
        let client = entry.client.id;
        self.record(match main {
            Some(main) => Effect::ClientLinked { client, main },
            None => Effect::ClientUnlinked { client },
        });
        true
    }
}
