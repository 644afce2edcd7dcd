//! A host on tokio: many clients write at once, each block runs beside the tasks that talk to the messenger.

use std::error::Error;
use std::sync::Arc;

use calc::crm::{self, SqliteStore, Store};
use calc::{ClientId, Engine, Event, HostError, Outcome, ProjectId};
use chrono::DateTime;

/// Runs one block for three clients at once; their names and the numbers of their messages.
pub async fn greet(engine: Engine, store: Arc<dyn Store>) -> Result<Vec<String>, Box<dyn Error>> {
    let block = engine.block(None, "visits = if(visits, visits, 0) + 1", "#{name}, this is your visit number #{visits}.");
    let block = block.map_err(|wrong| format!("{wrong:?}"))?;
    // A real host takes the time from its clock; a fixed one makes this print the same every time.
    let now = DateTime::from_timestamp(1_795_330_800, 0).ok_or("a time")?;

    let tasks: Vec<_> = [101, 102, 103]
        .map(|client| {
            let (engine, store, block) = (engine.clone(), Arc::clone(&store), block.clone());
            tokio::spawn(async move {
                let event = Event::at(now).with_id(format!("update-{client}"));
                engine.run_async(&store, ProjectId(1), ClientId(client), &block, event).await
            })
        })
        .into();
    let mut texts = Vec::new();
    for task in tasks {
        let outcome: Result<Outcome, HostError> = task.await?;
        texts.push(outcome?.message.text.unwrap_or_default());
    }
    Ok(texts)
}

#[allow(dead_code, reason = "a test runs the rest of this file")]
fn main() -> Result<(), Box<dyn Error>> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory()?);
    crm::load(&*store, &crm::demo()?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    for text in runtime.block_on(greet(Engine::new(), store))? {
        println!("{text}");
    }
    Ok(())
}
