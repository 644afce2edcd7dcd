//! Functions that a host makes while it runs: closures with the state they captured, declared step by step. For functions
//! that are known when the host is compiled there is `builtins!`, which needs less writing.

use std::borrow::Cow;
use std::sync::Arc;

use super::{
    Arguments, Body, Builtin, CallResult, Context, DeliveryFlag, FailureValue, Family, Kind, Origin, Parameter, ParameterType, Returned,
};
use crate::value::Value;

/// Declares one function of a host; [`FunctionBuilder::body`] completes it.
///
/// ```
/// use std::collections::HashMap;
/// use calc::function::Builtin;
/// use calc::value::Text;
///
/// let stock = HashMap::from([("mug".to_owned(), 12_i64)]);
/// let in_stock = Builtin::builder("in_stock", "How many pieces of an article are in stock.")
///     .parameter::<Text>("article", "the article")
///     .returns::<Option<i64>>()
///     .body(move |_, arguments| {
///         let article: Text = arguments.take("article")?;
///         Ok(stock.get(article.as_str()).copied().into())
///     });
/// assert_eq!(in_stock.signature(), "in_stock(article)");
/// ```
#[derive(Debug)]
pub struct FunctionBuilder {
    name: &'static str,
    group: &'static str,
    family: Family,
    acts: bool,
    documentation: Vec<&'static str>,
    parameters: Vec<Parameter>,
    returns: Kind,
    failure: Option<FailureValue>,
}

impl Builtin {
    /// A function of a host, to be declared step by step.
    #[must_use]
    pub fn builder(name: &'static str, summary: &'static str) -> FunctionBuilder {
        FunctionBuilder {
            name,
            group: "host",
            family: Family::General,
            acts: false,
            documentation: vec![summary],
            parameters: Vec::new(),
            returns: Kind::Any,
            failure: None,
        }
    }
}

impl FunctionBuilder {
    /// With more documentation: lines of Markdown that follow the summary.
    #[must_use]
    pub fn documentation(mut self, lines: &'static str) -> Self {
        self.documentation.push("");
        self.documentation.extend(lines.lines());
        self
    }

    /// In a group of its own on the reference pages.
    #[must_use]
    pub fn group(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }

    /// With one more parameter. `Option<T>` makes it optional, [`Rest`](super::Rest) takes all arguments that are left.
    #[must_use]
    pub fn parameter<T: ParameterType>(mut self, name: &'static str, about: &'static str) -> Self {
        self.parameters.push(Parameter {
            name,
            alias: None,
            kind: T::KIND,
            role: T::ROLE,
            required: T::REQUIRED,
            variadic: T::VARIADIC,
            default: None,
            about,
        });
        self
    }

    /// With the type of its result.
    #[must_use]
    pub fn returns<T: Returned>(mut self) -> Self {
        self.returns = T::RETURNS;
        self
    }

    /// It does more than return a value: calls are never folded, merged or left out.
    #[must_use]
    pub fn acts(mut self) -> Self {
        self.acts = true;
        self
    }

    /// It works on the state of the host: variables are written before it and read again after it, its calls are counted,
    /// and a refused argument makes it return `failure` and leaves a notice.
    #[must_use]
    pub fn works_on_host(mut self, failure: FailureValue) -> Self {
        self.family = Family::Host;
        self.acts = true;
        self.failure = Some(failure);
        self
    }

    /// The function, with its body.
    #[must_use]
    pub fn body(self, body: impl Fn(&mut Context<'_>, &mut Arguments<'_>) -> CallResult<Value> + Send + Sync + 'static) -> Builtin {
        Builtin {
            name: self.name,
            aliases: &[],
            group: self.group,
            family: self.family,
            origin: Origin::Ours,
            acts: self.acts,
            delivery: DeliveryFlag::Unaffected,
            counts: false,
            documentation: Cow::Owned(self.documentation),
            parameters: Cow::Owned(self.parameters),
            returns: self.returns,
            failure: self.failure,
            body: Body::Closure(Arc::new(body)),
        }
    }
}
