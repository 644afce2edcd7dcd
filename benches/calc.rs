//! What the parts cost: compiling, checking, runs with the CRM in memory, and evaluation kernels. How to run them is in
//! benches/README.md.

#[path = "kernels.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod kernels;

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use calc::crm::{self, ClientId, ProjectId, SqliteStore};
use calc::engine::{Engine, Event, Limits};
use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Twenty-five lines with ten CRM calls, as a bot's block has them.
const BLOCK: &str = "\
wanted = 'two blue mugs'
amount = 2
price = 350
total = amount * price
if total > 500:
    discount = round(total * 0.05, 2)
else:
    discount = 0
total = total - discount
deal = get_order_id()
stage = get_state_id()
operator = get_operator()
if operator == None:
    assign_to_user('olga@example.com')
set_order_var(deal, 'wanted', wanted)
set_order_budget(total)
vars = get_order_vars(deal, ['wanted', 'size'])
words = splitter(wanted, ' ')
label = ''
for _word in words:
    label = label + capitalize(_word) + ' '
set_note('wants #{wanted}, #{total} in all')
task = create_task('olga@example.com', 'Call #{name}', next_day, label, '10:00')
active = count_client_orders(client_id, get_all=0)
client.last_total = total
";

const FIB: &str = "\
def fib(n):
    if n < 2: return n
    return fib(n - 1) + fib(n - 2)
x = fib(25)
";

const LOOP: &str = "\
_total = 0
for _i in range(1000000):
    if _i % 3 == 0:
        _total += _i
_total
";

const DICT: &str = "\
_d = {}
for _i in range(20000):
    _d['key#{_i % 500}'] = get(_d, 'key#{_i % 500}', 0) + 1
len(_d)
";

const APPEND: &str = "\
_text = ''
for _i in range(20000):
    _text = _text + 'line '
len(_text)
";

const APPEND_LIST: &str = "\
_list = []
for _i in range(20000):
    _list = append(_list, _i)
len(_list)
";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_330_800, 0).unwrap_or_default()
}

fn demo() -> SqliteStore {
    let store = SqliteStore::in_memory().expect("a database in memory");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    store
}

/// A script of about 400 KB as a machine would write it.
fn large_script() -> String {
    let mut source = String::new();
    for i in 0..4_000 {
        let _ = write!(
            source,
            "# step {i}\nitem{i} = {{'name': 'Товар {i}', 'price': {i}.5, 'tags': ['a', 'b']}}\nif item{i}['price'] > 100 and {i} % 2 == 0:\n    sum{i} = round(item{i}['price'] * 1.2, 2)\n"
        );
    }
    source
}

fn compiling(criterion: &mut Criterion) {
    let source = large_script();
    let engine = Engine::new();
    let mut group = criterion.benchmark_group("compile");
    group.throughput(Throughput::Bytes(source.len() as u64)).sample_size(20);
    let is_function = |name: &str| engine.registry().get(name).is_some();
    let is_variable = |name: &str| engine.registry().variable(name).is_some();
    let dialect = calc::engine::Dialect::Strict;
    let options = calc::internals::syntax::ParseOptions { dialect, nesting: 200, is_function: &is_function, is_variable: &is_variable };
    group.bench_function("lex and parse", |bencher| bencher.iter(|| calc::internals::syntax::parse(black_box(&source), options)));
    group.bench_function("lex, parse and check", |bencher| bencher.iter(|| engine.compile_uncached(black_box(&source))));
    group.finish();
    criterion.bench_function("compile/25 lines", |bencher| bencher.iter(|| engine.compile_uncached(black_box(BLOCK))));
    criterion.bench_function("compile/cache hit", |bencher| bencher.iter(|| engine.compile(black_box(BLOCK))));
    criterion.bench_function("engine/creation", |bencher| bencher.iter(Engine::new));
}

/// The same script run from what was compiled, and from its text, which the engine has seen before.
fn every_further_time(criterion: &mut Criterion) {
    let engine = Engine::new();
    let script = engine.compile(kernels::SCRIPT).expect("compiles");
    criterion.bench_function("run/compiled", |bencher| {
        bencher.iter(|| engine.evaluate(black_box(&script), now()).expect("no error"));
    });
    criterion.bench_function("run/from its text", |bencher| {
        bencher.iter(|| {
            let script = engine.compile(black_box(kernels::SCRIPT)).expect("compiles");
            engine.evaluate(&script, now()).expect("no error")
        });
    });
}

fn blocks(criterion: &mut Criterion) {
    let store = demo();
    let engine = Engine::new();
    let block = engine.block(None, BLOCK, "Your total is #{total}.").expect("compiles");
    let event = Event::at(now()).with_seed(1);
    // Nothing is kept, so that every run meets the same project.
    criterion.bench_function("block/25 lines, warm", |bencher| {
        bencher.iter(|| engine.dry_run(&store, ProjectId(1), ClientId(101), black_box(&block), &event).expect("the store does not fail"));
    });
    criterion.bench_function("block/25 lines, cold", |bencher| {
        bencher.iter(|| {
            let engine = Engine::new();
            let block = engine.block(None, BLOCK, "Your total is #{total}.").expect("compiles");
            engine.dry_run(&store, ProjectId(1), ClientId(101), &block, &event).expect("the store does not fail")
        });
    });
    let small = engine.block(None, "x = 1 + 2", "").expect("compiles");
    criterion.bench_function("block/one line", |bencher| {
        bencher.iter(|| engine.dry_run(&store, ProjectId(1), ClientId(101), black_box(&small), &event).expect("the store does not fail"));
    });
}

fn evaluation(criterion: &mut Criterion) {
    let limits = Limits { steps: u64::MAX, time: Duration::from_mins(1), ..Limits::default() };
    let engine = Engine::builder().limits(limits).build();
    let mut group = criterion.benchmark_group("evaluate");
    group.sample_size(20);
    for (name, source) in [("fib(25)", FIB), ("loop", LOOP), ("dict", DICT), ("text append", APPEND), ("list append", APPEND_LIST)] {
        let script = engine.compile(source).expect("compiles");
        group.bench_function(name, |bencher| bencher.iter(|| engine.evaluate(black_box(&script), now()).expect("no error")));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = compiling, every_further_time, blocks, evaluation
}
criterion_main!(benches);
