//! Math (builtins.md, "Math").

use crate::builtin::{CallError, Rest};
use crate::builtins;
use crate::text::number::Number;
use crate::value::Value;

builtins! {
    pub static MATH: General "math" = {
        /// The absolute value of a number.
        ///
        /// ```calc
        /// abs(-2.352) # => 2.352
        /// ```
        vendor fn abs(context, x: Number => "the number") -> Number {
            Ok(match x {
                Number::Int(int) => int.checked_abs().map_or(Number::Float(-Number::Int(int).to_f64()), Number::Int),
                Number::Float(float) => Number::Float(float.abs()),
            })
        }

        /// The largest of several values, or of the items of one list.
        ///
        /// ```calc
        /// max(4, 2, 9, 6) # => 9
        /// ```
        vendor fn max(context, values: Rest => "the values, or one list") -> Value {
            values.0.into_iter().next().ok_or_else(|| CallError::argument("values", "no value"))
        }
    }
}
