//! The functions about the client itself (crm.md, "Clients").

use crate::builtins;
use crate::crm::arguments::ids;
use crate::crm::{Account, ClientId, CrmContext as _, role};
use crate::function::Whole;
use crate::value::{Text, Value};

builtins! {
    /// The client of the dialogue: its name, whether the bot reacts to it, the clients linked to it.
    pub static FUNCTIONS: Host "clients" = {
        /// Gives the client another name.
        ///
        /// The variables `name` and `full_name` hold it from then on.
        ///
        /// ```calc
        /// set_client_name('Ann Smith')
        /// name # => Ann Smith
        /// ```
        vendor fn set_client_name(context, name: Text as role::NAME => "the name, not empty") -> bool, fails False {
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

        /// The id of the main client of the linked group.
        ///
        /// A client that is not linked is its own main one. `None` when the project has no such client.
        ///
        /// ```calc
        /// get_main_id(103) # => 101
        /// ```
        vendor fn get_main_id(context, client_id: Option<ClientId> = "client_id" => "the client") -> ClientId, fails None {
            Ok(context.crm()?.get_main_id(client_id)?)
        }

        /// Links two clients, and everybody that is linked with either: all of them become one group.
        ///
        /// The first client is the main one of the group from then on. `False` when the project has no such client, and for
        /// one and the same.
        ///
        /// ```calc
        /// merge_client(101, 103) # => True
        /// get_main_id(103) # => 101
        /// ```
        vendor fn merge_client(
            context, main_client_id: ClientId as role::MAIN_CLIENT => "the main client of the group", client_id: Option<ClientId> = "client_id" => "the other client",
        ) -> bool, fails False {
            Ok(context.crm()?.merge_client(main_client_id, client_id)?)
        }

        /// Takes a client out of its linked group.
        ///
        /// When it was the main one, the one with the lowest id is the main one of those that are left. `False` when it is
        /// not linked.
        ///
        /// ```calc
        /// unmerge_client(103)
        /// get_main_id(103) # => 103
        /// ```
        vendor fn unmerge_client(context, client_id: Option<ClientId> = "client_id" => "the client") -> bool, fails False {
            Ok(context.crm()?.unmerge_client(client_id)?)
        }

        /// The id of the client that a messenger knows by an id of its own.
        ///
        /// Without a group it may be of any account of the bot. Of several clients the one with the lowest id; `None` when
        /// there is none.
        ///
        /// ```calc
        /// get_client_id_by_platform_id(1, platform_id) == client_id # => True
        /// ```
        vendor fn get_client_id_by_platform_id(
            context, client_type: Whole => "the number of the messenger", platform_id: Text as role::PLATFORM_ID => "the id that the messenger knows the client by",
            group: Option<Text> = "None" => "the account of the bot; not given: any",
        ) -> Option<ClientId>, fails None {
            let account = Account { platform_id: &platform_id, client_type: Some(client_type.0), group: group.as_deref() };
            Ok(context.crm()?.find_client_id(account)?)
        }

        /// The id of the client that a messenger knows by an id of its own, by default the messenger of the current client.
        ///
        /// Without a group it may be of any account of the bot. Of several clients the one with the lowest id; `None` when
        /// there is none.
        ///
        /// ```calc
        /// find_client_id(platform_id) == client_id # => True
        /// ```
        vendor fn find_client_id(
            context, platform_id: Text as role::PLATFORM_ID => "the id that the messenger knows the client by",
            client_type: Option<Whole> = "client_type" => "the number of the messenger", group: Option<Text> = "None" => "the account of the bot; not given: any",
        ) -> Option<ClientId>, fails None {
            let account = Account { platform_id: &platform_id, client_type: client_type.map(|number| number.0), group: group.as_deref() };
            Ok(context.crm()?.find_client_id(account)?)
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

        /// Pauses the bot for the client.
        ///
        /// Until the pause is over, what the client writes and callbacks only go into the history, and scheduled messages
        /// that are due wait. The block itself goes on, and its message is sent. A pause takes the place of the one before; 0
        /// ends it.
        ///
        /// ```calc
        /// pause_bot(30) # => True
        /// ```
        vendor fn pause_bot(context, minutes: f64 as role::MINUTES => "how long, fractions too") -> bool, fails False {
            Ok(context.crm()?.pause_bot(minutes)?)
        }
    }
}
