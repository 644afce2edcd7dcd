//! What names in a script mean (language.md section 6): deal, client and project variables of the session's client.
//! Knows scopes and values; built-in variables are the caller's.

use crate::crm::ProjectId;
use crate::crm::session::Session;
use crate::crm::session::state::SessionState;
use crate::crm::variable::set::{Content, VariableSet};
use crate::store::statements;
use crate::store::{Batch, Rows, StoreError};
use crate::value::Value;

/// Where a variable lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// With the current deal; with none, in the client's draft.
    Deal,
    /// With the client.
    Client,
    /// With the project.
    Project,
}

/// How many names one statement asks for.
const NAMES_AT_ONCE: usize = 16;

impl Session {
    /// The value of a variable; one that was set to an empty value has it until the session ends.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get_variable(&mut self, scope: Scope, name: &str) -> Result<Option<Value>, StoreError> {
        match scope {
            Scope::Deal => Ok(self.deal_scope()?.get(name)?.cloned()),
            Scope::Client => Ok(self.client_variable_set(0)?.get(name)?.cloned()),
            Scope::Project => {
                if self.state.project_variable(name).is_none() {
                    self.prefetch_project_variables(&[name])?;
                }
                let Some(index) = self.state.project_variable(name) else { return Ok(None) };
                let variable = &mut self.state.project_variables[index];
                // What the script has set itself it has not learned from anybody.
                variable.consulted |= !variable.changed;
                Ok(variable.value.value()?.cloned())
            }
        }
    }

    /// Sets a variable. An empty value is held until the session ends and then not stored; one whose name begins
    /// with `_` neither.
    ///
    /// # Errors
    /// When the store fails.
    pub fn set_variable(&mut self, scope: Scope, name: &str, value: impl Into<Value>) -> Result<(), StoreError> {
        let value = value.into();
        match scope {
            Scope::Deal => self.deal_scope()?.set(name, value),
            Scope::Client => self.client_variable_set(0)?.set(name, value),
            Scope::Project => self.state.put_project_variable(name, Content::Set(value)),
        }
        Ok(())
    }

    /// Deletes a variable at once: reads fall through to the next scope.
    ///
    /// # Errors
    /// When the store fails.
    pub fn delete_variable(&mut self, scope: Scope, name: &str) -> Result<(), StoreError> {
        match scope {
            Scope::Deal => {
                self.deal_scope()?.remove(name);
            }
            Scope::Client => {
                self.client_variable_set(0)?.remove(name);
            }
            Scope::Project => self.state.put_project_variable(name, Content::Deleted),
        }
        Ok(())
    }

    /// Counts the changes of what names mean that came from anything but `set_variable` and `delete_variable`:
    /// who keeps values reads them again when it differs.
    #[must_use]
    pub fn variables_generation(&self) -> u64 {
        self.variables_generation
    }

    /// Reads project variables in one round trip; later reads of them cost nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub fn prefetch_project_variables(&mut self, names: &[&str]) -> Result<(), StoreError> {
        let missing: Vec<&str> = names.iter().copied().filter(|name| self.state.project_variable(name).is_none()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::new();
        ask_project_variables(&mut batch, self.project.id, &missing);
        let results = self.ask(&batch)?;
        read_project_variables(&mut self.state, &missing, results.into_iter())
    }

    /// The names a bare read would find with deal or client, sorted, each once.
    ///
    /// # Errors
    /// When the store fails.
    pub fn list_variable_names(&mut self) -> Result<Vec<String>, StoreError> {
        let mut names: Vec<String> = self.deal_scope()?.names().map(str::to_owned).collect();
        names.extend(self.client_variable_set(0)?.names().map(str::to_owned));
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// The set bare names are written to.
    pub(in crate::crm) fn deal_scope(&mut self) -> Result<&mut VariableSet, StoreError> {
        match self.current_deal_index()? {
            Some(index) => self.deal_variable_set(index),
            None => Ok(&mut self.own().draft),
        }
    }
}

/// Adds the questions for project variables, up to sixteen names each.
pub(in crate::crm) fn ask_project_variables<'n>(batch: &mut Batch<'n>, project: ProjectId, names: &[&'n str]) {
    for names in names.chunks(NAMES_AT_ONCE) {
        match names {
            [name] => {
                batch.add(&statements::PROJECT_VARIABLE).int(project).text(*name);
            }
            [.., last] => {
                batch.add(&statements::PROJECT_VARIABLES).int(project);
                for index in 0..NAMES_AT_ONCE {
                    batch.text(names.get(index).copied().unwrap_or(last));
                }
            }
            [] => {}
        }
    }
}

/// Takes over the answers; names without one are remembered as absent.
pub(in crate::crm) fn read_project_variables(
    state: &mut SessionState,
    names: &[&str],
    results: impl Iterator<Item = Rows>,
) -> Result<(), StoreError> {
    for rows in results {
        let mut reader = rows.reader();
        while reader.more() {
            let name = reader.text()?;
            let text = reader.text()?;
            state.read_project_variable(&name, Some(text));
        }
    }
    for name in names {
        state.read_project_variable(name, None);
    }
    Ok(())
}
