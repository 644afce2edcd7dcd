//! The files of one call as one bot: read, with the project that a fixture describes.

use std::path::{Path, PathBuf};

use calc::check::{self, Unit};
use calc::crm::ProjectFile;
use calc::diagnostic::Diagnostic;
use calc::engine::Engine;
use calc::wording::message;

use crate::commands::test;
use crate::failure::Failure;
use crate::files::block_id;
use crate::source::{self, Source};
use crate::terminal::Terminal;

/// The files of a call.
pub struct Bot {
    /// Each with the path it was read from.
    pub files: Vec<(PathBuf, Source)>,
    pub project: Option<ProjectFile>,
    /// Whether some file could not be read, which has been reported.
    pub has_unreadable: bool,
}

impl Bot {
    /// Reads what can be read.
    pub fn read(paths: &[PathBuf], fixture: Option<&Path>, terminal: &Terminal) -> Result<Self, Failure> {
        let project = fixture.map(project).transpose()?;
        let mut bot = Self { files: Vec::new(), project, has_unreadable: false };
        for path in crate::files::expand(paths)? {
            match source::read(&path) {
                Ok(source) => bot.files.push((path, source)),
                Err(failure) => {
                    bot.has_unreadable = true;
                    failure.report(terminal)?;
                }
            }
        }
        Ok(bot)
    }

    /// What is wrong with each file; a file that is not text says so and is not part of the bot. Neither is a test file,
    /// whose variables are its own: each is checked by itself, with the functions of tests.
    pub fn check(&self, engine: &Engine) -> Vec<Vec<Diagnostic>> {
        let is_test = |path: &Path| test::is_test(path);
        let unit_of = |source: &Source, engine: &Engine| source.problem.is_none().then(|| Unit::new(engine, file(source)));
        let units: Vec<Option<Unit>> = self
            .files
            .iter()
            .map(|(path, source)| if is_test(path) { None } else { unit_of(source, engine) }.map(|unit| unit.with_block(block_id(path))))
            .collect();
        let mut found = check::check(engine, &units.iter().flatten().collect::<Vec<_>>(), self.project.as_ref()).into_iter();
        let files = self.files.iter().map(|(path, source)| match &source.problem {
            Some(problem) => vec![problem.clone()],
            None if is_test(path) => {
                let engine = test::with_functions(engine);
                let unit = unit_of(source, &engine);
                let units: Vec<&Unit> = unit.iter().collect();
                check::check(&engine, &units, self.project.as_ref()).pop().unwrap_or_default()
            }
            None => found.next().unwrap_or_default(),
        });
        files.collect()
    }

    /// The files whose bytes are text.
    pub fn texts(&self) -> impl Iterator<Item = &(PathBuf, Source)> {
        self.files.iter().filter(|(_, source)| source.problem.is_none())
    }
}

/// A source as the checker takes it.
pub fn file(source: &Source) -> check::File<'_> {
    check::File { text: &source.text, may_be_block: source.may_be_block }
}

/// The project that a fixture describes.
pub fn project(path: &Path) -> Result<ProjectFile, Failure> {
    let source = source::read(path)?;
    let now = std::time::SystemTime::now().into();
    ProjectFile::parse(&source.text, now)
        .map_err(|error| Failure::usage(message!("file-problem", name = &source.name, problem = error.message())))
}
