//! The files the server knows: those open in the editor as they are there, the others of their folders as they are on
//! disk. The files of a folder are one bot.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::str::FromStr as _;
use std::time::SystemTime;

use calc::check::{File, Unit};
use calc::engine::Engine;
use lsp_types::Uri;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// A file that is open in the editor.
pub struct Document {
    pub unit: Rc<Unit>,
    pub version: i32,
    pub may_be_block: bool,
}

/// A file of a bot.
#[derive(Clone)]
pub struct Member {
    pub uri: Uri,
    pub unit: Rc<Unit>,
}

pub struct Documents {
    engine: Engine,
    open: BTreeMap<String, Document>,
    on_disk: HashMap<PathBuf, (SystemTime, Rc<Unit>)>,
}

impl Documents {
    pub fn new(engine: Engine) -> Self {
        Self { engine, open: BTreeMap::new(), on_disk: HashMap::new() }
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Takes the text of an open file.
    pub fn set(&mut self, uri: &Uri, text: &str, version: i32, language: Option<&str>) {
        let known = self.open.get(uri.as_str()).map(|document| document.may_be_block);
        let is_block_file = path_of(uri).is_some_and(|path| is_block(&path));
        let may_be_block = language.map(|language| language == "calc-block").or(known).unwrap_or(false) || is_block_file;
        let unit = Rc::new(Unit::new(&self.engine, File { text, may_be_block }));
        self.open.insert(uri.as_str().to_owned(), Document { unit, version, may_be_block });
    }

    pub fn close(&mut self, uri: &Uri) {
        self.open.remove(uri.as_str());
    }

    pub fn get(&self, uri: &Uri) -> Option<&Document> {
        self.open.get(uri.as_str())
    }

    pub fn all_open(&self) -> Vec<Uri> {
        self.open.keys().filter_map(|key| Uri::from_str(key).ok()).collect()
    }

    /// The open files that belong to the same bot as one of them.
    pub fn open_with(&self, uri: &Uri) -> Vec<Uri> {
        let folder = folder(uri);
        let of_folder = self.open.keys().filter_map(|key| Uri::from_str(key).ok());
        of_folder.filter(|other| other == uri || (folder.is_some() && self::folder(other) == folder)).collect()
    }

    /// The files of the bot that an open file belongs to, itself first.
    pub fn bot(&mut self, uri: &Uri) -> Vec<Member> {
        let member =
            |documents: &Self, uri: &Uri| documents.get(uri).map(|document| Member { uri: uri.clone(), unit: Rc::clone(&document.unit) });
        let mut bot: Vec<Member> = member(self, uri).into_iter().collect();
        let others = self.open_with(uri).into_iter().filter(|other| other != uri);
        bot.extend(others.filter_map(|other| member(self, &other)).collect::<Vec<_>>());
        let Some(folder) = folder(uri) else { return bot };
        let Ok(entries) = folder.read_dir() else { return bot };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| crate::files::is_script(path)).collect();
        paths.sort();
        for path in paths {
            let Some(uri) = uri_of(&path).filter(|uri| self.get(uri).is_none()) else { continue };
            if let Some(unit) = self.read(&path) {
                bot.push(Member { uri, unit });
            }
        }
        bot
    }

    /// A file on disk, read again when it has changed.
    fn read(&mut self, path: &Path) -> Option<Rc<Unit>> {
        let modified = path.metadata().and_then(|about| about.modified()).ok()?;
        if let Some((when, unit)) = self.on_disk.get(path)
            && *when == modified
        {
            return Some(Rc::clone(unit));
        }
        let text = std::fs::read_to_string(path).ok()?;
        let unit = Rc::new(Unit::new(&self.engine, File { text: &text, may_be_block: is_block(path) }));
        self.on_disk.insert(path.to_owned(), (modified, Rc::clone(&unit)));
        Some(unit)
    }
}

/// Whether the name of a file is that of a block.
fn is_block(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("block"))
}

/// The path of a file on this machine.
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    let path = uri.as_str().strip_prefix("file://")?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/C:/bot` is `C:/bot` on Windows.
    let is_drive = cfg!(windows) && path.get(2..3) == Some(":");
    Some(PathBuf::from(if is_drive { &path[1..] } else { &path }))
}

fn folder(uri: &Uri) -> Option<PathBuf> {
    path_of(uri)?.parent().map(Path::to_owned)
}

/// What must not stand in the path of a URI.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'[')
    .add(b']')
    .add(b'|')
    .add(b'^');

fn uri_of(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    Uri::from_str(&format!("file://{slash}{}", utf8_percent_encode(&path, RESERVED))).ok()
}
