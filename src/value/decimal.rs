//! Decimal fractions, exact, for rounding as people do it on paper (language.md L4.9). Knows no script value.

use super::number::Number;

/// The most digits of a coefficient that a power of ten can still be taken of.
const MOST_DIGITS: u32 = 38;

/// `coefficient` times ten to the power of `exponent`, negative or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    coefficient: u128,
    exponent: i32,
}

impl Decimal {
    /// The decimal fraction that the shortest text of a number writes.
    #[must_use]
    pub fn of(number: Number) -> Self {
        match number {
            Number::Int(int) => Self { negative: int < 0, coefficient: u128::from(int.unsigned_abs()), exponent: 0 },
            Number::Float(float) => {
                let text = format!("{:e}", float.abs());
                let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
                let coefficient = format!("{whole}{fraction}").parse().unwrap_or(0);
                let places = i32::try_from(fraction.len()).unwrap_or(0);
                Self { negative: float < 0.0, coefficient, exponent: exponent.parse().unwrap_or(0) - places }
            }
        }
    }

    /// The exact product; `None` when it has too many digits.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self {
            negative: self.negative != other.negative,
            coefficient: self.coefficient.checked_mul(other.coefficient)?,
            exponent: self.exponent + other.exponent,
        })
    }

    /// The quotient rounded half away from zero to `places` places; `None` when it needs too many digits.
    #[must_use]
    pub fn divided(self, divisor: Self, places: i32) -> Option<Self> {
        let shift = self.exponent.checked_sub(divisor.exponent)?.checked_add(places)?;
        let power = 10_u128.checked_pow(shift.unsigned_abs())?;
        let (dividend, divisor_coefficient) = if shift < 0 {
            (self.coefficient, divisor.coefficient.checked_mul(power)?)
        } else {
            (self.coefficient.checked_mul(power)?, divisor.coefficient)
        };
        let remainder = dividend.checked_rem(divisor_coefficient)?;
        let up = remainder >= divisor_coefficient - remainder;
        let coefficient = dividend.checked_div(divisor_coefficient)? + u128::from(up);
        Some(Self { negative: self.negative != divisor.negative, coefficient, exponent: -places })
    }

    /// Rounded half away from zero to `places` places after the point, before it when negative.
    #[must_use]
    pub fn rounded(self, places: i32) -> Self {
        let dropped = places.saturating_neg().saturating_sub(self.exponent);
        if dropped <= 0 {
            return self;
        }
        let power = if dropped.unsigned_abs() <= MOST_DIGITS { 10_u128.checked_pow(dropped.unsigned_abs()) } else { None };
        let Some(power) = power else {
            return Self { negative: false, coefficient: 0, exponent: 0 };
        };
        let remainder = self.coefficient % power;
        let up = remainder >= power - remainder;
        Self { coefficient: self.coefficient / power + u128::from(up), exponent: places.saturating_neg(), ..self }
    }

    /// The integer that this is; `None` when it has a fraction or is too large.
    #[must_use]
    pub fn to_integer(self) -> Option<i64> {
        let power = 10_u128.checked_pow(self.exponent.unsigned_abs())?;
        let magnitude = if self.exponent < 0 {
            (self.coefficient.checked_rem(power)? == 0).then_some(self.coefficient / power)?
        } else {
            self.coefficient.checked_mul(power)?
        };
        let magnitude = i128::try_from(magnitude).ok()?;
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    /// The nearest float; infinite when it is too large.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}e{}", self.coefficient, self.exponent).parse().unwrap_or(f64::INFINITY)
    }
}
