//! Operators, indexes, slices and ranges: every rule stands here once (language.md L4.2–L4.6). Folding, evaluation and
//! functions call them; [`quick`] has what is done without them for operands that are frequent, and a property test holds
//! the two together. What `+`, `-`, `*` and `%` make of two integers is decided in `quick` alone.

pub mod item;
pub mod noted;
pub mod quick;
pub mod range;

use std::cmp::Ordering;

use super::Value;
use super::arithmetic::{self, CheckMemory, Computed};

/// An operator with two operands that needs both of them; `and` and `or` are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
}

impl BinaryOperator {
    /// Every operator.
    pub const ALL: &[Self] = &[
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::FloorDivide,
        Self::Remainder,
        Self::Power,
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
        Self::In,
        Self::NotIn,
    ];

    /// As it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::FloorDivide => "//",
            Self::Remainder => "%",
            Self::Power => "^",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }

    /// Whether its result is a comparison's: true or false, and never an error.
    #[must_use]
    #[inline]
    pub const fn is_comparison(self) -> bool {
        !matches!(self, Self::Add | Self::Subtract | Self::Multiply | Self::Divide | Self::FloorDivide | Self::Remainder | Self::Power)
    }

    /// Whether it asks which of two values is larger.
    #[must_use]
    pub const fn is_ordering(self) -> bool {
        matches!(self, Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual)
    }

    /// What it makes of two values; `room` is asked before anything large is made.
    pub fn apply(self, left: &Value, right: &Value, check_memory: CheckMemory<'_>) -> Computed {
        match self {
            Self::Add => arithmetic::add(left, right),
            Self::Subtract => arithmetic::subtract(left, right),
            Self::Multiply => arithmetic::multiply(left, right, check_memory),
            Self::Divide => arithmetic::divide(left, right),
            Self::FloorDivide => arithmetic::floor_divide(left, right),
            Self::Remainder => arithmetic::remainder(left, right),
            Self::Power => arithmetic::power(left, right),
            comparison => Ok(Value::from(comparison.holds(left, right))),
        }
    }

    /// The same in a row of operators that are worked out from the left: what `+` has joined stays text (language.md L4.4).
    pub fn apply_in_chain(self, left: &Value, right: &Value, is_joined: &mut bool, check_memory: CheckMemory<'_>) -> Computed {
        if self == Self::Add {
            return arithmetic::add_in_chain(left, right, is_joined);
        }
        *is_joined = false;
        self.apply(left, right, check_memory)
    }

    /// Whether a comparison holds; false for any other operator. Never fails (language.md L4.6).
    #[must_use]
    pub fn holds(self, left: &Value, right: &Value) -> bool {
        match self {
            Self::Equal => left.equals(right),
            Self::NotEqual => !left.equals(right),
            Self::Less => left.order(right) == Some(Ordering::Less),
            Self::LessEqual => matches!(left.order(right), Some(Ordering::Less | Ordering::Equal)),
            Self::Greater => left.order(right) == Some(Ordering::Greater),
            Self::GreaterEqual => matches!(left.order(right), Some(Ordering::Greater | Ordering::Equal)),
            Self::In => right.contains(left),
            Self::NotIn => !right.contains(left),
            _ => false,
        }
    }
}
