//! Random scripts, made from the declarations of all functions there are, so that a new function is in them by itself.
//! Whoever wants one brings the choices: a seeded generator in tests, bytes in the fuzz targets, where the first choice is
//! always one that ends. Knows no store and runs nothing.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fmt::Write as _;

use calc::function::{Builtin, Family, Kind, Parameter, Registry};

/// How many scripts a trial runs: `CALC_TRIAL_SCRIPTS=100000` is the long form.
pub fn count(short: usize) -> usize {
    std::env::var("CALC_TRIAL_SCRIPTS").map_or(short, |count| count.parse().expect("a number of scripts"))
}

/// Choices from a seed.
pub fn seeded(seed: u64) -> impl FnMut(usize) -> usize {
    // SplitMix64: the fuzz targets have no library of random numbers.
    let mut state = seed;
    move |count| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % count.max(1) as u64).unwrap_or(0)
    }
}

/// Choices from bytes; the first one when there are none left.
pub fn of_bytes(bytes: &[u8]) -> impl FnMut(usize) -> usize {
    let mut rest = bytes.iter();
    move |count| rest.next().map_or(0, |byte| usize::from(*byte) % count.max(1))
}

/// Expressions for arguments: of the parameters of a name, of a kind of id, or, with no word, of every kind.
pub type Known<'k> = (&'k str, &'k [&'k str]);

/// Makes one script.
pub struct Writer<'w> {
    choose: &'w mut dyn FnMut(usize) -> usize,
    functions: Vec<&'w Builtin>,
    /// Expressions of the caller.
    known: &'w [Known<'w>],
    text: String,
}

const NAMES: &[&str] = &["x", "y", "имя", "_t", "name", "client.x", "project.y", "x1", "question"];
const LEAVES: &[&str] =
    &["x", "1", "'a'", "None", "True", "2.5", "'5'", "y", "_t", "'#{x}'", "[1, 2]", "{'k': 1}", "'1.2.2020'", "'10:30'", "name"];
const OPERATORS: &[&str] = &["+", "-", "*", "/", "//", "%", "^", "==", "!=", "<", ">=", "in", "not in", "and", "or"];

impl<'w> Writer<'w> {
    pub fn new(registry: &'w Registry, known: &'w [Known<'w>], choose: &'w mut dyn FnMut(usize) -> usize) -> Self {
        let mut functions: Vec<&Builtin> = registry.iter().map(|builtin| &**builtin).collect();
        functions.sort_by_key(|builtin| builtin.name);
        Self { choose, functions, known, text: String::new() }
    }

    /// A script of a few lines that begins with a call of one function, by its number.
    pub fn script(mut self, function: usize) -> String {
        let index = function % self.functions.len();
        let call = self.call(self.functions[index], 1);
        let _ = writeln!(self.text, "x = {call}");
        for _ in 0..self.below(5) {
            self.statement(0);
        }
        self.text
    }

    /// Calls with arguments that mostly fit, the first one of one function, by its number, the others mostly of the host's:
    /// few of them end in an error, which would take back what the others did.
    pub fn calls(mut self, function: usize) -> String {
        let hosts: Vec<&Builtin> = self.functions.iter().copied().filter(|builtin| builtin.family == Family::Host).collect();
        let mut called = self.functions[function % self.functions.len()];
        for number in 0..=self.below(5) {
            let call = self.call(called, 0);
            let _ = writeln!(self.text, "x{number} = {call}");
            let others = if self.below(4) == 0 { &self.functions } else { &hosts };
            called = others[(self.choose)(others.len())];
        }
        self.text
    }

    /// A few lines of any kind.
    pub fn lines(mut self) -> String {
        for _ in 0..=self.below(7) {
            self.statement(0);
        }
        self.text
    }

    fn below(&mut self, count: usize) -> usize {
        (self.choose)(count)
    }

    fn one<'t>(&mut self, of: &'t [&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn statement(&mut self, depth: usize) {
        let margin = "    ".repeat(depth);
        let line = match self.below(if depth < 2 { 15 } else { 9 }) {
            0..=3 => format!("{} = {}", self.one(NAMES), self.expression(2)),
            4 => format!("{} {}= {}", self.one(NAMES), self.one(&["+", "-", "*"]), self.expression(2)),
            5 | 6 => self.any_call(2),
            7 => format!("{}[{}] = {}", self.one(NAMES), self.expression(1), self.expression(1)),
            8 => format!("del {}", self.one(NAMES)),
            9 | 10 => format!("for i in {}:", self.expression(2)),
            11 | 12 => format!("if {}:", self.expression(2)),
            13 => format!("while {}:", self.expression(2)),
            _ => format!("def f(a, b={}):", self.expression(0)),
        };
        let _ = writeln!(self.text, "{margin}{line}");
        if line.ends_with(':') {
            for _ in 0..=self.below(2) {
                self.statement(depth + 1);
            }
            if line.starts_with("def") {
                let (result, argument) = (self.expression(1), self.expression(1));
                let _ = writeln!(self.text, "{margin}    return {result}\n{margin}x = f({argument})");
            }
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let inner = depth - 1;
        match self.below(16) {
            0 | 1 => self.leaf(),
            2..=4 => format!("({} {} {})", self.expression(inner), self.one(OPERATORS), self.expression(inner)),
            5 => format!("[{}, {}]", self.expression(inner), self.expression(inner)),
            6 => format!("{{{}: {}}}", self.expression(inner), self.expression(inner)),
            7 => format!("if({}, {}, {})", self.expression(inner), self.expression(inner), self.expression(inner)),
            8 => format!("{}[{}]", self.expression(inner), self.expression(inner)),
            9 => format!("{}[{}:{}]", self.expression(inner), self.expression(0), self.expression(0)),
            10 => format!("[{} for i in {}]", self.expression(inner), self.expression(inner)),
            11 => format!("{}{}", self.one(&["-", "not "]), self.expression(inner)),
            12 => format!("#{{{}}}", self.one(&["x", "x#{y}", "client.x", "project.#{_t}", "имя"])),
            _ => self.any_call(inner),
        }
    }

    fn leaf(&mut self) -> String {
        if !self.known.is_empty() && self.below(2) == 1 {
            let (_, literals) = self.known[self.below(self.known.len())];
            return self.one(literals).to_owned();
        }
        self.one(LEAVES).to_owned()
    }

    fn any_call(&mut self, depth: usize) -> String {
        let index = self.below(self.functions.len());
        self.call(self.functions[index], depth)
    }

    fn call(&mut self, function: &Builtin, depth: usize) -> String {
        let mut arguments = Vec::new();
        let mut is_in_order = true;
        for parameter in &*function.parameters {
            if !parameter.required && self.below(3) == 0 {
                is_in_order = false;
            } else if is_in_order {
                arguments.push(self.argument(parameter, depth));
            } else if !parameter.variadic {
                arguments.push(format!("{}={}", parameter.name, self.argument(parameter, depth)));
            }
        }
        format!("{}({})", function.name, arguments.join(", "))
    }

    /// Mostly what the parameter takes.
    fn argument(&mut self, parameter: &Parameter, depth: usize) -> String {
        let words = [parameter.name, if let Kind::Id(kind) = parameter.kind { kind } else { parameter.name }];
        let known = self.known.iter().find(|(word, _)| words.contains(word)).map(|(_, literals)| *literals);
        let fitting: &[&str] = match parameter.kind {
            Kind::Flag => &["True", "False"],
            Kind::Whole | Kind::Id(_) => &["1", "0", "-1", "3", "1000000", "9223372036854775807", "-9223372036854775808"],
            Kind::Number => &["1", "2.5", "-0.5", "1000000000000000", "'12.50'"],
            Kind::Text => &["'a'", "''", "'привет, Мир'", "'%d.%m.%Y'", "'a.b'", "'a\\u0000b'", "('x' * 3000)"],
            Kind::List => &["[1, 2, 3]", "[]", "[[1, 'a'], [2, 'b']]", "[{'a': 1}]", "range(50)", "['x', 'y']"],
            Kind::Dict => &["{'a': 1}", "{}", "{'x': [1, 2], 'y': 'z'}"],
            Kind::Date => &["'01.02.2026'", "'31.12.9999'", "'29.02.2024 10:00'"],
            Kind::Time => &["'10:00'", "'23:59'"],
            _ => LEAVES,
        };
        match self.below(10) {
            0 => self.one(fitting).to_owned(),
            8 if depth > 0 => self.leaf(),
            9 => self.expression(depth.saturating_sub(1)),
            _ => self.one(known.unwrap_or(fitting)).to_owned(),
        }
    }
}
