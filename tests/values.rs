//! Texts and dicts against plain ones of Rust's: any row of operations has the same result, what is shared never changes with
//! another, and all memory is given back to the run that took it. The only `unsafe` of the library is behind these; CI runs
//! them under the address sanitizer too.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};

use calc::engine::Engine;
use calc::function::{Builtin, CallResult, Host, Limits, Namespace, Variables};
use calc::internals::value::Meter;
use calc::value::{Dict, List, Text, Value};
use chrono::DateTime;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

fn config(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(20_261_122), failure_persistence: None, ..Config::default() }
}

/// Around the lengths where a text leaves its word, and some far beyond.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-c]{0,9}",
        1 => "[аб😀]{0,4}",
        1 => "[ -~]{10,80}",
        1 => any::<String>(),
    ]
}

#[derive(Clone, Debug)]
enum Change {
    PushStr(String),
    Push(usize),
    PushInt(i64),
    With(usize),
    Copy(usize),
    Drop,
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => any_text().prop_map(Change::PushStr),
        3 => any::<usize>().prop_map(Change::Push),
        1 => any::<i64>().prop_map(Change::PushInt),
        2 => any::<usize>().prop_map(Change::With),
        3 => any::<usize>().prop_map(Change::Copy),
        1 => Just(Change::Drop),
    ]
}

fn hash(text: &Text) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

proptest! {
    #![proptest_config(config(400))]

    /// Several texts, some of them copies of each other, changed in turn.
    #[test]
    fn texts_are_strings(changes in prop::collection::vec((any::<usize>(), any_change()), 1..60)) {
        let mut meter = Meter::new();
        let entered = meter.enter();
        {
            let mut texts: Vec<(Text, String)> = vec![(Text::EMPTY, String::new())];
            for (which, change) in changes {
                let count = texts.len();
                let other = |index: usize| texts[index % count].clone();
                let mut new = None;
                match change {
                    Change::PushStr(more) => {
                        let (text, string) = &mut texts[which % count];
                        text.push_str(&more);
                        string.push_str(&more);
                    }
                    Change::Push(more) => {
                        let (more_text, more_string) = other(more);
                        let (text, string) = &mut texts[which % count];
                        // Doubling again and again would end in gigabytes.
                        if string.len() + more_string.len() < 10_000 {
                            text.push(&more_text);
                            string.push_str(&more_string);
                        }
                    }
                    Change::PushInt(int) => {
                        let (text, string) = &mut texts[which % count];
                        text.push(&Text::from(int));
                        string.push_str(&int.to_string());
                    }
                    Change::With(more) => {
                        let ((text, string), (more_text, more_string)) = (other(which), other(more));
                        if string.len() + more_string.len() < 10_000 {
                            new = Some((text.with(&more_text), string + &more_string));
                        }
                    }
                    Change::Copy(which) => new = Some(other(which)),
                    Change::Drop if count > 1 => drop(texts.swap_remove(which % count)),
                    Change::Drop => {}
                }
                texts.extend(new);
            }
            for (text, string) in &texts {
                prop_assert_eq!(text.as_str(), string.as_str());
                prop_assert_eq!(text.len(), string.len());
                prop_assert_eq!(text.is_empty(), string.is_empty());
                let again = Text::from(string.as_str());
                prop_assert_eq!(&again, text);
                prop_assert_eq!(hash(&again), hash(text));
                for (other_text, other_string) in &texts {
                    prop_assert_eq!(text == other_text, string == other_string);
                    prop_assert_eq!(text.cmp(other_text), string.cmp(other_string));
                }
            }
        }
        meter.leave(entered);
        prop_assert_eq!(meter.held(), 0, "all memory is given back");
    }

    #[test]
    fn integers_are_written_as_rust_does(int in any::<i64>(), small in -10_000_000_i64..10_000_000) {
        for int in [int, small, int >> 40, i64::MIN, i64::MAX, 0] {
            let text = Text::from(int);
            prop_assert_eq!(text.as_str(), int.to_string());
            prop_assert_eq!(text, Text::from(int.to_string()));
        }
    }

    /// A dict is a row of entries, with or without an index; a copy keeps what it was.
    #[test]
    fn dicts_are_rows_of_entries(changes in prop::collection::vec((0_usize..70, any::<bool>(), any::<i64>()), 1..300), copied_at in 0_usize..300) {
        let mut meter = Meter::new();
        let entered = meter.enter();
        {
            let mut dict = Dict::new();
            let mut row: Vec<(String, i64)> = Vec::new();
            let mut copies = (dict.clone(), row.clone());
            for (number, (key, remove, value)) in changes.into_iter().enumerate() {
                // Short keys and long ones.
                let key = if key % 2 == 0 { format!("k{key}") } else { format!("a longer key {key}") };
                let text = Text::from(key.as_str());
                let known = row.iter().position(|(other, _)| *other == key);
                // Three times as much is added as removed.
                if remove && value % 2 == 0 {
                    let removed = dict.remove(&text);
                    prop_assert_eq!(removed.is_some(), known.is_some());
                    if let Some(at) = known {
                        row.remove(at);
                    }
                } else {
                    dict.insert(text.clone(), Value::Int(value));
                    match known {
                        Some(at) => row[at].1 = value,
                        None => row.push((key.clone(), value)),
                    }
                }
                let at = row.iter().position(|(other, _)| *other == key);
                prop_assert_eq!(dict.index_of(&text), at);
                let found = match dict.get(&text) {
                    Some(Value::Int(int)) => Some(*int),
                    _ => None,
                };
                prop_assert_eq!(found, at.map(|at| row[at].1));
                if number == copied_at {
                    copies = (dict.clone(), row.clone());
                }
            }
            for (dict, row) in [(&dict, &row), (&copies.0, &copies.1)] {
                let entries: Vec<(String, i64)> = dict
                    .iter()
                    .map(|(key, value)| (key.as_str().to_owned(), if let Value::Int(int) = value { *int } else { 0 }))
                    .collect();
                prop_assert_eq!(&entries, row);
            }
        }
        meter.leave(entered);
        prop_assert_eq!(meter.held(), 0, "all memory is given back");
    }
}

/// Any value, with numbers at the borders and texts that must be escaped.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::None),
        1 => any::<bool>().prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        2 => prop::num::f64::NORMAL.prop_map(Value::from),
        1 => prop_oneof![Just(5.0), Just(1e16), Just(-0.0), Just(1e-5), Just(9.3e18)].prop_map(Value::from),
        3 => any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((any_text(), inner), 0..5)
                .prop_map(|entries| Value::from(entries.into_iter().map(|(key, value)| (Text::from(key), value)).collect::<Dict>())),
        ]
    })
}

proptest! {
    #![proptest_config(config(400))]

    /// Whichever way a value takes to JSON and back, it is the same value; the language's own form reads back equal.
    #[test]
    fn values_read_back_from_json(value in any_value()) {
        let text = serde_json::to_string(&value).expect("a value is JSON");
        prop_assert_eq!(&text, &value.to_json().to_string());
        prop_assert_eq!(&serde_json::from_str::<Value>(&text).expect("JSON is a value"), &value);
        prop_assert_eq!(&Value::from(value.to_json()), &value);
        let read = calc::internals::value::json::parse(&value.json_form()).expect("the language reads what it writes");
        prop_assert!(read.equals(&value), "{} was read as {read:?}", value.json_form());
    }
}

#[test]
fn what_is_too_deep_or_no_json_is_no_value() {
    use calc::internals::value::json::{JsonError, parse};
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert_eq!(parse(&nested(100)).expect("as deep as may be").depth(), 100);
    assert!(matches!(parse(&nested(101)), Err(JsonError::TooDeep)));
    assert!(matches!(parse(&nested(100_000)), Err(JsonError::TooDeep)));
    for wrong in ["", "[1,]", "{a: 1}", "NaN", "1e999", "'a'", "[1] 2"] {
        assert!(matches!(parse(wrong), Err(JsonError::Syntax(_))), "{wrong}");
    }
    assert_eq!(
        parse("[18446744073709551615, {\"a\": 1, \"a\": null}]").expect("JSON").json_form(),
        "[1.8446744073709552e+19, {\"a\": null}]"
    );
}

/// Texts that many threads copy and let go of at once.
#[test]
fn texts_are_shared_between_threads() {
    let shared = Text::from("a text that does not fit a word");
    std::thread::scope(|scope| {
        for number in 0..4 {
            let shared = &shared;
            scope.spawn(move || {
                for turn in 0..2_000 {
                    let mut own = shared.clone();
                    let kept = own.clone();
                    own.push(&Text::from(number * turn));
                    assert_eq!(kept, *shared);
                    assert_eq!(own.as_str(), format!("{shared}{}", number * turn));
                }
            });
        }
    });
    assert_eq!(shared, "a text that does not fit a word");
}

/// What a run took is given back to it alone: runs inside each other and one after the other, texts and containers, those
/// that grow included.
#[test]
fn a_run_counts_what_it_made_itself() {
    let (mut outer, mut inner) = (Meter::new(), Meter::new());
    let text = |letter: char| Text::from(letter.to_string().repeat(5_000));
    let working_on_outer = outer.enter();
    let mut grown = text('o');
    let mut items = List::new(vec![Value::Int(1); 500]);
    let held = outer.held();
    assert!((13_000..14_000).contains(&held), "{held}");

    let working_on_inner = inner.enter();
    assert_eq!((inner.held(), outer.held()), (0, 0), "the outer run's count comes back with it");
    let kept = text('i');
    let dropped = text('i');
    assert!((10_000..11_000).contains(&inner.held()), "{}", inner.held());
    drop(dropped);
    assert!((5_000..5_500).contains(&inner.held()), "{}", inner.held());
    inner.leave(working_on_inner);

    assert_eq!(outer.held(), held, "the inner run took nothing of the outer one's");
    drop(kept);
    assert_eq!(outer.held(), held, "what the inner run made is not given back to the outer one");
    outer.leave(working_on_outer);

    // Who makes a text or a list of another run larger has taken it.
    let mut later = Meter::new();
    let working_on_later = later.enter();
    grown.push_str(&"l".repeat(6_000));
    let with_text = later.held();
    assert!((11_000..22_000).contains(&with_text), "{with_text}");
    items.push(Value::None);
    assert!(later.held() - with_text > 501 * size_of::<Value>(), "{}", later.held());
    drop((grown, items));
    assert_eq!(later.held(), 0);
    later.leave(working_on_later);
    assert_eq!(outer.held(), held, "nobody is at work on it");
}

/// A host whose variables outlive the run.
#[derive(Default)]
struct Shelf(Vec<(String, Value)>);

impl Host for Shelf {
    fn variables(&mut self) -> Option<&mut dyn Variables> {
        Some(self)
    }
}

impl Variables for Shelf {
    fn read(&mut self, _: Namespace, name: &str) -> CallResult<Option<Value>> {
        Ok(self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()))
    }

    fn write(&mut self, namespace: Namespace, name: &str, value: &Value) -> CallResult<()> {
        self.delete(namespace, name)?;
        self.0.push((name.to_owned(), value.clone()));
        Ok(())
    }

    fn delete(&mut self, _: Namespace, name: &str) -> CallResult<()> {
        self.0.retain(|(other, _)| other != name);
        Ok(())
    }
}

fn limits() -> Limits {
    Limits { memory: 100_000, ..Limits::default() }
}

/// A run that lets go of what was there before it has no more memory than any other.
#[test]
fn old_values_are_no_allowance() {
    let engine = Engine::without_crm().limits(limits()).build();
    let now = DateTime::from_timestamp(1_795_341_600, 0).expect("a valid time");
    let mut shelf = Shelf::default();
    let mut run = |script: &str| {
        let script = engine.compile(script).expect("the script compiles");
        engine.evaluate_with(&script, now, &mut shelf).map_err(|error| error.to_string())
    };
    run("stock = 'x' * 60000").expect("one text fits");
    // The host lets go of the old text when it must know the new one: before the next name is asked for.
    let refused = run("a = 'y' * 60000\nstock = ''\nprint(another)\nb = 'z' * 60000").expect_err("two texts do not fit");
    assert!(refused.starts_with("E0503"), "{refused}");
}

/// What a function of the host does in runs of its own is not the memory of the run that calls it.
#[test]
fn runs_inside_a_run_count_for_themselves() {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keeps = Arc::clone(&kept);
    let inner = Engine::without_crm().limits(limits()).build();
    let script = inner.compile("'x' * 60000").expect("the script compiles");
    let now = DateTime::from_timestamp(1_795_341_600, 0).expect("a valid time");
    let function = Builtin::builder("keep_one", "Runs another script and keeps its value.").returns::<i64>().acts().body(move |_, _| {
        let mut keeps = keeps.lock().expect("nobody panics");
        keeps.push(inner.evaluate(&script, now).expect("the text fits"));
        Ok(keeps.len().into())
    });
    let engine = Engine::without_crm().limits(limits()).function(function).build();
    let script = engine.compile("for i in range(5):\n    keep_one()\nlen('x' * 60000)").expect("the script compiles");
    let value = engine.evaluate(&script, now).expect("the text fits");
    assert_eq!(value.to_json(), 60_000);
    assert_eq!(kept.lock().expect("nobody panics").len(), 5);
}
