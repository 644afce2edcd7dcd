//! The functions that make, choose, change, close and delete deals (crm.md, "Deals").

use crate::builtins;
use crate::crm::arguments::{Answered, Budget, NO_BUDGET, VariableNames};
use crate::crm::{CrmContext as _, CrmError, DealId, NewOrder, StageId, role};
use crate::value::{Text, Value};

builtins! {
    /// Deals, which the functions call orders: making, choosing, changing, closing and deleting them.
    pub static FUNCTIONS: Host "deals" = {
        /// Makes one of the client's deals the current one.
        ///
        /// Bare names mean its variables from then on. The result is the id of the deal that is current afterwards: the old
        /// one, or `None`, when the client has no such deal.
        ///
        /// ```calc
        /// gift = create_order('Gift box')
        /// switch_order(501) # => 501
        /// ```
        vendor fn switch_order(
            context, order_id: Option<Answered<DealId>> = "the newest deal" => "the deal, open or closed",
        ) -> Option<DealId>, fails None {
            let session = context.crm()?;
            let current = session.client().current_deal;
            let order_id = order_id.map(|id| id.or_answer(current)).transpose()?;
            match session.switch_order(order_id) {
                Ok(()) => Ok(session.client().current_deal),
                Err(CrmError::Refused(refusal)) => Err(refusal.instead(current)),
                Err(other) => Err(other.into()),
            }
        }

        /// Makes a deal and returns its id; it is the client's current one from then on.
        ///
        /// The deal that was current stays open, with its variables; those named in `transfer_vars` are copied to the new
        /// one. Bare names mean variables of the new deal from then on.
        ///
        /// With a phone, or without phone but with an email, the deal is that client's; when the project has none, the
        /// client is made. Otherwise it is the current client's. Without a stage the deal begins in the first stage of the
        /// first pipeline when the project accepts leads by itself, else it is unprocessed.
        ///
        /// With a budget that is not a number the result is the text `budget must be a number`, an unknown stage `None`, and no deal is
        /// made.
        ///
        /// ```calc
        /// deal = create_order('Gift box', 1500, state_id=3)
        /// get_order_var(deal, 'name') # => Gift box
        /// ```
        vendor fn create_order(
            context, name: Option<Text> as role::NAME = "''" => "the name of the deal", budget: Option<Answered<Budget>> = "0" => "what the deal is worth",
            description: Option<Text> as role::DESCRIPTION = "''" => "more about the deal",
            client_name: Option<Text> as role::CLIENT_NAME = "None" => "the name of a client that has to be made; not given: phone or email",
            phone: Option<Text> as role::PHONE = "None" => "the phone of the client whose deal it is",
            email: Option<Text> as role::EMAIL = "None" => "the email of the client whose deal it is, when there is no phone",
            state_id: Option<StageId> = "None" => "the stage it begins in",
            transfer_vars: Option<VariableNames> = "[]" => "names of variables to copy from the deal that was current",
        ) -> Value, fails None {
            let budget = budget.map(|budget| budget.or_answer(NO_BUDGET)).transpose()?.map(|budget| budget.0);
            let order = NewOrder {
                name: name.as_deref(),
                budget,
                description: description.as_deref(),
                client_name: client_name.as_deref(),
                phone: phone.as_deref(),
                email: email.as_deref(),
                state_id,
                transfer_vars: transfer_vars.as_ref().map_or(&[], |names| &names.0),
            };
            Ok(context.crm()?.create_order(&order)?.id.into())
        }

        /// Gives a deal another name.
        ///
        /// ```calc
        /// set_order_name('Kettle and cups')
        /// get_order_var(get_order_id(), 'name') # => Kettle and cups
        /// ```
        vendor fn set_order_name(
            context, name: Text as role::NAME => "the name", order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> bool, fails False {
            Ok(context.crm()?.set_order_name(&name, order_id)?)
        }

        /// Gives a deal another budget.
        ///
        /// With a budget that is not a number the result is the text `budget must be a number`, and nothing changes.
        ///
        /// ```calc
        /// set_order_budget(3990)
        /// budget # => 3990
        /// ```
        vendor fn set_order_budget(
            context, budget: Answered<Budget> => "what the deal is worth", order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> Value, fails False {
            let budget = budget.or_answer(NO_BUDGET)?;
            Ok(context.crm()?.set_order_budget(&budget.0, order_id)?.into())
        }

        /// Closes a deal as successful.
        ///
        /// It keeps its stage, and one that was closed in another way changes over. Of a closed current deal the client's
        /// newest open one takes the place.
        ///
        /// ```calc
        /// set_order_status_success()
        /// get_success_orders_ids() # => [501, 502]
        /// ```
        vendor fn set_order_status_success(
            context, order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> bool, fails False {
            Ok(context.crm()?.set_order_status_success(order_id)?)
        }

        /// Closes a deal as failed.
        ///
        /// It keeps its stage, and one that was closed in another way changes over. Of a closed current deal the client's
        /// newest open one takes the place.
        ///
        /// ```calc
        /// set_order_status_fail()
        /// get_fail_orders_ids() # => [501]
        /// ```
        vendor fn set_order_status_fail(
            context, order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> bool, fails False {
            Ok(context.crm()?.set_order_status_fail(order_id)?)
        }

        /// Puts a deal into the archive.
        ///
        /// It keeps its stage, and one that was closed in another way changes over. Of a closed current deal the client's
        /// newest open one takes the place.
        ///
        /// ```calc
        /// set_order_status_archive()
        /// get_active_orders_ids() # => []
        /// ```
        vendor fn set_order_status_archive(
            context, order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> bool, fails False {
            Ok(context.crm()?.set_order_status_archive(order_id)?)
        }

        /// Deletes a deal with its variables.
        ///
        /// Without an id the client's newest deal, open or closed. `False` when there is none.
        ///
        /// ```calc
        /// delete_order(502)
        /// get_success_orders_ids() # => []
        /// ```
        vendor fn delete_order(
            context, order_id: Option<DealId> = "None" => "the deal; not given: the client's newest one",
        ) -> bool, fails False {
            Ok(context.crm()?.delete_order(order_id)?)
        }
    }
}
