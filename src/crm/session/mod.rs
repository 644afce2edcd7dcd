//! A session: the unit of work a block runs in, opened for one client of one project.
//! What is read is kept, what is changed is gathered: questions are answered from both, and one write at the end checks that
//! what was read is still so. Knows no script.

mod checkpoint;
pub(in crate::crm) mod collections;
mod conversation;
pub(in crate::crm) mod ids;
mod link;
pub(crate) mod rows;
pub(crate) mod state;
pub(crate) mod write;

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

pub use conversation::ClientVariables;
pub use state::Outside;

use self::checkpoint::Checkpoint;
use self::ids::Ids;
use self::link::Link;
use self::state::{ClientEntry, DealEntry, SessionState};
use super::deal::queries::{ask_deals_by_status, read_deal_ids};
use super::deal::rules::read_pipelines;
use super::effect::Effect;
use super::error::{CrmError, HostError, LimitError, Refusal};
use super::key;
use super::model::{Client, Deal, DealStatus, Operator, Pipeline, Project};
use super::table::state::CounterMoves;
use super::time;
use super::variable::scopes::{ask_project_variables, read_project_variables};
use super::variable::set::VariableSet;
use crate::crm::{ClientId, DealId, ProjectId, TableId};
use crate::store::statements;
use crate::store::{Batch, IdCounter, Rows, SharedCommits, Store, StoreError};
use crate::value::calendar;
use crate::value::meter::Charge;
use crate::wording::{Message, message};

/// What a session is opened for.
#[allow(clippy::struct_excessive_bools, reason = "each says something of its own, and hosts name the few they want")]
#[derive(Debug, Clone)]
pub struct Opening<'o> {
    /// The project.
    pub project: ProjectId,
    /// The client.
    pub client: ClientId,
    /// The time, which stands still for the session.
    pub now: DateTime<Utc>,
    /// The source of random choices.
    pub rng: fastrand::Rng,
    /// The event that is being handled, whose earlier outcome is looked up.
    pub event: Option<&'o str>,
    /// Names of project variables that will probably be asked for; they are read with the rest.
    pub project_variables: &'o [&'o str],
    /// Whether stages will probably be asked for; they are read with the rest.
    pub pipelines: bool,
    /// Whether the client's active deals will probably be asked for; their ids are read with the rest.
    pub active_deals: bool,
    /// Emails of operators that will probably be asked for; they are read with the rest.
    pub operators: &'o [&'o str],
    /// Whether everybody else has to wait until this session is over.
    pub alone: bool,
    /// Whether the session is only for show: `commit` keeps nothing, no lock is taken and no ids are used up.
    pub dry: bool,
}

impl<'o> Opening<'o> {
    /// An opening without event.
    #[must_use]
    pub fn new(project: ProjectId, client: ClientId, now: DateTime<Utc>, rng: fastrand::Rng) -> Self {
        Self {
            project,
            client,
            now,
            rng,
            event: None,
            project_variables: &[],
            pipelines: false,
            active_deals: false,
            operators: &[],
            alone: false,
            dry: false,
        }
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

/// What a session writes, apart from it: all of it or nothing, by whoever has it.
pub(crate) struct UnitOfWork {
    batch: Batch<'static>,
    ids: SessionIds,
}

/// The ids of a session that is over but for its commit.
struct SessionIds {
    project: Ids,
    /// Those of own tables.
    records: Vec<Ids>,
}

impl SessionIds {
    /// What became of the commit, with the rows of its last statement.
    fn end(self, committed: Result<Option<&Rows>, &StoreError>) {
        self.project.end(committed);
        for ids in self.records {
            ids.end(committed.map(|_| None));
        }
    }
}

impl UnitOfWork {
    /// Writes several of them together; how each went. Nobody may be told of any before the disk has it.
    pub(crate) fn write_together(units: Vec<Self>, store: &dyn SharedCommits) -> Vec<Result<(), StoreError>> {
        let (batches, ids): (Vec<_>, Vec<_>) = units.into_iter().map(|unit| (unit.batch, unit.ids)).unzip();
        let results = store.write_together(&batches);
        let ended = results.into_iter().zip(ids).map(|(result, ids)| {
            ids.end(result.as_ref().map(|rows| rows.last()));
            result.map(drop)
        });
        ended.collect()
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
///
/// No lock is held while it is open, except after `distribute_client`, whose turn must not be taken by another.
pub struct Session {
    pub(in crate::crm) link: Link,
    pub(in crate::crm) project: Project,
    /// Changes when another project is loaded in the place of this one.
    pub(in crate::crm) generation: i64,
    pub(in crate::crm) client_id: ClientId,
    pub(in crate::crm) now: DateTime<Utc>,
    pub(in crate::crm) rng: fastrand::Rng,
    pub(in crate::crm) state: SessionState,
    /// Those read so far.
    pub(in crate::crm) operators: Vec<Operator>,
    pub(in crate::crm) pipelines: Option<Vec<Pipeline>>,
    pub(in crate::crm) ids: Ids,
    /// Ids of records, by table.
    pub(in crate::crm) record_ids: Vec<Ids>,
    pub(in crate::crm) effects: Vec<Effect>,
    pub(in crate::crm) checkpoints: Vec<Checkpoint>,
    pub(in crate::crm) variables_generation: u64,
    pub(in crate::crm) previous_outcome: Option<(String, DateTime<Utc>)>,
    /// The memory that its effects take, with what is to be written because of them.
    pub(in crate::crm) charge: Charge,
    /// Whether distribution may take the lock.
    pub(in crate::crm) may_hold: bool,
}

/// What the opening batch answers.
struct Opened {
    project: Project,
    next_id: i64,
    generation: i64,
    state: SessionState,
    operators: Vec<Operator>,
}

impl Session {
    /// Opens a session: one round trip reads what a block surely needs.
    ///
    /// # Errors
    /// When project or client are unknown, or the store fails.
    pub fn open(store: &dyn Store, opening: Opening<'_>) -> Result<Self, HostError> {
        let Opening { project, client, now, rng, event, project_variables, pipelines, active_deals, operators, alone, dry } = opening;
        let mut link = Link::new(store.handle());
        let mut batch = Batch::with_room(10, 40);
        if alone {
            link.hold()?;
            batch.add(&statements::LOCK_PROJECT).int(project);
        }
        let skipped = batch.len();
        ask_opening(&mut batch, project, client);
        if let Some(event) = event {
            batch.add(&statements::EVENT_OUTCOME).int(project).int(client).text(event);
        }
        if pipelines {
            batch.add(&statements::PIPELINES).int(project);
        }
        if active_deals {
            ask_deals_by_status(&mut batch, project, client, DealStatus::Active);
        }
        for email in operators {
            batch.add(&statements::OPERATOR_BY_EMAIL).int(project).text(key::email(email));
        }
        ask_project_variables(&mut batch, project, project_variables);
        let mut results = link.ask(&batch)?.into_iter().skip(skipped);
        let Some(mut opened) = read_opening(&mut results)? else {
            return Err(unknown(&mut link, project, client)?);
        };
        if !calendar::has(now, opened.project.time_zone) {
            return Err(HostError::TimeOutOfRange);
        }
        let previous_outcome = match event {
            Some(_) => match results.next().filter(|rows| !rows.is_empty()).map(Rows::reader) {
                Some(mut reader) => Some((reader.text()?, reader.time()?)),
                None => None,
            },
            None => None,
        };
        if previous_outcome.is_some() && !dry {
            // Whoever is told of it does not run the event again, also after a crash of the machine.
            link.wait_for_disk()?;
        }
        let pipelines = if pipelines { Some(read_pipelines(results.next().unwrap_or_default())?) } else { None };
        if active_deals {
            opened.state.clients[0].active_deals = Some(read_deal_ids(results.next().unwrap_or_default())?);
        }
        let named: Vec<Rows> = results.by_ref().take(operators.len()).collect();
        read_project_variables(&mut opened.state, project_variables, results)?;
        let mut session = Self {
            ids: Ids::new(IdCounter { project: project.0, generation: opened.generation, table: None }, opened.next_id, dry),
            record_ids: Vec::new(),
            link,
            project: opened.project,
            generation: opened.generation,
            client_id: client,
            now: time::whole_microseconds(now),
            rng,
            state: opened.state,
            operators: opened.operators,
            pipelines,
            effects: Vec::new(),
            checkpoints: Vec::new(),
            variables_generation: 0,
            previous_outcome,
            charge: Charge::default(),
            may_hold: !dry,
        };
        for rows in named {
            session.keep_operators(rows)?;
        }
        Ok(session)
    }

    /// Makes everything permanent, if what was read is still so.
    ///
    /// # Errors
    /// When the store fails; nothing is kept then. After a `Conflict` everything has to be done again with a new session.
    /// Whether a limit on variables was passed has to be asked before, with [`check_variables`](Self::check_variables); what
    /// is past one all the same is refused as `Corrupt`.
    pub fn commit(self) -> Result<Committed, StoreError> {
        self.close(|link, ids, batch| {
            let result = link.commit(batch);
            ids.end(result.as_ref().map(Option::as_ref));
            result.map(drop)
        })
    }

    /// The same for those who let somebody else write: what is to be written, if there is anything that can be.
    ///
    /// # Errors
    /// As `commit`.
    pub(crate) fn into_unit(self) -> Result<(Committed, Option<UnitOfWork>), StoreError> {
        if self.link.is_held() {
            return Ok((self.commit()?, None));
        }
        let mut unit = None;
        let mut committed = self.close(|_, ids, batch| {
            unit = Some(UnitOfWork { batch: batch.owned(), ids });
            Ok(())
        })?;
        committed.round_trips += u32::from(unit.is_some());
        Ok((committed, unit))
    }

    /// Hands what is to be written to `write`; what there is to do without writing is done here.
    fn close(self, write: impl FnOnce(&mut Link, SessionIds, &Batch<'_>) -> Result<(), StoreError>) -> Result<Committed, StoreError> {
        self.check_variables().map_err(|limit| StoreError::corrupt(limit.reason))?;
        if self.ids.is_dry() {
            return Ok(Committed { effects: self.effects, round_trips: self.link.round_trips() });
        }
        let Self { mut link, project, state, now, mut ids, mut record_ids, effects, .. } = self;
        let mut batch = Batch::with_room(20, 120);
        ids.ask_to_move(&mut batch);
        let first = batch.len();
        state.write(&mut batch, counter_moves(&mut record_ids), project.id, now)?;
        if batch.len() == first {
            // Whoever holds others up has read what is so, and what it used up comes back when it lets go.
            if !link.is_held() {
                // What was read at once was so at once; what was read in several goes must not have changed in between.
                if link.round_trips() > 1 {
                    let mut check = Batch::new();
                    state.check_only(&mut check, project.id);
                    link.ask(&check)?;
                }
                ids.ask_to_return(&mut batch, false);
                let last = if batch.is_empty() { None } else { link.write_soon(&batch)? };
                SessionIds { project: ids, records: record_ids }.end(Ok(last.as_ref()));
            }
        } else {
            ids.ask_to_return(&mut batch, link.is_held());
            write(&mut link, SessionIds { project: ids, records: record_ids }, &batch)?;
        }
        Ok(Committed { effects, round_trips: link.round_trips() })
    }

    /// How many round trips there will have been after `commit`.
    #[must_use]
    pub fn round_trips_with_commit(&self) -> u32 {
        self.link.round_trips() + 1
    }

    /// Tells a unit of work that fails because what it read had changed meanwhile from one that meets nonsense: the error
    /// to go on with.
    ///
    /// # Errors
    /// Always.
    pub(in crate::crm) fn vanished<T>(&mut self, what: Message) -> Result<T, StoreError> {
        let mut batch = Batch::new();
        self.state.check_only(&mut batch, self.project.id);
        self.link.ask(&batch)?;
        Err(StoreError::corrupt(what))
    }

    /// Without ever taking a lock: for sessions that people keep open. Two of them may then distribute clients as if the
    /// other was not there.
    pub(crate) fn hold_nothing(&mut self) {
        self.may_hold = false;
        self.ids.expect_none();
        self.record_ids.iter_mut().for_each(Ids::expect_none);
    }

    /// The time that was spent in the store, waiting included: no script's fault.
    #[must_use]
    pub fn time_in_store(&self) -> Duration {
        self.link.time()
    }

    /// Refuses variables past the limits of language.md L6.6; to be asked before `commit`.
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
        self.link.release()?;
        let mut batch = Batch::with_room(12, 48);
        // What went wrong may have gone wrong because of what others did meanwhile.
        self.state.check_only(&mut batch, self.project.id);
        let skipped = batch.len();
        ask_opening(&mut batch, self.project.id, self.client_id);
        let mut results = self.link.ask(&batch)?.into_iter().skip(skipped);
        drop(batch);
        let Some(opened) = read_opening(&mut results)? else {
            return Err(StoreError::conflict(message!("client-gone", id = self.client_id.to_string())));
        };
        if opened.generation != self.generation {
            return Err(StoreError::conflict(message!("project-loaded-again", id = self.project.id.to_string())));
        }
        self.project = opened.project;
        self.state = opened.state;
        self.operators = opened.operators;
        self.pipelines = None;
        self.variables_generation += 1;
        self.ids.take_back();
        self.record_ids.iter_mut().for_each(Ids::take_back);
        self.effects.clear();
        self.charge = Charge::default();
        self.checkpoints.clear();
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
        self.link.round_trips()
    }

    /// What was changed so far, in order.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// The outcome of the event the session was opened for, if it has been handled before. It is on the disk, unless the
    /// session is only for show.
    #[must_use]
    pub fn previous_outcome(&self) -> Option<&str> {
        self.previous_outcome.as_ref().map(|(outcome, _)| outcome.as_str())
    }

    /// The same with the time at which it was handled.
    #[must_use]
    pub fn previous_outcome_and_time(&self) -> Option<(&str, DateTime<Utc>)> {
        self.previous_outcome.as_ref().map(|(outcome, at)| (outcome.as_str(), *at))
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
        // Once as an effect, once as a row to write, once in the outcome.
        self.charge.add(3 * effect.weight());
        self.effects.push(effect);
    }

    /// Asks the database; returns the rows of the questions, one result each.
    pub(in crate::crm) fn ask(&mut self, questions: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.link.ask(questions)
    }

    /// Asks one question.
    pub(in crate::crm) fn ask_one(&mut self, question: &Batch<'_>) -> Result<Rows, StoreError> {
        Ok(self.ask(question)?.pop().unwrap_or_default())
    }

    /// A new id of the project.
    pub(in crate::crm) fn new_id<Id: From<i64>>(&mut self) -> Result<Id, StoreError> {
        self.ids.ensure(&mut self.link, 1)?;
        self.ids.next()
    }

    /// Where a deal is in the session's state; read if it has to be. `None` if the project has no such deal.
    pub(in crate::crm) fn find_deal(&mut self, id: DealId) -> Result<Option<usize>, StoreError> {
        if let Some(index) = self.state.deal_index(id) {
            return Ok((!self.state.deals[index].row.is_deleted()).then_some(index));
        }
        let mut batch = Batch::new();
        batch.add(&statements::DEAL).int(self.project.id).int(id);
        let rows = self.ask_one(&batch)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut reader = rows.reader();
        let deal = rows::deal(&mut reader)?;
        self.state.watch(deal.client, reader.int()?);
        Ok(Some(self.keep_deal(deal)))
    }

    /// Takes a deal into the state, unless it is there already.
    pub(in crate::crm) fn keep_deal(&mut self, deal: Deal) -> usize {
        self.state.deal_index(deal.id).unwrap_or_else(|| {
            self.state.deals.push(DealEntry::read(deal));
            self.state.deals.len() - 1
        })
    }

    /// The variables of a deal; read if they have to be.
    pub(in crate::crm) fn deal_variable_set(&mut self, index: usize) -> Result<&mut VariableSet, StoreError> {
        if self.state.deals[index].variables.is_none() {
            let id = self.state.deals[index].deal.id;
            let mut batch = Batch::new();
            batch.add(&statements::DEAL_VARIABLES).int(self.project.id).int(id);
            let rows = self.ask_one(&batch)?;
            self.state.deals[index].variables = Some(VariableSet::read(rows.reader())?);
        }
        Ok(self.state.deals[index].variables.get_or_insert_default())
    }

    /// Where a client is in the session's state; read with its draft if it has to be.
    pub(in crate::crm) fn find_client(&mut self, id: ClientId) -> Result<Option<usize>, StoreError> {
        if let Some(index) = self.state.client_index(id) {
            return Ok(Some(index));
        }
        let mut batch = Batch::new();
        batch.add(&statements::CLIENT).int(self.project.id).int(id);
        batch.add(&statements::DRAFT).int(self.project.id).int(id);
        let mut results = self.ask(&batch)?.into_iter();
        let (client, draft) = (results.next().unwrap_or_default(), results.next().unwrap_or_default());
        if client.is_empty() {
            return Ok(None);
        }
        let mut reader = client.reader();
        let client = rows::client(&mut reader)?;
        let version = reader.int()?;
        // What was read of it before was of another version, perhaps: that one has to hold.
        let version = self.state.watched.iter().find(|(known, _)| *known == id).map_or(version, |(_, version)| *version);
        let entry = ClientEntry::read(client, version, VariableSet::read(draft.reader())?);
        self.state.clients.push(entry);
        Ok(Some(self.state.clients.len() - 1))
    }

    /// The variables of a client; read if they have to be.
    pub(in crate::crm) fn client_variable_set(&mut self, index: usize) -> Result<&mut VariableSet, StoreError> {
        if self.state.clients[index].variables.is_none() {
            let id = self.state.clients[index].client.id;
            let mut batch = Batch::new();
            batch.add(&statements::CLIENT_VARIABLES).int(self.project.id).int(id);
            let rows = self.ask_one(&batch)?;
            self.state.clients[index].variables = Some(VariableSet::read(rows.reader())?);
        }
        Ok(self.state.clients[index].variables.get_or_insert_default())
    }

    /// The deal of that id; refused if there is none in the project.
    pub(in crate::crm) fn known_deal(&mut self, id: DealId) -> Result<usize, CrmError> {
        self.find_deal(id)?.ok_or_else(|| Refusal::UnknownDeal(id).into())
    }

    /// The client of that id, or the session's own; refused if there is none in the project.
    pub(in crate::crm) fn known_client(&mut self, id: Option<ClientId>) -> Result<usize, CrmError> {
        match id {
            None => Ok(0),
            Some(id) => self.find_client(id)?.ok_or_else(|| Refusal::UnknownClient(id).into()),
        }
    }
}

/// What the counters of tables have to be told about ids that were used without asking them.
fn counter_moves(ids: &mut [Ids]) -> CounterMoves {
    let mut moves = CounterMoves::new();
    for ids in ids {
        let mut batch = Batch::new();
        ids.ask_to_move(&mut batch);
        if !batch.is_empty() {
            moves.insert(TableId(ids.counter().table.unwrap_or_default()), batch);
        }
    }
    moves
}

fn ask_opening(batch: &mut Batch<'_>, project: ProjectId, client: ClientId) {
    // First, because it locks the client where transactions overlap: the rest sees what the last owner left.
    batch.add(&statements::OPEN_CLIENT).int(project).int(client);
    batch.add(&statements::OPEN_DEAL).int(project).int(client);
    batch.add(&statements::OPEN_VARIABLES).int(project).int(client);
}

/// Reads what `ask_opening` asked for; `None` if there is no such client.
fn read_opening(results: &mut impl Iterator<Item = Rows>) -> Result<Option<Opened>, StoreError> {
    let mut next = || results.next().unwrap_or_default();
    let (client, deal, variables) = (next(), next(), next());
    if client.is_empty() {
        return Ok(None);
    }
    let mut reader = client.reader();
    let project = rows::project(&mut reader)?;
    let (next_id, generation) = (reader.int()?, reader.int()?);
    let client = rows::client(&mut reader)?;
    let version = reader.int()?;
    let operators = match reader.optional_int()? {
        Some(id) => vec![rows::operator_after_id(id, &mut reader)?],
        None => Vec::new(),
    };
    let mut sets = [VariableSet::default(), VariableSet::default(), VariableSet::default()];
    let mut reader = variables.reader();
    while reader.more() {
        match reader.int::<i64>()? {
            0 => sets[0].push_row(&mut reader)?,
            1 => sets[1].push_row(&mut reader)?,
            _ => sets[2].push_row(&mut reader)?,
        }
    }
    let [of_client, draft, of_deal] = sets;
    let mut state = SessionState::default();
    let mut entry = ClientEntry::read(client, version, draft);
    entry.variables = Some(of_client);
    state.clients.push(entry);
    if !deal.is_empty() {
        let mut entry = DealEntry::read(rows::deal(&mut deal.reader())?);
        entry.variables = Some(of_deal);
        state.deals.push(entry);
    }
    Ok(Some(Opened { project, next_id, generation, state, operators }))
}

/// Which of project and client is unknown.
#[cold]
fn unknown(link: &mut Link, project: ProjectId, client: ClientId) -> Result<HostError, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::PROJECT_EXISTS).int(project);
    let found = link.ask(&batch)?.pop().unwrap_or_default();
    Ok(if found.is_empty() { HostError::UnknownProject { project } } else { HostError::UnknownClient { project, client } })
}
