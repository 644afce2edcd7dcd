//! What only the `PostgreSQL` driver can get wrong: addresses, servers that go away, hosts with a runtime, a pooler.

#![cfg(feature = "postgres")]

#[path = "postgres/hosts.rs"]
mod hosts;
mod postgres;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use calc::crm;
use calc::crm::{BlockId, ClientId, ProjectId};
use calc::engine::{Engine, Event, Status};
use calc::store::{Batch, Durability, IdPool, PostgresStore, Rows, Statement, Store, StoreError, StoreErrorKind, Transaction};

fn kind_of(url: &str) -> (StoreErrorKind, String) {
    match PostgresStore::open(url, false) {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => (error.kind(), error.to_string()),
    }
}

#[test]
fn a_wrong_address_is_explained_and_keeps_its_password() {
    for (url, word) in [
        ("postgres://calc:secret@localhost:many/shop", "port"),
        ("postgres://calc:secret@localhost/shop?sslmode=sometimes", "sslmode=sometimes"),
        ("postgres://calc:secret@localhost/shop?pool=0", "pool=0"),
        ("postgres://calc:secret@localhost/shop?lock_timeout=soon", "lock_timeout=soon"),
        ("postgres://calc:secret@localhost/shop?pgbouncer=maybe", "pgbouncer=maybe"),
        ("postgres://calc:secret@localhost/shop?no_such_option=1", "no_such_option"),
    ] {
        let (kind, message) = kind_of(url);
        assert_eq!(kind, StoreErrorKind::Address, "{message}");
        assert!(message.contains(word), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let (kind, message) = kind_of(&format!("postgres://calc:secret@127.0.0.1:{port}/shop"));
    assert_eq!(kind, StoreErrorKind::Unavailable);
    assert!(message.contains(&format!("127.0.0.1:{port}/shop")) && !message.contains("secret"), "{message}");
}

#[test]
fn something_else_that_listens_is_no_server() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let other = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a guest");
        let _ = stream.read(&mut [0; 64]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let (kind, message) = kind_of(&format!("postgres://calc@{address}/shop?connect_timeout=5"));
    other.join().expect("the other");
    assert_eq!(kind, StoreErrorKind::Unavailable, "{message}");
}

#[test]
fn a_database_without_tables_says_how_to_make_them() {
    let Some(url) = postgres::empty_url() else { return };
    let (kind, message) = kind_of(&url);
    assert_eq!(kind, StoreErrorKind::Missing);
    assert!(message.contains("calc crm init"), "{message}");
}

static SERVER_VERSION: Statement = Statement { name: "version", sql: "SELECT current_setting('server_version')", lock: None, guard: false };

/// So that CI cannot try one version twice.
#[test]
fn the_server_has_the_version_that_was_asked_for() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&url, false).expect("a store");
    let mut batch = Batch::new();
    batch.add(&SERVER_VERSION);
    let version = store.read(&batch).expect("an answer").remove(0).reader().text().expect("a text");
    eprintln!("PostgreSQL {version}");
    let wanted = std::env::var("CALC_TEST_POSTGRES_VERSION").unwrap_or_default();
    assert!(version.starts_with(&wanted), "{version} in place of {wanted}");
}

#[test]
fn several_processes_make_the_tables_at_once() {
    let Some(url) = postgres::empty_url() else { return };
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            std::thread::spawn(move || PostgresStore::open(&url, true).map(drop))
        })
        .collect();
    for opened in opening {
        opened.join().expect("no panic").expect("a store");
    }
}

fn order(store: &dyn Store) -> String {
    let engine = Engine::new();
    let block = engine.block(Some(BlockId(7)), "deal = create_order('Mugs', 1500)", "Number #{deal}").expect("it compiles");
    let now = chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a time");
    let outcome = engine.run(store, ProjectId(1), ClientId(101), &block, &Event::at(now)).expect("a run");
    outcome.message.text.unwrap_or_default()
}

/// A client that has nothing and nobody.
const NEW_CLIENT: i64 = 7;

fn demo(store: &dyn Store) {
    let mut file = crm::demo().expect("the demo");
    let new = serde_json::json!({"project": {"id": 1, "name": "New"}, "clients": [{"id": NEW_CLIENT, "name": "New"}]});
    file.clients.extend(crm::ProjectFile::parse(&new.to_string(), chrono::DateTime::UNIX_EPOCH).expect("a client").clients);
    file.clients.sort_by_key(|entry| entry.client.id);
    crm::load(store, &file).expect("loading");
}

static SLEEP: Statement = Statement { name: "sleep", sql: "SELECT CAST(1 AS BIGINT) FROM pg_sleep(30)", lock: None, guard: false };
static KILL_OTHERS: Statement = Statement {
    name: "kill others",
    sql: "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity \
          WHERE datname = current_database() AND pid <> pg_backend_pid()",
    lock: None,
    guard: false,
};

fn run(store: &dyn Store, statement: &'static Statement) -> Result<(), calc::store::StoreError> {
    let mut batch = Batch::new();
    batch.add(statement);
    store.begin()?.commit(&batch)
}

#[test]
fn a_statement_that_takes_too_long_is_stopped_and_may_be_tried_again() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&format!("{url}?statement_timeout=0.2"), false).expect("a store");
    let error = run(&store, &SLEEP).expect_err("it is stopped");
    assert_eq!(error.kind(), StoreErrorKind::Busy, "{error}");
    demo(&store);
    assert!(order(&store).starts_with("Number "));
}

#[test]
fn connections_that_the_server_closed_are_replaced() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&url, false).expect("a store");
    demo(&store);
    order(&store);
    let other = PostgresStore::open(&url, false).expect("another store");
    run(&other, &KILL_OTHERS).expect("killing");
    assert!(order(&store).starts_with("Number "));
}

#[test]
fn a_connection_that_is_cut_inside_a_transaction_leaves_nothing() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = PostgresStore::open(&url, false).expect("a store");
    demo(&store);
    let before = crm::dump(&store, ProjectId(1)).expect("a dump").expect("the project").to_json();
    let mut transaction = store.begin().expect("a transaction");
    let mut batch = Batch::new();
    batch.add(&calc::internals::statements::DELETE_PROJECT).int(1);
    transaction.run(&batch).expect("deleting");
    run(&PostgresStore::open(&url, false).expect("another store"), &KILL_OTHERS).expect("killing");
    let error = transaction.commit(&Batch::new()).expect_err("the connection is gone");
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    assert_eq!(crm::dump(&store, ProjectId(1)).expect("a dump").expect("the project").to_json(), before);
}

/// Whether the proxy goes away at the next `COMMIT`.
static CUTS: AtomicBool = AtomicBool::new(false);

/// A proxy that goes away when the client says `COMMIT`: the host hears that it is not known what was kept.
#[test]
fn a_connection_that_is_cut_during_the_commit_is_no_success() {
    let Some(url) = postgres::fresh_url() else { return };
    let Some(socket) = postgres::socket(&url) else { return };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = std::os::unix::net::UnixStream::connect(&socket).expect("the server");
            let (mut from_server, mut to_client) = (server.try_clone().expect("a clone"), client.try_clone().expect("a clone"));
            std::thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
            std::thread::spawn(move || hand_on_until_commit(client, server));
        }
    });
    let database = url.rsplit('/').next().expect("a database");
    let store = PostgresStore::open(&format!("postgres://calc@127.0.0.1:{port}/{database}?sslmode=disable"), false);
    let store = store.expect("a store");
    CUTS.store(true, Ordering::SeqCst);
    let error = run(&store, &calc::internals::statements::SCHEMA_VERSION).expect_err("the connection is cut");
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(error.to_string().contains("not known whether the changes were kept"), "{error}");
}

fn hand_on_until_commit(mut client: TcpStream, mut server: std::os::unix::net::UnixStream) {
    let mut bytes = [0; 8192];
    while let Ok(read @ 1..) = client.read(&mut bytes) {
        if CUTS.load(Ordering::SeqCst) && bytes[..read].windows(7).any(|window| window == b"COMMIT\0") {
            let _ = client.shutdown(std::net::Shutdown::Both);
            let _ = server.shutdown(std::net::Shutdown::Both);
            return;
        }
        if server.write_all(&bytes[..read]).is_err() {
            return;
        }
    }
}

/// A pooler that gives each transaction another connection: nothing that outlives a transaction may be relied on.
#[test]
fn behind_pgbouncer() {
    let Some(url) = postgres::fresh_url() else { return };
    let Some(socket) = postgres::socket(&url) else { return };
    let Ok(found) = Command::new("sh").args(["-c", "command -v pgbouncer || ls /usr/sbin/pgbouncer"]).output() else { return };
    let program = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    if program.is_empty() {
        assert!(std::env::var_os("CI").is_none(), "install pgbouncer");
        eprintln!("SKIPPED: there is no pgbouncer");
        return;
    }
    let folder = tempfile::Builder::new().prefix("calc-pgbouncer-").tempdir().expect("a folder");
    let place = folder.path().display();
    let server = socket.parent().expect("a folder").display();
    let settings = format!(
        "[databases]\n* = host={server} port=5432 user=calc\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = {place}\n\
         auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n\
         logfile = {place}/log\npidfile = {place}/pid\n"
    );
    std::fs::write(folder.path().join("pgbouncer.ini"), settings).expect("a file");
    let prefix = postgres::unprivileged(folder.path());
    // Ends with this process, as the server does.
    let script = format!("{prefix}{program} -q {place}/pgbouncer.ini & pooler=$!; cat >/dev/null; kill -INT $pooler; wait $pooler");
    let mut pooler = Command::new("sh").arg("-c").arg(script).stdin(Stdio::piped()).spawn().expect("sh");
    let database = url.rsplit('/').next().expect("a database");
    let address = format!("postgres://calc@{}:6432/{database}?pgbouncer=true", folder.path().display().to_string().replace('/', "%2F"));
    let store = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        PostgresStore::open(&address, true).ok()
    });
    let store = store.unwrap_or_else(|| panic!("{}", std::fs::read_to_string(folder.path().join("log")).unwrap_or_default()));
    demo(&store);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert!(order(&store).starts_with("Number "));
                }
            });
        }
    });
    let dump = crm::dump(&store, ProjectId(1)).expect("a dump").expect("the project").to_json();
    let deals = dump["deals"].as_array().expect("deals").iter().filter(|deal| deal["name"] == "Mugs").count();
    assert_eq!(deals, 20);
    drop(pooler.stdin.take());
    let _ = pooler.wait();
}

/// A store that remembers which statements went together.
#[derive(Clone)]
struct Listening {
    store: std::sync::Arc<dyn Store>,
    heard: std::sync::Arc<std::sync::Mutex<Vec<Vec<&'static str>>>>,
}

impl Listening {
    fn hear(&self, batch: &Batch<'_>) {
        let names = batch.iter().map(|(statement, _)| statement.name).collect();
        self.heard.lock().expect("no panic").push(names);
    }
}

impl Store for Listening {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.hear(batch);
        self.store.read(batch)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        self.hear(batch);
        self.store.write(batch, durability)
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(Box::new(ListeningTransaction(self.store.begin()?, self.clone())))
    }

    fn handle(&self) -> std::sync::Arc<dyn Store> {
        std::sync::Arc::new(self.clone())
    }

    fn ids(&self) -> &IdPool {
        self.store.ids()
    }
}

struct ListeningTransaction(Box<dyn Transaction>, Listening);

impl Transaction for ListeningTransaction {
    fn run(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.1.hear(batch);
        self.0.run(batch)
    }

    fn commit(self: Box<Self>, last: &Batch<'_>) -> Result<(), StoreError> {
        self.1.hear(last);
        self.0.commit(last)
    }

    fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.0.rollback()
    }
}

/// What a block asks of the server, its commit included: four times at the most, for each example and for ten calls.
#[test]
fn blocks_take_few_round_trips() {
    let Some(url) = postgres::fresh_url() else { return };
    let store = Listening { store: PostgresStore::open(&url, false).expect("a store").handle(), heard: std::sync::Arc::default() };
    let engine = Engine::new();
    let now = chrono::DateTime::from_timestamp(1_795_341_600, 0).expect("a time");
    let mut found = Vec::new();
    let mut measure = |name: &str, source: &str, client: i64| {
        demo(&*store.store);
        store.heard.lock().expect("no panic").clear();
        let block = engine.block_file(Some(BlockId(7)), source).unwrap_or_else(|diagnostics| panic!("{name}: {diagnostics:?}"));
        let event = Event::at(now).with_seed(1).with_id(name).with_text("I want mugs");
        let outcome = engine.run(&store, ProjectId(1), ClientId(client), &block, &event).expect("a run");
        assert_eq!(outcome.status, Status::Ok, "{name}: {:?}", outcome.diagnostics);
        let heard = std::mem::take(&mut *store.heard.lock().expect("no panic"));
        assert_eq!(heard.len() as u64, outcome.usage.round_trips, "{name}: {heard:#?}");
        found.push((name.to_owned(), outcome.usage.crm_calls, heard));
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut files: Vec<_> = folder.read_dir().expect("the examples").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    for path in files {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let is_test = name.contains(".test.");
        if !is_test && path.extension().is_some_and(|extension| extension == "calc" || extension == "block") {
            measure(&name, &std::fs::read_to_string(&path).expect("a file"), 101);
        }
    }
    let ten = "deal = create_order('Mugs', 1500)
set_order_var(deal, 'color', 'red')
set_order_budget(1700)
set_order_name('Red mugs')
change_state(12, deal)
set_note('ordered')
add_unread()
create_task('olga@example.com', 'Call', '25.11.2026', 'today')
assign_to_user('olga@example.com')
count = count_client_orders()
---
Number #{deal}\n";
    measure("ten calls", ten, 101);
    // Nothing of this client is known before: neither an operator nor a deal nor a visit of the block.
    let ten = "deal = create_order('Website order', 1500, 'from the site')
set_order_var(deal, 'city', 'Berlin')
set_order_var(deal, 'source', 'site')
name = get_order_var(deal, 'name')
task = create_task('olga@example.com', 'Call back', '25.11.2026', 'about the order', '10:00')
set_note('new order from the site')
add_unread()
stage = get_state_id()
count = len(get_active_orders_ids())
move_order_to_next_state(deal)
---
Your order number is #{deal}
";
    measure("ten calls for a new client", ten, NEW_CLIENT);
    for (name, calls, heard) in &found {
        eprintln!("{name}: {calls} calls, {} round trips", heard.len());
    }
    let over: Vec<_> = found.iter().filter(|(_, _, heard)| heard.len() > 4).collect();
    assert!(over.is_empty(), "{over:#?}");
    let known = found.last().expect("some");
    assert_eq!(known.2.len(), 2, "all that it needs travels with the opening: {known:#?}");
    assert!(found.iter().rev().take(2).all(|(_, calls, _)| *calls == 10), "{found:#?}");
}

/// Certificates of an authority of the test's own; `false`, and a loud word, where nothing can make them.
fn make_certificates(folder: &std::path::Path) -> bool {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    let script = format!(
        "set -e; cd \"$0\"
         for name in ca other; do openssl req -x509 {key} -keyout $name.key -out $name.crt -days 2 -subj /CN=$name; done
         openssl req {key} -keyout server.key -out server.csr -subj /CN=localhost
         echo subjectAltName=DNS:localhost >names
         openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt
         chmod 600 server.key
         printf 'local all all trust\\nhostssl all all 127.0.0.1/32 trust\\n' >hba"
    );
    let made = Command::new("sh").arg("-c").arg(script).arg(folder).output().is_ok_and(|output| output.status.success());
    if !made {
        assert!(std::env::var_os("CI").is_none(), "install openssl");
        eprintln!("SKIPPED: openssl cannot make certificates here");
    }
    made
}

static IS_ENCRYPTED: Statement = Statement {
    name: "is encrypted",
    sql: "SELECT CAST(version AS TEXT) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl",
    lock: None,
    guard: false,
};

#[test]
fn certificates_are_verified_as_far_as_the_address_asks() {
    let settings = ["ssl = on", "ssl_cert_file = 'FOLDER/server.crt'", "ssl_key_file = 'FOLDER/server.key'", "hba_file = 'FOLDER/hba'"];
    let Some(server) = postgres::OwnServer::start_with(&settings, make_certificates) else { return };
    let port = server.url().rsplit_once(':').and_then(|(_, rest)| rest.split('/').next()).expect("a port").to_owned();
    let file = |name: &str| server.folder().join(name).display().to_string();
    let (ca, other) = (file("ca.crt"), file("other.crt"));
    let url = |host: &str, options: &str| format!("postgres://calc@{host}:{port}/postgres?{options}");
    for (host, options) in [
        ("localhost", "sslmode=require".to_owned()),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={ca}")),
        ("localhost", format!("sslmode=verify-full&sslrootcert={ca}")),
    ] {
        let store = PostgresStore::open(&url(host, &options), true).unwrap_or_else(|error| panic!("{host} {options}: {error}"));
        let mut batch = Batch::new();
        batch.add(&IS_ENCRYPTED);
        let version = store.read(&batch).expect("an answer").remove(0).reader().text().expect("a text");
        assert!(version.starts_with("TLSv1."), "{version}");
        demo(&store);
        assert!(order(&store).starts_with("Number "));
    }
    for (host, options, reason) in [
        ("localhost", "sslmode=disable".to_owned(), "no encryption"),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={ca}"), "not valid for name \"127.0.0.1\""),
        ("localhost", format!("sslmode=verify-full&sslrootcert={other}"), "UnknownIssuer"),
        ("localhost", format!("sslmode=verify-ca&sslrootcert={other}"), "UnknownIssuer"),
        ("localhost", "sslmode=verify-full&sslrootcert=/no/such/file".to_owned(), "/no/such/file"),
    ] {
        let (kind, message) = kind_of(&url(host, &options));
        assert!(kind == StoreErrorKind::Unavailable && message.contains(reason), "{host} {options}: {message}");
    }
}
