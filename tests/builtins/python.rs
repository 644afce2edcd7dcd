//! The same questions to Python and to this crate. Without a `python3` on the machine these tests say so and pass.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::{THURSDAY, call_values, outcome};
use calc::internals::value::arithmetic;
use calc::internals::value::strftime;
use calc::value::Locale;
use calc::value::Number;
use calc::value::Value;
use chrono::{DateTime, NaiveDateTime};
use chrono_tz::UTC;
use serde_json::{Value as Json, json};

/// What Python answers to each question; `None` when there is no Python.
fn ask(answer: &str, questions: &[Json]) -> Option<Vec<Json>> {
    let program = format!(
        "import sys, json\nfrom decimal import *\nimport re, datetime, urllib.parse\ngetcontext().prec = 400\n{answer}\nquestions = json.load(sys.stdin)\n\
         def safe(q):\n    try:\n        return answer(*q)\n    except Exception as e:\n        return 'error'\n\
         print(json.dumps([safe(q) for q in questions]))\n"
    );
    let child = Command::new("python3")
        .args(["-c", &program])
        .env("TZ", "UTC")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: there is no python3 on this machine");
        return None;
    };
    let mut stdin = child.stdin.take().expect("a pipe");
    let text = serde_json::to_string(questions).expect("JSON");
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("an answer");
    writer.join().expect("no panic").expect("written");
    let answers: Vec<Json> = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answers.len(), questions.len());
    Some(answers)
}

/// Compares Python's answers as text with ours.
fn compare(answer: &str, questions: &[Json], ours: impl Fn(&Json) -> String) {
    let Some(answers) = ask(answer, questions) else { return };
    let wrong: Vec<String> = questions
        .iter()
        .zip(answers)
        .filter_map(|(question, theirs)| {
            let ours = ours(question);
            let theirs = theirs.as_str().map_or_else(|| theirs.to_string(), str::to_owned);
            (ours != theirs && !is_tie(&ours, &theirs)).then(|| format!("{question}: Python {theirs:?}, here {ours:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), questions.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// Two shortest texts may be equally near to a float; Python takes the even one.
fn is_tie(ours: &str, theirs: &str) -> bool {
    ours.len() == theirs.len()
        && ours.len() > 15
        && matches!((ours.parse::<f64>(), theirs.parse::<f64>()), (Ok(ours), Ok(theirs)) if ours.to_bits() == theirs.to_bits())
}

fn text(question: &Json, index: usize) -> &str {
    question[index].as_str().expect("text")
}

/// Floats of every size, by the texts that read back.
fn floats(random: &mut fastrand::Rng, count: usize) -> Vec<f64> {
    let some = [0.1, 0.1 + 0.2, 1e15, 1e16, 1.5e16, 1e22, 1e-4, 1e-5, 1.5e-5, 123_456_789.123, 2.675, 1.005, -0.5, 5e-324, 1.797e308];
    let bits = (0..count).map(|_| f64::from_bits(random.u64(..))).filter(|float| float.is_finite());
    let money = std::iter::repeat_with(|| (fastrand::Rng::with_seed(7).f64() * 1e6).round() / 1e3).take(1);
    some.into_iter().chain(bits).chain(money).collect()
}

#[test]
fn text_of_floats() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut all = floats(&mut random, 2000);
    all.extend((0..2000).map(|_| f64::from(random.i32(-1_000_000..1_000_000)) / 1000.0));
    let questions: Vec<Json> = all.iter().map(|float| json!([format!("{float:e}")])).collect();
    let answer =
        "def answer(t):\n    r = repr(float(t))\n    return r[:-2] if r.endswith('.0') and r != '-0.0' else ('0' if r == '-0.0' else r)";
    compare(answer, &questions, |question| Number::Float(text(question, 0).parse().expect("a float")).to_text());
}

#[test]
fn rounding() {
    let mut random = fastrand::Rng::with_seed(2);
    let mut questions = Vec::new();
    for _ in 0..3000 {
        let places = random.i32(-4..6);
        let float = match random.u8(..4) {
            0 => f64::from(random.i32(-100_000..100_000)) / 1000.0,
            1 => (random.f64() - 0.5) * 1e7,
            2 => f64::from(random.i32(-1000..1000)) + 0.5,
            _ => f64::from(random.i32(-100_000..100_000)) / 8.0,
        };
        questions.push(json!([format!("{float:?}"), places]));
    }
    let answer = "def answer(t, n):\n    r = repr(float(Decimal(repr(float(t))).quantize(Decimal(1).scaleb(-n), ROUND_HALF_UP)))\n    return '0' if r == '-0.0' else r[:-2] if r.endswith('.0') else r";
    compare(answer, &questions, |question| {
        let number = Value::from(text(question, 0).parse::<f64>().expect("a float"));
        outcome(call_values("round", vec![number, Value::Int(question[1].as_i64().expect("places"))], THURSDAY))
    });
}

#[test]
fn products_and_quotients_rounded() {
    let mut random = fastrand::Rng::with_seed(3);
    let questions: Vec<Json> = (0..2000)
        .map(|_| {
            let [a, b] = [0, 1].map(|_| format!("{}.{:03}", random.i32(-9999..9999), random.i32(1..1000)));
            json!([a, b, random.i32(-1..5)])
        })
        .collect();
    for (name, operator) in [("customizable_round_multiply", "*"), ("customizable_round_division", "/")] {
        let answer = format!(
            "def answer(a, b, n):\n    r = repr(float((Decimal(a) {operator} Decimal(b)).quantize(Decimal(1).scaleb(-n), ROUND_HALF_UP)))\n    return '0' if r == '-0.0' else r[:-2] if r.endswith('.0') else r"
        );
        compare(&answer, &questions, |question| {
            let arguments =
                vec![Value::from(text(question, 0)), Value::from(text(question, 1)), Value::Int(question[2].as_i64().expect("places"))];
            outcome(call_values(name, arguments, THURSDAY))
        });
    }
}

#[test]
fn operators() {
    type Operator = fn(&Value, &Value) -> arithmetic::Computed;
    let mut random = fastrand::Rng::with_seed(4);
    let mut number = || match random.u8(..5) {
        0 => random.i64(-20..20).to_string(),
        1 => format!("{:?}", f64::from(random.i32(-10_000..10_000)) / 16.0),
        2 => format!("{:?}", (random.f64() - 0.5) * 1000.0),
        3 => random.i64(-1_000_000..1_000_000).to_string(),
        _ => random.i64(-3..4).to_string(),
    };
    let questions: Vec<Json> = (0..3000).map(|_| json!([number(), number()])).collect();
    let value = |text: &str| Value::from(calc::internals::value::number::parse(text).expect("a number"));
    let operators: [(&str, Operator); 5] = [
        ("//", arithmetic::floor_divide),
        ("%", arithmetic::remainder),
        ("**", arithmetic::power),
        ("/", arithmetic::divide),
        ("+", arithmetic::add),
    ];
    for (operator, ours) in operators {
        let answer = format!(
            "def answer(a, b):\n    p = lambda t: float(t) if '.' in t or 'e' in t else int(t)\n    r = p(a) {operator} p(b)\n    if isinstance(r, complex): return 'error'\n    if isinstance(r, int) and abs(r) >= 2**63: r = float(r)\n    r = repr(r)\n    return '0' if r == '-0.0' else r[:-2] if r.endswith('.0') else r"
        );
        // Python would calculate millions of digits.
        let is_small = |question: &&Json| operator != "**" || text(question, 1).parse::<f64>().is_ok_and(|exponent| exponent.abs() < 30.0);
        let questions: Vec<Json> = questions.iter().filter(is_small).cloned().collect();
        compare(&answer, &questions, |question| {
            let result = ours(&value(text(question, 0)), &value(text(question, 1)));
            result.map_or_else(|_| "error".to_owned(), |value| value.interpolated().into_owned())
        });
    }
}

fn moments() -> Vec<NaiveDateTime> {
    let mut random = fastrand::Rng::with_seed(5);
    let fixed =
        ["2020-02-29T00:00:00", "2020-12-31T23:59:59.999999", "2021-01-01T12:00:00", "1999-01-03T01:02:03.000004", "2024-12-30T13:00:00"];
    let fixed = fixed.iter().map(|text| text.parse().expect("a time"));
    let random = (0..300)
        .map(|_| DateTime::from_timestamp_micros(random.i64(-2_000_000_000_000_000..4_000_000_000_000_000)).expect("a time").naive_utc());
    fixed.chain(random).collect()
}

#[test]
fn formats_written() {
    let directives = "%a %A %b %B %c %d %e %f %F %D %G %g %h %H %I %j %k %l %m %M %n %p %P %r %R %s %S %t %T %u %U %V %w %W %x %X %y %Y %z %% %C %-d %-m %-H %-I %-M %-S %-j %-y";
    let questions: Vec<Json> = moments()
        .iter()
        .flat_map(|moment| {
            directives.split(' ').map(move |directive| json!([moment.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(), directive]))
        })
        .filter(|question| text(question, 1) != "%z")
        .collect();
    let answer = "def answer(t, f):\n    return datetime.datetime.fromisoformat(t).strftime(f)";
    compare(answer, &questions, |question| {
        let moment: NaiveDateTime = text(question, 0).parse().expect("a time");
        strftime::format(text(question, 1), moment, UTC, Locale::En).unwrap_or_else(|bad| bad.to_string())
    });
}

#[test]
fn formats_read() {
    let formats = [
        "%d.%m.%Y",
        "%d.%m.%y %H:%M",
        "%Y-%m-%dT%H:%M:%S.%f",
        "%d %B %Y",
        "%a, %d %b %Y %I:%M:%S %p",
        "%Y%m%d%H%M%S",
        "%j %Y",
        "%Y %U %w",
        "%Y %W %A",
        "%G-%V-%u",
        "%H:%M",
        "%B",
        "%c",
        "%x %X",
        "%d/%m/%Y",
        "%Y-%m-%d",
        "100%% %Y",
        "%I %p",
        "%d%m%Y",
    ];
    let mut questions = Vec::new();
    for moment in moments().iter().take(25) {
        for written in formats {
            let written = strftime::format(written, *moment, UTC, Locale::En).expect("a format");
            for read in formats {
                questions.push(json!([written, read]));
            }
        }
    }
    for (written, read) in [
        ("3.4.2020", "%d.%m.%Y"),
        ("31.02.2020", "%d.%m.%Y"),
        ("1112021", "%d%m%Y"),
        ("930", "%H%M"),
        ("  5 May", " %d %b"),
        ("5May", "%d %b"),
        ("5 MAY 2020", "%d %b %Y"),
        ("2020-1-1 ", "%Y-%m-%d"),
        ("2020-1-1", "%Y-%m-%d "),
        ("12:60", "%H:%M"),
        ("12:30:60", "%H:%M:%S"),
        ("99", "%y"),
        ("68", "%y"),
        ("0:5", "%H:%M"),
        ("5", "%f"),
        ("29.02", "%d.%m"),
        ("12 AM", "%I %p"),
        ("12 pm", "%I %p"),
        ("1 1", "%d%m"),
    ] {
        questions.push(json!([written, read]));
    }
    let answer = "def answer(t, f):\n    return datetime.datetime.strptime(t, f).strftime('%Y-%m-%d %H:%M:%S.%f')";
    compare(answer, &questions, |question| {
        let moment = strftime::parse(text(question, 0), text(question, 1), UTC, Locale::En).expect("a format");
        moment.map_or_else(|| "error".to_owned(), |moment| moment.format("%Y-%m-%d %H:%M:%S%.6f").to_string())
    });
}

#[test]
fn patterns_found() {
    let patterns = [
        r"\d+",
        r"\w+",
        r"(\w)(\d)",
        r"(\w+)@(\w+)\.ru",
        r"[а-яё]+",
        r"(?i)ПРИВЕТ",
        r".ru\/(.+)\/",
        r"(?<=№)\d+",
        r"\d+(?= руб)",
        r"\d+(?!\d| руб)",
        r"(?<!\d)\d{2}(?!\d)",
        r"(a)|(b)",
        r"(a)|b",
        r"\bпри\w*",
        r"[^\s,;]+",
        r"\s*,\s*",
        r"[[]",
        r"[]x]",
        r"{\w+}",
        r"\{(\w+)\}",
        r"x{2}",
        r"x{,2}y",
        r"x{1,}",
        r"(\w)\1",
        r"(?P<first>\w)(?P=first)",
        r"^\w+",
        r"\w+\Z",
        r"(?m)^\w+",
        r"(?s).+",
        r".+",
        r"a|ab",
        r"a*",
        r"\d*",
        r"[a\-z]+",
        r"[+\-*/]",
        r"\.",
        r"\?",
        r"[.]",
        r"[\w.+-]+@[\w-]+\.[\w.-]+",
        r"\+?\d[\d\- ()]{5,}\d",
        r"https?:\/\/[^\s]+",
        r"(\d+)[.,](\d+)",
        r"[&&a]",
        r"[a--b]",
        r"[~~]",
        r"\<",
        r"[\]\[]",
        r"(?:ab)+",
        r"\W+",
        r"\D+",
        r"\S+",
        r"#\w+",
        r#""(.*?)""#,
        r"'(.*)'",
        r"(",
        r"*",
        r"[+--]+",
        r"[--9]",
        r"[z-a]",
        r"\t",
        r"\n",
        r"(?#note)x",
        r"(?x) x  y ",
        r"\u043f",
        r"\x61",
        r"(?i:ПРИ)вет",
        r"\,",
        r"\:",
        r"\-",
        r"\ ",
        r"\_",
        r"\%",
        r"\я",
    ];
    let texts = [
        "",
        "a1b2",
        "aabbc xxy xxxy",
        "Привет, привет! №15 и №7: 100 руб, 250 руб; 33",
        "почта anna@mail.ru, oleg@ya.ru",
        "https://site.ru/anna/ и http://x.y",
        "{name} и {город} [x] ]",
        "тел. +7 (978) 999-99-99, 8 800",
        "1,5 и 2.75 a-z +-*/ & ~ < >",
        "\"кавычки\" 'и' # #тег \t\n новая\nстрока",
        "one\ntwo\nthree",
        "ab aab abab",
        "a,b:c_d%я ё",
    ];
    let questions: Vec<Json> = patterns.iter().flat_map(|pattern| texts.iter().map(move |text| json!([pattern, text]))).collect();
    let answer =
        "def answer(p, t):\n    return json.dumps([list(m) if isinstance(m, tuple) else m for m in re.findall(p, t)], ensure_ascii=False)";
    compare(answer, &questions, |question| {
        let found = outcome(call_values("findall", vec![Value::from(text(question, 0)), Value::from(text(question, 1))], THURSDAY));
        if found.starts_with('!') { "error".to_owned() } else { found }
    });
}

#[test]
fn texts() {
    let texts = ["", "анна-мария ИВАНОВА", "it's a test", "a b/c?d=e&f", "ё Ё", "123abc", "  x  ", "a,,b,", ",", "100%", "ÀÉ éà", "x1y2 z"];
    let questions: Vec<Json> = texts.iter().map(|text| json!([text])).collect();
    for (name, python) in [
        ("title", "t.title()"),
        ("capitalize", "t[:1].capitalize() + t[1:]"),
        ("upper", "t.upper()"),
        ("lower", "t.lower()"),
        ("strip", "t.strip()"),
        ("urlencode", "urllib.parse.quote(t, safe='')"),
        ("urldecode", "urllib.parse.unquote(t)"),
        ("to_json", "json.dumps(t, ensure_ascii=False)"),
        ("len", "str(len(t))"),
    ] {
        let answer = format!("def answer(t):\n    return {python}");
        compare(&answer, &questions, |question| outcome(call_values(name, vec![Value::from(text(question, 0))], THURSDAY)));
    }
    let answer = "def answer(t):\n    return json.dumps([t.split(','), t.split(',', 1), t.replace('', '-'), t.replace('a', 'bb', 1)], ensure_ascii=False)";
    compare(answer, &questions, |question| {
        let given = |more: &[Value]| std::iter::once(Value::from(text(question, 0))).chain(more.iter().cloned()).collect::<Vec<_>>();
        let parts = [
            call_values("splitter", given(&[Value::from(",")]), THURSDAY),
            call_values("splitter", given(&[Value::from(","), Value::Int(2)]), THURSDAY),
            call_values("replace", given(&[Value::from(""), Value::from("-")]), THURSDAY),
            call_values("replace", given(&[Value::from("a"), Value::from("bb"), Value::Int(1)]), THURSDAY),
        ];
        Value::from(parts.into_iter().map(Result::unwrap_or_default).collect::<Vec<Value>>()).interpolated().into_owned()
    });
}

/// The value of a script, as JSON.
fn evaluated(engine: &calc::engine::Engine, script: &str) -> String {
    let script = engine.compile_uncached(script).unwrap_or_else(|problems| panic!("{script}: {problems:?}"));
    match engine.evaluate(&script, DateTime::UNIX_EPOCH) {
        Ok(value) => value.to_json().to_string(),
        Err(_) => "error".to_owned(),
    }
}

#[test]
fn slices_taken() {
    let bounds = ["", "0", "1", "2", "5", "9", "-1", "-3", "-5", "-9"];
    let mut questions = Vec::new();
    for container in ["'привет'", "'abc'", "''", "[1, 2, 3, 4, 5]", "[]"] {
        for from in bounds {
            questions.extend(bounds.map(|to| json!([format!("{container}[{from}:{to}]")])));
        }
    }
    let engine = calc::engine::Engine::new();
    let answer = "def answer(e):\n    return json.dumps(eval(e), ensure_ascii=False, separators=(',', ':'))";
    compare(answer, &questions, |question| evaluated(&engine, text(question, 0)));
}

#[test]
fn expressions_of_every_shape() {
    fn expression(random: &mut fastrand::Rng, depth: u32) -> String {
        if depth == 0 || random.u8(..5) == 0 {
            return random.i32(0..12).to_string();
        }
        let mut part = || expression(random, depth - 1);
        let (left, right) = (part(), part());
        match random.u8(..13) {
            0 => format!("-{} ** {}", random.u8(..12), random.u8(..4)),
            1 => format!("({left} + {right})"),
            2 => format!("({left} - {right}) * {right}"),
            3 => format!("{left} // {right}"),
            4 => format!("{left} % {right} - {left}"),
            5 => format!("(not {left} < {right} and {left} or {right})"),
            6 => format!("({left} if {left} > {right} else -{right})"),
            7 => format!("{left} * -{right}"),
            8 => format!("int({left} < {right} <= {left} != {right})"),
            9 => format!("{left} / {right}"),
            10 => format!("({left} == {right} or {right})"),
            11 => format!("-({left}) % {right}"),
            _ => format!("{left} + {right} * {left}"),
        }
    }
    let mut random = fastrand::Rng::with_seed(20_261_122);
    // Python's integers never become floats, so powers are kept small.
    let questions: Vec<Json> = (0..1500).map(|_| json!([expression(&mut random, 3)])).collect();
    let engine = calc::engine::Engine::new();
    let answer = "def answer(e):\n    v = eval(e)\n    if isinstance(v, complex) or v != v: return 'none'\n    return '%.9g' % v";
    let Some(answers) = ask(answer, &questions) else { return };
    let mut wrong = Vec::new();
    for (question, theirs) in questions.iter().zip(answers) {
        let theirs = theirs.as_str().unwrap_or_default().to_owned();
        let ours = evaluated(&engine, text(question, 0));
        let number = match ours.as_str() {
            "true" => Some(1.0),
            "false" => Some(0.0),
            other => other.parse::<f64>().ok(),
        };
        let same = match (number, theirs.parse::<f64>()) {
            (Some(ours), Ok(theirs)) => (ours - theirs).abs() <= theirs.abs() * 1e-8,
            _ => ours == theirs,
        };
        if !same {
            wrong.push(format!("{question}: Python {theirs}, here {ours}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}
