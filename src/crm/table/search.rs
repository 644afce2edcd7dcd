//! Going through the records of a table in the order of their ids, a page at a time, with what the session has added,
//! changed and deleted.

use std::ops::Bound;

use crate::crm::RecordId;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::session::Session;
use crate::crm::table::ID_COLUMN;
use crate::crm::table::rules::decode_cells;
use crate::crm::table::state::TableEntry;
use crate::crm::{TableId, role};
use crate::function::Role;
use crate::store::{Batch, Rows, Statement, StoreError, statements};
use crate::value::{Dict, Text, Value};

/// How many records are read first: mostly the wanted one is among them, or there are no more.
const FIRST_PAGE: usize = 50;
/// How many are read at once later, and how many bytes of them there should be.
const LARGEST_PAGE: usize = 1_000;
const PAGE_BYTES: usize = 1 << 20;
/// How many ids are read at once to pass over records.
const IDS_AT_ONCE: usize = 10_000;
/// The memory that is kept for a record that was shown.
const PER_SHOWN: usize = 48;

/// Where a walk through a table is.
pub(in crate::crm) struct TableWalk {
    pub(in crate::crm) table: usize,
    after: RecordId,
    page: usize,
    is_first: bool,
    /// Whether there are no more records.
    pub(in crate::crm) is_over: bool,
}

/// A record that a walk came by.
pub(in crate::crm) struct FoundRecord {
    pub(in crate::crm) id: RecordId,
    pub(in crate::crm) cells: Dict,
    /// Its version in the database, unless it is the session's own.
    version: Option<i64>,
}

impl Session {
    /// Begins a walk through a table.
    pub(in crate::crm) fn walk(&mut self, table_id: TableId) -> CrmResult<TableWalk> {
        let table = self.known_table(table_id)?;
        self.state.tables[table].is_searched = true;
        Ok(TableWalk { table, after: RecordId(i64::MIN), page: FIRST_PAGE, is_first: true, is_over: false })
    }

    /// A table that a walk goes through.
    pub(in crate::crm) fn table_of(&self, walk: &TableWalk) -> &TableEntry {
        &self.state.tables[walk.table]
    }

    /// Refuses what is no column of the table of a walk.
    pub(in crate::crm) fn check_column(&self, walk: &TableWalk, column: &str, roles: &'static [Role]) -> CrmResult<()> {
        let table = &self.table_of(walk).table;
        if column == ID_COLUMN || table.columns.iter().any(|known| known == column) {
            return Ok(());
        }
        Err(Refusal::UnknownColumn { table: table.id, column: column.to_owned(), roles }.into())
    }

    /// The next records, some at a time and so many at the most; none at the end. And how many bytes were read for them.
    pub(in crate::crm) fn next_records(&mut self, walk: &mut TableWalk, most: usize) -> Result<(Vec<FoundRecord>, u64), StoreError> {
        let wanted = most.min(walk.page).max(1);
        let mut reader = self.ask_page(walk, &statements::RECORDS_AFTER, wanted)?.reader();
        let mut stored = Vec::with_capacity(wanted);
        let mut bytes = 0;
        while reader.more() {
            let (id, version, cells) = (reader.int::<RecordId>()?, reader.int::<i64>()?, reader.text()?);
            bytes += cells.len();
            stored.push((id, version, cells));
        }
        if !stored.is_empty() {
            walk.page = (PAGE_BYTES / (bytes / stored.len()).max(1)).clamp(1, LARGEST_PAGE.min(walk.page * 4));
        }
        let end = walk.end_of_page(stored.len() < wanted, stored.last().map(|(id, ..)| *id));
        let own = &self.state.tables[walk.table].records;
        let mut found: Vec<FoundRecord> = Vec::with_capacity(stored.len());
        for (id, version, cells) in stored {
            match own.get(&id) {
                Some(record) if record.row.is_deleted() => {}
                Some(record) => found.push(FoundRecord { id, cells: record.cells.clone(), version: None }),
                None => found.push(FoundRecord { id, cells: decode_cells(&cells)?, version: Some(version) }),
            }
        }
        let new = own.range((Bound::Excluded(walk.after), Bound::Included(end))).filter(|(_, record)| record.row.is_new());
        found.extend(new.map(|(id, record)| FoundRecord { id: *id, cells: record.cells.clone(), version: None }));
        found.sort_by_key(|record| record.id);
        walk.after = end;
        if found.len() > most {
            found.truncate(most);
            walk.is_over = false;
            walk.after = found.last().map_or(walk.after, |record| record.id);
        }
        Ok((found, bytes as u64))
    }

    /// Passes over the next records, some at a time and so many at the most; returns how many there were.
    pub(in crate::crm) fn pass_over(&mut self, walk: &mut TableWalk, most: usize) -> Result<usize, StoreError> {
        let wanted = most.clamp(1, IDS_AT_ONCE);
        let mut reader = self.ask_page(walk, &statements::RECORD_IDS_AFTER, wanted)?.reader();
        let mut ids: Vec<RecordId> = Vec::with_capacity(wanted);
        while reader.more() {
            ids.push(reader.int()?);
        }
        let end = walk.end_of_page(ids.len() < wanted, ids.last().copied());
        let own = &self.state.tables[walk.table].records;
        ids.retain(|id| own.get(id).is_none_or(|record| !record.row.is_deleted()));
        let new = own.range((Bound::Excluded(walk.after), Bound::Included(end))).filter(|(_, record)| record.row.is_new());
        ids.extend(new.map(|(id, _)| *id));
        ids.sort_unstable();
        walk.after = end;
        if ids.len() > most {
            ids.truncate(most);
            walk.is_over = false;
            walk.after = ids.last().copied().unwrap_or(walk.after);
        }
        Ok(ids.len())
    }

    /// The script sees a record: what it makes of it is only right if the record stays as it is.
    pub(in crate::crm) fn show(&mut self, walk: &TableWalk, record: &FoundRecord) {
        let Some(version) = record.version else { return };
        if self.state.tables[walk.table].shown.insert(record.id, version).is_none() {
            self.charge.add(PER_SHOWN);
        }
    }

    fn ask_page(&mut self, walk: &mut TableWalk, statement: &'static Statement, count: usize) -> Result<Rows, StoreError> {
        let mut batch = Batch::new();
        batch.add(statement).int(self.project.id).int(self.state.tables[walk.table].table.id).int(walk.after);
        batch.int(i64::try_from(count).unwrap_or(i64::MAX));
        let mut results = if std::mem::take(&mut walk.is_first) { self.link.ask(&batch)? } else { self.link.ask_on_script_time(&batch)? };
        Ok(results.pop().unwrap_or_default())
    }
}

impl TableWalk {
    /// Up to where the database has been asked.
    fn end_of_page(&mut self, is_last: bool, last: Option<RecordId>) -> RecordId {
        self.is_over = is_last;
        if is_last { RecordId(i64::MAX) } else { last.unwrap_or(self.after) }
    }
}

impl TableEntry {
    /// A record column by column, begun by its id.
    pub(in crate::crm) fn row_with_id(&self, record: &FoundRecord) -> Dict {
        let id = (Text::from(ID_COLUMN), Value::from(record.id));
        let row = self.row(&record.cells);
        std::iter::once(id).chain(row.iter().map(|(column, value)| (column.clone(), value.clone()))).collect()
    }
}

/// The roles of what names a column.
pub(in crate::crm) const COLUMN: &[Role] = &[role::COLUMN];
/// The same for a dict of columns.
pub(in crate::crm) const COLUMNS_WANTED: &[Role] = &[role::WANTED];
