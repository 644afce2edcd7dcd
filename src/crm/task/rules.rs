//! The functions about tasks. Dates and times are the project's local ones, as people write them.
//! Knows no calendar of its own.

use chrono::NaiveDate;

use crate::crm::effect::Effect;
use crate::crm::error::{CrmResult, Refusal};
use crate::crm::lengths::{self, LONGEST_NAME, LONGEST_TEXT};
use crate::crm::model::Task;
use crate::crm::session::state::{RowState, TaskEntry};
use crate::crm::session::{Session, rows};
use crate::crm::{TaskId, role};
use crate::store::Batch;
use crate::store::statements;
use crate::value::calendar::{format_date, format_time, parse_date, parse_time};

/// When a task without a time is due.
pub(crate) const END_OF_DAY: i64 = 23 * 60 + 59;

impl Session {
    /// Makes a task about the client; returns its id.
    ///
    /// # Errors
    /// An unknown email, a bad date or time and texts that are too long are refused.
    pub fn create_task(
        &mut self,
        email: &str,
        name: &str,
        date_srok: &str,
        description: &str,
        time_srok: Option<&str>,
    ) -> CrmResult<TaskId> {
        let due_date = parsed_date(date_srok)?;
        let due_time = time_srok.map(parsed_time).transpose()?.unwrap_or(END_OF_DAY);
        lengths::check(&[role::NAME], name, LONGEST_NAME)?;
        lengths::check(&[role::DESCRIPTION], description, LONGEST_TEXT)?;
        let operator = self.known_operator(email)?;
        let id = self.new_id()?;
        let task = Task {
            id,
            client: self.client_id,
            operator: Some(self.operators[operator].id),
            name: name.to_owned(),
            description: description.to_owned(),
            due_date,
            due_time,
            done: false,
            done_at: None,
        };
        let operator = self.operators[operator].email.clone();
        self.record(Effect::TaskCreated {
            id,
            client: task.client,
            operator,
            name: task.name.clone(),
            description: task.description.clone(),
            due_date: format_date(due_date),
            due_time: format_time(due_time),
        });
        self.state.tasks.push(TaskEntry { task, row: RowState::New, changed: false });
        Ok(id)
    }

    /// Replaces what a task says; without a time, the time stays.
    ///
    /// # Errors
    /// An unknown task or email and a bad date or time are refused, and nothing changes.
    pub fn update_task(
        &mut self,
        task_id: TaskId,
        email: &str,
        name: &str,
        date_srok: &str,
        description: &str,
        time_srok: Option<&str>,
    ) -> CrmResult<bool> {
        let index = self.known_task(task_id)?;
        let due_date = parsed_date(date_srok)?;
        let due_time = time_srok.map(parsed_time).transpose()?;
        lengths::check(&[role::NAME], name, LONGEST_NAME)?;
        lengths::check(&[role::DESCRIPTION], description, LONGEST_TEXT)?;
        let operator = self.known_operator(email)?;
        let old = &self.state.tasks[index].task;
        let task = Task {
            operator: Some(self.operators[operator].id),
            name: name.to_owned(),
            description: description.to_owned(),
            due_date,
            due_time: due_time.unwrap_or(old.due_time),
            ..old.clone()
        };
        if task == *old {
            return Ok(true);
        }
        let operator = self.operators[operator].email.clone();
        self.record(Effect::TaskUpdated {
            id: task_id,
            operator,
            name: task.name.clone(),
            description: task.description.clone(),
            due_date: format_date(task.due_date),
            due_time: format_time(task.due_time),
        });
        let entry = &mut self.state.tasks[index];
        entry.task = task;
        entry.changed = true;
        Ok(true)
    }

    /// Marks a task as done.
    ///
    /// # Errors
    /// An unknown task is refused.
    pub fn done_task(&mut self, task_id: TaskId) -> CrmResult<bool> {
        let index = self.known_task(task_id)?;
        let now = self.now;
        let entry = &mut self.state.tasks[index];
        if !entry.task.done {
            entry.task.done = true;
            entry.task.done_at = Some(now);
            entry.changed = true;
            let name = entry.task.name.clone();
            self.record(Effect::TaskDone { id: task_id, name });
        }
        Ok(true)
    }

    /// Whether a task is done.
    ///
    /// # Errors
    /// An unknown task is refused.
    pub fn status_task(&mut self, task_id: TaskId) -> CrmResult<bool> {
        let index = self.known_task(task_id)?;
        Ok(self.state.tasks[index].task.done)
    }

    /// Deletes a task.
    ///
    /// # Errors
    /// An unknown task is refused.
    pub fn delete_task(&mut self, task_id: TaskId) -> CrmResult<bool> {
        let index = self.known_task(task_id)?;
        let entry = &mut self.state.tasks[index];
        entry.row.delete();
        let name = entry.task.name.clone();
        self.record(Effect::TaskDeleted { id: task_id, name });
        Ok(true)
    }

    fn known_task(&mut self, id: TaskId) -> CrmResult<usize> {
        let unknown = || Refusal::UnknownTask(id).into();
        if let Some(index) = self.state.task_index(id) {
            return if self.state.tasks[index].row.is_deleted() { Err(unknown()) } else { Ok(index) };
        }
        let mut batch = Batch::new();
        batch.add(&statements::TASK).int(self.project.id).int(id);
        let rows = self.ask_one(&batch)?;
        if rows.is_empty() {
            return Err(unknown());
        }
        let mut reader = rows.reader();
        let task = rows::task(&mut reader)?;
        self.state.watch(task.client, reader.int()?);
        self.state.tasks.push(TaskEntry { task, row: RowState::Stored, changed: false });
        Ok(self.state.tasks.len() - 1)
    }
}

fn parsed_date(text: &str) -> CrmResult<NaiveDate> {
    parse_date(text.trim()).ok_or_else(|| Refusal::NotADate(text.to_owned()).into())
}

fn parsed_time(text: &str) -> CrmResult<i64> {
    parse_time(text.trim()).ok_or_else(|| Refusal::NotATime(text.to_owned()).into())
}
