//! The one way a text literal is written: `'…'` unless the text holds a `'`.

use std::borrow::Cow;

/// A literal as it was written, in the standard quotes.
pub fn standard(literal: &str) -> Cow<'_, str> {
    let quotes = if is_triple(literal) { 3 } else { 1 };
    let Some(body) = literal.get(quotes..literal.len().saturating_sub(quotes)) else { return Cow::Borrowed(literal) };
    // In a placeholder the quotes belong to its expression, where a backslash means something else.
    let has_placeholder = body.contains("#{");
    if literal.starts_with('"') && !body.contains('\'') {
        let quote = &"'''"[..quotes];
        let body = if has_placeholder { Cow::Borrowed(body) } else { unescaped(body, '"') };
        return Cow::Owned(format!("{quote}{body}{quote}"));
    }
    let bare = unescaped(body, '\'');
    if literal.starts_with('\'') && quotes == 1 && !has_placeholder && bare.contains('\'') && !body.contains('"') {
        return Cow::Owned(format!("\"{bare}\""));
    }
    Cow::Borrowed(literal)
}

fn is_triple(literal: &str) -> bool {
    literal.len() >= 6 && (literal.starts_with("'''") || literal.starts_with("\"\"\""))
}

/// The body without the backslashes before a quote that no longer ends the text.
fn unescaped(body: &str, quote: char) -> Cow<'_, str> {
    if !body.contains('\\') {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let mut characters = body.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some(next) if next == quote => out.push(next),
            next => {
                out.push('\\');
                out.extend(next);
            }
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::standard;

    #[test]
    fn quotes() {
        for (written, expected) in [
            (r#""a""#, "'a'"),
            (r#""it's""#, r#""it's""#),
            (r"'it\'s'", r#""it's""#),
            (r#"'it\'s "x"'"#, r#"'it\'s "x"'"#),
            (r#""say \"hi\"""#, r#"'say "hi"'"#),
            (r#""a\\""#, r"'a\\'"),
            (r##""#{d["x"]}""##, r#"'#{d["x"]}'"#),
            (r##""#{d['x']}""##, r##""#{d['x']}""##),
            ("\"\"\"a\nb\"\"\"", "'''a\nb'''"),
            ("\"\"", "''"),
            ("\"\"\"\"\"\"", "''''''"),
        ] {
            assert_eq!(standard(written), expected, "{written}");
        }
    }
}
