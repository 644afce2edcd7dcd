//! The functions about operators: who is responsible for a client or a deal (crm.md, "Clients").

use crate::builtins;
use crate::crm::arguments::Emails;
use crate::crm::{CrmContext as _, DealId, role};
use crate::function::{Flag, Whole};
use crate::value::Text;

builtins! {
    /// Operators: who is responsible for the client or for a deal, and who is on shift.
    pub static FUNCTIONS: Host "operators" = {
        /// Takes the responsible operator off the client.
        ///
        /// `True` also when there was none.
        ///
        /// ```calc
        /// free_client()
        /// get_operator() # => None
        /// ```
        vendor fn free_client(context) -> bool {
            Ok(context.crm()?.free_client()?)
        }

        /// Gives the client to an operator.
        ///
        /// Without an email to a random one of those on shift. With an email to that operator, at work or not; with
        /// `only_active` only when the operator is on shift, and a break is not on shift. `False`, and nothing changed,
        /// when nobody is on shift or no operator has that email.
        ///
        /// ```calc
        /// assign_to_user('pavel@example.com')
        /// get_operator() # => pavel@example.com
        /// ```
        vendor fn assign_to_user(
            context, email: Option<Text> as role::OPERATOR = "None" => "the operator; not given: a random one on shift",
            only_active: Option<Flag> = "False" => "whether the operator has to be on shift",
        ) -> bool, fails False {
            let only_active = only_active.is_some_and(|flag| flag.0);
            Ok(context.crm()?.assign_to_user(email.as_deref(), only_active)?)
        }

        /// Gives the client to an operator by the rules of the project's auto-distribution.
        ///
        /// Of those on shift the one who got the fewest clients is next. A client that has an operator keeps it, which is
        /// `True` too. `False` outside of working hours and when nobody is on shift: the client then waits for the next
        /// working day.
        ///
        /// ```calc
        /// free_client()
        /// distribute_client()
        /// get_operator() # => olga@example.com
        /// ```
        vendor fn distribute_client(context) -> bool {
            Ok(context.crm()?.distribute_client()?)
        }

        /// What is known of the responsible operator.
        ///
        /// There are `description`, `email` (the one that clients may be given), `phone`, `position` and `custom_field1` to
        /// `custom_field3`. `None` when there is no operator, or nothing is known.
        ///
        /// ```calc
        /// get_operator_info('position') # => None
        /// ```
        vendor fn get_operator_info(context, field_name: Text as role::FIELD => "what is wanted") -> Option<String>, fails None {
            Ok(context.crm()?.get_operator_info(&field_name)?)
        }

        /// Tells operators something.
        ///
        /// Without emails all operators of the project are told. `False`, and nobody is told, when no operator has one of the
        /// emails.
        ///
        /// ```calc
        /// send_notification('A large order', 'olga@example.com', 1) # => True
        /// ```
        vendor fn send_notification(
            context, text: Text as role::TEXT => "the text", users: Option<Emails> as role::OPERATOR = "None" => "the emails, a list, its JSON text or one",
            priority: Option<Whole> as role::PRIORITY = "0" => "0 neutral, 1 success, 2 a warning, 3 an error",
        ) -> bool, fails False {
            let emails = users.as_ref().map(|users| users.0.as_slice());
            Ok(context.crm()?.send_notification(&text, emails, priority.map_or(0, |priority| priority.0))?)
        }

        /// The email of the responsible operator.
        ///
        /// `None` when the client has none.
        ///
        /// ```calc
        /// get_operator() # => olga@example.com
        /// ```
        vendor fn get_operator(context) -> Option<String> {
            Ok(context.crm()?.get_operator()?)
        }

        /// The name of the responsible operator, to show to the client.
        ///
        /// The email when the operator's name is blank; `None` when the client has no operator.
        ///
        /// ```calc
        /// get_operator_name() # => Olga
        /// ```
        vendor fn get_operator_name(context) -> Option<String> {
            Ok(context.crm()?.get_operator_name()?)
        }

        /// Whether an operator is on shift or on a break.
        ///
        /// With `with_pause=0` a break does not count. `None` when no operator has that email.
        ///
        /// ```calc
        /// check_operator_status('pavel@example.com', 0) # => False
        /// ```
        vendor fn check_operator_status(
            context, email: Text as role::OPERATOR => "the operator", with_pause: Option<Flag> = "1" => "whether a break counts",
        ) -> bool, fails None {
            let with_pause = with_pause.is_none_or(|flag| flag.0);
            Ok(context.crm()?.check_operator_status(&email, with_pause)?)
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
            context, email: Text as role::OPERATOR => "the operator", order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> bool, fails False {
            Ok(context.crm()?.assign_order_to_user(&email, order_id)?)
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
            Ok(context.crm()?.get_order_operator(order_id)?)
        }
    }
}
