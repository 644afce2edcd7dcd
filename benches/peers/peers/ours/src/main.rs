use calc::function::{CallError, CallResult};
use calc::engine::{Engine, Script};
use calc::value::{Text, Value};
use chrono::{DateTime, Utc};
use peerbench::{Peer, Val, host};

fn get(name: &str) -> Value {
    match host::get(name) {
        Val::Unit => Value::None,
        Val::Bool(flag) => Value::from(flag),
        Val::Int(int) => Value::Int(int),
        Val::Float(float) => Value::from(float),
        Val::Str(text) => Value::text(text),
    }
}

fn set(name: &str, value: &Value) -> CallResult<()> {
    let value = match value {
        Value::None => Val::Unit,
        Value::Bool(flag) => Val::Bool(flag.get()),
        Value::Int(int) => Val::Int(*int),
        Value::Float(float) => Val::Float(float.get()),
        Value::Text(text) => Val::Str(text.as_str().to_owned()),
        _ => return Err(CallError::argument("value", "no list and no dict")),
    };
    host::set(name, value);
    Ok(())
}

calc::builtins! {
    static HOST: General "host" = {
        /// Reads a variable of the harness.
        ours fn get_var(context, name: Text => "its name") -> Value {
            Ok(get(&name))
        }

        /// Sets a variable of the harness.
        ours_acting fn set_var(context, name: Text => "its name", value: Value => "its value") -> Value {
            set(&name, &value)?;
            Ok(Value::None)
        }
    }
}

struct Ours(Engine);

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

impl Peer for Ours {
    type Program = Script;
    type Expr = Script;
    const NAME: &'static str = env!("CARGO_PKG_NAME");
    const LANG: (&'static str, &'static str) = ("calc", "calc");

    fn new() -> Self {
        Self(Engine::builder().functions(HOST).build())
    }

    fn compile(&mut self, src: &str) -> Result<Script, String> {
        self.0.compile_uncached(src).map_err(|diagnostics| format!("{diagnostics:?}"))
    }

    fn parse(&mut self, src: &str) -> Option<Result<(), String>> {
        let options = calc::internals::syntax::ParseOptions { dialect: calc::syntax::Dialect::Strict, nesting: 200, is_function: &|_| false };
        let parsed = calc::internals::syntax::parse(src, options);
        Some(if parsed.diagnostics.is_empty() { Ok(()) } else { Err(format!("{:?}", parsed.diagnostics)) })
    }

    fn run(&mut self, script: &Script) -> Result<(), String> {
        self.0.evaluate(script, now()).map(|_| ()).map_err(|error| error.message)
    }

    fn compile_expr(&mut self, src: &str) -> Option<Result<Script, String>> {
        Some(self.compile(src))
    }

    fn eval_expr(&mut self, script: &Script, variables: &[(&'static str, Val)]) -> Result<bool, String> {
        let _ = (script, variables);
        Err("a bare name is a variable of the CRM, which the harness has not".to_owned())
    }
}

fn main() {
    peerbench::main::<Ours>();
}
