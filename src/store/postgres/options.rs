//! What a `postgres://` URL says: where the server is, as libpq understands it, and a few settings of this program's own.

use std::str::FromStr as _;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};

use super::connection::Begin;
use super::failure::DriverError;
use super::tls::{self, Trust};
use crate::store::{StoreError, StoreErrorKind};
use crate::wording::{Argument, message};

/// The settings of a store.
pub(super) struct ConnectionOptions {
    config: Config,
    trust: Trust,
    /// The server and the database, for messages; without user and password.
    pub server: String,
    /// How many connections there are at the most.
    pub pool: u32,
    /// How long a transaction waits for a free connection.
    pub pool_timeout: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// After this without an answer a connection is given up; longer than the server itself lets a statement run.
    pub answer_timeout: Duration,
    /// Whether other programs use the same connection between two transactions of this one.
    pub behind_pgbouncer: bool,
    /// What begins a transaction, by [`Begin`].
    begins: [String; 3],
}

/// The settings of our own in the query part of the URL.
const OWN: [&str; 9] =
    ["pool", "pool_timeout", "statement_timeout", "lock_timeout", "idle_timeout", "pgbouncer", "sslmode", "sslrootcert", "connect_timeout"];

impl ConnectionOptions {
    /// Reads a URL.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let mut own: [Option<String>; OWN.len()] = Default::default();
        let mut rest: Vec<&str> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match OWN.iter().position(|own| *own == name) {
                Some(index) => own[index] = Some(percent_decode_str(value).decode_utf8_lossy().into_owned()),
                None => rest.push(pair),
            }
        }
        let value = |name: &str| OWN.iter().position(|own| *own == name).and_then(|index| own[index].as_deref());
        let url = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
        let mut config = Config::from_str(&url).map_err(|error| {
            wrong(match std::error::Error::source(&error) {
                Some(reason) => reason.to_string(),
                None => error.to_string(),
            })
        })?;

        let seconds = |name: &str, default: u64| match value(name) {
            None => Ok(Duration::from_secs(default)),
            Some(text) => match text.parse::<f64>() {
                Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => Ok(Duration::from_secs_f64(seconds)),
                _ => Err(wrong(message!("server-seconds", setting = format!("{name}={text}")))),
            },
        };
        let statement = seconds("statement_timeout", 30)?;
        let lock = seconds("lock_timeout", 10)?;
        // A process that stops inside a transaction must not keep a client's row locked for good.
        let idle = seconds("idle_timeout", 60)?;
        let connect_timeout = seconds("connect_timeout", 10)?;
        let pool_timeout = seconds("pool_timeout", 30)?;
        let pool = match value("pool") {
            None => 16,
            Some(text) => match text.parse() {
                Ok(size @ 1..=1_000) => size,
                _ => return Err(wrong(message!("server-pool", setting = format!("pool={text}")))),
            },
        };
        let behind_pgbouncer = match value("pgbouncer") {
            None | Some("false" | "0") => false,
            Some("true" | "1" | "transaction") => true,
            Some(text) => return Err(wrong(message!("server-pgbouncer", setting = format!("pgbouncer={text}")))),
        };
        let trust = Trust::of(value("sslmode"), value("sslrootcert")).map_err(wrong)?;
        config.ssl_mode(match &trust {
            Trust::Nothing => SslMode::Disable,
            Trust::Any { required: false } => SslMode::Prefer,
            _ => SslMode::Require,
        });
        config.connect_timeout(connect_timeout);
        config.keepalives_idle(Duration::from_secs(30));
        if config.get_application_name().is_none() {
            config.application_name("calc");
        }
        let settings = [("statement_timeout", statement), ("lock_timeout", lock), ("idle_in_transaction_session_timeout", idle)];
        let mut own_settings = String::new();
        if behind_pgbouncer {
            // The pooler hands on no settings of a connection, so each transaction brings its own.
            for (name, time) in settings {
                own_settings.push_str(&format!("; SET LOCAL {name} = {}", time.as_millis()));
            }
        } else {
            let mut words = config.get_options().map(|given| format!("{given} ")).unwrap_or_default();
            for (name, time) in settings {
                words.push_str(&format!("-c {name}={} ", time.as_millis()));
            }
            config.options(words.trim_end());
        }
        Ok(Self {
            server: server(&config),
            config,
            trust,
            pool,
            pool_timeout,
            connect_timeout,
            answer_timeout: statement + lock + Duration::from_secs(5),
            behind_pgbouncer,
            begins: [
                format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY{own_settings}"),
                format!("BEGIN ISOLATION LEVEL READ COMMITTED{own_settings}"),
                format!("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off{own_settings}"),
            ],
        })
    }

    /// What begins a transaction.
    pub(super) fn begin(&self, begin: Begin) -> &str {
        &self.begins[match begin {
            Begin::Read => 0,
            Begin::Write => 1,
            Begin::WriteSoon => 2,
        }]
    }

    /// Connects; the connection is driven by the runtime that the future runs on.
    pub(super) async fn connect(&self) -> Result<Client, DriverError> {
        if let Trust::Nothing = self.trust {
            let (client, connection) = self.config.connect(NoTls).await?;
            tokio::spawn(connection);
            return Ok(client);
        }
        let (client, connection) = self.config.connect(tls::connector(&self.trust)?).await?;
        tokio::spawn(connection);
        Ok(client)
    }
}

fn server(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let database = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
    format!("{host}:{port}/{database}")
}

fn wrong(problem: impl Into<Argument>) -> StoreError {
    StoreError::new(StoreErrorKind::Address, message!("server-address", problem = problem))
}
