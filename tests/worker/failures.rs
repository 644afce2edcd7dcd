//! A database that fails under a worker: connections that are cut during a commit, a server that is killed and started again.
//! Afterwards everything has happened once.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde_json::{Value as Json, json};

use super::postgres;
use super::trials::{happened_once, stream_event};
use super::{Bot, Running};

/// How many events a worker gets; `CALC_TRIAL_EVENTS=10000` is the long form.
fn count() -> u32 {
    std::env::var("CALC_TRIAL_EVENTS").map_or(120, |count| count.parse().expect("a number of events"))
}

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

/// Writes all events and confirms all messages; the ids of the events that were reported, and how many came as repeated.
fn work(worker: &mut Running, count: u32, mut after: impl FnMut(usize)) -> (BTreeSet<String>, usize) {
    for number in 0..count {
        worker.write(&stream_event(number));
    }
    let (mut events, mut repeated, mut confirmed) = (BTreeSet::new(), 0, BTreeSet::new());
    while events.len() < count as usize || confirmed.len() < count as usize {
        let line = worker.next();
        if line["outcome"].is_object() {
            assert_eq!(line["outcome"]["status"], "ok", "{line}");
            repeated += usize::from(line["outcome"]["repeated"] == true);
            assert!(events.insert(line["event"].as_str().expect("an id").to_owned()), "reported twice: {line}");
            after(events.len());
        } else {
            let send = &line["send"];
            assert!(send.is_object(), "{line}");
            confirmed.insert((send["client"].as_i64(), send["number"].as_i64()));
            worker.write(&json!({"delivered": {"client": send["client"], "number": send["number"]}}));
        }
    }
    (events, repeated)
}

fn delivered(dump: &Json) -> usize {
    let clients = dump["clients"].as_array().expect("clients").iter();
    let history = clients.flat_map(|client| client["history"].as_array().expect("a history"));
    history.filter(|entry| entry["direction"] == "out" && entry["delivered"] == true).count()
}

#[test]
fn connections_that_are_cut_during_commits() {
    let Some(url) = postgres::fresh_url() else { return };
    let Some(socket) = postgres::socket(&url) else { return };
    let proxy = Proxy::start(socket);
    let database = url.rsplit('/').next().expect("a database");
    let bot = Bot::new(Some(format!("postgres://calc@127.0.0.1:{}/{database}?sslmode=disable", proxy.port)));
    let count = count();
    proxy.cuts.store(true, Ordering::SeqCst);
    let mut worker = Running::start(&bot, &["--threads", "4", "--lease", "1"]);
    let (_, repeated) = work(&mut worker, count, |_| {});
    proxy.cuts.store(false, Ordering::SeqCst);
    worker.close_input();
    assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    let cut = proxy.commits.load(Ordering::SeqCst) / EVERY;
    assert!(cut > 10, "{cut} connections were cut");
    assert_eq!(delivered(&bot.dump()), count as usize, "each message was delivered");
    happened_once(&bot, count, 0);
    eprintln!("{count} events, {cut} connections cut during a commit, {repeated} outcomes found to be there already");
}

#[test]
fn a_server_that_is_killed_and_started_again() {
    let Some(mut server) = postgres::OwnServer::start(&[]) else { return };
    let bot = Bot::new(Some(server.url()));
    let count = count();
    let mut worker = Running::start(&bot, &["--threads", "4", "--lease", "1"]);
    let (_, repeated) = work(&mut worker, count, |done| {
        if [count / 5, count / 2, count - count / 5].contains(&u32::try_from(done).expect("few")) {
            server.restart();
        }
    });
    worker.close_input();
    assert_eq!(worker.child.wait().expect("its end").code(), Some(0));
    assert_eq!(delivered(&bot.dump()), count as usize, "each message was delivered");
    happened_once(&bot, count, 0);
    eprintln!("{count} events, the server killed three times, {repeated} outcomes found to be there already");
}
