//! Patterns as Python writes them, in the words of the library that searches: the few places where the two differ.

/// The same pattern for the library.
#[must_use]
pub fn from_python(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern.chars();
    // How far into a class `[...]` this is: 0 outside, 1 at its very beginning, 2 further on.
    let mut class = 0_u8;
    while let Some(character) = rest.next() {
        let at_start = class == 1;
        match character {
            '\\' => {
                if class == 1 {
                    class = 2;
                }
                match rest.next() {
                    // The very end; `\z` to the library, whose `\Z` is something else.
                    Some('Z') if class == 0 => out.push_str("\\z"),
                    // Characters that mean nothing in Python, something in the library, or are refused there.
                    Some(plain) if "<>".contains(plain) || !plain.is_ascii() => out.push(plain),
                    Some(other) => out.extend(['\\', other]),
                    None => out.push('\\'),
                }
                continue;
            }
            '[' if class == 0 => {
                class = 1;
                out.push('[');
                if let Some(after) = rest.as_str().strip_prefix('^') {
                    rest = after.chars();
                    out.push('^');
                }
                continue;
            }
            ']' if class > 0 && !at_start => {
                class = 0;
                out.push(']');
                continue;
            }
            // Classes inside classes, and `&&`, `--`, `~~` in them, are the library's own.
            '[' | ']' | '&' | '~' if class > 0 => out.extend(['\\', character]),
            '-' if class > 0 && rest.as_str().starts_with('-') => out.push_str("\\-"),
            '{' if class == 0 && !begins_repetition(rest.as_str()) => out.push_str("\\{"),
            other => out.push(other),
        }
        if class == 1 {
            class = 2;
        }
    }
    out
}

/// Whether what follows a `{` makes it a number of repetitions: `3}`, `3,}`, `,5}` or `3,5}`.
fn begins_repetition(rest: &str) -> bool {
    let Some((inside, _)) = rest.split_once('}') else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !matches!(inside, "" | ",") && digits(least) && digits(most)
}
