//! What falls due: scheduled messages and blocks, one of each client at a time, and clients that wait for an operator.

use std::sync::{Arc, PoisonError};

use calc::crm::scheduled::{self, DueMessage};
use calc::crm::{ClientId, Lease, ProjectId, StoreError, queue};
use calc::engine::{Block, Event};
use calc::pipeline::Job;
use calc::wording::message;
use serde_json::json;

use super::super::desk::{refused, report};
use super::super::now;
use super::{ClaimKind, Intake, SentEnd, Told};
use crate::language::say;

impl Intake {
    pub(super) fn claim_scheduled(&mut self, project: ProjectId) -> Result<bool, StoreError> {
        let (now, free) = (now(), self.free_places());
        if free == 0 {
            return Ok(false);
        }
        let lease = self.new_lease(now, self.long_lease());
        let claims = self.claim(project, ClaimKind::Scheduled, lease, |store| scheduled::claim(store, project, now, &lease, free))?;
        let found = !claims.is_empty();
        self.run_all_scheduled(project, claims);
        Ok(found)
    }

    /// Begins what was claimed.
    pub(super) fn run_all_scheduled(&mut self, project: ProjectId, claims: Vec<DueMessage>) {
        for message in claims {
            let key = (project, message.client, message.number);
            let is_running = self.scheduled.insert(key, message.clone()).is_some();
            if is_running {
                continue;
            }
            if let Some(block) = self.block_of(&message) {
                self.run_scheduled(project, message, block);
            } else {
                self.scheduled.remove(&key);
                self.say_missing(&message);
                self.put_off.push((project, message, None));
            }
        }
    }

    /// What a scheduled message runs: its block, with its text in place of the block's message, or its text alone.
    fn block_of(&self, message: &DueMessage) -> Option<Arc<Block>> {
        let text = message.text.as_deref();
        let Some(id) = message.block else { return Some(Arc::new(Block::of_text(None, text.unwrap_or_default()))) };
        let block = self.blocks.lock().unwrap_or_else(PoisonError::into_inner).get(id, &self.terminal);
        match (block, text) {
            (Some(block), Some(text)) => Some(Arc::new(Block::clone(&block).with_text(text))),
            (block, _) => block,
        }
    }

    /// Says once that a block is missing; its message is tried again later.
    fn say_missing(&mut self, message: &DueMessage) {
        let Some(block) = message.block else { return };
        if self.missing.insert((message.client, message.number)) {
            let problem = message!("no-block-to-run", block = block.to_string());
            let answer = json!({"event": message.event_id(), "client": message.client, "error": say(&problem)});
            let reason = message!("scheduled-stays", client = message.client.to_string(), problem = problem);
            let _ = self.news.send(refused(&answer, &reason));
        }
    }

    fn run_scheduled(&self, project: ProjectId, message: DueMessage, block: Arc<Block>) {
        let (news, done) = (self.news.clone(), self.to_self.clone());
        let event = Event::at(now()).with_id(message.event_id());
        let job = Job { project, client: message.client, block, event };
        self.workers.submit(job, move |job, result| {
            let id = job.event.id.as_deref();
            let end = SentEnd::of(&result);
            let _ = news.send(match result {
                Ok(outcome) => report(job, id, &outcome),
                Err(error) => {
                    let answer = json!({"event": id, "client": job.client, "error": say(&error.message())});
                    refused(&answer, &message!("scheduled-problem", client = job.client.to_string(), problem = error.message()))
                }
            });
            let _ = done.send(Told::Sent { project, message, end });
        });
    }

    pub(super) fn claim_queued(&mut self, project: ProjectId) -> Result<bool, StoreError> {
        let (now, free) = (now(), self.free_places());
        if free == 0 {
            return Ok(false);
        }
        let lease = self.new_lease(now, self.long_lease());
        let clients = self.claim(project, ClaimKind::Queued, lease, |store| queue::claim(store, project, now, &lease, free))?;
        let found = !clients.is_empty();
        self.distribute(project, &lease, clients);
        Ok(found)
    }

    /// Begins to distribute the clients that were claimed.
    pub(super) fn distribute(&mut self, project: ProjectId, lease: &Lease, clients: Vec<ClientId>) {
        for client in clients {
            let key = (project, client);
            if self.queued.insert(key, lease.until).is_some() {
                continue;
            }
            let (news, done) = (self.news.clone(), self.to_self.clone());
            let job = Job { project, client, block: Arc::clone(&self.distribution), event: Event::at(now()) };
            self.workers.submit(job, move |job, result| {
                let _ = news.send(match result {
                    Ok(outcome) => report(job, None, &outcome),
                    Err(error) => {
                        let answer = json!({"event": null, "client": job.client, "error": say(&error.message())});
                        let client = client.to_string();
                        refused(&answer, &message!("client-not-distributed", client = client, problem = error.message()))
                    }
                });
                let _ = done.send(Told::Distributed { client: key });
            });
        }
    }
}
