//! What the mavibot dialect takes and the strict one does not, apart from text without quotes, which has fixes of its own:
//! indentation where no block begins, and words that some other line may set.

use super::Unit;
use super::fix::Edit;
use super::names::{NameOwner, Occurrence, Use};
use crate::diagnostic::{Code, Span};
use crate::syntax::token::Token;

/// Whether a diagnostic is about what only the mavibot dialect takes, invisible characters behind a name included.
pub fn is_of_dialect(code: Code) -> bool {
    matches!(code, Code::KeptAsText | Code::IgnoredIndentation | Code::InvisibleCharacter)
}

/// The changes after which the strict dialect takes a file.
pub fn edits(unit: &Unit) -> Vec<Edit> {
    let mut edits = indentation(unit);
    edits.extend(words(unit));
    edits.sort();
    edits
}

/// Every line of a block gets the indentation of the first one.
fn indentation(unit: &Unit) -> Vec<Edit> {
    let source = unit.text();
    let mut edits = Vec::new();
    let mut levels: Vec<Option<&str>> = vec![Some("")];
    let mut begins_line = true;
    for (start, token, _) in &unit.calculator.tokens {
        match token {
            Token::Indent => levels.push(None),
            Token::Dedent => drop(levels.pop()),
            Token::Newline => begins_line = true,
            _ if begins_line => {
                begins_line = false;
                let before = &source[..*start as usize];
                let from = before.rfind('\n').map_or(0, |newline| newline + 1);
                let line = before[from..].trim_start_matches('\u{feff}');
                let indent = &line[..line.len() - line.trim_start_matches([' ', '\t', '\u{a0}']).len()];
                let Some(level) = levels.last_mut() else { continue };
                let expected = *level.get_or_insert(indent);
                if expected != indent {
                    let start = u32::try_from(before.len() - line.len()).unwrap_or(u32::MAX);
                    let span = Span::new(start, start + u32::try_from(indent.len()).unwrap_or(0));
                    edits.push(Edit { span, replacement: expected.to_owned() });
                }
            }
            _ => {}
        }
    }
    edits
}

/// A word that some line sets is its own text as long as none has: in the strict dialect that has to be said. So are words
/// that hyphens join; once one of them has a value they are a subtraction.
fn words(unit: &Unit) -> Vec<Edit> {
    let words = unit.unset_words.iter().filter(|word| word.code == Code::KeptAsText);
    words
        .filter_map(|word| {
            let text = unit.text().get(word.span.range())?;
            let unset: Vec<String> = text.split('-').map(|name| has_no_value(unit, name)).collect();
            Some(Edit { span: word.span, replacement: format!("if({}, '{text}', {text})", unset.join(" and ")) })
        })
        .collect()
}

/// The condition that a name has no value. A line that sets it for the client or the project may set it to empty text, which
/// is a value up to the end of the run.
fn has_no_value(unit: &Unit, name: &str) -> String {
    let normal = crate::syntax::normal_form(name);
    let is_set = |found: &Occurrence| found.usage == Use::Set && matches!(found.owner, NameOwner::Bot(Some(_))) && found.name == normal;
    if unit.names().iter().any(is_set) { format!("type({name}) == 'None'") } else { format!("{name} == None") }
}
