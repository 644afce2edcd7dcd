//! The functions that find and count deals and change nothing (crm.md, "Deals").

use crate::builtins;
use crate::crm::arguments::{Given, ids};
use crate::crm::{ClientId, CrmContext as _, DealId, StageId};
use crate::function::{Flag, Role};
use crate::value::{Text, Value};

/// How the time of a deal is written when a script does not say.
const SHORT: &str = "%d.%m.%y %H:%M";

builtins! {
    /// Finding and counting deals.
    pub static QUERIES: Host "deals" = {
        /// The id of the client's current deal.
        ///
        /// `None` when there is no open deal. The variable `order_id` is something else: it holds client and deal together.
        ///
        /// ```calc
        /// get_order_id() # => 501
        /// ```
        vendor fn get_order_id(context) -> Option<DealId> {
            Ok(context.crm()?.get_order_id()?)
        }

        /// The ids of the client's open deals, in ascending order.
        ///
        /// Those that succeeded, failed or are in the archive are left out; unprocessed ones are open.
        ///
        /// ```calc
        /// get_active_orders_ids() # => [501]
        /// ```
        vendor fn get_active_orders_ids(context) -> Vec<Value> {
            Ok(ids(context.crm()?.get_active_orders_ids()?))
        }

        /// The ids of the client's successful deals, in ascending order.
        ///
        /// ```calc
        /// get_success_orders_ids() # => [502]
        /// ```
        vendor fn get_success_orders_ids(context) -> Vec<Value> {
            Ok(ids(context.crm()?.get_success_orders_ids()?))
        }

        /// The ids of the client's failed deals, in ascending order.
        ///
        /// ```calc
        /// get_fail_orders_ids() # => []
        /// ```
        vendor fn get_fail_orders_ids(context) -> Vec<Value> {
            Ok(ids(context.crm()?.get_fail_orders_ids()?))
        }

        /// The id of the client's deal whose variable has a value.
        ///
        /// Open and closed deals are looked at; of several it is the newest. Values are compared as text, numbers however
        /// they are written: `5`, `'5'` and `5.0` are one.
        ///
        /// ```calc
        /// set_order_var(501, 'track', 'RB-17')
        /// get_order_id_by_var_value('track', 'RB-17') # => 501
        /// ```
        vendor fn get_order_id_by_var_value(
            context, var_name: Text as Role::VariableName => "the name of the variable", var_value: Given => "its value",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> Option<DealId>, fails None {
            context.check_memory_for_text(&var_value.0)?;
            Ok(context.crm()?.get_order_id_by_var_value(&var_name, var_value.0, client_id)?)
        }

        /// When the client's newest deal was made.
        ///
        /// In the project's time zone; the format has the `%` directives of Python. `None` when the client has no deals.
        ///
        /// ```calc
        /// latest_order_datetime(101, '%d.%m.%Y') # => 02.11.2026
        /// ```
        vendor fn latest_order_datetime(
            context, client_id: Option<ClientId> = "client_id" => "the client",
            dt_fmt | df_fmt: Option<Text> = "'%d.%m.%y %H:%M'" => "how it is written",
        ) -> Option<String>, fails None {
            let latest = context.crm()?.latest_order_datetime(client_id)?;
            // A bad format is refused even when there is nothing to write.
            let written = context.format_time(latest.unwrap_or_default(), dt_fmt.as_deref().unwrap_or(SHORT), "dt_fmt")?;
            Ok(latest.map(|_| written))
        }

        /// How many deals a client has.
        ///
        /// All of them, unless `get_all` is 0: then only the open ones, or with `active` 0 only the closed ones. A stage
        /// narrows either.
        ///
        /// ```calc
        /// count_client_orders() # => 2
        /// ```
        vendor fn count_client_orders(
            context, client_id: Option<ClientId> = "client_id" => "the client",
            state_id: Option<StageId> = "None" => "the stage; not given: any",
            get_all: Option<Flag> = "1" => "1 for open and closed deals, 0 to look at `active`",
            active: Option<Flag> = "1" => "1 for open deals, 0 for closed ones",
        ) -> i64, fails Zero {
            let (get_all, active) = (get_all.is_none_or(|flag| flag.0), active.is_none_or(|flag| flag.0));
            Ok(context.crm()?.count_client_orders(client_id, state_id, get_all, active)?)
        }
    }
}
