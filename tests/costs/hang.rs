//! Random programs end when they have no time or few steps left, after few steps. `CALC_TRIAL_SCRIPTS` is how many.

use std::time::Duration;

use calc::engine::{Block, Engine, Limits};

use crate::harness;
use crate::processor::spent;
use crate::scripts::{Known, Writer, count, seeded};

/// What takes long or grows.
const COSTLY: &[Known<'_>] = &[(
    "",
    &[
        "'a' * 100000",
        "10 ** 18",
        "[] * 10 ** 18",
        "'' * 10 ** 18",
        "range(10 ** 9)",
        "range(100000)",
        "'(a|aa)+$'",
        "'(?=(a*))*b'",
        "('a' * 5000)",
        "{'a' * 30000: 1}",
        "[x] * 1000",
        "x + x",
        "9223372036854775807",
        "-9223372036854775808",
        "[i for i in range(10 ** 6)]",
        "'%Y' * 10000",
        "json('[' * 1000)",
        "('я' * 30000)[5]",
    ],
)];

#[test]
fn random_programs_end() {
    let limits = Limits { memory: 1 << 20, pattern: Duration::from_millis(50), ..Limits::default() };
    let without_time = Engine::builder().limits(Limits { time: Duration::ZERO, ..limits.clone() }).build();
    let few_steps = Limits { steps: 100, memory: 256 << 10, time: Duration::from_hours(1), ..limits };
    let few_steps = Engine::builder().limits(few_steps).build();
    let store = harness::demo_store();
    let functions = without_time.registry().iter().count();
    let (mut run, mut limited, mut longest) = (0, 0, Duration::ZERO);
    for number in 0..count(3 * functions) {
        let mut choose = seeded(number as u64);
        let script = Writer::new(without_time.registry(), COSTLY, &mut choose).script(number);
        // Steps between two looks at the clock are few enough to take no time.
        for (engine, most_steps) in [(&without_time, 1024), (&few_steps, 100)] {
            let start = spent();
            let Ok(compiled) = engine.compile_uncached(&script) else { continue };
            let block = Block::of_script(None, compiled);
            let outcome = engine.dry_run(&store, harness::PROJECT, harness::CLIENT, &block, &harness::event());
            let outcome = outcome.unwrap_or_else(|error| panic!("{error}\n{script}"));
            let steps = outcome.usage.steps;
            assert!(steps <= most_steps, "{steps} steps\n{script}");
            limited += usize::from(outcome.diagnostics.iter().any(|report| report.code.starts_with("E05")));
            let took = spent().saturating_sub(start);
            longest = longest.max(took);
            run += 1;
        }
    }
    // Told and not judged: how long something takes is a matter of the machine.
    println!("{run} runs, {limited} ended by a limit; the longest took {longest:?} of processor time");
    assert!(run > functions && limited * 20 > run, "{run} runs, {limited} ended by a limit");
}
