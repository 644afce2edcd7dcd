//! Numbers as text: which text is a number (language.md L4.3) and how a number is written (section 5).

/// A number of the language: an integer as long as it fits, else a finite float.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// A finite number with a fraction, or one too large for an integer.
    Float(f64),
}

impl Number {
    /// The number as a float; integers beyond 2^53 are rounded.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "rounding is the documented behaviour")]
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }

    /// The integer that this number is, `5.0` included; `None` when it has a fraction or is too large.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked first")]
    pub fn to_integer(self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(int),
            Self::Float(float) if float.fract() == 0.0 && (-9.2e18..9.2e18).contains(&float) => Some(float as i64),
            Self::Float(_) => None,
        }
    }

    /// The same for a position or a count, where every number beyond the integers means "past the end"; `None` when it has
    /// a fraction.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "what is too large becomes the largest")]
    pub fn to_nearest_integer(self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(int),
            Self::Float(float) => (float.fract() == 0.0).then_some(float as i64),
        }
    }

    /// The text form: `5`, `0.1`, `1e+16`.
    #[must_use]
    pub fn to_text(self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// Appends the text form to `out`.
    pub fn write(self, out: &mut String) {
        use std::fmt::Write as _;
        match self {
            Self::Int(int) => {
                let _ = write!(out, "{int}");
            }
            Self::Float(float) => write_float(out, float),
        }
    }
}

/// The number a text stands for: optional spaces around, a sign, digits, an optional fraction and
/// exponent; not `inf`, `nan`, hex or `_`. `None` for any other text, also for one beyond the largest float.
#[must_use]
pub fn parse(text: &str) -> Option<Number> {
    let trimmed = text.trim();
    let bytes = trimmed.as_bytes();
    let unsigned = match bytes.first()? {
        b'+' | b'-' => &bytes[1..],
        _ => bytes,
    };
    let whole = count_digits(unsigned);
    let mut rest = &unsigned[whole..];
    let mut is_integer = true;
    if rest.first() == Some(&b'.') {
        let fraction = count_digits(&rest[1..]);
        if fraction == 0 {
            return None;
        }
        rest = &rest[1 + fraction..];
        is_integer = false;
    } else if whole == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = rest.first() {
        let signed = &rest[1..];
        let exponent = match signed.first() {
            Some(b'+' | b'-') => &signed[1..],
            _ => signed,
        };
        if exponent.is_empty() || count_digits(exponent) != exponent.len() {
            return None;
        }
        rest = &[];
        is_integer = false;
    }
    if !rest.is_empty() {
        return None;
    }
    if is_integer && let Ok(int) = trimmed.parse::<i64>() {
        return Some(Number::Int(int));
    }
    trimmed.parse::<f64>().ok().filter(|float| float.is_finite()).map(Number::Float)
}

fn count_digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Appends a finite float as Python's `repr` writes it, except that integral values below 1e16 lose their `.0`.
#[allow(clippy::cast_possible_truncation, reason = "the range is checked first")]
pub fn write_float(out: &mut String, float: f64) {
    use std::fmt::Write as _;
    if float.fract() == 0.0 && float.abs() < 1e16 {
        let _ = write!(out, "{}", float as i64);
        return;
    }
    // Both forms of Rust's have the shortest digits that read back; only the layout of the second differs from Python's.
    if (1e-4..1e16).contains(&float.abs()) {
        let start = out.len();
        let _ = write!(out, "{float}");
        if may_be_halfway(&out[start..]) {
            let places = out[start..].split_once('.').map_or(0, |(_, fraction)| fraction.len());
            out.truncate(start);
            let _ = write!(out, "{float:.places$}");
        }
        return;
    }
    let mut scientific = format!("{float:e}");
    let digits = scientific.split('e').next().unwrap_or_default();
    if may_be_halfway(digits) {
        let places = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        scientific = format!("{float:.places$e}");
    }
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(out, "{digits}e{sign}{:02}", exponent.abs());
}

/// Whether a float may lie halfway between two texts as short as this one, which takes this many digits. Rust's shortest
/// form then takes either, and its form with a given number of digits the even one, as Python does.
fn may_be_halfway(digits: &str) -> bool {
    digits.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count() >= 15
}
