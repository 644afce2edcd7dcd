//! The examples in the documentation of functions, which are run as tests.

use crate::function::Builtin;

/// A script from the documentation, and its result where that is fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The lines of the script.
    pub script: String,
    /// The text form of its value.
    pub value: Option<String>,
}

/// The examples of a function: its code blocks, whose last line may say the result after `# =>`.
#[must_use]
pub fn examples(builtin: &Builtin) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut open: Option<Vec<String>> = None;
    for line in super::declared(builtin) {
        if line.starts_with("```") {
            match open.take() {
                Some(lines) => examples.push(example(&lines)),
                None => open = Some(Vec::new()),
            }
        } else if let Some(lines) = &mut open {
            lines.push(line);
        }
    }
    examples
}

fn example(lines: &[String]) -> Example {
    let mut value = None;
    let script: Vec<&str> = lines
        .iter()
        .map(|line| match line.split_once("# =>") {
            Some((code, expected)) => {
                value = Some(expected.trim().to_owned());
                code.trim_end()
            }
            None => line,
        })
        .collect();
    Example { script: script.join("\n"), value }
}
