//! Where every operator and every function accounts for the work it does (language.md L8.3). A run that has no time left
//! ends at its first look at the clock; a short script looks only where work was accounted for. So each row here is run
//! with `time = 0`: with small operands it ends well, with large ones in E0506.

mod hang;

use std::fmt::Write as _;
use std::time::Duration;

use calc::engine::{Engine, Limits, Status};
use calc::function::{Builtin, Kind};

use super::harness;

/// Bytes of a large operand: more than is worked on between two looks at the clock.
const LARGE: usize = 300_000;

/// Where the work of an operator is accounted for.
enum Accounted {
    /// By the operator itself: the script is costly.
    Here(&'static str),
    /// Nowhere: the cost does not depend on the operands.
    Constant(&'static str),
}

use Accounted::{Constant, Here};

/// Every operator and statement that takes values. `T` is a long text, `L` a long list, `D` a large dict.
const OPERATORS: &[(&str, Accounted)] = &[
    ("x + y", Here("_t + _t")),
    ("x + y + z", Here("_t + 'a' + 'b'")),
    ("list + list", Here("_l + [1]")),
    ("x - y", Here("_n - 1")),
    ("x * y", Here("_t * 2")),
    ("x / y", Here("_n / 2")),
    ("x // y", Here("_n // 2")),
    ("x % y", Here("_n % 2")),
    ("x ^ y", Here("_n ^ 2")),
    ("-x", Here("-_n")),
    ("+x", Here("+_n")),
    ("not x", Constant("not _t")),
    ("x and y", Constant("_t and _l")),
    ("x or y", Constant("_t or _l")),
    ("x if c else y", Constant("_t if _l else 1")),
    ("if(c, x, y)", Constant("if(_t, _l, 1)")),
    ("x == y", Here("_t == _u")),
    ("x != y", Here("_l != _m")),
    ("x < y", Here("_t < _u")),
    ("x <= y", Here("_n <= 5")),
    ("x > y", Here("_t > _u")),
    ("x >= y", Here("_t >= 'a'")),
    ("x in text", Here("'b' in _t")),
    ("x in list", Here("5 in _l")),
    ("x not in y", Here("5 not in _l")),
    ("a < b < c", Here("'a' < _t < 'b'")),
    ("a == b == c", Here("_t == _t == 'b'")),
    ("text[i]", Here("_t[5]")),
    ("text[-i]", Here("_t[-5]")),
    ("list[i]", Constant("_l[2]")),
    ("dict[short key]", Constant("_d['k2']")),
    ("dict[long key]", Here("_e[_t]")),
    ("text[a:b]", Here("_t[5:6]")),
    ("text[a:]", Here("_t[5:]")),
    ("list[a:b]", Here("_l[1:-1]")),
    ("list[a:b] of few", Constant("_l[1:3]")),
    ("'#{x}'", Here("'#{_t}'")),
    ("'#{list}'", Here("'#{_l}'")),
    ("#{name#{x}}", Here("#{_#{_t}}")),
    ("[x]", Here("[_t]")),
    ("{k: x}", Here("{'a': _t}")),
    ("{x: v}", Here("{_t: 1}")),
    ("{x: v for}", Here("{_t: 1 for i in [1]}")),
    ("[x for]", Here("[_t for i in [1]]")),
    ("variable = x", Constant("_x = _t")),
    ("a = b = x", Constant("_x = _y = _t")),
    ("text += y, text shared", Here("_t += 'a'")),
    ("list += y", Here("_l += [1]")),
    ("dict[long key] = x", Here("_e[_t] = 2")),
    ("list[i] = x, list shared", Here("_k = _p\n_k[0] = 2")),
    ("dict[k] = x, dict shared", Here("_k = _q\n_k['k1'] = 2")),
    ("list[i] += x, list shared", Here("_k = _p\n_k[0] += 2")),
    ("del list[i]", Here("del _p[0]")),
    ("del dict[k]", Here("del _q['k1']")),
    ("for x in text", Constant("for _i in _t: break")),
    ("for x in list", Constant("for _i in _l: break")),
    ("user function(x)", Constant("def f(a): return 1\nf(_t)")),
];

/// A row with the variables that it uses before it. Setting a variable to a constant costs nothing, however large it is.
fn with_variables(row: &str, size: usize) -> String {
    let many = size / 16;
    // Few long items: a statement with many expressions makes the run look at the clock more often.
    let (items, item) = (size.div_ceil(1000), "a".repeat(size.min(1000)));
    let list = || format!("[{}]", vec![format!("'{item}'"); items.max(3)].join(", "));
    let variables: [(&str, &dyn Fn() -> String); 13] = [
        ("_t", &|| format!("'{}'", "a".repeat(size))),
        ("_u", &|| format!("'{}'", "a".repeat(size))),
        // A number, long by its spaces.
        ("_n", &|| format!("'{}1'", " ".repeat(size))),
        ("_b", &|| format!("'{}'", "YWFh".repeat(size / 4))),
        ("_j", &|| format!("'\"{}\"'", "a".repeat(size))),
        ("_s", &|| format!("[['{}', 1]]", "a".repeat(size))),
        ("_r", &|| format!("[{{'a': '{}'}}]", "a".repeat(size))),
        ("_l", &list),
        ("_m", &list),
        ("_d", &|| format!("{{{}}}", (0..items.max(3)).map(|number| format!("'k{number}': '{item}'")).collect::<Vec<_>>().join(", "))),
        ("_p", &|| format!("[{}]", vec!["1"; many].join(", "))),
        ("_q", &|| format!("{{{}}}", (0..many).map(|number| format!("'k{number}': 1")).collect::<Vec<_>>().join(", "))),
        ("_e", &|| format!("{{'{}': 1}}", "a".repeat(size))),
    ];
    let mut script = String::new();
    for (name, value) in variables {
        if row.contains(name) {
            let _ = writeln!(script, "{name} = {}", value());
        }
    }
    script + row
}

/// How a script ends that has no time: the code of its error, if it ends in one.
fn ends(engine: &Engine, script: &str) -> Option<String> {
    let block = engine.block(None, script, "").unwrap_or_else(|diagnostics| panic!("{diagnostics:?}"));
    let outcome =
        engine.run(&harness::demo_store(), harness::PROJECT, harness::CLIENT, &block, &harness::event()).expect("the store does not fail");
    let error = outcome.diagnostics.iter().find(|report| report.code.starts_with('E'));
    assert_eq!(outcome.status == Status::Error, error.is_some());
    error.map(|report| report.code.clone())
}

fn without_time() -> Engine {
    Engine::builder().limits(Limits { time: Duration::ZERO, source: 4 << 20, ..Limits::default() }).build()
}

fn with_time() -> Engine {
    Engine::builder().limits(Limits { time: Duration::from_hours(1), source: 4 << 20, ..Limits::default() }).build()
}

#[test]
fn every_operator_accounts_for_its_work() {
    let engine = without_time();
    let mut wrong = Vec::new();
    for (name, accounted) in OPERATORS {
        let (row, is_costly) = match accounted {
            Here(row) => (row, true),
            Constant(row) => (row, false),
        };
        let small = ends(&engine, &with_variables(row, 40));
        if small.is_some() {
            wrong.push(format!("{name}: with small operands it ends in {small:?}"));
        }
        let large = ends(&engine, &with_variables(row, LARGE));
        if (large.as_deref() == Some("E0506")) != is_costly || !is_costly && large.is_some() {
            wrong.push(format!("{name}: with large operands it ends in {large:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Functions whose cost is more than their arguments and their result, which every call accounts for: a call of each that
/// is costly with small arguments, or ends in an error before anything large is made.
const INSIDE: &[(&str, &str)] = &[
    ("range", "range(100000)"),
    ("similar", "similar('ab' * 2000, 'ba' * 2000)"),
    ("remove_duplicates", "remove_duplicates([[1, i] for i in range(100)])"),
    ("except_arr", "except_arr([[1, i] for i in range(100)], [[2, i] for i in range(100)])"),
    ("cross_arr", "cross_arr([[1, i] for i in range(100)], [[2, i] for i in range(100)])"),
    ("findall", "findall('a', 'a' * 1000)"),
];

#[test]
fn functions_that_do_more_account_for_it() {
    let engine = without_time();
    for (name, row) in INSIDE {
        assert_eq!(ends(&engine, row).as_deref(), Some("E0506"), "{name}: {row}");
    }
}

/// A call that changes what variables mean makes the script forget what it has of them: what it has learned since the last
/// such call, not all it has.
#[test]
fn variables_are_forgotten_once() {
    let mut script = String::new();
    for number in 0..400 {
        let _ = writeln!(script, "x{number} = {number}");
    }
    script += "for i in range(60): create_order('a')";
    assert_eq!(ends(&without_time(), &script), None);
    script = script.replace("create_order", "x1 = create_order");
    assert_eq!(ends(&without_time(), &script), None);
}

/// Calls of functions that need arguments which no rule can guess. Empty: whatever is long is refused.
const CALLS: &[(&str, &[&str])] = &[
    ("c2n", &[]),
    ("addCols", &[]),
    ("time_interval", &[]),
    ("base64decode", &["base64decode(_b)"]),
    ("hmac_hexdigest", &["hmac_hexdigest(_t, 'a', 'md5')", "hmac_hexdigest('a', _t, 'md5')"]),
    ("set", &["set(_l, 0, 1)", "set(_d, 'a', 1)", "set({}, _t, 1)", "set([1], 0, _t)"]),
    ("tools_make_button_str_checker", &["tools_make_button_str_checker(_l)", "tools_make_button_str_checker(_r, 'a')"]),
    ("dict", &["dict(_d)", "dict(_s)"]),
    ("zip", &["zip(_l, [1])", "zip([1], _l)"]),
    ("json", &["json(_j)"]),
    ("sum", &["sum(_p)"]),
];

/// Small and large values of a kind, as they are written in a script; none for a kind that cannot grow.
fn values_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Any | Kind::Text => Some("_t"),
        Kind::List | Kind::Items | Kind::Sequence => Some("_l"),
        Kind::Dict => Some("_d"),
        Kind::Flag | Kind::Whole | Kind::Number | Kind::Date | Kind::Time | Kind::Id(_) => None,
    }
}

/// A small value of a kind.
fn plain(kind: Kind) -> &'static str {
    match kind {
        Kind::Any | Kind::Text => "'a'",
        Kind::List | Kind::Items | Kind::Sequence => "[1]",
        Kind::Dict => "{'k1': 1}",
        Kind::Date => "'01.01.2020'",
        Kind::Time => "'10:00'",
        Kind::Id("kind-client-id") => "101",
        Kind::Id("kind-deal-id") => "501",
        Kind::Flag | Kind::Whole | Kind::Number | Kind::Id(_) => "1",
    }
}

/// One call for each parameter that can grow.
fn calls(builtin: &Builtin) -> Vec<String> {
    if let Some((_, rows)) = CALLS.iter().find(|(name, _)| *name == builtin.name) {
        return rows.iter().map(|row| (*row).to_owned()).collect();
    }
    let growing = builtin.parameters.iter().enumerate().filter_map(|(index, parameter)| Some((index, values_of(parameter.kind)?)));
    growing
        .map(|(growing, value)| {
            let mut arguments = Vec::new();
            for (index, parameter) in builtin.parameters.iter().enumerate() {
                if index == growing && parameter.variadic {
                    arguments.push(value.to_owned());
                } else if index == growing {
                    arguments.push(format!("{}={value}", parameter.name));
                } else if parameter.required {
                    arguments.push(format!("{}={}", parameter.name, plain(parameter.kind)));
                }
            }
            format!("{}({})", builtin.name, arguments.join(", "))
        })
        .collect()
}

#[test]
fn every_function_accounts_for_its_arguments() {
    let (engine, patient) = (without_time(), with_time());
    let mut wrong = Vec::new();
    let registry = patient.registry();
    for (name, _) in CALLS {
        assert!(registry.get(name).is_some(), "`{name}` in the table is not a function");
    }
    for builtin in registry.iter() {
        for call in calls(builtin) {
            let call = format!("_x = {call}");
            let small = ends(&patient, &with_variables(&call, 40));
            if let Some(code) = small {
                wrong.push(format!("{}: {call} ends in {code} with small arguments: add good ones to the table", builtin.name));
                continue;
            }
            let large = ends(&engine, &with_variables(&call, LARGE));
            // A value that is refused for its length ends the run as well.
            if !matches!(large.as_deref(), Some("E0506" | "E0411" | "E0509")) {
                wrong.push(format!("{}: {call} ends in {large:?} with large arguments", builtin.name));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
