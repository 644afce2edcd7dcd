//! The functions that ask about deals: lists, counts, the stage, the newest, one by a variable's value.
//! They change nothing.

use chrono::NaiveDateTime;
use serde_json::Value as Json;

use crate::crm::deal::variables::Field;
use crate::crm::error::{CrmError, CrmResult};
use crate::crm::key;
use crate::crm::model::DealStatus;
use crate::crm::session::{Session, View, rows};
use crate::crm::variable::set::decode;
use crate::store::statements;
use crate::store::{Batch, StoreError};

impl Session {
    /// The client's active deals, ascending.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_active_orders_ids(&mut self) -> CrmResult<Vec<i64>> {
        self.deals_by_status(DealStatus::Active)
    }

    /// The client's won deals, ascending.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_success_orders_ids(&mut self) -> CrmResult<Vec<i64>> {
        self.deals_by_status(DealStatus::Success)
    }

    /// The client's lost deals, ascending.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_fail_orders_ids(&mut self) -> CrmResult<Vec<i64>> {
        self.deals_by_status(DealStatus::Fail)
    }

    fn deals_by_status(&mut self, status: DealStatus) -> CrmResult<Vec<i64>> {
        let mut batch = Batch::new();
        batch.add(&statements::DEALS_BY_STATUS).int(self.project.id).int(self.client_id).text(status.word());
        let mut ids = Vec::new();
        let mut reader = self.ask_one(batch, View::Written)?.reader();
        while reader.more() {
            ids.push(reader.int()?);
        }
        Ok(ids)
    }

    /// The stage of a deal, of a client's current deal, or of the current deal. One positional argument comes as
    /// `client_id` and is a deal id if it is one. `None`: unprocessed, or no current deal.
    ///
    /// # Errors
    /// Unknown ids are refused, and a deal that is not the client's.
    pub fn get_state_id(&mut self, client_id: Option<i64>, order_id: Option<i64>) -> CrmResult<Option<i64>> {
        let deal = match (client_id, order_id) {
            (None, order_id) => self.deal_or_current(order_id)?,
            (Some(id), None) => self.deal_or_that_of_client(id)?,
            (Some(client), Some(order)) => {
                self.wanted_client("client_id", Some(client))?;
                let deal = self.wanted_deal("order_id", order)?;
                if self.state.deals[deal].deal.client != client {
                    let reason = format!("deal `{order}` is not a deal of client `{client}`");
                    return Err(CrmError::refused("order_id", reason));
                }
                Some(deal)
            }
        };
        Ok(deal.and_then(|index| self.state.deals[index].deal.stage))
    }

    /// What one positional id of `get_state_id` means.
    fn deal_or_that_of_client(&mut self, id: i64) -> CrmResult<Option<usize>> {
        if let Some(deal) = self.find_deal(id)? {
            return Ok(Some(deal));
        }
        let Some(client) = self.find_client(id)? else {
            let reason = format!("there is no deal and no client `{id}` in this project");
            return Err(CrmError::refused("client_id", reason));
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
    pub fn get_order_id_by_var_value(&mut self, var_name: &str, var_value: &Json, client_id: Option<i64>) -> CrmResult<Option<i64>> {
        let client = self.wanted_client("client_id", client_id)?;
        let client = self.state.clients[client].client.id;
        let wanted = key::value(var_value);
        let mut batch = Batch::new();
        if let Some(field) = Field::of(var_name) {
            batch.add(&statements::DEALS_OF_CLIENT).int(self.project.id).int(client);
            let mut reader = self.ask_one(batch, View::Written)?.reader();
            while reader.more() {
                let deal = rows::deal(&mut reader)?;
                if key::value(&field.of_deal(&deal)) == wanted {
                    return Ok(Some(deal.id));
                }
            }
            return Ok(None);
        }
        batch.add(&statements::DEALS_BY_VALUE).int(self.project.id).int(client).text(var_name);
        batch.text(key::index_part(&wanted));
        // A key that was cut off is at most a character shorter than the longest.
        let whole = wanted.len() + 4 <= key::LONGEST_VALUE_KEY;
        let mut reader = self.ask_one(batch, View::Written)?.reader();
        while reader.more() {
            let (id, value) = (reader.int()?, reader.text()?);
            if whole || key::value(&decode(&value)?) == wanted {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// When the newest deal of a client was made, in the project's time zone.
    ///
    /// # Errors
    /// An unknown client is refused.
    pub fn latest_order_datetime(&mut self, client_id: Option<i64>) -> CrmResult<Option<NaiveDateTime>> {
        let client = self.wanted_client("client_id", client_id)?;
        let client = self.state.clients[client].client.id;
        let newest = self.newest_deal(client)?;
        Ok(newest.map(|index| self.local(self.state.deals[index].deal.created_at)))
    }

    /// A client's newest deal, whatever its status.
    pub(in crate::crm) fn newest_deal(&mut self, client: i64) -> Result<Option<usize>, StoreError> {
        let mut batch = Batch::new();
        batch.add(&statements::NEWEST_DEAL).int(self.project.id).int(client);
        let rows = self.ask_one(batch, View::Written)?;
        self.keep_deal(rows)
    }

    /// How many deals a client has: all, or with `get_all` false only active or only closed ones.
    ///
    /// # Errors
    /// An unknown client or stage is refused.
    pub fn count_client_orders(&mut self, client_id: Option<i64>, state_id: Option<i64>, get_all: bool, active: bool) -> CrmResult<i64> {
        let client = self.wanted_client("client_id", client_id)?;
        let client = self.state.clients[client].client.id;
        if let Some(stage) = state_id {
            self.check_stage("state_id", stage)?;
        }
        let status = match (get_all, active) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        let mut batch = Batch::new();
        batch.add(&statements::COUNT_DEALS_OF_CLIENT).int(self.project.id).int(client);
        batch.int(state_id.unwrap_or(0)).int(status);
        Ok(self.ask_one(batch, View::Written)?.reader().int()?)
    }

    /// How many active deals are in a stage, in the whole project.
    ///
    /// # Errors
    /// An unknown stage is refused.
    pub fn get_count_orders(&mut self, id: i64) -> CrmResult<i64> {
        self.check_stage("id", id)?;
        let mut batch = Batch::new();
        batch.add(&statements::COUNT_DEALS_IN_STAGE).int(self.project.id).int(id);
        Ok(self.ask_one(batch, View::Written)?.reader().int()?)
    }
}
