//! The examples in the documentation of every function are run on the demo project and give what they say.

#![cfg(feature = "sqlite")]

mod costs;
mod harness;

use calc::engine::{Dialect, Status};
use calc::reference::examples;

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
            let text = calc::value::json::text_form(&outcome.value);
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
