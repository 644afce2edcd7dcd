//! Walks a script. Knows slots, values and limits; the CRM and everything else outside it reaches through the context.
//! Knows no SQL and no name of a function.

mod call;
mod collection;
mod expression;
mod globals;
mod names;
mod operator;
mod statement;
mod stop;
mod watch;
mod word;

use crate::diagnostic::{Code, Diagnostic, Fault, Span};
use crate::function::Context;
use crate::program::{Program, Script, Stmt, VariableSlot};
use crate::value::{Extent, MAX_DEPTH, Value};
use crate::wording::message;
use globals::Globals;
use names::SlotNames;
pub(crate) use stop::Stop;
use stop::{Eval, Stopped};

/// Steps between two looks at the clock and the memory.
const STRIDE: u32 = 1024;
/// Up to so many expressions in one statement are what a step may take; with more there are more looks.
const PLAIN: u32 = 64;

/// A value of this size or less is neither too large nor too deep: every level has a size of its own.
const SMALL: u64 = 1024;
const _: () = assert!(SMALL < Extent::CONTAINER.size * MAX_DEPTH as u64, "deeper values are larger");

/// Slots that are there before the first call asks for some: enough for a few small frames.
const FRAME: usize = 32;

/// More notices and warnings of one run than this help nobody.
const MAX_DIAGNOSTICS: usize = 500;

/// How a statement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
    Return,
}

/// What a script has done, besides what the session of the context knows.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The value of the run.
    pub value: Value,
    /// The assignments of the run, last write of a name; `None` for a deleted one.
    pub variables: Vec<(String, Option<Value>)>,
    /// What it assigned to names that are never stored; the message of the block still sees them.
    pub temporaries: Vec<(Box<str>, Value)>,
    /// Warnings and notices found while it ran.
    pub diagnostics: Vec<Diagnostic>,
    /// Statements and loop turns.
    pub steps: u64,
    /// Calls of CRM functions.
    pub crm_calls: u64,
}

/// What is kept of a run for whoever started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Variables,
    ValueOnly,
}

/// Runs a script, with names that are never stored as an earlier part of the block left them. What it assigned is
/// written to the session of the context.
pub(crate) fn run(
    script: &Script,
    context: &mut Context<'_>,
    temporaries: Vec<(Box<str>, Value)>,
    kept: Kept,
) -> (Result<(), Box<Stop>>, Finished) {
    context.start_clock();
    let entered = context.meter.enter();
    let mut machine = Machine::new(&script.0, context, kept);
    machine.set_temporaries(temporaries);
    let result = stacker::maybe_grow(crate::compile::STACK, 2 * crate::compile::STACK, || machine.run());
    let (value, result) = match result {
        Ok(value) => (value, Ok(())),
        Err(stopped) => {
            let stopped = machine.place(stopped, Span::default());
            (Value::None, Err(machine.why(stopped)))
        }
    };
    let finished = machine.finish(value);
    context.meter.leave(entered);
    (result, finished)
}

/// The state of one run.
struct Machine<'p, 'c, 'r> {
    program: &'p Program,
    context: &'c mut Context<'r>,
    globals: Globals,
    names: SlotNames<'p>,
    /// Frames of all calls in one row; `None` is a local that has not been set.
    stack: Vec<Option<Value>>,
    base: usize,
    /// The user function that runs.
    function: Option<u32>,
    depth: u32,
    depth_limit: u32,
    /// Stack that calls need until the next look at it.
    call_stack: usize,
    /// Steps left until the next look at the limits.
    fuel: u32,
    /// Steps between two looks: fewer where a single step can be long.
    stride: u32,
    /// Steps up to the last look, the fuel given out then included.
    steps: u64,
    crm_calls: u64,
    /// What the function that ended last returns.
    returned: Value,
    /// Why the run has to end early.
    why: Option<Box<Stop>>,
    diagnostics: Vec<Diagnostic>,
    /// Turns of the watched loop that runs.
    turns: u64,
}

impl<'p, 'c, 'r> Machine<'p, 'c, 'r> {
    fn new(program: &'p Program, context: &'c mut Context<'r>, kept: Kept) -> Self {
        let mut stack = Vec::with_capacity(program.slots as usize + if program.functions.is_empty() { 0 } else { FRAME });
        stack.resize(program.slots as usize, None);
        let stride = (STRIDE * PLAIN / program.heaviest.max(PLAIN)).max(1);
        let fuel = u32::try_from(context.limits().steps).unwrap_or(u32::MAX).min(stride);
        Self {
            program,
            globals: Globals::new(program.globals.len(), kept),
            names: SlotNames::default(),
            stack,
            base: 0,
            function: None,
            depth: 0,
            depth_limit: context.limits().depth,
            call_stack: call::stack_needed(program.nesting),
            fuel,
            stride,
            steps: u64::from(fuel),
            crm_calls: 0,
            returned: Value::None,
            why: None,
            diagnostics: Vec::new(),
            turns: 0,
            context,
        }
    }

    fn run(&mut self) -> Eval {
        let body = &self.program.body;
        let mut value = Value::None;
        let rest = match self.program.value {
            None => &body[..],
            Some(index) => {
                let (before, rest) = body.split_at(index as usize);
                self.block(before)?;
                match rest.split_first() {
                    Some((valued, after)) => {
                        value = self.value_of(valued)?;
                        after
                    }
                    None => rest,
                }
            }
        };
        self.block(rest)?;
        self.flush()?;
        Ok(value)
    }

    /// Runs the one statement whose value is that of the run, and keeps what it computed: nothing is evaluated again.
    fn value_of(&mut self, statement: &'p Stmt) -> Eval {
        match statement {
            Stmt::Expr(expr) => {
                self.step()?;
                self.eval(expr)
            }
            Stmt::Assign(place, value) => {
                self.step()?;
                let value = self.eval(value)?;
                self.set_place(*place, value.clone());
                Ok(value)
            }
            Stmt::AssignMany(many) => {
                self.step()?;
                self.assign_many(many)
            }
            Stmt::AssignItem(item) => {
                self.step()?;
                let value = self.eval(&item.value)?;
                self.set_item(&item.path, item.op, value, item.span)
            }
            Stmt::Watched(watched) => self.watched_value(watched),
            // The variable was just given its value: looking at it is not a second evaluation.
            Stmt::Update(place, _) | Stmt::Augment(place, _) => {
                self.statement(statement)?;
                self.current(*place)
            }
            other => {
                self.statement(other)?;
                Ok(Value::None)
            }
        }
    }

    fn current(&mut self, place: VariableSlot) -> Eval {
        match place {
            VariableSlot::Local(slot) => Ok(self.stack[self.base + slot as usize].clone().unwrap_or_default()),
            VariableSlot::Global(slot) => self.read_global(slot),
        }
    }

    fn finish(mut self, value: Value) -> Finished {
        let steps = self.steps - u64::from(self.fuel);
        let (variables, temporaries) = self.take_assigned();
        Finished { value, variables, temporaries, diagnostics: std::mem::take(&mut self.diagnostics), steps, crm_calls: self.crm_calls }
    }

    /// Counts a statement or a loop turn.
    #[inline]
    fn step(&mut self) -> Eval<()> {
        if self.fuel == 0 {
            return self.refuel();
        }
        self.fuel -= 1;
        Ok(())
    }

    /// Looks at the limits and gives out new fuel.
    #[cold]
    #[inline(never)]
    fn refuel(&mut self) -> Eval<()> {
        let limit = self.context.limits().steps;
        let left = limit.saturating_sub(self.steps);
        if left == 0 {
            let fault = Fault::new(Code::StepLimit, message!("step-limit", limit = limit));
            return Err(self.stop(Box::new(fault.help(message!("step-limit-help")))));
        }
        self.context.check_time().and_then(|()| self.context.check_memory(0)).map_err(|fault| self.stop(fault))?;
        let fuel = u32::try_from(left).unwrap_or(u32::MAX).min(self.stride);
        self.steps += u64::from(fuel);
        self.fuel = fuel - 1;
        Ok(())
    }

    /// Accounts for work on something of this size; little of it is what every step may take.
    #[inline]
    fn after_work_on(&mut self, size: u64) -> Eval<()> {
        if size > SMALL { self.look_at_limits(size) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn look_at_limits(&mut self, size: u64) -> Eval<()> {
        // What is larger than all the memory there may be is refused, whether or not it shares its parts.
        let checked = if size > self.context.limits().memory as u64 {
            self.context.check_memory(usize::MAX / 2)
        } else {
            self.context.check_memory(0)
        };
        checked.and_then(|()| self.context.work(size)).map_err(|fault| self.stop(fault))
    }

    /// Refuses a value that is too deep or too large to be walked.
    #[inline]
    fn admit(&mut self, value: Value) -> Eval {
        if value.size() <= SMALL { Ok(value) } else { self.admit_large(value) }
    }

    #[inline(never)]
    fn admit_large(&mut self, value: Value) -> Eval {
        let extent = value.extent();
        self.after_work_on(extent.size)?;
        if extent.depth > MAX_DEPTH && value.is_too_deep() {
            return Err(self.too_deep());
        }
        Ok(value)
    }

    #[cold]
    #[inline(never)]
    fn too_deep(&mut self) -> Stopped {
        let fault = Fault::new(Code::ValueTooDeep, message!("value-too-deep", limit = MAX_DEPTH));
        self.stop(Box::new(fault.help(message!("value-too-deep-help"))))
    }
}
