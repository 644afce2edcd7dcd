//! Labels: marks that operators see on clients.

use std::ops::RangeInclusive;

use crate::crm::LabelId;

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
