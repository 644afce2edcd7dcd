//! What a host lends to the scripts it runs: a state of its own that its functions work on, variables that outlive the
//! run, a time zone and a locale. The CRM is one such host, and nothing here knows it.

use std::any::Any;
use std::time::Duration;

use chrono_tz::Tz;

use super::{CallResult, Role};
use crate::value::Value;
use crate::value::locale::Locale;
use crate::wording::Message;

/// The state behind a running script. Functions of the host reach it with [`Context::host`](super::Context::host).
///
/// Every method has a default, so that a plain struct becomes a host with `impl Host for Shop {}`.
pub trait Host: Any {
    /// The zone of local times.
    fn time_zone(&self) -> Tz {
        Tz::UTC
    }

    /// The language of month and weekday names.
    fn locale(&self) -> Locale {
        Locale::En
    }

    /// The time that the host has spent so far on what scripts asked of it, waiting for others included: no script's time.
    fn time_away(&self) -> Duration {
        Duration::ZERO
    }

    /// What there is that an argument of a role can name, for the author of a script whose argument was refused.
    ///
    /// # Errors
    /// When the host cannot look.
    fn known(&mut self, role: Role) -> CallResult<Option<Message>> {
        let _ = role;
        Ok(None)
    }

    /// The variables that outlive a run; without them every variable ends with its script.
    fn variables(&mut self) -> Option<&mut dyn Variables> {
        None
    }
}

/// Whose variable a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// A bare name `x`: the host decides where it is looked for, and where it is written.
    Bare,
    /// `client.x`
    Client,
    /// `project.x`
    Project,
}

/// Variables that outlive a run (language.md section 6). Names that begin with `_` never come here.
pub trait Variables {
    /// The value of a variable, or `None` when there is none.
    ///
    /// # Errors
    /// When the host cannot read it.
    fn read(&mut self, namespace: Namespace, name: &str) -> CallResult<Option<Value>>;

    /// Sets a variable.
    ///
    /// # Errors
    /// When the host cannot keep it.
    fn write(&mut self, namespace: Namespace, name: &str, value: &Value) -> CallResult<()>;

    /// Deletes a variable.
    ///
    /// # Errors
    /// When the host cannot delete it.
    fn delete(&mut self, namespace: Namespace, name: &str) -> CallResult<()>;

    /// Counts changes that came from anything but `write` and `delete`, such as a function of the host. When it differs
    /// after a call, the evaluator reads its variables again.
    fn generation(&self) -> u64 {
        0
    }
}
