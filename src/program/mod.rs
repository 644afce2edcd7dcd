//! A script ready to run: names are slots, calls are bound to their functions and arguments. Made once by `check`,
//! walked by `eval`, shared by any number of threads.

mod watch;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Span};
use crate::function::{Builtin, BuiltinVariable, DeliveryFlag, Namespace, PlatformFunction, Role};
use crate::syntax::ast::UnaryOp;
use crate::value::Value;
use crate::value::operators::BinaryOperator;
pub use watch::{Covered, Watch};
pub(crate) use watch::{Iteration, Point, PointKind, WatchedExpr, WatchedStmt};

/// A compiled script. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Script(pub(crate) Arc<Program>);

impl Script {
    /// The source text it was compiled from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Warnings found when it was compiled.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.0.warnings
    }

    /// Warnings for a check alone, of bare words that this script sets nowhere: the stored variables decide about them
    /// when it runs.
    #[must_use]
    pub fn unset_words(&self) -> &[Diagnostic] {
        &self.0.unset_words
    }

    /// Warnings for a check alone, of calls that need a host: when it runs, each of them leaves a notice.
    #[must_use]
    pub fn absent_calls(&self) -> &[Diagnostic] {
        &self.0.absent_calls
    }

    /// Where it makes the message of its block be refused.
    pub(crate) fn refusals(&self) -> &[RefusingCall] {
        &self.0.refusals
    }

    /// How often each of its statements ran and each way was taken since this was last asked, when it was compiled to
    /// count that.
    pub fn take_covered(&self) -> Vec<Covered> {
        self.0.points.iter().flat_map(Point::take_covered).collect()
    }

    /// Whether it calls one of these functions.
    pub(crate) fn calls_any(&self, functions: &[&str]) -> bool {
        self.0.called.iter().any(|called| functions.contains(called))
    }

    /// The texts that its calls have, as they stand, for parameters with a role of the host's.
    pub(crate) fn given_for(&self, role: Role) -> impl Iterator<Item = &str> {
        self.0.given.iter().filter(move |(word, _)| role == Role::Host(word)).map(|(_, text)| &**text)
    }
}

/// What a [`Script`] shares.
#[derive(Debug)]
pub(crate) struct Program {
    pub source: Box<str>,
    /// Where the message is, when this is one.
    pub message: Span,
    pub warnings: Box<[Diagnostic]>,
    pub unset_words: Box<[Diagnostic]>,
    pub absent_calls: Box<[Diagnostic]>,
    pub refusals: Box<[RefusingCall]>,
    /// The functions of the registry that it calls, each once, in the order of their names.
    pub called: Box<[&'static str]>,
    /// The words of roles of the host's, and the texts that calls have for them as they stand, each once.
    pub given: Box<[(&'static str, Box<str>)]>,
    pub body: Box<[Stmt]>,
    pub functions: Box<[Function]>,
    pub globals: Box<[Global]>,
    /// All built-in variables, for names that are made when the script runs.
    pub variables: Box<[Arc<BuiltinVariable>]>,
    /// How deep expressions and blocks stand in each other at the most.
    pub nesting: u32,
    /// Whether the text of a list or a dict has its items, as in the mavibot dialect, rather than characters.
    pub texts_have_items: bool,
    /// How many expressions the longest statement has.
    pub heaviest: u32,
    /// Slots of the frame of the top level, which only comprehensions need.
    pub slots: u32,
    /// The statement whose value is that of the run, with what makes it.
    pub value: Option<u32>,
    /// What is counted and told of its runs.
    pub points: Box<[Point]>,
}

impl Program {
    /// Whether a built-in variable has this name; known for messages only.
    pub fn has_variable(&self, name: &str) -> bool {
        self.variables.iter().any(|variable| variable.name == name)
    }

    /// Adds warnings of words that stand nowhere yet.
    pub fn add_words(&mut self, words: Vec<Diagnostic>) {
        let mut all = std::mem::take(&mut self.unset_words).into_vec();
        for word in words {
            match all.iter_mut().find(|known| known.span == word.span) {
                Some(known) => *known = word,
                None => all.push(word),
            }
        }
        self.unset_words = all.into_boxed_slice();
    }
}

/// A call after which the message of the block is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefusingCall {
    pub span: Span,
    pub function: &'static str,
    pub delivery: DeliveryFlag,
}

/// A name that is not local to a function.
#[derive(Debug)]
pub(crate) struct Global {
    pub namespace: Namespace,
    pub name: Box<str>,
    /// What is read when no variable has the name.
    pub builtin: Option<Arc<BuiltinVariable>>,
    /// Whether it is stored: a name that begins with `_` is not.
    pub stored: bool,
    /// Whether a line reads it before any line assigns it, so that the host will be asked for it.
    pub read: bool,
    /// For a name with a prefix, the bare name it shows through.
    pub bare: Option<u32>,
    /// Where the script first has it.
    pub span: Span,
}

/// A user function.
#[derive(Debug)]
pub(crate) struct Function {
    pub defaults: Box<[Option<Expr>]>,
    /// Slots of its frame: parameters first.
    pub slots: u32,
    pub body: Box<[Stmt]>,
    /// Names of its slots, for dynamic names and messages.
    pub names: Box<[Box<str>]>,
}

/// A place that can be assigned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VariableSlot {
    Local(u32),
    Global(u32),
}

/// A statement.
#[derive(Debug)]
pub(crate) enum Stmt {
    Expr(Expr),
    Assign(VariableSlot, Expr),
    /// `x = f(x, ...)`: the variable is handed over, so that the function can change it in place.
    Update(VariableSlot, Box<Call>),
    Augment(VariableSlot, Box<Augment>),
    AssignItem(Box<AssignItem>),
    /// `a = b = value`
    AssignMany(Box<(Expr, Box<[AssignTarget]>)>),
    Delete(VariableSlot),
    DeleteItem(Box<AssignPath>),
    If(Box<If>),
    While(Box<While>),
    For(Box<For>),
    Return(Option<Expr>),
    Break,
    Continue,
    Pass,
    Watched(Box<WatchedStmt>),
    Iteration(Box<Iteration>),
}

/// One of several places that take the same value.
#[derive(Debug)]
pub(crate) enum AssignTarget {
    Variable(VariableSlot),
    Item(AssignPath),
}

/// `x[i][j]`
#[derive(Debug)]
pub(crate) struct AssignPath {
    pub root: VariableSlot,
    pub root_span: Span,
    pub keys: Box<[(Expr, Span)]>,
}

/// `x += value`
#[derive(Debug)]
pub(crate) struct Augment {
    pub op: BinaryOperator,
    pub target: Span,
    pub value: Expr,
    pub span: Span,
}

/// `x[i] = value`, or with an operator `x[i] += value`.
#[derive(Debug)]
pub(crate) struct AssignItem {
    pub path: AssignPath,
    pub op: Option<BinaryOperator>,
    pub value: Expr,
    pub span: Span,
}

/// Conditions with their blocks, then `else`.
#[derive(Debug)]
pub(crate) struct If {
    pub arms: Box<[(Expr, Box<[Stmt]>)]>,
    pub otherwise: Box<[Stmt]>,
}

/// `while condition:`
#[derive(Debug)]
pub(crate) struct While {
    pub condition: Expr,
    pub span: Span,
    pub body: Box<[Stmt]>,
}

/// `for a, b in items:`
#[derive(Debug)]
pub(crate) struct For {
    pub first: VariableSlot,
    pub second: Option<VariableSlot>,
    pub items: LoopItems,
    pub items_span: Span,
    pub body: Box<[Stmt]>,
}

/// What a loop walks over.
#[derive(Debug)]
pub(crate) enum LoopItems {
    Value(Expr),
    /// `range(from, to, step)`, counted without making the list.
    Range(Box<Call>),
}

/// An expression. Small: it is walked, not copied, but rows of them should stay close together.
#[derive(Debug)]
pub(crate) enum Expr {
    Const(Value),
    Local(u32, Span),
    Global(u32, Span),
    /// A bare word that is its own text when nothing has that name (mavibot), or is only warned of (strict).
    Word(Box<Word>),
    /// Names joined by hyphens that are their own text when nothing has one of these names (mavibot).
    Hyphenated(Box<Hyphenated>),
    Binary(Box<Binary>),
    /// `a + b - c`, `a * b / c`: operators of one strength.
    Flat(Box<Flat>),
    /// An operator between two variables or constants, which are looked at where they are.
    LeafBinary(Box<Binary>),
    /// A variable and an integer constant: frequent in conditions and counters.
    WithInteger(Box<WithInteger>),
    /// Two operands or more.
    And(Box<[Expr]>),
    Or(Box<[Expr]>),
    Unary(Box<Unary>),
    Chain(Box<Chain>),
    Conditional(Box<(Expr, Expr, Expr)>),
    Call(Box<Call>),
    UserCall(Box<UserCall>),
    Absent(Box<AbsentCall>),
    Index(Box<Index>),
    Slice(Box<Slice>),
    List(Box<ListLiteral>),
    Dict(Box<DictLiteral>),
    Comprehension(Box<Comprehension>),
    Template(Box<[TextPiece]>),
    DynamicName(Box<DynamicName>),
    Watched(Box<WatchedExpr>),
}

const _: () = assert!(size_of::<Expr>() <= 24, "expressions are kept in rows: keep them small");

/// `#{price#{i}}`
#[derive(Debug)]
pub(crate) struct DynamicName {
    pub pieces: Box<[TextPiece]>,
    /// The variables of the comprehensions around it, innermost first: they have slots, and no names elsewhere.
    pub inner: Box<[(Box<str>, u32)]>,
    pub span: Span,
}

/// A list literal with its place.
#[derive(Debug)]
pub(crate) struct ListLiteral {
    pub items: Box<[Expr]>,
    pub span: Span,
}

/// A dict literal: keys with their places, and values.
#[derive(Debug)]
pub(crate) struct DictLiteral {
    pub entries: Box<[(Expr, Span, Expr)]>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Word {
    pub slot: u32,
    pub span: Span,
    pub is_own_text: bool,
}

/// `Ростов-на-Дону`
#[derive(Debug)]
pub(crate) struct Hyphenated {
    pub slots: Box<[u32]>,
    pub span: Span,
    /// The subtraction that it is when one of the names has a value.
    pub otherwise: Expr,
}

#[derive(Debug)]
pub(crate) struct Binary {
    pub op: BinaryOperator,
    pub left: Expr,
    pub right: Expr,
    pub span: Span,
}

/// Three operands or more with operators of one strength between them, worked out from the left; each operand after the
/// first with the place of everything up to it.
#[derive(Debug)]
pub(crate) struct Flat {
    pub first: Expr,
    /// Whether the first operand is text that a `+` of this chain joined.
    pub is_joined: bool,
    pub rest: Box<[(BinaryOperator, Expr, Span)]>,
}

/// An operator between a variable and an integer, with the general form for all other values.
#[derive(Debug)]
pub(crate) struct WithInteger {
    pub place: VariableSlot,
    pub integer: i64,
    pub op: BinaryOperator,
    pub general: Binary,
}

#[derive(Debug)]
pub(crate) struct Unary {
    pub op: UnaryOp,
    pub operand: Expr,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Chain {
    pub first: Expr,
    pub rest: Box<[(BinaryOperator, Expr)]>,
    pub span: Span,
}

/// A call of a builtin; one argument for each parameter, then the rest of a variadic one.
#[derive(Debug)]
pub(crate) struct Call {
    pub builtin: Arc<Builtin>,
    pub arguments: Box<[Expr]>,
    /// Where each argument is; the whole call for those not given.
    pub spans: Box<[Span]>,
    pub span: Span,
}

/// A call of a user function; `None` for a parameter that takes its default, as do those beyond the last.
#[derive(Debug)]
pub(crate) struct UserCall {
    pub function: u32,
    pub arguments: Box<[Option<Expr>]>,
    /// Whether every parameter has its argument.
    pub is_complete: bool,
    pub span: Span,
}

/// A call of a platform function that nobody registered: it does nothing.
#[derive(Debug)]
pub(crate) struct AbsentCall {
    pub function: PlatformFunction,
    pub arguments: Box<[Expr]>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Index {
    pub container: Expr,
    pub index: Expr,
    pub index_span: Span,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Slice {
    pub container: Expr,
    pub from: Expr,
    pub to: Expr,
    pub step: Expr,
    pub span: Span,
}

/// `[element for ... in items if filter]`
#[derive(Debug)]
pub(crate) struct Comprehension {
    pub key: Option<(Expr, Span)>,
    pub element: Expr,
    /// Loops and filters, outermost first.
    pub clauses: Box<[Clause]>,
    pub span: Span,
}

/// One `for` or `if` of a comprehension.
#[derive(Debug)]
pub(crate) enum Clause {
    For { first: u32, second: Option<u32>, items: Expr, items_span: Span },
    If(Expr),
}

/// A piece of a text with `#{}` or of a dynamic name.
#[derive(Debug)]
pub(crate) enum TextPiece {
    Text(Box<str>),
    Placeholder(Expr),
}
