//! Functions that earlier inputs of a conversation defined: found in an input, and put behind a later one that calls them.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::ast::Stmt;
use crate::syntax::{self, normal_form};
use crate::wording::message;

/// A function that an input defined.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Definition {
    pub(super) name: String,
    /// Its source text, from `def` to the end of its block.
    text: String,
}

/// What an input consists of, if it parses.
pub(super) fn of(source: &str, options: syntax::ParseOptions<'_>) -> Result<Vec<Definition>, Vec<Diagnostic>> {
    let parsed = syntax::parse(source, options);
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(parsed.diagnostics);
    }
    let ast = &parsed.ast;
    let statements = ast.block(ast.root());
    let mut definitions = Vec::new();
    for (index, id) in statements.iter().enumerate() {
        let (Stmt::Def(number), span) = ast.stmt(*id) else { continue };
        let next = statements.get(index + 1).map_or(source.len(), |next| ast.stmt(*next).1.start as usize);
        let name = normal_form(&source[ast.function(number).name.range()]).into_owned();
        definitions.push(Definition { name, text: source[span.start as usize..next].trim_end().to_owned() });
    }
    Ok(definitions)
}

/// An input with the earlier functions it needs behind it.
pub(super) struct Joined {
    pub(super) source: String,
    input: u32,
    /// Where each function begins, with its name.
    parts: Vec<(u32, String)>,
}

impl Joined {
    /// Functions are hoisted, so they may stand behind the input, whose places then stay what they are.
    pub(super) fn new(input: &str, own: &[Definition], earlier: &[Definition]) -> Self {
        let mut called_names = called(input);
        let mut needed = vec![false; earlier.len()];
        loop {
            let is_next = |(index, definition): &(usize, &Definition)| {
                !needed[*index] && called_names.contains(&definition.name) && own.iter().all(|own| own.name != definition.name)
            };
            let Some((index, definition)) = earlier.iter().enumerate().find(is_next) else { break };
            called_names.extend(called(&definition.text));
            needed[index] = true;
        }
        let mut source = input.to_owned();
        let mut parts = Vec::new();
        for (definition, _) in earlier.iter().zip(&needed).filter(|(_, needed)| **needed) {
            source.push('\n');
            parts.push((position(source.len()), definition.name.clone()));
            source.push_str(&definition.text);
        }
        Self { source, input: position(input.len()), parts }
    }

    /// The diagnostics as they concern the input: warnings of earlier functions were given before, errors in them
    /// are shown where the input called them.
    pub(super) fn of_input(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let is_inside = |span: Span| span.end <= self.input;
        let mut kept = Vec::with_capacity(diagnostics.len());
        for mut diagnostic in diagnostics {
            let call = diagnostic.labels.iter().find(|label| is_inside(label.span)).map(|label| label.span);
            if !is_inside(diagnostic.span) {
                if !diagnostic.is_error() && call.is_none() {
                    continue;
                }
                let part = self.parts.partition_point(|(start, _)| *start <= diagnostic.span.start);
                let name = part.checked_sub(1).map_or("", |part| self.parts[part].1.as_str());
                diagnostic.message = message!("inside-function", name = name, problem = diagnostic.message);
                diagnostic.span = call.unwrap_or(Span::new(0, self.input));
                diagnostic.fix = None;
            }
            let span = diagnostic.span;
            diagnostic.labels.retain(|label| is_inside(label.span) && label.span != span);
            kept.push(diagnostic);
        }
        kept
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Everything in a text that may be a call. A word too many only carries a function along that is not called.
fn called(text: &str) -> HashSet<String> {
    let is_inside = |character: char| character == '_' || unicode_ident::is_xid_continue(character);
    let mut names = HashSet::new();
    for before in text.split('(') {
        let before = before.trim_end();
        let start = before.rfind(|character| !is_inside(character)).map_or(0, |at| before.ceil_char_boundary(at + 1));
        names.insert(normal_form(&before[start..]).into_owned());
    }
    names
}
