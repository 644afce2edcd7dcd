//! The functions about tables of the project's own (crm-more, section 6).

use super::arguments::RecordIds;
use crate::builtins;
use crate::crm::{CrmContext as _, RecordId, TableId, role};
use crate::diagnostic::{Code, Fault};
use crate::function::Context;
use crate::value::{Dict, Text, Value};
use crate::wording::{Argument, message};

builtins! {
    /// Tables of the project's own: columns and records, which the host makes room for and scripts fill.
    pub static FUNCTIONS: Host "tables" = {
        /// Adds a record to a table, and returns its id.
        ///
        /// Columns that the table does not have are made, behind the others. Ids count from 1 in each table and come only
        /// once. `None`, and no record, when there is no such table.
        ///
        /// ```calc
        /// record = new_record(701, {'name': 'Plate', 'price': 9})
        /// get_record_data(701, record, 'name') # => Plate
        /// ```
        vendor fn new_record(
            context, table_id: TableId => "the table", data: Dict as role::RECORD_DATA => "columns and values, or the JSON text of them",
        ) -> RecordId, fails None {
            context.check_memory_for_text(&Value::from(data.clone()))?;
            let made = context.crm()?.new_record(table_id, &data)?;
            passed_over(context, &made.skipped);
            Ok(made.id)
        }

        /// Changes cells of a record, and returns the whole record.
        ///
        /// The other cells stay; an empty value empties a cell. Columns that the table does not have are passed over, with a
        /// notice. `None` when there is no such record.
        ///
        /// ```calc
        /// edit_record(701, 1, {'price': 7}) # => {"name": "Mug", "price": 7, "stock": 12}
        /// ```
        vendor fn edit_record(
            context, table_id: TableId => "the table", record_id: RecordId => "the id of the record",
            data: Dict as role::RECORD_DATA => "columns and values, or the JSON text of them",
        ) -> Dict, fails None {
            context.check_memory_for_text(&Value::from(data.clone()))?;
            let written = context.crm()?.edit_record(table_id, record_id, &data)?;
            passed_over(context, &written.skipped);
            Ok(written.row)
        }

        /// Deletes one record of a table, or several.
        ///
        /// The text says how many there were. The rows behind them move up; their ids do not come again.
        ///
        /// ```calc
        /// delete_record(701, [2, 99]) # => {"message": "Удалено записей: 1"}
        /// ```
        vendor fn delete_record(
            context, table_id: TableId => "the table", record_id: RecordIds => "the id of the record, or a list of ids",
        ) -> Dict, fails NothingDeleted {
            let count = context.crm()?.delete_records(table_id, &record_id.0)?;
            // The vendor's own words.
            Ok([("message".into(), format!("Удалено записей: {count}").into())].into_iter().collect())
        }

        /// A record of a table by its id: the whole record, or one value.
        ///
        /// The whole record is a dict from columns to values; empty cells are `""`. With a column of the table it is the
        /// value in that column. `None` when there is no such record.
        ///
        /// ```calc
        /// get_record_data(701, 1) # => {"name": "Mug", "price": 5, "stock": 12}
        /// ```
        vendor fn get_record_data(
            context, table_id: TableId => "the table", record_id: RecordId => "the id of the record",
            return_column: Option<Text> = "None" => "the column whose value is wanted",
        ) -> Value, fails None {
            Ok(context.crm()?.get_record_data(table_id, record_id, return_column.as_deref())?)
        }
    }
}

/// Tells the author of names that are no columns.
fn passed_over(context: &mut Context<'_>, skipped: &[String]) {
    if !skipped.is_empty() {
        let columns = Argument::all(skipped.iter().map(|name| format!("`{name}`")));
        context.notice("data", Fault::new(Code::RefusedArgument, message!("no-such-columns", count = skipped.len(), columns = columns)));
    }
}
