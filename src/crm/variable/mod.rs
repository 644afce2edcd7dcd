//! Variables of deals, clients and projects: where they live, how they are kept until they are written, their limits.

mod functions;
pub(in crate::crm) mod limits;
pub(in crate::crm) mod scopes;
pub(in crate::crm) mod set;

pub(in crate::crm) use functions::FUNCTIONS;
pub use scopes::Scope;
