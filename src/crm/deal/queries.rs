//! The functions that ask about deals: lists, counts, the stage, the newest, one by a variable's value.
//! They change nothing, and answer from the database and from what the session has changed.

use std::collections::HashSet;

use chrono::NaiveDateTime;

use crate::crm::deal::variables::Field;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::model::{Deal, DealStatus};
use crate::crm::session::state::DealEntry;
use crate::crm::session::{Session, rows};
use crate::crm::variable::set::{decode, is_storable};
use crate::crm::{ClientId, DealId, ProjectId, StageId, key};
use crate::store::statements;
use crate::store::{Batch, Rows, Statement, StoreError};
use crate::value::Value;

/// When more deals of a client than this were changed, all of them are read instead of the newest.
const MOST_CHANGED: usize = 3;

/// Asks for the deals of a client that have a status.
pub(in crate::crm) fn ask_deals_by_status(batch: &mut Batch<'_>, project: ProjectId, client: ClientId, status: DealStatus) {
    batch.add(&statements::DEALS_BY_STATUS).int(project).int(client).text(status.word());
}

/// The answer.
pub(in crate::crm) fn read_deal_ids(rows: Rows) -> Result<Vec<DealId>, StoreError> {
    let mut reader = rows.reader();
    let mut ids = Vec::new();
    while reader.more() {
        ids.push(reader.int()?);
    }
    Ok(ids)
}

impl Session {
    /// The client's active deals, ascending.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_active_orders_ids(&mut self) -> CrmResult<Vec<DealId>> {
        self.deals_by_status(DealStatus::Active)
    }

    /// The client's won deals, ascending.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_success_orders_ids(&mut self) -> CrmResult<Vec<DealId>> {
        self.deals_by_status(DealStatus::Success)
    }

    /// The client's lost deals, ascending.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_fail_orders_ids(&mut self) -> CrmResult<Vec<DealId>> {
        self.deals_by_status(DealStatus::Fail)
    }

    fn deals_by_status(&mut self, status: DealStatus) -> CrmResult<Vec<DealId>> {
        let client = self.client_id;
        let mut ids = Vec::new();
        if !self.own().has_all_deals {
            ids = match &self.own().active_deals {
                Some(active) if status == DealStatus::Active => active.clone(),
                _ => {
                    let mut batch = Batch::new();
                    ask_deals_by_status(&mut batch, self.project.id, client, status);
                    read_deal_ids(self.ask_one(&batch)?)?
                }
            };
            // Of those in the state, the state knows best.
            ids.retain(|id| self.state.deal_index(*id).is_none());
        }
        ids.extend(self.state.deals_of(client).filter(|entry| entry.deal.status == status).map(|entry| entry.deal.id));
        ids.sort_unstable();
        Ok(ids)
    }

    /// The stage of a deal, of a client's current deal, or of the current deal. One positional argument comes as
    /// `client_id` and is a deal id if it is one. `None`: unprocessed, or no current deal.
    ///
    /// # Errors
    /// Unknown ids are refused, and a deal that is not the client's.
    pub fn get_state_id(&mut self, client_id: Option<ClientId>, order_id: Option<DealId>) -> CrmResult<Option<StageId>> {
        let deal = match (client_id, order_id) {
            (None, order_id) => self.deal_or_current(order_id)?,
            (Some(id), None) => self.deal_or_that_of_client(id.0)?,
            (Some(client), Some(order)) => {
                self.known_client(Some(client))?;
                let deal = self.known_deal(order)?;
                if self.state.deals[deal].deal.client != client {
                    return Err(Refusal::DealOfAnotherClient { deal: order, client }.into());
                }
                Some(deal)
            }
        };
        Ok(deal.and_then(|index| self.state.deals[index].deal.stage))
    }

    /// What one positional id of `get_state_id` means.
    fn deal_or_that_of_client(&mut self, id: i64) -> CrmResult<Option<usize>> {
        if let Some(deal) = self.find_deal(DealId(id))? {
            return Ok(Some(deal));
        }
        let Some(client) = self.find_client(ClientId(id))? else {
            return Err(Refusal::UnknownDealOrClient(id).into());
        };
        match self.state.clients[client].client.current_deal {
            Some(id) => Ok(self.find_deal(id)?),
            None => Ok(None),
        }
    }

    /// The newest deal of a client whose variable (or field) has a value.
    ///
    /// # Errors
    /// An unknown client is refused.
    pub fn get_order_id_by_var_value(
        &mut self,
        var_name: &str,
        var_value: impl Into<Value>,
        client_id: Option<ClientId>,
    ) -> CrmResult<Option<DealId>> {
        let client = self.known_client(client_id)?;
        let client = self.state.clients[client].client.id;
        let value_key = key::value(&var_value.into());
        if let Some(field) = Field::of(var_name) {
            self.load_deals(client)?;
            let found = self.state.deals_of(client).filter(|entry| key::value(&field.of_deal(&entry.deal)) == value_key);
            return Ok(found.max_by_key(|entry| entry.rank()).map(|entry| entry.deal.id));
        }
        let mut batch = Batch::new();
        batch.add(&statements::DEALS_BY_VALUE).int(self.project.id).int(client).text(var_name);
        batch.text(key::index_part(&value_key));
        // A key that was cut off is at most a character shorter than the longest.
        let whole = value_key.len() + 4 <= key::LONGEST_VALUE_KEY;
        let mut found = None;
        let mut reader = self.ask_one(&batch)?.reader();
        while reader.more() && found.is_none() {
            let (id, created_at, value) = (reader.int()?, reader.time()?, reader.text()?);
            // A deal that is gone, or whose variables are in the state, is looked at below or not at all.
            let is_known = self.state.deal_index(id).is_some_and(|index| {
                let entry = &self.state.deals[index];
                entry.row.is_deleted() || entry.variables.is_some()
            });
            if !is_known && (whole || key::value(&decode(&value)?) == value_key) {
                found = Some((created_at, id));
            }
        }
        self.put_new_deals_in_order(client, found.map(|(created_at, _)| created_at));
        for entry in self.state.deals_of(client) {
            if let Some(variables) = &entry.variables
                && found < Some(entry.rank())
                && let Some(value) = variables.get(var_name)?
                && is_storable(var_name, value)
                && key::value(value) == value_key
            {
                found = Some(entry.rank());
            }
        }
        Ok(found.map(|(_, id)| id))
    }

    /// When the newest deal of a client was made, in the project's time zone.
    ///
    /// # Errors
    /// An unknown client is refused.
    pub fn latest_order_datetime(&mut self, client_id: Option<ClientId>) -> CrmResult<Option<NaiveDateTime>> {
        let client = self.known_client(client_id)?;
        let client = self.state.clients[client].client.id;
        let newest = self.newest_deal(client)?;
        Ok(newest.map(|index| self.local(self.state.deals[index].deal.created_at)))
    }

    /// A client's newest deal, whatever its status.
    pub(in crate::crm) fn newest_deal(&mut self, client: ClientId) -> Result<Option<usize>, StoreError> {
        self.newest_of(client, &statements::NEWEST_DEAL, |_| true)
    }

    /// A client's newest deal that is active.
    pub(in crate::crm) fn newest_active_deal(&mut self, client: ClientId) -> Result<Option<usize>, StoreError> {
        self.newest_of(client, &statements::NEWEST_ACTIVE_DEAL, |deal| deal.status == DealStatus::Active)
    }

    /// A client's newest deal that fits: the one of the database, or one that the state knows better.
    fn newest_of(&mut self, client: ClientId, statement: &'static Statement, fits: fn(&Deal) -> bool) -> Result<Option<usize>, StoreError> {
        let is_complete = self.state.client_index(client).is_some_and(|index| self.state.clients[index].has_all_deals);
        if !is_complete {
            // Those that the session has changed may come first: so many more are asked for.
            let is_out = |entry: &&DealEntry| entry.deal.client == client && (entry.row.is_deleted() || !fits(&entry.deal));
            let changed = self.state.deals.iter().filter(is_out).count();
            if changed > MOST_CHANGED {
                // A script that goes through all of them: nothing has to be asked again.
                self.load_deals(client)?;
            } else {
                let mut batch = Batch::new();
                batch.add(statement).int(self.project.id).int(client).int(i64::try_from(changed).unwrap_or_default() + 1);
                let mut reader = self.ask_one(&batch)?.reader();
                while reader.more() {
                    let deal = rows::deal(&mut reader)?;
                    self.keep_deal(deal);
                }
                self.put_new_deals_in_order(client, None);
            }
        }
        let entries = self.state.deals.iter().enumerate();
        let fitting = entries.filter(|(_, entry)| entry.deal.client == client && !entry.row.is_deleted() && fits(&entry.deal));
        Ok(fitting.max_by_key(|(_, entry)| entry.rank()).map(|(index, _)| index))
    }

    /// Reads all deals of a client, once.
    pub(in crate::crm) fn load_deals(&mut self, client: ClientId) -> Result<(), StoreError> {
        let Some(owner) = self.find_client(client)? else { return Ok(()) };
        if self.state.clients[owner].has_all_deals {
            return Ok(());
        }
        let mut batch = Batch::new();
        batch.add(&statements::DEALS_OF_CLIENT).int(self.project.id).int(client);
        let mut reader = self.ask_one(&batch)?.reader();
        let known: HashSet<DealId> = self.state.deals.iter().map(|entry| entry.deal.id).collect();
        while reader.more() {
            let deal = rows::deal(&mut reader)?;
            if !known.contains(&deal.id) {
                self.state.deals.push(DealEntry::read(deal));
            }
        }
        self.state.clients[owner].has_all_deals = true;
        self.put_new_deals_in_order(client, None);
        Ok(())
    }

    /// How many deals a client has: all, or with `get_all` false only active or only closed ones.
    ///
    /// # Errors
    /// An unknown client or stage is refused.
    pub fn count_client_orders(
        &mut self,
        client_id: Option<ClientId>,
        state_id: Option<StageId>,
        get_all: bool,
        active: bool,
    ) -> CrmResult<i64> {
        let client = self.known_client(client_id)?;
        let client = self.state.clients[client].client.id;
        if let Some(stage) = state_id {
            self.check_stage(stage)?;
        }
        let status = match (get_all, active) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        let mut batch = Batch::new();
        batch.add(&statements::COUNT_DEALS_OF_CLIENT).int(self.project.id).int(client);
        batch.int(state_id.map_or(0, i64::from)).int(status);
        let stored: i64 = self.ask_one(&batch)?.reader().int()?;
        let counts = |place: (DealStatus, Option<StageId>)| {
            let fits = get_all || (place.0 == DealStatus::Active) == active;
            fits && state_id.is_none_or(|stage| place.1 == Some(stage))
        };
        let entries = self.state.deals.iter().filter(|entry| entry.deal.client == client);
        Ok(stored + entries.map(|entry| entry.difference(counts)).sum::<i64>())
    }

    /// How many active deals are in a stage, in the whole project.
    ///
    /// # Errors
    /// An unknown stage is refused.
    pub fn get_count_orders(&mut self, id: StageId) -> CrmResult<i64> {
        self.check_stage(id)?;
        let mut batch = Batch::new();
        batch.add(&statements::COUNT_DEALS_IN_STAGE).int(self.project.id).int(id);
        let stored: i64 = self.ask_one(&batch)?.reader().int()?;
        let counts = |place| place == (DealStatus::Active, Some(id));
        Ok(stored + self.state.deals.iter().map(|entry| entry.difference(counts)).sum::<i64>())
    }
}
