//! The examples in the documentation of every function are run on the demo project and return what they say.

#![cfg(feature = "sqlite")]

mod costs;
mod harness;
mod processor;
mod scripts;

use calc::engine::{Dialect, Status};
use calc::reference::examples;
use calc::wording::Language;

#[test]
fn every_example_gives_what_it_says() {
    let engine = harness::engine(Dialect::Strict);
    let mut wrong = Vec::new();
    let mut without = Vec::new();
    let mut count = 0;
    for builtin in engine.registry().iter() {
        let examples = examples(builtin);
        if examples.is_empty() {
            without.push(builtin.name);
        }
        for example in examples {
            count += 1;
            let name = builtin.name;
            let block = match engine.block(None, &example.script, "") {
                Ok(block) => block,
                Err(diagnostics) => {
                    wrong.push(format!("{name}: {}\n  {diagnostics:?}", example.script));
                    continue;
                }
            };
            let store = harness::demo_store();
            let outcome =
                engine.run(&store, harness::PROJECT, harness::CLIENT, &block, &harness::event()).expect("the store does not fail");
            let text = calc::value::text_form(&outcome.value);
            let text = if outcome.value.is_null() { "None".to_owned() } else { text };
            // An example shows good use: nothing in it is refused.
            let is_clean = outcome.status == Status::Ok && outcome.diagnostics.iter().all(|report| report.code == "W0601");
            if !is_clean || example.value.as_ref().is_some_and(|expected| *expected != text) {
                wrong.push(format!(
                    "{name}: {}\n  expected {:?}\n  found    {text}\n  {:?}",
                    example.script, example.value, outcome.diagnostics
                ));
            }
        }
    }
    assert!(without.is_empty(), "no example: {without:?}");
    assert!(count >= 140, "only {count} examples");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_language_has_the_documentation_that_the_declarations_have_now() {
    let engine = harness::engine(Dialect::Strict);
    for language in Language::ALL {
        let problems = calc::reference::stale(engine.registry(), *language);
        assert!(problems.is_empty(), "messages/reference.{language}.md:\n{}", problems.join("\n"));
    }
}

#[test]
fn a_translation_of_another_text_is_found_and_not_shown() {
    // The same names as functions of the language, with other texts: their translations are not of these.
    let engine = calc::engine::Engine::builder().functions(OWN).build();
    let problems = calc::reference::stale(engine.registry(), Language::Ru);
    let about_range = problems.iter().find(|problem| problem.starts_with("function `range`:")).expect("a stale translation");
    assert!(about_range.contains("the English text has changed"), "{about_range}");
    let builtin = engine.registry().get("range").expect("a function");
    assert_eq!(calc::reference::summary(builtin, Language::Ru), "The letters up to a number.");
    let builtin = engine.registry().get("upper").expect("a function");
    assert_eq!(calc::reference::summary(builtin, Language::Ru), "Текст заглавными буквами.");
}

calc::builtins! {
    /// A host that counts in its own way.
    static OWN: General "host" = {
        /// The letters up to a number.
        ///
        /// ```calc
        /// range(2) # => ["a", "b"]
        /// ```
        ours fn range(context, n: calc::function::Whole => "how many") -> Vec<calc::value::Value> {
            Ok("abcdef".chars().take(usize::try_from(n.0).unwrap_or(0)).map(|letter| letter.to_string().into()).collect())
        }
    }
}

#[test]
fn a_loop_respects_a_range_of_the_host() {
    let engine = calc::engine::Engine::builder().functions(OWN).build();
    let script = engine.compile("x = ''\nfor i in range(3): x += i\nx").expect("a script");
    let value = engine.evaluate(&script, harness::now()).expect("a value");
    assert!(value.equals(&"abc".into()), "{value:?}");
}

/// Where a program computes values without a store, or at a time that no case has.
#[test]
fn values_that_need_more_than_there_is() {
    let engine = harness::engine(Dialect::Strict);
    let problem = |source: &str, at| {
        let script = engine.compile(source).expect("a script");
        let diagnostic = engine.evaluate(&script, at).expect_err("no value");
        (diagnostic.message.to_string(), diagnostic.help.map(|help| help.to_string()).unwrap_or_default())
    };
    let (message, help) = problem("get_operator()", harness::now());
    assert_eq!(message, "there is no CRM here, only values");
    assert_eq!(help, "run the script with `calc run`, or give the engine a store");
    let last_day = chrono::DateTime::from_timestamp(253_402_250_400, 0).expect("31.12.9999");
    let (message, _) = problem("weekday_date(1)", last_day);
    assert!(message.ends_with("the calendar ends before that day"), "{message}");
}

#[path = "../examples/host_functions.rs"]
mod host_functions;

/// The language without the CRM: functions, variables and failures of a host.
mod host {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use calc::engine::{Engine, HostError, RunError};
    use calc::function::{Builtin, FailureValue, Host, Whole};
    use chrono::{DateTime, Utc};

    /// A counter that scripts can move.
    struct Counter(i64);

    impl Host for Counter {}

    calc::builtins! {
        /// Functions that work on the counter.
        static COUNTER: Host "counter" = {
            /// Moves the counter.
            ours fn advance(context, by: Whole => "how far") -> i64, fails Zero {
                let Some(counter) = context.host::<Counter>()? else { return Ok(-1) };
                counter.0 += by.0;
                Ok(counter.0)
            }

            /// Fails as a database that is down.
            ours fn break_down(context) -> bool {
                Err(calc::function::CallError::host("the host is down"))
            }
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    #[test]
    fn the_example_runs() {
        super::host_functions::main().expect("the example");
    }

    #[test]
    fn functions_reach_the_state_of_the_host() {
        let engine = Engine::without_crm().functions(COUNTER).build();
        let mut counter = Counter(40);
        let script = engine.compile("advance(1) + advance('x') + advance(by=1)").expect("compiles");
        assert_eq!(engine.evaluate_with(&script, now(), &mut counter).expect("a value").to_json(), 41 + 42);
        assert_eq!(counter.0, 42);
        assert_eq!(engine.evaluate(&script, now()).expect("a value").to_json(), -2, "there is no host");
    }

    #[test]
    fn closures_keep_what_they_captured_and_bind_like_any_function() {
        let total = Arc::new(AtomicI64::new(0));
        let seen = Arc::clone(&total);
        let add = Builtin::builder("add_points", "Adds points.")
            .parameter::<Whole>("points", "how many")
            .parameter::<Option<Whole>>("times", "how often")
            .returns::<i64>()
            .works_on_host(FailureValue::False)
            .body(move |_, arguments| {
                let (points, times) = (arguments.take::<Whole>("points")?, arguments.take::<Option<Whole>>("times")?);
                Ok((seen.fetch_add(points.0 * times.map_or(1, |times| times.0), Ordering::Relaxed)).into())
            });
        let engine = Engine::without_crm().function(add).build();
        let script = engine.compile("for i in range(3):\n  add_points(times=2, points=i)\nadd_points('many')").expect("compiles");
        assert_eq!(engine.evaluate(&script, now()).expect("a value").to_json(), false);
        assert_eq!(total.load(Ordering::Relaxed), 6);
        let wrong = engine.compile("add_points(1, 2, 3)").expect_err("too many arguments");
        assert_eq!(wrong[0].code.text(), "E0302");
    }

    #[test]
    fn a_failure_of_the_host_is_no_error_of_the_script() {
        let engine = Engine::without_crm().functions(COUNTER).build();
        let script = engine.compile("break_down()").expect("compiles");
        match engine.evaluate_with(&script, now(), &mut Counter(0)) {
            Err(RunError::Host(HostError::Function(error))) => assert_eq!(error.to_string(), "the host is down"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_language_alone_knows_no_crm() {
        let engine = Engine::without_crm().build();
        for source in ["get_order_id()", "unsubscribe()"] {
            assert_eq!(engine.compile(source).expect_err("unknown")[0].code.text(), "E0301", "{source}");
        }
        let script = engine.compile("x = 2\nmessage_id + weekday * x").expect("compiles");
        assert_eq!(engine.evaluate(&script, now()).expect("a value").to_json(), "NONE8");
    }
}
