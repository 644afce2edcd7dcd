//! The functions about the client itself (crm.md, "Clients").

use crate::builtins;
use crate::crm::arguments::ids;
use crate::crm::{CrmContext as _, role};
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
    }
}
