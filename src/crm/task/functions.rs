//! The functions about tasks (crm.md, "Tasks").

use crate::builtins;
use crate::crm::{CrmContext as _, TaskId, role};
use crate::function::{AnyText, Date, Time};
use crate::value::Text;
use crate::value::calendar::{format_date, format_time};

builtins! {
    /// Tasks of operators, with a date `dd.mm.yyyy` and a time `HH:MM`.
    pub static FUNCTIONS: Host "tasks" = {
        /// Makes a task about the client for an operator, and returns its id.
        ///
        /// The date may be in the past. `None`, and no task, when no operator of the project has that email or a date or
        /// time is none.
        ///
        /// ```calc
        /// task = create_task('olga@example.com', 'Call Ann', '01.12.2026', 'about the tea set', '10:30')
        /// done_task(task) # => True
        /// ```
        vendor fn create_task(
            context, email: Text as role::OPERATOR => "the email of the operator who is to do it", name: Text as role::NAME => "what it is called",
            date_srok: Date as role::DATE => "the date when it is due", description: AnyText as role::DESCRIPTION => "what is to be done; may be empty",
            time_srok: Option<Time> as role::TIME = "'23:59'" => "the time when it is due",
        ) -> TaskId, fails None {
            let (date, time) = (format_date(date_srok.0), time_srok.map(|time| format_time(time.0)));
            Ok(context.crm()?.create_task(&email, &name, &date, &description.0, time.as_deref())?)
        }

        /// Replaces what a task says.
        ///
        /// All five parts are replaced; only the time stays when it is not given. `False`, and nothing changed, when one
        /// of them is refused.
        ///
        /// ```calc
        /// update_task(901, get_operator(), 'Call about the delivery', '26.11.2026', 'the courier is late') # => True
        /// ```
        vendor fn update_task(
            context, task_id: TaskId => "the task", email: Text as role::OPERATOR => "the email of the operator who is to do it",
            name: Text as role::NAME => "what it is called", date_srok: Date as role::DATE => "the date when it is due",
            description: AnyText as role::DESCRIPTION => "what is to be done; may be empty",
            time_srok: Option<Time> as role::TIME = "None" => "the time when it is due; not given: as it was",
        ) -> bool, fails False {
            let (date, time) = (format_date(date_srok.0), time_srok.map(|time| format_time(time.0)));
            Ok(context.crm()?.update_task(task_id, &email, &name, &date, &description.0, time.as_deref())?)
        }

        /// Marks a task as done.
        ///
        /// One that is done already stays so, which is `True` too.
        ///
        /// ```calc
        /// done_task(901) # => True
        /// ```
        vendor fn done_task(context, task_id: TaskId => "the task") -> bool, fails False {
            Ok(context.crm()?.done_task(task_id)?)
        }

        /// Whether a task is done.
        ///
        /// `None` when there is no such task.
        ///
        /// ```calc
        /// status_task(901) # => False
        /// ```
        vendor fn status_task(context, task_id: TaskId => "the task") -> bool, fails None {
            Ok(context.crm()?.status_task(task_id)?)
        }

        /// Deletes a task.
        ///
        /// `False` when there is no such task, or none any more.
        ///
        /// ```calc
        /// delete_task(901) # => True
        /// ```
        vendor fn delete_task(context, task_id: TaskId => "the task") -> bool, fails False {
            Ok(context.crm()?.delete_task(task_id)?)
        }
    }
}
