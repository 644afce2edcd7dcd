//! Calls of builtins and of user functions.

use super::{Eval, Flow, MAX_DIAGNOSTICS, Machine, SMALL, Stop, Stopped};
use crate::diagnostic::{Code, Diagnostic, Fault, Span};
use crate::function::{CallError, Failed, Family, Notice, Role};
use crate::program::{AbsentCall, Call, UserCall};
use crate::value::Value;
use crate::wording::{Message, message};

/// How many calls inside each other share one look at the stack.
const CALLS_A_LOOK: u32 = 8;

/// Stack that calls need until the next look at it, in a script nested this deep.
pub(super) fn stack_needed(nesting: u32) -> usize {
    let frame = if cfg!(debug_assertions) { 8 << 10 } else { 1 << 10 };
    CALLS_A_LOOK as usize * (nesting as usize + 8) * frame
}

impl<'p> Machine<'p, '_, '_> {
    #[inline(never)]
    pub(super) fn call(&mut self, call: &'p Call) -> Eval {
        // Few arguments need no room of their own.
        match &*call.arguments {
            [] => self.call_with(call, []),
            [first] => {
                let first = self.eval(first)?;
                self.call_with(call, [first])
            }
            [first, second] => {
                let arguments = [self.eval(first)?, self.eval(second)?];
                self.call_with(call, arguments)
            }
            [first, second, third] => {
                let arguments = [self.eval(first)?, self.eval(second)?, self.eval(third)?];
                self.call_with(call, arguments)
            }
            all => {
                let mut arguments = Vec::with_capacity(all.len());
                for argument in all {
                    arguments.push(self.eval(argument)?);
                }
                self.call_with_many(call, &mut arguments)
            }
        }
    }

    /// Calls a builtin with a few arguments that have been worked out.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "arguments stay in registers on the way from their expressions")]
    pub(super) fn call_with<const N: usize>(&mut self, call: &'p Call, mut arguments: [Value; N]) -> Eval {
        if call.builtin.family == Family::Host {
            return self.call_on_host(call, &mut arguments);
        }
        let size = size_of_all(&arguments);
        let result = call.builtin.run(self.context, &mut arguments);
        // The function has mostly taken them out, so that none is left to be dropped.
        for argument in arguments {
            argument.let_go();
        }
        self.after_call(call, result, size)
    }

    /// Calls a builtin with any number of arguments that have been worked out.
    pub(super) fn call_with_many(&mut self, call: &'p Call, arguments: &mut [Value]) -> Eval {
        if call.builtin.family == Family::Host {
            return self.call_on_host(call, arguments);
        }
        let size = size_of_all(arguments);
        let result = call.builtin.run(self.context, arguments);
        self.after_call(call, result, size)
    }

    /// Calls a function that works on the host: the host knows all variables before, and may have changed them afterwards.
    #[inline(never)]
    fn call_on_host(&mut self, call: &'p Call, arguments: &mut [Value]) -> Eval {
        self.count_host_call().map_err(|stopped| self.place(stopped, call.span))?;
        self.before_host_call().map_err(|stopped| self.place(stopped, call.span))?;
        let size = size_of_all(arguments);
        let result = call.builtin.run(self.context, arguments);
        let forgotten = self.after_host_call();
        // What the call itself ended in comes first: a failure of the host must not become an error of the script.
        let value = self.after_call(call, result, size)?;
        forgotten.map_err(|stopped| self.place(stopped, call.span))?;
        Ok(value)
    }

    /// What a call returned, for arguments of about this size: mostly a small value and nothing besides.
    #[inline]
    fn after_call(&mut self, call: &'p Call, result: Result<Value, Failed>, size: u64) -> Eval {
        match result {
            Ok(value) if (size | value.size()) <= SMALL && !self.context.has_side_results() => Ok(value),
            result => self.after_unusual_call(call, result, size),
        }
    }

    #[inline(never)]
    fn after_unusual_call(&mut self, call: &'p Call, result: Result<Value, Failed>, size: u64) -> Eval {
        let value = match result {
            Ok(value) => value,
            Err(failed) => {
                let why = self.context.why(failed);
                self.failed(call, *why)?
            }
        };
        if self.context.has_side_results() {
            self.take_side_results(call)?;
        }
        self.after_work_on(size).map_err(|stopped| self.place(stopped, call.span))?;
        self.admit(value).map_err(|stopped| self.place(stopped, call.span))
    }

    /// A call of a platform function that nobody provides: its arguments are evaluated, and that is all.
    pub(super) fn absent_call(&mut self, call: &'p AbsentCall) -> Eval {
        for argument in &call.arguments {
            self.eval(argument)?.let_go();
        }
        let diagnostic = Diagnostic::new(Code::AbsentFunction, call.span, message!("absent-function", name = call.function.name));
        self.note(diagnostic.help(message!("absent-function-help", group = call.function.group_in_words())));
        Ok(Value::None)
    }

    /// Keeps a notice; a loop that gives rise to a thousand of one kind says it once.
    #[cold]
    pub(super) fn note(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS && !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn count_host_call(&mut self) -> Eval<()> {
        self.crm_calls += 1;
        let limit = self.context.limits().crm_calls;
        if self.crm_calls > limit {
            let fault = Fault::new(Code::CrmCallLimit, message!("crm-call-limit", limit = limit));
            return Err(self.stop(Box::new(fault.help(message!("crm-call-limit-help")))));
        }
        // What the calls before have made the host remember counts as well.
        self.context.check_memory(0).map_err(|fault| self.stop(fault))
    }

    /// A call that returned no value: the function's failure value with a notice, or an error at the argument.
    #[cold]
    fn failed(&mut self, call: &'p Call, error: CallError) -> Eval {
        match error {
            CallError::Rest { number, fault } => {
                let parameter = call.builtin.parameters.last().map_or("", |last| last.name);
                let place = call.builtin.parameters.len().saturating_sub(1).saturating_add(number);
                self.failed_at(call, parameter, call.spans.get(place).copied().unwrap_or(call.span), fault)
            }
            CallError::Argument { parameter, fault } => self.failed_at(call, parameter, argument_span(call, parameter), fault),
            CallError::Refused { roles, fault, instead } => match (call.builtin.parameter_of(roles), call.builtin.failure) {
                (Some(parameter), Some(failure)) => {
                    self.add_notice(call, Notice { parameter: parameter.name, fault })?;
                    Ok(instead.unwrap_or_else(|| failure.value()))
                }
                (Some(parameter), None) => self.failed(call, CallError::Argument { parameter: parameter.name, fault }),
                (None, _) => Err(self.stop(fault.at(call.span))),
            },
            CallError::Fault(fault) => Err(self.stop(fault.at(call.span))),
            CallError::Host(error) => Err(self.stop(Stop::Host(error))),
        }
    }

    /// An argument at a place that the function cannot work with: its failure value and a notice, or an error there.
    fn failed_at(&mut self, call: &'p Call, parameter: &'static str, span: Span, fault: Fault) -> Eval {
        if let Some(failure) = call.builtin.failure {
            self.add_notice_at(call, Notice { parameter, fault }, span)?;
            return Ok(failure.value());
        }
        let mut diagnostic = fault.at(span);
        diagnostic.message = message!("bad-argument", parameter = parameter, problem = diagnostic.message);
        diagnostic.help = diagnostic.help.or_else(|| Some(message!("signature-help", signature = call.builtin.signature())));
        if diagnostic.code == Code::RefusedArgument {
            diagnostic.code = Code::BadArgument;
        }
        Err(self.stop(diagnostic))
    }

    fn add_notice(&mut self, call: &'p Call, notice: Notice) -> Eval<()> {
        let span = argument_span(call, notice.parameter);
        self.add_notice_at(call, notice, span)
    }

    fn add_notice_at(&mut self, call: &'p Call, notice: Notice, span: Span) -> Eval<()> {
        let message =
            message!("refused-argument", function = call.builtin.name, parameter = notice.parameter, problem = notice.fault.message);
        let mut diagnostic = Diagnostic::new(Code::RefusedArgument, span, message);
        diagnostic.help = match notice.fault.help {
            None => self.known_for(call, notice.parameter)?,
            help => help,
        };
        self.note(diagnostic);
        Ok(())
    }

    /// What the host has that an argument of a parameter could have named.
    fn known_for(&mut self, call: &'p Call, parameter: &str) -> Eval<Option<Message>> {
        let declared = call.builtin.parameters.iter().find(|declared| declared.name == parameter);
        let Some(role @ Role::Host(_)) = declared.map(|declared| declared.role) else { return Ok(None) };
        match self.context.known(role) {
            Ok(known) => Ok(known),
            Err(error) => self.failed(call, *error).map(|_| None),
        }
    }

    /// Takes notices and variables that a function left in the context.
    #[cold]
    fn take_side_results(&mut self, call: &'p Call) -> Eval<()> {
        for notice in std::mem::take(&mut self.context.notices) {
            self.add_notice(call, notice)?;
        }
        for (name, value) in std::mem::take(&mut self.context.assignments) {
            self.set_by_name(&name, value)?;
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn user_call(&mut self, call: &'p UserCall) -> Eval {
        let function = &self.program.functions[call.function as usize];
        if self.depth >= self.depth_limit {
            return Err(self.too_many_calls(call.span));
        }
        let base = self.stack.len();
        for argument in &call.arguments {
            let value = match argument {
                Some(argument) => Some(self.eval(argument)?),
                None => None,
            };
            self.stack.push(value);
        }
        let slots = base + function.slots as usize;
        while self.stack.len() < slots {
            self.stack.push(None);
        }
        let caller = std::mem::replace(&mut self.base, base);
        let caller_function = self.function.replace(call.function);
        self.depth += 1;
        // Looking how much stack is left costs something in every call, so only every eighth call does.
        let result = if self.depth % CALLS_A_LOOK == 1 {
            let needed = self.call_stack;
            stacker::maybe_grow(needed, 4 * needed + (1 << 20), || self.run_function(call))
        } else {
            self.run_function(call)
        };
        self.depth -= 1;
        self.function = caller_function;
        self.base = caller;
        match self.stack.len() - base {
            1 => drop(self.stack.pop()),
            _ => self.stack.truncate(base),
        }
        match result {
            Ok(_) => Ok(std::mem::take(&mut self.returned)),
            Err(stopped) => {
                let stopped = self.place(stopped, call.span);
                Err(self.called_from(stopped, call.span))
            }
        }
    }

    #[inline]
    fn run_function(&mut self, call: &'p UserCall) -> Eval<Flow> {
        let function = &self.program.functions[call.function as usize];
        if !call.is_complete {
            for (index, default) in function.defaults.iter().enumerate() {
                if call.arguments.get(index).is_none_or(Option::is_none)
                    && let Some(default) = default
                {
                    let value = self.eval(default)?;
                    self.stack[self.base + index] = Some(value);
                }
            }
        }
        self.block(&function.body)
    }

    #[cold]
    fn too_many_calls(&mut self, span: Span) -> Stopped {
        let limit = self.context.limits().depth;
        let fault = Fault::new(Code::DepthLimit, message!("depth-limit", limit = limit));
        self.stop(fault.help(message!("depth-limit-help")).at(span))
    }
}

/// About the size of the largest of some values: at least that, and less than twice as much.
#[inline]
fn size_of_all(values: &[Value]) -> u64 {
    let mut size = 0;
    for value in values {
        size |= value.size();
    }
    size
}

/// Where the argument for a parameter is.
fn argument_span(call: &Call, parameter: &str) -> Span {
    let index = call.builtin.parameters.iter().position(|declared| declared.name == parameter);
    index.and_then(|index| call.spans.get(index)).copied().unwrap_or(call.span)
}
