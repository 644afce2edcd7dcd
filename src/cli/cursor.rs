//! What an author is in the middle of writing at a place: code or text, and inside which calls. Looks at characters only,
//! because unfinished code has no tree. For the editor server and the REPL.

use calc::function::Builtin;

/// A call that is not closed before the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCall {
    pub name: String,
    /// How many commas stand before the place.
    pub argument: usize,
    /// The name before the `=` of the argument that is written.
    pub keyword: Option<String>,
}

impl OpenCall {
    /// The number of the parameter that the argument is for.
    pub fn parameter(&self, builtin: &Builtin) -> Option<usize> {
        let by_name = |name: &String| {
            builtin.parameters.iter().position(|parameter| parameter.name == name || parameter.alias == Some(name.as_str()))
        };
        match &self.keyword {
            Some(name) => by_name(name),
            None if builtin.parameters.is_empty() => None,
            None => {
                let last = builtin.parameters.len() - 1;
                (self.argument <= last || builtin.parameters[last].variadic).then(|| self.argument.min(last))
            }
        }
    }
}

/// What is written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// A comment, or the text of a message.
    Prose,
    /// A text in quotes: what of it stands before the place, and the calls around it.
    Text { written: String, calls: Vec<OpenCall> },
    /// Code.
    Code {
        /// The part of a name before the place.
        word: String,
        /// The calls around it, outermost first.
        calls: Vec<OpenCall>,
    },
}

enum CursorMode {
    Text {
        quote: Option<char>,
        triple: bool,
        /// The byte after its quote.
        start: usize,
    },
    /// The brackets that are open, each with the byte after it and the commas since; whether it began with `#{`.
    Code { brackets: Vec<(char, usize, usize)>, placeholder: bool },
}

/// Looks at a text up to a byte. `message`: where the message of a block begins.
pub fn at(text: &str, byte: usize, message: Option<usize>) -> Cursor {
    let is_message = message.is_some_and(|start| byte >= start);
    let from = if is_message { message.unwrap_or(0) } else { 0 };
    let before = &text[..byte];
    let mut modes = vec![if is_message { CursorMode::Text { quote: None, triple: false, start: from } } else { code(false) }];
    let mut at = from;
    while at < byte {
        let rest = &before[at..];
        let Some(character) = rest.chars().next() else { break };
        let mut length = character.len_utf8();
        match modes.last_mut() {
            Some(CursorMode::Text { quote, triple, .. }) => {
                if rest.starts_with("#{") {
                    modes.push(code(true));
                    length = 2;
                } else if character == '\\' {
                    length += rest[1..].chars().next().map_or(0, char::len_utf8);
                } else if let Some(quote) = *quote {
                    let closing = if *triple { quote.to_string().repeat(3) } else { quote.to_string() };
                    if rest.starts_with(&closing) {
                        length = closing.len();
                        modes.pop();
                    } else if character == '\n' && !*triple {
                        modes.truncate(1);
                    }
                }
            }
            Some(CursorMode::Code { brackets, placeholder }) => match character {
                '\'' | '"' => {
                    let triple = rest.starts_with(&character.to_string().repeat(3));
                    length = if triple { 3 } else { 1 };
                    modes.push(CursorMode::Text { quote: Some(character), triple, start: at + length });
                }
                '#' if rest.starts_with("#{") => {
                    brackets.push(('{', at + 2, 0));
                    length = 2;
                }
                '#' => {
                    let Some(end) = rest.find('\n') else { return Cursor::Prose };
                    length = end;
                }
                '/' if rest.starts_with("/*") => {
                    let Some(end) = rest.find("*/") else { return Cursor::Prose };
                    length = end + 2;
                }
                '(' | '[' | '{' => brackets.push((character, at + 1, 0)),
                '}' if *placeholder && brackets.is_empty() => {
                    modes.pop();
                }
                ')' | ']' | '}' => drop(brackets.pop()),
                ',' => {
                    if let Some(open) = brackets.last_mut() {
                        open.2 += 1;
                    }
                }
                _ => {}
            },
            None => break,
        }
        at += length;
    }
    // The calls around a text are those of the code that it stands in.
    let around = modes.iter().rev().find_map(|mode| match mode {
        CursorMode::Code { brackets, .. } => Some(brackets),
        CursorMode::Text { .. } => None,
    });
    let calls = || {
        let brackets = around.into_iter().flatten();
        brackets.filter_map(|(bracket, inside, commas)| call(before, *bracket, *inside, *commas)).collect()
    };
    match modes.last() {
        Some(CursorMode::Code { .. }) => Cursor::Code { word: word_before(before).to_owned(), calls: calls() },
        Some(CursorMode::Text { quote: Some(_), start, .. }) => Cursor::Text { written: before[*start..].to_owned(), calls: calls() },
        _ => Cursor::Prose,
    }
}

fn code(placeholder: bool) -> CursorMode {
    CursorMode::Code { brackets: Vec::new(), placeholder }
}

fn call(before: &str, bracket: char, inside: usize, commas: usize) -> Option<OpenCall> {
    if bracket != '(' {
        return None;
    }
    let name = word_before(before[..inside - 1].trim_end());
    if name.is_empty() {
        return None;
    }
    let argument = before[inside..].rsplit(',').next().unwrap_or_default();
    let keyword = argument.split_once('=').map(|(name, _)| name.trim()).filter(|name| is_name(name));
    Some(OpenCall { name: name.to_owned(), argument: commas, keyword: keyword.map(str::to_owned) })
}

/// The name that a text ends with.
pub fn word_before(text: &str) -> &str {
    let start =
        text.char_indices().rev().take_while(|(_, character)| is_name_character(*character)).last().map_or(text.len(), |(at, _)| at);
    &text[start..]
}

fn is_name_character(character: char) -> bool {
    character == '_' || unicode_ident::is_xid_continue(character)
}

/// Whether a text can be a name, keywords aside.
pub fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first)) && characters.all(is_name_character)
}

#[cfg(test)]
mod tests {
    use super::{Cursor, OpenCall, at};

    fn cursor(text: &str) -> Cursor {
        let byte = text.find('|').expect("a place");
        at(&text.replace('|', ""), byte, None)
    }

    fn in_call(name: &str, argument: usize, keyword: Option<&str>) -> Vec<OpenCall> {
        vec![OpenCall { name: name.to_owned(), argument, keyword: keyword.map(str::to_owned) }]
    }

    #[test]
    fn code_and_text() {
        assert_eq!(cursor("x = le|"), Cursor::Code { word: "le".to_owned(), calls: Vec::new() });
        assert_eq!(cursor("x = 'le|'"), Cursor::Text { written: "le".to_owned(), calls: Vec::new() });
        assert_eq!(cursor("x = 'a #{le|}'"), Cursor::Code { word: "le".to_owned(), calls: Vec::new() });
        assert_eq!(cursor("x = 1 # le|"), Cursor::Prose);
        assert_eq!(cursor("x = 'a' + /* ' */ n|"), Cursor::Code { word: "n".to_owned(), calls: Vec::new() });
    }

    #[test]
    fn calls() {
        assert_eq!(cursor("create_order('a, b', |"), Cursor::Code { word: String::new(), calls: in_call("create_order", 1, None) });
        assert_eq!(cursor("f([1, 2], name=|"), Cursor::Code { word: String::new(), calls: in_call("f", 1, Some("name")) });
        let in_text = Cursor::Text { written: "ci".to_owned(), calls: in_call("get_client_var", 1, None) };
        assert_eq!(cursor("get_client_var(1, 'ci|"), in_text);
        assert_eq!(cursor("f(1) + g(|"), Cursor::Code { word: String::new(), calls: in_call("g", 0, None) });
    }
}
