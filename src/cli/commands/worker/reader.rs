//! Standard input of the worker: events go to the threads that run them, confirmations to the main thread.

use std::io::{BufRead, Read as _};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use calc::crm::ProjectId;
use calc::pipeline::{Job, Workers};
use calc::wording::{Message, message};
use serde_json::json;

use super::blocks::Blocks;
use super::desk::{News, refused, report};
use super::line::{self, EventLine, InputLine};
use super::now;
use crate::failure::{Failure, of_system};
use crate::language::say;
use crate::terminal::{ColorChoice, Terminal};

/// The most bytes of a line of standard input: more than an event with the longest text takes, however it is escaped.
const LONGEST_LINE: u64 = 4 << 20;

/// Reads standard input and hands events to the workers; waits when too many wait.
pub struct EventReader {
    pub blocks: Arc<Mutex<Blocks>>,
    pub workers: Arc<Workers>,
    pub news: Sender<News>,
    /// The project of events that name none.
    pub project: Option<ProjectId>,
}

impl EventReader {
    pub fn read(self) {
        // Of its own: a terminal is not shared between threads.
        let terminal = Terminal::new(ColorChoice::Never, false);
        let mut input = std::io::stdin().lock();
        let mut bytes = Vec::new();
        for number in 1_u64.. {
            let is_whole = match read_line(&mut input, &mut bytes) {
                Ok(None) => break,
                Ok(Some(is_whole)) => is_whole,
                Err(error) => {
                    let _ = self.news.send(News::Broken(Failure::store(message!(
                        "file-problem",
                        name = message!("standard-input"),
                        problem = of_system(&error)
                    ))));
                    return;
                }
            };
            if !is_whole {
                let reason = message!("line-too-long", most = LONGEST_LINE);
                if self.news.send(refused(&json!({"line": number, "error": say(&reason)}), &of_line(number, reason))).is_err() {
                    return;
                }
                continue;
            }
            let text = String::from_utf8_lossy(&bytes);
            if text.trim().is_empty() {
                continue;
            }
            let news = match line::parse(text.trim()) {
                Err(reason) => Some(refused(&json!({"line": number, "error": say(&reason)}), &of_line(number, reason))),
                Ok(InputLine::Event(event)) => self.take(&event, number, &terminal),
                Ok(confirmation) => Some(News::Confirmation(confirmation)),
            };
            if let Some(news) = news
                && self.news.send(news).is_err()
            {
                return;
            }
        }
        let _ = self.news.send(News::End);
    }

    fn take(&self, line: &EventLine, number: u64, terminal: &Terminal) -> Option<News> {
        let refuse = |reason: Message| {
            let answer = json!({"event": line.event, "client": line.client, "line": number, "error": say(&reason)});
            Some(refused(&answer, &of_line(number, reason)))
        };
        let Some(project) = line.project.or(self.project) else {
            return refuse(message!("event-must-name-project"));
        };
        let block = self.blocks.lock().unwrap_or_else(PoisonError::into_inner).get(line.block, terminal);
        let Some(block) = block else {
            return refuse(message!("no-block-to-run", block = line.block.to_string()));
        };
        let event = line.to_event(now());
        if let Err(error) = event.check() {
            return refuse(error.message());
        }
        let news = self.news.clone();
        let job = Job { project, client: line.client, block, event };
        self.workers.submit(job, move |job, result| {
            let id = job.event.id.clone();
            // Nobody listens any more when the process ends; the event is answered again when it is sent again.
            let _ = news.send(match result {
                Ok(outcome) => report(job, id.as_deref(), &outcome),
                Err(error) => {
                    let answer = json!({"event": id, "client": job.client, "line": number, "error": say(&error.message())});
                    refused(&answer, &of_line(number, error.message()))
                }
            });
        });
        None
    }
}

/// What is wrong with a line, with its number.
fn of_line(number: u64, problem: Message) -> Message {
    message!("worker-line-problem", line = number, problem = problem)
}

/// Reads up to the end of a line; `None` at the end of the input. False for a line that is too long: it is skipped, and its
/// beginning is not kept.
fn read_line(input: &mut impl BufRead, bytes: &mut Vec<u8>) -> std::io::Result<Option<bool>> {
    let mut is_whole = true;
    loop {
        bytes.clear();
        let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', bytes)?;
        if read == 0 {
            return Ok((!is_whole).then_some(false));
        }
        // The last line of the input needs no line end.
        if bytes.ends_with(b"\n") || (read as u64) < LONGEST_LINE {
            return Ok(Some(is_whole));
        }
        is_whole = false;
    }
}
