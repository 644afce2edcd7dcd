//! Where a file names variables and functions, and what it does with them: for the checks of a bot and for editors.

use std::collections::HashSet;

use crate::diagnostic::Span;
use crate::function::{Builtin, Registry, Role, platform_function};
use crate::syntax::ast::{Ast, Clause, Expr, ExprId, ScopePrefix, Stmt, StmtId, Suite};
pub use crate::syntax::normal_form;

/// What a file does with a name at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Gives the variable a value.
    Set,
    /// Deletes the variable.
    Delete,
    /// Reads it.
    Read,
    /// Reads it to find out what it is: in a condition, or before an `or`.
    Test,
    /// Declares a parameter of a function.
    Parameter,
    /// Defines a function.
    Define,
    /// Calls a function.
    Call,
}

/// Whose name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameOwner {
    /// A variable of the deal, the client or the project: other files may mean the same one.
    Bot(Option<ScopePrefix>),
    /// A name of the function of this number in the tree.
    Function(u32),
    /// A name of the comprehension of this number in the tree.
    Comprehension(u32),
    /// A function that the file defines.
    Defined,
    /// A function of the language, or one of the platform that needs a host.
    Builtin,
}

/// A name at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// In the form in which names compare, without `client.` and `project.`.
    pub name: String,
    /// The name alone, without its prefix; also inside a text.
    pub span: Span,
    /// What is done with it.
    pub usage: Use,
    /// Whose it is.
    pub owner: NameOwner,
}

/// All names of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct FileNames {
    /// In the order of their places.
    pub occurrences: Vec<Occurrence>,
    /// What the names begin with that a function such as `unpack_list` sets.
    pub prefixes: Vec<String>,
    /// Whether a function sets variables whose names cannot be seen.
    pub sets_unknown: bool,
    /// Whether a name is made with `#{}`, so that any variable may be read.
    pub reads_unknown: bool,
}

/// Finds the names of a script or a message.
#[must_use]
pub(super) fn find(ast: &Ast, source: &str, registry: &Registry) -> FileNames {
    let mut finder = NameFinder { ast, source, registry, names: FileNames::default(), scopes: Vec::new(), defined: Vec::new() };
    finder.defined = ast
        .block(ast.root())
        .iter()
        .filter_map(|id| match ast.stmt(*id).0 {
            Stmt::Def(number) => Some(finder.name_at(ast.function(number).name)),
            _ => None,
        })
        .collect();
    finder.block(ast.root(), None);
    if let Some(value) = ast.value() {
        finder.expression(value, false, None);
    }
    finder.names.occurrences.sort_by_key(|occurrence| (occurrence.span.start, occurrence.span.end));
    finder.names
}

/// Names that hide those outside of it.
struct LocalNames {
    outer: Option<usize>,
    owner: NameOwner,
    names: HashSet<String>,
}

struct NameFinder<'a> {
    ast: &'a Ast,
    source: &'a str,
    registry: &'a Registry,
    names: FileNames,
    scopes: Vec<LocalNames>,
    defined: Vec<String>,
}

impl NameFinder<'_> {
    fn name_at(&self, span: Span) -> String {
        normal_form(self.source.get(span.range()).unwrap_or_default()).into_owned()
    }

    fn add(&mut self, name: String, span: Span, usage: Use, owner: NameOwner) {
        self.names.occurrences.push(Occurrence { name, span, usage, owner });
    }

    /// Whose a bare name is that stands in a scope.
    fn owner(&self, name: &str, mut scope: Option<usize>) -> NameOwner {
        while let Some(index) = scope {
            let inner = &self.scopes[index];
            if inner.names.contains(name) {
                return inner.owner;
            }
            scope = inner.outer;
        }
        NameOwner::Bot(None)
    }

    fn bare(&mut self, span: Span, usage: Use, scope: Option<usize>) {
        let name = self.name_at(span);
        let owner = self.owner(&name, scope);
        self.add(name, span, usage, owner);
    }

    fn scoped(&mut self, span: Span, prefix: ScopePrefix, usage: Use) {
        let text = self.source.get(span.range()).unwrap_or_default();
        let dot = text.find('.').map_or(0, |dot| dot + 1);
        let span = Span::new(span.start + u32::try_from(dot).unwrap_or(0), span.end);
        let name = self.name_at(span);
        self.add(name, span, usage, NameOwner::Bot(Some(prefix)));
    }

    // ------------------------------------------------------------ statements

    fn block(&mut self, block: Suite, scope: Option<usize>) {
        let ast = self.ast;
        for id in ast.block(block) {
            self.statement(*id, scope);
        }
    }

    fn statement(&mut self, id: StmtId, scope: Option<usize>) {
        let ast = self.ast;
        match ast.stmt(id).0 {
            Stmt::Expr(expr) | Stmt::Return(Some(expr)) => self.expression(expr, false, scope),
            Stmt::Assign(run) => {
                if let Some((value, targets)) = ast.items(run).split_last() {
                    self.expression(*value, false, scope);
                    for target in targets {
                        self.target(*target, Use::Set, scope);
                    }
                }
            }
            Stmt::Augment(_, target, value) => {
                self.expression(value, false, scope);
                self.target(target, Use::Read, scope);
                self.target(target, Use::Set, scope);
            }
            Stmt::Delete(target) => self.target(target, Use::Delete, scope),
            Stmt::If(arms, otherwise) => {
                for (condition, block) in ast.arms(arms) {
                    self.expression(*condition, true, scope);
                    self.block(*block, scope);
                }
                if let Some(block) = otherwise {
                    self.block(block, scope);
                }
            }
            Stmt::While(condition, block) => {
                self.expression(condition, true, scope);
                self.block(block, scope);
            }
            Stmt::For(number) => {
                let for_loop = ast.for_loop(number);
                self.expression(for_loop.items, false, scope);
                self.bare(for_loop.variables.0, Use::Set, scope);
                if let Some(second) = for_loop.variables.1 {
                    self.bare(second, Use::Set, scope);
                }
                self.block(for_loop.block, scope);
            }
            Stmt::Def(number) => self.function(number, scope),
            Stmt::Return(None) | Stmt::Break | Stmt::Continue | Stmt::Pass => {}
        }
    }

    fn function(&mut self, number: u32, scope: Option<usize>) {
        let ast = self.ast;
        let function = ast.function(number);
        let name = self.name_at(function.name);
        self.add(name, function.name, Use::Define, NameOwner::Defined);
        let owner = NameOwner::Function(number);
        let mut names = HashSet::new();
        for parameter in ast.parameters(function.parameters) {
            // A default sees the variables of the bot, not the other parameters.
            if let Some(default) = parameter.default {
                self.expression(default, false, scope);
            }
            let name = self.name_at(parameter.name);
            names.insert(name.clone());
            self.add(name, parameter.name, Use::Parameter, owner);
        }
        self.assigned(function.block, &mut names);
        self.scopes.push(LocalNames { outer: None, owner, names });
        self.block(function.block, Some(self.scopes.len() - 1));
    }

    /// The names that a function assigns, which are its own.
    fn assigned(&self, block: Suite, names: &mut HashSet<String>) {
        let ast = self.ast;
        for id in ast.block(block) {
            let spans: Vec<Span> = match ast.stmt(*id).0 {
                Stmt::Assign(run) => {
                    let targets = ast.items(run).split_last().map_or(&[][..], |(_, targets)| targets);
                    targets.iter().filter(|target| ast.expr(**target) == Expr::Name).map(|target| ast.span(*target)).collect()
                }
                Stmt::Augment(_, target, _) | Stmt::Delete(target) if ast.expr(target) == Expr::Name => vec![ast.span(target)],
                Stmt::For(number) => {
                    let (first, second) = ast.for_loop(number).variables;
                    std::iter::once(first).chain(second).collect()
                }
                _ => Vec::new(),
            };
            names.extend(spans.into_iter().map(|span| self.name_at(span)));
            for block in ast.blocks_of(*id) {
                self.assigned(block, names);
            }
        }
    }

    /// A target of an assignment; what stands in its brackets is read.
    fn target(&mut self, target: ExprId, usage: Use, scope: Option<usize>) {
        let mut root = target;
        while let Expr::Index(container, key) = self.ast.expr(root) {
            if usage != Use::Read {
                self.expression(key, false, scope);
            }
            root = container;
        }
        let span = self.ast.span(root);
        // An item that is set or deleted leaves the variable there.
        let usage = if root != target && usage == Use::Delete { Use::Read } else { usage };
        match self.ast.expr(root) {
            Expr::Name => self.bare(span, usage, scope),
            Expr::Scoped(prefix) => self.scoped(span, prefix, usage),
            _ => {}
        }
    }

    // ------------------------------------------------------------ expressions

    /// Everything in an expression. A row of operators may be deeper than a stack.
    fn expression(&mut self, expr: ExprId, is_condition: bool, scope: Option<usize>) {
        let ast = self.ast;
        let mut open = vec![(expr, is_condition, scope)];
        while let Some((expr, is_condition, scope)) = open.pop() {
            let span = ast.span(expr);
            let usage = if is_condition { Use::Test } else { Use::Read };
            match ast.expr(expr) {
                Expr::Name => self.bare(span, usage, scope),
                Expr::Scoped(prefix) => self.scoped(span, prefix, usage),
                Expr::DynamicName(_) => {
                    self.names.reads_unknown = true;
                    open.extend(ast.inside(expr).into_iter().map(|inner| (inner, is_condition, scope)));
                }
                Expr::Binary(..) | Expr::Chain(..) if ast.logic(expr).is_some() => {
                    let operands = ast.inside(expr);
                    let last = operands.len() - 1;
                    open.extend(operands.into_iter().enumerate().map(|(index, operand)| (operand, is_condition || index < last, scope)));
                }
                // What stands on the left is asked about; the right side is what it is compared with.
                Expr::Binary(op, left, right) if op.is_comparison() => {
                    open.extend([(left, is_condition, scope), (right, false, scope)]);
                }
                Expr::If(run) => {
                    let items = ast.items(run);
                    open.extend(items.iter().enumerate().map(|(index, item)| (*item, is_condition || index == 0, scope)));
                }
                Expr::Ternary(start) => {
                    let three = ast.three(start).into_iter().enumerate();
                    open.extend(three.map(|(index, item)| (item, is_condition || index == 0, scope)));
                }
                Expr::Comprehension(number) => {
                    let comprehension = ast.comprehension(number);
                    let owner = NameOwner::Comprehension(number);
                    // Each `for` sees the names of those before it.
                    let mut inner = scope;
                    for clause in ast.clauses(comprehension.clauses) {
                        match *clause {
                            Clause::If(filter) => open.push((filter, true, inner)),
                            Clause::For((first, second), items) => {
                                open.push((items, is_condition, inner));
                                let mut names = HashSet::new();
                                for span in std::iter::once(first).chain(second) {
                                    let name = self.name_at(span);
                                    names.insert(name.clone());
                                    self.add(name, span, Use::Set, owner);
                                }
                                self.scopes.push(LocalNames { outer: inner, owner, names });
                                inner = Some(self.scopes.len() - 1);
                            }
                        }
                    }
                    open.extend(comprehension.key.map(|key| (key, is_condition, inner)));
                    open.push((comprehension.element, is_condition, inner));
                }
                Expr::Call(_) => {
                    self.call(expr);
                    open.extend(ast.inside(expr).into_iter().map(|inner| (inner, is_condition, scope)));
                }
                _ => open.extend(ast.inside(expr).into_iter().map(|inner| (inner, is_condition, scope))),
            }
        }
    }

    fn call(&mut self, expr: ExprId) {
        let ast = self.ast;
        let span = callee_span(self.source, ast.span(expr));
        let name = self.name_at(span);
        if self.defined.contains(&name) {
            self.add(name, span, Use::Call, NameOwner::Defined);
            return;
        }
        let Some(builtin) = self.registry.get(&name) else {
            if platform_function(&name).is_some() {
                self.add(name, span, Use::Call, NameOwner::Builtin);
            }
            return;
        };
        self.add(name, span, Use::Call, NameOwner::Builtin);
        for (parameter, arg) in arguments(ast, self.source, expr, builtin) {
            match builtin.parameters[parameter].role {
                Role::VariableName => {
                    let usage = if builtin.sets_variables() { Use::Set } else { Use::Read };
                    self.named_in_text(arg, usage);
                }
                Role::VariableValues if builtin.sets_variables() => self.named_in_keys(arg),
                Role::VariablePrefix => match ast.literal(arg) {
                    Some(prefix) => self.names.prefixes.push(normal_form(prefix).into_owned()),
                    None => self.names.sets_unknown = true,
                },
                _ => {}
            }
        }
        // What the prefix is when none is given.
        if let Some(prefix) = builtin.parameter_of(&[Role::VariablePrefix])
            && let Some(default) = prefix.default
        {
            self.names.prefixes.push(default.trim_matches('\'').to_owned());
        }
    }

    /// A text that is the name of a variable.
    fn named_in_text(&mut self, arg: ExprId, usage: Use) {
        let Some(text) = self.ast.literal(arg) else {
            self.names.sets_unknown |= usage == Use::Set;
            self.names.reads_unknown |= usage != Use::Set;
            return;
        };
        let name = normal_form(text).into_owned();
        let span = self.ast.span(arg);
        // Escapes are not looked into: such a text is not the name of a variable.
        let inner = Span::new(span.start + 1, span.end.saturating_sub(1));
        if self.source.get(inner.range()) == Some(text) {
            self.add(name, inner, usage, NameOwner::Bot(None));
        }
    }

    fn named_in_keys(&mut self, arg: ExprId) {
        match self.ast.expr(arg) {
            Expr::Dict(run) => {
                for key in self.ast.items(run).iter().step_by(2) {
                    self.named_in_text(*key, Use::Set);
                }
            }
            _ => self.names.sets_unknown = true,
        }
    }
}

/// The name that a call begins with.
#[must_use]
pub(super) fn callee_span(source: &str, call: Span) -> Span {
    let text = source.get(call.range()).unwrap_or_default();
    let end = text.find(|character: char| character != '_' && !unicode_ident::is_xid_continue(character)).unwrap_or(text.len());
    Span::new(call.start, call.start + u32::try_from(end).unwrap_or(0))
}

/// The arguments of a call with the numbers of their parameters.
#[must_use]
pub(super) fn arguments(ast: &Ast, source: &str, call: ExprId, builtin: &Builtin) -> Vec<(usize, ExprId)> {
    let Expr::Call(run) = ast.expr(call) else { return Vec::new() };
    let parameter_of = |(index, arg): (usize, &crate::syntax::ast::Arg)| {
        let number = match arg.name {
            Some(name) => {
                let name = normal_form(source.get(name.range())?);
                builtin.parameters.iter().position(|parameter| parameter.name == name || parameter.alias == Some(name.as_ref()))?
            }
            None => index.min(builtin.parameters.len().checked_sub(1)?),
        };
        Some((number, arg.value))
    };
    ast.args(run).iter().enumerate().filter_map(parameter_of).collect()
}
