//! The functions about the dialogue: visits, messages, comments, the unread counter (crm.md, "Clients").

use crate::builtins;
use crate::crm::arguments::{Answered, BlockIds, Timeout};
use crate::crm::{Account, BlockId, ClientId, CrmContext as _, role};
use crate::function::{Flag, Whole};
use crate::value::{Text, Value};

/// What a function returns that wants a list of blocks.
const NO_BLOCKS: &str = "wrong message_id_list";

/// The numbers of a message: the number, where it is one.
fn message_ids(ids: String) -> Value {
    ids.parse::<i64>().map_or_else(|_| Value::from(ids), Value::Int)
}

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

        /// Drops the scheduled messages of the client that run certain blocks.
        ///
        /// Those that are marked as not to be cancelled stay, unless the second parameter is given, whatever its value.
        /// Returns the text `wrong message_id_list` when the first is not a list.
        ///
        /// ```calc
        /// delete_pended_messages_from_list([9]) # => True
        /// ```
        vendor fn delete_pended_messages_from_list(
            context, message_id_list: Answered<BlockIds> = "None" => "the numbers of the blocks, a list or its JSON text",
            with_not_delete: Option<Value> = "None" => "given: also those that are not to be cancelled",
        ) -> Value, fails False {
            let blocks = message_id_list.or_answer(NO_BLOCKS)?;
            Ok(context.crm()?.delete_pended_messages_from_list(&blocks.0, with_not_delete.is_some())?.into())
        }

        /// Sends a client a message, or has a block run for it.
        ///
        /// A text alone is sent as it is, before the message of the block that runs now. With the number of a block, that whole
        /// block runs for the client after this one; if there is a text, it is sent instead of the block's own message.
        /// `timeout` delays it by so many seconds, an hour at most, or until a date and time, `dd.mm.yyyy HH:MM`; a time in the
        /// past means at once. `False` when there is neither text nor block, when the client has 32 scheduled
        /// messages already, and when the text goes at once to a client that is unsubscribed or blocked: its history shows
        /// why.
        ///
        /// ```calc
        /// message(103, 'Ann recommends you') # => True
        /// message(103, message_id=12, timeout=60) # => True
        /// ```
        vendor fn message(
            context, client_id: Option<ClientId> = "client_id" => "the client", text: Option<Text> as role::TEXT = "None" => "the text, sent as it is",
            message_id: Option<BlockId> = "None" => "the number of the block to run", timeout: Option<Timeout> = "0" => "seconds, or a date and time",
        ) -> bool, fails False {
            Ok(context.crm()?.message(client_id, text.as_deref(), message_id, timeout.map(|timeout| timeout.0))?)
        }

        /// Sends a message to a client as a messenger knows it.
        ///
        /// As `message`, but with the number of a block the text is ignored. `False` also when no client of the project has
        /// that id in that messenger.
        ///
        /// ```calc
        /// platform_message(platform_id, 'See you') # => True
        /// ```
        vendor fn platform_message(
            context, platform_id: Text as role::PLATFORM_ID => "the id that the messenger knows the client by",
            text: Option<Text> as role::TEXT = "None" => "the text, sent as it is", client_type: Option<Whole> = "client_type" => "the number of the messenger",
            message_id: Option<BlockId> = "None" => "the number of the block to run", timeout: Option<Timeout> = "0" => "seconds, or a date and time",
            group_id: Option<Text> = "None" => "the account of the bot; not given: any",
        ) -> bool, fails False {
            let account = Account { platform_id: &platform_id, client_type: client_type.map(|number| number.0), group: group_id.as_deref() };
            Ok(context.crm()?.platform_message(account, text.as_deref(), message_id, timeout.map(|timeout| timeout.0))?)
        }

        /// Gives the bot a command in the dialogue of another client.
        ///
        /// Operators see it, the client does not. The block that it fits runs for that client after this one, as if the client
        /// had written it: `question` is the text then, and `message_from_outside` is 3. `False` for the client itself and for
        /// a text that is empty.
        ///
        /// ```calc
        /// callback(103, 'order is paid') # => True
        /// ```
        vendor fn callback(
            context, client_id: Option<ClientId> = "client_id" => "the other client", callback_message: Option<Text> as role::TEXT = "None" => "the command",
        ) -> bool, fails False {
            Ok(context.crm()?.callback(client_id, callback_message.as_deref().unwrap_or_default())?)
        }

        /// The number that the messenger gave the bot's last message to the client.
        ///
        /// When it became several messages there, for example a picture and a text, their numbers are joined: `812_813`. `None`
        /// when there is none yet.
        ///
        /// ```calc
        /// last_message_id() # => None
        /// ```
        vendor fn last_message_id(context) -> Value {
            Ok(context.crm()?.last_message_id()?.map(message_ids).into())
        }

        /// The numbers that the messenger gave the last ten messages of the bot to the client, the newest first.
        ///
        /// An empty list when there are none.
        ///
        /// ```calc
        /// last_messages_ids() # => []
        /// ```
        vendor fn last_messages_ids(context) -> Vec<Value> {
            Ok(context.crm()?.last_messages_ids()?.into_iter().map(message_ids).collect())
        }

        /// Deletes the bot's last message in the messenger.
        ///
        /// Telegram, VK and MAX can do that. `False` in another messenger, and when there is no message.
        ///
        /// ```calc
        /// remove_last_message() # => False
        /// ```
        vendor fn remove_last_message(context) -> bool {
            Ok(context.crm()?.remove_last_message()?)
        }

        /// The name of a block.
        ///
        /// The number of a block is shown in the editor. `None` when the project has no name of it.
        ///
        /// ```calc
        /// get_block_name_by_id(12) # => Delivery
        /// ```
        vendor fn get_block_name_by_id(context, block_id: BlockId => "the number of the block") -> Option<String>, fails None {
            Ok(Some(context.crm()?.get_block_name_by_id(block_id)?))
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
