//! The variables that need no CRM (language.md L6.5): which block runs, what time it is, two constants.

use chrono::{DateTime, Datelike as _, Utc};

use crate::function::BuiltinVariable;
use crate::value::Value;
use crate::value::calendar::{format_clock, format_date};

/// The general built-in variables, in the order of the reference.
pub(super) static VARIABLES: &[BuiltinVariable] = &[
    BuiltinVariable::new("message_id", "the number of the block that runs; `NONE` when no block does", |context| {
        Ok(context.block().map_or(UNSET.into(), Value::Int))
    }),
    BuiltinVariable::new("current_date", "the date of today, `dd.mm.yyyy`", |context| Ok(format_date(context.local_now()?.date()).into())),
    BuiltinVariable::new("next_day", "the date of tomorrow, `dd.mm.yyyy`", |context| {
        Ok(context.local_now()?.date().succ_opt().map(format_date).into())
    }),
    BuiltinVariable::new("current_time", "the time of now, `HH:MM`", |context| Ok(format_clock(context.local_now()?).into())),
    BuiltinVariable::new("weekday", "the day of the week, 1 for Monday to 7 for Sunday", |context| {
        Ok(i64::from(context.local_now()?.weekday().number_from_monday()).into())
    }),
    BuiltinVariable::new("timestamp", "the seconds since 1 January 1970 in Greenwich, with a fraction", |context| {
        Ok(Value::from(unix_seconds(context.now())))
    }),
    BuiltinVariable::new("E", "the base of natural logarithms, 2.718281828459045", |_| Ok(Value::from(std::f64::consts::E))),
    BuiltinVariable::new("PI", "the circumference of a circle over its diameter, 3.141592653589793", |_| {
        Ok(Value::from(std::f64::consts::PI))
    }),
];

/// What `message_id` holds where no block runs.
const UNSET: &str = "NONE";

#[allow(clippy::cast_precision_loss, reason = "the microseconds of our time fit")]
fn unix_seconds(time: DateTime<Utc>) -> f64 {
    time.timestamp_micros() as f64 / 1e6
}
