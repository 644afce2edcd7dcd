//! What parameters of CRM functions stand for. A rule refuses something by its role; the declaration of the function that
//! called the rule says which parameter that is.

use crate::function::Role;

/// The id of a client.
pub const CLIENT: Role = Role::Host("client");
/// The id of the client that a group of linked clients has in its middle.
pub const MAIN_CLIENT: Role = Role::Host("main client");
/// The id of a deal.
pub const DEAL: Role = Role::Host("deal");
/// The id of a stage.
pub const STAGE: Role = Role::Host("stage");
/// The id of a task.
pub const TASK: Role = Role::Host("task");
/// The id of a table.
pub const TABLE: Role = Role::Host("table");
/// The number of a record of a table.
pub const RECORD: Role = Role::Host("record");
/// The id of a list.
pub const LIST: Role = Role::Host("list");
/// What a list is called that is there.
pub const LIST_NAME: Role = Role::Host("list name");
/// The id of a label.
pub const LABEL: Role = Role::Host("label");
/// What a label is called that is there.
pub const LABEL_NAME: Role = Role::Host("label name");
/// Several labels, by id or by name.
pub const LABELS: Role = Role::Host("labels");
/// The number of a label's colour.
pub const COLOR: Role = Role::Host("color");
/// Columns and values of a record.
pub const RECORD_DATA: Role = Role::Host("record data");
/// A column of a table.
pub const COLUMN: Role = Role::Host("column");
/// Ranges of cells of a table.
pub const CELLS: Role = Role::Host("cells");
/// Columns, and what is to be in them.
pub const WANTED: Role = Role::Host("wanted");
/// How cells are compared with what is wanted.
pub const ALGORITHM: Role = Role::Host("algorithm");
/// The number of a block.
pub const BLOCK: Role = Role::Host("block");
/// The email of an operator.
pub const OPERATOR: Role = Role::Host("operator");
/// What a deal, a client or a task is called, and what a list or a label is to be called.
pub const NAME: Role = Role::Host("name");
/// More about a deal or a task.
pub const DESCRIPTION: Role = Role::Host("description");
/// What a deal is worth.
pub const BUDGET: Role = Role::Host("budget");
/// What a client is called that is made along with something else.
pub const CLIENT_NAME: Role = Role::Host("client name");
/// The phone of a client.
pub const PHONE: Role = Role::Host("phone");
/// The email of a client.
pub const EMAIL: Role = Role::Host("email");
/// The date when something is due.
pub const DATE: Role = Role::Host("date");
/// The time when something is due.
pub const TIME: Role = Role::Host("time");
/// A comment on a dialogue.
pub const COMMENT: Role = Role::Host("comment");
/// How many messages are unread.
pub const COUNT: Role = Role::Host("count");
/// What a message, a callback or a notification says.
pub const TEXT: Role = Role::Host("text");
/// The id that a messenger knows a client by.
pub const PLATFORM_ID: Role = Role::Host("platform id");
/// How important a notification is.
pub const PRIORITY: Role = Role::Host("priority");
/// How long a pause is.
pub const MINUTES: Role = Role::Host("minutes");
/// Something that is known of an operator.
pub const FIELD: Role = Role::Host("field");
