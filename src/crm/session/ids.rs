//! The ids of a session. Alone, it counts on the next ones and moves the project's counter when it commits; else it takes
//! some from the counter, a few more than it needs at once, and what is left is given back. A session that is never
//! committed only counts.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use super::link::Link;
use crate::store::statements;
use crate::store::{Batch, IdCounter, IdPool, Rows, Store, StoreError, StoreErrorKind};
use crate::wording::message;

/// How many are taken first: a block that makes a client, a deal and a task asks once.
const FIRST: i64 = 4;
/// The most that a session takes at once.
const MOST_AT_ONCE: i64 = 64;

pub(in crate::crm) struct Ids {
    counter: IdCounter,
    /// Where the counter was when the session was opened, or first looked at it.
    next: i64,
    /// All that it has.
    taken: Vec<Range<i64>>,
    /// Those of them that stay taken whether the session is committed or not.
    pooled: Vec<Range<i64>>,
    /// Those of them on which it counts without having taken them.
    expected: Option<Range<i64>>,
    /// Where the commit moves the counter because of them.
    used_to: Option<i64>,
    /// Where it moves the counter back to.
    returned_to: Option<i64>,
    /// Whether it may count on any.
    may_expect: bool,
    /// Those not used yet, in the order of use.
    free: Vec<Range<i64>>,
    /// How many are taken next.
    next_count: i64,
    /// Whether the session is never committed.
    is_dry: bool,
    /// Whether what others had left is among the free ones.
    has_gathered: bool,
    /// Where they go when the session is over.
    store: Option<Arc<dyn Store>>,
}

/// What a checkpoint keeps of them.
#[derive(Debug, Clone, Default)]
pub(in crate::crm) struct IdsThen {
    free: Vec<Range<i64>>,
    taken: usize,
}

impl Ids {
    pub(in crate::crm) fn new(counter: IdCounter, next: i64, is_dry: bool) -> Self {
        Self {
            counter,
            next,
            taken: Vec::new(),
            pooled: Vec::new(),
            expected: None,
            used_to: None,
            returned_to: None,
            may_expect: true,
            free: Vec::new(),
            next_count: if counter.table.is_some() { 1 } else { FIRST },
            is_dry,
            has_gathered: false,
            store: None,
        }
    }

    /// Sees to it that there are some.
    pub(in crate::crm) fn ensure(&mut self, link: &mut Link, count: i64) -> Result<(), StoreError> {
        loop {
            let missing = count - self.free.iter().map(|ids| ids.end - ids.start).sum::<i64>();
            if missing <= 0 {
                return Ok(());
            }
            let ids = if self.is_dry {
                let start = self.next;
                self.next += missing;
                start..self.next
            } else {
                self.take(link, missing)?
            };
            self.taken.push(ids.clone());
            match self.free.last_mut() {
                Some(last) if last.end == ids.start => last.end = ids.end,
                _ => self.free.push(ids),
            }
        }
    }

    /// What gives them.
    pub(in crate::crm) fn counter(&self) -> IdCounter {
        self.counter
    }

    /// For a session that is kept open for long: meanwhile others will need ids.
    pub(in crate::crm) fn expect_none(&mut self) {
        self.may_expect = false;
    }

    pub(in crate::crm) fn may_expect(&self) -> bool {
        self.may_expect
    }

    /// Some without asking the database.
    fn expect(&mut self, link: &Link, count: i64) -> Option<Range<i64>> {
        if let Some(expected) = &mut self.expected {
            let ids = self.store.as_ref()?.ids().expect_more(self.counter, self.next_count.max(count))?;
            expected.end = ids.end;
            return Some(ids);
        }
        if !self.may_expect || self.store.is_some() || link.is_held() {
            return None;
        }
        let store = link.handle();
        let ids = store.ids().expect(self.counter, self.next, self.next_count.max(count))?;
        self.expected = Some(ids.clone());
        self.store = Some(store);
        Some(ids)
    }

    fn take(&mut self, link: &mut Link, count: i64) -> Result<Range<i64>, StoreError> {
        if let Some(ids) = self.expect(link, count) {
            return Ok(ids);
        }
        // Whoever makes others wait takes them in its own transaction: it would wait for itself.
        if link.is_held() {
            let mut batch = Batch::new();
            self.counter.ask(&mut batch, count);
            let end = link.ask(&batch)?.pop().unwrap_or_default().reader().int()?;
            return Ok(end - count..end);
        }
        let is_first = self.store.is_none();
        let store = link.handle();
        let begun = Instant::now();
        let taken = IdPool::take(&*store, self.counter, count, self.next_count.max(count), is_first);
        link.note(begun.elapsed(), taken.as_ref().map_or(true, |taken| taken.asked));
        let ids = taken?.ids;
        if self.counter.table.is_none() {
            self.next_count = (self.next_count * 2).min(MOST_AT_ONCE);
        }
        self.pooled.push(ids.clone());
        self.store = Some(store);
        Ok(ids)
    }

    pub(in crate::crm) fn is_dry(&self) -> bool {
        self.is_dry
    }

    pub(in crate::crm) fn next<Id: From<i64>>(&mut self) -> Result<Id, StoreError> {
        let id = self.free.first_mut().and_then(Iterator::next);
        self.free.retain(|ids| !ids.is_empty());
        id.map(Id::from).ok_or_else(|| StoreError::corrupt(message!("no-id-left")))
    }

    pub(in crate::crm) fn now(&self) -> IdsThen {
        IdsThen { free: self.free.clone(), taken: self.taken.len() }
    }

    /// Those used since then are free again.
    pub(in crate::crm) fn go_back(&mut self, then: IdsThen) {
        self.free = then.free;
        for ids in self.taken.iter().skip(then.taken) {
            match self.free.last_mut() {
                Some(last) if last.end == ids.start => last.end = ids.end,
                _ => self.free.push(ids.clone()),
            }
        }
    }

    /// All are free again, but for those of a transaction that is gone.
    pub(in crate::crm) fn take_back(&mut self) {
        if !self.is_dry() {
            self.settle();
            self.taken.clone_from(&self.pooled);
        }
        self.go_back(IdsThen { free: Vec::new(), taken: 0 });
    }

    /// Counts on no ids any more: on those that it has to take from the counter itself, which it returns, or on none because
    /// another session has taken them along.
    fn settle(&mut self) -> Option<Range<i64>> {
        let expected = self.expected.take()?;
        let are_taken = self.store.as_ref().is_some_and(|store| store.ids().settle(self.counter));
        if are_taken {
            self.pooled.push(expected);
            return None;
        }
        Some(expected)
    }

    /// Adds a statement that moves the counter behind the ids that were used without having been taken. It comes before those
    /// that use them: when somebody else has taken them, it is the one that is refused.
    pub(in crate::crm) fn ask_to_move(&mut self, batch: &mut Batch<'_>) {
        let Some(expected) = self.settle() else { return };
        let end = self.free.first().map_or(expected.end, |unused| unused.start);
        self.free.clear();
        if end > expected.start {
            let IdCounter { project, generation, table } = self.counter;
            match table {
                None => batch.add(&statements::MOVE_COUNTER).int(end).int(project).int(expected.start).int(generation),
                Some(table) => batch.add(&statements::MOVE_RECORD_COUNTER).int(end).int(project).int(table).int(expected.start),
            };
            self.used_to = Some(end);
        }
    }

    /// Adds a last statement that gives back to the counter what was taken and not used, when nobody else seems to take any.
    pub(in crate::crm) fn ask_to_return(&mut self, batch: &mut Batch<'_>, is_held: bool) {
        let Some(store) = self.store.as_ref().filter(|_| !is_held) else { return };
        self.has_gathered = store.ids().gather(self.counter, &mut self.free);
        if let [unused] = self.free.as_slice()
            && self.has_gathered
        {
            batch.add(&statements::RETURN_IDS).int(unused.start).int(self.counter.project).int(unused.end);
            self.returned_to = Some(unused.start);
        }
    }

    /// The session is over; `last` has the rows of the last statement of its commit.
    pub(in crate::crm) fn end(mut self, committed: Result<Option<&Rows>, &StoreError>) {
        match committed {
            Ok(last) => self.finish(last),
            Err(error) if matches!(error.kind(), StoreErrorKind::Conflict | StoreErrorKind::Busy) => {}
            Err(_) => self.abandon(),
        }
    }

    /// The session was committed.
    fn finish(&mut self, last: Option<&Rows>) {
        let returned_to = self.returned_to.filter(|_| last.is_some_and(|rows| !rows.is_empty()));
        if returned_to.is_some() {
            self.free.clear();
        }
        if let Some(store) = self.store.take() {
            store.ids().finish(self.counter, &self.free, returned_to.or(self.used_to));
        }
    }

    /// The session is over, and nobody knows whether it was committed.
    fn abandon(&mut self) {
        self.free.clear();
        self.returned_to = None;
        self.used_to = None;
        self.finish(None);
    }
}

impl Drop for Ids {
    fn drop(&mut self) {
        // Nothing was committed: all of them can be used by others.
        self.settle();
        if let Some(store) = self.store.take() {
            if self.has_gathered {
                // For a commit that failed.
                self.pooled.append(&mut self.free);
            }
            if self.used_to.is_some() {
                store.ids().mistrust(self.counter);
            }
            store.ids().finish(self.counter, &self.pooled, None);
        }
    }
}
