//! The commands of the REPL, which begin with a colon.

use std::path::{Path, PathBuf};

use calc::crm::model::Direction;
use calc::crm::{BlockId, Effect, Session, StageId};
use calc::diagnostic::closest;
use calc::diagnostic::visible::visible;
use calc::engine::{HostError, Outcome};
use calc::internals::value::calendar;
use calc::value::text_form;
use calc::wording::{Argument, Message, message};
use serde_json::{Value as Json, json};

use super::answer::{AfterInput, InputClock, Repl, ShownText};
use crate::clock;
use crate::commands::{doc, explain};
use crate::failure::Failure;
use crate::files;
use crate::language::say;
use crate::report;
use crate::setup;
use crate::source;

/// A command: its name, its argument and what it does, for `:help` and completion.
pub struct CommandHelp {
    pub name: &'static str,
    pub argument: &'static str,
    pub about: &'static str,
}

const fn help(name: &'static str, argument: &'static str, about: &'static str) -> CommandHelp {
    CommandHelp { name, argument, about }
}

pub const COMMANDS: &[CommandHelp] = &[
    help("help", "", "repl-help-help"),
    help("doc", "[NAME]", "repl-help-doc"),
    help("explain", "[CODE]", "repl-help-explain"),
    help("vars", "", "repl-help-vars"),
    help("client", "[ID]", "repl-help-client"),
    help("deal", "", "repl-help-deal"),
    help("tasks", "", "repl-help-tasks"),
    help("history", "", "repl-help-history"),
    help("say", "TEXT", "repl-help-say"),
    help("message", "TEXT", "repl-help-message"),
    help("run", "FILE", "repl-help-run"),
    help("block", "FILE [ID]", "repl-help-block"),
    help("effects", "", "repl-help-effects"),
    help("undo", "", "repl-help-undo"),
    help("commit", "", "repl-help-commit"),
    help("at", "TIME", "repl-help-at"),
    help("wait", "DURATION", "repl-help-wait"),
    help("quit", "", "repl-help-quit"),
];

/// Entries of a dialogue that are shown.
const SHOWN_HISTORY: usize = 100;

/// Why a command did nothing.
enum CommandError {
    /// What is wrong with what was typed.
    Input(Message),
    /// The command itself cannot go on.
    Failure(Failure),
}

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> Self {
        // What a file or an argument has wrong concerns this input only; a store or a stream that fails concerns all.
        if failure.code == 2 { Self::Input(failure.message()) } else { Self::Failure(failure) }
    }
}

impl From<HostError> for CommandError {
    fn from(error: HostError) -> Self {
        Failure::from(error).into()
    }
}

impl From<calc::crm::StoreError> for CommandError {
    fn from(error: calc::crm::StoreError) -> Self {
        Failure::from(error).into()
    }
}

impl Repl<'_> {
    /// Does what a line that begins with a colon asks for.
    pub(super) fn command(&mut self, line: &str) -> Result<AfterInput, Failure> {
        let words = line.trim_start_matches(':').trim_start();
        let (name, argument) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let result = self.dispatch(name, argument.trim());
        match result {
            Ok(next) => Ok(next),
            Err(CommandError::Failure(failure)) => Err(failure),
            Err(CommandError::Input(problem)) => self.refuse(line, problem).map(|()| AfterInput::Input),
        }
    }

    fn dispatch(&mut self, name: &str, argument: &str) -> Result<AfterInput, CommandError> {
        match name {
            "help" | "h" | "?" => {
                let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
                self.reply(&help_text(), json!(names))?;
            }
            "quit" | "q" | "exit" => {
                self.reply("", Json::Null)?;
                return Ok(AfterInput::Quit);
            }
            "doc" => {
                let page = doc::page(self.engine.registry(), optional(argument))?;
                self.reply(&page, json!(page))?;
            }
            "explain" => {
                let page = explain::page(optional(argument))?;
                self.reply(&page, json!(page))?;
            }
            "vars" => self.variables()?,
            "client" => self.client(argument)?,
            "deal" => self.deal()?,
            "tasks" => self.tasks()?,
            "history" => self.history()?,
            "effects" => {
                let effects = self.conversation.effects().to_vec();
                let text = sentences(&effects, &message!("nothing-since-commit"));
                self.reply(&text, json!(effects))?;
            }
            "undo" => self.undo()?,
            "commit" => self.commit()?,
            "say" => {
                let text = required(argument, message!("repl-example-say"))?;
                self.say(text)?;
            }
            "message" => {
                let text = required(argument, message!("repl-example-message"))?;
                let outcome = self.run(|conversation| conversation.message(text))?;
                self.show(&outcome, &ShownText::block("message", text))?;
            }
            "run" => self.run_file(required(argument, ":run script.calc")?)?,
            "block" => self.run_block(required(argument, ":block greeting.block")?)?,
            "at" => {
                let argument = required(argument, ":at 2026-11-22 10:00")?;
                let time = clock::in_zone(clock::local_time(argument)?, self.conversation.session()?.project().time_zone)?;
                self.travel(&format!(":at {argument}"), InputClock::new(Some(time)))?;
            }
            "wait" => {
                let argument = required(argument, ":wait 3 days")?;
                let zone = self.conversation.session()?.project().time_zone;
                let later = self.clock.after(clock::duration(argument)?).filter(|later| calendar::has(later.now(), zone));
                let outside = || CommandError::Input(message!("outside-the-calendar", text = argument));
                self.travel(&format!(":wait {argument}"), later.ok_or_else(outside)?)?;
            }
            _ => return Err(CommandError::Input(unknown(name))),
        }
        Ok(AfterInput::Input)
    }

    /// Goes to another time; what is due up to then is delivered, blocks from the folder that the command was started in.
    fn travel(&mut self, input: &str, clock: InputClock) -> Result<(), CommandError> {
        let (from, until) = (self.conversation.now(), clock.now());
        let engine = self.engine;
        // One that does not compile stays scheduled, as one that is not there does.
        let block_of = |id| {
            let source = source::read(&PathBuf::from(files::block_file(Path::new("."), id)?)).ok()?;
            setup::compile(engine, &source, Some(id)).ok()
        };
        let outcomes = self.run(|conversation| conversation.wait(input, until, &block_of))?;
        if until != from {
            self.earlier_clocks.push(self.clock);
        }
        self.clock = clock;
        let local = self.conversation.session()?.local_now().format("%d.%m.%Y %H:%M").to_string();
        Ok(self.travelled(&local, outcomes)?)
    }

    fn variables(&mut self) -> Result<(), CommandError> {
        let stored = self.conversation.session()?.client_variables()?;
        let mut lines = Vec::new();
        for (prefix, variables) in [("", &stored.deal), ("client.", &stored.client), ("project.", &stored.project)] {
            lines.extend(variables.iter().map(|(name, value)| assignment(&format!("{prefix}{name}"), value)));
        }
        let temporaries: serde_json::Map<String, Json> =
            self.conversation.temporaries().map(|(name, value)| (name.to_owned(), value)).collect();
        lines.extend(temporaries.iter().map(|(name, value)| assignment(name, value)));
        let functions: Vec<String> = self.conversation.functions().map(str::to_owned).collect();
        lines.extend(functions.iter().map(|name| format!("def {name}")));
        let text = if lines.is_empty() { say(&message!("no-variables")) } else { lines.join("\n") };
        let data = json!({
            "deal": stored.deal, "client": stored.client, "project": stored.project,
            "temporary": temporaries, "functions": functions,
        });
        Ok(self.reply(&text, data)?)
    }

    fn client(&mut self, argument: &str) -> Result<(), CommandError> {
        if !argument.is_empty() {
            let id = argument.parse().map_err(|_| CommandError::Input(message!("not-a-client-id", text = argument)))?;
            if !self.conversation.switch_client(id)? {
                return Err(CommandError::Input(message!("no-such-client", client = id.to_string())));
            }
        }
        let client = self.conversation.session()?.client();
        let mut text = say(&message!("client-line", id = client.id.to_string(), name = visible(&client.name)));
        for (is_so, word) in [(client.unsubscribed, message!("word-unsubscribed")), (client.blocked, message!("word-blocked"))] {
            if is_so {
                text.push_str(", ");
                text.push_str(&say(&word));
            }
        }
        let data = json!({"id": client.id, "name": client.name, "unsubscribed": client.unsubscribed, "blocked": client.blocked});
        Ok(self.reply(&text, data)?)
    }

    fn deal(&mut self) -> Result<(), CommandError> {
        let session = self.conversation.session()?;
        let Some(deal) = session.current_deal()?.cloned() else {
            return Ok(self.reply(&say(&message!("repl-no-current-deal")), Json::Null)?);
        };
        let stage = stage_name(session, deal.stage)?;
        let variables = session.client_variables()?.deal;
        let budget = text_form(&Json::Number(deal.budget.clone()));
        let mut text = say(&message!(
            "deal-line",
            id = deal.id.to_string(),
            name = visible(&deal.name),
            budget = budget,
            status = Effect::deal_status(deal.status),
            stage = stage
        ));
        for (name, value) in &variables {
            text.push_str("\n  ");
            text.push_str(&assignment(name, value));
        }
        let data = json!({
            "id": deal.id, "name": deal.name, "description": deal.description, "budget": deal.budget,
            "status": deal.status.word(), "stage": deal.stage, "variables": variables,
        });
        Ok(self.reply(&text, data)?)
    }

    fn tasks(&mut self) -> Result<(), CommandError> {
        let session = self.conversation.session()?;
        let mut lines = Vec::new();
        let mut data = Vec::new();
        for task in session.tasks()? {
            let operator = task.operator.map(|id| session.operator_email(id)).transpose()?;
            let due = format!("{} {:02}:{:02}", task.due_date.format("%d.%m.%Y"), task.due_time / 60, task.due_time % 60);
            let mut line = say(&message!("task-line", id = task.id.to_string(), name = visible(&task.name), due = &due));
            if let Some(operator) = &operator {
                line.push_str(&format!(", {}", visible(operator)));
            }
            if task.done {
                line.push_str(", ");
                line.push_str(&say(&message!("word-done")));
            }
            lines.push(line);
            data.push(json!({
                "id": task.id, "name": task.name, "description": task.description, "operator": operator, "due": due, "done": task.done,
            }));
        }
        let text = if lines.is_empty() { say(&message!("no-tasks")) } else { lines.join("\n") };
        Ok(self.reply(&text, json!(data))?)
    }

    fn history(&mut self) -> Result<(), CommandError> {
        let session = self.conversation.session()?;
        let entries = session.history(SHOWN_HISTORY)?;
        let mut lines = Vec::new();
        let mut data = Vec::new();
        for entry in &entries {
            let at = session.local(entry.at).format("%d.%m.%Y %H:%M").to_string();
            let mut line = format!("{at}  {}: {}", visible(&entry.author), visible(&entry.text));
            if let Some(error) = &entry.error {
                line.push_str(&format!("  ({})", say(&message!("not-sent-because", reason = Effect::refusal(&visible(error))))));
            }
            lines.push(line);
            let direction = if entry.direction == Direction::In { "in" } else { "out" };
            data.push(json!({"direction": direction, "author": entry.author, "text": entry.text, "error": entry.error, "at": at}));
        }
        let text = if lines.is_empty() { say(&message!("no-messages-yet")) } else { lines.join("\n") };
        Ok(self.reply(&text, json!(data))?)
    }

    fn undo(&mut self) -> Result<(), CommandError> {
        let Some(undone) = self.conversation.undo()? else {
            return Ok(self.reply(&say(&message!("nothing-to-undo")), Json::Null)?);
        };
        if !undone.passed.is_zero()
            && let Some(clock) = self.earlier_clocks.pop()
        {
            self.clock = clock;
            self.conversation.set_now(clock.now());
        }
        let first = undone.input.lines().next().unwrap_or_default();
        let more = if undone.input.lines().nth(1).is_some() { " ..." } else { "" };
        let mut text = say(&message!("undone", input = format!("{}{more}", visible(first))));
        for effect in &undone.effects {
            text.push_str("\n  ");
            text.push_str(&visible(&say(&effect.message())));
        }
        Ok(self.reply(&text, json!({"input": undone.input, "effects": undone.effects}))?)
    }

    fn commit(&mut self) -> Result<(), CommandError> {
        if self.is_dry {
            return Ok(self.reply(&say(&message!("dry-run-no-commit")), Json::Null)?);
        }
        let effects = self.run(calc::engine::Conversation::commit)?;
        let text = match effects.len() {
            0 => message!("committed"),
            count => message!("committed-changes", count = count),
        };
        Ok(self.reply(&say(&text), json!(effects))?)
    }

    /// Runs a file as if it had been typed: its functions and `_` names stay.
    fn run_file(&mut self, path: &str) -> Result<(), CommandError> {
        Ok(self.answer_source(&source::read(Path::new(path))?)?)
    }

    fn run_block(&mut self, argument: &str) -> Result<(), CommandError> {
        // A number behind the file is the id of the block.
        let (path, id) = match argument.rsplit_once(char::is_whitespace) {
            Some((path, id)) if id.parse::<BlockId>().is_ok() => (path.trim_end(), id.parse().ok()),
            _ => (argument, None),
        };
        let mut source = source::read(Path::new(path))?;
        source.may_be_block = true;
        let outcome = match setup::compile(self.engine, &source, id) {
            Ok(block) => self.run(|conversation| conversation.block(&block))?,
            Err(diagnostics) => Outcome::not_compiled(&diagnostics, &source.text, self.engine.language()),
        };
        Ok(self.show(&outcome, &ShownText::block(&source.name, &source.text))?)
    }
}

fn help_text() -> String {
    let mut text = String::new();
    for command in COMMANDS {
        let usage = format!(":{} {}", command.name, command.argument);
        text.push_str(&format!("{usage:<20} {}\n", say(&Message::new(command.about, Vec::new()))));
    }
    text.push_str(&say(&message!("repl-help-rest")));
    text.push('\n');
    text
}

fn unknown(name: &str) -> Message {
    match closest(name, COMMANDS.iter().map(|command| command.name)) {
        Some(meant) => message!("repl-unknown-command-meant", name = name, meant = meant),
        None => message!("repl-unknown-command", name = name),
    }
}

fn optional(argument: &str) -> Option<&str> {
    (!argument.is_empty()).then_some(argument)
}

fn required(argument: &str, example: impl Into<Argument>) -> Result<&str, CommandError> {
    optional(argument).ok_or_else(|| CommandError::Input(message!("repl-argument-missing", example = example)))
}

fn sentences(effects: &[Effect], nothing: &Message) -> String {
    let lines: Vec<String> = effects.iter().map(|effect| visible(&say(&effect.message())).into_owned()).collect();
    if lines.is_empty() { say(nothing) } else { lines.join("\n") }
}

/// `x = "text"`
fn assignment(name: &str, value: &Json) -> String {
    format!("{} = {}", visible(name), report::shown(value))
}

fn stage_name(session: &mut Session, stage: Option<StageId>) -> Result<String, CommandError> {
    let Some(id) = stage else { return Ok(say(&message!("unprocessed"))) };
    let pipelines = session.pipelines()?.iter();
    let mut stages = pipelines.flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)));
    let found = stages.find(|(_, stage)| stage.id == id);
    Ok(found.map_or_else(
        || say(&message!("stage-line", id = id.to_string())),
        |(pipeline, stage)| format!("{} / {}", visible(&stage.name), visible(&pipeline.name)),
    ))
}
