//! Lays out a statement within the width of a line: a bracket whose content does not fit is broken, the outermost first.
//! Knows no syntax.

use std::borrow::Cow;

/// How many columns a line of code should have at most.
pub const WIDTH: usize = 100;
/// How many spaces a level of a block or a bracket is indented by.
pub const INDENT: usize = 4;

/// A piece of a statement.
#[derive(Clone, Debug)]
pub enum Piece<'s> {
    Text(Cow<'s, str>),
    Space,
    /// A space, or a line end when its group is broken.
    Line,
    /// Nothing, or a line end when its group is broken.
    Soft,
    /// Always a line end; breaks every group around it.
    Hard,
    /// A text that stands only in a group that is broken.
    IfBroken(&'static str),
    /// A space, or a `\` and a line end in a statement that is too long.
    Join,
    Open,
    Close,
    Indent,
    Dedent,
}

/// How many columns a piece takes on a line that is not broken; of a text over lines its first line counts.
fn flat_width(piece: &Piece<'_>) -> usize {
    match piece {
        Piece::Text(text) => text.split('\n').next().unwrap_or_default().chars().count(),
        Piece::Space | Piece::Line | Piece::Join => 1,
        _ => 0,
    }
}

/// A statement laid out, without the indentation of its first line and without a line end after its last.
pub fn print(pieces: &[Piece<'_>], level: usize, newline: &str) -> String {
    let flat = print_joined(pieces, level, newline, false);
    if pieces.iter().any(|piece| matches!(piece, Piece::Join)) && is_too_wide(&flat, level) {
        return print_joined(pieces, level, newline, true);
    }
    flat
}

/// Whether a line of a laid out statement has too many columns.
pub fn is_too_wide(text: &str, level: usize) -> bool {
    text.lines().enumerate().any(|(index, line)| line.chars().count() + if index == 0 { level * INDENT } else { 0 } > WIDTH)
}

fn print_joined(pieces: &[Piece<'_>], level: usize, newline: &str, breaks_joins: bool) -> String {
    let groups = groups(pieces);
    let mut out = String::new();
    let mut indent = level;
    let mut column = level * INDENT;
    let mut broken: Vec<bool> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let is_broken = broken.last().copied().unwrap_or(false);
        match piece {
            Piece::Text(text) => {
                out.push_str(text);
                match text.rfind('\n') {
                    Some(at) => column = text[at + 1..].chars().count(),
                    None => column += text.chars().count(),
                }
            }
            Piece::IfBroken(text) if is_broken => {
                out.push_str(text);
                column += text.len();
            }
            Piece::Hard => column = break_line(&mut out, newline, indent),
            Piece::Line | Piece::Soft if is_broken => column = break_line(&mut out, newline, indent),
            Piece::Join if breaks_joins => {
                out.push_str(" \\");
                column = break_line(&mut out, newline, indent + 1);
            }
            Piece::Space | Piece::Line | Piece::Join => {
                // A comment may have ended the line before.
                if !out.is_empty() && !out.ends_with([' ', '\n']) {
                    out.push(' ');
                    column += 1;
                }
            }
            Piece::Open => {
                let BracketGroup { width, after } = groups[index];
                let fits = width.is_some_and(|width| column + width + width_to_line_end(&pieces[after..]) <= WIDTH);
                broken.push(!fits);
            }
            Piece::Close => {
                broken.pop();
            }
            Piece::Indent => indent += 1,
            Piece::Dedent => indent = indent.saturating_sub(1),
            Piece::Soft | Piece::IfBroken(_) => {}
        }
    }
    out
}

fn break_line(out: &mut String, newline: &str, indent: usize) -> usize {
    out.truncate(out.trim_end_matches(' ').len());
    out.push_str(newline);
    out.extend(std::iter::repeat_n(' ', indent * INDENT));
    indent * INDENT
}

/// A bracket with what it holds.
#[derive(Clone, Copy, Debug, Default)]
struct BracketGroup {
    /// How wide it is on one line; `None` when it cannot be on one.
    width: Option<usize>,
    /// The piece after its end.
    after: usize,
}

/// The group of every `Open`.
fn groups(pieces: &[Piece<'_>]) -> Vec<BracketGroup> {
    let mut groups = vec![BracketGroup::default(); pieces.len()];
    let mut open: Vec<(usize, usize, u32)> = Vec::new();
    let (mut width, mut hard) = (0, 0_u32);
    for (index, piece) in pieces.iter().enumerate() {
        width += flat_width(piece);
        match piece {
            Piece::Hard => hard += 1,
            Piece::Open => open.push((index, width, hard)),
            Piece::Close => {
                if let Some((start, width_before, hard_before)) = open.pop() {
                    groups[start] = BracketGroup { width: (hard == hard_before).then_some(width - width_before), after: index + 1 };
                }
            }
            _ => {}
        }
    }
    groups
}

/// How wide pieces are up to where a line may end; not much more than a line is counted. A bracket that comes later may be
/// broken: when two of them do not fit on a line, it is the last one.
fn width_to_line_end(pieces: &[Piece<'_>]) -> usize {
    let mut width = 0;
    for piece in pieces {
        if width > WIDTH || matches!(piece, Piece::Hard | Piece::Line | Piece::Soft) {
            break;
        }
        width += flat_width(piece);
    }
    width
}
