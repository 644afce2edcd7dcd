//! Parameters that only functions about tables have.

use crate::crm::{RecordId, role};
use crate::diagnostic::Fault;
use crate::function::{Family, Kind, ParameterType, Role, id};
use crate::value::{List, Value};

/// One id of a record, or a list of them, also as JSON text.
pub(super) struct RecordIds(pub Vec<RecordId>);

impl ParameterType for RecordIds {
    const KIND: Kind = Kind::Id("kind-ids");
    const ROLE: Role = role::RECORD;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        let is_list = match &value {
            Value::List(_) => true,
            Value::Text(text) => text.trim_start().starts_with('['),
            _ => false,
        };
        if is_list {
            let ids = List::from_value(value, family)?;
            return ids.iter().map(|one| id(one, Self::KIND, family).map(RecordId)).collect::<Result<_, _>>().map(Self);
        }
        id(&value, Self::KIND, family).map(|id| Self(vec![RecordId(id)]))
    }
}
