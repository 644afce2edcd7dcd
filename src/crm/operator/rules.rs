//! Operators: who is responsible for the client or a deal, and who works right now.
//! Knows nothing of distribution, which is a file of its own.

use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::model::{Assignment, Operator, OperatorDetails, OperatorStatus};
use crate::crm::session::state::Addition;
use crate::crm::session::{Session, rows};
use crate::crm::{DealId, OperatorId, key};
use crate::store::statements;
use crate::store::{Batch, Rows, StoreError};
use crate::wording::message;

impl Session {
    /// The client has no responsible operator any more.
    ///
    /// # Errors
    /// When the store fails.
    pub fn free_client(&mut self) -> CrmResult<bool> {
        let Some(old) = self.client().operator else { return Ok(true) };
        let operator = self.email_of(old)?;
        let entry = self.own();
        entry.client.operator = None;
        entry.changed = true;
        let client = self.client_id;
        self.record(Effect::OperatorRemoved { client, operator });
        Ok(true)
    }

    /// Gives the client to an operator: that of the email, or a random one on shift. False: nobody is on shift.
    ///
    /// # Errors
    /// An unknown email is refused.
    pub fn assign_to_user(&mut self, email: Option<&str>, only_active: bool) -> CrmResult<bool> {
        let Some(email) = email else {
            let mut batch = Batch::new();
            batch.add(&statements::OPERATORS_ON_SHIFT).int(self.project.id);
            let rows = self.ask_one(&batch)?;
            let on_shift = self.keep_operators(rows)?;
            let Some(operator) = self.rng.choice(on_shift) else { return Ok(false) };
            self.assign(operator)?;
            return Ok(true);
        };
        let operator = self.known_operator(email)?;
        if only_active && self.operators[operator].status != OperatorStatus::OnShift {
            return Ok(false);
        }
        self.assign(operator)?;
        Ok(true)
    }

    /// The email of the responsible operator.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_operator(&mut self) -> CrmResult<Option<String>> {
        Ok(self.operator()?.map(|operator| operator.email.clone()))
    }

    /// The name of the responsible operator, or the email when the name is blank.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_operator_name(&mut self) -> CrmResult<Option<String>> {
        Ok(self.operator()?.map(|operator| if operator.name.trim().is_empty() { operator.email.clone() } else { operator.name.clone() }))
    }

    /// Whether an operator is on shift; `with_pause`: or on a break.
    ///
    /// # Errors
    /// An unknown email is refused.
    pub fn check_operator_status(&mut self, email: &str, with_pause: bool) -> CrmResult<bool> {
        let index = self.known_operator(email)?;
        Ok(match self.operators[index].status {
            OperatorStatus::OnShift => true,
            OperatorStatus::Break => with_pause,
            OperatorStatus::Absent => false,
        })
    }

    /// What is known of the responsible operator; `None`: there is no operator, or nothing is known.
    ///
    /// # Errors
    /// A name of nothing that is known of operators is refused.
    pub fn get_operator_info(&mut self, field_name: &str) -> CrmResult<Option<String>> {
        let field: fn(OperatorDetails) -> Option<String> = match field_name.trim() {
            "description" => |details| details.description,
            "email" | "contact_email" => |details| details.contact_email,
            "phone" => |details| details.phone,
            "position" => |details| details.position,
            "custom_field1" => |OperatorDetails { custom_fields: [field, ..], .. }| field,
            "custom_field2" => |OperatorDetails { custom_fields: [_, field, _], .. }| field,
            "custom_field3" => |OperatorDetails { custom_fields: [.., field], .. }| field,
            _ => return Err(Refusal::UnknownField(field_name.to_owned()).into()),
        };
        let Some(operator) = self.client().operator else { return Ok(None) };
        let mut batch = Batch::new();
        batch.add(&statements::OPERATOR_DETAILS).int(self.project.id).int(operator);
        let rows = self.ask_one(&batch)?;
        if rows.is_empty() {
            return self.vanished(message!("operator-gone", id = operator.to_string())).map_err(Into::into);
        }
        Ok(field(rows::operator_details(&mut rows.reader())?).filter(|text| !text.is_empty()))
    }

    /// Gives a deal an operator of its own. False: there is no current deal.
    ///
    /// # Errors
    /// An unknown email or deal is refused.
    pub fn assign_order_to_user(&mut self, email: &str, order_id: Option<DealId>) -> CrmResult<bool> {
        let operator = self.known_operator(email)?;
        let Some(deal) = self.deal_or_current(order_id)? else { return Ok(false) };
        let new = self.operators[operator].id;
        let old = self.state.deals[deal].deal.operator;
        if old == Some(new) {
            return Ok(true);
        }
        let old = old.map(|id| self.email_of(id)).transpose()?;
        let entry = &mut self.state.deals[deal];
        entry.deal.operator = Some(new);
        entry.details_changed = true;
        let id = entry.deal.id;
        let operator = self.operators[operator].email.clone();
        self.record(Effect::DealOperatorAssigned { id, operator, old });
        Ok(true)
    }

    /// The email of a deal's own operator.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn get_order_operator(&mut self, order_id: Option<DealId>) -> CrmResult<Option<String>> {
        let Some(deal) = self.deal_or_current(order_id)? else { return Ok(None) };
        match self.state.deals[deal].deal.operator {
            Some(id) => Ok(Some(self.email_of(id)?)),
            None => Ok(None),
        }
    }

    /// The client waits for distribution no longer.
    pub(in crate::crm) fn leave_queue(&mut self) {
        let entry = self.own();
        if entry.client.queued {
            entry.client.queued = false;
            entry.client.queued_until = None;
            entry.queue_changed = true;
        }
    }

    /// Makes an operator responsible for the client; every new assignment counts for the balance.
    pub(in crate::crm) fn assign(&mut self, operator: usize) -> CrmResult<()> {
        let new = self.operators[operator].id;
        let old = self.client().operator;
        let now = self.now;
        self.leave_queue();
        if old == Some(new) {
            return Ok(());
        }
        let entry = self.own();
        entry.client.operator = Some(new);
        entry.changed = true;
        let client = entry.client.id;
        self.state.additions.push(Addition::Assignment(client, Assignment { operator: new, at: now }));
        let old = old.map(|id| self.email_of(id)).transpose()?;
        let operator = self.operators[operator].email.clone();
        self.record(Effect::OperatorAssigned { client, operator, old });
        Ok(())
    }

    /// The operator of that email; refused if the project has none.
    pub(in crate::crm) fn known_operator(&mut self, email: &str) -> CrmResult<usize> {
        let email_key = key::email(email);
        if let Some(index) = self.operators.iter().position(|operator| key::email(&operator.email) == email_key) {
            return Ok(index);
        }
        let mut batch = Batch::new();
        batch.add(&statements::OPERATOR_BY_EMAIL).int(self.project.id).text(email_key.as_str());
        let rows = self.ask_one(&batch)?;
        let found = self.keep_operators(rows)?;
        found.first().copied().ok_or_else(|| Refusal::UnknownOperator(email.to_owned()).into())
    }

    pub(in crate::crm) fn operator_by_id(&mut self, id: OperatorId) -> Result<Option<&Operator>, StoreError> {
        if let Some(index) = self.operators.iter().position(|operator| operator.id == id) {
            return Ok(self.operators.get(index));
        }
        let mut batch = Batch::new();
        batch.add(&statements::OPERATOR_BY_ID).int(self.project.id).int(id);
        let rows = self.ask_one(&batch)?;
        match self.keep_operators(rows)?.first() {
            Some(index) => Ok(self.operators.get(*index)),
            None => Ok(None),
        }
    }

    pub(in crate::crm) fn email_of(&mut self, id: OperatorId) -> Result<String, StoreError> {
        match self.operator_by_id(id)? {
            Some(operator) => Ok(operator.email.clone()),
            None => self.vanished(message!("operator-gone", id = id.to_string())),
        }
    }

    /// Takes over operator rows; where each is.
    pub(in crate::crm) fn keep_operators(&mut self, rows: Rows) -> Result<Vec<usize>, StoreError> {
        let mut places = Vec::new();
        let mut reader = rows.reader();
        while reader.more() {
            let operator = rows::operator(&mut reader)?;
            places.push(self.keep_operator(operator));
        }
        Ok(places)
    }

    /// Takes over an operator; where it is.
    pub(in crate::crm) fn keep_operator(&mut self, operator: Operator) -> usize {
        let known = self.operators.iter().position(|known| known.id == operator.id);
        known.unwrap_or_else(|| {
            self.operators.push(operator);
            self.operators.len() - 1
        })
    }
}
