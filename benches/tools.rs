//! The tools of an author as whole processes: `cargo bench --bench tools -- [RUNS]`. A check of 5,000 lines, 1,000 tests
//! of scripts, the start of a REPL, and its answer to a line. `CALC=path` measures another binary.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LINES: usize = 5_000;
const TESTS: usize = 1_000;
const ANSWERS: usize = 500;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runs = std::env::args().skip(1).find_map(|argument| argument.parse::<usize>().ok()).unwrap_or(15);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::write(path.join("long.calc"), script()).expect("written");
    std::fs::write(path.join("lead.block"), "deal = create_order('Mugs', 5)\n---\nOrder #{deal}").expect("written");
    for file in 0..10 {
        std::fs::write(path.join(format!("{file}.test.calc")), tests(TESTS / 10)).expect("written");
    }
    std::fs::write(path.join("nothing"), ":quit\n").expect("written");
    let version = times(runs, || run(path, &["--version"], None));
    let check = times(runs, || run(path, &["check", "long.calc"], None));
    let tested = times(runs.min(5), || run(path, &["test", "-q", "."], None));
    let start = times(runs, || run(path, &["repl", "-q"], Some("nothing")));
    report("the process alone (--version)", version, None);
    report(&format!("check of {LINES} lines"), check, Some(Duration::from_millis(60)));
    report(&format!("{TESTS} tests of scripts"), tested, Some(Duration::from_secs(3)));
    report("start of a REPL", start, Some(Duration::from_millis(20)));
    report("answer of a REPL to a line", answers(path), Some(Duration::from_millis(5)));
}

/// A script like those of a large bot, which is right.
fn script() -> String {
    let mut script = String::new();
    let mut lines = 0;
    let mut number = 0;
    while lines < LINES {
        let block = format!(
            "def price_{number}(count, city):\n    total = count * {number}\n    if city == 'Moscow' and count > 3:\n        total = total * 0.9\n    elif count > 10:\n        total -= 5\n    return round(total, 2)\n\n_items_{number} = [1, 2, 3]\nsum_{number} = 0\nfor item in _items_{number}:\n    sum_{number} += price_{number}(item, get('city', 'Moscow'))\nif sum_{number} > 100:\n    deal_{number} = create_order('Order {number}', sum_{number})\n    set_order_name('Sum #{{sum_{number}}}', deal_{number})\nanswer_{number} = 'That is #{{sum_{number}}} roubles, #{{name}}.'\nprint(answer_{number})\n"
        );
        lines += block.lines().count();
        script.push_str(&block);
        number += 1;
    }
    script
}

/// A file of tests, each of which plays a short dialogue.
fn tests(count: usize) -> String {
    let mut text = "clock('2026-11-22 10:00')\n".to_owned();
    for number in 0..count {
        let play = format!(
            "def test_{number}():\n    say('I want {number} mugs')\n    run_block('lead.block')\n    expect(created('deal', name='Mugs', budget=5))\n    expect(reply() == 'Order #{{get_order_id()}}')\n"
        );
        let _ = text.write_str(&play);
    }
    text
}

fn calc() -> String {
    std::env::var("CALC").unwrap_or_else(|_| env!("CARGO_BIN_EXE_calc").to_owned())
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(calc());
    command.current_dir(folder).args(arguments).env_remove("CALC_DB").env("CALC_LANG", "en").stderr(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str], input: Option<&str>) {
    let mut command = command(folder, arguments);
    if let Some(name) = input {
        command.stdin(std::fs::File::open(folder.join(name)).expect("a file"));
    }
    let status = command.stdout(Stdio::null()).status().expect("it runs");
    assert!(status.success(), "{arguments:?} failed");
}

fn times(runs: usize, mut action: impl FnMut()) -> Vec<Duration> {
    action();
    let time = |()| {
        let begun = Instant::now();
        action();
        begun.elapsed()
    };
    std::iter::repeat_n((), runs).map(time).collect()
}

/// How long each line takes that is sent to a REPL that runs.
fn answers(folder: &Path) -> Vec<Duration> {
    let mut child = command(folder, &["repl", "-q"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut ask = |line: &str| {
        let begun = Instant::now();
        writeln!(input, "{line}").and_then(|()| input.flush()).expect("it reads");
        output.next().expect("an answer").expect("text");
        begun.elapsed()
    };
    // The first line that needs the CRM makes the demo project.
    ask("deal = create_order('Mugs', 5)");
    let answers = (0..ANSWERS).map(|number| match number % 3 {
        0 => ask(&format!("x_{number} = {number} * 2")),
        1 => ask("get_order_id()"),
        _ => ask("'#{name} has #{len(get_active_orders_ids())} deals'"),
    });
    let answers = answers.collect();
    drop(input);
    child.wait().expect("it ends");
    answers
}

fn report(what: &str, mut times: Vec<Duration>, goal: Option<Duration>) {
    times.sort_unstable();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let (median, last) = (times[times.len() / 2], times[times.len() - 1]);
    let goal = goal.map(|goal| format!(", goal {} ms", milliseconds(goal))).unwrap_or_default();
    println!("{what}: median {:.2} ms, least {:.2}, most {:.2}{goal}", milliseconds(median), milliseconds(times[0]), milliseconds(last));
}
