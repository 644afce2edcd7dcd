//! A block of a bot: a calculator, then a message.

#[cfg(doc)]
use super::Watch;
use crate::compile::{Covered, Script};
use crate::crm::BlockId;
use crate::diagnostic::{Code, Diagnostic};
use crate::function::DeliveryFlag;
use crate::program::{Expr, RefusingCall, Stmt, TextPiece};
use crate::value::{Text, Value};
use crate::wording::message;

/// A compiled block. Cheap to copy; run by any number of threads at once.
#[derive(Clone, Debug)]
pub struct Block {
    pub(super) id: Option<BlockId>,
    pub(super) script: Option<Script>,
    pub(super) message: Option<Script>,
    /// A message that is sent as it is, in place of one that is filled in.
    pub(super) text: Option<Text>,
    warnings: Vec<Diagnostic>,
    unset_words: Vec<Diagnostic>,
}

impl Block {
    pub(super) fn new(id: Option<BlockId>, script: Option<Script>, message: Option<Script>) -> Self {
        let mut warnings: Vec<Diagnostic> = Vec::new();
        for part in script.iter().chain(&message) {
            warnings.extend_from_slice(part.warnings());
        }
        if let Some(message) = &message {
            let is_set = |name: &str| script.as_ref().is_some_and(|script| script.0.globals.iter().any(|global| *global.name == *name));
            let is_variable = |name: &str| is_set(name) || message.0.has_variable(name);
            warnings.extend(crate::compile::in_message(message.source(), message.0.message, &is_variable));
        }
        if let (Some(script), Some(message)) = (&script, &message)
            && !is_surely_empty(message)
        {
            warnings.extend(refused_messages(script, message));
        }
        warnings.sort_by_key(|diagnostic| diagnostic.span);
        let unset_words = script.iter().chain(&message).flat_map(Script::unset_words).cloned().collect();
        Self { id, script, message, text: None, warnings, unset_words }
    }

    /// A block that is only a calculator.
    #[must_use]
    pub fn of_script(id: Option<BlockId>, script: Script) -> Self {
        Self::new(id, Some(script), None)
    }

    /// A block that is only a message, sent as it is: nothing in it is filled in.
    #[must_use]
    pub fn of_text(id: Option<BlockId>, text: &str) -> Self {
        Self { text: Some(text.into()), ..Self::new(id, None, None) }
    }

    /// The same block with a message that is sent as it is in place of its own.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        self.message = None;
        self.text = Some(text.into());
        self
    }

    /// The id visits are recorded under.
    #[must_use]
    pub fn id(&self) -> Option<BlockId> {
        self.id
    }

    /// Its calculator.
    #[must_use]
    pub fn script(&self) -> Option<&Script> {
        self.script.as_ref()
    }

    /// How often each statement of both parts ran and each way was taken since this was last asked, when the block was
    /// compiled to count that ([`Watch::Counts`]).
    #[must_use]
    pub fn take_covered(&self) -> Vec<Covered> {
        self.script.iter().chain(&self.message).flat_map(Script::take_covered).collect()
    }

    /// What was found when it was compiled and is not an error.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Bare words that nothing in the block sets; when it runs, the stored variables decide about them.
    #[must_use]
    pub fn unset_words(&self) -> &[Diagnostic] {
        &self.unset_words
    }

    /// Calls of both parts that need a host, as warnings; when it runs, each of them leaves a notice.
    pub fn absent_calls(&self) -> impl Iterator<Item = &Diagnostic> {
        self.script.iter().chain(&self.message).flat_map(Script::absent_calls)
    }
}

/// Whether a message is blank whatever the variables are.
fn is_surely_empty(message: &Script) -> bool {
    let is_blank = |value: &Value| value.interpolated().trim().is_empty();
    let statement = match &*message.0.body {
        [Stmt::Watched(watched)] => &watched.statement,
        [statement] => statement,
        _ => return true,
    };
    match statement {
        Stmt::Expr(Expr::Const(value)) => is_blank(value),
        Stmt::Expr(Expr::Template(pieces)) => pieces.iter().all(|piece| match piece {
            TextPiece::Text(text) => text.trim().is_empty(),
            TextPiece::Placeholder(Expr::Watched(watched)) => matches!(&watched.expression, Expr::Const(value) if is_blank(value)),
            TextPiece::Placeholder(Expr::Const(value)) => is_blank(value),
            TextPiece::Placeholder(_) => false,
        }),
        _ => true,
    }
}

/// The warnings of a message that will be refused (crm.md section 4).
fn refused_messages(script: &Script, message: &Script) -> Vec<Diagnostic> {
    let shown = message.0.message;
    // Two texts that are not of one file have no place in common.
    let one_text = message.source().starts_with(script.source());
    let warn = |refusal: &RefusingCall| {
        let RefusingCall { span, function, delivery } = refusal;
        let message = match delivery {
            DeliveryFlag::Unsubscribes => message!("message-after-unsubscribe"),
            _ => message!("message-after-block"),
        };
        let diagnostic = Diagnostic::new(Code::RefusedMessage, *span, message);
        let diagnostic = if one_text { diagnostic.label(shown, message!("this-message-label")) } else { diagnostic };
        diagnostic.help(message!("refused-message-help", function = *function))
    };
    script.refusals().iter().map(warn).collect()
}
