//! Records by their ids: new ones, changes, deletions, what is in them. Searching has a file of its own.

use crate::crm::effect::Effect;
use crate::crm::error::{CrmError, CrmResult, Refusal};
use crate::crm::session::Session;
use crate::crm::session::ids::Ids;
use crate::crm::session::state::RowState;
use crate::crm::table::state::{RecordEntry, TableEntry};
use crate::crm::table::{ID_COLUMN, limits};
use crate::crm::variable::set::decode;
use crate::crm::{RecordId, TableId};
use crate::store::{Batch, IdCounter, StoreError, statements};
use crate::value::{Dict, Text, Value};
use crate::wording::message;

/// How many records are asked for at once.
const AT_ONCE: usize = 200;

/// What became of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenRecord {
    /// Its id.
    pub id: RecordId,
    /// The whole record, column by column.
    pub row: Dict,
    /// Names of the data that are no columns, and were passed over.
    pub skipped: Vec<String>,
}

impl Session {
    /// Adds a record to a table; columns that are missing are made, behind the others.
    ///
    /// # Errors
    /// An unknown table is refused, and what cannot be kept; nothing changes then.
    pub fn new_record(&mut self, table_id: TableId, data: &Dict) -> CrmResult<WrittenRecord> {
        let table = self.known_table(table_id)?;
        let entry = &self.state.tables[table];
        let mut columns = entry.table.columns.clone();
        let mut skipped = Vec::new();
        let mut cells = Dict::with_capacity(data.len());
        for (name, value) in data.iter() {
            if name.as_str() == ID_COLUMN {
                skipped.push(name.to_string());
                continue;
            }
            if !columns.iter().any(|column| column == name.as_str()) {
                if let Some(problem) = limits::column_problem(name) {
                    return Err(Refusal::NotARecord(problem).into());
                }
                columns.push(name.to_string());
            }
            put(&mut cells, name, value)?;
        }
        let problem = limits::column_count_problem(columns.len()).or_else(|| limits::record_problem(&cells));
        if let Some(problem) = problem {
            return Err(Refusal::NotARecord(problem).into());
        }
        let id = self.new_record_id(table)?;
        let entry = &mut self.state.tables[table];
        let added = columns.split_off(entry.table.columns.len());
        entry.table.columns.extend(added.iter().cloned());
        let table_name = entry.table.name.clone();
        entry.records.insert(id, RecordEntry { cells: cells.clone(), version: 0, row: RowState::New, changed: false });
        for name in added {
            self.record(Effect::ColumnAdded { table: table_id, table_name: table_name.clone(), name });
        }
        self.record(Effect::RecordCreated { id, table: table_id, table_name, cells: Value::from(cells.clone()).to_json() });
        Ok(WrittenRecord { id, row: self.state.tables[table].row(&cells), skipped })
    }

    /// Changes cells of a record; empty values empty them. Makes no columns.
    ///
    /// # Errors
    /// An unknown table or record is refused, and what cannot be kept; nothing changes then.
    pub fn edit_record(&mut self, table_id: TableId, record_id: RecordId, data: &Dict) -> CrmResult<WrittenRecord> {
        let table = self.known_record(table_id, record_id)?;
        let entry = &self.state.tables[table];
        let old = entry.record(record_id).map(|record| record.cells.clone()).unwrap_or_default();
        let mut cells = old.clone();
        let mut changes = Dict::new();
        let mut skipped = Vec::new();
        for (name, value) in data.iter() {
            if !entry.table.columns.iter().any(|column| column == name.as_str()) {
                skipped.push(name.to_string());
                continue;
            }
            put(&mut cells, name, value)?;
            let is_same = match old.get(name) {
                Some(before) => before == value,
                None => value.is_none_or_empty(),
            };
            if !is_same {
                changes.insert(name.clone(), cells.get(name).cloned().unwrap_or_else(Value::empty_text));
            }
        }
        if let Some(problem) = limits::record_problem(&cells) {
            return Err(Refusal::NotARecord(problem).into());
        }
        let row = entry.row(&cells);
        if !changes.is_empty() {
            let entry = &mut self.state.tables[table];
            let table_name = entry.table.name.clone();
            if let Some(record) = entry.records.get_mut(&record_id) {
                record.cells = cells;
                record.changed = !record.row.is_new();
            }
            self.record(Effect::RecordUpdated { id: record_id, table: table_id, table_name, cells: Value::from(changes).to_json() });
        }
        Ok(WrittenRecord { id: record_id, row, skipped })
    }

    /// Deletes records; returns how many there were.
    ///
    /// # Errors
    /// An unknown table is refused.
    pub fn delete_records(&mut self, table_id: TableId, record_ids: &[RecordId]) -> CrmResult<usize> {
        let table = self.fetch_records(table_id, record_ids)?;
        let mut count = 0;
        for id in record_ids {
            let entry = &mut self.state.tables[table];
            let Some(record) = entry.records.get_mut(id).filter(|record| !record.row.is_deleted()) else { continue };
            record.row.delete();
            record.changed = false;
            record.cells = Dict::new();
            count += 1;
            let table_name = entry.table.name.clone();
            self.record(Effect::RecordDeleted { id: *id, table: table_id, table_name });
        }
        Ok(count)
    }

    /// A record of a table, column by column, or one of its values when there is such a column.
    ///
    /// # Errors
    /// An unknown table or record is refused.
    pub fn get_record_data(&mut self, table_id: TableId, record_id: RecordId, return_column: Option<&str>) -> CrmResult<Value> {
        let table = self.known_record(table_id, record_id)?;
        let entry = &self.state.tables[table];
        let cells = entry.record(record_id).map(|record| record.cells.clone()).unwrap_or_default();
        Ok(entry.answer(record_id, &cells, return_column))
    }

    /// Where a table is in the session's state, read if it has to be.
    pub(in crate::crm) fn known_table(&mut self, id: TableId) -> CrmResult<usize> {
        self.fetch_records(id, &[])
    }

    /// The same with one of its records.
    fn known_record(&mut self, id: TableId, record: RecordId) -> CrmResult<usize> {
        let table = self.fetch_records(id, &[record])?;
        match self.state.tables[table].record(record) {
            Some(_) => Ok(table),
            None => Err(Refusal::UnknownRecord { table: id, record }.into()),
        }
    }

    /// Reads a table and records of it, all that the state does not have. What is not there is passed over.
    fn fetch_records(&mut self, id: TableId, records: &[RecordId]) -> CrmResult<usize> {
        let known = self.state.tables.iter().position(|entry| entry.table.id == id);
        let is_missing = |record: &&RecordId| known.is_none_or(|table| !self.state.tables[table].records.contains_key(record));
        let mut missing: Vec<RecordId> = records.iter().filter(is_missing).copied().collect();
        missing.sort_unstable();
        missing.dedup();
        let mut parts = missing.chunks(AT_ONCE);
        let first = parts.next().unwrap_or_default();
        let table = match known {
            Some(table) => {
                self.fetch_part(table, first)?;
                table
            }
            None => self.read_table(id, first)?,
        };
        for part in parts {
            self.fetch_part(table, part)?;
        }
        Ok(table)
    }

    /// Reads a table, with some records of it.
    fn read_table(&mut self, id: TableId, records: &[RecordId]) -> CrmResult<usize> {
        let mut batch = Batch::new();
        batch.add(&statements::TABLE).int(self.project.id).int(id);
        batch.add(&statements::COLUMNS).int(self.project.id).int(id);
        self.ask_for_records(&mut batch, id, records);
        let mut results = self.ask(&batch)?.into_iter();
        let rows = results.next().unwrap_or_default();
        if rows.is_empty() {
            return Err(Refusal::UnknownTable(id).into());
        }
        let mut reader = rows.reader();
        let mut table = super::OwnTable { id, name: reader.text()?, columns: Vec::new(), next_record: reader.int()? };
        let version = reader.int()?;
        let mut reader = results.next().unwrap_or_default().reader();
        while reader.more() {
            table.columns.push(reader.text()?);
        }
        self.state.tables.push(TableEntry::read(table, version));
        let table = self.state.tables.len() - 1;
        for (record, rows) in records.iter().zip(results) {
            self.keep_record(table, *record, rows)?;
        }
        Ok(table)
    }

    fn fetch_part(&mut self, table: usize, records: &[RecordId]) -> CrmResult<()> {
        if records.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::new();
        self.ask_for_records(&mut batch, self.state.tables[table].table.id, records);
        let results = self.ask(&batch)?;
        for (record, rows) in records.iter().zip(results) {
            self.keep_record(table, *record, rows)?;
        }
        Ok(())
    }

    fn ask_for_records(&self, batch: &mut Batch<'_>, table: TableId, records: &[RecordId]) {
        for record in records {
            batch.add(&statements::RECORD).int(self.project.id).int(table).int(*record);
        }
    }

    fn keep_record(&mut self, table: usize, id: RecordId, rows: crate::store::Rows) -> CrmResult<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut reader = rows.reader();
        let version = reader.int()?;
        let cells = decode_cells(&reader.text()?)?;
        let entry = &mut self.state.tables[table];
        // What the script knows of it is no longer so.
        if entry.shown.get(&id).is_some_and(|shown| *shown != version) {
            return Err(StoreError::conflict(message!("read-has-changed", statement = statements::RECORD.name)).into());
        }
        entry.records.insert(id, RecordEntry { cells, version, row: RowState::Stored, changed: false });
        Ok(())
    }

    fn new_record_id(&mut self, table: usize) -> Result<RecordId, StoreError> {
        let table = &self.state.tables[table].table;
        let counter = IdCounter { project: self.project.id.0, generation: self.generation, table: Some(table.id.0) };
        let known = self.record_ids.iter().position(|ids| ids.counter() == counter);
        let place = known.unwrap_or_else(|| {
            let mut ids = Ids::new(counter, table.next_record, self.ids.is_dry());
            if !self.ids.may_expect() {
                ids.expect_none();
            }
            self.record_ids.push(ids);
            self.record_ids.len() - 1
        });
        let ids = &mut self.record_ids[place];
        ids.ensure(&mut self.link, 1)?;
        ids.next()
    }
}

impl TableEntry {
    /// A record column by column; empty cells read as empty text.
    pub(in crate::crm) fn row(&self, cells: &Dict) -> Dict {
        let value = |column: &String| {
            let column = Text::from(column.as_str());
            let value = cells.get(&column).cloned().unwrap_or_else(Value::empty_text);
            (column, value)
        };
        self.table.columns.iter().map(value).collect()
    }

    /// One value of a record; `None` when there is no such column.
    pub(in crate::crm) fn cell(&self, id: RecordId, cells: &Dict, column: &str) -> Option<Value> {
        if column == ID_COLUMN {
            return Some(id.into());
        }
        self.table.columns.iter().any(|known| known == column).then(|| cells.get(&column.into()).cloned().unwrap_or_else(Value::empty_text))
    }

    /// The value of a column, if there is such a one, else the whole record.
    pub(in crate::crm) fn answer(&self, id: RecordId, cells: &Dict, column: Option<&str>) -> Value {
        column.and_then(|column| self.cell(id, cells, column)).unwrap_or_else(|| self.row(cells).into())
    }
}

/// The cells of a record from their text in the database.
pub(in crate::crm) fn decode_cells(text: &str) -> Result<Dict, StoreError> {
    match decode(text)? {
        Value::Dict(cells) => Ok(cells),
        _ => Err(StoreError::corrupt(message!("stored-record-not-cells"))),
    }
}

/// Puts a value into a cell; nothing and empty text empty it.
fn put(cells: &mut Dict, column: &Text, value: &Value) -> Result<(), CrmError> {
    if let Some(problem) = limits::cell_problem(column, value) {
        return Err(Refusal::NotARecord(problem).into());
    }
    if value.is_none_or_empty() {
        cells.remove(column);
    } else {
        cells.insert(column.clone(), value.clone());
    }
    Ok(())
}
