//! Patterns (regular expressions) and likeness of texts (builtins.md, "Text").

use crate::builtins;
use crate::function::{CallError, Whole};
use crate::matching::{Pattern, are_alike};
use crate::value::operators::range::position;
use crate::value::{Text, Value};

builtins! {
    /// Searching with patterns, and texts that are nearly the same.
    pub static PATTERNS: General "patterns" = {
        /// All parts of a text that fit a pattern, or one of them.
        ///
        /// Patterns are written as in Python. With one group in brackets the result has what is in the group, with several
        /// a list for each match. With `index` it is that one match, `None` when there are not so many.
        ///
        /// ```calc
        /// findall("(\d+) руб", "от 100 руб до 250 руб") # => ["100", "250"]
        /// ```
        vendor fn findall(
            context, pattern: Text => "the pattern", s: Text => "the text that is searched", index: Option<Whole> = "all" => "which match",
        ) -> Value {
            let regex = Pattern::new(&pattern).map_err(|fault| CallError::Argument { parameter: "pattern", fault: *fault })?;
            let last = index.and_then(|index| usize::try_from(index.0).ok());
            let found = regex.find_all(context, &s, last)?;
            Ok(match index {
                None => found.into(),
                Some(index) => position(found.len(), index.0).and_then(|at| found.into_iter().nth(at)).into(),
            })
        }

        /// Whether two texts are nearly the same: less than 30 % of their letters differ.
        ///
        /// Capital and small letters do not differ. A letter that was put in or left out counts once, one in place of
        /// another twice, of the letters of both texts together.
        ///
        /// ```calc
        /// similar("привет", "првед") # => True
        /// ```
        vendor fn similar(context, a: Text => "one text", b: Text => "the other one") -> bool {
            // 1 - distance / total > 0.7, and the distance is the total without what both have in common.
            are_alike(context, &a, &b, |common, total| total == 0 || common * 20 > total * 7)
        }
    }
}
