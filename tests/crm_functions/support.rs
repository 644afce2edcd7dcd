//! Calls functions of the CRM for a client of the demo project, with arguments written as JSON.

use calc::crm::{Access, ClientId, CrmContext as _, Json, ProjectId, SqliteStore, demo, load};
use calc::engine::Engine;
use calc::function::{Builtin, CallError, Context, Family, Limits, Registry};
use calc::value::Value;
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// Friday 20.11.2026 13:00:00.25 in Moscow, an hour after Ann wrote last.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 10, 0, 0).single().expect("a time") + chrono::Duration::milliseconds(250)
}

pub fn registry() -> &'static Registry {
    static REGISTRY: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(|| Engine::new().registry().clone());
    &REGISTRY
}

pub fn crm_functions() -> Vec<&'static Builtin> {
    registry().iter().filter(|builtin| builtin.family == Family::Host).map(AsRef::as_ref).collect()
}

pub fn shop() -> SqliteStore {
    let store = SqliteStore::in_memory().expect("a database in memory");
    load(&store, &demo().expect("the demo project")).expect("a loaded project");
    store
}

/// A run for a client of the demo shop.
pub struct Run<'r>(pub Context<'r>);

impl<'r> Run<'r> {
    pub fn new(store: &'r SqliteStore, limits: &'r Limits, client: i64) -> Self {
        let context = Context::new(now(), Tz::UTC, fastrand::Rng::with_seed(1), limits);
        Self(context.with_crm(Access {
            store,
            project: ProjectId(1),
            client: ClientId(client),
            event: None,
            project_variables: Vec::new(),
        }))
    }

    /// Calls a function with positional arguments, those not given being `None`: what it returns, and the parameter that
    /// was refused.
    pub fn call(&mut self, name: &str, arguments: &Json) -> (Value, Option<&'static str>) {
        let builtin = registry().get(name).unwrap_or_else(|| panic!("no function `{name}`"));
        let Value::List(arguments) = Value::from_json(arguments) else { panic!("{name}: {arguments} is not a list") };
        let mut arguments = arguments.to_vec();
        assert!(arguments.len() <= builtin.parameters.len(), "{name}");
        arguments.resize(builtin.parameters.len(), Value::None);
        match builtin.apply(&mut self.0, &mut arguments).map_err(|error| *error) {
            Ok(value) => (value, None),
            Err(CallError::Argument { parameter, fault }) => {
                assert!(builtin.parameters.iter().any(|known| known.name == parameter), "{name} has no {parameter}");
                assert!(!fault.message.to_string().is_empty(), "{name}");
                let failure = builtin.failure.unwrap_or_else(|| panic!("{name} refused {parameter} and has no failure value"));
                (failure.value(), Some(parameter))
            }
            Err(CallError::Refused { roles, fault, instead }) => {
                let parameter = builtin.parameter_of(roles).unwrap_or_else(|| panic!("{name} declares none of {roles:?}: {fault:?}"));
                let failure = builtin.failure.unwrap_or_else(|| panic!("{name} refused {} and has no failure value", parameter.name));
                (instead.unwrap_or_else(|| failure.value()), Some(parameter.name))
            }
            Err(other) => panic!("{name}: {other:?}"),
        }
    }

    #[track_caller]
    pub fn returns(&mut self, name: &str, arguments: Json, expected: Json) -> &mut Self {
        let (value, refused) = self.call(name, &arguments);
        assert_eq!((value.to_json(), refused), (expected, None), "{name}{arguments}");
        self
    }

    /// The call is refused, returns this and does nothing.
    #[track_caller]
    pub fn refuses(&mut self, name: &str, arguments: Json, parameter: &str, expected: Json) -> &mut Self {
        let before = self.effects();
        let (value, refused) = self.call(name, &arguments);
        assert_eq!((value.to_json(), refused), (expected, Some(parameter)), "{name}{arguments}");
        assert_eq!(self.effects(), before, "{name}{arguments}");
        self
    }

    pub fn effects(&mut self) -> usize {
        self.0.crm().expect("a session").effects().len()
    }

    #[track_caller]
    pub fn reads(&mut self, name: &str, expected: Json) -> &mut Self {
        let variable = registry().variable(name).unwrap_or_else(|| panic!("no variable `{name}`"));
        assert_eq!(variable.value(&mut self.0).expect("a value").to_json(), expected, "{name}");
        self
    }
}

/// Runs something for Ann, client 101, in a fresh shop.
pub fn ann(test: impl FnOnce(&mut Run<'_>)) {
    let (store, limits) = (shop(), Limits::default());
    test(&mut Run::new(&store, &limits, 101));
}
