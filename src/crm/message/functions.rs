//! The functions about the dialogue: visits, messages, comments, the unread counter (crm.md, "Clients").

use crate::builtins;
use crate::crm::{BlockId, CrmContext as _, role};
use crate::function::{Flag, Whole};
use crate::value::Text;

builtins! {
    /// The dialogue: visited blocks, scheduled messages, comments, the unread counter.
    pub static FUNCTIONS: Host "dialogue" = {
        /// Whether the client has ever been in a block.
        ///
        /// The number of a block is shown in the editor. The block that runs now counts from the client's next step on.
        ///
        /// ```calc
        /// was_in_state(12) # => True
        /// ```
        vendor fn was_in_state(context, message_id: BlockId => "the number of the block") -> bool, fails False {
            Ok(context.crm()?.was_in_state(message_id)?)
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

        /// Adds a comment to the dialogue.
        ///
        /// Operators see it, the client never does. Comments that are there stay.
        ///
        /// ```calc
        /// set_note('asked for a discount') # => True
        /// ```
        vendor fn set_note(context, comment: Text as role::COMMENT => "the comment") -> bool, fails False {
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
            context, count: Option<Whole> as role::COUNT = "1" => "1 for one more; else what the counter shows",
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
    }
}
