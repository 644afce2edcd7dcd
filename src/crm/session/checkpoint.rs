//! Steps within a session that can be taken back one by one: what a REPL's `:undo` needs.
//! A block needs none of it: it ends as a whole or is rolled back as a whole.

use std::ops::Range;

use super::{Session, View};
use crate::store::statements;
use crate::store::{Batch, StoreError};

/// What a checkpoint must remember; the database remembers the rest.
#[derive(Debug)]
pub(super) struct Checkpoint {
    effects: usize,
    reserved_ids: Range<i64>,
}

impl Session {
    /// Writes all changes so far and remembers the place: `undo` comes back to it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn checkpoint(&mut self) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        batch.add(&statements::CHECKPOINT);
        self.ask(batch, View::Change)?;
        let checkpoint = Checkpoint { effects: self.effects.len(), reserved_ids: self.reserved_ids.clone() };
        self.checkpoints.push(checkpoint);
        Ok(())
    }

    /// Takes back everything since the last checkpoint, and forgets that checkpoint. False: there is none.
    /// Values that are held but not stored are gone as well.
    ///
    /// # Errors
    /// When the store fails.
    pub fn undo(&mut self) -> Result<bool, StoreError> {
        let Some(checkpoint) = self.checkpoints.pop() else { return Ok(false) };
        let mut batch = Batch::new();
        batch.add(&statements::ROLLBACK_TO_CHECKPOINT);
        batch.add(&statements::FORGET_CHECKPOINT);
        self.reopen(batch)?;
        self.effects.truncate(checkpoint.effects);
        self.reserved_ids = checkpoint.reserved_ids;
        Ok(true)
    }
}
