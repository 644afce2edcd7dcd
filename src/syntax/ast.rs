//! The syntax tree: nodes in tables, pointing at each other by number, so that no tree is ever too deep to drop.
//! Says what was written, not what it means.
#![allow(missing_docs, reason = "nodes are named as the grammar names them")]

use crate::diagnostic::Span;

/// An expression of an [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExprId(pub(super) u32);

/// A statement of an [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StmtId(pub(super) u32);

/// Consecutive entries of one of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableRange {
    pub(super) start: u32,
    pub(super) len: u32,
}

impl TableRange {
    pub(super) const EMPTY: Self = Self { start: 0, len: 0 };

    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
}

impl BinaryOp {
    /// As it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::FloorDivide => "//",
            Self::Remainder => "%",
            Self::Power => "^",
        }
    }

    /// Whether it compares, and so may stand in a chain.
    #[must_use]
    pub const fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal | Self::NotEqual | Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual | Self::In | Self::NotIn
        )
    }
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Not,
    Negate,
    Plus,
}

/// Whose variable a name with a prefix is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopePrefix {
    Client,
    Project,
}

/// What an expression is. Names and numbers are read from the source by the span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expr {
    /// Stands where something did not parse; a script with one never runs.
    Error,
    None,
    True,
    False,
    Int(i64),
    Float(f64),
    /// Number of a text in `Ast::texts`.
    Text(u32),
    /// Text with `#{}`: parts in [`Ast::parts`].
    Template(TableRange),
    /// `#{q#{i}}`: parts that make up a name.
    DynamicName(TableRange),
    Name,
    /// `client.x`
    Scoped(ScopePrefix),
    Unary(UnaryOp, ExprId),
    Binary(BinaryOp, ExprId, ExprId),
    /// `a < b <= c`, `a + b - c`, `a and b and c`: operands in [`Ast::items`], and between them operators of one strength
    /// in [`Ast::operators`] from the number on.
    Chain(TableRange, u32),
    /// `then if condition else otherwise`, condition first: the number of three items.
    Ternary(u32),
    /// `if(condition, then, otherwise)`
    If(TableRange),
    /// The arguments; the name is the start of the span.
    Call(TableRange),
    Index(ExprId, ExprId),
    /// Container, from, to and step; `None` of the three stands for "not written".
    Slice(TableRange),
    List(TableRange),
    /// Keys and values in turn.
    Dict(TableRange),
    /// A number of `Ast::comprehensions`.
    Comprehension(u32),
}

/// A piece of a text with `#{}` or of a dynamic name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// A number of `Ast::texts`.
    Text(u32),
    /// What the `#{}` holds.
    Placeholder(ExprId),
}

/// An argument of a call.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    /// The keyword, when there is one.
    pub name: Option<Span>,
    pub value: ExprId,
}

/// `[element for ... in ... if ...]`, or with a key a dict.
#[derive(Clone, Copy, Debug)]
pub struct Comprehension {
    pub key: Option<ExprId>,
    pub element: ExprId,
    /// In [`Ast::clauses`], outermost first.
    pub clauses: TableRange,
}

/// One `for` or `if` of a comprehension.
#[derive(Clone, Copy, Debug)]
pub enum Clause {
    For(ClauseVariables, ExprId),
    If(ExprId),
}

/// The one or two names of a loop.
pub type ClauseVariables = (Span, Option<Span>);

/// Statements of one block.
pub type Suite = TableRange;

/// What a statement is.
#[derive(Clone, Copy, Debug)]
pub enum Stmt {
    Expr(ExprId),
    /// `a = b = value`: targets, then the value, as items.
    Assign(TableRange),
    Augment(BinaryOp, ExprId, ExprId),
    /// `x =` or `del x` or `del x[k]`
    Delete(ExprId),
    /// Conditions with their blocks in [`Ast::arms`], then the `else` block.
    If(TableRange, Option<Suite>),
    While(ExprId, Suite),
    /// A number of `Ast::loops`.
    For(u32),
    /// A number of `Ast::functions`.
    Def(u32),
    Return(Option<ExprId>),
    Break,
    Continue,
    Pass,
}

/// `for a, b in items:`
#[derive(Clone, Copy, Debug)]
pub struct For {
    pub variables: (Span, Option<Span>),
    pub items: ExprId,
    pub block: Suite,
}

/// `def name(parameters):`
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub name: Span,
    /// In [`Ast::parameters`].
    pub parameters: TableRange,
    pub block: Suite,
}

/// A parameter of a user function.
#[derive(Clone, Copy, Debug)]
pub struct DefParameter {
    pub name: Span,
    pub default: Option<ExprId>,
}

/// The tables of one script or message.
#[derive(Debug, Default)]
pub struct Ast {
    pub(super) exprs: Vec<Expr>,
    pub(super) expr_spans: Vec<Span>,
    pub(super) depths: Vec<u16>,
    pub(super) stmts: Vec<(Stmt, Span)>,
    pub(super) items: Vec<ExprId>,
    pub(super) args: Vec<Arg>,
    pub(super) operators: Vec<BinaryOp>,
    pub(super) texts: Vec<String>,
    pub(super) parts: Vec<Part>,
    pub(super) comprehensions: Vec<Comprehension>,
    pub(super) clauses: Vec<Clause>,
    pub(super) arms: Vec<(ExprId, Suite)>,
    pub(super) loops: Vec<For>,
    pub(super) functions: Vec<Function>,
    pub(super) parameters: Vec<DefParameter>,
    pub(super) blocks: Vec<StmtId>,
    pub(super) root: Option<Suite>,
    pub(super) value: Option<ExprId>,
    pub(super) has_broken_def: bool,
    pub(super) deepest_block: u32,
}

impl Ast {
    /// All expressions, inner ones before those that hold them.
    pub fn expressions(&self) -> impl Iterator<Item = ExprId> + '_ {
        (0..u32::try_from(self.exprs.len()).unwrap_or(u32::MAX)).map(ExprId)
    }

    /// The expression of this number.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.0 as usize]
    }

    /// Where an expression is.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.expr_spans[id.0 as usize]
    }

    /// The statement of this number, and where it is.
    #[must_use]
    pub fn stmt(&self, id: StmtId) -> (Stmt, Span) {
        self.stmts[id.0 as usize]
    }

    /// The statements of the script.
    #[must_use]
    pub fn root(&self) -> Suite {
        self.root.unwrap_or(TableRange::EMPTY)
    }

    /// The expression of a lone expression or a message.
    #[must_use]
    pub fn value(&self) -> Option<ExprId> {
        self.value
    }

    /// The statements of a block.
    #[must_use]
    pub fn block(&self, block: Suite) -> &[StmtId] {
        &self.blocks[block.range()]
    }

    /// Expressions in a row.
    #[must_use]
    pub fn items(&self, run: TableRange) -> &[ExprId] {
        &self.items[run.range()]
    }

    /// Three expressions in a row, from a number on.
    #[must_use]
    pub fn three(&self, start: u32) -> [ExprId; 3] {
        let start = start as usize;
        [self.items[start], self.items[start + 1], self.items[start + 2]]
    }

    /// The operators of a chain.
    #[must_use]
    pub fn operators(&self, start: u32, count: usize) -> &[BinaryOp] {
        &self.operators[start as usize..start as usize + count]
    }

    /// Arguments of a call.
    #[must_use]
    pub fn args(&self, run: TableRange) -> &[Arg] {
        &self.args[run.range()]
    }

    /// A literal text, escapes resolved.
    #[must_use]
    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    /// Parts of a text with `#{}`.
    #[must_use]
    pub fn parts(&self, run: TableRange) -> &[Part] {
        &self.parts[run.range()]
    }

    /// A comprehension.
    #[must_use]
    pub fn comprehension(&self, number: u32) -> Comprehension {
        self.comprehensions[number as usize]
    }

    /// The clauses of a comprehension.
    #[must_use]
    pub fn clauses(&self, run: TableRange) -> &[Clause] {
        &self.clauses[run.range()]
    }

    /// Conditions and blocks of an `if`.
    #[must_use]
    pub fn arms(&self, run: TableRange) -> &[(ExprId, Suite)] {
        &self.arms[run.range()]
    }

    /// A `for` loop.
    #[must_use]
    pub fn for_loop(&self, number: u32) -> For {
        self.loops[number as usize]
    }

    /// Every expression, in the order in which they were read.
    pub fn expression_ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..u32::try_from(self.exprs.len()).unwrap_or(u32::MAX)).map(ExprId)
    }

    /// Every statement, at whatever depth, and where it is.
    #[must_use]
    pub fn statements(&self) -> impl ExactSizeIterator<Item = (Stmt, Span)> + '_ {
        self.stmts.iter().copied()
    }

    /// Where the variables of a comprehension are named, clause by clause.
    pub fn comprehension_variables(&self, number: u32) -> impl Iterator<Item = ClauseVariables> + '_ {
        self.clauses(self.comprehension(number).clauses).iter().filter_map(|clause| match clause {
            Clause::For(variables, _) => Some(*variables),
            Clause::If(_) => None,
        })
    }

    /// Every function that the text defines, in order.
    pub fn functions(&self) -> impl Iterator<Item = Function> + '_ {
        self.functions.iter().copied()
    }

    /// A user function.
    #[must_use]
    pub fn function(&self, number: u32) -> Function {
        self.functions[number as usize]
    }

    /// Parameters of a user function.
    #[must_use]
    pub fn parameters(&self, run: TableRange) -> &[DefParameter] {
        &self.parameters[run.range()]
    }

    /// How deep expressions and blocks stand in each other at the most.
    #[must_use]
    pub fn deepest(&self) -> u32 {
        self.depths.iter().copied().max().map_or(0, u32::from) + self.deepest_block
    }

    /// Whether a `def` did not parse, so that a call of its function cannot be checked.
    #[must_use]
    pub fn has_broken_def(&self) -> bool {
        self.has_broken_def
    }
}

impl ExprId {
    /// The first expression of a tree.
    pub const FIRST: Self = Self(0);
}
