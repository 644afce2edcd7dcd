//! How a run ends before its script does.

use super::Machine;
use crate::diagnostic::{Code, Diagnostic, Fault, Span};
use crate::function::CallError;
use crate::wording::message;

/// Why a run ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something is wrong, and whoever knows the place has yet to say it.
    Unplaced(Fault),
    /// An error of the script.
    Script(Diagnostic),
    /// The host failed: no error of the script.
    Host(Box<dyn std::error::Error + Send + Sync>),
}

impl From<Box<Fault>> for Stop {
    fn from(fault: Box<Fault>) -> Self {
        Self::Unplaced(*fault)
    }
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Script(diagnostic)
    }
}

impl From<Box<CallError>> for Stop {
    fn from(error: Box<CallError>) -> Self {
        match *error {
            CallError::Argument { fault, .. }
            | CallError::Rest { fault, .. }
            | CallError::Refused { fault, .. }
            | CallError::Fault(fault) => Self::Unplaced(fault),
            CallError::Host(error) => Self::Host(error),
        }
    }
}

impl From<Box<CallError>> for Box<Stop> {
    fn from(error: Box<CallError>) -> Self {
        Self::new(error.into())
    }
}

/// The run has to end early, and the machine knows why. Holds nothing, so that what a walk returns travels in registers
/// whether it went well or not.
#[derive(Debug)]
pub(super) struct Stopped(());

pub(super) type Eval<T = crate::value::Value> = Result<T, Stopped>;

impl Machine<'_, '_, '_> {
    /// Ends the run.
    #[cold]
    #[inline(never)]
    pub(super) fn stop(&mut self, why: impl Into<Stop>) -> Stopped {
        self.why = Some(Box::new(why.into()));
        Stopped(())
    }

    /// Ends the run at a place.
    #[cold]
    #[inline(never)]
    pub(super) fn stop_at(&mut self, why: impl Into<Stop>, span: Span) -> Stopped {
        let stopped = self.stop(why);
        self.place(stopped, span)
    }

    /// Gives a stop without a place this one.
    #[cold]
    #[inline(never)]
    pub(super) fn place(&mut self, stopped: Stopped, span: Span) -> Stopped {
        self.why = self.why.take().map(|why| match *why {
            Stop::Unplaced(fault) => Box::new(Stop::Script(fault.at(span))),
            placed => Box::new(placed),
        });
        stopped
    }

    /// Adds where a function was called from to an error inside it.
    #[cold]
    #[inline(never)]
    pub(super) fn called_from(&mut self, stopped: Stopped, span: Span) -> Stopped {
        if let Some(Stop::Script(diagnostic)) = self.why.as_deref_mut()
            && diagnostic.labels.len() < 3
            && diagnostic.span != span
            && !diagnostic.labels.iter().any(|label| label.span == span)
        {
            diagnostic.labels.push(crate::diagnostic::Label { span, message: message!("called-from-here") });
        }
        stopped
    }

    /// Why the run ended.
    pub(super) fn why(&mut self, Stopped(()): Stopped) -> Box<Stop> {
        // There is no way to a `Stopped` but through `stop`.
        self.why.take().unwrap_or_else(|| Box::new(Stop::Unplaced(Fault::new(Code::NoValue, message!("run-ended-early")))))
    }
}
