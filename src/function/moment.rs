//! Dates and times by a format of `%` directives, in the time zone and the locale of the host.

use chrono::NaiveDateTime;

use super::{CallError, CallResult, Context};
use crate::value::strftime::{self, BadDirective};
use crate::wording::message;

/// The most bytes that one directive of a format becomes.
const PER_DIRECTIVE: usize = 32;

impl Context<'_> {
    /// A local time in a format; a bad directive is the fault of that parameter.
    ///
    /// # Errors
    /// When the format is bad or needs too much memory.
    pub fn format_time(&mut self, local: NaiveDateTime, format: &str, parameter: &'static str) -> CallResult<String> {
        let (time_zone, locale) = (self.time_zone()?, self.locale()?);
        self.check_memory(format.len().saturating_mul(PER_DIRECTIVE))?;
        strftime::format(format, local, time_zone, locale).map_err(|bad| bad_format(parameter, &bad))
    }

    /// The local time that a text in a format stands for; `None` when the text does not fit.
    ///
    /// # Errors
    /// When the format is bad or needs too much memory.
    pub fn parse_time(&mut self, text: &str, format: &str, parameter: &'static str) -> CallResult<Option<NaiveDateTime>> {
        let (time_zone, locale) = (self.time_zone()?, self.locale()?);
        self.check_memory(format.len().saturating_mul(PER_DIRECTIVE))?;
        strftime::parse(text, format, time_zone, locale).map_err(|bad| bad_format(parameter, &bad))
    }
}

#[cold]
fn bad_format(parameter: &'static str, bad: &BadDirective) -> Box<CallError> {
    CallError::argument_with_help(parameter, message!("bad-directive", directive = bad.directive.as_str()), message!("bad-format-help"))
}
