//! The `builtins!` macro: one declaration, from which dispatch, argument checks, documentation and tests all come.

/// Declares functions of the language: `pub static NAME: Family "group" = { ... }`, each function with its documentation,
/// where it comes from (`vendor` or `ours`; `vendor_acting` or `ours_acting` when a general function does more than return
/// a value, `ours_counting` for one that a loop counts as it counts `range`), its name and aliases, parameters with type,
/// default and meaning, what it returns, and its body. A parameter whose type does not say what it stands for says it with
/// `as` and a [`Role`](crate::function::Role): `variable: Text as Role::VariableName => "the name of the variable"`. Before the body may stand `fails False`, the value it returns when
/// it refuses an argument, and `delivery Blocks`, what it does to the message of its block.
///
/// ```
/// use calc::function::{Builtin, Whole};
///
/// calc::builtins! {
///     /// Functions of this host.
///     pub static HOST: General "host" = {
///         /// Doubles a number.
///         ///
///         /// ```calc
///         /// double(21) # => 42
///         /// ```
///         ours fn double(context, n: Whole => "the number") -> i64 {
///             Ok(n.0 * 2)
///         }
///     }
/// }
/// assert_eq!(HOST[0].signature(), "double(n)");
/// ```
#[macro_export]
macro_rules! builtins {
    (
        $(#[$meta:meta])*
        $vis:vis static $table:ident : $family:ident $group:literal = {
            $(
                $(#[doc = $documentation:literal])+
                $origin:ident fn $name:ident $(| $alias:ident)* (
                    $context:ident
                    $(, $parameter:ident $(| $parameter_alias:ident)? : $type:ty $(as $role:path)? $(= $default:literal)? => $about:literal)*
                    $(,)?
                ) -> $returns:ty $(, fails $failure:ident)? $(, delivery $delivery:ident)? $body:block
            )*
        }
    ) => {
        $(#[$meta])*
        $vis static $table: &[$crate::function::Builtin] = &[
            $({
                #[allow(
                    unused_variables, clippy::unnecessary_wraps, clippy::too_many_arguments, clippy::needless_pass_by_value,
                    reason = "the declaration says what a script passes, whether the body needs it or not"
                )]
                fn body(
                    $context: &mut $crate::function::Context<'_>
                    $(, $parameter: $type)*
                ) -> $crate::function::CallResult<$returns> $body

                #[allow(unused_mut, unused_variables, reason = "a function without parameters reads none")]
                fn call(
                    context: &mut $crate::function::Context<'_>,
                    arguments: &mut [$crate::value::Value],
                ) -> ::core::result::Result<$crate::value::Value, $crate::function::Failed> {
                    let mut arguments = $crate::function::Arguments::new(
                        arguments,
                        $crate::function::Family::$family,
                    );
                    $(
                        let $parameter = match arguments.take::<$type>($crate::__plain_name!($parameter)) {
                            Ok(argument) => argument,
                            Err(error) => return Err(context.fail(error)),
                        };
                    )*
                    match body(context $(, $parameter)*) {
                        Ok(value) => Ok(value.into()),
                        Err(error) => Err(context.fail(error)),
                    }
                }

                $crate::function::Builtin {
                    name: $crate::__plain_name!($name),
                    aliases: &[$($crate::__plain_name!($alias)),*],
                    group: $group,
                    family: $crate::function::Family::$family,
                    origin: $crate::__origin!($origin),
                    acts: $crate::__acts!($family, $origin),
                    delivery: $crate::__delivery!($($delivery)?),
                    counts: $crate::__counts!($origin),
                    documentation: ::std::borrow::Cow::Borrowed(&[$($documentation),+]),
                    parameters: ::std::borrow::Cow::Borrowed(&[
                        $($crate::function::Parameter {
                            name: $crate::__plain_name!($parameter),
                            alias: $crate::__optional!($($crate::__plain_name!($parameter_alias))?),
                            kind: <$type as $crate::function::ParameterType>::KIND,
                            role: $crate::__role!($type $(, $role)?),
                            required: <$type as $crate::function::ParameterType>::REQUIRED,
                            variadic: <$type as $crate::function::ParameterType>::VARIADIC,
                            default: $crate::__optional!($($default)?),
                            about: $about,
                        }),*
                    ]),
                    returns: <$returns as $crate::function::Returned>::RETURNS,
                    failure: $crate::__optional!($($crate::function::FailureValue::$failure)?),
                    body: $crate::function::Body::Pointer(call),
                }
            }),*
        ];
    };
}

/// The name without `r#`, with which Rust spells its keywords as names.
#[doc(hidden)]
#[macro_export]
macro_rules! __plain_name {
    ($name:ident) => {
        const { $crate::function::plain_name(stringify!($name)) }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __origin {
    (vendor) => {
        $crate::function::Origin::Vendor
    };
    (ours) => {
        $crate::function::Origin::Ours
    };
    (vendor_acting) => {
        $crate::function::Origin::Vendor
    };
    (ours_acting) => {
        $crate::function::Origin::Ours
    };
    (ours_counting) => {
        $crate::function::Origin::Ours
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __role {
    ($type:ty) => {
        <$type as $crate::function::ParameterType>::ROLE
    };
    ($type:ty, $role:path) => {
        $role
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __acts {
    (Host, $origin:ident) => {
        true
    };
    (General, vendor_acting) => {
        true
    };
    (General, ours_acting) => {
        true
    };
    (General, $origin:ident) => {
        false
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __counts {
    (ours_counting) => {
        true
    };
    ($origin:ident) => {
        false
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __delivery {
    () => {
        $crate::function::DeliveryFlag::Unaffected
    };
    ($delivery:ident) => {
        $crate::function::DeliveryFlag::$delivery
    };
}

/// A Rust name without its `r#`.
#[doc(hidden)]
#[must_use]
pub const fn plain_name(name: &'static str) -> &'static str {
    let bytes = name.as_bytes();
    if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' { name.split_at(2).1 } else { name }
}
