//! The trace of a run: its statements with the variables they read, their results and their effects, as a tree.

use serde_json::{Map, Value as Json};

use super::run::Keep;
use super::{Block, Engine, Event, HostError, Outcome};
use crate::crm::{ClientId, Effect, ProjectId, Session, Store};
use crate::diagnostic::Span;
use crate::function::{Context, StatementStart, Watcher};
use crate::value::Value;

/// So many turns of a loop are shown; the others are counted.
const SHOWN_TURNS: u64 = 5;
/// So many lines of a run are shown; the others are counted.
const SHOWN_LINES: usize = 2000;

/// What a run did at one place.
#[derive(Clone, Debug)]
pub struct TraceLine {
    /// How deep it stands in blocks, functions and calls.
    pub depth: usize,
    /// Where in the text of the block.
    pub span: Span,
    /// The statement, the head of one with blocks, or a placeholder of the message.
    pub statement: String,
    /// The variables that it read, with the values they had.
    pub reads: Map<String, Json>,
    /// Its value; of a condition whether it held, of a `for` what it took for this turn.
    pub result: Json,
    /// What it changed, besides what is changed in lines inside it.
    pub effects: Vec<Effect>,
    /// Whether the run failed here.
    pub failed: bool,
}

impl TraceLine {
    fn new(depth: usize, span: Span, statement: String) -> Self {
        Self { depth, span, statement, reads: Map::new(), result: Json::Null, effects: Vec::new(), failed: false }
    }
}

/// What a run did.
#[derive(Debug)]
pub struct Trace {
    /// Line by line, in the order in which they began.
    pub lines: Vec<TraceLine>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Engine {
    /// Runs a block like [`Engine::run`], or [`Engine::dry_run`] where nothing is to be `kept`, and shows what it did. The
    /// block must come from an engine with [`Watch::Values`](super::Watch::Values).
    ///
    /// # Errors
    /// Like [`Engine::run`].
    pub fn trace(
        &self,
        store: &dyn Store,
        (project, client): (ProjectId, ClientId),
        block: &Block,
        event: &Event,
        is_kept: bool,
    ) -> Result<Trace, HostError> {
        let keep = if is_kept { Keep::Effects } else { Keep::Nothing };
        let mut recorder = Recorder::default();
        let outcome = self.run_block(store, (project, client), block, event, keep, Some(&mut recorder))?.outcome;
        Ok(Trace { lines: recorder.finish(&outcome), outcome })
    }
}

/// Writes down what it is told.
#[derive(Default)]
pub(super) struct Recorder {
    lines: Vec<TraceLine>,
    /// What has begun and not ended: its line, unless that is left out, and the depth around it.
    open: Vec<(Option<usize>, usize)>,
    /// How deep the next statement stands.
    depth: usize,
    /// Statements with blocks that are open.
    frames: Vec<OpenStatement>,
    /// The frame whose turns are being left out.
    silent: Option<usize>,
    /// Whether the run failed in what is left out.
    failed_silently: bool,
    /// How many effects of the run have found their lines.
    effects_seen: usize,
    lines_left_out: u64,
}

/// A statement with blocks that is open.
#[derive(Default)]
struct OpenStatement {
    /// Where the head of a loop is, and its text.
    head: Option<(Span, String)>,
    turns: u64,
    /// What turns that are left out changed.
    effects: Vec<Effect>,
}

impl Recorder {
    /// Gives the effects that are new to what is open.
    fn take_effects(&mut self, context: &mut Context<'_>) {
        let effects = context.opened_host::<Session>().map_or(&[][..], |session| session.effects());
        let new = effects.get(self.effects_seen..).unwrap_or_default();
        if !new.is_empty() {
            let line = self.open.iter().rev().find_map(|(line, _)| *line);
            if let Some(frame) = self.silent.and_then(|index| self.frames.get_mut(index)) {
                frame.effects.extend_from_slice(new);
            } else if let Some(line) = line {
                self.lines[line].effects.extend_from_slice(new);
            }
            // Else it is what the event did before the block began.
        }
        self.effects_seen = effects.len();
    }

    /// Adds a line, unless there are too many.
    fn push(&mut self, line: TraceLine) -> Option<usize> {
        if self.lines.len() >= SHOWN_LINES {
            self.lines_left_out += 1;
            return None;
        }
        self.lines.push(line);
        Some(self.lines.len() - 1)
    }

    /// The lines of a run that ended.
    pub(super) fn finish(mut self, outcome: &Outcome) -> Vec<TraceLine> {
        // The message was queued after its text was made, which is the last thing that a block does.
        if outcome.message.text.is_some()
            && let Some(message) = self.lines.iter_mut().rev().find(|line| line.depth == 0)
        {
            message.effects.extend(outcome.effects.iter().skip(self.effects_seen).cloned());
        }
        if self.lines_left_out > 0 {
            let span = self.lines.last().map(|line| line.span).unwrap_or_default();
            let statement = format!("... {} more lines", self.lines_left_out);
            self.lines.push(TraceLine::new(0, span, statement));
        }
        self.lines
    }
}

impl Watcher for Recorder {
    fn begins(&mut self, context: &mut Context<'_>, what: StatementStart<'_>) {
        self.take_effects(context);
        let around = self.depth;
        // A head stands where its statement does, and what is in the blocks is deeper.
        let depth = around - usize::from(what.is_head);
        let is_past_shown_turns = what.is_head && self.frames.last().is_some_and(|frame| frame.turns >= SHOWN_TURNS);
        if let Some(frame) = self.frames.last_mut().filter(|_| what.is_head) {
            frame.head = Some((what.span, what.text.to_owned()));
        }
        let number = if self.silent.is_some() || is_past_shown_turns {
            None
        } else {
            let reads = what.reads.into_iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect();
            self.push(TraceLine { reads, ..TraceLine::new(depth, what.span, what.text.to_owned()) })
        };
        self.open.push((number, around));
        self.depth = depth + 1;
    }

    fn ends(&mut self, context: &mut Context<'_>, value: Option<Value>) {
        self.take_effects(context);
        let Some((line, around)) = self.open.pop() else { return };
        self.depth = around;
        match (line, value) {
            (Some(line), Some(value)) => self.lines[line].result = value.to_json(),
            // The innermost line is where the error is.
            (Some(line), None) => self.lines[line].failed = !self.lines[line + 1..].iter().any(|inner| inner.failed),
            (None, None) => self.failed_silently = true,
            (None, Some(_)) => {}
        }
    }

    fn opens(&mut self, context: &mut Context<'_>) {
        self.take_effects(context);
        self.frames.push(OpenStatement::default());
        self.depth += 1;
    }

    fn closes(&mut self, context: &mut Context<'_>) {
        self.take_effects(context);
        self.depth = self.depth.saturating_sub(1);
        let Some(frame) = self.frames.pop() else { return };
        if self.silent == Some(self.frames.len()) {
            self.silent = None;
            let (span, _) = frame.head.unwrap_or_default();
            let statement = format!("... {} more turns", frame.turns - SHOWN_TURNS);
            let failed = std::mem::take(&mut self.failed_silently);
            self.push(TraceLine { effects: frame.effects, failed, ..TraceLine::new(self.depth, span, statement) });
        }
    }

    fn turns(&mut self, context: &mut Context<'_>, value: Option<Value>) {
        self.take_effects(context);
        let Some(frame) = self.frames.last_mut() else { return };
        frame.turns += 1;
        let turn = frame.turns;
        let head = frame.head.clone();
        if turn > SHOWN_TURNS && self.silent.is_none() {
            self.silent = Some(self.frames.len() - 1);
        }
        // The condition of a `while` was a head of its own.
        let Some(value) = value else { return };
        if turn == 1 {
            self.ends(context, Some(value));
        } else if self.silent.is_none()
            && let Some((span, text)) = head
        {
            self.push(TraceLine { result: value.to_json(), ..TraceLine::new(self.depth - 1, span, text) });
        }
    }
}
