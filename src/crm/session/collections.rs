//! Lists and labels in a session: those that were read or made, which clients are in them as far as somebody asked, and what
//! changes about it. A list of a million clients is never read: the session knows what lists each client is in that it was
//! asked about, and how many clients there are in all. A label is on a client as a client is in a list, so both are
//! collections here; what their functions do with them is said in the folders of the two.

use std::collections::{BTreeMap, BTreeSet};

use super::Session;
use super::state::RowState;
use crate::crm::{ClientId, ProjectId, key};
use crate::store::{Batch, RowReader, Statement, StoreError, statements};
use crate::wording::message;

/// How often a client is drawn from those that others take out meanwhile.
const MOST_DRAWS: usize = 3;

/// Which of the two something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::crm) enum CollectionKind {
    List,
    Label,
}

/// The statements of one kind.
struct CollectionStatements {
    by_id: &'static Statement,
    by_name: &'static Statement,
    of_client: &'static Statement,
    size: &'static Statement,
    members: &'static Statement,
    check_absent: &'static Statement,
    check: &'static Statement,
    lock: &'static Statement,
    delete: &'static Statement,
    delete_empty: &'static Statement,
    clear: &'static Statement,
    put: &'static Statement,
    take: &'static Statement,
}

static OF_LISTS: CollectionStatements = CollectionStatements {
    by_id: &statements::LIST,
    by_name: &statements::LISTS_BY_NAME,
    of_client: &statements::LISTS_OF_CLIENT,
    size: &statements::LIST_SIZE,
    members: &statements::LIST_MEMBERS,
    check_absent: &statements::CHECK_NO_LIST,
    check: &statements::CHECK_LIST,
    lock: &statements::LOCK_LIST,
    delete: &statements::DELETE_LIST,
    delete_empty: &statements::DELETE_EMPTY_LIST,
    clear: &statements::CLEAR_LIST,
    put: &statements::PUT_IN_LIST,
    take: &statements::TAKE_FROM_LIST,
};

static OF_LABELS: CollectionStatements = CollectionStatements {
    by_id: &statements::LABEL,
    by_name: &statements::LABELS_BY_NAME,
    of_client: &statements::LABELS_OF_CLIENT,
    size: &statements::LABEL_SIZE,
    members: &statements::LABEL_MEMBERS,
    check_absent: &statements::CHECK_NO_LABEL,
    check: &statements::CHECK_LABEL,
    lock: &statements::LOCK_LABEL,
    delete: &statements::DELETE_LABEL,
    delete_empty: &statements::DELETE_EMPTY_LABEL,
    clear: &statements::CLEAR_LABEL,
    put: &statements::PUT_LABEL_ON,
    take: &statements::TAKE_LABEL_OFF,
};

impl CollectionKind {
    fn statements(self) -> &'static CollectionStatements {
        match self {
            Self::List => &OF_LISTS,
            Self::Label => &OF_LABELS,
        }
    }
}

/// A list, or a label.
#[derive(Debug, Clone)]
pub(in crate::crm) struct Collection {
    pub(in crate::crm) id: i64,
    pub(in crate::crm) name: String,
    /// Of a label.
    pub(in crate::crm) color: i64,
    row: RowState,
    /// All who are in it in the database go out of it, before anything else happens to it.
    is_cleared: bool,
    /// It may only go when nobody is in it.
    goes_empty: bool,
    /// How many are in it in the database once it is cleared; read when first asked for.
    stored_size: Option<i64>,
}

/// The lists or the labels of a client.
#[derive(Debug, Clone)]
struct Membership {
    client: ClientId,
    /// In the database, once what is cleared is cleared.
    stored: BTreeSet<i64>,
    now: BTreeSet<i64>,
}

impl Membership {
    /// What the session has changed about a count of clients by their collections.
    fn difference(&self, counts: impl Fn(&BTreeSet<i64>) -> bool) -> i64 {
        i64::from(counts(&self.now)) - i64::from(counts(&self.stored))
    }
}

/// The lists, or the labels, that a session knows of.
#[derive(Debug, Clone, Default)]
pub(in crate::crm) struct Collections {
    all: Vec<Collection>,
    members: Vec<Membership>,
    /// The first ids of a name in the database, ascending, with how many were asked for.
    by_name: BTreeMap<String, (Vec<i64>, usize)>,
    /// Keys of names that nothing had and something got because of that; with true, nothing after what the session deletes.
    absent: Vec<(String, bool)>,
}

impl Collections {
    fn index(&self, id: i64) -> Option<usize> {
        self.all.iter().position(|entry| entry.id == id)
    }

    /// A collection as it is in the database; one that is known already stays as it is.
    fn keep(&mut self, reader: &mut RowReader) -> Result<usize, StoreError> {
        let (id, name, color) = (reader.int()?, reader.text()?, reader.int()?);
        Ok(self.index(id).unwrap_or_else(|| {
            let row = RowState::Stored;
            self.all.push(Collection { id, name, color, row, is_cleared: false, goes_empty: false, stored_size: None });
            self.all.len() - 1
        }))
    }

    fn is_there(&self, id: i64) -> bool {
        self.index(id).is_none_or(|index| !self.all[index].row.is_deleted())
    }

    /// Whether the session's own changes depend on names that nothing had.
    pub(in crate::crm) fn has_absent(&self) -> bool {
        !self.absent.is_empty()
    }

    /// Clients that come to be in something or leave it.
    pub(in crate::crm) fn touched(&self) -> impl Iterator<Item = ClientId> {
        self.members.iter().filter(|member| member.now != member.stored).map(|member| member.client)
    }

    /// Adds the statements that check that what the changes rest on is still so, in the order of the ids: so two who lock
    /// several never wait for each other.
    pub(in crate::crm) fn check<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId, kind: CollectionKind) {
        let statements = kind.statements();
        self.check_absent(batch, project, kind, false);
        let mut locks: BTreeMap<i64, &'static Statement> = BTreeMap::new();
        for member in &self.members {
            locks.extend(member.now.symmetric_difference(&member.stored).map(|id| (*id, statements.check)));
        }
        for entry in &self.all {
            if matches!(entry.row, RowState::New | RowState::Gone) {
                locks.remove(&entry.id);
            } else if entry.row == RowState::Leaving || entry.is_cleared {
                locks.insert(entry.id, statements.lock);
            }
        }
        for (id, statement) in locks {
            batch.add(statement).int(project).int(id);
        }
    }

    fn check_absent<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId, kind: CollectionKind, after_deletion: bool) {
        for (name, _) in self.absent.iter().filter(|(_, was_freed)| *was_freed == after_deletion) {
            batch.add(kind.statements().check_absent).int(project).text(name.as_str());
        }
    }

    /// Adds the statements that bring the database up to date: what goes first, so that its name is free.
    pub(in crate::crm) fn write<'s>(&'s self, batch: &mut Batch<'s>, project: ProjectId, kind: CollectionKind) {
        let statements = kind.statements();
        for entry in self.all.iter().filter(|entry| entry.is_cleared && matches!(entry.row, RowState::Stored | RowState::Leaving)) {
            batch.add(statements.clear).int(project).int(entry.id);
        }
        for member in &self.members {
            for id in member.stored.difference(&member.now) {
                batch.add(statements.take).int(project).int(*id).int(member.client);
            }
        }
        for entry in self.all.iter().filter(|entry| entry.row == RowState::Leaving) {
            let statement = if entry.goes_empty { statements.delete_empty } else { statements.delete };
            batch.add(statement).int(project).int(entry.id);
        }
        self.check_absent(batch, project, kind, true);
        for entry in self.all.iter().filter(|entry| entry.row.is_new()) {
            let (name, key) = (entry.name.as_str(), key::name(&entry.name));
            match kind {
                CollectionKind::List => batch.add(&statements::INSERT_LIST).int(project).int(entry.id).text(name).text(key),
                CollectionKind::Label => {
                    batch.add(&statements::INSERT_LABEL).int(project).int(entry.id).text(name).text(key).int(entry.color)
                }
            };
        }
        for member in &self.members {
            for id in member.now.difference(&member.stored) {
                batch.add(statements.put).int(project).int(*id).int(member.client);
            }
        }
    }
}

impl Session {
    fn known_collections(&self, kind: CollectionKind) -> &Collections {
        match kind {
            CollectionKind::List => &self.state.lists,
            CollectionKind::Label => &self.state.labels,
        }
    }

    fn collections(&mut self, kind: CollectionKind) -> &mut Collections {
        match kind {
            CollectionKind::List => &mut self.state.lists,
            CollectionKind::Label => &mut self.state.labels,
        }
    }

    /// One that `find_collection` has found.
    pub(in crate::crm) fn collection(&self, kind: CollectionKind, index: usize) -> &Collection {
        &self.known_collections(kind).all[index]
    }

    /// Where the one of an id is in the session's state; read if it has to be. `None` if the project has none.
    pub(in crate::crm) fn find_collection(&mut self, kind: CollectionKind, id: i64) -> Result<Option<usize>, StoreError> {
        if let Some(index) = self.known_collections(kind).index(id) {
            return Ok((!self.collection(kind, index).row.is_deleted()).then_some(index));
        }
        let mut batch = Batch::new();
        batch.add(kind.statements().by_id).int(self.project.id).int(id);
        let rows = self.ask_one(&batch)?;
        if rows.is_empty() { Ok(None) } else { self.collections(kind).keep(&mut rows.reader()).map(Some) }
    }

    /// The same of a name; of several of that name the one with the lowest id.
    pub(in crate::crm) fn find_collection_of_name(&mut self, kind: CollectionKind, name: &str) -> Result<Option<usize>, StoreError> {
        let name = key::name(name);
        let known = self.known_collections(kind);
        let of_name = |entry: &&Collection| key::name(&entry.name) == name;
        let leaving = known.all.iter().filter(of_name).filter(|entry| entry.row == RowState::Leaving).count();
        // More than those that the session has deleted, or all there are.
        let is_enough = |(ids, asked): &(Vec<i64>, usize)| *asked > leaving || ids.len() < *asked;
        if !known.by_name.get(name).is_some_and(is_enough) {
            let asked = leaving + 1;
            let mut batch = Batch::new();
            batch.add(kind.statements().by_name).int(self.project.id).text(name).int(i64::try_from(asked).unwrap_or(i64::MAX));
            let mut reader = self.ask_one(&batch)?.reader();
            let mut ids = Vec::new();
            while reader.more() {
                let index = self.collections(kind).keep(&mut reader)?;
                ids.push(self.collection(kind, index).id);
            }
            self.collections(kind).by_name.insert(name.to_owned(), (ids, asked));
        }
        let known = self.known_collections(kind);
        let stored = known.by_name.get(name).into_iter().flat_map(|(ids, _)| ids).copied().find(|id| known.is_there(*id));
        let made = known.all.iter().filter(|entry| entry.row.is_new()).filter(of_name).map(|entry| entry.id);
        Ok(made.chain(stored).min().and_then(|id| known.index(id)))
    }

    /// Makes one. With `is_first` because there was none of that name, which has to be so at the end as well: of two who do
    /// that at once one begins anew.
    pub(in crate::crm) fn make_collection(
        &mut self,
        kind: CollectionKind,
        name: &str,
        color: i64,
        is_first: bool,
    ) -> Result<i64, StoreError> {
        let id: i64 = self.new_id()?;
        let entry =
            Collection { id, name: name.to_owned(), color, row: RowState::New, is_cleared: false, goes_empty: false, stored_size: Some(0) };
        let known = self.collections(kind);
        if is_first {
            // Those of that name that there were, the session has deleted.
            let was_freed = known.by_name.get(key::name(name)).is_some_and(|(ids, _)| !ids.is_empty());
            known.absent.push((key::name(name).to_owned(), was_freed));
        }
        known.all.push(entry);
        Ok(id)
    }

    /// Reads what a client is in, unless it is known.
    fn membership(&mut self, kind: CollectionKind, client: usize) -> Result<usize, StoreError> {
        let (id, is_stored) = (self.state.clients[client].client.id, self.state.clients[client].stored);
        if let Some(index) = self.known_collections(kind).members.iter().position(|member| member.client == id) {
            return Ok(index);
        }
        let mut stored = BTreeSet::new();
        if is_stored {
            let mut batch = Batch::new();
            batch.add(kind.statements().of_client).int(self.project.id).int(id);
            let mut reader = self.ask_one(&batch)?.reader();
            while reader.more() {
                let index = self.collections(kind).keep(&mut reader)?;
                stored.insert(self.collection(kind, index).id);
            }
        }
        let known = self.collections(kind);
        let is_emptied = |entry: &&Collection| entry.is_cleared || (entry.row == RowState::Leaving && !entry.goes_empty);
        for entry in known.all.iter().filter(is_emptied) {
            stored.remove(&entry.id);
        }
        let now = stored.clone();
        known.members.push(Membership { client: id, stored, now });
        Ok(known.members.len() - 1)
    }

    /// Whether a client of the state is in it.
    pub(in crate::crm) fn is_member(&mut self, kind: CollectionKind, id: i64, client: usize) -> Result<bool, StoreError> {
        let member = self.membership(kind, client)?;
        Ok(self.known_collections(kind).members[member].now.contains(&id))
    }

    /// All that a client of the state is in, in the order of their ids.
    pub(in crate::crm) fn collections_of(&mut self, kind: CollectionKind, client: usize) -> Result<Vec<(i64, String)>, StoreError> {
        let member = self.membership(kind, client)?;
        let known = self.known_collections(kind);
        let named = |id: &i64| known.index(*id).map(|index| (*id, known.all[index].name.clone()));
        Ok(known.members[member].now.iter().filter_map(named).collect())
    }

    /// From now on a client of the state is in it, or is not. False: that was so.
    pub(in crate::crm) fn set_member(&mut self, kind: CollectionKind, id: i64, client: usize, is_in: bool) -> Result<bool, StoreError> {
        let member = self.membership(kind, client)?;
        let now = &mut self.collections(kind).members[member].now;
        Ok(if is_in { now.insert(id) } else { now.remove(&id) })
    }

    /// How many clients are in it.
    pub(in crate::crm) fn collection_size(&mut self, kind: CollectionKind, index: usize) -> Result<i64, StoreError> {
        let id = self.collection(kind, index).id;
        let stored = if let Some(size) = self.collection(kind, index).stored_size {
            size
        } else {
            let mut batch = Batch::new();
            batch.add(kind.statements().size).int(self.project.id).int(id);
            let size = self.ask_one(&batch)?.reader().int()?;
            self.collections(kind).all[index].stored_size = Some(size);
            size
        };
        let members = self.known_collections(kind).members.iter();
        Ok((stored + members.map(|member| member.difference(|ids| ids.contains(&id))).sum::<i64>()).max(0))
    }

    /// Whether nobody is in it: known without counting them.
    pub(in crate::crm) fn is_collection_empty(&mut self, kind: CollectionKind, index: usize) -> Result<bool, StoreError> {
        if self.collection(kind, index).stored_size.is_some() {
            return Ok(self.collection_size(kind, index)? == 0);
        }
        let id = self.collection(kind, index).id;
        let members = &self.known_collections(kind).members;
        if members.iter().any(|member| member.now.contains(&id)) {
            return Ok(false);
        }
        let left = members.iter().filter(|member| member.stored.contains(&id)).count();
        Ok(self.stored_members(kind, id, left + 1, 0)?.len() <= left)
    }

    /// Some of the clients that are in it in the database, in the order of their ids.
    fn stored_members(&mut self, kind: CollectionKind, id: i64, count: usize, from: i64) -> Result<Vec<ClientId>, StoreError> {
        let mut batch = Batch::new();
        batch.add(kind.statements().members).int(self.project.id).int(id);
        batch.int(i64::try_from(count).unwrap_or(i64::MAX)).int(from);
        let mut reader = self.ask_one(&batch)?.reader();
        let mut members = Vec::new();
        while reader.more() {
            members.push(reader.int()?);
        }
        Ok(members)
    }

    /// Any client that is in it, each as likely as any other; `None` when nobody is.
    pub(in crate::crm) fn random_member(&mut self, kind: CollectionKind, index: usize) -> Result<Option<ClientId>, StoreError> {
        for _ in 0..MOST_DRAWS {
            let size = self.collection_size(kind, index)?;
            if size == 0 {
                return Ok(None);
            }
            let chosen = self.rng.i64(0..size);
            let client = self.member_at(kind, index, chosen)?;
            if client.is_some() {
                return Ok(client);
            }
            // Fewer than were counted: others have taken some out meanwhile.
            self.collections(kind).all[index].stored_size = None;
        }
        Err(StoreError::conflict(message!("read-has-changed", statement = kind.statements().members.name)))
    }

    /// The client at a place, from 0: those that the session has put in, then the others in the order of their ids.
    fn member_at(&mut self, kind: CollectionKind, index: usize, place: i64) -> Result<Option<ClientId>, StoreError> {
        let id = self.collection(kind, index).id;
        let members = &self.known_collections(kind).members;
        let came = members.iter().filter(|member| member.now.contains(&id) && !member.stored.contains(&id));
        let mut came: Vec<ClientId> = came.map(|member| member.client).collect();
        came.sort_unstable();
        if let Some(client) = usize::try_from(place).ok().and_then(|place| came.get(place)) {
            return Ok(Some(*client));
        }
        let left = members.iter().filter(|member| member.stored.contains(&id) && !member.now.contains(&id));
        let left: BTreeSet<ClientId> = left.map(|member| member.client).collect();
        // The client is at most so many places behind where it would be if nobody had left.
        let place = place - i64::try_from(came.len()).unwrap_or(i64::MAX);
        let found = self.stored_members(kind, id, left.len() + 1, place)?;
        let left_before = found.first().map_or(0, |first| left.range(..first).count());
        Ok(found.into_iter().filter(|client| !left.contains(client)).nth(left_before))
    }

    /// Nobody is in it any more; returns how many were.
    pub(in crate::crm) fn clear_collection(&mut self, kind: CollectionKind, index: usize) -> Result<i64, StoreError> {
        let size = self.collection_size(kind, index)?;
        if size > 0 {
            let known = self.collections(kind);
            let entry = &mut known.all[index];
            entry.is_cleared = true;
            entry.stored_size = Some(0);
            for member in &mut known.members {
                member.stored.remove(&entry.id);
                member.now.remove(&entry.id);
            }
        }
        Ok(size)
    }

    /// It goes; with `if_empty` only if nobody will be in it then.
    pub(in crate::crm) fn delete_collection(&mut self, kind: CollectionKind, index: usize, if_empty: bool) {
        let known = self.collections(kind);
        let entry = &mut known.all[index];
        entry.row.delete();
        entry.goes_empty = if_empty;
        for member in &mut known.members {
            member.now.remove(&entry.id);
            if !if_empty {
                member.stored.remove(&entry.id);
            }
        }
    }

    /// What the session has changed about a count of clients by the collections they are in; what is cleared and deleted
    /// counts as if it had always been so.
    pub(in crate::crm) fn membership_difference(&self, kind: CollectionKind, counts: impl Fn(&BTreeSet<i64>) -> bool) -> i64 {
        self.known_collections(kind).members.iter().map(|member| member.difference(&counts)).sum()
    }

    /// Of some ids those that the database answers for: not deleted or emptied by the session.
    pub(in crate::crm) fn still_stored(&self, kind: CollectionKind, ids: &BTreeSet<i64>) -> Vec<i64> {
        let known = self.known_collections(kind);
        let is_stored =
            |id: &i64| known.index(*id).is_none_or(|index| known.all[index].row == RowState::Stored && !known.all[index].is_cleared);
        ids.iter().copied().filter(is_stored).collect()
    }

    /// Clients whose membership the session knows, with what they are in now.
    pub(in crate::crm) fn known_members(&self, kind: CollectionKind) -> impl Iterator<Item = (ClientId, &BTreeSet<i64>)> {
        self.known_collections(kind).members.iter().map(|member| (member.client, &member.now))
    }
}

/// Ids between commas, as statements take several of them.
pub(in crate::crm) fn id_list(ids: &[i64]) -> String {
    let mut list = String::from(",");
    for id in ids {
        list.push_str(&id.to_string());
        list.push(',');
    }
    list
}
