//! A `PostgreSQL` server for tests: found, started unprivileged in a temporary folder with a socket there, stopped when
//! the test process ends. Each test gets a database of its own. `CALC_TEST_POSTGRES` names a running server instead,
//! `CALC_TEST_POSTGRES_BIN` the folder of another version's binaries.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use calc::store::PostgresStore;
use tempfile::TempDir;

/// The URL of an empty database with tables; `None`, and a loud word, where there is no server.
pub fn fresh_url() -> Option<String> {
    let server = server()?;
    let name = name();
    server.execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
    Some(server.url(&name))
}

/// The URL of a database without tables.
#[allow(dead_code, reason = "not every test binary needs it")]
pub fn empty_url() -> Option<String> {
    let server = server()?;
    let name = name();
    server.execute(&format!("CREATE DATABASE {name}"));
    Some(server.url(&name))
}

/// The socket of the server that a URL names, when it is one that was started here.
#[allow(dead_code, reason = "not every test binary needs it")]
pub fn socket(url: &str) -> Option<PathBuf> {
    let folder = url.split_once('@')?.1.split_once(':')?.0.replace("%2F", "/");
    Some(Path::new(&folder).join(".s.PGSQL.5432")).filter(|path| path.exists())
}

/// A store on an empty database.
#[allow(dead_code, reason = "not every test binary needs it")]
pub fn fresh() -> Option<PostgresStore> {
    Some(PostgresStore::open(&fresh_url()?, false).expect("a fresh database"))
}

fn name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("calc_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Whether the server that is started keeps its promises through a crash of the machine; tests are faster without.
pub static IS_DURABLE: AtomicBool = AtomicBool::new(false);

const TEMPLATE: &str = "calc_template";

struct Server {
    /// The URL up to the name of the database.
    base: String,
    /// One of this thread's own, so that a test inside a runtime can make a database, too.
    runtime: tokio::runtime::Runtime,
    _process: Option<Child>,
    _folder: Option<TempDir>,
}

fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let server = match std::env::var("CALC_TEST_POSTGRES") {
            Ok(url) => Some(Server::running(&url)),
            Err(_) => binaries().map(|folder| Server::start(&folder)),
        };
        if let Some(server) = &server {
            server.execute(&format!("DROP DATABASE IF EXISTS {TEMPLATE}"));
            server.execute(&format!("CREATE DATABASE {TEMPLATE}"));
            PostgresStore::open(&server.url(TEMPLATE), true).expect("the tables");
        }
        server
    });
    if server.is_none() {
        let hint = "no PostgreSQL was found: install it (Debian: postgresql) or set CALC_TEST_POSTGRES to the URL of a server";
        assert!(std::env::var_os("CI").is_none(), "{hint}");
        eprintln!("SKIPPED: {hint}");
    }
    server.as_ref()
}

/// The folder with `postgres` and `initdb`.
fn binaries() -> Option<PathBuf> {
    let has = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    if let Some(folder) = std::env::var_os("CALC_TEST_POSTGRES_BIN") {
        let folder = PathBuf::from(folder);
        assert!(has(&folder), "CALC_TEST_POSTGRES_BIN: there are no `initdb` and `postgres` in {}", folder.display());
        return Some(folder);
    }
    let mut debian: Vec<PathBuf> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let asked = asked.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian.into_iter().rev().chain(asked).chain(std::env::split_paths(&path)).find(has)
}

impl Server {
    fn running(url: &str) -> Self {
        Self { base: url.trim_end_matches('/').to_owned(), runtime: runtime(), _process: None, _folder: None }
    }

    /// Makes a cluster and starts it. The shell that runs it waits for the end of its standard input, which comes when
    /// this process ends, however it ends.
    fn start(binaries: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("calc-postgres-").tempdir().expect("a folder");
        let prefix = unprivileged(folder.path());
        let durable = if IS_DURABLE.load(Ordering::Relaxed) { "on" } else { "off" };
        let script = format!(
            "cd \"$1\" && {prefix}\"$0/initdb\" -D \"$1/data\" -U calc --auth=trust --no-sync -E UTF8 --locale=C >\"$1/initdb.log\" 2>&1 || exit 1
             {prefix}\"$0/postgres\" -D \"$1/data\" -k \"$1\" -c listen_addresses= -c max_connections=200 -c fsync={durable} \
             -c synchronous_commit={durable} -c full_page_writes={durable} -c max_prepared_transactions=0 >\"$1/log\" 2>&1 &
             server=$!
             cat >/dev/null
             kill -QUIT $server
             wait $server
             rm -rf \"$1\""
        );
        let mut shell = Command::new("sh");
        let mut process = shell.arg("-c").arg(script).arg(binaries).arg(folder.path()).stdin(Stdio::piped()).spawn().expect("sh");
        let socket = folder.path().to_str().expect("a path in UTF-8").replace('/', "%2F");
        let server = Self { base: format!("postgres://calc@{socket}:5432"), runtime: runtime(), _process: None, _folder: None };
        for _ in 0..600 {
            if server.try_execute("SELECT 1").is_ok() {
                return Self { _process: Some(process), _folder: Some(folder), ..server };
            }
            assert!(process.try_wait().expect("its state").is_none(), "no server: {}", log(folder.path()));
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("the server did not start: {}", log(folder.path()))
    }

    fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.base)
    }

    fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    fn try_execute(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        let work = || {
            self.runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&self.url("postgres"), tokio_postgres::NoTls).await?;
                tokio::spawn(connection);
                client.batch_execute(sql).await
            })
        };
        std::thread::scope(|scope| scope.spawn(work).join().expect("no panic"))
    }
}

/// A server of a test's own, which keeps what it has promised when it is killed, and can be started again.
#[allow(dead_code, reason = "not every test binary needs it")]
pub struct OwnServer {
    binaries: PathBuf,
    folder: TempDir,
    prefix: String,
    /// Stops the server when this process ends, however it ends.
    keeper: Child,
    port: u16,
}

#[allow(dead_code, reason = "not every test binary needs it")]
impl OwnServer {
    /// Starts one with a port and with more lines of settings, in which `FOLDER` is its folder.
    pub fn start(settings: &[&str]) -> Option<Self> {
        Self::start_with(settings, |_| true)
    }

    /// The same, after something was done with its folder; `None` where that could not be done.
    pub fn start_with(settings: &[&str], prepare: impl FnOnce(&Path) -> bool) -> Option<Self> {
        // Skipped, and loudly, where there is no server at all.
        server()?;
        let binaries = binaries()?;
        let folder = tempfile::Builder::new().prefix("calc-postgres-own-").tempdir().expect("a folder");
        if !prepare(folder.path()) {
            return None;
        }
        let prefix = unprivileged(folder.path());
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let stop = format!("{prefix}\"$0/pg_ctl\" -D \"$1/data\" -m immediate stop >/dev/null 2>&1; rm -rf \"$1\"");
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("cat >/dev/null; {stop}")).arg(&binaries).arg(folder.path());
        let keeper = shell.stdin(Stdio::piped()).spawn().expect("sh");
        let server = Self { binaries, folder, prefix, keeper, port };
        server.shell("\"$0/initdb\" -D \"$1/data\" -U calc --auth=trust --no-sync -E UTF8 --locale=C");
        let path = server.folder.path().join("data/postgresql.conf");
        let mut text = std::fs::read_to_string(&path).expect("the settings");
        let socket = server.folder.path().display();
        text += &format!("\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{socket}'\nfsync = off\n");
        text += &settings.join("\n").replace("FOLDER", &socket.to_string());
        std::fs::write(&path, text).expect("the settings");
        server.shell("\"$0/pg_ctl\" -D \"$1/data\" -l \"$1/log\" -w -t 60 start");
        Some(server)
    }

    /// Its address, over TCP.
    pub fn url(&self) -> String {
        format!("postgres://calc@127.0.0.1:{}/postgres", self.port)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends it as a crash does, and starts it again.
    pub fn restart(&mut self) {
        self.shell("\"$0/pg_ctl\" -D \"$1/data\" -l \"$1/log\" -m immediate -w -t 60 restart");
    }

    fn shell(&self, command: &str) {
        let script = format!("cd \"$1\" && {}{command} >>\"$1/initdb.log\" 2>&1 </dev/null", self.prefix);
        let status = Command::new("sh").arg("-c").arg(script).arg(&self.binaries).arg(self.folder.path()).status();
        assert!(status.is_ok_and(|status| status.success()), "{command}: {}", log(self.folder.path()));
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// What runs a program as somebody who owns the folder and is not root; servers refuse to run as root.
pub fn unprivileged(folder: &Path) -> String {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"));
    if !is_root {
        return String::new();
    }
    let exists = |user: &&str| Command::new("id").arg(user).output().is_ok_and(|output| output.status.success());
    let user = ["postgres", "nobody"].into_iter().find(exists).expect("an unprivileged user");
    let changed = Command::new("chown").arg("-R").arg(user).arg(folder).status();
    assert!(changed.is_ok_and(|status| status.success()), "chown {user}");
    format!("setpriv --reuid={user} --clear-groups --inh-caps=-all ")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn log(folder: &Path) -> String {
    ["initdb.log", "log"].iter().filter_map(|name| std::fs::read_to_string(folder.join(name)).ok()).collect()
}
