//! How a function of the language is declared, once: `builtins!` gives its dispatch, its argument rules and its documentation.
//! Knows no syntax and no evaluator; the functions themselves are in `stdlib/`.

mod argument;
mod context;
mod declare;
mod registry;

pub use argument::{
    AnyText, Argument, Arguments, ClientId, Date, DealId, Flag, Id, Items, Kind, Optional, Rest, Returned, Sequence, Time, Whole,
};
pub use context::{Access, Context, Limits, Notice, StopSignal, Usage, deadline};
pub use declare::plain_name;
pub use registry::Registry;

use crate::diagnostic::{Code, Fault};
use crate::value::Value;
use crate::wording::Message;

/// One function of the language, with all that is known of it.
#[derive(Debug)]
pub struct Builtin {
    /// The name it is called by.
    pub name: &'static str,
    /// Other names of the same function.
    pub aliases: &'static [&'static str],
    /// The group whose reference page has it.
    pub group: &'static str,
    /// Whether the rules of CRM functions or of general ones hold for its arguments.
    pub family: Family,
    /// Whether the vendor documents it.
    pub origin: Origin,
    /// Whether it can do more than give a value.
    pub acts: bool,
    /// Whether it counts from, to and by its arguments as `range` does, so that a loop over it needs no list.
    pub counts: bool,
    /// Lines of documentation: a summary, then rules and examples in Markdown.
    pub documentation: &'static [&'static str],
    /// The parameters, in order.
    pub parameters: &'static [Parameter],
    /// What kind of value it returns.
    pub returns: Kind,
    /// What a CRM function returns when it refuses its arguments; `None`: it is an error.
    pub failure: Option<Failure>,
    /// The function itself, as [`Builtin::apply`] calls it.
    pub call: fn(&mut Context<'_>, &mut [Value]) -> Result<Value, Failed>,
}

/// One parameter of a function.
#[derive(Debug)]
pub struct Parameter {
    /// Its name, also as a keyword.
    pub name: &'static str,
    /// Another spelling of the keyword.
    pub alias: Option<&'static str>,
    /// What it takes.
    pub kind: Kind,
    /// Whether a call without it is an error.
    pub required: bool,
    /// Whether it takes all arguments that are left.
    pub variadic: bool,
    /// What is meant when it is not given, in words or as a value.
    pub default: Option<&'static str>,
    /// What it is, in words.
    pub about: &'static str,
}

/// A variable that is always there (language.md L6.5).
#[derive(Debug)]
pub struct BuiltinVariable {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub about: &'static str,
    /// Reads it.
    pub read: fn(&mut Context<'_>) -> CallResult<Value>,
}

/// Which rules for arguments hold (language.md L3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Acts on the CRM; never raises for bad values; `'None'` and `'none'` are "not given" too.
    Crm,
    /// Everything else; a bad value is an error of the script.
    General,
}

/// Where a function comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The vendor documents it.
    Vendor,
    /// It is ours.
    Ours,
}

/// What a CRM function returns when it refuses its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// `False`
    False,
    /// `None`
    None,
    /// `0`
    Zero,
    /// `[]`
    EmptyList,
}

impl Failure {
    /// The value itself.
    #[must_use]
    pub fn value(self) -> Value {
        match self {
            Self::False => Value::from(false),
            Self::None => Value::None,
            Self::Zero => Value::Int(0),
            Self::EmptyList => Value::from(Vec::new()),
        }
    }
}

/// What the body of a function gives: boxed, because failing is rare and results travel by value.
pub type CallResult<T> = Result<T, Box<CallError>>;

/// A call failed, and [`Context::why`] says why. Holds nothing, so that what a call gives travels in registers.
#[derive(Debug)]
pub struct Failed(());

/// Why a call gave no value. Knows the parameter but no place; the caller turns it into a label on that argument.
#[derive(Debug)]
pub enum CallError {
    /// An argument the function cannot work with. A CRM function with a failure value gives that and a notice.
    Argument {
        /// The name of the parameter.
        parameter: &'static str,
        /// What is wrong with it.
        fault: Fault,
    },
    /// Something else is wrong with the call; never turned into a failure value.
    Fault(Fault),
    /// The store failed, or project or client are unknown: no error of the script.
    Host(crate::crm::OpenError),
}

impl CallError {
    /// An argument outside what the function can work with.
    #[must_use]
    #[cold]
    pub fn argument(parameter: &'static str, message: impl Into<Message>) -> Box<Self> {
        Box::new(Self::Argument { parameter, fault: Fault::new(Code::BadArgument, message) })
    }

    /// The same with help.
    #[must_use]
    #[cold]
    pub fn argument_with_help(parameter: &'static str, message: impl Into<Message>, help: impl Into<Message>) -> Box<Self> {
        Box::new(Self::Argument { parameter, fault: Fault::new(Code::BadArgument, message).help(help) })
    }
}

impl From<crate::crm::StoreError> for Box<CallError> {
    #[cold]
    fn from(error: crate::crm::StoreError) -> Self {
        Box::new(CallError::Host(error.into()))
    }
}

impl From<crate::crm::CrmError> for Box<CallError> {
    #[cold]
    fn from(error: crate::crm::CrmError) -> Self {
        Box::new(match error {
            crate::crm::CrmError::Store(error) => CallError::Host(error.into()),
            crate::crm::CrmError::Refused(refusal) => CallError::Argument {
                parameter: refusal.parameter,
                fault: Fault { code: Code::RefusedArgument, message: refusal.reason, help: refusal.help },
            },
        })
    }
}

impl From<Box<Fault>> for Box<CallError> {
    #[cold]
    fn from(fault: Box<Fault>) -> Self {
        Box::new(CallError::Fault(*fault))
    }
}

impl Builtin {
    /// Calls the function, with one value for each parameter, `None` for those not given, then the rest.
    ///
    /// # Errors
    /// Why the call gave no value.
    pub fn apply(&self, context: &mut Context<'_>, arguments: &mut [Value]) -> CallResult<Value> {
        (self.call)(context, arguments).map_err(|failed| context.why(failed))
    }

    /// How many arguments a call needs at least, and how many it takes at most.
    #[must_use]
    pub fn arity(&self) -> (usize, Option<usize>) {
        let least = self.parameters.iter().filter(|parameter| parameter.required).count();
        let most = if self.parameters.iter().any(|parameter| parameter.variadic) { None } else { Some(self.parameters.len()) };
        (least, most)
    }

    /// `round(n, digits=0)`
    #[must_use]
    pub fn signature(&self) -> String {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| match parameter.default {
                _ if parameter.variadic => format!("{}...", parameter.name),
                Some(default) => format!("{}={default}", parameter.name),
                None => parameter.name.to_owned(),
            })
            .collect();
        format!("{}({})", self.name, parameters.join(", "))
    }

    /// The first paragraph of the documentation.
    #[must_use]
    pub fn summary(&self) -> String {
        let lines = self.documentation.iter().map(|line| line.trim());
        lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
