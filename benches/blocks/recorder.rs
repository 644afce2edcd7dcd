//! A store that keeps what is sent to it, so that the same SQL can be sent again by hand.

use std::sync::{Arc, Mutex};

use calc::store::{Batch, Durability, IdPool, Rows, SqlValue, Statement, Store, StoreError, Transaction};

/// A statement with its parameters.
pub type Sent = (&'static Statement, Vec<SqlValue<'static>>);

/// What was sent together as a unit of work.
pub struct Unit {
    pub writes: bool,
    /// Whether a block ends with it: nothing else waits for the disk.
    pub ends: bool,
    /// Each of them one round trip where the engine has such.
    pub batches: Vec<Vec<Sent>>,
}

#[derive(Clone)]
pub struct Recorder {
    store: Arc<dyn Store>,
    units: Arc<Mutex<Vec<Unit>>>,
}

impl Recorder {
    pub fn new(store: &dyn Store) -> Self {
        Self { store: store.handle(), units: Arc::default() }
    }

    /// What was recorded since the last time.
    pub fn take(&self) -> Vec<Unit> {
        std::mem::take(&mut *self.units.lock().expect("no panic"))
    }

    fn keep(&self, unit: Unit) {
        self.units.lock().expect("no panic").push(unit);
    }
}

impl Store for Recorder {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.keep(Unit { writes: false, ends: false, batches: vec![sent(batch)] });
        self.store.read(batch)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        self.keep(Unit { writes: true, ends: durability == Durability::OnDisk, batches: vec![sent(batch)] });
        self.store.write(batch, durability)
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let unit = Unit { writes: true, ends: true, batches: Vec::new() };
        Ok(Box::new(Recording { transaction: self.store.begin()?, unit, recorder: self.clone() }))
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn ids(&self) -> &IdPool {
        self.store.ids()
    }
}

fn sent(batch: &Batch<'_>) -> Vec<Sent> {
    batch.iter().map(|(statement, parameters)| (statement, parameters.iter().map(SqlValue::owned).collect())).collect()
}

struct Recording {
    transaction: Box<dyn Transaction>,
    unit: Unit,
    recorder: Recorder,
}

impl Transaction for Recording {
    fn run(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.unit.batches.push(sent(batch));
        self.transaction.run(batch)
    }

    fn commit(mut self: Box<Self>, last: &Batch<'_>) -> Result<(), StoreError> {
        self.unit.batches.push(sent(last));
        let Self { transaction, unit, recorder } = *self;
        recorder.keep(unit);
        transaction.commit(last)
    }

    fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.transaction.rollback()
    }
}
