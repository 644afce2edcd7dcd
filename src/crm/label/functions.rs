//! The functions about labels (crm-more.md, "Labels").

use crate::builtins;
use crate::crm::arguments::{Answered, LabelArray, ids};
use crate::crm::list::deleted;
use crate::crm::{ClientId, CrmContext as _, CrmError, LabelId, Refusal, Session, role};
use crate::function::{CallResult, Family, Flag, ParameterType as _, Whole};
use crate::value::arithmetic::shown;
use crate::value::{Dict, Text, Value};

/// What functions return that were given several labels in a way that means none.
const WRONG_LABELS: &str = "wrong labels_array";

/// The labels that ids or names mean, each once; `None` for those that are not there.
fn labels(session: &mut Session, array: &Value, names: Option<Flag>) -> Result<Vec<Option<LabelId>>, CrmError> {
    let names = names.is_some_and(|flag| flag.0);
    let wrong = |found: &Value| CrmError::from(Refusal::NotLabels { found: shown(found), names });
    let Some(items) = array.as_list().filter(|items| !items.is_empty()) else { return Err(wrong(array)) };
    let mut labels: Vec<Option<LabelId>> = if names {
        let name = |item: &Value| match item {
            Value::Text(name) if !name.trim().is_empty() => Ok(name.as_str().to_owned()),
            other => Err(wrong(other)),
        };
        let names = items.iter().map(name).collect::<Result<Vec<_>, _>>()?;
        session.labels_of_names(&names)?
    } else {
        let id = |item: &Value| LabelId::from_value(item.clone(), Family::Host).map(Some).map_err(|_| wrong(item));
        items.iter().map(id).collect::<Result<_, _>>()?
    };
    labels.sort_unstable();
    labels.dedup();
    Ok(labels)
}

/// The same, with the answer that a function gives to what means none.
fn labels_or_answer(session: &mut Session, array: &Value, names: Option<Flag>) -> CallResult<Vec<Option<LabelId>>> {
    labels(session, array, names).map_err(|error| match error {
        CrmError::Refused(refusal) => refusal.instead(WRONG_LABELS),
        other @ CrmError::Store(_) => other.into(),
    })
}

builtins! {
    /// Labels of clients, which operators see: making and deleting them, who has them.
    pub static FUNCTIONS: Host "labels" = {
        /// Makes a label.
        ///
        /// `False` when there is one of that name already. Its colour is 0.
        ///
        /// ```calc
        /// create_label('regular')
        /// has_label('regular') # => False
        /// ```
        vendor fn create_label(context, label_name: Text as role::NAME => "the name of the label") -> bool, fails False {
            context.crm()?.create_label(&label_name)?;
            Ok(true)
        }

        /// The id of the label of a name, which is made if there is none.
        ///
        /// One that is there keeps its colour. Two blocks that do this at once make one label.
        ///
        /// ```calc
        /// create_label_if_not_exist('vip', 5) # => 61
        /// ```
        vendor fn create_label_if_not_exist(
            context, name: Text as role::NAME => "the name of the label",
            color: Option<Whole> as role::COLOR = "0" => "the colour of a new label, 0 to 9",
        ) -> LabelId, fails None {
            Ok(context.crm()?.create_label_if_not_exist(&name, color.map_or(0, |color| color.0))?)
        }

        /// Puts a label on a client.
        ///
        /// `True` too when the client has it already. No label is made.
        ///
        /// ```calc
        /// add_label('vip', 103)
        /// has_label('vip', 103) # => True
        /// ```
        vendor fn add_label(
            context, label_name: Text as role::LABEL_NAME => "the name of the label",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> bool, fails False {
            Ok(context.crm()?.add_label(&label_name, client_id)?)
        }

        /// Takes a label off a client.
        ///
        /// `True` too when the client does not have it.
        ///
        /// ```calc
        /// remove_label('vip')
        /// has_label('vip') # => False
        /// ```
        vendor fn remove_label(
            context, label_name: Text as role::LABEL_NAME => "the name of the label",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> bool, fails False {
            Ok(context.crm()?.remove_label(&label_name, client_id)?)
        }

        /// Whether a client has a label.
        ///
        /// ```calc
        /// has_label('vip') # => True
        /// ```
        vendor fn has_label(
            context, label_name: Text as role::LABEL_NAME => "the name of the label",
            client_id: Option<ClientId> = "client_id" => "the client",
        ) -> bool, fails False {
            Ok(context.crm()?.has_label(&label_name, client_id)?)
        }

        /// Takes a label off all clients.
        ///
        /// The label stays.
        ///
        /// ```calc
        /// remove_label_everywhere('wholesale')
        /// count_of_clients_with_label('wholesale') # => 0
        /// ```
        vendor fn remove_label_everywhere(
            context, label_name: Text as role::LABEL_NAME => "the name of the label",
        ) -> bool, fails False {
            Ok(context.crm()?.remove_label_everywhere(&label_name)?)
        }

        /// How many clients have a label.
        ///
        /// ```calc
        /// count_of_clients_with_label('wholesale') # => 2
        /// ```
        vendor fn count_of_clients_with_label(
            context, label_name: Text as role::LABEL_NAME => "the name of the label",
        ) -> i64, fails Zero {
            Ok(context.crm()?.count_of_clients_with_label(&label_name)?)
        }

        /// The labels of a client: the id and the name of each.
        ///
        /// An empty dict when it has none.
        ///
        /// ```calc
        /// get_all_client_labels(102) # => {"62": "wholesale"}
        /// ```
        vendor fn get_all_client_labels(context, client_id: Option<ClientId> = "client_id" => "the client") -> Dict, fails None {
            let labels = context.crm()?.get_all_client_labels(client_id)?;
            Ok(labels.into_iter().map(|(id, name)| (id.to_string().into(), Value::from(name))).collect())
        }

        /// Takes several labels off the client and returns how many it had.
        ///
        /// They are all ids or all names. The result is the text `wrong labels_array` when they are not, or when there are none.
        ///
        /// ```calc
        /// remove_multiple_client_labels(['vip', 'wholesale'], 1) # => 2
        /// ```
        vendor fn remove_multiple_client_labels(
            context, labels_array: Answered<LabelArray> => "ids or names of labels: a list or its JSON text",
            names: Option<Flag> = "0" => "1 for names, 0 for ids",
        ) -> Value, fails Zero {
            let array = labels_array.or_answer(WRONG_LABELS)?;
            let session = context.crm()?;
            let labels: Vec<LabelId> = labels_or_answer(session, &array.0, names)?.into_iter().flatten().collect();
            Ok(session.remove_multiple_client_labels(&labels)?.into())
        }

        /// Whether the client has all of several labels.
        ///
        /// They are all ids or all names. The result is the text `wrong labels_array` when they are not, or when there are none.
        ///
        /// ```calc
        /// has_client_multiple_labels([61, 62]) # => True
        /// ```
        vendor fn has_client_multiple_labels(
            context, labels_array: Answered<LabelArray> => "ids or names of labels: a list or its JSON text",
            names: Option<Flag> = "0" => "1 for names, 0 for ids",
        ) -> Value, fails False {
            let array = labels_array.or_answer(WRONG_LABELS)?;
            let session = context.crm()?;
            let labels: Option<Vec<LabelId>> = labels_or_answer(session, &array.0, names)?.into_iter().collect();
            let has_all = match labels {
                Some(labels) => session.has_client_multiple_labels(&labels)?,
                None => false,
            };
            Ok(has_all.into())
        }

        /// The ids of the clients that have all of several labels.
        ///
        /// In ascending order. The labels are all ids or all names.
        ///
        /// ```calc
        /// find_clients_by_multiple_labels(['wholesale'], 1) # => [101, 102]
        /// ```
        vendor fn find_clients_by_multiple_labels(
            context, labels_array: LabelArray => "ids or names of labels: a list or its JSON text",
            names: Option<Flag> = "0" => "1 for names, 0 for ids",
        ) -> Vec<Value>, fails EmptyList {
            let most = context.limits().memory / size_of::<Value>() + 1;
            let session = context.crm()?;
            let labels: Option<Vec<LabelId>> = labels(session, &labels_array.0, names)?.into_iter().collect();
            let found = match labels {
                Some(labels) => session.find_clients_by_multiple_labels(&labels, most)?,
                None => Vec::new(),
            };
            context.check_memory(found.len() * size_of::<Value>())?;
            Ok(ids(found))
        }

        /// Deletes a label.
        ///
        /// When clients have it, the result is the text `Can't delete list, list not empty` and the label stays; with `True` it goes
        /// all the same.
        ///
        /// ```calc
        /// remove_label_from_project(62, True) # => True
        /// ```
        vendor fn remove_label_from_project(
            context, list_id: LabelId => "the label", clear_list: Option<Flag> = "False" => "whether it goes when clients have it",
        ) -> Value, fails False {
            let clear_list = clear_list.is_some_and(|flag| flag.0);
            deleted(context.crm()?.remove_label_from_project(list_id, clear_list))
        }
    }
}
