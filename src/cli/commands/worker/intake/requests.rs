//! What blocks have asked of the host: blocks that are to be run for a client are run here, the rest goes to the pipeline as
//! lines, which says when it is done.

use std::sync::{Arc, PoisonError};

use calc::crm::requests::{self, HostWork, WaitingRequest};
use calc::crm::{self, ProjectId, StoreError};
use calc::engine::{Block, Event};
use calc::pipeline::Job;
use calc::wording::message;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::super::desk::{News, refused, report};
use super::super::now;
use super::{ClaimKind, Intake, SentEnd, Told};
use crate::language::say;

/// How many lines wait for the pipeline at the most.
const MOST_ASKED: usize = 1_000;

impl Intake {
    pub(super) fn claim_requests(&mut self, project: ProjectId) -> Result<bool, StoreError> {
        let now = now();
        self.asked.retain(|(_, _, until)| *until > now);
        let free = self.free_places().min(MOST_ASKED.saturating_sub(self.asked.len()));
        if free == 0 {
            return Ok(false);
        }
        let lease = self.new_lease(now, self.long_lease());
        let claims = self.claim(project, ClaimKind::Requests, lease, |store| requests::claim(store, project, now, &lease, free))?;
        let found = !claims.is_empty();
        for waiting in claims {
            self.begin_request(project, waiting, lease.until);
        }
        Ok(found)
    }

    pub(super) fn begin_request(&mut self, project: ProjectId, waiting: WaitingRequest, until: DateTime<Utc>) {
        let HostWork::Block { block, text } = &waiting.request.work else {
            let mut line = crm::request_row(&waiting.request);
            line["kind"] = json!(waiting.request.work.word());
            (line["project"], line["by"], line["number"]) = (json!(project), json!(waiting.id.by), json!(waiting.id.number));
            line["event"] = json!(waiting.event_id());
            let _ = self.news.send(News::Asked(format!("{}\n", json!({ "request": line }))));
            self.asked.push((project, waiting, until));
            return;
        };
        if self.running_requests.insert((project, waiting.id), waiting.clone()).is_some() {
            return;
        }
        let found = self.blocks.lock().unwrap_or_else(PoisonError::into_inner).get(*block, &self.terminal);
        let found = match (found, text) {
            (Some(block), Some(text)) => Some(Arc::new(Block::clone(&block).with_text(text))),
            (found, _) => found,
        };
        if let Some(block) = found {
            self.run_request(project, waiting, block);
            return;
        }
        self.running_requests.remove(&(project, waiting.id));
        if self.missing.insert((waiting.id.by, waiting.id.number)) {
            let problem = message!("no-block-to-run", block = block.to_string());
            let client = waiting.request.client;
            let answer = json!({"event": waiting.event_id(), "client": client, "error": say(&problem)});
            let _ = self.news.send(refused(&answer, &message!("request-stays", client = client.to_string(), problem = problem)));
        }
        self.ended_requests.push((project, waiting, SentEnd::Failed));
    }

    fn run_request(&self, project: ProjectId, waiting: WaitingRequest, block: Arc<Block>) {
        let (news, done) = (self.news.clone(), self.to_self.clone());
        let job = Job { project, client: waiting.request.client, block, event: Event::of_request(&waiting, now()) };
        self.workers.submit(job, move |job, result| {
            let id = job.event.id.as_deref();
            let end = SentEnd::of(&result);
            let _ = news.send(match result {
                Ok(outcome) => report(job, id, &outcome),
                Err(error) => {
                    let answer = json!({"event": id, "client": job.client, "error": say(&error.message())});
                    refused(&answer, &message!("request-stays", client = job.client.to_string(), problem = error.message()))
                }
            });
            let _ = done.send(Told::Answered { project, waiting, end });
        });
    }

    /// Notes in the store which requests are done, and which can be tried again.
    pub(super) fn end_requests(&mut self) -> Result<(), StoreError> {
        while let Some((project, waiting, end)) = self.ended_requests.last() {
            let until = match *end {
                SentEnd::Done => {
                    requests::done(&*self.store, *project, waiting.id)?;
                    self.ended_requests.pop();
                    continue;
                }
                SentEnd::Failed => now() + self.long_lease(),
                SentEnd::Paused(until) => until,
            };
            requests::put_off(&*self.store, *project, waiting, until)?;
            self.ended_requests.pop();
        }
        Ok(())
    }

    /// The work ends: others may take what nobody has said to be done.
    pub(super) fn release_requests(&mut self) -> Result<(), StoreError> {
        while let Some((project, waiting, _)) = self.asked.last() {
            requests::put_off(&*self.store, *project, waiting, now())?;
            self.asked.pop();
        }
        while let Some(((project, id), waiting)) = self.running_requests.iter().next() {
            requests::put_off(&*self.store, *project, waiting, now())?;
            let key = (*project, *id);
            self.running_requests.remove(&key);
        }
        Ok(())
    }
}
