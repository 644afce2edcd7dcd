//! Draws diagnostics for a terminal. The only file that knows ariadne.

use std::borrow::Cow;

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};

use super::visible::{picture, visible, visible_lines};
use super::{Diagnostic, Severity, Span};
use crate::wording::{Language, message};

/// Marks the beginning of a help in what ariadne draws; control characters of a script are drawn as pictures.
const HELP: &str = "\u{1}";

/// One source text with its name, prepared for drawing many diagnostics. Nothing of either, and nothing that a message
/// quotes, commands the terminal.
pub struct Renderer<'a> {
    name: Cow<'a, str>,
    text: &'a str,
    source: Source<Cow<'a, str>>,
    /// For each character that is drawn as another one: where it ends in the text, and in what is drawn.
    replaced: Vec<(usize, usize)>,
    colour: bool,
    language: Language,
}

impl<'a> Renderer<'a> {
    /// Draws diagnostics of `text`, called `name` (a file name or `<text>`), with ANSI colours if `colour`.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str, colour: bool) -> Self {
        let (drawn, replaced) = pictured(text);
        Self { name: visible(name), text, source: Source::from(drawn), replaced, colour, language: Language::En }
    }

    /// With words of another language than English.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// The diagnostic with the lines it is about, the places underlined, and the help.
    #[must_use]
    pub fn render(&self, diagnostic: &Diagnostic) -> String {
        let colour = match diagnostic.severity() {
            Severity::Error => Color::Red,
            Severity::Warning => Color::Yellow,
            Severity::Notice => Color::Cyan,
        };
        let severity = diagnostic.severity().title().render(self.language);
        let kind = ReportKind::Custom(&severity, colour);
        let config = Config::default().with_index_type(IndexType::Byte).with_color(self.colour).with_compact(false);
        let name: &str = &self.name;
        let message = diagnostic.message.render(self.language);
        let message = visible(&message);
        let place = (name, self.drawn_range(diagnostic.span));
        let mut report = Report::build(kind, place.clone())
            .with_config(config)
            .with_code(diagnostic.code.text())
            .with_message(&message)
            // The title says what is wrong: the place is underlined and says nothing again. Without words ariadne would not
            // underline it.
            .with_label(Label::new(place).with_message("").with_color(colour));
        for label in &diagnostic.labels {
            let place = (name, self.drawn_range(label.span));
            report =
                report.with_label(Label::new(place).with_message(visible(&label.message.render(self.language))).with_color(Color::Blue));
        }
        if let Some(help) = &diagnostic.help {
            report = report.with_help(format!("{HELP}{}", visible_lines(&help.render(self.language))));
        }
        let mut bytes = Vec::new();
        if report.finish().write((name, &self.source), &mut bytes).is_err() {
            return format!("{}: {message}", diagnostic.code);
        }
        let mut drawn = String::from_utf8_lossy(&bytes).into_owned();
        self.name_help(&mut drawn);
        let drawn = without_empty_arrows(&drawn);
        // ariadne colours the word of a kind of our own even when it must not.
        if self.colour { drawn } else { without_colours(&drawn) }
    }

    /// Puts the word of the language in place of the one that ariadne writes before a help.
    fn name_help(&self, drawn: &mut String) {
        let Some(mark) = drawn.rfind(HELP) else { return };
        drawn.replace_range(mark..mark + HELP.len(), "");
        if let Some(word) = drawn[..mark].rfind("Help") {
            drawn.replace_range(word..word + "Help".len(), &message!("help-word").render(self.language));
        }
    }

    /// The span in what is drawn, inside of it and on whole characters: ariadne panics on others.
    fn drawn_range(&self, span: Span) -> std::ops::Range<usize> {
        let range = self.whole_characters(span);
        self.drawn_offset(range.start)..self.drawn_offset(range.end)
    }

    fn drawn_offset(&self, byte: usize) -> usize {
        let before = self.replaced.partition_point(|(end, _)| *end <= byte);
        before.checked_sub(1).map_or(byte, |last| byte - self.replaced[last].0 + self.replaced[last].1)
    }

    fn whole_characters(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.text.floor_char_boundary((span.start as usize).min(self.text.len()));
        let end = self.text.ceil_char_boundary((span.end as usize).clamp(start, self.text.len()));
        start..end
    }
}

/// The text with a picture in place of each control character, and where the replaced ones end, before and after.
/// Characters keep their number, so that columns stay what they are. ariadne would take some of them for line ends.
fn pictured(text: &str) -> (Cow<'_, str>, Vec<(usize, usize)>) {
    let bytes = text.as_bytes();
    let stays = |at: usize, character: char| match character {
        '\n' | '\t' => true,
        '\r' => bytes.get(at + 1) == Some(&b'\n'),
        character => picture(character) == character,
    };
    let Some((first, _)) = text.char_indices().find(|(at, character)| !stays(*at, *character)) else {
        return (Cow::Borrowed(text), Vec::new());
    };
    let mut drawn = String::with_capacity(text.len() + 16);
    drawn.push_str(&text[..first]);
    let mut replaced = Vec::new();
    for (at, character) in text[first..].char_indices().map(|(at, character)| (first + at, character)) {
        if stays(at, character) {
            drawn.push(character);
        } else if at == 0 && character == '\u{feff}' {
            // A byte-order mark is not part of the first line.
            replaced.push((character.len_utf8(), 0));
        } else {
            drawn.push(picture(character));
            replaced.push((at + character.len_utf8(), drawn.len()));
        }
    }
    (Cow::Owned(drawn), replaced)
}

/// The text without the colours that ariadne put in; nothing else in it begins with an escape.
fn without_colours(drawn: &str) -> String {
    let mut out = String::with_capacity(drawn.len());
    let mut rest = drawn;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.trim_start_matches(|character: char| character.is_ascii_digit() || character == ';');
        rest = rest.strip_prefix('m').unwrap_or(rest);
    }
    out.push_str(rest);
    out
}

/// The drawing without arrows that lead to no words: only the line under the place stays.
fn without_empty_arrows(drawn: &str) -> String {
    let mut rows: Vec<Vec<DrawnCharacter<'_>>> = Vec::new();
    for row in drawn.lines() {
        let cells = cells(row);
        if let Some(column) = empty_arrow(&cells) {
            // The arrow begins under the place, perhaps some rows above, and other arrows may cross it; past the end of a line
            // there is no line under the place that it could begin at.
            let drawn =
                |row: &&mut Vec<DrawnCharacter<'_>>| matches!(row.get(column), Some(DrawnCharacter { character: '│' | '─' | '┬', .. }));
            let mut last = None;
            for cell in rows.iter_mut().rev().take_while(drawn).filter_map(|row| row.get_mut(column)) {
                let is_end = cell.character == '┬';
                if cell.character != '─' {
                    cell.character = ' ';
                    last = Some(cell);
                }
                if is_end {
                    break;
                }
            }
            if let Some(cell) = last {
                cell.character = '─';
            }
            rows.pop_if(|row| row.iter().all(|cell| matches!(cell.character, ' ' | '│' | '\0')));
        } else {
            rows.push(cells);
        }
    }
    let mut out = String::with_capacity(drawn.len());
    for cell in rows.iter().flat_map(|row| row.iter().chain(&[DrawnCharacter { escapes: "", character: '\n' }])) {
        out.push_str(cell.escapes);
        if cell.character != '\0' {
            out.push(cell.character);
        }
    }
    out
}

/// A character of a drawing with the colours that are set before it.
struct DrawnCharacter<'a> {
    escapes: &'a str,
    character: char,
}

fn cells(row: &str) -> Vec<DrawnCharacter<'_>> {
    let mut cells = Vec::with_capacity(row.len());
    let mut rest = row;
    while !rest.is_empty() {
        let mut at = 0;
        while let Some(escape) = rest[at..].strip_prefix("\u{1b}[") {
            at += 2 + escape.find('m').map_or(escape.len(), |end| end + 1);
        }
        let (escapes, after) = rest.split_at(at);
        // Colours at the end of a row belong to no character.
        let character = after.chars().next().unwrap_or('\0');
        cells.push(DrawnCharacter { escapes, character });
        rest = after.strip_prefix(character).unwrap_or_default();
    }
    cells
}

/// The column where an arrow without words begins, when a row holds nothing else.
fn empty_arrow(row: &[DrawnCharacter<'_>]) -> Option<usize> {
    let mut drawn = row.iter().enumerate().filter(|(_, cell)| !matches!(cell.character, ' ' | '│' | '┆' | '\0'));
    let (column, _) = drawn.next().filter(|(_, cell)| cell.character == '╰')?;
    drawn.all(|(_, cell)| cell.character == '─').then_some(column).filter(|column| *column > 0)
}

/// The bytes of the mark at the beginning of a text, which counts for no column.
fn mark_length(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// Line and column of a byte, both from 1, the column in characters.
#[must_use]
pub fn line_and_column(text: &str, byte: u32) -> (usize, usize) {
    let byte = text.floor_char_boundary((byte as usize).min(text.len()));
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or_else(|| mark_length(before), |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Where the lines of a text begin, for places of many diagnostics.
pub struct LineIndex<'a> {
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

impl<'a> LineIndex<'a> {
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
        let start = if line == 1 { mark_length(self.text) } else { self.starts[line - 1] };
        (line, self.characters_before(byte.max(start)) - self.characters_before(start) + 1)
    }

    fn characters_before(&self, byte: usize) -> usize {
        let chunk = byte / STRIDE;
        self.characters
            .get(chunk)
            .map_or_else(|| characters(self.text.as_bytes()), |before| before + characters(&self.text.as_bytes()[chunk * STRIDE..byte]))
    }
}
