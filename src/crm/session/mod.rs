//! A session: the unit of work a block runs in, opened for one client of one project.
//! Reads are cached, changes gathered and written when the database must answer and at commit. Knows no script.

mod checkpoint;
mod conversation;
pub(crate) mod rows;
pub(crate) mod state;

use std::ops::Range;

use chrono::{DateTime, NaiveDateTime, Utc};

pub use conversation::ClientVariables;

use self::checkpoint::Checkpoint;
use self::state::{ClientEntry, DealEntry, State};
use super::effect::Effect;
use super::error::{CommitError, CrmError, LimitError, OpenError};
use super::model::{Client, Deal, Operator, Pipeline, Project};
use super::time;
use super::variable::scopes::{ask_project_variables, read_project_variables};
use super::variable::set::VariableSet;
use crate::store::statements;
use crate::store::{Batch, Rows, Store, StoreError, Transaction};
use crate::value::calendar;

/// What a session is opened for.
#[derive(Debug, Clone)]
pub struct Opening<'o> {
    /// The project.
    pub project: i64,
    /// The client.
    pub client: i64,
    /// The time, which stands still for the session.
    pub now: DateTime<Utc>,
    /// The source of random choices.
    pub rng: fastrand::Rng,
    /// The event that is being handled, whose earlier outcome is looked up.
    pub event: Option<&'o str>,
    /// Names of project variables that will probably be asked for; they are read with the rest.
    pub project_variables: &'o [&'o str],
}

impl<'o> Opening<'o> {
    /// An opening without event.
    #[must_use]
    pub fn new(project: i64, client: i64, now: DateTime<Utc>, rng: fastrand::Rng) -> Self {
        Self { project, client, now, rng, event: None, project_variables: &[] }
    }

    /// The same for an event.
    #[must_use]
    pub fn for_event(mut self, event: &'o str) -> Self {
        self.event = Some(event);
        self
    }

    /// The same with project variables that are to be read at once.
    #[must_use]
    pub fn with_project_variables(mut self, names: &'o [&'o str]) -> Self {
        self.project_variables = names;
        self
    }
}

/// What a committed session leaves behind.
#[derive(Debug)]
pub struct Committed {
    /// What was changed, in order.
    pub effects: Vec<Effect>,
    /// How often the database was asked, the commit included.
    pub round_trips: u32,
}

/// The unit of work for one client. Dropped without `commit`, it leaves nothing behind.
pub struct Session {
    pub(in crate::crm) transaction: Box<dyn Transaction>,
    pub(in crate::crm) round_trips: u32,
    /// Whether something was written already, and with it a savepoint to go back to.
    pub(in crate::crm) savepoint: bool,
    pub(in crate::crm) project: Project,
    pub(in crate::crm) client_id: i64,
    pub(in crate::crm) now: DateTime<Utc>,
    pub(in crate::crm) rng: fastrand::Rng,
    pub(in crate::crm) state: State,
    /// Those read so far.
    pub(in crate::crm) operators: Vec<Operator>,
    pub(in crate::crm) pipelines: Option<Vec<Pipeline>>,
    /// Ids taken from the project's counter and not used yet.
    pub(in crate::crm) reserved_ids: Range<i64>,
    pub(in crate::crm) effects: Vec<Effect>,
    pub(in crate::crm) checkpoints: Vec<Checkpoint>,
    pub(in crate::crm) variables_generation: u64,
    pub(in crate::crm) previous_outcome: Option<String>,
}

/// What a question to the database needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::crm) enum View {
    /// Rows this session cannot have changed.
    Loaded,
    /// Rows it may have changed: its changes are written first.
    Written,
    /// The statement changes rows itself, and sees all changes.
    Change,
    /// The statement takes ids, which no gathered change touches.
    Reserve,
}

/// What the opening batch answers.
struct Opened {
    project: Project,
    state: State,
    operators: Vec<Operator>,
}

impl Session {
    /// Opens a session: one round trip reads what a block surely needs.
    ///
    /// # Errors
    /// When project or client are unknown, or the store fails.
    pub fn open(store: &dyn Store, opening: Opening<'_>) -> Result<Self, OpenError> {
        let Opening { project, client, now, rng, event, project_variables } = opening;
        let mut transaction = store.begin()?;
        let mut batch = opening_batch(project, client);
        if let Some(event) = event {
            batch.add(&statements::EVENT_OUTCOME).int(project).int(client).text(event);
        }
        ask_project_variables(&mut batch, project, project_variables);
        let mut results = transaction.run(&batch)?.into_iter();
        let Some(mut opened) = read_opening(&mut results)? else {
            return Err(unknown(transaction.as_mut(), project, client)?);
        };
        if !calendar::has(now, opened.project.time_zone) {
            return Err(OpenError::TimeOutOfRange);
        }
        let previous_outcome = match event {
            Some(_) => results.next().filter(|rows| !rows.is_empty()).map(|rows| rows.reader().text()).transpose()?,
            None => None,
        };
        read_project_variables(&mut opened.state, project_variables, results)?;
        Ok(Self {
            transaction,
            round_trips: 1,
            savepoint: false,
            project: opened.project,
            client_id: client,
            now: time::whole_microseconds(now),
            rng,
            state: opened.state,
            operators: opened.operators,
            pipelines: None,
            reserved_ids: 0..0,
            effects: Vec::new(),
            checkpoints: Vec::new(),
            variables_generation: 0,
            previous_outcome,
        })
    }

    /// Makes everything permanent.
    ///
    /// # Errors
    /// When a limit on variables was passed or the store fails; nothing is kept then. To go on after a passed limit,
    /// ask `check_variables` first.
    pub fn commit(self) -> Result<Committed, CommitError> {
        self.check_variables()?;
        let mut batch = Batch::with_room(16, 96);
        self.state.write(&mut batch, self.project.id, self.now)?;
        if !self.reserved_ids.is_empty() {
            batch.add(&statements::RETURN_IDS).int(self.reserved_ids.start).int(self.project.id);
        }
        self.transaction.commit(&batch)?;
        Ok(Committed { effects: self.effects, round_trips: self.round_trips + 1 })
    }

    /// Refuses variables past the limits of language.md L6.6, as `commit` does.
    ///
    /// # Errors
    /// The limit that was passed.
    pub fn check_variables(&self) -> Result<(), LimitError> {
        self.state.check_variables()
    }

    /// Takes back everything since the session was opened; the session can be used as if it were new.
    ///
    /// # Errors
    /// When the store fails.
    pub fn rollback_to_start(&mut self) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        if self.savepoint {
            batch.add(&statements::ROLLBACK_TO_SAVEPOINT);
        }
        self.reopen(batch)?;
        self.reserved_ids = 0..0;
        self.effects.clear();
        self.checkpoints.clear();
        Ok(())
    }

    /// Goes back to a place in the transaction and reads anew what the session was opened with.
    pub(in crate::crm) fn reopen(&mut self, mut batch: Batch<'static>) -> Result<(), StoreError> {
        let skipped = batch.len();
        batch.append(opening_batch(self.project.id, self.client_id));
        self.round_trips += 1;
        let mut results = self.transaction.run(&batch)?.into_iter().skip(skipped);
        let opened = read_opening(&mut results)?.ok_or_else(|| StoreError::corrupt(format!("client `{}` vanished", self.client_id)))?;
        self.project = opened.project;
        self.state = opened.state;
        self.operators = opened.operators;
        self.pipelines = None;
        self.variables_generation += 1;
        Ok(())
    }

    /// The project's settings.
    #[must_use]
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The client as it is now.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.state.clients[0].client
    }

    /// The time of the session.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The time of the session in the project's time zone.
    #[must_use]
    pub fn local_now(&self) -> NaiveDateTime {
        self.local(self.now)
    }

    /// A time in the project's time zone.
    #[must_use]
    pub fn local(&self, time: DateTime<Utc>) -> NaiveDateTime {
        time.with_timezone(&self.project.time_zone).naive_local()
    }

    /// Sets the time of the session: for conversations that travel in time.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        self.now = time::whole_microseconds(now);
    }

    /// The random source of the session.
    pub fn rng(&mut self) -> &mut fastrand::Rng {
        &mut self.rng
    }

    /// How often the database was asked so far.
    #[must_use]
    pub fn round_trips(&self) -> u32 {
        self.round_trips
    }

    /// What was changed so far, in order.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// The outcome of the event the session was opened for, if it has been handled before.
    #[must_use]
    pub fn previous_outcome(&self) -> Option<&str> {
        self.previous_outcome.as_deref()
    }

    /// The client's current deal.
    ///
    /// # Errors
    /// When the store fails.
    pub fn current_deal(&mut self) -> Result<Option<&Deal>, StoreError> {
        let Some(index) = self.current_deal_index()? else { return Ok(None) };
        Ok(Some(&self.state.deals[index].deal))
    }

    /// The client's responsible operator.
    ///
    /// # Errors
    /// When the store fails.
    pub fn operator(&mut self) -> Result<Option<&Operator>, StoreError> {
        match self.client().operator {
            Some(id) => self.operator_by_id(id),
            None => Ok(None),
        }
    }

    pub(in crate::crm) fn own(&mut self) -> &mut ClientEntry {
        &mut self.state.clients[0]
    }

    pub(in crate::crm) fn record(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Asks the database; gives the rows of the questions, one result each.
    pub(in crate::crm) fn ask(&mut self, questions: Batch<'_>, view: View) -> Result<Vec<Rows>, StoreError> {
        let count = questions.len();
        let mut batch = Batch::new();
        if matches!(view, View::Written | View::Change) {
            batch = Batch::with_room(16, 96);
            self.state.write(&mut batch, self.project.id, self.now)?;
        }
        let wrote = !batch.is_empty();
        if wrote || matches!(view, View::Change | View::Reserve) {
            checkpoint::give_savepoints(&mut self.checkpoints, &mut batch);
            if !self.savepoint {
                batch.add_first(&statements::SAVEPOINT);
                self.savepoint = true;
            }
        }
        batch.append(questions);
        self.round_trips += 1;
        let mut results = self.transaction.run(&batch)?;
        drop(batch);
        if wrote {
            self.state.mark_written();
        }
        results.drain(..results.len().saturating_sub(count));
        Ok(results)
    }

    /// Asks one question.
    pub(in crate::crm) fn ask_one(&mut self, question: Batch<'_>, view: View) -> Result<Rows, StoreError> {
        Ok(self.ask(question, view)?.pop().unwrap_or_default())
    }

    /// Adds what takes `wanted` ids from the counter, unless enough are left.
    pub(in crate::crm) fn ask_for_ids(&self, batch: &mut Batch<'_>, wanted: i64) -> bool {
        let left = self.reserved_ids.end - self.reserved_ids.start;
        if left >= wanted {
            return false;
        }
        // Scripts that make many things ask seldom; what is left over is given back at commit.
        let count = if self.reserved_ids.end == 0 { wanted } else { wanted.max(16) };
        batch.add(&statements::RESERVE_IDS).int(count).int(self.project.id);
        true
    }

    /// Takes over what the statement of `ask_for_ids` gave.
    pub(in crate::crm) fn keep_ids(&mut self, wanted: i64, rows: Rows) -> Result<(), StoreError> {
        let end = rows.reader().int()?;
        let count = if self.reserved_ids.end == 0 { wanted } else { wanted.max(16) };
        // The counter may not have moved since the last time: what was left joins on.
        let start = if self.reserved_ids.end == end - count { self.reserved_ids.start } else { end - count };
        self.reserved_ids = start..end;
        Ok(())
    }

    /// A new id of the project.
    pub(in crate::crm) fn new_id(&mut self) -> Result<i64, StoreError> {
        let mut batch = Batch::new();
        if self.ask_for_ids(&mut batch, 1) {
            let rows = self.ask_one(batch, View::Reserve)?;
            self.keep_ids(1, rows)?;
        }
        self.take_id()
    }

    pub(in crate::crm) fn take_id(&mut self) -> Result<i64, StoreError> {
        self.reserved_ids.next().ok_or_else(|| StoreError::corrupt("the project's id counter gave no id"))
    }

    /// Where a deal is in the session's state; read if it has to be. `None` if the project has no such deal.
    pub(in crate::crm) fn find_deal(&mut self, id: i64) -> Result<Option<usize>, StoreError> {
        if let Some(index) = self.state.deal_index(id) {
            return Ok((!self.state.deals[index].row.is_deleted()).then_some(index));
        }
        let mut batch = Batch::new();
        batch.add(&statements::DEAL).int(self.project.id).int(id);
        let rows = self.ask_one(batch, View::Loaded)?;
        self.keep_deal(rows)
    }

    /// Takes a deal row into the state, unless it is there already.
    pub(in crate::crm) fn keep_deal(&mut self, rows: Rows) -> Result<Option<usize>, StoreError> {
        if rows.is_empty() {
            return Ok(None);
        }
        let deal = rows::deal(&mut rows.reader())?;
        if let Some(index) = self.state.deal_index(deal.id) {
            return Ok(Some(index));
        }
        self.state.deals.push(DealEntry::read(deal));
        Ok(Some(self.state.deals.len() - 1))
    }

    /// The variables of a deal; read if they have to be.
    pub(in crate::crm) fn deal_variable_set(&mut self, index: usize) -> Result<&mut VariableSet, StoreError> {
        if self.state.deals[index].variables.is_none() {
            let id = self.state.deals[index].deal.id;
            let mut batch = Batch::new();
            batch.add(&statements::DEAL_VARIABLES).int(self.project.id).int(id);
            let rows = self.ask_one(batch, View::Loaded)?;
            self.state.deals[index].variables = Some(VariableSet::read(rows.reader())?);
        }
        Ok(self.state.deals[index].variables.get_or_insert_default())
    }

    /// Where a client is in the session's state; read with its draft if it has to be.
    pub(in crate::crm) fn find_client(&mut self, id: i64) -> Result<Option<usize>, StoreError> {
        if let Some(index) = self.state.client_index(id) {
            return Ok(Some(index));
        }
        let mut batch = Batch::new();
        batch.add(&statements::CLIENT).int(self.project.id).int(id);
        batch.add(&statements::DRAFT).int(self.project.id).int(id);
        let mut results = self.ask(batch, View::Loaded)?.into_iter();
        let (client, draft) = (results.next().unwrap_or_default(), results.next().unwrap_or_default());
        if client.is_empty() {
            return Ok(None);
        }
        let entry = ClientEntry::read(rows::client(&mut client.reader())?, VariableSet::read(draft.reader())?);
        self.state.clients.push(entry);
        Ok(Some(self.state.clients.len() - 1))
    }

    /// The variables of a client; read if they have to be.
    pub(in crate::crm) fn client_variable_set(&mut self, index: usize) -> Result<&mut VariableSet, StoreError> {
        if self.state.clients[index].variables.is_none() {
            let id = self.state.clients[index].client.id;
            let mut batch = Batch::new();
            batch.add(&statements::CLIENT_VARIABLES).int(self.project.id).int(id);
            let rows = self.ask_one(batch, View::Loaded)?;
            self.state.clients[index].variables = Some(VariableSet::read(rows.reader())?);
        }
        Ok(self.state.clients[index].variables.get_or_insert_default())
    }

    /// The deal of that id; refused if there is none in the project.
    pub(in crate::crm) fn wanted_deal(&mut self, parameter: &'static str, id: i64) -> Result<usize, CrmError> {
        self.find_deal(id)?.ok_or_else(|| CrmError::unknown_deal(parameter, id))
    }

    /// The client of that id, or the session's own; refused if there is none in the project.
    pub(in crate::crm) fn wanted_client(&mut self, parameter: &'static str, id: Option<i64>) -> Result<usize, CrmError> {
        match id {
            None => Ok(0),
            Some(id) => self.find_client(id)?.ok_or_else(|| CrmError::unknown_client(parameter, id)),
        }
    }
}

fn opening_batch(project: i64, client: i64) -> Batch<'static> {
    let mut batch = Batch::with_room(8, 32);
    // First, because it locks the client where transactions overlap: the rest sees what the last holder left.
    batch.add(&statements::OPEN_CLIENT).int(project).int(client);
    batch.add(&statements::OPEN_DEAL).int(project).int(client);
    batch.add(&statements::OPEN_VARIABLES).int(project).int(client);
    batch
}

/// Reads what `opening_batch` asked for; `None` if there is no such client.
fn read_opening(results: &mut impl Iterator<Item = Rows>) -> Result<Option<Opened>, StoreError> {
    let mut next = || results.next().unwrap_or_default();
    let (client, deal, variables) = (next(), next(), next());
    if client.is_empty() {
        return Ok(None);
    }
    let mut reader = client.reader();
    let project = rows::project(&mut reader)?;
    let client = rows::client(&mut reader)?;
    let operators = match reader.optional_int()? {
        Some(id) => vec![rows::operator_after_id(id, &mut reader)?],
        None => Vec::new(),
    };
    let mut sets = [VariableSet::default(), VariableSet::default(), VariableSet::default()];
    let mut reader = variables.reader();
    while reader.more() {
        match reader.int()? {
            0 => sets[0].push_row(&mut reader)?,
            1 => sets[1].push_row(&mut reader)?,
            _ => sets[2].push_row(&mut reader)?,
        }
    }
    for set in &mut sets {
        set.sort();
    }
    let [of_client, draft, of_deal] = sets;
    let mut state = State::default();
    let mut entry = ClientEntry::read(client, draft);
    entry.variables = Some(of_client);
    state.clients.push(entry);
    if !deal.is_empty() {
        let mut entry = DealEntry::read(rows::deal(&mut deal.reader())?);
        entry.variables = Some(of_deal);
        state.deals.push(entry);
    }
    Ok(Some(Opened { project, state, operators }))
}

/// Which of project and client is unknown.
#[cold]
fn unknown(transaction: &mut dyn Transaction, project: i64, client: i64) -> Result<OpenError, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::PROJECT_EXISTS).int(project);
    let found = transaction.run(&batch)?.pop().unwrap_or_default();
    Ok(if found.is_empty() { OpenError::UnknownProject { project } } else { OpenError::UnknownClient { project, client } })
}
