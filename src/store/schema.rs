//! The tables, as numbered migrations that run on every engine (dependencies: `crm::store` only).
//! Every table begins its key with the project, so that projects never meet and can be spread over machines.

use super::statements;
use super::{Batch, Rows, Statement, Store, StoreError, StoreErrorKind};
use crate::wording::message;

/// The schema version this program works with.
#[allow(clippy::cast_possible_wrap, reason = "there are a handful")]
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// What a driver may replace after a table's closing bracket to keep its rows in key order (`WITHOUT ROWID`).
pub const CLUSTERED: &str = "/* clustered */";

/// The steps from one version to the next; a released step is never changed.
const MIGRATIONS: &[&[Statement]] = &[FIRST, SECOND, THIRD, FOURTH, FIFTH];

/// Makes the tables, or brings older ones up to date; only reads when they are current.
///
/// # Errors
/// When the tables are of a newer version of this program, or the store fails; nothing is changed then.
pub fn upgrade(store: &dyn Store) -> Result<(), StoreError> {
    let mut question = Batch::new();
    question.add(&statements::SCHEMA_VERSION);
    // Fails where there is no such table; then, as in any doubt, the question is asked again by one who may write.
    if let Ok(mut results) = store.read(&question)
        && let Some(VERSION) = version(results.pop().unwrap_or_default())?
    {
        return Ok(());
    }
    let mut transaction = store.begin()?;
    let mut batch = Batch::new();
    batch.add(&statements::CREATE_SCHEMA_VERSION);
    batch.append(question);
    let found = version(transaction.run(&batch)?.pop().unwrap_or_default())?;
    let from = found.unwrap_or(0);
    if from == VERSION {
        return transaction.rollback();
    }
    if from > VERSION {
        return Err(newer(from));
    }
    let mut batch = Batch::new();
    for step in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        for statement in *step {
            batch.add(statement);
        }
    }
    match found {
        None => batch.add(&statements::INSERT_SCHEMA_VERSION),
        Some(_) => batch.add(&statements::UPDATE_SCHEMA_VERSION),
    };
    batch.int(VERSION);
    transaction.commit(&batch)
}

/// Checks that the tables are of this version, and changes nothing.
///
/// # Errors
/// When they are of another version, or the store fails.
pub fn check(store: &dyn Store) -> Result<(), StoreError> {
    let mut question = Batch::new();
    question.add(&statements::SCHEMA_VERSION);
    match version(store.read(&question)?.pop().unwrap_or_default())? {
        Some(VERSION) => Ok(()),
        Some(found) if found > VERSION => Err(newer(found)),
        found => {
            let found = found.unwrap_or(0);
            let message = message!("schema-older", found = found, needed = VERSION);
            Err(StoreError::new(StoreErrorKind::OlderSchema, message))
        }
    }
}

fn version(rows: Rows) -> Result<Option<i64>, StoreError> {
    if rows.is_empty() { Ok(None) } else { rows.reader().int().map(Some) }
}

fn newer(found: i64) -> StoreError {
    StoreError::new(StoreErrorKind::NewerSchema, message!("schema-newer", found = found, known = VERSION))
}

const fn step(sql: &'static str) -> Statement {
    Statement { name: "migration", sql, lock: None, guard: false }
}

const FIRST: &[Statement] = &[
    step(
        "CREATE TABLE calc_project (
            id BIGINT NOT NULL, name TEXT NOT NULL, time_zone TEXT NOT NULL, locale TEXT NOT NULL,
            auto_accept_leads SMALLINT NOT NULL, distribution_enabled SMALLINT NOT NULL,
            hours_from BIGINT, hours_to BIGINT, days_off BIGINT NOT NULL, window_minutes BIGINT,
            next_id BIGINT NOT NULL,
            PRIMARY KEY (id)) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_project_variable (
            project_id BIGINT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (project_id, name),
            FOREIGN KEY (project_id) REFERENCES calc_project (id) ON DELETE CASCADE) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_operator (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, email TEXT NOT NULL, email_key TEXT NOT NULL,
            name TEXT NOT NULL, status TEXT NOT NULL,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id) REFERENCES calc_project (id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE UNIQUE INDEX calc_operator_by_email ON calc_operator (project_id, email_key)"),
    step("CREATE INDEX calc_operator_by_status ON calc_operator (project_id, status)"),
    step(
        "CREATE TABLE calc_pipeline (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, position BIGINT NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id) REFERENCES calc_project (id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_pipeline_by_position ON calc_pipeline (project_id, position, id)"),
    step(
        "CREATE TABLE calc_stage (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, pipeline_id BIGINT NOT NULL,
            position BIGINT NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id, pipeline_id) REFERENCES calc_pipeline (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_stage_by_pipeline ON calc_stage (project_id, pipeline_id, position)"),
    step(
        "CREATE TABLE calc_client (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, platform_id TEXT, client_type BIGINT,
            phone TEXT, phone_key TEXT, email TEXT, email_key TEXT, tag TEXT, created_at BIGINT NOT NULL,
            last_message_at BIGINT, question TEXT, operator_id BIGINT, unread BIGINT NOT NULL,
            blocked SMALLINT NOT NULL, unsubscribed SMALLINT NOT NULL, queued SMALLINT NOT NULL, queued_until BIGINT,
            block_id BIGINT, main_client_id BIGINT, current_deal_id BIGINT, current_deal_chosen SMALLINT NOT NULL,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id) REFERENCES calc_project (id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_client_by_phone ON calc_client (project_id, phone_key) WHERE phone_key IS NOT NULL"),
    step("CREATE INDEX calc_client_by_email ON calc_client (project_id, email_key) WHERE email_key IS NOT NULL"),
    step("CREATE INDEX calc_client_by_main ON calc_client (project_id, main_client_id) WHERE main_client_id IS NOT NULL"),
    step("CREATE INDEX calc_client_queued ON calc_client (project_id, queued_until, id) WHERE queued = 1"),
    step(
        "CREATE TABLE calc_client_variable (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (project_id, client_id, name),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_draft_variable (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (project_id, client_id, name),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_deal (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, client_id BIGINT NOT NULL, name TEXT NOT NULL,
            description TEXT NOT NULL, budget TEXT NOT NULL, pipeline_id BIGINT, stage_id BIGINT, status TEXT NOT NULL,
            created_at BIGINT NOT NULL, closed_at BIGINT, operator_id BIGINT,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_deal_by_client ON calc_deal (project_id, client_id, status, created_at, id)"),
    step("CREATE INDEX calc_deal_by_stage ON calc_deal (project_id, stage_id, status) WHERE stage_id IS NOT NULL"),
    step(
        "CREATE TABLE calc_deal_variable (
            project_id BIGINT NOT NULL, deal_id BIGINT NOT NULL, name TEXT NOT NULL, client_id BIGINT NOT NULL,
            value_key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (project_id, deal_id, name),
            FOREIGN KEY (project_id, deal_id) REFERENCES calc_deal (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_deal_variable_by_value ON calc_deal_variable (project_id, client_id, name, value_key)"),
    step(
        "CREATE TABLE calc_task (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, client_id BIGINT NOT NULL, operator_id BIGINT,
            name TEXT NOT NULL, description TEXT NOT NULL, due_date TEXT NOT NULL, due_time BIGINT NOT NULL,
            done SMALLINT NOT NULL, done_at BIGINT,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_task_by_client ON calc_task (project_id, client_id)"),
    step(
        "CREATE TABLE calc_note (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, number BIGINT NOT NULL,
            body TEXT NOT NULL, author TEXT NOT NULL, written_at BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id, number),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_history (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, number BIGINT NOT NULL, direction TEXT NOT NULL,
            author TEXT NOT NULL, body TEXT NOT NULL, block_id BIGINT, delivered SMALLINT NOT NULL, error TEXT,
            pending SMALLINT NOT NULL, written_at BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id, number),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    // The outbox: a message is pending until its delivery is confirmed or has failed for good.
    step("CREATE INDEX calc_outbox ON calc_history (project_id, written_at, client_id, number) WHERE pending = 1"),
    step(
        "CREATE TABLE calc_visit (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, block_id BIGINT NOT NULL,
            first_at BIGINT NOT NULL, last_at BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id, block_id),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_scheduled (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, number BIGINT NOT NULL, block_id BIGINT, body TEXT,
            due_at BIGINT NOT NULL, do_not_cancel SMALLINT NOT NULL,
            PRIMARY KEY (project_id, client_id, number),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_assignment (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, number BIGINT NOT NULL,
            operator_id BIGINT NOT NULL, assigned_at BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id, number),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_assignment_by_operator ON calc_assignment (project_id, operator_id, assigned_at)"),
    step(
        "CREATE TABLE calc_event (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, event_id TEXT NOT NULL,
            outcome TEXT NOT NULL, happened_at BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id, event_id),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
];

const SECOND: &[Statement] = &[
    // Changes with the client and anything of it, so that a unit of work can tell whether what it read is still so.
    step("ALTER TABLE calc_client ADD COLUMN version BIGINT NOT NULL DEFAULT 0"),
    // Changes when another project is loaded in the place of this one.
    step("ALTER TABLE calc_project ADD COLUMN generation BIGINT NOT NULL DEFAULT 0"),
    // Clients with messages to deliver. Narrow and apart, because its rows change often: when a client may be claimed next,
    // by which claim it is held, how often its first message was tried.
    step(
        "CREATE TABLE calc_outgoing (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, due_at BIGINT NOT NULL, lease BIGINT NOT NULL,
            attempt BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_outgoing_due ON calc_outgoing (project_id, due_at, client_id)"),
    step("CREATE INDEX calc_pending ON calc_history (project_id, client_id, number) WHERE pending = 1"),
    step(
        "INSERT INTO calc_outgoing (project_id, client_id, due_at, lease, attempt)
            SELECT project_id, client_id, MIN(written_at), 0, 0 FROM calc_history WHERE pending = 1 GROUP BY project_id, client_id",
    ),
    // A scheduled message that is due is claimed by one, for a time.
    step("ALTER TABLE calc_scheduled ADD COLUMN lease BIGINT NOT NULL DEFAULT 0"),
    step("ALTER TABLE calc_scheduled ADD COLUMN claim_at BIGINT NOT NULL DEFAULT 0"),
    step("UPDATE calc_scheduled SET claim_at = due_at"),
    step("CREATE INDEX calc_scheduled_due ON calc_scheduled (project_id, claim_at, client_id, number)"),
];

const THIRD: &[Statement] = &[
    // Events that wait to be handled. Rows are added and deleted, and changed only when an event is refused.
    step(
        "CREATE TABLE calc_inbox (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, number BIGINT NOT NULL, event_id TEXT,
            block_id BIGINT NOT NULL, body TEXT, callback TEXT, happened_at BIGINT NOT NULL, error TEXT,
            PRIMARY KEY (project_id, client_id, number),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    // Clients with events that wait. Narrow and apart, because its rows change often: when a client may be claimed next and by
    // which claim it is held.
    step(
        "CREATE TABLE calc_incoming (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, due_at BIGINT NOT NULL, lease BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_incoming_due ON calc_incoming (project_id, due_at, client_id)"),
];

const FOURTH: &[Statement] = &[
    // Outcomes are long: in key order each of them would have a page of its own that is written anew with each block.
    step("ALTER TABLE calc_event RENAME TO calc_event_before"),
    step(
        "CREATE TABLE calc_event (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, event_id TEXT NOT NULL,
            outcome TEXT NOT NULL, happened_at BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id, event_id),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE)",
    ),
    step(
        "INSERT INTO calc_event (project_id, client_id, event_id, outcome, happened_at)
            SELECT project_id, client_id, event_id, outcome, happened_at FROM calc_event_before ORDER BY happened_at",
    ),
    step("DROP TABLE calc_event_before"),
    // Messages that wait are found by their client.
    step("DROP INDEX calc_outbox"),
];

const FIFTH: &[Statement] = &[
    // Which of the bot's accounts a client writes to, and until when the bot does nothing for it.
    step("ALTER TABLE calc_client ADD COLUMN bot_account TEXT"),
    step("ALTER TABLE calc_client ADD COLUMN paused_until BIGINT"),
    step(
        "CREATE INDEX calc_client_by_platform ON calc_client (project_id, platform_id, client_type, id)
            WHERE platform_id IS NOT NULL",
    ),
    // Lists and labels, each with its clients. What "the same name" means is decided in Rust, hence the key.
    step(
        "CREATE TABLE calc_list (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id) REFERENCES calc_project (id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_list_by_name ON calc_list (project_id, name_key, id)"),
    step(
        "CREATE TABLE calc_list_client (
            project_id BIGINT NOT NULL, list_id BIGINT NOT NULL, client_id BIGINT NOT NULL,
            PRIMARY KEY (project_id, list_id, client_id),
            FOREIGN KEY (project_id, list_id) REFERENCES calc_list (project_id, id) ON DELETE CASCADE,
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_lists_of_client ON calc_list_client (project_id, client_id, list_id)"),
    step(
        "CREATE TABLE calc_label (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, color BIGINT NOT NULL,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id) REFERENCES calc_project (id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE UNIQUE INDEX calc_label_by_name ON calc_label (project_id, name_key)"),
    step(
        "CREATE TABLE calc_label_client (
            project_id BIGINT NOT NULL, label_id BIGINT NOT NULL, client_id BIGINT NOT NULL,
            PRIMARY KEY (project_id, label_id, client_id),
            FOREIGN KEY (project_id, label_id) REFERENCES calc_label (project_id, id) ON DELETE CASCADE,
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_labels_of_client ON calc_label_client (project_id, client_id, label_id)"),
    // Tables of the project's own. `version` changes with records that somebody adds who has looked at all of them.
    step(
        "CREATE TABLE calc_table (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, next_record BIGINT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id) REFERENCES calc_project (id) ON DELETE CASCADE) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_column (
            project_id BIGINT NOT NULL, table_id BIGINT NOT NULL, name TEXT NOT NULL, position BIGINT NOT NULL,
            PRIMARY KEY (project_id, table_id, name),
            FOREIGN KEY (project_id, table_id) REFERENCES calc_table (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step(
        "CREATE TABLE calc_record (
            project_id BIGINT NOT NULL, table_id BIGINT NOT NULL, id BIGINT NOT NULL, version BIGINT NOT NULL,
            cells TEXT NOT NULL,
            PRIMARY KEY (project_id, table_id, id),
            FOREIGN KEY (project_id, table_id) REFERENCES calc_table (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("ALTER TABLE calc_operator ADD COLUMN description TEXT"),
    step("ALTER TABLE calc_operator ADD COLUMN contact_email TEXT"),
    step("ALTER TABLE calc_operator ADD COLUMN phone TEXT"),
    step("ALTER TABLE calc_operator ADD COLUMN job_title TEXT"),
    step("ALTER TABLE calc_operator ADD COLUMN custom_field1 TEXT"),
    step("ALTER TABLE calc_operator ADD COLUMN custom_field2 TEXT"),
    step("ALTER TABLE calc_operator ADD COLUMN custom_field3 TEXT"),
    // What the messenger calls a message, and whether it is to be deleted there.
    step("ALTER TABLE calc_history ADD COLUMN message_ids TEXT"),
    step("ALTER TABLE calc_history ADD COLUMN removed SMALLINT NOT NULL DEFAULT 0"),
    step(
        "CREATE TABLE calc_block (
            project_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY (project_id, id),
            FOREIGN KEY (project_id) REFERENCES calc_project (id) ON DELETE CASCADE) /* clustered */",
    ),
    // Work for the host. The client is the one whose block asked for it, which is locked then: its requests keep their order.
    step(
        "CREATE TABLE calc_request (
            project_id BIGINT NOT NULL, client_id BIGINT NOT NULL, number BIGINT NOT NULL, kind TEXT NOT NULL,
            target_id BIGINT NOT NULL, body TEXT, block_id BIGINT, message_ids TEXT, operators TEXT, priority BIGINT,
            asked_at BIGINT NOT NULL, claim_at BIGINT NOT NULL, lease BIGINT NOT NULL,
            PRIMARY KEY (project_id, client_id, number),
            FOREIGN KEY (project_id, client_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE,
            FOREIGN KEY (project_id, target_id) REFERENCES calc_client (project_id, id) ON DELETE CASCADE) /* clustered */",
    ),
    step("CREATE INDEX calc_request_in_order ON calc_request (project_id, number, client_id)"),
    step("CREATE INDEX calc_request_of_target ON calc_request (project_id, target_id)"),
    step("CREATE INDEX calc_request_claimed ON calc_request (project_id, claim_at, lease)"),
];
