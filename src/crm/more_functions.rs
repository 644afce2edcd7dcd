//! CRM functions that came later (crm.md, "Newer vendor functions").

use super::arguments::{Names, dict_of, stored, stored_dict};
use super::{ClientId, CrmContext as _, DealId};
use crate::builtins;
use crate::value::{Dict, Text, Value};

builtins! {
    /// Switching between deals, operators of deals, variables of any client.
    pub static FUNCTIONS: Host "more" = {
        /// Makes one of the client's deals the current one.
        ///
        /// Bare names mean its variables from then on. `None` when the client has no such deal.
        ///
        /// ```calc
        /// gift = create_order('Gift box')
        /// switch_order(501)
        /// get_order_id() # => 501
        /// ```
        vendor fn switch_order(context, order_id: DealId => "the deal") -> bool, fails None {
            Ok(context.crm()?.switch_order(order_id.0)?)
        }

        /// Gives a deal an operator of its own.
        ///
        /// The client's responsible operator stays as it is. `False` when no operator has that email.
        ///
        /// ```calc
        /// assign_order_to_user('pavel@example.com')
        /// get_order_operator() # => pavel@example.com
        /// ```
        vendor fn assign_order_to_user(
            context, email: Text => "the operator", order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> bool, fails False {
            Ok(context.crm()?.assign_order_to_user(&email, order_id.map(|id| id.0))?)
        }

        /// The email of a deal's own operator.
        ///
        /// `None` when the deal has none.
        ///
        /// ```calc
        /// get_order_operator(501) # => olga@example.com
        /// ```
        vendor fn get_order_operator(
            context, order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> Option<String>, fails None {
            Ok(context.crm()?.get_order_operator(order_id.map(|id| id.0))?)
        }

        /// Whether an operator is on shift.
        ///
        /// A break is not on shift. `None` when no operator has that email.
        ///
        /// ```calc
        /// check_operator_status('pavel@example.com') # => False
        /// ```
        vendor fn check_operator_status(context, email: Text => "the operator") -> bool, fails None {
            Ok(context.crm()?.check_operator_status(&email)?)
        }

        /// The value of a variable of a client.
        ///
        /// `None` when the client has no such variable.
        ///
        /// ```calc
        /// client.city = 'Tula'
        /// get_client_var(client_id, 'city') # => Tula
        /// ```
        vendor fn get_client_var(
            context, client_id: ClientId => "the client", variable: Text => "the name of the variable",
        ) -> Value, fails None {
            let value = context.crm()?.get_client_var(Some(client_id.0), &variable)?;
            Ok(value.map_or(Value::None, |value| Value::from_json(&value)))
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
            names: Option<Names> = "None" => "names of variables: a list, its JSON text or one name; not given: all",
        ) -> Dict, fails None {
            let names = names.as_ref().map(|names| &*names.0);
            Ok(dict_of(&context.crm()?.get_client_vars(Some(client_id.0), names)?))
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
            context, client_id: ClientId => "the client", variable: Text => "the name of the variable",
            value: Value => "the value; empty to delete it",
        ) -> bool, fails False {
            let value = stored(context, &value)?;
            Ok(context.crm()?.set_client_var(Some(client_id.0), &variable, &value)?)
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
            context, client_id: ClientId => "the client", variables_dict: Dict => "names and values, or the JSON text of them",
        ) -> bool, fails False {
            let values = stored_dict(context, variables_dict)?;
            Ok(context.crm()?.set_client_vars(Some(client_id.0), &values)?)
        }
    }
}
