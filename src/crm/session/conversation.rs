//! What only an interactive session needs: other clients in the same unit of work, and everything about the client at once.

use serde_json::{Map, Value as Json};

use super::Session;
use super::rows;
use super::state::{Addition, DealEntry};
use crate::crm::model::{Deal, HistoryEntry, Pipeline, Task};
use crate::crm::project_file::history_entry;
use crate::crm::{BlockId, ClientId, OperatorId};
use crate::store::{Batch, StoreError, statements};
use crate::value::Value;

/// Variables of the session's client by scope, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClientVariables {
    /// Of the current deal; with none, of the draft.
    pub deal: Map<String, Json>,
    /// Of the client.
    pub client: Map<String, Json>,
    /// Of the project.
    pub project: Map<String, Json>,
}

impl Session {
    /// The client the session is for.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// Continues for another client, in the same unit of work. False, and nothing changed: the project has no such client.
    ///
    /// # Errors
    /// When the store fails.
    pub fn switch_client(&mut self, client: ClientId) -> Result<bool, StoreError> {
        let Some(index) = self.find_client(client)? else { return Ok(false) };
        self.state.clients.swap(0, index);
        self.client_id = client;
        self.state.callback = None;
        self.state.outside = None;
        self.variables_generation += 1;
        Ok(true)
    }

    /// All variables that names of a script can mean.
    ///
    /// # Errors
    /// When the store fails.
    pub fn client_variables(&mut self) -> Result<ClientVariables, StoreError> {
        let json = |(name, value): (&str, &Value)| (name.to_owned(), value.to_json());
        let deal = self.deal_scope()?.all()?.into_iter().map(json).collect();
        let client = self.client_variable_set(0)?.all()?.into_iter().map(json).collect();
        let mut batch = Batch::new();
        batch.add(&statements::DUMP_PROJECT_VARIABLES).int(self.project.id);
        let mut reader = self.ask_one(&batch)?.reader();
        let mut project = Map::new();
        while reader.more() {
            let name = reader.text()?;
            project.insert(name, crate::crm::variable::set::decode(&reader.text()?)?);
        }
        for (name, variable) in &self.state.project_variables {
            match variable.value.value()? {
                Some(value) => project.insert(name.clone(), value.to_json()),
                None => project.remove(name),
            };
        }
        project.sort_keys();
        Ok(ClientVariables { deal, client, project })
    }

    /// The deals of the client, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn deals(&mut self) -> Result<Vec<Deal>, StoreError> {
        self.load_deals(self.client_id)?;
        let mut deals: Vec<&DealEntry> = self.state.deals_of(self.client_id).collect();
        deals.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.rank()));
        Ok(deals.into_iter().map(|entry| entry.deal.clone()).collect())
    }

    /// The pipelines of the project, in order.
    ///
    /// # Errors
    /// When the store fails.
    pub fn pipelines(&mut self) -> Result<&[Pipeline], StoreError> {
        self.load_pipelines()?;
        Ok(self.pipelines.as_deref().unwrap_or_default())
    }

    /// The blocks the client has been in, in the order of their ids.
    ///
    /// # Errors
    /// When the store fails.
    pub fn visited_blocks(&mut self) -> Result<Vec<BlockId>, StoreError> {
        let mut batch = Batch::new();
        batch.add(&statements::VISITS_OF_CLIENT).int(self.project.id).int(self.client_id);
        let mut reader = self.ask_one(&batch)?.reader();
        let mut blocks = Vec::new();
        while reader.more() {
            blocks.push(reader.int()?);
        }
        blocks.extend(self.state.visited.iter().filter(|(client, _)| *client == self.client_id).map(|(_, block)| block));
        blocks.sort_unstable();
        blocks.dedup();
        Ok(blocks)
    }

    /// The tasks of the client, in the order of their ids.
    ///
    /// # Errors
    /// When the store fails.
    pub fn tasks(&mut self) -> Result<Vec<Task>, StoreError> {
        let mut batch = Batch::new();
        batch.add(&statements::TASKS_OF_CLIENT).int(self.project.id).int(self.client_id);
        let mut reader = self.ask_one(&batch)?.reader();
        let mut tasks = Vec::new();
        while reader.more() {
            tasks.push(rows::task(&mut reader)?);
        }
        // Of those in the state, the state knows best.
        tasks.retain(|task| self.state.task_index(task.id).is_none());
        let own = self.state.tasks.iter().filter(|entry| entry.task.client == self.client_id && !entry.row.is_deleted());
        tasks.extend(own.map(|entry| entry.task.clone()));
        tasks.sort_unstable_by_key(|task| task.id);
        Ok(tasks)
    }

    /// The email of an operator, by the id that deals and tasks hold.
    ///
    /// # Errors
    /// When the store fails.
    pub fn operator_email(&mut self, id: OperatorId) -> Result<String, StoreError> {
        self.email_of(id)
    }

    /// The last entries of the client's dialogue, in the order of writing.
    ///
    /// # Errors
    /// When the store fails.
    pub fn history(&mut self, most: usize) -> Result<Vec<HistoryEntry>, StoreError> {
        let mut batch = Batch::new();
        batch.add(&statements::HISTORY_OF_CLIENT).int(self.project.id).int(self.client_id);
        batch.int(i64::try_from(most).unwrap_or(i64::MAX));
        let mut reader = self.ask_one(&batch)?.reader();
        let mut entries = Vec::new();
        while reader.more() {
            entries.push(history_entry(&mut reader)?);
        }
        entries.reverse();
        entries.extend(self.state.additions.iter().filter_map(|addition| match addition {
            Addition::History(client, entry) if *client == self.client_id => Some(entry.clone()),
            _ => None,
        }));
        entries.drain(..entries.len().saturating_sub(most));
        Ok(entries)
    }
}
