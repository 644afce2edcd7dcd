//! What the blocks and scripts did that tests ran: their lines and branches, as a table, as JSON and as an lcov file.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use calc::diagnostic::render::LineIndex;
use calc::diagnostic::visible::visible;
use calc::engine::Covered;
use calc::wording::message;
use serde_json::{Value as Json, json};

use crate::failure::{Failure, unwritable};
use crate::language::say;
use crate::table;

/// Counts what tests reach, for all of them at once.
#[derive(Clone, Default)]
pub struct Counter(Arc<Mutex<BTreeMap<String, ScriptCoverage>>>);

/// What was reached of one file.
#[derive(Clone, Default)]
struct ScriptCoverage {
    /// How often each line with a statement ran.
    lines: BTreeMap<usize, u64>,
    /// How often each of the two ways of a condition or loop was taken, by the line and the place of it.
    branches: BTreeMap<(usize, u32), [u64; 2]>,
}

/// What the tests reached, file by file.
pub struct Coverage(BTreeMap<String, ScriptCoverage>);

impl Counter {
    /// Adds what a run of a file reached.
    pub fn add(&self, path: &Path, text: &str, covered: &[Covered]) {
        let lines = LineIndex::new(text);
        let mut scripts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let script = scripts.entry(plain(path)).or_default();
        // Of several statements in a line the one that ran most often counts.
        let mut ran: BTreeMap<usize, u64> = BTreeMap::new();
        for point in covered {
            match *point {
                Covered::Statement { span, count } => {
                    let most = ran.entry(lines.line_and_column(span.start).0).or_default();
                    *most = count.max(*most);
                }
                Covered::Branch { span, counts } => {
                    let known = script.branches.entry((lines.line_and_column(span.start).0, span.start)).or_default();
                    known.iter_mut().zip(counts).for_each(|(known, count)| *known += count);
                }
            }
        }
        for (line, count) in ran {
            *script.lines.entry(line).or_default() += count;
        }
    }

    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub fn coverage(&self) -> Coverage {
        Coverage(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// A path without detours, so that a file has one name wherever its tests stand.
fn plain(path: &Path) -> String {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.into_iter().collect::<PathBuf>().display().to_string()
}

/// How many there are, and how many of them were reached.
#[derive(Clone, Copy, Default)]
struct Share {
    hit: usize,
    found: usize,
}

impl Share {
    fn of<'c>(counts: impl Iterator<Item = &'c u64>) -> Self {
        counts.fold(Self::default(), |share, count| Self { hit: share.hit + usize::from(*count > 0), found: share.found + 1 })
    }

    fn and(self, other: Self) -> Self {
        Self { hit: self.hit + other.hit, found: self.found + other.found }
    }

    /// `3 of 4`, in percent where there is something to reach.
    fn cells(self) -> [String; 2] {
        let percent = (self.hit * 100).checked_div(self.found).map(|percent| format!("{percent} %")).unwrap_or_default();
        [say(&message!("hit-of-found", hit = self.hit, found = self.found)), percent]
    }

    fn to_json(self) -> Json {
        json!({"found": self.found, "hit": self.hit})
    }
}

impl ScriptCoverage {
    fn of_lines(&self) -> Share {
        Share::of(self.lines.values())
    }

    fn of_branches(&self) -> Share {
        Share::of(self.branches.values().flatten())
    }

    /// The lines that no test reached.
    fn missed(&self) -> Vec<usize> {
        self.lines.iter().filter(|(_, count)| **count == 0).map(|(line, _)| *line).collect()
    }

    /// Lines with a condition or loop of which only one way was taken.
    fn half_taken(&self) -> Vec<usize> {
        let is_half = |counts: &[u64; 2]| (counts[0] == 0) != (counts[1] == 0);
        let mut lines: Vec<usize> = self.branches.iter().filter(|(_, counts)| is_half(counts)).map(|((line, _), _)| *line).collect();
        lines.dedup();
        lines
    }
}

impl Coverage {
    /// A row for each file, and one for all of them.
    pub fn table(&self) -> String {
        let mut table = table::table(&["script", "lines", "", "branches", "", "lines_not_run", "branches_not_taken"]);
        let mut all = [Share::default(); 2];
        for (name, script) in &self.0 {
            let shares = [script.of_lines(), script.of_branches()];
            all = [all[0].and(shares[0]), all[1].and(shares[1])];
            let [lines, branches] = shares.map(Share::cells);
            let mut row = vec![visible(name).into_owned()];
            row.extend(lines.into_iter().chain(branches));
            row.extend([ranges(&script.missed()), ranges(&script.half_taken())]);
            table.add_row(row);
        }
        let mut row = vec!["all".to_owned()];
        row.extend(all.into_iter().flat_map(Share::cells));
        table.add_row(row);
        format!("{table}\n")
    }

    pub fn to_json(&self) -> Json {
        let files = self.0.iter().map(|(name, script)| {
            json!({
                "file": name, "lines": script.of_lines().to_json(), "branches": script.of_branches().to_json(),
                "lines_not_run": script.missed(), "branches_not_taken": script.half_taken(),
            })
        });
        files.collect()
    }

    pub fn write_lcov(&self, path: &Path) -> Result<(), Failure> {
        std::fs::write(path, self.lcov()).map_err(|error| unwritable(path, &error))
    }

    /// The format of `geninfo(1)`.
    fn lcov(&self) -> String {
        let mut text = String::new();
        for (name, script) in &self.0 {
            text.push_str(&format!("TN:\nSF:{name}\n"));
            for (block, ((line, _), counts)) in script.branches.iter().enumerate() {
                for (way, count) in counts.iter().enumerate() {
                    // A minus sign says that the condition itself was never reached.
                    let count = if counts == &[0, 0] { "-".to_owned() } else { count.to_string() };
                    text.push_str(&format!("BRDA:{line},{block},{way},{count}\n"));
                }
            }
            let (branches, lines) = (script.of_branches(), script.of_lines());
            text.push_str(&format!("BRF:{}\nBRH:{}\n", branches.found, branches.hit));
            for (line, count) in &script.lines {
                text.push_str(&format!("DA:{line},{count}\n"));
            }
            text.push_str(&format!("LF:{}\nLH:{}\nend_of_record\n", lines.found, lines.hit));
        }
        text
    }
}

/// `3, 7-9`
fn ranges(lines: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == *line => *end = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let shown = ranges.iter().map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") });
    shown.collect::<Vec<_>>().join(", ")
}
