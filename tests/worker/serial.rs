//! A known stream of events for many clients that workers handle while things go wrong, and what the same stream comes to
//! when one thread handles it alone: afterwards both databases must hold the same.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use calc::ProjectId;
use calc::crm::depth::{Depth, depth};
use serde_json::{Value as Json, json};

use super::inbox::{enqueued, store};
use super::{Bot, HANGS, Running};

/// Counts on, and tells the client the number: the order of a client's events is in all that it leaves behind.
const BLOCK: &str = "client.count = client.count + 1
_deal = create_order(question, 10 + client.count)
set_order_var(_deal, 'number', client.count)
if client.count % 5 == 0:
    set_note('number #{client.count}')
    add_unread()
---
#{question} is number #{client.count}
";

/// The events of a trial.
#[derive(Clone, Copy)]
pub struct Stream {
    pub events: u32,
    pub clients: u32,
}

impl Stream {
    /// `CALC_TRIAL_EVENTS=10000` is the long form, with 200 clients.
    pub fn of_the_trial() -> Self {
        Self::of(std::env::var("CALC_TRIAL_EVENTS").map_or(200, |count| count.parse().expect("a number of events")))
    }

    pub fn of(events: u32) -> Self {
        Self { events, clients: (events / 10).clamp(4, 200) }
    }

    pub fn event(self, number: u32) -> Json {
        let at = chrono::DateTime::from_timestamp(1_795_341_600 + i64::from(number), 0).expect("a time");
        let client = 101 + number % self.clients;
        json!({"client": client, "event": format!("e{number}"), "block": 7, "text": format!("text {number}"), "at": at})
    }

    pub fn put_into(self, bot: &Bot, numbers: std::ops::Range<u32>) {
        enqueued(bot, &numbers.map(|number| self.event(number)).collect::<Vec<_>>());
    }

    /// What it comes to with one worker and one thread, and nothing that goes wrong.
    fn handled_alone(self) -> Json {
        let mut trial = Trial::new(self, None, &["--threads", "1"], 1);
        self.put_into(&trial.bot, 0..self.events);
        trial.work(|_, _| ());
        trial.end();
        comparable(&trial.bot.dump())
    }
}

/// A dump with the deals of each client in the order of their making, under numbers in place of their ids: which id a deal
/// gets, and which one is next, depends on who was faster.
fn comparable(dump: &Json) -> Json {
    let mut dump = dump.clone();
    let mut deals = dump["deals"].as_array().expect("deals").clone();
    deals.sort_by_key(|deal| (deal["client"].as_i64(), deal["created_at"].as_str().map(str::to_owned)));
    let numbers: BTreeMap<i64, usize> =
        deals.iter().enumerate().map(|(number, deal)| (deal["id"].as_i64().expect("an id"), number)).collect();
    for deal in &mut deals {
        deal["id"] = json!(numbers[&deal["id"].as_i64().expect("an id")]);
    }
    for client in dump["clients"].as_array_mut().expect("clients") {
        client["current_deal"] = json!(client["current_deal"].as_i64().map(|id| numbers[&id]));
    }
    dump["deals"] = Json::Array(deals);
    dump["project"]["next_id"] = Json::Null;
    dump
}

/// Workers on one inbox whose messages are confirmed.
pub struct Trial {
    pub stream: Stream,
    /// Its address is the one that the test itself uses.
    pub bot: Bot,
    pub workers: Vec<Running>,
    options: Vec<&'static str>,
    /// Where the workers find the database, when that is somewhere else.
    pub address_of_workers: Option<String>,
    /// How often each event was reported to have run, and to have been there already.
    outcomes: BTreeMap<String, (u32, u32)>,
    /// How often each message was written.
    sent: BTreeMap<(i64, i64), u32>,
}

impl Trial {
    pub fn new(stream: Stream, url: Option<String>, options: &[&'static str], workers: usize) -> Self {
        let client = |id| json!({"id": id, "name": "Client", "created_at": "2026-11-01 00:00:00", "variables": {"count": 0}});
        let clients: Vec<Json> = (101..101 + stream.clients).map(client).collect();
        let bot = Bot::with_project(url, &json!({"project": {"id": 1, "name": "Shop"}, "clients": clients}));
        bot.write_block("7-order.block", BLOCK);
        let options = [&["--inbox", "--lease", "1"], options].concat();
        let mut trial =
            Self { stream, bot, workers: Vec::new(), options, address_of_workers: None, outcomes: BTreeMap::new(), sent: BTreeMap::new() };
        trial.start(workers);
        trial
    }

    /// Starts more workers.
    pub fn start(&mut self, workers: usize) {
        let address = self.address_of_workers.clone().unwrap_or_else(|| self.bot.url.clone());
        let own = std::mem::replace(&mut self.bot.url, address);
        self.workers.extend((0..workers).map(|_| Running::start(&self.bot, &self.options)));
        self.bot.url = own;
    }

    /// Kills a worker and starts another one in its place.
    pub fn kill(&mut self, index: usize) {
        let mut worker = self.workers.swap_remove(index);
        // `Child::kill` is SIGKILL.
        let _ = worker.child.kill();
        let _ = worker.child.wait();
        self.start(1);
        let index = self.workers.len() - 1;
        // What it had written before is read, and confirmed by the new one.
        for line in &worker.lines {
            self.note(index, &line);
        }
    }

    /// How many events were reported.
    pub fn handled(&self) -> usize {
        self.outcomes.len()
    }

    /// Reads and confirms what has come; false: nothing.
    pub fn listen(&mut self) -> bool {
        let lines_of = |(index, worker): (usize, &Running)| worker.lines.try_iter().map(|line| (index, line)).collect::<Vec<_>>();
        let lines: Vec<(usize, Json)> = self.workers.iter().enumerate().flat_map(lines_of).collect();
        for (index, line) in &lines {
            self.note(*index, line);
        }
        !lines.is_empty()
    }

    /// A line of a worker, which is told that its message arrived.
    fn note(&mut self, index: usize, line: &Json) {
        if line["outcome"].is_object() {
            assert_eq!(line["outcome"]["status"], "ok", "{line}");
            let outcomes = self.outcomes.entry(line["event"].as_str().expect("an id").to_owned()).or_default();
            *(if line["outcome"]["repeated"] == true { &mut outcomes.1 } else { &mut outcomes.0 }) += 1;
            return;
        }
        let send = &line["send"];
        let (client, number) = (send["client"].as_i64().expect("a client"), send["number"].as_i64().expect("a number"));
        *self.sent.entry((client, number)).or_default() += 1;
        self.workers[index].write(&json!({"delivered": {"client": client, "number": number}}));
    }

    /// Until nothing waits any more; `meanwhile` may get in the way, told how many events were reported.
    pub fn work(&mut self, mut meanwhile: impl FnMut(&mut Self, usize)) {
        let store = store(&self.bot);
        let mut before = None;
        let mut deadline = Instant::now() + HANGS;
        loop {
            if self.listen() {
                deadline = Instant::now() + HANGS;
                meanwhile(self, self.handled());
                continue;
            }
            // A server that is away has something waiting.
            let waits = depth(&*store, &[ProjectId(1)], std::time::SystemTime::now().into()).ok().map(|found| found[0].1);
            if waits == Some(Depth::default()) {
                return;
            }
            if waits != before {
                before = waits;
                deadline = Instant::now() + HANGS;
            }
            assert!(Instant::now() < deadline, "{waits:?}, {} events were reported", self.outcomes.len());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn end(&mut self) {
        for worker in &mut self.workers {
            assert_eq!(worker.terminate(), Some(0));
        }
        self.listen_to_the_end();
    }

    fn listen_to_the_end(&mut self) {
        for mut worker in std::mem::take(&mut self.workers) {
            worker.close_input();
            for line in worker.lines.iter().filter(|line| line["outcome"].is_object()) {
                self.note(0, &line);
            }
        }
    }

    /// Ends the workers and compares the database with the one of a single thread; then says what was seen.
    pub fn compare_with_one_thread(mut self, what: &str) {
        static ALONE: OnceLock<BTreeMap<u32, Json>> = OnceLock::new();
        self.end();
        let stream = self.stream;
        let alone = ALONE.get_or_init(|| BTreeMap::from([(stream.events, stream.handled_alone())]));
        let own;
        let expected = if let Some(expected) = alone.get(&stream.events) {
            expected
        } else {
            own = stream.handled_alone();
            &own
        };
        let found = comparable(&self.bot.dump());
        for list in ["clients", "deals"] {
            let (found, expected) = (found[list].as_array().expect("a list"), expected[list].as_array().expect("a list"));
            for (found, expected) in found.iter().zip(expected) {
                assert_eq!(found, expected, "{list}");
            }
            assert_eq!(found.len(), expected.len(), "{list}");
        }
        assert_eq!(&found, expected);
        let messages: usize = found["clients"].as_array().expect("clients").iter().map(delivered).sum();
        assert_eq!((messages, self.sent.len()), (stream.events as usize, stream.events as usize), "each message was written and confirmed");
        let sum = |of: fn(&(u32, u32)) -> u32| self.outcomes.values().map(of).sum::<u32>();
        let (first, repeated, sent) = (sum(|both| both.0), sum(|both| both.1), self.sent.values().sum::<u32>());
        assert_eq!(self.outcomes.len(), stream.events as usize, "each event was reported");
        assert!(self.outcomes.values().all(|(first, _)| *first <= 1), "an event was reported to have run twice");
        eprintln!(
            "{what}: {} events of {} clients, as with one thread; {first} reported when they ran and {repeated} times as repeated, {sent} messages written",
            stream.events, stream.clients
        );
    }
}

/// How many messages of a client arrived.
fn delivered(client: &Json) -> usize {
    let history = client["history"].as_array().expect("a history").iter();
    history.filter(|entry| entry["direction"] == "out" && entry["delivered"] == true).count()
}
