//! Numbers about the blocks that run and about what waits in the store, for Prometheus to fetch.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use calc::crm::depth::{Depth, depth};
use calc::crm::{self, ProjectId, Store, StoreError};
use calc::engine::{MessageStatus, Status};
use calc::pipeline::{Observer, Ran, Retried};
use calc::wording::message;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::now;
use crate::failure::Failure;

/// What is counted.
pub struct Metrics {
    outcomes: Family<OutcomeLabels, Counter>,
    messages: Family<MessageLabels, Counter>,
    seconds: Histogram,
    round_trips: Counter<u64, AtomicU64>,
    retries: Family<RetryLabels, Counter>,
    waiting: Gauge,
    depths: Family<DepthLabels, Gauge>,
}

/// Where what waits is counted: a store, and the project if it is about one alone.
pub struct Waiting {
    pub store: Arc<dyn Store>,
    pub project: Option<ProjectId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    /// `ok`, or the code of the error.
    result: String,
    repeated: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MessageLabels {
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RetryLabels {
    kind: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DepthLabels {
    project: i64,
    queue: &'static str,
}

impl Metrics {
    /// Counts from zero; with an address such as `127.0.0.1:9000` they are served there.
    pub fn start(address: Option<&str>, waiting: Waiting) -> Result<Arc<Self>, Failure> {
        let metrics = Arc::new(Self {
            outcomes: Family::default(),
            messages: Family::default(),
            // From half a millisecond to 16 seconds.
            seconds: Histogram::new(exponential_buckets(0.000_5, 2.0, 16)),
            round_trips: Counter::default(),
            retries: Family::default(),
            waiting: Gauge::default(),
            depths: Family::default(),
        });
        if let Some(address) = address {
            let server = tiny_http::Server::http(address)
                .map_err(|error| Failure::usage(message!("metrics-address", address = address, error = error.to_string())))?;
            let (registry, depths) = (metrics.registry(), metrics.depths.clone());
            std::thread::spawn(move || serve(&server, &registry, || count(&waiting, &depths)));
        }
        Ok(metrics)
    }

    fn registry(&self) -> Registry {
        let mut registry = Registry::with_prefix("calc");
        registry.register("blocks", "Blocks that ran, by result", self.outcomes.clone());
        registry.register("messages", "Messages of blocks, by status", self.messages.clone());
        registry.register("block_seconds", "Time from the first attempt to the commit", self.seconds.clone());
        registry.register("round_trips", "Batches of statements sent to the store by blocks", self.round_trips.clone());
        registry.register("retries", "Attempts that the store made fail, by kind", self.retries.clone());
        registry.register("events_waiting", "Events that wait for a thread", self.waiting.clone());
        registry.register("depth", "What waits in the store, by project and queue", self.depths.clone());
        registry
    }
}

impl Observer for Metrics {
    fn ran(&self, ran: &Ran<'_>) {
        let outcome = ran.outcome;
        let result = match outcome.status {
            Status::Ok => "ok".to_owned(),
            Status::Error => outcome
                .diagnostics
                .iter()
                .rev()
                .find(|report| report.severity == "error")
                .map_or_else(|| "error".to_owned(), |report| report.code.clone()),
        };
        let repeated = ran.outcome.repeated.to_string();
        self.outcomes.get_or_create(&OutcomeLabels { result, repeated }).inc();
        let status = match outcome.message.status {
            MessageStatus::Queued => "queued",
            MessageStatus::Refused => "refused",
            MessageStatus::None => "none",
        };
        self.messages.get_or_create(&MessageLabels { status }).inc();
        self.seconds.observe(ran.took.as_secs_f64());
        self.round_trips.inc_by(outcome.usage.round_trips);
    }

    fn retried(&self, retried: &Retried) {
        self.retries.get_or_create(&RetryLabels { kind: format!("{:?}", retried.kind).to_lowercase() }).inc();
    }

    fn waiting(&self, events: usize) {
        self.waiting.set(i64::try_from(events).unwrap_or(i64::MAX));
    }
}

/// Counts what waits. What cannot be counted is not shown: a number of long ago would be worse.
fn count(waiting: &Waiting, depths: &Family<DepthLabels, Gauge>) {
    depths.clear();
    for (project, depth) in ask(waiting).unwrap_or_default() {
        let Depth { inbox, refused, outbox, requests, scheduled, queued } = depth;
        let all = [
            ("inbox", inbox),
            ("refused", refused),
            ("outbox", outbox),
            ("requests", requests),
            ("scheduled", scheduled),
            ("distribution", queued),
        ];
        for (queue, number) in all {
            depths.get_or_create(&DepthLabels { project: project.0, queue }).set(number);
        }
    }
}

fn ask(waiting: &Waiting) -> Result<Vec<(ProjectId, Depth)>, StoreError> {
    let projects = match waiting.project {
        Some(project) => vec![project],
        None => crm::project_ids(&*waiting.store)?,
    };
    depth(&*waiting.store, &projects, now())
}

/// Answers every request with the numbers; ends with the process.
fn serve(server: &tiny_http::Server, registry: &Registry, count: impl Fn()) {
    for request in server.incoming_requests() {
        count();
        let mut text = String::new();
        let status = if encode(&mut text, registry).is_ok() { 200 } else { 500 };
        let length = text.len();
        let kind = tiny_http::Header::from_bytes("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8");
        let response = tiny_http::Response::new(status.into(), kind.into_iter().collect(), Cursor::new(text), Some(length), None);
        // Whoever asked and went away needs no answer.
        let _ = request.respond(response);
    }
}
