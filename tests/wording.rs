//! The catalogue `messages/*.ftl`: the files are sound, every language has every message with the same arguments, and the
//! code and the catalogue name the same messages with the same arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use calc::wording::{Argument, Language, Message, message};
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, Resource};

/// The arguments of messages, by id.
type Catalogue = BTreeMap<String, BTreeSet<String>>;

/// Messages that no case shows yet: one an indented line, under its group. One that a case shows must leave the list, and a
/// new message must not come into it.
const NOT_SHOWN: &str = include_str!("data/messages_not_shown.txt");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(language: Language) -> String {
    std::fs::read_to_string(root().join(format!("messages/{language}.ftl"))).expect("the file of the language")
}

fn catalogue(language: Language) -> Catalogue {
    let resource: Resource<String> =
        fluent_syntax::parser::parse(text(language)).unwrap_or_else(|(_, errors)| panic!("messages/{language}.ftl has errors: {errors:?}"));
    let mut found = Catalogue::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut arguments = BTreeSet::new();
        let pattern = message.value.unwrap_or_else(|| panic!("messages/{language}.ftl: `{}` has no text", message.id.name));
        arguments_of(&pattern, &mut arguments);
        assert!(found.insert(message.id.name.clone(), arguments).is_none(), "messages/{language}.ftl has `{}` twice", message.id.name);
    }
    found
}

fn arguments_of(pattern: &Pattern<String>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression: Expression::Inline(inline) } => arguments_of_inline(inline, found),
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                arguments_of_inline(selector, found);
                for variant in variants {
                    arguments_of(&variant.value, found);
                }
            }
        }
    }
}

fn arguments_of_inline(inline: &InlineExpression<String>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.clone());
        }
        InlineExpression::FunctionReference { arguments: CallArguments { positional, .. }, .. } => {
            for argument in positional {
                arguments_of_inline(argument, found);
            }
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        other => panic!("the tests do not know {other:?} in a message"),
    }
}

/// The code of `src/` without lines of comments, by file.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path).expect("a file in UTF-8");
                let code = source.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect();
                found.push((path.display().to_string(), code));
            }
        }
    }
    found
}

/// What the code names: every `message!("id", name = …)` of `src/`, with its file.
fn named_in_code() -> Vec<(String, String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for (file, code) in sources() {
        for (at, start) in code.match_indices("message!(") {
            let is_word = code[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_');
            let rest = code[at + start.len()..].trim_start();
            if let Some(rest) = rest.strip_prefix('"').filter(|_| !is_word) {
                let (id, rest) = rest.split_once('"').expect("a closed id");
                found.push((file.clone(), id.to_owned(), names(rest)));
            }
        }
    }
    found
}

/// The names before `=` of `, a = …, b = …)`, up to the bracket that closes the call.
fn names(rest: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut depth, mut in_text, mut is_escaped) = (0, false, false);
    for (at, character) in rest.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if in_text => is_escaped = true,
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                if let Some((name, _)) = rest[at + 1..].split_once('=')
                    && name.trim().chars().all(|character| character.is_alphanumeric() || character == '_')
                    && !name.trim().is_empty()
                {
                    found.insert(name.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    found
}

/// Who may show text that stands in no catalogue, and whose text it is.
const VERBATIM: &[(&str, &str)] = &[
    ("src/wording/mod.rs", "the function itself"),
    ("src/crm/error.rs", "what a function of a host says of its failure"),
    ("src/engine/outcome.rs", "a report that was rendered before and is drawn now"),
];

#[test]
fn sentences_come_from_the_catalogue() {
    let sources = sources();
    let of = |file: &str| sources.iter().find(|(path, _)| path.ends_with(file)).map_or("", |(_, code)| code.as_str());
    let allowed = |path: &str| VERBATIM.iter().any(|(file, _)| path.ends_with(file));
    let others: Vec<&str> =
        sources.iter().filter(|(path, code)| code.contains("Message::verbatim") && !allowed(path)).map(|(path, _)| path.as_str()).collect();
    assert!(others.is_empty(), "these show text that no translator sees: {others:?}");
    let needless: Vec<&str> = VERBATIM.iter().map(|(file, _)| *file).filter(|file| !of(file).contains("verbatim")).collect();
    assert!(needless.is_empty(), "these need no permission: {needless:?}");
}

#[test]
fn every_language_has_the_same_messages_with_the_same_arguments() {
    let english = catalogue(Language::En);
    for language in Language::ALL {
        let other = catalogue(*language);
        let missing: Vec<_> = english.keys().filter(|id| !other.contains_key(*id)).collect();
        let needless: Vec<_> = other.keys().filter(|id| !english.contains_key(*id)).collect();
        assert!(missing.is_empty() && needless.is_empty(), "messages/{language}.ftl lacks {missing:?}, and only it has {needless:?}");
        for (id, arguments) in &english {
            assert_eq!(arguments, &other[id], "the arguments of `{id}` in messages/{language}.ftl");
        }
    }
}

#[test]
fn the_code_names_messages_of_the_catalogue_with_their_arguments() {
    let catalogue = catalogue(Language::En);
    let mut problems = Vec::new();
    let named = named_in_code();
    assert!(named.len() > 10, "the messages of the code were not found");
    for (file, id, arguments) in &named {
        match catalogue.get(id) {
            None => problems.push(format!("{file}: `{id}` is not in messages/en.ftl")),
            Some(known) if known != arguments => problems.push(format!("{file}: `{id}` has {arguments:?}, the catalogue {known:?}")),
            Some(_) => {}
        }
    }
    let mut used: BTreeSet<&str> = named.iter().map(|(_, id, _)| id.as_str()).collect();
    // Constants of kinds and variables hold ids of messages without arguments.
    let sources = sources();
    used.extend(
        catalogue
            .iter()
            .filter(|(id, arguments)| arguments.is_empty() && sources.iter().any(|(_, code)| code.contains(&format!("\"{id}\""))))
            .map(|(id, _)| id.as_str()),
    );
    problems.extend(catalogue.keys().filter(|id| !used.contains(id.as_str())).map(|id| format!("nothing in src/ says `{id}`")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The text of a message between what is filled in.
fn fixed_parts(pattern: &Pattern<String>) -> Vec<String> {
    let mut parts = vec![String::new()];
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value }
            | PatternElement::Placeable { expression: Expression::Inline(InlineExpression::StringLiteral { value }) } => {
                if let Some(last) = parts.last_mut() {
                    last.push_str(value);
                }
            }
            PatternElement::Placeable { .. } => parts.push(String::new()),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// All that golden cases, tests and the pages of diagnostics expect to be printed.
fn expected_by_tests() -> String {
    let mut found = String::new();
    let mut folders: Vec<PathBuf> = vec![root().join("tests"), root().join("docs/errors")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            let ends = |ends: &[&str]| path.extension().is_some_and(|extension| ends.iter().any(|end| extension == *end));
            if path.is_dir() {
                folders.push(path);
            } else if ends(&["expected", "json", "rs", "md"]) && !path.ends_with("wording.rs") {
                found.push_str(&std::fs::read_to_string(&path).expect("a file in UTF-8"));
            }
        }
    }
    found
}

/// Whether one line of a text has the parts in this order.
fn has_line_with(text: &str, parts: &[String]) -> bool {
    let Some(longest) = parts.iter().max_by_key(|part| part.len()) else { return true };
    text.match_indices(longest.as_str()).any(|(at, _)| {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let mut rest = &text[start..end];
        parts.iter().all(|part| match rest.split_once(part.as_str()) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    })
}

/// The fixed parts of every message of a language, by id.
fn parts_of_messages(language: Language) -> BTreeMap<String, Vec<String>> {
    let resource = fluent_syntax::parser::parse(text(language)).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let messages = resource.body.into_iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name.clone(), message.value.as_ref().map(fixed_parts).unwrap_or_default())),
        _ => None,
    });
    messages.collect()
}

#[test]
fn every_message_is_reached_by_a_case() {
    let expected = expected_by_tests();
    let languages: Vec<_> = Language::ALL.iter().map(|language| parts_of_messages(*language)).collect();
    let is_shown = |id: &String| languages.iter().any(|parts| has_line_with(&expected, &parts[id]));
    let excused: BTreeSet<&str> = NOT_SHOWN.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let ids = languages[0].keys();
    let missing: Vec<&String> = ids.clone().filter(|id| !excused.contains(id.as_str()) && !is_shown(id)).collect();
    let needless: Vec<&String> = ids.filter(|id| excused.contains(id.as_str()) && is_shown(id)).collect();
    let gone: Vec<&&str> = excused.iter().filter(|id| !languages[0].contains_key(**id)).collect();
    assert!(
        missing.is_empty() && needless.is_empty() && gone.is_empty(),
        "no case shows {missing:#?}\ntests/data/messages_not_shown.txt excuses {needless:#?}, which cases show, and {gone:?}, which are not there"
    );
}

#[test]
fn the_order_of_messages_is_the_same_in_every_language() {
    let ids = |language| -> Vec<String> {
        let lines = text(language);
        let first = |line: &str| line.split_once(" =").map(|(id, _)| id.to_owned());
        lines.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase())).filter_map(first).collect()
    };
    for language in Language::ALL {
        assert_eq!(ids(*language), ids(Language::En), "messages/{language}.ftl and messages/en.ftl can be read side by side");
    }
}

#[test]
fn messages_render_in_each_language_with_their_plurals() {
    let limit = |limit: u64| message!("crm-call-limit", limit = limit);
    assert_eq!(limit(1000).render(Language::En), "the script calls CRM functions more than 1000 times");
    assert_eq!(limit(1000).render(Language::Ru), "скрипт вызывает функции CRM больше 1000 раз");
    assert_eq!(limit(21).render(Language::Ru), "скрипт вызывает функции CRM больше 21 раза");
    let refused = message!(
        "refused-argument",
        function = "f",
        parameter = "p",
        problem = message!("variable-has-no-value", name = String::from("x"))
    );
    assert_eq!(refused.to_string(), "`f` refused `p`: `x` has no value");
    assert_eq!(refused.render(Language::Ru), "`f` не приняла `p`: у `x` нет значения");
    let all = Argument::all(["a", "b", "c"]);
    assert_eq!((all.render(Language::En), all.render(Language::Ru)), ("a, b and c".to_owned(), "a, b и c".to_owned()));
    assert_eq!(Message::verbatim("как есть").to_string(), "как есть");
}

#[test]
fn locales_name_languages() {
    for (locale, language) in [
        ("ru_RU.UTF-8", Some(Language::Ru)),
        ("ru", Some(Language::Ru)),
        ("RU-ru", Some(Language::Ru)),
        ("en_GB", Some(Language::En)),
        ("C.UTF-8", Some(Language::En)),
        ("POSIX", Some(Language::En)),
        ("rue_UA", None),
        ("", None),
    ] {
        assert_eq!(Language::of_locale(locale), language, "{locale:?}");
    }
    assert_eq!("RU".parse(), Ok(Language::Ru));
    assert!("de".parse::<Language>().is_err());
}
