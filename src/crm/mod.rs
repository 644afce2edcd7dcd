//! The CRM behind the calculator: the model, the store that keeps it and the session a block works in.
//! The functions and variables that scripts reach it by are declared here too, as those of any host are. Knows no syntax
//! and no program. Never prints, reads files, the environment or the clock.

mod arguments;
mod client;
mod deal;
pub mod effect;
pub mod error;
mod host;
mod id;
pub mod key;
mod limits;
pub mod model;
mod more_functions;
pub mod outbox;
pub mod project_file;
pub mod queue;
pub mod session;
mod task;
mod time;
mod variables;

#[cfg(feature = "sqlite")]
pub use crate::store::SqliteStore;
pub use crate::store::{Store, StoreError, StoreErrorKind};
pub use effect::Effect;
pub use error::{CommitError, CrmError, CrmResult, LimitError, LimitKind, OpenError, Refusal};
pub use host::{Access, CrmContext, register};
pub use id::{BlockId, ClientId, DealId, PipelineId, ProjectId, StageId, TaskId};
pub use project_file::{ProjectFile, ProjectFileError, client_name, demo, dump, load, project, project_ids};
pub use serde_json::Value as Json;
pub use session::{ClientVariables, Committed, CreatedOrder, NewOrder, Opening, Scope, Session};
