//! Stages, operators and blocks that a script names and the project does not have.

use std::collections::BTreeSet;

use crate::check::names;
use crate::crm::{BlockId, ProjectFile, role};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::function::Registry;
use crate::syntax::ast::{Ast, Expr, ExprId};
use crate::wording::{Argument, message};

/// So many of what there is are named in a help line.
const NAMED: usize = 8;

/// What a project has.
pub(in crate::check) struct KnownIds<'p> {
    project: &'p ProjectFile,
    /// The blocks of the bot, as far as files and dialogues tell. None is known of a bot that nobody has talked to and
    /// whose files have no ids: then none is missing either.
    blocks: BTreeSet<BlockId>,
}

impl<'p> KnownIds<'p> {
    /// Of a project and the ids that files have in their names.
    pub fn of(project: &'p ProjectFile, files: impl Iterator<Item = BlockId>) -> Self {
        let clients = &project.clients;
        let visited = clients.iter().flat_map(|client| client.visits.iter().map(|visit| visit.block));
        let scheduled = clients.iter().flat_map(|client| client.scheduled.iter().filter_map(|message| message.block));
        Self { project, blocks: files.chain(visited).chain(scheduled).collect() }
    }

    /// Warnings about what is not there.
    pub fn unknown(&self, ast: &Ast, source: &str, registry: &Registry) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for call in ast.all_expressions().filter(|id| matches!(ast.expr(*id), Expr::Call(_))) {
            let name = names::callee_span(source, ast.span(call));
            let Some(builtin) = source.get(name.range()).and_then(|name| registry.get(name)) else { continue };
            for (parameter, argument) in names::arguments(ast, source, call, builtin) {
                let span = ast.span(argument);
                let role = builtin.parameters[parameter].role;
                let found = match (number(ast, argument), ast.literal(argument)) {
                    (Some(id), _) if role == role::STAGE => self.stage(id, span),
                    (Some(id), _) if role == role::BLOCK => self.block(id, span),
                    (_, Some(email)) if role == role::OPERATOR => self.operator(email, span),
                    _ => None,
                };
                diagnostics.extend(found);
            }
        }
        diagnostics
    }

    fn stage(&self, id: i64, span: Span) -> Option<Diagnostic> {
        let stages: Vec<_> = self.project.pipelines.iter().flat_map(|pipeline| &pipeline.stages).collect();
        // 0 means deals in no stage yet.
        if id == 0 || stages.iter().any(|stage| stage.id.0 == id) {
            return None;
        }
        let known: Vec<String> = stages.iter().take(NAMED).map(|stage| format!("{} ({})", stage.id, stage.name)).collect();
        let diagnostic = Diagnostic::new(Code::UnknownId, span, message!("no-stage", id = id));
        Some(diagnostic.help(message!("known-stages", stages = Argument::all(known))))
    }

    fn block(&self, id: i64, span: Span) -> Option<Diagnostic> {
        if self.blocks.is_empty() || self.blocks.contains(&BlockId(id)) {
            return None;
        }
        let known: Vec<String> = self.blocks.iter().take(NAMED).map(ToString::to_string).collect();
        let diagnostic = Diagnostic::new(Code::UnknownId, span, message!("no-block", id = id));
        Some(diagnostic.help(message!("known-blocks", blocks = Argument::all(known))))
    }

    fn operator(&self, email: &str, span: Span) -> Option<Diagnostic> {
        let is_known = self.project.operators.iter().any(|entry| entry.operator.email.eq_ignore_ascii_case(email));
        if is_known || !email.contains('@') {
            return None;
        }
        let known: Vec<&str> = self.project.operators.iter().take(NAMED).map(|entry| entry.operator.email.as_str()).collect();
        let diagnostic = Diagnostic::new(Code::UnknownId, span, message!("no-operator", email = email));
        Some(diagnostic.help(message!("known-operators", operators = Argument::all(known))))
    }
}

/// The whole number that an argument is, be it written as text.
fn number(ast: &Ast, argument: ExprId) -> Option<i64> {
    match ast.expr(argument) {
        Expr::Int(id) => Some(id),
        _ => ast.literal(argument)?.trim().parse().ok(),
    }
}
