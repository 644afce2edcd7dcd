//! Which deal is current (crm.md C3.5) and what moves when it changes: bare names, and the draft.
//! The client row always holds the answer, so that reading it costs nothing.

use chrono::{DateTime, Duration, Utc};

use crate::crm::effect::Effect;
use crate::crm::error::CrmResult;
use crate::crm::session::Session;
use crate::crm::session::state::DealEntry;
use crate::crm::{ClientId, DealId};
use crate::store::StoreError;
use crate::wording::message;

/// Deals whose moments are no further apart are of the same time: more than all that one session can make are.
const SAME_TIME: Duration = Duration::seconds(1);

impl Session {
    /// Where the client's current deal is in the state.
    pub(in crate::crm) fn current_deal_index(&mut self) -> Result<Option<usize>, StoreError> {
        let Some(id) = self.client().current_deal else { return Ok(None) };
        match self.find_deal(id)? {
            Some(index) => Ok(Some(index)),
            None => self.vanished(message!("current-deal-gone", id = id.to_string())),
        }
    }

    /// The deal an optional `order_id` means; `None` if it means the current one and there is none.
    pub(in crate::crm) fn deal_or_current(&mut self, order_id: Option<DealId>) -> CrmResult<Option<usize>> {
        match order_id {
            Some(id) => self.known_deal(id).map(Some),
            None => Ok(self.current_deal_index()?),
        }
    }

    /// Gives the deals that this session has made for a client the moments that put them in order: each after those made
    /// before it, by this session or by others at the same time. Ids say nothing about that, because they come in stretches.
    /// `others` is the moment of a deal that the state does not hold.
    pub(in crate::crm) fn put_new_deals_in_order(&mut self, client: ClientId, others: Option<DateTime<Utc>>) {
        let now = self.now;
        let is_of_now = |at: &DateTime<Utc>| *at >= now && *at - now < SAME_TIME;
        let of_client = |entry: &&mut DealEntry| entry.deal.client == client && is_of_now(&entry.deal.created_at);
        let stored = self.state.deals.iter_mut().filter(of_client).filter(|entry| !entry.row.is_new());
        let mut last = stored.map(|entry| entry.deal.created_at).chain(others.filter(is_of_now)).max();
        for entry in self.state.deals.iter_mut().filter(of_client).filter(|entry| entry.row.is_new()) {
            let next = last.map_or(now, |last| last + Duration::microseconds(1));
            entry.deal.created_at = next.max(entry.deal.created_at);
            last = Some(entry.deal.created_at);
        }
    }

    /// Makes a deal, or none, the current one of its client; a draft goes over to it.
    pub(in crate::crm) fn make_current(&mut self, client: usize, deal: Option<usize>, chosen: bool) -> CrmResult<bool> {
        let id = deal.map(|index| self.state.deals[index].deal.id);
        let entry = &mut self.state.clients[client];
        let moved = entry.client.current_deal != id;
        if moved || entry.client.current_deal_chosen != chosen {
            entry.client.current_deal = id;
            entry.client.current_deal_chosen = chosen;
            entry.changed = true;
        }
        if !moved {
            return Ok(false);
        }
        if let Some(deal) = deal
            && !self.state.clients[client].draft.is_blank()
        {
            self.deal_variable_set(deal)?;
            let values = self.state.clients[client].draft.take_all();
            self.deal_variable_set(deal)?.take_over(values);
        }
        if client == 0 {
            self.variables_generation += 1;
        }
        Ok(true)
    }

    /// After a deal was closed or deleted: if it was the current one, the newest active one takes its place.
    pub(in crate::crm) fn leave_current(&mut self, client: usize, deal_id: DealId) -> CrmResult<()> {
        if self.state.clients[client].client.current_deal != Some(deal_id) {
            return Ok(());
        }
        let id = self.state.clients[client].client.id;
        let next = self.newest_active_deal(id)?;
        let next_id = next.map(|index| self.state.deals[index].deal.id);
        if self.make_current(client, next, false)? {
            self.record(Effect::CurrentDealSet { client: id, id: next_id });
        }
        Ok(())
    }

    /// After a deal became active again: it is current unless another was chosen or is newer.
    pub(in crate::crm) fn return_to_current(&mut self, client: usize, deal: usize) -> CrmResult<()> {
        let (current, chosen) = {
            let owner = &self.state.clients[client].client;
            (owner.current_deal, owner.current_deal_chosen)
        };
        let rank = |session: &Self, index: usize| session.state.deals[index].rank();
        let takes_over = match current {
            None => true,
            Some(_) if chosen => false,
            Some(id) => match self.find_deal(id)? {
                Some(index) => rank(self, deal) > rank(self, index),
                None => true,
            },
        };
        if takes_over && self.make_current(client, Some(deal), false)? {
            let (client, id) = (self.state.clients[client].client.id, self.state.deals[deal].deal.id);
            self.record(Effect::CurrentDealSet { client, id: Some(id) });
        }
        Ok(())
    }
}
