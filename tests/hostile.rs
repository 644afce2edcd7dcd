//! Scripts that want to hang, crash or eat all memory. Each is run by `calc` with its default limits in a process that may
//! take 512 MiB of addresses and little time: it ends, with a diagnostic, and never by a signal.

#![cfg(feature = "cli")]

use std::io::Write as _;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use calc::engine::{Dialect, Engine};
use libtest_mimic::{Arguments, Failed, Trial};

/// Seconds of processor time that each may take: many times what the slowest needs, because a busy machine has slower
/// processors too. Unoptimized code gets more.
const SECONDS: u32 = if cfg!(debug_assertions) { 20 } else { 5 };
/// After this one hangs without doing anything.
const HANGS: Duration = Duration::from_mins(2);

fn main() -> ExitCode {
    let mut rows = Rows { group: "", number: 0, trials: Vec::new() };
    let groups: &[(&'static str, Group)] = &[
        ("nested_brackets", nested_brackets),
        ("chains_of_operators", chains_of_operators),
        ("long_lines_and_odd_bytes", long_lines_and_odd_bytes),
        ("endless_loops", endless_loops),
        ("values_that_grow", values_that_grow),
        ("recursion", recursion),
        ("much_source", much_source),
        ("many_variables", many_variables),
        ("unclosed_placeholders", unclosed_placeholders),
        ("deep_json", deep_json),
    ];
    for (name, group) in groups {
        rows.group = name;
        rows.number = 0;
        group(&mut rows);
    }
    rows.trials.push(Trial::test("a_small_stack_is_enough", a_small_stack_is_enough));
    libtest_mimic::run(&Arguments::from_args(), rows.trials).exit_code()
}

type Group = fn(&mut Rows);

/// Scripts with what must become of them.
struct Rows {
    group: &'static str,
    number: u32,
    trials: Vec<Trial>,
}

impl Rows {
    /// A script that ends in an error whose code begins like this.
    fn fails(&mut self, source: impl Into<String>, code: &'static str) {
        self.with(source, code, &[]);
    }

    /// The same with options.
    fn with(&mut self, source: impl Into<String>, code: &'static str, options: &'static [&'static str]) {
        self.add(source.into(), Some(code), options);
    }

    /// A script that ends by itself in little time, because its work is in proportion to its length: no limit of time
    /// helps it.
    fn is_linear(&mut self, source: impl Into<String>) {
        self.add(source.into(), None, &["--limit", "time=600000"]);
    }

    /// A script that ends somehow, but not in a crash.
    fn ends(&mut self, source: impl Into<String>) {
        self.add(source.into(), None, &[]);
    }

    fn add(&mut self, source: String, code: Option<&'static str>, options: &'static [&'static str]) {
        self.number += 1;
        let start: String = source.chars().take(24).flat_map(char::escape_debug).collect();
        let name = format!("{}/{:02} {start}", self.group, self.number);
        self.trials.push(Trial::test(name, move || judge(&source, code, options)));
    }
}

fn judge(source: &str, code: Option<&str>, options: &[&str]) -> Result<(), Failed> {
    for dialect in ["strict", "mavibot"] {
        let mut all = vec!["--dialect", dialect];
        all.extend(options);
        // The limit that stops the script decides, not how far a busy machine lets it get in the usual time.
        if code.is_some() && !options.iter().any(|option| option.starts_with("time=")) {
            all.extend(["--limit", "time=600000"]);
        }
        let ended = run(source, &all);
        let start: String = ended.errors.chars().take(600).collect();
        let is_good = match code {
            // What the vendor keeps as text is not an error in its dialect.
            Some(code) => ended.code == Some(1) && ended.errors.contains(&format!("[{code}")),
            None => matches!(ended.code, Some(0 | 1)),
        };
        if !is_good {
            return Err(format!("{dialect}: exit {:?}, expected {code:?}: {start}", ended.code).into());
        }
    }
    Ok(())
}

struct Ended {
    code: Option<i32>,
    errors: String,
}

/// Runs a script in a process of its own.
fn run(source: &str, options: &[&str]) -> Ended {
    let calc = env!("CARGO_BIN_EXE_calc");
    let mut command = if cfg!(target_os = "linux") {
        let mut command = Command::new("sh");
        let limits = format!("ulimit -v 524288; ulimit -t {SECONDS}; exec \"$0\" \"$@\"");
        command.args(["-c", &limits, calc]);
        command
    } else {
        Command::new(calc)
    };
    command.args(["run", "-", "--now", "2026-11-22 10:00", "--seed", "1"]).args(options).env("CALC_LANG", "en").env_remove("CALC_DB");
    let start = Instant::now();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("calc runs");
    let mut input = child.stdin.take().expect("standard input");
    let source = source.to_owned();
    let writer = std::thread::spawn(move || {
        // A process that ends before it has read all is judged by its exit code.
        let _ = input.write_all(source.as_bytes());
    });
    let mut stderr = child.stderr.take().expect("standard error");
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = std::io::Read::read_to_end(&mut stderr, &mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let status = loop {
        if let Some(status) = child.try_wait().expect("calc can be waited for") {
            break status;
        }
        if start.elapsed() > HANGS {
            child.kill().expect("calc can be stopped");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    writer.join().expect("the script is written");
    Ended { code: status.code(), errors: reader.join().expect("read") }
}

fn nested_brackets(rows: &mut Rows) {
    rows.fails(format!("x = {}1{}", "(".repeat(100_000), ")".repeat(100_000)), "E0215");
    rows.fails(format!("x = {}1{}", "[".repeat(100_000), "]".repeat(100_000)), "E0215");
    rows.fails(format!("x = {}", "(".repeat(100_000)), "E0215");
    rows.fails("x = [1,\n".repeat(50_000), "E0205");
    rows.fails(format!("x = {}1{}", "{'a': ".repeat(50_000), "}".repeat(50_000)), "E0215");
    rows.fails(format!("x = {}1{}", "abs(".repeat(50_000), ")".repeat(50_000)), "E0215");
    rows.fails(")".repeat(100_000), "E0206");
}

fn chains_of_operators(rows: &mut Rows) {
    rows.ends(format!("x = 1{}", " + 1".repeat(100_000)));
    rows.ends(format!("y = 1\nx = 1{}", " - y".repeat(100_000)));
    rows.ends(format!("y = 1\nx = 1{}", " or y and y".repeat(50_000)));
    rows.ends(format!("x = [1{}]", " for a in [1]".repeat(50_000)));
    rows.ends(format!("x = [1 for a in [1]{}]", " if a".repeat(100_000)));
    rows.fails(format!("x = {}1", "not ".repeat(100_000)), "E0215");
    rows.ends(format!("x = {}1", "-".repeat(100_000)));
    rows.fails(format!("x = {}y", "-".repeat(100_000)), "E0215");
    rows.fails(format!("x = 2{}", " ^ 2".repeat(100_000)), "E0215");
    rows.ends(format!("x = 1{}", " and 1".repeat(100_000)));
    rows.fails(format!("x = 1{}", " if 1 else 1".repeat(50_000)), "E0215");
    rows.fails(format!("x = y{}", "[0]".repeat(100_000)), "E0215");
    rows.ends(format!("x = 1{}", " < 1".repeat(100_000)));
    rows.ends(format!("{}1", "x = ".repeat(100_000)));
}

fn long_lines_and_odd_bytes(rows: &mut Rows) {
    rows.fails("x".repeat(1 << 20), "E0109");
    rows.fails(format!("x = '{}", "a".repeat((1 << 20) - 10)), "E0102");
    rows.fails("a".repeat((1 << 20) + 1), "E0508");
    rows.ends("\0".repeat(100_000));
    rows.ends("x = 1\0\n".repeat(10_000));
    rows.ends(format!("x = {}", "9".repeat(1_000_000)));
    rows.ends(format!("x = 0.{}1", "0".repeat(1_000_000)));
    rows.ends(" ".repeat(1 << 20));
    rows.ends("\n".repeat(1 << 20));
    rows.ends(";".repeat(100_000));
    rows.ends("\\\n".repeat(100_000));
    rows.ends("/*".repeat(100_000));
    rows.ends("/**/".repeat(100_000));
    rows.ends("# \u{feff}\u{202e}\n".repeat(50_000));
    rows.ends("e\u{301}".repeat(100_000));
}

fn endless_loops(rows: &mut Rows) {
    rows.with("while True: pass", "E0506", &["--limit", "time=300", "--limit", "steps=1000000000000"]);
    rows.with("while True: pass", "E0501", &["--limit", "steps=100000"]);
    rows.with("for i in range(10 ** 15): pass", "E0501", &["--limit", "steps=100000"]);
    rows.with("def f(): return [f() for x in [1, 2, 3]]\nf()", "E0502", &["--limit", "steps=100000"]);
    rows.with("x = [[1 for a in range(3000)] for b in range(3000)]", "E0501", &["--limit", "steps=100000"]);
}

fn values_that_grow(rows: &mut Rows) {
    rows.fails(format!("x = 'ab'\n{}", "x = x + x\n".repeat(40)), "E0503");
    rows.fails(format!("x = [1]\n{}", "x = x + x\n".repeat(40)), "E0503");
    rows.fails(format!("x = [1]\n{}y = str(x)", "x = [x, x]\n".repeat(60)), "E0503");
    rows.fails(format!("x = [1]\n{}y = '#{{x}}'", "x = [x, x]\n".repeat(60)), "E0503");
    rows.ends(format!("x = [1]\n{}y = x == x", "x = [x, x]\n".repeat(60)));
    rows.fails("x = []\nfor i in range(1000000): x = [x]", "E0414");
    rows.fails("x = {}\nfor i in range(1000000): x = {'a': x}", "E0414");
    rows.fails("x = 'a' * 10**12", "E0503");
    rows.fails("x = [0] * 10**12", "E0503");
    rows.fails("x = 'a' * 10**18", "E0503");
    rows.fails("x = replace('a' * 100000, 'a', 'b' * 100000)", "E0503");
    rows.fails("x = join(['a' * 1000000] * 1000, ',')", "E0503");
    rows.fails("x = range(10 ** 12)", "E0503");
    rows.fails("x = 'a'\nwhile True: x = x * 2", "E0503");
    rows.fails("x = []\nwhile True: x = append(x, 'abcdefghijklmnopqrstuvwxyz' * 100)", "E0503");
    rows.fails("x = {}\ni = 0\nwhile True:\n    i += 1\n    x[i] = 'abcdefghijklmnopqrstuvwxyz' * 100", "E0503");
    rows.fails("x = 'a' * 10000000\ny = [x + str(i) for i in range(100)]", "E0503");
    rows.fails("while True: print('a' * 1000)", "E0504");
    rows.ends("x = [] * 10 ** 18\ny = '' * 10 ** 18");
    rows.fails("x = {'a' * 30000: 1}['b' * 30000]", "E0405");
    rows.with(format!("_x = 'я' * 15000000\ny = [{}]", "len(_x[1:2]), ".repeat(2000)), "E0506", &["--limit", "time=300"]);
    rows.with(format!("_x = 'я' * 15000000\ny = [{}]", "_x[1], ".repeat(2000)), "E0506", &["--limit", "time=300"]);
    rows.with(format!("_x = 'я' * 15000000\n_y = _x + 'a'\nz = {}", "_x < _y > ".repeat(2000) + "_x"), "E0506", &["--limit", "time=300"]);
    rows.ends("x = 10 ** 10 ** 10 ** 10");
    rows.ends("x = 2 ^ 2 ^ 2 ^ 2 ^ 2 ^ 2");
    rows.ends("x = fac(10 ** 9)");
    rows.ends("x = fac(100000)");
    rows.ends("x = round(1.5, 10 ** 18)");
    rows.ends("x = int_to_string(10 ** 15, 'a' * 10000000)");
    rows.ends("x = sort(range(300000))");
    rows.ends("x = remove_duplicates(range(50000))");
    rows.ends("x = except_arr(range(50000), range(50000))");
    rows.ends("x = similar('a' * 100000, 'b' * 100000)");
    rows.ends("x = n2c(10 ** 18)\ny = c2n('Z' * 10000)");
    rows.ends("x = addDays('01.01.2020', 10 ** 18)\n");
    rows.ends("x = addMonth('01.01.2020', 10 ** 18)\n");
    rows.ends("x = '01.01.2020' + 10 ** 18");
    rows.ends("x = '10:00' + 9223372036854775807");
    rows.ends("x = '10:00' - -9223372036854775807");
    rows.ends("x = 'abc'[9223372036854775807]");
    rows.ends("x = 'abc'[-9223372036854775807:9223372036854775807]");
    rows.ends("x = -9223372036854775807 - 1\ny = -x\nz = abs(x)\na = x // -1\nb = x % -1\nc = x * -1\nd = str(x)");
    rows.ends("x = random(-9223372036854775807, 9223372036854775807)");
    rows.ends("x = get_datetime('%Y' * 100000)");
    rows.ends("x = convert_datetime('1', '%s', '%A' * 100000)");
    rows.ends("x = findall('(a?){1000}{1000}{1000}', 'a' * 1000)");
    rows.ends("x = findall('(' * 10000 + 'a' + ')' * 10000, 'a')");
    rows.ends("x = findall('(?=(a*))*b', 'a' * 100000)");
    rows.ends("x = massive_to_text(range(100000), 'h' * 1000, 1, 'd' * 10000)");
}

fn recursion(rows: &mut Rows) {
    rows.fails("def f(n): return f(n + 1)\nx = f(0)", "E0502");
    rows.fails("def f(n): return g(n) + 1\ndef g(n): return f(n) + 1\nx = f(0)", "E0502");
    rows.fails(format!("def f(n): return {}f(n){}\nx = f(0)", "[".repeat(90), "]".repeat(90)), "E0502");
    rows.with("def f(n): return f(n + 1)\nx = f(0)", "E05", &["--limit", "depth=2000"]);
    rows.fails("def f(a=f()): return 1\nx = f()", "E0502");
}

fn much_source(rows: &mut Rows) {
    let list = (0..100_000).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    rows.ends(format!("x = [{list}]"));
    rows.ends(format!("x = max({list})"));
    rows.ends(format!("x = {{{}}}", (0..50_000).map(|i| format!("'{i}': {i}")).collect::<Vec<_>>().join(",")));
    rows.fails((0..250).map(|i| format!("{}if 1:\n", " ".repeat(i))).collect::<String>(), "E0215");
    rows.fails(format!("{}pass", (0..1000).map(|i| format!("{}if 1:\n", " ".repeat(i))).collect::<String>()), "E0215");
    rows.ends(format!("if 0: pass\n{}", "elif 0: pass\n".repeat(75_000)));
    rows.ends(format!("if 0: pass\n{}", "elif 0: x = = 1\n".repeat(60_000)));
    rows.fails("else: pass\n".repeat(90_000), "E0211");
    rows.ends("x = = 1\n".repeat(100_000));
    rows.fails("x = roud(1)\n".repeat(80_000), "E0301");
    rows.ends("y = (1 +\n".repeat(100_000));
    rows.fails("y = [1 +\n".repeat(100_000), "E0205");
    rows.fails("y = 'a\n".repeat(100_000), "E0102");
    rows.fails("if x = 1:\n    y = (1 +\n".repeat(40_000), "E0203");
    rows.fails("def f(\n".repeat(100_000), "E02");
    rows.fails("print(a) print(b)\n".repeat(50_000), "E0202");
    rows.ends("city = New York\n".repeat(60_000));
    rows.ends("x = it's\n".repeat(100_000));
    rows.ends("x = a /* b\n".repeat(80_000));
    rows.ends("x = a \\\n".repeat(80_000));
    rows.ends((0..60_000).map(|i| format!("x{i} = {i}\n")).collect::<String>());
    rows.ends((0..40_000).map(|i| format!("x = y{i}\n")).collect::<String>());
    rows.ends((0..20_000).map(|i| format!("def f{i}(a): return a\n")).collect::<String>());
    rows.ends(format!("{}return a\n", "def f(a):\n  ".repeat(20_000)));
    rows.ends(format!("def f({}): pass", (0..50_000).map(|i| format!("a{i}")).collect::<Vec<_>>().join(",")));
    rows.ends(format!("def f(a): pass\nf({})", "a=1,".repeat(50_000)));
    let defaults = |i: usize| format!("def f{i}(a=f{0}(), b=f{0}()): return 1\n", i - 1);
    rows.ends(format!("def f0(): return unsubscribe()\n{}if False: f99()", (1..100).map(defaults).collect::<String>()));
    let many = |letter: &str, value: &str| (0..50_000).map(|i| format!("{letter}{i}{value}")).collect::<Vec<_>>().join(",");
    rows.fails(format!("def f({}): pass\nf({})", many("a", ""), many("b", "=1")), "E0307");
    rows.ends(format!("{}{}", (0..20_000).map(|i| format!("def f{i}(a): return a\n")).collect::<String>(), "f0(1)\n".repeat(50_000)));
    rows.fails(format!("x = {}(1)", "a".repeat(400)) + &format!("\nx = {}(1)", "b".repeat(400)).repeat(2000), "E0301");
}

/// What is looked for, kept and written for each variable must not depend on how many others there are.
fn many_variables(rows: &mut Rows) {
    let set = |name: &str, count: u32| (0..count).map(|number| format!("{name}{number} = {number}\n")).collect::<String>();
    rows.is_linear(set("x", 30_000) + "for i in range(900): create_order('a')");
    rows.is_linear(set("x", 20_000) + "create_order('a')\n" + &set("x", 20_000) + "create_order('b')");
    rows.is_linear(set("var", 30_000) + "unpack_list(range(100000))");
    rows.is_linear("unpack_list(range(100000), '_v')");
    rows.is_linear("unpack_list(range(100000), 'v')\nunpack_list(range(100000), 'v')");
    rows.is_linear(set("_v", 30_000) + "for i in range(50000): _s = #{_v#{i % 30000}}");
    rows.is_linear(format!("def f():\n{}    for i in range(50000): s = #{{v#{{i % 20000}}}}\nf()", set("    v", 20_000)));
    rows.is_linear(set("x", 20_000) + &(0..20_000).map(|number| format!("del x{number}\n")).collect::<String>());
}

fn unclosed_placeholders(rows: &mut Rows) {
    rows.fails(format!("x = '{}", "#{".repeat(100_000)), "E0");
    rows.fails(format!("x = '{}'", "#{".repeat(100_000)), "E0");
    rows.fails(format!("x = '{}'", "#{'".repeat(60_000)), "E0");
    rows.fails("x = '#{a\n".repeat(60_000), "E0107");
    rows.fails(format!("x = '''{}'''", "#{a ".repeat(60_000)), "E0");
    rows.ends(format!("x = {}", "#{".repeat(100_000)));
    rows.ends(format!("x = {}1{}", "#{q".repeat(30_000), "}".repeat(30_000)));
    rows.ends(format!("x = '{}a{}'", "#{'".repeat(1_000), "'}".repeat(1_000)));
    rows.ends(format!("---\n{}", "#{".repeat(100_000)));
    rows.ends(format!("---\n{}", "#{a} ".repeat(100_000)));
    rows.ends(format!("---\n{}", "#{'".repeat(100_000)));
    rows.ends(format!("x = '{}'", "#{a} ".repeat(100_000)));
    rows.ends(format!("x = text {}", "#{a ".repeat(60_000)));
    rows.ends("x = text #{a\n".repeat(60_000));
    rows.ends("---\n".repeat(100_000));
    rows.ends("x = a ''' b\n".repeat(50_000));
    rows.ends("1;".repeat(500_000));
}

fn deep_json(rows: &mut Rows) {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    rows.ends(format!("x = json('{deep}')"));
    rows.ends(format!("x = sum_array('{deep}')\n"));
    rows.ends(format!("x = '{deep}'\nx[0] = 1"));
    rows.ends(format!("x = json('{}')", "{\"a\":".repeat(100_000)));
    rows.ends(format!("x = arr_len('{}1{}')", "{\"a\":".repeat(100_000), "}".repeat(100_000)));
    rows.ends("x = '[' * 1000000 + ']' * 1000000\ny = len(json(x))");
    rows.ends("x = json('[' + '1,' * 3000000 + '1]')");
}

/// The host's thread may have little stack: the depth of calls and of nesting does not depend on it.
#[allow(clippy::unnecessary_wraps, reason = "a trial returns a result")]
fn a_small_stack_is_enough() -> Result<(), Failed> {
    let nested = format!("x = {}1{}", "[".repeat(190), "]".repeat(190));
    let calls = "def f(n): return if(n == 0, 0, 1 + f(n - 1))\nx = f(198)".to_owned();
    let deep_calls = format!("def f(n):\n    if n == 0: return 0\n    return {}f(n - 1){}\nx = f(40)", "[".repeat(60), "]".repeat(60));
    let endless = "def f(n): return f(n + 1)\nx = f(0)".to_owned();
    let blocks = format!("{}{}x = 1", (0..150).map(|i| format!("{}if 1:\n", " ".repeat(i))).collect::<String>(), " ".repeat(150));
    let broken = format!("x = {}1", "(".repeat(100_000));
    for source in [nested, calls, deep_calls, endless, blocks, broken] {
        let thread = std::thread::Builder::new().stack_size(128 << 10).spawn(move || {
            for dialect in [Dialect::Strict, Dialect::Mavibot] {
                let engine = Engine::builder().dialect(dialect).build();
                // As a message the same text is compiled on another way.
                let _ = engine.block(None, "", &format!("#{{{source}}}"));
                let brackets = format!("#{{{}1{}}}", "(".repeat(190), ")".repeat(190));
                engine.block(None, "", &brackets).expect("a message may be nested like a script");
                if let Ok(script) = engine.compile(&source) {
                    let now = chrono::DateTime::from_timestamp(0, 0).expect("a time");
                    // An error of the script is fine, an overflow of the stack is not.
                    let _ = engine.evaluate(&script, now);
                }
            }
        });
        thread.expect("a thread").join().expect("no panic");
    }
    Ok(())
}
