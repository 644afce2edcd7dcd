//! The ids a session has taken from the project's counter: some more than it needs at once, and what is left is given back.
//! A session that is never committed only counts.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use super::link::Link;
use crate::crm::ProjectId;
use crate::store::statements;
use crate::store::{Batch, IdPool, Store, StoreError};
use crate::wording::message;

/// How many are taken first: a block that makes a client, a deal and a task asks once.
const FIRST: i64 = 4;
/// The most that a session takes at once.
const MOST_AT_ONCE: i64 = 64;

pub(in crate::crm) struct Ids {
    project: ProjectId,
    generation: i64,
    /// All that were taken.
    taken: Vec<Range<i64>>,
    /// Those of them that stay taken whether the session is committed or not.
    pooled: Vec<Range<i64>>,
    /// Those not used yet, in the order of use.
    free: Vec<Range<i64>>,
    /// How many are taken next.
    next_count: i64,
    /// For a session that is never committed: what the counter would return.
    dry: Option<i64>,
    /// Whether what others had left is among the free ones.
    has_gathered: bool,
    /// Where they go when the session is over.
    store: Option<Arc<dyn Store>>,
}

/// What a checkpoint keeps of them.
#[derive(Debug, Clone)]
pub(in crate::crm) struct IdsThen {
    free: Vec<Range<i64>>,
    taken: usize,
}

impl Ids {
    pub(in crate::crm) fn new(project: ProjectId, generation: i64, dry: Option<i64>) -> Self {
        Self {
            project,
            generation,
            taken: Vec::new(),
            pooled: Vec::new(),
            free: Vec::new(),
            next_count: FIRST,
            dry,
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
            let ids = match &mut self.dry {
                Some(next) => {
                    let start = *next;
                    *next += missing;
                    start..*next
                }
                None => self.take(link, missing)?,
            };
            self.taken.push(ids.clone());
            match self.free.last_mut() {
                Some(last) if last.end == ids.start => last.end = ids.end,
                _ => self.free.push(ids),
            }
        }
    }

    fn take(&mut self, link: &mut Link, count: i64) -> Result<Range<i64>, StoreError> {
        // Whoever makes others wait takes them in its own transaction: it would wait for itself.
        if link.is_held() {
            let mut batch = Batch::new();
            batch.add(&statements::RESERVE_IDS).int(count).int(self.project);
            let end = link.ask(&batch)?.pop().unwrap_or_default().reader().int()?;
            return Ok(end - count..end);
        }
        let is_first = self.store.is_none();
        let store = link.handle();
        let begun = Instant::now();
        let taken = IdPool::take(&*store, (self.project.0, self.generation), count, self.next_count.max(count), is_first);
        link.note(begun.elapsed(), taken.as_ref().map_or(true, |taken| taken.asked));
        let ids = taken?.ids;
        self.next_count = (self.next_count * 2).min(MOST_AT_ONCE);
        self.pooled.push(ids.clone());
        self.store = Some(store);
        Ok(ids)
    }

    pub(in crate::crm) fn is_dry(&self) -> bool {
        self.dry.is_some()
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
            self.taken.clone_from(&self.pooled);
        }
        self.go_back(IdsThen { free: Vec::new(), taken: 0 });
    }

    /// Adds a last statement that gives back to the counter what was not used, when nobody else seems to take any; whether
    /// it did.
    pub(in crate::crm) fn ask_to_return(&mut self, batch: &mut Batch<'_>, is_held: bool) -> bool {
        let Some(store) = self.store.as_ref().filter(|_| !is_held) else { return false };
        let is_alone = store.ids().gather((self.project.0, self.generation), &mut self.free);
        self.has_gathered = is_alone;
        match self.free.as_slice() {
            [unused] if is_alone => {
                batch.add(&statements::RETURN_IDS).int(unused.start).int(self.project).int(unused.end);
                true
            }
            _ => false,
        }
    }

    /// The session is over, and was committed.
    pub(in crate::crm) fn finish(&mut self, are_returned: bool) {
        if let Some(store) = self.store.take() {
            let unused: &[Range<i64>] = if are_returned { &[] } else { &self.free };
            store.ids().finish((self.project.0, self.generation), unused);
        }
    }

    /// The session is over, and nobody knows whether it was committed.
    pub(in crate::crm) fn abandon(&mut self) {
        self.free.clear();
        self.finish(false);
    }
}

impl Drop for Ids {
    fn drop(&mut self) {
        // Nothing was committed: all of them can be used by others.
        if let Some(store) = self.store.take() {
            if self.has_gathered {
                // For a commit that failed.
                self.pooled.append(&mut self.free);
            }
            store.ids().finish((self.project.0, self.generation), &self.pooled);
        }
    }
}
