//! Draws diagnostics for a terminal. The only file that knows ariadne.

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};

use super::{Diagnostic, Severity, Span};

/// One source text with its name, prepared for drawing many diagnostics.
pub struct Renderer<'a> {
    name: &'a str,
    text: &'a str,
    source: Source<&'a str>,
    colour: bool,
}

impl<'a> Renderer<'a> {
    /// Draws diagnostics of `text`, called `name` (a file name or `<text>`), with ANSI colours if `colour`.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str, colour: bool) -> Self {
        Self { name, text, source: Source::from(text), colour }
    }

    /// The diagnostic with the lines it is about, the places underlined, and the help.
    #[must_use]
    pub fn render(&self, diagnostic: &Diagnostic) -> String {
        let (kind, colour) = match diagnostic.severity() {
            Severity::Error => (ReportKind::Error, Color::Red),
            Severity::Warning => (ReportKind::Warning, Color::Yellow),
            Severity::Notice => (ReportKind::Custom("Notice", Color::Cyan), Color::Cyan),
        };
        let config = Config::default().with_index_type(IndexType::Byte).with_color(self.colour).with_compact(false);
        let place = (self.name, self.whole_characters(diagnostic.span));
        let mut report = Report::build(kind, place.clone())
            .with_config(config)
            .with_code(diagnostic.code.text())
            .with_message(&diagnostic.message)
            .with_label(Label::new(place).with_message(&diagnostic.message).with_color(colour));
        for label in &diagnostic.labels {
            let place = (self.name, self.whole_characters(label.span));
            report = report.with_label(Label::new(place).with_message(&label.message).with_color(Color::Blue));
        }
        if let Some(help) = &diagnostic.help {
            report = report.with_help(help);
        }
        let mut bytes = Vec::new();
        if report.finish().write((self.name, &self.source), &mut bytes).is_err() {
            return format!("{}: {}", diagnostic.code, diagnostic.message);
        }
        let drawn = String::from_utf8_lossy(&bytes).into_owned();
        // ariadne colours the word of a kind of our own even when it shall not.
        if self.colour { drawn } else { without_colours(&drawn) }
    }

    /// The span inside the text and on whole characters: ariadne panics on others.
    fn whole_characters(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.text.floor_char_boundary((span.start as usize).min(self.text.len()));
        let end = self.text.ceil_char_boundary((span.end as usize).clamp(start, self.text.len()));
        start..end
    }
}

/// The text without ANSI colours.
fn without_colours(drawn: &str) -> String {
    let mut out = String::with_capacity(drawn.len());
    let mut rest = drawn;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let after = &rest[at..];
        rest = after.find('m').map_or("", |end| &after[end + 1..]);
    }
    out.push_str(rest);
    out
}

/// Line and column of a byte, both from 1, the column in characters.
#[must_use]
pub fn line_and_column(text: &str, byte: u32) -> (usize, usize) {
    let byte = text.floor_char_boundary((byte as usize).min(text.len()));
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Where the lines of a text begin, for places of many diagnostics.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// How many characters begin before every `STRIDE`th byte.
    characters: Vec<usize>,
}

/// A line may be as long as the text.
const STRIDE: usize = 1024;

fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

impl<'a> Lines<'a> {
    /// Looks for the lines of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let counts = text.as_bytes().chunks(STRIDE).scan(0, |before, chunk| {
            let count = *before;
            *before += characters(chunk);
            Some(count)
        });
        Self { text, starts, characters: counts.collect() }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    #[must_use]
    pub fn line_and_column(&self, byte: u32) -> (usize, usize) {
        let byte = self.text.floor_char_boundary((byte as usize).min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= byte);
        (line, self.characters_before(byte) - self.characters_before(self.starts[line - 1]) + 1)
    }

    fn characters_before(&self, byte: usize) -> usize {
        let chunk = byte / STRIDE;
        self.characters
            .get(chunk)
            .map_or_else(|| characters(self.text.as_bytes()), |before| before + characters(&self.text.as_bytes()[chunk * STRIDE..byte]))
    }
}
