//! CRM functions about the client itself (crm.md, "Clients").

use crate::builtins;
use crate::crm::arguments::ids;
use crate::crm::{BlockId, CrmContext as _};
use crate::function::{Flag, Whole};
use crate::value::{Text, Value};

builtins! {
    /// The client of the dialogue: its operator, its marks, its scheduled messages, the clients linked to it.
    pub static FUNCTIONS: Host "clients" = {
        /// Whether the client has ever been in a block.
        ///
        /// The number of a block is shown in the editor. The block that runs now counts from the client's next step on.
        ///
        /// ```calc
        /// was_in_state(12) # => True
        /// ```
        vendor fn was_in_state(context, message_id: BlockId => "the number of the block") -> bool, fails False {
            Ok(context.crm()?.was_in_state(message_id.0)?)
        }

        /// How many whole days ago the client last wrote.
        ///
        /// A day is 24 hours; messages of the bot and of operators do not count. It is 9999 when that is more than 30 days
        /// ago, and when the client has never written.
        ///
        /// ```calc
        /// window_is_open = days_from_last_message() < 1
        /// ```
        vendor fn days_from_last_message(context) -> i64 {
            Ok(context.crm()?.days_from_last_message())
        }

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
            context, email: Option<Text> = "None" => "the operator; not given: a random one on shift",
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

        /// Drops the scheduled messages of the client.
        ///
        /// With `False` those that are marked as not to be cancelled stay.
        ///
        /// ```calc
        /// delete_pended_messages(False) # => True
        /// ```
        vendor fn delete_pended_messages(
            context, all: Option<Flag> = "True" => "whether messages that are not to be cancelled go too",
        ) -> bool, fails False {
            let all = all.is_none_or(|flag| flag.0);
            Ok(context.crm()?.delete_pended_messages(all)?)
        }

        /// Adds a comment to the dialogue.
        ///
        /// Operators see it, the client never does. Comments that are there stay.
        ///
        /// ```calc
        /// set_note('asked for a discount') # => True
        /// ```
        vendor fn set_note(context, comment: Text => "the comment") -> bool, fails False {
            Ok(context.crm()?.set_note(&comment)?)
        }

        /// Marks the dialogue as unread.
        ///
        /// Without a number, or with 1, there is one unread message more; any other number is what the counter shows from
        /// then on, and 0 clears it.
        ///
        /// ```calc
        /// add_unread() # => True
        /// ```
        vendor fn add_unread(
            context, count: Option<Whole> = "1" => "1 for one more; else what the counter shows",
        ) -> bool, fails False {
            Ok(context.crm()?.add_unread(count.map(|count| count.0))?)
        }

        /// Marks the dialogue as read.
        ///
        /// ```calc
        /// clear_unread() # => True
        /// ```
        vendor fn clear_unread(context) -> bool {
            Ok(context.crm()?.clear_unread()?)
        }

        /// Stops messages of the bot to this client until the client writes again.
        ///
        /// Scheduled messages stay, and are refused when they are due. The message of the same block is not sent either:
        /// say goodbye in a block of its own before.
        ///
        /// ```calc
        /// unsubscribe()
        /// notSubscribed # => 1
        /// ```
        vendor fn unsubscribe(context) -> bool, delivery Unsubscribes {
            Ok(context.crm()?.unsubscribe()?)
        }

        /// Makes the bot ignore the client.
        ///
        /// All its scheduled messages are cancelled; operators can still write to it. The message of the same block is not
        /// sent: say goodbye in a block of its own before.
        ///
        /// ```calc
        /// block_client()
        /// clientBlocked # => 1
        /// ```
        vendor fn block_client(context) -> bool, delivery Blocks {
            Ok(context.crm()?.block_client()?)
        }

        /// Makes the bot react to the client again.
        ///
        /// Messages that were cancelled stay cancelled.
        ///
        /// ```calc
        /// block_client()
        /// unblock_client()
        /// clientBlocked # => 0
        /// ```
        vendor fn unblock_client(context) -> bool, delivery Unblocks {
            Ok(context.crm()?.unblock_client()?)
        }

        /// Gives the client another name.
        ///
        /// The variables `name` and `full_name` hold it from then on.
        ///
        /// ```calc
        /// set_client_name('Ann Smith')
        /// name # => Ann Smith
        /// ```
        vendor fn set_client_name(context, name: Text => "the name, not empty") -> bool, fails False {
            Ok(context.crm()?.set_client_name(&name)?)
        }

        /// The ids of the clients that are linked to this one.
        ///
        /// One person in several messengers is a group of linked clients. The main one comes first, the others follow in
        /// ascending order; the client itself is left out. An empty list when nobody is linked.
        ///
        /// ```calc
        /// get_bind_clients() # => [103]
        /// ```
        vendor fn get_bind_clients(context) -> Vec<Value> {
            Ok(ids(context.crm()?.get_bind_clients()?))
        }

        /// The id of the pipeline that the client's current deal is in.
        ///
        /// `None` when that deal is unprocessed, and when there is no current deal.
        ///
        /// ```calc
        /// get_current_pipeline_id() # => 1
        /// ```
        vendor fn get_current_pipline_id | get_current_pipeline_id(context) -> Option<i64> {
            Ok(context.crm()?.get_current_pipline_id()?)
        }
    }
}
