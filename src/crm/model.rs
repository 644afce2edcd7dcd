//! The things of the CRM as plain data (crm.md section 3), each declared in the module of its noun.

pub use super::client::{Client, Visit};
pub use super::deal::{Deal, DealStatus};
pub use super::label::{COLORS, ClientLabel};
pub use super::list::ClientList;
pub use super::message::{AUTHOR_BOT, AUTHOR_CALLBACK, AUTHOR_CLIENT, Direction, HistoryEntry, MOST_SCHEDULED, Note, Scheduled};
pub use super::operator::{Assignment, Operator, OperatorDetails, OperatorStatus};
pub use super::pipeline::{Pipeline, Stage};
pub use super::project::{Distribution, Hours, Project, Weekdays, Window};
pub use super::table::{OwnTable, TableRecord};
pub use super::task::Task;
