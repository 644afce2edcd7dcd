//! What a name may be (language.md L1.5, L1.7): its length, and letters of one alphabet that pass for those of another.

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::mistakes;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::wording::{Argument, Message, message};

/// How many characters a name may have.
pub const MAX_NAME: usize = 500;

const LATIN: &str = "aceopxyABCEHKMOPTXYikIS";
const CYRILLIC: &str = "асеорхуАВСЕНКМОРТХУікІЅ";

/// The form in which names are compared.
#[must_use]
pub fn normal_form(name: &str) -> std::borrow::Cow<'_, str> {
    if name.is_ascii() || is_nfc_quick(name.chars()) == IsNormalized::Yes {
        std::borrow::Cow::Borrowed(name)
    } else {
        std::borrow::Cow::Owned(name.nfc().collect())
    }
}

/// The word in Latin letters, when it has Cyrillic ones that all pass for Latin ones.
pub(crate) fn latin(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    let meant: String = word
        .chars()
        .map(|character| CYRILLIC.chars().zip(LATIN.chars()).find(|(odd, _)| *odd == character).map_or(character, |(_, meant)| meant))
        .collect();
    meant.is_ascii().then_some(meant)
}

/// Says which letters of a word are not those of the word that is meant.
pub(crate) fn odd_letters(word: &str, meant: &str) -> Message {
    let mut odd: Vec<char> =
        word.chars().zip(meant.chars()).filter(|(written, meant)| written != meant).map(|(written, _)| written).collect();
    odd.dedup();
    let alphabet = if odd.iter().all(|character| is_cyrillic(*character)) { "cyrillic" } else { "latin" };
    let shown = odd.iter().map(|character| format!("`{character}` (U+{:04X})", u32::from(*character)));
    message!("odd-letters", count = odd.len(), letters = Argument::all(shown), word = word, alphabet = alphabet)
}

fn is_cyrillic(character: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&character)
}

/// What is wrong with a name, if anything.
pub(super) fn check(name: &str, span: Span) -> Option<Diagnostic> {
    if name.len() > MAX_NAME && name.chars().count() > MAX_NAME {
        return Some(Diagnostic::new(Code::NameTooLong, span, message!("name-too-long", limit = MAX_NAME)));
    }
    if name.is_ascii() {
        return None;
    }
    if let Some(diagnostic) = invisible_letter(name, span) {
        return Some(diagnostic);
    }
    let whole = in_one_alphabet(name)?;
    Some(
        Diagnostic::new(Code::MixedAlphabets, span, odd_letters(name, &whole))
            .help(message!("one-alphabet-help", name = &whole))
            .fix(span, whole),
    )
}

/// Says which letter of a name nobody sees.
fn invisible_letter(name: &str, span: Span) -> Option<Diagnostic> {
    let (at, odd, shown) =
        name.char_indices().find_map(|(at, character)| mistakes::invisible(character).map(|shown| (at, character, shown)))?;
    let start = span.start + u32::try_from(at).ok()?;
    let place = Span::new(start, start + u32::try_from(odd.len_utf8()).ok()?);
    let message = message!("invisible-character", code = format!("{:04X}", u32::from(odd)), name = shown);
    Some(Diagnostic::new(Code::UnexpectedCharacter, place, message).help(message!("invisible-character-help")).fix(place, ""))
}

/// The name with every word of it in one alphabet, when one of them is not.
pub(super) fn in_one_alphabet(name: &str) -> Option<String> {
    let words: Vec<Option<String>> = name.split('_').map(one_alphabet).collect();
    if words.iter().all(Option::is_none) {
        return None;
    }
    let words = name.split('_').zip(words).map(|(word, meant)| meant.unwrap_or_else(|| word.to_owned()));
    Some(words.collect::<Vec<_>>().join("_"))
}

/// The word in one alphabet, when it has letters of two and those of one of them all pass for letters of the other.
fn one_alphabet(word: &str) -> Option<String> {
    let latin = word.chars().filter(char::is_ascii_alphabetic).count();
    let cyrillic = word.chars().filter(|character| is_cyrillic(*character)).count();
    if latin == 0 || cyrillic == 0 {
        return None;
    }
    let swap = |from: &str, to: &str, word: &str| -> String {
        let table: Vec<(char, char)> = from.chars().zip(to.chars()).collect();
        word.chars().map(|character| table.iter().find(|(odd, _)| *odd == character).map_or(character, |(_, meant)| *meant)).collect()
    };
    let (first, second) = if latin <= cyrillic { ((LATIN, CYRILLIC), (CYRILLIC, LATIN)) } else { ((CYRILLIC, LATIN), (LATIN, CYRILLIC)) };
    for (from, to) in [first, second] {
        let meant = swap(from, to, word);
        let pure = !meant.chars().any(|character| character.is_ascii_alphabetic()) || !meant.chars().any(is_cyrillic);
        if pure {
            return Some(meant);
        }
    }
    None
}
