//! Ranges of cells as in spreadsheets: letters mean columns by their place, numbers rows.

use std::ops::RangeInclusive;

use crate::crm::role;
use crate::diagnostic::{Code, Fault};
use crate::function::{Family, Kind, ParameterType, Role};
use crate::value::arithmetic::shown;
use crate::value::{Dict, Value};
use crate::wording::message;

/// The most cells that are read at once.
pub(super) const MOST_CELLS: usize = 5_000;

/// Cells by their places, counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) column: usize,
}

impl Place {
    /// The place that a text such as `b12` is.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (letters, digits) = text.split_at_checked(letters)?;
        if !(1..=3).contains(&letters.len()) || !(1..=9).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let column = letters.bytes().fold(0, |number, letter| number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
        let row: usize = digits.parse().ok()?;
        Some(Self { row: row.checked_sub(1)?, column: column.checked_sub(1)? })
    }

    /// As it is written: `B12`.
    pub(super) fn name(self) -> String {
        let mut letters = Vec::new();
        let mut rest = self.column + 1;
        while rest > 0 {
            letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
            rest = (rest - 1) / 26;
        }
        let letters: String = letters.into_iter().rev().collect();
        format!("{letters}{}", self.row + 1)
    }
}

/// Ranges of cells, in the order in which they were asked for.
pub(super) struct CellRanges(Vec<(RangeInclusive<usize>, RangeInclusive<usize>)>);

impl CellRanges {
    /// All cells, row by row.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> {
        self.0.iter().flat_map(|(rows, columns)| rows.clone().flat_map(|row| columns.clone().map(move |column| Place { row, column })))
    }
}

impl ParameterType for CellRanges {
    const KIND: Kind = Kind::Dict;
    const ROLE: Role = role::CELLS;

    fn from_value(value: Value, family: Family) -> Result<Self, Box<Fault>> {
        let ranges = Dict::from_value(value, family)?;
        let place = |value: &Value| {
            let place = match value {
                Value::Text(text) => Place::parse(text),
                _ => None,
            };
            place.ok_or_else(|| Box::new(Fault::new(Code::RefusedArgument, message!("not-a-cell", found = shown(value)))))
        };
        let span = |from: usize, to: usize| from.min(to)..=from.max(to);
        let mut found = Vec::with_capacity(ranges.len());
        let mut count = 0_usize;
        for (from, to) in ranges.iter() {
            let (from, to) = (place(&Value::from(from.clone()))?, place(to)?);
            let cells = (from.row.abs_diff(to.row) + 1).saturating_mul(from.column.abs_diff(to.column) + 1);
            count = count.saturating_add(cells);
            if count > MOST_CELLS {
                return Err(Box::new(Fault::new(Code::RefusedArgument, message!("too-many-cells", limit = MOST_CELLS))));
            }
            found.push((span(from.row, to.row), span(from.column, to.column)));
        }
        Ok(Self(found))
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn places_are_read_and_written() {
        for (text, row, column) in [("a1", 0, 0), (" Z10 ", 9, 25), ("aa3", 2, 26), ("AZ1", 0, 51), ("zzz999999999", 999_999_998, 18_277)] {
            let place = Place::parse(text);
            assert_eq!(place, Some(Place { row, column }), "{text}");
            assert_eq!(place.map(Place::name), Some(text.trim().to_uppercase()));
        }
        for text in ["", "a", "1", "1a", "a0", "a-1", "a1b", "abcd1", "a1234567890", "я1", "a 1"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
