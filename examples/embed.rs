//! The example of the README, compiled and run: a block for a client of the demo project.

use calc::crm::{self, SqliteStore};
use calc::{BlockId, ClientId, Engine, Event, ProjectId};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = SqliteStore::in_memory()?;
    crm::load(&store, &crm::demo()?)?;

    let engine = Engine::new();
    let block = engine
        .block(Some(BlockId(7)), "deal = create_order('Mugs', 1500)", "Your order number is #{deal}")
        .map_err(|diagnostics| format!("{diagnostics:?}"))?;

    // The host passes in the time and says who wrote what; an event with an id runs once, however often it comes.
    let now = chrono::DateTime::from_timestamp(1_795_330_800, 0).ok_or("a time")?;
    let event = Event::at(now).with_id("update-4711").with_text("I want mugs");
    let outcome = engine.run(&store, ProjectId(1), ClientId(101), &block, &event)?;

    println!("{}", outcome.message.text.unwrap_or_default());
    for effect in &outcome.effects {
        println!("{}", effect.sentence());
    }
    Ok(())
}
