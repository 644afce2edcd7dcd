//! From options to what a command works with: the engine, and the block of a source.

use calc::crm::BlockId;
use calc::diagnostic::Diagnostic;
use calc::engine::{Block, Builder, Dialect, Engine};
use calc::wording::message;

use crate::failure::Failure;
use crate::language;
use crate::source::Source;

/// The engine that the options ask for.
pub fn engine(dialect: Dialect, limits: &[String]) -> Result<Engine, Failure> {
    Ok(builder(dialect, limits)?.build())
}

/// The same, for a command that adds functions of its own.
pub fn builder(dialect: Dialect, limits: &[String]) -> Result<Builder, Failure> {
    let mut builder = Engine::builder().dialect(dialect).language(language::current());
    for limit in limits {
        let Some((name, value)) = limit.split_once('=') else {
            return Err(Failure::usage(message!("limit-without-value", limit = limit)));
        };
        let Ok(value) = value.trim().replace('_', "").parse::<u64>() else {
            return Err(Failure::usage(message!("limit-not-a-number", name = name, value = value)));
        };
        builder = builder.limit(name.trim(), value).map_err(|error| Failure::usage(error.message()))?;
    }
    Ok(builder)
}

/// Compiles a source: a `.block` or standard input may have a message.
pub fn compile(engine: &Engine, source: &Source, id: Option<BlockId>) -> Result<Block, Vec<Diagnostic>> {
    if let Some(problem) = &source.problem {
        return Err(vec![problem.clone()]);
    }
    if source.may_be_block {
        engine.block_file(id, &source.text)
    } else {
        engine.compile(&source.text).map(|script| Block::of_script(id, script))
    }
}
