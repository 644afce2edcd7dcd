//! What a bot's pipeline stands on: threads that run the blocks of many clients, each client's in their order, with
//! retries, back-pressure and numbers for whoever watches. Prints nothing; the store and the events come from the host.

mod backoff;
mod commits;
mod observe;
mod ticket;
mod workers;

pub use backoff::Backoff;
pub use observe::{Observer, Ran, Retried};
pub use ticket::Ticket;
pub use workers::{Job, Settings, Workers};
