//! Ids that a process has taken from the counters of projects and of their tables: taken in short units of work of their own, in stretches
//! that grow while many ask at once, so that no block holds a counter while it runs. A session that is alone does without:
//! it counts on the next ids, and its commit moves the counter if nobody else has done so. Knows no driver.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::statements;
use super::{Batch, Durability, Store, StoreError};
use crate::wording::message;

/// The most ids that are taken at once because many ask for some.
const LONGEST_STRETCH: i64 = 64;

/// Since somebody else took ids too, so many sessions ask the counter for theirs before one counts on the next ones again:
/// whoever is wrong has to begin anew.
const CAUTION: u32 = 16;

/// The ids that one store has taken and nobody uses yet, by counter.
#[derive(Debug, Default)]
pub struct IdPool {
    counters: Mutex<HashMap<(i64, Option<i64>), Stock>>,
}

/// What gives ids: the counter of a project, or that of the records of one of its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdCounter {
    /// The project.
    pub project: i64,
    /// Of which project: another one may have been loaded in its place.
    pub generation: i64,
    /// The table, whose records have a counter of their own.
    pub table: Option<i64>,
}

impl IdCounter {
    fn key(self) -> (i64, Option<i64>) {
        (self.project, self.table)
    }

    /// Asks for ids of its own, in a unit of work of their own.
    pub fn ask(self, batch: &mut Batch<'_>, count: i64) {
        match self.table {
            None => batch.add(&statements::RESERVE_IDS).int(count).int(self.project),
            Some(table) => batch.add(&statements::RESERVE_RECORDS).int(count).int(self.project).int(table),
        };
    }
}

#[derive(Debug, Default)]
struct Stock {
    /// Of which project: another one may have been loaded in its place.
    generation: i64,
    free: Vec<Range<i64>>,
    /// Sessions that have taken some and are not over.
    sessions: u32,
    /// How many were taken last.
    stretch: i64,
    /// Where the counter was when this process moved it last.
    counter: i64,
    /// The next ids, on which the only session counts.
    expected: Option<Expected>,
    /// How many sessions do not count on the next ids.
    caution: u32,
}

#[derive(Debug)]
struct Expected {
    ids: Range<i64>,
    /// Whether they were taken from the counter by another session, together with its own.
    are_taken: bool,
}

/// Ids that a session has taken.
#[derive(Debug)]
pub struct Taken {
    /// The ids, in one row.
    pub ids: Range<i64>,
    /// Whether the database was asked.
    pub asked: bool,
}

impl IdPool {
    fn stocks(&self) -> MutexGuard<'_, HashMap<(i64, Option<i64>), Stock>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes some ids, in one row: as many as are needed, and up to `requested`. `is_first` is true for the first
    /// ones of a session.
    ///
    /// # Errors
    /// When the store fails or there is no such counter.
    pub fn take(store: &dyn Store, counter: IdCounter, needed: i64, requested: i64, is_first: bool) -> Result<Taken, StoreError> {
        let (count, passed) = {
            let mut stocks = store.ids().stocks();
            let stock = stocks.entry(counter.key()).or_default();
            stock.renew(counter.generation);
            let found = stock.take(needed, requested);
            // Alone, nobody takes more than it needs, and ids have no gaps.
            let is_alone = stock.sessions <= u32::from(!is_first);
            // Nor for a table: records are in the order of their ids, so none that is left over comes between them later.
            stock.stretch = if is_alone || counter.table.is_some() { 1 } else { (stock.stretch * 2).clamp(2, LONGEST_STRETCH) };
            if !is_alone {
                stock.caution = CAUTION;
            }
            stock.sessions += u32::from(is_first);
            if let Some(ids) = found {
                return Ok(Taken { ids, asked: false });
            }
            // Those on which another session counts are taken for it.
            let passed = stock.expected.as_ref().filter(|expected| !expected.are_taken).map(|expected| expected.ids.clone());
            let room = passed.as_ref().map_or(0, |ids| ids.end - ids.start);
            (stock.stretch.max(requested) + room, passed)
        };
        let mut batch = Batch::new();
        counter.ask(&mut batch, count);
        let result = store.write(&batch, Durability::Soon).and_then(|mut results| {
            let rows = results.pop().unwrap_or_default();
            if rows.is_empty() {
                return Err(StoreError::conflict(message!("project-gone", project = counter.project.to_string())));
            }
            rows.reader().int()
        });
        let mut stocks = store.ids().stocks();
        let stock = stocks.entry(counter.key()).or_default();
        match result {
            Ok(end) => {
                let mut start = end - count;
                if stock.generation == counter.generation {
                    stock.counter = end;
                    if let Some(expected) = &mut stock.expected
                        && passed.is_some_and(|passed| passed == expected.ids && passed.start == start)
                    {
                        expected.are_taken = true;
                        start = expected.ids.end;
                    }
                    stock.give_back(start + requested..end);
                }
                Ok(Taken { ids: start..start + requested, asked: true })
            }
            Err(error) => {
                stock.sessions = stock.sessions.saturating_sub(u32::from(is_first));
                Err(error)
            }
        }
    }

    /// The next ids of a project, without asking for them, for a session that is the only one to need some; `next` is where
    /// it has seen the counter. Its commit has to move the counter behind those it used, unless they turn out to be
    /// [taken](Self::settle).
    pub fn expect(&self, counter: IdCounter, next: i64, count: i64) -> Option<Range<i64>> {
        let mut stocks = self.stocks();
        let stock = stocks.entry(counter.key()).or_default();
        stock.renew(counter.generation);
        if stock.sessions > 0 || !stock.free.is_empty() {
            return None;
        }
        if stock.caution > 0 {
            stock.caution -= 1;
            return None;
        }
        let start = next.max(stock.counter);
        let ids = start..start.checked_add(count)?;
        stock.expected = Some(Expected { ids: ids.clone(), are_taken: false });
        stock.sessions = 1;
        Some(ids)
    }

    /// Some more for a session that counts on ids, as long as nobody else has asked for any.
    pub fn expect_more(&self, counter: IdCounter, count: i64) -> Option<Range<i64>> {
        let mut stocks = self.stocks();
        let stock = stocks.get_mut(&counter.key()).filter(|stock| stock.generation == counter.generation && stock.sessions == 1)?;
        let expected = stock.expected.as_mut().filter(|expected| !expected.are_taken)?;
        let start = expected.ids.end;
        expected.ids.end = start.checked_add(count)?;
        Some(start..expected.ids.end)
    }

    /// Ends the expectation of a session; whether its ids have been taken from the counter meanwhile.
    pub fn settle(&self, counter: IdCounter) -> bool {
        let mut stocks = self.stocks();
        let stock = stocks.get_mut(&counter.key()).filter(|stock| stock.generation == counter.generation);
        stock.and_then(|stock| stock.expected.take()).is_some_and(|expected| expected.are_taken)
    }

    /// A session that has ids is over. Those it did not use are free again; `moved_to` is where its commit has moved the
    /// counter.
    pub fn finish(&self, counter: IdCounter, unused: &[Range<i64>], moved_to: Option<i64>) {
        let mut stocks = self.stocks();
        let stock = stocks.entry(counter.key()).or_default();
        stock.sessions = stock.sessions.saturating_sub(1);
        if stock.generation == counter.generation {
            for ids in unused {
                stock.give_back(ids.clone());
            }
            stock.counter = moved_to.unwrap_or(stock.counter);
        }
    }

    /// A session was wrong to count on the next ids.
    pub fn mistrust(&self, counter: IdCounter) {
        self.stocks().entry(counter.key()).or_default().caution = CAUTION;
    }

    /// What the counter of a project would return if every session had handed back the ids it did not use.
    #[must_use]
    pub fn next_unused(&self, counter: IdCounter, next: i64) -> i64 {
        let stocks = self.stocks();
        let stock = stocks.get(&counter.key()).filter(|stock| stock.generation == counter.generation);
        let last = stock.and_then(|stock| stock.free.last()).filter(|ids| ids.end == next);
        last.map_or(next, |ids| ids.start)
    }

    /// All ids of a project that nobody uses, when one session alone has some: its own unused ones and those that were left
    /// by others, which are taken out of the pool.
    pub fn gather(&self, counter: IdCounter, unused: &mut Vec<Range<i64>>) -> bool {
        let mut stocks = self.stocks();
        let stock = stocks.entry(counter.key()).or_default();
        if stock.sessions > 1 || stock.generation != counter.generation {
            return false;
        }
        for ids in unused.drain(..) {
            stock.give_back(ids);
        }
        unused.append(&mut stock.free);
        true
    }
}

impl Stock {
    /// Forgets the ids of a project that another one has replaced.
    fn renew(&mut self, generation: i64) {
        if self.generation != generation {
            *self = Self { generation, sessions: self.sessions, ..Self::default() };
        }
    }

    /// The lowest ids that are free, if there are as many in one row as are needed.
    fn take(&mut self, needed: i64, requested: i64) -> Option<Range<i64>> {
        let place = self.free.iter().position(|ids| ids.end - ids.start >= needed)?;
        let ids = &mut self.free[place];
        let taken = ids.start..ids.end.min(ids.start + requested);
        ids.start = taken.end;
        if ids.is_empty() {
            self.free.remove(place);
        }
        Some(taken)
    }

    /// Puts ids among the free ones, joined with their neighbours, lowest first; those that are there already stay.
    fn give_back(&mut self, ids: Range<i64>) {
        if ids.is_empty() {
            return;
        }
        let place = self.free.partition_point(|other| other.start < ids.start);
        self.free.insert(place, ids);
        self.free.dedup_by(|next, previous| {
            let joins = previous.end >= next.start;
            if joins {
                previous.end = previous.end.max(next.end);
            }
            joins
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Stock;

    #[test]
    fn what_is_given_back_joins_on() {
        let mut stock = Stock::default();
        for ids in [10..12, 5..7, 12..14, 7..10] {
            stock.give_back(ids);
        }
        assert_eq!((stock.free.len(), stock.free[0].clone()), (1, 5..14));
        assert_eq!(stock.take(1, 3), Some(5..8));
        assert_eq!(stock.take(7, 9), None, "not in one row");
        assert_eq!(stock.take(1, 9), Some(8..14));
        assert!(stock.free.is_empty());
    }
}
