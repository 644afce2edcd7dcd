//! The CRM as the host of a script: its functions and variables in a registry, its session in the context of a run, and
//! the variables of deals, clients and projects as those that outlive a run.

use std::time::Duration;

use chrono_tz::Tz;

use super::{
    HostError, Opening, Scope, Session, client, deal, known, label, list, message, operator, pipeline, table, task, variable, variables,
};
use crate::crm::{ClientId, ProjectId};
use crate::diagnostic::{Code, Fault};
use crate::function::{CallError, CallResult, Context, Host, Namespace, Registry, Role, Variables};
use crate::store::{Store, StoreError};
use crate::value::Value;
use crate::value::locale::Locale;
use crate::wording::{Message, message};

/// Adds the functions and the built-in variables of the CRM.
pub fn register(registry: &mut Registry) {
    let tables = [
        client::FUNCTIONS,
        operator::FUNCTIONS,
        message::FUNCTIONS,
        task::FUNCTIONS,
        deal::FUNCTIONS,
        deal::QUERIES,
        pipeline::FUNCTIONS,
        table::FUNCTIONS,
        table::SEARCHES,
        variable::FUNCTIONS,
        list::FUNCTIONS,
        label::FUNCTIONS,
    ];
    for functions in tables {
        registry.add(functions.iter().cloned());
    }
    registry.add_variables(variables::VARIABLES.iter().cloned());
}

/// Which client of which project a run is for.
#[derive(Clone)]
pub struct Access<'r> {
    /// The store.
    pub store: &'r dyn Store,
    /// The project.
    pub project: ProjectId,
    /// The client.
    pub client: ClientId,
    /// The event that is being handled.
    pub event: Option<&'r str>,
    /// Names of project variables that the script will probably ask for; they are read when the session is opened.
    pub project_variables: Vec<&'r str>,
}

/// What a context has when its host is the CRM.
pub trait CrmContext<'r>: Sized {
    /// With a CRM, whose session is opened when it is first needed.
    #[must_use]
    fn with_crm(self, access: Access<'r>) -> Self;

    /// The session of the run.
    ///
    /// # Errors
    /// When there is no CRM, or its session cannot be opened.
    fn crm(&mut self) -> CallResult<&mut Session>;
}

/// How a session is opened, besides for whom.
#[derive(Clone, Copy, Default)]
pub(crate) struct Manner<'m> {
    /// Whether the script needs the stages.
    pub pipelines: bool,
    /// Whether it asks for the client's active deals.
    pub active_deals: bool,
    /// Emails of operators that the script names.
    pub operators: &'m [&'m str],
    /// When it makes others wait.
    pub hold: Hold,
    /// Whether nothing is kept.
    pub dry: bool,
}

/// When a session makes others wait.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Never: somebody may leave it open for hours.
    Never,
    /// From when it distributes the client.
    #[default]
    AtDistribution,
    /// From its beginning.
    FromTheStart,
}

/// A context with a CRM, whose session is opened when it is first needed.
pub(crate) fn with_crm<'r>(context: Context<'r>, access: Access<'r>, manner: Manner<'r>) -> Context<'r> {
    context.with_lazy_host(move |now, random| {
        let opening = Opening {
            event: access.event,
            project_variables: &access.project_variables,
            pipelines: manner.pipelines,
            active_deals: manner.active_deals,
            operators: manner.operators,
            alone: manner.hold == Hold::FromTheStart,
            dry: manner.dry,
            ..Opening::new(access.project, access.client, now, random.fork())
        };
        let mut session = Session::open(access.store, opening).map_err(CallError::host)?;
        if manner.hold == Hold::Never {
            session.hold_nothing();
        }
        Ok(Box::new(session))
    })
}

impl<'r> CrmContext<'r> for Context<'r> {
    fn with_crm(self, access: Access<'r>) -> Self {
        with_crm(self, access, Manner::default())
    }

    #[inline]
    fn crm(&mut self) -> CallResult<&mut Session> {
        self.host::<Session>()?.ok_or_else(no_crm)
    }
}

#[cold]
fn no_crm() -> Box<CallError> {
    let fault = Fault::new(Code::NoCrm, message!("no-crm"));
    Box::new(CallError::Fault(fault.help(message!("no-crm-help"))))
}

impl Host for Session {
    fn time_zone(&self) -> Tz {
        self.project().time_zone
    }

    fn locale(&self) -> Locale {
        self.project().locale
    }

    fn time_away(&self) -> Duration {
        self.time_in_store()
    }

    fn known(&mut self, role: Role) -> CallResult<Option<Message>> {
        Ok(known::of_role(self, role)?)
    }

    fn variables(&mut self) -> Option<&mut dyn Variables> {
        Some(self)
    }
}

impl Variables for Session {
    /// A bare name is looked for with the deal, the client and the project, in this order (L6.2).
    fn read(&mut self, namespace: Namespace, name: &str) -> CallResult<Option<Value>> {
        let scopes: &[Scope] = match namespace {
            Namespace::Bare => &[Scope::Deal, Scope::Client, Scope::Project],
            Namespace::Client => &[Scope::Client],
            Namespace::Project => &[Scope::Project],
        };
        for scope in scopes {
            if let Some(value) = self.get_variable(*scope, name)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    fn write(&mut self, namespace: Namespace, name: &str, value: &Value) -> CallResult<()> {
        Ok(self.set_variable(scope_of(namespace), name, value.clone())?)
    }

    fn delete(&mut self, namespace: Namespace, name: &str) -> CallResult<()> {
        Ok(self.delete_variable(scope_of(namespace), name)?)
    }

    fn generation(&self) -> u64 {
        self.variables_generation()
    }
}

/// Whose variable a name is when it is written.
const fn scope_of(namespace: Namespace) -> Scope {
    match namespace {
        Namespace::Bare => Scope::Deal,
        Namespace::Client => Scope::Client,
        Namespace::Project => Scope::Project,
    }
}

impl From<StoreError> for Box<CallError> {
    #[cold]
    fn from(error: StoreError) -> Self {
        CallError::host(HostError::from(error))
    }
}
