//! Fills a database with a shop of many clients, each with three deals and a variable, for trials of size:
//! `cargo run --release --example fill -- URL CLIENTS`. The rows are made by the database itself, from one SQL text.

use std::time::Instant;

use calc::crm::{self, ProjectFile, StoreError};
use calc::store::{Batch, Durability, Statement, Store};
use calc::wording::Message;
use chrono::DateTime;

/// The first client's id. Client `n` has the id `FIRST + 4 * n`; the three ids that follow are its deals.
pub const FIRST: i64 = 1_000;
/// Clients that are written in one unit of work.
const AT_ONCE: i64 = 5_000;

const SHOP: &str = r#"{
  "project": {"id": 1, "name": "Shop", "time_zone": "Europe/Moscow", "locale": "en"},
  "operators": [{"email": "olga@example.com", "name": "Olga", "status": "on_shift"}],
  "pipelines": [{"id": 1, "name": "Sales", "stages": [{"id": 2, "name": "New"}, {"id": 3, "name": "Paid"}, {"id": 4, "name": "Done"}]}]
}"#;

const fn statement(name: &'static str, sql: &'static str) -> Statement {
    Statement { name, sql, lock: None, guard: false }
}

/// `$1` is the number of the first client and `$2` the one past the last. `1795341600000000` is 2026-11-22 10:00 UTC.
macro_rules! with_numbers {
    ($insert:literal, $select:literal) => {
        concat!(
            $insert,
            " WITH RECURSIVE number (n) AS (SELECT CAST($1 AS BIGINT) \
             UNION ALL SELECT n + 1 FROM number WHERE n + 1 < CAST($2 AS BIGINT)) ",
            $select
        )
    };
}

static CLIENTS: Statement = statement(
    "fill clients",
    with_numbers!(
        "INSERT INTO calc_client (project_id, id, name, phone, phone_key, created_at, unread, blocked, unsubscribed, queued, \
         current_deal_chosen)",
        "SELECT 1, 1000 + 4 * n, 'Client ' || n, '+7' || (9000000000 + n), '7' || (9000000000 + n), \
         1795341600000000 + n, 0, 0, 0, 0, 0 FROM number"
    ),
);

static VARIABLES: Statement = statement(
    "fill variables",
    with_numbers!(
        "INSERT INTO calc_client_variable (project_id, client_id, name, value)",
        "SELECT 1, 1000 + 4 * n, 'city', '\"City ' || n % 1000 || '\"' FROM number"
    ),
);

static DEALS: Statement = statement(
    "fill deals",
    with_numbers!(
        "INSERT INTO calc_deal (project_id, id, client_id, name, description, budget, pipeline_id, stage_id, status, created_at)",
        "SELECT 1, 1000 + 4 * n + deal.k, 1000 + 4 * n, 'Order ' || deal.k, '', '1500', 1, 1 + deal.k, 'active', \
         1795341600000000 + n + deal.k FROM number CROSS JOIN (SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3) AS deal"
    ),
);

static NEXT_ID: Statement = statement("next id", "UPDATE calc_project SET next_id = $1 WHERE id = 1");

/// Loads the shop into the database, in place of project 1, with so many clients; tells how many are there.
///
/// # Errors
/// When the store fails. What was written until then stays.
pub fn fill(store: &dyn Store, clients: i64, written: &mut dyn FnMut(i64)) -> Result<(), StoreError> {
    let shop = ProjectFile::parse(SHOP, DateTime::UNIX_EPOCH)
        .map_err(|error| StoreError::corrupt(Message::verbatim(format!("the shop cannot be read: {error}"))))?;
    crm::load(store, &shop)?;
    // Before the clients, so that a filled part never meets an id of a running host.
    let mut batch = Batch::new();
    batch.add(&NEXT_ID).int(FIRST + 4 * clients + 4);
    store.write(&batch, Durability::Soon)?;
    for first in (0..clients).step_by(usize::try_from(AT_ONCE).unwrap_or(1)) {
        let end = (first + AT_ONCE).min(clients);
        let mut batch = Batch::new();
        for statement in [&CLIENTS, &VARIABLES, &DEALS] {
            batch.add(statement).int(first).int(end);
        }
        store.write(&batch, if end == clients { Durability::OnDisk } else { Durability::Soon })?;
        written(end);
    }
    Ok(())
}

/// Opens the database of a URL and makes its tables.
///
/// # Errors
/// When the URL is neither `sqlite://…` nor `postgres://…`, or the store fails.
pub fn open(url: &str) -> Result<Box<dyn Store>, StoreError> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        return Ok(Box::new(calc::crm::SqliteStore::open(std::path::Path::new(path), true)?));
    }
    Ok(Box::new(calc::store::PostgresStore::open(url, true)?))
}

#[allow(dead_code, reason = "the bench of sizes uses the rest")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(clients)) = (arguments.next(), arguments.next().and_then(|text| text.parse::<i64>().ok())) else {
        eprintln!("usage: fill URL CLIENTS\n\nURL is sqlite://FILE or postgres://…; project 1 is replaced.");
        std::process::exit(2);
    };
    let begun = Instant::now();
    let style = indicatif::ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} clients, {eta} left");
    let bar = indicatif::ProgressBar::new(clients.unsigned_abs()).with_style(style.expect("a template"));
    let result = open(&url).and_then(|store| fill(&*store, clients, &mut |done| bar.set_position(done.unsigned_abs())));
    bar.finish_and_clear();
    if let Err(error) = result {
        eprintln!("error: {error}");
        std::process::exit(3);
    }
    println!("{clients} clients with {} deals in {:.1} s", 3 * clients, begun.elapsed().as_secs_f64());
}
