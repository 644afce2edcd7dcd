//! Scripts in Markdown pages: finds the code fences and runs them on the demo project, with a fixed clock and seed.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::{Path, PathBuf};

use calc::check::{File, Unit};
use calc::crm::{self, BlockId, ClientId, ProjectId, SqliteStore};
use calc::diagnostic::Diagnostic;
use calc::engine::{Block, Builder, Dialect, Engine, Event, Outcome};
use chrono::{DateTime, TimeZone as _, Utc};

/// Sunday 22 November 2026, 10:00 in Moscow: what `--now '2026-11-22 10:00'` means in the demo project.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 7, 0, 0).single().expect("a real time")
}

/// A database in memory with the demo project.
pub fn demo_store() -> SqliteStore {
    let store = SqliteStore::in_memory().expect("a database in memory");
    crm::load(&store, &crm::demo().expect("the demo project reads")).expect("the demo project loads");
    store
}

/// A file of this repository.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The text of a file of this repository.
pub fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names of the files of a folder with one of these endings, sorted.
pub fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let entries = std::fs::read_dir(path(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8"));
    let mut names: Vec<String> = names.filter(|name| endings.iter().any(|ending| name.ends_with(ending))).collect();
    names.sort();
    names
}

/// A code fence of a page.
pub struct Fence {
    /// The words after the three backquotes.
    pub info: Vec<String>,
    pub text: String,
    /// The line it begins on.
    pub line: usize,
}

impl Fence {
    pub fn has(&self, word: &str) -> bool {
        self.info.iter().any(|info| info == word)
    }

    /// Whether it is a script or a block.
    pub fn is_script(&self) -> bool {
        self.info.first().is_some_and(|first| first == "calc" || first == "block")
    }

    /// An engine as the words of the fence want it.
    pub fn engine(&self) -> Engine {
        let mut builder: Builder = Engine::builder();
        for word in &self.info {
            if word == "mavibot" {
                builder = builder.dialect(Dialect::Mavibot);
            } else if let Some(limit) = word.strip_prefix("limit=") {
                let (name, value) = limit.split_once('=').expect("limit=name=n");
                builder = builder.limit(name, value.parse().expect("a number")).expect("a limit");
            }
        }
        builder.build()
    }

    /// All that is said about it when it is compiled and, if it compiles, run; and what the run returns.
    pub fn run(&self) -> (Vec<Said>, Option<Outcome>) {
        let engine = self.engine();
        let block = if self.has("block") {
            engine.block_file(Some(BlockId(7)), &self.text)
        } else {
            engine.compile(&self.text).map(|script| Block::of_script(Some(BlockId(7)), script))
        };
        match block {
            Err(diagnostics) => (diagnostics.iter().map(Said::of).collect(), None),
            // What `calc check` alone says.
            Ok(block) if self.has("check") => (block.warnings().iter().chain(block.unset_words()).map(Said::of).collect(), None),
            Ok(block) => {
                let event = Event::at(now()).with_seed(1);
                let outcome = engine.run(&demo_store(), ProjectId(1), ClientId(101), &block, &event).expect("the store works");
                let said = outcome.diagnostics.iter().map(|report| Said { code: report.code.clone(), message: report.message.clone() });
                let mut said: Vec<Said> = said.collect();
                // What only a check of a whole bot says; this bot has one file.
                let unit = Unit::new(&engine, File { text: &self.text, may_be_block: self.has("block") });
                let found = calc::check::check(&engine, &[&unit], None).remove(0);
                said.extend(found.iter().filter(|diagnostic| diagnostic.code.text().starts_with("W09")).map(Said::of));
                (said, Some(outcome))
            }
        }
    }
}

/// A diagnostic, as far as pages care.
#[derive(Debug)]
pub struct Said {
    pub code: String,
    pub message: String,
}

impl Said {
    fn of(diagnostic: &Diagnostic) -> Self {
        Self { code: diagnostic.code.text().to_owned(), message: diagnostic.message.to_string() }
    }
}

/// The code fences of a page.
pub fn fences(page: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for (index, line) in page.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            match open.take() {
                Some(fence) => fences.push(fence),
                None => {
                    open = Some(Fence { info: info.split_whitespace().map(str::to_owned).collect(), text: String::new(), line: index + 1 });
                }
            }
        } else if let Some(fence) = &mut open {
            fence.text.push_str(line);
            fence.text.push('\n');
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    fences
}
