//! `calc fix --to strict` on random scripts of the mavibot dialect and on all examples of it: strict takes the result, and the
//! values are the same.

use std::cell::Cell;
use std::path::Path;

use calc::check::File;
use calc::check::fix::to_strict;
use calc::crm::{BlockId, SqliteStore};
use calc::diagnostic::Diagnostic;
use calc::engine::{Block, Dialect, Engine};
use proptest::prelude::*;

use super::harness::{CLIENT, PROJECT, demo_store, event};

/// What the dialect keeps as text.
const TEXTS: &[&str] = &[
    "Нью Йорк",
    "10.10.2021",
    "25.12.2020 10:00",
    "007",
    "5 шт.",
    "1 500,50 руб",
    "+7 (900) 123-45-67",
    "12:30 - 15:00",
    "a@b.ru",
    "https://x.ru/?a=1&b=2",
    "promo#{client_id}",
    "#{слово} и #{первый}",
    "Привет, #{name}!",
    "#{x",
    "a #{x} #{y",
    "it's \"#{d['k']}\"",
    "текст \\#{x}",
    "C:\\new\\#{x}",
    "back\\slash word",
    "\\n новая",
    "it's late",
    "say \"hi\"",
    "#ff0000 ; x",
    "#order:Чай=300",
    "слово # хвост",
    "Да (конечно)",
    "Ответ [да], нет",
    "(скобки",
    ")",
    "слово!",
    "как дела? :)",
    "18+",
    "- пункт",
    "x = y",
    "a; b c",
    "a /* note */ b",
    "a b /* one */ c /* two */",
    "<b>жирный</b>",
    "с {a|b} в тексте",
    "🙂 смайл",
    "\u{a0}с\u{a0}пробелом",
];

/// What it takes for a calculation, in which bare words may be text.
const VALUES: &[&str] = &[
    "слово",
    "Москва",
    "x",
    "первый",
    "Ростов-на-Дону",
    "x-y",
    "слово-x",
    "первый-второй",
    "[новый, 'старый']",
    "[слово, [x, Чай], {'k': второй}]",
    "{'k': слово, \"m\": {'n': x}}",
    "{k: слово}",
    "'quoted'",
    "''",
    "12",
    "1 + 2",
    "x + 1",
    "[]",
    "{}",
    "len('abc')",
    "if(x, 1, 2)",
    "if(слово, слово, 'нет')",
    "слово if x else 'нет'",
    "#{слово}",
    "'#{слово}!'",
    "concat('a', 5)",
    "[i for i in [1, 2]]",
];

const NAMES: &[&str] = &["город", "x", "y", "client.y", "client.x", "project.n", "первый", "слово", "d", "k"];

struct Author {
    random: fastrand::Rng,
    out: String,
}

impl Author {
    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.random.usize(..words.len())]
    }

    fn value(&mut self) -> String {
        match self.random.u8(..10) {
            0..=4 => self.pick(TEXTS).to_owned(),
            5 => {
                let words: Vec<&str> =
                    (0..self.random.usize(1..4)).map(|_| self.pick(&["слово", "x", "Чай", "5шт", "№5", "ok!", "50%"])).collect();
                words.join(" ")
            }
            _ => self.pick(VALUES).to_owned(),
        }
    }

    fn statement(&mut self) -> String {
        let name = self.pick(NAMES);
        match self.random.u8(..20) {
            0 => format!("{name} ="),
            1 => format!("del {name}"),
            2 => format!("{name} = {{}}"),
            3 => format!("{name}['m'] = {}", self.value()),
            4 => format!("print({})", self.pick(VALUES)),
            5 => format!("# {}", self.pick(TEXTS)),
            6 => format!("{name} = {}; z = {}", self.pick(VALUES), self.value()),
            _ => {
                let (sign, end) = (self.pick(&[" = ", "=", " =", "= "]), self.pick(&["", "", "", " ", "  /* why */"]));
                format!("{name}{sign}{}{end}", self.value())
            }
        }
    }

    fn line(&mut self, indent: &str, statement: &str) {
        self.out.push_str(&format!("{indent}{statement}\n"));
    }

    fn block(&mut self, indent: &str, head: &str) {
        self.line("", head);
        let more = self.pick(&["", "", "  "]);
        for _ in 0..self.random.usize(1..4) {
            let statement = self.statement();
            // The first statement says how deep the block is.
            let extra = if self.out.ends_with(&format!("{head}\n")) { "" } else { more };
            self.line(&format!("{indent}{extra}"), &statement);
        }
        self.line(indent, "pass");
    }

    fn script(mut self) -> String {
        for _ in 0..self.random.u8(1..8) {
            let inner = self.pick(&["    ", "  ", "\t"]);
            match self.random.u8(..12) {
                0 => self.block(inner, "if client_id:"),
                1 => {
                    self.block(inner, "if x == 5:");
                    self.block(inner, "else:");
                }
                2 => self.block(inner, "for i in [1, 2]:"),
                3 => {
                    let statement = self.statement();
                    self.line("", &format!("if x: {statement}"));
                }
                4 => {
                    let more = self.pick(&["", "/* a\n b */", "def f(a):\n    return a"]);
                    self.line("", more);
                }
                _ => {
                    let (indent, statement) = (self.pick(&["", "", "", "", "  ", "   ", "\t"]), self.statement());
                    self.line(indent, &statement);
                }
            }
        }
        let text = if self.random.u8(..4) == 0 { self.out.replace('\n', "\r\n") } else { self.out };
        if self.random.u8(..16) == 0 { format!("\u{feff}{text}") } else { text }
    }
}

/// What a run sets, prints and ends with.
fn values(store: &SqliteStore, engine: &Engine, source: &str) -> Result<String, Vec<Diagnostic>> {
    let block = Block::of_script(Some(BlockId(7)), engine.compile(source)?);
    let outcome = engine.dry_run(store, PROJECT, CLIENT, &block, &event()).expect("the store works");
    Ok(match outcome.diagnostics.iter().find(|found| found.is_error()) {
        Some(error) => error.code.clone(),
        None => serde_json::to_string(&(&outcome.value, &outcome.variables, &outcome.output)).expect("JSON"),
    })
}

/// Turns a script of the dialect into a strict one and compares; says whether it compiles at all.
fn gives_the_same(store: &SqliteStore, source: &str) -> bool {
    let mavibot = Engine::builder().dialect(Dialect::Mavibot).build();
    let strict = Engine::builder().dialect(Dialect::Strict).build();
    let Ok(expected) = values(store, &mavibot, source) else { return false };
    let fixed = to_strict(&mavibot, &strict, &[File { text: source, may_be_block: false }], None).remove(0);
    match values(store, &strict, &fixed.text) {
        Ok(found) => assert_eq!(found, expected, "\n{source}\n->\n{}", fixed.text),
        Err(found) => panic!("strict refuses\n{}\nwhich was\n{source}\n{found:?}", fixed.text),
    }
    assert_eq!(fixed.text.matches("\r\n").count(), source.matches("\r\n").count(), "\n{source}\n->\n{}", fixed.text);
    assert_eq!(fixed.text.matches("/*").count(), source.matches("/*").count(), "\n{source}\n->\n{}", fixed.text);
    true
}

#[test]
fn mavibot_scripts_become_strict_ones_with_the_same_values() {
    let store = demo_store();
    let mut runner = proptest::test_runner::TestRunner::new(super::config(300));
    let compared = Cell::new(0);
    runner
        .run(&any::<u64>(), |seed| {
            let author = Author { random: fastrand::Rng::with_seed(seed), out: String::new() };
            compared.set(compared.get() + u32::from(gives_the_same(&store, &author.script())));
            Ok(())
        })
        .expect("no property fails");
    assert!(compared.get() > 200, "only {} of 300 scripts compile", compared.get());
}

/// The cases, pages and documented scripts in the dialect, each with the name it is shown under.
fn examples() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["tests/cases/dialect", "tests/cases/text", "tests/cases/mistakes"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("a folder of cases") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            if path.extension().is_some_and(|extension| extension == "calc") && text.contains("--dialect mavibot") {
                found.push((path.display().to_string(), text));
            }
        }
    }
    let rows = include_str!("../data/vendor_examples.tsv").lines().skip(1).filter(|row| !row.is_empty());
    found.extend(rows.map(|row| {
        let script = row.split('\t').next().unwrap_or_default().replace(" ;; ", "\n");
        (script.clone(), script)
    }));
    found
}

#[test]
fn examples_of_the_dialect_become_strict_ones() {
    let (store, examples) = (demo_store(), examples());
    // Which text has items is only known when it runs; a run in strict says so in a notice that names `json`.
    let is_about_items = |name: &str| name.ends_with("json_text_has_items.calc");
    let compared = examples.iter().filter(|(name, text)| !is_about_items(name) && gives_the_same(&store, text)).count();
    assert!(compared > 80, "only {compared} of {} examples compile", examples.len());
}
