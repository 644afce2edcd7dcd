//! The functions about lists (crm-more.md, "Lists").

use crate::builtins;
use crate::crm::arguments::{AnyLists, ListIds, ListNames};
use crate::crm::{ClientId, CrmContext as _, CrmError, ListId, Refusal, role};
use crate::function::{CallError, Flag};
use crate::value::{Dict, Text, Value};

/// What functions return that are to delete a list or a label which clients are in.
pub(in crate::crm) const NOT_EMPTY: &str = "Can't delete list, list not empty";

/// The answer to a list or a label that cannot be deleted.
pub(in crate::crm) fn deleted(result: Result<bool, CrmError>) -> Result<Value, Box<CallError>> {
    match result {
        Ok(is_deleted) => Ok(is_deleted.into()),
        Err(CrmError::Refused(refusal @ (Refusal::ListNotEmpty(_) | Refusal::LabelNotEmpty(_)))) => Err(refusal.instead(NOT_EMPTY)),
        Err(other) => Err(other.into()),
    }
}

builtins! {
    /// Lists of clients: making and deleting them, who is in them.
    pub static FUNCTIONS: Host "lists of clients" = {
        /// Makes a list and returns its id.
        ///
        /// Several lists may have one name: it always makes another. `None` for an empty name.
        ///
        /// ```calc
        /// waiting = create_list('Waiting')
        /// list_size(waiting) # => 0
        /// ```
        vendor fn create_list(context, spisok: Text as role::NAME => "the name of the list") -> ListId, fails None {
            Ok(context.crm()?.create_list(&spisok)?)
        }

        /// The id of the list of a name, which is made if there is none.
        ///
        /// Of several lists of that name it is the one with the lowest id. Two blocks that do this at once make one list.
        ///
        /// ```calc
        /// create_list_if_not_exist('Buyers') # => 41
        /// ```
        vendor fn create_list_if_not_exist(context, list_name: Text as role::NAME => "the name of the list") -> ListId, fails None {
            Ok(context.crm()?.create_list_if_not_exist(&list_name)?)
        }

        /// Puts a client into a list, or into several.
        ///
        /// It always returns `None`; `inlist` tells whether the client is in the list. When a list or the client does not exist,
        /// nothing changes.
        ///
        /// ```calc
        /// add_to_list([41, 42], 103)
        /// inlist(41, 103) # => True
        /// ```
        vendor fn add_to_list(
            context, spisok: ListIds => "the id of the list, or a list of ids",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> Value, fails None {
            context.crm()?.add_to_list(&spisok.0, client_id)?;
            Ok(Value::None)
        }

        /// Puts a client into a list, or into several, and takes it out of all others.
        ///
        /// ```calc
        /// move_to_list(42)
        /// get_all_client_lists() # => {"42": "Newsletter"}
        /// ```
        vendor fn move_to_list(
            context, spisok: ListIds => "the id of the list, or a list of ids",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> bool, fails False {
            Ok(context.crm()?.move_to_list(&spisok.0, client_id)?)
        }

        /// Takes a client out of a list, or out of several.
        ///
        /// The client need not be in them.
        ///
        /// ```calc
        /// remove_from_list(41)
        /// inlist(41) # => False
        /// ```
        vendor fn remove_from_list(
            context, spisok: ListIds => "the id of the list, or a list of ids",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> bool, fails False {
            Ok(context.crm()?.remove_from_list(&spisok.0, client_id)?)
        }

        /// Puts a client into the list of a name.
        ///
        /// Of several lists of that name it is the one with the lowest id; none is made. It always returns `None`.
        ///
        /// ```calc
        /// add_to_list_by_list_name('Newsletter')
        /// list_size_by_list_name('Newsletter') # => 2
        /// ```
        vendor fn add_to_list_by_list_name(
            context, list_name: ListNames => "the name of the list, or a list of names",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> Value, fails None {
            let session = context.crm()?;
            let lists = session.lists_of_names(&list_name.0)?;
            session.add_to_list(&lists, client_id)?;
            Ok(Value::None)
        }

        /// Puts a client into the list of a name, and takes it out of all others.
        ///
        /// Of several lists of that name it is the one with the lowest id; none is made.
        ///
        /// ```calc
        /// move_to_list_by_list_name('Newsletter')
        /// get_all_client_lists() # => {"42": "Newsletter"}
        /// ```
        vendor fn move_to_list_by_list_name(
            context, list_name: ListNames => "the name of the list, or a list of names",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> bool, fails False {
            let session = context.crm()?;
            let lists = session.lists_of_names(&list_name.0)?;
            Ok(session.move_to_list(&lists, client_id)?)
        }

        /// Takes a client out of the list of a name.
        ///
        /// Of several lists of that name it is the one with the lowest id. The client need not be in it.
        ///
        /// ```calc
        /// remove_from_list_by_list_name('Buyers')
        /// inlist(41) # => False
        /// ```
        vendor fn remove_from_list_by_list_name(
            context, list_name: ListNames => "the name of the list, or a list of names",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> bool, fails False {
            let session = context.crm()?;
            let lists = session.lists_of_names(&list_name.0)?;
            Ok(session.remove_from_list(&lists, client_id)?)
        }

        /// Takes all clients out of a list.
        ///
        /// The list stays.
        ///
        /// ```calc
        /// clear_list(41)
        /// list_size(41) # => 0
        /// ```
        vendor fn clear_list(context, list_id: ListId => "the list") -> bool, fails False {
            Ok(context.crm()?.clear_list(list_id)?)
        }

        /// Takes all clients out of the list of a name.
        ///
        /// Of several lists of that name it is the one with the lowest id.
        ///
        /// ```calc
        /// clear_list_by_list_name('Buyers')
        /// list_size(41) # => 0
        /// ```
        vendor fn clear_list_by_list_name(context, list_name: Text as role::LIST_NAME => "the name of the list") -> bool, fails False {
            let session = context.crm()?;
            let list = session.list_of_name(&list_name)?;
            Ok(session.clear_list(list)?)
        }

        /// How many clients are in a list.
        ///
        /// ```calc
        /// list_size(41) # => 2
        /// ```
        vendor fn list_size(context, spisok: ListId => "the list") -> i64, fails Zero {
            Ok(context.crm()?.list_size(spisok)?)
        }

        /// How many clients are in the list of a name.
        ///
        /// Of several lists of that name it is the one with the lowest id. 0 when there is none.
        ///
        /// ```calc
        /// list_size_by_list_name('Buyers') # => 2
        /// ```
        vendor fn list_size_by_list_name(context, list_name: Text as role::LIST_NAME => "the name of the list") -> i64, fails Zero {
            let session = context.crm()?;
            let list = session.list_of_name(&list_name)?;
            Ok(session.list_size(list)?)
        }

        /// How many different clients are in some lists.
        ///
        /// A client that is in several of them counts once. Ids of no list add none.
        ///
        /// ```calc
        /// lists_joint_count([41, 42]) # => 3
        /// ```
        vendor fn lists_joint_count(context, massive_list: AnyLists => "ids of lists: a list or its JSON text") -> i64, fails Zero {
            Ok(context.crm()?.lists_joint_count(&massive_list.0)?)
        }

        /// Whether a client is in a list.
        ///
        /// ```calc
        /// inlist(41) # => True
        /// ```
        vendor fn inlist(
            context, spisok: ListId => "the list", client_id: Option<ClientId> = "client_id" => "the client",
        ) -> bool, fails False {
            Ok(context.crm()?.inlist(spisok, client_id)?)
        }

        /// Whether somebody is in a list who is known by the id that a messenger gave.
        ///
        /// In whichever messenger.
        ///
        /// ```calc
        /// some_client_in_list(41, '5550102') # => True
        /// ```
        vendor fn some_client_in_list(
            context, list_id: ListId => "the list", recepient: Text => "the id in the messenger, the client's `platform_id`",
        ) -> bool, fails False {
            Ok(context.crm()?.some_client_in_list(list_id, &recepient)?)
        }

        /// The id of any client of a list, each as likely as any other.
        ///
        /// `None` when nobody is in the list.
        ///
        /// ```calc
        /// winner = random_list_member(42)
        /// winner # => 103
        /// ```
        vendor fn random_list_member(context, list_id: ListId => "the list") -> Option<ClientId>, fails None {
            Ok(context.crm()?.random_list_member(list_id)?)
        }

        /// The lists that a client is in: the id and the name of each.
        ///
        /// An empty dict when it is in none.
        ///
        /// ```calc
        /// get_all_client_lists(102) # => {"41": "Buyers"}
        /// ```
        vendor fn get_all_client_lists(context, client_id: Option<ClientId> = "client_id" => "the client") -> Dict, fails None {
            let lists = context.crm()?.get_all_client_lists(client_id)?;
            Ok(lists.into_iter().map(|(id, name)| (id.to_string().into(), Value::from(name))).collect())
        }

        /// Deletes a list.
        ///
        /// When clients are in it, the result is the text `Can't delete list, list not empty` and the list stays; with `True` it goes
        /// all the same.
        ///
        /// ```calc
        /// remove_list_from_project(41, True) # => True
        /// ```
        vendor fn remove_list_from_project(
            context, list_id: ListId => "the list", clear_list: Option<Flag> = "False" => "whether it goes with clients in it",
        ) -> Value, fails False {
            let clear_list = clear_list.is_some_and(|flag| flag.0);
            deleted(context.crm()?.remove_list_from_project(list_id, clear_list))
        }
    }
}
