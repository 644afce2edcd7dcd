//! Numbers as text, distances and the columns of spreadsheets (builtins.md, "Numbers").

use crate::builtins;
use crate::function::{CallError, CallResult, Whole};
use crate::value::arithmetic::shown;
use crate::value::number::{self, Number};
use crate::value::{Text, Value};
use crate::wording::message;

builtins! {
    /// Whether text is a number, numbers for people, distances, spreadsheet columns.
    pub static NUMBERS: General "numbers" = {
        /// Whether the text of a value is a whole number, without a fraction part.
        ///
        /// ```calc
        /// is_int("5.0") # => False
        /// ```
        vendor fn is_int(context, x: Value => "any value") -> bool {
            Ok(match &x {
                Value::Int(_) => true,
                Value::Float(float) => Number::Float(float.get()).to_text().parse::<i64>().is_ok(),
                Value::Text(text) => is_whole(text),
                _ => false,
            })
        }

        /// Whether the text of a value is a number, with a fraction part or without.
        ///
        /// ```calc
        /// is_float("1.275") # => True
        /// ```
        vendor fn is_float(context, x: Value => "any value") -> bool {
            Ok(match &x {
                Value::Int(_) | Value::Float(_) => true,
                Value::Text(text) => number::parse(text).is_some(),
                _ => false,
            })
        }

        /// A number with its digits in groups of three.
        ///
        /// ```calc
        /// int_to_string(1234567, " ") # => 1 234 567
        /// ```
        vendor fn int_to_string(context, n: Number => "the number", delimiter: Text => "what comes between the groups") -> String {
            let text = match n {
                Number::Int(int) => int.to_string(),
                // Never with an exponent.
                Number::Float(float) => float.to_string(),
            };
            context.check_memory(text.len().saturating_add(delimiter.len().saturating_mul(text.len() / 3)))?;
            let (sign, digits) = text.split_at(usize::from(text.starts_with('-')));
            let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
            let mut grouped = sign.to_owned();
            for (index, digit) in whole.chars().enumerate() {
                if index > 0 && (whole.len() - index) % 3 == 0 {
                    grouped.push_str(&delimiter);
                }
                grouped.push(digit);
            }
            grouped.push_str(digits.get(whole.len()..).unwrap_or_default());
            Ok(grouped)
        }

        /// The distance between two places on earth, in kilometres.
        ///
        /// Latitudes are degrees from -90 to 90, longitudes degrees from -180 to 180.
        ///
        /// ```calc
        /// round(distance(55.7558, 37.6173, 59.9311, 30.3609)) # => 632
        /// ```
        vendor fn distance(
            context, lat1: f64 => "the latitude of one place", lon1: f64 => "its longitude",
            lat2: f64 => "the latitude of the other place", lon2: f64 => "its longitude",
        ) -> Number {
            degrees("lat1", lat1, 90)?;
            degrees("lon1", lon1, 180)?;
            degrees("lat2", lat2, 90)?;
            degrees("lon2", lon2, 180)?;
            let (north, east) = ((lat2 - lat1).to_radians() / 2.0, (lon2 - lon1).to_radians() / 2.0);
            let across = lat1.to_radians().cos() * lat2.to_radians().cos() * east.sin().powi(2);
            let haversine = (north.sin().powi(2) + across).clamp(0.0, 1.0);
            Ok(Number::Float(2.0 * EARTH_RADIUS * haversine.sqrt().asin()))
        }

        /// The number of a spreadsheet column.
        ///
        /// ```calc
        /// c2n("AAB") # => 704
        /// ```
        vendor fn c2n(context, column: Text => "the letters of the column") -> i64 {
            column_number("column", &column)
        }

        /// The letters of a spreadsheet column.
        ///
        /// ```calc
        /// n2c(54) # => BB
        /// ```
        vendor fn n2c(context, n: Whole => "the number of the column, from 1") -> String {
            column_letters(n.0).ok_or_else(|| CallError::argument("n", message!("column-from-one", found = n.0)))
        }

        /// The spreadsheet column so many places to the right, or to the left when negative.
        ///
        /// ```calc
        /// addCols("AA", -1) # => Z
        /// ```
        vendor fn addCols | add_cols(context, column: Text => "the letters of the column", n: Whole => "how many columns") -> String {
            let number = column_number("column", &column)?.checked_add(n.0);
            number.and_then(column_letters).ok_or_else(|| {
                CallError::argument("n", message!("no-such-column", count = n.0, column = column.as_str()))
            })
        }
    }
}

/// Mean radius, km.
const EARTH_RADIUS: f64 = 6373.0088;

fn is_whole(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && number::parse(text).is_some()
}

fn degrees(parameter: &'static str, found: f64, most: i64) -> CallResult<()> {
    if found.abs() <= Number::Int(most).to_f64() {
        return Ok(());
    }
    let found = Number::Float(found).to_text();
    Err(CallError::argument(parameter, message!("degrees-expected", limit = most, found = found)))
}

fn column_number(parameter: &'static str, column: &Text) -> CallResult<i64> {
    let letters = column.trim();
    let number = letters.bytes().try_fold(0_i64, |number, letter| {
        let place = letter.to_ascii_uppercase().checked_sub(b'A').filter(|place| *place < 26)?;
        number.checked_mul(26)?.checked_add(i64::from(place) + 1)
    });
    number.filter(|number| *number > 0).ok_or_else(|| {
        let found = shown(&Value::from(column.clone()));
        CallError::argument(parameter, message!("column-letters-expected", found = found))
    })
}

fn column_letters(number: i64) -> Option<String> {
    let mut rest = number;
    let mut letters = Vec::new();
    while rest > 0 {
        let place = u8::try_from((rest - 1) % 26).ok()?;
        letters.push(char::from(b'A' + place));
        rest = (rest - 1) / 26;
    }
    if letters.is_empty() { None } else { Some(letters.into_iter().rev().collect()) }
}
