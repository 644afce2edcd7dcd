//! What every function must say of itself.

use std::sync::Arc;

use crate::support::{THURSDAY, call, outcome};
use calc::function::{Builtin, Family};
use calc::internals::stdlib;

/// Words of the language, which no parameter may be named by.
const KEYWORDS: &[&str] = &[
    "if", "elif", "else", "for", "in", "while", "break", "continue", "pass", "def", "return", "and", "or", "not", "del", "AND", "OR",
    "NOT", "True", "False", "None", "true", "false", "none",
];

/// The functions that the vendor's users and those of Python expect.
const ALL: &str = "abs ceil floor round int float exp fac log max min pow pyt sqrt sin cos tan asin acos atan atan2 random
    customizable_round_multiply customizable_round_division is_int is_float int_to_string distance c2n n2c addCols add_cols
    len substring startswith endswith contains concat splitter lower upper strip capitalize title normalizePhone replace findall
    similar tg_escape urlencode urldecode base64 base64decode md5 sha1 sha256 hmac_hexdigest select_random select_random_from_list
    addYear addMonth addDays addMinutes compareDate compareTime compare_date compare_time add_year add_month add_days add_minutes time_interval birthdate weekday_date month_date
    convert_datetime get_datetime current_date_rus date_rus arr_len in_array append insert del remove index count_occurrences
    except_arr cross_arr sum_array sort sort_by_value shuffle_massive array_slice remove_duplicates unpack_list massive_to_text
    tools_make_button_str_checker tools_check_user_input dict_keys_to_array dict_values_to_array get_values_by_key exist_key
    key_index humanize get set str bool type range enumerate zip items keys values any all sum join json to_json print list dict reversed";

/// What depends on the clock or on randomness shows no result.
const UNFORESEEABLE: &[&str] = &[
    "random",
    "select_random",
    "select_random_from_list",
    "shuffle_massive",
    "time_interval",
    "birthdate",
    "weekday_date",
    "month_date",
    "get_datetime",
    "current_date_rus",
    "print",
];

fn general() -> Vec<Arc<Builtin>> {
    stdlib::registry().iter().filter(|builtin| builtin.family == Family::General).cloned().collect()
}

#[test]
fn all_are_there() {
    let registry = stdlib::registry();
    let missing: Vec<&str> = ALL.split_whitespace().filter(|name| registry.get(name).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let unknown: Vec<&str> =
        general().iter().map(|builtin| builtin.name).filter(|name| !ALL.split_whitespace().any(|known| known == *name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn names_are_taken_once() {
    let mut names: Vec<&str> =
        general().iter().flat_map(|builtin| std::iter::once(builtin.name).chain(builtin.aliases.iter().copied())).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn every_function_is_documented() {
    for builtin in general() {
        let name = builtin.name;
        let summary = builtin.summary();
        assert!(summary.ends_with('.') && summary.len() > 10, "{name}: {summary}");
        let lines: Vec<&str> = builtin.documentation.iter().map(|line| line.trim()).collect();
        let example = lines.iter().position(|line| *line == "```calc").unwrap_or_else(|| panic!("{name} has no example"));
        let end = example + 1 + lines[example + 1..].iter().position(|line| *line == "```").unwrap_or_else(|| panic!("{name}: open fence"));
        let last = lines[end - 1];
        let called = std::iter::once(&name)
            .chain(builtin.aliases)
            .any(|name| lines[example..end].iter().any(|line| line.contains(&format!("{name}("))));
        assert!(called, "{name} is not called in its example");
        assert_eq!(last.contains("# => "), !UNFORESEEABLE.contains(&name), "{name}: {last}");
    }
}

#[test]
fn every_parameter_is_documented() {
    for builtin in general() {
        for parameter in builtin.parameters.iter() {
            let place = format!("{}({})", builtin.name, parameter.name);
            assert!(!parameter.about.is_empty() && !parameter.about.ends_with('.'), "{place}");
            assert!(!KEYWORDS.contains(&parameter.name), "{place}");
            assert_eq!(parameter.default.is_some(), !parameter.required && !parameter.variadic, "{place} and its default");
        }
        let optional_first = builtin.parameters.windows(2).any(|pair| !pair[0].required && pair[1].required);
        assert!(!optional_first, "{}: what is required comes first", builtin.name);
    }
}

/// Examples that are one call with literal arguments, which JSON can write too; the others run with the evaluator.
#[test]
fn plain_examples_give_what_they_say() {
    let mut checked = 0;
    for builtin in general() {
        for line in builtin.documentation.iter().map(|line| line.trim()) {
            let Some((example, expected)) = line.split_once(" # => ") else { continue };
            let Some((name, arguments)) = example.split_once('(') else { continue };
            let Some(arguments) = arguments.strip_suffix(')') else { continue };
            let json = arguments.replace('\'', if arguments.contains('"') { "'" } else { "\"" });
            let json = json.replace("True", "true").replace("False", "false").replace("None", "null").replace("\\d", "\\\\d");
            if serde_json::from_str::<serde_json::Value>(&format!("[{json}]")).is_err() {
                continue;
            }
            assert_eq!(outcome(call(name, &format!("[{json}]"), THURSDAY)), expected, "{line}");
            checked += 1;
        }
    }
    assert!(checked > 90, "{checked}");
}
