//! The `PostgreSQL` driver: a pool of connections, each transaction on one of them, each batch in one round trip.
//! The only folder that knows `tokio_postgres`; knows no table. May be used and dropped inside and outside of a tokio
//! runtime; waiting blocks the calling thread, so an asynchronous host calls it where blocking is allowed.

mod connection;
mod failure;
mod options;
mod tls;
mod value;

use std::sync::Arc;

use r2d2::{ManageConnection, Pool, PooledConnection};

use self::connection::{Begin, Connection, Envelope};
use self::options::ConnectionOptions;
use super::schema;
use super::statements;
use super::{Batch, Durability, IdPool, Rows, Store, StoreError, StoreErrorKind, Transaction};
use crate::wording::message;

/// How often the tables are tried to be brought up to date while another process does the same.
const UPGRADES: u32 = 5;

/// A `PostgreSQL` database. Copies share their connections.
#[derive(Clone)]
pub struct PostgresStore(Connections);

/// The connections of a store, shared by its transactions.
#[derive(Clone)]
struct Connections {
    options: Arc<ConnectionOptions>,
    pool: Pool<Manager>,
    ids: Arc<IdPool>,
}

impl PostgresStore {
    /// Opens the database of a URL such as `postgres://user:password@host:5432/shop?sslmode=verify-full`. The options of
    /// libpq hold, and besides `pool` (how many connections, 16), `pool_timeout`, `connect_timeout`, `lock_timeout`,
    /// `statement_timeout` and `idle_timeout` (seconds) and `pgbouncer=true` for a pooler that works by transaction.
    /// With `create` the tables are made or brought up to date; without it they must be there.
    ///
    /// # Errors
    /// When the URL is wrong, the server cannot be used, or a newer version of this program made the tables.
    pub fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        let options = Arc::new(ConnectionOptions::parse(url)?);
        // The pool would try for a long time, and in silence; the first connection says at once what is wrong.
        drop(Connection::open(&options)?);
        let pool = Pool::builder()
            .max_size(options.pool)
            .min_idle(Some(0))
            .connection_timeout(options.pool_timeout)
            .test_on_check_out(false)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build_unchecked(Manager(Arc::clone(&options)));
        let store = Self(Connections { options, pool, ids: Arc::default() });
        store.prepare(create)?;
        Ok(store)
    }

    /// Makes the tables or brings them up to date; two processes may try at once.
    fn prepare(&self, create: bool) -> Result<(), StoreError> {
        let mut tries = 0;
        loop {
            match self.version() {
                Ok(Some(version)) if version == schema::VERSION => return Ok(()),
                Err(error) if error.kind() != StoreErrorKind::Missing || !create => return Err(error),
                _ => {}
            }
            tries += 1;
            match schema::upgrade(self) {
                // The other process made what this one wanted to make.
                Err(error) if tries < UPGRADES && error.kind() != StoreErrorKind::NewerSchema => {}
                result => return result,
            }
        }
    }

    fn version(&self) -> Result<Option<i64>, StoreError> {
        let mut batch = Batch::new();
        batch.add(&statements::SCHEMA_VERSION);
        let rows = self.read(&batch)?.pop().unwrap_or_default();
        if rows.is_empty() { Ok(None) } else { rows.reader().int().map(Some) }
    }
}

impl Connections {
    /// Leaves no open transaction on a connection that goes back.
    fn settle<T>(connection: &mut Connection, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if result.is_err() && !connection.is_broken() {
            let _ = connection.rollback();
        }
        result
    }

    fn take(&self) -> Result<PooledConnection<Manager>, StoreError> {
        loop {
            let mut connection = self.pool.get().map_err(|error| {
                let message = message!("no-free-connection", server = &self.options.server, error = error.to_string());
                StoreError::new(StoreErrorKind::Unavailable, message)
            })?;
            // One that the server closed while it lay idle goes back to the pool, which drops it.
            if !connection.notice_closing() {
                return Ok(connection);
            }
        }
    }
}

/// Makes connections for the pool.
struct Manager(Arc<ConnectionOptions>);

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = StoreError;

    fn connect(&self) -> Result<Connection, StoreError> {
        Connection::open(&self.0)
    }

    fn is_valid(&self, _: &mut Connection) -> Result<(), StoreError> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        connection.is_broken()
    }
}

impl Store for PostgresStore {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        let frame = Envelope { begins: Some(Begin::Read), commits: true };
        let mut connection = self.0.take()?;
        let result = connection.send(batch, frame);
        if result.is_err() && connection.is_broken() {
            // A server that was restarted, most likely; asking again changes nothing.
            return self.0.take()?.send(batch, frame);
        }
        Connections::settle(&mut connection, result)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        if batch.is_empty() {
            // The server shows others a commit only when it is on the disk.
            return Ok(Vec::new());
        }
        let begin = match durability {
            Durability::OnDisk => Begin::Write,
            Durability::Soon => Begin::WriteSoon,
        };
        let mut connection = self.0.take()?;
        let result = connection.send(batch, Envelope { begins: Some(begin), commits: true });
        Connections::settle(&mut connection, result)
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(Box::new(PostgresTransaction { connection: self.0.take()?, connections: self.0.clone(), state: TransactionState::Fresh }))
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn ids(&self) -> &IdPool {
        &self.0.ids
    }
}

struct PostgresTransaction {
    connection: PooledConnection<Manager>,
    connections: Connections,
    state: TransactionState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TransactionState {
    /// Nothing was sent yet; the transaction begins with the first batch.
    Fresh,
    Open,
    Ended,
}

impl PostgresTransaction {
    fn send(&mut self, batch: &Batch<'_>, commits: bool) -> Result<Vec<Rows>, StoreError> {
        let begins = (self.state == TransactionState::Fresh).then_some(Begin::Write);
        self.state = TransactionState::Open;
        let mut result = self.connection.send(batch, Envelope { begins, commits });
        if begins.is_some() && !commits && result.is_err() && self.connection.is_broken() {
            // The connection was lost before anything could come of it: a server that was restarted, most likely.
            self.connection = self.connections.take()?;
            result = self.connection.send(batch, Envelope { begins, commits });
        }
        if commits && result.is_ok() {
            self.state = TransactionState::Ended;
        }
        result
    }
}

impl Transaction for PostgresTransaction {
    fn run(&mut self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.send(batch, false)
    }

    fn commit(mut self: Box<Self>, last: &Batch<'_>) -> Result<(), StoreError> {
        if self.state == TransactionState::Fresh && last.is_empty() {
            return Ok(());
        }
        self.send(last, true).map(drop)
    }

    fn rollback(mut self: Box<Self>) -> Result<(), StoreError> {
        if self.state != TransactionState::Open {
            return Ok(());
        }
        self.state = TransactionState::Ended;
        self.connection.rollback()
    }
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        // When that fails, the connection is not used again, and the server takes the transaction back by itself.
        if self.state == TransactionState::Open && !self.connection.is_broken() {
            let _ = self.connection.rollback();
        }
    }
}
