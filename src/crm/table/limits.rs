//! What tables keep: names of columns, values of cells, and how much of them. For sessions and files alike.

use super::ID_COLUMN;
use crate::crm::lengths::{self, LONGEST_NAME};
use crate::value::{Dict, MAX_DEPTH, Value};
use crate::wording::{Message, message};

/// The most columns of a table.
pub(in crate::crm) const MOST_COLUMNS: usize = 1_000;
/// The most characters of a record, written out as JSON: a page of records must not fill the memory.
const LONGEST_RECORD: usize = 100_000;
/// A record whose parts take no more bytes than this is never too long: each of them takes six characters at the most, if
/// it is one that must be escaped, and each cell a few more.
const SHORT_RECORD: u64 = LONGEST_RECORD as u64 / 8;
/// The same for the number of its cells.
const FEW_CELLS: usize = 1_000;

/// Why a column cannot have a name, if it cannot.
pub(in crate::crm) fn column_problem(name: &str) -> Option<Message> {
    if name == ID_COLUMN {
        return Some(message!("column-is-id"));
    }
    if name.trim().is_empty() {
        return Some(message!("column-name-empty"));
    }
    lengths::problem(name, LONGEST_NAME).map(|problem| message!("column-name-unstorable", problem = problem.message()))
}

/// Why a table cannot have so many columns, if it cannot.
pub(in crate::crm) fn column_count_problem(count: usize) -> Option<Message> {
    (count > MOST_COLUMNS).then(|| message!("too-many-columns", count = count, limit = MOST_COLUMNS))
}

/// Why a cell cannot hold a value, if it cannot.
pub(in crate::crm) fn cell_problem(column: &str, value: &Value) -> Option<Message> {
    value.is_too_deep().then(|| message!("cell-too-deep", column = column, limit = MAX_DEPTH))
}

/// Why cells together are no record, if they are none.
pub(in crate::crm) fn record_problem(cells: &Dict) -> Option<Message> {
    let extent = cells.extent();
    if extent.size <= SHORT_RECORD && cells.len() <= FEW_CELLS {
        return None;
    }
    let length = Value::from(cells.clone()).json_form().chars().count();
    (length > LONGEST_RECORD).then(|| message!("record-too-long", length = length, limit = LONGEST_RECORD))
}
