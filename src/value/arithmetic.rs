//! Arithmetic (language.md L4.3, L4.4, L4.8): numbers first, then number-like text, dates, times, lists and text.

use chrono::{Days, NaiveDate};

use super::operators::quick::{calculate_integers, joins};
use super::operators::{BinaryOperator, noted};
use super::{List, Text, Value};
use crate::diagnostic::{Code, Fault};
use crate::value::calendar::{Moment, format_date, format_time, parse_moment};
use crate::value::number::Number;
use crate::wording::{Message, message};

/// What an operation returns: boxed, because a fault is rare and results travel by value.
pub type Computed = Result<Value, Box<Fault>>;

/// The most bytes one operation may make before the memory limit is asked.
pub type CheckMemory<'a> = &'a dyn Fn(usize) -> Result<(), Box<Fault>>;

/// `left + right`
#[inline]
pub fn add(left: &Value, right: &Value) -> Computed {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => match calculate_integers(BinaryOperator::Add, *left, *right) {
            Some(sum) => Ok(Value::Int(sum)),
            None => float(to_float(i128::from(*left) + i128::from(*right)), "+"),
        },
        (Value::Float(left), Value::Float(right)) => float(left.get() + right.get(), "+"),
        // Text that is not a number, date or time only joins.
        (Value::Text(left), Value::Text(right)) if joins(left, right) => Ok(Value::Text(left.with(right))),
        (Value::Text(left), Value::Int(_)) if !left.may_be_special() => Ok(Value::Text(left.with(&right.to_interpolated()))),
        _ => add_any(left, right),
    }
}

/// `left - right`
#[inline]
pub fn subtract(left: &Value, right: &Value) -> Computed {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => match calculate_integers(BinaryOperator::Subtract, *left, *right) {
            Some(difference) => Ok(Value::Int(difference)),
            None => float(to_float(i128::from(*left) - i128::from(*right)), "-"),
        },
        (Value::Float(left), Value::Float(right)) => float(left.get() - right.get(), "-"),
        _ => subtract_any(left, right),
    }
}

/// `left * right`; `room` is asked before a text or a list is repeated.
#[inline]
pub fn multiply(left: &Value, right: &Value, check_memory: CheckMemory<'_>) -> Computed {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => match calculate_integers(BinaryOperator::Multiply, *left, *right) {
            Some(product) => Ok(Value::Int(product)),
            None => float(to_float(i128::from(*left) * i128::from(*right)), "*"),
        },
        (Value::Float(left), Value::Float(right)) => float(left.get() * right.get(), "*"),
        _ => multiply_any(left, right, check_memory),
    }
}

/// `left / right`, true division.
pub fn divide(left: &Value, right: &Value) -> Computed {
    let (left, right) = both_numbers(left, right, "/")?;
    if right.to_f64() == 0.0 {
        return Err(division_by_zero());
    }
    float(left.to_f64() / right.to_f64(), "/")
}

/// `left // right`, rounded down.
pub fn floor_divide(left: &Value, right: &Value) -> Computed {
    let (left, right) = both_numbers(left, right, "//")?;
    if right.to_f64() == 0.0 {
        return Err(division_by_zero());
    }
    if let (Number::Int(left), Number::Int(right)) = (left, right)
        && let Some(quotient) = left.checked_div_euclid(right)
    {
        // Euclid rounds towards a non-negative remainder; for a negative divisor that is one too high.
        let inexact = right < 0 && left.checked_rem_euclid(right) != Some(0);
        return Ok(Value::Int(if inexact { quotient - 1 } else { quotient }));
    }
    let (left, right) = (left.to_f64(), right.to_f64());
    let remainder = python_remainder(left, right);
    let quotient = (left - remainder) / right;
    let floor = quotient.floor();
    float(if quotient - floor > 0.5 { floor + 1.0 } else { floor }, "//")
}

/// `left % right`, with the sign of the divisor.
#[inline]
pub fn remainder(left: &Value, right: &Value) -> Computed {
    if let (Value::Int(left), Value::Int(right)) = (left, right)
        && let Some(remainder) = calculate_integers(BinaryOperator::Remainder, *left, *right)
    {
        return Ok(Value::Int(remainder));
    }
    let (left, right) = both_numbers(left, right, "%")?;
    if right.to_f64() == 0.0 {
        return Err(division_by_zero());
    }
    if let (Number::Int(left), Number::Int(right)) = (left, right) {
        let remainder = left.wrapping_rem(right);
        let other_sign = remainder != 0 && (remainder < 0) != (right < 0);
        return Ok(Value::Int(if other_sign { remainder + right } else { remainder }));
    }
    float(python_remainder(left.to_f64(), right.to_f64()), "%")
}

/// `left ^ right`, also written `**`.
pub fn power(left: &Value, right: &Value) -> Computed {
    let (base, exponent) = both_numbers(left, right, "^")?;
    if let (Number::Int(base), Number::Int(exponent)) = (base, exponent)
        && let Some(power) = integer_power(base, exponent)
    {
        return Ok(Value::Int(power));
    }
    let (base, exponent) = (base.to_f64(), exponent.to_f64());
    if base == 0.0 && exponent < 0.0 {
        return Err(division_by_zero());
    }
    float(base.powf(exponent), "^")
}

/// A power of integers, as long as it is an integer that fits.
fn integer_power(base: i64, exponent: i64) -> Option<i64> {
    match (base, u32::try_from(exponent)) {
        (1, _) => Some(1),
        // The powers of -1 alternate, however large the exponent is.
        (-1, _) => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        (0, Err(_)) if exponent > 0 => Some(0),
        (base, Ok(exponent)) => base.checked_pow(exponent),
        _ => None,
    }
}

/// `-operand`
pub fn negate(operand: &Value) -> Computed {
    match number_of(operand, "-")? {
        Number::Int(int) => match int.checked_neg() {
            Some(negated) => Ok(Value::Int(negated)),
            None => float(-to_float(i128::from(int)), "-"),
        },
        Number::Float(operand) => float(-operand, "-"),
    }
}

/// `+operand`
pub fn plus(operand: &Value) -> Computed {
    number_of(operand, "+").map(Value::from)
}

/// `left + right` in a chain of `+`: what has been joined stays text (language.md L4.4).
pub fn add_in_chain(left: &Value, right: &Value, is_joined: &mut bool) -> Computed {
    if *is_joined {
        return Ok(Value::Text(joined(left, right)));
    }
    match (left, right) {
        (Value::Int(_), Value::Int(_)) | (Value::Float(_), Value::Float(_)) => add(left, right),
        _ => Ok(match sum_of(left, right)? {
            Sum::Value(value) => value,
            Sum::Joined(text) => {
                *is_joined = true;
                Value::Text(text)
            }
        }),
    }
}

#[cold]
#[inline(never)]
fn add_any(left: &Value, right: &Value) -> Computed {
    sum_of(left, right).map(|sum| match sum {
        Sum::Value(value) => value,
        Sum::Joined(text) => Value::Text(text),
    })
}

/// What `+` makes.
enum Sum {
    Value(Value),
    /// Two texts, one after the other.
    Joined(Text),
}

fn joined(left: &Value, right: &Value) -> Text {
    let mut joined = left.to_interpolated();
    joined.push_str(&right.interpolated());
    joined
}

fn sum_of(left: &Value, right: &Value) -> Result<Sum, Box<Fault>> {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            let mut items = Vec::with_capacity(left.len() + right.len());
            items.extend(left.iter().cloned());
            items.extend(right.iter().cloned());
            return Ok(Sum::Value(Value::List(List::new(items))));
        }
        (Value::Text(text), other) if let Some(moment) = parse_moment(text) => {
            if let Some(result) = add_to_moment(moment, text, other) {
                return result.map(Sum::Value);
            }
        }
        (other, Value::Text(text))
            if let Some(moment) = parse_moment(text)
                && other.as_number().is_some() =>
        {
            return Err(wrong_way_round(moment, text));
        }
        _ => {}
    }
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        let sum = match (left, right) {
            (Number::Int(left), Number::Int(right)) => add(&Value::Int(left), &Value::Int(right)),
            _ => float(left.to_f64() + right.to_f64(), "+"),
        };
        return sum.map(Sum::Value);
    }
    if matches!(left, Value::Text(_)) || matches!(right, Value::Text(_)) {
        return Ok(Sum::Joined(joined(left, right)));
    }
    Err(misfit(left, right, "+"))
}

/// A date, time or date-time plus a number of days or minutes; `None` when the texts just join.
fn add_to_moment(moment: Moment, text: &Text, other: &Value) -> Option<Computed> {
    if let Some(number) = other.as_number() {
        return Some(shift(moment, text, number, 1));
    }
    if let Value::Text(other) = other
        && let (Moment::Time(_), Some(Moment::Time(_))) = (moment, parse_moment(other))
    {
        let fault = Fault::new(Code::DateArithmetic, message!("add-two-times", left = text.as_str(), right = other.as_str()))
            .help(message!("add-two-times-help"));
        return Some(Err(Box::new(fault)));
    }
    None
}

/// Days added to a date, or minutes to a time.
fn shift(moment: Moment, text: &Text, number: Number, sign: i64) -> Computed {
    let Some(count) = number.to_integer().map(|count| count.saturating_mul(sign)) else {
        let fault = Fault::new(
            Code::DateArithmetic,
            if matches!(moment, Moment::Time(_)) {
                message!("add-part-of-a-minute", number = number.to_text(), time = text.as_str())
            } else {
                message!("add-part-of-a-day", number = number.to_text(), date = text.as_str())
            },
        );
        return Err(Box::new(fault.help(message!("round-first-help"))));
    };
    match moment {
        Moment::Date(date) => match add_days(date, count) {
            Some(date) => Ok(Value::from(format_date(date))),
            None => Err(Box::new(Fault::new(Code::DateArithmetic, message!("date-out-of-range", date = text.as_str(), days = count)))),
        },
        Moment::Time(minutes) => {
            let day = 24 * 60;
            Ok(Value::from(format_time(minutes + count % day)))
        }
        Moment::DateTime(_) => Err(Box::new(date_time(text))),
    }
}

/// The date `count` days later, `None` outside the years that `dd.mm.yyyy` can write.
#[must_use]
pub fn add_days(date: NaiveDate, count: i64) -> Option<NaiveDate> {
    use chrono::Datelike as _;

    use crate::value::calendar::YEARS;

    let days = Days::new(count.unsigned_abs());
    let date = if count < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) };
    date.filter(|date| YEARS.contains(&date.year()))
}

fn date_time(text: &str) -> Fault {
    Fault::new(Code::DateArithmetic, message!("date-time-arithmetic", moment = text)).help(message!("date-time-arithmetic-help"))
}

fn wrong_way_round(moment: Moment, text: &str) -> Box<Fault> {
    let message = match moment {
        Moment::Date(_) => message!("date-comes-first", date = text),
        Moment::Time(_) => message!("time-comes-first", time = text),
        Moment::DateTime(_) => return Box::new(date_time(text)),
    };
    Box::new(Fault::new(Code::DateArithmetic, message).help(message!("moment-comes-first-help", moment = text)))
}

#[cold]
#[inline(never)]
fn subtract_any(left: &Value, right: &Value) -> Computed {
    if let Value::Text(text) = left
        && let Some(moment) = parse_moment(text)
    {
        let other = match right {
            Value::Text(other) => parse_moment(other),
            _ => None,
        };
        match (moment, other) {
            (Moment::Date(left), Some(Moment::Date(right))) => return Ok(Value::Int((left - right).num_days())),
            (Moment::Time(left), Some(Moment::Time(right))) => return Ok(Value::Int(left - right)),
            (Moment::DateTime(_), _) => return Err(Box::new(date_time(text))),
            (_, Some(_)) => {
                let fault = Fault::new(
                    Code::DateArithmetic,
                    message!("subtract-mixed-moments", left = text.as_str(), right = right.interpolated()),
                );
                return Err(Box::new(fault));
            }
            (_, None) if let Some(number) = right.as_number() => return shift(moment, text, number, -1),
            _ => {}
        }
    } else if let Value::Text(text) = right
        && let Some(moment) = parse_moment(text)
        && left.as_number().is_some()
    {
        return Err(wrong_way_round(moment, text));
    }
    match both_numbers(left, right, "-")? {
        (Number::Int(left), Number::Int(right)) => subtract(&Value::Int(left), &Value::Int(right)),
        (left, right) => float(left.to_f64() - right.to_f64(), "-"),
    }
}

#[cold]
#[inline(never)]
fn multiply_any(left: &Value, right: &Value, check_memory: CheckMemory<'_>) -> Computed {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return match (left, right) {
            (Number::Int(left), Number::Int(right)) => multiply(&Value::Int(left), &Value::Int(right), check_memory),
            _ => float(left.to_f64() * right.to_f64(), "*"),
        };
    }
    match (left, right) {
        (Value::Text(text), times) | (times, Value::Text(text)) if times.as_number().is_some() => {
            if parse_moment(text).is_some() {
                let fault = Fault::new(Code::DateArithmetic, message!("multiply-moment", moment = text.as_str()));
                return Err(Box::new(fault));
            }
            if let Some(fault) = noted::warning(BinaryOperator::Multiply, left, right) {
                return Err(Box::new(Fault { code: Code::WrongType, ..fault }));
            }
            let times = repetitions(times)?;
            if text.is_empty() {
                return Ok(Value::empty_text());
            }
            check_memory(text.len().saturating_mul(times))?;
            Ok(Value::from(text.as_str().repeat(times)))
        }
        (Value::List(items), times) | (times, Value::List(items)) if times.as_number().is_some() => {
            // A list of no items takes no room however often it is repeated, and no time either.
            let times = if items.is_empty() { repetitions(times)?.min(1) } else { repetitions(times)? };
            check_memory(items.len().saturating_mul(times).saturating_mul(size_of::<Value>()))?;
            let mut repeated = Vec::with_capacity(items.len() * times);
            for _ in 0..times {
                repeated.extend(items.iter().cloned());
            }
            Ok(Value::from(repeated))
        }
        _ => Err(misfit(left, right, "*")),
    }
}

fn repetitions(times: &Value) -> Result<usize, Box<Fault>> {
    match times.as_number().and_then(Number::to_nearest_integer) {
        Some(times) => Ok(usize::try_from(times).unwrap_or(0)),
        None => Err(Box::new(Fault::new(Code::WrongType, message!("repeat-part-of-a-time", times = times.interpolated())))),
    }
}

fn number_of(operand: &Value, operator: &str) -> Result<Number, Box<Fault>> {
    operand.as_number().ok_or_else(|| {
        Box::new(match operand {
            Value::None => no_value(operator),
            other if let Some(fault) = noted::warning(BinaryOperator::Subtract, other, &Value::None) => {
                Fault { code: Code::WrongType, ..fault }
            }
            other => Fault::new(Code::WrongType, message!("operand-not-a-number", operator = operator, found = shown(other))),
        })
    })
}

fn both_numbers(left: &Value, right: &Value, operator: &str) -> Result<(Number, Number), Box<Fault>> {
    match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => Ok((left, right)),
        _ => Err(misfit(left, right, operator)),
    }
}

fn no_value(operator: &str) -> Fault {
    Fault::new(Code::NoValue, message!("operand-missing", operator = operator)).help(message!("operand-missing-help"))
}

#[cold]
fn misfit(left: &Value, right: &Value, operator: &str) -> Box<Fault> {
    if matches!(left, Value::None) || matches!(right, Value::None) {
        return Box::new(no_value(operator));
    }
    if operator != "+"
        && let Some(fault) = noted::warning(BinaryOperator::Subtract, left, right)
    {
        return Box::new(Fault { code: Code::WrongType, ..fault });
    }
    let fault = Fault::new(Code::WrongType, message!("operands-do-not-fit", operator = operator, left = shown(left), right = shown(right)));
    Box::new(match (left, right) {
        (Value::Text(_), _) | (_, Value::Text(_)) if operator != "+" => fault.help(message!("text-in-calculation-help")),
        _ => fault,
    })
}

/// Lists and dicts whose text may be longer than this are counted rather than shown.
const LONGEST_SHOWN: usize = 10_000;

/// The start of a text that is too long for a message.
#[must_use]
pub fn shortened(text: String) -> String {
    if text.chars().count() <= 40 {
        return text;
    }
    let start: String = text.chars().take(37).collect();
    format!("{start}...")
}

/// A value in words, with its text when that is short.
#[must_use]
pub fn shown(value: &Value) -> Message {
    let mut text = match value {
        Value::None => return message!("value-none"),
        Value::List(items) if value.text_size(LONGEST_SHOWN).is_none() => return message!("value-long-list", count = items.len()),
        Value::Dict(entries) if value.text_size(LONGEST_SHOWN).is_none() => return message!("value-long-dict", count = entries.len()),
        Value::Text(text) => format!("'{text}'"),
        other => other.interpolated().into_owned(),
    };
    text = shortened(text);
    match value {
        Value::None => message!("value-none"),
        Value::Bool(_) => message!("value-flag", value = text),
        Value::Int(_) | Value::Float(_) => message!("value-number", value = text),
        Value::Text(_) => message!("value-text", value = text),
        Value::List(_) => message!("value-list", value = text),
        Value::Dict(_) => message!("value-dict", value = text),
    }
}

#[cold]
fn division_by_zero() -> Box<Fault> {
    Box::new(Fault::new(Code::DivisionByZero, message!("division-by-zero")).help(message!("division-by-zero-help")))
}

/// The result of an operation on floats, which must be finite.
#[inline]
pub fn float(result: f64, operator: &str) -> Computed {
    if result.is_finite() { Ok(Value::from(result)) } else { Err(not_finite(operator)) }
}

#[cold]
fn not_finite(operator: &str) -> Box<Fault> {
    Box::new(Fault::new(Code::NotFinite, message!("result-not-finite", operator = operator)))
}

#[allow(clippy::cast_precision_loss, reason = "L4: integers that overflow become floats")]
fn to_float(int: i128) -> f64 {
    int as f64
}

fn python_remainder(left: f64, right: f64) -> f64 {
    let remainder = left % right;
    if remainder != 0.0 && (remainder < 0.0) != (right < 0.0) { remainder + right } else { remainder }
}
