//! Variables of any deal and any client by id, and the fields of a deal that are read and set like variables.
//! What bare names mean is another file's.

use serde_json::Number as JsonNumber;

use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::lengths::{self, LONGEST_NAME, LONGEST_TEXT};
use crate::crm::model::Deal;
use crate::crm::session::{Session, rows};
use crate::crm::{ClientId, DealId};
use crate::function::Role;
use crate::value::number::Number;
use crate::value::{Dict, Value};

/// A part of a deal that is read and set like a variable.
#[derive(Clone, Copy)]
pub(in crate::crm) enum Field {
    Name,
    Description,
    Budget,
}

/// One change of `set_order_var`, checked.
enum FieldChange<'c> {
    Name(String),
    Description(String),
    Budget(JsonNumber),
    Variable(&'c str, &'c Value),
}

impl Field {
    /// The field a name means, in any letter case.
    pub(in crate::crm) fn of(name: &str) -> Option<Self> {
        // The longest spelling has 16 bytes.
        if name.len() > 16 {
            return None;
        }
        match name.to_lowercase().as_str() {
            "name" | "название" => Some(Self::Name),
            "description" | "описание" => Some(Self::Description),
            "budget" => Some(Self::Budget),
            _ => None,
        }
    }

    pub(in crate::crm) fn of_deal(self, deal: &Deal) -> Value {
        match self {
            Self::Name => Value::from(deal.name.as_str()),
            Self::Description => Value::from(deal.description.as_str()),
            Self::Budget => Value::from(Number::from(&deal.budget)),
        }
    }
}

impl Session {
    /// A variable or field of a deal; `None` if it has none of that name.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn get_order_var(&mut self, order_id: DealId, variable: &str) -> CrmResult<Option<Value>> {
        let index = self.known_deal(order_id)?;
        if let Some(field) = Field::of(variable) {
            return Ok(Some(field.of_deal(&self.state.deals[index].deal)));
        }
        Ok(self.deal_variable_set(index)?.get(variable)?.cloned())
    }

    /// Variables and fields of a deal by name, missing ones as `None`; without names all of them.
    ///
    /// # Errors
    /// An unknown deal is refused.
    pub fn get_order_vars(&mut self, order_id: DealId, names: Option<&[String]>) -> CrmResult<Dict> {
        let index = self.known_deal(order_id)?;
        let mut found = Dict::new();
        if let Some(names) = names {
            for name in names {
                let value = match Field::of(name) {
                    Some(field) => Some(field.of_deal(&self.state.deals[index].deal)),
                    None => self.deal_variable_set(index)?.get(name)?.cloned(),
                };
                found.insert(name.into(), value.unwrap_or_default());
            }
            return Ok(found);
        }
        let deal = &self.state.deals[index].deal;
        for (name, field) in [("name", Field::Name), ("description", Field::Description), ("budget", Field::Budget)] {
            found.insert(name.into(), field.of_deal(deal));
        }
        for (name, value) in self.deal_variable_set(index)?.all()? {
            if Field::of(name).is_none() {
                found.insert(name.into(), value.clone());
            }
        }
        Ok(found)
    }

    /// Sets a variable or field of a deal; an empty value deletes the variable, or empties name or description.
    ///
    /// # Errors
    /// An unknown deal is refused, a budget that is not a number, and a name that begins with `_`.
    pub fn set_order_var(&mut self, order_id: DealId, variable: &str, value: impl Into<Value>) -> CrmResult<bool> {
        let index = self.known_deal(order_id)?;
        let value = value.into();
        let change = checked(variable, &value)?;
        self.change_deal(index, vec![change])
    }

    /// Sets several variables or fields of a deal, all or nothing.
    ///
    /// # Errors
    /// As for `set_order_var`.
    pub fn set_order_vars(&mut self, order_id: DealId, variables_dict: impl Into<Dict>) -> CrmResult<bool> {
        let variables_dict = variables_dict.into();
        let index = self.known_deal(order_id)?;
        let changes: Vec<FieldChange<'_>> = variables_dict.iter().map(|(name, value)| checked(name, value)).collect::<CrmResult<_>>()?;
        self.change_deal(index, changes)
    }

    fn change_deal(&mut self, index: usize, changes: Vec<FieldChange<'_>>) -> CrmResult<bool> {
        // Reading can fail, changing cannot: so all or nothing holds.
        self.deal_variable_set(index)?;
        let id = self.state.deals[index].deal.id;
        let is_current = self.client().current_deal == Some(id);
        for change in changes {
            match change {
                FieldChange::Name(name) => self.rename_deal(index, &name),
                FieldChange::Description(description) => self.describe_deal(index, &description),
                FieldChange::Budget(budget) => self.set_deal_budget(index, &budget),
                FieldChange::Variable(name, value) => {
                    let variables = self.deal_variable_set(index)?;
                    let effect = if value.is_none_or_empty() {
                        if !variables.remove(name) {
                            continue;
                        }
                        Effect::DealVariableDeleted { id, name: name.to_owned() }
                    } else {
                        if variables.get(name)? == Some(value) {
                            continue;
                        }
                        variables.set(name, value.clone());
                        Effect::DealVariableSet { id, name: name.to_owned(), value: value.to_json() }
                    };
                    self.record(effect);
                    self.variables_generation += u64::from(is_current);
                }
            }
        }
        Ok(true)
    }

    /// A variable of a client; `None` if it has none of that name.
    ///
    /// # Errors
    /// An unknown client is refused.
    pub fn get_client_var(&mut self, client_id: Option<ClientId>, variable: &str) -> CrmResult<Option<Value>> {
        let index = self.known_client(client_id)?;
        Ok(self.client_variable_set(index)?.get(variable)?.cloned())
    }

    /// Variables of a client by name, missing ones as `None`; without names all of them.
    ///
    /// # Errors
    /// An unknown client is refused.
    pub fn get_client_vars(&mut self, client_id: Option<ClientId>, names: Option<&[String]>) -> CrmResult<Dict> {
        let index = self.known_client(client_id)?;
        let variables = self.client_variable_set(index)?;
        let Some(names) = names else {
            return Ok(variables.all()?.into_iter().map(|(name, value)| (name.into(), value.clone())).collect());
        };
        let mut found = Dict::new();
        for name in names {
            found.insert(name.into(), variables.get(name)?.cloned().unwrap_or_default());
        }
        Ok(found)
    }

    /// Sets a variable of a client; an empty value deletes it.
    ///
    /// # Errors
    /// An unknown client is refused, and a name that begins with `_`.
    pub fn set_client_var(&mut self, client_id: Option<ClientId>, variable: &str, value: impl Into<Value>) -> CrmResult<bool> {
        let index = self.known_client(client_id)?;
        check_name(variable)?;
        self.change_client(index, variable, value.into())?;
        Ok(true)
    }

    /// Sets several variables of a client, all or nothing.
    ///
    /// # Errors
    /// As for `set_client_var`.
    pub fn set_client_vars(&mut self, client_id: Option<ClientId>, variables_dict: impl Into<Dict>) -> CrmResult<bool> {
        let variables_dict = variables_dict.into();
        let index = self.known_client(client_id)?;
        for name in variables_dict.keys() {
            check_name(name)?;
        }
        for (name, value) in variables_dict.iter() {
            self.change_client(index, name, value.clone())?;
        }
        Ok(true)
    }

    fn change_client(&mut self, index: usize, name: &str, value: Value) -> CrmResult<()> {
        let id = self.state.clients[index].client.id;
        let variables = self.client_variable_set(index)?;
        let effect = if value.is_none_or_empty() {
            if !variables.remove(name) {
                return Ok(());
            }
            Effect::ClientVariableDeleted { id, name: name.to_owned() }
        } else {
            if variables.get(name)? == Some(&value) {
                return Ok(());
            }
            let effect = Effect::ClientVariableSet { id, name: name.to_owned(), value: value.to_json() };
            variables.set(name, value);
            effect
        };
        self.record(effect);
        self.variables_generation += u64::from(index == 0);
        Ok(())
    }
}

/// What setting a name to a value means for a deal; nothing is changed yet.
fn checked<'c>(name: &'c str, value: &'c Value) -> CrmResult<FieldChange<'c>> {
    match Field::of(name) {
        Some(Field::Name) => {
            let name = value.interpolated().into_owned();
            lengths::check(&[Role::VariableValue, Role::VariableValues], &name, LONGEST_NAME)?;
            Ok(FieldChange::Name(name))
        }
        Some(Field::Description) => {
            let description = value.interpolated().into_owned();
            lengths::check(&[Role::VariableValue, Role::VariableValues], &description, LONGEST_TEXT)?;
            Ok(FieldChange::Description(description))
        }
        Some(Field::Budget) => {
            let number = match value {
                Value::Int(int) => Some((*int).into()),
                Value::Float(float) => JsonNumber::from_f64(float.get()),
                Value::Text(text) => rows::budget(text),
                _ => None,
            };
            number.map(FieldChange::Budget).ok_or_else(|| Refusal::NotABudget(value.interpolated().into_owned()).into())
        }
        None => {
            check_name(name)?;
            Ok(FieldChange::Variable(name, value))
        }
    }
}

fn check_name(name: &str) -> CrmResult<()> {
    if name.starts_with('_') {
        return Err(Refusal::TemporaryVariable(name.to_owned()).into());
    }
    Ok(())
}
