//! Labels: marks that operators see on clients.

mod functions;
mod rules;

use std::ops::RangeInclusive;

use crate::crm::LabelId;

pub(in crate::crm) use functions::FUNCTIONS;

/// The colours that a label may have.
pub const COLORS: RangeInclusive<i64> = 0..=9;

/// A label for clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLabel {
    /// Its id.
    pub id: LabelId,
    /// Its name, which no other label of the project has.
    pub name: String,
    /// The number of its colour.
    pub color: i64,
}
