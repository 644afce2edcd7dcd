//! What the readers of JSON and TOML say is wrong with a text, in the catalogue's words: they speak English only, and of
//! the types of a program.

use super::closest;
use crate::wording::{Argument, Message, message};

/// What a reader's sentence means; one that is not known here is an argument of a sentence of the catalogue.
#[must_use]
pub fn reader_problem(error: &impl std::fmt::Display) -> Message {
    let text = error.to_string();
    let said = text.lines().next().unwrap_or_default();
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    match (first_words(said), quoted.as_slice()) {
        ("EOF while", _) => message!("reader-ends-early"),
        ("expected value" | "expected ident", _) => message!("reader-value-expected"),
        ("trailing comma", _) => message!("reader-trailing-comma"),
        ("trailing characters", _) => message!("reader-more-follows"),
        ("key must", _) => message!("reader-key-not-text"),
        ("control character", _) => message!("reader-control-character"),
        ("invalid escape" | "invalid unicode" | "lone leading" | "unexpected end", []) | ("missing escaped", _) => {
            message!("reader-escape")
        }
        ("invalid number" | "number out" | "`_` may", _) => message!("reader-number"),
        ("recursion limit", _) => message!("reader-too-deep"),
        ("string values", _) => message!("reader-text-without-quotes"),
        ("unexpected key", _) if said.contains("expected newline") => message!("reader-line-end-expected"),
        (words, _) if words.starts_with("unclosed") || is_open_text(words, &quoted) => message!("reader-not-closed"),
        ("key with", _) => message!("reader-value-expected"),
        ("duplicate key", _) => message!("file-key-twice"),
        ("duplicate field", [key]) => message!("reader-key-twice", key = *key),
        ("missing field", [key]) => message!("file-missing-key", key = *key),
        ("unknown field", [key, known @ ..]) => unknown_key(key, known),
        ("invalid type:" | "invalid value:", _) => match said.split_once(": ").and_then(|(_, rest)| rest.rsplit_once(", expected ")) {
            Some((found, expected)) => message!("file-expected", found = found_of(found), expected = expected_of(expected)),
            None => message!("reader-otherwise", error = said),
        },
        ("input contains" | "input is" | "premature end" | "trailing input", _) => message!("reader-time"),
        (words, [_, ..]) if words.starts_with("expected") && said.starts_with("expected `") => {
            message!("reader-sign-expected", signs = Argument::any(quoted.iter().map(|sign| format!("`{sign}`"))))
        }
        _ => message!("reader-otherwise", error = said),
    }
}

/// TOML's name of the text, and the quote that would close it.
fn is_open_text(words: &str, quoted: &[&str]) -> bool {
    ["invalid basic", "invalid literal", "invalid multi-line"].contains(&words) && !quoted.is_empty()
}

fn first_words(text: &str) -> &str {
    let end = text.match_indices(' ').nth(1).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// A key that is none of the known ones, with the one that is near.
pub(crate) fn unknown_key(key: &str, known: &[&str]) -> Message {
    match closest(key, known.iter().copied()) {
        Some(meant) => message!("file-unknown-key-meant", key = key, meant = meant),
        None => message!("file-unknown-key", key = key, known = Argument::all(known.iter().map(|key| format!("`{key}`")))),
    }
}

/// ``string "x"``, ``integer `5` `` and their like.
fn found_of(found: &str) -> Argument {
    match found.split_once(' ').unwrap_or((found, "")) {
        ("string", text) => message!("value-text", value = text.trim_matches('"')).into(),
        ("integer" | "boolean" | "floating", _) => match found.split('`').nth(1) {
            Some(value) => message!("file-value", value = value).into(),
            None => found.into(),
        },
        ("null", _) => message!("value-none").into(),
        ("sequence", _) => message!("kind-list").into(),
        ("map", _) => message!("file-some-object").into(),
        _ => found.into(),
    }
}

fn expected_of(expected: &str) -> Argument {
    match expected {
        "i64" | "u64" | "u32" | "u16" | "u8" => message!("kind-whole").into(),
        "a string" | "string" => message!("kind-text").into(),
        "a boolean" => message!("file-flag").into(),
        "a sequence" | "sequence" => message!("kind-list").into(),
        words if words.contains("RFC 3339") => message!("reader-time-form").into(),
        words if words.starts_with("struct ") || words.starts_with("a map") => message!("file-some-object").into(),
        words => words.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::reader_problem;
    use crate::wording::Language;

    #[test]
    fn every_sentence_of_the_json_reader_is_known() {
        let mut unknown = Vec::new();
        for text in [
            "",
            "[",
            "{",
            "\"",
            "{\"a\" 1}",
            "[1 2]",
            "{\"a\":1 \"b\":2}",
            "tru",
            "?",
            "[1,]",
            "{\"a\":1,}",
            "1 2",
            "{1:2}",
            "\"\u{1}\"",
            "\"\\q\"",
            "\"\\ud800\"",
            "\"\\u00\"",
            "\"\\ud800\\u0041\"",
            "01",
            "1e999",
            "-",
            "1.",
            "[1",
            "{\"a\":",
            "{\"a\"",
            "nul",
            "{,}",
        ] {
            let error = serde_json::from_str::<serde_json::Value>(text).expect_err(text);
            let message = reader_problem(&error);
            if message.id() == "reader-otherwise" {
                unknown.push(format!("{text:?}: {error}"));
            }
        }
        let deep = "[".repeat(200);
        let error = serde_json::from_str::<serde_json::Value>(&deep).expect_err("too deep");
        assert_eq!(reader_problem(&error).id(), "reader-too-deep");
        assert!(unknown.is_empty(), "{}", unknown.join("\n"));
    }

    #[test]
    fn wrong_types_are_named_in_words() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code, reason = "only what is wrong is looked at")]
        struct Event {
            client: i64,
            text: Option<String>,
            #[serde(default)]
            tags: Vec<String>,
        }
        for (text, english) in [
            ("{}", "`client` is missing"),
            ("{\"client\": 1, \"client\": 2}", "the key `client` is there twice"),
            ("{\"client\": \"x\"}", "a whole number is expected, found the text `x`"),
            ("{\"client\": 1.5}", "a whole number is expected, found `1.5`"),
            ("{\"client\": null}", "a whole number is expected, found no value"),
            ("{\"client\": 1, \"text\": true}", "text is expected, found `true`"),
            ("{\"client\": 1, \"tags\": {}}", "a list is expected, found an object"),
            ("{\"client\": 1, \"txt\": 1}", "there is no key `txt`: did you mean `text`?"),
            ("{\"client\": 1, \"zzzz\": 1}", "there is no key `zzzz`: there are `client`, `text` and `tags`"),
            ("5", "an object is expected, found `5`"),
        ] {
            let error = serde_json::from_str::<Event>(text).expect_err(text);
            assert_eq!(reader_problem(&error).render(Language::En), english, "{error}");
        }
    }
}
