//! `calc fix --to strict` on random scripts of the mavibot dialect: strict takes the result, and the values are the same.

use calc::check::File;
use calc::check::fix::to_strict;
use calc::crm::BlockId;
use calc::engine::{Block, Dialect, Engine};
use proptest::prelude::*;

use super::harness::{CLIENT, PROJECT, demo_store, event};

/// Lines whose right side the dialect keeps as text, or reads in its own way.
const VALUES: &[&str] = &[
    "Нью Йорк",
    "10.10.2021",
    "007",
    "promo#{client_id}",
    "слово",
    "it's late",
    "say \"hi\"",
    "#ff0000 ; x",
    "Да (конечно)",
    "5 шт.",
    "[новый, 'старый']",
    "{'k': слово}",
    "'quoted'",
    "12",
    "1 + 2",
    "a /* note */ b",
    "Ростов-на-Дону",
    "первый",
    "x",
    "back\\slash word",
];

const NAMES: &[&str] = &["город", "x", "client.y", "первый", "d"];

fn script(seed: u64) -> String {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut out = String::new();
    for _ in 0..random.u8(1..7) {
        let indent = ["", "", "", "  ", "   "][random.usize(..5)];
        let name = NAMES[random.usize(..NAMES.len())];
        let value = VALUES[random.usize(..VALUES.len())];
        if random.u8(..6) == 0 {
            let inner = ["    ", "  "][random.usize(..2)];
            let more = ["", "  "][random.usize(..2)];
            let second = VALUES[random.usize(..VALUES.len())];
            out.push_str(&format!("if client_id:\n{inner}{name} = {value}\n{inner}{more}z = {second}\n"));
        } else {
            out.push_str(&format!("{indent}{name} = {value}\n"));
        }
    }
    if random.u8(..4) == 0 { out.replace('\n', "\r\n") } else { out }
}

/// The variables that a run sets; `None` when it does not end well.
fn variables(engine: &Engine, source: &str) -> Option<String> {
    let block = Block::of_script(Some(BlockId(7)), engine.compile(source).ok()?);
    let outcome = engine.dry_run(&demo_store(), PROJECT, CLIENT, &block, &event()).expect("the store works");
    (outcome.status == calc::engine::Status::Ok).then(|| serde_json::to_string(&outcome.variables).expect("JSON"))
}

#[test]
fn mavibot_scripts_become_strict_ones_with_the_same_values() {
    let mavibot = Engine::builder().dialect(Dialect::Mavibot).build();
    let strict = Engine::builder().dialect(Dialect::Strict).build();
    let mut runner = proptest::test_runner::TestRunner::new(super::config(200));
    let compared = std::cell::Cell::new(0);
    runner
        .run(&any::<u64>(), |seed| {
            let source = script(seed);
            let Some(expected) = variables(&mavibot, &source) else { return Ok(()) };
            let fixed = to_strict(&mavibot, &strict, &[File { text: &source, may_be_block: false }], None).remove(0);
            let Some(found) = variables(&strict, &fixed.text) else {
                panic!("strict refuses\n{}\nwhich was\n{source}\n{:?}", fixed.text, strict.compile(&fixed.text).err());
            };
            assert_eq!(found, expected, "\n{source}\n->\n{}", fixed.text);
            assert_eq!(fixed.text.matches("\r\n").count(), source.matches("\r\n").count(), "\n{source}\n->\n{}", fixed.text);
            compared.set(compared.get() + 1);
            Ok(())
        })
        .expect("no property fails");
    assert!(compared.get() > 120, "only {} of 200 scripts run", compared.get());
}
