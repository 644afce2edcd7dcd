//! Where in the text of a project file something stands, and keys that stand twice. The text is JSON by then: the reader
//! has seen it.

use std::collections::HashSet;

/// The byte at which the place of an error begins: that of the key or item itself, else of what it would be in.
pub(super) fn offset(text: &str, place: &str) -> usize {
    let mut scanner = Scanner::new(text, Some(place));
    scanner.value();
    scanner.found
}

/// The places and the bytes of the keys that their object has already; JSON readers would forget the values before.
pub(super) fn duplicate_keys(text: &str) -> Vec<(String, usize)> {
    let mut scanner = Scanner::new(text, None);
    scanner.value();
    scanner.duplicates
}

/// The line and the column of a byte, from 1, the column in characters.
pub(super) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(byte.min(text.len()))];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// More of them in one file help nobody.
const MOST_DUPLICATES: usize = 50;

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    path: String,
    place: Option<&'t str>,
    found: usize,
    duplicates: Vec<(String, usize)>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, place: Option<&'t str>) -> Self {
        Self { text, at: 0, path: String::new(), place, found: 0, duplicates: Vec::new() }
    }

    fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b',' || *byte == b':') {
            self.at += 1;
        }
        bytes.get(self.at).copied().unwrap_or(0)
    }

    fn value(&mut self) {
        match self.peek() {
            b'{' => self.object(),
            b'[' => self.list(),
            b'"' => self.string(),
            _ => {
                let rest = &self.text.as_bytes()[self.at..];
                let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}');
                self.at += rest.iter().position(ends).unwrap_or(rest.len());
            }
        }
    }

    fn object(&mut self) {
        self.at += 1;
        let mut keys: HashSet<String> = HashSet::new();
        while self.peek() == b'"' {
            let start = self.at;
            self.string();
            let key: String = serde_json::from_str(&self.text[start..self.at]).unwrap_or_default();
            let outer = self.path.len();
            if outer > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            self.look(start);
            if !keys.insert(key) && self.duplicates.len() < MOST_DUPLICATES {
                self.duplicates.push((self.path.clone(), start));
            }
            self.value();
            self.path.truncate(outer);
        }
        self.at += 1;
    }

    fn list(&mut self) {
        self.at += 1;
        let mut index = 0;
        while !matches!(self.peek(), b']' | 0) {
            let outer = self.path.len();
            self.path.push_str(&format!("[{index}]"));
            self.look(self.at);
            self.value();
            self.path.truncate(outer);
            index += 1;
        }
        self.at += 1;
    }

    fn string(&mut self) {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(byte) = bytes.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                break;
            }
        }
        self.at = self.at.min(bytes.len());
    }

    /// Notes the place when what begins here is it, or holds it.
    fn look(&mut self, at: usize) {
        let rest = self.place.and_then(|place| place.strip_prefix(self.path.as_str()));
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])) {
            self.found = at;
        }
    }
}
