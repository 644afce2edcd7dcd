//! Math (builtins.md, "Math").

use super::ordering::{greatest, least};
use crate::builtins;
use crate::function::{CallError, CallResult, Rest, Whole};
use crate::value::decimal::Decimal;
use crate::value::number::Number;
use crate::value::{Value, arithmetic};
use crate::wording::{Message, message};

builtins! {
    /// Numbers: powers, rounding, angles, random numbers.
    pub static MATH: General "math" = {
        /// The absolute value of a number.
        ///
        /// ```calc
        /// abs(-2.352) # => 2.352
        /// ```
        vendor fn abs(context, n: Number => "the number") -> Number {
            Ok(match n {
                Number::Int(int) => int.checked_abs().map_or(Number::Float(n.to_f64().abs()), Number::Int),
                Number::Float(float) => Number::Float(float.abs()),
            })
        }

        /// The smallest whole number that is not below a number.
        ///
        /// ```calc
        /// ceil(1.2) # => 2
        /// ```
        vendor fn ceil(context, n: Number => "the number") -> Number {
            Ok(whole(n, f64::ceil))
        }

        /// The largest whole number that is not above a number.
        ///
        /// ```calc
        /// floor(-1.2) # => -2
        /// ```
        vendor fn floor(context, n: Number => "the number") -> Number {
            Ok(whole(n, f64::floor))
        }

        /// A number rounded to some digits after the point.
        ///
        /// A half is rounded away from zero, on the digits as the number prints. Without digits the result is a whole
        /// number; negative digits round before the point.
        ///
        /// ```calc
        /// round(2.675, 2) # => 2.68
        /// ```
        vendor fn round(context, n: Number => "the number", digits: Option<Whole> = "0" => "how many digits after the point stay") -> Number {
            let places = digits.map_or(0, |digits| digits.0);
            rounded(Decimal::of(n).rounded(clamped(places)), places == 0 || matches!(n, Number::Int(_)), "n")
        }

        /// The whole part of a number.
        ///
        /// The fraction is cut off, not rounded.
        ///
        /// ```calc
        /// int('1.8') # => 1
        /// ```
        vendor fn int(context, n: Number => "a number or its text") -> Number {
            Ok(whole(n, f64::trunc))
        }

        /// A number, or the text of one, as a number with a fraction.
        ///
        /// ```calc
        /// float('1.50') # => 1.5
        /// ```
        vendor fn float(context, n: Number => "a number or its text") -> Number {
            Ok(Number::Float(n.to_f64()))
        }

        /// E to the power of a number.
        ///
        /// ```calc
        /// exp(0) # => 1
        /// ```
        vendor fn exp(context, n: f64 => "the exponent") -> Number {
            finite(n.exp(), "n", || message!("exponent-too-large", found = Number::Float(n).to_text()))
        }

        /// The factorial of a whole number.
        ///
        /// Above 20 the result is a rounded number, above 170 there is none.
        ///
        /// ```calc
        /// fac(5) # => 120
        /// ```
        vendor fn fac(context, n: Whole => "a whole number from 0 to 170") -> Number {
            factorial(n.0)
        }

        /// The logarithm of a number.
        ///
        /// ```calc
        /// log(1000, 10) # => 3
        /// ```
        vendor fn log(context, n: f64 => "a number above 0", base: Option<f64> = "E" => "a number above 0, not 1") -> Number {
            if n <= 0.0 {
                return Err(outside("n", n, message!("number-above-zero")));
            }
            let logarithm = match base {
                None => n.ln(),
                Some(base) if base <= 0.0 => return Err(outside("base", base, message!("number-above-zero"))),
                Some(1.0) => return Err(CallError::argument("base", message!("logarithm-base-one"))),
                Some(2.0) => n.log2(),
                Some(10.0) => n.log10(),
                Some(base) => n.log(base),
            };
            finite(logarithm, "base", || message!("result-too-large"))
        }

        /// The largest of several values, or of the items of one list.
        ///
        /// Dates are compared with dates, times with times; otherwise any text is above any number.
        ///
        /// ```calc
        /// max(4, 2, 9, 6) # => 9
        /// ```
        vendor fn max(context, values: Rest => "the values, or one list") -> Value {
            context.check_time()?;
            greatest(one_list_or_all(values)).ok_or_else(no_element)
        }

        /// The smallest of several values, or of the items of one list.
        ///
        /// Dates are compared with dates, times with times; otherwise any number is below any text.
        ///
        /// ```calc
        /// min('11.10.2020', '1.9.2020') # => 1.9.2020
        /// ```
        vendor fn min(context, values: Rest => "the values, or one list") -> Value {
            context.check_time()?;
            least(one_list_or_all(values)).ok_or_else(no_element)
        }

        /// A number to the power of another one.
        ///
        /// ```calc
        /// pow(2, 10) # => 1024
        /// ```
        vendor fn pow(context, a: Number => "the base", b: Number => "the exponent") -> Value {
            if a.to_f64() == 0.0 && b.to_f64() < 0.0 {
                return Err(CallError::argument("b", message!("negative-power-of-zero", found = b.to_text())));
            }
            arithmetic::power(&a.into(), &b.into()).map_err(|_| {
                CallError::argument("a", message!("power-not-finite", base = a.to_text(), exponent = b.to_text()))
            })
        }

        /// The long side of a right triangle whose short sides are given.
        ///
        /// ```calc
        /// pyt(3, 4) # => 5
        /// ```
        vendor fn pyt(context, a: f64 => "one short side", b: f64 => "the other one") -> Number {
            finite(a.hypot(b), "a", || message!("result-too-large"))
        }

        /// The square root of a number.
        ///
        /// ```calc
        /// sqrt(6.25) # => 2.5
        /// ```
        vendor fn sqrt(context, n: f64 => "a number from 0") -> Number {
            if n < 0.0 {
                return Err(outside("n", n, message!("number-from-zero")));
            }
            Ok(Number::Float(n.sqrt()))
        }

        /// The sine of an angle.
        ///
        /// ```calc
        /// sin(0) # => 0
        /// ```
        vendor fn sin(context, n: f64 => "the angle in radians") -> Number {
            Ok(Number::Float(n.sin()))
        }

        /// The cosine of an angle.
        ///
        /// ```calc
        /// cos(0) # => 1
        /// ```
        vendor fn cos(context, n: f64 => "the angle in radians") -> Number {
            Ok(Number::Float(n.cos()))
        }

        /// The tangent of an angle.
        ///
        /// ```calc
        /// tan(0) # => 0
        /// ```
        vendor fn tan(context, n: f64 => "the angle in radians") -> Number {
            Ok(Number::Float(n.tan()))
        }

        /// The angle with this sine, in radians.
        ///
        /// ```calc
        /// asin(0) # => 0
        /// ```
        vendor fn asin(context, n: f64 => "a number from -1 to 1") -> Number {
            within_one(n).map(|n| Number::Float(n.asin()))
        }

        /// The angle with this cosine, in radians.
        ///
        /// ```calc
        /// acos(1) # => 0
        /// ```
        vendor fn acos(context, n: f64 => "a number from -1 to 1") -> Number {
            within_one(n).map(|n| Number::Float(n.acos()))
        }

        /// The angle with this tangent, in radians.
        ///
        /// ```calc
        /// atan(0) # => 0
        /// ```
        vendor fn atan(context, n: f64 => "the number") -> Number {
            Ok(Number::Float(n.atan()))
        }

        /// The angle from the axis to the point `b` along and `a` up, in radians.
        ///
        /// ```calc
        /// round(atan2(1, -1), 3) # => 2.356
        /// ```
        vendor fn atan2(context, a: f64 => "how far up", b: f64 => "how far along") -> Number {
            Ok(Number::Float(a.atan2(b)))
        }

        /// A random whole number between two others, both included.
        ///
        /// ```calc
        /// random(1, 6)
        /// ```
        vendor fn random(context, low: Whole => "the smallest number", high: Whole => "the largest number") -> i64 {
            if low.0 > high.0 {
                return Err(CallError::argument("high", message!("high-below-low", high = high.0, low = low.0)));
            }
            Ok(context.random().i64(low.0..=high.0))
        }

        /// The product of two numbers, rounded.
        ///
        /// It is calculated with decimal digits, so that nothing is lost before the rounding, which is that of `round`.
        ///
        /// ```calc
        /// customizable_round_multiply(1.275, 5.822, 2) # => 7.42
        /// ```
        vendor fn customizable_round_multiply(
            context, a: Number => "one number", b: Number => "the other one", digits: Whole => "how many digits after the point stay",
        ) -> Number {
            let places = clamped(digits.0);
            match Decimal::of(a).times(Decimal::of(b)) {
                Some(product) => rounded(product.rounded(places), digits.0 == 0, "a"),
                None => rounded_float(a.to_f64() * b.to_f64(), digits.0, "a"),
            }
        }

        /// The quotient of two numbers, rounded.
        ///
        /// It is calculated with decimal digits, so that nothing is lost before the rounding, which is that of `round`.
        ///
        /// ```calc
        /// customizable_round_division(1.275, 5.822, 3) # => 0.219
        /// ```
        vendor fn customizable_round_division(
            context, a: Number => "the dividend", b: Number => "the divisor", digits: Whole => "how many digits after the point stay",
        ) -> Number {
            if b.to_f64() == 0.0 {
                return Err(CallError::argument("b", message!("division-by-zero")));
            }
            match Decimal::of(a).divided(Decimal::of(b), clamped(digits.0)) {
                Some(quotient) => rounded(quotient, digits.0 == 0, "a"),
                None => rounded_float(a.to_f64() / b.to_f64(), digits.0, "a"),
            }
        }
    }
}

/// A number made whole; one too large for an integer stays a float.
fn whole(n: Number, make_whole: fn(f64) -> f64) -> Number {
    match n {
        Number::Int(_) => n,
        Number::Float(float) => {
            let whole = Number::Float(make_whole(float));
            whole.to_integer().map_or(whole, Number::Int)
        }
    }
}

/// A number of digits: beyond a thousand they all mean the same.
fn clamped(digits: i64) -> i32 {
    i32::try_from(digits.clamp(-1000, 1000)).unwrap_or(0)
}

fn rounded(decimal: Decimal, to_integer: bool, parameter: &'static str) -> CallResult<Number> {
    match decimal.to_integer() {
        Some(int) if to_integer => Ok(Number::Int(int)),
        _ => finite(decimal.to_f64(), parameter, || message!("result-too-large")),
    }
}

/// For numbers with too many digits for exact decimals.
fn rounded_float(float: f64, digits: i64, parameter: &'static str) -> CallResult<Number> {
    let Number::Float(float) = finite(float, parameter, || message!("result-too-large"))? else {
        return Ok(Number::Int(0));
    };
    rounded(Decimal::of(Number::Float(float)).rounded(clamped(digits)), digits == 0, parameter)
}

fn finite(float: f64, parameter: &'static str, message: impl FnOnce() -> Message) -> CallResult<Number> {
    if float.is_finite() { Ok(Number::Float(float)) } else { Err(CallError::argument(parameter, message())) }
}

fn outside(parameter: &'static str, found: f64, expected: Message) -> Box<CallError> {
    CallError::argument(parameter, message!("argument-expected", expected = expected, found = arithmetic::shown(&Value::from(found))))
}

fn within_one(n: f64) -> CallResult<f64> {
    if (-1.0..=1.0).contains(&n) { Ok(n) } else { Err(outside("n", n, message!("number-within-one"))) }
}

fn factorial(n: i64) -> CallResult<Number> {
    if !(0..=170).contains(&n) {
        let message = if n < 0 { message!("factorial-of-negative", found = n) } else { message!("factorial-too-large", found = n) };
        return Err(CallError::argument("n", message));
    }
    let mut exact = Some(1_i64);
    let mut product = 1.0;
    for factor in 1..=n {
        exact = exact.and_then(|product| product.checked_mul(factor));
        product *= Number::Int(factor).to_f64();
    }
    Ok(exact.map_or(Number::Float(product), Number::Int))
}

fn one_list_or_all(values: Rest) -> Vec<Value> {
    match values.0.as_slice() {
        [only] if let Some(list) = only.as_list() => list.into_items(),
        _ => values.0,
    }
}

fn no_element() -> Box<CallError> {
    CallError::argument_with_help("values", message!("nothing-to-choose-from"), message!("nothing-to-choose-from-help"))
}
