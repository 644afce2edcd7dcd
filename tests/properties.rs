//! What must hold for any text and any value; randomness has a fixed seed, so a failure can be repeated.

#![cfg(feature = "sqlite")]

#[path = "properties/format.rs"]
mod format;
mod harness;
mod scripts;
#[path = "properties/strict.rs"]
mod strict;

use std::sync::LazyLock;
use std::time::Duration;

use calc::crm::BlockId;
use calc::diagnostic::render::Renderer;
use calc::diagnostic::{Code, Diagnostic, Fault, Span};
use calc::engine::{Block, Dialect, Engine, Limits};
use calc::internals::value::arithmetic;
use calc::internals::value::{BinaryOperator, quick};
use calc::value::Value;
use calc::wording::Message;
use harness::{CLIENT, PROJECT, demo_store, event};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

pub(crate) fn config(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(20_261_122), failure_persistence: None, ..Config::default() }
}

fn engine(dialect: Dialect) -> Engine {
    let limits = Limits {
        steps: 5_000,
        // What ends a run must be the same each time.
        time: Duration::from_hours(1),
        pattern: Duration::from_hours(1),
        memory: 4 << 20,
        crm_calls: 50,
        ..Limits::default()
    };
    Engine::builder().dialect(dialect).limits(limits).build()
}

/// Compiles a text in every way there is and judges what is said of it.
fn compiles_or_says_why(source: &str) {
    for dialect in [Dialect::Strict, Dialect::Mavibot] {
        let engine = engine(dialect);
        match engine.compile(source) {
            Ok(script) => judge(source, script.warnings(), false),
            Err(diagnostics) => judge(source, &diagnostics, true),
        }
        match engine.block_file(None, source) {
            Ok(block) => judge(source, block.warnings(), false),
            Err(diagnostics) => judge(source, &diagnostics, true),
        }
        let message = engine.block(None, "", source);
        match message {
            Ok(block) => judge(source, block.warnings(), false),
            Err(diagnostics) => judge(source, &diagnostics, true),
        }
    }
}

/// Every place is inside the text and on whole characters, every message says something, and all can be drawn.
fn judge(source: &str, diagnostics: &[Diagnostic], has_error: bool) {
    assert_eq!(diagnostics.iter().any(Diagnostic::is_error), has_error, "{source:?}: {diagnostics:?}");
    let is_inside = |span: Span| span.start <= span.end && source.get(span.range()).is_some();
    let renderer = Renderer::new("text", source, false);
    for diagnostic in diagnostics {
        assert!(is_inside(diagnostic.span), "{source:?}: {diagnostic:?}");
        assert!(diagnostic.labels.iter().all(|label| is_inside(label.span)), "{source:?}: {diagnostic:?}");
        assert!(diagnostic.fix.iter().all(|fix| is_inside(fix.span)), "{source:?}: {diagnostic:?}");
        let message = diagnostic.message.to_string();
        assert!(!message.is_empty() && !message.ends_with('.'), "{diagnostic:?}");
        assert!(renderer.render(diagnostic).contains(diagnostic.code.text()));
    }
}

/// Runs a text twice, when it compiles: both runs do the same.
fn runs_the_same_twice(source: &str) {
    let store = demo_store();
    for dialect in [Dialect::Strict, Dialect::Mavibot] {
        let engine = engine(dialect);
        let Ok(script) = engine.compile(source) else { continue };
        let block = Block::of_script(Some(BlockId(7)), script);
        let run = || {
            let outcome = engine.dry_run(&store, PROJECT, CLIENT, &block, &event()).expect("the store does not fail");
            let mut json = serde_json::to_value(&outcome).expect("JSON");
            json["usage"]["round_trips"] = serde_json::Value::Null;
            json
        };
        assert_eq!(run(), run(), "{source:?}");
    }
}

const TOKENS: &[&str] = &[
    "x",
    "y",
    "имя",
    "client.x",
    "project.y",
    "клиент.я",
    "_t",
    "1",
    "0",
    "2.5",
    "1e3",
    "007",
    "10.10.2021",
    "'a'",
    "\"b\"",
    "'5'",
    "'#{x}'",
    "'#{q#{i}}'",
    "'#{'",
    "'''",
    "'",
    "\"",
    "“",
    "”",
    "#{x}",
    "#{",
    "}",
    "# c\n",
    "/* c */",
    "/*",
    "*/",
    "\\",
    "\\\n",
    "(",
    ")",
    "[",
    "]",
    "{",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "^",
    "**",
    "=",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+=",
    "-=",
    "&&",
    "||",
    "!",
    "and",
    "or",
    "not",
    "in",
    "if",
    "elif",
    "else",
    "for",
    "while",
    "def",
    "return",
    "del",
    "break",
    "continue",
    "pass",
    "True",
    "None",
    ",",
    ":",
    ";",
    ".",
    "\n",
    "\n    ",
    "\n        ",
    "\n\t",
    "\r\n",
    "---\n",
    " ",
    "\u{a0}",
    "\u{feff}",
    "\u{301}",
    "😀",
    "len(",
    "print(",
    "f(",
    "range(",
    "get_order_id()",
    "create_order(",
    "set_note('a')",
    "unsubscribe()",
    "x[0]",
    "x['k']",
    "[1, 2]",
    "{'k': 1}",
    "for i in ",
    "if x:",
    "if имя",
    "while ",
    "else",
    "x = ",
    "def f(a, b=1):",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(TOKENS), any::<bool>()), 0..40)
        .prop_map(|tokens| tokens.into_iter().map(|(token, blank)| if blank { format!("{token} ") } else { token.to_owned() }).collect())
}

/// Lines that parse more often than soup does.
fn lines() -> impl Strategy<Value = String> {
    static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::new);
    any::<u64>().prop_map(|seed| scripts::Writer::new(ENGINE.registry(), &[], &mut scripts::seeded(seed)).lines())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::Int),
        prop::sample::select(&[i64::MIN, i64::MAX, 0, 1, -1, 1 << 53, (1 << 53) + 1][..]).prop_map(Value::Int),
        any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Value::from),
        "[a-zа-я0-9 .:+-]{0,12}".prop_map(|text| Value::text(text.as_str())),
        prop::sample::select(
            &[
                "31.12.9999",
                "1.1.0000",
                "29.02.2020",
                "31.02.2021",
                "23:59",
                "0:00",
                "24:00",
                "1.2.2020 10:00",
                "1.2.2020 10:00:59",
                "1e308",
                "-0",
                " 5 ",
                "1e999",
                "inf",
                "nan",
                "[1, 2]",
                "{\"a\": 1}",
                "[",
                "\u{0}",
                "😀"
            ][..]
        )
        .prop_map(Value::text),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::from))
}

/// Any value that may stand on one side of an operator.
fn operand() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::Int),
        (-20_i64..20).prop_map(Value::Int),
        prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(-1), Just(0)].prop_map(Value::Int),
        any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Value::from),
        (-8_i32..8).prop_map(|quarter| Value::from(f64::from(quarter) / 4.0)),
        "[ 0-9.+-]{0,5}".prop_map(Value::from),
        "[a-zя ]{0,12}".prop_map(Value::from),
        prop_oneof![Just("01.02.2020"), Just("10:00"), Just("1.2.2020 10:00"), Just("[1]")].prop_map(Value::from),
    ];
    scalar.prop_recursive(2, 8, 3, |inner| prop::collection::vec(inner, 0..3).prop_map(Value::from))
}

/// The source of an operand.
fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        prop_oneof![Just("None"), Just("True"), Just("False")].prop_map(str::to_owned),
        (-20_i64..20).prop_map(|int| if int < 0 { format!("({int})") } else { int.to_string() }),
        prop_oneof![Just(i64::MAX), Just(1 << 62)].prop_map(|int| int.to_string()),
        (0_i32..40).prop_map(|quarter| format!("{:?}", f64::from(quarter) / 4.0)),
        "[ 0-9.+-]{0,5}".prop_map(|text| format!("'{text}'")),
        "[a-zя ]{0,12}".prop_map(|text| format!("'{text}'")),
        prop_oneof![Just("01.02.2020"), Just("10:00"), Just("1.2.2020 10:00"), Just("1 500")].prop_map(|text| format!("'{text}'")),
        prop_oneof![Just("[]"), Just("[1]"), Just("['a', 2]"), Just("{'a': 1}")].prop_map(str::to_owned),
    ]
}

fn written(value: &Value) -> String {
    let mut text = format!("{} ", value.type_name());
    value.write_text(&mut text);
    text
}

proptest! {
    // Each case compiles more than a hundred scripts.
    #![proptest_config(config(30))]

    /// An operator has the same result whether it is worked out when the script is compiled or when it runs, on variables or
    /// constants, alone, in a chain, as a condition or as `+=`.
    #[test]
    fn every_way_to_an_operator_gives_the_same(left in literal(), right in literal(), third in literal()) {
        let engine = Engine::without_crm().build();
        let value = |source: &str| {
            let script = engine.compile(source).ok()?;
            engine.evaluate(&script, chrono::DateTime::UNIX_EPOCH).ok().map(|value| written(&value))
        };
        for op in BinaryOperator::ALL {
            let sign = op.symbol();
            let expected = value(&format!("x = {left}\ny = {right}\n(x) {sign} (y)"));
            let mut ways = vec![
                format!("{left} {sign} {right}"),
                format!("x = {left}\nx {sign} {right}"),
                format!("y = {right}\n{left} {sign} y"),
                format!("def f(x, y):\n    return x {sign} y\nf({left}, {right})"),
                format!("[{left}][0] {sign} [{right}][0]"),
            ];
            if !op.is_comparison() && *op != BinaryOperator::Power && *op != BinaryOperator::FloorDivide {
                ways.push(format!("x = {left}\nx {sign}= {right}\nx"));
                ways.push(format!("y = {right}\nx = {left}\nx {sign}= y\nx"));
            }
            if op.is_comparison() {
                ways.push(format!("x = {left}\ny = {right}\nif x {sign} y:\n    z = True\nelse:\n    z = False\nz"));
            }
            for way in ways {
                prop_assert_eq!(value(&way), expected.clone(), "{}", way);
            }
        }
        // Folded from constants, and from the left by variables.
        for signs in [["+", "+"], ["+", "-"], ["*", "/"], ["-", "+"]] {
            let [first, second] = signs;
            let folded = value(&format!("{left} {first} {right} {second} {third}"));
            let run = value(&format!("x = {left}\ny = {right}\nz = {third}\nx {first} y {second} z"));
            prop_assert_eq!(folded, run, "{} {} {} {} {}", left, first, right, second, third);
        }
    }
}

proptest! {
    #![proptest_config(config(200))]

    /// What is done quickly for frequent operands is what the general rule does.
    #[test]
    fn quick_operators_follow_the_rule(left in operand(), right in operand()) {
        let no_room = |_: usize| Err(Box::new(Fault::new(Code::MemoryLimit, Message::verbatim("no room"))));
        for &op in BinaryOperator::ALL {
            let rule = op.apply(&left, &right, &no_room).ok().map(|value| written(&value));
            let quick = match (&left, &right) {
                (Value::Int(left), Value::Int(right)) => quick::of_integers(op, *left, *right),
                (Value::Text(left), Value::Text(right)) if op == BinaryOperator::Add && quick::joins(left, right) => Some(left.with(right).into()),
                _ => quick::of_floats(op, &left, &right),
            };
            let compared = quick::compare(op, &left, &right).map(Value::from);
            for quick in [quick, compared].into_iter().flatten() {
                prop_assert_eq!(Some(written(&quick)), rule.clone(), "{:?} {} {:?}", left, op.symbol(), right);
            }
        }
    }

    /// What grows where it stands is what the sum would be, and what others hold of it stays.
    #[test]
    fn adding_in_place_follows_the_rule(left in operand(), right in operand()) {
        let (room, before) = (|_: usize| Ok(()), written(&left));
        let rule = BinaryOperator::Add.apply(&left, &right, &room).ok().map(|value| written(&value));
        let unshared = serde_json::to_string(&left).and_then(|text| serde_json::from_str(&text)).expect("a value is JSON");
        for mut grown in [left.clone(), unshared] {
            if quick::add_in_place(&mut grown, &right, &room).expect("there is room") {
                prop_assert_eq!(Some(written(&grown)), rule.clone(), "{:?} += {:?}", left, right);
            } else {
                prop_assert_eq!(&grown, &left, "nothing was done");
            }
        }
        prop_assert_eq!(written(&left), before, "another holder keeps what it had");
    }

    #[test]
    fn any_text_compiles_or_says_why(source in "(?s).{0,60}") {
        compiles_or_says_why(&source);
    }

    #[test]
    fn any_soup_of_tokens_compiles_or_says_why(source in soup()) {
        compiles_or_says_why(&source);
    }

    #[test]
    fn operators_never_panic(left in value(), right in value()) {
        let check_memory = |bytes: usize| match bytes {
            0..1_000_000 => Ok(()),
            _ => Err(Box::new(Fault::new(Code::MemoryLimit, Message::verbatim("no room")))),
        };
        let results = [
            arithmetic::add(&left, &right),
            arithmetic::subtract(&left, &right),
            arithmetic::divide(&left, &right),
            arithmetic::floor_divide(&left, &right),
            arithmetic::remainder(&left, &right),
            arithmetic::power(&left, &right),
            arithmetic::negate(&left),
            arithmetic::plus(&left),
            arithmetic::multiply(&left, &right, &check_memory),
        ];
        // Comparing has two sides that agree.
        prop_assert_eq!(left.equals(&right), right.equals(&left));
        prop_assert_eq!(left.order(&right), right.order(&left).map(std::cmp::Ordering::reverse));
        prop_assert!(left.equals(&left));
        for value in results.into_iter().flatten() {
            if let Value::Float(float) = value {
                prop_assert!(float.get().is_finite());
            }
        }
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn soup_runs_the_same_twice(source in soup()) {
        runs_the_same_twice(&source);
    }

    #[test]
    fn lines_run_the_same_twice(source in lines()) {
        runs_the_same_twice(&source);
    }
}
