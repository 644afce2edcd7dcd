//! The face of the library: compiles scripts and blocks, and runs a block for one client as one unit of work (crm.md
//! section 4). Prints nothing and reads no clock: the time, randomness and the store come from the host.

#[cfg(feature = "tokio")]
mod asynchronous;
mod block;
mod conversation;
mod definitions;
mod error;
mod event;
mod outcome;
mod rehearsal;
mod run;
mod survey;
mod trace;

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

pub use block::Block;
pub use conversation::{Conversation, Delivered, Undone};
pub use event::Event;
pub use outcome::{MessageOutcome, MessageStatus, Outcome, Report, Skipped, Status};
pub use rehearsal::Rehearsal;
pub(crate) use run::RanBlock;
pub use survey::{ComparedCall, Survey, SurveyedFunction};
pub use trace::{Trace, TraceLine};

pub use crate::compile::{Covered, Script, Watch};
pub use crate::crm::{HostError, InvalidEvent};
pub use crate::format::Unformatted;
pub use crate::function::{Absent, InvalidLimit, LimitInfo, Limits, StopSignal};
pub use crate::syntax::Dialect;
pub use error::RunError;

use crate::compile;
use crate::crm::BlockId;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::function::{Builtin, BuiltinVariable, Registry};
use crate::syntax::Parsed;
use crate::wording::{Language, message};
use crate::{crm, stdlib};

/// How many compiled scripts an engine keeps; past that the cache is emptied.
const CACHED_SCRIPTS: usize = 4096;

/// Compiles and runs scripts. Cheap to copy; used by any number of threads at once.
///
/// ```
/// use calc::{BlockId, ClientId, ProjectId};
/// use calc::engine::{Engine, Event};
/// use calc::crm::{self, SqliteStore};
///
/// let store = SqliteStore::in_memory()?;
/// crm::load(&store, &crm::demo()?)?;
/// let engine = Engine::new();
/// let block = engine.block(Some(BlockId(7)), "deal = create_order('Mugs', 1500)", "Your order number is #{deal}").expect("compiles");
/// let now = chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a valid time");
/// let outcome = engine.run(&store, ProjectId(1), ClientId(101), &block, &Event::at(now))?;
/// assert!(outcome.message.text.as_deref().is_some_and(|text| text.starts_with("Your order number is ")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    registry: Registry,
    limits: Limits,
    dialect: Dialect,
    absent: Absent,
    language: Language,
    watch: Watch,
    cache: RwLock<HashMap<Box<str>, Script, foldhash::fast::RandomState>>,
}

impl Engine {
    /// An engine with the functions of the language, the default limits and the strict dialect.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// An engine to be set up.
    #[must_use]
    pub fn builder() -> Builder {
        let mut registry = stdlib::registry();
        crm::register(&mut registry);
        Builder { registry, ..Self::without_crm() }
    }

    /// An engine to be set up that knows no CRM: the language and the general functions only.
    #[must_use]
    pub fn without_crm() -> Builder {
        let registry = stdlib::registry();
        Builder {
            registry,
            limits: Limits::default(),
            dialect: Dialect::Strict,
            absent: Absent::Error,
            language: Language::default(),
            watch: Watch::Nothing,
        }
    }

    /// The functions scripts may call.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// The limits of every run.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The dialect of scripts.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// The language of messages in outcomes.
    #[must_use]
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// Compiles a script, or returns it at once when the same text was compiled before.
    ///
    /// # Errors
    /// All that is wrong with it, warnings included.
    pub fn compile(&self, source: &str) -> Result<Script, Vec<Diagnostic>> {
        if let Ok(cache) = self.0.cache.read()
            && let Some(script) = cache.get(source)
        {
            return Ok(script.clone());
        }
        let script = self.compile_uncached(source)?;
        if let Ok(mut cache) = self.0.cache.write() {
            if cache.len() >= CACHED_SCRIPTS {
                cache.clear();
            }
            cache.insert(source.into(), script.clone());
        }
        Ok(script)
    }

    /// Compiles a script without looking whether that was done before, and without keeping it.
    ///
    /// # Errors
    /// All that is wrong with it, warnings included.
    pub fn compile_uncached(&self, source: &str) -> Result<Script, Vec<Diagnostic>> {
        self.check_length(source)?;
        compile::compile(source, self.options())
    }

    /// The same for a text that has been parsed.
    pub(crate) fn compile_parsed(&self, source: &str, parsed: &Parsed) -> Result<Script, Vec<Diagnostic>> {
        self.check_length(source)?;
        compile::compile_parsed(source, parsed, self.options())
    }

    /// A block of a calculator and a message text, either of which may be empty.
    ///
    /// # Errors
    /// All that is wrong with the two. Places in the message count from its own beginning.
    pub fn block(&self, id: Option<BlockId>, calculator: &str, message: &str) -> Result<Block, Vec<Diagnostic>> {
        let script = self.compile(calculator)?;
        let message = self.message(message, 0)?;
        Ok(Block::new(id, Some(script), Some(message)))
    }

    /// A block from the text of a `.block` file: a calculator, a line `---`, the message text.
    ///
    /// # Errors
    /// All that is wrong with it; places count from the beginning of the file.
    pub fn block_file(&self, id: Option<BlockId>, source: &str) -> Result<Block, Vec<Diagnostic>> {
        let Some(parts) = split_block(source) else {
            return Ok(Block::new(id, Some(self.compile(source)?), None));
        };
        let calculator = &source[..parts.calculator];
        let message = self.message(&source[..parts.message.end], parts.message.start);
        match (self.compile(calculator), message) {
            (Ok(script), Ok(message)) => Ok(Block::new(id, Some(script), Some(message))),
            (script, message) => {
                let mut diagnostics = match script {
                    Ok(script) => script.warnings().to_vec(),
                    Err(diagnostics) => diagnostics,
                };
                diagnostics.extend(message.err().unwrap_or_default());
                Err(diagnostics)
            }
        }
    }

    /// The trees of a calculator and of the message behind a line `---`, if there may be one.
    #[must_use]
    pub(crate) fn parse(&self, source: &str, may_be_block: bool) -> (Parsed, Option<Parsed>) {
        let parse = |text: &str| compile::with_parser_options(self.options(), |options| crate::syntax::parse(text, options));
        let Some(block) = may_be_block.then(|| split_block(source)).flatten() else { return (parse(source), None) };
        let message = compile::with_parser_options(self.options(), |options| {
            crate::syntax::parse_message(&source[..block.message.end], block.message.start, options)
        });
        (parse(&source[..block.calculator]), Some(message))
    }

    /// A calculator laid out in the one standard way (`calc fmt`).
    ///
    /// # Errors
    /// Why it must stay as it is.
    pub fn format(&self, source: &str) -> Result<String, Unformatted> {
        self.check_length(source).map_err(Unformatted::Broken)?;
        compile::with_parser_options(self.options(), |options| crate::format::format(source, options))
    }

    /// The text of a `.block` file with its calculator laid out; the message stays as it is.
    ///
    /// # Errors
    /// Why it must stay as it is.
    pub fn format_block_file(&self, source: &str) -> Result<String, Unformatted> {
        let end = split_block(source).map_or(source.len(), |parts| parts.calculator);
        Ok(self.format(&source[..end])? + &source[end..])
    }

    fn message(&self, source: &str, from: usize) -> Result<Script, Vec<Diagnostic>> {
        self.check_length(source)?;
        compile::compile_message(source, from, self.options())
    }

    fn options(&self) -> compile::CompileOptions<'_> {
        compile::CompileOptions {
            registry: &self.0.registry,
            dialect: self.0.dialect,
            nesting: self.0.limits.nesting,
            absent: self.0.absent,
            watch: self.0.watch,
        }
    }

    fn check_length(&self, source: &str) -> Result<(), Vec<Diagnostic>> {
        let limit = self.0.limits.source.min(u32::MAX as usize - 1);
        if source.len() <= limit {
            return Ok(());
        }
        let message = message!("source-limit", count = source.len(), limit = limit);
        Err(vec![Diagnostic::new(Code::SourceLimit, Span::default(), message).help(message!("source-limit-help"))])
    }
}

/// Where the parts of a `.block` file are.
struct BlockParts {
    /// Where its calculator ends.
    calculator: usize,
    message: std::ops::Range<usize>,
}

/// The parts of the text of a `.block` file; `None` when it is a calculator only.
fn split_block(source: &str) -> Option<BlockParts> {
    let separator = crate::syntax::find_separator(source)?;
    let after = &source[separator.end as usize..];
    let line_end = if after.starts_with("\r\n") { 2 } else { usize::from(after.starts_with('\n')) };
    let start = separator.end as usize + line_end;
    // The last line end of the file is not part of the message.
    let end = source.strip_suffix('\n').map_or(source, |text| text.strip_suffix('\r').unwrap_or(text)).len();
    Some(BlockParts { calculator: separator.start as usize, message: start..end.max(start.min(source.len())) })
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").field("dialect", &self.0.dialect).field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

/// Sets up an [`Engine`].
#[derive(Debug)]
pub struct Builder {
    registry: Registry,
    limits: Limits,
    dialect: Dialect,
    absent: Absent,
    language: Language,
    watch: Watch,
}

impl Builder {
    /// With functions of the host, declared by [`crate::builtins!`].
    #[must_use]
    pub fn functions(mut self, functions: &'static [Builtin]) -> Self {
        self.registry.add(functions.iter().cloned());
        self
    }

    /// With a function of the host that captures state, made by [`Builtin::builder`].
    #[must_use]
    pub fn function(mut self, function: Builtin) -> Self {
        self.registry.add([function]);
        self
    }

    /// With a built-in variable of the host.
    #[must_use]
    pub fn variable(mut self, variable: BuiltinVariable) -> Self {
        self.registry.add_variables([variable]);
        self
    }

    /// With other limits. `nesting` above 1000 and `depth` above 2000 are lowered to these: the stack grows with them.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With one limit set by its name, as `--limit name=n` does; times in milliseconds.
    ///
    /// # Errors
    /// When there is no limit of that name, or it is above what it may be.
    pub fn limit(mut self, name: &str, number: u64) -> Result<Self, InvalidLimit> {
        self.limits.set(name, number)?;
        Ok(self)
    }

    /// With calls of platform functions that nobody registered doing nothing, or being errors as they are at first.
    #[must_use]
    pub fn absent(mut self, absent: Absent) -> Self {
        self.absent = absent;
        self
    }

    /// With another dialect.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// With messages in another language than English.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// With scripts that tell about their runs: [`Block::take_covered`] counts, [`Engine::trace`] shows values.
    #[must_use]
    pub fn watch(mut self, watch: Watch) -> Self {
        self.watch = watch;
        self
    }

    /// The engine.
    #[must_use]
    pub fn build(self) -> Engine {
        // The stack grows with depth and nesting, and what a stack takes is not counted as memory of values.
        let limits = self.limits.within_reason();
        Engine(Arc::new(Inner {
            registry: self.registry,
            limits,
            dialect: self.dialect,
            absent: self.absent,
            language: self.language,
            watch: self.watch,
            cache: RwLock::default(),
        }))
    }
}
