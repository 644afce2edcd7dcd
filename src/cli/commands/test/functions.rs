//! The functions of test files: they play a dialogue and look at what the last run did. Declared like those of any host.

use calc::crm::{BlockId, ClientId, Effect};
use calc::diagnostic::{Code, Fault};
use calc::engine::Block;
use calc::function::{Arguments, Builtin, CallResult, Context, Optional, Whole};
use calc::value::{Text, Value};
use calc::wording::message;
use serde_json::Value as Json;

use super::dialogue::{NamedText, Problem, SharedDialogue};
use super::expectation::Comparison;

/// The fields that effects have (docs/json.md), by which they can be chosen.
const FIELDS: &[&str] = &[
    "id",
    "client",
    "name",
    "description",
    "budget",
    "stage",
    "stage_name",
    "pipeline",
    "pipeline_name",
    "operator",
    "phone",
    "email",
    "old",
    "new",
    "value",
    "old_stage",
    "old_stage_name",
    "until",
    "text",
    "count",
    "block",
    "due_at",
    "due_date",
    "due_time",
    "do_not_cancel",
    "error",
];

/// The group of the functions on pages and in lists.
const GROUP: &str = "tests";

fn function(name: &'static str, summary: &'static str) -> calc::function::FunctionBuilder {
    Builtin::builder(name, summary).group(GROUP).acts()
}

/// All functions, working on one dialogue.
pub fn all(shared: &SharedDialogue) -> Vec<Builtin> {
    let mut functions = Vec::new();
    functions.extend(setting(shared));
    functions.extend(runs(shared));
    functions.extend(questions(shared));
    functions.extend(expectations(shared));
    functions
}

fn setting(shared: &SharedDialogue) -> [Builtin; 5] {
    let on = || shared.clone();
    let fixture = on();
    let clock = on();
    let seed = on();
    let client = on();
    let event = on();
    [
        function("fixture", "Begins with a project from a file beside the test, or from a dict.")
            .parameter::<Value>("project", "the name of the file, or the project as a dict")
            .body(move |context, arguments| {
                let project: Value = arguments.take("project")?;
                fixture.between(context, |dialogue| match &project {
                    Value::Text(name) => {
                        let file = dialogue.file(name)?;
                        dialogue.fixture(&file.name, &file.text)
                    }
                    _ => dialogue.fixture("the project", &project.to_json().to_string()),
                })?;
                Ok(Value::None)
            }),
        function("clock", "Sets the time, in the time zone of the project; it stands still until `wait` or `clock`.")
            .parameter::<Text>("time", "such as `2026-11-22 10:00`")
            .body(move |context, arguments| {
                let time: Text = arguments.take("time")?;
                clock.between(context, |dialogue| dialogue.set_clock(&time))?;
                Ok(Value::None)
            }),
        function("seed", "Sets the seed of random functions.").parameter::<Whole>("n", "any whole number").body(
            move |context, arguments| {
                let Whole(number) = arguments.take("n")?;
                *context.random() = fastrand::Rng::with_seed(number.cast_unsigned());
                seed.between(context, |dialogue| {
                    dialogue.set_seed(number.cast_unsigned());
                    Ok(())
                })?;
                Ok(Value::None)
            },
        ),
        function("client", "Continues with the dialogue of a client.").parameter::<Whole>("id", "the client").body(
            move |context, arguments| {
                let Whole(id) = arguments.take("id")?;
                client.between(context, |dialogue| dialogue.set_client(ClientId(id)))?;
                Ok(Value::None)
            },
        ),
        function("event", "Gives the next run an event id; the same id again is a redelivery.").parameter::<Text>("id", "the id").body(
            move |context, arguments| {
                let id: Text = arguments.take("id")?;
                event.between(context, |dialogue| dialogue.set_event(&id))?;
                Ok(Value::None)
            },
        ),
    ]
}

fn runs(shared: &SharedDialogue) -> [Builtin; 4] {
    let (say, wait, run_block, run_script) = (shared.clone(), shared.clone(), shared.clone(), shared.clone());
    [
        function("say", "The client writes: it is subscribed again, and `question` is its text. Runs nothing.")
            .parameter::<Value>("text", "what the client writes")
            .body(move |context, arguments| {
                let text: Value = arguments.take("text")?;
                let text = calc::value::text_form(&text.to_json());
                say.between(context, |dialogue| dialogue.say(&text))?;
                Ok(Value::None)
            }),
        function("wait", "Lets time pass, such as `3 days`; what falls due meanwhile is delivered.")
            .parameter::<Text>("duration", "a number and a unit")
            .body(move |context, arguments| {
                let duration: Text = arguments.take("duration")?;
                wait.between(context, |dialogue| dialogue.wait(&duration))?;
                Ok(Value::None)
            }),
        function("run_block", "Runs a block: a file beside the test, or the text of a calculator and of a message.")
            .parameter::<Text>("calculator", "the name of the file, or the calculator")
            .parameter::<Optional>("message", "the message, when the first is no file")
            .parameter::<Option<Whole>>("block", "the id of the block")
            .body(move |context, arguments| {
                let calculator: Text = arguments.take("calculator")?;
                let message: Optional = arguments.take("message")?;
                let id: Option<Whole> = arguments.take("block")?;
                let message = if is_absent(&message.0) { None } else { Some(calc::value::text_form(&message.0.to_json())) };
                run(&run_block, context, "calculator", &calculator, message.as_deref(), id.map(|Whole(id)| BlockId(id)), true)
            }),
        function("run_script", "Runs a script: a file beside the test, or its text.")
            .parameter::<Text>("script", "the name of the file, or the script")
            .body(move |context, arguments| {
                let script: Text = arguments.take("script")?;
                run(&run_script, context, "script", &script, None, None, false)
            }),
    ]
}

/// Runs a file or a text; a run that fails is a problem of the test unless the test asks about it.
fn run(
    shared: &SharedDialogue,
    context: &mut Context<'_>,
    parameter: &'static str,
    script: &str,
    message: Option<&str>,
    id: Option<BlockId>,
    is_block: bool,
) -> CallResult<Value> {
    let is_file = message.is_none() && !script.contains('\n') && [".block", ".calc"].iter().any(|end| script.ends_with(end));
    let problem = shared.between(context, |dialogue| {
        let source =
            if is_file { dialogue.file(script)? } else { NamedText { name: parameter.to_owned(), text: script.to_owned(), path: None } };
        let id = id.or_else(|| dialogue.block().filter(|_| is_block));
        let engine = dialogue.engine();
        let compiled = match message {
            Some(message) => engine.block(id, script, message),
            None if is_block => engine.block_file(id, &source.text),
            None => engine.compile(&source.text).map(|script| Block::of_script(id, script)),
        };
        dialogue.run(source, compiled)
    })?;
    if let Some(number) = problem {
        report(context, parameter, number);
    }
    let dialogue = shared.lock();
    Ok(dialogue.last.as_ref().map_or(Value::None, |outcome| Value::from_json(&outcome.value)))
}

/// Leaves the number of a problem with the place of an argument.
fn report(context: &mut Context<'_>, parameter: &'static str, number: usize) {
    context.notice(parameter, Fault::new(Code::BadArgument, message!("number-of-problem", number = number)));
}

fn questions(shared: &SharedDialogue) -> Vec<Builtin> {
    let text = |text: Option<&str>| text.map_or(Value::None, Value::from);
    let (reply, refused, output, failed, notices, effects) =
        (shared.clone(), shared.clone(), shared.clone(), shared.clone(), shared.clone(), shared.clone());
    let mut functions = vec![
        function("reply", "The text that the last run queued for the client, or `None`.").body(move |_, _| Ok(text(reply.lock().reply()))),
        function("refused", "Why the message of the last run was not sent, or `None`.")
            .body(move |_, _| Ok(text(refused.lock().refused()))),
        function("output", "What the last run printed.")
            .body(move |_, _| Ok(output.lock().last.as_ref().map_or("", |outcome| outcome.output.as_str()).into())),
        function("failed", "The code of the error that ended the last run, or `None`. An error that is not asked about fails the test.")
            .body(move |_, _| Ok(text(failed.lock().failed().as_deref()))),
        function("notices", "The codes of the last run's notices.").body(move |_, _| {
            let dialogue = notices.lock();
            let reports = dialogue.last.iter().flat_map(|outcome| &outcome.diagnostics);
            let codes = reports.filter(|report| report.severity == "notice").map(|report| Value::from(report.code.as_str()));
            Ok(Value::from(codes.collect::<Vec<_>>()))
        }),
        function("effects", "What the last run changed, each as a dict.")
            .parameter::<Option<Text>>("kind", "only effects of this kind, such as `deal_created`")
            .body(move |_, arguments| {
                let kind: Option<Text> = arguments.take("kind")?;
                let dialogue = effects.lock();
                let dicts = dialogue.effects().iter().map(as_dict);
                let fitting = dicts.filter(|effect| kind.as_ref().is_none_or(|kind| effect["kind"] == kind.as_str()));
                Ok(Value::from(fitting.map(|effect| Value::from_json(&effect)).collect::<Vec<_>>()))
            }),
    ];
    for (name, summary, verb) in [
        ("created", "How many things of a kind the last run created.", Verb::Created),
        ("changed", "How many changes the last run made, of a kind or in all.", Verb::Changed),
        ("deleted", "How many things of a kind the last run deleted.", Verb::Deleted),
    ] {
        let counted = shared.clone();
        let mut builder = function(name, summary).parameter::<Option<Text>>("kind", "such as `deal`, `task` or `client`");
        for field in FIELDS {
            builder = builder.parameter::<Optional>(field, "only effects whose field has this value");
        }
        functions.push(builder.body(move |_, arguments| {
            let kind: Option<Text> = arguments.take("kind")?;
            let fields = fields(arguments)?;
            let dialogue = counted.lock();
            let count = dialogue.effects().iter().map(as_dict).filter(|effect| fits(effect, verb, kind.as_ref(), &fields)).count();
            Ok(Value::from(count))
        }));
    }
    functions
}

fn is_absent(value: &Value) -> bool {
    matches!(value, Value::None)
}

fn as_dict(effect: &Effect) -> Json {
    serde_json::to_value(effect).unwrap_or_default()
}

/// The fields that were given.
fn fields(arguments: &mut Arguments<'_>) -> CallResult<Vec<(&'static str, Value)>> {
    let mut given = Vec::new();
    for field in FIELDS {
        let Optional(value) = arguments.take(field)?;
        if !is_absent(&value) {
            given.push((*field, value));
        }
    }
    Ok(given)
}

/// What an effect does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Created,
    Changed,
    Deleted,
}

/// Records of the dialogue itself, which are nothing that a run changed.
const RECORDS: &[&str] =
    &["message_received", "callback_received", "message_queued", "message_refused", "visit_recorded", "error_recorded"];

fn fits(effect: &Json, verb: Verb, kind: Option<&Text>, fields: &[(&str, Value)]) -> bool {
    let name = effect["kind"].as_str().unwrap_or_default();
    let is_done = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let is_creation = is_done(&["_created", "_added", "_scheduled", "_requested"]);
    let is_deletion = is_done(&["_deleted"]);
    let fits_verb = match (verb, kind) {
        (Verb::Created, _) => is_creation,
        (Verb::Deleted, _) => is_deletion,
        (Verb::Changed, None) => !RECORDS.contains(&name),
        (Verb::Changed, Some(_)) => !is_creation && !is_deletion,
    };
    let fits_kind =
        kind.is_none_or(|kind| name == kind.as_str() || name.strip_prefix(kind.as_str()).is_some_and(|rest| rest.starts_with('_')));
    fits_verb && fits_kind && fields.iter().all(|(field, value)| Value::from_json(&effect[*field]).equals(value))
}

fn expectations(shared: &SharedDialogue) -> Vec<Builtin> {
    let plain = shared.clone();
    let mut functions = vec![
        function("expect", "Fails the test unless the condition holds; the test goes on.")
            .parameter::<Optional>("condition", "what must be true")
            .parameter::<Optional>("note", "what it is about")
            .body(move |context, arguments| {
                let Optional(found) = arguments.take("condition")?;
                let Optional(note) = arguments.take("note")?;
                if found.is_true() {
                    return Ok(Value::from(true));
                }
                Ok(unmet(&plain, context, "condition", Problem::Unmet { sides: None, found, note: note_text(&note) }))
            }),
    ];
    for comparison in Comparison::ALL {
        let shared = shared.clone();
        functions.push(
            function(comparison.function(), "What `expect` of a comparison becomes, so that both sides can be shown.")
                .parameter::<Optional>("left", "what was found")
                .parameter::<Optional>("right", "what was expected")
                .parameter::<Optional>("note", "what it is about")
                .body(move |context, arguments| {
                    let Optional(left) = arguments.take("left")?;
                    let Optional(right) = arguments.take("right")?;
                    let Optional(note) = arguments.take("note")?;
                    if comparison.holds(&left, &right) {
                        return Ok(Value::from(true));
                    }
                    let sides = Some((left, comparison, right));
                    Ok(unmet(&shared, context, "left", Problem::Unmet { sides, found: Value::from(false), note: note_text(&note) }))
                }),
        );
    }
    functions
}

fn note_text(note: &Value) -> String {
    if is_absent(note) { String::new() } else { calc::value::text_form(&note.to_json()) }
}

/// A problem that ends nothing.
fn unmet(shared: &SharedDialogue, context: &mut Context<'_>, parameter: &'static str, problem: Problem) -> Value {
    let number = {
        let mut dialogue = shared.lock();
        dialogue.problems.push(problem);
        dialogue.problems.len() - 1
    };
    report(context, parameter, number);
    Value::from(false)
}

#[cfg(test)]
mod tests {
    use super::{SharedDialogue, all};
    use calc::wording::Language;

    #[test]
    fn the_functions_of_tests_are_documented_in_every_language() {
        // What `expect` becomes is nobody's to write.
        let functions: Vec<_> = all(&SharedDialogue::idle()).into_iter().filter(|function| !function.name.starts_with('_')).collect();
        for language in Language::ALL {
            let missing = calc::reference::untranslated(&functions, *language);
            assert!(missing.is_empty(), "messages/reference.{language}.md, `# Tests` and `# Parameters`, lacks:\n{}", missing.join("\n"));
        }
    }
}
