//! The functions that read and set variables of any client and any deal.

use crate::builtins;
use crate::crm::arguments::VariableNames;
use crate::crm::{ClientId, CrmContext as _, DealId};
use crate::function::Role;
use crate::value::{Dict, Text, Value};

builtins! {
    /// Variables of any client and any deal, one by one or several at once.
    pub static FUNCTIONS: Host "variables" = {
        /// The value of a variable of a client.
        ///
        /// `None` when the client has no such variable.
        ///
        /// ```calc
        /// client.city = 'Tula'
        /// get_client_var(client_id, 'city') # => Tula
        /// ```
        vendor fn get_client_var(
            context, client_id: ClientId => "the client", variable: Text as Role::VariableName => "the name of the variable",
        ) -> Value, fails None {
            Ok(context.crm()?.get_client_var(Some(client_id), &variable)?.unwrap_or_default())
        }

        /// Variables of a client as a dict.
        ///
        /// Without names all of them. A name that the client does not have gets `None`.
        ///
        /// ```calc
        /// set_client_vars(102, {'city': 'Tula', 'size': 42})
        /// get_client_vars(102, ['city', 'size']) # => {"city": "Tula", "size": 42}
        /// ```
        vendor fn get_client_vars(
            context, client_id: ClientId => "the client",
            names: Option<VariableNames> = "None" => "names of variables: a list, its JSON text or one name; not given: all",
        ) -> Dict, fails None {
            let names = names.as_ref().map(|names| &*names.0);
            Ok(context.crm()?.get_client_vars(Some(client_id), names)?)
        }

        /// Sets a variable of a client.
        ///
        /// An empty text or `None` deletes it. `False` for a name that begins with `_`.
        ///
        /// ```calc
        /// set_client_var(102, 'city', 'Tula')
        /// get_client_var(102, 'city') # => Tula
        /// ```
        vendor fn set_client_var(
            context, client_id: ClientId => "the client", variable: Text as Role::VariableName => "the name of the variable",
            value: Value as Role::VariableValue => "the value; empty to delete it",
        ) -> bool, fails False {
            context.check_memory_for_text(&value)?;
            Ok(context.crm()?.set_client_var(Some(client_id), &variable, value)?)
        }

        /// Sets several variables of a client at once.
        ///
        /// Each as `set_client_var` does; when one is refused none is set.
        ///
        /// ```calc
        /// set_client_vars(102, '{"city": "Tula"}')
        /// get_client_var(102, 'city') # => Tula
        /// ```
        vendor fn set_client_vars(
            context, client_id: ClientId => "the client", variables_dict: Dict as Role::VariableValues => "names and values, or the JSON text of them",
        ) -> bool, fails False {
            let values = Value::from(variables_dict.clone());
            context.check_memory_for_text(&values)?;
            Ok(context.crm()?.set_client_vars(Some(client_id), variables_dict)?)
        }

        /// The value of a variable of a deal.
        ///
        /// `name`, `description` and `budget` are the deal's own; they may be written in any case. `None` when the deal has
        /// no such variable.
        ///
        /// ```calc
        /// get_order_var(501, 'budget') # => 3490
        /// ```
        vendor fn get_order_var(
            context, order_id: DealId => "the deal", variable: Text as Role::VariableName => "the name of the variable",
        ) -> Value, fails None {
            Ok(context.crm()?.get_order_var(order_id, &variable)?.unwrap_or_default())
        }

        /// Variables of a deal as a dict.
        ///
        /// Without names all of them, with the deal's name, description and budget. A name that the deal does not have gets
        /// `None`.
        ///
        /// ```calc
        /// get_order_vars(501, ['name', 'budget']) # => {"name": "Electric kettle", "budget": 3490}
        /// ```
        vendor fn get_order_vars(
            context, order_id: DealId => "the deal",
            names: Option<VariableNames> = "None" => "names of variables: a list, its JSON text or one name; not given: all",
        ) -> Dict, fails None {
            let names = names.as_ref().map(|names| &*names.0);
            Ok(context.crm()?.get_order_vars(order_id, names)?)
        }

        /// Sets a variable of a deal.
        ///
        /// `name`, `description` and `budget` are the deal's own; they may be written in any case. An empty text or `None`
        /// deletes the variable, or empties name or description. `False` for a budget that is not a number, and for a name
        /// that begins with `_`.
        ///
        /// ```calc
        /// set_order_var(501, 'color', 'red')
        /// get_order_var(501, 'color') # => red
        /// ```
        vendor fn set_order_var(
            context, order_id: DealId => "the deal", variable: Text as Role::VariableName => "the name of the variable",
            value: Value as Role::VariableValue => "the value; empty to delete it",
        ) -> bool, fails False {
            context.check_memory_for_text(&value)?;
            Ok(context.crm()?.set_order_var(order_id, &variable, value)?)
        }

        /// Sets several variables of a deal at once.
        ///
        /// Each as `set_order_var` does; when one is refused none is set.
        ///
        /// ```calc
        /// set_order_vars(501, {'color': 'red', 'cups': 6})
        /// get_order_var(501, 'cups') # => 6
        /// ```
        vendor fn set_order_vars(
            context, order_id: DealId => "the deal", variables_dict: Dict as Role::VariableValues => "names and values, or the JSON text of them",
        ) -> bool, fails False {
            let values = Value::from(variables_dict.clone());
            context.check_memory_for_text(&values)?;
            Ok(context.crm()?.set_order_vars(order_id, variables_dict)?)
        }
    }
}
