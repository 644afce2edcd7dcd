//! Runs blocks for hosts on tokio. A block computes and waits for its store, so it must not run on a thread that polls
//! tasks.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::{Block, Engine, Event, HostError, Outcome};
use crate::crm::{ClientId, ProjectId};
use crate::store::Store;

impl Engine {
    /// Runs a block as [`Engine::run`] does, on tokio's threads for blocking work; outside of a tokio runtime on a thread of
    /// its own, so it can be awaited on any executor.
    ///
    /// Blocks of different clients run at once. Those of one client are not kept in order, and one may have to run again
    /// because of another: await one before the next, or use [`Workers`](crate::pipeline::Workers), which does that for you.
    /// When the future is dropped the block still runs to its end and is committed, so give its event an id and deliver the
    /// event again to learn what became of it.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use calc::crm::{self, SqliteStore, Store};
    /// use calc::{ClientId, Engine, Event, ProjectId};
    ///
    /// let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory()?);
    /// crm::load(&*store, &crm::demo()?)?;
    /// let engine = Engine::new();
    /// let block = engine.block(None, "", "Hello, #{name}!").map_err(|wrong| format!("{wrong:?}"))?;
    ///
    /// let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    /// let outcome = runtime.block_on(async {
    ///     let event = Event::at(chrono::DateTime::UNIX_EPOCH);
    ///     engine.run_async(&store, ProjectId(1), ClientId(101), &block, event).await
    /// })?;
    /// assert_eq!(outcome.message.text.as_deref(), Some("Hello, Ann Miller!"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Engine::run`], and [`HostError::Interrupted`] when the runtime shuts down before the block has run.
    pub async fn run_async(
        &self,
        store: &Arc<dyn Store>,
        project: ProjectId,
        client: ClientId,
        block: &Block,
        event: Event,
    ) -> Result<Outcome, HostError> {
        let (engine, store, block) = (self.clone(), Arc::clone(store), block.clone());
        let (done, outcome) = oneshot::channel();
        let run = move || {
            // Nobody waits any more when this fails; the block is committed all the same.
            let _ = done.send(engine.run(&*store, project, client, &block, &event));
        };
        match Handle::try_current() {
            // Its own handle says nothing that the channel does not.
            Ok(runtime) => drop(runtime.spawn_blocking(run)),
            Err(_) => drop(std::thread::Builder::new().name("calc block".to_owned()).spawn(run)),
        }
        outcome.await.unwrap_or(Err(HostError::Interrupted))
    }
}
