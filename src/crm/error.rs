//! The errors of the CRM, one type per audience: a [`Refusal`] or a [`LimitError`] is for the author of the script, a
//! [`HostError`] for whoever operates the bot.
//! Knows no span and no name of a parameter: a refusal has roles, and declarations say which parameter has which.

use std::error::Error;
use std::fmt;

use super::lengths::{LONGEST_NAME, LONGEST_TEXT, TextProblem};
use super::{BlockId, ClientId, DealId, LabelId, ListId, ProjectId, RecordId, StageId, TableId, TaskId, role};
use crate::diagnostic::{Code, Fault};
use crate::function::{CallError, Role};
use crate::store::StoreError;
use crate::value::Value;
use crate::wording::{Message, message};

/// What a CRM function returns.
pub type CrmResult<T> = Result<T, CrmError>;

/// Why a CRM function did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CrmError {
    /// An argument was refused; nothing was changed.
    Refused(Refusal),
    /// The store failed; the session can only be dropped.
    Store(StoreError),
}

/// Why a rule did nothing with what it was given, for the author of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The project has no such deal.
    UnknownDeal(DealId),
    /// The project has no such client.
    UnknownClient(ClientId),
    /// The project has no client of this id, which was to be a main one.
    UnknownMainClient(ClientId),
    /// The project has neither a deal nor a client of this id.
    UnknownDealOrClient(i64),
    /// The project has no such stage.
    UnknownStage(StageId),
    /// The project has no such task.
    UnknownTask(TaskId),
    /// The project has no such table.
    UnknownTable(TableId),
    /// The table has no such record.
    UnknownRecord {
        /// The table, which exists.
        table: TableId,
        /// The id that was asked for.
        record: RecordId,
    },
    /// The table has no such column.
    UnknownColumn {
        /// The table, which exists.
        table: TableId,
        /// The name that was asked for.
        column: String,
        /// What named it: the first role that the function has a parameter for.
        roles: &'static [Role],
    },
    /// The data cannot be kept as a record, for this reason.
    NotARecord(Message),
    /// The project has no operator of this email.
    UnknownOperator(String),
    /// The project has no such list.
    UnknownList(ListId),
    /// The project has no list of this name.
    UnknownListName(String),
    /// The project has no such label.
    UnknownLabel(LabelId),
    /// The project has no label of this name.
    UnknownLabelName(String),
    /// Another label has this name.
    LabelNameTaken(String),
    /// There are clients in the list.
    ListNotEmpty(ListId),
    /// There are clients that have the label.
    LabelNotEmpty(LabelId),
    /// What several labels are to be is not a list of ids, or not one of names, or an empty one.
    NotLabels {
        /// What was found.
        found: Message,
        /// Whether names were expected.
        names: bool,
    },
    /// A label cannot have this colour.
    NotAColor(i64),
    /// The deal is not one of this client's.
    DealOfAnotherClient {
        /// The deal, which exists.
        deal: DealId,
        /// The client whose deal was expected.
        client: ClientId,
    },
    /// The text is not a date `dd.mm.yyyy`.
    NotADate(String),
    /// The text is not a time `HH:MM`.
    NotATime(String),
    /// The text has no digits.
    NotAPhone(String),
    /// The value of the variable `budget` is not a number.
    NotABudget(String),
    /// The name begins with `_`, and such variables are not stored.
    TemporaryVariable(String),
    /// The comment is blank.
    EmptyComment,
    /// The name of a client, a list or a label is blank.
    EmptyName,
    /// A number of messages is below 0.
    NegativeCount(i64),
    /// A scheduled message has neither a block nor a text.
    NothingScheduled,
    /// A message has neither a text nor a block, or a notification no text.
    NothingToSend,
    /// A callback has no text.
    EmptyCallback,
    /// A callback is for the client itself.
    CallbackToOneself,
    /// The messenger's id is that of no client of the project, or not with that messenger and account.
    UnknownAccount(String),
    /// The number is not one of the priorities of notifications.
    UnknownPriority(i64),
    /// The number of minutes is no pause.
    NoPause(String),
    /// The project has no block of this id with a name.
    UnknownBlock(BlockId),
    /// Nothing of this name is known of operators.
    UnknownField(String),
    /// The client is linked to no other one.
    NotLinked(ClientId),
    /// The client cannot be linked to itself.
    LinkedToItself(ClientId),
    /// The client has the most scheduled messages that there may be.
    TooManyScheduled {
        /// The client.
        client: ClientId,
        /// How many there are.
        count: usize,
    },
    /// The text cannot be kept.
    Text {
        /// What the text is: the first role that the function has a parameter for.
        roles: &'static [Role],
        /// Why.
        problem: TextProblem,
    },
}

impl Refusal {
    /// What was refused; the first role that the function has a parameter for is meant.
    #[must_use]
    pub const fn roles(&self) -> &'static [Role] {
        match self {
            Self::UnknownDeal(_) | Self::DealOfAnotherClient { .. } => &[role::DEAL],
            Self::UnknownClient(_)
            | Self::UnknownDealOrClient(_)
            | Self::TooManyScheduled { .. }
            | Self::CallbackToOneself
            | Self::NotLinked(_)
            | Self::LinkedToItself(_) => &[role::CLIENT],
            Self::UnknownMainClient(_) => &[role::MAIN_CLIENT],
            Self::UnknownStage(_) => &[role::STAGE],
            Self::UnknownTask(_) => &[role::TASK],
            Self::UnknownTable(_) => &[role::TABLE],
            Self::UnknownRecord { .. } => &[role::RECORD],
            Self::NotARecord(_) => &[role::RECORD_DATA],
            Self::UnknownOperator(_) => &[role::OPERATOR],
            Self::UnknownList(_) | Self::ListNotEmpty(_) => &[role::LIST],
            Self::UnknownListName(_) => &[role::LIST_NAME],
            Self::UnknownLabel(_) | Self::LabelNotEmpty(_) => &[role::LABEL],
            Self::UnknownLabelName(_) => &[role::LABEL_NAME],
            Self::NotLabels { .. } => &[role::LABELS],
            Self::NotAColor(_) => &[role::COLOR],
            Self::NotADate(_) => &[role::DATE],
            Self::NotATime(_) => &[role::TIME],
            Self::NotAPhone(_) => &[role::PHONE],
            Self::NotABudget(_) => &[Role::VariableValue, Role::VariableValues],
            Self::TemporaryVariable(_) => &[Role::VariableName, Role::VariableValues],
            Self::EmptyComment => &[role::COMMENT],
            Self::EmptyName | Self::LabelNameTaken(_) => &[role::NAME],
            Self::NegativeCount(_) => &[role::COUNT],
            // Functions look before.
            Self::NothingScheduled => &[],
            Self::NothingToSend | Self::EmptyCallback => &[role::TEXT],
            Self::UnknownAccount(_) => &[role::PLATFORM_ID],
            Self::UnknownPriority(_) => &[role::PRIORITY],
            Self::NoPause(_) => &[role::MINUTES],
            Self::UnknownBlock(_) => &[role::BLOCK],
            Self::UnknownField(_) => &[role::FIELD],
            Self::Text { roles, .. } | Self::UnknownColumn { roles, .. } => roles,
        }
    }

    /// What was found and what was expected.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::UnknownDeal(id) => message!("unknown-deal", id = id.to_string()),
            Self::UnknownClient(id) | Self::UnknownMainClient(id) => message!("unknown-client", id = id.to_string()),
            Self::UnknownDealOrClient(id) => message!("unknown-deal-or-client", id = id.to_string()),
            Self::UnknownStage(id) => message!("unknown-stage", id = id.to_string()),
            Self::UnknownTask(id) => message!("unknown-task", id = id.to_string()),
            Self::UnknownTable(id) => message!("unknown-table", id = id.to_string()),
            Self::UnknownRecord { table, record } => {
                message!("unknown-record", record = record.to_string(), table = table.to_string())
            }
            Self::NotARecord(problem) => problem.clone(),
            Self::UnknownColumn { table, column, .. } => {
                message!("unknown-column", column = column.as_str(), table = table.to_string())
            }
            Self::UnknownOperator(email) => message!("unknown-operator", email = email.trim()),
            Self::UnknownList(id) => message!("unknown-list", id = id.to_string()),
            Self::UnknownListName(name) => message!("unknown-list-name", name = name.trim()),
            Self::UnknownLabel(id) => message!("unknown-label", id = id.to_string()),
            Self::UnknownLabelName(name) => message!("unknown-label-name", name = name.trim()),
            Self::LabelNameTaken(name) => message!("label-name-taken", name = name.trim()),
            Self::ListNotEmpty(id) => message!("list-not-empty", id = id.to_string()),
            Self::LabelNotEmpty(id) => message!("label-not-empty", id = id.to_string()),
            Self::NotLabels { found, names: false } => message!("label-ids-expected", found = found.clone()),
            Self::NotLabels { found, names: true } => message!("label-names-expected", found = found.clone()),
            Self::NotAColor(found) => message!("not-a-color", found = *found),
            Self::DealOfAnotherClient { deal, client } => {
                message!("deal-of-another-client", deal = deal.to_string(), client = client.to_string())
            }
            Self::NotADate(found) => message!("not-a-date", found = found.as_str()),
            Self::NotATime(found) => message!("not-a-time", found = found.as_str()),
            Self::NotAPhone(phone) => message!("not-a-phone", phone = phone.as_str()),
            Self::NotABudget(found) => message!("budget-not-a-number", found = format!("`{found}`")),
            Self::TemporaryVariable(name) => message!("underscore-name-not-stored", name = name.as_str()),
            Self::EmptyComment => message!("comment-empty"),
            Self::EmptyName => message!("name-empty"),
            Self::NegativeCount(count) => message!("message-count-negative", found = *count),
            Self::NothingScheduled => message!("scheduled-without-content"),
            Self::NothingToSend => message!("nothing-to-send"),
            Self::EmptyCallback => message!("callback-empty"),
            Self::CallbackToOneself => message!("callback-to-oneself"),
            Self::UnknownAccount(id) => message!("unknown-account", id = id.trim()),
            Self::UnknownPriority(found) => message!("unknown-priority", found = *found),
            Self::NoPause(found) => message!("no-pause", found = found.as_str()),
            Self::UnknownBlock(id) => message!("unknown-block", id = id.to_string()),
            Self::UnknownField(name) => message!("unknown-field", name = name.trim()),
            Self::NotLinked(id) => message!("client-not-linked", id = id.to_string()),
            Self::LinkedToItself(id) => message!("client-linked-to-itself", id = id.to_string()),
            Self::TooManyScheduled { client, count } => {
                message!("too-many-scheduled", client = client.to_string(), count = *count)
            }
            Self::Text { problem, .. } => problem.message(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<Message> {
        match self {
            Self::UnknownDeal(_) => Some(message!("unknown-deal-help")),
            Self::ListNotEmpty(_) | Self::LabelNotEmpty(_) => Some(message!("not-empty-help")),
            _ => None,
        }
    }

    /// The refusal as what ends a call that returns a value of its own.
    #[cold]
    pub(crate) fn instead(&self, value: impl Into<Value>) -> Box<CallError> {
        self.ends_call(Some(value.into()))
    }

    #[cold]
    fn ends_call(&self, instead: Option<Value>) -> Box<CallError> {
        let fault = Fault { code: Code::RefusedArgument, message: self.message(), help: self.help() };
        Box::new(CallError::Refused { roles: self.roles(), fault, instead })
    }
}

impl From<Refusal> for CrmError {
    #[cold]
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<CrmError> for Box<CallError> {
    #[cold]
    fn from(error: CrmError) -> Self {
        match error {
            CrmError::Store(error) => error.into(),
            CrmError::Refused(refusal) => refusal.ends_call(None),
        }
    }
}

impl From<StoreError> for CrmError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl CrmError {
    /// What is wrong, in words.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Refused(refusal) => refusal.message(),
            Self::Store(error) => error.message().clone(),
        }
    }
}

impl fmt::Display for CrmError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(formatter)
    }
}

impl Error for CrmError {}

/// The host failed: nothing was changed, and the event may be tried again. Never shown in a chat.
#[derive(Debug)]
pub enum HostError {
    /// There is no such project.
    UnknownProject {
        /// The id that was asked for.
        project: ProjectId,
    },
    /// The project has no such client.
    UnknownClient {
        /// The project, which exists.
        project: ProjectId,
        /// The id that was asked for.
        client: ClientId,
    },
    /// The time of the run is outside of the years 1 to 9999, in UTC or in the project's time zone.
    TimeOutOfRange,
    /// The event cannot be handled, whenever it is tried.
    InvalidEvent(InvalidEvent),
    /// Nobody ran the block, or it never came back: the runtime shut down, a thread could not be started, or a function of
    /// the host panicked.
    Interrupted,
    /// The store failed.
    Store(StoreError),
    /// A function of the host failed.
    Function(Box<dyn Error + Send + Sync>),
}

impl From<InvalidEvent> for HostError {
    fn from(error: InvalidEvent) -> Self {
        Self::InvalidEvent(error)
    }
}

impl From<StoreError> for HostError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Box<dyn Error + Send + Sync>> for HostError {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        match error.downcast::<Self>() {
            Ok(error) => *error,
            Err(error) => Self::Function(error),
        }
    }
}

impl HostError {
    /// What is wrong, in words; those of a host's functions are their own.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::UnknownProject { project } => message!("no-such-project", project = project.to_string()),
            Self::UnknownClient { project, client } => {
                message!("no-such-client-in-project", client = client.to_string(), project = project.to_string())
            }
            Self::TimeOutOfRange => message!("time-of-run-out-of-range"),
            Self::InvalidEvent(error) => error.message(),
            Self::Store(error) => error.message().clone(),
            Self::Function(error) => Message::verbatim(error.to_string()),
            Self::Interrupted => message!("unit-interrupted"),
        }
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(formatter)
    }
}

impl Error for HostError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::UnknownProject { .. } | Self::UnknownClient { .. } | Self::TimeOutOfRange | Self::Interrupted => None,
            Self::InvalidEvent(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Function(error) => Some(&**error),
        }
    }
}

/// Why an event cannot be handled, whenever it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidEvent {
    /// Its id is empty: it could not be told from others.
    EmptyId,
    /// Its id contains the character 0, which cannot be stored.
    UnstorableId,
    /// Its id is too long.
    LongId {
        /// How many characters it has.
        length: usize,
    },
    /// It has a text of the client and a callback.
    TextAndCallback,
    /// Its text, or its callback, is too long.
    LongText {
        /// How many characters it has.
        length: usize,
    },
}

impl InvalidEvent {
    /// What is wrong, in words.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::EmptyId => message!("empty-event-id"),
            Self::UnstorableId => message!("unstorable-event-id"),
            Self::TextAndCallback => message!("text-or-callback"),
            Self::LongId { length } => message!("long-event-id", count = *length, most = LONGEST_NAME),
            Self::LongText { length } => message!("long-event-text", count = *length, most = LONGEST_TEXT),
        }
    }
}

impl fmt::Display for InvalidEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(formatter)
    }
}

impl Error for InvalidEvent {}

/// A limit on stored variables that was passed (language.md L6.6), for the author of the script: the engine makes a
/// diagnostic of it at the place that names the variable. It is not a [`HostError`], because nothing is wrong with the host,
/// and not a [`Refusal`], because it shows only when everything is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitError {
    /// Which limit it is.
    pub kind: LimitKind,
    /// The variable that is one too many, or whose name or value is too long.
    pub variable: String,
    /// What was found and what is allowed.
    pub reason: Message,
}

/// A limit on stored variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// How many variables a client or a deal may have.
    Count,
    /// How large a variable may be: its name, its value, its depth.
    Size,
}

impl fmt::Display for LimitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(formatter)
    }
}

impl Error for LimitError {}
