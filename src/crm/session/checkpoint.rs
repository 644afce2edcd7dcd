//! Steps within a session that can be taken back one by one: what a conversation's undo needs.
//! A block needs none of it: it ends as a whole or is rolled back as a whole.

use chrono::{DateTime, Utc};

use super::Session;
use super::ids::{Ids, IdsThen};
use super::state::SessionState;
use crate::crm::ClientId;
use crate::crm::model::Project;
use crate::store::StoreError;

/// What the session was at a checkpoint; the database knows nothing of either.
#[derive(Debug)]
pub(in crate::crm) struct Checkpoint {
    project: Project,
    client_id: ClientId,
    now: DateTime<Utc>,
    rng: fastrand::Rng,
    state: SessionState,
    effects: usize,
    ids: IdsThen,
    /// Those of records: of each table that had some.
    record_ids: Vec<IdsThen>,
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
            ids: self.ids.now(),
            record_ids: self.record_ids.iter().map(Ids::now).collect(),
        });
    }

    /// Forgets the last checkpoint; what was done since stays.
    ///
    /// # Errors
    /// Never; stores that have to be asked may come back.
    pub fn forget_checkpoint(&mut self) -> Result<(), StoreError> {
        self.checkpoints.pop();
        Ok(())
    }

    /// Takes back everything since the last checkpoint, and forgets that checkpoint. False: there is none.
    ///
    /// # Errors
    /// Never; stores that have to be asked may come back.
    pub fn undo(&mut self) -> Result<bool, StoreError> {
        let Some(checkpoint) = self.checkpoints.pop() else { return Ok(false) };
        self.ids.go_back(checkpoint.ids);
        let mut then = checkpoint.record_ids.into_iter();
        // Tables are only ever added: those that had none then have all of theirs free.
        self.record_ids.iter_mut().for_each(|ids| ids.go_back(then.next().unwrap_or_default()));
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
