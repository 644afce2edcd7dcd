//! Any text, as a calculator and as a block, in both dialects: nothing panics, nothing hangs, and every diagnostic has a
//! place inside the text that can be drawn.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use calc::crm::{self, SqliteStore};
use calc::diagnostic::render::Renderer;
use calc::diagnostic::{Diagnostic, Span};
use calc::engine::{Block, Dialect, Engine, Event, Limits};
use calc::{BlockId, ClientId, ProjectId};
use libfuzzer_sys::fuzz_target;

static STORE: LazyLock<SqliteStore> = LazyLock::new(|| {
    let store = SqliteStore::in_memory().expect("a database in memory");
    crm::load(&store, &crm::demo().expect("the demo project")).expect("loads");
    store
});
static STRICT: LazyLock<Engine> = LazyLock::new(|| engine(Dialect::Strict));
static MAVIBOT: LazyLock<Engine> = LazyLock::new(|| engine(Dialect::Mavibot));

fn engine(dialect: Dialect) -> Engine {
    let limits = Limits {
        steps: 10_000,
        time: Duration::from_millis(200),
        pattern: Duration::from_millis(20),
        memory: 4 << 20,
        output: 1 << 16,
        crm_calls: 50,
        ..Limits::default()
    };
    Engine::builder().dialect(dialect).limits(limits).build()
}

fuzz_target!(|source: &str| {
    for engine in [&*STRICT, &*MAVIBOT] {
        match engine.compile_uncached(source) {
            Ok(script) => {
                judge(source, script.warnings());
                run(engine, source, &Block::of_script(Some(BlockId(7)), script));
            }
            Err(diagnostics) => {
                assert!(diagnostics.iter().any(Diagnostic::is_error), "no error in {diagnostics:?}");
                judge(source, &diagnostics);
            }
        }
        match engine.block_file(None, source) {
            Ok(block) => {
                judge(source, block.warnings());
                if source.contains("---") {
                    run(engine, source, &block);
                }
            }
            Err(diagnostics) => judge(source, &diagnostics),
        }
    }
});

fn run(engine: &Engine, source: &str, block: &Block) {
    let now = chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a time");
    let event = Event::at(now).with_seed(1);
    let outcome = engine.dry_run(&*STORE, ProjectId(1), ClientId(101), block, &event).expect("the store does not fail");
    for report in &outcome.diagnostics {
        judge(source, &report.diagnostic().into_iter().collect::<Vec<_>>());
    }
}

fn judge(source: &str, diagnostics: &[Diagnostic]) {
    let is_fine = |span: Span| span.start <= span.end && source.get(span.range()).is_some();
    for diagnostic in diagnostics {
        let spans = std::iter::once(diagnostic.span).chain(diagnostic.labels.iter().map(|label| label.span));
        for span in spans.chain(diagnostic.fix.iter().map(|fix| fix.span)) {
            assert!(is_fine(span), "{span:?} of {diagnostic:?}");
        }
    }
    if let Some(first) = diagnostics.first()
        && source.len() < 2_000
    {
        let _ = Renderer::new("fuzz", source, false).render(first);
    }
}
