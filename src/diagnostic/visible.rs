//! Makes visible what would command a terminal instead of being read: control characters and marks that turn the
//! direction of writing. Text of clients is full of whatever a client likes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a terminal acts on the character, or shows the characters around it in another order.
#[must_use]
pub fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The text in one line: every control character is written as an escape.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, is_control)
}

/// The text with its lines and tabs; every other control character is written as an escape.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(text, |character| is_control(character) && !matches!(character, '\n' | '\t'))
}

fn escape(text: &str, hides: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&hides) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for character in text[first..].chars() {
        if hides(character) {
            write_escape(&mut out, character);
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

fn write_escape(out: &mut String, character: char) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Writing to a text cannot fail.
        '\0'..='\u{7f}' => _ = write!(out, "\\x{:02x}", u32::from(character)),
        _ => _ = write!(out, "\\u{{{:x}}}", u32::from(character)),
    }
}

/// A character that stands for a control character in a drawing of source text, where one is as wide as another.
#[must_use]
pub fn picture(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        character if is_control(character) => '\u{fffd}',
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_lines};

    #[test]
    fn what_commands_a_terminal_is_written_out() {
        assert_eq!(visible("plain — text\u{301} 👍"), "plain — text\u{301} 👍");
        assert_eq!(visible("a\u{1b}[31mb\u{7}\r\n\t\u{9b}2J\u{202e}x\u{7f}"), "a\\x1b[31mb\\x07\\r\\n\\t\\u{9b}2J\\u{202e}x\\x7f");
        assert_eq!(visible_lines("a\n\tb\r\u{1b}"), "a\n\tb\\r\\x1b");
    }
}
