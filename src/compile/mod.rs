//! Resolves names and calls of a syntax tree and makes the script that runs (language.md L3.6, L6). Finds what is wrong
//! before anything runs. Knows the registry of functions, but no CRM and no store.

mod bind;
mod delivery;
mod expression;
mod fixes;
mod lint;
mod statement;
mod unknown;
mod watch;
mod words;

pub use crate::program::{Covered, Script, Watch};
pub(crate) use lint::in_message;
pub(crate) use words::unset as unset_word;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::program::{Function, Global, Point, Program, RefusingCall, VariableSlot};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::function::{Absent, Namespace, Registry, platform_function};
use crate::syntax::ast::{Ast, Expr, ExprId, Stmt};
use crate::syntax::{self, Dialect, normal_form};
use crate::wording::message;

/// How to compile.
#[derive(Clone, Copy)]
pub struct CompileOptions<'a> {
    /// The functions that may be called.
    pub registry: &'a Registry,
    /// The dialect of the script.
    pub dialect: Dialect,
    /// How deep the source may be nested.
    pub nesting: u32,
    /// What becomes of calls of platform functions that nobody registered.
    pub absent: Absent,
    /// What the script tells about its runs.
    pub watch: Watch,
}

/// Compiles a script: what it is when nothing is wrong with it, or all that is.
pub fn compile(source: &str, options: CompileOptions<'_>) -> Result<Script, Vec<Diagnostic>> {
    // The nesting of a script is bounded, but the stack of the host's thread may be small.
    stacker::maybe_grow(STACK, 2 * STACK, || {
        compile_once(source, options).map_err(|mut diagnostics| {
            fixes::keep_what_compiles(source, &mut diagnostics, |mended| compile_once(mended, options));
            diagnostics
        })
    })
}

/// The same for a text that has been parsed.
pub fn compile_parsed(source: &str, parsed: &syntax::Parsed, options: CompileOptions<'_>) -> Result<Script, Vec<Diagnostic>> {
    stacker::maybe_grow(STACK, 2 * STACK, || {
        finish(source, &parsed.ast, parsed.diagnostics.clone(), options, false).map_err(|mut diagnostics| {
            fixes::keep_what_compiles(source, &mut diagnostics, |mended| compile_once(mended, options));
            diagnostics
        })
    })
}

fn compile_once(source: &str, options: CompileOptions<'_>) -> Result<Script, Vec<Diagnostic>> {
    let parsed = parse(source, options);
    finish(source, &parsed.ast, parsed.diagnostics, options, false)
}

/// Stack that walking the most deeply nested script may need.
pub(crate) const STACK: usize = if cfg!(debug_assertions) { 4 << 20 } else { 512 << 10 };

/// Compiles the message of a block, which is everything from a byte on.
pub fn compile_message(source: &str, from: usize, options: CompileOptions<'_>) -> Result<Script, Vec<Diagnostic>> {
    let compile_once = |source: &str| {
        let parsed = with_parser_options(options, |options| syntax::parse_message(source, from, options));
        finish(source, &parsed.ast, parsed.diagnostics, options, true)
    };
    stacker::maybe_grow(STACK, 2 * STACK, || {
        compile_once(source).map_err(|mut diagnostics| {
            fixes::keep_what_compiles(source, &mut diagnostics, compile_once);
            diagnostics
        })
    })
}

fn parse(source: &str, options: CompileOptions<'_>) -> syntax::Parsed {
    with_parser_options(options, |options| syntax::parse(source, options))
}

/// Does something with the options that the parser takes.
pub(crate) fn with_parser_options<T>(options: CompileOptions<'_>, action: impl FnOnce(syntax::ParseOptions<'_>) -> T) -> T {
    let is_function = |name: &str| options.registry.get(&normal_form(name)).is_some() || platform_function(&normal_form(name)).is_some();
    let is_variable = |name: &str| options.registry.variable(&normal_form(name)).is_some();
    action(syntax::ParseOptions {
        dialect: options.dialect,
        nesting: options.nesting,
        is_function: &is_function,
        is_variable: &is_variable,
    })
}

fn finish(
    source: &str,
    ast: &Ast,
    diagnostics: Vec<Diagnostic>,
    options: CompileOptions<'_>,
    is_message: bool,
) -> Result<Script, Vec<Diagnostic>> {
    let is_too_deep = diagnostics.iter().any(|diagnostic| diagnostic.code == Code::NestedTooDeep);
    let mut compiler = Compiler::new(source, ast, options, diagnostics);
    let program = if is_too_deep {
        None
    } else if is_message {
        ast.value().map(|value| compiler.message(value))
    } else {
        Some(compiler.script())
    };
    let mut program = program;
    if let Some(program) = &mut program
        && !compiler.diagnostics.iter().any(Diagnostic::is_error)
    {
        let known = std::mem::take(&mut compiler.known);
        let (warnings, words) = lint::find(&compiler, &known);
        compiler.diagnostics.extend(warnings);
        program.add_words(words);
    }
    let mut diagnostics = compiler.diagnostics;
    // Lines that should have been indented stand outside of their block.
    if diagnostics.iter().any(|diagnostic| diagnostic.code == Code::MissingBlock) {
        diagnostics.retain(|diagnostic| !matches!(diagnostic.code, Code::ReturnOutside | Code::BreakOutside));
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    syntax::keep_first(&mut diagnostics);
    match program {
        Some(mut program) if !diagnostics.iter().any(Diagnostic::is_error) => {
            program.warnings = diagnostics.into_boxed_slice();
            Ok(Script(Arc::new(program)))
        }
        _ => Err(diagnostics),
    }
}

/// A call has a place for every parameter, and a script may have many calls.
const MAX_PARAMETERS: usize = 100;

type FastMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
type FastSet<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;

/// The function that is being checked.
#[derive(Default)]
struct FunctionFrame<'a> {
    /// Parameters and names assigned in it; empty at the top level.
    names: FastMap<Cow<'a, str>, u32>,
    /// Variables of comprehensions, innermost last.
    inner: Vec<(Cow<'a, str>, u32)>,
    slots: u32,
    in_function: bool,
    loops: u32,
}

struct Compiler<'a> {
    source: &'a str,
    ast: &'a Ast,
    options: CompileOptions<'a>,
    diagnostics: Vec<Diagnostic>,
    globals: Vec<Global>,
    global_slots: FastMap<(Namespace, Cow<'a, str>), u32>,
    functions: FastMap<Cow<'a, str>, u32>,
    /// The numbers of the functions that are called by their names, in order.
    function_numbers: Vec<u32>,
    frame: FunctionFrame<'a>,
    /// Bare names that some line before this one assigns.
    assigned: FastSet<u32>,
    unset_words: Vec<Diagnostic>,
    absent_calls: Vec<Diagnostic>,
    /// What may have a value without a line above that sets it.
    known: lint::Known<'a>,
    is_top_level_end: bool,
    has_dynamic_names: bool,
    /// Expressions of the statement that is being compiled.
    expressions: u32,
    /// The most expressions of any statement.
    heaviest: u32,
    /// Functions that are called, by their names.
    called: BTreeSet<&'static str>,
    /// Texts that stand in calls for roles of the host's, by the words of these.
    given: BTreeSet<(&'static str, Box<str>)>,
    /// What will be counted and told of runs.
    points: Vec<Point>,
    /// Variables that the statement that is being compiled reads, when that will be told.
    reads: Vec<(Span, VariableSlot)>,
}

impl<'a> Compiler<'a> {
    fn new(source: &'a str, ast: &'a Ast, options: CompileOptions<'a>, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            source,
            ast,
            options,
            diagnostics,
            globals: Vec::new(),
            global_slots: FastMap::with_capacity_and_hasher(lint::names_of(ast), foldhash::fast::RandomState::default()),
            functions: FastMap::default(),
            function_numbers: Vec::new(),
            frame: FunctionFrame::default(),
            assigned: FastSet::default(),
            unset_words: Vec::new(),
            absent_calls: Vec::new(),
            known: lint::known(ast, source, options.registry),
            is_top_level_end: false,
            has_dynamic_names: false,
            expressions: 0,
            heaviest: 0,
            called: BTreeSet::new(),
            given: BTreeSet::new(),
            points: Vec::new(),
            reads: Vec::new(),
        }
    }

    fn script(&mut self) -> Program {
        let root = self.ast.root();
        self.declare_functions();
        let refusals = delivery::refusals(self.ast, self.source, self.options.registry);
        let statements = self.ast.block(root);
        let last = statements.iter().rposition(|id| !matches!(self.ast.stmt(*id).0, Stmt::Def(_)));
        let mut body = Vec::with_capacity(statements.len());
        let mut value = None;
        for (index, id) in statements.iter().enumerate() {
            self.is_top_level_end = Some(index) == last;
            if let Some(statement) = self.statement(*id) {
                if Some(index) == last {
                    value = u32::try_from(body.len()).ok();
                }
                body.push(statement);
            }
        }
        self.is_top_level_end = false;
        let slots = self.frame.slots;
        let functions = self.function_bodies();
        self.program(body.into_boxed_slice(), functions, slots, value, refusals)
    }

    fn message(&mut self, value: ExprId) -> Program {
        let statement = self.watched_message(value);
        let slots = self.frame.slots;
        self.program(Box::new([statement]), Box::new([]), slots, Some(0), Vec::new())
    }

    fn program(
        &mut self,
        body: Box<[crate::program::Stmt]>,
        functions: Box<[Function]>,
        slots: u32,
        value: Option<u32>,
        refusals: Vec<RefusingCall>,
    ) -> Program {
        Program {
            source: self.source.into(),
            message: self.ast.value().map(|value| self.ast.span(value)).unwrap_or_default(),
            warnings: Box::new([]),
            unset_words: std::mem::take(&mut self.unset_words).into_boxed_slice(),
            absent_calls: std::mem::take(&mut self.absent_calls).into_boxed_slice(),
            refusals: refusals.into_boxed_slice(),
            called: std::mem::take(&mut self.called).into_iter().collect(),
            given: std::mem::take(&mut self.given).into_iter().collect(),
            body,
            functions,
            globals: std::mem::take(&mut self.globals).into_boxed_slice(),
            variables: if self.has_dynamic_names || self.ast.value().is_some() {
                self.options.registry.variables().cloned().collect()
            } else {
                Box::default()
            },
            nesting: self.ast.deepest(),
            texts_have_items: self.options.dialect == Dialect::Mavibot,
            heaviest: self.heaviest.max(self.expressions),
            slots,
            value,
            points: std::mem::take(&mut self.points).into_boxed_slice(),
        }
    }

    /// Makes the names of all functions known before any line is checked: they are hoisted.
    fn declare_functions(&mut self) {
        let ast = self.ast;
        for id in ast.block(ast.root()) {
            let Stmt::Def(number) = ast.stmt(*id).0 else { continue };
            let span = ast.function(number).name;
            let name = self.name_at(span);
            // A head that did not parse is reported, and has no name.
            if name.is_empty() {
                continue;
            }
            if self.options.registry.get(&name).is_some() {
                self.diagnostics.push(
                    Diagnostic::new(Code::NameTaken, span, message!("function-name-of-language", name = name))
                        .help(message!("rename-function-help")),
                );
            } else if self.functions.insert(name.clone(), number).is_some() {
                self.diagnostics.push(
                    Diagnostic::new(Code::NameTaken, span, message!("function-twice", name = name)).help(message!("rename-one-help")),
                );
            }
        }
        self.function_numbers = self.functions.values().copied().collect();
        self.function_numbers.sort_unstable();
    }

    fn function_bodies(&mut self) -> Box<[Function]> {
        let ast = self.ast;
        let mut functions = Vec::with_capacity(self.function_numbers.len());
        // Bodies call functions too, so the numbers stay.
        for number in self.function_numbers.clone() {
            let function = ast.function(number);
            self.frame = FunctionFrame { in_function: true, ..FunctionFrame::default() };
            let mut defaults = Vec::new();
            let parameters = ast.parameters(function.parameters);
            if let Some(beyond) = parameters.get(MAX_PARAMETERS) {
                let message = message!("too-many-parameters", limit = MAX_PARAMETERS, count = parameters.len());
                let diagnostic = Diagnostic::new(Code::TooManyParameters, beyond.name, message);
                self.diagnostics.push(diagnostic.help(message!("too-many-parameters-help")));
            }
            for parameter in ast.parameters(function.parameters) {
                let name = self.name_at(parameter.name);
                if self.frame.names.contains_key(&name) {
                    self.diagnostics.push(Diagnostic::new(
                        Code::ParameterTwice,
                        parameter.name,
                        message!("parameter-twice", name = &*name),
                    ));
                }
                let slot = self.frame.slots;
                self.frame.names.insert(name, slot);
                self.frame.slots += 1;
            }
            // A default sees what the caller's variables are, not the other parameters.
            let names = std::mem::take(&mut self.frame.names);
            for parameter in ast.parameters(function.parameters) {
                defaults.push(parameter.default.map(|default| self.expression(default)));
            }
            self.frame.names = names;
            self.local_names(function.block);
            let body = self.block(function.block);
            let mut names: Vec<Box<str>> = vec!["".into(); self.frame.slots as usize];
            for (name, slot) in &self.frame.names {
                names[*slot as usize] = name.as_ref().into();
            }
            functions.push(Function {
                defaults: defaults.into_boxed_slice(),
                slots: self.frame.slots,
                body,
                names: names.into_boxed_slice(),
            });
        }
        functions.into_boxed_slice()
    }

    /// Gives every name that is assigned somewhere in a function a slot.
    fn local_names(&mut self, block: crate::syntax::ast::Suite) {
        let ast = self.ast;
        for id in ast.block(block) {
            match ast.stmt(*id).0 {
                Stmt::Assign(run) => {
                    let (_, targets) = ast.items(run).split_last().unwrap_or((&ExprId::FIRST, &[]));
                    for target in targets {
                        self.local_target(*target);
                    }
                }
                Stmt::Augment(_, target, _) => self.local_target(target),
                Stmt::If(arms, otherwise) => {
                    for (_, block) in ast.arms(arms) {
                        self.local_names(*block);
                    }
                    if let Some(block) = otherwise {
                        self.local_names(block);
                    }
                }
                Stmt::While(_, block) => self.local_names(block),
                Stmt::For(number) => {
                    let for_loop = ast.for_loop(number);
                    self.local_name(for_loop.variables.0);
                    if let Some(second) = for_loop.variables.1 {
                        self.local_name(second);
                    }
                    self.local_names(for_loop.block);
                }
                _ => {}
            }
        }
    }

    fn local_target(&mut self, target: ExprId) {
        if self.ast.expr(target) == Expr::Name {
            self.local_name(self.ast.span(target));
        }
    }

    fn local_name(&mut self, span: Span) {
        let name = self.name_at(span);
        let slot = self.frame.slots;
        if let std::collections::hash_map::Entry::Vacant(entry) = self.frame.names.entry(name) {
            entry.insert(slot);
            self.frame.slots += 1;
        }
    }

    /// The name at a place, in the form in which names compare.
    fn name_at(&self, span: Span) -> Cow<'a, str> {
        normal_form(&self.source[span.range()])
    }

    /// The slot of a bare name, local or global.
    fn place(&mut self, name: Cow<'a, str>, span: Span) -> VariableSlot {
        if let Some((_, slot)) = self.frame.inner.iter().rev().find(|(inner, _)| *inner == name) {
            return VariableSlot::Local(*slot);
        }
        match self.frame.names.get(&name) {
            Some(slot) => VariableSlot::Local(*slot),
            None => VariableSlot::Global(self.global(Namespace::Bare, name, span)),
        }
    }

    fn global(&mut self, namespace: Namespace, name: Cow<'a, str>, span: Span) -> u32 {
        let key = (namespace, name);
        if let Some(slot) = self.global_slots.get(&key) {
            return *slot;
        }
        let name = &key.1;
        let bare = match namespace {
            Namespace::Bare => None,
            Namespace::Client | Namespace::Project => Some(self.global(Namespace::Bare, name.clone(), span)),
        };
        let slot = u32::try_from(self.globals.len()).unwrap_or(u32::MAX);
        self.globals.push(Global {
            namespace,
            name: name.as_ref().into(),
            builtin: if namespace == Namespace::Bare { self.options.registry.variable(name).cloned() } else { None },
            stored: !name.starts_with('_'),
            read: false,
            bare,
            span,
        });
        self.global_slots.insert(key, slot);
        slot
    }

    /// A slot for a variable of a comprehension.
    fn fresh_slot(&mut self) -> u32 {
        self.frame.slots += 1;
        self.frame.slots - 1
    }
}
