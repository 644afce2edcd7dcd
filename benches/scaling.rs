//! A model of many machines that run blocks on one or more `PostgreSQL` servers, for docs/scaling.md:
//! `cargo run --release --example scaling`. Service times come from `cargo bench --bench blocks` and can be passed in again:
//! `scaling engine=0.35 server=0.68 trips=4 network=0.25 flush=0.19 cores=4 server_cores=16 threads=16`, in milliseconds.
//!
//! A block takes turns: processor time on its machine, a way through the network, processor time on the server of its
//! client, and back, once for each round trip. The last one ends with a flush of the server's log, which all blocks that
//! wait for one share. Every thread always has a next block; clients never wait for each other (docs/scaling.md says
//! what that leaves out).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::process::exit;

/// How many blocks are counted; as many again run before, so that all queues have filled.
const BLOCKS: usize = 100_000;

/// Times in microseconds.
#[derive(Clone, Copy)]
struct Model {
    /// Processor time of a block on its machine.
    engine: f64,
    /// Processor time of a block on the server.
    server: f64,
    /// Round trips of a block, commit included.
    trips: u32,
    /// The way there and back.
    network: f64,
    /// One flush of the log.
    flush: f64,
    /// Cores of a machine.
    cores: usize,
    /// Cores of a server.
    server_cores: usize,
    /// Blocks that a machine runs at once.
    threads: usize,
}

/// What the model was measured with; docs/scaling.md has the commands.
const MEASURED: Model =
    Model { engine: 230.0, server: 530.0, trips: 2, network: 250.0, flush: 160.0, cores: 4, server_cores: 16, threads: 16 };

fn main() {
    let mut model = MEASURED;
    for argument in std::env::args().skip(1) {
        if let Err(reason) = model.set(&argument) {
            eprintln!("error: {reason}");
            exit(2);
        }
    }
    println!("| machines | servers | blocks/s | median | 99 of 100 | machines busy | servers busy | limit |");
    println!("|---:|---:|---:|---:|---:|---:|---:|---|");
    for (machines, servers) in [(1, 1), (10, 1), (10, 4), (100, 1), (100, 16), (100, 64), (1_000, 64), (1_000, 512)] {
        println!("{}", Simulation::new(model, machines, servers).run());
    }
}

impl Model {
    /// Takes `NAME=NUMBER`, times in milliseconds.
    fn set(&mut self, argument: &str) -> Result<(), String> {
        let (name, text) = argument.split_once('=').ok_or_else(|| format!("`{argument}` is not NAME=NUMBER"))?;
        let wrong = |_| format!("`{text}` is not a number");
        let time = || text.parse::<f64>().map(|milliseconds| milliseconds * 1_000.0).map_err(|_| format!("`{text}` is not a time"));
        match name {
            "engine" => self.engine = time()?,
            "server" => self.server = time()?,
            "network" => self.network = time()?,
            "flush" => self.flush = time()?,
            "trips" => self.trips = text.parse().map_err(wrong)?,
            "cores" => self.cores = text.parse().map_err(wrong)?,
            "server_cores" => self.server_cores = text.parse().map_err(wrong)?,
            "threads" => self.threads = text.parse().map_err(wrong)?,
            _ => return Err(format!("`{name}` is not a number of the model")),
        }
        Ok(())
    }
}

/// Cores with a queue in front of them.
struct Station {
    cores: usize,
    busy: usize,
    queue: VecDeque<(usize, f64)>,
    worked: f64,
}

impl Station {
    fn new(cores: usize) -> Self {
        Self { cores, busy: 0, queue: VecDeque::new(), worked: 0.0 }
    }
}

/// A log whose flush is shared by all who wait when it begins.
#[derive(Default)]
struct Log {
    waiting: Vec<usize>,
    flushing: Vec<usize>,
}

/// Where a block is.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Engine,
    ToServer,
    Server,
    Flush,
}

struct Thread {
    machine: usize,
    server: usize,
    step: Step,
    trips_left: u32,
    begun: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Happening {
    /// The thread's present step is over.
    Done(usize),
    /// The server's log is flushed.
    Flushed(usize),
}

/// A time with what happens then, ordered by the time.
#[derive(PartialEq)]
struct At(f64, u64, Happening);

impl Eq for At {}

impl PartialOrd for At {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for At {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

struct Simulation {
    model: Model,
    now: f64,
    number: u64,
    agenda: BinaryHeap<Reverse<At>>,
    machines: Vec<Station>,
    servers: Vec<Station>,
    logs: Vec<Log>,
    threads: Vec<Thread>,
    random: fastrand::Rng,
    done: usize,
    times: Vec<f64>,
    counted_from: f64,
}

impl Simulation {
    fn new(model: Model, machines: usize, servers: usize) -> Self {
        let threads = (0..machines * model.threads)
            .map(|index| Thread { machine: index % machines, server: 0, step: Step::Engine, trips_left: 0, begun: 0.0 })
            .collect();
        Self {
            model,
            now: 0.0,
            number: 0,
            agenda: BinaryHeap::new(),
            machines: (0..machines).map(|_| Station::new(model.cores)).collect(),
            servers: (0..servers).map(|_| Station::new(model.server_cores)).collect(),
            logs: (0..servers).map(|_| Log::default()).collect(),
            threads,
            random: fastrand::Rng::with_seed(1),
            done: 0,
            times: Vec::new(),
            counted_from: 0.0,
        }
    }

    fn run(mut self) -> String {
        for thread in 0..self.threads.len() {
            self.begin_block(thread);
        }
        let warm = BLOCKS.max(4 * self.threads.len());
        while self.times.len() < BLOCKS {
            let Some(Reverse(At(time, _, happening))) = self.agenda.pop() else { break };
            self.now = time;
            let was_warm = self.done >= warm;
            match happening {
                Happening::Done(thread) => self.next_step(thread),
                Happening::Flushed(server) => self.flushed(server),
            }
            if !was_warm && self.done >= warm {
                self.counted_from = self.now;
                self.times.clear();
                for station in self.machines.iter_mut().chain(&mut self.servers) {
                    station.worked = 0.0;
                }
            }
        }
        self.report()
    }

    fn report(mut self) -> String {
        let passed = self.now - self.counted_from;
        self.times.sort_by(f64::total_cmp);
        let part = |percent: usize| self.times[self.times.len() * percent / 100] / 1_000.0;
        let busy = |stations: &[Station]| {
            stations.iter().map(|station| station.worked / (passed * station.cores as f64)).sum::<f64>() / stations.len() as f64
        };
        let (machines, servers) = (busy(&self.machines), busy(&self.servers));
        let limit = match () {
            () if servers > 0.95 => "servers",
            () if machines > 0.95 => "machines",
            () => "threads, which wait for network and log",
        };
        format!(
            "| {} | {} | {} | {:.1} ms | {:.1} ms | {:.0} % | {:.0} % | {limit} |",
            self.machines.len(),
            self.servers.len(),
            rounded(self.times.len() as f64 / passed * 1e6),
            part(50),
            part(99),
            machines * 100.0,
            servers * 100.0,
        )
    }

    fn at(&mut self, delay: f64, happening: Happening) {
        self.number += 1;
        self.agenda.push(Reverse(At(self.now + delay, self.number, happening)));
    }

    /// A service time around its mean, as far from it as those of independent pieces of work are.
    fn around(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.random.f64()).ln()
    }

    fn begin_block(&mut self, index: usize) {
        let server = self.random.usize(0..self.servers.len());
        let thread = &mut self.threads[index];
        (thread.server, thread.step, thread.trips_left, thread.begun) = (server, Step::Engine, self.model.trips, self.now);
        self.work_on_machine(index);
    }

    /// The engine's part before, between and after round trips.
    fn work_on_machine(&mut self, index: usize) {
        let time = self.around(self.model.engine / f64::from(self.model.trips));
        self.enter(index, time);
    }

    /// The station where the thread works now.
    fn station(&mut self, index: usize) -> &mut Station {
        let thread = &self.threads[index];
        if thread.step == Step::Engine { &mut self.machines[thread.machine] } else { &mut self.servers[thread.server] }
    }

    fn enter(&mut self, index: usize, time: f64) {
        let station = self.station(index);
        if station.busy == station.cores {
            station.queue.push_back((index, time));
        } else {
            station.busy += 1;
            station.worked += time;
            self.at(time, Happening::Done(index));
        }
    }

    fn leave(&mut self, index: usize) {
        let station = self.station(index);
        match station.queue.pop_front() {
            Some((next, time)) => {
                station.worked += time;
                self.at(time, Happening::Done(next));
            }
            None => station.busy -= 1,
        }
    }

    fn next_step(&mut self, index: usize) {
        match self.threads[index].step {
            Step::Engine => {
                self.leave(index);
                self.threads[index].step = Step::ToServer;
                self.at(self.model.network, Happening::Done(index));
            }
            Step::ToServer => {
                self.threads[index].step = Step::Server;
                let time = self.around(self.model.server / f64::from(self.model.trips));
                self.enter(index, time);
            }
            Step::Server => {
                self.leave(index);
                self.threads[index].trips_left -= 1;
                if self.threads[index].trips_left > 0 {
                    self.threads[index].step = Step::Engine;
                    self.work_on_machine(index);
                } else {
                    self.threads[index].step = Step::Flush;
                    let server = self.threads[index].server;
                    self.logs[server].waiting.push(index);
                    if self.logs[server].flushing.is_empty() {
                        self.flush(server);
                    }
                }
            }
            Step::Flush => {}
        }
    }

    fn flush(&mut self, server: usize) {
        let log = &mut self.logs[server];
        log.flushing = std::mem::take(&mut log.waiting);
        if !log.flushing.is_empty() {
            self.at(self.model.flush, Happening::Flushed(server));
        }
    }

    fn flushed(&mut self, server: usize) {
        for index in std::mem::take(&mut self.logs[server].flushing) {
            self.times.push(self.now - self.threads[index].begun);
            self.done += 1;
            self.begin_block(index);
        }
        self.flush(server);
    }
}

/// Two digits are all that a model is good for.
fn rounded(number: f64) -> String {
    let unit = 10_f64.powf(number.log10().floor() - 1.0);
    format!("{:.0}", (number / unit).round() * unit)
}
