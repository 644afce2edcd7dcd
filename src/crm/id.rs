//! The ids of the CRM, each a type of its own, so that the id of a client is never taken for that of a deal.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use super::role;
use crate::diagnostic::Fault;
use crate::function::{Family, Kind, ParameterType, Returned, Role, id};
use crate::value::{Text, Value};
use crate::wording::message;

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident,)*) => {
        $(
            $(#[$about])*
            #[derive(
                Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            )]
            #[serde(transparent)]
            pub struct $name(pub i64);

            impl fmt::Display for $name {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(formatter)
                }
            }

            impl From<i64> for $name {
                fn from(id: i64) -> Self {
                    Self(id)
                }
            }

            impl From<$name> for i64 {
                fn from(id: $name) -> Self {
                    id.0
                }
            }

            impl FromStr for $name {
                type Err = ParseIntError;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    text.parse().map(Self)
                }
            }

            impl From<$name> for Value {
                fn from(id: $name) -> Self {
                    Self::Int(id.0)
                }
            }

            impl Returned for $name {
                const RETURNS: Kind = Kind::Whole;
            }
        )*
    };
}

ids! {
    /// The id of a project.
    ProjectId,
    /// The id of a client.
    ClientId,
    /// The id of a deal.
    DealId,
    /// The id of a task.
    TaskId,
    /// The id of a stage.
    StageId,
    /// The id of a pipeline.
    PipelineId,
    /// The id of a table.
    TableId,
    /// The number of a record within its table.
    RecordId,
    /// The number of an operator within the project. Scripts and people know operators by email.
    OperatorId,
    /// The id of a list.
    ListId,
    /// The id of a label.
    LabelId,
    /// The number of a block, as the editor shows it.
    BlockId,
}

macro_rules! arguments {
    ($($name:ident $described:literal $role:path,)*) => {
        $(
            impl ParameterType for $name {
                const KIND: Kind = Kind::Id($described);
                const ROLE: Role = $role;

                fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
                    id(&value, Self::KIND, family).map(Self)
                }
            }
        )*
    };
}

arguments! {
    ClientId "kind-client-id" role::CLIENT,
    TaskId "kind-id" role::TASK,
    StageId "kind-id" role::STAGE,
    ListId "kind-id" role::LIST,
    LabelId "kind-id" role::LABEL,
    BlockId "kind-id" role::BLOCK,
    TableId "kind-id" role::TABLE,
    RecordId "kind-id" role::RECORD,
}

impl ParameterType for DealId {
    const KIND: Kind = Kind::Id("kind-deal-id");
    const ROLE: Role = role::DEAL;

    /// The text that the variable `order_id` holds is refused (crm.md C1.5).
    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        let pair = matches!(&value, Value::Text(text) if is_pair(text));
        id(&value, Self::KIND, family)
            .map(Self)
            .map_err(|fault| if pair { Box::new(fault.help(message!("order-id-holds-two-help"))) } else { fault })
    }
}

/// Whether a text is a client and a deal, `101-501`.
fn is_pair(text: &Text) -> bool {
    text.trim()
        .split_once('-')
        .is_some_and(|(client, deal)| [client, deal].iter().all(|half| !half.is_empty() && half.bytes().all(|byte| byte.is_ascii_digit())))
}
