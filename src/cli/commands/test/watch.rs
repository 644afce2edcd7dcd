//! Runs tests again whenever a file beside them changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::{Arguments, find, once};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// How long files are left alone between two looks.
const PAUSE: Duration = Duration::from_millis(300);

/// Runs the tests, and again after every change, until Ctrl-C.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    loop {
        let before = times(arguments);
        if let Err(failure) = once(arguments, terminal) {
            failure.report(terminal)?;
        }
        terminal.remark("waiting for changes; Ctrl-C ends")?;
        while times(arguments) == before {
            std::thread::sleep(PAUSE);
        }
    }
}

/// When the files in the folders of the tests changed last: tests, blocks and fixtures.
fn times(arguments: &Arguments) -> BTreeMap<PathBuf, SystemTime> {
    let tests = find(&arguments.paths).unwrap_or_default();
    let folders: std::collections::BTreeSet<PathBuf> = tests
        .iter()
        .filter_map(|path| path.parent())
        .map(|folder| if folder.as_os_str().is_empty() { ".".into() } else { folder.to_owned() })
        .collect();
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    entries.filter_map(|entry| Some((entry.path(), entry.metadata().ok()?.modified().ok()?))).collect()
}
