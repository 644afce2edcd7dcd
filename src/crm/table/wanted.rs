//! What is wanted of a record, and whether a record has it.

use super::ID_COLUMN;
use super::search::FoundRecord;
use crate::crm::role;
use crate::diagnostic::{Code, Fault};
use crate::function::{CallResult, Context, Family, Kind, ParameterType, Role};
use crate::matching::{Pattern, are_alike};
use crate::value::arithmetic::shown;
use crate::value::{Dict, Number, Text, Value};
use crate::wording::message;

/// How cells are compared with what is wanted.
#[derive(Clone, Copy)]
pub(super) enum Algorithm {
    Equal,
    Contains,
    Pattern,
    /// Per cent that both have in common, from 1 to 100.
    Alike(usize),
}

impl ParameterType for Algorithm {
    const KIND: Kind = Kind::Text;
    const ROLE: Role = role::ALGORITHM;

    fn from_value(value: Value, _: Family) -> Result<Self, Box<Fault>> {
        let text = value.interpolated();
        match text.trim() {
            "F" | "f" => return Ok(Self::Equal),
            "K" | "k" => return Ok(Self::Contains),
            "R" | "r" => return Ok(Self::Pattern),
            _ => {}
        }
        let percent = value.as_number().filter(|_| !matches!(value, Value::Bool(_))).and_then(Number::to_integer);
        match percent.and_then(|percent| usize::try_from(percent).ok()) {
            Some(percent @ 1..=100) => Ok(Self::Alike(percent)),
            _ => Err(Box::new(Fault::new(Code::RefusedArgument, message!("not-an-algorithm", found = shown(&value))))),
        }
    }
}

/// What one column is to hold.
enum Condition {
    Equal(Value),
    Contains(Text),
    Pattern(Pattern),
    Alike(Text, usize),
}

/// What the columns of a record are to hold; all of it must fit.
pub(super) struct Wanted(Vec<(Text, Condition)>);

impl Wanted {
    /// What a dict asks for; a pattern that is none is refused.
    pub(super) fn new(data: &Dict, algorithm: Algorithm) -> Result<Self, Box<Fault>> {
        let conditions = data.iter().map(|(column, value)| {
            let condition = match algorithm {
                Algorithm::Equal => Condition::Equal(value.clone()),
                Algorithm::Contains => Condition::Contains(value.to_interpolated()),
                Algorithm::Pattern => Condition::Pattern(Pattern::new(&value.to_interpolated())?),
                Algorithm::Alike(percent) => Condition::Alike(value.to_interpolated(), percent),
            };
            Ok((column.clone(), condition))
        });
        conditions.collect::<Result<_, _>>().map(Self)
    }

    /// Whether a record has all of it.
    pub(super) fn fits(&self, context: &Context<'_>, record: &FoundRecord) -> CallResult<bool> {
        for (column, condition) in &self.0 {
            let value = match record.cells.get(column) {
                Some(value) => value.clone(),
                None if column.as_str() == ID_COLUMN => record.id.into(),
                None => Value::None,
            };
            context.work(value.size())?;
            let text = value.interpolated();
            let fits = match condition {
                Condition::Equal(wanted) => value.equals(wanted),
                Condition::Contains(wanted) => text.contains(wanted.as_str()),
                Condition::Pattern(pattern) => pattern.is_found(context, &text)?,
                Condition::Alike(wanted, percent) => {
                    are_alike(context, wanted, &text, |common, total| total == 0 || 200 * common >= percent * total)?
                }
            };
            if !fits {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
