//! Places as the protocol counts them: lines from 0, and in them UTF-16 units, or bytes when the client offers that.

use calc::diagnostic::Span;
use lsp_types::{Position, PositionEncodingKind, Range};

/// How columns are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// What is agreed on with a client that offers some encodings; UTF-16 is what every client has.
    pub fn agreed(offered: Option<&[PositionEncodingKind]>) -> Self {
        if offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8)) { Self::Utf8 } else { Self::Utf16 }
    }

    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    /// How long a text of one line is.
    pub fn length(self, text: &str) -> u32 {
        let length = match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
        };
        u32::try_from(length).unwrap_or(u32::MAX)
    }
}

/// The lines of a text.
pub struct Places<'a> {
    text: &'a str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'a> Places<'a> {
    pub fn new(text: &'a str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        // A line ends with `\n`, `\r\n` or `\r`.
        let ends = bytes.iter().enumerate().filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text, starts, encoding }
    }

    pub fn position(&self, byte: u32) -> Position {
        let byte = self.text.floor_char_boundary((byte as usize).min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        Position::new(u32::try_from(line).unwrap_or(u32::MAX), self.encoding.length(&self.text[self.starts[line]..byte]))
    }

    pub fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    /// The byte at a position; one past the end of a line is that end.
    pub fn byte(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize).copied() else { return self.text.len() };
        let end = self.line_end(position.line as usize);
        let line = &self.text[start..end];
        let mut left = position.character;
        for (at, character) in line.char_indices() {
            let length = match self.encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
            };
            let length = u32::try_from(length).unwrap_or(0);
            if left < length {
                return start + at;
            }
            left -= length;
        }
        end
    }

    /// The byte where the characters of a line end.
    fn line_end(&self, line: usize) -> usize {
        let Some(next) = self.starts.get(line + 1) else { return self.text.len() };
        let end = next - 1;
        if self.text[..end].ends_with('\r') && self.text[end..].starts_with('\n') { end - 1 } else { end }
    }

    /// The last position of the line of another one.
    pub fn end_of_line(&self, position: Position) -> Position {
        self.position(u32::try_from(self.line_end(position.line as usize)).unwrap_or(u32::MAX))
    }

    /// The line of a byte, counted from 0.
    pub fn line_of(&self, byte: u32) -> u32 {
        self.position(byte).line
    }
}
