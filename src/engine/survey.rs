//! What a script consists of, for tools that work on its text: its functions, and comparisons inside calls.

use super::Engine;
use crate::compile;
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::ast::{Ast, Expr, Stmt};
use crate::syntax::{self};

/// A function that a script defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedFunction {
    /// Its name.
    pub name: String,
    /// How many parameters it has.
    pub parameters: usize,
}

/// A call whose first argument is a comparison: `expect(left == right)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedCall {
    /// The whole call.
    pub call: Span,
    /// What stands before the sign.
    pub left: Span,
    /// The sign as the language writes it: `==`, `not in`.
    pub sign: &'static str,
    /// What stands after it.
    pub right: Span,
}

/// What a script consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Where its statements begin, those inside of blocks left out.
    pub statements: Vec<u32>,
    /// Its functions, in the order of the text.
    pub functions: Vec<SurveyedFunction>,
    /// Calls of one function that compare something.
    pub compared: Vec<ComparedCall>,
}

impl Engine {
    /// The functions of a script, and the calls of `callee` whose first argument is a comparison. `None` for a text that
    /// does not parse.
    #[must_use]
    pub fn survey(&self, source: &str, callee: &str) -> Option<Survey> {
        let parsed = compile::with_parser_options(self.options(), |options| syntax::parse(source, options));
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            return None;
        }
        let ast = &parsed.ast;
        let statements = ast.block(ast.root()).iter().map(|id| ast.stmt(*id).1.start).collect();
        let functions = ast.block(ast.root()).iter().filter_map(|id| match ast.stmt(*id).0 {
            Stmt::Def(number) => {
                let function = ast.function(number);
                let name = syntax::normal_form(&source[function.name.range()]).into_owned();
                Some(SurveyedFunction { name, parameters: ast.parameters(function.parameters).len() })
            }
            _ => None,
        });
        Some(Survey { statements, functions: functions.collect(), compared: compared(source, ast, callee) })
    }
}

fn compared(source: &str, ast: &Ast, callee: &str) -> Vec<ComparedCall> {
    let mut found = Vec::new();
    for id in ast.expressions() {
        let Expr::Call(run) = ast.expr(id) else { continue };
        let call = ast.span(id);
        let is_meant = source[call.range()].strip_prefix(callee).is_some_and(|rest| rest.trim_start().starts_with('('));
        let first = ast.args(run).first().filter(|argument| is_meant && argument.name.is_none());
        if let Some(first) = first
            && let Expr::Binary(op, left, right) = ast.expr(first.value)
            && op.is_comparison()
        {
            found.push(ComparedCall { call, left: ast.span(left), sign: op.symbol(), right: ast.span(right) });
        }
    }
    found
}
