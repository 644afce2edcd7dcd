//! Steps within a session that can be taken back one by one: what a conversation's undo needs.
//! A block needs none of it: it ends as a whole or is rolled back as a whole.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::state::State;
use super::{Session, View};
use crate::crm::model::Project;
use crate::store::statements;
use crate::store::{Batch, StoreError};

/// What the session was at a checkpoint. The database gets a savepoint only when something is about to be written after
/// it, so that a conversation that has not written anything holds no lock.
#[derive(Debug)]
pub(in crate::crm) struct Checkpoint {
    project: Project,
    client_id: i64,
    now: DateTime<Utc>,
    rng: fastrand::Rng,
    state: State,
    effects: usize,
    reserved_ids: Range<i64>,
    has_savepoint: bool,
}

impl Session {
    /// Remembers the session as it is: `undo` comes back to it.
    pub fn checkpoint(&mut self) {
        self.checkpoints.push(Checkpoint {
            project: self.project.clone(),
            client_id: self.client_id,
            now: self.now,
            rng: self.rng.clone(),
            state: self.state.clone(),
            effects: self.effects.len(),
            reserved_ids: self.reserved_ids.clone(),
            has_savepoint: false,
        });
    }

    /// Forgets the last checkpoint; what was done since stays.
    ///
    /// # Errors
    /// When the store fails.
    pub fn forget_checkpoint(&mut self) -> Result<(), StoreError> {
        if self.checkpoints.pop().is_some_and(|checkpoint| checkpoint.has_savepoint) {
            let mut batch = Batch::new();
            batch.add(&statements::FORGET_CHECKPOINT);
            self.ask(batch, View::Loaded)?;
        }
        Ok(())
    }

    /// Takes back everything since the last checkpoint, and forgets that checkpoint. False: there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn undo(&mut self) -> Result<bool, StoreError> {
        let Some(checkpoint) = self.checkpoints.pop() else { return Ok(false) };
        if checkpoint.has_savepoint {
            let mut batch = Batch::new();
            batch.add(&statements::ROLLBACK_TO_CHECKPOINT);
            batch.add(&statements::FORGET_CHECKPOINT);
            self.ask(batch, View::Loaded)?;
            // They were taken from a counter that has been set back.
            self.reserved_ids = checkpoint.reserved_ids;
        }
        self.project = checkpoint.project;
        self.client_id = checkpoint.client_id;
        self.now = checkpoint.now;
        self.rng = checkpoint.rng;
        self.state = checkpoint.state;
        self.effects.truncate(checkpoint.effects);
        self.variables_generation += 1;
        Ok(true)
    }
}

/// Before the first change after them, gives every checkpoint its savepoint. Those that have none all stand for the same
/// state of the database.
pub(in crate::crm) fn give_savepoints(checkpoints: &mut [Checkpoint], batch: &mut Batch<'_>) {
    for checkpoint in checkpoints.iter_mut().rev().take_while(|checkpoint| !checkpoint.has_savepoint) {
        checkpoint.has_savepoint = true;
        batch.add_first(&statements::CHECKPOINT);
    }
}
