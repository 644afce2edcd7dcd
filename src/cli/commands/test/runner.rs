//! Runs test files, each test on a project of its own, on all cores at once.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use calc::Span;
use calc::diagnostic::Diagnostic;
use calc::diagnostic::render::line_and_column;
use calc::engine::{Dialect, Engine, HostError, Rehearsal, Watch};
use calc::value::Value;
use calc::value::text_form;
use calc::wording::{Argument, message};
use serde_json::Value as Json;

use super::coverage::{Counter, Coverage};
use super::dialogue::{Problem, Setting, SharedDialogue};
use super::expectation::{Blessable, Prepared, WANTED, prepare};
use super::start::Start;
use super::{Arguments, functions};
use crate::failure::{Failure, unwritable};
use crate::language;
use crate::language::say;
use crate::report;
use crate::setup;
use crate::source::{self, Source};
use crate::terminal::Terminal;

/// How tests are run.
pub struct Plan {
    /// Compiles the blocks and scripts of all dialogues, each once.
    engine: Engine,
    limits: Vec<String>,
    filter: Option<String>,
    start: Arc<Start>,
    /// What the tests reach, when that is asked for.
    counter: Option<Counter>,
}

impl Plan {
    pub fn new(arguments: &Arguments) -> Result<Self, Failure> {
        let start = Arc::new(Start::new(&arguments.beginning)?);
        let counter = (arguments.coverage || arguments.lcov.is_some()).then(Counter::default);
        // What is wrong with the limits is wrong for every test.
        let watch = if counter.is_some() { Watch::Counts } else { Watch::Nothing };
        let builder = setup::builder(arguments.dialect.into(), &arguments.limits)?;
        let engine = builder.absent(arguments.absent.into()).watch(watch).build();
        Ok(Self { engine, limits: arguments.limits.clone(), filter: arguments.filter.clone(), start, counter })
    }

    /// What the tests reached, when that was asked for.
    pub fn coverage(&self) -> Option<Coverage> {
        self.counter.as_ref().map(Counter::coverage)
    }

    /// The files that the tests have read so far.
    pub fn files_read(&self) -> BTreeSet<PathBuf> {
        lock(&self.start.read).clone()
    }

    /// Begins to count again.
    pub fn forget_coverage(&self) {
        self.counter.iter().for_each(Counter::forget);
    }

    fn wants(&self, file: &str, test: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| file.contains(filter.as_str()) || test.contains(filter.as_str()))
    }
}

/// What became of a file.
pub struct FileResult {
    pub name: String,
    pub path: PathBuf,
    pub text: String,
    /// What is wrong with it, when it does not compile.
    pub diagnostics: Vec<Diagnostic>,
    pub tests: Vec<TestResult>,
    blessable: Vec<Blessable>,
}

/// What became of a test.
pub struct TestResult {
    pub name: String,
    pub problems: Vec<ShownProblem>,
    pub output: String,
    pub took: Duration,
}

/// A problem as it is shown.
#[derive(Clone, Debug, Default)]
pub struct ShownProblem {
    /// Where in the test file; 0 when that is not known.
    pub line: usize,
    pub column: usize,
    /// The first byte of what it is about.
    pub at: u32,
    /// What is wrong, in a line.
    pub message: String,
    pub note: String,
    /// What was found and what was expected, with the sign between them.
    pub sides: Option<(Json, &'static str, Json)>,
    /// Diagnostics of the run, drawn.
    pub drawn: String,
}

/// Runs the tests of all files.
pub fn run(plan: &Plan, files: &[PathBuf]) -> Vec<FileResult> {
    let mut results: Vec<FileResult> = Vec::with_capacity(files.len());
    let mut prepared: Vec<Option<Prepared>> = Vec::with_capacity(files.len());
    let mut jobs: VecDeque<(usize, usize, Option<String>)> = VecDeque::new();
    for path in files {
        let (mut result, file) = load(plan, path);
        for test in file.iter().flat_map(names) {
            let name = test.clone().unwrap_or_else(|| result.name.clone());
            if plan.wants(&result.name, &name) {
                jobs.push_back((results.len(), result.tests.len(), test));
                result.tests.push(TestResult { name, problems: Vec::new(), output: String::new(), took: Duration::ZERO });
            }
        }
        results.push(result);
        prepared.push(file);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len().max(1));
    let (jobs, done) = (Mutex::new(jobs), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                // The plan was made with the same limits.
                let Ok(player) = Player::new(plan) else { return };
                while let Some((file, index, test)) = next(&jobs) {
                    let Some(prepared) = &prepared[file] else { continue };
                    let result = player.run(&results[file], prepared, test.as_deref());
                    lock(&done).push((file, index, result));
                }
            });
        }
    });
    for (file, index, (problems, output, took)) in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        let test = &mut results[file].tests[index];
        (test.problems, test.output, test.took) = (problems, output, took);
    }
    results
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next<T>(jobs: &Mutex<VecDeque<T>>) -> Option<T> {
    lock(jobs).pop_front()
}

/// The tests of a file; one without a name is the file itself.
fn names(file: &Prepared) -> Vec<Option<String>> {
    if file.tests.is_empty() { vec![None] } else { file.tests.iter().cloned().map(Some).collect() }
}

impl FileResult {
    fn new(path: &Path, text: String) -> Self {
        Self {
            name: path.display().to_string(),
            path: path.to_owned(),
            text,
            diagnostics: Vec::new(),
            tests: Vec::new(),
            blessable: Vec::new(),
        }
    }
}

/// Runs the tests of a text that an editor has, or the one of a name, one after another.
pub fn run_text(plan: &Plan, path: &Path, text: String, only: Option<&str>) -> FileResult {
    let (mut result, prepared) = prepare_text(plan, FileResult::new(path, text));
    let Some(prepared) = prepared else { return result };
    let Ok(player) = Player::new(plan) else { return result };
    let tests = names(&prepared).into_iter().filter(|test| only.is_none() || test.as_deref() == only);
    for test in tests.collect::<Vec<_>>() {
        let (problems, output, took) = player.run(&result, &prepared, test.as_deref());
        let name = test.unwrap_or_else(|| result.name.clone());
        result.tests.push(TestResult { name, problems, output, took });
    }
    result
}

fn load(plan: &Plan, path: &Path) -> (FileResult, Option<Prepared>) {
    let mut result = FileResult::new(path, String::new());
    let source = match source::read(path) {
        Ok(source) => source,
        Err(failure) => {
            let problem = ShownProblem { message: say(&failure.message()), ..ShownProblem::default() };
            let name = result.name.clone();
            result.tests.push(TestResult { name, problems: vec![problem], output: String::new(), took: Duration::ZERO });
            return (result, None);
        }
    };
    let Source { text, problem, .. } = source;
    result.text = text;
    if let Some(problem) = problem {
        result.diagnostics.push(problem);
        return (result, None);
    }
    prepare_text(plan, result)
}

fn prepare_text(plan: &Plan, mut result: FileResult) -> (FileResult, Option<Prepared>) {
    // The plan was made with the same limits.
    let Ok(engine) = with_functions(plan, &SharedDialogue::idle()) else { return (result, None) };
    let prepared = prepare(&result.text, &engine);
    if let Err(diagnostics) = engine.compile(&prepared.text) {
        // Of the file as it is written, not as it was prepared.
        result.diagnostics = engine.compile(&result.text).err().unwrap_or(diagnostics);
        return (result, None);
    }
    result.blessable.clone_from(&prepared.blessable);
    (result, Some(prepared))
}

/// A test may take longer than a block: it runs many.
const TEST_TIME: u64 = 60_000;

fn with_functions(plan: &Plan, shared: &SharedDialogue) -> Result<Engine, Failure> {
    let mut limits = vec![format!("time={TEST_TIME}"), "crm_calls=100000".to_owned()];
    limits.extend(plan.limits.iter().cloned());
    let mut builder = setup::builder(Dialect::Strict, &limits)?;
    for function in functions::all(shared) {
        builder = builder.function(function);
    }
    Ok(builder.build())
}

/// Plays tests one after another. Its functions work on whichever dialogue is played, so that a file is compiled once
/// for all of its tests.
struct Player<'p> {
    plan: &'p Plan,
    shared: SharedDialogue,
    engine: Engine,
}

impl<'p> Player<'p> {
    fn new(plan: &'p Plan) -> Result<Self, Failure> {
        let shared = SharedDialogue::idle();
        let engine = with_functions(plan, &shared)?;
        Ok(Self { plan, shared, engine })
    }

    /// Runs one test: the set-up, then its function.
    fn run(&self, file: &FileResult, prepared: &Prepared, test: Option<&str>) -> (Vec<ShownProblem>, String, Duration) {
        let begun = Instant::now();
        let result = self.rehearse(file, prepared, test);
        let (problems, output) =
            result.unwrap_or_else(|problem| (vec![ShownProblem { message: problem, ..ShownProblem::default() }], String::new()));
        (problems, output, begun.elapsed())
    }

    fn rehearse(&self, file: &FileResult, prepared: &Prepared, test: Option<&str>) -> Result<(Vec<ShownProblem>, String), String> {
        let plan = self.plan;
        let folder = file.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        let (start, counter) = (Arc::clone(&plan.start), plan.counter.clone());
        self.shared.begin(Setting { engine: plan.engine.clone(), folder, start, counter });
        let script = self.engine.compile(&prepared.runnable).map_err(|_| say(&message!("test-has-errors")))?;
        let given = [(WANTED, Value::from(test.unwrap_or_default()))];
        let opening = self.shared.clone();
        let rehearsal =
            self.engine.rehearse(&script, plan.start.now, plan.start.seed, &given, move |now, random| opening.open(now, random));
        let rehearsal = rehearsal.map_err(|error: HostError| say(&error.message()))?;
        Ok((problems(file, &self.shared, &rehearsal), rehearsal.output))
    }
}

/// What is wrong, in the order in which it was found.
fn problems(file: &FileResult, shared: &SharedDialogue, rehearsal: &Rehearsal) -> Vec<ShownProblem> {
    let mut shown = Vec::new();
    let dialogue = shared.lock();
    for (number, problem) in dialogue.problems.iter().enumerate() {
        let at = rehearsal.notices.iter().find(|notice| number_of(notice) == Some(number)).map_or(0, |notice| notice.span.start);
        let mut one = match problem {
            Problem::Excused => continue,
            Problem::Run(error) => {
                let diagnostics: Vec<Diagnostic> = error.outcome.diagnostics.iter().filter_map(calc::engine::Report::diagnostic).collect();
                let code = error.outcome.diagnostics.iter().find(|report| report.is_error());
                let message = match code {
                    Some(report) => message!("test-run-failed-with", name = &error.name, code = &report.code, message = &report.message),
                    None => message!("test-run-failed", name = &error.name),
                };
                let drawn = report::drawn(&error.name, &error.text, &diagnostics, false);
                ShownProblem { message: say(&message), drawn, ..ShownProblem::default() }
            }
            Problem::Unmet { sides: Some((left, comparison, right)), note, .. } => {
                let (left, sign, right) = (left.to_json(), comparison.sign(), right.to_json());
                let (found, expected) = (report::shown(&left), report::shown(&right));
                let message = say(&message!("test-found-expected", found = found, sign = sign, expected = expected));
                ShownProblem { message, note: note.clone(), sides: Some((left, sign, right)), ..ShownProblem::default() }
            }
            Problem::Unmet { sides: None, found, note } => ShownProblem {
                message: say(&message!("test-expected-true", found = text_form(&found.to_json()))),
                note: note.clone(),
                ..ShownProblem::default()
            },
        };
        one.at = at;
        (one.line, one.column) = line_and_column(&file.text, at);
        shown.push(one);
    }
    if let Some(error) = &rehearsal.error {
        let mut error = error.clone();
        // The call of the test function stands behind the text of the file.
        error.labels.retain(|label| label.span.end as usize <= file.text.len());
        let error = &error;
        let (line, column) = line_and_column(&file.text, error.span.start);
        let drawn = report::drawn(&file.name, &file.text, std::slice::from_ref(error), false);
        let message = format!("{} {}", error.code, error.message.render(language::current()));
        shown.push(ShownProblem { line, column, at: error.span.start, message, drawn, ..ShownProblem::default() });
    }
    shown
}

/// The number of the problem that a notice marks the place of.
fn number_of(notice: &Diagnostic) -> Option<usize> {
    let problem = notice.message.arguments().iter().find(|(name, _)| *name == "problem")?;
    match &problem.1 {
        Argument::Message(message) => message.arguments().iter().find_map(|(_, argument)| match argument {
            Argument::Number(number) => usize::try_from(*number).ok(),
            _ => None,
        }),
        _ => None,
    }
}

/// Writes the messages that were found into the files, where another one was expected; returns whether there were any.
pub fn bless(results: &[FileResult], terminal: &Terminal) -> Result<bool, Failure> {
    let mut has_changed = false;
    for file in results {
        let mut changes: Vec<(Span, String)> = Vec::new();
        for problem in file.tests.iter().flat_map(|test| &test.problems) {
            let Some(place) = file.blessable.iter().find(|place| place.left == problem.at) else { continue };
            if let Some((Json::String(found), "==", _)) = &problem.sides
                && changes.iter().all(|(text, _)| *text != place.text)
            {
                changes.push((place.text, quoted(found)));
            }
        }
        if changes.is_empty() {
            continue;
        }
        changes.sort_by_key(|(text, _)| std::cmp::Reverse(text.start));
        let mut text = file.text.clone();
        for (span, new) in &changes {
            text.replace_range(span.range(), new);
        }
        std::fs::write(&file.path, text).map_err(|error| unwritable(&file.path, &error))?;
        has_changed = true;
        let count = changes.len();
        terminal.remark(&say(&message!("test-blessed", name = &file.name, count = count)))?;
    }
    Ok(has_changed)
}

/// A text as it is written in a script.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    format!("'{}'", escaped.replace("#{", "\\#{"))
}
