//! One piece of work at a time, for counting instructions: `kernels NAME TURNS`. Prints a checksum, so that nothing is
//! left out by the compiler; `benches/instructions` runs it under callgrind.

use calc::crm::{self, BlockId, ClientId, ProjectId, SqliteStore};
use calc::engine::{Engine, Event};
use calc::value::Value;
use chrono::DateTime;

/// A script as authors write them: a price, a discount, a list and a dict of twenty items, text.
pub const SCRIPT: &str = r#"
price = 99.5
qty = 3
tier = "gold"
customer = "Anna Schmidt"
total = price * qty
if tier == "platinum":
    discount = 0.5
elif tier == "gold":
    discount = 0.25
else:
    discount = 0.0
net = total * (1.0 - discount)
items = []
stock = {}
for i in range(20):
    key = "item-" + str(i)
    items = append(items, key)
    stock[key] = i * 3 + 1
count = 0
for key, value in stock:
    count += value
lines = ""
for item in items:
    n = stock[item]
    if n % 2 == 0:
        lines += item + "=" + str(n) + ";"
"Dear #{customer}, your total is #{net} EUR, #{count} pieces: #{len(lines)}"
"#;

const FIB: &str = "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\nfib(18)\n";
const LOOP: &str = "total = 0\nfor i in range(20000):\n    total += i * i % 7\ntotal\n";
const DICT: &str = "d = {}\nfor i in range(2000):\n    d['k' + str(i)] = i\nt = 0\nfor i in range(2000):\n    t += d['k' + str(i)]\nt\n";
const TEXT: &str = "s = ''\nfor i in range(5000):\n    s += 'abcdef;'\nlen(s)\n";

/// Ten CRM calls for one client, as a block makes them.
pub const BLOCK: &str = "deal = create_order('Website order', 1500, 'from the site')
set_order_var(deal, 'city', 'Berlin')
set_order_var(deal, 'source', 'site')
name = get_order_var(deal, 'name')
task = create_task('olga@example.com', 'Call back', '25.11.2026', 'about the order', '10:00')
set_note('new order from the site')
add_unread()
stage = get_state_id()
count = len(get_active_orders_ids())
move_order_to_next_state(deal)
---
Your order number is #{deal}
";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(kernel), Some(turns)) = (arguments.next(), arguments.next().and_then(|turns| turns.parse::<u64>().ok())) else {
        eprintln!("kernels compile|run|fib|loop|dict|text|block TURNS");
        return;
    };
    let engine = Engine::new();
    let now = DateTime::UNIX_EPOCH;
    let mut checksum = 0;
    let mut evaluate = |source: &str| {
        let script = engine.compile(source).expect("the kernel compiles");
        for _ in 0..turns {
            let value = engine.evaluate(&script, now).expect("the kernel runs");
            checksum += match value {
                Value::Int(int) => int.unsigned_abs(),
                other => other.interpolated().len() as u64,
            };
        }
    };
    match kernel.as_str() {
        "run" => evaluate(SCRIPT),
        "fib" => evaluate(FIB),
        "loop" => evaluate(LOOP),
        "dict" => evaluate(DICT),
        "text" => evaluate(TEXT),
        "compile" => {
            for _ in 0..turns {
                checksum += engine.compile_uncached(SCRIPT).expect("the kernel compiles").source().len() as u64;
            }
        }
        "block" => {
            let store = SqliteStore::in_memory().expect("a store");
            crm::load(&store, &crm::demo().expect("the demo project")).expect("the demo project loads");
            let block = engine.block_file(Some(BlockId(7)), BLOCK).expect("the block compiles");
            for turn in 0..turns {
                let event = Event::at(now).with_id(turn.to_string()).with_text("hello").with_seed(1);
                let outcome = engine.run(&store, ProjectId(1), ClientId(101), &block, &event).expect("the block runs");
                checksum += outcome.effects.len() as u64;
            }
        }
        other => eprintln!("there is no kernel `{other}`"),
    }
    println!("{checksum}");
}
