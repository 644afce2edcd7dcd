//! The CRM behind the calculator: the model, the store that keeps it and the session a block works in.
//! Knows no script value and no syntax: variables are plain JSON. Never prints, reads files, the environment or the clock.

pub mod effect;
pub mod error;
pub mod key;
mod limits;
pub mod model;
pub mod outbox;
pub mod project_file;
pub mod queue;
pub mod session;
mod time;

#[cfg(feature = "sqlite")]
pub use crate::store::SqliteStore;
pub use crate::store::{Store, StoreError, StoreErrorKind};
pub use effect::Effect;
pub use error::{CommitError, CrmError, CrmResult, LimitError, LimitKind, OpenError, Refusal};
pub use project_file::{ProjectFile, ProjectFileError, client_name, demo, dump, load, project, project_ids};
pub use serde_json::Value as Json;
pub use session::{ClientVariables, Committed, CreatedOrder, NewOrder, Opening, Scope, Session};
