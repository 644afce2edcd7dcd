//! How a function of the language is declared, once: from the declaration come its dispatch, its argument checks and its
//! documentation. Knows no syntax, no evaluator and no single function; those are in `stdlib/`, `crm/` and in hosts.

mod argument;
mod builder;
mod context;
mod declare;
mod host;
mod limits;
mod moment;
mod platform;
mod registry;
mod role;
mod stop;
mod watcher;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub use argument::{AnyText, Arguments, Date, Flag, Items, Kind, Optional, ParameterType, Rest, Returned, Sequence, Time, Whole, id};
pub use builder::FunctionBuilder;
pub use context::{Context, Notice, OpenHost, deadline};
pub use declare::plain_name;
pub use host::{Host, Namespace, Variables};
pub use limits::{InvalidLimit, LimitInfo, Limits, Usage};
pub use platform::{Absent, PlatformFunction, PlatformKind, closest_platform_function, platform_function};
pub use registry::Registry;
pub use role::Role;
pub use stop::StopSignal;
pub use watcher::{StatementStart, Watcher};

use crate::diagnostic::{Code, Fault};
use crate::value::{Dict, Value};
use crate::wording::Message;

/// One function of the language, with all that is known of it. What a compiler or an evaluator must know of it is a field
/// here: nothing ever compares names.
#[derive(Clone, Debug)]
pub struct Builtin {
    /// The name it is called by.
    pub name: &'static str,
    /// Other names of the same function.
    pub aliases: &'static [&'static str],
    /// The group whose reference page has it.
    pub group: &'static str,
    /// Whether it works on values only or on the state of the host.
    pub family: Family,
    /// Whether the vendor documents it.
    pub origin: Origin,
    /// Whether it can do more than return a value.
    pub acts: bool,
    /// What it does to the message of the same block.
    pub delivery: DeliveryFlag,
    /// Whether it counts from, to and by its arguments as `range` does, so that a loop over it needs no list.
    pub counts: bool,
    /// Lines of documentation: a summary, then rules and examples in Markdown.
    pub documentation: Cow<'static, [&'static str]>,
    /// The parameters, in order.
    pub parameters: Cow<'static, [Parameter]>,
    /// What kind of value it returns.
    pub returns: Kind,
    /// What it returns when it refuses its arguments; `None`: it is an error.
    pub failure: Option<FailureValue>,
    /// The function itself, as [`Builtin::apply`] calls it.
    pub body: Body,
}

/// The code of a function.
#[derive(Clone)]
pub enum Body {
    /// Made by `builtins!`.
    Pointer(fn(&mut Context<'_>, &mut [Value]) -> Result<Value, Failed>),
    /// Made by a host, with what it captured.
    Closure(Arc<Closure>),
}

/// A body with captured state.
pub type Closure = dyn Fn(&mut Context<'_>, &mut Arguments<'_>) -> CallResult<Value> + Send + Sync;

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pointer(_) => "Pointer",
            Self::Closure(_) => "Closure",
        })
    }
}

/// What a function does to the message of the block that calls it (crm.md section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryFlag {
    /// Nothing.
    Unaffected,
    /// The message is refused: the client is unsubscribed, and nothing in the same block changes that.
    Unsubscribes,
    /// The message is refused unless a call that unblocks follows.
    Blocks,
    /// Ends what a call that blocks began.
    Unblocks,
}

/// One parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name, also as a keyword.
    pub name: &'static str,
    /// Another spelling of the keyword.
    pub alias: Option<&'static str>,
    /// What it takes.
    pub kind: Kind,
    /// What it stands for.
    pub role: Role,
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
#[derive(Clone, Debug)]
pub struct BuiltinVariable {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub about: &'static str,
    /// What it must not be passed as.
    pub mistaken: Option<Mistaken>,
    /// Whether it may have a value: one that never has can be set by a script without hiding anything.
    pub is_set: bool,
    /// Reads it.
    pub read: VariableBody,
}

/// A variable that looks like the argument of some parameters and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistaken {
    /// The kind of those parameters.
    pub for_kind: Kind,
    /// What the variable holds instead, in words or by a message of the catalogue.
    pub holds: &'static str,
    /// What to write.
    pub instead: &'static str,
}

/// How a built-in variable is read.
#[derive(Clone)]
pub enum VariableBody {
    /// By a function.
    Pointer(fn(&mut Context<'_>) -> CallResult<Value>),
    /// By a closure of the host.
    Closure(Arc<VariableReader>),
}

/// A closure that reads a built-in variable.
pub type VariableReader = dyn Fn(&mut Context<'_>) -> CallResult<Value> + Send + Sync;

impl fmt::Debug for VariableBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Read")
    }
}

impl BuiltinVariable {
    /// A variable that a function reads.
    #[must_use]
    pub const fn new(name: &'static str, about: &'static str, read: fn(&mut Context<'_>) -> CallResult<Value>) -> Self {
        Self { name, about, mistaken: None, is_set: true, read: VariableBody::Pointer(read) }
    }

    /// A variable of the vendor's that nothing here sets: known by its name, and `None`.
    #[must_use]
    pub const fn unset(name: &'static str, about: &'static str) -> Self {
        Self { name, about, mistaken: None, is_set: false, read: VariableBody::Pointer(|_| Ok(Value::None)) }
    }

    /// A variable that a closure reads.
    #[must_use]
    pub fn computed(
        name: &'static str,
        about: &'static str,
        read: impl Fn(&mut Context<'_>) -> CallResult<Value> + Send + Sync + 'static,
    ) -> Self {
        Self { name, about, mistaken: None, is_set: true, read: VariableBody::Closure(Arc::new(read)) }
    }

    /// The same, with a warning where it is passed to parameters of a kind that it is often mistaken for.
    #[must_use]
    pub const fn mistaken_for(mut self, for_kind: Kind, holds: &'static str, instead: &'static str) -> Self {
        self.mistaken = Some(Mistaken { for_kind, holds, instead });
        self
    }

    /// What it holds now.
    ///
    /// # Errors
    /// When the host cannot read it.
    pub fn value(&self, context: &mut Context<'_>) -> CallResult<Value> {
        match &self.read {
            VariableBody::Pointer(read) => read(context),
            VariableBody::Closure(read) => read(context),
        }
    }
}

/// Which rules for arguments and calls hold (language.md L3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Works on the state of the host, such as the CRM: never raises for bad values, takes `'None'` and `'none'` as "not
    /// given" too, sees all variables of the script and may change them; its calls are counted.
    Host,
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

/// What a function returns when it refuses its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureValue {
    /// `False`
    False,
    /// `None`
    None,
    /// `0`
    Zero,
    /// `[]`
    EmptyList,
    /// `{"message": "Удалено записей: 0"}`
    NothingDeleted,
    /// `{"status": false}`, with the reason
    StatusFalse,
}

impl FailureValue {
    /// The value itself.
    #[must_use]
    pub fn value(self) -> Value {
        match self {
            Self::False => Value::from(false),
            Self::None => Value::None,
            Self::Zero => Value::Int(0),
            Self::EmptyList => Value::from(Vec::new()),
            // The vendor's own words.
            Self::NothingDeleted => [("message".into(), "Удалено записей: 0".into())].into_iter().collect::<Dict>().into(),
            Self::StatusFalse => [("status".into(), false.into())].into_iter().collect::<Dict>().into(),
        }
    }
}

/// What the body of a function returns: boxed, because failing is rare and results travel by value.
pub type CallResult<T> = Result<T, Box<CallError>>;

/// A call failed, and [`Context::why`] says why. Holds nothing, so that what a call returns travels in registers.
#[derive(Debug)]
pub struct Failed(());

/// Why a call returned no value. Knows the parameter but no place; the caller turns it into a label on that argument.
#[derive(Debug)]
pub enum CallError {
    /// An argument the function cannot work with. A function with a failure value returns that and leaves a notice.
    Argument {
        /// The name of the parameter.
        parameter: &'static str,
        /// What is wrong with it.
        fault: Fault,
    },
    /// One of the arguments of a variadic parameter, by its number from 0.
    Rest {
        /// Which of them.
        number: usize,
        /// What is wrong with it.
        fault: Fault,
    },
    /// What the host does not do with one of its arguments; the declaration says which parameter has the role. A function
    /// with a failure value returns that and leaves a notice.
    Refused {
        /// The roles of the parameters it can be about; the first one that the function has is meant.
        roles: &'static [Role],
        /// What is wrong with it.
        fault: Fault,
        /// What the function returns in place of its failure value.
        instead: Option<Value>,
    },
    /// Something else is wrong with the call; never turned into a failure value.
    Fault(Fault),
    /// The host failed, its database for example: no error of the script, whose run ends with it.
    Host(Box<dyn std::error::Error + Send + Sync>),
}

impl CallError {
    /// A failure of the host, which is not an error of the script.
    #[must_use]
    #[cold]
    pub fn host(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Box<Self> {
        Box::new(Self::Host(error.into()))
    }

    /// An argument outside what the function can work with.
    #[must_use]
    #[cold]
    pub fn argument(parameter: &'static str, message: Message) -> Box<Self> {
        Box::new(Self::Argument { parameter, fault: Fault::new(Code::BadArgument, message) })
    }

    /// The same of one of the arguments of a variadic parameter, by its number from 0.
    #[must_use]
    #[cold]
    pub fn argument_of_rest(number: usize, message: Message) -> Box<Self> {
        Box::new(Self::Rest { number, fault: Fault::new(Code::BadArgument, message) })
    }

    /// The same with help.
    #[must_use]
    #[cold]
    pub fn argument_with_help(parameter: &'static str, message: Message, help: Message) -> Box<Self> {
        Box::new(Self::Argument { parameter, fault: Fault::new(Code::BadArgument, message).help(help) })
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
    /// Why the call returned no value.
    pub fn apply(&self, context: &mut Context<'_>, arguments: &mut [Value]) -> CallResult<Value> {
        self.run(context, arguments).map_err(|failed| context.why(failed))
    }

    /// The same, leaving in the context why it failed.
    #[inline]
    pub(crate) fn run(&self, context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Failed> {
        match &self.body {
            Body::Pointer(call) => call(context, arguments),
            Body::Closure(closure) => {
                let mut arguments = Arguments::new(arguments, self.family);
                closure(context, &mut arguments).map_err(|error| context.fail(error))
            }
        }
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
