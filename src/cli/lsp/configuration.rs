//! What holds for the files of a folder: options of `calc lsp` win over the settings of the editor, those over the
//! environment and `calc.toml`.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use calc::check::Selection;
use calc::crm::ProjectFile;
use calc::diagnostic::{Diagnostic, Severity};
use calc::engine::{Dialect, Engine};
use calc::wording::{Argument, Language, Message, message};
use clap::ValueEnum as _;
use serde_json::Value as Json;

use crate::commands::test;
use crate::options::DialectName;
use crate::settings::{self, OfFolder};
use crate::{bot, language, setup};

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct EditorOptions {
    pub dialect: Option<Dialect>,
    pub fixture: Option<PathBuf>,
}

/// What holds for a file.
pub struct Configuration {
    engine: Engine,
    /// The same for test files.
    test_engine: Engine,
    pub language: Language,
    pub project: Option<ProjectFile>,
    selection: Selection,
    /// Warnings that count as errors.
    denied: Selection,
    fixture: Option<PathBuf>,
    /// The files that it was made of, as they were.
    files: Vec<(PathBuf, Option<SystemTime>)>,
}

impl Configuration {
    /// The engine for a file of this name.
    pub fn engine(&self, path: &Path) -> &Engine {
        if test::is_test(path) { &self.test_engine } else { &self.engine }
    }

    /// Whether a diagnostic is asked for.
    pub fn includes(&self, diagnostic: &Diagnostic) -> bool {
        self.selection.includes(diagnostic)
    }

    /// How bad a diagnostic is: a warning may count as an error.
    pub fn severity(&self, diagnostic: &Diagnostic) -> Severity {
        match diagnostic.severity() {
            Severity::Warning if !self.denied.select.is_empty() && self.denied.includes(diagnostic) => Severity::Error,
            severity => severity,
        }
    }

    /// The options of `calc test` for the same dialect and project.
    pub fn options_of_tests(&self) -> Vec<OsString> {
        let dialect = match self.engine.dialect() {
            Dialect::Strict => "strict",
            Dialect::Mavibot => "mavibot",
        };
        let mut options: Vec<OsString> = vec!["--dialect".into(), dialect.into()];
        // One that cannot be read has been told.
        if let (Some(path), true) = (&self.fixture, self.project.is_some()) {
            options.extend(["--fixture".into(), path.into()]);
        }
        options
    }

    fn is_fresh(&self) -> bool {
        self.files.iter().all(|(path, when)| modified(path) == *when)
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|about| about.modified()).ok()
}

/// The configurations of all folders.
pub struct Configurations {
    options: EditorOptions,
    /// The folder of the editor, from which paths in its settings are found.
    root: PathBuf,
    editor: OfFolder,
    /// By the `calc.toml` that holds.
    made: HashMap<Option<PathBuf>, Rc<Configuration>>,
    /// By folder, as long as one message is answered: nobody looks at the disk for each of a hundred files.
    current: HashMap<Option<PathBuf>, Rc<Configuration>>,
    /// What the author has to be told.
    problems: Vec<Message>,
}

impl Configurations {
    pub fn new(options: EditorOptions, root: PathBuf) -> Self {
        Self { options, root, editor: OfFolder::default(), made: HashMap::new(), current: HashMap::new(), problems: Vec::new() }
    }

    /// Takes the editor's settings: those under `calc.`, without the prefix.
    pub fn set_editor(&mut self, settings: &Json) {
        match OfFolder::of_editor(settings) {
            Ok(settings) => self.editor = settings,
            Err(problem) => self.problems.push(message!("editor-settings", problem = problem)),
        }
        self.made.clear();
        self.look_again();
    }

    /// From now on files may have changed.
    pub fn look_again(&mut self) {
        self.current.clear();
    }

    /// What went wrong since this was asked.
    pub fn take_problems(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.problems)
    }

    /// What holds for a folder, or for a file that is in none.
    pub fn of(&mut self, folder: Option<&Path>) -> Rc<Configuration> {
        let folder = folder.map(Path::to_owned);
        if let Some(current) = self.current.get(&folder) {
            return Rc::clone(current);
        }
        let current = self.at(folder.as_deref());
        self.current.insert(folder, Rc::clone(&current));
        current
    }

    fn at(&mut self, folder: Option<&Path>) -> Rc<Configuration> {
        let file = settings::nearest(folder.unwrap_or(&self.root));
        if let Some(made) = self.made.get(&file).filter(|made| made.is_fresh()) {
            return Rc::clone(made);
        }
        let made = Rc::new(self.make(file.as_deref()));
        self.made.insert(file, Rc::clone(&made));
        made
    }

    fn make(&mut self, file: Option<&Path>) -> Configuration {
        let mut files: Vec<(PathBuf, Option<SystemTime>)> = file.map(|path| (path.to_owned(), modified(path))).into_iter().collect();
        let from_file = file.map_or_else(|| Ok(OfFolder::default()), OfFolder::of_file).unwrap_or_else(|failure| {
            self.problems.extend(failure.lines);
            OfFolder::default()
        });
        let dialect = self.editor.dialect.as_ref().or(from_file.dialect.as_ref());
        let named = dialect.and_then(|name| DialectName::from_str(name, true).ok());
        if let (Some(name), None) = (dialect, named) {
            self.problems.push(message!("editor-dialect", name = name, known = Argument::all(["strict", "mavibot"])));
        }
        let named = named.map(Into::into);
        let dialect = self.options.dialect.or(named).unwrap_or_default();
        let beside_file = |name: &String| file.and_then(Path::parent).unwrap_or(&self.root).join(name);
        let fixture = self.options.fixture.clone();
        let fixture = fixture.or_else(|| self.editor.fixture.as_ref().filter(|name| !name.is_empty()).map(|name| self.root.join(name)));
        let fixture = fixture.or_else(|| from_file.fixture.as_ref().map(beside_file));
        let project = fixture.as_ref().and_then(|path| {
            files.push((path.clone(), modified(path)));
            bot::project(path).map_err(|failure| self.problems.extend(failure.lines)).ok()
        });
        let language = self.language(&from_file);
        let engine = match setup::builder(dialect, &[]) {
            Ok(builder) => builder.language(language).build(),
            Err(_) => Engine::new(),
        };
        let codes = |editor: &Vec<String>, file: Vec<String>| if editor.is_empty() { file } else { editor.clone() };
        let lint = from_file.lint;
        Configuration {
            test_engine: test::with_functions(&engine),
            engine,
            language,
            project,
            selection: Selection {
                select: codes(&self.editor.lint.select, lint.select),
                ignore: codes(&self.editor.lint.ignore, lint.ignore),
            },
            denied: Selection { select: codes(&self.editor.lint.deny, lint.deny), ignore: Vec::new() },
            fixture,
            files,
        }
    }

    fn language(&mut self, from_file: &OfFolder) -> Language {
        if language::is_option() {
            return language::current();
        }
        let of_file = from_file.lang.as_ref().filter(|_| !language::is_chosen());
        let Some(name) = self.editor.lang.as_ref().filter(|name| !name.is_empty()).or(of_file) else { return language::current() };
        name.parse().unwrap_or_else(|_| {
            self.problems.push(message!("editor-language", name = name, known = language::known()));
            language::current()
        })
    }
}
