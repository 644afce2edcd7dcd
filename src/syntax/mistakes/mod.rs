//! What authors get wrong, in their words: one file for each kind of mistake. Nothing else in `syntax` holds a sentence
//! about code that does not parse.

mod grammar;
mod lexical;

pub(super) use grammar::{failure, spelling};
pub(super) use lexical::{bad_lexeme, quoted};
