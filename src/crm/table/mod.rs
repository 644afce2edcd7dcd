//! Tables of the project's own: hosts make them, scripts add columns and records and look things up.

mod arguments;
mod functions;
pub(in crate::crm) mod limits;
mod ranges;
pub(in crate::crm) mod rules;
pub(in crate::crm) mod search;
mod search_functions;
pub(in crate::crm) mod state;
mod wanted;

use serde_json::{Map, Value as Json};

use super::{RecordId, TableId};

pub(in crate::crm) use functions::FUNCTIONS;
pub use rules::WrittenRecord;
pub(in crate::crm) use search_functions::SEARCHES;

/// What stands for the id of a record wherever a column is named, and is no column.
pub const ID_COLUMN: &str = "ID";

/// A table, without its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTable {
    /// Its id.
    pub id: TableId,
    /// Its name.
    pub name: String,
    /// The names of its columns, in order.
    pub columns: Vec<String>,
    /// The id of the next record; no number comes twice.
    pub next_record: i64,
}

/// A record of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRecord {
    /// Its id, which only its table knows.
    pub id: RecordId,
    /// Values by column; those of empty cells are not there.
    pub cells: Map<String, Json>,
}
