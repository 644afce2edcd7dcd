//! A set of files as one bot: what no file can tell by itself. Which variables some file sets, what can never run or never
//! be true, which ids a project does not have. `calc check` and the editor server use the same.

mod allow;
pub mod fix;
pub mod highlight;
mod lint;
pub mod names;
mod strict;

use std::collections::{HashMap, HashSet};

use crate::crm::{BlockId, ProjectFile};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::engine::{Dialect, Engine};
use crate::function::{Builtin, Registry};
use crate::syntax::Parsed;
use crate::syntax::ast::Expr;
use crate::syntax::token::Token;
use allow::Allows;
use names::{FileNames, NameOwner, Occurrence, Use};

/// A file to be checked.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether a line `---` ends the calculator and begins a message.
    pub may_be_block: bool,
}

/// A file by itself: its tree, its names, and what is wrong with it whatever the others say.
#[derive(Debug)]
pub struct Unit {
    text: String,
    dialect: Dialect,
    calculator: Parsed,
    message: Option<Parsed>,
    /// The id of the block, when its file has one.
    block: Option<BlockId>,
    /// Where the line `---` begins.
    separator: Option<usize>,
    names: FileNames,
    allows: Allows,
    /// Whether it can be run.
    compiles: bool,
    diagnostics: Vec<Diagnostic>,
    /// About words that the file itself does not set.
    unset_words: Vec<Diagnostic>,
}

/// An argument of a call of a function of the language.
#[derive(Clone, Copy, Debug)]
pub struct CallArgument<'r> {
    /// Where its value is.
    pub span: Span,
    /// The function.
    pub builtin: &'r Builtin,
    /// The number of its parameter.
    pub parameter: usize,
    /// Whether it is written with the name of the parameter.
    pub is_named: bool,
}

impl Unit {
    /// Reads a file.
    #[must_use]
    pub fn new(engine: &Engine, file: File<'_>) -> Self {
        let (calculator, message) = engine.parse(file.text, file.may_be_block);
        let mut names = names::find(&calculator.ast, file.text, engine.registry());
        if let Some(message) = &message {
            let more = names::find(&message.ast, file.text, engine.registry());
            names.occurrences.extend(more.occurrences);
            names.reads_unknown |= more.reads_unknown;
        }
        let block = match &message {
            Some(_) => engine.block_file(None, file.text),
            None => engine.compile_parsed(file.text, &calculator).map(|script| crate::engine::Block::of_script(None, script)),
        };
        let separator = message.as_ref().and_then(|_| crate::syntax::find_separator(file.text)).map(|span| span.start as usize);
        let allows = Allows::of(&calculator, &file.text[..separator.unwrap_or(file.text.len())]);
        let (compiles, mut diagnostics, unset_words) = match block {
            Ok(block) => {
                let diagnostics = block.warnings().iter().chain(block.absent_calls()).cloned().collect();
                (true, diagnostics, block.unset_words().to_vec())
            }
            Err(diagnostics) => (false, diagnostics, Vec::new()),
        };
        if compiles {
            diagnostics.extend(lint::of_calculator(&calculator.ast, file.text, engine.registry(), &names));
            let message = message.iter();
            diagnostics.extend(message.flat_map(|message| lint::of_expressions(&message.ast, file.text, engine.registry(), &names)));
        }
        Self {
            text: file.text.to_owned(),
            dialect: engine.dialect(),
            calculator,
            message,
            block: None,
            separator,
            names,
            allows,
            compiles,
            diagnostics,
            unset_words,
        }
    }

    /// With the id that its block has in the bot.
    #[must_use]
    pub fn with_block(mut self, id: Option<BlockId>) -> Self {
        self.block = id;
        self
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it can be run.
    #[must_use]
    pub fn compiles(&self) -> bool {
        self.compiles
    }

    /// The names in it.
    #[must_use]
    pub fn names(&self) -> &[Occurrence] {
        &self.names.occurrences
    }

    /// Where its statements are, each with its blocks.
    #[must_use]
    pub fn statements(&self) -> Vec<Span> {
        let ast = &self.calculator.ast;
        ast.all_statements().map(|id| ast.whole(id)).collect()
    }

    /// Its blocks, each from the `:` of its head to its end.
    #[must_use]
    pub fn blocks(&self) -> Vec<Span> {
        let ast = &self.calculator.ast;
        let tokens = &self.calculator.tokens;
        let of_statement = |id| {
            ast.blocks_of(id).into_iter().filter_map(|block| {
                let statements = ast.block(block);
                let (first, last) = (ast.whole(*statements.first()?), ast.whole(*statements.last()?));
                let before = &tokens[..tokens.partition_point(|(start, ..)| *start < first.start)];
                let colon = before.iter().rev().find(|(_, token, _)| *token == Token::Colon)?;
                Some(Span::new(colon.0, last.end))
            })
        };
        ast.all_statements().flat_map(of_statement).collect()
    }

    /// The arguments of its calls, each with the function and the number of the parameter.
    #[must_use]
    pub fn arguments<'r>(&self, registry: &'r Registry) -> Vec<CallArgument<'r>> {
        let ast = &self.calculator.ast;
        let mut found = Vec::new();
        for call in ast.all_expressions() {
            let Expr::Call(run) = ast.expr(call) else { continue };
            let name = names::callee_span(&self.text, ast.span(call));
            let Some(builtin) = self.text.get(name.range()).and_then(|name| registry.get(name)) else { continue };
            let named: Vec<_> = ast.args(run).iter().filter(|arg| arg.name.is_some()).map(|arg| arg.value).collect();
            found.extend(names::arguments(ast, &self.text, call, builtin).into_iter().map(|(parameter, arg)| CallArgument {
                span: ast.span(arg),
                builtin,
                parameter,
                is_named: named.contains(&arg),
            }));
        }
        found
    }

    /// The byte after its calculator.
    #[must_use]
    pub fn calculator_end(&self) -> usize {
        self.separator.unwrap_or(self.text.len())
    }

    /// Where its message begins, when it has one.
    #[must_use]
    pub fn message_start(&self) -> Option<usize> {
        self.message.as_ref().and_then(|message| message.ast.value().map(|value| message.ast.span(value).start as usize))
    }
}

/// What is known of the variables of all files together.
#[derive(Debug, Default)]
struct BotVariables<'a> {
    /// Set by some line of some file, or by the fixture.
    set: HashSet<&'a str>,
    /// Looked at by some condition, which expects that they may be unset.
    tested: HashSet<&'a str>,
    /// How often each is read.
    read: HashMap<&'a str, u32>,
    prefixes: Vec<&'a str>,
    sets_unknown: bool,
}

impl<'a> BotVariables<'a> {
    fn of(units: &[&'a Unit], project: Option<&'a ProjectFile>) -> Self {
        let mut variables = Self::default();
        for unit in units {
            variables.sets_unknown |= unit.names.sets_unknown;
            variables.prefixes.extend(unit.names.prefixes.iter().map(String::as_str));
            for occurrence in &unit.names.occurrences {
                if !matches!(occurrence.owner, NameOwner::Bot(_)) {
                    continue;
                }
                let name = occurrence.name.as_str();
                match occurrence.usage {
                    Use::Set => drop(variables.set.insert(name)),
                    Use::Test => drop(variables.tested.insert(name)),
                    Use::Read => *variables.read.entry(name).or_default() += 1,
                    _ => {}
                }
            }
        }
        if let Some(project) = project {
            let clients = project.clients.iter().flat_map(|client| client.variables.keys().chain(client.draft.keys()));
            let deals = project.deals.iter().flat_map(|deal| deal.variables.keys());
            variables.set.extend(project.variables.keys().chain(clients).chain(deals).map(String::as_str));
        }
        variables
    }

    /// Whether a name has a value for all that can be seen.
    fn may_be_set(&self, name: &str) -> bool {
        self.tested.contains(name) || self.is_set(name)
    }

    /// Whether some line of some file, or the fixture, sets a name.
    fn is_set(&self, name: &str) -> bool {
        let is_numbered = |prefix: &&str| name.strip_prefix(prefix).is_some_and(|rest| rest.parse::<u32>().is_ok());
        self.sets_unknown || self.set.contains(name) || self.prefixes.iter().any(is_numbered)
    }
}

/// Checks files that belong together; for each of them what is wrong, in the order of the places.
#[must_use]
pub fn check(engine: &Engine, units: &[&Unit], project: Option<&ProjectFile>) -> Vec<Vec<Diagnostic>> {
    let variables = BotVariables::of(units, project);
    let ids = known_ids(units, project);
    units.iter().map(|unit| check_unit(engine, unit, &variables, ids.as_ref())).collect()
}

/// What the project has, when one is given.
fn known_ids<'p>(units: &[&Unit], project: Option<&'p ProjectFile>) -> Option<lint::KnownIds<'p>> {
    project.map(|project| lint::KnownIds::of(project, units.iter().filter_map(|unit| unit.block)))
}

/// Checks the first of files that belong together.
#[must_use]
pub fn check_first(engine: &Engine, units: &[&Unit], project: Option<&ProjectFile>) -> Vec<Diagnostic> {
    let variables = BotVariables::of(units, project);
    let ids = known_ids(units, project);
    units.first().map(|unit| check_unit(engine, unit, &variables, ids.as_ref())).unwrap_or_default()
}

fn check_unit(engine: &Engine, unit: &Unit, variables: &BotVariables<'_>, ids: Option<&lint::KnownIds<'_>>) -> Vec<Diagnostic> {
    let mut diagnostics = unit.diagnostics.clone();
    let name_at = |diagnostic: &Diagnostic| crate::syntax::normal_form(unit.text.get(diagnostic.span.range()).unwrap_or_default());
    let is_known = |word: &Diagnostic| match word.code {
        // A condition that looks at a function's name means the function.
        Code::BareFunction => variables.is_set(&name_at(word)),
        // One word, or several that hyphens join.
        _ => name_at(word).split('-').any(|name| variables.may_be_set(name)),
    };
    diagnostics.extend(unit.unset_words.iter().filter(|word| !is_known(word)).cloned());
    if unit.compiles {
        diagnostics.extend(lint::unset_variables(&unit.names, variables, engine.registry()));
        for part in std::iter::once(&unit.calculator).chain(&unit.message) {
            diagnostics.extend(ids.iter().flat_map(|ids| ids.unknown(&part.ast, &unit.text, engine.registry())));
        }
    }
    diagnostics.retain(|diagnostic| !unit.allows.silence(diagnostic));
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    // One place has one warning about a name that nothing sets.
    diagnostics.dedup_by(|second, first| {
        second.span == first.span && matches!((first.code, second.code), (Code::BareWord | Code::KeptAsText, Code::Misspelt))
    });
    diagnostics
}

/// Which warnings are asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Codes, or what they begin with; empty: all.
    pub select: Vec<String>,
    /// Codes, or what they begin with.
    pub ignore: Vec<String>,
}

impl Selection {
    /// Whether a diagnostic is asked for. Errors always are.
    #[must_use]
    pub fn includes(&self, diagnostic: &Diagnostic) -> bool {
        let is_one_of = |codes: &[String]| codes.iter().any(|code| diagnostic.code.text().starts_with(&code.to_ascii_uppercase()));
        diagnostic.is_error() || ((self.select.is_empty() || is_one_of(&self.select)) && !is_one_of(&self.ignore))
    }
}
