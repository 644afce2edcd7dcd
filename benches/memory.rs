//! Memory: what a compiled script takes, and what a run takes at its peak beside the values it holds at its end:
//! `cargo bench --bench memory`. Counted by the allocator, so the numbers are the same every time. The counting one moves
//! what grows, so for a moment it holds both; the system's lets large pieces grow where they are, and has lower peaks.

#[path = "kernels.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod kernels;

use calc::engine::Engine;
use calc::value::Value;
use chrono::DateTime;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Scripts that end with all they have made, in one value.
const RUNS: [(&str, &str); 6] = [
    ("a text in pieces", "s = ''\nfor i in range(50000):\n    s += 'abcdef;'\ns\n"),
    ("a list of numbers", "l = []\nfor i in range(50000):\n    l = append(l, i)\nl\n"),
    ("a list of texts", "l = []\nfor i in range(20000):\n    l = append(l, 'item number ' + str(i))\nl\n"),
    ("a dict of numbers", "d = {}\nfor i in range(20000):\n    d['k' + str(i)] = i\nd\n"),
    ("a dict of texts", "d = {}\nfor i in range(20000):\n    d['a longer key ' + str(i)] = 'a longer text ' + str(i)\nd\n"),
    ("a list of pairs", "l = []\nfor i in range(20000):\n    l = append(l, [i, i * i])\nl\n"),
];

/// Bytes of the values that are live: a word and its kind for each, and what stands behind the word: the characters of a
/// longer text, the items of a list, the entries of a dict, each with its header. Nothing for the index of a dict and for
/// room to grow, which is what the ratios show.
fn live(value: &Value) -> usize {
    let text = |length: usize| if length > 7 { 24 + length } else { 0 };
    16 + match value {
        Value::Text(characters) => text(characters.len()),
        Value::List(items) => 56 + items.iter().map(live).sum::<usize>(),
        Value::Dict(entries) => 64 + entries.iter().map(|(key, value)| 8 + text(key.len()) + live(value)).sum::<usize>(),
        _ => 0,
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let engine = Engine::new();
    let count = 1000;
    let before = ALLOCATOR.current_usage();
    let scripts: Vec<_> = (0..count).map(|_| engine.compile_uncached(kernels::SCRIPT).expect("compiles")).collect();
    let each = (ALLOCATOR.current_usage() - before) / count;
    let lines = kernels::SCRIPT.trim().lines().count();
    println!("a compiled script of {lines} lines and {} bytes: {each} bytes, its text included", kernels::SCRIPT.len());
    drop(scripts);

    for (name, source) in RUNS {
        let script = engine.compile(source).expect("compiles");
        ALLOCATOR.reset_peak_usage();
        let before = ALLOCATOR.current_usage();
        let value = engine.evaluate(&script, DateTime::UNIX_EPOCH).expect("no error");
        let (end, peak) = (ALLOCATOR.current_usage() - before, ALLOCATOR.peak_usage() - before);
        let live = live(&value);
        let ratio = |bytes: usize| bytes as f64 / live as f64;
        println!("{name}: {live} bytes of values, {end} held at the end ({:.2}), {peak} at the peak ({:.2})", ratio(end), ratio(peak));
    }
}
