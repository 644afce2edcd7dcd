//! Runs a script that stands beside the dialogue instead of in it: a test of blocks.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::run::script_error;
use super::{Engine, HostError};
use crate::compile::Script;
use crate::diagnostic::Diagnostic;
use crate::eval::{self, Kept};
use crate::function::{CallResult, Context, Host};
use crate::value::Value;

/// What a rehearsed script left.
#[derive(Debug)]
pub struct Rehearsal {
    /// The error that ended it.
    pub error: Option<Diagnostic>,
    /// Notices and warnings of the run.
    pub notices: Vec<Diagnostic>,
    /// What it printed.
    pub output: String,
}

impl Engine {
    /// Runs a script whose functions work on a host, opened when it is first needed, while its variables are its own and
    /// end with it. `given` are names that begin with `_`, with the values that they have at first. Functions of the host may exchange the host meanwhile ([`Context::set_lazy_host`]).
    ///
    /// # Errors
    /// When the host fails.
    pub fn rehearse(
        &self,
        script: &Script,
        at: DateTime<Utc>,
        seed: u64,
        given: &[(&str, Value)],
        open: impl FnOnce(DateTime<Utc>, &mut fastrand::Rng) -> CallResult<Box<dyn Host>>,
    ) -> Result<Rehearsal, HostError> {
        let random = fastrand::Rng::with_seed(seed);
        let given = given.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
        let mut context = Context::new(at, Tz::UTC, random, self.limits()).with_lazy_host(open).without_variables();
        let (result, finished) = eval::run(script, &mut context, given, Kept::ValueOnly);
        let error = match result {
            Ok(()) => None,
            Err(stop) => Some(script_error(*stop)?),
        };
        Ok(Rehearsal { error, notices: finished.diagnostics, output: std::mem::take(&mut context.output) })
    }
}
