//! How a session reaches the database: freely, batch by batch, or with a transaction that keeps others waiting.
//! Counts round trips and the time spent in the store.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::store::{Batch, Durability, Rows, Store, StoreError, Transaction, on_disk};

pub(in crate::crm) struct Link {
    store: Arc<dyn Store>,
    /// While others have to wait.
    held: Option<Box<dyn Transaction>>,
    round_trips: u32,
    time: Duration,
}

impl Link {
    pub(in crate::crm) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, held: None, round_trips: 0, time: Duration::ZERO }
    }

    pub(in crate::crm) fn handle(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// Makes others wait from now on; true if they did not before.
    pub(in crate::crm) fn hold(&mut self) -> Result<bool, StoreError> {
        if self.held.is_some() {
            return Ok(false);
        }
        let begun = Instant::now();
        let transaction = self.store.begin();
        self.time += begun.elapsed();
        self.held = Some(transaction?);
        Ok(true)
    }

    /// Makes nobody wait any more; nothing is kept.
    pub(in crate::crm) fn release(&mut self) -> Result<(), StoreError> {
        match self.held.take() {
            Some(transaction) => transaction.rollback(),
            None => Ok(()),
        }
    }

    pub(in crate::crm) fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Asks questions; returns the rows of each.
    pub(in crate::crm) fn ask(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.count(|link| match &mut link.held {
            Some(transaction) => transaction.run(batch),
            None => link.store.read(batch),
        })
    }

    /// Asks for more of something that a script goes through: the time is the script's own, so that it ends some day.
    pub(in crate::crm) fn ask_on_script_time(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        let before = self.time;
        let result = self.ask(batch);
        self.time = before;
        result
    }

    /// Writes and makes permanent; returns the rows of the last statement, where it is not a transaction that ends with it.
    pub(in crate::crm) fn commit(&mut self, batch: &Batch<'_>) -> Result<Option<Rows>, StoreError> {
        self.count(|link| match link.held.take() {
            Some(transaction) => transaction.commit(batch).map(|()| None),
            None => link.store.write(batch, Durability::OnDisk).map(|mut results| results.pop()),
        })
    }

    /// Writes what may be lost with the machine.
    pub(in crate::crm) fn write_soon(&mut self, batch: &Batch<'_>) -> Result<Option<Rows>, StoreError> {
        self.count(|link| match link.held.take() {
            Some(transaction) => transaction.rollback().map(|()| None),
            None => link.store.write(batch, Durability::Soon).map(|mut results| results.pop()),
        })
    }

    /// Returns when what was read is on the disk, for those who acknowledge something because of it. The database is not
    /// asked.
    pub(in crate::crm) fn wait_for_disk(&mut self) -> Result<(), StoreError> {
        let begun = Instant::now();
        let result = on_disk(&*self.store);
        self.note(begun.elapsed(), false);
        result
    }

    fn count<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let begun = Instant::now();
        let result = work(self);
        self.note(begun.elapsed(), true);
        result
    }

    /// Counts what was done beside the link.
    pub(in crate::crm) fn note(&mut self, time: Duration, is_round_trip: bool) {
        self.time += time;
        self.round_trips += u32::from(is_round_trip);
    }

    pub(in crate::crm) fn round_trips(&self) -> u32 {
        self.round_trips
    }

    pub(in crate::crm) fn time(&self) -> Duration {
        self.time
    }
}
