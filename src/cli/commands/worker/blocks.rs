//! The blocks of a bot as files: `ID.block` or `ID-name.block` in one folder, read again when they change.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use calc::crm::BlockId;
use calc::engine::{Block, Engine};
use calc::wording::{Message, message};

use crate::failure::{Failure, of_folder};
use crate::files;
use crate::language::say;
use crate::report;
use crate::setup;
use crate::source;
use crate::terminal::Terminal;

/// How long what was found in the folder is taken for true.
const FRESH: Duration = Duration::from_millis(500);

/// The blocks of a folder.
pub struct Blocks {
    folder: PathBuf,
    engine: Engine,
    files: HashMap<BlockId, BlockFile>,
    looked: Option<Instant>,
    /// What was wrong with the folder when it was looked at last.
    problem: Option<Message>,
}

struct BlockFile {
    path: PathBuf,
    changed: (Option<SystemTime>, u64),
    /// The last version that compiled.
    block: Option<Arc<Block>>,
}

impl Blocks {
    /// Reads the folder.
    pub fn read(folder: &Path, engine: Engine, terminal: &Terminal) -> Result<Self, Failure> {
        let mut blocks = Self { folder: folder.to_owned(), engine, files: HashMap::new(), looked: None, problem: None };
        blocks.look(terminal)?;
        if blocks.files.is_empty() {
            return Err(Failure::usage(message!("folder-without-blocks", name = folder.display().to_string())));
        }
        Ok(blocks)
    }

    /// The block of an id, in the newest version that compiles.
    pub fn get(&mut self, id: BlockId, terminal: &Terminal) -> Option<Arc<Block>> {
        if self.looked.is_none_or(|looked| looked.elapsed() > FRESH) {
            let problem = self.look(terminal).err().map(Failure::message);
            self.looked = Some(Instant::now());
            // A folder that cannot be read for a while, or a copy beside a block, must not end the work: said once.
            if let Some(problem) = problem.as_ref().filter(|problem| self.problem.as_ref() != Some(*problem)) {
                let _ = terminal.error_line(&format!("calc: {}", say(&message!("blocks-stay-in-use", problem = problem.clone()))));
            }
            self.problem = problem;
        }
        self.files.get(&id).and_then(|file| file.block.clone())
    }

    fn look(&mut self, terminal: &Terminal) -> Result<(), Failure> {
        let unreadable = |error: std::io::Error| {
            Failure::usage(message!("file-problem", name = self.folder.display().to_string(), problem = of_folder(&error)))
        };
        let mut found: Vec<(BlockId, PathBuf)> = Vec::new();
        for entry in self.folder.read_dir().map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if let Some(id) = files::block_id(&path) {
                found.push((id, path));
            }
        }
        found.sort();
        if let Some(pair) = found.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (one, other) = (pair[0].1.display(), pair[1].1.display());
            return Err(Failure::usage(message!(
                "block-in-two-files",
                block = pair[0].0.to_string(),
                one = one.to_string(),
                other = other.to_string()
            )));
        }
        self.files.retain(|id, _| found.iter().any(|(other, _)| other == id));
        let mut result = Ok(());
        for (id, path) in found {
            // One that cannot be read is not a reason to leave the others as they were.
            result = result.and(self.update(id, path, terminal));
        }
        self.looked = Some(Instant::now());
        result
    }

    fn update(&mut self, id: BlockId, path: PathBuf, terminal: &Terminal) -> Result<(), Failure> {
        // A file that vanishes between two looks is gone at the next one.
        let Ok(metadata) = path.metadata() else { return Ok(()) };
        let changed = (metadata.modified().ok(), metadata.len());
        let known = self.files.get(&id);
        if known.is_some_and(|file| file.changed == changed && file.path == path) {
            return Ok(());
        }
        let last_good = known.and_then(|file| file.block.clone());
        let source = source::read(&path)?;
        let block = match setup::compile(&self.engine, &source, Some(id)) {
            Ok(block) => Some(Arc::new(block)),
            Err(diagnostics) => {
                terminal.error_raw(&report::drawn(&source.name, &source.text, &diagnostics, terminal.error_colors()))?;
                let name = path.display().to_string();
                terminal.error_line(&say(&if last_good.is_some() {
                    message!("block-keeps-good-version", name = name)
                } else {
                    message!("block-refused", name = name)
                }))?;
                last_good
            }
        };
        self.files.insert(id, BlockFile { path, changed, block });
        Ok(())
    }
}
