//! Runs tests again whenever a file beside them changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use calc::wording::message;

use super::{Arguments, find, once};
use crate::failure::Failure;
use crate::language::say;
use crate::terminal::Terminal;

/// How long files are left alone between two looks.
const PAUSE: Duration = Duration::from_millis(300);

/// Runs the tests, and again after every change, until Ctrl-C.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let mut read = BTreeSet::new();
    loop {
        let mut before = times(arguments, &read);
        match once(arguments, terminal) {
            Ok((_, files)) => read.extend(files),
            Err(failure) => failure.report(terminal)?,
        }
        // What changed while the tests ran has another time than before; files that were new to them count from now on.
        for (path, time) in times(arguments, &read) {
            if read.contains(&path) {
                before.entry(path).or_insert(time);
            }
        }
        terminal.remark(&say(&message!("watching")))?;
        while times(arguments, &read) == before {
            std::thread::sleep(PAUSE);
        }
    }
}

/// When the files in the folders of the tests, and those that tests read elsewhere, changed last.
fn times(arguments: &Arguments, read: &BTreeSet<PathBuf>) -> BTreeMap<PathBuf, SystemTime> {
    let tests = find(&arguments.paths).unwrap_or_default();
    let folders: BTreeSet<PathBuf> = tests
        .iter()
        .filter_map(|path| path.parent())
        .map(|folder| if folder.as_os_str().is_empty() { ".".into() } else { folder.to_owned() })
        .collect();
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let beside = entries.map(|entry| entry.path());
    let others = read.iter().chain(&arguments.beginning.fixture).cloned();
    beside.chain(others).filter_map(|path| Some((path.clone(), path.metadata().ok()?.modified().ok()?))).collect()
}
