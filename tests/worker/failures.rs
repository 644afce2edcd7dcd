//! Two workers with 64 threads on one PostgreSQL while it fails under them, or one of them does: connections that are cut
//! during a commit, a server that is killed and started again, a worker that is stopped. Afterwards everything is as if one
//! thread had done it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::postgres;
use super::serial::{Stream, Trial};
use super::trials::signal;

/// A proxy before a server that cuts connections while they commit.
struct Proxy {
    port: u16,
    /// Whether it cuts any.
    cuts: Arc<AtomicBool>,
    commits: Arc<AtomicU32>,
}

/// Every so many commits a connection is cut.
const EVERY: u32 = 7;

impl Proxy {
    fn start(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let (cuts, commits) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let proxy = Self { port, cuts: Arc::clone(&cuts), commits: Arc::clone(&commits) };
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = UnixStream::connect(&socket).expect("the server");
                let is_mute = Arc::new(AtomicBool::new(false));
                let answers = (server.try_clone().expect("a clone"), client.try_clone().expect("a clone"), Arc::clone(&is_mute));
                std::thread::spawn(move || hand_back(answers.0, answers.1, &answers.2));
                let (cuts, commits) = (Arc::clone(&cuts), Arc::clone(&commits));
                std::thread::spawn(move || hand_on(client, server, &is_mute, &cuts, &commits));
            }
        });
        proxy
    }
}

/// From the client to the server; a connection that is cut is cut before its commit arrives, or before its answer does.
fn hand_on(mut client: TcpStream, mut server: UnixStream, is_mute: &AtomicBool, cuts: &AtomicBool, commits: &AtomicU32) {
    let mut bytes = vec![0; 65_536];
    while let Ok(read @ 1..) = client.read(&mut bytes) {
        if cuts.load(Ordering::SeqCst) && bytes[..read].windows(7).any(|window| window == b"COMMIT\0") {
            let number = commits.fetch_add(1, Ordering::SeqCst);
            if number.is_multiple_of(EVERY) && (number / EVERY).is_multiple_of(2) {
                let _ = client.shutdown(Shutdown::Both);
                let _ = server.shutdown(Shutdown::Both);
                return;
            }
            is_mute.store(number.is_multiple_of(EVERY), Ordering::SeqCst);
        }
        if server.write_all(&bytes[..read]).is_err() {
            return;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}

fn hand_back(mut server: UnixStream, mut client: TcpStream, is_mute: &AtomicBool) {
    let mut bytes = vec![0; 65_536];
    while let Ok(read @ 1..) = server.read(&mut bytes) {
        if is_mute.load(Ordering::SeqCst) || client.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

/// Half of the 64 threads of a trial, for each of its two workers.
const OPTIONS: &[&str] = &["--threads", "32"];

/// The address of a database, for 32 threads.
fn for_many(url: &str) -> String {
    format!("{url}{}pool=32", if url.contains('?') { '&' } else { '?' })
}

#[test]
fn two_workers_with_64_threads() {
    let Some(url) = postgres::fresh_url() else { return };
    let stream = Stream::of_the_trial();
    let mut trial = Trial::new(stream, Some(for_many(&url)), OPTIONS, 2);
    stream.put_into(&trial.bot, 0..stream.events);
    // All of them come a second time.
    stream.put_into(&trial.bot, 0..stream.events);
    trial.work(|_, _| ());
    trial.compare_with_one_thread("two workers with 64 threads");
}

#[test]
fn connections_that_are_cut_during_commits() {
    let Some(url) = postgres::fresh_url() else { return };
    let Some(socket) = postgres::socket(&url) else { return };
    let proxy = Proxy::start(socket);
    let database = url.rsplit('/').next().expect("a database");
    let stream = Stream::of_the_trial();
    let mut trial = Trial::new(stream, Some(url.clone()), OPTIONS, 0);
    trial.address_of_workers = Some(for_many(&format!("postgres://calc@127.0.0.1:{}/{database}?sslmode=disable", proxy.port)));
    stream.put_into(&trial.bot, 0..stream.events);
    proxy.cuts.store(true, Ordering::SeqCst);
    trial.start(2);
    trial.work(|_, _| ());
    proxy.cuts.store(false, Ordering::SeqCst);
    let cut = proxy.commits.load(Ordering::SeqCst) / EVERY;
    assert!(cut > 10, "{cut} connections were cut");
    trial.compare_with_one_thread(&format!("{cut} connections cut during a commit"));
}

#[test]
fn a_server_that_is_killed_and_started_again() {
    let Some(mut server) = postgres::OwnServer::start(&["max_connections = 200"]) else { return };
    let stream = Stream::of_the_trial();
    let mut trial = Trial::new(stream, Some(for_many(&server.url())), OPTIONS, 2);
    stream.put_into(&trial.bot, 0..stream.events);
    let mut restarts: Vec<usize> = [4, 2, 1].map(|part| stream.events as usize * (5 - part) / 5).to_vec();
    restarts.reverse();
    trial.work(|_, done| {
        if restarts.last().is_some_and(|next| done >= *next) {
            restarts.pop();
            server.restart();
        }
    });
    assert!(restarts.is_empty());
    trial.compare_with_one_thread("the server killed three times");
}

/// One of two workers is stopped in the middle until the other one has done everything, and goes on then.
#[test]
fn a_worker_that_is_stopped_past_its_lease() {
    let Some(url) = postgres::fresh_url() else { return };
    let stream = Stream::of_the_trial();
    let mut trial = Trial::new(stream, Some(for_many(&url)), OPTIONS, 2);
    stream.put_into(&trial.bot, 0..stream.events);
    let mut sleeper = None;
    trial.work(|trial, done| {
        if sleeper.is_none() && done >= stream.events as usize / 3 {
            let worker = trial.workers.remove(0);
            signal(&worker, "-STOP");
            sleeper = Some(worker);
        }
    });
    let sleeper = sleeper.expect("it was stopped");
    signal(&sleeper, "-CONT");
    trial.workers.push(sleeper);
    // It finds what it held to be another's, and what comes again to be done.
    stream.put_into(&trial.bot, 0..stream.events);
    trial.work(|_, _| ());
    trial.compare_with_one_thread("a worker stopped past its lease");
}
