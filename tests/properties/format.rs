//! `calc fmt` on random programs with random comments: the tree stays, every comment stays, and a second time changes
//! nothing.

use calc::engine::{Dialect, Engine};
use calc::internals::syntax::{self, ParseOptions};
use proptest::prelude::*;

/// Writes random programs that parse.
struct Author {
    random: fastrand::Rng,
    out: String,
    /// How many brackets are open.
    open: u32,
    comments: u32,
    dialect: Dialect,
}

impl Author {
    fn chance(&mut self, percent: u8) -> bool {
        self.random.u8(..100) < percent
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.random.usize(..words.len())]
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("c{}.", self.comments)
    }

    /// What may stand between two tokens.
    fn gap(&mut self) {
        match self.random.u8(..40) {
            0..=4 => self.out.push_str("  "),
            5 | 6 => {
                let comment = self.comment();
                let text = self.pick(&["/* ", "/*", " /* a\n  b "]).to_owned();
                self.out.push_str(&format!("{text}{comment}*/"));
            }
            7 if self.dialect == Dialect::Strict => {
                let comment = self.comment();
                let joined = self.pick(&[" \\\n  ", " \\\n\t", " \\\n /* C */ ", " /* C */\\\n"]).replace('C', &comment);
                // A number that no comment has is looked for in vain on both sides.
                self.out.push_str(&joined);
            }
            8..=10 if self.open > 0 => self.out.push_str("\n  "),
            11 | 12 if self.open > 0 && self.dialect == Dialect::Strict => {
                let comment = self.comment();
                let after = self.pick(&["", "\n", "    "]);
                self.out.push_str(&format!(" # {comment}\n{after}"));
            }
            _ => self.out.push(' '),
        }
    }

    fn token(&mut self, token: &str) {
        self.gap();
        self.out.push_str(token);
    }

    fn open(&mut self, bracket: &str) {
        self.out.push_str(bracket);
        self.open += 1;
    }

    fn close(&mut self, bracket: &str) {
        self.gap();
        self.open -= 1;
        self.out.push_str(bracket);
    }

    fn items(&mut self, depth: u32, item: fn(&mut Self, u32)) {
        for index in 0..self.random.u8(1..4) {
            if index > 0 {
                self.token(",");
            }
            item(self, depth);
        }
        if self.chance(30) {
            self.token(",");
        }
    }

    fn name(&mut self) -> &'static str {
        self.pick(&["x", "total", "город", "client.y", "_z", "a_rather_long_name_of_a_variable"])
    }

    fn text(&mut self) -> &'static str {
        self.pick(&[
            "'a'",
            "\"b\"",
            "\"it's\"",
            "'it\\'s'",
            "'say \"x\"'",
            "\"#{x + 1}\"",
            "\"#{d['k']}\"",
            "'''l\nm'''",
            "\"\\\"q\\\"\"",
            "''",
        ])
    }

    /// Comprehensions of dicts, slices, chains, placeholders outside of texts.
    fn longer_form(&mut self, form: u8, inner: u32) {
        match form {
            13 => {
                self.open("{");
                self.expression(0);
                self.token(":");
                self.expression(inner);
                self.token("for k, v in ");
                self.expression(0);
                self.token("if ");
                self.expression(0);
                self.token("for j in ");
                self.expression(0);
                self.close("}");
            }
            14 => {
                let name = self.name();
                self.out.push_str(name);
                self.open("[");
                for part in 0..3 {
                    if self.chance(60) {
                        self.expression(0);
                    }
                    if part < 2 {
                        self.token(":");
                    }
                }
                self.close("]");
            }
            15 => {
                self.expression(0);
                for _ in 0..self.random.u8(1..4) {
                    let op = self.pick(&["<", "<=", ">", "!=", "==", "in"]);
                    self.token(op);
                    self.out.push(' ');
                    self.expression(0);
                }
            }
            16 => {
                let name = self.pick(&["#{x + 1}", "#{q#{x}}", "#{ x }", "#{max(1, 2)}"]);
                self.out.push_str(name);
            }
            _ => {
                self.expression(0);
                let op = self.pick(&["+", "and", "or", "%", "-"]);
                for _ in 0..self.random.u8(2..5) {
                    self.token(op);
                    self.out.push(' ');
                    self.expression(0);
                }
            }
        }
    }

    fn expression(&mut self, depth: u32) {
        self.gap();
        if depth == 0 {
            let leaf = match self.random.u8(..4) {
                0 => self.text(),
                1 => self.pick(&["1", "2.5", "1e3", "True", "none"]),
                _ => self.name(),
            };
            self.out.push_str(leaf);
            return;
        }
        let inner = depth - 1;
        match self.random.u8(..18) {
            form @ 13.. => self.longer_form(form, inner),
            0..=3 => {
                self.expression(inner);
                let op = self.pick(&["+", "-", "*", "/", "//", "^", "**", "==", "<=", "and", "&&", "or", "||", "AND", "in", "not in"]);
                self.token(op);
                self.out.push(' ');
                self.expression(inner);
            }
            4 => {
                let op = self.pick(&["-", "- -", "+", "not ", "! ", "NOT "]);
                self.out.push_str(op);
                self.expression(inner);
            }
            5 => {
                self.open("(");
                self.expression(inner);
                self.close(")");
            }
            6 => {
                self.open("[");
                self.items(inner, Self::expression);
                self.close("]");
            }
            7 => {
                self.open("{");
                self.items(inner, |author, depth| {
                    author.expression(0);
                    author.token(":");
                    author.expression(depth);
                });
                self.close("}");
            }
            8 => {
                let function = self.pick(&["max", "join", "own"]);
                self.out.push_str(function);
                self.gap();
                self.open("(");
                self.items(inner, |author, depth| {
                    author.gap();
                    author.expression(depth);
                });
                self.close(")");
            }
            9 => {
                self.out.push_str("if");
                self.open("(");
                self.expression(inner);
                self.token(",");
                self.expression(inner);
                self.token(",");
                self.expression(inner);
                self.close(")");
            }
            10 => {
                self.expression(inner);
                self.token("if ");
                self.expression(0);
                self.token("else ");
                self.expression(0);
            }
            11 => {
                self.open("[");
                self.expression(inner);
                self.token("for i in ");
                self.expression(0);
                if self.chance(50) {
                    self.token("if ");
                    self.expression(0);
                }
                self.close("]");
            }
            _ => {
                let name = self.name();
                self.out.push_str(name);
                self.gap();
                self.open("[");
                self.expression(inner);
                if self.chance(40) {
                    self.token(":");
                    self.expression(0);
                }
                self.close("]");
            }
        }
    }

    fn simple(&mut self, depth: u32) {
        match self.random.u8(..11) {
            0 => self.out.push_str("pass"),
            1 => {
                let statement = self.pick(&["del x", "del  d[ 1 ]", "x =", "client.y  =", "a=b = 5"]);
                self.out.push_str(statement);
            }
            8 => {
                self.out.push('x');
                self.open("[");
                self.expression(0);
                self.close("]");
                self.token("=");
                self.expression(depth);
            }
            9 => self.expression(depth),
            2 => {
                self.out.push_str("own");
                self.open("(");
                self.items(depth, |author, depth| {
                    author.token("b");
                    author.token("=");
                    author.expression(depth);
                });
                self.close(")");
            }
            3 => {
                let name = self.name();
                self.out.push_str(name);
                self.token("+=");
                self.expression(depth);
            }
            4 if self.dialect == Dialect::Mavibot => {
                let text = self.pick(&["город = Нью Йорк", "d = 10.10.2021", "code =007; #1  x", "p  =  promo#{x}   /* kept */ and more"]);
                self.out.push_str(text);
            }
            _ => {
                let name = self.name();
                self.out.push_str(name);
                self.token("=");
                self.expression(depth);
            }
        }
    }

    fn line_end(&mut self, indent: &str) {
        match self.random.u8(..10) {
            0 if self.dialect == Dialect::Strict => {
                let comment = self.comment();
                self.out.push_str(&format!("  # {comment}"));
            }
            1 => {
                let comment = self.comment();
                self.out.push_str(&format!(" /* {comment} */ "));
            }
            _ => {}
        }
        self.out.push('\n');
        while self.chance(20) {
            let comment = self.comment();
            let line = match self.random.u8(..5) {
                0 => String::new(),
                1 => format!("{indent}# {comment}"),
                2 => format!("# {comment}"),
                3 => format!("{indent}   /* {comment}\n  more */"),
                _ => format!("{indent}/* {comment} */ /* again */"),
            };
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    fn block(&mut self, level: usize, depth: u32) {
        let unit = self.pick(&["  ", "    ", "\t"]).to_owned();
        let indent = unit.repeat(level);
        for _ in 0..self.random.u8(1..4) {
            self.out.push_str(&indent);
            match self.random.u8(..8) {
                3 if level == 0 => self.function(depth, &unit),
                4 if level < 3 => {
                    let head = self.pick(&["while", "for k, v in", "for i in"]);
                    self.out.push_str(&format!("{head} x:\n{indent}{unit}"));
                    self.simple(depth);
                    let end = self.pick(&["break", "continue", "pass", "if x: break"]);
                    self.out.push_str(&format!("\n{indent}{unit}{end}"));
                    self.line_end(&indent);
                }
                0 | 1 if level < 3 => {
                    let head = self.pick(&["if", "while", "for i in"]);
                    self.out.push_str(head);
                    self.out.push(' ');
                    self.expression(1);
                    self.token(":");
                    if self.chance(40) {
                        self.out.push(' ');
                        self.simple(depth);
                        self.line_end(&indent);
                    } else {
                        self.line_end(&indent);
                        self.nested(level, depth, &unit);
                    }
                    if head == "if" && self.chance(30) {
                        self.out.push_str(&format!("{indent}elif x:"));
                        self.line_end(&indent);
                        self.nested(level, depth, &unit);
                    }
                    if head == "if" && self.chance(50) {
                        self.out.push_str(&format!("{indent}else:"));
                        self.line_end(&indent);
                        self.nested(level, depth, &unit);
                    }
                }
                2 => {
                    self.simple(depth);
                    self.token(";");
                    self.gap();
                    self.simple(0);
                    self.line_end(&indent);
                }
                _ => {
                    self.simple(depth);
                    self.line_end(&indent);
                }
            }
        }
    }

    fn function(&mut self, depth: u32, unit: &str) {
        let number = self.comments;
        self.comments += 1;
        self.out.push_str(&format!("def f{number}(a"));
        self.open += 1;
        self.token(",");
        self.token("b");
        self.token("=");
        self.expression(0);
        self.close("):");
        self.line_end("");
        self.nested(0, depth, unit);
        self.out.push_str(&format!("{unit}return"));
        if self.chance(70) {
            self.expression(depth);
        }
        self.line_end("");
    }

    /// A block in a block, indented by the same unit.
    fn nested(&mut self, level: usize, depth: u32, unit: &str) {
        let from = self.out.len();
        let indent = unit.repeat(level + 1);
        for _ in 0..self.random.u8(1..3) {
            self.out.push_str(&indent);
            self.simple(depth);
            self.line_end(&indent);
        }
        debug_assert!(self.out.len() > from);
    }
}

fn program(seed: u64, dialect: Dialect) -> (String, u32) {
    let random = fastrand::Rng::with_seed(seed);
    let mut author = Author { random, out: String::new(), open: 0, comments: 0, dialect };
    let depth = author.random.u32(1..4);
    author.block(0, depth);
    if author.chance(20) {
        author.out = author.out.replace('\n', "\r\n");
    }
    (author.out, author.comments)
}

fn outline(source: &str, engine: &Engine) -> String {
    let is_function = |name: &str| engine.registry().get(name).is_some();
    let is_variable = |name: &str| engine.registry().variable(name).is_some();
    let options = ParseOptions { dialect: engine.dialect(), nesting: 200, is_function: &is_function, is_variable: &is_variable };
    let parsed = syntax::parse(source, options);
    syntax::outline(&parsed.ast, source)
}

/// Formats a program that parses; its outline.
fn keeps_its_meaning(seed: u64, dialect: Dialect) -> Option<String> {
    let engine = Engine::builder().dialect(dialect).build();
    let (source, comments) = program(seed, dialect);
    let text = match engine.format(&source) {
        Ok(text) => text,
        Err(calc::engine::Unformatted::Broken(_)) => return None,
        Err(calc::engine::Unformatted::Changed) => panic!("the meaning of this changes:\n{source}"),
    };
    assert_eq!(outline(&source, &engine), outline(&text, &engine), "{source}\n->\n{text}");
    for number in 1..=comments {
        let comment = format!("c{number}.");
        // A comment that the dialect keeps as text, or that stands in one, is there as often as it was.
        assert_eq!(source.matches(&comment).count(), text.matches(&comment).count(), "{comment} of\n{source}\n->\n{text}");
    }
    let again = engine.format(&text).unwrap_or_else(|error| panic!("{error:?} of\n{source}\n->\n{text}"));
    assert_eq!(text, again, "the second time of\n{source}");
    // A byte-order mark stays where it was, and so does the message of a block, whatever is in it.
    assert_eq!(engine.format(&format!("\u{feff}{source}")).ok(), Some(format!("\u{feff}{text}")), "with a mark:\n{source}");
    let end = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let message = format!("---{end}Hello,   #{{x+1}}  # no comment{end}---{end}  ");
    let block = engine.format_block_file(&format!("{source}{message}"));
    assert_eq!(block.ok(), Some(format!("{text}{message}")), "as a block:\n{source}");
    // Comments stand in the order in which they stood.
    let order = |text: &str| {
        let mut found: Vec<usize> = Vec::new();
        let mut at: Vec<(usize, u32)> = (1..=comments).filter_map(|number| Some((text.find(&format!("c{number}."))?, number))).collect();
        at.sort_unstable();
        found.extend(at.iter().map(|(_, number)| *number as usize));
        found
    };
    assert_eq!(order(&source), order(&text), "{source}\n->\n{text}");
    Some(outline(&source, &engine))
}

/// How an outline writes each form of statement and expression.
const FORMS: &[&str] = &[
    "(= ",
    "(augment ",
    "(del ",
    "if ",
    "while ",
    "for ",
    "def ",
    "return ",
    "break",
    "continue",
    "pass",
    "(template ",
    "(name ",
    "(chain [Add",
    "(chain [Less",
    "(chain [And",
    "(ternary ",
    "(if ",
    "(slice ",
    "(list ",
    "(dict ",
    "(call ",
    "(index ",
    "(comprehension ",
    "(Not ",
    "(Negate ",
    "(Plus ",
    "(Power ",
    "(In ",
    "(NotIn ",
    "None ",
    "True ",
    "Int(",
    "Float(",
    "client.y ",
];

#[test]
fn formatting_keeps_meaning_and_comments() {
    let parsed = std::cell::Cell::new(0);
    let outlines = std::cell::RefCell::new(String::new());
    let mut runner = proptest::test_runner::TestRunner::new(super::config(600));
    runner
        .run(&any::<(u64, bool)>(), |(seed, is_strict)| {
            let dialect = if is_strict { Dialect::Strict } else { Dialect::Mavibot };
            if let Some(outline) = keeps_its_meaning(seed, dialect) {
                parsed.set(parsed.get() + 1);
                outlines.borrow_mut().push_str(&outline);
            }
            Ok(())
        })
        .expect("no property fails");
    let outlines = outlines.into_inner();
    for form in FORMS {
        assert!(outlines.contains(form), "no program has `{form}`");
    }
    // Programs that do not parse say nothing of the formatter.
    assert!(parsed.get() > 300, "only {} of 600 programs parse", parsed.get());
}
