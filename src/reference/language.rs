//! What is not a function: keywords and operators, for `calc doc if` and `calc doc +`.

use crate::wording::Language;

/// A part of the language with its documentation.
#[derive(Debug)]
pub struct LanguageEntry {
    /// How it is written, in every way there is.
    pub names: &'static [&'static str],
    /// How it is used.
    pub usage: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// The keywords and operators of the language.
pub const ENTRIES: &[LanguageEntry] = &[
    entry(
        &["if", "elif", "else"],
        "if x > 5:\n    y = 1\nelif x > 2:\n    y = 2\nelse:\n    y = 3",
        "Runs the first block whose condition holds. As a function, `if(condition, a, b)` returns `a` when the condition holds and `b` when not; only that one is evaluated.",
    ),
    entry(
        &["for", "in"],
        "for item in [1, 2, 3]:\n    print(item)",
        "Runs the block once for each item of a list, character of a text or key of a dict. `x in list` on its own tells whether the list has the item.",
    ),
    entry(&["while"], "while x < 10:\n    x = x + 1", "Runs the block as long as the condition holds."),
    entry(&["break"], "break", "Ends the innermost loop."),
    entry(&["continue"], "continue", "Continues with the next iteration of the innermost loop."),
    entry(&["pass"], "pass", "Does nothing, where a block must have a line."),
    entry(&["def", "return"], "def twice(n):\n    return n * 2", "Defines a function of the script's own; `return` ends it with a value."),
    entry(&["del"], "del x", "Deletes a variable, or an item of a list or dict."),
    entry(&["True", "False", "true", "false"], "x = True", "The two truth values."),
    entry(&["None", "none", "null"], "x = None", "No value. A variable that is set to it has none."),
    entry(&["and", "AND", "&&"], "a and b", "Holds when both hold; `b` is looked at only when `a` holds."),
    entry(&["or", "OR", "||"], "a or b", "Holds when one of them holds; `b` is looked at only when `a` does not."),
    entry(&["not", "NOT", "!"], "not a", "Holds when `a` does not."),
    entry(&["==", "!="], "a == b", "Whether two values are equal, or differ."),
    entry(&["<", "<=", ">", ">="], "a < b", "Compares numbers, dates, times and texts. Comparisons can be chained: `1 < x < 5`."),
    entry(&["+"], "a + b", "Adds numbers, joins texts and lists, and adds days to a date or minutes to a time."),
    entry(&["-"], "a - b", "Subtracts numbers; of a date it takes days away, of two dates it returns the days between them."),
    entry(&["*"], "a * b", "Multiplies numbers; repeats a text or list."),
    entry(&["/"], "a / b", "Divides."),
    entry(&["//"], "a // b", "Divides and rounds down."),
    entry(&["%"], "a % b", "The remainder of a division."),
    entry(&["**"], "a ** b", "Raises to a power."),
    entry(
        &["=", "+=", "-=", "*=", "/="],
        "x = 5",
        "Sets a variable. `x += 1` is `x = x + 1`, and so on. A name that begins with `_` is never stored; `client.x` and `project.x` live with the client and the project.",
    ),
    entry(
        &["[]"],
        "x[0], x[1:3], x['key']",
        "An item of a list, text or dict, counted from 0, from the end with negative numbers; or a part of it.",
    ),
    entry(&["#{}", "#{"], "'Hello #{name}'", "A placeholder: the value of the expression, put into the text."),
    entry(&["#"], "# a comment", "The rest of the line is for readers only. `/* … */` is a comment of several lines."),
];

const fn entry(names: &'static [&'static str], usage: &'static str, about: &'static str) -> LanguageEntry {
    LanguageEntry { names, usage, about }
}

/// The part of the language that is written so.
#[must_use]
pub fn find(name: &str) -> Option<&'static LanguageEntry> {
    ENTRIES.iter().find(|entry| entry.names.contains(&name))
}

impl LanguageEntry {
    /// Its page for a terminal.
    #[must_use]
    pub fn page(&self, language: Language) -> String {
        let usage: String = self.usage.lines().flat_map(|line| ["    ", line, "\n"]).collect();
        let mut page = format!("{}\n\n{usage}\n", self.names.join("  "));
        super::wrap(super::about_entry(self, language), "  ", &mut page);
        page
    }
}
