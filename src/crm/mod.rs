//! The CRM behind the calculator: the model, the store that keeps it and the session a block works in.
//! The functions and variables that scripts reach it by are declared here too, as those of any host are. Knows no syntax
//! and no program. Never prints, reads files, the environment or the clock.

mod arguments;
mod client;
mod deal;
pub mod depth;
pub(crate) mod effect;
pub(crate) mod error;
mod host;
mod id;
pub mod inbox;
pub(crate) mod key;
mod known;
mod label;
mod lease;
pub(crate) mod lengths;
mod list;
mod message;
pub mod model;
mod operator;
pub mod outbox;
mod pipeline;
mod project;
pub(crate) mod project_file;
pub mod prune;
pub mod queue;
pub mod requests;
pub mod role;
pub mod scheduled;
pub(crate) mod session;
mod table;
mod task;
mod time;
mod variable;
mod variables;
mod words;

#[cfg(feature = "sqlite")]
pub use crate::store::SqliteStore;
pub use crate::store::{Store, StoreError, StoreErrorKind};
pub use deal::{CreatedOrder, NewOrder};
pub use effect::Effect;
pub use error::{CrmError, CrmResult, HostError, InvalidEvent, LimitError, LimitKind, Refusal};
pub use host::{Access, CrmContext, register};
pub(crate) use host::{Hold, Manner, with_crm};
pub use id::{BlockId, ClientId, DealId, LabelId, ListId, OperatorId, PipelineId, ProjectId, RecordId, StageId, TableId, TaskId};
pub use lease::Lease;
pub use lengths::TextProblem;
pub use message::{Account, Delay};
pub use project_file::{
    ClientFile, DealFile, LabelFile, ListFile, OperatorFile, ProjectFile, ProjectFileError, ProjectSize, TableFile, client_name, demo,
    dump, dump_client, dump_settings, load, load_watched, pages, project, project_ids, request_row, size,
};
pub use serde_json::Value as Json;
pub(crate) use session::UnitOfWork;
pub use session::{ClientVariables, Committed, Opening, Outside, Session};
pub use table::WrittenRecord;
pub use variable::Scope;
