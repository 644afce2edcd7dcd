//! Files that a command works on: folders are searched, and what is rewritten is never left half written.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use calc::crm::BlockId;
use calc::wording::message;
use similar::TextDiff;

use crate::failure::{Failure, of_system, unwritable};

/// The files that paths name: of a folder all `.calc` and `.block` files in it and below, in the order of their names.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        search(path, &mut files)?;
        if files.len() == before {
            return Err(Failure::usage(message!("folder-without-scripts", name = path.display().to_string())));
        }
    }
    Ok(files)
}

fn search(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failure =
        |error: std::io::Error| Failure::usage(message!("file-problem", name = folder.display().to_string(), problem = of_system(&error)));
    let mut entries = folder.read_dir().map_err(failure)?.collect::<Result<Vec<_>, _>>().map_err(failure)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // A link to a folder may lead back to where the search began.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if !is_hidden {
                search(&path, files)?;
            }
        } else if is_script(&path) && !is_hidden {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether the name of a file is that of a script or a block.
pub fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("calc") || extension.eq_ignore_ascii_case("block"))
}

/// The id of a block in the name of its file: `7.block` or `7-name.block`.
pub fn block_id(path: &Path) -> Option<BlockId> {
    if path.extension()?.to_str()? != "block" {
        return None;
    }
    let stem = path.file_stem()?.to_str()?;
    let digits = stem.split_once('-').map_or(stem, |(digits, _)| digits);
    digits.parse().ok().filter(|id: &i64| *id > 0).map(BlockId)
}

/// `9.block` or `9-reminder.block` in a folder.
pub fn block_file(folder: &Path, id: BlockId) -> Option<String> {
    let names = std::fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut fitting: Vec<String> = names.filter(|name| block_id(Path::new(name)) == Some(id)).collect();
    fitting.sort();
    fitting.into_iter().next()
}

/// Writes a file as a whole: whoever reads it meanwhile, or when writing fails, finds the old text.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failure = |error: std::io::Error| unwritable(path, &error);
    let target = path.canonicalize().map_err(failure)?;
    let permissions = target.metadata().map_err(failure)?.permissions();
    if permissions.readonly() {
        return Err(Failure::store(message!("file-is-read-only", name = path.display().to_string())));
    }
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let draft = target.with_file_name(name);
    let written = std::fs::File::create(&draft)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.set_permissions(permissions)?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&draft, &target));
    if written.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    written.map_err(failure)
}

/// A text and what is to come in its place.
pub struct Rewrite<'a> {
    pub name: &'a str,
    pub before: &'a str,
    pub after: &'a str,
}

impl Rewrite<'_> {
    /// The difference in the unified format.
    pub fn diff(&self) -> String {
        TextDiff::from_lines(self.before, self.after).unified_diff().header(self.name, self.name).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{BlockId, block_id};
    use std::path::Path;

    #[test]
    fn ids_in_names() {
        for (name, id) in [("7.block", Some(7)), ("12-a-b.block", Some(12)), ("x.block", None), ("7.calc", None), ("-1.block", None)] {
            assert_eq!(block_id(Path::new(name)), id.map(BlockId), "{name}");
        }
    }
}
