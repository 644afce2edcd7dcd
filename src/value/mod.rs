//! Script values (language.md section 4): what they are, how they compare, calculate and print.
//! Knows no syntax, no CRM and no place in a script; an operation that fails returns a [`Fault`](crate::diagnostic::Fault).

pub(crate) mod arithmetic;
pub(crate) mod calendar;
pub(crate) mod compare;
pub(crate) mod decimal;
mod dict;
mod extent;
mod form;
mod growth;
pub(crate) mod json;
mod list;
pub(crate) mod locale;
pub(crate) mod meter;
pub(crate) mod nearly;
pub(crate) mod number;
pub(crate) mod operators;
mod scalar;
pub(crate) mod strftime;
mod text;

pub use dict::Dict;
pub use extent::Extent;
pub use json::text_form;
pub use list::List;
pub use locale::Locale;
pub use number::Number;
pub use scalar::{Float, Truth};
pub use text::Text;

/// How many levels of lists and dicts a value may have; one that is stored must read back from JSON.
pub const MAX_DEPTH: u32 = 100;

/// A value. Copying is cheap, and a copy never changes when the original does.
///
/// What each kind holds is exactly one word, so that values are handed over in two registers.
///
/// `==` of Rust asks for the same kinds with the same content; what scripts call equal is [`Value::equals`].
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing; also what an unset variable reads as.
    #[default]
    None,
    /// `True` or `False`.
    Bool(Truth),
    /// A whole number.
    Int(i64),
    /// A finite number with a fraction, or one too large for an integer.
    Float(Float),
    /// Text.
    Text(Text),
    /// A list.
    List(List),
    /// A dict with text keys, in the order of insertion.
    Dict(Dict),
}

const _: () = assert!(size_of::<Value>() == 16, "values travel by copy: keep them small");

impl Value {
    /// A text value.
    #[must_use]
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// The empty text.
    #[must_use]
    pub const fn empty_text() -> Self {
        Self::Text(Text::EMPTY)
    }

    /// The name of the type, as `type()` returns it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "str",
            Self::List(_) => "list",
            Self::Dict(_) => "dict",
        }
    }

    /// L4.7: `None`, `False`, `0`, `""`, `[]` and `{}` are false.
    #[must_use]
    #[inline]
    pub fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(flag) => flag.get(),
            Self::Int(int) => *int != 0,
            Self::Float(float) => float.get() != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Dict(entries) => !entries.is_empty(),
        }
    }

    /// Whether this is `None` or `""`.
    #[must_use]
    pub fn is_none_or_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// L4.3: the number that a number, a boolean or a number-like text is.
    #[must_use]
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Self::Int(int) => Some(Number::Int(*int)),
            Self::Float(float) => Some(Number::Float(float.get())),
            Self::Bool(flag) => Some(Number::Int(i64::from(flag.get()))),
            Self::Text(text) => crate::value::number::parse(text),
            _ => None,
        }
    }

    /// Drops the value. The same as `drop`, but most values have nothing to give back, and they cost one comparison.
    #[inline]
    pub(crate) fn let_go(self) {
        if self.is_plain() { std::mem::forget(self) } else { give_back(self) }
    }

    /// Whether the value is a word that stands for itself.
    #[inline]
    fn is_plain(&self) -> bool {
        match self {
            Self::None | Self::Bool(_) | Self::Int(_) | Self::Float(_) => true,
            Self::Text(text) => text.is_short(),
            Self::List(_) | Self::Dict(_) => false,
        }
    }

    /// Bytes of the value when written out, every part counted as often as it appears.
    #[must_use]
    #[inline]
    pub(crate) fn size(&self) -> u64 {
        if self.is_plain() {
            return 0;
        }
        match self {
            Self::Text(text) => text.len() as u64,
            Self::List(list) => list.extent().size,
            Self::Dict(dict) => dict.extent().size,
            _ => 0,
        }
    }

    /// How deep and how large the value is when written out.
    #[must_use]
    #[inline]
    pub fn extent(&self) -> Extent {
        match self {
            Self::Text(text) => Extent::text(text.len()),
            Self::List(list) => list.extent(),
            Self::Dict(dict) => dict.extent(),
            _ => Extent::SCALAR,
        }
    }

    /// How many levels of lists and dicts there are: 0 for anything else.
    #[must_use]
    #[inline]
    pub fn depth(&self) -> u32 {
        self.extent().depth
    }

    /// Whether there are more levels of lists and dicts than a value may have. What is known of the depth is an upper bound:
    /// a part that was taken out may have been the deepest, so past the limit the levels are counted.
    #[must_use]
    pub fn is_too_deep(&self) -> bool {
        !self.fits(MAX_DEPTH)
    }

    fn fits(&self, levels: u32) -> bool {
        if self.depth() <= levels {
            return true;
        }
        let Some(inside) = levels.checked_sub(1) else { return false };
        match self {
            Self::List(items) => items.iter().all(|item| item.fits(inside)),
            Self::Dict(entries) => entries.values().all(|item| item.fits(inside)),
            _ => true,
        }
    }

    /// After a part of this value was changed in place: what that part was before and is now.
    pub fn changed(&mut self, before: Extent, after: Extent) {
        match self {
            Self::List(list) => list.changed(before, after),
            Self::Dict(dict) => dict.changed(before, after),
            _ => {}
        }
    }
}

#[inline(never)]
fn give_back(_: Value) {}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag.into())
    }
}

impl From<f64> for Value {
    fn from(float: f64) -> Self {
        Self::Float(Float::new(float))
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        i64::try_from(count).map_or(Self::Int(i64::MAX), Self::Int)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(int) => Self::Int(int),
            Number::Float(float) => Self::from(float),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items.into())
    }
}

impl From<Dict> for Value {
    fn from(dict: Dict) -> Self {
        Self::Dict(dict)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}
