//! The tables that a session has looked at, with the records it knows, and how they are written.

use std::collections::{BTreeMap, HashMap};

use crate::crm::model::OwnTable;
use crate::crm::session::state::RowState;
use crate::crm::variable::set::encode;
use crate::crm::{ProjectId, RecordId, TableId};
use crate::store::{Batch, StoreError, statements};
use crate::value::Dict;

/// A table as a session knows it.
#[derive(Debug, Clone)]
pub(in crate::crm) struct TableEntry {
    pub(in crate::crm) table: OwnTable,
    /// A later one means that somebody has added a record who had looked for one.
    pub(in crate::crm) version: i64,
    /// How many of its columns the database has; those behind them are new.
    pub(in crate::crm) stored_columns: usize,
    /// Whether the session has looked at its records one after the other.
    pub(in crate::crm) is_searched: bool,
    /// Those that were read by their ids, were made or changed.
    pub(in crate::crm) records: BTreeMap<RecordId, RecordEntry>,
    /// Versions of those that a search has shown to the script.
    pub(in crate::crm) shown: HashMap<RecordId, i64, foldhash::fast::RandomState>,
}

/// A record as a session knows it.
#[derive(Debug, Clone)]
pub(in crate::crm) struct RecordEntry {
    pub(in crate::crm) cells: Dict,
    /// Its version when it was read; a later one means that others have changed it.
    pub(in crate::crm) version: i64,
    pub(in crate::crm) row: RowState,
    pub(in crate::crm) changed: bool,
}

impl TableEntry {
    pub(in crate::crm) fn read(table: OwnTable, version: i64) -> Self {
        let stored_columns = table.columns.len();
        Self { table, version, stored_columns, is_searched: false, records: BTreeMap::new(), shown: HashMap::default() }
    }

    /// The record, unless it is unknown or deleted.
    pub(in crate::crm) fn record(&self, id: RecordId) -> Option<&RecordEntry> {
        self.records.get(&id).filter(|entry| !entry.row.is_deleted())
    }

    fn is_changed(&self) -> bool {
        self.stored_columns < self.table.columns.len() || self.records.values().any(RecordEntry::is_changed)
    }
}

impl RecordEntry {
    fn is_changed(&self) -> bool {
        self.changed || matches!(self.row, RowState::New | RowState::Leaving)
    }
}

/// What is to be done with the counters of tables, by table.
pub(in crate::crm) type CounterMoves = BTreeMap<TableId, Batch<'static>>;

/// Adds the statements that lock tables and records, each in the order of their ids so that two who lock several never wait
/// for each other, and that check and change what was read.
pub(in crate::crm) fn check<'s>(
    tables: &'s [TableEntry],
    mut moves: CounterMoves,
    batch: &mut Batch<'s>,
    project: ProjectId,
) -> Result<(), StoreError> {
    let mut sorted: Vec<&TableEntry> = tables.iter().collect();
    sorted.sort_unstable_by_key(|entry| entry.table.id);
    for entry in &sorted {
        let id = entry.table.id;
        // What comes before it in the order has been moved by nobody that the state knows.
        while let Some(first) = moves.first_entry().filter(|first| *first.key() <= id) {
            batch.append(first.remove());
        }
        if entry.is_searched && entry.records.values().any(|record| record.row.is_new()) {
            // Two who find that something is not there and add it would add it twice.
            batch.add(&statements::TOUCH_TABLE).int(project).int(id).int(entry.version);
        } else if entry.stored_columns < entry.table.columns.len() {
            // The place of a column is behind those that others add.
            batch.add(&statements::LOCK_TABLE).int(project).int(id);
        }
    }
    for moved in moves.into_values() {
        batch.append(moved);
    }
    if !tables.iter().any(TableEntry::is_changed) {
        return Ok(());
    }
    for entry in sorted {
        let table = entry.table.id;
        for (id, record) in &entry.records {
            match record.row {
                RowState::Stored if record.changed => {
                    batch.add(&statements::UPDATE_RECORD).text(encode(&record.cells)?).int(project).int(table).int(*id).int(record.version);
                }
                RowState::Stored => {
                    batch.add(&statements::CHECK_RECORD).int(project).int(table).int(*id).int(record.version);
                }
                RowState::Leaving => {
                    batch.add(&statements::DELETE_RECORD).int(project).int(table).int(*id).int(record.version);
                }
                RowState::New | RowState::Gone => {}
            }
        }
    }
    Ok(())
}

/// Whether there is anything to write.
pub(in crate::crm) fn are_changed(tables: &[TableEntry]) -> bool {
    tables.iter().any(TableEntry::is_changed)
}

/// Adds the statements that make columns and records.
pub(in crate::crm) fn write<'s>(tables: &'s [TableEntry], batch: &mut Batch<'s>, project: ProjectId) -> Result<(), StoreError> {
    for entry in tables {
        let table = entry.table.id;
        for column in entry.table.columns.iter().skip(entry.stored_columns) {
            batch.add(&statements::ADD_COLUMN).int(project).int(table).text(column.as_str());
        }
        for (id, record) in entry.records.iter().filter(|(_, record)| record.row.is_new()) {
            batch.add(&statements::INSERT_RECORD).int(project).int(table).int(*id).text(encode(&record.cells)?);
        }
    }
    Ok(())
}
