//! The files the server knows: those open in the editor as they are there, the others of their folders as they are on
//! disk. The files of a folder are one bot.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::str::FromStr as _;
use std::time::SystemTime;

use calc::check::{File, Unit};
use calc::engine::Engine;
use lsp_types::Uri;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::configuration::{Configuration, Configurations};
use crate::commands::test;

/// A file that is open in the editor.
pub struct Document {
    member: Member,
    /// The text as it is now, when nobody has asked about it yet: while somebody types, not every text is read.
    newer: Option<String>,
    version: i32,
    may_be_block: bool,
}

impl Document {
    pub fn text(&self) -> &str {
        self.newer.as_deref().unwrap_or(self.member.unit.text())
    }
}

/// A file of a bot.
#[derive(Clone)]
pub struct Member {
    pub uri: Uri,
    pub unit: Rc<Unit>,
    pub configuration: Rc<Configuration>,
}

impl Member {
    fn new(uri: Uri, text: &str, may_be_block: bool, configuration: Rc<Configuration>) -> Self {
        let block = path_of(&uri).and_then(|path| crate::files::block_id(&path));
        let unit = Unit::new(configuration.engine(Path::new(uri.as_str())), File { text, may_be_block }).with_block(block);
        Self { uri, unit: Rc::new(unit), configuration }
    }

    /// The engine that it was read with.
    pub fn engine(&self) -> &Engine {
        self.configuration.engine(Path::new(self.uri.as_str()))
    }

    /// Whether it holds tests, whose variables are its own.
    pub fn is_test(&self) -> bool {
        test::is_test(Path::new(self.uri.as_str()))
    }
}

pub struct Documents {
    pub configurations: Configurations,
    open: BTreeMap<String, Document>,
    on_disk: HashMap<PathBuf, (SystemTime, Member)>,
}

impl Documents {
    pub fn new(configurations: Configurations) -> Self {
        Self { configurations, open: BTreeMap::new(), on_disk: HashMap::new() }
    }

    /// Takes a file that the editor opens.
    pub fn open(&mut self, uri: &Uri, text: &str, version: i32, language: &str) {
        let may_be_block = language == "calc-block" || path_of(uri).is_some_and(|path| is_block(&path));
        let configuration = self.configurations.of(folder(uri).as_deref());
        let member = Member::new(uri.clone(), text, may_be_block, configuration);
        self.open.insert(uri.as_str().to_owned(), Document { member, newer: None, version, may_be_block });
    }

    /// Takes the new text of an open file.
    pub fn change(&mut self, uri: &Uri, text: String, version: i32) {
        if let Some(document) = self.open.get_mut(uri.as_str()) {
            (document.newer, document.version) = (Some(text), version);
        }
    }

    pub fn close(&mut self, uri: &Uri) {
        self.open.remove(uri.as_str());
    }

    /// The text of an open file.
    pub fn text(&self, uri: &Uri) -> Option<&str> {
        self.open.get(uri.as_str()).map(Document::text)
    }

    pub fn version(&self, uri: &Uri) -> Option<i32> {
        self.open.get(uri.as_str()).map(|document| document.version)
    }

    /// Whether a line `---` ends the calculator of an open file and begins its message.
    pub fn may_be_block(&self, uri: &Uri) -> bool {
        self.open.get(uri.as_str()).is_some_and(|document| document.may_be_block)
    }

    /// An open file; read again when its text or what holds for it has changed.
    pub fn get(&mut self, uri: &Uri) -> Option<Member> {
        let document = self.open.get_mut(uri.as_str())?;
        let configuration = self.configurations.of(folder(uri).as_deref());
        if document.newer.is_some() || !Rc::ptr_eq(&configuration, &document.member.configuration) {
            document.member = Member::new(uri.clone(), document.text(), document.may_be_block, configuration);
            document.newer = None;
        }
        Some(document.member.clone())
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

    /// The files of the bot that an open file belongs to, itself first. A test file is a bot of its own.
    pub fn bot(&mut self, uri: &Uri) -> Vec<Member> {
        let mut bot: Vec<Member> = self.get(uri).into_iter().collect();
        if bot.first().is_some_and(Member::is_test) {
            return bot;
        }
        let others: Vec<Uri> = self.open_with(uri).into_iter().filter(|other| other != uri).collect();
        bot.extend(others.iter().filter_map(|other| self.get(other)).collect::<Vec<_>>());
        let Some(folder) = folder(uri) else { return bot };
        let Ok(entries) = folder.read_dir() else { return bot };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| crate::files::is_script(path)).collect();
        paths.sort();
        let configuration = self.configurations.of(Some(&folder));
        // By their paths: editors write addresses in several ways.
        let open: HashSet<PathBuf> = self.open.values().filter_map(|document| path_of(&document.member.uri)).collect();
        for path in paths.iter().filter(|path| !open.contains(*path)) {
            bot.extend(uri_of(path).and_then(|uri| self.read(uri, path, &configuration)));
        }
        bot.retain(|member| !member.is_test());
        bot
    }

    /// A file on disk, read again when it has changed.
    fn read(&mut self, uri: Uri, path: &Path, configuration: &Rc<Configuration>) -> Option<Member> {
        let modified = path.metadata().and_then(|about| about.modified()).ok()?;
        if let Some((when, member)) = self.on_disk.get(path)
            && *when == modified
            && Rc::ptr_eq(configuration, &member.configuration)
        {
            return Some(member.clone());
        }
        let text = std::fs::read_to_string(path).ok()?;
        let member = Member::new(uri, &text, is_block(path), Rc::clone(configuration));
        self.on_disk.insert(path.to_owned(), (modified, member.clone()));
        Some(member)
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

/// The folder that a file is in.
pub fn folder(uri: &Uri) -> Option<PathBuf> {
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
