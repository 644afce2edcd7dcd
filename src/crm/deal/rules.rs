//! The functions that make, change, move, close and delete deals (the language calls them orders).
//! Questions about deals and their variables have files of their own.

use serde_json::Number;

use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::lengths::{self, LONGEST_NAME, LONGEST_TEXT};
use crate::crm::model::{Client, Deal, DealStatus, Pipeline, Stage};
use crate::crm::session::Session;
use crate::crm::session::state::{ClientEntry, Contact, DealEntry, first_version};
use crate::crm::variable::set::is_storable;
use crate::crm::{ClientId, DealId, PipelineId, StageId, key, role};
use crate::store::statements;
use crate::store::{Batch, Rows, StoreError};
use crate::value::Value;
use crate::wording::message;

/// What `create_order` may be told; everything is optional.
#[derive(Debug, Clone, Default)]
pub struct NewOrder<'n> {
    /// The deal's name; empty without.
    pub name: Option<&'n str>,
    /// The deal's budget; 0 without.
    pub budget: Option<Number>,
    /// The deal's description; empty without.
    pub description: Option<&'n str>,
    /// The name of a client that has to be made.
    pub client_name: Option<&'n str>,
    /// The phone of the client whose deal it is; made if there is none.
    pub phone: Option<&'n str>,
    /// The same by email, when there is no phone.
    pub email: Option<&'n str>,
    /// The stage.
    pub state_id: Option<StageId>,
    /// Variables copied from the client's old current deal.
    pub transfer_vars: &'n [String],
}

/// What `create_order` made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreatedOrder {
    /// The new deal.
    pub id: DealId,
    /// Whose it is.
    pub client: ClientId,
    /// Whether that client was made for it.
    pub client_created: bool,
}

/// A stage with its pipeline.
struct FoundStage {
    pipeline: PipelineId,
    pipeline_name: String,
    stage: StageId,
    stage_name: String,
}

impl Session {
    /// The id of the current deal.
    ///
    /// # Errors
    /// Never; the type is that of all functions.
    pub fn get_order_id(&self) -> CrmResult<Option<DealId>> {
        Ok(self.client().current_deal)
    }

    /// Makes a deal; it becomes the current one of its client.
    ///
    /// # Errors
    /// An unknown stage, a phone without digits and texts that are too long are refused, and nothing is made.
    pub fn create_order(&mut self, order: &NewOrder<'_>) -> CrmResult<CreatedOrder> {
        lengths::check_optional(&[role::NAME], order.name, LONGEST_NAME)?;
        lengths::check_optional(&[role::DESCRIPTION], order.description, LONGEST_TEXT)?;
        lengths::check_optional(&[role::CLIENT_NAME], order.client_name, LONGEST_NAME)?;
        lengths::check_optional(&[role::PHONE], order.phone, LONGEST_NAME)?;
        lengths::check_optional(&[role::EMAIL], order.email, LONGEST_NAME)?;
        let contact = self.contact(order)?;
        let found = self.prepare_order(order, contact.as_ref())?;
        let place = match order.state_id {
            Some(id) => Some(self.place(id).ok_or(Refusal::UnknownStage(id))?),
            None if self.project.auto_accept_leads => self.first_place(),
            None => None,
        };
        let client = match (&contact, found) {
            (None, _) => Some(0),
            (_, Some(id)) => self.find_client(id)?,
            (_, None) => None,
        };
        let client_created = client.is_none();
        let client = match client {
            Some(index) => index,
            None => self.create_client(order)?,
        };
        let transferred = self.variables_to_transfer(client, order.transfer_vars)?;
        let id = self.ids.next()?;
        let owner = self.state.clients[client].client.id;
        let deal = Deal {
            id,
            client: owner,
            name: order.name.unwrap_or_default().to_owned(),
            description: order.description.unwrap_or_default().to_owned(),
            budget: order.budget.clone().unwrap_or_else(|| Number::from(0)),
            pipeline: place.as_ref().map(|place| place.pipeline),
            stage: place.as_ref().map(|place| place.stage),
            status: DealStatus::Active,
            created_at: self.now,
            closed_at: None,
            operator: None,
        };
        self.record(Effect::DealCreated {
            id,
            client: owner,
            name: deal.name.clone(),
            description: deal.description.clone(),
            budget: deal.budget.clone(),
            stage: deal.stage,
            stage_name: place.as_ref().map(|place| place.stage_name.clone()),
            pipeline: deal.pipeline,
            pipeline_name: place.map(|place| place.pipeline_name),
        });
        self.state.deals.push(DealEntry::new(deal));
        let index = self.state.deals.len() - 1;
        self.put_new_deals_in_order(owner, None);
        for (name, value) in transferred {
            let json = value.to_json();
            self.deal_variable_set(index)?.set(&name, value);
            self.record(Effect::DealVariableSet { id, name, value: json });
        }
        self.make_current(client, Some(index), true)?;
        Ok(CreatedOrder { id, client: owner, client_created })
    }

    /// Whose the new deal is, by a contact; `None` for the session's own client.
    fn contact(&self, order: &NewOrder<'_>) -> CrmResult<Option<Contact>> {
        let own = self.client();
        if let Some(phone) = order.phone {
            let phone = key::phone(phone).ok_or_else(|| Refusal::NotAPhone(phone.to_owned()))?;
            let is_own = own.phone.as_deref().and_then(key::phone).as_deref() == Some(phone.as_str());
            return Ok((!is_own).then_some(Contact::Phone(phone)));
        }
        if let Some(email) = order.email {
            let email = key::email(email);
            let is_own = own.email.as_deref().map(key::email).as_deref() == Some(email.as_str());
            return Ok((!is_own).then_some(Contact::Email(email)));
        }
        Ok(None)
    }

    /// Asks in one round trip for all that a new deal needs: ids, the pipelines, the client of the contact.
    fn prepare_order(&mut self, order: &NewOrder<'_>, contact: Option<&Contact>) -> CrmResult<Option<ClientId>> {
        // A client made by this session may not be in the database yet.
        let made = self.state.clients.iter().filter(|entry| !entry.stored).find(|entry| match contact {
            None => false,
            Some(Contact::Phone(phone)) => entry.client.phone.as_deref().and_then(key::phone).as_ref() == Some(phone),
            Some(Contact::Email(email)) => entry.client.email.as_deref().map(key::email).as_ref() == Some(email),
        });
        let made = made.map(|entry| entry.client.id);
        let search = made.is_none() && contact.is_some();
        let wanted_ids = if search { 2 } else { 1 };
        self.ids.ensure(&mut self.link, wanted_ids)?;
        let mut batch = Batch::new();
        let needs_stage = order.state_id.is_some() || self.project.auto_accept_leads;
        let asked_pipelines = needs_stage && self.pipelines.is_none();
        if asked_pipelines {
            batch.add(&statements::PIPELINES).int(self.project.id);
        }
        match contact {
            Some(Contact::Phone(phone)) if search => {
                batch.add(&statements::CLIENT_BY_PHONE).int(self.project.id).text(phone.as_str()).int(self.client_id);
            }
            Some(Contact::Email(email)) if search => {
                batch.add(&statements::CLIENT_BY_EMAIL).int(self.project.id).text(email.as_str()).int(self.client_id);
            }
            _ => {}
        }
        if batch.is_empty() {
            return Ok(made);
        }
        let mut results = self.ask(&batch)?.into_iter();
        if asked_pipelines {
            self.pipelines = Some(read_pipelines(results.next().unwrap_or_default())?);
        }
        if search {
            let rows = results.next().unwrap_or_default();
            if rows.is_empty() {
                // It has to be so at the end as well: two who make a client for one phone at once make one.
                self.state.absent_contacts.extend(contact.cloned());
                return Ok(None);
            }
            return rows.reader().int().map(Some).map_err(Into::into);
        }
        Ok(made)
    }

    fn create_client(&mut self, order: &NewOrder<'_>) -> CrmResult<usize> {
        let id = self.ids.next()?;
        let name = order.client_name.or(order.phone).or(order.email).unwrap_or_default();
        let client = Client {
            id,
            name: name.to_owned(),
            platform_id: None,
            client_type: None,
            phone: order.phone.map(str::to_owned),
            email: order.email.map(str::to_owned),
            tag: None,
            created_at: self.now,
            last_message_at: None,
            question: None,
            operator: None,
            unread: 0,
            blocked: false,
            unsubscribed: false,
            queued: false,
            queued_until: None,
            position: None,
            main_client: None,
            current_deal: None,
            current_deal_chosen: false,
            group: None,
            paused_until: None,
        };
        self.record(Effect::ClientCreated { id, name: client.name.clone(), phone: client.phone.clone(), email: client.email.clone() });
        self.state.clients.push(ClientEntry::new(client, first_version(self.generation)));
        Ok(self.state.clients.len() - 1)
    }

    fn variables_to_transfer(&mut self, client: usize, names: &[String]) -> CrmResult<Vec<(String, Value)>> {
        let mut transferred = Vec::new();
        if names.is_empty() {
            return Ok(transferred);
        }
        let Some(old) = self.state.clients[client].client.current_deal else { return Ok(transferred) };
        let Some(old) = self.find_deal(old)? else { return Ok(transferred) };
        let variables = self.deal_variable_set(old)?;
        for name in names {
            if let Some(value) = variables.get(name)?
                && is_storable(name, value)
            {
                transferred.push((name.clone(), value.clone()));
            }
        }
        Ok(transferred)
    }

    /// Gives a deal another name. False: there is no current deal.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn set_order_name(&mut self, name: &str, order_id: Option<DealId>) -> CrmResult<bool> {
        lengths::check(&[role::NAME], name, LONGEST_NAME)?;
        let Some(index) = self.deal_or_current(order_id)? else { return Ok(false) };
        self.rename_deal(index, name);
        Ok(true)
    }

    /// Gives a deal another budget. False: there is no current deal.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn set_order_budget(&mut self, budget: &Number, order_id: Option<DealId>) -> CrmResult<bool> {
        let Some(index) = self.deal_or_current(order_id)? else { return Ok(false) };
        self.set_deal_budget(index, budget);
        Ok(true)
    }

    pub(in crate::crm) fn rename_deal(&mut self, index: usize, name: &str) {
        let entry = &mut self.state.deals[index];
        if entry.deal.name != name {
            let old = std::mem::replace(&mut entry.deal.name, name.to_owned());
            entry.details_changed = true;
            let id = entry.deal.id;
            self.record(Effect::DealRenamed { id, old, new: name.to_owned() });
        }
    }

    pub(in crate::crm) fn describe_deal(&mut self, index: usize, description: &str) {
        let entry = &mut self.state.deals[index];
        if entry.deal.description != description {
            let old = std::mem::replace(&mut entry.deal.description, description.to_owned());
            entry.details_changed = true;
            let id = entry.deal.id;
            self.record(Effect::DealDescribed { id, old, new: description.to_owned() });
        }
    }

    pub(in crate::crm) fn set_deal_budget(&mut self, index: usize, budget: &Number) {
        let entry = &mut self.state.deals[index];
        if entry.deal.budget != *budget {
            let old = std::mem::replace(&mut entry.deal.budget, budget.clone());
            entry.details_changed = true;
            let id = entry.deal.id;
            self.record(Effect::DealBudgetSet { id, old, new: budget.clone() });
        }
    }

    /// Moves a deal to the next stage of its pipeline; returns that stage. `None`: it is closed or at the last stage,
    /// or there is no current deal.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn move_order_to_next_state(&mut self, order_id: Option<DealId>) -> CrmResult<Option<StageId>> {
        let Some(index) = self.deal_or_current(order_id)? else { return Ok(None) };
        let (status, stage) = (self.state.deals[index].deal.status, self.state.deals[index].deal.stage);
        if status != DealStatus::Active {
            return Ok(None);
        }
        self.load_pipelines()?;
        let next = match stage {
            None => self.first_place(),
            Some(stage) => self.place_after(stage),
        };
        let Some(place) = next else { return Ok(None) };
        let stage = place.stage;
        self.move_deal(index, place);
        Ok(Some(stage))
    }

    /// Moves a deal to a stage of any pipeline; a closed one becomes active again. False: there is no current deal.
    ///
    /// # Errors
    /// An unknown stage or deal is refused.
    pub fn change_state(&mut self, state_id: StageId, order_id: Option<DealId>) -> CrmResult<bool> {
        self.load_pipelines()?;
        let place = self.place(state_id).ok_or(Refusal::UnknownStage(state_id))?;
        let Some(index) = self.deal_or_current(order_id)? else { return Ok(false) };
        if self.state.deals[index].deal.stage != Some(state_id) {
            self.move_deal(index, place);
        }
        if self.state.deals[index].deal.status != DealStatus::Active {
            let client = self.owner_of(index)?;
            self.set_status(index, DealStatus::Active);
            self.return_to_current(client, index)?;
        }
        Ok(true)
    }

    fn move_deal(&mut self, index: usize, place: FoundStage) {
        let old_stage = self.state.deals[index].deal.stage;
        let old_stage_name = old_stage.and_then(|id| self.place(id)).map(|place| place.stage_name);
        let entry = &mut self.state.deals[index];
        entry.deal.stage = Some(place.stage);
        entry.deal.pipeline = Some(place.pipeline);
        entry.place_changed = true;
        let id = entry.deal.id;
        self.record(Effect::DealMoved {
            id,
            old_stage,
            old_stage_name,
            stage: place.stage,
            stage_name: place.stage_name,
            pipeline: place.pipeline,
            pipeline_name: place.pipeline_name,
        });
    }

    /// Closes a deal as won. False: there is no current deal.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn set_order_status_success(&mut self, order_id: Option<DealId>) -> CrmResult<bool> {
        self.close_deal(order_id, DealStatus::Success)
    }

    /// Closes a deal as lost. False: there is no current deal.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn set_order_status_fail(&mut self, order_id: Option<DealId>) -> CrmResult<bool> {
        self.close_deal(order_id, DealStatus::Fail)
    }

    /// Puts a deal away. False: there is no current deal.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn set_order_status_archive(&mut self, order_id: Option<DealId>) -> CrmResult<bool> {
        self.close_deal(order_id, DealStatus::Archive)
    }

    fn close_deal(&mut self, order_id: Option<DealId>, status: DealStatus) -> CrmResult<bool> {
        let Some(index) = self.deal_or_current(order_id)? else { return Ok(false) };
        if self.state.deals[index].deal.status != status {
            let client = self.owner_of(index)?;
            let id = self.state.deals[index].deal.id;
            self.set_status(index, status);
            self.leave_current(client, id)?;
        }
        Ok(true)
    }

    fn set_status(&mut self, index: usize, new: DealStatus) {
        let now = self.now;
        let entry = &mut self.state.deals[index];
        let old = std::mem::replace(&mut entry.deal.status, new);
        entry.deal.closed_at = (new != DealStatus::Active).then_some(now);
        entry.place_changed = true;
        let id = entry.deal.id;
        self.record(Effect::DealStatusSet { id, old, new });
    }

    /// Deletes a deal with its variables; without id the client's newest one, whatever its status. False: it has none.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn delete_order(&mut self, order_id: Option<DealId>) -> CrmResult<bool> {
        let index = match order_id {
            Some(id) => Some(self.known_deal(id)?),
            None => self.newest_deal(self.client_id)?,
        };
        let Some(index) = index else { return Ok(false) };
        let client = self.owner_of(index)?;
        let entry = &mut self.state.deals[index];
        entry.row.delete();
        entry.variables = None;
        let (id, owner, name) = (entry.deal.id, entry.deal.client, entry.deal.name.clone());
        self.record(Effect::DealDeleted { id, client: owner, name });
        self.leave_current(client, id)?;
        Ok(true)
    }

    /// Makes one of the client's deals the current one: that of the id, or the newest one, whatever its status.
    ///
    /// # Errors
    /// An unknown deal is refused, and one of another client.
    pub fn switch_order(&mut self, order_id: Option<DealId>) -> CrmResult<()> {
        let client = self.client_id;
        let index = match order_id {
            Some(id) => {
                let index = self.known_deal(id)?;
                let owner = self.state.deals[index].deal.client;
                if owner != client {
                    return Err(Refusal::DealOfAnotherClient { deal: id, client: self.client_id }.into());
                }
                Some(index)
            }
            None => self.newest_deal(client)?,
        };
        let Some(index) = index else { return Ok(()) };
        if self.make_current(0, Some(index), true)? {
            let id = Some(self.state.deals[index].deal.id);
            self.record(Effect::CurrentDealSet { client, id });
        }
        Ok(())
    }

    /// The client of a deal, in the state.
    fn owner_of(&mut self, deal: usize) -> Result<usize, StoreError> {
        let id = self.state.deals[deal].deal.client;
        match self.find_client(id)? {
            Some(index) => Ok(index),
            None => self.vanished(message!("client-gone", id = id.to_string())),
        }
    }

    /// Reads the project's pipelines, once.
    pub(in crate::crm) fn load_pipelines(&mut self) -> Result<(), StoreError> {
        if self.pipelines.is_none() {
            let mut batch = Batch::new();
            batch.add(&statements::PIPELINES).int(self.project.id);
            let rows = self.ask_one(&batch)?;
            self.pipelines = Some(read_pipelines(rows)?);
        }
        Ok(())
    }

    /// Refuses a stage that the project does not have.
    pub(in crate::crm) fn check_stage(&mut self, id: StageId) -> CrmResult<()> {
        self.load_pipelines()?;
        self.place(id).map(|_| ()).ok_or_else(|| Refusal::UnknownStage(id).into())
    }

    fn place(&self, stage: StageId) -> Option<FoundStage> {
        self.find_place(stage).map(|(pipeline, index)| FoundStage::of(pipeline, &pipeline.stages[index]))
    }

    fn place_after(&self, stage: StageId) -> Option<FoundStage> {
        let (pipeline, index) = self.find_place(stage)?;
        pipeline.stages.get(index + 1).map(|stage| FoundStage::of(pipeline, stage))
    }

    fn first_place(&self) -> Option<FoundStage> {
        let pipeline = self.pipelines.as_ref()?.first()?;
        pipeline.stages.first().map(|stage| FoundStage::of(pipeline, stage))
    }

    fn find_place(&self, stage: StageId) -> Option<(&Pipeline, usize)> {
        self.pipelines.iter().flatten().find_map(|pipeline| {
            let index = pipeline.stages.iter().position(|candidate| candidate.id == stage)?;
            Some((pipeline, index))
        })
    }
}

impl FoundStage {
    fn of(pipeline: &Pipeline, stage: &Stage) -> Self {
        Self { pipeline: pipeline.id, pipeline_name: pipeline.name.clone(), stage: stage.id, stage_name: stage.name.clone() }
    }
}

pub(crate) fn read_pipelines(rows: Rows) -> Result<Vec<Pipeline>, StoreError> {
    let mut pipelines: Vec<Pipeline> = Vec::new();
    let mut positions: Vec<i64> = Vec::new();
    let mut reader = rows.reader();
    while reader.more() {
        let (id, name) = (reader.int()?, reader.text()?);
        let stage = (reader.optional_int()?, reader.optional_text()?, reader.optional_int()?);
        if pipelines.last().is_none_or(|last| last.id != id) {
            pipelines.push(Pipeline { id, name, stages: Vec::new() });
            positions.clear();
        }
        if let (Some(pipeline), (Some(id), Some(name), Some(position))) = (pipelines.last_mut(), stage) {
            let place = positions.partition_point(|other| *other <= position);
            positions.insert(place, position);
            pipeline.stages.insert(place, Stage { id, name });
        }
    }
    Ok(pipelines)
}
