//! What authors get wrong, in their words: one file for each kind of mistake. A rule looks at one broken line and proposes
//! a repair; only a repair with which the line parses is said (`line`). What no rule knows is left to `grammar`.

mod blocks;
mod calls;
mod grammar;
mod lexical;
mod line;
mod long_texts;
mod names;
mod operators;
mod pasted;
mod placeholders;
mod slips;
mod texts;
mod words;

pub(super) use blocks::{braces, continued_line, continues, separator};
pub(super) use grammar::{failure, keyword_as_name, spelling};
pub(super) use lexical::{bad_lexeme, quoted};
pub(super) use line::{Found, Line, Mended, is_followed_by_block};
pub(super) use long_texts::join as long_texts;
pub(super) use pasted::{invisible, sign_meant};
pub(crate) use placeholders::at_start as placeholder;
pub(crate) use words::{begins_block, is_block_end};
pub(super) use words::{followers, is_keyword};

use line::Repair;

type Rule = fn(&Line<'_>) -> Option<Repair>;

/// Rules for what is plainly code, or characters that no text is made of: they hold in both dialects.
const OF_CODE: &[Rule] = &[
    pasted::code_fence,
    blocks::comment,
    slips::misspelt_keyword,
    words::new_object,
    words::statement,
    words::counting_loop,
    words::other_loop,
    words::leading,
    words::annotation,
    words::annotated_parameters,
    words::sql,
    words::several_deleted,
    words::several_targets,
    placeholders::python_text,
    placeholders::percent_format,
    slips::braces_twice,
    slips::filter,
    slips::generator,
    placeholders::format_call,
    placeholders::number_format,
    operators::choice,
    operators::semicolons,
    operators::signs,
    operators::cells,
    operators::formula,
    operators::steps,
    calls::arrow_in_method,
    words::lambda,
    calls::type_of,
    blocks::head_in_other_order,
    blocks::head_without_colon,
    operators::spaced_assignment,
    blocks::else_if,
    words::spelled,
    blocks::else_on_the_line,
    blocks::else_with_condition,
    slips::for_without_in,
    slips::missing_left,
    slips::comma_in_condition,
    slips::comma_between_statements,
    calls::dots,
    calls::members,
    calls::without_brackets,
    slips::other_brackets,
    calls::function_before_value,
    calls::def_without_brackets,
    words::choice_without_else,
    pasted::comparison,
    pasted::list_mark,
    operators::formula_alone,
    blocks::comment_at_end,
    pasted::quotes,
    pasted::doubled_quotes,
    pasted::missing_quote,
    pasted::inner_quotes,
    pasted::opening_quote,
    names::joined,
    names::digit_first,
    calls::unknown_method,
];

/// Rules for the right side of a `=` that the vendor's dialect keeps as text.
const OF_TEXT: &[Rule] = &[
    placeholders::outside,
    slips::item_with_dot,
    texts::link,
    texts::address,
    texts::phone,
    texts::date,
    texts::time,
    texts::letter_in_number,
    texts::number,
    operators::per_cent,
    pasted::letter_times,
    pasted::signs,
    names::spaced_known,
    texts::sentence,
    texts::words,
    names::spaced,
    texts::tuple,
    names::dollar,
];

/// What is wrong with a line, when it is one of the mistakes that are known.
pub(super) fn of_code(line: &Line<'_>) -> Option<Found> {
    first(line, OF_CODE)
}

/// The same for what may also be a text without quotes.
pub(super) fn of_text(line: &Line<'_>) -> Option<Found> {
    first(line, OF_TEXT)
}

/// The whole right side as a text, when nothing else is known of it.
pub(super) fn of_plain_words(line: &Line<'_>) -> Option<Found> {
    first(line, &[texts::plain])
}

/// The first of several mistakes on one line.
pub(super) fn of_several(line: &Line<'_>) -> Option<Found> {
    of_parts().find_map(|rule| line.check(rule(line)?, true))
}

fn first(line: &Line<'_>, rules: &[Rule]) -> Option<Found> {
    rules.iter().find_map(|rule| line.check(rule(line)?, false))
}

/// Rules for a part of a line that has more mistakes: text is not guessed at.
fn of_parts() -> impl Iterator<Item = &'static Rule> {
    const OF_TEXT_SURELY: &[Rule] = &[
        placeholders::outside,
        texts::link,
        texts::address,
        texts::phone,
        texts::date,
        pasted::signs,
        texts::tuple,
        operators::equals_in_condition,
    ];
    const QUOTES: &[Rule] = &[pasted::all_quotes];
    QUOTES.iter().chain(OF_CODE).chain(OF_TEXT_SURELY)
}

/// A line with one more mistake mended.
struct Next {
    text: String,
    is_certain: bool,
    /// Whether it parses now.
    is_whole: bool,
}

fn next(line: &Line<'_>) -> Option<Next> {
    let mut partly = None;
    for rule in of_parts() {
        let Some(Repair { mut edits, is_certain, .. }) = rule(line) else { continue };
        if edits.is_empty() {
            continue;
        }
        edits.sort_by_key(|(span, _)| span.start);
        let text = line.mended(&edits);
        if line.parses(&edits) {
            return Some(Next { text, is_certain, is_whole: true });
        }
        partly = partly.or(Some(Next { text, is_certain, is_whole: false }));
    }
    partly
}
